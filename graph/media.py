"""Media types of RDF documents and query results: names, file endings, and which answer may use which."""

from __future__ import annotations

TURTLE = "text/turtle"
NTRIPLES = "application/n-triples"
NQUADS = "application/n-quads"
TRIG = "application/trig"
RDFXML = "application/rdf+xml"
JSONLD = "application/ld+json"
RESULTS_JSON = "application/sparql-results+json"
RESULTS_XML = "application/sparql-results+xml"
CSV = "text/csv"
TSV = "text/tab-separated-values"

RDF_TYPES = (TURTLE, JSONLD, NTRIPLES, RDFXML, TRIG, NQUADS)
"""RDF documents, the preferred first."""
DATASET_TYPES = (TRIG, NQUADS, JSONLD)
"""Those that can hold named graphs."""
ROW_TYPES = (RESULTS_JSON, RESULTS_XML, CSV, TSV)
"""Answers of SELECT."""
BOOLEAN_TYPES = (RESULTS_JSON, RESULTS_XML)
"""Answers of ASK."""

ENDINGS = {
    "ttl": TURTLE,
    "nt": NTRIPLES,
    "nq": NQUADS,
    "trig": TRIG,
    "rdf": RDFXML,
    "owl": RDFXML,
    "xml": RDFXML,
    "jsonld": JSONLD,
}
"""File ending to media type of an RDF document."""

SYNONYMS = {
    "application/x-turtle": TURTLE,
    "text/n3": TURTLE,
    "text/plain": NTRIPLES,
    "text/x-nquads": NQUADS,
    "application/xml": RDFXML,
    "text/xml": RDFXML,
    "application/json": JSONLD,
}
"""What clients write instead of the registered name of an RDF document's type."""


def media_type_of_file(name: str) -> str:
    """Return the media type that a file name promises (``.gz`` is looked through), or an empty string."""
    return ENDINGS.get(name.lower().removesuffix(".gz").rpartition(".")[2], "")
