"""Example queries as linked data: what people ask, as ``sh:SPARQLExecutable``, where query editors look for it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from graph.quads import Quad, Term, iri, literal
from graph.void import Statements
from ontology.library import Query
from ontology.terms import DCTERMS, RDF, RDFS, XSD

SH = "http://www.w3.org/ns/shacl#"
SPEX = "https://purl.expasy.org/sparql-examples/ontology#"
_FORMS = {"SELECT": "Select", "ASK": "Ask", "CONSTRUCT": "Construct", "DESCRIBE": "Describe"}
_PREFIX = re.compile(r"^\s*PREFIX\s+([\w.-]*):\s*<([^<>\s]+)>", re.IGNORECASE | re.MULTILINE)


def example_quads(queries: Iterable[Query], graph: str, endpoint: str) -> list[Quad]:
    """Return the description of queries as triples.

    Args:
        queries: each runs as it stands, on example values.
        graph: IRI of the graph, under which examples are named.
        endpoint: address where they can be asked.
    """
    said = Statements()
    prefixes: dict[str, str] = {}
    for query in queries:
        _example(said, query, f"{graph}/{query.name}", f"{graph}#prefixes", endpoint)
        prefixes |= dict(_PREFIX.findall(query.text))
    said.link(f"{graph}#prefixes", RDF.type, "http://www.w3.org/2002/07/owl#Ontology")
    for prefix, namespace in sorted(prefixes.items()):
        declared = f"{graph}#prefix-{prefix or 'empty'}"
        said.link(f"{graph}#prefixes", f"{SH}declare", declared)
        said.value(declared, f"{SH}prefix", literal(prefix))
        said.value(declared, f"{SH}namespace", literal(namespace, datatype=XSD.anyURI))
    return said.quads


def example_texts(quads: Iterable[Quad]) -> Iterator[tuple[Term, Term]]:
    """Yield each example with its text, as terms."""
    texts = {iri(f"{SH}{form.lower()}") for form in _FORMS} | {iri(f"{SPEX}describe")}
    return ((quad.subject, quad.object) for quad in quads if quad.predicate in texts)


def _example(said: Statements, query: Query, name: str, prefixes: str, endpoint: str) -> None:
    is_describe = query.form == "DESCRIBE"
    kind = f"{SPEX if is_describe else f'{SH}SPARQL'}{'SPARQL' if is_describe else ''}{_FORMS[query.form]}Executable"
    said.link(name, RDF.type, f"{SH}SPARQLExecutable", kind)
    said.link(name, f"{SH}prefixes", prefixes)
    said.link(name, "https://schema.org/target", endpoint)
    said.texts(name, RDFS.label, query.title)
    said.texts(name, "http://www.w3.org/2000/01/rdf-schema#comment", query.purpose)
    said.value(name, DCTERMS.identifier, literal(query.name))
    said.value(name, f"{SPEX if is_describe else SH}{query.form.lower()}", literal(query.text))
