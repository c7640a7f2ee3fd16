"""SPARQL 1.1 Protocol: queries over HTTP (https://www.w3.org/TR/sparql11-protocol/)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import parse_qsl

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response, StreamingResponse

from api.i18n import language_of
from api.negotiation import FORMAT_NAMES, HTML, acceptable, prefers_html
from api.problems import Problem
from api.service_description import service_description
from api.settings import Settings
from graph import media
from graph.engine import MEGABYTE, Answer, Engine, Limits
from graph.guard import precheck
from graph.store import WHOLE, Dataset

FORM = "application/x-www-form-urlencoded"
QUERY = "application/sparql-query"
OFFERED = (
    media.RESULTS_JSON,
    media.RESULTS_XML,
    media.CSV,
    media.TSV,
    media.TURTLE,
    media.JSONLD,
    media.NTRIPLES,
    media.RDFXML,
    media.TRIG,
    media.NQUADS,
)
"""Media types of answers, the preferred first; which of them fit depends on the form of the query."""
SYNONYMS = {"application/json": media.RESULTS_JSON, "text/xml": media.RESULTS_XML} | {
    name: kind for name, kind in media.SYNONYMS.items() if name not in ("application/json", "text/xml")
}
PARAMETERS = [
    {"name": name, "in": "query", "schema": {"type": "string"}, "description": description}
    for name, description in (
        ("query", "查询语句 · the query"),
        ("default-graph-uri", "默认图 · graph of the default graph; may be repeated"),
        ("named-graph-uri", "命名图 · named graph; may be repeated"),
        ("format", "json xml csv tsv turtle nt rdf jsonld trig nq；优先于 Accept · goes before Accept"),
    )
]
"""The parameters of the protocol, for the description of the interface."""


@dataclass(frozen=True)
class Question:
    """A query as the protocol carries it: its text, dataset, and the media types that the client takes."""

    text: str
    dataset: Dataset
    media_types: tuple[str, ...]


async def sparql(request: Request) -> Response:
    """Answer a query, or describe the service to whoever asks without one."""
    settings: Settings = request.app.state.settings
    parameters = await _parameters(request, settings)
    if not any(name == "query" for name, _ in parameters):
        if request.method == "POST":
            raise Problem("missing-query")
        return _description(request)
    question = _question(request, parameters)
    precheck(question.text, max_bytes=settings.query_bytes, max_depth=settings.query_depth)
    limits = Limits(settings.query_seconds, settings.query_memory * MEGABYTE)
    return await run_in_threadpool(_answered, request, question, limits, settings.answer_bytes)


def _answered(request: Request, question: Question, limits: Limits, whole: int) -> Response:
    """Return the answer in one piece, or as a stream when it is larger than ``whole`` bytes."""
    engine: Engine = request.app.state.engine
    answer = engine.answer(question.text, question.media_types, dataset=question.dataset, limits=limits)
    pieces, size = [], 0
    rest = iter(answer)
    for piece in rest:
        pieces.append(piece)
        size += len(piece)
        if size > whole:
            return StreamingResponse(
                _resumed(answer, pieces, rest), headers={"Vary": "Accept"}, media_type=answer.media_type
            )
    return tagged(request, b"".join(pieces), answer.media_type)


def _resumed(answer: Answer, pieces: list[bytes], rest: Iterator[bytes]) -> Iterator[bytes]:
    """Yield a long answer; a failure on the way breaks the connection off, so that nobody takes it for whole."""
    try:
        yield from pieces
        yield from rest
    finally:
        answer.close()


def tagged(request: Request, body: bytes, media_type: str, vary: str = "Accept") -> Response:
    """Return bytes with a strong ETag, or 304 when the client holds them."""
    etag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    headers = {"ETag": etag, "Vary": vary, "Cache-Control": "no-cache"}
    held = [tag.strip() for tag in request.headers.get("if-none-match", "").split(",")]
    if request.method in ("GET", "HEAD") and (etag in held or held == ["*"]):
        return Response(status_code=304, headers=headers)
    content_type = f"{media_type}; charset=utf-8" if media_type.startswith("text/") else media_type
    return Response(body, headers={**headers, "Content-Type": content_type})


async def _parameters(request: Request, settings: Settings) -> list[tuple[str, str]]:
    """Return the parameters of the request, wherever the protocol puts them."""
    parameters = list(request.query_params.multi_items())
    if request.method != "POST":
        return parameters
    content_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if content_type not in (FORM, QUERY):
        raise Problem("unsupported-media-type", media_type=content_type, accepted=f"{FORM}, {QUERY}")
    # A form writes up to three bytes for one, and may carry a dataset beside the query.
    text = await body_text(request, settings.query_bytes * 3 + 65_536)
    if content_type == QUERY:
        return [*parameters, ("query", text)]
    try:
        return [*parameters, *parse_qsl(text, keep_blank_values=True, errors="strict")]
    except ValueError as fault:
        raise Problem("malformed-request", message="the form is not UTF-8") from fault


async def body_text(request: Request, limit: int) -> str:
    """Return the body of a request as text; raises Problem when it is too large or not UTF-8."""
    try:
        return (await body_bytes(request, limit)).decode()
    except UnicodeDecodeError as fault:
        raise Problem("malformed-request", message="the content is not UTF-8") from fault


async def body_bytes(request: Request, limit: int) -> bytes:
    """Return the body of a request; raises Problem when it is larger than ``limit`` bytes."""
    parts, size = [], 0
    async for part in request.stream():
        size += len(part)
        if size > limit:
            raise Problem("body-too-large", limit=limit)
        parts.append(part)
    return b"".join(parts)


def _question(request: Request, parameters: list[tuple[str, str]]) -> Question:
    texts = [value for name, value in parameters if name == "query"]
    if len(texts) != 1:
        raise Problem("missing-query")
    default = tuple(value for name, value in parameters if name == "default-graph-uri")
    named = tuple(value for name, value in parameters if name == "named-graph-uri")
    # The protocol's dataset replaces the whole: what it does not name is empty.
    dataset = Dataset(default, named) if default or named else WHOLE
    return Question(texts[0], dataset, _media_types(request, parameters))


def _media_types(request: Request, parameters: list[tuple[str, str]]) -> tuple[str, ...]:
    wished = [value for name, value in parameters if name == "format"]
    if wished:
        name = FORMAT_NAMES.get(wished[-1].lower(), wished[-1])
        kinds = [name] if name in OFFERED else []
        # "json" and "xml" mean the same wish for a graph as for rows.
        kinds += {media.RESULTS_JSON: [media.JSONLD], media.RESULTS_XML: [media.RDFXML]}.get(name, [])
    else:
        kinds = acceptable(request.headers.get("accept", ""), OFFERED, SYNONYMS)
    if not kinds:
        raise Problem("not-acceptable", offered=", ".join(OFFERED))
    return tuple(kinds)


def _description(request: Request) -> Response:
    if prefers_html(request):
        language = language_of(request)
        return RedirectResponse(f"/query?lang={language}", 303, headers={"Vary": "Accept"})
    accepted = acceptable(request.headers.get("accept", ""), media.RDF_TYPES, media.SYNONYMS)
    if not accepted:
        raise Problem("not-acceptable", offered=", ".join((HTML, *media.RDF_TYPES)))
    return tagged(request, service_description(str(request.url_for("sparql")), accepted[0]), accepted[0])
