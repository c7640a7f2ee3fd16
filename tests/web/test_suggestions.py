"""Suggestions below the search boxes: by keyboard, pinyin, input method, mouse and touch, and read aloud."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from page_data import member, packaged_engine, served, service, state
from playwright.sync_api import Browser, Page

from samples import HOSTILE

pytestmark = pytest.mark.web

AXE = Path(__file__).resolve().parents[2] / "api/web/node_modules/axe-core/axe.min.js"
BOX = "header input[name=q]"
LIST = ".suggestions:not([hidden])"
OPTION = f"{LIST} [role=option]"
HOSPITAL = "/id/org/fhjlu"


@contextmanager
def opened(browser: Browser, address: str, path: str = "/ontology", **options: Any) -> Iterator[Page]:
    """Open a page that has a search box in its header."""
    context = browser.new_context(base_url=address, locale="zh-CN", **options)
    try:
        page = context.new_page()
        page.goto(path)
        page.wait_for_selector("html[data-ready]")
        yield page
    finally:
        context.close()


def typed(page: Page, text: str, box: str = BOX) -> list[str]:
    """Type into a box and return the names that are suggested."""
    page.locator(box).press_sequentially(text, delay=5)
    page.wait_for_selector(OPTION)
    return page.locator(f"{OPTION} .name").all_inner_texts()


@pytest.fixture(scope="module")
def invented(browser: Browser) -> Iterator[str]:
    """The pages with an invented unit, and units with hostile names."""
    engine = state(packaged_engine(), member(1, more="; ma:illustrative true").replace("第1医院", "示例医院"))
    for number, label in enumerate(HOSTILE, 2):
        written = label.replace("\\", "\\\\").replace('"', '\\"')
        state(engine, member(number).replace(f"第{number}医院", f"{written} 怪"), f"list{number}")
    with served(service(engine)) as started:
        yield started


def test_a_unit_is_found_by_its_initials_and_opened_by_keyboard_only(browser: Browser, address: str) -> None:
    with opened(browser, address) as page:
        assert typed(page, "jldxdyyy")[0] == "吉林大学第一医院"
        box = page.locator(BOX)
        assert box.get_attribute("aria-activedescendant") is None
        page.keyboard.press("ArrowDown")
        first = page.locator(OPTION).first
        assert box.get_attribute("aria-activedescendant") == first.get_attribute("id")
        assert first.get_attribute("aria-selected") == "true"
        assert "拼音首字母" in first.inner_text()
        page.keyboard.press("Enter")
        page.wait_for_url(f"**{HOSPITAL}")


def test_the_arrow_keys_go_round_and_the_last_line_leads_to_all_results(
    browser: Browser, address: str
) -> None:
    with opened(browser, address) as page:
        names = typed(page, "新生儿")
        assert len(names) == 8
        page.keyboard.press("ArrowUp")
        assert page.locator(f"{LIST} [aria-selected=true]").inner_text() == "“新生儿”的全部结果"
        page.keyboard.press("ArrowDown")
        assert page.locator(f"{LIST} [aria-selected=true]").count() == 0
        page.keyboard.press("ArrowUp")
        page.keyboard.press("Enter")
        page.wait_for_url("**/search?q=*")


def test_enter_without_a_choice_searches_and_escape_only_closes(browser: Browser, address: str) -> None:
    with opened(browser, address) as page:
        typed(page, "jldx")
        page.keyboard.press("Escape")
        assert page.locator(LIST).count() == 0
        assert page.locator(BOX).get_attribute("aria-expanded") == "false"
        assert page.locator(BOX).input_value() == "jldx"
        page.keyboard.press("ArrowDown")
        page.wait_for_selector(OPTION)
        page.keyboard.press("Tab")
        assert page.locator(LIST).count() == 0
        page.locator(BOX).focus()
        page.keyboard.press("Enter")
        page.wait_for_url("**/search?q=jldx")


def test_nothing_is_asked_while_an_input_method_composes(browser: Browser, address: str) -> None:
    with opened(browser, address) as page:
        asked: list[str] = []
        page.on(
            "request", lambda request: asked.append(request.url) if "/api/v1/search" in request.url else None
        )
        session = page.context.new_cdp_session(page)
        page.locator(BOX).focus()
        for composed in ("j", "ji", "ji'l", "ji'lin"):
            session.send(
                "Input.imeSetComposition",
                {"text": composed, "selectionStart": len(composed), "selectionEnd": len(composed)},
            )
        page.wait_for_timeout(300)
        assert asked == []
        session.send("Input.insertText", {"text": "吉林大学"})
        page.wait_for_selector(OPTION)
        assert [parse_qs(urlsplit(url).query)["q"] for url in asked] == [["吉林大学"]]
        assert page.locator(f"{OPTION} .name").first.inner_text() == "吉林大学"


def test_only_the_last_question_is_answered(browser: Browser, address: str) -> None:
    with opened(browser, address) as page:
        page.route("**/api/v1/search?q=ji&**", lambda route: (page.wait_for_timeout(200), route.continue_()))
        page.locator(BOX).press_sequentially("ji")
        page.wait_for_timeout(150)
        page.locator(BOX).press_sequentially("lindaxue")
        page.wait_for_selector(OPTION)
        page.wait_for_timeout(300)
        assert page.locator(f"{OPTION} .name").first.inner_text() == "吉林大学"


def test_the_number_of_suggestions_is_read_aloud_and_nothing_found_says_so(
    browser: Browser, address: str
) -> None:
    with opened(browser, address) as page:
        typed(page, "克什克腾")
        assert page.locator("#suggest-said[role=status]").inner_text() == "1 个候选项，可用上下方向键选择"
        page.locator(BOX).fill("zzzzqq")
        page.wait_for_selector(f"{OPTION}:has-text('没有找到')")


def test_an_invented_thing_has_its_badge_and_is_not_listed_where_only_the_real_is(
    browser: Browser, invented: str
) -> None:
    with opened(browser, invented) as page:
        typed(page, "shiliyiyuan")
        assert page.locator(OPTION).first.locator(".badge.invented").inner_text() == "示例"
    with opened(browser, invented, "/ontology?real=1") as page:
        page.locator(BOX).fill("shiliyiyuan")
        page.wait_for_selector(f"{OPTION}:has-text('没有找到')")


def test_hostile_names_are_only_text(browser: Browser, invented: str) -> None:
    with opened(browser, invented) as page:
        dialogs: list[str] = []
        page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
        names = typed(page, "怪")
        assert {name.removesuffix(" 怪") for name in names} == set(HOSTILE)
        assert page.locator(f"{LIST} :is(img, script, svg, a)").count() == 0
        assert dialogs == []


@pytest.mark.parametrize("language", ["zh", "en"])
def test_axe_finds_nothing_while_suggestions_are_shown(browser: Browser, address: str, language: str) -> None:
    with opened(browser, address, f"/?lang={language}", bypass_csp=True) as page:
        typed(page, "jldx", "#q")
        page.keyboard.press("ArrowDown")
        page.evaluate(AXE.read_text(encoding="utf-8"))
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
            found = page.evaluate("axe.run()")["violations"]
            assert [(one["id"], [node["html"] for node in one["nodes"]]) for one in found] == []


def test_a_finger_chooses_on_a_phone_and_the_list_stays_on_the_screen(browser: Browser, address: str) -> None:
    phone = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
    with opened(browser, address, **phone) as page:
        typed(page, "jldxdyyy")
        box = page.locator(LIST).bounding_box()
        assert box is not None
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 390
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        page.locator(OPTION).first.tap()
        page.wait_for_url(f"**{HOSPITAL}")


def test_choosing_can_fill_a_form_instead(browser: Browser, address: str) -> None:
    form = (
        '<form action="/search"><label>A <input type="search" name="qa" id="a" data-suggest data-suggest-into="a"'
        ' data-suggest-keep></label><label>B <input type="search" name="qb" id="b" data-suggest'
        ' data-suggest-kind="area" data-suggest-into="b"></label></form>'
    )
    with opened(browser, address) as page:
        page.evaluate("html => document.querySelector('main').insertAdjacentHTML('afterbegin', html)", form)
        typed(page, "jldxdyyy", "#a")
        page.keyboard.press("Enter")
        assert page.locator("input[name=a]").input_value() == "org/fhjlu"
        assert page.locator("#a").input_value() == "吉林大学第一医院"
        assert typed(page, "changchun", "#b")[0] == "长春市"
        page.keyboard.press("Enter")
        page.wait_for_url("**/search?*")
        asked = parse_qs(urlsplit(page.url).query)
        assert (asked["a"], asked["b"], "qb" in asked) == (["org/fhjlu"], ["area/220100"], False)
