"""Every invented thing says so wherever it shows: RDF, JSON, pages, drawings, picture; and goes without a trace."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterable, Iterator, Sequence
from html.parser import HTMLParser
from itertools import groupby
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

import httpx
import pytest
from page_data import served

from api.app import create_app
from api.cli import sentence
from api.settings import Settings
from engines import nursery
from graph.data_directory import DataDirectory
from graph.illustration import add_demo, remove_demo
from graph.local import LocalEngine
from graph.oxigraph import OxigraphStore
from graph.projection import Projection, UnknownNode
from graph.quads import iri, text_of
from graph.repository import Repository, SourceFile
from graph.search_index import SearchIndex
from graph.settle import Refused
from ontology.library import query
from ontology.packaged import BASE as PACKAGED
from ontology.terms import MA
from samples import BASE

SECRET = "known to the test only"
REAL = b"<http://example.org/r> a <http://example.org/R> ."
FLAG = (f"<{MA.illustrative}>", '"true"^^<http://www.w3.org/2001/XMLSchema#boolean>')
FORMATS = {"ttl": "text/turtle", "jsonld": "application/ld+json", "nt": "application/n-triples"}
FORMATS |= {"rdf": "application/rdf+xml"}
ALLIANCES = [f"{PACKAGED}id/org/EX-A1", f"{PACKAGED}id/org/EX-A2"]
TRACE = re.compile(r"/EX-|/source/demo/|示例|\bExample ")
"""What only the illustrative network has in its names."""
WORDS = re.compile(rf"<{PACKAGED}(ontology|vocab|shapes)")
"""The graphs of the words themselves, which speak of illustrative data in general."""


def illustrated(folder: Path, started: Path) -> Repository:
    """Return an instance with the illustrative network."""
    shutil.copy(started, folder)
    repository = Repository(DataDirectory(folder), nursery, base=BASE, workers=2)
    add_demo(repository)
    return repository


@pytest.fixture(scope="module")
def instance(tmp_path_factory: pytest.TempPathFactory, started: Path) -> Repository:
    """An instance with the illustrative network, for tests that only read; ``site`` closes it."""
    return illustrated(tmp_path_factory.mktemp("flagged"), started)


@pytest.fixture(scope="module")
def site(instance: Repository) -> Iterator[httpx.Client]:
    """Its service."""
    app = create_app(Settings(), lambda: instance)
    app.state.control_secret = SECRET
    with served(app, "on") as address, httpx.Client(base_url=address, trust_env=False, timeout=30) as client:
        yield client


@pytest.fixture(scope="module")
def invented(instance: Repository, site: httpx.Client) -> frozenset[str]:
    """All that is invented."""
    rows = instance.engine.select(f"SELECT DISTINCT ?node {{ ?node <{MA.illustrative}> true }}")
    return frozenset(text_of(row["node"]) for row in rows)


def sample(invented: Iterable[str], each: int) -> list[str]:
    """Return some of each kind of invented thing."""
    by_kind = groupby(sorted(invented), key=lambda name: name.rsplit("/", 1)[0])
    return [name for _, names in by_kind for name in list(names)[:each]]


def path_of(name: str) -> str:
    return name.removeprefix(PACKAGED.rstrip("/"))


# --- RDF ------------------------------------------------------------------------------------------------------


def test_whatever_has_the_name_of_an_invented_thing_is_flagged(
    instance: Repository, invented: frozenset[str]
) -> None:
    assert len(invented) > 700
    rows = instance.engine.select(
        "SELECT DISTINCT ?node { { ?node ?p ?o } UNION { ?s ?p ?node } "
        "FILTER(ISIRI(?node) && (CONTAINS(STR(?node), '/EX-') || CONTAINS(STR(?node), '/source/demo/'))) }"
    )
    named = {text_of(row["node"]) for row in rows}
    catalogued = {
        name for name in named if re.search(r"/source/demo/[^/]+/", name)
    }  # graphs: see the catalogue
    assert named - catalogued <= invented


def test_the_description_of_each_invented_thing_has_the_flag(
    instance: Repository, invented: frozenset[str]
) -> None:
    store = OxigraphStore()  # a copy in this process: seven hundred questions, no waiting for workers
    store.add(instance.engine.construct("CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }"))
    engine = LocalEngine(store)
    for name in invented:
        described = engine.construct(query("node-description").bound({"iri": iri(name)}))
        assert (iri(name), *FLAG) in {quad[:3] for quad in described}, name


def test_each_format_of_an_address_carries_the_flag(site: httpx.Client, invented: frozenset[str]) -> None:
    reader = OxigraphStore()
    for name in sample(invented, 1):
        for suffix, media_type in FORMATS.items():
            answer = site.get(f"{path_of(name)}.{suffix}")
            assert answer.status_code == 200, (name, suffix)
            quads = reader.read(answer.content, media_type)
            assert (iri(name), *FLAG) in {quad[:3] for quad in quads}, (name, suffix)


# --- JSON -----------------------------------------------------------------------------------------------------


def objects(value: object) -> Iterator[dict[str, Any]]:
    """Yield all objects in a JSON value."""
    if isinstance(value, dict):
        yield value
        value = list(value.values())
    for one in value if isinstance(value, list) else ():
        yield from objects(one)


def is_flagged(said: dict[str, Any]) -> bool:
    return said.get("illustrative", (said.get("provenance") or {}).get("illustrative")) is True


def test_an_invented_thing_is_flagged_on_its_card_and_on_those_of_others(
    site: httpx.Client, invented: frozenset[str]
) -> None:
    around = [f"{PACKAGED}id/area/220100", f"{PACKAGED}vocab/membership-role/council"]
    for name in [*sample(invented, 1), *around]:
        card = site.get("/api/v1/entities", params={"iri": name}).json()
        assert card["illustrative"] is (name in invented)
        named = [one for one in objects(card) if one.get("iri") in invented]
        assert [one["iri"] for one in named if not is_flagged(one)] == [], name


@pytest.mark.parametrize("text", ["示例", "shili", "sl", "Example", "医院", "新生儿", "EX-001"])
def test_search_flags_what_is_invented_and_can_leave_it_out(
    site: httpx.Client, invented: frozenset[str], text: str
) -> None:
    found = site.get("/api/v1/search", params={"q": text, "limit": 200}).json()["items"]
    assert {one["iri"]: one["illustrative"] for one in found} == {
        one["iri"]: one["iri"] in invented for one in found
    }
    real = site.get("/api/v1/search", params={"q": text, "limit": 200, "real": 1}).json()["items"]
    assert not {one["iri"] for one in real} & invented
    assert {one["iri"] for one in found} - invented <= {one["iri"] for one in real}


def test_nodes_and_edges_around_an_invented_alliance_are_flagged(
    site: httpx.Client, invented: frozenset[str]
) -> None:
    for name in ALLIANCES:
        around = site.get(
            "/api/v1/graph/neighbourhood", params={"iri": name, "hops": 3, "limit": 1500}
        ).json()
        nodes = {one["iri"]: one["illustrative"] for one in around["nodes"]}
        assert nodes == {one: one in invented for one in nodes}
        for edge in around["edges"]:
            assert edge["illustrative"] is bool({edge["from"], edge["to"], edge["fact"]} & invented), edge


LISTS = ("members", "units", "designations", "programmes", "projects")


@pytest.mark.parametrize("name", LISTS)
def test_lists_flag_what_is_invented(site: httpx.Client, invented: frozenset[str], name: str) -> None:
    listed = site.get(f"/api/v1/{name}", params={"limit": 1000, "held": ["yes", "no", "unknown"]}).json()
    named = [one for one in objects(listed) if one.get("iri") in invented]
    assert named
    assert [one for one in named if not is_flagged(one)] == []
    assert listed["split"]["illustrative"] == sum(one["illustrative"] for one in listed["items"])


def test_a_view_of_the_explorer_flags_what_is_invented(site: httpx.Client, invented: frozenset[str]) -> None:
    asked = "focus=org/EX-A1&expand=org/EX-A1~~2"
    view = site.get(f"/api/v1/graph/view?{asked}").json()
    keys = {one["key"]: one["illustrative"] for one in view["nodes"] if one["iri"]}
    assert keys == {one["key"]: one["iri"] in invented for one in view["nodes"] if one["iri"]}
    for edge in view["edges"]:
        assert edge["illustrative"] or not (keys.get(edge["from"]) or keys.get(edge["to"]))
    drawing = site.get(f"/explore.svg?{asked}").text
    lines = sum(edge["illustrative"] for edge in view["edges"])
    assert drawing.count('class="invented"') == sum(keys.values()) + lines


# --- Pages ----------------------------------------------------------------------------------------------------


class Named(HTMLParser):
    """Finds links to invented things that stand in no entry with a badge.

    An entry is the smallest list item, table row, paragraph or heading around a link. Links to formats and languages,
    and those that lead on and back, are not entries.
    """

    ENTRIES = ("li", "tr", "p", "dd", "h1", "h3", "header")

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[tuple[str, set[str]]] = []
        self.badged: list[bool] = []
        self.unflagged: set[str] = set()
        self.flagged: set[str] = set()
        self.drawn: dict[str, str] = {}
        self._svg = 0
        self._in_main = False
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = dict(attrs)
        self._in_main = self._in_main or tag == "main"
        self._svg += tag == "svg"
        classes = (said.get("class") or "").split()
        if not self._in_main:
            return
        if tag in self.ENTRIES:
            self.open.append((tag, set()))
            self.badged.append("more" in classes)
        if "invented" in classes and "badge" in classes and self.badged:
            self.badged[-1] = True
        href = unquote(said.get("href") or "")
        if tag == "a" and re.search(r"/EX-|/source/demo/", href):
            self._link(href, classes, bool(said.get("type")))

    def _link(self, href: str, classes: Sequence[str], is_format: bool) -> None:
        if self._svg:
            self.drawn[href] = " ".join(classes)
        elif self.open and not is_format and href.startswith(("/id/", "/source/")) and "?" not in href:
            self.open[-1][1].add(href)

    def handle_endtag(self, tag: str) -> None:
        self._svg -= tag == "svg"
        if self.open and tag == self.open[-1][0]:
            _, links = self.open.pop()
            (self.flagged if self.badged.pop() else self.unflagged).update(links)


def html(site: httpx.Client, path: str) -> str:
    answer = site.get(path, headers={"Accept": "text/html"})
    assert answer.status_code == 200, path
    return answer.text


AROUND = [
    *(
        "/",
        "/help",
        "/id/area/220000",
        "/id/area/220112",
        "/vocab/membership-role/council",
        "/vocab/basis/stated",
    ),
    *("/search?q=示例", "/search?q=新生儿", "/search?q=shili&kind=programme"),
    *("/members", "/designations", "/training", "/projects", "/units"),
    f"/resource?iri={quote(MA.AllianceMembership, safe='')}",
    f"/id/org/EX-A1?in={quote('http://www.w3.org/ns/org#organization', safe='')}",
]


def test_an_invented_thing_has_its_badge_on_its_page_and_wherever_it_is_named(
    site: httpx.Client, invented: frozenset[str]
) -> None:
    named: set[str] = set()
    for name in sample(invented, 1):
        text = html(site, path_of(name))
        assert re.search(r'<p class="kinds">.*?<span class="badge invented">', text), name
        page = Named(text)
        assert page.unflagged == set(), name
        named |= page.flagged
    for path in AROUND:
        page = Named(html(site, path))
        assert page.unflagged == set(), path
        assert page.flagged, path
        named |= page.flagged
    assert len(named) > 150


def test_an_invented_thing_is_drawn_dashed(site: httpx.Client, invented: frozenset[str]) -> None:
    for name in sample(invented, 1):
        text = html(site, path_of(name))
        drawn = {href: classes for href, classes in Named(text).drawn.items() if "pill" not in classes}
        assert {href for href, classes in drawn.items() if "invented" not in classes} == set(), name
        lines = re.findall(r'class="(line(?: [^"]*)?)"', text)
        assert [line for line in lines if not line.endswith(" invented")] == [], name


@pytest.mark.parametrize(("language", "mark"), [("zh", "示例"), ("en", "example")])
def test_an_invented_thing_is_marked_in_the_picture(
    site: httpx.Client, invented: frozenset[str], language: str, mark: str
) -> None:
    text = html(site, f"/picture?iri={quote(ALLIANCES[0], safe='')}&hops=2&limit=60&lang={language}")
    rows = re.findall(r'<tr>\n<th scope="row">(.*?)</th>.*?identifier">([^<]+)<', text, re.DOTALL)
    marked = {name: f'<span class="mark">{mark}</span>' in shown for shown, name in rows}
    assert len(marked) == 60
    assert marked == {name: name in invented for name in marked}
    drawing = re.search(r'id="picture-data">(.*?)</script>', text, re.DOTALL)
    assert drawing is not None
    data = json.loads(drawing[1])
    flagged = {node["id"]: f"[{mark}]" in node["title"] for node in data["nodes"]}
    assert sum(flagged.values()) == sum(marked.values())
    for line in data["edges"]:
        assert line["dashes"] == [8, 5] or not (flagged[line["from"]] or flagged[line["to"]])


# --- Taking it out --------------------------------------------------------------------------------------------


def traces(repository: Repository) -> set[tuple[str, ...]]:
    """Return the statements of any graph that name an invented thing."""
    return {
        tuple(quad)
        for quad in repository.engine.quads()
        if any(map(TRACE.search, quad)) and not WORDS.match(quad.graph)
    }


def test_after_removal_no_question_finds_a_trace_but_the_record(
    tmp_path: Path, started: Path, invented: frozenset[str]
) -> None:
    repository = illustrated(tmp_path, started)
    assert len(traces(repository)) > 6000
    remove_demo(repository, who="tester")
    assert traces(repository) == set()
    named = "FILTER(REGEX(CONCAT(STR(?s), ' ', STR(?o)), '/EX-|/source/demo'))"
    assert repository.engine.select(f"SELECT ?s ?o {{ ?s ?p ?o {named} }}") == []
    index = SearchIndex.of(repository.engine)
    for text in ("示例第一医院", "示例新生儿专科联盟", "slxsezkllm", "Example First Hospital", "EX-001"):
        found = index.search(text, limit=50).items
        assert [one.thing for one in found if one.illustrative or "/EX-" in one.thing] == [], text
    projection = Projection.of(repository.engine)
    for name in sample(invented, 1):
        with pytest.raises(UnknownNode):
            projection.neighbourhood(name)
    assert [change.header.why for change in repository.journal.changes()][-2:] == [
        "illustrative network",
        "illustrative network removed",
    ]
    repository.close()


def test_real_data_is_refused_in_both_languages_and_changes_nothing(
    site: httpx.Client, instance: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = instance.engine.version
    with pytest.raises(Refused) as caught:
        instance.load([SourceFile("real.ttl", REAL)], who="tester", why="a test")
    for language, part in (
        ("zh", "示例实例不收真实资料"),
        ("en", "No real data in an illustrative instance"),
    ):
        answer = site.post(
            "/api/v1/changes?name=real.ttl",
            content=REAL,
            headers={"Accept-Language": language, "Authorization": f"Bearer {SECRET}"},
        )
        assert (answer.status_code, answer.json()["title"]) == (409, part)
        monkeypatch.setenv("MEDALLIANCE_LANG", language)
        assert sentence(caught.value).startswith(part)
    assert instance.engine.version == before
