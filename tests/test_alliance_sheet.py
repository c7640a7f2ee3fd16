"""The alliance on one sheet of paper."""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterator

import httpx
import pytest
from coordinator import text_of
from in_process import client_of
from list_data import demo_engine
from page_data import PACKAGED, member, packaged_engine, service, state

from samples import HOSTILE

AREA = f"{PACKAGED}id/area/"


def located(area: str, more: str = "") -> str:
    return f"; schema:location <{AREA}{area}> {more}"


MEMBERS = (
    member(1, more=located("220302", '; schema:telephone "0434-5000001"')),
    member(2, "council", located("220102")),
    member(3),
    """
    <id/org/u4> a org:FormalOrganization ; skos:prefLabel "第4医院"@zh .
    <id/membership/m4> a ma:AllianceMembership ; org:member <id/org/u4> ; org:organization p:jl-neonatal-alliance ;
      ma:status <https://w3id.org/medalliance/vocab/status/left> ; ma:endStated "2020"^^xsd:gYear ;
      ma:latestEnd "2020-12-31"^^xsd:date ; ma:basis <https://w3id.org/medalliance/vocab/basis/stated> ;
      prov:wasDerivedFrom <source/list> .
    <id/contact/c1> a ma:Contact ; ma:contactFor <id/org/u2> ; schema:name "岗位" ; ma:officeLine "0431-80000002" .
    """,
)


@pytest.fixture(scope="module")
def site() -> Iterator[httpx.Client]:
    engine = state(packaged_engine(), "".join(MEMBERS), "members-2026")
    with client_of(service(engine), Accept="text/html") as client:
        yield client


def sheet(client: httpx.Client, query: str = "lang=zh") -> str:
    answer = client.get(f"/alliance-sheet?{query}")
    assert answer.status_code == 200
    assert len(gzip.compress(answer.content)) < 40_000
    return answer.text


def test_members_stand_by_prefecture_and_what_is_unknown_says_so(site: httpx.Client) -> None:
    text = text_of(sheet(site))
    places = [text.index(name) for name in ("长春市 ", "四平市 ", "所在地未载明")]
    assert places == sorted(places)
    assert "第1医院 铁西区 成员单位 未载明 未载明 2020年2月 0434-5000001" in text
    assert "第2医院 南关区 理事单位" in text
    assert "0431-80000002" in text
    assert "第3医院 未载明" in text


def test_it_counts_units_and_what_is_known_of_them(site: httpx.Client) -> None:
    text = text_of(sheet(site))
    assert "单位 4" in text
    assert "成员单位 2 · 发起单位 1 · 理事单位 1" in text.replace("  ", " ") or "成员单位 2" in text
    assert "地市数 2" in text


def test_it_is_as_of_a_day(site: httpx.Client) -> None:
    assert "第4医院" not in sheet(site)
    assert "第4医院" in sheet(site, "as_of=2019-06-01&lang=zh")
    assert "截至2019年6月1日" in sheet(site, "as_of=2019-06-01&lang=zh")
    assert "截至2026年11月23日" in sheet(site, "as_of=never&lang=zh")


def test_it_names_the_day_it_was_made_and_its_sources(site: httpx.Client) -> None:
    text = text_of(sheet(site))
    assert "制表日期：2026年11月23日" in text
    assert "数据截止：未载明" in text
    assert "members-2026.ttl （日期未载明）" in text
    assert "吉林大学第一医院新生儿科简介" in text


def test_it_is_told_in_english(site: httpx.Client) -> None:
    text = text_of(sheet(site, "lang=en"))
    assert "Alliance at a glance" in text
    assert "Data until: not stated" in text
    assert "Hospital 1" in text


def test_nothing_illustrative_is_on_it() -> None:
    with client_of(service(demo_engine()), Accept="text/html") as client:
        assert "示例" not in text_of(sheet(client))


def test_without_members_it_leads_to_the_upload() -> None:
    with client_of(service(packaged_engine()), Accept="text/html") as client:
        html = sheet(client, "as_of=1900-01-01&alliance=org/nobody&lang=zh")
    assert 'href="/import?lang=zh"' in html or "吉林大学第一医院新生儿科" in html


def test_hostile_names_stay_text() -> None:
    units = "".join(
        member(n).replace(f'"第{n}医院"@zh', '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"@zh')
        for n, text in enumerate(HOSTILE)
    )
    with client_of(service(state(packaged_engine(), units)), Accept="text/html") as client:
        html = sheet(client)
    assert "<script>alert" not in html
    assert "<img src=x" not in html
    assert len(re.findall(r"<tr><td class=\"number\">", html)) == len(HOSTILE) + 1
