"""Tools that learn from an endpoint's own description: editors that complete and offer examples, catalogues.

They ask by SPARQL for VoID partitions and for example queries, as the editors and catalogues of the life sciences do.
"""

from __future__ import annotations

import time

import pytest
from partners import PREFIXES, THING, Partner
from rdflib import RDF, VOID, Graph, Namespace, URIRef
from rdflib.plugins.stores.sparqlstore import SPARQLStore

from samples import BASE

pytestmark = pytest.mark.clients

SD = Namespace("http://www.w3.org/ns/sparql-service-description#")
SH = Namespace("http://www.w3.org/ns/shacl#")
EXAMPLES = URIRef(f"{BASE}sparql/.well-known/sparql-examples")
PATIENCE = 60
"""Seconds until the counts have caught up with the last change."""

COMPLETION = """
PREFIX void: <http://rdfs.org/ns/void#>
PREFIX ext: <http://ldf.fi/void-ext#>
SELECT DISTINCT ?class ?property ?other ?datatype {
  GRAPH ?g {
    ?part void:class ?class ; void:propertyPartition ?of .
    ?of void:property ?property .
    OPTIONAL { ?of void:classPartition/void:class ?other }
    OPTIONAL { ?of ext:datatypePartition/ext:datatype ?datatype }
  }
}
"""
"""Which properties the things of a class have, and what these lead to."""

OFFERED = """
PREFIX sh: <http://www.w3.org/ns/shacl#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
SELECT ?example ?comment ?query {
  GRAPH ?g { ?example a sh:SPARQLExecutable ; rdfs:comment ?comment ; sh:select|sh:ask|sh:construct ?query }
}
"""
"""The example queries, wherever they are."""


@pytest.fixture(scope="module")
def graph(instance: Partner) -> Graph:
    """The endpoint, when what it tells of itself is about what it holds."""
    made = Graph(SPARQLStore(instance.sparql))
    until = time.monotonic() + PATIENCE
    known = f"ASK {{ GRAPH ?g {{ ?part <{VOID['class']}> <{THING.Thing}> }} }}"
    while not made.query(known).askAnswer:
        assert time.monotonic() < until, "the counts do not tell of the things that were loaded"
        time.sleep(0.2)
    return made


def test_the_service_description_leads_to_the_endpoint_and_its_data_set(instance: Partner) -> None:
    told = Graph().parse(instance.sparql)
    (service,) = told.subjects(SD.endpoint, URIRef(instance.sparql))
    assert (service, RDF.type, SD.Service) in told
    assert (service, SD.supportedLanguage, SD.SPARQL11Query) in told
    dataset = told.value(service, SD.defaultDataset)
    names = {
        str(name) for graph in told.objects(dataset, SD.namedGraph) for name in told.objects(graph, SD.name)
    }
    assert {instance.graph_of_facts(), str(EXAMPLES)} <= names


def test_an_editor_learns_which_properties_a_class_has(graph: Graph) -> None:
    found = [row for row in graph.query(COMPLETION) if row["class"] == THING.Thing]
    assert {row.property for row in found} >= {
        THING.next,
        URIRef("http://www.w3.org/2004/02/skos/core#notation"),
    }
    assert {row.other for row in found if row.property == THING.next} == {THING.Thing}


def test_what_the_counts_say_is_what_a_count_finds(graph: Graph) -> None:
    counted = graph.query(
        """PREFIX void: <http://rdfs.org/ns/void#>
        SELECT ?property ?n { GRAPH ?g {
          ?part void:class ?class ; void:propertyPartition ?of . ?of void:property ?property ; void:triples ?n
        } }""",
        initBindings={"class": THING.Thing},
    )
    told = {row.property: int(row.n) for row in counted}
    actual = graph.query(PREFIXES + "SELECT ?p (COUNT(*) AS ?n) { ?s a :Thing ; ?p ?o } GROUP BY ?p")
    assert told == {row.p: int(row.n) for row in actual}


def test_the_partitions_are_also_found_by_the_address_of_void(instance: Partner, graph: Graph) -> None:
    read = Graph().parse(f"{instance.address}/.well-known/void")
    classes = set(read.objects(None, VOID["class"]))
    assert THING.Thing in classes
    assert classes == {
        row["class"]
        for row in graph.query(f"SELECT DISTINCT ?class {{ GRAPH ?g {{ ?x <{VOID['class']}> ?class }} }}")
    }


def test_an_editor_is_offered_examples_in_both_languages(graph: Graph) -> None:
    found = list(graph.query(OFFERED))
    assert len({row.example for row in found}) > 20
    for example in {row.example for row in found}:
        assert {row.comment.language for row in found if row.example == example} == {"zh", "en"}


def test_the_examples_are_a_graph_of_their_own_beside_the_endpoint(instance: Partner) -> None:
    store = SPARQLStore(instance.sparql)
    examples = Graph(store, identifier=EXAMPLES)
    executable = set(examples.subjects(RDF.type, SH.SPARQLExecutable))
    assert executable == {row.example for row in Graph(store).query(OFFERED)}


def test_every_example_runs_as_it_is_offered(graph: Graph) -> None:
    for query in {str(row.query) for row in graph.query(OFFERED)}:
        assert graph.query(query).type in ("SELECT", "ASK", "CONSTRUCT")
