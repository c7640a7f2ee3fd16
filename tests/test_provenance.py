"""Where facts come from."""

from __future__ import annotations

from page_data import PACKAGED, PROFILE, packaged_engine, state

from graph.nodes import Nodes
from graph.provenance import Provenances, documents_of, graph_entry
from samples import BASE

BEDS = f"{PACKAGED}id/stat/department-profile/beds"
MASTERS = f"{PACKAGED}id/stat/department-profile/doctors-masters"


def read(turtle: str, *facts: str) -> Provenances:
    engine = state(packaged_engine(), turtle)
    provenances = Provenances(engine, Nodes(engine))
    provenances.read(facts)
    return provenances


def test_a_fact_names_document_sentence_position_and_graph() -> None:
    told = read("", BEDS).of(BEDS)
    (source,) = told.sources
    assert (source.document.iri, source.sentence, source.position) == (PROFILE, 7, f"{PROFILE}#s7")
    assert source.graph == f"{PROFILE}/6827d68f"
    assert told.basis is not None
    assert told.basis.labels == {"zh": "原文所述", "en": "stated"}


def test_a_derived_figure_names_the_figures_it_is_computed_from() -> None:
    told = read("", MASTERS).of(MASTERS)
    assert {one.iri.rsplit("/", 1)[-1] for one in told.derived_from} == {"doctors", "doctors-doctoral"}
    assert [source.sentence for source in told.sources] == [5]


def test_a_document_without_sentences_is_a_source_too() -> None:
    fact = f"{PACKAGED}id/statement/ror-fhjlu-location"
    (source,) = read("", fact).of(fact).sources
    assert (source.document.iri, source.sentence) == (f"{PACKAGED}source/ror", None)


def test_a_graph_leads_to_its_document() -> None:
    engine = packaged_engine()
    provenances = Provenances(engine, Nodes(engine))
    provenances.read([], [f"{PROFILE}/6827d68f", "http://example.org/g"])
    told = provenances.of_graphs([f"{PROFILE}/6827d68f", "http://example.org/g"])
    assert [source.document.iri for source in told.sources] == ["http://example.org/g", PROFILE]


def test_a_second_graph_that_states_the_triple_is_a_second_source() -> None:
    provenances = read("", BEDS)
    provenances.read([], ["http://example.org/g"])
    sources = provenances.of(BEDS, [f"{PROFILE}/6827d68f", "http://example.org/g"]).sources
    assert [(source.document.iri, source.sentence) for source in sources] == [
        ("http://example.org/g", None),
        (PROFILE, 7),
    ]


def test_the_date_of_a_source_is_the_documents_own() -> None:
    turtle = f"""
    <source/report> a ma:SourceDocument ; dct:title "Report"@en ; dct:issued "2024-06-30"^^xsd:date .
    <id/stat/1> a ma:Statistic ; ma:basis <{PACKAGED}vocab/basis/stated> ; prov:wasDerivedFrom <source/report> ."""
    (source,) = read(turtle, f"{BASE}id/stat/1").of(f"{BASE}id/stat/1").sources
    assert source.date == "2024-06-30"


def test_what_says_nothing_of_its_source_is_no_fact() -> None:
    provenances = read("", BEDS, PROFILE)
    assert provenances.is_fact(BEDS)
    assert not provenances.is_fact(PROFILE)
    assert provenances.of(PROFILE).sources == ()


def test_each_document_is_listed_once() -> None:
    provenances = read("", BEDS, MASTERS)
    assert [one.iri for one in documents_of([provenances.of(BEDS), provenances.of(MASTERS)])] == [PROFILE]


def test_a_named_graph_has_a_kind_and_a_document() -> None:
    engine = packaged_engine()
    entry = graph_entry(engine, f"{PROFILE}/6827d68f")
    assert entry is not None
    kind, document = entry
    assert kind is not None
    assert document is not None
    assert (kind.iri, document.iri) == (f"{PACKAGED}vocab/graph-kind/source", PROFILE)
    assert graph_entry(engine, "http://example.org/g") is None
    assert graph_entry(engine, "no iri") is None
