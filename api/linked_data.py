"""Linked data: every IRI of the graph has an address here that gives a page to people and RDF to programs."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from urllib.parse import quote

from fastapi import APIRouter, Depends
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response, StreamingResponse

from api.access import needs
from api.answer_cache import AnswerCache
from api.documents import SUFFIXES, VARY, document, media_type_for, with_links
from api.negotiation import prefers_html
from api.pages import ontology_page, resource_page
from api.problems import Problem
from api.request_body import content_type, tagged
from api.templating import page_address
from graph import media
from graph.engine import OWN_WORK, Answer, Engine
from graph.names import PACKAGED
from graph.quads import Quad, Term, iri, is_iri, text_of
from graph.repository import Repository
from ontology.areas import aliases
from ontology.library import query
from ontology.packaged import CONTEXT
from ontology.terms import DCTERMS

router = APIRouter(dependencies=[Depends(needs("read"))])

LARGE = 50_000
"""Statements of a graph from which on it is sent as it is read, neither sorted nor kept."""
_SUCCESSORS = frozenset({iri(DCTERMS.isReplacedBy), "<http://www.w3.org/2002/07/owl#sameAs>"})


@router.get("/id/{kind}/{local:path}", tags=["linked data"], summary="A thing of the graph")
def thing(request: Request, kind: str, local: str) -> Response:
    """Return what is known of one thing: a page, or RDF by Accept or suffix."""
    return _described(request, f"id/{kind}/{local}")


@router.get("/source/{path:path}", tags=["linked data"], summary="A source document, or one version of it")
def source(request: Request, path: str) -> Response:
    """Return what is said of a source document or a version of it; what it states is at ``/graph-store?graph=``."""
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


@router.get("/context.jsonld", tags=["linked data"], summary="The JSON-LD context")
def context(request: Request) -> Response:
    """Return the short names that JSON-LD documents of the alliance may use."""
    return tagged(request, CONTEXT.read_bytes(), media.JSONLD)


@router.get("/resource", tags=["linked data"], summary="Any IRI of the graph")
def resource(request: Request, iri: str = "") -> Response:
    """Return what is known of any IRI, also one from elsewhere."""
    if not iri:
        raise Problem("malformed-request", message="iri=")
    return _answer(request, (iri,), "")


def _described(request: Request, path: str) -> Response:
    """Return the thing that lives at a path here: of this instance, or packaged with the program."""
    stem, dot, suffix = path.rpartition(".")
    if not dot or suffix not in SUFFIXES:
        stem, suffix = path, ""
    moved = aliases().get(stem.removeprefix("id/"))
    if moved:
        return _moved(f"/id/{quote(moved)}", suffix)
    return _answer(request, (f"{request.app.state.base}{stem}", PACKAGED + stem), suffix)


def _answer(request: Request, candidates: tuple[str, ...], suffix: str) -> Response:
    """Return the first of some IRIs that the graph knows, as the client wants it."""
    cache: AnswerCache = request.app.state.answers
    look = _Look(request, candidates)
    kind, _, name = cache.made(("which", candidates), look.state, look.which).body.decode().partition(" ")
    if kind == "moved":
        return _moved(page_address(name, request.app.state.base), suffix)
    if not suffix and prefers_html(request):
        return with_links(request, resource_page(request, name), canonical=name)
    if kind == "graph":
        return _graph_document(request, name, suffix)
    media_type = media_type_for(request, suffix)
    return document(
        request, name, media_type, lambda: look.stated_of(name), canonical=name, state=look.state, quick=True
    )


class _Look:
    """A look into the graph for the first of some IRIs that it knows; it asks once, and only if it has to."""

    def __init__(self, request: Request, candidates: tuple[str, ...]) -> None:
        self._engine: Engine = request.app.state.engine
        self._repository: Repository | None = getattr(request.app.state, "repository", None)
        self._candidates = candidates
        self.state = self._engine.version, self._engine.edition

    def which(self) -> tuple[str, bytes]:
        """Return what there is, as text: thing, graph or moved, and an IRI.

        Raises:
            Problem: ``retired`` for what was known once, ``not-found`` for what never was.
        """
        for candidate in self._candidates:
            if quads := self.stated_of(candidate):
                successor = _successor(candidate, quads)
                found = f"moved {successor}" if successor else f"thing {candidate}"
                return "text/plain", found.encode()
        for candidate in self._candidates:  # not spoken of, but perhaps a graph that speaks
            if self._engine.select(query("graph-exists").bound({"graph": _term(candidate)})):
                return "text/plain", f"graph {candidate}".encode()
        for candidate in self._candidates:
            if self._repository and self._repository.journal.changes_of(_term(candidate)):
                raise Problem("retired", what=candidate)
        raise Problem("not-found", what=self._candidates[0])

    def stated_of(self, name: str) -> list[Quad]:
        """Return the statements of and about one of the IRIs."""
        term = _term(name)
        return [quad for quad in self._stated if term in (quad.subject, quad.object)]

    @cached_property
    def _stated(self) -> set[Quad]:
        terms = [_term(candidate) for candidate in self._candidates]
        return self._engine.construct(query("node-description").bound({"iri": terms}))


def _successor(name: str, quads: list[Quad]) -> str:
    """Return what took the place of an IRI of which nothing else is stated any more (empty: nothing did)."""
    of_it = [quad for quad in quads if quad.subject == iri(name)]
    leads_on = len(of_it) == 1 and of_it[0].predicate in _SUCCESSORS and is_iri(of_it[0].object)
    return text_of(of_it[0].object) if leads_on else ""


def _moved(address: str, suffix: str) -> Response:
    ending = f".{suffix}" if suffix and "?" not in address else ""
    return RedirectResponse(f"{address}{ending}", 301, headers={"Vary": VARY})


def _term(candidate: str) -> Term:
    try:
        return iri(candidate)
    except ValueError as fault:
        raise Problem("not-found", what=candidate) from fault


def _graph_document(request: Request, graph: str, suffix: str) -> Response:
    """Return all that a graph states; a large one as it is read."""
    media_type = media_type_for(request, suffix)
    engine: Engine = request.app.state.engine
    cache: AnswerCache = request.app.state.answers
    state, bound = (engine.version, engine.edition), {"graph": iri(graph)}

    def size() -> tuple[str, bytes]:
        (row,) = engine.select(query("graph-size").bound(bound))
        return "text/plain", text_of(row["size"]).encode()

    if int(cache.made(("size", graph), state, size).body) > LARGE:
        text = query("graph-content").bound(bound)
        answer = engine.answer(text, (media_type,), limits=OWN_WORK)
        return StreamingResponse(
            _pieces(answer), headers={"Content-Type": content_type(media_type), "Vary": VARY}
        )

    def stated() -> Iterator[Quad]:
        return (quad._replace(graph="") for quad in engine.quads(iri(graph)))

    return document(request, ("graph", graph), media_type, stated, canonical=graph, state=state, quick=True)


def _pieces(answer: Answer) -> Iterator[bytes]:
    """Yield a long answer; a failure on the way breaks the connection off, so that nobody takes it for whole."""
    try:
        yield from answer
    finally:
        answer.close()
