"""The query page without scripts: forms, questions, answers in every view, faults beside the text; and its pieces."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import httpx
import pytest
from in_process import client_of
from list_data import demo_engine
from page_data import member_called, service, state

from api.query_examples import query_examples
from api.query_page import RAW, SHOWN
from ontology.library import offered
from ontology.terms import XSD
from samples import HOSTILE

FAULTY = "SELECT * {\n  ?s ?p ?o .\n  FILTR(?s = 1)\n}"
MEMBERS = """PREFIX ma: <https://w3id.org/medalliance/ontology#> PREFIX org: <http://www.w3.org/ns/org#>
SELECT DISTINCT ?unit ?role { ?m a ma:AllianceMembership ; org:member ?unit ; org:role ?role }"""


@pytest.fixture(scope="module")
def client() -> Iterator[httpx.Client]:
    units = "".join(member_called(number, name) for number, name in enumerate(HOSTILE, 1))
    with client_of(service(state(demo_engine(), units)), Accept="text/html") as opened:
        yield opened


def page(client: httpx.Client, status: int = 200, **said: str | list[str]) -> str:
    """Return the page for an address."""
    answer = client.get(f"/query?{urlencode({'lang': 'zh', **said}, doseq=True)}")
    assert answer.status_code == status, answer.text[-800:]
    return answer.text


def part(shown: str, start: str, end: str) -> str:
    return shown.partition(start)[2].partition(end)[0]


def shown_text(shown: str) -> str:
    """Return what stands in the text area."""
    return html.unescape(re.search(r'<textarea id="query"[^>]*>(.*?)</textarea>', shown, re.DOTALL)[1])  # type: ignore[index]


def outcome(shown: str) -> str:
    return part(shown, '<div id="outcome">', "<details")


def test_the_page_opens_with_a_query_questions_by_audience_and_examples(client: httpx.Client) -> None:
    shown = page(client)
    assert "SELECT" in shown_text(shown)
    assert "answer" not in outcome(shown)
    for audience in ("合作方系统常问", "协调员常问", "进修人员常问"):
        assert audience in shown
    for one in offered().values():
        assert f'href="/query?question={one.name}&amp;lang=zh"' in shown
        assert html.escape(one.title["zh"]) in shown
    assert shown.count("data-example=") == len(query_examples())


def test_rows_are_named_and_lead_to_their_pages(client: httpx.Client) -> None:
    shown = outcome(page(client, query=MEMBERS))
    assert (
        '<a href="/id/org/EX-001?lang=zh" title="https://w3id.org/medalliance/id/org/EX-001">示例第一医院</a>'
        in shown
    )
    assert "成员单位" in shown
    assert re.search(r"[\d,]+ 毫秒 · 上限 \d+ 秒", shown)


def test_languages_datatypes_numbers_and_gaps_are_shown(client: httpx.Client) -> None:
    query = f"""SELECT * {{ VALUES (?a ?b ?c ?d) {{ ("é"@fr "2020-01-01"^^<{XSD.date}> 7 UNDEF) }} }}"""
    shown = outcome(page(client, query=query))
    assert '<span class="text" lang="fr">é</span> <span class="kind">@fr</span>' in shown
    assert '2020-01-01</span> <span class="kind">date</span>' in shown
    assert '<td class="number"><span class="text">7</span></td>' in shown
    assert '<span class="unknown">–</span>' in shown


def test_the_page_shows_the_first_rows_and_says_so(client: httpx.Client) -> None:
    shown = outcome(page(client, query=f"SELECT * {{ ?s ?p ?o }} LIMIT {SHOWN + 20}"))
    assert shown.count("<tr>") == SHOWN + 1
    assert "本页显示前 500 行" in shown or "500" in part(shown, 'class="left-out"', "</p>")


@pytest.mark.parametrize(("query", "said"), [("ASK { ?s ?p ?o }", "是"), ("ASK { <x:a> <x:b> <x:c> }", "否")])
def test_yes_and_no_are_said(client: httpx.Client, query: str, said: str) -> None:
    shown = outcome(page(client, query=query))
    assert f'<p class="headline">{said}</p>' in shown
    assert "view=chart" not in shown


def test_an_empty_answer_is_told_from_none(client: httpx.Client) -> None:
    shown = outcome(page(client, query="SELECT * { ?s <x:nothing> ?o }"))
    assert "查询已执行，没有符合条件的结果" in shown
    assert "<table" not in shown


def test_a_fault_is_told_beside_the_text_with_its_line_marked(client: httpx.Client) -> None:
    shown = page(client, 400, query=FAULTY)
    assert shown_text(shown) == FAULTY
    told = outcome(shown)
    assert "查询语句有误" in told
    assert 'data-line="3"' in told
    column = int(re.search(r'data-column="(\d+)"', told)[1])  # type: ignore[index]
    assert '<mark><span class="no">3</span>  FILTR(?s = 1)</mark>' in told
    assert f'<span class="no"></span>{" " * (column - 1)}^' in told
    assert 'aria-invalid="true"' in shown
    english = outcome(client.get(f"/query?{urlencode({'query': FAULTY, 'lang': 'en'})}").text)
    assert "Malformed query" in english


def test_a_query_that_the_guard_stops_is_told_too(client: httpx.Client) -> None:
    told = outcome(
        page(client, 403, query="SELECT * {\n SERVICE <http://example.org/sparql> { ?s ?p ?o }\n}")
    )
    assert 'data-line="2"' in told
    deep = "SELECT * " + "{" * 200 + "}" * 200
    assert "problem" in outcome(page(client, 400, query=deep))


@pytest.mark.parametrize("name", list(query_examples()))
def test_every_example_is_answered_in_its_view(client: httpx.Client, name: str) -> None:
    example = query_examples()[name]
    assert set(example.title) == set(example.purpose) == {"zh", "en"}
    shown = outcome(page(client, query=example.text, view=example.view))
    marks = {"table": "answer-rows", "graph": "answer-graph", "map": "answer-map", "chart": "answer-chart"}
    assert f'class="{marks[example.view]}"' in shown


def test_what_a_view_cannot_show_it_explains(client: httpx.Client) -> None:
    query = 'SELECT ("x" AS ?a) {}'
    for view, said in (("graph", "无可连线"), ("map", "没有已知位置"), ("chart", "没有全是数字的列")):
        assert said in outcome(page(client, query=query, view=view))


@pytest.mark.parametrize(
    "query", ["SELECT * { ?s ?p ?o } LIMIT 1", "ASK {}", "CONSTRUCT WHERE { ?s ?p ?o } LIMIT 1"]
)
def test_the_raw_text_is_what_the_endpoint_sends_in_each_format(client: httpx.Client, query: str) -> None:
    shape = {"S": "rows", "A": "boolean", "C": "graph"}[query[0]]
    for name, (_, kind) in RAW[shape].items():  # type: ignore[index]
        shown = outcome(page(client, query=query, view="raw", format=name))
        sent = client.get("/sparql", params={"query": query}, headers={"Accept": kind})
        assert html.unescape(part(shown, '<pre lang="en">', "</pre>")).strip() == sent.text.strip(), name
        link = html.unescape(re.search(rf'href="(/sparql\?[^"]*format={name})"', shown)[1])  # type: ignore[index]
        assert client.get(link).headers["content-type"].partition(";")[0] == kind


def test_views_and_languages_are_links_that_keep_the_query(client: httpx.Client) -> None:
    shown = page(client, query=MEMBERS, view="map")
    links = re.findall(r'<a href="(/query\?query=[^"]*)"', part(shown, 'class="ways"', "</nav>"))
    assert len(links) == 5
    for link in links:
        answer = client.get(html.unescape(link))
        assert answer.status_code == 200
        assert shown_text(answer.text) == MEMBERS
    assert '<input type="hidden" name="view" value="map">' in shown


def test_the_answer_for_the_script_is_the_one_that_is_shown(client: httpx.Client) -> None:
    shown = page(client, query=MEMBERS)
    held = part(shown, '<div id="held" hidden data-shape="rows"', "</div>").partition(">")[2]
    said = json.loads(json.loads(html.unescape(held)))
    assert len(said["results"]["bindings"]) == outcome(shown).count("<tr>") - 1


def test_hostile_names_stay_text_in_every_view(client: httpx.Client) -> None:
    script = "</script><script>alert(1)</script>"
    hostile = f'SELECT * {{ VALUES (?x ?n ?lat ?long) {{ ("{script}" 1 43.0 125.0) }} }}'
    for query in (
        MEMBERS,
        hostile,
        'SELECT ("<b>" AS ?b) {}',
        "SELECT * { <x:</textarea><script>alert(1)</script>",
    ):
        for view in ("table", "graph", "map", "chart", "raw"):
            shown = client.get("/query", params={"query": query, "view": view}).text
            assert "<script>alert" not in shown
            assert "<img src=x" not in shown
            assert "<b>" not in outcome(shown)
            assert shown_text(shown) == query


# Guided questions -------------------------------------------------------------------------------------------------


def test_every_question_has_a_form_of_its_own(client: httpx.Client) -> None:
    for name, one in offered().items():
        shown = page(client, question=name)
        form = part(shown, "data-guided", "</form>")
        for parameter in one.parameters:
            assert f'name="p.{parameter.name}"' in form, name
            assert html.escape(parameter.title["zh"]) in form
        assert shown_text(shown).startswith(f"# {one.title['zh']}\n")
        assert "title@zh" not in shown_text(shown)


def test_a_choice_fills_the_query_that_is_shown_and_answered(client: httpx.Client) -> None:
    shown = page(client, question="units-in-area", **{"p.area": "220100", "ask": "1"})
    assert "id/area/220100>" in shown_text(shown)
    assert "answer-rows" in outcome(shown)
    assert '<option value="220100" selected>长春市</option>' in shown


def test_where_there_are_too_many_for_a_list_a_name_or_a_code_is_typed(
    client: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("api.query_asked.MOST_CHOICES", 5)
    shown = page(client, question="units-in-area", **{"p.area": "长春市"})
    assert 'value="220100"' in part(shown, "data-guided", "</form>")
    assert '<span class="said">长春市</span>' in shown
    assert "id/area/220100>" in shown_text(page(client, question="units-in-area", **{"p.area": "长春市"}))


def test_lists_offer_their_choices_and_keep_what_was_chosen(client: httpx.Client) -> None:
    shown = page(
        client,
        question="designations-on-date",
        **{"p.level": ["provincial", "national"], "p.date": "2024-05-01"},
    )
    form = part(shown, "data-guided", "</form>")
    assert re.search(r'<option value="provincial" selected>省级</option>', form)
    assert re.search(r'<option value="national" selected>国家级</option>', form)
    assert '"2024-05-01"' in shown_text(shown)
    assert "today" not in form


def test_a_value_that_does_not_fit_is_marked_where_it_was_typed(client: httpx.Client) -> None:
    answer = client.get("/query", params={"question": "units-in-area", "p.area": "nowhere", "lang": "zh"})
    assert 400 <= answer.status_code < 500
    form = part(answer.text, "data-guided", "</form>")
    assert 'class="blank wrong"' in form
    assert 'aria-invalid="true"' in form
    assert 'class="problem"' in outcome(answer.text)


def test_what_has_to_be_given_is_asked_for_and_dates_are_filled_in(client: httpx.Client) -> None:
    answer = client.get("/query", params={"question": "members-per-area-and-role", "ask": "1"})
    assert 400 <= answer.status_code < 500
    form = part(answer.text, "data-guided", "</form>")
    assert 'class="blank wrong"' in form
    assert 'value="2026-11-23"' in form


def test_no_value_gets_out_of_its_place_in_the_query(client: httpx.Client) -> None:
    for value in (*HOSTILE, '220100> } } DROP ALL # "', "220100\n}"):
        answer = client.get("/query", params={"question": "units-in-area", "p.area": value})
        assert 400 <= answer.status_code < 500
        assert "DROP" not in shown_text(answer.text)


# Pieces for the script --------------------------------------------------------------------------------------------


def results(*bindings: dict[str, Any], columns: str = "a n") -> dict[str, Any]:
    return {"head": {"vars": columns.split()}, "results": {"bindings": list(bindings)}}


def test_an_answer_is_drawn_without_being_asked_for_again(client: httpx.Client) -> None:
    row = {
        "a": {"type": "literal", "value": "<script>alert(1)</script>"},
        "n": {"type": "literal", "value": "5", "datatype": "http://www.w3.org/2001/XMLSchema#integer"},
    }
    drawn = client.post("/query/drawing?view=chart&lang=en", json=results(row))
    assert drawn.status_code == 200
    assert "answer-chart" in drawn.text
    assert "&lt;script&gt;" in drawn.text
    assert "<html" not in drawn.text


@pytest.mark.parametrize(
    "body",
    [
        "",
        "[]",
        "{}",
        '{"head": {"vars": 7}}',
        '{"head": {"vars": ["a"]}, "results": {"bindings": [{"a": 1}]}}',
        "[" * 5000,
    ],
)
def test_what_is_no_answer_is_not_drawn(client: httpx.Client, body: str) -> None:
    answer = client.post(
        "/query/drawing?view=graph", content=body, headers={"Content-Type": "application/json"}
    )
    assert answer.status_code == 400, answer.text[:200]


def test_pieces_are_not_made_for_forms_of_other_sites(client: httpx.Client) -> None:
    plain = {"Content-Type": "text/plain"}
    assert client.post("/query/drawing?view=graph", content="{}", headers=plain).status_code == 415
    assert client.post("/query/snippets", content="ASK {}", headers=plain).status_code == 415


def test_program_texts_follow_the_query(client: httpx.Client) -> None:
    headers = {"Content-Type": "application/sparql-query"}
    answer = client.post("/query/snippets", content="ASK { ?是 ?p '</pre>' }".encode(), headers=headers)
    assert html.unescape(answer.text).count("ASK { ?是 ?p '</pre>' }") >= 4
    assert "'</pre>'" not in answer.text
