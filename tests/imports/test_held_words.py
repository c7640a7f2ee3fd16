"""Values as cells say them: short where that is clear, longer where it is not."""

from __future__ import annotations

import random

import pytest

from graph.imports.area_names import area_in
from graph.imports.held_facts import HeldFacts
from graph.imports.held_words import HeldWords, area_word, in_language
from graph.imports.records import Area
from graph.quads import Quad, iri, literal
from ontology.areas import AREA, divisions
from ontology.terms import MA, ORG, RDF, SKOS
from ontology.workbook import workbook

GRAPH = "<http://x/list>"


def thing(name: str) -> str:
    return iri(f"http://x/id/org/{name}")


def organization(name: str, label: str, number: str = "", type_: str = ORG.FormalOrganization) -> list[Quad]:
    stated = [(RDF.type, iri(type_)), (SKOS.prefLabel, literal(label, language="zh"))]
    if number:
        stated.append((ORG.identifier, literal(number, datatype=MA.Local)))
    return [Quad(thing(name), iri(said), value, GRAPH) for said, value in stated]


def words(*quads: list[Quad]) -> HeldWords:
    return HeldWords(HeldFacts([quad for listed in quads for quad in listed]), "zh", workbook())


def held_by(name: str) -> list[Quad]:
    return [Quad(thing("designation"), iri(MA.heldBy), thing(name), GRAPH)]


@pytest.mark.parametrize("code", [*random.Random(4).sample(sorted(divisions()), 40), "220104", "220200"])
def test_a_division_is_written_so_that_it_is_found_again(code: str) -> None:
    assert area_in(area_word(code)).values == (Area(AREA + code),)


def test_a_division_that_shares_its_name_is_written_with_what_it_lies_in() -> None:
    assert (area_word("220122"), area_word("220104")) == ("农安县", "吉林省长春市朝阳区")


def test_a_reference_is_a_number_where_there_is_one_else_a_name() -> None:
    held = words(organization("a", "甲医院", "H1"), organization("b", "乙医院"))
    assert (held.reference(thing("a")), held.reference(thing("b"))) == ("H1", "乙医院")


def test_a_number_that_two_things_bear_says_nothing() -> None:
    held = words(organization("a", "甲医院", "1"), organization("b", "乙医院", "1"))
    assert held.reference(thing("a")) == "甲医院"


def test_what_no_name_tells_apart_gets_a_number_when_something_refers_to_it() -> None:
    twins = [organization("a", "某医院"), organization("b", "某医院")]
    assert words(*twins).local_id(thing("a")) == ""
    assert words(*twins, held_by("a")).reference(thing("a")) == "a"
    department = organization("d", "新生儿科", type_=MA.ClinicalDepartment)
    assert words(department, held_by("d")).reference(thing("d")) == "d"


def test_a_number_is_written_without_idle_digits() -> None:
    column = workbook().sheet("programmes").column("months")
    assert words().text(column, literal("6.0", datatype="http://www.w3.org/2001/XMLSchema#decimal")) == "6"
    assert words().text(column, literal("1.50")) == "1.5"


def test_a_column_does_not_say_what_belongs_to_another() -> None:
    identifier = workbook().sheet("institutions").column("uscc")
    assert words().text(identifier, literal("H1", datatype=MA.Local)) is None
    assert words().text(identifier, literal("X", datatype=MA.USCC)) == "X"
    english = workbook().sheet("institutions").column("name_en")
    assert words().text(english, literal("某", language="zh")) is None


def test_free_texts_are_in_the_language_or_else_in_another() -> None:
    both = [literal("中", language="zh"), literal("en", language="en"), literal("none")]
    assert in_language(both, "en") == [literal("en", language="en")]
    assert in_language(both[2:], "en") == [literal("none")]
    assert in_language([], "zh") == []
