"""The pages of lists as people meet them: with and without scripts, by keyboard, on a phone and on paper."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from browsing import in_language, opened
from list_data import demo_engine
from page_data import served, service
from playwright.sync_api import Browser

pytestmark = pytest.mark.web

AXE = Path(__file__).resolve().parents[2] / "api/web/node_modules/axe-core/axe.min.js"
STATES = {
    "members": "/members",
    "chosen": "/members?grade=3a&grade=unknown&role=council&q=示例&as_of=2024-01-01&sort=-start",
    "cards": "/members?view=cards&grade=3a",
    "all of them": "/members?held=yes&held=unknown&held=no&limit=200",
    "only real": "/members?real=1",
    "nothing fits": "/members?q=zzz&grade=3a",
    "designations": "/designations",
    "training": "/training",
    "projects": "/projects",
    "units": "/units?limit=25",
}
each_state = pytest.mark.parametrize("path", STATES.values(), ids=STATES)


@pytest.fixture(scope="module")
def lists() -> Iterator[str]:
    with served(service(demo_engine())) as started:
        yield started


@each_state
def test_axe_finds_nothing(browser: Browser, lists: str, path: str) -> None:
    with opened(browser, lists, bypass_csp=True) as page:
        for language, width, scheme in (("zh", 1280, "light"), ("en", 390, "dark")):
            page.set_viewport_size({"width": width, "height": 844})
            page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
            page.goto(in_language(path, language))
            page.evaluate(AXE.read_text(encoding="utf-8"))
            found = page.evaluate("axe.run()")["violations"]
            assert not [(one["id"], [node["html"] for node in one["nodes"]]) for one in found], (
                language,
                width,
            )


@each_state
def test_no_list_is_wider_than_its_screen_and_nobody_complains(
    browser: Browser, lists: str, path: str
) -> None:
    said: list[str] = []
    with opened(browser, lists) as page:
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda fault: said.append(str(fault)))
        for language in ("zh", "en"):
            page.goto(in_language(path, language))
            page.wait_for_selector("html[data-ready]")
            for width in (1280, 768, 390, 360):
                page.set_viewport_size({"width": width, "height": 844})
                assert page.evaluate("document.documentElement.scrollWidth") <= width, (language, width)
    assert said == []


def test_a_choice_is_sent_at_once_and_the_reader_stays_where_they_were(browser: Browser, lists: str) -> None:
    with opened(browser, lists, viewport={"width": 1280, "height": 600}) as page:
        page.goto("/members?lang=zh")
        page.wait_for_selector("html[data-ready]")
        assert not page.locator(".facets .apply").is_visible()
        box = page.locator("#grade-3a")
        box.scroll_into_view_if_needed()
        top = page.evaluate("scrollY")
        box.check()
        page.wait_for_url("**/members?*grade=3a*")
        page.wait_for_selector("html[data-ready]")
        assert page.evaluate("document.activeElement.id") == "grade-3a"
        assert abs(page.evaluate("scrollY") - top) < 5
        assert "q=" not in page.url
        assert "limit=" not in page.url
        assert page.locator("#total").inner_text() == str(page.locator("tbody tr").count())


def test_a_list_is_narrowed_by_keyboard_alone(browser: Browser, lists: str) -> None:
    with opened(browser, lists) as page:
        page.goto("/members?lang=zh")
        page.wait_for_selector("html[data-ready]")
        page.focus("#q")
        page.keyboard.type("shilidiyi")
        page.keyboard.press("Enter")
        page.wait_for_url("**/members?*q=shilidiyi*")
        assert page.locator("#total").inner_text() == "3"
        page.focus("#facets summary")
        page.keyboard.press("Tab")
        page.keyboard.press("Space")
        page.wait_for_selector("html[data-ready]")
        page.wait_for_url("**/members?*alliance=*")


def test_a_list_is_narrowed_without_scripts(browser: Browser, lists: str) -> None:
    with opened(browser, lists, java_script_enabled=False) as page:
        page.goto("/members?lang=zh")
        page.check("#grade-3a")
        page.check("#role-council")
        page.fill("#q", "示例")
        page.locator(".facets .apply button").click()
        assert page.locator(".chips.chosen li").count() == 4
        assert page.locator("tbody tr").count() == int(page.locator("#total").inner_text())
        page.locator(".chips.chosen a", has_text="理事单位").click()
        assert page.locator("#role-council").is_checked() is False
        assert page.locator("#grade-3a").is_checked()
        page.get_by_role("link", name="卡片").click()
        assert page.locator(".cards li").count() == int(page.locator("#total").inner_text())


def test_the_address_is_the_whole_view(browser: Browser, lists: str) -> None:
    with opened(browser, lists) as page:
        page.goto("/members?lang=zh")
        page.wait_for_selector("html[data-ready]")
        page.locator("#tier-provincial").check()
        page.wait_for_url("**tier=provincial**")
        page.get_by_role("link", name="医院等级").first.click()
        page.wait_for_url("**sort=grade**")
        address, shown = page.url, page.locator("tbody").inner_text()
    with opened(browser, lists) as page:
        page.goto(address)
        assert page.locator("tbody").inner_text() == shown


def test_a_table_is_cards_at_phone_width_and_facets_are_folded(browser: Browser, lists: str) -> None:
    with opened(browser, lists, viewport={"width": 390, "height": 844}) as page:
        page.goto("/members?lang=zh")
        page.wait_for_selector("html[data-ready]")
        assert not page.locator("#grade-3a").is_visible()
        row = page.locator("tbody tr").first
        tops = [cell.bounding_box()["y"] for cell in row.locator("th, td").all()]  # type: ignore[index]
        assert tops == sorted(set(tops))
        page.locator("#facets > summary").click()
        page.locator("#grade-3a").check()
        page.wait_for_url("**grade=3a**")
        page.wait_for_selector("html[data-ready]")
        assert page.locator("#grade-3a").is_visible()


def test_the_list_prints_with_its_filters_and_without_its_controls(browser: Browser, lists: str) -> None:
    with opened(browser, lists) as page:
        page.goto("/members?grade=3a&q=示例&lang=zh")
        page.emulate_media(media="print")
        for part in (".facets", ".list-filter", ".list-tools", ".chips.chosen"):
            assert not page.locator(part).is_visible(), part
        assert page.locator(".printed").inner_text() == "已选：医院等级 三级甲等 · 关键词 示例"
        assert page.pdf(format="A4").startswith(b"%PDF")


def test_a_download_has_the_filters_of_the_page(browser: Browser, lists: str) -> None:
    with opened(browser, lists, accept_downloads=True) as page:
        page.goto("/members?grade=3a&lang=zh")
        with page.expect_download() as started:
            page.get_by_role("link", name="CSV").click()
        file = started.value
        assert file.suggested_filename == "members-2026-11-23.csv"
        lines = Path(file.path()).read_text(encoding="utf-8-sig").splitlines()
        assert len(lines) == int(page.locator("#total").inner_text()) + 1
