"""Programs that follow links: rdflib reading addresses, a harvester that comes again, and curl."""

from __future__ import annotations

import gzip
import hashlib
import re
import shutil
import subprocess
from urllib.parse import quote, urlsplit

import pytest
from partners import THING, Partner, facts
from rdflib import DCAT, RDF, SKOS, Dataset, Graph, Literal, URIRef

from servers import Reply

pytestmark = pytest.mark.clients

PACKAGED = "https://w3id.org/medalliance/"
HOSPITAL = URIRef(f"{PACKAGED}id/org/fhjlu")
DESCRIBED = [
    "/id/org/fhjlu",
    "/ontology",
    "/vocab/level/provincial",
    "/source/department-profile",
    "/.well-known/void",
]
TYPES = {"text/turtle", "application/ld+json", "application/n-triples", "application/rdf+xml"}
LINK = re.compile(r'<([^>]*)>((?:; *[a-z]+="[^"]*")*)')


def links(reply: Reply) -> dict[str, str]:
    """Return the other forms of what was answered, by media type, from its Link header."""
    found = {}
    for target, parameters in LINK.findall(reply.headers.get("link", "")):
        told = dict(re.findall(r'([a-z]+)="([^"]*)"', parameters))
        if told.get("rel") == "alternate":
            found[told["type"]] = target
    return found


def graph_of(reply: Reply) -> Graph:
    return Graph().parse(data=reply.body, format=reply.media_type)


# --- rdflib reads addresses ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", DESCRIBED)
def test_rdflib_reads_an_address_and_gets_rdf(instance: Partner, path: str) -> None:
    graph = Graph().parse(f"{instance.address}{path}")
    assert len(graph) > 5


def test_what_is_read_is_about_the_thing_by_its_own_name(instance: Partner) -> None:
    graph = Graph().parse(f"{instance.address}/id/org/fhjlu")
    assert (HOSPITAL, SKOS.prefLabel, Literal("吉林大学第一医院", lang="zh")) in graph


def test_a_thing_of_elsewhere_is_read_through_the_resource_address(instance: Partner) -> None:
    graph = Graph().parse(f"{instance.address}/resource?iri={THING}3")
    assert set(facts().triples((THING["3"], None, None))) <= set(graph)


def test_the_whole_of_a_source_is_read_by_the_name_of_its_graph(instance: Partner) -> None:
    name = instance.graph_of_facts()
    assert set(Graph().parse(f"{instance.graph_store}?graph={quote(name)}")) == set(facts())
    assert len(Graph().parse(f"{instance.address}{urlsplit(name).path}")) > 5  # what is known about it


# --- a harvester ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", DESCRIBED)
def test_every_form_that_is_linked_says_the_same(instance: Partner, path: str) -> None:
    first = instance.server.get(path, "text/turtle")
    assert set(links(first)) == TYPES
    said = set(graph_of(first).skolemize())
    for kind, target in links(first).items():
        reply = instance.server.get(target, "*/*")
        assert (reply.status, reply.media_type) == (200, kind)
        assert len(set(graph_of(reply).skolemize())) == len(said)
        assert reply.headers["etag"]


@pytest.mark.parametrize("path", DESCRIBED)
def test_who_comes_again_is_told_that_nothing_changed(instance: Partner, path: str) -> None:
    first = instance.server.get(path, "text/turtle")
    again = instance.server.get(path, "text/turtle", If_None_Match=first.headers["etag"])
    assert (again.status, again.body, again.headers["etag"]) == (304, b"", first.headers["etag"])
    head = instance.server.ask("HEAD", path, {"Accept": "text/turtle"})
    assert (head.status, head.body, head.headers["etag"]) == (200, b"", first.headers["etag"])
    assert instance.server.get(path, "application/ld+json", If_None_Match=first.headers["etag"]).status == 200


def test_after_a_change_the_answer_is_another_one(instance: Partner) -> None:
    path = f"/resource?iri={THING}noted"
    told = {"Content-Type": "application/sparql-update", **instance.bearer}
    written = f'INSERT DATA {{ <{THING}noted> <{SKOS.note}> "one" }}'
    assert instance.server.ask("POST", "/update", told, written.encode()).status in (200, 204)
    first = instance.server.get(path, "text/turtle")
    more = f'INSERT DATA {{ <{THING}noted> <{SKOS.note}> "another" }}'
    assert instance.server.ask("POST", "/update", told, more.encode()).status in (200, 204)
    second = instance.server.get(path, "text/turtle", If_None_Match=first.headers["etag"])
    assert second.status == 200
    assert set(graph_of(second).objects(URIRef(f"{THING}noted"), SKOS.note)) == {
        Literal("one"),
        Literal("another"),
    }
    gone = f"DELETE WHERE {{ <{THING}noted> ?p ?o }}"
    assert instance.server.ask("POST", "/update", told, gone.encode()).status in (200, 204)


def test_the_files_of_the_data_set_are_found_fetched_and_whole(instance: Partner) -> None:
    about = graph_of(instance.server.get("/dataset", "text/turtle"))
    whole = next(
        file for file in about.subjects(RDF.type, DCAT.Distribution) if str(file).endswith("all.nq.gz")
    )
    (address,) = about.objects(whole, DCAT.downloadURL)
    reply = instance.server.get(urlsplit(str(address)).path)
    assert reply.status == 200
    digest = hashlib.sha256(reply.body).hexdigest()
    told = {
        str(value).lower() for value in about.objects(None, URIRef("http://spdx.org/rdf/terms#checksumValue"))
    }
    assert digest in told
    dataset = Dataset()
    dataset.parse(data=gzip.decompress(reply.body), format="nquads")
    assert set(dataset.graph(URIRef(instance.graph_of_facts()))) == set(facts())


# --- curl ----------------------------------------------------------------------------------------------------------


def curled(*arguments: str) -> str:
    """Return what curl prints."""
    program = shutil.which("curl")
    if program is None:
        pytest.fail("curl is missing; the docs begin with it: apt-get install -y curl")
    done = subprocess.run(
        [program, "--silent", "--show-error", "--fail-with-body", *arguments],
        capture_output=True,
        timeout=60,
        check=True,
    )
    return done.stdout.decode()


def test_curl_asks_in_each_way_of_the_protocol(instance: Partner) -> None:
    asked = f"SELECT ?code {{ <{THING}1> <{SKOS.notation}> ?code }}"
    csv = ("-H", "Accept: text/csv")
    assert curled(*csv, "-G", instance.sparql, "--data-urlencode", f"query={asked}") == "code\r\n007\r\n"
    assert curled(*csv, instance.sparql, "--data-urlencode", f"query={asked}") == "code\r\n007\r\n"
    direct = ("-H", "Content-Type: application/sparql-query", "--data-binary", asked)
    assert curled(*csv, *direct, instance.sparql) == "code\r\n007\r\n"


def test_curl_writes_and_reads_a_graph(bare: Partner) -> None:
    token = ("-H", f"Authorization: Bearer {bare.token}")
    graph = f"{bare.graph_store}?graph={THING}graph"
    turtle = ("-H", "Content-Type: text/turtle", "--data-binary", f'<{THING}1> <{SKOS.notation}> "007" .')
    curled(*token, "-X", "PUT", *turtle, graph)
    read = Graph().parse(data=curled("-H", "Accept: text/turtle", graph), format="turtle")
    assert set(read) == {(THING["1"], SKOS.notation, Literal("007"))}
    curled(*token, "-X", "DELETE", graph)
    assert curled("-o", "/dev/null", "-w", "%{http_code}", "--no-fail-with-body", graph) == "404"
