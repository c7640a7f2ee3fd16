"""The pages as people meet them: accessible, contained, complete without scripts, readable on a phone."""

from __future__ import annotations

import gzip
import json
import re
from pathlib import Path
from typing import Any, Literal
from urllib.parse import quote, urlsplit

import pytest
from browsing import in_language, opened
from page_data import MA, PROFILE, member, packaged_engine, served, service, state
from playwright.sync_api import Browser

from samples import HOSTILE

pytestmark = pytest.mark.web

ROOT = Path(__file__).resolve().parents[2]
AXE = ROOT / "api/web/node_modules/axe-core/axe.min.js"
PAGES = {
    "home": "/",
    "department": "/id/org/fhjlu-neonatology",
    "hospital": "/id/org/fhjlu",
    "alliance": "/id/org/jl-neonatal-alliance",
    "designation": "/id/designation/jl-tertiary-center",
    "figure": "/id/stat/department-profile/projects-other",
    "document": "/source/department-profile",
    "sentence": f"/resource?iri={quote(PROFILE + '#s2', safe='')}",
    "class": f"/resource?iri={quote(MA + 'Designation', safe='')}",
    "concept": "/vocab/level/provincial",
    "area": "/id/area/220000",
    "explorer": "/explore",
    "explorer in groups": "/explore?group=role&select=group:role/vocab/membership-role/initiator",
    "explorer with a unit": "/explore?expand=org/fhjlu-neonatology&select=org/fhjlu-neonatology",
    "explorer with a path": "/explore?path=org/fhjlu-neonatology~area/220000&k=3&layout=layered",
    "explorer with nothing": "/explore?focus=org/nobody",
    "ontology": "/ontology",
    "search": "/search?q=%E6%96%B0%E7%94%9F%E5%84%BF",
    "search, nothing found": f"/search?q={quote('吉林大学新生儿学系')}",
    "help": "/help",
    "query": "/query",
    "members": "/members",
    "designations": "/designations?level=provincial",
    "training": "/training",
    "projects": "/projects",
    "units": "/units",
    "nothing": "/id/org/nobody",
}
LANGUAGES = ("zh", "en")
each_page = pytest.mark.parametrize("path", PAGES.values(), ids=PAGES)

CLIPPED = """() => [...document.querySelectorAll('svg.drawing a.node, svg.drawing a.centre, svg.drawing a.pill')]
  .filter(link => link.getClientRects().length)
  .filter(link => {
    const frame = link.querySelector('rect').getBBox();
    return [...link.querySelectorAll('text')].some(text => {
      const box = text.getBBox();
      return box.x < frame.x || box.x + box.width > frame.x + frame.width + 0.5
          || box.y < frame.y - 1 || box.y + box.height > frame.y + frame.height + 1;
    });
  })
  .map(link => link.textContent)"""


@each_page
def test_axe_finds_nothing(browser: Browser, address: str, path: str) -> None:
    # The policy would keep axe out, too: it is put aside here only. Dark mode differs in nothing but colours.
    schemes: dict[Literal["light", "dark"], dict[str, Any]] = {
        "light": {},
        "dark": {"runOnly": ["color-contrast", "link-in-text-block"]},
    }
    with opened(browser, address, bypass_csp=True) as page:
        for language in LANGUAGES:
            page.goto(in_language(path, language))
            page.evaluate(AXE.read_text(encoding="utf-8"))
            for scheme, options in schemes.items():
                page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
                found = page.evaluate("options => axe.run(options)", options)["violations"]
                faults = [(one["id"], [node["html"] for node in one["nodes"]]) for one in found]
                assert not faults, (language, scheme)


@each_page
def test_nothing_is_asked_of_another_origin_and_the_policy_is_kept(
    browser: Browser, address: str, path: str
) -> None:
    asked: list[str] = []
    said: list[str] = []
    with opened(browser, address) as page:
        page.on("request", lambda request: asked.append(request.url))
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda fault: said.append(str(fault)))
        page.goto(path)
        page.wait_for_selector("html[data-ready]")
    assert {urlsplit(url).netloc for url in asked} == {urlsplit(address).netloc}
    assert [text for text in said if "404" not in text or path != PAGES["nothing"]] == []


@each_page
def test_no_page_is_wider_than_its_screen(browser: Browser, address: str, path: str) -> None:
    with opened(browser, address) as page:
        for language in LANGUAGES:
            page.goto(in_language(path, language))
            for width in (1280, 768, 390, 360):
                page.set_viewport_size({"width": width, "height": 844})
                assert page.evaluate("document.documentElement.scrollWidth") <= width, (language, width)


@pytest.mark.parametrize("path", ["/", PAGES["department"], PAGES["area"], PAGES["class"], PAGES["document"]])
@pytest.mark.parametrize("width", [390, 1280])
def test_no_label_of_a_picture_is_clipped(browser: Browser, address: str, path: str, width: int) -> None:
    with opened(browser, address, viewport={"width": width, "height": 844}) as page:
        for language in LANGUAGES:
            page.goto(in_language(path, language))
            assert page.evaluate("() => document.querySelectorAll('svg.drawing').length") == 2
            assert page.evaluate(CLIPPED) == [], language


def test_one_picture_is_shown_at_a_time(browser: Browser, address: str) -> None:
    for width, kind in ((390, "narrow"), (1280, "wide")):
        with opened(browser, address, viewport={"width": width, "height": 844}) as page:
            page.goto("/")
            shown = {name: page.locator(f"svg.drawing.{name}").is_visible() for name in ("narrow", "wide")}
            assert shown == {"narrow": kind == "narrow", "wide": kind == "wide"}


