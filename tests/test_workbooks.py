"""Workbooks over REST: who gets what, and that asking members is noted."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace

import httpx
import pytest
from fastapi import FastAPI
from in_process import client_of
from openpyxl import load_workbook
from page_data import ALLIANCE, packaged_engine, service, state
from people import accounts_in, bearer

from api import workbooks
from api.access import Scope
from api.accounts import Accounts
from graph.imports.collect_id import collected_id
from graph.imports.collections import Collections
from graph.imports.held_facts import TooMuchHeld
from graph.imports.reading import read_file
from graph.quads import Quad, iri, literal
from ontology.terms import SKOS

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SHORT = ALLIANCE.rpartition("/")[2]
MEMBER = """
<id/org/u1> a org:FormalOrganization ; skos:prefLabel "某某市示例医院"@zh .
<id/membership/m1> a ma:AllianceMembership ; org:member <id/org/u1> ; org:organization p:jl-neonatal-alliance .
<id/contact/c1> a ma:Contact ; ma:contactFor <id/org/u1> ;
  ma:contactRole <https://w3id.org/medalliance/vocab/staff-role/coordinator> ;
  ma:officeLine "public, but not for this column" .
"""


@pytest.fixture
def accounts(tmp_path: Path) -> Iterator[Accounts]:
    made = accounts_in(tmp_path)
    yield made
    made.close()


@pytest.fixture
def app(tmp_path: Path, accounts: Accounts) -> Iterator[FastAPI]:
    """The service over a graph with one more member, and a register."""
    made = service(state(packaged_engine(), MEMBER), accounts=accounts)
    made.state.collections = register = Collections(tmp_path)
    yield made
    register.close()


@pytest.fixture
def anybody(app: FastAPI) -> Iterator[httpx.Client]:
    with client_of(app) as client:
        yield client


@pytest.fixture
def curator(app: FastAPI, accounts: Accounts) -> Iterator[httpx.Client]:
    with client_of(app, **bearer(accounts, "read", "import", "internal").headers) as client:
        yield client


@pytest.mark.parametrize(
    ("address", "sheet"), [("?lang=zh", "联盟成员单位一览表"), ("?full=1&lang=en", "Institutions")]
)
def test_anybody_gets_an_empty_workbook(anybody: httpx.Client, address: str, sheet: str) -> None:
    answer = anybody.get(f"/api/v1/template.xlsx{address}")
    assert (answer.status_code, answer.headers["content-type"]) == (200, XLSX)
    assert load_workbook(io.BytesIO(answer.content)).sheetnames[0] == sheet
    assert "filename*=UTF-8''" in answer.headers["content-disposition"]


def test_what_is_held_comes_as_a_workbook(anybody: httpx.Client) -> None:
    answer = anybody.get(f"/api/v1/workbook.xlsx?alliance={SHORT}&lang=zh")
    assert (answer.status_code, answer.headers["cache-control"]) == (200, "private, no-store")
    grids = {grid.sheet: grid.rows for grid in read_file("x.xlsx", answer.content)}
    assert "某某市示例医院" in [row[3] for row in grids["机构"]]
    assert "只含公开内容，不含联系人、电话和备注。" in [row[0] for row in grids["说明"] if row]
    assert "not for this column" not in str(grids)


def test_an_unknown_alliance_is_not_found(anybody: httpx.Client) -> None:
    assert anybody.get("/api/v1/workbook.xlsx?alliance=nothing").status_code == 404


def test_more_than_a_workbook_holds_is_refused(
    anybody: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def too_much(*_: object, **__: object) -> None:
        raise TooMuchHeld(3_000_000)

    monkeypatch.setattr(workbooks, "held_rows", too_much)
    answer = anybody.get("/api/v1/workbook.xlsx")
    assert (answer.status_code, answer.json()["quads"]) == (422, 3_000_000)


def test_asking_members_makes_an_archive_and_is_noted(curator: httpx.Client) -> None:
    said = {"alliance": SHORT, "until": "2026-12-31", "to": "联盟办公室", "lang": "zh"}
    answer = curator.post("/api/v1/collections", json=said)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/zip")
    archive = zipfile.ZipFile(io.BytesIO(answer.content))
    assert "某某市示例医院 资料核对表.xlsx" in archive.namelist()
    found = collected_id(read_file("x.xlsx", archive.read("某某市示例医院 资料核对表.xlsx")))
    (one,) = curator.get("/api/v1/collections").json()["items"]
    assert found
    assert (one["id"], one["units"], one["returned"]) == (found.collection, 2, 0)
    assert one["until"] == "2026-12-31"
    assert {unit["labels"]["zh"] for unit in one["asked"]} == {"某某市示例医院", "吉林大学第一医院新生儿科"}
    assert "联盟办公室" not in str(one)


def test_who_has_returned_is_told(curator: httpx.Client, app: FastAPI) -> None:
    answer = curator.post("/api/v1/collections", json={"alliance": SHORT})
    archive = zipfile.ZipFile(io.BytesIO(answer.content))
    found = collected_id(read_file("x.xlsx", archive.read(archive.namelist()[0])))
    assert found
    app.state.collections.came_back(found, "2026-11-25T01:00:00+00:00", "i1", 2)
    (one,) = curator.get("/api/v1/collections").json()["items"]
    assert one["returned"] == 1
    (unit,) = [unit for unit in one["asked"] if unit["returned"]]
    assert unit["returned"] == [{"time": "2026-11-25T01:00:00+00:00", "import_id": "i1", "changed": 2}]


def test_an_alliance_without_members_has_nobody_to_ask(curator: httpx.Client, app: FastAPI) -> None:
    empty = '<id/org/none> a ma:MedicalAlliance ; skos:prefLabel "空联盟"@zh .'
    state(app.state.engine, empty, "empty")
    answer = curator.post("/api/v1/collections", json={"alliance": "http://127.0.0.1:8000/id/org/none"})
    assert (answer.status_code, answer.json()["type"]) == (422, "/problems/nobody-to-ask")


def test_without_a_register_nothing_is_listed(curator: httpx.Client, app: FastAPI) -> None:
    app.state.collections = None
    assert curator.get("/api/v1/collections").json()["items"] == []


@dataclass(frozen=True)
class Fact:
    """A restricted fact, as far as workbooks look at it."""

    visibility: str
    quads: frozenset[Quad]


@pytest.mark.parametrize(
    ("scopes", "seen"),
    [(("read",), ""), (("read", "alliance"), "alliance"), (("read", "internal"), "alliance internal")],
)
def test_everybody_gets_what_they_may_see_and_no_more(
    app: FastAPI, accounts: Accounts, scopes: tuple[Scope, ...], seen: str
) -> None:
    unit = iri("http://127.0.0.1:8000/id/org/u1")
    graph = next(q.graph for q in app.state.engine.quads() if q.subject == unit)
    facts = [
        Fact(kind, frozenset({Quad(unit, iri(SKOS.note), literal(f"{kind} remark"), graph)}))
        for kind in ("alliance", "internal")
    ]
    app.state.repository = SimpleNamespace(restricted=SimpleNamespace(all=lambda: facts))
    with client_of(app, **bearer(accounts, *scopes).headers) as client:
        answer = client.get(f"/api/v1/workbook.xlsx?alliance={SHORT}&lang=zh")
    said = str([grid.rows for grid in read_file("x.xlsx", answer.content)])
    assert [kind for kind in ("alliance", "internal") if f"{kind} remark" in said] == seen.split()
