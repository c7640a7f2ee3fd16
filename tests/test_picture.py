"""The picture is one safe file: no address outside it, names as text, a policy that fits, and tables that agree."""

from __future__ import annotations

import base64
import hashlib
import html
import json
import re
import subprocess
import sys
from datetime import date
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.picture import MOST_NAMED_EDGES, Picture, picture, wrapped
from graph import media
from graph.catalogue import Entry, entry_quads
from graph.edges import described_edges, relation_labels
from graph.layout import positions
from graph.local import LocalEngine
from graph.names import Names
from graph.oxigraph import OxigraphStore
from graph.projection import Projection
from ontology.packaged import BASE, packaged_graphs

HERE = "http://127.0.0.1:8000/"
NAMES = Names(HERE)
DEPARTMENT = BASE + "id/org/fhjlu-neonatology"
HOSTILE = ("<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', '" href="javascript:alert(1)')
PREFIXES = f"""@prefix ma: <{BASE}ontology#> . @prefix org: <http://www.w3.org/ns/org#> .
@prefix schema: <https://schema.org/> . @prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix prov: <http://www.w3.org/ns/prov#> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix role: <{BASE}vocab/membership-role/> . @prefix basis: <{BASE}vocab/basis/> . @prefix : <{HERE}id/> .
"""
ALLIANCE = ':alliance a ma:MedicalAlliance ; skos:prefLabel "示例联盟"@zh, "Example Alliance"@en .\n'


class Page(HTMLParser):
    """What a browser would make of the markup: elements with attributes, and texts by element."""

    def __init__(self, markup: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.texts: dict[str, list[str]] = {}
        self._open: list[str] = []
        self.feed(markup)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))
        self._open.append(tag)
        self.texts.setdefault(tag, []).append("")

    def handle_data(self, data: str) -> None:
        if self._open:
            self.texts[self._open[-1]][-1] += data

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop() != tag:
            pass


def loaded(documents: dict[str, str], *, vocabularies: bool = True) -> LocalEngine:
    """Return an engine over Turtle documents by name, each a merged source of its own, and the packaged facts."""
    store = OxigraphStore()
    for graph in packaged_graphs() if vocabularies else ():
        if graph.merged and "divisions" not in graph.iri:
            quads = store.read(graph.content(), graph.media_type, graph=graph.iri)
            store.add([*quads, *(quad._replace(graph="") for quad in quads)])
            store.add(entry_quads(Entry.of_packaged(graph), NAMES))
    for name, turtle in documents.items():
        iri = f"{HERE}source/{name}/00000001"
        quads = store.read((PREFIXES + turtle).encode(), media.TURTLE, graph=iri)
        store.add([*quads, *(quad._replace(graph="") for quad in quads)])
        entry = Entry(iri, "source", document=f"{HERE}source/{name}", title=f"{name}.xlsx")
        listed = list(entry_quads(entry, NAMES))
        store.add([*listed, *(quad._replace(graph="") for quad in listed)])
    return LocalEngine(store)


def drawn(engine: LocalEngine, centre: str, language: str = "zh", hops: int = 1, limit: int = 100) -> Picture:
    found = Projection.of(engine).neighbourhood(centre, hops, limit=limit)
    return picture(
        found,
        described_edges(engine, found.edges),
        positions(found),
        language,
        drawn_on=date(2026, 11, 23),
        relations=relation_labels(engine, {counted.relation for counted in found.left_out}),
        address=f"{HERE}api/v1/picture?iri={centre}",
    )


@pytest.fixture(scope="module")
def profile() -> LocalEngine:
    return loaded({})


@pytest.fixture(scope="module")
def shown(profile: LocalEngine) -> dict[str, str]:
    """The picture of the department by language."""
    return {language: drawn(profile, DEPARTMENT, language).html for language in ("zh", "en")}


def data_of(markup: str) -> dict[str, list[dict[str, object]]]:
    found = re.search(r'<script type="application/json" id="picture-data">(.*?)</script>', markup, re.DOTALL)
    assert found
    data: dict[str, list[dict[str, object]]] = json.loads(found[1])
    return data


def without_scripts(markup: str) -> str:
    return re.sub(r"<(script|style)[^>]*>.*?</\1>", "", markup, flags=re.DOTALL)


