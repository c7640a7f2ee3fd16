"""Every route × every method × every caller: who is let through, and who is refused, as one table.

``EXPECTED`` says what each address demands, ``MAY`` what each role has; both are written here anew, by the design and
not by the code. A route that the table does not name fails the first test.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI
from fastapi.routing import iter_route_contexts
from in_process import client_of
from page_data import with_quads
from people import DIGEST, Caller, accounts_in, bearer, quick, signed_in
from starlette.responses import Response

from api.access import COOKIE
from api.accounts import Accounts
from api.app import create_app
from api.holdings import hold
from api.settings import Settings
from engines import nursery
from graph.data_directory import DataDirectory
from graph.repository import Repository
from samples import BASE

EXPECTED: Mapping[str, str] = {
    # Anybody, even where reading needs signing in.
    "/healthz": "open",
    "/readyz": "open",
    "/problems/": "open",
    "/signin": "open",
    "/signout": "open",
    "/static": "open",
    "/openapi.json": "open",
    # What is public.
    "/": "read",
    "/search": "read",
    "/explore": "read",
    "/explore.svg": "read",
    "/members": "read",
    "/designations": "read",
    "/training": "read",
    "/projects": "read",
    "/units": "read",
    "/ontology": "read",
    "/query": "read",
    "/docs": "read",
    "/help": "read",
    "/picture": "read",
    "/alliance-sheet": "read",
    "/alliance-review": "read",
    "/sparql": "read",
    "/graph-store": "read",
    "/id/": "read",
    "/source/": "read",
    "/graph/": "read",
    "/vocab": "read",
    "/shapes": "read",
    "/shacl": "read",
    "/context.jsonld": "read",
    "/.well-known/void": "read",
    "/void": "read",
    "/dataset": "read",
    "/download": "read",
    "/resource": "read",
    "/.well-known/genid/": "read",
    "/api/v1/search": "read",
    "/api/v1/entities": "read",
    "/api/v1/schema": "read",
    "/api/v1/names": "read",
    "/api/v1/alliances": "read",
    "/api/v1/members": "read",
    "/api/v1/units": "read",
    "/api/v1/designations": "read",
    "/api/v1/programmes": "read",
    "/api/v1/projects": "read",
    "/api/v1/areas": "read",
    "/api/v1/questions": "read",
    "/api/v1/graph/": "read",
    "/api/v1/picture": "read",
    "/api/v1/template": "read",
    "/api/v1/workbook": "read",
    # What changes the graph.
    "/api/v1/changes": "update",
    "/update": "update",
    "/api/v1/imports": "import",
    "/api/v1/collections": "import",
    "/import": "import",
    "/collect": "import",
    "/confirm": "import",
    # Accounts.
    "/account": "account",
    "/account/people": "admin",
    "/account/tokens": "admin",
}
"""Beginning of an address (the longest counts) to the permission that it demands."""

CHANGED_WITH: Mapping[str, str] = {"/graph-store": "update"}
"""The same for requests that change something, where it is another one than for reading."""

MAY: Mapping[str, str] = {
    "public": "account",
    "member": "account alliance",
    "partner": "account alliance",
    "curator": "account alliance internal import edit update",
    "admin": "account alliance internal import edit update backup audit admin",
    "auditor": "account audit",
}
"""What each role may do beside what is public."""

GRANTABLE = ("read", "alliance", "internal", "import", "edit", "update", "backup", "audit", "admin")
CHANGE_NOTHING = (
    "/sparql",
    "/shacl",
    "/api/v1/questions/1",
    "/api/v1/names",
    "/query/drawing",
    "/query/snippets",
)
"""Addresses to which one may send a POST that changes nothing."""

REFUSALS = ("unauthorized", "invalid-token", "forbidden", "stale-form", "other-site", "read-only")
SECRET = "secret of the control file"


@dataclass(frozen=True)
class Address:
    """One method of one route, with its parameters filled."""

    method: str
    path: str

    @property
    def demands(self) -> str:
        table = {**EXPECTED, **CHANGED_WITH} if self.changes else EXPECTED
        known = [start for start in table if covers(start, self.path)]
        return table[max(known, key=len)] if known else ""

    @property
    def changes(self) -> bool:
        return self.method not in ("GET", "HEAD") and self.path not in CHANGE_NOTHING


def covers(start: str, path: str) -> bool:
    """Tell whether a line of the table speaks of a path: of it, of what is below it, or of it with a suffix."""
    if start.endswith("/"):
        return path == start or (start != "/" and path.startswith(start))
    return path == start or path.startswith((f"{start}/", f"{start}."))


def addresses(app: FastAPI) -> list[Address]:
    """Return every method of every route, with the parameters of its path filled."""
    found = set()
    for route in iter_route_contexts(app.routes):
        path = re.sub(r"\{(\w+)(:\w+)?\}", "1", str(route.path))
        for method in route.methods or {"GET"}:
            found.add(Address(method, path))
    return sorted(found, key=lambda one: (one.path, one.method))


@dataclass(frozen=True)
class Kind:
    """A kind of caller: how one is made anew, and which permissions it should have beside what is public.

    ``None`` for permissions: it is refused everywhere.
    """

    make: Callable[[Accounts], Caller]
    may: str | None = ""
    is_known: bool = True
    is_person: bool = False


def expired(accounts: Accounts) -> Caller:
    return bearer(accounts, *GRANTABLE, expires=accounts.clock() - timedelta(seconds=1))


def revoked(accounts: Accounts) -> Caller:
    before = {token.id for token in accounts.tokens()}
    caller = bearer(accounts, *GRANTABLE)
    for token in accounts.tokens():
        if token.id not in before:
            accounts.revoke(token.id)
    return caller


def token_with(scopes: str) -> Kind:
    return Kind(lambda accounts: bearer(accounts, *scopes.split()), scopes)


def session_of_role(role: str) -> Kind:
    return Kind(lambda accounts: signed_in(accounts, role), MAY[role], is_person=True)


KINDS: Mapping[str, Kind] = {
    "nobody": Kind(lambda _: Caller(), is_known=False),
    "a session that has ended": Kind(lambda _: Caller({"Cookie": f"{COOKIE}=ended"}, "x"), is_known=False),
    **{f"a {role} who signed in": session_of_role(role) for role in MAY},
    "an unknown token": Kind(lambda _: Caller({"Authorization": "Bearer ma_00000000_unknown"}), None),
    "an expired token": Kind(expired, None),
    "a revoked token": Kind(revoked, None),
    **{f"a token for {scope}": token_with(scope) for scope in GRANTABLE},
    **{
        f"a token for all but {scope}": token_with(" ".join(one for one in GRANTABLE if one != scope))
        for scope in GRANTABLE
    },
    "the command line": Kind(lambda _: Caller({"Authorization": f"Bearer {SECRET}"}), " ".join(GRANTABLE)),
}

pytestmark = pytest.mark.filterwarnings(
    "ignore:Duplicate Operation ID"
)  # /sparql is one operation by two methods

KINDS_TO_WHOM_IT_MATTERS = (
    "nobody",
    "a session that has ended",
    "a public who signed in",
    "an expired token",
    "a token for read",
    "a token for all but read",
)
"""Whether even reading needs signing in."""

each_kind = pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)


@pytest.fixture(scope="module")
def accounts(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Accounts]:
    made = accounts_in(tmp_path_factory.mktemp("accounts"))
    made.add_person("another administrator", "admin", DIGEST)
    yield made
    made.close()


@pytest.fixture(scope="module")
def app(accounts: Accounts) -> FastAPI:
    """The addresses of the service; nothing answers behind them."""
    return site_of(Settings(), accounts)


def site_of(settings: Settings, accounts: Accounts) -> FastAPI:
    made = create_app(settings)
    made.state.control_secret = SECRET
    hold(made, with_quads(()), BASE)
    return quick(made, accounts)


async def let_through(**_: object) -> Response:
    """Stand for all handlers."""
    return Response("let through", 299)


@pytest.fixture
def site(app: FastAPI, monkeypatch: pytest.MonkeyPatch) -> Iterator[httpx.Client]:
    """The service, which says of every request that is let through that it was."""

    monkeypatch.setattr("fastapi.routing.run_endpoint_function", let_through)
    with client_of(app) as client:
        yield client


def ask(site: httpx.Client, address: Address, caller: Caller, **headers: str) -> httpx.Response:
    """Send a request as a caller sends it: a browser's forms with what their session was given."""
    sent = {**caller.headers, **({"X-CSRF-Token": caller.csrf} if caller.csrf else {}), **headers}
    return site.request(address.method, address.path, headers=sent)


