"""SPARQL 1.1 Protocol: queries over HTTP (https://www.w3.org/TR/sparql11-protocol/).

``/sparql`` is answered ahead of the framework's routing and of the middleware that serves pages: an answer that is
kept costs little more than reading the request. The route is declared all the same, for the description of the
interface, and because every address says what it demands.
"""

from __future__ import annotations

import asyncio
import logging
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from time import perf_counter
from typing import Any, Final
from urllib.parse import unquote_to_bytes

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from api.access import Gate, Identity, refused
from api.answer_cache import Held
from api.answering import Outcome, Question, Stream, kept, outcome_of
from api.budgets import Asker, asker_of
from api.errors import Page, problem_response
from api.i18n import language_of
from api.kept_answer import Header, send_kept, takes_gzip
from api.negotiation import FORMAT_NAMES, HTML, acceptable, prefers_html
from api.presence import Presence
from api.problems import EXPECTED, Problem, problem_of
from api.request_body import body_bytes, body_text, content_type, tagged
from api.security import RAW_HEADERS
from api.service_description import service_description
from api.settings import Settings
from graph import media
from graph.engine import MemoryLimitReached
from graph.store import WHOLE, Dataset

__all__ = ["PARAMETERS", "PATH", "Sparql", "SparqlFirst", "body_bytes", "body_text", "tagged"]

PATH: Final = "/sparql"
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

METHODS = "GET, HEAD, POST, OPTIONS"
_SHORT = 8_192
"""Bytes of a request whose understanding is remembered."""
_CROSS_ORIGIN = (
    (b"access-control-allow-origin", b"*"),
    (b"access-control-expose-headers", b"ETag, Retry-After, Cache-Status, Server-Timing, Content-Language"),
)
_PREFLIGHT = (
    (b"access-control-allow-methods", METHODS.encode()),
    (b"access-control-allow-headers", b"Accept, Accept-Language, Authorization, Content-Type, If-None-Match"),
    (b"access-control-max-age", b"86400"),
)
_VARY = b"Accept, Accept-Encoding"
_VARY_OF_ONE = b"Accept, Accept-Encoding, Cookie, Authorization"


@dataclass(frozen=True)
class Asked:
    """What of a request counts: how its parameters were sent, and what the client takes."""

    parameters: tuple[tuple[str, str], ...]
    accept: str

    def values(self, name: str) -> tuple[str, ...]:
        """Return all values of a parameter."""
        return tuple(value for key, value in self.parameters if key == name)


