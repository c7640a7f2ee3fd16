"""Lists as files: all rows that were chosen, readable in Excel, valid as RDF, and honest about what they are."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from list_data import HUB, Member, Network, demo_engine
from openpyxl import load_workbook
from page_data import PACKAGED, served, service

from api.spreadsheet import neutral
from graph.oxigraph import OxigraphStore
from graph.quads import iri
from samples import HOSTILE

GOLDEN = Path(__file__).parent / "golden" / "list-headers.csv"
LISTS = ("members", "units", "designations", "programmes", "projects", "areas")
SIGNS = ("=", "+", "-", "@", "\t", "\r")
TRAPS = ("=1+1", "+1", "-1", "@SUM(1)", "\t=1", "\r=1", *HOSTILE)


@pytest.fixture(scope="module")
def site() -> Iterator[httpx.Client]:
    with served(service(demo_engine())) as address, httpx.Client(base_url=address) as client:
        yield client


@pytest.fixture(scope="module")
def trap() -> Iterator[httpx.Client]:
    network = Network()
    network.become({n: Member(n, text, roles=((HUB, "member", "", "", ""),)) for n, text in enumerate(TRAPS)})
    with served(service(network.engine)) as address, httpx.Client(base_url=address) as client:
        yield client


def table(answer: httpx.Response) -> list[list[str]]:
    return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"), newline="")))


def test_the_headers_are_those_that_people_know(site: httpx.Client) -> None:
    found = [
        [name, language, *table(site.get(f"/api/v1/{name}?format=csv&lang={language}"))[0]]
        for name in LISTS
        for language in ("zh", "en")
    ]
    with GOLDEN.open(encoding="utf-8", newline="") as file:
        assert found == list(csv.reader(file))


def test_csv_opens_in_excel_as_chinese(site: httpx.Client) -> None:
    answer = site.get("/api/v1/members?format=csv&lang=zh")
    assert answer.content.startswith(b"\xef\xbb\xbf")
    assert b"\r\n" in answer.content
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.headers["content-disposition"] == 'attachment; filename="members-2026-11-23.csv"'


@pytest.mark.parametrize(
    "query", ["", "grade=3a&grade=unknown", "held=no&q=shi", "real=1", "sort=-start&lang=en"]
)
def test_files_hold_all_chosen_rows_in_the_order_of_the_list(site: httpx.Client, query: str) -> None:
    items = site.get(f"/api/v1/members?{query}&limit=1000").json()["items"]
    wanted = [one["iri"] for one in items]
    header, *rows = table(site.get(f"/api/v1/members?{query}&limit=2&format=csv"))
    assert [row[-1] for row in rows] == wanted
    assert all(len(row) == len(header) for row in rows)
    sheet = load_workbook(
        io.BytesIO(site.get(f"/api/v1/members?{query}&limit=2&format=xlsx").content)
    ).worksheets[0]
    assert [row[-1] for row in sheet.iter_rows(min_row=2, values_only=True)] == wanted


def test_a_file_can_be_asked_for_by_its_media_type(site: httpx.Client) -> None:
    for accept, start in (("text/csv", b"\xef\xbb\xbf"), ("text/turtle", b"# "), ("application/json", b"{")):
        assert site.get("/api/v1/projects", headers={"Accept": accept}).content.startswith(start)


def test_invented_rows_say_so_in_every_format(site: httpx.Client) -> None:
    header, *rows = table(site.get("/api/v1/members?format=csv&lang=zh"))
    place = header.index("示例")
    assert {row[place] for row in rows} == {"示例", ""}
    assert next(row for row in rows if not row[place])[0] == "吉林大学第一医院新生儿科"
    book = load_workbook(io.BytesIO(site.get("/api/v1/members?format=xlsx&lang=zh").content))
    assert any(
        "示例" in str(value) for value in next(book.worksheets[0].iter_rows(min_row=3, values_only=True))
    )
    assert "# 示例: 其中 34 行为示例" in site.get("/api/v1/members?format=ttl&lang=zh").text


def test_the_second_sheet_says_what_the_list_is(site: httpx.Client) -> None:
    answer = site.get("/api/v1/members?format=xlsx&lang=zh&grade=3a&area=220100&q=示例&as_of=2026-06-01")
    about = load_workbook(io.BytesIO(answer.content)).worksheets[1]
    told = list(about.iter_rows(min_row=2, values_only=True))
    said = dict(told)
    assert said["医院等级"] == "三级甲等"
    assert said["行政区"] == "长春市"
    assert said["关键词"] == "示例"
    assert said["时间"] == "2026-06-01"
    assert said["图谱状态（变更号）"] == "0"
    assert "grade=3a" in said["网址"]
    assert any(name == "来源" and "示例联盟登记册" in text for name, text in told)
    assert any(name == "示例" and "虚构" in text for name, text in told)
    assert said["空白单元格"] == "没有来源载明。"


def test_turtle_holds_the_rows_and_their_units_and_can_be_read(site: httpx.Client) -> None:
    answer = site.get("/api/v1/members?format=ttl&grade=2b")
    store = OxigraphStore()
    store.add(store.read(answer.content, "text/turtle"))
    label = "<http://www.w3.org/2004/02/skos/core#prefLabel>"
    for one in site.get("/api/v1/members?grade=2b&limit=1000").json()["items"]:
        described = list(store.match(subject=iri(one["iri"])))
        assert len(described) > 3
        assert list(store.match(subject=iri(one["unit"][0]["iri"]), predicate=label))
    assert not list(store.match(subject=iri(f"{PACKAGED}id/membership/EX-001")))


def test_an_empty_choice_is_a_file_without_rows(site: httpx.Client) -> None:
    assert len(table(site.get("/api/v1/members?format=csv&q=zzzz"))) == 1
    store = OxigraphStore()
    assert store.read(site.get("/api/v1/members?format=ttl&q=zzzz").content, "text/turtle") == []
    book = load_workbook(io.BytesIO(site.get("/api/v1/members?format=xlsx&q=zzzz").content))
    assert book.worksheets[0].max_row == 1


def test_no_cell_is_a_formula(trap: httpx.Client) -> None:
    for name in ("members", "units"):
        for row in table(trap.get(f"/api/v1/{name}?format=csv")):
            assert not [cell for cell in row if cell.startswith(SIGNS)]
        book = load_workbook(io.BytesIO(trap.get(f"/api/v1/{name}?format=xlsx&q=1").content))
        for sheet in book:
            for row in sheet.iter_rows():
                assert not [
                    c.value for c in row if c.data_type == "f" or str(c.value or "").startswith(SIGNS)
                ]


def test_other_names_come_through_unharmed(trap: httpx.Client) -> None:
    rows = table(trap.get("/api/v1/units?format=csv&kind=hospital&lang=zh"))[1:]
    assert {row[0] for row in rows} == {neutral(text) for text in TRAPS}


def test_more_rows_than_a_file_holds_are_refused(site: httpx.Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("api.lists.MOST_ROWS", 3)
    answer = site.get("/api/v1/members?format=csv")
    assert answer.status_code == 422
    assert answer.json()["rows"] == 35
    assert site.get("/api/v1/members?format=csv&real=1").status_code == 200