def outcome(reply: httpx.Response) -> str:
    """Return what became of a request: let through, or the name of the problem for which it was refused."""
    assert reply.status_code < 500, reply.text
    if reply.status_code == 303 and reply.headers["location"].startswith("/signin?next="):
        return "led to sign in"
    if reply.headers.get("content-type") == "application/problem+json":
        name = str(reply.json()["type"]).removeprefix("/problems/") if reply.content else _challenge(reply)
        return name if name in REFUSALS else "let through"
    return "let through"


def _challenge(reply: httpx.Response) -> str:
    """Return the problem of an answer without a body (to HEAD), by its header."""
    return "invalid-token" if "invalid_token" in reply.headers.get("www-authenticate", "") else "unauthorized"


def expected(address: Address, kind: Kind, *, closed: bool = False) -> str:
    """Return what the table says of a caller at an address."""
    if kind.may is None:
        return "invalid-token"
    public = ("open",) if closed and not kind.is_person else ("open", "read")
    if address.demands in (*public, *kind.may.split()):
        return "let through"
    return "forbidden" if kind.is_known else "unauthorized"


def test_the_description_of_the_interface_says_which_permission_is_needed(
    app: FastAPI, site: httpx.Client
) -> None:
    described = site.get("/openapi.json").json()
    told = {
        Address(method.upper(), re.sub(r"\{\w+\}", "1", path)): operation.get("security", [])
        for path, operations in described["paths"].items()
        for method, operation in operations.items()
    }
    assert described["components"]["securitySchemes"]["token"]["scheme"] == "bearer"
    assert told == {
        one: [] if one.demands in ("open", "read") else [{"token": [one.demands]}] for one in told
    }
    assert any(told.values())


