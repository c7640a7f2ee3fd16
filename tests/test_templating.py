"""Addresses of things, and pages from templates."""

from __future__ import annotations

from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import UndefinedError
from page_data import PACKAGED
from starlette.requests import Request

from api.i18n import translator
from api.templating import View, asset, downloads, environment, is_real_only, page_address
from graph.nodes import Named
from samples import BASE

VIEW = View(translator("en"), BASE, "en", "/search?q=a+b&lang=en")


def thing_at(address: str) -> set[str]:
    """Return the IRIs that the service looks for at an address."""
    parts = urlsplit(address)
    if parts.path == "/resource":
        return {parse_qs(parts.query)["iri"][0]}
    return {BASE + unquote(parts.path[1:]), PACKAGED + unquote(parts.path[1:])}


@pytest.mark.parametrize(
    ("name", "address"),
    [
        (f"{PACKAGED}id/org/fhjlu", "/id/org/fhjlu"),
        (f"{BASE}id/org/a.1", "/id/org/a.1"),
        (f"{PACKAGED}vocab/level/provincial", "/vocab/level/provincial"),
        (f"{PACKAGED}ontology", "/ontology"),
        (f"{PACKAGED}id/stat/department-profile/beds", "/id/stat/department-profile/beds"),
        (f"{BASE}id/org/医院", "/id/org/%E5%8C%BB%E9%99%A2"),
        (
            f"{PACKAGED}ontology#Claim",
            "/resource?iri=https%3A%2F%2Fw3id.org%2Fmedalliance%2Fontology%23Claim",
        ),
        (f"{BASE}id/org/a.ttl", "/resource?iri=http%3A%2F%2F127.0.0.1%3A8000%2Fid%2Forg%2Fa.ttl"),
        (f"{BASE}id/../secret", "/resource?iri=http%3A%2F%2F127.0.0.1%3A8000%2Fid%2F..%2Fsecret"),
        ("javascript:alert(1)", "/resource?iri=javascript%3Aalert%281%29"),
        ("//evil.example/x", "/resource?iri=%2F%2Fevil.example%2Fx"),
    ],
)
def test_a_thing_has_one_address_here(name: str, address: str) -> None:
    assert page_address(name, BASE) == address


@given(
    st.one_of(
        st.text(min_size=1),
        st.text().map(lambda rest: f"{BASE}id/{rest}"),
        st.text().map(lambda r: f"{PACKAGED}{r}"),
    )
)
def test_whatever_the_iri_its_address_leads_back_to_it(name: str) -> None:
    address = page_address(name, BASE)
    assert address.startswith("/")
    assert not address.startswith("//")
    assert name in thing_at(address)


@given(st.text())
def test_no_text_in_an_iri_can_leave_the_attribute_it_stands_in(name: str) -> None:
    assert not set(page_address(name, BASE)) & set("\"'<> \n")


def test_links_keep_the_language_that_was_asked_for() -> None:
    assert VIEW.local("/ontology") == "/ontology?lang=en"
    assert VIEW.local("/search?q=a") == "/search?q=a&lang=en"
    assert View(translator("en"), BASE, "", "/").local("/ontology") == "/ontology"


def test_links_keep_the_wish_for_what_is_real_as_they_keep_the_language() -> None:
    real = View(translator("zh"), BASE, "en", "/search?q=a&start=25&lang=en&real=1", real=True)
    assert real.local("/ontology") == "/ontology?lang=en&real=1"
    assert real.local("/help#remove") == "/help?lang=en&real=1#remove"
    assert View(translator("zh"), BASE, "", "/", real=True).local("/search?q=a") == "/search?q=a&real=1"
    assert real.with_all() == "/search?q=a&lang=en"
    assert VIEW.only_real() == "/search?q=a+b&lang=en&real=1"
    assert VIEW.with_all() == VIEW.address
    assert View(translator("zh"), BASE, "", "/").with_all() == "/"


@pytest.mark.parametrize(("asked", "wanted"), [("1", True), ("true", True), ("0", False), ("", False)])
def test_the_address_says_whether_only_what_is_real_is_wanted(asked: str, wanted: bool) -> None:
    scope = {"type": "http", "path": "/", "query_string": f"real={asked}".encode(), "headers": []}
    assert is_real_only(Request(scope)) is wanted


def test_the_explorer_and_the_members_are_asked_by_short_names() -> None:
    view = View(translator("zh"), BASE, "", "/")
    assert view.explore(f"{PACKAGED}id/org/fhjlu") == "/explore?expand=org/fhjlu&select=org/fhjlu"
    assert (
        view.members(f"{PACKAGED}id/org/a", f"{PACKAGED}vocab/membership-role/core")
        == "/members?alliance=org%2Fa&role=core"
    )


def test_the_same_page_in_the_other_language_keeps_the_rest_of_its_address() -> None:
    assert VIEW.in_other_language("zh") == "/search?q=a+b&lang=zh"


def test_only_web_addresses_lead_outside() -> None:
    assert VIEW.outside(Named("https://example.org/licence", {})) == "https://example.org/licence"
    assert VIEW.outside(Named("javascript:alert(1)", {})) == ""
    assert VIEW.outside(Named("data:text/html,x", {})) == ""
    assert VIEW.outside(Named("https://example.org/known", {}, described=True)) == ""


def test_a_text_in_another_language_says_so() -> None:
    assert VIEW.language_tag({"zh": "甲"}) == "zh-CN"
    assert VIEW.language_tag({"zh": "甲", "en": "A"}) == ""
    assert VIEW.other_label({"zh": "甲", "en": "A"}) == "甲"
    assert VIEW.other_label({"en": "A"}) == ""


def test_downloads_are_by_suffix_or_by_query() -> None:
    own = {one.name: one.address for one in downloads(f"{PACKAGED}id/org/fhjlu", BASE)}
    assert own["Turtle"] == "/id/org/fhjlu.ttl"
    elsewhere = {one.name: one.address for one in downloads(f"{PACKAGED}ontology#Claim", BASE)}
    assert parse_qs(urlsplit(elsewhere["JSON-LD"]).query) == {
        "query": [f"DESCRIBE <{PACKAGED}ontology#Claim>"],
        "format": ["jsonld"],
    }


def test_a_built_file_is_marked_by_its_content() -> None:
    assert asset("no-such-file.css") == "/static/dist/no-such-file.css"


def test_templates_escape_and_refuse_unknown_names() -> None:
    made = environment()
    assert made.from_string("{{ said }}").render(said="<b>") == "&lt;b&gt;"
    with pytest.raises(UndefinedError):
        made.from_string("{{ nobody }}").render()
