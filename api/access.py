"""Access: who asks, what they may do, and what every address demands. Nothing is open that does not say so."""

from __future__ import annotations

import hmac
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from ipaddress import ip_address
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from fastapi.routing import RouteContext, iter_route_contexts
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import MutableHeaders
from starlette.requests import Request, cookie_parser
from starlette.routing import BaseRoute
from starlette.types import ASGIApp, Message, Receive, Send
from starlette.types import Scope as Connection

from api.errors import Page, problem_response
from api.problems import Problem
from api.roles import GRANTED, ROLES, Role, Scope
from api.uploads import form_of

if TYPE_CHECKING:
    from api.accounts import Accounts

__all__ = [
    "COOKIE",
    "GRANTED",
    "NOBODY",
    "OPEN_PATHS",
    "ROLES",
    "Admission",
    "Gate",
    "Identity",
    "Role",
    "Scope",
    "Undeclared",
    "check_declared",
    "declared",
    "identity_of",
    "is_this_machine",
    "needs",
    "refused",
]

OPEN_PATHS: Final = frozenset({"/static", "/static/swagger", "/openapi.json"})
"""Files of the program itself, which no route of ours serves; they are open to everybody."""

COOKIE: Final = "medalliance_session"
"""Name of the cookie that holds the id of a session."""

SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
"""Methods that change nothing."""

LARGEST_QUESTION: Final = 1024 * 1024
"""Bytes that somebody may send who may not bring data in."""

_UPLOADING: Final[tuple[Scope, ...]] = ("import", "edit", "update")
_PASSED_ON = frozenset({b"forwarded", b"x-forwarded-for", b"x-forwarded-host", b"x-real-ip", b"via"})
_FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")


@dataclass(frozen=True)
class Identity:
    """Who asks: a person who signed in, a token, the command line of this machine, or nobody in particular.

    Attributes:
        name: as it stands in the history (empty: nobody in particular).
        role: the role of a person; ``public`` for nobody and for tokens.
        scopes: what they may do.
        csrf: what a form must send back (empty: no session).
    """

    name: str
    role: Role
    scopes: frozenset[Scope]
    csrf: str = ""

    def may(self, scope: Scope) -> bool:
        """Tell whether they may do what a scope allows."""
        return scope in self.scopes


NOBODY = Identity("", "public", frozenset({"open", "read"}))
"""Who sends neither a session nor a token."""
STRANGER = Identity("", "public", frozenset({"open"}))
"""The same where even reading needs signing in."""
LOCAL = Identity("", "public", frozenset({"open", "read", "update"}))
"""The same on the machine of a plain dataset that listens to nobody else."""
COMMAND_LINE = Identity("command line", "admin", ROLES["admin"] - {"account"})
"""Whoever may read the data directory of the running server."""


class needs:  # noqa: N801 - read as a word: Depends(needs("import"))
    """A dependency of a route: it lets pass who has a scope. Every route has one; ``create_app`` checks it."""

    def __init__(self, scope: Scope, *, changes: bool = True) -> None:
        """Demand a scope.

        Args:
            scope: what is demanded.
            changes: whether POST and the like change anything here; a query does not.
        """
        self.scope: Scope = scope
        self.changes = changes

    async def __call__(self, request: Request) -> None:
        """Let the request pass.

        Raises:
            Problem: ``unauthorized`` or ``forbidden``; for what changes something also ``read-only``, ``other-site``
                and ``stale-form``.
        """
        writes = self.changes and request.method not in SAFE
        if writes and self.scope != "open" and request.app.state.settings.read_only:
            raise Problem("read-only")
        identity = identity_of(request)
        if not identity.may(self.scope):
            raise refused(identity, self.scope)
        if writes and (identity.csrf or not identity.name):
            await _check_own_page(request, identity)


def refused(identity: Identity, scope: Scope) -> Problem:
    """Return the problem of somebody who may not do what a scope allows."""
    if identity.name:
        return Problem("forbidden", scope=scope, who=identity.name)
    return Problem("unauthorized", scope=scope, headers={"WWW-Authenticate": "Bearer"})


