"""Walks of a coordinator through the explorer, with mouse and by keyboard only, to what is taken along."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest
from browsing import opened
from list_data import demo_engine
from page_data import served, service
from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.web

FIRST, COUNTY = "示例第一医院", "示例甲县医院"
WIDE: dict[str, Any] = {
    "viewport": {"width": 1400, "height": 1000},
    "locale": "zh-CN",
    "reduced_motion": "reduce",
}


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """The illustrative network; no test changes it."""
    with served(service(demo_engine())) as started:
        yield started


def walked(browser: Browser, address: str, **options: Any) -> AbstractContextManager[Page]:
    """Open a page as wide as an office screen."""
    return opened(browser, address, **(WIDE | options))


def arrived(page: Page, part: str) -> None:
    """Wait until the address holds a part and the drawing has followed."""
    page.wait_for_url(re.compile(re.escape(part)), wait_until="commit")
    page.wait_for_selector("#explore:not([aria-busy=true])")


def lists(page: Page) -> str:
    return page.locator("#explore-list").inner_text()


def sentence(page: Page) -> str:
    return page.locator("#explore-panel ol.path > li > p").first.inner_text()


def test_find_by_initials_expand_filter_and_tell_the_path_with_the_mouse(
    browser: Browser, address: str
) -> None:
    with walked(browser, address) as page:
        page.goto("/explore?focus=org/EX-A1")
        page.wait_for_selector("html[data-ready]")
        page.locator("#add-name").press_sequentially("sldyyy")
        page.get_by_role("option", name=re.compile(f"^{FIRST}(?!新)")).first.click()
        arrived(page, "focus=org/EX-001")
        page.locator("#explore-list tr[data-key='org/EX-001'] a").first.click()
        arrived(page, "select=org/EX-001")
        for box in page.locator("#explore-panel input[name=xr]").all():
            box.set_checked(box.get_attribute("value") == "cooperation.out")
        page.locator("#way-go").click()
        arrived(page, "expand=org/EX-001~cooperation.out")
        assert COUNTY in lists(page)
        page.locator("#explore-facets input[name=kind][value=hospital]").check()
        arrived(page, "kind=hospital")
        page.locator("#path-to").press_sequentially("示例戊市中心")
        page.locator("[role=option]").first.click()
        arrived(page, "path=org/EX-001~org/EX-009")
        assert FIRST in sentence(page)
        assert "虚构" in sentence(page)
        assert page.locator("#explore-panel ol.path .sources a").count() >= 1
        seen, told = lists(page), sentence(page)
        here = page.url
    with walked(browser, address) as other:
        other.goto(here)
        other.wait_for_selector("html[data-ready]")
        assert lists(other) == seen
        assert sentence(other) == told


def test_the_same_by_keyboard_only(browser: Browser, address: str) -> None:
    with walked(browser, address) as page:
        page.goto("/explore?focus=org/EX-A1")
        page.wait_for_selector("html[data-ready]")
        tab_to(page, "add-name")
        page.keyboard.type("sldyyy")
        page.wait_for_selector("[role=option]")
        choose(page, FIRST)
        arrived(page, "focus=org/EX-001")
        page.locator("#explore-list tr[data-key='org/EX-001'] a").first.focus()
        page.keyboard.press("Enter")
        arrived(page, "select=org/EX-001")
        for box in page.locator("#explore-panel input[name=xr]").all():
            if (box.get_attribute("value") == "cooperation.out") != box.is_checked():
                box.focus()
                page.keyboard.press("Space")
        page.locator("#way-go").focus()
        page.keyboard.press("Enter")
        arrived(page, "expand=org/EX-001~cooperation.out")
        tab_to(page, "path-to")
        page.keyboard.type("示例戊市中心")
        page.wait_for_selector("[role=option]")
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Enter")
        arrived(page, "path=org/EX-001~org/EX-009")
        assert FIRST in sentence(page)


def test_the_one_file_picture_opens_offline_and_shows_the_visible_part(
    browser: Browser, address: str, tmp_path: Path
) -> None:
    with walked(browser, address) as page:
        page.goto("/explore?focus=org/EX-001&expand=org/EX-001~cooperation.out~1")
        page.wait_for_selector("html[data-ready]")
        page.locator("#menu-export summary").click()
        with page.expect_download() as waited:
            page.locator("#menu-export a[href*='format=html']").click()
        file = tmp_path / "picture.html"
        waited.value.save_as(file)
    said: list[str] = []
    with walked(browser, "", offline=True) as page:
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda fault: said.append(str(fault)))
        page.goto(file.as_uri())
        page.wait_for_selector("canvas")
        text = page.locator("body").inner_text()
    assert {FIRST, COUNTY} <= {name for name in (FIRST, COUNTY) if name in text}
    assert said == []


def test_every_export_of_the_menu_is_a_file_with_something_in_it(browser: Browser, address: str) -> None:
    with walked(browser, address) as page:
        page.goto("/explore?focus=org/EX-001&expand=org/EX-001")
        links = [link.get_attribute("href") or "" for link in page.locator("#menu-export a").all()]
        assert len(links) == 7
        for link in links:
            reply = page.request.get(link)
            assert reply.status == 200, link
            assert len(reply.body()) > 500, link


def test_the_explorer_prints_to_pdf(browser: Browser, address: str) -> None:
    with walked(browser, address) as page:
        page.goto("/explore?focus=org/EX-001&expand=org/EX-001")
        page.wait_for_selector("html[data-ready]")
        printed = page.pdf(format="A4")
    assert printed.startswith(b"%PDF")
    assert len(printed) > 20_000


def test_the_explorer_is_complete_without_scripts(browser: Browser, address: str) -> None:
    with walked(browser, address, java_script_enabled=False) as page:
        page.goto("/explore?focus=org/EX-A1")
        page.fill("#add-name", "sldyyy")
        page.locator("#explore-bar form.add button").click()
        assert "add=org" not in page.url or FIRST in lists(page)
        page.locator("#explore-list tr[data-key='org/EX-001'] a").first.click()
        page.locator("#way-go").click()
        assert COUNTY in lists(page)
        assert page.locator("#still").is_visible()


def tab_to(page: Page, name: str) -> None:
    """Press Tab until an element has the focus."""
    for _ in range(120):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.id") == name:
            return
    raise AssertionError(f"{name} cannot be reached")


def choose(page: Page, name: str) -> None:
    """Go down a list of suggestions to a name, and take it."""
    for _ in range(10):
        page.keyboard.press("ArrowDown")
        option = page.locator("[role=option][aria-selected=true]")
        if (
            option.count()
            and option.inner_text().startswith(name)
            and "新生儿" not in option.inner_text()[: len(name) + 4]
        ):
            page.keyboard.press("Enter")
            return
    raise AssertionError(f"{name} is not suggested")
