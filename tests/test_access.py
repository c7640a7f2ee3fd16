"""Who asks: sessions, tokens, the command line, nobody; what a form must send back; that no route is forgotten."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Annotated

import httpx
import pytest
from fastapi import APIRouter, Body, Depends, FastAPI
from fastapi.routing import iter_route_contexts
from hypothesis import given
from hypothesis import strategies as st
from in_process import client_of
from page_data import service, with_quads
from people import PASSWORD, Caller, Clock, accounts_in, bearer, quick, signed_in
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.staticfiles import StaticFiles

from api.access import (
    COOKIE,
    NOBODY,
    OPEN_PATHS,
    ROLES,
    Undeclared,
    check_declared,
    declared,
    identity_of,
    is_same_origin,
    needs,
    undeclared,
)
from api.accounts import Accounts
from api.app import create_app
from api.settings import Settings

SECRET = "secret of the control file"
HTML = {"Accept": "text/html"}


def probe() -> APIRouter:
    """Return routes that say who they take the caller for, one for each demand that a test needs."""
    router = APIRouter(prefix="/probe")

    def told(request: Request) -> Response:
        identity = identity_of(request)
        said = {"name": identity.name, "role": identity.role, "scopes": sorted(identity.scopes)}
        return JSONResponse(
            said, headers={"ETag": f'"{identity.name or "nobody"}"'.encode("ascii", "replace").decode()}
        )

    def measured(body: Annotated[object, Body()]) -> Response:
        return Response(str(type(body)))

    for scope in ("read", "import", "admin"):
        router.add_api_route(f"/{scope}", told, methods=["GET", "POST"], dependencies=[Depends(needs(scope))])
    router.add_api_route(
        "/query", told, methods=["GET", "POST"], dependencies=[Depends(needs("read", changes=False))]
    )
    router.add_api_route(
        "/body",
        measured,
        methods=["POST"],
        dependencies=[Depends(needs("import"))],
    )
    router.add_api_route(
        "/page", lambda: Response("<p>", media_type="text/html"), dependencies=[Depends(needs("read"))]
    )
    return router


def with_probe(app: FastAPI) -> FastAPI:
    app.include_router(probe())
    app.state.control_secret = SECRET
    return quick(app)


@pytest.fixture(scope="module")
def accounts(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Accounts]:
    made = accounts_in(tmp_path_factory.mktemp("accounts"))
    yield made
    made.close()


@pytest.fixture(scope="module")
def site(accounts: Accounts) -> Iterator[httpx.Client]:
    app = with_probe(service(with_quads(()), accounts=accounts))
    with client_of(app) as client:
        yield client


@pytest.fixture(scope="module")
def closed(accounts: Accounts) -> Iterator[httpx.Client]:
    """The same where even reading needs signing in."""
    app = with_probe(service(with_quads(()), accounts=accounts, settings=Settings(sign_in=True)))
    with client_of(app) as client:
        yield client


def kind(reply: httpx.Response) -> str:
    return str(reply.json()["type"]).rpartition("/")[2]


# --- Who asks ---------------------------------------------------------------------------------------------------


def test_without_session_and_token_one_is_nobody_and_sees_what_is_public(site: httpx.Client) -> None:
    assert site.get("/probe/read").json() == {"name": "", "role": "public", "scopes": ["open", "read"]}
    assert "cache-control" not in site.get("/probe/read").headers


@pytest.mark.parametrize("role", ROLES)
def test_a_session_carries_the_role_of_its_person(site: httpx.Client, accounts: Accounts, role: str) -> None:
    said = site.get("/probe/read", headers=signed_in(accounts, role).headers).json()
    assert said == {"name": f"{role}甲", "role": role, "scopes": sorted(ROLES[role])}


def test_a_token_carries_its_own_permissions_beside_what_is_public(
    site: httpx.Client, accounts: Accounts
) -> None:
    said = site.get("/probe/import", headers=bearer(accounts, "import").headers).json()
    assert said == {"name": "token 程序", "role": "public", "scopes": ["import", "open", "read"]}


def test_the_command_line_of_this_machine_may_do_everything(site: httpx.Client) -> None:
    said = site.get("/probe/admin", headers={"Authorization": f"Bearer {SECRET}"}).json()
    assert (said["name"], set(said["scopes"])) == ("command line", ROLES["admin"] - {"account"})


@pytest.mark.parametrize("sent", ["guess", "ma_", "ma_00000000_x", f"{SECRET}x", "ｘ".encode(), "a b"])
@pytest.mark.parametrize("path", ["/probe/read", "/", "/healthz", "/signin", "/nowhere"])
def test_a_token_that_is_not_valid_is_refused_even_where_all_is_public(
    site: httpx.Client, sent: str | bytes, path: str
) -> None:
    value = b"Bearer " + (sent if isinstance(sent, bytes) else sent.encode())
    reply = site.get(path, headers=[(b"Authorization", value)])
    assert (reply.status_code, kind(reply)) == (401, "invalid-token")
    assert 'error="invalid_token"' in reply.headers["www-authenticate"]
    assert "content-security-policy" in reply.headers


def test_a_secret_of_no_server_opens_nothing(tmp_path: Path) -> None:
    app = service(with_quads(()), accounts=accounts_in(tmp_path))
    assert app.state.control_secret == ""
    with client_of(app) as site:
        for sent in ("Bearer", "bearer x"):
            assert site.get("/", headers={"Authorization": sent}).status_code == 401


def test_what_a_proxy_asks_for_is_not_for_us(site: httpx.Client) -> None:
    assert site.get("/probe/read", headers={"Authorization": "Basic eDp5"}).json()["name"] == ""


@pytest.mark.parametrize("cookie", ["", "x", "x" * 5000, '"', "a=b", "é"])
def test_a_cookie_of_no_session_is_nobodys(site: httpx.Client, cookie: str) -> None:
    assert site.get("/probe/read", headers=[(b"Cookie", f"{COOKIE}={cookie}".encode())]).json()["name"] == ""


def test_other_cookies_do_not_matter(site: httpx.Client, accounts: Accounts) -> None:
    caller = signed_in(accounts, "member")
    for cookie in (f"a=b; {caller.headers['Cookie']}; c=d", f"not_{COOKIE}=x; {caller.headers['Cookie']}"):
        assert site.get("/probe/read", headers={"Cookie": cookie}).json()["name"] == "member甲"


def test_of_session_and_token_the_token_counts(site: httpx.Client, accounts: Accounts) -> None:
    both = {**signed_in(accounts, "admin").headers, **bearer(accounts, "read").headers}
    assert site.get("/probe/read", headers=both).json()["name"] == "token 程序"
    assert site.get("/probe/admin", headers=both).status_code == 403


def test_use_is_noted_a_minute_later(tmp_path: Path) -> None:
    clock = Clock()
    accounts = accounts_in(tmp_path, clock)
    person, program = signed_in(accounts, "member"), bearer(accounts, "read")
    with client_of(with_probe(service(with_quads(()), accounts=accounts))) as site:
        for _ in range(2):
            clock.forward(seconds=61)
            for caller in (person, program):
                site.get("/probe/read", headers=caller.headers)
    assert accounts.sessions("member甲")[0].used == accounts.tokens()[0].used == clock.now
    assert clock.now - accounts.sessions("member甲")[0].created == timedelta(seconds=122)
    accounts.close()


# --- What is refused, and how -----------------------------------------------------------------------------------


def test_nobody_is_asked_to_sign_in(site: httpx.Client) -> None:
    reply = site.get("/probe/import", headers={"Accept-Language": "zh"})
    assert (reply.status_code, kind(reply)) == (401, "unauthorized")
    assert reply.headers["www-authenticate"] == "Bearer"
    assert "import" in reply.json()["detail"]


def test_a_browser_is_led_to_where_one_signs_in_and_comes_back(site: httpx.Client) -> None:
    reply = site.get("/probe/import?a=b%26c&lang=en", headers=HTML)
    assert reply.status_code == 303
    assert reply.headers["location"] == "/signin?next=%2Fprobe%2Fimport%3Fa%3Db%2526c%26lang%3Den&lang=en"
    assert site.post("/probe/import", headers=HTML).status_code == 401


def test_who_is_signed_in_but_not_permitted_is_told_so(site: httpx.Client, accounts: Accounts) -> None:
    caller = signed_in(accounts, "member")
    reply = site.get("/probe/import", headers=caller.headers)
    assert (reply.status_code, kind(reply)) == (403, "forbidden")
    assert "member甲" in reply.json()["detail"]
    page = site.get("/probe/import", headers={**caller.headers, **HTML})
    assert (page.status_code, page.headers["content-type"]) == (403, "text/html; charset=utf-8")


def test_where_reading_needs_signing_in_nobody_reads(closed: httpx.Client, accounts: Accounts) -> None:
    assert closed.get("/probe/read").status_code == 401
    assert closed.get("/", headers=HTML).headers["location"] == "/signin?next=%2F"
    assert [closed.get(path).status_code for path in ("/healthz", "/signin", "/problems/forbidden")] == [
        200
    ] * 3
    assert closed.get("/sparql?query=ASK%7B%7D").status_code == 401
    assert closed.get("/probe/read", headers=signed_in(accounts, "public").headers).status_code == 200
    assert closed.get("/probe/read", headers=bearer(accounts, "read").headers).status_code == 200
    assert closed.get("/probe/read", headers=bearer(accounts, "import").headers).status_code == 403


def test_a_read_only_instance_takes_no_change_from_anybody(tmp_path: Path) -> None:
    accounts = accounts_in(tmp_path)
    app = with_probe(service(with_quads(()), accounts=accounts, settings=Settings(read_only=True)))
    admin = signed_in(accounts, "admin")
    with client_of(app) as site:
        for headers in ({}, admin.headers, {"Authorization": f"Bearer {SECRET}"}):
            reply = site.post("/probe/import", headers={**headers, "X-CSRF-Token": admin.csrf})
            assert (reply.status_code, kind(reply)) == (403, "read-only")
            assert site.post("/probe/query", headers=headers).status_code == 200
        signed = site.post("/signin", data={"name": "admin甲", "password": PASSWORD})
        assert (signed.status_code, COOKIE in signed.cookies) == (303, True)
    accounts.close()


@pytest.mark.parametrize(
    "kind_of_body", ["application/json", "application/x-www-form-urlencoded", "text/turtle"]
)
@pytest.mark.parametrize("path", ["read", "body", "query"])
def test_who_may_not_bring_data_in_cannot_send_much(
    site: httpx.Client, accounts: Accounts, path: str, kind_of_body: str
) -> None:
    large = b'"' + b"x" * 2_000_000 + b'"'
    for caller in (Caller(), signed_in(accounts, "member"), bearer(accounts, "read")):
        headers = {**caller.headers, "X-CSRF-Token": caller.csrf, "Content-Type": kind_of_body}
        reply = site.post(f"/probe/{path}", content=large, headers=headers)
        assert path != "body" or (reply.status_code, kind(reply)) == (413, "body-too-large")
        assert reply.status_code < 500
    program = bearer(accounts, "import")
    assert site.post(
        "/probe/body", content=large, headers={**program.headers, "Content-Type": kind_of_body}
    ).status_code in (200, 400)


# --- Forms of other sites ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "send",
    [
        lambda csrf: {"data": {"csrf": csrf}},
        lambda csrf: {"headers": {"X-CSRF-Token": csrf}, "content": b"anything"},
        lambda csrf: {"files": {"csrf": (None, csrf), "file": ("a.txt", b"content")}},
    ],
)
def test_a_form_sends_back_what_its_session_was_given(
    site: httpx.Client, accounts: Accounts, send: object
) -> None:
    caller, other = signed_in(accounts, "curator"), signed_in(accounts, "curator", "另一人")
    for csrf, expected in ((caller.csrf, 200), (other.csrf, 403), ("", 403), (caller.csrf[:-1], 403)):
        sent = send(csrf)  # type: ignore[operator]
        sent["headers"] = {**caller.headers, **sent.get("headers", {})}
        reply = site.post("/probe/import", **sent)
        assert reply.status_code == expected
        assert expected == 200 or kind(reply) == "stale-form"


def test_nothing_that_only_reads_needs_it(site: httpx.Client, accounts: Accounts) -> None:
    caller = signed_in(accounts, "member")
    assert site.post("/probe/query", headers=caller.headers).status_code == 200
    assert site.get("/probe/read", headers=caller.headers).status_code == 200
    assert site.post("/probe/read", headers=caller.headers).status_code == 403


def test_programs_do_not_need_it(site: httpx.Client, accounts: Accounts) -> None:
    headers = bearer(accounts, "import").headers
    assert (
        site.post("/probe/import", headers={**headers, "Origin": "https://evil.example"}).status_code == 200
    )


@pytest.mark.parametrize(
    ("headers", "is_ours"),
    [
        ({}, True),
        ({"Origin": "SELF"}, True),
        ({"Origin": "https://SELFHOST"}, True),
        ({"Origin": "http://127.0.0.1:8000"}, True),
        ({"Origin": "https://evil.example"}, False),
        ({"Origin": "http://127.0.0.1"}, False),
        ({"Origin": "null"}, False),
        ({"Origin": ""}, False),
        ({"Sec-Fetch-Site": "same-origin"}, True),
        ({"Sec-Fetch-Site": "same-origin", "Origin": "https://behind.a.proxy.example"}, True),
        ({"Sec-Fetch-Site": "same-site"}, False),
        ({"Sec-Fetch-Site": "cross-site", "Origin": "SELF"}, False),
        ({"Sec-Fetch-Site": "none"}, False),
        ({"Sec-Fetch-Site": ""}, False),
    ],
)
def test_a_form_comes_from_a_page_of_ours(
    site: httpx.Client, accounts: Accounts, headers: dict[str, str], is_ours: bool
) -> None:
    own = str(site.base_url).rstrip("/")
    filled = {
        name: value.replace("SELFHOST", own.partition("//")[2]).replace("SELF", own)
        for name, value in headers.items()
    }
    caller = signed_in(accounts, "curator")
    reply = site.post("/probe/import", headers={**caller.headers, "X-CSRF-Token": caller.csrf, **filled})
    assert reply.status_code == (200 if is_ours else 403)
    assert is_ours or kind(reply) == "other-site"
    signing_in = site.post("/signin", data={"name": "nobody", "password": "x"}, headers=filled)
    assert ("other-site" in signing_in.text) is not is_ours


@given(st.text(max_size=60))
def test_no_origin_but_our_own_is_taken_for_it(origin: str) -> None:
    headers = [(b"host", b"ours.example"), (b"origin", origin.encode())]
    app = FastAPI()
    app.state.settings = Settings()
    scope = {"type": "http", "method": "POST", "path": "/", "headers": headers, "app": app}
    assert not is_same_origin(Request(scope))


# --- Caches -----------------------------------------------------------------------------------------------------


def test_what_was_made_for_one_reader_is_kept_by_no_cache_in_between(
    site: httpx.Client, accounts: Accounts
) -> None:
    for caller in (signed_in(accounts, "member"), bearer(accounts, "read")):
        reply = site.get("/probe/read", headers=caller.headers)
        assert reply.headers["cache-control"] == "private, no-cache"
        assert {"Cookie", "Authorization"} <= set(reply.headers["vary"].split(", "))
        assert site.get("/probe/page", headers=caller.headers).headers["cache-control"] == "private, no-store"


def test_the_page_of_one_reader_is_never_anothers(site: httpx.Client, accounts: Accounts) -> None:
    callers = [Caller(), signed_in(accounts, "member"), signed_in(accounts, "admin")]
    pages = [site.get("/help", headers={**caller.headers, **HTML}) for caller in callers]
    assert len({page.text for page in pages}) == 3
    assert {"Cookie"} <= set(pages[0].headers["vary"].split(", "))
    tags = [page.headers.get("etag") for page in pages]
    assert tags == [None] * 3 or len(set(tags)) == 3
    assert len({site.get("/probe/read", headers=caller.headers).headers["etag"] for caller in callers}) == 3


def test_the_header_says_who_reads(site: httpx.Client, accounts: Accounts) -> None:
    nobody = site.get("/help?lang=en", headers=HTML).text
    assert '<a href="/signin?next=%2Fhelp%3Flang%3Den&amp;lang=en">Sign in</a>' in nobody
    assert "csrf" not in nobody
    caller = signed_in(accounts, "member", "<b>x</b>")
    page = site.get("/help?lang=en", headers={**caller.headers, **HTML}).text
    assert "&lt;b&gt;x&lt;/b&gt;" in page
    assert "<b>x</b>" not in page
    assert f'name="csrf" value="{caller.csrf}"' in page


# --- No route is forgotten --------------------------------------------------------------------------------------


def hello() -> Response:
    return PlainTextResponse("hello")


@pytest.mark.parametrize(
    "forget",
    [
        lambda app: app.add_api_route("/forgotten", hello),
        lambda app: app.include_router(_router(dependencies=[])),
        lambda app: app.add_route("/forgotten", hello),
        lambda app: app.mount("/forgotten", StaticFiles(directory=Path(__file__).parent)),
        lambda app: app.include_router(
            _router(dependencies=[Depends(needs("read"))]), dependencies=[Depends(needs("import"))]
        ),
    ],
)
def test_an_address_that_does_not_say_who_may_use_it_stops_the_start(forget: object) -> None:
    app = FastAPI()
    forget(app)  # type: ignore[operator]
    with pytest.raises(Undeclared, match="/forgotten"):
        check_declared(app.routes)


def _router(dependencies: list[object]) -> APIRouter:
    router = APIRouter(dependencies=dependencies)  # type: ignore[arg-type]
    router.add_api_route("/forgotten", hello)
    return router


@pytest.mark.parametrize("place", ["route", "router", "inclusion"])
def test_an_address_may_say_it_in_three_places(place: str) -> None:
    demand = [Depends(needs("import"))]
    app, router = FastAPI(openapi_url=None), APIRouter(dependencies=demand if place == "router" else [])
    router.add_api_route("/x", hello, dependencies=demand if place == "route" else [])
    app.include_router(router, dependencies=demand if place == "inclusion" else [])
    check_declared(app.routes)
    assert [one.scope for route in iter_route_contexts(app.routes) for one in declared(route)] == ["import"]


def test_the_service_does_not_start_with_a_forgotten_address(monkeypatch: pytest.MonkeyPatch) -> None:
    router = APIRouter()
    router.add_api_route("/forgotten", hello)
    monkeypatch.setattr("api.app.ROUTERS", (router,))
    with pytest.raises(Undeclared, match="/forgotten"):
        create_app(Settings())


def test_what_is_open_without_a_word_is_named_and_there(accounts: Accounts) -> None:
    app = create_app(Settings())
    assert not list(undeclared(app.routes))
    assert {route.path for route in iter_route_contexts(app.routes) if not declared(route)} == OPEN_PATHS


def test_identities_are_compared_and_changed_as_values() -> None:
    assert replace(NOBODY, name="x").may("read")
    assert not NOBODY.may("import")
