"""The illustrative network is invented, says so on every node, and holds what pages have to cope with."""

from __future__ import annotations

import math
from collections import Counter
from datetime import date, timedelta

import pytest

from graph.catalogue import Entry, entry_quads
from graph.merge import apply_delta
from graph.oxigraph import OxigraphStore
from graph.quads import Delta, Quad, Term, iri, is_iri, literal_parts, text_of
from graph.settle import Document, Proposal
from ontology import demo
from ontology.areas import AREA
from ontology.demo import demo_graphs, dependent_quads, is_demo_graph, unflagged_nodes
from ontology.library import query
from ontology.packaged import BASE, packaged_graphs
from ontology.terms import DCTERMS, GEO, MA, ORG, RDF, SCHEMA, SKOS, SKOSXL
from samples import NAMES

TODAY = date(2026, 11, 23)


@pytest.fixture(scope="module")
def network() -> OxigraphStore:
    """The illustrative graphs alone, merged as an instance merges them."""
    store = OxigraphStore()
    quads: set[Quad] = set()
    for graph in demo_graphs():
        quads |= set(store.read(graph.content(), graph.media_type, graph=graph.iri))
        quads |= set(entry_quads(Entry.of_packaged(graph), NAMES))
    apply_delta(store, Delta(frozenset(quads)), NAMES.catalogue)
    return store


@pytest.fixture(scope="module")
def stated(network: OxigraphStore) -> list[Quad]:
    """What the illustrative graphs state, without the catalogue."""
    return [quad for graph in demo_graphs() for quad in network.match(graph=iri(graph.iri))]


@pytest.fixture(scope="module")
def meaning() -> list[Quad]:
    """What gives meaning to the network: ontology, vocabularies and the divisions of China."""
    store = OxigraphStore()
    graphs = [graph for graph in packaged_graphs() if graph.kind in ("ontology", "vocabulary", "reference")]
    return [quad for graph in graphs for quad in store.read(graph.content(), graph.media_type)]


def values(quads: list[Quad], property_: str) -> dict[Term, Term]:
    return {quad.subject: quad.object for quad in quads if quad.predicate == iri(property_)}


def typed(quads: list[Quad], class_: str) -> set[Term]:
    return {quad.subject for quad in quads if (quad.predicate, quad.object) == (iri(RDF.type), iri(class_))}


def test_every_node_is_flagged(stated: list[Quad]) -> None:
    assert len(stated) > 6000
    assert unflagged_nodes(stated) == set()


def test_a_node_without_the_flag_is_noticed(stated: list[Quad]) -> None:
    flag = next(quad for quad in stated if quad.predicate == iri(MA.illustrative))
    assert unflagged_nodes(quad for quad in stated if quad != flag) == {flag.subject}


def test_the_checks_find_neither_violations_nor_warnings(repository) -> None:
    graphs = demo_graphs()
    found = repository.engine.draft(
        Proposal(
            tuple(Document(graph.content(), graph.media_type, graph.iri) for graph in graphs),
            added=frozenset(
                quad for graph in graphs for quad in entry_quads(Entry.of_packaged(graph), NAMES)
            ),
            own=True,
        )
    )
    counted = Counter(finding.severity for finding in found.findings)
    assert (counted["violation"], counted["warning"]) == (0, 0)
    assert counted["info"] >= 30  # the gaps that real records have, too


def test_every_label_has_chinese_and_english(stated: list[Quad]) -> None:
    for property_ in (SKOS.prefLabel, DCTERMS.title):
        languages: dict[Term, list[str]] = {}
        for quad in stated:
            if quad.predicate == iri(property_):
                languages.setdefault(quad.subject, []).append(literal_parts(quad.object)[1])
        assert languages
        assert {tuple(sorted(found)) for found in languages.values()} == {("en", "zh")}