def visible(markup: str) -> str:
    return html.unescape(re.sub(r"<[^>]+>", "\n", without_scripts(markup)))


# --- One file -----------------------------------------------------------------------------------------------


def test_nothing_is_fetched_from_anywhere(shown: dict[str, str]) -> None:
    page = Page(shown["zh"])
    fetching = {"src", "srcset", "href", "action", "data", "poster", "background", "ping", "manifest"}
    assert not [(tag, attrs) for tag, attrs in page.elements if fetching & attrs.keys()]
    assert not {tag for tag, _ in page.elements} & {"link", "base", "iframe", "object", "embed", "img"}
    assert "url(" not in page.texts["style"][0]
    assert "@import" not in page.texts["style"][0]
    assert "sourceMappingURL" not in shown["zh"]


def test_the_script_that_draws_is_the_one_pyvis_ships(shown: dict[str, str]) -> None:
    assert "vis-network" in shown["zh"]
    assert "@version 9.1.2" in shown["zh"]


def test_nothing_needs_inline_handlers_or_styles(shown: dict[str, str]) -> None:
    attributes = {name for _, attrs in Page(shown["zh"]).elements for name in attrs}
    assert not {name for name in attributes if name.startswith("on") or name == "style"}


def test_the_policy_allows_exactly_the_scripts_and_styles_of_the_file(profile: LocalEngine) -> None:
    made = drawn(profile, DEPARTMENT)
    scripts = re.findall(r"<script>(.*?)</script>", made.html, re.DOTALL)
    styles = re.findall(r"<style>(.*?)</style>", made.html, re.DOTALL)

    def hashed(text: str) -> str:
        return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()

    assert made.script_hashes == tuple(map(hashed, scripts))
    assert made.style_hashes == tuple(map(hashed, styles))
    (meta,) = [a for tag, a in Page(made.html).elements if a.get("http-equiv") == "Content-Security-Policy"]
    assert meta["content"] == made.policy
    assert "unsafe" not in made.policy
    assert made.policy.startswith("default-src 'none'; ")
    assert "\r" not in made.html


def test_the_policy_does_not_depend_on_the_data(profile: LocalEngine) -> None:
    assert drawn(profile, DEPARTMENT).policy == drawn(profile, BASE + "id/org/fhjlu", "en").policy


def test_pyvis_is_loaded_only_by_whoever_draws() -> None:
    code = "import sys, api.picture; sys.exit('pyvis' in sys.modules or 'IPython' in sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)


# --- What it says -------------------------------------------------------------------------------------------


def test_the_picture_speaks_the_language_asked_for(shown: dict[str, str]) -> None:
    assert '<html lang="zh-CN">' in shown["zh"]
    assert '<html lang="en">' in shown["en"]
    zh, en = visible(shown["zh"]), visible(shown["en"])
    for text in (
        "吉林大学第一医院新生儿科：关系图",
        "2026年11月23日",
        "持有资质",
        "原文所述",
        "第 2 句",
        "培训项目",
    ):
        assert text in zh
    for text in ("23 November 2026", "holds", "stated", "sentence 2", "Training programme", "not stated"):
        assert text in en
    assert not re.search(r"[\u4e00-\u9fff]", en)


def test_both_languages_have_the_same_words() -> None:
    from api.picture import _texts

    blanks = {
        language: {key: sorted(re.findall(r"\{\w+\}", text)) for key, text in words.items()}
        for language, words in _texts().items()
    }
    assert blanks["zh"] == blanks["en"]


def test_every_edge_stands_in_the_table_with_source_and_basis(profile: LocalEngine) -> None:
    markup = drawn(profile, DEPARTMENT).html
    found = Projection.of(profile).neighbourhood(DEPARTMENT)
    rows = re.findall(r"<tr>\s*<td>(.*?)</tr>", markup, re.DOTALL)
    assert len(rows) == len(found.edges) == len(data_of(markup)["edges"])
    assert all("吉林大学第一医院新生儿科简介" in row for row in rows)
    assert sum("释读" in row for row in rows) == sum(
        bool(edge["dashes"]) for edge in data_of(markup)["edges"]
    )


