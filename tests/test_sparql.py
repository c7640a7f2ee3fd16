"""SPARQL over HTTP as programs meet it: every form of the protocol, answers that are whole or broken off, limits."""

from __future__ import annotations

import gzip
import http.client
import json
import re
import socket
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from urllib.parse import quote, urlencode, urlsplit

import httpx
import pytest
from fastapi import FastAPI
from in_process import client_of

from api.app import furnish
from api.holdings import hold
from api.settings import Settings
from graph import media
from graph.local import LocalEngine
from graph.oxigraph import OxigraphStore
from servers import Reply, Server, served

FORM = {"Content-Type": "application/x-www-form-urlencoded"}
DIRECT = {"Content-Type": "application/sparql-query"}
JSON = {"Accept": media.RESULTS_JSON}
VALUES = " ".join(str(number) for number in range(300))
FEW = VALUES[:200]
MANY = f"SELECT * {{ VALUES ?a {{ {VALUES} }} VALUES ?b {{ {VALUES} }} }}"
"""90,000 rows, about 10 MB."""
NEVER = f"SELECT (COUNT(*) AS ?n) {{ {''.join(f'VALUES ?x{n} {{ {VALUES} }} ' for n in range(6))} }}"
"""Would take years."""


@pytest.fixture(scope="module")
def bare(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A plain dataset with small limits."""
    small = {
        "MEDALLIANCE_QUERY_SECONDS": "2.5",
        "MEDALLIANCE_QUERY_SECONDS_KNOWN": "2.5",
        "MEDALLIANCE_ANSWER_BYTES": "100000",
        "MEDALLIANCE_STREAM_BYTES": "6000000",
        "MEDALLIANCE_SLOW_SECONDS": "0.15",
        "MEDALLIANCE_WORKERS": "2",
        "MEDALLIANCE_LONG_QUERIES": "2",
    }
    with served(tmp_path_factory.mktemp("bare") / "data", "--bare", env=small) as made:
        yield made


def asked(server: Server, query: str, **headers: str) -> Reply:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return server.ask("GET", "/sparql?" + urlencode({"query": query}), JSON | named)


def workers(server: Server) -> set[int]:
    """Return the processes below a server."""
    found, todo = set[int](), [server.process.pid]
    while todo:
        for task in Path(f"/proc/{todo.pop()}/task").glob("*"):
            with suppress(OSError):
                todo += (new := {int(child) for child in (task / "children").read_text().split()} - found)
                found |= new
    return found


def is_busy(server: Server, seconds: float = 0.3) -> bool:
    """Tell whether anything below a server works."""

    def used() -> int:
        total = 0
        for process in workers(server):
            with suppress(OSError):
                fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
                total += int(fields[11]) + int(fields[12])
        return total

    before = used()
    time.sleep(seconds)
    return used() - before > seconds * 100 * 0.2


def until(condition, seconds: float = 5) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.05)
    return False


def hung_up(server: Server, request: bytes, after: float) -> None:
    """Send a request and hang up after a while."""
    at = urlsplit(server.address)
    with socket.create_connection((at.hostname or "", at.port or 0)) as connection:
        connection.sendall(request)
        time.sleep(after)


def get(query: str) -> bytes:
    return f"GET /sparql?query={quote(query)} HTTP/1.1\r\nHost: x\r\n\r\n".encode()


@pytest.mark.parametrize(
    ("headers", "body", "status", "problem"),
    [
        (DIRECT, b"ASK {}", 200, ""),
        (
            {"Content-Type": 'application/sparql-query; charset="UTF-8"'},
            "ASK { ?s ?p '某' }".encode(),
            200,
            "",
        ),
        ({"Content-Type": "application/sparql-query; charset=utf-16"}, b"ASK {}", 400, "malformed-request"),
        (DIRECT, "ASK { ?s ?p 'é' }".encode("latin-1"), 400, "malformed-request"),
        ({"Content-Type": FORM["Content-Type"] + "; charset=utf-8"}, b"query=ASK+%7B%7D", 200, ""),
        (FORM, b"query=%ff", 400, "malformed-request"),
        (FORM, b"query=ASK+%7B%7D&query=ASK+%7B%7D", 400, "missing-query"),
        (FORM, b"query=", 400, "malformed-query"),
        (FORM, b"update=CLEAR+ALL", 400, "missing-query"),
        (FORM, urlencode({"query": "CLEAR ALL"}).encode(), 400, "update-not-here"),
        (DIRECT, b"DELETE WHERE { ?s ?p ?o }", 400, "update-not-here"),
        ({"Content-Type": "application/sparql-update"}, b"CLEAR ALL", 415, "unsupported-media-type"),
        ({}, b"ASK {}", 415, "unsupported-media-type"),
        (DIRECT, b"#" * 300_000, 413, "body-too-large"),
    ],
)
def test_what_is_posted_is_a_query_or_a_problem(
    bare: Server, headers: dict[str, str], body: bytes, status: int, problem: str
) -> None:
    reply = bare.ask("POST", "/sparql", headers, body)
    assert (reply.status, reply.headers.get("access-control-allow-origin")) == (status, "*"), reply.text
    assert not problem or reply.json["type"] == f"/problems/{problem}"


def test_a_graph_of_the_protocol_replaces_that_of_the_query(bare: Server) -> None:
    query = "SELECT (COUNT(*) AS ?n) FROM <http://example.org/a> { ?s ?p ?o }"
    reply = bare.get(
        "/sparql?"
        + urlencode({"query": query, "default-graph-uri": "http://example.org/b", "x": "tolerated"})
    )
    assert reply.status == 200


@pytest.mark.parametrize("accept", ["text/turtle", "application/n-triples", "*/*"])
@pytest.mark.parametrize(
    "target", ["/sparql", "/sparql?x=1", "/sparql?default-graph-uri=http://example.org/a"]
)
def test_any_get_without_a_query_gets_the_service_description(bare: Server, target: str, accept: str) -> None:
    reply = bare.get(target, accept)
    assert (reply.status, b"sparql-service-description" in reply.body) == (200, True)


def test_a_head_is_a_get_without_its_body(bare: Server) -> None:
    target = "/sparql?" + urlencode({"query": "SELECT ?x { VALUES ?x { 1 2 3 } }"})
    got, head = bare.ask("GET", target, JSON), bare.ask("HEAD", target, JSON)
    assert (head.status, head.body) == (200, b"")
    for name in ("content-length", "content-type", "etag"):
        assert head.headers[name] == got.headers[name]
    assert bare.ask("HEAD", "/sparql", {"Accept": "text/turtle"}).status == 200
    assert bare.ask("HEAD", "/sparql?query=SELECT").status == 400


def test_other_methods_are_refused_with_those_there_are(bare: Server) -> None:
    for method in ("PUT", "DELETE", "PATCH"):
        reply = bare.ask(method, "/sparql", {}, b"")
        assert (reply.status, reply.headers["allow"]) == (405, "GET, HEAD, POST, OPTIONS")


def test_a_page_of_another_site_may_read_but_brings_no_cookies(bare: Server) -> None:
    wish = {"Origin": "http://example.org", "Access-Control-Request-Method": "POST"}
    reply = bare.ask("OPTIONS", "/sparql", wish | {"Access-Control-Request-Headers": "content-type"})
    assert reply.status == 204
    assert reply.headers["access-control-allow-origin"] == "*"
    assert "content-type" in reply.headers["access-control-allow-headers"].lower()
    for one in (reply, asked(bare, "ASK {}"), asked(bare, "ASK")):
        assert one.headers["access-control-allow-origin"] == "*"
        assert "access-control-allow-credentials" not in one.headers
        assert "default-src 'none'" in one.headers["content-security-policy"]


def test_an_answer_is_kept_and_says_so(bare: Server) -> None:
    query = f"SELECT ?x {{ VALUES ?x {{ 'kept' }} }} # {time.time()}"
    first, again = asked(bare, query), asked(bare, query)
    assert (first.headers["cache-status"], again.headers["cache-status"]) == (
        "medalliance; fwd=miss",
        "medalliance; hit",
    )
    assert first.body == again.body
    assert re.fullmatch(r"engine;dur=\d+\.\d\d", first.headers["server-timing"])
    # Another wish that leads to the same format is the same question.
    other = bare.ask(
        "GET", "/sparql?" + urlencode({"query": query}), {"Accept": "text/csv;q=0.5, application/json"}
    )
    assert other.headers["cache-status"] == "medalliance; hit"
    xml = bare.ask("GET", "/sparql?" + urlencode({"query": query}), {"Accept": media.RESULTS_XML})
    assert (xml.headers["cache-status"], xml.media_type) == ("medalliance; fwd=miss", media.RESULTS_XML)


@pytest.mark.parametrize("function", ["NOW()", "RAND()", "UUID()", "STRUUID()", "BNODE()"])
def test_a_volatile_query_is_never_kept(bare: Server, function: str) -> None:
    query = f"SELECT ({function} AS ?x) (STRUUID() AS ?y) {{}}"
    first, again = asked(bare, query), asked(bare, query)
    assert first.headers["cache-status"] == again.headers["cache-status"] == "medalliance; fwd=bypass"
    assert first.body != again.body


def test_a_packed_answer_has_a_tag_of_its_own_and_either_tag_is_known(bare: Server) -> None:
    query = f"SELECT ?a {{ VALUES ?a {{ {VALUES} }} }}"
    plain, packed = asked(bare, query), asked(bare, query, Accept_Encoding="gzip")
    assert (packed.headers["content-encoding"], gzip.decompress(packed.body)) == ("gzip", plain.body)
    assert plain.headers["etag"] != packed.headers["etag"]
    assert {"Accept", "Accept-Encoding"} <= set(packed.headers["vary"].split(", "))
    for tag in (
        plain.headers["etag"],
        packed.headers["etag"],
        f"W/{plain.headers['etag']}",
        "*",
        f'"a", {plain.headers["etag"]}',
    ):
        reply = asked(bare, query, If_None_Match=tag)
        assert (reply.status, reply.body) == (304, b"")
    assert asked(bare, query, If_None_Match='"other"').status == 200
    assert "content-encoding" not in asked(bare, query, Accept_Encoding="gzip;q=0").headers


def test_an_answer_after_a_write_is_of_after_the_write(bare: Server) -> None:
    query = "SELECT ?o { <http://example.org/written> <http://example.org/p> ?o }"
    for number in range(3):
        assert f'"{number}"' not in asked(bare, query).text
        update = f"INSERT DATA {{ <http://example.org/written> <http://example.org/p> '{number}' }}"
        assert (
            bare.ask("POST", "/update", {"Content-Type": "application/sparql-update"}, update.encode()).status
            < 300
        )
        reply = asked(bare, query)
        assert (f'"{number}"' in reply.text, reply.headers["cache-status"]) == (True, "medalliance; fwd=miss")


def test_a_long_answer_is_streamed_and_whole(bare: Server) -> None:
    wanted = f"SELECT * {{ VALUES ?a {{ {VALUES} }} VALUES ?b {{ {FEW} }} }}"
    for headers in ({}, {"Accept_Encoding": "gzip"}):
        reply = asked(bare, wanted, **headers)
        body = gzip.decompress(reply.body) if headers else reply.body
        assert len(json.loads(body)["results"]["bindings"]) == 300 * len(FEW.split())
        assert (reply.headers["transfer-encoding"], "etag" in reply.headers) == ("chunked", False)


def test_an_answer_that_grows_too_large_is_broken_off(bare: Server) -> None:
    with pytest.raises(http.client.IncompleteRead):
        asked(bare, MANY)
    assert until(lambda: not is_busy(bare))


def test_a_slow_reader_is_broken_off_at_the_time_limit(bare: Server) -> None:
    at = urlsplit(bare.address)
    with socket.create_connection((at.hostname or "", at.port or 0)) as connection:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 65536)
        connection.sendall(get(MANY))
        time.sleep(0.5)
        assert asked(bare, f"ASK {{}} # {time.time()}").status == 200
        time.sleep(2.5)
        connection.settimeout(10)
        received = b""
        while data := connection.recv(1 << 20):
            received += data
    assert not received.endswith(b"0\r\n\r\n")
    assert received.startswith(b"HTTP/1.1 200")


def test_who_hangs_up_stops_the_work(bare: Server) -> None:
    assert until(lambda: not is_busy(bare))
    before = time.monotonic()
    hung_up(bare, get(NEVER), 0.4)
    assert until(lambda: not is_busy(bare), 1.5)
    assert time.monotonic() - before < 2.2  # before the limit


def test_who_hangs_up_in_the_queue_or_in_a_stream_leaves_nothing_behind(bare: Server) -> None:
    threads = [
        threading.Thread(target=hung_up, args=(bare, get(f"{NEVER} # {n} queued"), 1.0)) for n in range(7)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    hung_up(bare, get(MANY), 0.4)
    assert until(lambda: not is_busy(bare), 3)
    assert asked(bare, f"ASK {{}} # {time.time()}").status == 200


def test_a_query_that_never_ends_is_stopped_and_short_ones_do_not_wait(bare: Server) -> None:
    with ThreadPoolExecutor(4) as pool:
        begun = time.monotonic()
        slow = [pool.submit(asked, bare, f"{NEVER} # {number}") for number in range(3)]
        time.sleep(0.8)
        taken = []
        for number in range(20):
            at = time.monotonic()
            assert asked(bare, f"ASK {{}} # {number} {time.time()}").status == 200
            taken.append(time.monotonic() - at)
        replies = [one.result() for one in slow]
    assert time.monotonic() - begun < 3.5
    assert [(reply.status, reply.json["type"]) for reply in replies] == [(503, "/problems/query-timeout")] * 3
    assert all(reply.headers["retry-after"] for reply in replies)
    log = (bare.data / "slow-queries.log").read_text("utf-8")
    (line,) = [one for one in map(json.loads, log.splitlines()) if one["query"] == f"{NEVER} # 2"]
    assert (line["who"], line["outcome"], line["seconds"] >= 2.5) == ("-", "query-timeout", True)
    assert "127.0.0.1" not in log
    assert sorted(taken)[10] < 0.1


def test_equal_questions_at_once_are_worked_out_once_and_who_leads_may_hang_up(bare: Server) -> None:
    product = f"VALUES ?a {{ {VALUES} }} VALUES ?b {{ {VALUES} }} VALUES ?c {{ {FEW[:40]} }}"
    slow = f"SELECT (COUNT(*) AS ?n) {{ {product} }} # {time.time()}"
    with ThreadPoolExecutor(6) as pool:
        leader = pool.submit(hung_up, bare, get(slow), 0.2)
        time.sleep(0.1)
        replies = [one.result() for one in [pool.submit(asked, bare, slow) for _ in range(5)]]
        leader.result()
    numbers = {reply.json["results"]["bindings"][0]["n"]["value"] for reply in replies}
    assert numbers == {str(300 * 300 * len(FEW[:40].split()))}
    ways = [reply.headers["cache-status"] for reply in replies]
    assert ways.count("medalliance; fwd=miss") == 1


@pytest.fixture
def client(tmp_path: Path) -> Iterator[httpx.Client]:
    """A service in this process, with a budget."""
    settings = Settings(data=tmp_path, budget_errors=3)
    app = FastAPI(docs_url=None, redoc_url=None)
    app.state.today = settings.today
    furnish(app, settings)
    app.state.control_secret = "secret"
    hold(app, LocalEngine(OxigraphStore()), settings.base)
    with client_of(app) as made:
        yield made


def test_who_makes_too_many_mistakes_waits(client: httpx.Client) -> None:
    kept = {"query": "ASK { ?s ?p 0 }"}
    assert client.get("/sparql", params=kept).status_code == 200
    for number in range(3):
        headers = {"X-Forwarded-For": f"192.0.2.{number}"}
        assert client.get("/sparql", params={"query": "SELECT"}, headers=headers).status_code == 400
    refused = client.get("/sparql", params={"query": "ASK {}"}, headers={"X-Forwarded-For": "192.0.2.9"})
    assert (refused.status_code, refused.json()["type"]) == (429, "/problems/budget-spent")
    assert 0 < int(refused.headers["retry-after"]) <= 60
    assert client.get("/sparql", params=kept).status_code == 200  # what is kept costs nothing
    page = client.get("/query", params={"query": "ASK { ?s ?p 2 }"}, headers={"Accept": "text/html"})
    assert page.status_code == 429
    told = client.get("/sparql", params={"query": "ASK {}"}, headers={"Authorization": "Bearer secret"})
    assert told.status_code == 200
    wrong = client.get("/sparql", params={"query": "ASK {}"}, headers={"Authorization": "Bearer guess"})
    assert (wrong.status_code, wrong.headers["www-authenticate"]) == (401, 'Bearer error="invalid_token"')
