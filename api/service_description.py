"""What the SPARQL service says of itself (https://www.w3.org/TR/sparql11-service-description/)."""

from __future__ import annotations

import io

from starlette.requests import Request

from api.published import Published, site_of
from graph.counts import Counts
from graph.engine import Engine
from graph.oxigraph import written_quads
from graph.quads import Quad, text_of
from graph.void import DESCRIPTION_PREFIXES, Site, Statements
from ontology.library import query
from ontology.terms import RDF, RDFS

SD = "http://www.w3.org/ns/sparql-service-description#"
FORMATS = "http://www.w3.org/ns/formats/"
VOID = "http://rdfs.org/ns/void#"

_RESULTS = ("SPARQL_Results_JSON", "SPARQL_Results_XML", "SPARQL_Results_CSV", "SPARQL_Results_TSV")
_DOCUMENTS = ("Turtle", "N-Triples", "RDF_XML", "JSON-LD", "TriG", "N-Quads")


def service_description(request: Request, media_type: str) -> bytes:
    """Return the description of the service at the address that was asked, as an RDF document."""
    sink = io.BytesIO()
    prefixes = {**DESCRIPTION_PREFIXES, "formats": FORMATS}
    written_quads(sorted(service_quads(request)), media_type, sink, prefixes)
    return sink.getvalue()


def service_quads(request: Request) -> list[Quad]:
    """Return the description as triples."""
    site, said = site_of(request), Statements()
    endpoint = str(request.url_for("sparql"))
    _query_service(said, site, endpoint, federated=_is_federated(request))
    _update_service(said, site, str(request.url_for("update")))
    published: Published | None = getattr(request.app.state, "published", None)
    _dataset(said, site, request.app.state.engine, published.counts.held() if published else None)
    return said.quads


def _is_federated(request: Request) -> bool:
    """Tell whether a query may ask other servers: some are on the list of the settings."""
    return bool(request.app.state.settings.remote)


def _query_service(said: Statements, site: Site, endpoint: str, *, federated: bool) -> None:
    service = f"{endpoint}#service"
    said.link(service, RDF.type, f"{SD}Service")
    said.link(service, f"{SD}endpoint", endpoint)
    said.link(service, f"{SD}supportedLanguage", f"{SD}SPARQL10Query", f"{SD}SPARQL11Query")
    said.link(service, f"{SD}resultFormat", *(FORMATS + name for name in (*_RESULTS, *_DOCUMENTS)))
    if federated:
        said.link(service, f"{SD}feature", f"{SD}BasicFederatedQuery")
    said.link(service, f"{SD}defaultDataset", site.dataset)
    said.link(service, RDFS.seeAlso, site.at(".well-known/void"), site.at("dataset"))
    said.link(service, RDFS.seeAlso, site.at("sparql/.well-known/sparql-examples"))


def _update_service(said: Statements, site: Site, endpoint: str) -> None:
    """State where updates go: a service of its own, for a service has one address."""
    service = f"{endpoint}#service"
    said.link(service, RDF.type, f"{SD}Service")
    said.link(service, f"{SD}endpoint", endpoint)
    said.link(service, f"{SD}supportedLanguage", f"{SD}SPARQL11Update")
    said.link(service, f"{SD}inputFormat", *(FORMATS + name for name in _DOCUMENTS))
    said.link(service, f"{SD}defaultDataset", site.dataset)


def _dataset(said: Statements, site: Site, engine: Engine, counted: Counts | None) -> None:
    """State the graphs; how many statements each has only where that was counted for the version now."""
    dataset, default = site.dataset, f"{site.dataset}#default-graph"
    numbers: dict[str, int] = {}
    if counted and counted.version == engine.version:
        numbers = {graph.graph: graph.triples for graph in counted.graphs}
        said.number(default, f"{VOID}triples", counted.partitions.triples)
    said.link(dataset, RDF.type, f"{SD}Dataset")
    said.link(dataset, f"{SD}defaultGraph", default)
    said.link(default, RDF.type, f"{SD}Graph")
    for row in engine.select(query("graph-names").text):
        name = text_of(row["graph"])
        named, graph = f"{site.subset(name)}-named", site.subset(name)
        said.link(dataset, f"{SD}namedGraph", named)
        said.link(named, RDF.type, f"{SD}NamedGraph")
        said.link(named, f"{SD}name", name)
        said.link(named, f"{SD}graph", graph)
        said.link(graph, RDF.type, f"{SD}Graph")
        if name in numbers:
            said.number(graph, f"{VOID}triples", numbers[name])