def test_every_node_stands_in_the_table_and_has_a_place(profile: LocalEngine) -> None:
    markup = drawn(profile, DEPARTMENT).html
    nodes = data_of(markup)["nodes"]
    assert len(nodes) == len(re.findall(r'<th scope="row">', markup)) == 15
    assert len({(node["x"], node["y"]) for node in nodes}) == len(nodes)
    assert data_of(markup)["options"]["physics"] == {"enabled": False}  # type: ignore[call-overload]


def test_the_extent_of_a_service_is_told(shown: dict[str, str]) -> None:
    assert "服务覆盖（部分，危重新生儿转运）" in visible(shown["zh"])
    labels = {str(edge.get("label")).replace("\n", "") for edge in data_of(shown["zh"])["edges"]}
    assert {"服务覆盖（部分）", "服务覆盖（全部）"} <= labels


def test_two_sources_of_a_fact_are_both_named() -> None:
    stated = (
        ":m a ma:AllianceMembership ; org:member :a ; org:organization :alliance ; org:role role:member ."
    )
    engine = loaded({"first": ALLIANCE + stated, "second": stated})
    text = visible(drawn(engine, HERE + "id/alliance").html)
    assert "first.xlsx" in text
    assert "second.xlsx" in text


def test_stated_dates_are_shown_as_stated() -> None:
    engine = loaded(
        {
            "list": ALLIANCE
            + """:m a ma:AllianceMembership ; org:member :a ; org:organization :alliance ; org:role role:member ;
                ma:startStated "2019"^^xsd:gYear ; ma:endStated "2024-05"^^xsd:gYearMonth ."""
        }
    )
    assert "自 2019年，至 2024年5月" in visible(drawn(engine, HERE + "id/alliance").html)


def test_what_was_left_out_is_counted() -> None:
    members = "".join(
        f":m{n} a ma:AllianceMembership ; org:member :u{n} ; org:organization :alliance ; org:role role:member ."
        for n in range(30)
    )
    engine = loaded({"list": ALLIANCE + members})
    assert "未画出：成员单位（指向本方） 21 条" in visible(drawn(engine, HERE + "id/alliance", limit=10).html)
    whole = drawn(engine, HERE + "id/alliance").html
    assert "未画出：" not in visible(whole)
    assert len(data_of(whole)["edges"]) > MOST_NAMED_EDGES
    assert not [edge for edge in data_of(whole)["edges"] if "label" in edge]


def test_a_thing_without_relations_has_a_picture_too() -> None:
    text = visible(drawn(loaded({"list": ALLIANCE}), HERE + "id/alliance").html)
    assert "现有资料未载明任何关系。" in text


def test_illustrative_data_is_marked_everywhere() -> None:
    invented = (
        ALLIANCE
        + """:u a schema:Hospital ; skos:prefLabel "示例医院"@zh ; ma:illustrative true .
             :m a ma:AllianceMembership ; org:member :u ; org:organization :alliance ; org:role role:member ;
               ma:illustrative true ."""
    )
    markup = drawn(loaded({"list": invented}), HERE + "id/alliance").html
    assert "均为虚构" in visible(markup)
    assert markup.count('<span class="mark">示例</span>') == 2
    assert any("[示例]" in str(node["label"]) for node in data_of(markup)["nodes"])
    assert data_of(markup)["edges"][0]["dashes"] == [8, 5]


def test_a_plain_relation_that_only_invented_documents_state_is_dashed() -> None:
    engine = loaded({"demo": ALLIANCE + ":alliance ma:initiatedBy :a ."})
    graph = f"{HERE}source/demo/00000001"
    engine.store.add(entry_quads(Entry(graph, "source", illustrative=True), NAMES))
    markup = drawn(engine, HERE + "id/alliance").html
    assert [edge["dashes"] for edge in data_of(markup)["edges"]] == [[8, 5]]
    assert "虚构" in visible(markup)


def test_a_picture_without_illustrative_data_carries_no_warning(shown: dict[str, str]) -> None:
    assert "虚构" not in shown["zh"]


def test_lines_between_the_same_two_things_are_bent_apart(shown: dict[str, str]) -> None:
    edges = data_of(shown["zh"])["edges"]
    bent = [edge for edge in edges if edge["smooth"]]
    assert {(str(edge["from"]), str(edge["to"])) for edge in bent} == {("0", "1"), ("1", "0")}


