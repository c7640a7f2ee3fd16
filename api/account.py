"""The account page: one's own password and sign-ins; for administrators also people and tokens."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Annotated
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from api.access import COOKIE, GRANTED, ROLES, identity_of, needs
from api.accounts import Accounts, end_of_day
from api.credentials import Credentials
from api.i18n import language_of
from api.pages import frame
from api.permissions import roles, scopes
from api.problems import Problem
from api.settings import Settings
from api.signin import address_of, with_session
from api.templating import page, view_of
from api.uploads import form_of

router = APIRouter(prefix="/account", include_in_schema=False)

OWN = Depends(needs("account"))
ADMIN = Depends(needs("admin"))


class Sent:
    """The fields of a form."""

    def __init__(self, fields: Mapping[str, list[str]]) -> None:
        self._fields = fields

    def one(self, name: str) -> str:
        """Return a field, empty when it was not sent."""
        return next(iter(self._fields.get(name, [])), "")

    def all(self, name: str) -> list[str]:
        """Return all fields of a name."""
        return self._fields.get(name, [])


async def _sent(request: Request) -> Sent:
    found: dict[str, list[str]] = {}
    for name, value in (await form_of(request)).multi_items():
        if isinstance(value, str):
            found.setdefault(name, []).append(value)
    return Sent(found)


Form = Annotated[Sent, Depends(_sent)]


@router.get("", dependencies=[OWN])
def account_page(request: Request, done: str = "") -> Response:
    """Return the page."""
    return _page(request, done=done)


@router.post("/password", dependencies=[OWN])
async def change_password(request: Request, sent: Form) -> Response:
    """Change one's own password; every other session of the account ends, and this one gets a new id."""

    def change() -> Response:
        credentials, name = _credentials(request), identity_of(request).name
        credentials.person(name, sent.one("current"), address_of(request))
        digest = credentials.digest(name, sent.one("password"), sent.one("again"))
        credentials.accounts.set_password(name, digest)
        return with_session(_done(request, "password"), request, credentials.accounts.open_session(name))

    return await _answered(request, change)


@router.post("/sessions", dependencies=[OWN])
async def end_sessions(request: Request, sent: Form) -> Response:
    """End one of one's own sessions, or all but this one."""

    def end() -> Response:
        accounts, name = _accounts(request), identity_of(request).name
        if mark := sent.one("mark"):
            accounts.end_session_marked(name, mark)
        else:
            accounts.end_sessions(name, keep=request.cookies.get(COOKIE, ""))
        return _done(request, "sessions")

    return await _answered(request, end)


@router.post("/people", dependencies=[ADMIN])
async def add_person(request: Request, sent: Form) -> Response:
    """Add somebody with a role and a first password."""

    def add() -> Response:
        credentials, name = _credentials(request), sent.one("name")
        digest = credentials.digest(name, sent.one("password"), sent.one("again"))
        credentials.accounts.add_person(name, sent.one("role"), digest)
        return _done(request, "person")

    return await _answered(request, add)


@router.post("/people/role", dependencies=[ADMIN])
async def change_role(request: Request, sent: Form) -> Response:
    """Give somebody another role."""

    def change() -> Response:
        _accounts(request).set_role(sent.one("name"), sent.one("role"))
        return _done(request, "role")

    return await _answered(request, change)


@router.post("/people/password", dependencies=[ADMIN])
async def reset_password(request: Request, sent: Form) -> Response:
    """Give somebody another password and end their sessions."""

    def reset() -> Response:
        credentials, name = _credentials(request), sent.one("name")
        digest = credentials.digest(name, sent.one("password"), sent.one("again"))
        credentials.accounts.set_password(name, digest)
        return _done(request, "reset")

    return await _answered(request, reset)


@router.post("/people/disable", dependencies=[ADMIN])
async def disable(request: Request, sent: Form) -> Response:
    """Let somebody sign in no more."""

    def change() -> Response:
        _accounts(request).disable(sent.one("name"))
        return _done(request, "disabled")

    return await _answered(request, change)


@router.post("/people/enable", dependencies=[ADMIN])
async def enable(request: Request, sent: Form) -> Response:
    """Let somebody sign in again."""

    def change() -> Response:
        _accounts(request).enable(sent.one("name"))
        return _done(request, "enabled")

    return await _answered(request, change)


@router.post("/tokens", dependencies=[ADMIN])
async def add_token(request: Request, sent: Form) -> Response:
    """Make a token; the page that answers is the only one that ever shows its secret."""

    def add() -> Response:
        settings: Settings = request.app.state.settings
        token, secret = _accounts(request).add_token(
            sent.one("name"),
            sent.all("scope"),
            made_by=identity_of(request).name,
            expires=end_of_day(sent.one("expires"), settings.timezone, request.app.state.today()),
        )
        return _page(request, made=(token, secret), status=201)

    return await _answered(request, add)


@router.post("/tokens/revoke", dependencies=[ADMIN])
async def revoke_token(request: Request, sent: Form) -> Response:
    """Make a token open nothing any more."""

    def revoke() -> Response:
        _accounts(request).revoke(sent.one("token"))
        return _done(request, "revoked")

    return await _answered(request, revoke)


async def _answered(request: Request, work: Callable[[], Response]) -> Response:
    """Return what came of the work; what was wrong with it is said on the page itself."""
    try:
        return await run_in_threadpool(work)
    except Problem as problem:
        return await run_in_threadpool(_page, request, problem=problem)


def _done(request: Request, what: str) -> Response:
    return RedirectResponse(view_of(request).local(f"/account?done={what}"), 303)


def _page(
    request: Request, *, done: str = "", problem: Problem | None = None, status: int = 200, **more: object
) -> Response:
    identity, accounts = identity_of(request), _accounts(request)
    is_admin = identity.may("admin")
    secret = request.cookies.get(COOKIE, "")
    this = accounts.session(secret) if secret else None
    zone = ZoneInfo(request.app.state.settings.timezone)
    request.state.shown_at = "/account"
    response = page(
        request,
        "account.html",
        problem.status if problem else status,
        problem=problem.body(language_of(request)) if problem else None,
        done=done,
        role=roles()[identity.role],
        roles={role: roles()[role] for role in ROLES},
        scopes={scope: scopes()[scope] for scope in GRANTED},
        sessions=accounts.sessions(identity.name),
        this=this.mark if this else "",
        people=accounts.people() if is_admin else [],
        tokens=accounts.tokens() if is_admin else [],
        now=accounts.clock(),
        zone=zone.key,
        moment=lambda at: at.astimezone(zone).strftime("%Y-%m-%d %H:%M"),
        **({"made": None} | more),
        **frame(request),
    )
    response.headers["Cache-Control"] = "no-store"
    response.headers.update(problem.headers if problem else {})
    return response


def _accounts(request: Request) -> Accounts:
    accounts: Accounts = request.app.state.accounts
    return accounts


def _credentials(request: Request) -> Credentials:
    credentials: Credentials = request.app.state.credentials
    return credentials