def test_the_table_names_every_address(app: FastAPI) -> None:
    listed = addresses(app)
    assert not [one for one in listed if not one.demands]
    assert len(listed) > 60


@each_kind
def test_everybody_is_let_through_or_refused_as_the_table_says(
    app: FastAPI, site: httpx.Client, accounts: Accounts, kind: Kind
) -> None:
    caller = kind.make(accounts)
    told = {one: outcome(ask(site, one, caller)) for one in addresses(app)}
    assert told == {one: expected(one, kind) for one in told}


def test_where_reading_needs_signing_in_it_is_so_everywhere(
    accounts: Accounts, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = site_of(Settings(sign_in=True), accounts)
    monkeypatch.setattr("fastapi.routing.run_endpoint_function", let_through)
    with client_of(app) as site:
        for name in KINDS_TO_WHOM_IT_MATTERS:
            kind = KINDS[name]
            caller = kind.make(accounts)
            told = {one: outcome(ask(site, one, caller)) for one in addresses(app)}
            assert told == {one: expected(one, kind, closed=True) for one in told}


def test_a_browser_is_led_to_sign_in_wherever_a_program_is_refused(app: FastAPI, site: httpx.Client) -> None:
    for one in addresses(app):
        if one.method == "GET":
            reply = outcome(ask(site, one, Caller(), Accept="text/html"))
            assert reply == ("let through" if one.demands in ("open", "read") else "led to sign in"), one


def test_nothing_is_changed_without_what_the_session_was_given(
    app: FastAPI, site: httpx.Client, accounts: Accounts
) -> None:
    caller = signed_in(accounts, "admin")
    for one in addresses(app):
        if one.method != "GET":
            blank = outcome(ask(site, one, Caller(caller.headers)))
            foreign = outcome(ask(site, one, caller, Origin="https://evil.example"))
            assert (blank, foreign) == (
                ("stale-form", "other-site") if one.changes else ("let through", "let through")
            ), one


def test_a_read_only_instance_takes_no_change_at_any_address(
    accounts: Accounts, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = site_of(Settings(read_only=True), accounts)
    monkeypatch.setattr("fastapi.routing.run_endpoint_function", let_through)
    caller = signed_in(accounts, "admin")
    with client_of(app) as site:
        for one in addresses(app):
            is_change = one.changes and one.demands != "open"
            assert outcome(ask(site, one, caller)) == ("read-only" if is_change else "let through"), one


def test_no_address_fails_for_who_may_use_it(tmp_path: Path, started: Path, accounts: Accounts) -> None:
    """Here everything answers, and each request is as empty as it can be."""
    shutil.copy(started, tmp_path)
    settings = Settings(data=tmp_path)
    app = create_app(settings, lambda: Repository(DataDirectory(tmp_path), nursery, base=BASE, workers=2))
    with client_of(app, lifespan=True) as site:
        quick(app, accounts)
        for one in addresses(app):
            assert outcome(ask(site, one, signed_in(accounts, "admin"))) == "let through", one
