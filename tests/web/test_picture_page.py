"""The one-file picture in a real browser: drawn, safe, alone, and readable without the drawing."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from api.picture import picture
from graph.edges import DescribedEdge
from graph.layout import positions
from graph.nodes import Named, Period
from graph.projection import Edge, Node, Projection
from graph.provenance import Provenance, Source
from ontology.kinds import kinds
from ontology.terms import MA

pytestmark = pytest.mark.web

HERE = "http://127.0.0.1:8000/"
SCRIPT = "<script>alert(1)</script>"
IMAGE = '"><img src=x onerror=alert(1)>'
LINK = '" href="javascript:alert(1)'
AXE = Path(__file__).parents[2] / "api/web/node_modules/axe-core/axe.min.js"


@dataclass
class Seen:
    """What a page asked for and complained about."""

    requests: list[str] = field(default_factory=list)
    dialogs: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)


def written(folder: Path, language: str = "zh", size: int = 6) -> Path:
    """Return the file of an alliance with hostile names and an invented member."""
    labels = [{"zh": name, "en": name} for name in (SCRIPT, IMAGE, LINK)]
    centre = Node(HERE + "id/org/a", "alliance", labels[0], False, 0, 0)
    members = [
        Node(
            f"{HERE}id/org/{n}",
            ("hospital", "department", "area", "programme", "other")[n % 5],
            labels[1] if n == 1 else {"zh": f"示例市第{n}人民医院新生儿科", "en": f"Example Hospital {n}"},
            n == 2,
            0,
            0,
        )
        for n in range(size)
    ]
    edges = [Edge(member.iri, MA.holdsDesignation, centre.iri) for member in members]
    found = Projection.made_of(3, [centre, *members], edges).neighbourhood(centre.iri)
    source = Source(Named(HERE + "source/list", labels[2]), sentence=2)
    kind = kinds().relation("designation")
    described = [
        DescribedEdge(
            edge,
            labels[2] if place == 0 else kind.labels,
            kind.inverse,
            (),
            Provenance(notes=labels[1], period=Period(start=SCRIPT), sources=(source,)),
        )
        for place, edge in enumerate(found.edges)
    ]
    made = picture(found, described, positions(found), language, drawn_on=date(2026, 11, 23))
    file = folder / f"picture-{language}.html"
    file.write_text(made.html, encoding="utf-8", newline="\n")
    return file


def opened(browser: Browser, file: Path, scheme: str = "light", width: int = 1280) -> tuple[Page, Seen]:
    page = browser.new_page(color_scheme=scheme, viewport={"width": width, "height": 900})  # type: ignore[arg-type]
    seen = Seen()
    page.on("request", lambda request: seen.requests.append(request.url))
    page.on("dialog", lambda dialog: (seen.dialogs.append(dialog.message), dialog.dismiss()))
    page.on("console", lambda message: seen.complaints.append(message.text))
    page.on("pageerror", lambda error: seen.complaints.append(str(error)))
    page.goto(file.as_uri())
    page.wait_for_selector("html[data-ready]")
    return page, seen


def colours(page: Page) -> int:
    """Return how many colours the canvas shows; a blank one shows one or none."""
    found = page.evaluate(
        """() => {
            const canvas = document.querySelector("#picture canvas");
            const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
            const seen = new Set();
            for (let at = 0; at < data.length; at += 4) seen.add(`${data.subarray(at, at + 4)}`);
            return seen.size;
        }"""
    )
    assert isinstance(found, int)
    return found


@pytest.mark.parametrize(("language", "scheme", "width"), [("zh", "light", 1280), ("en", "dark", 390)])
def test_the_picture_is_drawn_and_nothing_else_happens(
    browser: Browser, tmp_path: Path, language: str, scheme: str, width: int
) -> None:
    file = written(tmp_path, language)
    page, seen = opened(browser, file, scheme, width)
    assert colours(page) > 20
    assert seen == Seen(requests=[file.as_uri()])
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    page.close()


def test_hostile_names_are_texts_in_tables_and_tooltips(browser: Browser, tmp_path: Path) -> None:
    page, seen = opened(browser, written(tmp_path))
    tables = page.locator("main").inner_text()
    for name in (SCRIPT, IMAGE, LINK):
        assert name in tables
    canvas = page.locator("#picture canvas").bounding_box()
    assert canvas
    page.mouse.move(canvas["x"] + canvas["width"] / 2 - 5, canvas["y"] + canvas["height"] / 2 - 40)
    page.mouse.move(canvas["x"] + canvas["width"] / 2, canvas["y"] + canvas["height"] / 2, steps=20)
    tooltip = page.locator("div.vis-tooltip")
    tooltip.wait_for(state="visible")
    assert SCRIPT in tooltip.inner_text()
    assert page.locator("main img, main a, .vis-tooltip *:not(br)").count() == 0
    assert (seen.dialogs, seen.complaints) == ([], [])
    page.close()


def test_a_script_that_the_file_did_not_bring_does_not_run(browser: Browser, tmp_path: Path) -> None:
    file = written(tmp_path)
    text = file.read_text(encoding="utf-8")
    file.write_text(
        text.replace("</main>", "<script>alert(2)</script><img src=x onerror=alert(3)></main>"), "utf-8"
    )
    page, seen = opened(browser, file)
    assert seen.dialogs == []
    assert len(seen.complaints) >= 2
    page.close()


def test_the_colours_follow_the_scheme_and_the_whole_can_be_had_back(
    browser: Browser, tmp_path: Path
) -> None:
    page, seen = opened(browser, written(tmp_path))
    light = page.locator("#picture").screenshot()
    page.emulate_media(color_scheme="dark")
    page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    assert page.locator("#picture").screenshot() != light
    for button in ("larger", "larger", "smaller", "whole"):
        page.locator(f"#{button}").click()
    assert colours(page) > 20
    assert seen.complaints == []
    page.close()


def test_without_scripts_the_tables_are_complete(browser: Browser, tmp_path: Path) -> None:
    page = browser.new_page(java_script_enabled=False)
    page.goto(written(tmp_path).as_uri())
    assert page.locator("tbody tr").count() == 6 + 7
    assert "下方表格内容完整" in page.locator("noscript").inner_text()
    page.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_axe_finds_nothing(browser: Browser, tmp_path: Path, language: str, scheme: str) -> None:
    file = written(tmp_path, language)
    context = browser.new_context(color_scheme=scheme, bypass_csp=True)  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(file.as_uri())
    page.wait_for_selector("html[data-ready]")
    page.add_script_tag(path=AXE)
    found = page.evaluate("axe.run().then(({ violations }) => violations)")
    assert found == [], json.dumps(found, indent=1)
    context.close()
