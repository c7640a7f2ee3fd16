"""The pages, as they are sent."""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterator
from contextlib import contextmanager
from html.parser import HTMLParser
from urllib.parse import quote

import httpx
import pytest
from fastapi import FastAPI
from page_data import (
    MA,
    ORG,
    PACKAGED,
    PROFILE,
    member,
    packaged_engine,
    served,
    service,
    state,
)
from starlette.requests import Request

from api.pages import problem_page
from graph.local import LocalEngine
from graph.oxigraph import OxigraphStore
from samples import HOSTILE

KINDS = {
    "home": "/",
    "department": "/id/org/fhjlu-neonatology",
    "hospital": "/id/org/fhjlu",
    "alliance": "/id/org/jl-neonatal-alliance",
    "membership": "/id/membership/jl-neonatal-alliance-fhjlu-neonatology",
    "designation": "/id/designation/jl-tertiary-center",
    "programme": "/id/programme/neonatal-resident",
    "coverage": "/id/coverage/inner-mongolia",
    "figure": "/id/stat/department-profile/projects-other",
    "claim": "/id/claim/largest-scale",
    "area": "/id/area/220000",
    "document": "/source/department-profile",
    "sentence": f"/resource?iri={quote(PROFILE + '#s2', safe='')}",
    "class": f"/resource?iri={quote(MA + 'Designation', safe='')}",
    "property": f"/resource?iri={quote(MA + 'heldBy', safe='')}",
    "scheme": "/vocab/designation-kind",
    "concept": "/vocab/level/provincial",
    "ontology": "/ontology",
    "search": "/search?q=%E6%96%B0%E7%94%9F%E5%84%BF",
    "search of one kind": "/search?q=%E6%96%B0%E7%94%9F%E5%84%BF&kind=organization",
    "search, nothing asked": "/search",
    "help": "/help",
    "query": "/query",
    "interfaces": "/docs",
}
BROWSER = {"Accept": "text/html"}


