"""The pages of lists, as they are sent."""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterator
from urllib.parse import parse_qsl, unquote, urlsplit

import httpx
import pytest
from list_data import HUB, Member, Network, demo_engine
from page_data import packaged_engine, served, service

from api.list_pages import PATHS
from samples import HOSTILE

BROWSER = {"Accept": "text/html"}
LINK = re.compile(r'href="([^"]*)"')


@pytest.fixture(scope="module")
def site() -> Iterator[httpx.Client]:
    with served(service(demo_engine())) as address, httpx.Client(base_url=address, headers=BROWSER) as client:
        yield client


def page(site: httpx.Client, target: str) -> str:
    answer = site.get(target)
    assert answer.status_code == 200
    return answer.text


def links(html: str) -> list[str]:
    return [link.replace("&amp;", "&") for link in LINK.findall(html)]


def total(html: str) -> int:
    return int(re.search(r'id="total">([\d,]+)<', html)[1].replace(",", ""))  # type: ignore[index]


def link(html: str, text: str) -> str:
    """Return where the link with a text leads."""
    found = re.search(rf'<a[^>]*href="([^"]*)"[^>]*>{re.escape(text)}', html)
    assert found, text
    return found[1].replace("&amp;", "&")


@pytest.mark.parametrize("path", PATHS.values())
@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_page_shows_its_list_small_and_whole(site: httpx.Client, path: str, language: str) -> None:
    answer = site.get(f"{path}?lang={language}&limit=200")
    assert len(gzip.compress(answer.content)) < 40_000
    name = next(name for name, one in PATHS.items() if one == path)
    assert (
        total(answer.text)
        == site.get(f"/api/v1/{name}?format=json").json()["total"]
        == answer.text.count('<th scope="row">')
    )


@pytest.mark.parametrize("path", PATHS.values())
def test_what_is_invented_is_marked_and_counted(site: httpx.Client, path: str) -> None:
    html = page(site, f"{path}?lang=zh&limit=200")
    split = re.search(r"真实 (\d+) · 示例 (\d+)", html)
    assert split
    assert int(split[1]) + int(split[2]) == total(html)
    assert html.count('<tr class="invented">') == int(split[2])
    real = page(site, f"{path}?lang=zh&real=1")
    assert total(real) == int(split[1])
    assert 'class="badge invented"' not in real


def test_every_link_of_a_page_leads_somewhere_on_this_server(site: httpx.Client) -> None:
    html = page(site, "/members?grade=3a&role=council&q=示例&as_of=2026-01-01&sort=-grade&lang=zh")
    # What is published needs an instance, see test_dataset.py.
    others = ("/explore", "/dataset")
    targets = {target for target in links(html) if target.startswith("/") and not target.startswith(others)}
    assert len(targets) > 40
    for target in targets:
        assert site.get(target).status_code == 200, target


def test_links_keep_all_that_was_asked_for(site: httpx.Client) -> None:
    asked = "grade=3a&tier=unknown&q=示例&as_of=2026-01-01&view=cards&limit=25&lang=en&real=1"
    html = page(site, f"/members?{asked}")
    for target in links(html):
        parts = urlsplit(target)
        if parts.path == "/members" and "sort=" in parts.query:
            assert set(parse_qsl(asked)) <= set(parse_qsl(parts.query))


def test_what_was_chosen_can_be_taken_away_one_by_one_and_all_at_once(site: httpx.Client) -> None:
    html = page(site, "/members?grade=3a&grade=2a&role=council&q=示例&lang=zh")
    chosen = re.findall(
        r'<li><a href="([^"]*)"><span class="about">([^<]*)</span> (.*?) <span aria-hidden', html
    )
    assert [(about, said) for _, about, said in chosen] == [
        ("角色", "理事单位"),
        ("医院等级", "二级甲等"),
        ("医院等级", "三级甲等"),
        ("关键词", "示例"),
    ]
    without = page(site, chosen[2][0].replace("&amp;", "&"))
    assert total(without) == total(page(site, "/members?grade=2a&role=council&q=示例&lang=zh"))
    assert urlsplit(link(html, "全部清除")).query == "lang=zh"


def test_checked_boxes_are_the_choice(site: httpx.Client) -> None:
    html = page(site, "/members?grade=3a&grade=unknown&lang=zh")
    checked = set(re.findall(r'name="(\w+)" value="([^"]*)" checked', html))
    assert checked == {("grade", "3a"), ("grade", "unknown"), ("held", "yes"), ("held", "unknown")}