def test_lines_of_the_same_direction_are_bent_to_different_sides() -> None:
    roles = """:m a ma:AllianceMembership ; org:member :a ; org:organization :alliance ;
                 org:role role:lead, role:member ."""
    edges = data_of(drawn(loaded({"list": ALLIANCE + roles}), HERE + "id/alliance").html)["edges"]
    assert {edge["smooth"]["type"] for edge in edges} == {"curvedCW", "curvedCCW"}  # type: ignore[index]


def test_lines_of_opposite_directions_are_bent_to_the_same_hand_and_so_lie_apart(
    shown: dict[str, str],
) -> None:
    bent = [edge["smooth"] for edge in data_of(shown["zh"])["edges"] if edge["smooth"]]
    assert len(bent) == 2
    assert bent[0] == bent[1]


def test_the_name_of_a_level_line_is_not_turned(shown: dict[str, str]) -> None:
    data = data_of(shown["zh"])
    rows = {node["id"]: node["y"] for node in data["nodes"]}
    for edge in data["edges"]:
        is_level = rows[edge["from"]] == rows[edge["to"]]
        assert edge["font"] == {"align": "horizontal" if is_level else "middle"}


# --- Hostile names ------------------------------------------------------------------------------------------


def hostile() -> LocalEngine:
    def written(text: str) -> str:
        return json.dumps(text)

    script, image, link = map(written, HOSTILE)
    return loaded(
        {
            "list": f""":alliance a ma:MedicalAlliance ; skos:prefLabel {script}@zh, {link}@en .
                :u a schema:Hospital ; skos:prefLabel {image}@zh, {script}@en .
                :m a ma:AllianceMembership ; org:member :u ; org:organization :alliance ; org:role :r ;
                  ma:basis basis:interpreted ; skos:editorialNote {image}@zh, {link}@en ;
                  ma:startStated {script} ; prov:wasDerivedFrom :d .
                :d a ma:SourceDocument ; <http://purl.org/dc/terms/title> {image}@zh, {link}@en .
                :r a skos:Concept ; skos:prefLabel {link}@zh, {image}@en ."""
        }
    )


@pytest.mark.parametrize("language", ["zh", "en"])
def test_hostile_names_stay_text(language: str) -> None:
    made = drawn(hostile(), HERE + "id/alliance", language)
    page = Page(made.html)
    assert [tag for tag, _ in page.elements].count("script") == 3
    assert not {tag for tag, _ in page.elements} & {"img", "a"}
    assert not {name for _, attrs in page.elements for name in attrs} & {"onerror", "href", "src"}
    for name in HOSTILE:
        assert name in visible(made.html)
    titles = {str(node["title"]).split("\n")[0] for node in data_of(made.html)["nodes"]}
    assert titles <= set(HOSTILE)


@given(st.text(max_size=60))
def test_any_name_comes_back_from_the_embedded_data(name: str) -> None:
    from api.picture import _embedded

    text = _embedded({"name": name})
    assert json.loads(text) == {"name": name}
    assert not set(text) & set("<>&\u2028\u2029")


# --- Names below nodes --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "lines"),
    [
        ("吉林省", ["吉林省"]),
        ("新生儿住院医师培训", ["新生儿住院", "医师培训"]),
        ("吉林大学第一医院新生儿科", ["吉林大学第一", "医院新生儿科"]),
        ("Jilin Province", ["Jilin Province"]),
        ("First Hospital of Jilin University", ["First Hospital", "of Jilin", "University"]),
        ("  a \n b\t", ["a b"]),
        ("", [""]),
    ],
)
def test_names_are_wrapped_in_lines_of_like_length(name: str, lines: list[str]) -> None:
    assert wrapped(name).split("\n") == lines


@given(st.text(alphabet=st.sampled_from("医院 ab—（x）"), max_size=80))
def test_a_wrapped_name_is_short_and_loses_nothing_but_its_end(name: str) -> None:
    text = wrapped(name)
    assert len(text.split("\n")) <= 3
    kept = re.sub(r"\s", "", text.removesuffix("…"))
    assert re.sub(r"\s", "", name).startswith(kept)
    if not text.endswith("…"):
        assert kept == re.sub(r"\s", "", name)
