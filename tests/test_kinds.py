"""The table of kinds is complete in both languages, legible, and knows the words of the ontology."""

from __future__ import annotations

import pytest

from ontology.kinds import FILE, OTHER, SHAPES, Kinds, kinds, read_kinds
from ontology.library import query
from ontology.terms import MA, ORG, SCHEMA

TEXT = FILE.read_text(encoding="utf-8")
ROLE = "https://w3id.org/medalliance/vocab/membership-role/member"


@pytest.fixture(scope="module")
def table() -> Kinds:
    return kinds()


def luminance(colour: str) -> float:
    channels = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return sum(weight * value for weight, value in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(one: str, other: str) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def test_colours_are_legible_on_light_and_on_dark_paper(table: Kinds) -> None:
    colours = {kind.colour for kind in (*table.nodes, *table.relations)}
    assert not [colour for colour in colours if contrast(colour, "#ffffff") < 4.5]
    assert not [colour for colour in colours if contrast(colour, "#15181c") < 3]


def test_kinds_of_things_differ_in_colour_and_in_shape(table: Kinds) -> None:
    assert len({kind.colour for kind in table.nodes}) == len(table.nodes)
    assert len({kind.shape for kind in table.nodes}) == len(table.nodes)


def test_the_order_is_that_of_the_file(table: Kinds) -> None:
    assert [kind.order for kind in table.nodes] == list(range(len(table.nodes)))
    assert table.nodes[0].name == "alliance"
    assert table.nodes[-1].name == table.relations[-1].name == OTHER


def test_the_most_telling_class_decides(table: Kinds) -> None:
    assert table.node_of([ORG.FormalOrganization, SCHEMA.Hospital]).name == "hospital"
    assert table.node_of([ORG.FormalOrganization]).name == "organization"
    assert table.node_of([MA.ClinicalDepartment, ORG.Organization]).name == "department"
    assert table.node_of(["http://example.org/Unheard"]).name == OTHER
    assert table.node_of([]).name == OTHER


def test_a_concept_is_a_relation_of_its_vocabulary(table: Kinds) -> None:
    assert table.relation_of(ROLE).name == "membership"
    assert table.relation_of(MA.holdsDesignation).name == "designation"
    assert table.relation_of("http://example.org/unheard").name == OTHER


def test_each_relation_of_the_edge_query_has_a_kind(table: Kinds) -> None:
    text = query("graph-edges").text
    written = {
        MA.AllianceMembership, MA.holdsDesignation, MA.TrainingProgramme, MA.ServiceCoverage, MA.Cooperation,
        MA.baseDesignation, MA.rotationSite, MA.ledBy, MA.partner, MA.initiatedBy, ORG.unitOf,
        ORG.subOrganizationOf, SCHEMA.location, SCHEMA.containedInPlace,
    }  # fmt: skip
    local = {iri.replace("#", "/").rpartition("/")[2] for iri in written}
    assert not [name for name in local if f":{name}" not in text]
    assert OTHER not in {table.relation_of(iri).name for iri in written}


def test_a_name_that_the_table_does_not_hold_is_an_error(table: Kinds) -> None:
    with pytest.raises(KeyError):
        table.node("unheard")
    with pytest.raises(KeyError):
        table.relation("unheard")


@pytest.mark.parametrize(
    ("right", "wrong", "complaint"),
    [
        ('label = { zh = "联盟", en = "Alliance" }', 'label = { en = "Alliance" }', "no label in zh"),
        ('inverse = { zh = "持有单位", en = "held by" }', 'inverse = { zh = "持有单位", en = "" }', "in en"),
        ('colour = "#c2456f"', 'colour = "red; } body { display: none"', "no colour"),
        ('shape = "star"', 'shape = "image"', "unknown shape"),
    ],
)
def test_a_row_that_cannot_be_drawn_is_refused(right: str, wrong: str, complaint: str) -> None:
    assert right in TEXT
    with pytest.raises(ValueError, match=complaint):
        read_kinds(TEXT.replace(right, wrong))


def test_every_shape_that_can_be_drawn_is_in_use(table: Kinds) -> None:
    assert {kind.shape for kind in table.nodes} == set(SHAPES)