def test_the_form_sends_what_its_boxes_do_not_show(site: httpx.Client) -> None:
    html = page(site, "/designations?holder=org/EX-001-neonatology&sort=-level&view=cards&lang=en&real=1")
    hidden = set(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', html.split("</form>")[1]))
    hidden |= set(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', html))
    wanted = {
        ("holder", "org/EX-001-neonatology"),
        ("sort", "-level"),
        ("view", "cards"),
        ("lang", "en"),
        ("real", "1"),
    }
    assert wanted <= hidden


def test_headers_sort_and_say_how(site: httpx.Client) -> None:
    html = page(site, "/members?lang=zh")
    assert '<th scope="col" aria-sort="ascending">' in html
    turned = page(site, link(html, "成员单位 <span"))
    assert '<th scope="col" aria-sort="descending">' in turned
    by_grade = page(site, link(html, "医院等级"))
    assert re.search(r'aria-sort="ascending"><a[^>]*>医院等级', by_grade)


def test_pages_follow_one_another(site: httpx.Client) -> None:
    first = page(site, "/units?limit=25&lang=zh")
    assert "第 1 – 25 项，共 65 项" in first
    second = page(site, link(first, "下一页"))
    assert "第 26 – 50 项，共 65 项" in second
    assert total(second) == 65
    last = page(site, link(second, "末页"))
    assert "第 51 – 65 项，共 65 项" in last
    assert "下一页" not in last
    assert unquote(link(second, "上一页")) == "/units?limit=25&lang=zh"
    beyond = page(site, "/units?offset=1000&lang=zh")
    assert link(beyond, "从头开始") == "/units?lang=zh"


def test_downloads_and_sparql_give_the_rows_of_the_page(site: httpx.Client) -> None:
    html = page(site, "/members?grade=3a&grade=unknown&area=220000&held=no&held=yes&q=示例&lang=zh")
    count = total(html)
    assert count > 1
    rows = site.get(link(html, "CSV")).text.strip().split("\r\n")
    assert len(rows) == count + 1
    assert site.get(link(html, "JSON")).json()["total"] == count
    answered = page(site, link(html, "查看 SPARQL"))
    assert re.search(rf">{count} 行<", answered)


def test_the_explorer_is_told_what_was_chosen(site: httpx.Client) -> None:
    html = page(site, "/members?grade=3a&tier=unknown&as_of=2026-01-01&real=1&lang=en")
    query = parse_qsl(urlsplit(link(html, "Show in the explorer")).query)
    assert query == [
        ("group", "prefecture"),
        ("grade", "vocab/hospital-grade/3a"),
        ("tier", "unknown"),
        ("as_of", "2026-01-01"),
        ("lang", "en"),
        ("real", "1"),
    ]
    few = page(site, "/projects?level=national&lang=en")
    focused = parse_qsl(urlsplit(link(few, "Show in the explorer")).query)
    assert focused == [("focus", "project/EX-P01"), ("lang", "en")]


def test_a_period_and_a_place_are_one_cell_and_what_is_unknown_says_so(site: httpx.Client) -> None:
    html = page(site, "/members?unit=org/EX-007&lang=zh&held=yes&held=no&held=unknown")
    assert '2020年5月&nbsp;–<br><span class="unknown">未载明</span>' in html
    assert '白山市 <br><span class="second">浑江区</span>' in html


def test_those_left_out_by_the_date_are_counted_and_shown_on_request(site: httpx.Client) -> None:
    html = page(site, "/members?lang=zh")
    assert "另有 7 条在该日不成立" in html
    assert total(page(site, link(html, "列出"))) == total(html) + 7


def test_when_nothing_fits_the_page_says_what_to_give_up(site: httpx.Client) -> None:
    html = page(site, "/members?q=zzz&grade=3a&role=council&lang=zh")
    assert total(html) == 0
    assert "没有同时符合所选条件的记录" in html
    assert total(page(site, link(html, "关键词：zzz"))) == 5
    none = page(site, "/members?q=zzz&real=1&lang=zh")
    assert "也列出示例" in none


def test_an_empty_list_says_why_and_what_to_do() -> None:
    with served(service(packaged_engine())) as address:
        html = httpx.get(f"{address}/projects?lang=zh", headers=BROWSER).text
        assert "科室资料只给出项目数，没有列出各个项目。" in html
        assert 'href="/help?lang=zh"' in html
        members = httpx.get(f"{address}/members?lang=zh", headers=BROWSER).text
        assert "现有资料没有写明发起单位以外的成员单位。" in members
        assert "吉林大学第一医院新生儿科" in members


def test_a_damaged_address_still_shows_the_list(site: httpx.Client) -> None:
    html = page(
        site, "/members?as_of=never&limit=x&sort=nothing&offset=-1&held=maybe&grade=3a&grade=9z&lang=zh"
    )
    assert total(html) == total(page(site, "/members?grade=3a&lang=zh"))


def test_hostile_names_stay_text() -> None:
    network = Network()
    network.become(
        {n: Member(n, text, roles=((HUB, "member", "", "", ""),)) for n, text in enumerate(HOSTILE)}
    )
    with served(service(network.engine)) as address:
        for path in ("/members", "/units", "/members?view=cards"):
            html = httpx.get(f"{address}{path}", headers=BROWSER).text
            assert "<script>alert" not in html
            assert "<img src=x" not in html
            assert "<svg onload" not in html
        for label in HOSTILE:
            html = httpx.get(f"{address}/members", params={"q": label, "grade": label}, headers=BROWSER).text
            assert "<script>alert" not in html
            assert "<img src=x" not in html


def test_the_navigation_leads_to_the_lists(site: httpx.Client) -> None:
    html = page(site, "/members?lang=zh")
    nav = html[html.index("<nav") : html.index("</nav>")]
    for name, path in (
        ("成员", "/members"),
        ("资质", "/designations"),
        ("培训", "/training"),
        ("项目", "/projects"),
    ):
        assert link(nav, name) == f"{path}?lang=zh"
    assert 'aria-current="page">成员' in nav