class Tags(HTMLParser):
    """All tags of a page with their attributes, and its text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self.named_links: dict[str, str] = {}
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.texts.append(data)
        if self.tags and self.tags[-1][0] == "a":
            self.named_links.setdefault(data, self.tags[-1][1]["href"] or "")

    @property
    def text(self) -> str:
        return re.sub(r"\s+", " ", "".join(self.texts))

    def links(self) -> set[str]:
        return {attributes["href"] or "" for tag, attributes in self.tags if tag == "a"}


@contextmanager
def client(engine: LocalEngine, title: str = "") -> Iterator[httpx.Client]:
    with visited(service(engine, title)) as opened:
        yield opened


@contextmanager
def visited(app: FastAPI) -> Iterator[httpx.Client]:
    with served(app) as address, httpx.Client(base_url=address, headers=BROWSER, trust_env=False) as opened:
        yield opened


@pytest.fixture(scope="module")
def site() -> Iterator[httpx.Client]:
    """The pages over the packaged graph; no test changes it."""
    with client(packaged_engine()) as opened:
        yield opened


def read(site: httpx.Client, path: str) -> Tags:
    answer = site.get(path)
    assert answer.status_code == 200, path
    return Tags(answer.text)


def test_the_home_page_begins_with_the_line_of_what_is_known(site: httpx.Client) -> None:
    text = read(site, "/").text.replace(" ", "")
    assert (
        "吉林大学第一医院新生儿科专科联盟（发起单位）已载明事实42条，其中8条有歧义待核成员单位：现有资料未载明"
        in text
    )


def test_the_line_in_english(site: httpx.Client) -> None:
    text = read(site, "/?lang=en").text
    assert "42 facts stated, 8 of them ambiguous and to be checked" in text
    assert "member units: not stated in what is at hand" in text


def test_the_picture_on_the_home_page_tells_totals_and_parts(site: httpx.Client) -> None:
    assert "科研教学项目数 135：国家级 16 · 省市级 64 · 未载明 55" in read(site, "/").text


def test_the_home_page_says_what_is_not_known(site: httpx.Client) -> None:
    text = read(site, "/").text
    assert "尚不清楚的内容" in text
    assert "成员单位（除发起单位外）" in text


def test_a_home_page_with_members_counts_them() -> None:
    with client(state(packaged_engine(), member(1) + member(2))) as site:
        text = read(site, "/").text
    assert "成员单位 2 家" in text
    assert "现有资料未载明" not in text


def test_an_empty_instance_says_so() -> None:
    with client(LocalEngine(OxigraphStore())) as site:
        for path in ("/", "/?lang=en", "/ontology", "/search?q=x"):
            assert site.get(path).status_code == 200
        assert "尚无资料" in read(site, "/").text


def test_the_site_is_called_as_the_settings_say_or_after_its_alliance(site: httpx.Client) -> None:
    assert "<title>吉林省新生儿专科医疗联盟</title>" in site.get("/").text
    with client(packaged_engine(), "某联盟") as named:
        assert "<title>某联盟</title>" in named.get("/").text


def test_illustrative_content_is_announced_on_every_page(site: httpx.Client) -> None:
    with client(state(packaged_engine(), member(1, more="; ma:illustrative true"))) as illustrated:
        for path in ("/", "/ontology", "/search?q=x", "/id/org/fhjlu"):
            assert "含示例数据" in illustrated.get(path).text
        assert ">示例</span>" in illustrated.get("/id/org/u1").text
    assert "含示例数据" not in site.get("/").text


def test_only_what_is_real_is_listed_when_that_is_asked_for() -> None:
    invented = member(1, more="; ma:illustrative true") + "<id/membership/m1> ma:illustrative true ."
    with client(state(packaged_engine(), invented + member(2))) as site:
        whole, real = read(site, "/"), read(site, "/?real=1")
        assert {"/?real=1", "/help#remove"} <= whole.links()
        assert {"/", "/help?real=1#remove"} <= real.links()
        assert "成员单位 2 家 真实 1 · 示例 1" in whole.text
        assert "成员单位 1 家" in real.text
        assert {"name": "real", "type": "hidden", "value": "1"} in [attributes for _, attributes in real.tags]
        assert "第1医院" in read(site, "/search?q=医院").text
        assert "第1医院" not in read(site, "/search?q=医院&real=1").text
        alliance = read(site, "/id/org/jl-neonatal-alliance?real=1").text
        assert "第2医院" in alliance
        assert "第1医院" not in alliance
        assert "另有 1 条示例内容未列出。" in alliance
        assert "这一条本身就是示例" in read(site, "/id/org/u1?real=1").text


@pytest.mark.parametrize("path", KINDS.values(), ids=KINDS)
def test_links_keep_the_wish_for_what_is_real(site: httpx.Client, path: str) -> None:
    page = read(site, path + ("&" if "?" in path else "?") + "real=1")
    others = ("/api/", "/openapi", "/sparql")
    suffixes = (".ttl", ".jsonld", ".nt", ".rdf")
    inside = [link for link in page.links() if link.startswith("/") and not link.startswith(others)]
    assert not [link for link in inside if "real=1" not in link and not link.endswith(suffixes)]


@pytest.mark.parametrize("path", KINDS.values(), ids=KINDS)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_page_is_whole_small_and_in_the_asked_language(
    site: httpx.Client, path: str, language: str
) -> None:
    answer = site.get(path + ("&" if "?" in path else "?") + f"lang={language}")
    assert answer.status_code == 200
    assert answer.headers["content-language"] == language
    page = Tags(answer.text)
    assert dict(page.tags)["html"]["lang"] == {"zh": "zh-CN", "en": "en"}[language]
    assert len(gzip.compress(answer.content)) < 40_000
    assert {attributes.get("hreflang") for tag, attributes in page.tags if tag == "link"} >= {"zh-CN", "en"}
    inside = [
        link
        for link in page.links()
        if link.startswith("/") and not link.startswith(("/api/", "/openapi", "/sparql"))
    ]
    suffixes = (".ttl", ".jsonld", ".nt", ".rdf")
    assert not [link for link in inside if "lang=" not in link and not link.endswith(suffixes)]


@pytest.mark.parametrize("path", KINDS.values(), ids=KINDS)
def test_no_page_has_scripts_styles_or_handlers_of_its_own(site: httpx.Client, path: str) -> None:
    page = Tags(site.get(path).text)
    for tag, attributes in page.tags:
        assert tag != "style"
        assert not [name for name in attributes if name == "style" or name.startswith("on")], (
            tag,
            attributes,
        )
        if tag == "script":
            assert (attributes["src"] or "").startswith("/static/")
        assert not (attributes.get("href") or "").lower().startswith(("javascript:", "data:"))


def test_without_a_wish_the_browser_decides_and_links_stay_plain(site: httpx.Client) -> None:
    answer = site.get("/", headers={"Accept-Language": "en"})
    assert answer.headers["content-language"] == "en"
    assert "Accept-Language" in answer.headers["vary"]
    assert "/id/org/fhjlu-neonatology" in Tags(answer.text).links()


def test_a_thing_leads_into_the_explorer_and_what_is_not_drawn_there_does_not(site: httpx.Client) -> None:
    assert "/explore?expand=org/fhjlu&select=org/fhjlu" in read(site, "/id/org/fhjlu").links()
    for path in ("/vocab/level", "/source/department-profile"):
        assert not [link for link in read(site, path).links() if link.startswith("/explore?")]


def test_no_link_of_the_main_pages_is_a_dead_end(site: httpx.Client) -> None:
    # What is published needs an instance, see test_dataset.py.
    others = ("/api/", "/picture", "/sparql", "/openapi", "/dataset")
    seen: set[str] = set()
    for path in ("/", "/ontology", "/id/org/fhjlu-neonatology", "/source/department-profile", "/vocab/level"):
        seen |= {
            link.split("#")[0]
            for link in read(site, path).links()
            if link.startswith("/") and not link.startswith(others)
        }
    found = {link: site.get(link) for link in sorted(seen - {""})}
    broken = {link for link, answer in found.items() if answer.status_code != 200}
    # Whoever may not import is asked to sign in first.
    assert {found[link].headers.get("location", "").split("?")[0] for link in broken} <= {"/signin"}
    assert broken <= {"/import"}
    assert len(seen) > 100


@pytest.mark.parametrize("label", HOSTILE)
def test_a_hostile_name_stays_text_on_every_page(label: str) -> None:
    written = label.replace("\\", "\\\\").replace('"', '\\"')
    hostile = (
        f'skos:prefLabel "{written}"@zh ; skos:altLabel "{written}x" ; skos:editorialNote "{written}"@zh'
    )
    engine = state(
        packaged_engine(),
        f"""<id/org/h> a org:FormalOrganization ; {hostile} ; schema:foundingDate "{written}" ;
              org:identifier "{written}"^^ma:Local .
            <id/membership/h> a ma:AllianceMembership ; org:member <id/org/h> ;
              org:organization p:jl-neonatal-alliance .
            p:fhjlu-neonatology org:subOrganizationOf <id/org/h> .""",
    )
    with client(engine, label) as site:
        pages = [
            "/",
            "/id/org/h",
            "/id/membership/h",
            "/id/org/fhjlu-neonatology",
            f"/search?q={quote(label)}",
        ]
        for path in pages:
            page = read(site, path)
            names = {tag for tag, _ in page.tags}
            assert not names & {"img", "iframe", "object"}
            assert all(
                (attributes.get("src") or "").startswith("/static/")
                for tag, attributes in page.tags
                if tag == "script"
            )
            assert not [name for _, attributes in page.tags for name in attributes if name.startswith("on")]
            assert not [link for link in page.links() if link.lower().startswith("javascript")]
        assert re.sub(r"\s+", " ", label) in read(site, "/id/org/h").text


def test_an_unsafe_scheme_is_never_a_link() -> None:
    engine = state(
        packaged_engine(),
        "<id/org/h> schema:url <javascript:alert(1)> ; schema:location <data:text/html,x> .",
    )
    with client(engine) as site:
        page = read(site, "/id/org/h")
    assert "javascript:alert(1)" in page.text
    assert not [link for link in page.links() if link.startswith(("javascript", "data"))]


def test_a_long_relation_goes_on_over_pages() -> None:
    engine = state(packaged_engine(), "".join(member(number) for number in range(60)))
    with client(engine) as site:
        page, seen = read(site, "/id/org/jl-neonatal-alliance?lang=en"), 0
        assert "25 of 61 shown." in page.text
        while following := page.named_links.get("Next page"):
            page = read(site, following)
            seen += 1
            assert seen < 5
        assert seen == 2


@pytest.mark.parametrize(
    "query", ["in=no+iri", "in=", f"out={quote(ORG + 'nothing')}", "after=x", f"in={quote(ORG)}&after=%00"]
)
def test_a_relation_that_is_not_there_does_no_harm(site: httpx.Client, query: str) -> None:
    assert site.get(f"/id/org/fhjlu?{query}").status_code == 200


def test_a_named_graph_leads_to_its_document(site: httpx.Client) -> None:
    page = read(site, "/source/department-profile/6827d68f")
    assert "/source/department-profile" in page.links()


def test_the_resource_page_tells_names_sources_and_what_is_missing(site: httpx.Client) -> None:
    text = read(site, "/id/org/fhjlu").text
    for part in (
        "吉林大学第一医院",
        "First Hospital of Jilin University",
        "034haf133",
        "长春市",
        "研究机构注册库",
        "医院等级",
    ):
        assert part in text


def test_a_computed_rest_says_that_it_is_computed(site: httpx.Client) -> None:
    assert "本页计算" in read(site, "/id/org/fhjlu-neonatology").text


def test_a_page_offers_the_same_as_data(site: httpx.Client) -> None:
    page = Tags(site.get("/id/org/fhjlu").text)
    offered = {
        attributes["type"]: attributes["href"]
        for tag, attributes in page.tags
        if tag == "link" and attributes.get("rel") == "alternate" and "type" in attributes
    }
    assert offered["text/turtle"] == "/id/org/fhjlu.ttl"
    assert f"/api/v1/entities?iri={PACKAGED}id/org/fhjlu".replace(":", "%3A") in page.links()


def test_search_lists_hits_and_keeps_the_question(site: httpx.Client) -> None:
    answer = site.get("/search?q=%E8%81%94%E7%9B%9F")
    page = Tags(answer.text)
    assert "/id/org/jl-neonatal-alliance" in page.links()
    assert {"q": "联盟"} in [
        {attributes["name"]: attributes.get("value")} for tag, attributes in page.tags if tag == "input"
    ]
    assert "没有名称" in read(site, "/search?q=zebra").text


def test_hits_are_counted_by_kind_and_one_kind_can_be_chosen(site: httpx.Client) -> None:
    page = read(site, "/search?q=吉林")
    assert f"/search?q={quote('吉林')}&kind=area" in page.links()
    areas = read(site, "/search?q=吉林&kind=area")
    assert "/id/org/jlu" in page.links()
    assert "/id/org/jlu" not in areas.links()
    assert {"type": "hidden", "name": "kind", "value": "area"} in [attributes for _, attributes in areas.tags]
    assert "/id/org/jlu" in read(site, "/search?q=吉林&kind=nonsense").links()


def test_where_nothing_is_found_the_page_says_what_can_be_tried(site: httpx.Client) -> None:
    for path in ("/search", "/search?q=zebra", "/search?q=吉林大学新生儿学系"):
        page = read(site, path)
        assert {"/search?q=jldx", "/members", "/explore"} <= page.links(), path
    assert f"/search?q={quote('吉林大学第一医院新生儿科')}" in page.links()
    assert "可以怎样输入" not in read(site, "/search?q=吉林").text


def test_a_hit_says_how_its_name_fits(site: httpx.Client) -> None:
    assert "按拼音首字母" in read(site, "/search?q=jldx").text
    assert "容错匹配" in read(site, "/search?q=jliindaxue").text


@pytest.mark.parametrize("start", [-5, 10_000_000])
def test_there_is_no_page_of_hits_before_the_first_or_far_behind(site: httpx.Client, start: int) -> None:
    assert site.get(f"/search?q=吉林&start={start}").status_code == 200


def test_search_goes_on_over_pages(site: httpx.Client) -> None:
    first = read(site, "/search?q=%E5%8C%BB")
    assert read(site, first.named_links["下一页"]).links() != first.links()


def test_what_is_unknown_has_no_page(site: httpx.Client) -> None:
    answer = site.get("/id/org/nobody")
    assert answer.status_code == 404
    assert answer.headers["content-type"].startswith("text/html")


def test_the_page_of_a_problem_needs_no_engine() -> None:
    app = service(LocalEngine(OxigraphStore()))
    del app.state.engine
    scope = {
        "type": "http",
        "app": app,
        "path": "/x",
        "query_string": b"lang=en",
        "headers": [],
        "method": "GET",
    }
    said = {"title": "<b>Gone</b>", "detail": "It is gone.", "status": 410, "type": "/problems/gone"}
    html = problem_page(Request({**scope, "server": ("127.0.0.1", 80), "scheme": "http"}), said)
    assert "&lt;b&gt;Gone&lt;/b&gt;" in html
    assert "/problems/gone" in html


def test_the_latest_changes_are_shown_where_there_is_a_history() -> None:
    app = service(packaged_engine())
    app.state.changes = lambda: [(3, "2026-11-20T08:00:00Z", "<new list>", 1200, 4)]
    with visited(app) as site:
        text = read(site, "/").text
    assert "2026年11月20日" in text
    assert "<new list>" in text
    assert "第 3 次变更：+1,200 −4" in text


def test_alliance_membership_and_department_lead_to_each_other(site: httpx.Client) -> None:
    assert (
        "/id/membership/jl-neonatal-alliance-fhjlu-neonatology"
        in read(site, "/id/org/jl-neonatal-alliance").links()
    )
    around = read(site, "/id/membership/jl-neonatal-alliance-fhjlu-neonatology").links()
    assert {"/id/org/jl-neonatal-alliance", "/id/org/fhjlu-neonatology"} <= around


def test_the_answer_of_search_leads_to_pages_and_tells_things_apart(site: httpx.Client) -> None:
    (first, *_) = site.get("/api/v1/search?q=jldxdyyy&lang=en").json()["items"]
    assert first["href"] == "/id/org/fhjlu?lang=en"
    assert first["key"] == "org/fhjlu"
    assert first["context"]["labels"]["zh"] == "医院"
    assert first["matched"]["way"] == "initials"
    assert first["matched"]["labels"]
    kinds = site.get("/api/v1/search?q=吉林&kind=area&kind=alliance&limit=100").json()["items"]
    assert {one["kind"] for one in kinds} == {"area", "alliance"}
