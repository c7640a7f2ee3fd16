"""rdflib: SPARQLStore as a graph, SPARQLUpdateStore to write with, and a Dataset over it."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.error import HTTPError

import pytest
from partners import PREFIXES, THING, Partner, facts
from rdflib import RDF, RDFS, SKOS, XSD, BNode, Dataset, Graph, Literal, URIRef, Variable
from rdflib.graph import DATASET_DEFAULT_GRAPH_ID
from rdflib.plugins.stores.sparqlstore import SPARQLStore, SPARQLUpdateStore

pytestmark = pytest.mark.clients

GRAPH, OTHER = THING["graph"], THING["other-graph"]
VALUES = [
    Literal("007"),
    Literal(""),
    Literal(" padded "),
    Literal("<script>alert(1)</script>", lang="zh"),
    Literal("\"quoted\" 'twice'\\ and a\ttab,\nnew line; & <b>", lang="en"),
    Literal("示例𠮷医院 – café 😀", lang="zh-Hans"),
    Literal(7),
    Literal("0.5", datatype=XSD.decimal),
    Literal(True),
    Literal("2026-11-24", datatype=XSD.date),
    Literal("raw", datatype=THING["datatype"]),
]


@pytest.fixture(params=["GET", "POST", "POST_FORM"])
def store(request: pytest.FixtureRequest, instance: Partner) -> SPARQLStore:
    """A store over the instance, for each way in which rdflib sends queries."""
    return SPARQLStore(instance.sparql, method=request.param)


@pytest.fixture
def writing(bare: Partner) -> Iterator[SPARQLUpdateStore]:
    """A store that writes to the plain dataset, with a token."""
    made = SPARQLUpdateStore(bare.sparql, bare.update, headers=bare.bearer)
    yield made
    made.close()


# --- Reading ------------------------------------------------------------------------------------------------------


def test_triples_of_a_pattern_are_those_of_the_file(store: SPARQLStore) -> None:
    graph = Graph(store)
    for pattern in ((THING["1"], None, None), (None, RDF.type, THING.Thing), (None, None, THING["2"])):
        assert set(graph.triples(pattern)) == set(facts().triples(pattern))
    assert (THING["1"], SKOS.notation, Literal("007")) in graph
    assert (THING["1"], SKOS.notation, Literal(7)) not in graph


def test_a_term_of_every_kind_finds_itself(store: SPARQLStore) -> None:
    graph = Graph(store)
    for triple in facts():
        assert triple in graph, triple


def test_the_graph_is_as_long_as_it_says(store: SPARQLStore) -> None:
    graph = Graph(store)
    (row,) = graph.query("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }")
    assert len(graph) == int(row.n) > len(facts())


def test_a_graph_is_asked_by_its_name(instance: Partner) -> None:
    name = URIRef(instance.graph_of_facts())
    graph = Graph(SPARQLStore(instance.sparql), identifier=name)
    assert len(graph) == len(facts())
    assert set(graph) == set(facts())
    assert [str(row.n) for row in graph.query("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }")] == [str(len(facts()))]


def test_the_names_of_the_graphs_are_told(instance: Partner) -> None:
    name = URIRef(instance.graph_of_facts())
    store = SPARQLStore(instance.sparql)
    assert name in set(store.contexts())
    assert set(store.contexts((THING["1"], SKOS.notation, Literal("007")))) == {name}


def test_questions_of_every_form_are_answered(store: SPARQLStore) -> None:
    graph = Graph(store)
    graph.bind("", THING)
    graph.bind("skos", SKOS)
    rows = graph.query("SELECT ?code { ?s a :Thing ; skos:notation ?code }")
    assert {str(row.code) for row in rows} == {"007", "0.50", "1e3", " padded ", ""}
    assert graph.query("ASK { :1 a :Thing }").askAnswer is True
    assert graph.query("ASK { :1 a :Other }").askAnswer is False
    made = graph.query("CONSTRUCT { ?s skos:notation ?code } { ?s a :Thing ; skos:notation ?code }").graph
    assert made is not None
    assert set(made) == set(facts().triples((None, SKOS.notation, None)))
    described = graph.query("DESCRIBE :1").graph
    assert described is not None
    assert set(facts().triples((THING["1"], None, None))) <= set(described)


def test_bindings_given_with_a_question_hold(store: SPARQLStore) -> None:
    label = Literal("\"quoted\" 'twice'\\ and a\ttab,\nnew line; & <b>", lang="en")
    found = Graph(store).query("SELECT ?s ?label { ?s ?p ?label }", initBindings={"label": label})
    assert {row[Variable("s")] for row in found} == {THING["3"]}


def test_prefixes_given_with_a_question_hold(store: SPARQLStore) -> None:
    found = Graph(store).query("SELECT ?o { t:1 t:next ?o }", initNs={"t": THING})
    assert [row.o for row in found] == [THING["2"]]


def test_the_short_ways_of_rdflib_work(store: SPARQLStore) -> None:
    graph = Graph(store)
    assert graph.value(THING["1"], SKOS.notation) == Literal("007")
    assert set(graph.objects(THING["1"], RDFS.label)) == set(facts().objects(THING["1"], RDFS.label))
    assert set(graph.subjects(SKOS.notation, Literal("0.50"))) == {THING["2"]}
    assert len(list(graph.transitive_objects(THING["1"], THING.next))) == 5


def test_a_store_that_only_reads_says_so(instance: Partner) -> None:
    with pytest.raises(TypeError):
        Graph(SPARQLStore(instance.sparql)).add((THING["1"], RDF.type, THING.Other))


# --- Writing ------------------------------------------------------------------------------------------------------


def test_what_is_added_is_there_and_what_is_removed_is_not(writing: SPARQLUpdateStore) -> None:
    graph = Graph(writing, identifier=DATASET_DEFAULT_GRAPH_ID)
    for value in VALUES:
        graph.add((THING["1"], THING["p"], value))
    assert set(graph.objects(THING["1"], THING["p"])) == set(VALUES)
    for value in VALUES[::2]:
        graph.remove((THING["1"], THING["p"], value))
    assert set(graph.objects(THING["1"], THING["p"])) == set(VALUES[1::2])
    graph.remove((None, None, None))
    assert len(graph) == 0


def test_many_triples_come_as_one_update(writing: SPARQLUpdateStore) -> None:
    writing.autocommit = False
    graph = Graph(writing, identifier=GRAPH)
    graph += facts()
    before = Graph(SPARQLStore(writing.query_endpoint), identifier=GRAPH)
    assert len(before) == 0
    graph.commit()
    assert set(before) == set(facts())


def test_what_was_not_committed_can_be_dropped(writing: SPARQLUpdateStore) -> None:
    writing.autocommit = False
    graph = Graph(writing, identifier=GRAPH)
    graph.add((THING["1"], RDF.type, THING.Thing))
    graph.rollback()
    graph.commit()
    assert len(graph) == 0


def test_an_update_is_sent_as_it_is(writing: SPARQLUpdateStore) -> None:
    writing.update(PREFIXES + 'INSERT DATA { :1 skos:notation "007" . :2 skos:notation "008" }')
    changed = PREFIXES + "DELETE { ?s ?p ?o } INSERT { ?s :was ?o } WHERE { ?s ?p ?o }"
    writing.update(changed, initBindings={"o": Literal("007")})
    graph = Graph(writing, identifier=DATASET_DEFAULT_GRAPH_ID)
    assert set(graph) == {
        (THING["1"], THING.was, Literal("007")),
        (THING["2"], SKOS.notation, Literal("008")),
    }


def test_an_update_of_a_graph_stays_in_it(writing: SPARQLUpdateStore) -> None:
    graph = Graph(writing, identifier=GRAPH)
    graph.update(PREFIXES + "INSERT DATA { :1 :p 1 }")
    graph.update(PREFIXES + "INSERT { ?s :q ?o } WHERE { ?s :p ?o }")
    assert set(graph) == {(THING["1"], THING.p, Literal(1)), (THING["1"], THING.q, Literal(1))}
    assert len(Graph(writing, identifier=DATASET_DEFAULT_GRAPH_ID)) == 0


def test_a_dataset_keeps_its_graphs_apart(writing: SPARQLUpdateStore) -> None:
    dataset = Dataset(store=writing)
    one, another = dataset.graph(GRAPH), dataset.graph(OTHER)
    one.add((THING["1"], THING["p"], Literal("one")))
    another.add((THING["1"], THING["p"], Literal("another")))
    assert {graph.identifier for graph in dataset.graphs()} >= {GRAPH, OTHER}
    assert set(one.objects()) == {Literal("one")}
    assert set(another.objects()) == {Literal("another")}
    dataset.remove_graph(one)
    assert len(one) == 0
    assert len(another) == 1


def test_a_graph_that_is_there_is_not_made_anew(writing: SPARQLUpdateStore) -> None:
    dataset = Dataset(store=writing)
    dataset.graph(GRAPH).add((THING["1"], THING["p"], Literal("kept")))
    with pytest.raises(HTTPError) as caught:
        dataset.graph(GRAPH)  # it says CREATE GRAPH
    caught.value.close()
    writing.rollback()
    assert caught.value.code == 409
    assert set(Graph(writing, identifier=GRAPH).objects()) == {Literal("kept")}


def test_quads_go_into_the_graphs_that_they_name(writing: SPARQLUpdateStore) -> None:
    dataset = Dataset(store=writing, default_union=True)  # else it asks for a graph of rdflib's own
    graph = dataset.graph(GRAPH)
    dataset.addN((THING[str(n)], THING["p"], value, graph) for n, value in enumerate(VALUES))
    found = dataset.query("SELECT ?g ?s ?o { GRAPH ?g { ?s ?p ?o } }")
    assert {tuple(row) for row in found} == {(GRAPH, THING[str(n)], value) for n, value in enumerate(VALUES)}


def test_a_node_without_a_name_is_refused_by_rdflib_itself(writing: SPARQLUpdateStore) -> None:
    with pytest.raises(Exception, match="BNode"):
        Graph(writing, identifier=GRAPH).add((BNode(), RDF.type, THING.Thing))
