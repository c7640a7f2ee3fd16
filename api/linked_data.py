"""Linked data: every IRI of the graph has an address here that gives a page to people and RDF to programs."""

from __future__ import annotations

import io
from collections.abc import Iterable
from urllib.parse import quote

from fastapi import APIRouter, Depends
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from api.access import needs
from api.negotiation import HTML, acceptable, prefers_html
from api.pages import ontology_page, resource_page
from api.problems import Problem
from api.sparql import tagged
from graph import media
from graph.engine import Engine
from graph.names import PACKAGED
from graph.oxigraph import written_quads
from graph.quads import Quad, iri
from ontology.areas import aliases
from ontology.library import query
from ontology.prefixes import PREFIXES

router = APIRouter(dependencies=[Depends(needs("read"))])

SUFFIXES = {"ttl": media.TURTLE, "jsonld": media.JSONLD, "nt": media.NTRIPLES, "rdf": media.RDFXML}
"""What an address may end in to ask for one format."""

VARY = "Accept, Accept-Language"


@router.get("/id/{kind}/{local:path}", tags=["linked data"], summary="A thing of the graph")
def thing(request: Request, kind: str, local: str) -> Response:
    """Return what is known of one thing: a page, or RDF by Accept or suffix."""
    return _described(request, f"id/{kind}/{local}")


@router.get("/source/{path:path}", tags=["linked data"], summary="A source document, or one version of it")
def source(request: Request, path: str) -> Response:
    """Return a source document, or (RDF only) the graph of all that one version of it states."""
    return _described(request, f"source/{path}")


@router.get("/graph/{path:path}", tags=["linked data"], summary="A graph that the instance keeps")
def kept_graph(request: Request, path: str) -> Response:
    """Return a graph of the instance's own: catalogue, derived facts, local statements."""
    return _described(request, f"graph/{path}")


@router.get("/vocab/{path:path}", tags=["linked data"], summary="A concept or concept scheme")
def concept(request: Request, path: str) -> Response:
    """Return a concept or a concept scheme."""
    return _described(request, f"vocab/{path}")


@router.get("/.well-known/genid/{label}", tags=["linked data"], summary="A node without a name of its own")
def skolem(request: Request, label: str) -> Response:
    """Return a node that its source left without a name."""
    return _described(request, f".well-known/genid/{label}")


@router.get("/ontology", tags=["linked data"], summary="The ontology")
@router.get("/ontology.{suffix}", tags=["linked data"], include_in_schema=False)
def ontology(request: Request, suffix: str = "") -> Response:
    """Return the ontology: a page, or RDF."""
    if not suffix and prefers_html(request):
        return ontology_page(request)
    return _graph_document(request, f"{PACKAGED}ontology", suffix)


@router.get("/vocab", tags=["linked data"], summary="All vocabularies")
@router.get("/vocab.{suffix}", tags=["linked data"], include_in_schema=False)
def vocabularies(request: Request, suffix: str = "") -> Response:
    """Return all concept schemes as RDF; a browser gets the ontology page, which lists them."""
    if not suffix and prefers_html(request):
        return ontology_page(request)
    return _graph_document(request, f"{PACKAGED}vocab", suffix)


@router.get("/shapes", tags=["linked data"], summary="The SHACL shapes")
@router.get("/shapes.{suffix}", tags=["linked data"], include_in_schema=False)
def shapes(request: Request, suffix: str = "") -> Response:
    """Return the shapes that data is checked against, as RDF."""
    return _graph_document(request, f"{PACKAGED}shapes", suffix)


@router.get("/resource", tags=["linked data"], summary="Any IRI of the graph")
def resource(request: Request, iri: str = "") -> Response:
    """Return what is known of any IRI, also one from elsewhere."""
    if not iri:
        raise Problem("malformed-request", message="iri=")
    return _answer(request, [iri], "")


def _described(request: Request, path: str) -> Response:
    """Return the thing that lives at a path here: of this instance, or packaged with the program."""
    stem, dot, suffix = path.rpartition(".")
    if not dot or suffix not in SUFFIXES:
        stem, suffix = path, ""
    bases = (request.app.state.base, PACKAGED)
    moved = aliases().get(stem.removeprefix("id/"))
    if moved:
        ending = f".{suffix}" if suffix else ""
        return RedirectResponse(f"/id/{quote(moved)}{ending}", 301)
    return _answer(request, [base + stem for base in bases], suffix)


def _answer(request: Request, candidates: list[str], suffix: str) -> Response:
    """Return the first of some IRIs that the graph knows, as the client wants it."""
    terms = [(candidate, _term(candidate)) for candidate in candidates]
    engine: Engine = request.app.state.engine
    for candidate, term in terms:
        quads = engine.construct(query("node-description").bound({"iri": term}))
        if not quads:
            # Not a thing that is spoken of, but perhaps a graph that speaks.
            quads = {quad._replace(graph="") for quad in engine.quads(term)}
        if quads:
            if not suffix and prefers_html(request):
                return resource_page(request, candidate)
            return _document(request, quads, suffix)
    raise Problem("not-found", what=candidates[0])


def _term(candidate: str) -> str:
    try:
        return iri(candidate)
    except ValueError as fault:
        raise Problem("not-found", what=candidate) from fault


def _graph_document(request: Request, graph: str, suffix: str) -> Response:
    if suffix and suffix not in SUFFIXES:
        raise Problem("not-found", what=request.url.path)
    engine: Engine = request.app.state.engine
    return _document(request, (quad._replace(graph="") for quad in engine.quads(iri(graph))), suffix)


def _document(request: Request, quads: Iterable[Quad], suffix: str) -> Response:
    """Return triples in the format of the suffix, or in the one that the client likes best."""
    offered = [SUFFIXES[suffix]] if suffix else list(media.RDF_TYPES)
    header = "" if suffix else request.headers.get("accept", "")
    kinds = acceptable(header, offered, media.SYNONYMS)
    if not kinds:
        raise Problem("not-acceptable", offered=", ".join((HTML, *offered)))
    sink = io.BytesIO()
    written_quads(sorted(quads), kinds[0], sink, PREFIXES)
    response = tagged(request, sink.getvalue(), kinds[0], VARY)
    response.headers["Link"] = ", ".join(
        f'<{_without_suffix(request)}.{name}>; rel="alternate"; type="{kind}"'
        for name, kind in SUFFIXES.items()
    )
    return response


def _without_suffix(request: Request) -> str:
    path = request.url.path
    stem, dot, suffix = path.rpartition(".")
    return quote(stem if dot and suffix in SUFFIXES else path)
