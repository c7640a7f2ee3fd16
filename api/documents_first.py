"""Documents that are kept, answered before anything else looks at the request.

Finding the route, a thread and the middleware for pages take several times as long as sending bytes that are there.
Only what everybody may read is answered so, to whoever shows neither token nor session.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass

from starlette.types import ASGIApp, Receive, Scope, Send

from api.answer_cache import AnswerCache, Held
from api.kept_answer import send_kept
from api.security import RAW_HEADERS
from graph.engine import Engine, State

MOST = 20_000
"""Addresses, with what clients accept, that are remembered."""
_LONG_WAY = (b"authorization", b"cookie", b"if-modified-since", b"range")
"""Headers because of which a request takes the long way."""

Asked = tuple[str, bytes]
"""A path, and what the client accepts."""


@dataclass(frozen=True)
class Prepared:
    """Where a kept document is found, and the headers that it has whether packed or not."""

    key: Hashable
    headers: tuple[tuple[bytes, bytes], ...]


class PreparedDocuments:
    """Which document answers what, for one state of the graph."""

    def __init__(self) -> None:
        self._state: State = (-1, -1)
        self._known: OrderedDict[Asked, Prepared] = OrderedDict()

    def remember(self, state: State, asked: Asked, prepared: Prepared) -> None:
        """Note which document answers a request, from now on and until the graph changes."""
        if state != self._state:
            self._state, self._known = state, OrderedDict()
        self._known[asked] = prepared
        while len(self._known) > MOST:
            self._known.popitem(last=False)

    def find(self, state: State, asked: Asked) -> Prepared | None:
        """Return the document that answers a request, if it is known."""
        return self._known.get(asked) if state == self._state else None


class DocumentsFirst:
    """Middleware that answers what is kept, and passes everything else on."""

    def __init__(self, app: ASGIApp, *, closed: bool) -> None:
        """Take the application; ``closed``: even reading needs signing in, so that nothing is answered here."""
        self.app, self._is_closed = app, closed

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or pass the request on."""
        found = None if self._is_closed or scope["type"] != "http" else _kept(scope)
        if found is None:
            await self.app(scope, receive, send)
            return
        prepared, held, headers = found
        await send_kept(send, held, headers, [*prepared.headers, *RAW_HEADERS])


def _kept(scope: Scope) -> tuple[Prepared, Held, dict[bytes, bytes]] | None:
    if scope["method"] != "GET" or scope["query_string"]:
        return None
    headers = dict(scope["headers"])
    if any(name in headers for name in _LONG_WAY):
        return None
    state = scope["app"].state
    documents: PreparedDocuments = state.documents
    engine: Engine | None = getattr(state, "engine", None)
    if engine is None:
        return None
    now = engine.version, engine.edition
    prepared = documents.find(now, (scope["path"], headers.get(b"accept", b"")))
    if prepared is None:
        return None
    answers: AnswerCache = state.answers
    held = answers.get((now, prepared.key))
    return (prepared, held, headers) if held else None
