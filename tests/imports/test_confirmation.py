"""Confirming: what is asked about, and what the answers state as a source of their own."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from page_data import ALLIANCE, MA, PACKAGED, SKOS, member, packaged_engine, state

from graph.identity import Identities
from graph.imports.confirmable import Confirmable, confirmable, nodes_of
from graph.imports.confirmation import Form, Reply, confirmation_source, confirmed, unit_facts
from graph.imports.correction import correction, is_correctable
from graph.imports.packaged_vocabulary import packaged_vocabulary
from graph.imports.understanding import Context
from graph.journal import Journal, Sealed
from graph.local import LocalEngine
from graph.quads import Quad, Term, iri, literal, text_of
from graph.restricted import RestrictedFact
from ontology.terms import RDF, SCHEMA
from samples import BASE, NAMES

UNIT = f"{BASE}id/org/u1"
DEPARTMENT = f"{BASE}id/org/d1"
MEMBERSHIP = f"{BASE}id/membership/m1"
GRADE = f"{PACKAGED}vocab/hospital-grade/"
CONTEXT = Context(f"{PACKAGED}id/area/220000", "", date(2026, 11, 23), packaged_vocabulary())

RECORDS = f"""
<id/grade/g1> a ma:GradeAssignment ; ma:appliesTo <id/org/u1> ; ma:assignedGrade <{GRADE}2a> ;
  ma:basis <{PACKAGED}vocab/basis/stated> ; prov:wasDerivedFrom <source/list> .
<id/org/d1> a ma:ClinicalDepartment ; skos:prefLabel "儿科"@zh ; org:unitOf <id/org/u1> .
<id/stat/s1> a ma:Statistic ; sosa:hasFeatureOfInterest <id/org/d1> ;
  sosa:observedProperty <{PACKAGED}vocab/indicator/beds-nicu> ; sosa:hasSimpleResult 8 ; qudt:hasUnit unit:NUM ;
  ma:basis <{PACKAGED}vocab/basis/stated> ; prov:wasDerivedFrom <source/list> .