class Sparql:
    """The address, as an ASGI application."""

    def __init__(self, settings: Settings, gate: Gate, page: Page | None = None) -> None:
        """Take what is set, who says who asks, and what renders a problem for a browser."""
        self._settings, self._gate, self._page = settings, gate, page
        self._common: list[Header] = [*RAW_HEADERS, *(_CROSS_ORIGIN if settings.cross_origin else ())]
        self._body_limit = settings.query_bytes * 3 + 65_536  # a form writes up to three bytes for one

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        try:
            await self._answer(scope, receive, send)
        except (*EXPECTED, Problem) as fault:
            await self._send_problem(scope, receive, send, problem_of(fault, self._seconds(scope)))
        except Exception as fault:
            logging.getLogger(__name__).exception("a query failed")
            await self._send_problem(scope, receive, send, problem_of(fault, 0))

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        method: str = scope["method"]
        if method == "OPTIONS":
            await self._send_options(send)
            return
        if method not in ("GET", "HEAD", "POST"):
            raise Problem("method-not-allowed", method=method, headers={"Allow": METHODS})
        identity = await self._gate.identity(scope)
        scope.setdefault("state", {})["identity"] = identity
        if not identity.may("read"):
            raise refused(identity, "read")
        headers = dict(scope["headers"])
        sent = await self._sent(scope, receive, headers)
        question = _question(scope["query_string"], *sent, headers.get(b"accept", b""))
        if question is None:
            if method == "POST":
                raise Problem("missing-query")
            described = await run_in_threadpool(_description, Request(scope, receive))
            await self._send_response(scope, receive, send, described)
            return
        state = scope["app"].state
        if held := kept(state, question):
            await self._send_held(scope, send, headers, held, "hit", identity)
            return
        asker = asker_of(scope, identity, self._settings)
        with Presence(receive) as presence:
            outcome = await outcome_of(state, question, asker)
            if isinstance(outcome.answer, Stream):
                await self._send_stream(scope, send, headers, outcome, asker, question, identity)
        if not presence.is_gone and isinstance(outcome.answer, Held):
            await self._send_held(scope, send, headers, outcome.answer, outcome.way, identity)

    def _seconds(self, scope: Scope) -> float:
        """Return the time limit that was in force."""
        identity = scope.get("state", {}).get("identity")
        return asker_of(scope, identity, self._settings).limits.seconds if identity else 0

    async def _sent(self, scope: Scope, receive: Receive, headers: dict[bytes, bytes]) -> tuple[bytes, str]:
        """Return the body of a request and its media type; both are empty when it has none."""
        if scope["method"] != "POST":
            return b"", ""
        kind, _, parameters = headers.get(b"content-type", b"").decode("latin-1").partition(";")
        media_type = kind.strip().lower()
        if media_type not in (FORM, QUERY):
            raise Problem("unsupported-media-type", media_type=media_type, accepted=f"{FORM}, {QUERY}")
        charset = _charset(parameters)
        if charset not in ("", "utf-8", "utf8", "us-ascii"):
            raise Problem("malformed-request", message=f"the content is {charset}, not UTF-8")
        return await body_bytes(Request(scope, receive), self._body_limit), media_type

    async def _send_held(
        self, scope: Scope, send: Send, headers: dict[bytes, bytes], held: Held, way: str, identity: Identity
    ) -> None:
        """Send a whole answer."""
        told = [*self._common, *_caching(identity), *_told(way, held.seconds)]
        of_body = ((b"content-type", content_type(held.media_type).encode()),)
        await send_kept(send, held, headers, told, of_body, method=scope["method"])

    async def _send_stream(
        self,
        scope: Scope,
        send: Send,
        headers: dict[bytes, bytes],
        outcome: Outcome,
        asker: Asker,
        question: Question,
        identity: Identity,
    ) -> None:
        """Send a long answer piece by piece.

        A failure on the way leaves the answer without its end, so that the server breaks the connection off and
        nobody takes the answer for whole.
        """
        stream = outcome.answer
        assert isinstance(stream, Stream)  # noqa: S101 - see the caller
        begun, state = perf_counter(), scope["app"].state
        said = [*self._common, *_caching(identity), *_told(outcome.way, None)]
        said.append((b"content-type", content_type(stream.rest.media_type).encode()))
        packer = zlib.compressobj(1, wbits=31) if takes_gzip(headers.get(b"accept-encoding", b"")) else None
        if packer:
            said.append((b"content-encoding", b"gzip"))
        result = "cut off"
        try:
            await send({"type": "http.response.start", "status": 200, "headers": said})
            if scope["method"] != "HEAD":
                async with asyncio.timeout(asker.limits.seconds):
                    await self._send_pieces(send, stream, packer)
            await send({"type": "http.response.body", "body": packer.flush() if packer else b""})
            result = "streamed"
        except (*EXPECTED, TimeoutError) as fault:
            result = type(fault).__name__
        finally:
            stream.rest.close()
            seconds = perf_counter() - begun
            state.budgets.spend(asker.key, seconds, error=result not in ("streamed", "cut off"))
            state.slow_log.note(question.text, seconds, asker.name, result)

    async def _send_pieces(self, send: Send, stream: Stream, packer: Any) -> None:
        size, left = stream.size, stream.pieces
        for at, piece in enumerate(left):
            left[at] = b""  # what was sent is not held any longer
            await _send_piece(send, piece, packer)
        while (more := await stream.rest.piece()) is not None:
            size += len(more)
            if size > self._settings.stream_bytes:
                raise MemoryLimitReached
            await _send_piece(send, more, packer)

    async def _send_options(self, send: Send) -> None:
        said = [*self._common, (b"allow", METHODS.encode())]
        said += _PREFLIGHT if self._settings.cross_origin else ()
        await send({"type": "http.response.start", "status": 204, "headers": said})
        await send({"type": "http.response.body", "body": b""})

    async def _send_problem(self, scope: Scope, receive: Receive, send: Send, problem: Problem) -> None:
        response = problem_response(Request(scope, receive), problem, self._page)
        await self._send_response(scope, receive, send, response)

    async def _send_response(self, scope: Scope, receive: Receive, send: Send, response: Response) -> None:
        response.raw_headers.extend(self._common)
        if scope["method"] == "HEAD":
            response.body = b""
        await response(scope, receive, send)


