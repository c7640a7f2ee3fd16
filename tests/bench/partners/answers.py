"""Answers in one form, so that those of different servers can be compared: counted rows, or a set of triples."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from typing import Any

from graph import media
from graph.oxigraph import OxigraphStore

STRING = "http://www.w3.org/2001/XMLSchema#string"
Comparable = Counter[tuple[tuple[str, ...], ...]] | frozenset[tuple[str, ...]] | bool


def comparable(body: bytes, *, is_graph: bool) -> Comparable:
    """Return an answer as SPARQL endpoints give it (JSON results or Turtle) in comparable form."""
    if is_graph:
        # rdflib-endpoint describes in RDF/XML, whatever one asks for.
        media_type = media.RDFXML if body.startswith(b"<?xml") else media.TURTLE
        return frozenset(tuple(quad) for quad in OxigraphStore().read(body, media_type))
    said = json.loads(body)
    if "boolean" in said:
        return bool(said["boolean"])
    return Counter(
        tuple(sorted((name, *_term(term)) for name, term in row.items()))
        for row in said["results"]["bindings"]
    )


def comparable_of_service(kind: str, body: bytes) -> Comparable:
    """Return what our server said at an address of its own, as the rows that the query of that kind gives."""
    said = json.loads(body)
    rows = _OFFERED[kind](said)
    return Counter(tuple(sorted((name, *term) for name, term in row.items())) for row in rows)


def _term(term: Mapping[str, str]) -> tuple[str, ...]:
    datatype = term.get("datatype", "")
    kind = "literal" if term["type"] == "typed-literal" else term["type"]
    return kind, term["value"], term.get("xml:lang", ""), "" if datatype == STRING else datatype


def _prefectures(said: Mapping[str, Any]) -> list[dict[str, tuple[str, ...]]]:
    facet = next(facet for facet in said["facets"] if facet["name"] == "prefecture")
    return [
        {"prefecture": ("uri", value["iri"], "", ""), "members": _integer(value["count"])}
        for value in facet["values"]
        if value.get("iri")
    ]


def _found(said: Mapping[str, Any]) -> list[dict[str, tuple[str, ...]]]:
    return [
        {"thing": ("uri", hit["iri"], "", ""), "name": ("literal", hit["labels"]["zh"], "zh", "")}
        for hit in said["items"]
    ]


def _integer(number: int) -> tuple[str, ...]:
    return "literal", str(number), "", "http://www.w3.org/2001/XMLSchema#integer"


_OFFERED = {"members-per-prefecture": _prefectures, "names-beginning-with": _found}
