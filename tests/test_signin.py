"""Signing in and out, and the first run, as a browser meets them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from http.cookies import SimpleCookie
from pathlib import Path
from urllib.parse import urlencode

import httpx
import pytest
from fastapi import FastAPI
from hypothesis import given
from hypothesis import strategies as st
from in_process import ORIGIN, client_of
from page_data import service, with_quads
from people import DIGEST, PASSWORD, QUICK, accounts_in, quick, session_of, signed_in

from api.access import COOKIE
from api.accounts import Accounts
from api.settings import Settings
from api.signin import local_path
from samples import HOSTILE

BROWSER = {"Accept": "text/html", "Accept-Language": "en"}


@pytest.fixture
def accounts(tmp_path: Path) -> Iterator[Accounts]:
    made = accounts_in(tmp_path)
    made.add_person("Curator B", "curator", DIGEST)
    yield made
    made.close()


@pytest.fixture(scope="module")
def site() -> FastAPI:
    return service(with_quads(()))


@pytest.fixture
def app(site: FastAPI, accounts: Accounts) -> FastAPI:
    """The service, to which the people of this test may sign in."""
    return quick(site, accounts)


@pytest.fixture
def browser(app: FastAPI, accounts: Accounts) -> Iterator[httpx.Client]:
    """A browser before an instance that has an administrator."""
    accounts.add_person("管理员甲", "admin", DIGEST)
    yield from opened(app)


@pytest.fixture
def first_browser(app: FastAPI) -> Iterator[httpx.Client]:
    """A browser before an instance without an administrator."""
    yield from opened(app)


def opened(app: FastAPI, origin: str = ORIGIN) -> Iterator[httpx.Client]:
    with client_of(app, origin, **BROWSER, Origin=origin) as client:
        yield client


def sign_in(
    browser: httpx.Client, password: str = PASSWORD, name: str = "Curator B", **more: str
) -> httpx.Response:
    return browser.post("/signin", data={"name": name, "password": password, **more})


def csrf_in(page: str) -> str:
    found = re.search(r'name="csrf" value="([^"]+)"', page)
    assert found
    return found[1]


# --- Signing in -------------------------------------------------------------------------------------------------


def test_the_right_password_opens_a_session_and_leads_on(browser: httpx.Client) -> None:
    reply = sign_in(browser, next="/help?a=b")
    assert (reply.status_code, reply.headers["location"]) == (303, "/help?a=b")
    assert reply.headers["cache-control"] == "no-store"
    page = browser.get("/account")
    assert page.status_code == 200
    assert "Curator B" in page.text
    assert "Add a user" not in page.text


def test_the_cookie_is_out_of_reach_for_scripts_and_other_sites(browser: httpx.Client) -> None:
    cookie = SimpleCookie(sign_in(browser).headers["set-cookie"])[COOKIE]
    assert len(cookie.value) == 43
    assert (cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, "lax", "/")
    assert (cookie["domain"], cookie["max-age"], cookie["secure"]) == ("", "43200", "")


def test_over_https_the_cookie_never_travels_without_it(app: FastAPI) -> None:
    for browser in opened(app, "https://alliance.example"):
        cookie = SimpleCookie(sign_in(browser).headers["set-cookie"])[COOKIE]
        assert (cookie["secure"], cookie["httponly"]) == (True, True)


def test_the_id_of_a_session_that_somebody_else_chose_is_never_used(
    browser: httpx.Client, accounts: Accounts
) -> None:
    planted = accounts.open_session("管理员甲")
    for before in ("chosen-by-an-attacker", planted):
        browser.cookies.clear()
        reply = browser.post(
            "/signin",
            data={
                "name": "Curator B",
                "password": PASSWORD,
                "csrf": getattr(accounts.session(before), "csrf", ""),
            },
            headers={"Cookie": f"{COOKIE}={before}"},
        )
        given_ = SimpleCookie(reply.headers["set-cookie"])[COOKIE].value
        assert given_ != before
        assert accounts.session(before) is None
        assert session_of(accounts, given_).person.name == "Curator B"


@pytest.mark.parametrize(("name", "password"), [("Curator B", "wrong"), ("nobody", PASSWORD), ("", "")])
def test_a_wrong_password_and_an_unknown_name_look_the_same(
    browser: httpx.Client, name: str, password: str
) -> None:
    reply = sign_in(browser, password, name, next="/help")
    assert (reply.status_code, "Wrong name or password" in reply.text) == (403, True)
    assert "set-cookie" not in reply.headers
    assert 'name="next" value="/help"' in reply.text
    assert PASSWORD not in reply.text


def test_who_fails_too_often_has_to_wait_even_with_the_right_password(browser: httpx.Client) -> None:
    statuses = [sign_in(browser, "wrong").status_code for _ in range(6)]
    assert statuses == [403] * 5 + [429]
    reply = sign_in(browser)
    assert (reply.status_code, "Too many attempts" in reply.text) == (429, True)
    assert 1 <= int(reply.headers["retry-after"]) <= 2
    assert sign_in(browser, name="管理员甲").status_code == 303


def test_what_is_typed_stays_text(browser: httpx.Client) -> None:
    for number, label in enumerate(HOSTILE):
        page = sign_in(browser, "wrong", f"{number}{label}").text
        assert label not in page or not set(label) & set("<\"'")


def test_a_form_without_fields_or_with_a_file_is_only_wrong(browser: httpx.Client) -> None:
    assert browser.post("/signin").status_code == 403
    assert (
        browser.post("/signin", files={"name": ("a.txt", b"x"), "password": ("b.txt", b"y")}).status_code
        == 403
    )
    assert (
        browser.post("/signin", content=b"{}", headers={"Content-Type": "application/json"}).status_code
        == 403
    )


def test_a_huge_form_is_not_read(browser: httpx.Client) -> None:
    reply = browser.post("/signin", data={"name": "x" * 100_000})
    assert (reply.status_code, "too large" in reply.text) == (413, True)


def test_another_site_cannot_sign_a_reader_in(browser: httpx.Client) -> None:
    reply = browser.post(
        "/signin",
        data={"name": "Curator B", "password": PASSWORD},
        headers={"Origin": "https://evil.example"},
    )
    assert (reply.status_code, "set-cookie" in reply.headers) == (403, False)


def test_who_is_signed_in_goes_on_at_once(browser: httpx.Client) -> None:
    assert browser.get("/signin?next=/help").status_code == 200
    sign_in(browser)
    assert browser.get("/signin?next=/help").headers["location"] == "/help"


def test_the_language_is_kept_on_the_way(browser: httpx.Client) -> None:
    page = browser.get("/signin?lang=zh&next=/help").text
    assert 'action="/signin?lang=zh"' in page
    assert "登录" in page
    reply = browser.post("/signin?lang=zh", data={"name": "Curator B", "password": PASSWORD, "next": "/help"})
    assert reply.headers["location"] == "/help?lang=zh"


def test_a_reader_who_must_sign_in_comes_back_to_the_page(browser: httpx.Client) -> None:
    away = browser.get("/account?done=role")
    assert away.status_code == 303
    form = browser.get(away.headers["location"]).text
    following = re.search(r'name="next" value="([^"]+)"', form)
    assert following
    assert sign_in(browser, next=following[1]).headers["location"] == "/account?done=role"


def test_a_page_that_answers_a_form_has_links_that_can_be_opened(
    browser: httpx.Client, first_browser: httpx.Client
) -> None:
    for page in (sign_in(browser, "wrong").text, first(first_browser, "AAAA-AAAA").text):
        assert 'href="/signin?lang=zh"' in page
        assert "/signin/first?lang" not in page.replace('action="/signin/first?lang', "")
    sign_in(browser)
    wrong = sent(browser, "/account/password", current="wrong", password="x", again="x")
    assert 'href="/account?lang=zh"' in wrong.text


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example/",
        "\\\\evil.example",
        "/%0d%0aSet-Cookie:x=y\r\nX: y",
        "/\t/evil.example",
        "javascript:alert(1)",
        "evil",
        "",
        "/signin?next=/x",
        "/signout",
        " /help",
    ],
)
def test_signing_in_leads_nowhere_else(browser: httpx.Client, elsewhere: str) -> None:
    assert sign_in(browser, next=elsewhere).headers["location"] == "/"
    browser.cookies.clear()
    assert (
        f'name="next" value="{elsewhere}"'
        not in browser.get(f"/signin?{urlencode({'next': elsewhere})}").text
    )


@given(st.text(alphabet=st.sampled_from("/\\.:@%?#\t\n ax"), max_size=12))
def test_where_one_is_led_is_always_a_path_of_ours(address: str) -> None:
    led = local_path(address)
    here = httpx.URL("http://ours.example/signin")
    assert here.join(led).host == "ours.example"
    assert re.match(r"/(?![/\\])", led)
    assert not re.search(r"[\s\\]", led)


# --- Signing out ------------------------------------------------------------------------------------------------


def test_signing_out_ends_the_session_itself(browser: httpx.Client, accounts: Accounts) -> None:
    sign_in(browser)
    secret = browser.cookies[COOKIE]
    reply = browser.post("/signout", data={"csrf": csrf_in(browser.get("/help").text)})
    assert (reply.status_code, reply.headers["location"]) == (303, "/")
    assert COOKIE not in browser.cookies
    assert accounts.session(secret) is None
    assert browser.get("/account", headers={"Cookie": f"{COOKIE}={secret}"}).status_code == 303


def test_another_site_cannot_sign_a_reader_out(browser: httpx.Client, accounts: Accounts) -> None:
    sign_in(browser)
    assert browser.post("/signout").status_code == 403
    assert browser.get("/signout").status_code == 405
    assert accounts.session(browser.cookies[COOKIE])


def test_signing_out_twice_is_no_mistake(browser: httpx.Client) -> None:
    assert browser.post("/signout").status_code == 303


# --- The first run ----------------------------------------------------------------------------------------------


def first(browser: httpx.Client, code: str, **more: str) -> httpx.Response:
    sent = {"code": code, "name": "管理员甲", "password": PASSWORD, "again": PASSWORD, **more}
    return browser.post("/signin/first", data=sent)


def test_the_code_makes_the_first_administrator_who_goes_on_to_the_import(
    first_browser: httpx.Client, app: FastAPI, accounts: Accounts
) -> None:
    page = first_browser.get("/signin").text
    assert "One-time code" in page
    code = app.state.first_run.code
    assert code not in page
    reply = first(first_browser, code)
    assert (reply.status_code, reply.headers["location"]) == (303, "/import")
    assert first_browser.get("/account").status_code == 200
    assert accounts.person("管理员甲").role == "admin"
    first_browser.cookies.clear()
    assert "One-time code" not in first_browser.get("/signin").text
    again = first(first_browser, code, name="second")
    assert (again.status_code, "Please sign in" in again.text or "sign in" in again.text) == (409, True)
    assert len(accounts.people()) == 2


def test_a_wrong_code_makes_nobody_and_has_to_wait(first_browser: httpx.Client, accounts: Accounts) -> None:
    statuses = [first(first_browser, "AAAA-AAAA").status_code for _ in range(6)]
    assert statuses == [403] * 5 + [429]
    assert not accounts.has_administrator()


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"again": "another password"}, "differ"),
        ({"password": "short", "again": "short"}, "too easy"),
        ({"name": ""}, "cannot be used"),
        ({"name": "curator b"}, "is taken"),
    ],
)
def test_a_mistake_is_told_and_what_was_typed_stays(
    first_browser: httpx.Client, app: FastAPI, accounts: Accounts, more: dict[str, str], words: str
) -> None:
    reply = first(first_browser, app.state.first_run.code, **more)
    assert reply.status_code in (409, 422)
    assert words in reply.text
    assert PASSWORD not in reply.text
    assert not accounts.has_administrator()
    assert app.state.first_run.is_open


def test_an_administrator_made_on_the_command_line_ends_the_first_run(
    first_browser: httpx.Client, app: FastAPI, accounts: Accounts
) -> None:
    code = app.state.first_run.code
    accounts.add_person("by command", "admin", DIGEST)
    assert "One-time code" not in first_browser.get("/signin").text
    assert first(first_browser, code).status_code == 409


@pytest.mark.parametrize("settings", [Settings(bare=True), Settings(read_only=True)])
def test_a_plain_or_read_only_instance_has_no_first_run(settings: Settings, tmp_path: Path) -> None:
    app = service(with_quads(()), accounts=accounts_in(tmp_path), settings=settings)
    assert app.state.first_run.code == ""


# --- The account page -------------------------------------------------------------------------------------------


def sent(browser: httpx.Client, path: str, **fields: str) -> httpx.Response:
    """Send a form of the account page, as the page would."""
    return browser.post(path, data={"csrf": csrf_in(browser.get("/account").text), **fields})


def test_changing_the_password_needs_the_current_one_and_ends_other_sessions(
    browser: httpx.Client, accounts: Accounts
) -> None:
    elsewhere = signed_in(accounts, "curator", "Curator B")
    sign_in(browser)
    before, new = browser.cookies[COOKIE], "another battery staple"
    wrong = sent(browser, "/account/password", current="wrong", password=new, again=new)
    assert (wrong.status_code, "Wrong name or password" in wrong.text) == (403, True)
    done = sent(browser, "/account/password", current=PASSWORD, password=new, again=new)
    assert (done.status_code, done.headers["location"]) == (303, "/account?done=password")
    assert browser.cookies[COOKIE] != before
    assert accounts.session(before) is None
    assert accounts.session(elsewhere.headers["Cookie"].partition("=")[2]) is None
    assert QUICK.is_right(new, accounts.digest_of("Curator B"))
    assert "everywhere else you have to sign in again" in browser.get("/account?done=password").text


def test_one_sees_where_one_is_signed_in_and_ends_it(browser: httpx.Client, accounts: Accounts) -> None:
    sign_in(browser)
    others = [signed_in(accounts, "curator", "Curator B") for _ in range(2)]
    marks = re.findall(r'name="mark" value="(\w+)"', browser.get("/account").text)
    assert len(marks) == 2
    assert sent(browser, "/account/sessions", mark=marks[0]).status_code == 303
    assert len(accounts.sessions("Curator B")) == 2
    assert sent(browser, "/account/sessions").status_code == 303
    assert [one.mark for one in accounts.sessions("Curator B")] == [
        session_of(accounts, browser.cookies[COOKIE]).mark
    ]
    assert others[0].headers != others[1].headers


def test_an_administrator_looks_after_people(browser: httpx.Client, accounts: Accounts) -> None:
    sign_in(browser, name="管理员甲")
    person = {"name": "Member C", "password": "a long first one", "again": "a long first one"}
    assert sent(browser, "/account/people", role="member", **person).status_code == 303
    assert accounts.person("member c").role == "member"
    assert sent(browser, "/account/people/role", name="Member C", role="partner").status_code == 303
    assert accounts.person("Member C").role == "partner"
    assert sent(browser, "/account/people/disable", name="Member C").status_code == 303
    assert accounts.person("Member C").disabled
    assert sent(browser, "/account/people/enable", name="Member C").status_code == 303
    reset = {"password": "a long second one", "again": "a long second one"}
    assert sent(browser, "/account/people/password", name="Member C", **reset).status_code == 303
    assert QUICK.is_right("a long second one", accounts.digest_of("Member C"))
    taken = sent(browser, "/account/people", role="member", **person)
    assert (taken.status_code, "is taken" in taken.text) == (409, True)
    last = sent(browser, "/account/people/disable", name="管理员甲")
    assert (last.status_code, "last administrator" in last.text) == (409, True)


def test_an_administrator_makes_and_revokes_tokens(browser: httpx.Client, accounts: Accounts) -> None:
    sign_in(browser, name="管理员甲")
    made = browser.post(
        "/account/tokens",
        data={
            "csrf": csrf_in(browser.get("/account").text),
            "name": "<某系统>",
            "scope": ["read", "import"],
            "expires": "2099-12-31",
        },
    )
    assert (made.status_code, made.headers["cache-control"]) == (201, "no-store")
    secret = re.search(r"ma_[\w-]+", made.text)
    assert secret
    token = accounts.token(secret[0])
    assert token
    assert (token.scopes, token.made_by) == ({"read", "import"}, "管理员甲")
    page = browser.get("/account").text
    assert secret[0] not in page
    assert "&lt;某系统&gt;" in page
    assert "2099-12-31" in page
    assert sent(browser, "/account/tokens/revoke", token=token.id).status_code == 303
    assert accounts.token(secret[0]) is None
    assert "revoked" in browser.get("/account").text
    for fields in (
        {"name": "x"},
        {"name": "x", "scope": "everything"},
        {"name": "x", "scope": "read", "expires": "x"},
    ):
        assert sent(browser, "/account/tokens", **fields).status_code == 422
    assert len(accounts.tokens()) == 1


def test_nobody_else_does_any_of_it(browser: httpx.Client, accounts: Accounts) -> None:
    sign_in(browser)
    for path in ("people", "people/role", "people/password", "people/disable", "tokens", "tokens/revoke"):
        assert sent(browser, f"/account/{path}", name="管理员甲", role="member").status_code == 403
    assert accounts.person("管理员甲").role == "admin"


def test_names_of_people_stay_text(browser: httpx.Client, accounts: Accounts) -> None:
    for number, label in enumerate(HOSTILE):
        accounts.add_person(f"{label[:50]}{number}", "member", DIGEST)
    sign_in(browser, name="管理员甲")
    page = browser.get("/account").text
    assert not [label for label in HOSTILE if label[:50] in page and re.search(r"[<\"]", label[:50])]


def test_every_role_and_permission_is_explained_in_both_languages(browser: httpx.Client) -> None:
    sign_in(browser, name="管理员甲")
    for language, words in (("zh", ("资料管理员", "导入名单与表格")), ("en", ("Curator", "import lists"))):
        page = browser.get(f"/account?lang={language}").text
        assert all(word in page for word in words)
