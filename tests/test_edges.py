"""Each edge comes with its name, its qualifiers, and exactly the sources that state it."""

from __future__ import annotations

import pytest

from graph import media
from graph.catalogue import Entry, entry_quads
from graph.edges import DescribedEdge, EdgeBook, described_edges, relation_labels
from graph.local import LocalEngine
from graph.names import Names
from graph.oxigraph import OxigraphStore
from graph.projection import Edge, Projection
from graph.store import WHOLE, Dataset
from ontology.packaged import BASE, packaged_graphs
from ontology.terms import MA, ORG, SCHEMA

HERE = "http://127.0.0.1:8000/"
NAMES = Names(HERE)
ROLE = BASE + "vocab/membership-role/"
DEPARTMENT = BASE + "id/org/fhjlu-neonatology"
PREFIXES = f"""@prefix ma: <{BASE}ontology#> . @prefix org: <http://www.w3.org/ns/org#> .
@prefix schema: <https://schema.org/> . @prefix prov: <http://www.w3.org/ns/prov#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix role: <{ROLE}> . @prefix basis: <{BASE}vocab/basis/> . @prefix : <{HERE}id/> .
"""
MEMBER = ":m a ma:AllianceMembership ; org:member :a ; org:organization :b ; org:role role:member ."


class CountingEngine(LocalEngine):
    """An engine that counts questions."""

    asked = 0

    def select(self, query: str, dataset: Dataset = WHOLE) -> list[dict[str, str]]:
        self.asked += 1
        return super().select(query, dataset)


def loaded(documents: dict[str, str], *, kind: str = "source", merged: bool = True) -> CountingEngine:
    """Return an engine over Turtle documents by name; the last is of the kind given, merged or not."""
    store = OxigraphStore()
    for number, (name, turtle) in enumerate(documents.items(), 1):
        last = number == len(documents)
        graph = f"{HERE}source/{name}/00000001"
        entry = Entry(graph, kind if last else "source", merged or not last, f"{HERE}source/{name}")
        quads = store.read((PREFIXES + turtle).encode(), media.TURTLE, graph=graph)
        store.add([*quads, *entry_quads(entry, NAMES)])
        if entry.merged:
            store.add(quad._replace(graph="") for quad in quads)
    return CountingEngine(store)


def edges_of(engine: LocalEngine, name: str = HERE + "id/a") -> list[DescribedEdge]:
    return list(described_edges(engine, Projection.of(engine).neighbourhood(name).edges))


def sources(edge: DescribedEdge) -> list[str]:
    return [source.document.iri.removeprefix(HERE + "source/") for source in edge.provenance.sources]


@pytest.fixture(scope="module")
def profile() -> dict[str, DescribedEdge]:
    """The edges of the department by relation, those of which there is one."""
    store = OxigraphStore()
    for graph in packaged_graphs():
        quads = store.read(graph.content(), graph.media_type, graph=graph.iri)
        store.add([*quads, *entry_quads(Entry.of_packaged(graph), NAMES)])
        if graph.merged:
            store.add(quad._replace(graph="") for quad in quads)
    return {one.edge.relation: one for one in edges_of(LocalEngine(store), DEPARTMENT)}


def test_a_plain_relation_has_the_sentence_and_basis_of_its_statement(
    profile: dict[str, DescribedEdge],
) -> None:
    known = profile[ORG.unitOf].provenance
    assert [(source.document.iri, source.sentence) for source in known.sources] == [
        (BASE + "source/department-profile", 1)
    ]
    assert known.basis
    assert known.basis.iri == BASE + "vocab/basis/stated"


def test_an_interpreted_relation_comes_with_its_note(profile: dict[str, DescribedEdge]) -> None:
    known = profile[SCHEMA.location].provenance
    assert known.basis
    assert known.basis.iri == BASE + "vocab/basis/interpreted"
    assert known.notes
    assert {"zh", "en"} <= known.notes.keys()


def test_a_role_is_called_what_the_vocabulary_calls_it(profile: dict[str, DescribedEdge]) -> None:
    edge = profile[ROLE + "initiator"]
    assert edge.labels == edge.inverse == {"zh": "发起单位", "en": "initiating unit"}
    assert [source.sentence for source in edge.provenance.sources] == [2]


