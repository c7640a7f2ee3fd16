"""Uploads are read into memory, within limits, and as they were sent."""

from collections.abc import Iterator

import httpx
import pytest
from fastapi import FastAPI
from page_data import served
from starlette.requests import Request

from api.errors import HANDLED, handler
from api.pages import problem_page
from api.running import multipart
from api.settings import Settings
from api.uploads import form_of, upload_of
from samples import HOSTILE


@pytest.fixture(scope="module")
def client() -> Iterator[httpx.Client]:
    settings = Settings(body_bytes=3_000_000, import_files=3)
    app = FastAPI()
    app.state.settings = settings

    @app.post("/")
    async def sent(request: Request) -> dict[str, object]:
        form = await form_of(request)
        files = [value.file for value in form.values() if not isinstance(value, str)]
        upload = await upload_of(request)
        return {
            "files": [[name, len(data)] for name, data in upload.files],
            "fields": upload.fields,
            "on_disk": [bool(getattr(file, "_rolled", True)) for file in files],
        }

    handle = handler(problem_page, settings)
    for kind in HANDLED:
        app.add_exception_handler(kind, handle)
    with served(app) as address, httpx.Client(base_url=address) as made:
        yield made


def post(client: httpx.Client, files: list[tuple[str, bytes]], **fields: str) -> httpx.Response:
    body = multipart(files, fields, "xyz")
    return client.post("/", content=body, headers={"Content-Type": "multipart/form-data; boundary=xyz"})


def test_files_and_fields_come_as_they_were_sent(client: httpx.Client) -> None:
    said = post(client, [("名单 2026.xlsx", b"abc"), ("b.csv", b"")], why="年度名单").json()
    assert (said["files"], said["fields"]) == ([["名单 2026.xlsx", 3], ["b.csv", 0]], {"why": "年度名单"})


def test_a_large_file_stays_in_memory(client: httpx.Client) -> None:
    said = post(client, [("a.xlsx", bytes(2_500_000))]).json()
    assert (said["files"], said["on_disk"]) == ([["a.xlsx", 2_500_000]], [False])


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_names_and_values_stay_what_they_are(client: httpx.Client, name: str) -> None:
    said = post(client, [("a.csv", b"x")], source=name).json()
    assert said["fields"] == {"source": name}


def test_what_is_too_large_is_refused(client: httpx.Client) -> None:
    answer = post(client, [("a.xlsx", bytes(3_100_000))])
    assert (answer.status_code, answer.json()["type"]) == (413, "/problems/body-too-large")


def test_too_many_files_are_refused(client: httpx.Client) -> None:
    answer = post(client, [(f"{n}.csv", b"x") for n in range(4)])
    assert (answer.status_code, answer.json()["type"]) == (400, "/problems/malformed-request")


@pytest.mark.parametrize(
    ("kind", "body", "status"),
    [
        ("application/json", b"{}", 415),
        ("multipart/form-data", b"x", 400),
        ("multipart/form-data; boundary=xyz", b"no parts", 400),
        (
            "multipart/form-data; boundary=xyz",
            b"--xyz\r\nContent-Disposition: form-data\r\n\r\nx\r\n--xyz--\r\n",
            400,
        ),
    ],
)
def test_what_is_no_upload_is_refused(client: httpx.Client, kind: str, body: bytes, status: int) -> None:
    assert client.post("/", content=body, headers={"Content-Type": kind}).status_code == status
