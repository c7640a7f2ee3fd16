"""SPARQL 1.1 Graph Store HTTP Protocol: graphs read and written as wholes.

A graph is named by ``?graph=IRI``, by ``?default``, or by its own address: ``/graph-store/NAME``. One that holds
nothing does not exist. See https://www.w3.org/TR/sparql11-http-rdf-update/.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Depends, Query
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from api.access import needs
from api.budgets import limits_of, metered
from api.negotiation import FORMAT_NAMES, acceptable
from api.problems import Problem, document_faults
from api.rest import as_json
from api.settings import Settings
from api.sparql import body_bytes
from api.update import absolute, reason, who_writes, written_json
from api.uploads import form_of
from graph import media
from graph.capture import GraphMissing
from graph.engine import Answer, Engine, limits_of_document
from graph.quads import iri
from graph.repository import Repository, VersionMoved
from graph.settle import Document, GraphWrite
from ontology.library import query

reading = APIRouter(dependencies=[Depends(needs("read"))], tags=["linked data"])
writing = APIRouter(dependencies=[Depends(needs("update"))], tags=["changes"])

ATTEMPTS = 100
"""How often a write with a condition is tried anew when another change came first."""
CHARSETS = ("utf-8", "us-ascii", "utf-16", "iso-8859-1", "windows-1252", "gb18030", "gbk", "gb2312", "big5")
"""In which a document may be written when its type says so."""
_SUFFIXES = {kind: suffix for suffix, kind in reversed(media.ENDINGS.items())}

GraphIri = Annotated[str | None, Query(description="图的 IRI · IRI of the graph")]
Default = Annotated[str | None, Query(description="默认图（不带值）· the default graph (without a value)")]
Why = Annotated[str, Query(description="原因，记入历史 · the reason, for the history")]


@reading.get("/graph-store", name="graph_store", summary="A whole graph")
def read_graph(request: Request, graph: GraphIri = None, default: Default = None) -> Response:
    """Return all triples of a graph, or of the default graph, in the format that is wanted."""
    return _content(request, _named(request))


@reading.get("/graph-store/{name:path}", summary="A whole graph by its address")
def read_graph_directly(request: Request, name: str) -> Response:
    """Return all triples of the graph whose name is this address."""
    return _content(request, _named(request))


@writing.put("/graph-store", summary="Replace a graph")
async def replace_graph(
    request: Request, graph: GraphIri = None, default: Default = None, why: Why = ""
) -> Response:
    """Let a graph state what the content says and nothing else."""
    return await _brought(request, replaces=True)


@writing.put("/graph-store/{name:path}", summary="Replace a graph by its address")
async def replace_graph_directly(request: Request, name: str, why: Why = "") -> Response:
    """Let the graph whose name is this address state what the content says and nothing else."""
    return await _brought(request, replaces=True)


@writing.post("/graph-store", summary="Add to a graph, or make a new one")
async def add_to_graph(
    request: Request, graph: GraphIri = None, default: Default = None, why: Why = ""
) -> Response:
    """Add the content to a graph: one document, or several as a form. Without a graph a new one is made."""
    return await _brought(request, replaces=False)


@writing.post("/graph-store/{name:path}", summary="Add to a graph by its address")
async def add_to_graph_directly(request: Request, name: str, why: Why = "") -> Response:
    """Add the content to the graph whose name is this address."""
    return await _brought(request, replaces=False)


@writing.delete("/graph-store", summary="Remove a graph")
def remove_graph(
    request: Request, graph: GraphIri = None, default: Default = None, why: Why = ""
) -> Response:
    """Remove a graph with all that it states."""
    return _removed(request)


@writing.delete("/graph-store/{name:path}", summary="Remove a graph by its address")
def remove_graph_directly(request: Request, name: str, why: Why = "") -> Response:
    """Remove the graph whose name is this address."""
    return _removed(request)


@dataclass(frozen=True)
class GraphName:
    """Which graph a request speaks of: an IRI (empty: the default graph); ``is_new``: one that is to be made."""

    value: str
    is_new: bool = False


def _named(request: Request) -> GraphName:
    """Return the graph that a request names.

    Raises:
        Problem: it names none, or more than one.
    """
    collection, name = _collection(request), _own_name(request)
    indirect = [("graph", value) for value in request.query_params.getlist("graph")]
    indirect += [("default", "") for _ in request.query_params.getlist("default")]
    if (name and indirect) or len(indirect) > 1:
        raise Problem(
            "malformed-request", message="one graph, please: ?graph=IRI, ?default, or the address itself"
        )
    if name:
        return GraphName(absolute(collection + name))
    if indirect:
        return GraphName(absolute(indirect[0][1]) if indirect[0][0] == "graph" else "")
    if request.method != "POST":
        raise Problem("malformed-request", message="no graph: give ?graph=IRI or ?default")
    return GraphName(collection + secrets.token_hex(12), is_new=True)


def _collection(request: Request) -> str:
    """Return the beginning of the names of graphs that are addresses.

    In a plain dataset it is the address asked for; else it begins with the base of the instance, so that a graph has
    one name, whatever name the server is called by.
    """
    if request.app.state.repository.plain:
        return f"{request.url_for('graph_store')}/"
    return f"{request.app.state.base}graph-store/"


def _own_name(request: Request) -> str:
    """Return what stands behind the address of the graph store, as it was sent."""
    sent: bytes = request.scope.get("raw_path") or request.url.path.encode()
    return (
        sent.decode("latin-1").partition("?")[0].rpartition("/graph-store/")[2]
        if b"/graph-store/" in sent
        else ""
    )


# Reading ---------------------------------------------------------------------------------------------------------


def _content(request: Request, graph: GraphName) -> Response:
    """Return a graph as it is wanted, in one piece or as a stream when it is large."""
    settings: Settings = request.app.state.settings
    kind = _wanted(request)
    with metered(request, _text(graph)):
        if graph.value and not _exists(request, graph):
            raise GraphMissing(iri(graph.value))
        answer = _answer(request, graph, kind)
        pieces, size, rest = [], 0, iter(answer)
        for piece in rest:
            pieces.append(piece)
            size += len(piece)
            if size > settings.answer_bytes:
                tag = _version_tag(answer.version, kind)
                return StreamingResponse(_resumed(answer, pieces, rest), headers=_headers(tag, kind))
        body = b"".join(pieces)
    tag = _content_tag(body, kind)
    if _is_named(tag, request.headers.get("if-none-match", "")):
        return Response(status_code=304, headers={"ETag": tag, "Vary": "Accept"})
    return Response(body, headers=_headers(tag, kind))


def _answer(request: Request, graph: GraphName, kind: str) -> Answer:
    engine: Engine = request.app.state.engine
    return engine.answer(_text(graph), (kind,), limits=limits_of(request))


def _text(graph: GraphName) -> str:
    """Return the query for all that a graph states."""
    if graph.value:
        return query("graph-content").bound({"graph": iri(graph.value)})
    return query("default-graph-content").text


def _resumed(answer: Answer, pieces: list[bytes], rest: Iterator[bytes]) -> Iterator[bytes]:
    """Yield a long answer; a failure on the way breaks the connection off, so that nobody takes it for whole."""
    try:
        yield from pieces
        yield from rest
    finally:
        answer.close()


def _exists(request: Request, graph: GraphName) -> bool:
    engine: Engine = request.app.state.engine
    return bool(engine.select(query("graph-exists").bound({"graph": iri(graph.value)})))


def _wanted(request: Request) -> str:
    wished = request.query_params.get("format", "").lower()
    named = FORMAT_NAMES.get(wished, wished)
    named = {media.RESULTS_JSON: media.JSONLD, media.RESULTS_XML: media.RDFXML}.get(named, named)
    kinds = (
        [named] if named else acceptable(request.headers.get("accept", ""), media.RDF_TYPES, media.SYNONYMS)
    )
    if not kinds or kinds[0] not in media.RDF_TYPES:
        raise Problem("not-acceptable", offered=", ".join(media.RDF_TYPES))
    return kinds[0]


def _headers(tag: str, kind: str) -> dict[str, str]:
    content_type = f"{kind}; charset=utf-8" if kind.startswith("text/") else kind
    return {"ETag": tag, "Vary": "Accept", "Cache-Control": "no-cache", "Content-Type": content_type}


# Conditions ------------------------------------------------------------------------------------------------------


def _content_tag(body: bytes, kind: str) -> str:
    """Return the tag of a graph as it was sent; it names the format, so that it can be made again and compared."""
    return f'"{hashlib.sha256(body).hexdigest()[:32]}.{_SUFFIXES[kind]}"'


def _version_tag(version: int, kind: str) -> str:
    """Return the tag of a graph too large to be read before it is sent."""
    return f'"v{version}.{_SUFFIXES[kind]}"'


def _is_named(tag: str, header: str) -> bool:
    """Tell whether a list of tags names one; weak ones count for reading."""
    listed = [one.strip().removeprefix("W/") for one in header.split(",")]
    return tag in listed or listed == ["*"]


def _check_conditions(request: Request, graph: GraphName, *, exists: bool) -> None:
    """Raise Problem when a write is meant for another state of the graph than the one it has."""
    match, none_match = (request.headers.get(name, "").strip() for name in ("if-match", "if-none-match"))
    if match and not (exists and (match == "*" or _has_tag(request, graph, match))):
        raise Problem("precondition-failed")
    if none_match and exists and (none_match == "*" or _has_tag(request, graph, none_match)):
        raise Problem("precondition-failed")


def _has_tag(request: Request, graph: GraphName, header: str) -> bool:
    """Tell whether the graph as it is now has one of the tags; each is compared in the format that it names."""
    return any(_is_current(request, graph, tag.strip()) for tag in header.split(","))


def _is_current(request: Request, graph: GraphName, tag: str) -> bool:
    kind = media.ENDINGS.get(tag.strip('"').rpartition(".")[2])
    if kind is None or not tag.startswith('"'):
        return False
    if tag.startswith('"v'):
        engine: Engine = request.app.state.engine
        return tag == _version_tag(engine.version, kind)
    return tag == _content_tag(_answer(request, graph, kind).body(), kind)


# Writing ---------------------------------------------------------------------------------------------------------


async def _brought(request: Request, *, replaces: bool) -> Response:
    graph = _named(request)
    documents = await _documents(request, graph)
    write = GraphWrite(graph.value, documents, replaces)
    return await run_in_threadpool(_written, request, graph, write)


def _removed(request: Request) -> Response:
    graph = _named(request)
    return _written(request, graph, GraphWrite(graph.value, replaces=True))


def _written(request: Request, graph: GraphName, write: GraphWrite) -> Response:
    """Carry out a write, and tell the change that it made."""
    repository: Repository = request.app.state.repository
    conditional = "if-match" in request.headers or "if-none-match" in request.headers
    limits = limits_of_document(sum(len(document.data) for document in write.documents))
    why = reason(request, list(request.query_params.multi_items()))
    carry_out = partial(repository.write_graph, write, who=who_writes(request), why=why, limits=limits)
    for _ in range(ATTEMPTS):
        version = repository.engine.version
        exists = not graph.is_new and (not graph.value or _exists(request, graph))
        _check_conditions(request, graph, exists=exists)
        try:
            with document_faults():
                recorded = carry_out(expected=version if conditional else None)
        except VersionMoved:
            continue
        made = not exists and write.documents and recorded.change is not None
        response = as_json(
            request, written_json(recorded, repository.engine.version), status=201 if made else 200
        )
        if graph.is_new:
            response.headers["Location"] = graph.value
        return response
    raise Problem("unavailable", headers={"Retry-After": "1"})


async def _documents(request: Request, graph: GraphName) -> tuple[Document, ...]:
    """Return the documents in the content of a request: one, or those of a form."""
    settings: Settings = request.app.state.settings
    base = graph.value or str(request.url_for("graph_store"))
    sent = request.headers.get("content-type", "")
    if request.headers.get("content-encoding", "identity").lower() != "identity":
        raise Problem(
            "unsupported-media-type", media_type=request.headers["content-encoding"], accepted="identity"
        )
    if sent.partition(";")[0].strip().lower() != "multipart/form-data":
        return (_document(await body_bytes(request, settings.body_bytes), sent, "", graph, base),)
    files = [one for _, one in (await form_of(request)).multi_items() if isinstance(one, UploadFile)]
    if not files:
        raise Problem("malformed-request", message="the form has no files")
    return tuple(
        [
            _document(await one.read(), one.content_type or "", one.filename or "", graph, base)
            for one in files
        ]
    )


def _document(data: bytes, content_type: str, name: str, graph: GraphName, base: str) -> Document:
    """Return a document whose type is told by a header, or by the name of its file."""
    kind, *parameters = (part.strip().lower() for part in content_type.split(";"))
    media_type = media.SYNONYMS.get(kind, kind)
    if media_type not in media.RDF_TYPES:
        media_type = media.media_type_of_file(name)
    if not media_type:
        raise Problem("unsupported-media-type", media_type=kind, accepted=", ".join(media.RDF_TYPES))
    charset = next(
        (p.removeprefix("charset=").strip('"') for p in parameters if p.startswith("charset=")), ""
    )
    return Document(_in_utf8(data, charset), media_type, graph.value, base)


def _in_utf8(data: bytes, charset: str) -> bytes:
    """Return a text in the charset that the parsers read."""
    if charset in ("", "utf-8", "utf8"):
        return data
    if charset not in CHARSETS:
        raise Problem("unsupported-media-type", media_type=f"charset={charset}", accepted=", ".join(CHARSETS))
    try:
        return data.decode(charset).encode()
    except UnicodeDecodeError as fault:
        raise Problem("malformed-request", message=f"the content is not {charset}") from fault