def test_a_relation_of_the_table_has_a_name_each_way(profile: dict[str, DescribedEdge]) -> None:
    assert profile[ORG.unitOf].labels["zh"] == "隶属"
    assert profile[ORG.unitOf].inverse["zh"] == "下设科室"


def test_a_service_says_how_much_of_the_area_it_covers(profile: dict[str, DescribedEdge]) -> None:
    qualifiers = [one.iri for one in profile[MA.ServiceCoverage].qualifiers]
    assert qualifiers[1] == BASE + "vocab/service-kind/critical-transfer"
    assert qualifiers[0] in {BASE + "vocab/extent/part", BASE + "vocab/extent/whole"}
    assert profile[ORG.unitOf].qualifiers == ()


def test_a_fact_of_two_sources_is_one_edge_with_two_sources() -> None:
    (edge,) = edges_of(loaded({"one": MEMBER + ":m prov:wasDerivedFrom :row-1 .", "two": MEMBER}))
    assert sorted(sources(edge)) == [HERE + "id/row-1", "two"]


def test_a_plain_triple_of_two_sources_is_one_edge_with_two_sources() -> None:
    (edge,) = edges_of(loaded({"one": ":a org:unitOf :b .", "two": ":a org:unitOf :b ."}))
    assert sources(edge) == ["one", "two"]


def test_a_source_that_gives_another_role_is_not_named_for_this_one() -> None:
    lead = MEMBER.replace("role:member", "role:lead")
    engine = loaded(
        {"one": MEMBER + ":m prov:wasDerivedFrom :row-1 .", "two": lead + ":m prov:wasDerivedFrom :row-2 ."}
    )
    found = {edge.edge.relation.removeprefix(ROLE): sources(edge) for edge in edges_of(engine)}
    assert found == {"member": [HERE + "id/row-1"], "lead": [HERE + "id/row-2"]}


def test_a_withdrawn_source_is_not_named() -> None:
    engine = loaded(
        {"one": MEMBER + ":a org:unitOf :c .", "two": MEMBER + ":a org:unitOf :c ."}, merged=False
    )
    assert [sources(edge) for edge in edges_of(engine)] == [["one"], ["one"]]


def test_what_was_derived_is_named_only_where_nobody_states_it() -> None:
    stated, derived = ":d a ma:Designation ; ma:heldBy :a .", ":a ma:holdsDesignation :d ; org:unitOf :b ."
    engine = loaded({"one": stated, "rules": derived}, kind="derived")
    found = {edge.edge.relation: sources(edge) for edge in edges_of(engine)}
    assert found == {MA.holdsDesignation: ["one"], ORG.unitOf: ["rules"]}


def test_two_statements_about_a_triple_give_their_sources_together() -> None:
    stated = """:a org:unitOf :b . :{0} a rdf:Statement ; rdf:subject :a ; rdf:predicate org:unitOf ; rdf:object :b ;
        prov:wasDerivedFrom :row-{0} ; ma:basis basis:stated ."""
    (edge,) = edges_of(loaded({name: stated.replace("{0}", name) for name in ("one", "two")}))
    assert sources(edge) == [HERE + "id/row-one", HERE + "id/row-two"]


def test_stated_dates_and_the_illustrative_mark_come_with_the_edge() -> None:
    (edge,) = edges_of(
        loaded({"one": MEMBER + ':m ma:startStated "2019"^^xsd:gYear ; ma:illustrative true .'})
    )
    assert (edge.provenance.period.start, edge.provenance.period.end) == ("2019", "")
    assert edge.provenance.illustrative


def test_the_number_of_questions_does_not_grow_with_the_number_of_edges() -> None:
    def asked(size: int) -> int:
        engine = loaded(
            {"one": "".join(MEMBER.replace(":m ", f":m{n} ").replace(":a ", f":a{n} ") for n in range(size))}
        )
        found = Projection.of(engine).neighbourhood(HERE + "id/b", limit=size + 1)
        engine.asked = 0
        assert len(described_edges(engine, found.edges)) == size
        return engine.asked

    assert asked(3) == asked(200)


def test_an_edge_that_the_graph_no_longer_holds_has_no_source() -> None:
    (edge,) = described_edges(loaded({}), [Edge(HERE + "id/a", ORG.unitOf, HERE + "id/b")])
    assert edge.provenance.sources == ()


