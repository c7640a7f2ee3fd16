"""The service description: what a client needs before its first query, and nothing that is not so."""

from __future__ import annotations

from urllib.parse import urlencode

import pytest

from graph.oxigraph import OxigraphStore
from graph.quads import Quad, text_of
from servers import Server

SD = "http://www.w3.org/ns/sparql-service-description#"


def described(server: Server, kind: str = "text/turtle") -> list[Quad]:
    reply = server.get("/sparql?lang=en", kind)
    assert (reply.status, reply.media_type) == (200, kind)
    return OxigraphStore().read(reply.body, kind)


def said(quads: list[Quad], name: str) -> set[str]:
    return {text_of(quad.object) for quad in quads if quad.predicate == f"<{SD}{name}>"}


@pytest.mark.parametrize("kind", ["text/turtle", "application/rdf+xml", "application/ld+json"])
def test_it_comes_in_each_format(server: Server, kind: str) -> None:
    assert f"{server.address}/sparql" in said(described(server, kind), "endpoint")


def test_it_names_both_languages_with_their_addresses(server: Server) -> None:
    quads = described(server)
    assert said(quads, "endpoint") == {f"{server.address}/sparql", f"{server.address}/update"}
    assert said(quads, "supportedLanguage") >= {f"{SD}SPARQL11Query", f"{SD}SPARQL11Update"}


def test_it_names_the_graphs_that_queries_find(server: Server) -> None:
    query = urlencode({"query": "SELECT ?g { GRAPH ?g {} }"})
    reply = server.get(f"/sparql?{query}", "application/sparql-results+json")
    assert said(described(server), "name") == {row["g"]["value"] for row in reply.json["results"]["bindings"]}


def test_every_format_that_it_names_is_given(server: Server) -> None:
    formats = said(described(server), "resultFormat")
    names = {
        "Turtle": "ttl",
        "N-Triples": "nt",
        "RDF_XML": "rdf",
        "JSON-LD": "jsonld",
        "TriG": "trig",
        "N-Quads": "nq",
    }
    rows = {f"SPARQL_Results_{name.upper()}": name for name in ("json", "xml", "csv", "tsv")}
    for listed, query in ((names, "DESCRIBE <urn:a>"), (rows, "SELECT * {}")):
        for name, asked in listed.items():
            assert f"http://www.w3.org/ns/formats/{name}" in formats
            assert server.get("/sparql?" + urlencode({"query": query, "format": asked})).status == 200
    assert len(formats) == len(names) + len(rows)


def test_no_feature_is_claimed_that_is_not_there(server: Server) -> None:
    assert said(described(server), "feature") == set()
