"""The nightly job that partners copy: against a real server, and against one that is busy."""

from __future__ import annotations

import importlib.util
import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from servers import ROOT, Server

FILE = ROOT / "docs" / "howto" / "nightly_pull.py"
IDENTIFIER = "/api/v1/questions/unit-by-identifier?identifier=034haf133"


def loaded():
    spec = importlib.util.spec_from_file_location("nightly_pull", FILE)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


job = loaded()


@contextmanager
def busy(*answers: tuple[int, dict[str, str], bytes]) -> Iterator[tuple[str, list]]:
    """Serve answers one after the other, the last again and again; yields the address and what was asked."""
    asked: list = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, headers, body = answers[min(len(asked), len(answers) - 1)]
            asked.append((self.path, dict(self.headers)))
            self.send_response(status)
            for name, value in {"Content-Length": str(len(body)), **headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)
            self.close_connection = True

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as listening:
        threading.Thread(target=listening.serve_forever, args=(0.01,), daemon=True).start()
        yield f"http://127.0.0.1:{listening.server_port}", asked
        listening.shutdown()


def patient(address: str, patience: float = 100.0) -> tuple:
    slept: list[float] = []
    return job.Server(address, "", patience, slept.append), slept


def test_a_question_and_a_query_are_fetched_and_the_second_night_nothing(
    server: Server, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    query = tmp_path / "schemes.rq"
    query.write_text(
        "SELECT ?s { ?s a <http://www.w3.org/2004/02/skos/core#ConceptScheme> } ORDER BY ?s", encoding="utf-8"
    )
    into = tmp_path / "pulled"
    wanted = [f"unit.csv={IDENTIFIER}&format=csv", f"unit.json={IDENTIFIER}", f"schemes.csv=@{query}"]
    first = job.main(["--server", server.address, "--into", str(into), *wanted])
    said = capsys.readouterr().out
    assert (first, said.startswith("version "), "unchanged" in said) == (0, True, False), said
    assert "id/org/fhjlu" in (into / "unit.csv").read_text(encoding="utf-8")
    assert json.loads((into / "unit.json").read_bytes())["total"] == 1
    assert "vocab/level" in (into / "schemes.csv").read_text(encoding="utf-8")
    before = (into / "unit.csv").stat().st_mtime_ns
    assert job.main(["--server", server.address, "--into", str(into), *wanted]) == 0
    assert capsys.readouterr().out.count("unchanged") == 3
    assert (into / "unit.csv").stat().st_mtime_ns == before


def test_a_file_that_was_lost_is_fetched_again(server: Server, tmp_path: Path) -> None:
    wanted = ["--server", server.address, "--into", str(tmp_path), f"unit.json={IDENTIFIER}"]
    assert job.main(wanted) == 0
    (tmp_path / "unit.json").unlink()
    assert job.main(wanted) == 0
    assert (tmp_path / "unit.json").exists()


def test_a_question_that_cannot_be_answered_leaves_the_old_file(
    server: Server, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "old.json").write_text("old")
    wrong = "old.json=/api/v1/questions/unit-by-identifier"
    code = job.main(["--server", server.address, "--into", str(tmp_path), wrong, f"new.json={IDENTIFIER}"])
    assert (code, (tmp_path / "old.json").read_text()) == (1, "old")
    assert (tmp_path / "new.json").exists()
    assert "identifier" in capsys.readouterr().err


@pytest.mark.parametrize("status", [429, 503])
def test_a_busy_server_is_asked_again_when_it_says(status: int, tmp_path: Path) -> None:
    with busy((status, {"Retry-After": "7"}, b"{}"), (200, {"ETag": '"a"'}, b"whole")) as (address, asked):
        server, slept = patient(address)
        assert job.pull(server, tmp_path, {"x.json": "/x"}) == 0
    assert (slept, len(asked)) == ([7.0], 2)
    assert (tmp_path / "x.json").read_bytes() == b"whole"


def test_patience_ends(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with busy((503, {"Retry-After": "40"}, b"{}")) as (address, asked):
        server, slept = patient(address)
        assert job.pull(server, tmp_path, {"x.json": "/x"}) == 1
    assert (slept, len(asked)) == ([40.0, 40.0], 3)
    assert "patience" in capsys.readouterr().err
    assert not (tmp_path / "x.json").exists()


def test_without_a_hint_each_wait_is_longer(tmp_path: Path) -> None:
    with busy((503, {}, b"{}"), (503, {"Retry-After": "soon"}, b"{}"), (200, {}, b"whole")) as (address, _):
        server, slept = patient(address)
        assert job.pull(server, tmp_path, {"x.json": "/x"}) == 0
    assert slept == [5.0, 10.0]


def test_an_answer_that_breaks_off_is_not_taken_for_whole(tmp_path: Path) -> None:
    with busy((200, {"Content-Length": "100"}, b"a part"), (200, {}, b"whole")) as (address, _):
        server, slept = patient(address)
        assert job.pull(server, tmp_path, {"x.json": "/x"}) == 0
    assert (slept, (tmp_path / "x.json").read_bytes()) == ([5.0], b"whole")
    assert [file.name for file in tmp_path.iterdir() if file.name.startswith(".x")] == []


def test_the_tag_is_sent_only_for_the_same_address(tmp_path: Path) -> None:
    with busy((200, {"ETag": '"a"'}, b"1"), (304, {}, b""), (200, {"ETag": '"b"'}, b"2")) as (address, asked):
        server, _ = patient(address)
        for path in ("/x", "/x", "/y"):
            assert job.pull(server, tmp_path, {"x.json": path}) == 0
    assert [headers.get("If-None-Match") for _, headers in asked] == [None, '"a"', None]
    assert (tmp_path / "x.json").read_bytes() == b"2"


def test_a_token_goes_in_the_header_and_to_no_other_server(tmp_path: Path) -> None:
    with busy((302, {"Location": "http://127.0.0.1:9/"}, b"")) as (address, asked):
        server = job.Server(address, "secret", 0)
        assert job.pull(server, tmp_path, {"x.json": "/x"}) == 1
    assert [(path, headers["Authorization"]) for path, headers in asked] == [("/x", "Bearer secret")]


def test_nobody_there_is_said_in_one_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    code = job.main(
        ["--server", f"http://127.0.0.1:{port}", "--into", str(tmp_path), "--patience", "0", "x=/x"]
    )
    assert (code, len(capsys.readouterr().err.splitlines())) == (1, 1)


@pytest.mark.parametrize("wrong", ["x", "x=y", "../x=/y", "=/y"])
def test_wrong_usage_has_its_own_exit_code(wrong: str) -> None:
    with pytest.raises(SystemExit) as stopped:
        job.main([wrong])
    assert stopped.value.code == 2
