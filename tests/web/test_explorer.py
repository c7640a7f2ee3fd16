"""The explorer with scripts: a drawing that mouse, keys and fingers work, in step with address, panel and lists."""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from list_data import demo_engine
from page_data import member_called, served, service, state
from playwright.sync_api import Browser, Page

from samples import HOSTILE

pytestmark = pytest.mark.web

BUILT = Path(__file__).resolve().parents[2] / "api/static/dist/explore.js"
ALLIANCE, UNIT = "org/EX-A1", "org/EX-001"
EXPANDED = f"/explore?focus={ALLIANCE}&expand={ALLIANCE}"
DRAWING = "document.getElementById('canvas')._cyreg.cy"

PLACE = f"""key => {{
  const [drawing, box] = [{DRAWING}, document.getElementById('canvas').getBoundingClientRect()];
  const {{ x, y }} = drawing.getElementById(key).renderedPosition();
  return {{ x: box.x + x, y: box.y + y }};
}}"""


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """The explorer over the illustrative network and units with hostile names; no test changes it."""
    units = "".join(member_called(number, name) for number, name in enumerate(HOSTILE, 1))
    with served(service(state(demo_engine(), units))) as started:
        yield started


@contextmanager
def explored(browser: Browser, address: str, path: str = "/explore", **options: Any) -> Iterator[Page]:
    """Open the explorer in a context of its own, without motion; nothing may be complained of."""
    said: list[str] = []
    settings = {"viewport": {"width": 1400, "height": 900}, "reduced_motion": "reduce", "locale": "zh-CN"}
    context = browser.new_context(base_url=address, **(settings | options))
    try:
        page = context.new_page()
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda fault: said.append(str(fault)))
        page.on("dialog", lambda dialog: said.append(dialog.message))
        page.goto(path)
        page.wait_for_selector("html[data-ready]")
        yield page
        assert said == []
    finally:
        context.close()


def asked(page: Page) -> dict[str, list[str]]:
    """Return the state in the address."""
    return parse_qs(urlsplit(page.url).query)


def settled(page: Page, name: str, value: str | None) -> None:
    """Wait until the address says something (``None``: no longer), and the page has followed."""

    def has_come(url: str) -> bool:
        said = parse_qs(urlsplit(url).query).get(name, [])
        return not said if value is None else any(one.startswith(value) for one in said)

    page.wait_for_url(has_come, wait_until="commit")
    page.wait_for_selector("#explore[aria-busy=false]")


def clicked(page: Page, key: str) -> None:
    place = page.evaluate(PLACE, key)
    page.mouse.click(place["x"], place["y"])


def pressed(page: Page, key: str) -> None:
    page.locator("#canvas").press(key)


def drawn(page: Page) -> list[str]:
    """Return the keys of all that is drawn, with places."""
    found: list[str] = page.evaluate(
        f"{DRAWING}.nodes().map(node => node.id() + JSON.stringify(node.position())).sort()"
    )
    return found


def test_what_is_selected_is_told_beside_the_picture_marked_in_the_list_and_kept_in_the_address(
    browser: Browser, address: str
) -> None:
    with explored(browser, address, EXPANDED) as page:
        clicked(page, UNIT)
        settled(page, "select", UNIT)
        assert "示例第一医院" in page.inner_text("#explore-panel h2")
        marked = page.locator("#explore-list tr[aria-current=true]")
        assert marked.get_attribute("data-key") == UNIT
        scroll = "element => element.closest('.scroll').getBoundingClientRect()"
        row, around = marked.evaluate("element => element.getBoundingClientRect()"), marked.evaluate(scroll)
        assert around["top"] <= row["top"]
        assert row["bottom"] <= around["bottom"] + 1
        assert page.evaluate("scrollY") == 0, "the list scrolls, not the page"
        assert page.evaluate(f"{DRAWING}.getElementById('{UNIT}').hasClass('selected')")


def test_keys_alone_select_expand_pin_hide_and_take_it_all_back(browser: Browser, address: str) -> None:
    with explored(browser, address) as page:
        pressed(page, "ArrowRight")
        pressed(page, "ArrowUp")
        settled(page, "select", "group:")
        group = asked(page)["select"][0]
        assert group.startswith("group:prefecture/")
        pressed(page, "Enter")
        settled(page, "open", group.removeprefix("group:prefecture/"))
        pressed(page, "p")
        settled(page, "pin", f"{group}@")
        pressed(page, "Delete")
        settled(page, "hide", group)
        for undone in ("hide", "pin", "open"):
            page.keyboard.press("Control+z")
            settled(page, undone, None)
        assert page.is_disabled("[data-do=undo]")


