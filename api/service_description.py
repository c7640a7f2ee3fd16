"""What the SPARQL service says of itself (https://www.w3.org/TR/sparql11-service-description/)."""

from __future__ import annotations

import io

from graph.oxigraph import written_quads
from graph.quads import Quad, Term, iri
from ontology.terms import RDF

SD = "http://www.w3.org/ns/sparql-service-description#"
FORMATS = "http://www.w3.org/ns/formats/"

_RESULT_FORMATS = (
    "SPARQL_Results_JSON",
    "SPARQL_Results_XML",
    "SPARQL_Results_CSV",
    "SPARQL_Results_TSV",
    "Turtle",
    "N-Triples",
    "RDF_XML",
    "JSON-LD",
    "TriG",
    "N-Quads",
)


def service_description(endpoint: str, media_type: str) -> bytes:
    """Return the description of the service at an address, as an RDF document."""
    sink = io.BytesIO()
    written_quads(_statements(endpoint), media_type, sink, {"sd": SD, "formats": FORMATS})
    return sink.getvalue()


def _statements(endpoint: str) -> list[Quad]:
    service = iri(f"{endpoint}#service")
    dataset, default = iri(f"{endpoint}#dataset"), iri(f"{endpoint}#default-graph")

    def said(subject: Term, predicate: str, value: str) -> Quad:
        return Quad(subject, iri(predicate), iri(value))

    return [
        said(service, RDF.type, f"{SD}Service"),
        said(service, f"{SD}endpoint", endpoint),
        said(service, f"{SD}supportedLanguage", f"{SD}SPARQL11Query"),
        *(said(service, f"{SD}resultFormat", FORMATS + name) for name in _RESULT_FORMATS),
        said(service, f"{SD}defaultDataset", dataset[1:-1]),
        said(dataset, RDF.type, f"{SD}Dataset"),
        said(dataset, f"{SD}defaultGraph", default[1:-1]),
        said(default, RDF.type, f"{SD}Graph"),
    ]
