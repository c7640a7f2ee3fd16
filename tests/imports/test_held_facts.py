"""What current sources state, with who says it: the newest first."""

from __future__ import annotations

import pytest
from page_data import packaged_engine, state

from graph.imports import held_facts
from graph.imports.held_facts import HeldFacts, HeldSource, TooMuchHeld, held_sources
from graph.quads import Quad, iri, literal
from ontology.terms import DCTERMS, MA, ORG, RDF, SKOS
from samples import NAMES

OLD = HeldSource("<http://x/old>", {"zh": "旧表"}, "2019", "2026-01-01")
NEW = HeldSource("<http://x/new>", {"zh": "新表", "en": "New list"}, "2024-05")
HOSPITAL, OTHER = iri("http://x/id/org/a"), iri("http://x/id/org/b")


def said(subject: str, property_: str, value: str, source: HeldSource = OLD) -> Quad:
    return Quad(subject, iri(property_), value, source.graph)


def label(text: str, source: HeldSource = OLD, language: str = "zh") -> Quad:
    return said(HOSPITAL, SKOS.prefLabel, literal(text, language=language), source)


def test_the_newest_source_comes_first_and_one_without_a_date_last() -> None:
    undated = HeldSource("<http://x/undated>")
    quads = [label("某", OLD), label("某某", NEW), label("无", undated)]
    ages = [one.source for one in HeldFacts(quads, [OLD, NEW, undated]).values(HOSPITAL, SKOS.prefLabel)]
    assert ages == [OLD, NEW, undated]  # the old list came in 2026


def test_a_source_is_known_by_its_title_in_the_language_or_in_another() -> None:
    assert (NEW.title("en"), OLD.title("en"), HeldSource("<x>").title("zh")) == ("New list", "旧表", "")


def test_things_are_found_by_class_and_by_what_they_point_to() -> None:
    facts = HeldFacts(
        [said(OTHER, RDF.type, iri(MA.ClinicalDepartment)), said(OTHER, ORG.unitOf, HOSPITAL)], [OLD]
    )
    assert facts.things(MA.ClinicalDepartment) == [OTHER]
    assert facts.is_a(OTHER, MA.ClinicalDepartment)
    assert facts.pointing(ORG.unitOf, HOSPITAL) == [OTHER]
    assert facts.linked(OTHER, ORG.unitOf) == [HOSPITAL]
    assert facts.source_of(OTHER) == OLD


def test_only_numbers_that_sources_made_up_count_as_local() -> None:
    facts = HeldFacts(
        [
            said(HOSPITAL, ORG.identifier, literal("H1", datatype=MA.Local)),
            said(HOSPITAL, ORG.identifier, literal("Q1", datatype=MA.Wikidata)),
            said(OTHER, DCTERMS.identifier, literal("H1", datatype=MA.Local)),
        ]
    )
    assert facts.local_ids_of(HOSPITAL) == ["H1"]
    assert facts.local_ids == {"H1": (HOSPITAL, OTHER)}


def test_what_is_restricted_is_told_apart() -> None:
    note = said(HOSPITAL, SKOS.note, literal("内部"))
    (one,) = HeldFacts([label("某")], [OLD], [note]).values(HOSPITAL, SKOS.note)
    assert one.is_restricted


def test_labels_fall_back_to_the_other_language() -> None:
    facts = HeldFacts([label("某"), label("Some", language="en")])
    assert (facts.label(HOSPITAL, "en"), facts.label(OTHER, "zh")) == ("Some", "")
    assert HeldFacts([label("某")]).label(HOSPITAL, "en") == "某"


def test_sources_are_those_of_the_default_graph_with_title_and_date() -> None:
    engine = state(
        packaged_engine(), "<source/list> dct:issued '2026-03' . <id/org/x> a org:FormalOrganization ."
    )
    found = {source.title("zh"): source for source in held_sources(engine, NAMES)}
    assert found["list.ttl"].dated == "2026-03"
    assert found["吉林大学第一医院新生儿科简介"].dated == ""
    assert not [one for one in found.values() if "vocab" in one.graph or "area" in one.graph]


def test_restricted_facts_of_withdrawn_sources_are_left_out() -> None:
    engine = packaged_engine()
    withdrawn = Quad(HOSPITAL, iri(SKOS.note), literal("旧"), "<http://x/withdrawn>")
    assert HeldFacts.of(engine, NAMES, [withdrawn]).values(HOSPITAL, SKOS.note) == []


def test_more_than_can_be_read_at_once_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(held_facts, "MOST_QUADS", 10)
    with pytest.raises(TooMuchHeld):
        HeldFacts.of(packaged_engine(), NAMES)