def test_undo_and_redo_stay_in_the_explorer_and_survive_a_reload(browser: Browser, address: str) -> None:
    with explored(browser, address, "/") as page:
        page.goto(f"/explore?focus={UNIT}&select={UNIT}")
        page.wait_for_selector("html[data-ready]")
        assert page.is_disabled("[data-do=undo]")
        page.click("#canvas-tools [data-do=expand]")
        settled(page, "expand", UNIT)
        page.click("#canvas-tools [data-do=pin]")
        settled(page, "pin", UNIT)
        page.click("[data-do=undo]")
        settled(page, "pin", None)
        page.reload()
        page.wait_for_selector("html[data-ready]")
        page.click("[data-do=redo]")
        settled(page, "pin", UNIT)
        assert page.is_disabled("[data-do=redo]")
        for undone in ("pin", "expand"):
            page.click("[data-do=undo]")
            settled(page, undone, None)
        page.keyboard.press("Control+z")
        assert page.is_disabled("[data-do=undo]")
        assert urlsplit(page.url).path == "/explore"


def test_what_is_dragged_stays_where_it_is_dropped_also_for_whoever_gets_the_address(
    browser: Browser, address: str
) -> None:
    with explored(browser, address, EXPANDED) as page:
        start = page.evaluate(PLACE, UNIT)
        page.mouse.move(start["x"], start["y"])
        page.mouse.down()
        page.mouse.move(start["x"] - 60, start["y"] + 40, steps=4)
        page.mouse.up()
        settled(page, "pin", UNIT)
        clicked(page, ALLIANCE)
        settled(page, "select", ALLIANCE)
        before, url = drawn(page), page.url
    with explored(browser, address, url, viewport={"width": 1100, "height": 800}) as page:
        assert drawn(page) == before
        assert page.evaluate(f"{DRAWING}.getElementById('{ALLIANCE}').hasClass('selected')")
        assert page.evaluate(f"{DRAWING}.getElementById('{UNIT}').hasClass('pinned')")


def test_list_and_picture_point_at_each_other(browser: Browser, address: str) -> None:
    hinted = f"{DRAWING}.elements('.hinted').map(element => element.id())"
    with explored(browser, address, EXPANDED) as page:
        row = page.locator("#explore-list tr[data-key]").first
        row.hover()
        assert page.evaluate(hinted) == [row.get_attribute("data-key")]
        page.locator("#explore-list tr[data-key] a").nth(4).focus()
        assert page.evaluate(hinted) == [
            page.evaluate("document.activeElement.closest('tr').dataset.key"),
        ]
        # The picture hears of the scrolling with the next frame, and knows only then where on the page it lies.
        page.evaluate(
            "new Promise(done => { scrollTo(0, 0); requestAnimationFrame(() => setTimeout(done)) })"
        )
        place = page.evaluate(PLACE, ALLIANCE)
        page.mouse.move(place["x"], place["y"])
        assert page.locator("#explore-list tr.hinted").get_attribute("data-key") == ALLIANCE


def test_forms_and_links_change_the_picture_without_a_new_page_and_keep_the_focus(
    browser: Browser, address: str
) -> None:
    with explored(browser, address) as page:
        page.evaluate("window.same = true")
        page.focus("#bar-layout")
        page.select_option("#bar-layout", "layered")
        settled(page, "layout", "layered")
        assert page.evaluate("document.activeElement.id") == "bar-layout"
        page.focus("#sort-name")
        page.keyboard.press("Enter")
        settled(page, "sort", "name")
        assert page.evaluate("document.activeElement.id") == "sort-name"
        assert page.evaluate("window.same")


def test_names_are_drawn_whole_as_text_and_no_wider_than_their_place(browser: Browser, address: str) -> None:
    hostile = "".join(f"&focus=_org/u{number}" for number, _ in enumerate(HOSTILE, 1))
    with explored(browser, address, f"{EXPANDED}{hostile}&lang=en") as page:
        things = page.evaluate(
            f"""() => {{
              const pen = document.createElement('canvas').getContext('2d');
              pen.font = '13px ' + getComputedStyle(document.getElementById('canvas')).fontFamily;
              return {DRAWING}.nodes().map(node => ({{
                name: node.data('name'),
                lines: node.data('label').split('\\n'),
                wide: Math.max(...node.data('label').split('\\n').map(line => pen.measureText(line).width)),
                weight: node.style('font-weight'),
                isInvented: node.hasClass('illustrative'),
              }}));
            }}"""
        )
        assert len(things) > 20
        assert {thing["name"] for thing in things} >= set(HOSTILE)
        for thing in things:
            mark = ["illustrative"] if thing["isInvented"] else []
            assert thing["lines"][len(thing["lines"]) - len(mark) :] == mark
            whole = "".join(thing["lines"][: len(thing["lines"]) - len(mark)])
            assert plain(thing["name"]).startswith(plain(whole.removesuffix("…")))
            assert whole.endswith("…") or plain(whole) == plain(thing["name"])
            assert thing["wide"] <= 125
            assert thing["weight"] == "400" or thing["weight"] == "normal"


