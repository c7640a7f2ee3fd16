"""The explorer over HTTP: one state, and everything that is made from it says the same."""

from __future__ import annotations

import csv
import gzip
import io
import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import quote
from xml.etree import ElementTree

import httpx
import pytest
import rdflib
from page_data import ALLIANCE, member, packaged_engine, served, service, state

from graph.engine import Engine
from samples import HOSTILE

VIEW = "/api/v1/graph/view"
NINE = (
    "\n".join(member(number, "council" if number == 3 else "member") for number in range(9))
    + """
    <id/membership/m3> ma:earliestStart "2020-04-01"^^xsd:date ; ma:latestStart "2020-04-30"^^xsd:date .
"""
)
INVENTED = member(1, more="; ma:illustrative true").replace(
    "ma:AllianceMembership ;", "ma:AllianceMembership ; ma:illustrative true ;"
)


@contextmanager
def asking(engine: Engine) -> Iterator[httpx.Client]:
    with served(service(engine)) as address, httpx.Client(base_url=address, trust_env=False) as client:
        yield client


@pytest.fixture(scope="module")
def few() -> Iterator[httpx.Client]:
    """The packaged data: one member, the department that started the alliance."""
    with asking(packaged_engine()) as client:
        yield client


@pytest.fixture(scope="module")
def many() -> Iterator[httpx.Client]:
    """Nine members more, of one source."""
    with asking(state(packaged_engine(), NINE)) as client:
        yield client


def view(client: httpx.Client, query: str = "") -> dict:
    reply = client.get(f"{VIEW}?{query}", headers={"Accept-Language": "zh"})
    assert reply.status_code == 200
    return reply.json()


def keys(found: dict) -> list[str]:
    return [node["key"] for node in found["nodes"]]


def page(client: httpx.Client, query: str = "", language: str = "zh") -> str:
    reply = client.get(f"/explore?{query}", headers={"Accept": "text/html", "Accept-Language": language})
    assert reply.status_code == 200
    return reply.text


def test_few_members_are_shown_with_their_relations(few: httpx.Client) -> None:
    found = view(few)
    assert found["address"] == "/explore?expand=org/fhjlu-neonatology~~1"
    assert {"org/fhjlu-neonatology", "org/jl-neonatal-alliance", "org/fhjlu"} <= {*keys(found)}


def test_many_members_start_in_groups_with_numbers(many: httpx.Client) -> None:
    found = view(many)
    groups = [node for node in found["nodes"] if node["kind"] == "group"]
    assert [(node["key"], node["count"], node["iri"]) for node in groups] == [
        ("group:prefecture/area/220100", 1, None),
        ("group:prefecture/unknown", 9, None),
    ]
    assert found["address"] == "/explore?group=prefecture"
    assert {edge["label"] for edge in found["edges"]} == {"1 家单位", "9 家单位"}


def test_members_stand_in_groups_by_role_when_asked(many: httpx.Client) -> None:
    found = view(many, "group=role")
    counted = {node["label"]: node["count"] for node in found["nodes"] if node["kind"] == "group"}
    assert counted == {"发起单位": 1, "成员单位": 8, "理事单位": 1}


def test_asking_for_no_groups_is_asking_for_something(many: httpx.Client) -> None:
    assert keys(view(many, "group=none")) == []
    assert view(many, "group=none")["address"] == "/explore?group=none"


def test_the_date_of_today_need_not_stand_in_the_address(many: httpx.Client) -> None:
    assert view(many, "group=role&as_of=2026-11-23")["address"] == "/explore?group=role"
    assert view(many, "group=role&as_of=2026-11-22")["address"] == "/explore?group=role&as_of=2026-11-22"


def test_a_group_is_opened_by_its_key(many: httpx.Client) -> None:
    found = view(many, "group=role&open=group:role/vocab/membership-role/council")
    assert "_org/u3" in keys(found)
    assert [edge["to"] for edge in found["edges"] if edge["kind"] == "group" and not edge["label"]] == [
        "_org/u3"
    ]


def test_relations_bear_name_period_and_the_answer_for_the_date(many: httpx.Client) -> None:
    found = view(many, "expand=_org/u3~membership.out~1")
    (edge,) = found["edges"]
    assert (edge["label"], edge["period"], edge["held"]) == ("理事单位", "2020年4月 – 未知", "yes")
    assert view(many, "expand=_org/u3~membership.out~1&as_of=2019-01-01")["edges"] == []
    during = view(many, "expand=_org/u3~membership.out~1&as_of=2020-04-10")
    assert during["edges"][0]["held"] == "unknown"


