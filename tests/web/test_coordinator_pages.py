"""The coordinator's pages in a browser: accessible, readable on a phone, by keyboard, without scripts, on paper."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal
from urllib.parse import quote

import httpx
import pytest
from browsing import in_language, opened
from coordinator import Coordinator, instance, untidy_list
from page_data import ALLIANCE, served
from people import signed_in
from playwright.sync_api import Browser, Page

from graph.imports.importer import Importer
from graph.imports.options import Options

pytestmark = pytest.mark.web

AXE = Path(__file__).resolve().parents[2] / "api/web/node_modules/axe-core/axe.min.js"
STEPS = ("columns", "problems", "names", "preview", "commit")
WIDTHS = (390, 768, 1280)
EVERYTHING: dict[str, Any] = {}
COLOURS: dict[str, Any] = {"runOnly": ["color-contrast", "link-in-text-block"]}


@dataclass
class Site:
    """An instance with an imported workbook and one that waits, as its coordinator sees it."""

    address: str
    someone: Coordinator
    cookie: tuple[str, str]
    waiting: str
    committed: str
    unit: str

    @property
    def pages(self) -> dict[str, str]:
        """The pages of the coordinator."""
        steps = {name: f"/import/{self.waiting}?step={name}" for name in STEPS}
        return {
            "start": "/import",
            "list": f"/import?alliance={quote(ALLIANCE, safe='')}",
            **steps,
            "committed": f"/import/{self.committed}",
            "unit": f"/resource?iri={quote(self.unit, safe='')}",
            "confirm": "/confirm",
            "confirm a unit": f"/confirm?unit={quote(self.unit, safe='')}",
            "collect": "/collect",
            "sheet": "/alliance-sheet",
            "review": "/alliance-review",
        }


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, started: Path) -> Iterator[Site]:
    app = instance(tmp_path_factory.mktemp("coordinator"), started)
    with served(app, lifespan="on") as address:
        caller = signed_in(app.state.accounts, "curator")
        headers = {"Accept": "text/html", "Origin": address, **caller.headers}
        with httpx.Client(base_url=address, headers=headers, timeout=60) as client:
            someone = Coordinator(client, caller.csrf, app)
            someone.imports_workbook()
            importer: Importer = app.state.importer
            said = Options(alliance=ALLIANCE, area="220000")
            committed = importer.stage([("续签.csv", RENEWED.encode())], said, who="测试", patience=60)
            importer.commit(committed["id"], digest=committed["digest"], why="", who="测试")
            waiting = importer.stage([("名单.xlsx", untidy_list())], said, who="测试", patience=60)
            assert someone.sends("/collect", status=200, alliance=ALLIANCE).content[:2] == b"PK"
            name, _, value = caller.headers["Cookie"].partition("=")
            yield Site(
                address,
                someone,
                (name, value),
                waiting["id"],
                committed["id"],
                someone.unit("某某县医院"),
            )


RENEWED = """吉林省新生儿专科医疗联盟联系方式（2026年7月）
单位名称,所在市县,联系人,办公电话
某某县医院,梨树县,联系人丁,0434-5000009
"""


def visited(page: Page, site: Site, path: str) -> None:
    """Open a page as the coordinator."""
    name, value = site.cookie
    page.context.add_cookies([{"name": name, "value": value, "url": site.address}])
    answer = page.goto(path)
    assert answer is not None
    assert answer.status == 200, path


def troubles(page: Page, language: str) -> list[tuple[str, Any]]:
    """Return what axe finds; dark mode differs in no language, and in nothing but colours."""
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found: list[tuple[str, Any]] = []
    schemes: dict[Literal["light", "dark"], dict[str, Any]] = {"light": EVERYTHING}
    if language == "zh":
        schemes["dark"] = COLOURS
    for scheme, options in schemes.items():
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        for one in page.evaluate("options => axe.run(document, options)", options)["violations"]:
            found.append((f"{one['id']} ({language}, {scheme})", [node["html"] for node in one["nodes"]]))
    return found


@pytest.mark.parametrize("language", ["zh", "en"])
def test_axe_finds_nothing_and_nothing_is_too_wide(browser: Browser, site: Site, language: str) -> None:
    found: list[Any] = []
    said: list[str] = []
    # The policy would keep axe out, too: it is put aside here only.
    with opened(browser, site.address, bypass_csp=True) as page:
        page.on("console", lambda message: said.append(message.text))
        for name, path in site.pages.items():
            page.set_viewport_size({"width": WIDTHS[0], "height": 800})
            visited(page, site, in_language(path, language))
            found += [(name, trouble) for trouble in troubles(page, language)]
            for width in WIDTHS:
                page.set_viewport_size({"width": width, "height": 800})
                wide = page.evaluate("document.documentElement.scrollWidth")
                found += [(name, language, width, wide)] if wide > width else []
    assert found == []
    assert said == []


def test_every_page_is_complete_under_its_policy_and_without_scripts(browser: Browser, site: Site) -> None:
    said: list[str] = []
    texts: dict[bool, dict[str, str]] = {True: {}, False: {}}
    for scripts, shown in texts.items():
        with opened(browser, site.address, java_script_enabled=scripts) as page:
            page.on("console", lambda message: said.append(message.text))
            for name in ("list", *STEPS, "confirm a unit", "collect", "sheet", "review"):
                visited(page, site, site.pages[name])
                main = page.locator("main")
                assert main.get_by_role("heading", level=1).count() == 1, name
                shown[name] = " ".join(main.inner_text().split())
    assert said == []
    for name in ("columns", "problems", "names", "preview", "commit"):
        assert texts[False][name] == texts[True][name], name


def test_the_keyboard_suffices_to_decide_a_name(browser: Browser, site: Site) -> None:
    with opened(browser, site.address) as page:
        visited(page, site, site.pages["names"])
        choice = page.get_by_label("以后再定").first
        choice.focus()
        page.keyboard.press("ArrowUp")
        assert page.get_by_label("新单位").first.is_checked()
        page.keyboard.press("ArrowDown")
        assert choice.is_checked()
        for _ in range(60):
            page.keyboard.press("Tab")
            if page.evaluate("document.activeElement.tagName") == "BUTTON":
                break
        page.keyboard.press("Enter")
        page.wait_for_load_state()
        visited(page, site, f"/import/{site.waiting}?step=names")
        assert page.get_by_label("以后再定").first.is_checked()


def test_the_sheet_goes_to_one_page_of_paper_with_nothing_but_the_sheet(browser: Browser, site: Site) -> None:
    with opened(browser, site.address) as page:
        visited(page, site, "/alliance-sheet")
        printed = page.pdf(prefer_css_page_size=True)
        assert len(re.findall(rb"/Type\s*/Page\b", printed)) == 1
        page.emulate_media(media="print")
        for hidden in ("header.site", "footer.site", ".sheet-tools"):
            assert not page.locator(hidden).is_visible()
        assert page.locator(".sheet").is_visible()
        assert page.evaluate("getComputedStyle(document.querySelector('.sheet thead')).display") == (
            "table-header-group"
        )