def plain(text: str) -> str:
    return re.sub(r"\s", "", text)


def test_the_picture_is_saved_as_png(browser: Browser, address: str) -> None:
    with explored(browser, address, EXPANDED, accept_downloads=True) as page:
        with page.expect_download() as download:
            page.click("#canvas-tools [data-do=png]")
        assert re.search(r"-\d{4}-\d\d-\d\d\.png$", download.value.suggested_filename)
        saved = download.value.path().read_bytes()
    assert saved.startswith(b"\x89PNG\r\n\x1a\n")
    assert len(saved) > 20_000


def test_a_server_that_does_not_answer_is_told_of_and_asked_again(browser: Browser, address: str) -> None:
    context = browser.new_context(base_url=address, reduced_motion="reduce")
    page = context.new_page()
    page.goto(EXPANDED)
    page.wait_for_selector("html[data-ready]")
    context.set_offline(True)
    page.locator("#canvas").press("ArrowRight")
    page.wait_for_selector("#canvas-fault:not([hidden])")
    assert "select" not in page.url
    context.set_offline(False)
    page.click("[data-do=retry]")
    settled(page, "select", "")
    assert page.is_hidden("#canvas-fault")
    context.close()


def test_the_latest_of_several_steps_is_shown(browser: Browser, address: str) -> None:
    with explored(browser, address, EXPANDED) as page:
        for key in (UNIT, ALLIANCE):
            clicked(page, key)
        pressed(page, "p")
        settled(page, "pin", ALLIANCE)
        assert asked(page)["select"] == [ALLIANCE]


def test_on_a_phone_one_finger_scrolls_the_page_two_move_the_picture_and_a_tap_selects(
    browser: Browser, address: str
) -> None:
    phone: dict[str, Any] = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
    with explored(browser, address, EXPANDED, **phone) as page:
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        box = page.locator("#canvas").bounding_box()
        assert box
        x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
        fingers = page.context.new_cdp_session(page)

        def touch(kind: str, *points: tuple[float, float]) -> None:
            touched = [{"x": at[0], "y": at[1], "id": number} for number, at in enumerate(points)]
            fingers.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": touched})

        zoom = f"{DRAWING}.zoom()"
        before = page.evaluate(zoom)
        touch("touchStart", (x, y))
        for step in range(1, 9):
            touch("touchMove", (x, y - 15 * step))
        touch("touchEnd")
        page.wait_for_timeout(100)
        assert page.evaluate("scrollY") > 40
        assert page.evaluate(zoom) == before
        page.evaluate("scrollTo(0, 0)")
        page.wait_for_timeout(200)  # the page still glides
        scrolled = page.evaluate("scrollY")
        touch("touchStart", (x - 40, y), (x + 40, y))
        for step in range(1, 9):
            touch("touchMove", (x - 40 - 5 * step, y), (x + 40 + 5 * step, y))
        touch("touchEnd")
        assert page.evaluate(zoom) > 1.5 * before
        assert page.evaluate("scrollY") == scrolled
        page.evaluate(f"void {DRAWING}.center({DRAWING}.getElementById('{UNIT}'))")
        place = page.evaluate(PLACE, UNIT)
        page.touchscreen.tap(place["x"], place["y"])
        settled(page, "select", UNIT)


def test_print_shows_the_still_picture_of_what_is_drawn(browser: Browser, address: str) -> None:
    with explored(browser, address, EXPANDED) as page:
        page.select_option("#bar-layout", "layered")
        settled(page, "layout", "layered")
        page.evaluate("dispatchEvent(new Event('beforeprint'))")
        page.emulate_media(media="print")
        assert "layout=layered" in (page.get_attribute("#still", "src") or "")
        page.wait_for_selector("#still", state="visible")  # once it is loaded
        assert page.is_hidden("#canvas")
        assert page.is_hidden("#canvas-tools")
        assert page.is_hidden("#explore-facets")


def test_the_script_is_small() -> None:
    assert len(gzip.compress(BUILT.read_bytes())) < 150_000