"""
THINGS = [iri(name) for name in (UNIT, DEPARTMENT, MEMBERSHIP)]


@pytest.fixture
def engine() -> LocalEngine:
    return state(packaged_engine(), member(1) + RECORDS)


@pytest.fixture
def identities(tmp_path: Path) -> Identities:
    return Identities(Journal(tmp_path / "journal.sqlite"), BASE)


def asked(engine: LocalEngine) -> dict[str, Confirmable]:
    """Return what is asked about the unit, by the last part of the property."""
    return {
        fact.said.rpartition("#")[2].rpartition("/")[2]: fact for fact in confirmable(engine, NAMES, THINGS)
    }


def form(*replies: Reply, told: str = "") -> Form:
    return Form(UNIT, "核对：第1医院 2026-11-23", "2026-11-23", "", told, replies)


def stated(engine: LocalEngine, identities: Identities, *replies: Reply) -> dict[Term, set[tuple[str, str]]]:
    """Return what the answers state in public: node to property and value as text."""
    said = form(*replies)
    source = confirmation_source(said, engine, NAMES)
    made = confirmed(said, source, identities, unit_facts(nodes_of(engine, THINGS)))
    found: dict[Term, set[tuple[str, str]]] = {}
    for quad in made.quads:
        assert quad.graph == iri(source.graph)
        found.setdefault(quad.subject, set()).add((text_of(quad.predicate), text_of(quad.object)))
    return found


def test_each_fact_that_the_workbook_has_a_column_for_is_asked_about(engine: LocalEngine) -> None:
    found = asked(engine)
    assert set(found) == {"prefLabel", "assignedGrade", "role", "startStated", "hasSimpleResult"}
    assert found["assignedGrade"].column.labels["zh"] == "医院等级"
    assert found["hasSimpleResult"].concerned == f"{PACKAGED}vocab/indicator/beds-nicu"
    assert found["startStated"].column.kind == "date"


def test_what_a_thing_is_and_belongs_to_is_not_asked_about(engine: LocalEngine) -> None:
    values = {text_of(fact.value) for fact in confirmable(engine, NAMES, THINGS)}
    assert not values & {UNIT, ALLIANCE, f"{PACKAGED}vocab/basis/stated", "http://qudt.org/vocab/unit/NUM"}


def test_a_fact_that_two_sources_state_is_asked_about_once(engine: LocalEngine) -> None:
    state(engine, member(1), "other")
    fact = asked(engine)["role"]
    assert len(fact.sources) == 2
    (only,) = [
        one
        for one in confirmable(engine, NAMES, THINGS, document_graph=fact.sources[0].graph)
        if one.said.endswith("role")
    ]
    assert len(only.sources) == 1


def test_what_is_confirmed_is_stated_again_by_the_new_source(
    engine: LocalEngine, identities: Identities
) -> None:
    found = stated(engine, identities, Reply(asked(engine)["assignedGrade"], "confirmed"))
    (node,) = [node for node, facts in found.items() if (f"{MA}assignedGrade", f"{GRADE}2a") in facts]
    assert node != iri(f"{BASE}id/grade/g1")
    assert (f"{MA}appliesTo", UNIT) in found[node]
    assert (f"{MA}verifiedOn", "2026-11-23") in found[node]
    assert (f"{SKOS}prefLabel", "第1医院") in found[iri(UNIT)]


def test_what_is_corrected_is_stated_as_the_unit_says_it(engine: LocalEngine, identities: Identities) -> None:
    fact = asked(engine)["assignedGrade"]
    instead = ((iri(fact.said), iri(f"{GRADE}3b")),)
    found = stated(engine, identities, Reply(fact, "corrected", instead))
    grades = {value for facts in found.values() for said, value in facts if said == f"{MA}assignedGrade"}
    assert grades == {f"{GRADE}3b"}


def test_what_is_unclear_is_only_kept_as_an_answer(engine: LocalEngine, identities: Identities) -> None:
    fact = asked(engine)["startStated"]
    found = stated(engine, identities, Reply(fact, "unclear"))
    (answer,) = found.values()
    assert (f"{MA}answer", f"{PACKAGED}vocab/confirmation-answer/unclear") in answer
    assert (f"{MA}concerns", MEMBERSHIP) in answer
    assert (f"{MA}concernedValue", "2020-02") in answer
    assert iri(MEMBERSHIP) not in found


def test_a_membership_keeps_its_name_and_leaves_out_what_is_unclear(
    engine: LocalEngine, identities: Identities
) -> None:
    facts = asked(engine)
    found = stated(
        engine, identities, Reply(facts["role"], "confirmed"), Reply(facts["startStated"], "unclear")
    )
    said = {name for name, _ in found[iri(MEMBERSHIP)]}
    assert "http://www.w3.org/ns/org#role" in said
    assert "http://www.w3.org/ns/org#organization" in said
    assert not said & {f"{MA}startStated", f"{MA}verifiedOn"}


def test_another_name_that_a_unit_gives_itself_is_an_alias(
    engine: LocalEngine, identities: Identities
) -> None:
    (fact,) = [one for one in confirmable(engine, NAMES, THINGS) if text_of(one.value) == "第1医院"]
    instead = ((iri(fact.said), literal("第一人民医院", language="zh")),)
    found = stated(engine, identities, Reply(fact, "corrected", instead))
    assert (f"{SKOS}prefLabel", "第1医院") in found[iri(UNIT)]
    assert any(
        ("http://www.w3.org/2008/05/skos-xl#literalForm", "第一人民医院") in facts for facts in found.values()
    )


def contact(graph: Term) -> RestrictedFact:
    """Return a contact of the unit as a source states it, readable for who may see it."""
    said = (
        (RDF.type, iri(f"{MA}Contact")),
        (f"{MA}contactFor", iri(UNIT)),
        (f"{MA}contactRole", iri(f"{PACKAGED}vocab/staff-role/coordinator")),
        (SCHEMA.name, literal("联系人甲")),
    )
    node = iri(f"{BASE}id/contact/c1")
    quads = frozenset(Quad(node, iri(name), term, graph) for name, term in said)
    sealed = Sealed(1, 0, node, iri(UNIT), "internal", graph, "", b"")
    return RestrictedFact(node, iri(UNIT), "internal", graph, 1, "kept", quads, sealed)


def test_what_is_not_public_stays_so_with_all_that_is_answered_about_it(
    engine: LocalEngine, identities: Identities
) -> None:
    held = contact(asked(engine)["role"].node.graph)
    facts = confirmable(engine, NAMES, THINGS, [held])
    (fact,) = [one for one in facts if one.node.visibility == "internal"]
    said = form(Reply(fact, "confirmed"), told="办公室乙")
    new = confirmation_source(said, engine, NAMES)
    made = confirmed(said, new, identities, {})
    assert not made.quads
    assert {one.visibility for one in made.restricted} == {"internal"}
    texts = {text_of(quad.object) for one in made.restricted for quad in one.quads}
    assert {"联系人甲", "办公室乙", "2026-11-23"} <= texts


def test_each_form_is_a_document_of_its_own(engine: LocalEngine, identities: Identities) -> None:
    first = confirmation_source(form(), engine, NAMES)
    assert first.document == f"{BASE}source/confirmation-u1-2026-11-23"
    state(engine, "<id/x> a ma:Project .", "confirmation-u1-2026-11-23")
    assert confirmation_source(form(), engine, NAMES).document.endswith("-2")


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("startStated", "2021.3", "2021-03"),
        ("hasSimpleResult", "二十五", "25"),
        ("hasSimpleResult", "３０张", "30"),
        ("assignedGrade", f"{GRADE}3a", f"{GRADE}3a"),
        ("prefLabel", " 第一人民医院 ", "第一人民医院"),
    ],
)
def test_a_correction_is_read_as_a_cell_of_its_column(
    engine: LocalEngine, name: str, text: str, value: str
) -> None:
    made = correction(asked(engine)[name], text, CONTEXT)
    assert made.remark is None
    assert [text_of(term) for _, term in made.facts] == [value]


@pytest.mark.parametrize(
    ("name", "text", "code"),
    [
        ("startStated", "2021.13", "date-impossible"),
        ("hasSimpleResult", "很多", "number-approximate"),
        ("assignedGrade", "三甲", "confirm-empty"),
        ("assignedGrade", f"{PACKAGED}vocab/ward-level/i", "confirm-empty"),
        ("role", "", "confirm-empty"),
    ],
)
def test_a_correction_that_cannot_be_kept_says_why(
    engine: LocalEngine, name: str, text: str, code: str
) -> None:
    made = correction(asked(engine)[name], text, CONTEXT)
    assert not made.facts
    assert made.remark is not None
    assert made.remark.code == code
    assert made.remark.what("zh")
    assert made.remark.remedy("en")


def test_a_place_that_nobody_knows_is_not_kept_as_a_text() -> None:
    place = f"""<id/place/p1> a ma:PlaceAssignment ; ma:appliesTo <id/org/u1> ;
      ma:assignedPlace <{PACKAGED}id/area/220300> ; ma:basis <{PACKAGED}vocab/basis/stated> ;
      prov:wasDerivedFrom <source/list> ."""
    fact = asked(state(packaged_engine(), member(1) + place))["assignedPlace"]
    assert is_correctable(fact)
    assert [text_of(value) for _, value in correction(fact, "梨树县", CONTEXT).facts] == [
        f"{PACKAGED}id/area/220322"
    ]
    refused = correction(fact, "哪里也不是", CONTEXT)
    assert refused.remark is not None