def test_relations_that_are_not_drawn_have_names_too() -> None:
    labels = relation_labels(loaded({}), [ORG.unitOf, ROLE + "member"])
    assert labels[ORG.unitOf][1]["en"] == "has unit"
    assert labels[ROLE + "member"][0]


# --- Illustrative edges -------------------------------------------------------------------------------------


def flagged(documents: dict[str, str], invented: str) -> dict[str, bool]:
    """Return for each edge of ``:a`` whether it is said to be illustrative; one document is wholly invented."""
    engine = loaded(documents)
    entry = Entry(f"{HERE}source/{invented}/00000001", "source", illustrative=True)
    engine.store.add(entry_quads(entry, NAMES))
    edges = edges_of(engine)
    assert [one.provenance.illustrative for one in edges] == [one.edge.illustrative for one in edges]
    return {
        one.edge.relation.replace("#", "/").rpartition("/")[2]: one.provenance.illustrative for one in edges
    }


def test_a_plain_relation_is_illustrative_when_only_invented_documents_state_it() -> None:
    both, demo = ":a org:unitOf :b .", ":a org:unitOf :b ; org:subOrganizationOf :c ."
    assert flagged({"real": both, "demo": demo}, "demo") == {"unitOf": False, "subOrganizationOf": True}


def test_a_statement_about_an_invented_relation_does_not_make_it_real() -> None:
    statement = """:s a rdf:Statement ; rdf:subject :a ; rdf:predicate org:unitOf ; rdf:object :b ;
        ma:basis basis:stated ."""
    assert flagged({"real": statement, "demo": ":a org:unitOf :b ."}, "demo") == {"unitOf": True}


def test_a_relation_with_an_invented_thing_is_illustrative_whoever_states_it() -> None:
    stated = ":a org:unitOf :b . :b a org:Organization ; ma:illustrative true ."
    assert flagged({"real": stated, "demo": ":x org:unitOf :y ."}, "demo") == {"unitOf": True}


# --- The book -----------------------------------------------------------------------------------------------


def members(size: int) -> CountingEngine:
    """Return an engine with so many members of one alliance."""
    facts = (MEMBER.replace(":m ", f":m{n} ").replace(":a ", f":a{n} ") for n in range(size))
    return loaded({"one": "".join(facts)})


def test_a_book_gives_what_the_graph_says_and_reads_each_edge_once() -> None:
    engine = members(9)
    edges = Projection.of(engine).neighbourhood(HERE + "id/b").edges
    book = EdgeBook(engine)
    assert book.described(edges, 0) == described_edges(engine, edges)
    engine.asked = 0
    assert book.described(edges[2:5], 0) == described_edges(engine, edges)[2:5]
    read = engine.asked
    book.described([*edges, *edges], 0)
    assert engine.asked == read


def test_a_book_answers_for_the_date_that_was_asked() -> None:
    engine = members(1)
    book = EdgeBook(engine)
    for held in ("yes", "no", None):
        edge = Edge(
            HERE + "id/a0", ROLE + "member", HERE + "id/b", HERE + "id/m0", held, illustrative=held == "no"
        )
        (one,) = book.described([edge], 0)
        assert (one.edge.held, one.provenance.illustrative) == (held, held == "no")


def test_a_book_keeps_no_more_than_it_may() -> None:
    engine = members(9)
    edges = Projection.of(engine).neighbourhood(HERE + "id/b").edges
    book = EdgeBook(engine, most=4)
    book.described(edges, 0)
    engine.asked = 0
    book.described(edges[-4:], 0)
    assert engine.asked == 0
    book.described(edges[:1], 0)
    assert engine.asked > 0


def test_a_new_version_is_read_anew_and_an_old_one_is_not_kept() -> None:
    engine = members(2)
    edges = Projection.of(engine).neighbourhood(HERE + "id/b").edges
    book = EdgeBook(engine)
    book.described(edges, 0)
    engine.version = 1
    for version in (1, 0):
        engine.asked = 0
        book.described(edges, version)
        assert engine.asked > 0
    engine.asked = 0
    book.described(edges, 1)
    assert engine.asked == 0