def test_no_name_can_be_taken_for_a_real_one(stated: list[Quad]) -> None:
    for quad in stated:
        if quad.predicate in (iri(SKOS.prefLabel), iri(DCTERMS.title)):
            text, language, _ = literal_parts(quad.object)
            assert text.startswith("示例" if language == "zh" else "Example "), text
        if quad.subject.startswith(f"<{BASE}id/"):
            assert quad.subject.rpartition("/")[2].startswith("EX-")


def test_nothing_is_said_of_anything_real_but_where_an_invented_unit_is(
    stated: list[Quad], meaning: list[Quad]
) -> None:
    known = {quad.subject for quad in meaning}
    invented = {quad.subject for quad in stated}
    outside = {quad.object for quad in stated if is_iri(quad.object)} - invented
    assert {term for term in outside if not term.startswith("<http://qudt.org/vocab/unit/")} <= known
    things = {term for term in outside if term.startswith(f"<{BASE}id/")}
    assert {term for term in things if not term.startswith(f"<{AREA}")} == set()
    assert invented & known == set()


def test_thirty_hospitals_lie_inside_real_counties(stated: list[Quad], meaning: list[Quad]) -> None:
    hospitals = typed(stated, SCHEMA.Hospital)
    assert len(hospitals) == 30
    places = values(stated, SCHEMA.location)
    levels = values(meaning, MA.areaLevel)
    for predicate in (GEO.lat, GEO.long):
        own, points = values(stated, predicate), values(meaning, predicate)
        for hospital in hospitals:
            assert levels[places[hospital]].endswith("/county>")
            distance = float(text_of(own[hospital])) - float(text_of(points[places[hospital]]))
            assert abs(distance) < 0.05


def test_the_register_of_places_gives_the_same_coordinates(stated: list[Quad]) -> None:
    units = values(stated, MA.appliesTo)
    for stated_as, own in ((MA.latitudeStated, GEO.lat), (MA.longitudeStated, GEO.long)):
        coordinates = values(stated, own)
        places = values(stated, stated_as)
        assert {units[place]: value for place, value in places.items()} == coordinates


def test_no_road_is_shorter_than_the_straight_line(stated: list[Quad]) -> None:
    hospital, roads = values(stated, ORG.unitOf), values(stated, MA.roadKilometres)
    ends = [values(stated, MA.refersFrom), values(stated, MA.refersTo)]
    points = [values(stated, GEO.lat), values(stated, GEO.long)]
    assert roads
    for referral, road in roads.items():
        one, other = (tuple(float(text_of(axis[hospital[end[referral]]])) for axis in points) for end in ends)
        narrowing = math.cos(math.radians(one[0]))
        straight = 111 * math.hypot(one[0] - other[0], (one[1] - other[1]) * narrowing)
        assert straight < float(text_of(road)) < 2 * straight + 5


def test_two_sources_disagree_on_beds_and_a_ward(network: OxigraphStore) -> None:
    rows = network.select(query("disagreements").text)
    counted = Counter(text_of(row["property"]).rpartition("/")[2].rpartition("#")[2] for row in rows)
    assert counted == {"beds-open": 5, "beds-nicu": 1, "assignedWardLevel": 1}


def test_memberships_begin_with_every_precision_and_have_every_fate(stated: list[Quad]) -> None:
    memberships = typed(stated, MA.AllianceMembership)
    starts = values(stated, MA.startStated)
    assert {len(text_of(starts[one])) if one in starts else 0 for one in memberships} == {0, 4, 7, 10}
    statuses = values(stated, MA.status)
    assert {text_of(statuses[one]).rpartition("/")[2] for one in memberships} == {
        "active",
        "ended",
        "left",
        "pending",
        "suspended",
        "under-review",
    }


def test_a_member_became_a_council_member(stated: list[Quad]) -> None:
    members, roles = values(stated, ORG.member), values(stated, ORG.role)
    held: dict[Term, set[str]] = {}
    for membership, member in members.items():
        held.setdefault(member, set()).add(text_of(roles[membership]).rpartition("/")[2])
    assert {"member", "council"} in held.values()