def test_a_thing_in_the_picture_and_its_source_are_one_click_away(browser: Browser, address: str) -> None:
    with opened(browser, address) as page:
        page.goto(PAGES["department"])
        page.locator("svg.wide a.node", has_text="三级中心").first.click()
        assert page.locator("h1").inner_text() == "吉林省三级中心"
        page.goto("/")
        page.locator("svg.wide a.node", has_text="三级中心").first.click()
        page.wait_for_url(re.compile(r"/explore\?expand=.*jl-tertiary-center"))
        page.goto("/")
        page.locator("svg.wide a.pill.unsure", has_text="第 3 句").first.click()
        assert "第 3 句" in page.locator("h1").inner_text()


def test_everything_can_be_reached_by_keyboard(browser: Browser, address: str) -> None:
    with opened(browser, address) as page:
        page.goto("/")
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.className") == "skip"
        assert page.locator(".skip").bounding_box()["y"] >= 0  # type: ignore[index] # it is visible
        for _ in range(30):
            page.keyboard.press("Tab")
            if page.evaluate("document.activeElement.name") == "q":
                break
        page.keyboard.type("联盟")
        page.keyboard.press("Enter")
        page.wait_for_url("**/search?q=*")
        assert page.get_by_role("link", name="吉林省新生儿专科医疗联盟").count() >= 1


def test_the_focus_is_visible_in_the_picture(browser: Browser, address: str) -> None:
    with opened(browser, address) as page:
        page.goto("/")
        first = page.locator("svg.wide a.node").first
        page.keyboard.press("Tab")  # from now on focus comes from the keyboard
        first.focus()
        assert first.locator("rect").evaluate("rect => getComputedStyle(rect).strokeWidth") == "3px"


def test_pages_are_complete_without_scripts(browser: Browser, address: str) -> None:
    with opened(browser, address, java_script_enabled=False) as page:
        page.goto("/")
        page.fill("#q", "危重新生儿")
        page.click("form.big button")
        page.click("text=吉林省危重新生儿救治中心")
        assert page.locator("h1").inner_text() == "吉林省危重新生儿救治中心"
        assert page.locator("button.copy:visible").count() == 0


def test_the_iri_can_be_copied(browser: Browser, address: str) -> None:
    with opened(browser, address, permissions=["clipboard-read", "clipboard-write"]) as page:
        page.goto(PAGES["department"])
        button = page.locator("button[data-copy=iri]")
        button.click()
        page.wait_for_selector("button[data-copy=iri]:has-text('已复制')")
        assert page.evaluate("navigator.clipboard.readText()") == (
            "https://w3id.org/medalliance/id/org/fhjlu-neonatology"
        )


def test_the_language_can_be_changed_and_stays(browser: Browser, address: str) -> None:
    with opened(browser, address) as page:
        page.goto("/")
        page.get_by_role("link", name="English").click()
        assert page.locator("html").get_attribute("lang") == "en"
        page.locator("svg.wide a.node").first.click()
        assert page.locator("html").get_attribute("lang") == "en"


def test_hostile_names_run_nothing(browser: Browser) -> None:
    engine = packaged_engine()
    for number, label in enumerate(HOSTILE):
        written = label.replace("\\", "\\\\").replace('"', '\\"')
        more = (
            f'; skos:altLabel "{written}"@zh ; schema:address "{written}" ; skos:editorialNote "{written}"@zh'
        )
        turtle = (
            member(number, more=more)
            .replace(f"第{number}医院", written)
            .replace(f"Hospital {number}", written)
        )
        state(engine, turtle, f"list{number}")
    dialogs: list[str] = []
    with served(service(engine, title=HOSTILE[0])) as address, opened(browser, address) as page:
        page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
        paths = ["/", PAGES["alliance"], *(f"/id/org/u{number}" for number in range(len(HOSTILE)))]
        for path in [*paths, *(f"/search?q={quote(label)}" for label in HOSTILE)]:
            page.goto(path)
            page.wait_for_selector("html[data-ready]")
            assert (
                page.locator("img, iframe, object, svg[onload], [onerror], a[href^=javascript]").count() == 0
            )
            assert page.locator("script:not([src^='/static/'])").count() == 0
        page.goto("/id/org/u0")
        assert page.locator("h1").inner_text() == HOSTILE[0]
    assert dialogs == []


def test_a_page_prints_without_its_controls(browser: Browser, address: str) -> None:
    with opened(browser, address) as page:
        page.goto(PAGES["department"])
        page.emulate_media(media="print")
        for part in ("header nav", "header form", ".languages", "button.copy"):
            assert not page.locator(part).first.is_visible(), part
        assert page.locator("svg.drawing.wide").is_visible()


def test_scripts_are_small() -> None:
    built = ROOT / "api/static/dist/main.js"
    assert len(gzip.compress(built.read_bytes())) < 15_000


def test_the_axe_of_the_lock_file_is_the_one_that_runs() -> None:
    lock = json.loads((ROOT / "api/web/package-lock.json").read_text(encoding="utf-8"))
    wanted = lock["packages"]["node_modules/axe-core"]["version"]
    assert f"axe v{wanted}" in AXE.read_text(encoding="utf-8")[:200]