def identity_of(request: Request) -> Identity:
    """Return who sent a request."""
    known: Identity = getattr(request.state, "identity", NOBODY)
    return known


async def _check_own_page(request: Request, identity: Identity) -> None:
    """Raise a Problem unless a page of ours sent the request: browsers send cookies along with anybody's forms."""
    if not is_same_origin(request):
        raise Problem("other-site")
    if identity.csrf:
        sent = request.headers.get("x-csrf-token") or await _sent_in_form(request)
        if not hmac.compare_digest(sent.encode(), identity.csrf.encode()):
            raise Problem("stale-form")


def is_same_origin(request: Request) -> bool:
    """Tell whether a request comes from a page of this service, by what the browser says of its origin.

    A program that says nothing of it is believed: no browser of today leaves both headers out.
    """
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return site == "same-origin"
    origin = request.headers.get("origin")
    if origin is None:
        return True
    ours = (request.headers.get("host", ""), urlsplit(request.app.state.settings.base).netloc)
    return bool(urlsplit(origin).netloc) and urlsplit(origin).netloc in ours


async def _sent_in_form(request: Request) -> str:
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() not in _FORMS:
        return ""
    sent = (await form_of(request)).get("csrf", "")
    return sent if isinstance(sent, str) else ""


class Gate:
    """Finds out who asks, by what a request shows."""

    def __init__(self, *, closed: bool = False) -> None:
        """Say whether even reading needs signing in."""
        self.nobody = STRANGER if closed else NOBODY

    async def identity(self, scope: Connection) -> Identity:
        """Return who sent a request.

        Raises:
            Problem: ``invalid-token``.
        """
        authorization, cookie = _credentials(scope["headers"])
        if not authorization and not cookie:
            return self.nobody
        return await self.known(scope["app"].state, authorization, cookie)

    async def known(self, state: Any, authorization: str, cookie: str) -> Identity:
        """Return who shows a token, or the id of a session; raises as ``identity``."""
        if authorization:
            return await self._of_token(state, authorization)
        accounts: Accounts = state.accounts
        session = accounts.session(cookie)
        if session is None:
            return self.nobody
        if accounts.is_use_stale(session.used):
            await run_in_threadpool(accounts.note_session_use, cookie)
        person = session.person
        return Identity(person.name, person.role, ROLES[person.role], session.csrf)

    async def _of_token(self, state: Any, secret: str) -> Identity:
        if state.control_secret and hmac.compare_digest(secret.encode(), state.control_secret.encode()):
            return COMMAND_LINE
        accounts: Accounts = state.accounts
        token = accounts.token(secret)
        if token is None:
            challenge = 'Bearer error="invalid_token"'
            raise Problem("invalid-token", headers={"WWW-Authenticate": challenge})
        if accounts.is_use_stale(token.used):
            await run_in_threadpool(accounts.note_token_use, token.id)
        return Identity(f"token {token.name}", "public", token.scopes | self.nobody.scopes)