def test_a_name_without_a_language_is_shown() -> None:
    with asking(
        state(packaged_engine(), member(1).replace('"第1医院"@zh, "Hospital 1"@en', '"Unit 1"'))
    ) as client:
        named = {node["key"]: node["label"] for node in view(client, "focus=_org/u1")["nodes"]}
    assert named == {"_org/u1": "Unit 1"}


def test_the_same_address_gives_the_same_view_again(many: httpx.Client) -> None:
    first = view(
        many, "focus=_org/u1&expand=_org/u2&pin=_org/u1@5,6&hide=org/fhjlu&select=_org/u2&layout=map"
    )
    again = view(many, first["address"].partition("?")[2])
    assert again == first
    assert first["selected"] == "_org/u2"


def test_a_selected_thing_is_told_with_its_relations_counted(many: httpx.Client) -> None:
    shown = page(many, "expand=org/jl-neonatal-alliance&select=org/jl-neonatal-alliance")
    assert 'name="xr" value="membership.in"' in shown
    assert "<h2><a href" in shown


def test_a_selected_relation_is_told_with_source_basis_and_period(many: httpx.Client) -> None:
    key = view(many, "expand=_org/u3~membership.out~1")["edges"][0]["key"]
    shown = page(many, f"expand=_org/u3~membership.out~1&select={quote(key)}")
    panel = shown[shown.index('id="explore-panel"') : shown.index('id="explore-list"')]
    assert "2020年4月" in panel
    assert "badge basis-stated" in panel
    assert "/source/list" in panel


def test_a_path_is_told_in_one_sentence_with_its_sources(many: httpx.Client) -> None:
    for language, name in (("zh", "第1医院"), ("en", "Hospital 1")):
        shown = page(many, "path=_org/u1~_org/u2", language)
        sentence = re.search(r'<ol class="path"><li><p>(.*?)</p>', shown)
        assert sentence
        assert name in sentence[1]
    assert "没有一串关系" in page(many, "path=_org/u1~_org/u3&as_of=1990-01-01")


def test_a_path_stands_in_columns_unless_another_arrangement_is_asked_for(many: httpx.Client) -> None:
    assert view(many, "path=_org/u1~_org/u2")["layout"] == "layered"
    assert view(many, "path=_org/u1~_org/u2&layout=radial")["layout"] == "radial"
    assert view(many, "path=_org/u1~_org/u2&expand=_org/u1")["layout"] == "radial"


def test_the_lists_can_be_sorted_and_paged(many: httpx.Client) -> None:
    down = page(many, "expand=org/jl-neonatal-alliance&sort=-name")
    assert 'aria-sort="descending"' in down
    assert down.index("第8医院") < down.index("第1医院")


def test_a_name_that_is_typed_leads_to_the_thing(many: httpx.Client) -> None:
    reply = many.get("/explore?group=role&q=di3yiyuan", follow_redirects=False)
    assert (reply.status_code, reply.headers["location"]) == (303, "/explore?group=role&add=_org/u3")
    missed = many.get("/explore?q=qqqqqqqq", headers={"Accept-Language": "en"}, follow_redirects=True)
    assert "Nothing in the graph is called “qqqqqqqq”." in missed.text


def test_the_page_is_small_and_without_inline_code(many: httpx.Client) -> None:
    shown = page(many, "expand=org/jl-neonatal-alliance&select=org/jl-neonatal-alliance")
    assert len(gzip.compress(shown.encode())) < 40_000
    assert not re.search(r"<script(?! type=\"module\" src=\"/static/)| style=| on\w+=", shown)


def test_the_relations_as_csv_name_sources_and_can_be_read_by_a_spreadsheet(many: httpx.Client) -> None:
    reply = many.get(f"{VIEW}?expand=_org/u3&format=csv", headers={"Accept-Language": "zh"})
    assert reply.content.startswith("\ufeff".encode())
    header, *rows = csv.reader(io.StringIO(reply.content.decode("utf-8-sig")))
    assert header[:9] == ["从", "关系", "到", "起始", "截止", "当日是否有效", "依据", "来源", "示例"]
    assert ["第3医院", "理事单位", "吉林省新生儿专科医疗联盟", "2020-04", ""] in [row[:5] for row in rows]
    assert all(row[7] for row in rows)


def test_the_things_as_csv_name_iris(many: httpx.Client) -> None:
    reply = many.get(f"{VIEW}?expand=_org/u3&format=csv&part=things")
    assert ALLIANCE in [row[0] for row in csv.reader(io.StringIO(reply.content.decode("utf-8-sig")))]


