"""The query page with scripts: an editor that completes, tabs and history, and answers in five views, all offline."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from list_data import demo_engine
from page_data import member_called, served, service, state
from playwright.sync_api import Browser, Page, Route

from api.query_examples import query_examples
from samples import HOSTILE

pytestmark = pytest.mark.web

ROOT = Path(__file__).resolve().parents[2]
DIST = ROOT / "api/static/dist"
AXE = ROOT / "api/web/node_modules/axe-core/axe.min.js"
MOST_SCRIPT = 150_000
"""Bytes of scripts, packed, that the page may bring."""

NUMBERS = "SELECT ?n ?square { VALUES ?n { 10 9 1 } BIND(?n * ?n AS ?square) }"
HARMLESS = ("Failed to load resource",)
"""What the browser says by itself of an answer with a fault."""


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """The illustrative network and units with hostile names; no test changes it."""
    units = "".join(member_called(number, name, "zh") for number, name in enumerate(HOSTILE, 1))
    with served(service(state(demo_engine(), units))) as started:
        yield started


@contextmanager
def opened(browser: Browser, address: str, path: str = "/query", **options: Any) -> Iterator[Page]:
    """Open the page in a context of its own; nothing may be complained of, and nothing asked of anybody else."""
    said: list[str] = []
    settings = {"viewport": {"width": 1280, "height": 900}, "reduced_motion": "reduce", "locale": "zh-CN"}
    context = browser.new_context(base_url=address, **(settings | options))
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    try:
        page = context.new_page()
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda fault: said.append(str(fault)))
        page.on("dialog", lambda dialog: dialog.accept())
        page.on(
            "request", lambda request: said.append(request.url) if strange(request.url, address) else None
        )
        page.goto(path)
        page.wait_for_selector("html[data-ready]")
        yield page
        assert [one for one in said if not one.startswith(HARMLESS)] == []
    finally:
        context.close()


def strange(url: str, address: str) -> bool:
    return not url.startswith((address, "data:", "blob:"))


def at(query: str, **said: str) -> str:
    return f"/query?{urlencode({'query': query, **said})}"


def write(page: Page, text: str) -> None:
    """Type a query in place of the one that is there."""
    page.locator("#editor .cm-content").click()
    page.keyboard.press("Control+a")
    page.keyboard.type(text)


def written(page: Page) -> str:
    return "\n".join(page.locator("#editor .cm-line").all_inner_texts()).replace("\u200b", "")


def ask(page: Page) -> None:
    page.keyboard.press("Control+Enter")
    page.wait_for_selector("#outcome:not([aria-busy]) > section")


def address_of(page: Page) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(page.url).query).items()}


def column(page: Page, number: int) -> list[str]:
    return [
        text.split("\n")[0].strip(" ⧉")
        for text in page.locator(f".answer-rows tbody td:nth-child({number + 1})").all_inner_texts()
    ]


def test_what_the_page_brings_is_small() -> None:
    packed = sum(len(gzip.compress((DIST / name).read_bytes())) for name in ("query.js", "main.js"))
    assert packed <= MOST_SCRIPT


def test_words_of_the_graph_are_found_by_pinyin_and_bring_their_prefix(
    browser: Browser, address: str
) -> None:
    with opened(browser, address) as page:
        write(page, "SELECT * {\n?m a lmcygx")
        chosen = page.locator("#editor .cm-tooltip-autocomplete li[aria-selected]")
        chosen.wait_for()
        assert "ma:AllianceMembership" in chosen.inner_text()
        assert "联盟成员关系" in chosen.inner_text()
        page.wait_for_timeout(
            200
        )  # the list takes no key in its first 75 ms, lest somebody who types on should choose
        page.keyboard.press("Enter")
        text = written(page)
        assert text.startswith("PREFIX ma: <https://w3id.org/medalliance/ontology#>\n")
        assert "?m a ma:AllianceMembership" in text
        ask(page)
        assert page.locator(".answer-rows tbody tr").count() > 10
        assert "ma:AllianceMembership" in address_of(page)["query"]


def test_a_fault_is_marked_in_the_text_and_gone_when_it_is_corrected(browser: Browser, address: str) -> None:
    with opened(browser, address) as page:
        write(page, "SELECT * {\n?s ?p ?o .\nFILTR(?s = 1)")
        ask(page)
        assert "查询语句有误" in page.inner_text("#outcome")
        assert "FILTR" in page.locator("#editor .trouble-line").inner_text()
        write(page, NUMBERS)
        assert page.locator("#editor .trouble-line").count() == 0
        ask(page)
        assert column(page, 1) == ["10", "9", "1"]


def test_an_address_with_a_fault_tells_it(browser: Browser, address: str) -> None:
    with opened(browser, address, at("SELECT ?a {\n ?a ?b \n}}", lang="en")) as page:
        said = page.locator("#outcome .problem").inner_text()
        assert "Malformed query" in said
        assert "Line 3" in said


def test_the_keyboard_alone_gets_in_asks_and_gets_out(browser: Browser, address: str) -> None:
    with opened(browser, address) as page:
        page.locator("#query-form").locator("xpath=..").locator(".query-tabs .add").focus()
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.id") == "editor"
        ask(page)
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.id") == "ask"


def test_a_query_that_runs_is_given_up_by_escape(browser: Browser, address: str) -> None:
    with opened(browser, address) as page:
        waiting: list[Route] = []
        given_up: list[str] = []
        page.route("**/sparql*", lambda route: waiting.append(route))
        page.on("requestfailed", lambda request: given_up.append(request.failure or ""))
        page.locator("#editor .cm-content").click()
        page.keyboard.press("Control+Enter")
        page.get_by_role("button", name="取消").wait_for()
        assert "上限 10 秒" in page.inner_text(".running")
        page.keyboard.press("Escape")
        assert "已取消" in page.inner_text(".running")
        assert not page.get_by_role("button", name="取消").is_visible()
        page.wait_for_timeout(50)
        assert given_up == ["net::ERR_ABORTED"]
        page.unroute("**/sparql*")


def test_rows_are_sorted_by_value_and_the_address_says_how(browser: Browser, address: str) -> None:
    with opened(browser, address, at(NUMBERS)) as page:
        page.click("[data-column=n]")
        assert column(page, 1) == ["1", "9", "10"]
        page.click("[data-column=n]")
        assert column(page, 2) == ["100", "81", "1"]
        assert address_of(page)["sort"] == "-n"
        page.reload()
        page.wait_for_selector("html[data-ready]")
        assert column(page, 1) == ["10", "9", "1"]
        assert page.locator("th[aria-sort=descending]").inner_text().startswith("n")


def test_pages_hold_a_hundred_rows_each(browser: Browser, address: str) -> None:
    with opened(browser, address, at("SELECT ?s { ?s ?p ?o } ORDER BY ?s ?p ?o LIMIT 250")) as page:
        assert page.locator(".answer-rows tbody tr").count() == 100
        page.get_by_role("button", name="末页").click()
        assert "第 201–250 行，共 250 行" in page.inner_text(".pager")
        assert address_of(page)["page"] == "3"


def test_a_cell_is_copied_with_its_whole_value(browser: Browser, address: str) -> None:
    with opened(browser, address, at(query_examples()["designations"].text)) as page:
        page.locator(".answer-rows tbody td:not(.place)").first.focus()
        page.keyboard.press("ArrowRight")
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Control+c")
        page.wait_for_selector(".copied-cell")
        assert page.evaluate("navigator.clipboard.readText()").startswith("https://w3id.org/medalliance/id/")


def test_each_view_has_an_address_and_the_answer_is_asked_for_once(browser: Browser, address: str) -> None:
    with opened(browser, address, at(query_examples()["members-map"].text)) as page:
        page.get_by_text("<script>alert(1)</script>").first.wait_for()  # a name, which stays text
        asked: list[str] = []
        page.on("request", lambda request: asked.append(urlsplit(request.url).path))
        for view, drawn in (("graph", "svg.answer-graph"), ("map", "svg.answer-map"), ("chart", ".nothing")):
            page.click(f".ways [data-view={view}]")
            page.wait_for_selector(f"#outcome {drawn}")
            assert address_of(page)["view"] == view
        assert "/sparql" not in asked
        page.go_back()
        page.wait_for_selector("#outcome svg.answer-map")
        shown = page.locator("#outcome svg.answer-map").text_content() or ""
        assert "示例" in shown


def test_the_raw_text_is_what_the_server_sends(browser: Browser, address: str) -> None:
    with opened(browser, address, at(NUMBERS)) as page:
        page.click(".ways [data-view=raw]")
        page.click("[data-format=csv]")
        page.wait_for_selector("#outcome pre:has-text('n,square')")
        assert page.inner_text("#outcome pre").split() == ["n,square", "10,100", "9,81", "1,1"]
        assert address_of(page)["format"] == "csv"


def test_tabs_and_history_stay_in_the_browser(browser: Browser, address: str) -> None:
    with opened(browser, address) as page:
        write(page, NUMBERS)
        ask(page)
        page.click(".query-tabs .add")
        write(page, "ASK { ?s ?p ?o")
        ask(page)
        assert page.inner_text(".headline") == "是"
        page.locator(".query-tabs .open").first.dblclick()
        page.keyboard.type("平方")
        page.keyboard.press("Enter")
        page.goto("/query")
        page.wait_for_selector("html[data-ready]")
        assert page.locator(".query-tabs .open").all_inner_texts() == ["平方", "查询 2"]
        assert page.locator(".past .run").count() == 2
        page.fill(".filter input", "square")
        assert page.locator(".past li:visible").count() == 1
        page.click(".past .run:visible")
        assert written(page) == NUMBERS
        page.get_by_role("button", name="关闭“平方”").click()
        assert page.locator(".query-tabs li").count() == 1
        page.fill(".filter input", "")
        page.get_by_role("button", name="清空历史").click()
        assert page.locator(".past .run").count() == 0


def test_a_query_too_long_for_an_address_is_asked_all_the_same_and_says_so(
    browser: Browser, address: str, tmp_path: Path
) -> None:
    with opened(browser, address) as page:
        file = tmp_path / "long.rq"
        file.write_text(f"# {'长' * 4000}\n{NUMBERS}", encoding="utf-8")
        page.set_input_files("input[type=file]", file)
        page.locator("#editor .cm-content").click()
        ask(page)
        assert column(page, 1) == ["10", "9", "1"]
        assert urlsplit(page.url).query == ""
        assert "8 kB" in page.inner_text(".share-note")
        with page.expect_download() as download:
            page.locator(".share-note").get_by_role("button", name="保存 .rq").click()
        assert download.value.suggested_filename == "long.rq"
        assert Path(download.value.path()).read_text("utf-8") == file.read_text("utf-8")


def test_the_link_that_is_copied_opens_the_same_view(browser: Browser, address: str) -> None:
    example = query_examples()["joined"]
    with opened(browser, address, at(example.text, view="chart")) as page:
        page.get_by_role("button", name="复制链接").click()
        link = page.evaluate("navigator.clipboard.readText()")
    with opened(browser, address, link) as page:
        page.wait_for_selector("svg.answer-chart .trace")
        assert page.locator(".query-tabs .open").inner_text() == example.title["zh"]


def test_on_paper_stand_the_whole_query_and_its_answer(browser: Browser, address: str) -> None:
    with opened(browser, address, at(NUMBERS)) as page:
        page.evaluate("dispatchEvent(new Event('beforeprint'))")
        page.emulate_media(media="print")
        assert page.inner_text(".printed") == NUMBERS
        assert page.locator(".answer-rows").is_visible()
        for hidden in (".editor", ".tools", ".choices", ".ways", ".query-tabs"):
            assert not page.locator(hidden).is_visible()


@pytest.mark.parametrize("language", ["zh", "en"])
def test_axe_finds_nothing_and_nothing_is_too_wide(browser: Browser, address: str, language: str) -> None:
    pages = {"fault": at("SELECT * { ?s ?p }")}
    if language == "zh":
        pages |= {"guided": "/query?question=designations-on-date&ask=1"}
        pages |= {one.view: at(one.text, view=one.view) for one in query_examples().values()}
    found: list[Any] = []
    # The policy would keep axe out, too: it is put aside here only.
    with opened(browser, address, bypass_csp=True, viewport={"width": 390, "height": 800}) as page:
        for name, path in pages.items():
            page.goto(f"{path}{'&' if '?' in path else '?'}lang={language}")
            page.wait_for_selector("html[data-ready]")
            page.evaluate(AXE.read_text(encoding="utf-8"))
            for scheme in ("light", "dark"):
                if scheme == "dark" and name not in ("table", "chart"):
                    continue
                page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
                only = {} if scheme == "light" else {"runOnly": ["color-contrast"]}
                seen = page.evaluate("options => axe.run('#main', options)", only)["violations"]
                found += [(name, scheme, one["id"], [node["html"] for node in one["nodes"]]) for one in seen]
            for width in (390, 768, 1280):
                page.set_viewport_size({"width": width, "height": 800})
                wide = page.evaluate("document.documentElement.scrollWidth")
                found += [(name, width, wide)] if wide > width else []
            page.set_viewport_size({"width": 390, "height": 800})
    assert found == []
