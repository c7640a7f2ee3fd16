"""SPARQLWrapper: every format that it can ask for, each way of sending, writing with a token, and its errors."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable
from typing import Any
from urllib.error import HTTPError

import pytest
import SPARQLWrapper as Sparql
from partners import PREFIXES, THING, Partner, facts
from rdflib import RDF, RDFS, SKOS, Graph, Literal, URIRef
from SPARQLWrapper.SPARQLExceptions import EndPointNotFound, QueryBadFormed, Unauthorized

pytestmark = pytest.mark.clients

ROWS = PREFIXES + "SELECT ?thing ?label ?code { ?thing a :Thing ; rdfs:label ?label ; skos:notation ?code }"
COPY = PREFIXES + "CONSTRUCT { ?thing ?p ?o } { ?thing ?p ?o FILTER(STRSTARTS(STR(?thing), STR(:))) }"
YES = PREFIXES + "ASK { :1 a :Thing }"
NO = PREFIXES + "ASK { :1 a :Other }"
WAYS = [
    pytest.param(Sparql.GET, Sparql.URLENCODED, id="get"),
    pytest.param(Sparql.POST, Sparql.URLENCODED, id="form"),
    pytest.param(Sparql.POST, Sparql.POSTDIRECTLY, id="direct"),
]
PLAIN = [pytest.param(False, id="parameters"), pytest.param(True, id="accept-alone")]
"""It says the format in three parameters beside Accept, unless told not to."""


def client_of(partner: Partner, text: str, kind: str, way: tuple[str, str] = (Sparql.GET, Sparql.URLENCODED)):
    made = Sparql.SPARQLWrapper(partner.sparql, partner.update)
    made.setQuery(text)
    made.setReturnFormat(kind)
    made.setMethod(way[0])
    made.setRequestMethod(way[1])
    return made


def known_rows() -> set[tuple[str, str, str]]:
    known = facts()
    return {
        (str(thing), str(label), str(known.value(thing, SKOS.notation)))
        for thing in known.subjects(RDF.type, THING.Thing)
        for label in known.objects(thing, RDFS.label)
    }


def of_json(answer: dict[str, Any]) -> set[tuple[str, ...]]:
    names = answer["head"]["vars"]
    return {tuple(row[name]["value"] for name in names) for row in answer["results"]["bindings"]}


def of_xml(answer: Any) -> set[tuple[str, ...]]:
    rows = answer.getElementsByTagName("result")
    return {tuple(texts(row.getElementsByTagName("binding"))) for row in rows}


def texts(bindings: Iterable[Any]) -> Iterable[str]:
    for binding in bindings:
        value = next(child for child in binding.childNodes if child.nodeType == child.ELEMENT_NODE)
        yield "".join(child.data for child in value.childNodes)


def of_csv(answer: bytes) -> set[tuple[str, ...]]:
    return {tuple(row) for row in list(csv.reader(io.StringIO(answer.decode(), newline="")))[1:]}


def of_tsv(answer: bytes) -> set[tuple[str, ...]]:
    return {
        tuple(str(term_of(cell)) for cell in line.split("\t"))
        for line in answer.decode().split("\n")[1:]
        if line
    }


def term_of(cell: str) -> URIRef | Literal:
    """Return the term that a cell writes as Turtle would."""
    read = Graph().parse(data=f"<x:x> <x:x> {cell} .", format="turtle")
    return next(iter(read.objects()))


@pytest.mark.parametrize("only_accept", PLAIN)
@pytest.mark.parametrize(("method", "sent"), WAYS)
@pytest.mark.parametrize(
    ("kind", "read"),
    [(Sparql.JSON, of_json), (Sparql.XML, of_xml), (Sparql.CSV, of_csv), (Sparql.TSV, of_tsv)],
)
def test_rows_say_the_same_in_every_format(
    instance: Partner, kind: str, read: Callable[[Any], set], method: str, sent: str, only_accept: bool
) -> None:
    client = client_of(instance, ROWS, kind, (method, sent))
    client.setOnlyConneg(only_accept)
    assert read(client.queryAndConvert()) == known_rows()


@pytest.mark.parametrize("only_accept", PLAIN)
@pytest.mark.parametrize(("method", "sent"), WAYS)
@pytest.mark.parametrize("kind", [Sparql.TURTLE, Sparql.N3, Sparql.RDFXML, Sparql.XML, Sparql.JSONLD])
def test_a_graph_says_the_same_in_every_format(
    instance: Partner, kind: str, method: str, sent: str, only_accept: bool
) -> None:
    client = client_of(instance, COPY, kind, (method, sent))
    client.setOnlyConneg(only_accept)
    answer = client.queryAndConvert()
    got = answer if isinstance(answer, Graph) else Graph().parse(data=answer, format="turtle")
    assert set(Graph() + got) == set(facts())


@pytest.mark.parametrize(("text", "truth"), [(YES, True), (NO, False)])
def test_a_yes_or_no_comes_as_json_and_as_xml(instance: Partner, text: str, truth: bool) -> None:
    assert client_of(instance, text, Sparql.JSON).queryAndConvert()["boolean"] is truth
    answer = client_of(instance, text, Sparql.XML).queryAndConvert()
    assert answer.getElementsByTagName("boolean")[0].firstChild.data == str(truth).lower()


def test_a_description_says_all_of_a_thing(instance: Partner) -> None:
    answer = client_of(instance, PREFIXES + "DESCRIBE :3", Sparql.TURTLE).queryAndConvert()
    assert set(Graph().parse(data=answer)) == set(facts().triples((THING["3"], None, None)))


def refusal(client: Sparql.SPARQLWrapper, kind: type[Exception]) -> Exception:
    """Return what the client raises; the answer that it leaves open is closed."""
    with pytest.raises(kind) as caught:
        client.query()
    answer = caught.value if isinstance(caught.value, HTTPError) else caught.value.__context__
    assert isinstance(answer, HTTPError)
    answer.close()
    return caught.value


def test_a_format_that_does_not_fit_the_question_is_refused(instance: Partner) -> None:
    with pytest.warns(RuntimeWarning, match="unexpected returned format"):
        fault = refusal(client_of(instance, ROWS, Sparql.TURTLE), HTTPError)
    assert isinstance(fault, HTTPError)
    assert fault.code == 406


def test_the_default_graph_may_be_chosen(instance: Partner) -> None:
    graph = instance.graph_of_facts()
    client = client_of(instance, "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }", Sparql.JSON)
    client.addParameter("default-graph-uri", graph)
    assert of_json(client.queryAndConvert()) == {(str(len(facts())),)}
    client.clearParameter("default-graph-uri")
    client.addParameter("named-graph-uri", graph)
    client.setQuery("SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } }")
    assert of_json(client.queryAndConvert()) == {(graph,)}


def test_a_syntax_error_is_told_with_its_place(instance: Partner) -> None:
    fault = refusal(client_of(instance, "SELECT *\n{ ?s ?p }", Sparql.JSON), QueryBadFormed)
    assert '"line": 2' in str(fault)


def test_an_address_where_no_service_is_is_told_apart(instance: Partner) -> None:
    client = client_of(instance, YES, Sparql.JSON)
    client.endpoint = f"{instance.address}/no-such-service"
    refusal(client, EndPointNotFound)


def test_a_wrong_token_is_told_apart(instance: Partner) -> None:
    client = client_of(instance, YES, Sparql.JSON)
    client.addCustomHttpHeader("Authorization", "Bearer ma_00000000_wrong")
    refusal(client, Unauthorized)


@pytest.mark.parametrize("sent", [Sparql.URLENCODED, Sparql.POSTDIRECTLY])
def test_an_update_is_written_with_a_token(bare: Partner, sent: str) -> None:
    told = 'INSERT DATA { :1 skos:notation "007" ; rdfs:label "示例 <b>"@zh }'
    client = client_of(bare, PREFIXES + told, Sparql.JSON, (Sparql.POST, sent))
    client.addCustomHttpHeader("Authorization", bare.bearer["Authorization"])
    assert client.query().response.status in (200, 204)
    client.setQuery("SELECT ?o { ?s ?p ?o }")
    assert of_json(client.queryAndConvert()) == {("007",), ("示例 <b>",)}


def test_an_instance_takes_an_update_with_a_token_and_gives_it_back(instance: Partner) -> None:
    inserted = PREFIXES + 'INSERT DATA { :written skos:notation "007" }'
    client = client_of(instance, inserted, Sparql.JSON, (Sparql.POST, Sparql.URLENCODED))
    refusal(client, Unauthorized)
    client.addCustomHttpHeader("Authorization", instance.bearer["Authorization"])
    assert client.query().response.status in (200, 204)
    client.setQuery(PREFIXES + "SELECT ?o { :written ?p ?o }")
    assert of_json(client.queryAndConvert()) == {("007",)}
    client.setQuery(PREFIXES + "DELETE WHERE { :written ?p ?o }")
    assert client.query().response.status in (200, 204)
    client.setQuery(PREFIXES + "ASK { :written ?p ?o }")
    assert client.queryAndConvert()["boolean"] is False