class SparqlFirst:
    """Answers ``/sparql`` before anything else looks at the request; passes all others on.

    As middleware it comes before ours. Around the whole application it also comes before what the framework does with
    every request, which takes as long as reading an answer that is kept.
    """

    def __init__(self, app: ASGIApp, *, sparql: Sparql, whole: object = None) -> None:
        """Take what the others are for.

        Args:
            app: answers other addresses.
            sparql: answers this one.
            whole: the application, when this is around it.
        """
        self.app, self._sparql, self._whole = app, sparql, whole

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or pass the request on."""
        if scope["type"] == "http" and scope["path"] == PATH:
            if self._whole is not None:
                scope["app"] = self._whole
            await self._sparql(scope, receive, send)
        else:
            # Handlers that run in threads ask in this loop, see ``api.answering``.
            scope.setdefault("state", {})["loop"] = asyncio.get_running_loop()
            await self.app(scope, receive, send)


async def _send_piece(send: Send, piece: bytes, packer: Any) -> None:
    body = packer.compress(piece) if packer else piece
    if body:
        await send({"type": "http.response.body", "body": body, "more_body": True})


def _caching(identity: Identity) -> tuple[Header, Header]:
    """Return what tells caches in between whether they may keep the answer: not what was made for one reader."""
    if identity.name:
        return (b"cache-control", b"private, no-cache"), (b"vary", _VARY_OF_ONE)
    return (b"cache-control", b"no-cache"), (b"vary", _VARY)


def _told(way: str, seconds: float | None) -> Iterator[Header]:
    """Yield what tells how the answer came about (RFC 9211, Server-Timing)."""
    yield b"cache-status", b"medalliance; hit" if way == "hit" else b"medalliance; fwd=%s" % way.encode()
    if seconds is not None:
        yield b"server-timing", b"engine;dur=%.2f" % (seconds * 1000)


def _charset(parameters: str) -> str:
    for parameter in parameters.split(";"):
        name, _, value = parameter.partition("=")
        if name.strip().lower() == "charset":
            return value.strip().strip('"').lower()
    return ""


def _question(query_string: bytes, body: bytes, media_type: str, accept: bytes) -> Question | None:
    """Return the question that a request asks, ``None`` when it asks none."""
    understand = _remembered if len(query_string) + len(body) < _SHORT else _understood
    return understand(query_string, body, media_type, accept)


def _understood(query_string: bytes, body: bytes, media_type: str, accept: bytes) -> Question | None:
    parameters = _parameters(query_string, body, media_type)
    asked = Asked(tuple(parameters), accept.decode("latin-1"))
    texts = asked.values("query")
    if not texts:
        return None
    if len(texts) != 1:
        raise Problem("missing-query")
    default, named = asked.values("default-graph-uri"), asked.values("named-graph-uri")
    # The protocol's dataset replaces the whole: what it does not name is empty.
    dataset = Dataset(default, named) if default or named else WHOLE
    return Question(texts[0], _media_types(asked), dataset)


_remembered = lru_cache(maxsize=2048)(_understood)


def _parameters(query_string: bytes, body: bytes, media_type: str) -> list[tuple[str, str]]:
    """Return the parameters of the request, wherever the protocol puts them."""
    try:
        if media_type == QUERY:
            return [*_fields(query_string), ("query", body.decode())]
        return [*_fields(query_string), *_fields(body)]
    except ValueError as fault:
        raise Problem("malformed-request", message="what was sent is not UTF-8") from fault


def _fields(form: bytes) -> Iterator[tuple[str, str]]:
    """Yield the fields of a form; raises ValueError for what is not UTF-8."""
    for field in form.split(b"&"):
        if field:
            name, _, value = field.replace(b"+", b" ").partition(b"=")
            yield unquote_to_bytes(name).decode(), unquote_to_bytes(value).decode()


@lru_cache(maxsize=512)
def _accepted(accept: str) -> list[str]:
    return acceptable(accept, OFFERED, SYNONYMS)


def _media_types(asked: Asked) -> tuple[str, ...]:
    wished = asked.values("format")
    # SPARQLWrapper says it twice: by a name, and by what belongs into Accept.
    kinds = next(filter(None, map(_wished, wished)), []) if wished else _accepted(asked.accept)
    if not kinds:
        raise Problem("not-acceptable", offered=", ".join(OFFERED))
    return tuple(kinds)


def _wished(text: str) -> list[str]:
    """Return the media types that one ``format=`` means: a short name, or media types as in Accept."""
    name = FORMAT_NAMES.get(text.lower(), text)
    # "json" and "xml" mean the same wish for a graph as for rows.
    more = {media.RESULTS_JSON: [media.JSONLD], media.RESULTS_XML: [media.RDFXML]}.get(name, [])
    return [name, *more] if name in OFFERED else _accepted(text) if "/" in text else []


def _description(request: Request) -> Response:
    if prefers_html(request):
        language = language_of(request)
        return RedirectResponse(f"/query?lang={language}", 303, headers={"Vary": "Accept"})
    accepted = acceptable(request.headers.get("accept", ""), media.RDF_TYPES, media.SYNONYMS)
    if not accepted:
        raise Problem("not-acceptable", offered=", ".join((HTML, *media.RDF_TYPES)))
    return tagged(request, service_description(request, accepted[0]), accepted[0])


class Declared(Response):
    """The answer of the declared route: the same application, should a request ever get so far."""

    def __init__(self, sparql: ASGIApp) -> None:
        super().__init__()
        self._sparql = sparql

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer."""
        await self._sparql(scope, receive, send)
