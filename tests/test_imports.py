"""Imports over REST: from an upload to a commit and back, with the right statuses on the way."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from fastapi.openapi.utils import get_openapi
from importing import listed, units
from in_process import client_of
from people import bearer, quick

from api import imports
from api.app import create_app
from api.running import multipart
from api.settings import Settings
from engines import nursery
from graph.data_directory import DataDirectory
from graph.repository import Repository
from samples import BASE, HOSTILE

IMPORTS = "/api/v1/imports"
BROKEN = "某某第9医院,三级甲等,长春市,二〇二一年十三月,,"


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory, started: Any) -> Iterator[httpx.Client]:
    """A client with the scopes for imports and undo, of a service over an instance of its own."""
    folder = tmp_path_factory.mktemp("rest")
    shutil.copy(started, folder)
    repository = Repository(DataDirectory(folder), nursery, base=BASE, workers=1)
    app = quick(create_app(Settings(data=folder, import_files=3), opened=lambda: repository))
    caller = bearer(app.state.accounts, "import", "update")
    with client_of(app, lifespan=True, **dict(caller.headers)) as made:
        yield made


def send(client: httpx.Client, *files: tuple[str, bytes], **fields: str) -> httpx.Response:
    headers = {"Content-Type": "multipart/form-data; boundary=b0"}
    return client.post(IMPORTS, content=multipart(files, fields, "b0"), headers=headers)


def ready(client: httpx.Client, sent: httpx.Response) -> dict[str, Any]:
    """Return the report of an import when it has been worked out."""
    report = sent.json()
    while report.get("state") in ("reading", "checking"):
        report = client.get(f"{IMPORTS}/{report['id']}").json()
    return dict(report)


def commit(client: httpx.Client, report: dict[str, Any], why: str = "test") -> httpx.Response:
    said = {"digest": report["digest"], "why": why}
    return client.post(f"{IMPORTS}/{report['id']}/commit", json=said)


def test_a_list_goes_from_the_upload_to_the_graph_and_back(client: httpx.Client) -> None:
    sent = send(client, listed(*units(1), title="甲"), why="年度名单")
    report = ready(client, sent)
    assert (sent.status_code, sent.headers["location"]) == (201, f"{IMPORTS}/{report['id']}")
    assert (report["state"], report["can_commit"], report["by"]) == ("staged", False, "token 程序")
    decided = client.post(f"{IMPORTS}/{report['id']}/decisions", json={"accept_new": True})
    assert (decided.status_code, decided.json()["can_commit"]) == (200, True)
    done = commit(client, decided.json())
    assert (done.status_code, done.json()["change"] > 1) == (201, True)
    assert commit(client, decided.json()).json() == done.json()
    found = client.get("/api/v1/search", params={"q": "某某第1医院"}).json()
    assert found["total"] >= 1
    undone = client.post(f"/api/v1/changes/{done.json()['change']}/undo", json={"why": "发错了"})
    assert (undone.status_code, undone.json()["removed"]) == (201, done.json()["added"])
    assert client.get(f"{IMPORTS}/{report['id']}").json()["state"] == "undone"
    assert client.get("/api/v1/search", params={"q": "某某第1医院"}).json()["total"] == 0


def test_a_dry_run_answers_with_the_report_and_keeps_nothing(client: httpx.Client) -> None:
    before = client.get(IMPORTS).json()["total"]
    sent = send(client, listed(*units(2)), dry_run="true", accept_new="true")
    assert (sent.status_code, sent.json()["id"], sent.json()["can_commit"]) == (200, "", True)
    assert client.get(IMPORTS).json()["total"] == before


def test_lists_of_a_report_are_had_page_by_page(client: httpx.Client) -> None:
    report = ready(client, send(client, listed(*units(*range(3, 8)))))
    address = f"{IMPORTS}/{report['id']}"
    first = client.get(address, params={"part": "resolutions", "show": "unlike", "limit": 2})
    assert (first.json()["total"], len(first.json()["items"])) == (5, 2)
    assert 'rel="next"' in first.headers["link"]
    rest = client.get(address, params={"part": "resolutions", "show": "unlike", "offset": 2}).json()
    keys = [one["key"] for one in (*first.json()["items"], *rest["items"])]
    assert len(set(keys)) == 5
    assert client.get(address, params={"part": "secrets"}).status_code == 400


def test_two_imports_at_once_are_told_of_one_another(client: httpx.Client) -> None:
    reports = [
        ready(client, send(client, listed(*units(8), title=f"乙（2026年{n}月）"), accept_new="true"))
        for n in (1, 2)
    ]
    first = commit(client, reports[0], "一月").json()
    refused = commit(client, reports[1], "二月")
    said = refused.json()
    assert (refused.status_code, said["type"]) == (409, "/problems/import-conflict")
    assert [(one["number"], one["why"]) for one in said["changes"]] == [(first["change"], "一月")]
    assert commit(client, {**reports[1], "digest": said["digest"]}).status_code == 201


def test_errors_are_told_with_the_refusal(client: httpx.Client) -> None:
    report = ready(client, send(client, listed(*units(9), BROKEN, title="丙"), accept_new="true"))
    refused = commit(client, report)
    said = refused.json()
    assert (refused.status_code, said["type"]) == (422, "/problems/import-not-ready")
    (error,) = [one for one in said["remarks"]["items"] if one["severity"] == "error"]
    assert (error["row"], error["value"]) == (4, "二〇二一年十三月")
    assert said["why_not"][0]["zh"]


def test_a_file_that_cannot_be_read_is_refused_with_the_reason(client: httpx.Client) -> None:
    before = client.get(IMPORTS).json()["total"]
    refused = send(client, ("a.png", b"\x89PNG\r\n\x1a\n" + bytes(64)))
    said = refused.json()
    assert (refused.status_code, said["type"]) == (422, "/problems/import-refused")
    assert said["remarks"][0]["remedy"]["zh"]
    assert client.get(IMPORTS).json()["total"] == before


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"crs": "mercator"}, 400),
        ({"mapping": "{"}, 400),
        ({"decisions": '["a"]'}, 400),
        ({"area": "x"}, 400),
    ],
)
def test_what_makes_no_sense_is_refused(client: httpx.Client, fields: dict[str, str], status: int) -> None:
    refused = send(client, listed(*units(10)), **fields)
    assert (refused.status_code, refused.json()["type"]) == (status, "/problems/malformed-request")


def test_an_upload_needs_a_file_and_not_too_many(client: httpx.Client) -> None:
    assert send(client).status_code == 400
    assert send(client, *[listed(*units(n), name=f"{n}.csv") for n in range(4)]).status_code == 400
    assert client.post(IMPORTS, json={}).status_code == 415


@pytest.mark.parametrize("address", ["none", "none/corrected.xlsx"])
def test_an_import_that_is_not_there_is_not_found(client: httpx.Client, address: str) -> None:
    assert client.get(f"{IMPORTS}/{address}").status_code == 404


def test_a_discarded_import_takes_no_more_decisions(client: httpx.Client) -> None:
    report = ready(client, send(client, listed(*units(11))))
    address = f"{IMPORTS}/{report['id']}"
    assert client.delete(address).status_code == 204
    assert client.get(address).json()["state"] == "discarded"
    assert client.post(f"{address}/decisions", json={"accept_new": True}).status_code == 404


def test_a_change_that_is_not_there_is_not_undone(client: httpx.Client) -> None:
    refused = client.post("/api/v1/changes/9999/undo", json={"why": ""})
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/nothing-to-undo")


def test_what_comes_with_the_program_is_not_undone(client: httpx.Client) -> None:
    refused = client.post("/api/v1/changes/1/undo", json={"why": ""})
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/protected-graph")


def test_the_corrected_copy_is_a_download(client: httpx.Client) -> None:
    report = ready(client, send(client, listed(BROKEN, name="我的名单.csv")))
    copy = client.get(f"{IMPORTS}/{report['id']}/corrected.xlsx", headers={"Accept-Language": "zh"})
    assert copy.content[:2] == b"PK"
    assert "attachment" in copy.headers["content-disposition"]
    assert "%E6%88%91%E7%9A%84%E5%90%8D%E5%8D%95" in copy.headers["content-disposition"]
    assert copy.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("label", HOSTILE)
def test_hostile_names_stay_text(client: httpx.Client, label: str) -> None:
    cell = '"' + label.replace('"', '""') + '"'
    sent = send(client, listed(f"{cell},,,,,", name=f"{label[:20]}.csv"), dry_run="true")
    assert (sent.status_code, sent.headers["content-type"]) == (200, "application/json")
    (text,) = [one["text"] for one in sent.json()["resolutions"]]
    assert text in label


def test_the_interface_describes_imports() -> None:
    described = get_openapi(title="", version="", routes=imports.router.routes)["paths"]
    upload = described[IMPORTS]["post"]["requestBody"]["content"]["multipart/form-data"]["schema"]
    assert {"file", "dry_run", "mapping"} <= set(upload["properties"])
    assert set(described[f"{IMPORTS}/{{id}}"]) == {"get", "delete"}
    assert described[f"{IMPORTS}/{{id}}/decisions"]["post"]["requestBody"]
