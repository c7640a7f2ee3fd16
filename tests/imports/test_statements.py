"""Rows become statements: public ones that pass the checks, the others apart, the same names for the same file."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from import_rows import (
    ALLIANCE,
    BASE,
    SOURCE,
    TABLE,
    VOCABULARY,
    area,
    concept,
    day,
    instance,
    known,
    meant,
    phone,
    row,
    said,
)

from graph.identity import Identities
from graph.imports.records import Named, Otherwise, Text
from graph.imports.resolution import Mention, Place, Resolution
from graph.imports.statements import Stated, stated
from graph.journal import Journal
from graph.quads import Quad, iri, literal, text_of
from ontology.terms import MA, ORG, PROV, RDF, SCHEMA, SKOS, SKOSXL, SOSA
from ontology.workbook import workbook
from samples import HOSTILE

FULL = row(
    3,
    name_zh="示例第一医院",
    grade=concept("hospital-grade/3a"),
    place=area(),
    role=concept("membership-role/member"),
    start=day("2021-03"),
    department="新生儿科",
    beds=30,
    beds_nicu=8,
    head="负责人甲",
    contact="联系人甲",
    phone=(phone("0431-80000000"), phone("13800000000", is_mobile=True)),
    note="备注一",
)


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    made = Journal(tmp_path / "journal.sqlite")
    yield made
    made.close()


def of_class(made: Stated, name: str) -> list[str]:
    return [
        quad.subject for quad in made.quads if (quad.predicate, quad.object) == (iri(RDF.type), iri(name))
    ]


def value(made: Stated, node: str, property_: str) -> str:
    (found,) = {
        quad.object for quad in made.quads if (quad.subject, quad.predicate) == (node, iri(property_))
    }
    return found


def hidden(made: Stated) -> dict[str, set[str]]:
    """Return what is not public: property to values."""
    found: dict[str, set[str]] = {}
    for one in made.restricted:
        for quad in one.quads:
            found.setdefault(text_of(quad.predicate), set()).add(text_of(quad.object))
    return found


def test_a_row_of_a_member_list_states_its_unit_and_what_belongs_to_it(journal: Journal) -> None:
    made = said([FULL], journal=journal)
    (unit,) = of_class(made, ORG.FormalOrganization)
    (department,) = of_class(made, MA.ClinicalDepartment)
    (membership,) = of_class(made, MA.AllianceMembership)
    assert value(made, unit, SKOS.prefLabel) == '"示例第一医院"@zh'
    assert value(made, department, ORG.unitOf) == unit
    assert value(made, membership, ORG.member) == unit
    assert value(made, membership, ORG.organization) == iri(ALLIANCE)
    assert value(made, membership, MA.startStated) == literal(
        "2021-03", datatype="http://www.w3.org/2001/XMLSchema#gYearMonth"
    )
    figures = {value(made, one, SOSA.observedProperty): one for one in of_class(made, MA.Statistic)}
    assert {text_of(value(made, one, SOSA.hasSimpleResult)) for one in figures.values()} == {"30", "8"}
    assert {value(made, one, SOSA.hasFeatureOfInterest) for one in figures.values()} == {department}
    (grade,) = of_class(made, MA.GradeAssignment)
    assert value(made, grade, MA.assignedGrade) == iri(f"{VOCABULARY}hospital-grade/3a")
    assert {quad.graph for quad in made.quads} == {iri(SOURCE.graph)}


def test_every_node_says_from_which_row_it_is(journal: Journal) -> None:
    made = said([FULL], journal=journal)
    position = f"<{SOURCE.graph}#s1r3>"
    nodes = {quad.subject for quad in made.quads}
    assert {
        q.subject for q in made.quads if (q.predicate, q.object) == (iri(PROV.wasDerivedFrom), position)
    } == nodes
    assert {made.rows[node] for node in nodes} == {(TABLE, 3)}
    assert len(made.quads) == len(set(made.quads))


def test_contacts_and_remarks_are_not_public(journal: Journal) -> None:
    made = said([FULL], journal=journal)
    public = {text_of(quad.object) for quad in made.quads}
    assert public.isdisjoint({"负责人甲", "联系人甲", "0431-80000000", "13800000000", "备注一"})
    found = hidden(made)
    assert found[SCHEMA.name] == {"负责人甲", "联系人甲"}
    assert found[MA.officeLine] == {"0431-80000000"}
    assert found[MA.personalPhone] == {"13800000000"}
    assert found[SKOS.note] == {"备注一"}
    (unit,) = of_class(made, ORG.FormalOrganization)
    (department,) = of_class(made, MA.ClinicalDepartment)
    assert {one.about for one in made.restricted} == {unit, department}
    assert {one.visibility for one in made.restricted} == {"internal"}
    note = next(one for one in made.restricted if one.node == unit)
    assert {text_of(quad.object) for quad in note.quads} == {"备注一"}


def test_the_name_of_a_contact_tells_nothing_about_the_person(journal: Journal) -> None:
    names = [
        {
            one.node
            for one in said(
                [replace(FULL, values={**FULL.values, "contact": (Text(who),)})], journal=journal
            ).restricted
        }
        for who in ("联系人甲", "联系人乙")
    ]
    assert names[0] == names[1]


def test_an_import_may_show_a_column_to_fewer(journal: Journal) -> None:
    made = said([FULL], journal=journal, stricter={TABLE: {"beds": "alliance", "role": "internal"}})
    assert len(of_class(made, MA.Statistic)) == 1
    (membership,) = of_class(made, MA.AllianceMembership)
    assert not [q for q in made.quads if (q.subject, q.predicate) == (membership, iri(ORG.role))]
    levels = {(one.node == membership, one.visibility) for one in made.restricted}
    assert {(True, "internal"), (False, "alliance")} <= levels
    assert "30" in hidden(made)[SOSA.hasSimpleResult]


def test_a_name_cannot_be_hidden_because_nothing_could_be_said_without_it(journal: Journal) -> None:
    made = said([FULL], journal=journal, stricter={TABLE: {"name_zh": "internal"}})
    assert '"示例第一医院"@zh' in {quad.object for quad in made.quads}


def test_a_member_without_a_role_is_a_member_in_an_unknown_role(journal: Journal) -> None:
    made = said([row(3, name_zh="示例第二医院")], journal=journal)
    (membership,) = of_class(made, MA.AllianceMembership)
    assert iri(ORG.role) not in {quad.predicate for quad in made.quads if quad.subject == membership}


def test_without_an_alliance_there_is_no_membership_and_the_cells_are_named(journal: Journal) -> None:
    made = said([FULL], source=replace(SOURCE, alliance=""), journal=journal)
    assert not of_class(made, MA.AllianceMembership)
    assert {(one.row, one.column, one.reason) for one in made.left_out} == {
        (3, "role", "no-alliance"),
        (3, "start", "no-alliance"),
    }


def test_figures_of_a_row_without_a_department_belong_to_the_hospital(journal: Journal) -> None:
    made = said([row(3, name_zh="示例第二医院", beds=12, head="负责人乙")], journal=journal)
    (figure,), (unit,) = of_class(made, MA.Statistic), of_class(made, ORG.FormalOrganization)
    assert value(made, figure, SOSA.hasFeatureOfInterest) == unit
    assert {one.about for one in made.restricted} == {unit}


def test_a_row_that_waits_for_a_decision_is_not_stated(journal: Journal) -> None:
    (waiting,) = meant(FULL)
    made = said([FULL], [replace(waiting, how="candidates", is_new=False, kept_back=True)], journal=journal)
    assert (len(made.quads), made.restricted, made.rows) == (0, (), {})
    assert [(one.row, one.reason) for one in made.left_out] == [(3, "kept-back")]


def test_a_known_unit_by_another_name_keeps_its_name_and_gets_another(journal: Journal) -> None:
    unit = f"{BASE}id/org/known"
    (found,) = meant(row(3, name_zh="示例一院"))
    made = said(
        [row(3, name_zh="示例一院")],
        [known(found, unit)],
        journal=journal,
        held={unit: {"zh": "示例第一医院"}},
    )
    assert iri(SKOS.prefLabel) not in {quad.predicate for quad in made.quads}
    (variant,) = of_class(made, MA.NameVariant)
    assert value(made, variant, MA.appliesTo) == iri(unit)
    assert value(made, variant, SKOSXL.literalForm) == '"示例一院"@zh'
    assert value(made, variant, MA.kind) == iri(f"{VOCABULARY}name-kind/short")
    same = said(
        [row(3, name_zh="示例第一医院")],
        [known(found, unit)],
        journal=journal,
        held={unit: {"zh": "示例第一医院"}},
    )
    assert value(same, iri(unit), SKOS.prefLabel) == '"示例第一医院"@zh'


def test_two_rows_of_one_unit_give_it_one_name(journal: Journal) -> None:
    rows = [row(3, name_zh="示例一院"), row(4, name_zh="示例第一医院")]
    mention = Mention(
        "organization|x|",
        "organization",
        "示例第一医院",
        places=tuple(Place(TABLE, n, "name_zh") for n in (3, 4)),
        defining=True,
    )
    for order in (rows, rows[::-1]):
        made = said(order, [Resolution(mention, "new", is_new=True)], journal=journal)
        (unit,) = set(of_class(made, ORG.FormalOrganization))
        assert value(made, unit, SKOS.prefLabel) == '"示例第一医院"@zh'
        assert len(of_class(made, MA.NameVariant)) == 1
        assert len(of_class(made, MA.AllianceMembership)) == 1


def test_memberships_of_one_unit_one_after_the_other_are_two(journal: Journal) -> None:
    rows = [
        row(3, name_zh="示例第一医院", start=day("2015")),
        row(4, name_zh="示例第一医院", start=day("2021")),
    ]
    made = [said(order, journal=journal) for order in (rows, rows[::-1])]
    assert len(of_class(made[0], MA.AllianceMembership)) == 2
    assert frozenset(made[0].quads) == frozenset(made[1].quads)


def test_what_no_concept_fits_is_a_note_of_the_unit_that_names_its_column(journal: Journal) -> None:
    record = row(
        3,
        "institutions",
        name_zh="示例第一医院",
        parent=Named("某某集团", "organization"),
        admin_code=Otherwise("某地"),
    )
    made = said([record], journal=journal)
    (unit,) = of_class(made, ORG.FormalOrganization)
    notes = {text_of(q.object) for q in made.quads if (q.subject, q.predicate) == (unit, iri(SKOS.note))}
    assert notes == {"上级/隶属单位：某某集团", "行政区划代码：某地"}
    assert not of_class(made, MA.ParentAssignment)


def test_coordinates_are_kept_as_stated_and_converted(journal: Journal) -> None:
    record = row(3, "institutions", name_zh="示例第一医院", lng=125, lat=43)
    made = said([record], source=replace(SOURCE, crs="gcj02"), journal=journal)
    (place,) = of_class(made, MA.PlaceAssignment)
    assert text_of(value(made, place, MA.longitudeStated)) == "125"
    assert value(made, place, MA.crs) == iri(f"{VOCABULARY}crs/gcj02")
    east = float(text_of(value(made, place, "http://www.w3.org/2003/01/geo/wgs84_pos#long")))
    assert 0.001 < 125 - east < 0.01


def test_a_date_of_figures_that_are_not_there_is_named(journal: Journal) -> None:
    owner = Resolution(
        Mention("organization|a|", "organization", "示例第一医院", places=(Place(TABLE, 3, "local_id"),)),
        "new",
        is_new=True,
    )
    record = row(
        3,
        "departments",
        local_id=Named("示例第一医院", "organization"),
        name_zh="新生儿科",
        as_of=day("2025-12-31"),
    )
    made = said([record], [owner], journal=journal)
    assert [(one.column, one.reason) for one in made.left_out] == [("as_of", "nothing-to-qualify")]
    assert (
        value(made, of_class(made, MA.ClinicalDepartment)[0], ORG.unitOf)
        == of_class(made, ORG.FormalOrganization)[0]
    )


def test_a_figure_that_is_not_for_all_is_not_public(journal: Journal) -> None:
    unit = Resolution(
        Mention("organization|a|", "organization", "示例第一医院", places=(Place(TABLE, 3, "unit_id"),)),
        "new",
        is_new=True,
    )
    record = row(
        3,
        "indicators",
        unit_id=Named("示例第一医院", "organization"),
        indicator=concept("indicator/beds"),
        value=30,
        visibility=concept("visibility/alliance"),
    )
    made = said([record], [unit], journal=journal)
    assert not of_class(made, MA.Statistic)
    (fact,) = made.restricted
    assert (fact.visibility, fact.about) == ("alliance", of_class(made, ORG.FormalOrganization)[0])


def test_a_referral_is_of_a_class_of_its_own_and_goes_the_right_way(journal: Journal) -> None:
    names = {"from_id": "甲医院", "to_id": "乙医院"}
    both = [
        Resolution(
            Mention(f"organization|{name}|", "organization", name, places=(Place(TABLE, 3, key),)),
            "new",
            is_new=True,
        )
        for key, name in names.items()
    ]
    record = row(
        3,
        "links",
        **{key: Named(name, "organization") for key, name in names.items()},
        relation=concept("referral-kind/transport"),
    )
    made = said([record], both, journal=journal)
    (referral,) = of_class(made, MA.ReferralArrangement)
    labels = {q.subject: text_of(q.object) for q in made.quads if q.predicate == iri(SKOS.prefLabel)}
    assert labels[value(made, referral, MA.refersFrom)] == "乙医院"
    assert labels[value(made, referral, MA.refersTo)] == "甲医院"


@pytest.mark.parametrize("label", HOSTILE)
def test_hostile_names_stay_text(journal: Journal, label: str) -> None:
    made = said([row(3, name_zh=label, note=label)], journal=journal)
    assert literal(label, language="zh") in {quad.object for quad in made.quads}
    assert hidden(made)[SKOS.note] == {label}


def test_what_a_list_states_passes_the_checks_with_no_needless_warning(tmp_path: Path) -> None:
    others = [
        row(
            n,
            name_zh=f"示例第{n}医院",
            place=area(),
            beds=n,
            role=concept("membership-role/member"),
            start=day("2021"),
        )
        for n in range(4, 8)
    ]
    with instance(tmp_path) as here:
        found = here.bring([FULL, *others]).findings
    assert {(one.severity, one.check.partition("/")[0]) for one in found if one.severity != "info"} == {
        ("warning", "Labels")
    }
    assert all("英文" in one.message["zh"] for one in found if one.severity == "warning")


ROWS = st.lists(
    st.builds(
        dict,
        name_zh=st.sampled_from(["甲医院", "乙医院", "丙医院"]),
        start=st.sampled_from([None, day("2015"), day("2021-03")]),
        role=st.sampled_from([None, concept("membership-role/member"), concept("membership-role/council")]),
        beds=st.sampled_from([None, 10, 20]),
        department=st.sampled_from([None, "新生儿科", "儿科"]),
        contact=st.sampled_from([None, "联系人甲", "联系人乙"]),
    ),
    max_size=6,
)


@given(ROWS, st.randoms(use_true_random=False))
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_is_stated_does_not_depend_on_the_order_of_the_rows(
    tmp_path_factory: pytest.TempPathFactory, listed: list[dict[str, object]], random: object
) -> None:
    records = [row(n, **{k: v for k, v in one.items() if v is not None}) for n, one in enumerate(listed, 3)]
    shuffled = list(records)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    journal = Journal(tmp_path_factory.mktemp("j") / "journal.sqlite")
    one, other = said(records, journal=journal), said(shuffled, journal=journal)
    assert frozenset(one.quads) == frozenset(other.quads)
    assert one.restricted == other.restricted
    assert len(one.quads) == len(frozenset(one.quads))
    journal.close()


def test_names_given_once_are_found_again(journal: Journal) -> None:
    first, second = (Identities(journal, BASE) for _ in range(2))
    one = stated([FULL], meant(FULL), SOURCE, first, workbook())
    assert first.to_write()
    journal.remember(first.to_write())
    other = stated([FULL], meant(FULL), SOURCE, second, workbook())
    assert second.to_write() == []
    assert frozenset(one.quads) == frozenset(other.quads)
    assert (
        Quad(
            of_class(one, ORG.FormalOrganization)[0],
            iri(RDF.type),
            iri(ORG.FormalOrganization),
            iri(SOURCE.graph),
        )
        in other.quads
    )