class Admission:
    """Middleware that finds out who asks. A request with neither cookie nor token passes as it is.

    A token that is not valid is refused wherever it is sent: who shows one means to be known by it, and must not take
    the answer for the public for theirs. A session that has ended is nobody's.
    """

    def __init__(
        self, app: ASGIApp, *, closed: bool = False, trusting: bool = False, page: Page | None = None
    ) -> None:
        """Take the application.

        Args:
            app: what answers.
            closed: whether even reading needs signing in.
            trusting: whether programs on this machine may write without a token.
            page: renders a problem for a browser.
        """
        self.app, self.page, self.trusting = app, page, trusting
        self.gate = Gate(closed=closed)
        self.nobody = self.gate.nobody

    async def __call__(self, scope: Connection, receive: Receive, send: Send) -> None:
        """Put the identity on ``request.state`` and pass the request on."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        authorization, cookie = _credentials(scope["headers"])
        if not authorization and not cookie:
            nobody = LOCAL if self.trusting and is_from_this_machine(scope) else self.nobody
            if nobody is not NOBODY:
                scope.setdefault("state", {})["identity"] = nobody
            await self.app(scope, _bounded(scope, receive, nobody), send)
            return
        try:
            identity = await self.gate.known(scope["app"].state, authorization, cookie)
        except Problem as problem:
            response = problem_response(Request(scope), problem, self.page)
            await response(scope, receive, send)
            return
        scope.setdefault("state", {})["identity"] = identity
        is_ours = scope["path"].startswith("/static/")  # the same for everybody
        await self.app(scope, _bounded(scope, receive, identity), send if is_ours else _for_one_reader(send))


def is_this_machine(host: str) -> bool:
    """Tell whether a host name or address can only mean the machine that uses it."""
    if host.lower().rstrip(".") == "localhost":
        return True
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def is_from_this_machine(scope: Connection) -> bool:
    """Tell whether a program on this machine sent a request: straight, and to a name that only this machine has.

    A page from elsewhere whose name was made to lead here (DNS rebinding) asks for its own name; what a proxy passes
    on comes from who knows where.
    """
    headers = {name: value.decode("latin-1") for name, value in scope["headers"]}
    host = urlsplit(f"//{headers.get(b'host', '')}").hostname or ""
    is_passed_on = not headers.keys().isdisjoint(_PASSED_ON)
    return not is_passed_on and is_this_machine(host) and is_this_machine((scope.get("client") or ("",))[0])


def _credentials(headers: Iterable[tuple[bytes, bytes]]) -> tuple[str, str]:
    """Return the bearer token and the session's id that a request shows; ``?`` stands for an empty token."""
    authorization, cookie = "", ""
    for name, value in headers:
        if name == b"authorization":
            kind, _, token = value.decode("latin-1").partition(" ")
            # What a proxy in front asks for (Basic and others) is not for us.
            authorization = (token.strip() or "?") if kind.lower() == "bearer" else authorization
        elif name == b"cookie" and COOKIE.encode() in value:
            cookie = cookie_parser(value.decode("latin-1")).get(COOKIE, "")
    return authorization, cookie


def _bounded(scope: Connection, receive: Receive, identity: Identity) -> Receive:
    """Return a receiver of no more than who sends it may send: handlers may read a body before they are asked."""
    if scope["method"] in SAFE:
        return receive
    uploads = not identity.scopes.isdisjoint(_UPLOADING)
    limit: int = scope["app"].state.settings.body_bytes if uploads else LARGEST_QUESTION
    size = 0

    async def received() -> Message:
        nonlocal size
        message = await receive()
        size += len(message.get("body", b""))
        if size > limit:
            raise Problem("body-too-large", limit=limit)
        return message

    return received


def _for_one_reader(send: Send) -> Send:
    """Return a sender that tells caches in between to keep nothing that was made for one reader."""

    async def sent(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            if "no-store" not in headers.get("cache-control", ""):
                # Going back after signing out must not show a page again; data may be asked for anew by its ETag.
                is_page = headers.get("content-type", "").startswith("text/html")
                headers["Cache-Control"] = "private, no-store" if is_page else "private, no-cache"
            for name in ("Cookie", "Authorization"):
                if name not in headers.get("vary", ""):
                    headers.add_vary_header(name)
        await send(message)

    return sent


class Undeclared(Exception):
    """A route says nothing of who may use it, or says it twice; the paths are named."""


def declared(route: RouteContext) -> list[needs]:
    """Return what a route demands."""
    dependant = getattr(route, "dependant", None)
    return [one.call for one in dependant.dependencies if isinstance(one.call, needs)] if dependant else []


def undeclared(routes: Iterable[BaseRoute]) -> Iterator[str]:
    """Yield the paths of routes that do not declare exactly one scope; what ``OPEN_PATHS`` names is open."""
    for route in iter_route_contexts(list(routes)):
        if route.path not in OPEN_PATHS and len(declared(route)) != 1:
            yield str(route.path)


def check_declared(routes: Iterable[BaseRoute]) -> None:
    """Raise Undeclared when a route does not declare exactly one scope."""
    if paths := sorted(set(undeclared(routes))):
        raise Undeclared(", ".join(paths))