def test_turtle_holds_what_the_graph_states_of_the_visible_part_and_no_more(many: httpx.Client) -> None:
    text = many.get(f"{VIEW}?expand=_org/u3&format=ttl").text
    graph = rdflib.Graph().parse(data=text, format="turtle")
    known = packaged_triples()
    assert len(graph) > 10
    assert {(str(s), str(p), str(o)) for s, p, o in graph} <= known


def packaged_triples() -> set[tuple[str, str, str]]:
    from graph.quads import text_of

    store = state(packaged_engine(), NINE).store
    return {(text_of(q.subject), text_of(q.predicate), text_of(q.object)) for q in store.match()}


def test_graphml_has_the_things_and_relations_with_positions(many: httpx.Client) -> None:
    found = view(many, "expand=_org/u3")
    tree = ElementTree.fromstring(many.get(f"{VIEW}?expand=_org/u3&format=graphml").content)
    names = {one.get("id") for one in tree.iter("{http://graphml.graphdrawing.org/xmlns}node")}
    edges = list(tree.iter("{http://graphml.graphdrawing.org/xmlns}edge"))
    assert names == {*keys(found)}
    assert len(edges) == len(found["edges"])


def test_the_one_file_picture_holds_the_visible_part(many: httpx.Client) -> None:
    for query in ("expand=_org/u3", "group=role"):
        reply = many.get(f"{VIEW}?{query}&format=html", headers={"Accept-Language": "zh"})
        assert reply.status_code == 200
        assert "vis-network" in reply.text
        assert all(
            json.dumps(node["label"], ensure_ascii=False)[1:-1] in reply.text
            for node in view(many, query)["nodes"]
        )
    assert many.get(f"{VIEW}?focus=org/nobody&format=html").status_code == 404


def test_the_still_picture_stands_alone(many: httpx.Client) -> None:
    reply = many.get("/explore.svg?expand=_org/u3")
    assert reply.headers["content-type"].startswith("image/svg+xml")
    tree = ElementTree.fromstring(reply.content)
    texts = {"".join(one.itertext()) for one in tree.iter("{http://www.w3.org/2000/svg}text")}
    assert "第3医院" in texts
    assert not re.search(rb"<style|<script|href=|url\(", reply.content)


def test_what_is_invented_is_marked_in_json_page_and_picture() -> None:
    with asking(state(packaged_engine(), INVENTED)) as client:
        found = view(client, "expand=_org/u1")
        told = page(client, "expand=_org/u1&select=_org/u1")
        drawn = client.get("/explore.svg?expand=_org/u1").text
        only_real = view(client, "expand=_org/u1&real=1")
    marks = {node["key"]: node["illustrative"] for node in found["nodes"]}
    assert marks == {"_org/u1": True, "org/jl-neonatal-alliance": False}
    assert all(edge["illustrative"] for edge in found["edges"])
    assert told.count("badge invented") >= 3
    assert drawn.count('class="invented"') >= 2
    assert only_real["edges"] == []


def test_hostile_names_stay_text_in_page_and_picture() -> None:
    engine = packaged_engine()
    for number, label in enumerate(HOSTILE):
        written = label.replace("\\", "\\\\").replace('"', '\\"')
        state(engine, member(number).replace(f"第{number}医院", written), f"hostile{number}")
    query = "expand=org/jl-neonatal-alliance&select=_org/u0"
    with asking(engine) as client:
        shown = page(client, query)
        ElementTree.fromstring(client.get(f"/explore.svg?{query}").content)
        ElementTree.fromstring(client.get(f"{VIEW}?{query}&format=graphml").content)
        rows = list(csv.reader(io.StringIO(client.get(f"{VIEW}?{query}&format=csv").text)))
    assert not re.search(r"<script>|<img src=x|<svg onload", shown)
    assert not [cell for row in rows for cell in row if cell.startswith(("=", "+", "@"))]


@pytest.mark.parametrize(
    "query", ["focus=org/nobody", "expand=:::", "path=a~b&k=99", "limit=999999", "page=77&sort=x"]
)
def test_an_address_that_makes_no_sense_still_shows_a_page(few: httpx.Client, query: str) -> None:
    assert "<h1>" in page(few, query)


def test_the_page_speaks_both_languages_and_its_links_keep_the_one_asked_for(few: httpx.Client) -> None:
    assert 'lang="en"' in page(few, "lang=en")
    links = re.findall(r'data-explore href="([^"]+)"', page(few, "lang=en"))
    assert len(links) > 5
    assert all("lang=en" in link for link in links)