@pytest.mark.parametrize("class_", [MA.Agreement, MA.Designation, MA.AllianceMembership])
def test_some_end_within_ninety_days(stated: list[Quad], class_: str) -> None:
    ends = values(stated, MA.endStated)
    texts = [text_of(ends[one]) for one in typed(stated, class_) if one in ends]
    days = [date.fromisoformat(text) for text in texts if len(text) == 10]
    assert [day for day in days if TODAY <= day <= TODAY + timedelta(days=90)]
    assert [day for day in days if day < TODAY]


def test_intakes_are_closed_open_and_unknown(stated: list[Quad]) -> None:
    intakes, deadlines = typed(stated, MA.ProgrammeIntake), values(stated, SCHEMA.applicationDeadline)
    known = {text_of(deadlines[one]) for one in intakes if one in deadlines}
    assert intakes - set(deadlines)
    assert [text for text in known if text < TODAY.isoformat()]
    assert [text for text in known if text > TODAY.isoformat()]


def test_a_merged_unit_has_a_successor_and_a_unit_has_a_former_name(stated: list[Quad]) -> None:
    replaced, replaces = values(stated, DCTERMS.isReplacedBy), values(stated, DCTERMS.replaces)
    assert replaced == {old: new for new, old in replaces.items()}
    statuses = values(stated, MA.status)
    assert [text_of(statuses[old]).rpartition("/")[2] for old in replaced] == ["merged"]
    assert {text_of(kind).rpartition("/")[2] for kind in values(stated, MA.kind).values()} >= {
        "former",
        "short",
    }
    assert set(values(stated, SKOSXL.literalForm)) <= set(values(stated, MA.appliesTo))


def test_small_counts_are_withheld(stated: list[Quad]) -> None:
    withheld, counted = values(stated, MA.suppressed), values(stated, MA.annualCases)
    assert withheld
    assert withheld.keys().isdisjoint(counted)
    assert min(int(text_of(count)) for count in counted.values()) >= 5


def test_no_number_can_be_dialled_and_nobody_is_named(stated: list[Quad]) -> None:
    lines = values(stated, MA.officeLine).values()
    assert lines
    assert {text_of(line)[:9] for line in lines} == {"000-0000-"}
    assert {quad.predicate for quad in stated}.isdisjoint(
        {iri(SCHEMA.name), iri(MA.personalPhone), iri(SCHEMA.email)}
    )


def test_a_graph_is_known_by_its_name() -> None:
    graphs = demo_graphs()
    assert [graph.iri.rpartition("/")[0] for graph in graphs] == [graph.document for graph in graphs]
    assert all(is_demo_graph(graph.iri) and NAMES.is_protected(iri(graph.iri)) for graph in graphs)
    assert not any(is_demo_graph(graph.iri) for graph in packaged_graphs())


def test_what_others_say_about_an_invented_unit_depends_on_the_network(network: OxigraphStore) -> None:
    unit = iri(f"{BASE}id/org/EX-001")
    about, beside = (
        Quad(subject, iri(SKOS.note), '"x"@zh', NAMES.local) for subject in (unit, iri(f"{BASE}id/org/fhjlu"))
    )
    to = Quad(iri("http://example.org/a"), iri(ORG.member), unit, NAMES.local)
    derived = about._replace(graph=NAMES.derived)
    found = dependent_quads([*network.match(), about, beside, to, derived], {NAMES.derived, NAMES.catalogue})
    assert set(found) == {about, to}


def test_line_ends_of_a_checkout_change_nothing(tmp_path, monkeypatch) -> None:
    before = [graph.content() for graph in demo_graphs()]
    for table in demo.TABLES.rglob("*.csv"):
        copy = tmp_path / table.relative_to(demo.TABLES)
        copy.parent.mkdir(exist_ok=True)
        copy.write_bytes(table.read_bytes().replace(b"\n", b"\r\n"))
    monkeypatch.setattr(demo, "TABLES", tmp_path)
    monkeypatch.setattr(demo, "_content", demo._content.__wrapped__)
    assert [graph.content() for graph in demo_graphs()] == before
