"""No question stops the service: bombs against a real server, which has little time and memory to give.

Each ends within the limit and a second, refused or with a true answer; memory comes back; neighbours hardly notice.
"""

from __future__ import annotations

import http.client
import itertools
import json
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import pytest
from query_bombs import ITEMS, QUERIES, REPRESENTATIVE, UPDATES, data

from servers import Server, served

SECONDS = 2.0
"""The server's limit on one question."""
ENVIRONMENT = {
    "MEDALLIANCE_QUERY_SECONDS": str(SECONDS),
    "MEDALLIANCE_UPDATE_SECONDS": str(SECONDS),
    "MEDALLIANCE_QUERY_MEMORY": "256",
    "MEDALLIANCE_QUERY_BYTES": str(16 << 20),
}
HONEST = (200, 400, 413, 503)
STREAMED = ("large limit", "construction of a cross product", "distinct rows of a cross product")
"""Their first rows come at once and are many: when time is over the connection is broken off, so that nobody takes
what came for the whole."""


@dataclass(frozen=True)
class End:
    """How a request ended: status (0: broken off on the way), seconds, and the body."""

    status: int
    seconds: float
    body: bytes


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with served(tmp_path_factory.mktemp("bombs"), "--bare", env=ENVIRONMENT) as running:
        kept = running.ask("PUT", "/graph-store?default", {"Content-Type": "application/n-triples"}, data())
        assert kept.status < 300, kept.text
        yield running


def thrown(server: Server, path: str, kind: str, text: str) -> End:
    """Send a text, and wait for however it ends."""
    at = urlsplit(server.address)
    connection = http.client.HTTPConnection(at.hostname or "", at.port, timeout=60)
    begun = time.perf_counter()
    try:
        accept = "application/sparql-results+json, application/n-triples;q=0.5"
        connection.request("POST", path, text.encode(), {"Content-Type": kind, "Accept": accept})
        answer = connection.getresponse()
        body = answer.read()
        return End(answer.status, time.perf_counter() - begun, body)
    except (http.client.IncompleteRead, ConnectionError):
        return End(0, time.perf_counter() - begun, b"")
    finally:
        connection.close()


def asked(server: Server, text: str) -> End:
    return thrown(server, "/sparql", "application/sparql-query", text)


def is_alive(server: Server) -> bool:
    end = asked(server, f"SELECT ?o {{ <http://example.org/{int(time.time() * 1000) % ITEMS}> ?p ?o }}")
    return end.status == 200 and len(json.loads(end.body)["results"]["bindings"]) == 3


def check_end(end: End, *, broken_off: bool = False) -> None:
    assert end.seconds < SECONDS + 1
    assert end.status in HONEST or (broken_off and end.status == 0), end
    if end.status != 200:
        assert not end.body or json.loads(end.body)["type"].startswith("/problems/")
    elif end.body[:1] == b"{":
        json.loads(end.body)  # whole


def test_representative_bombs_end_in_time_at_once(server: Server) -> None:
    with ThreadPoolExecutor(len(REPRESENTATIVE)) as pool:
        ends = pool.map(lambda name: asked(server, QUERIES[name]), REPRESENTATIVE)
    for name, end in zip(REPRESENTATIVE, ends, strict=True):
        check_end(end, broken_off=name in STREAMED)
    assert is_alive(server)


@pytest.mark.bombs
@pytest.mark.parametrize("name", QUERIES)
def test_a_query_ends_in_time(server: Server, name: str) -> None:
    end = asked(server, QUERIES[name])
    print(f"{end.status} {end.seconds:.2f} s  {name}: {end.body[:60]!r}")
    check_end(end, broken_off=name in STREAMED)
    assert is_alive(server)


@pytest.mark.bombs
@pytest.mark.parametrize("name", UPDATES)
def test_an_update_ends_in_time_and_changes_nothing_or_all(server: Server, name: str) -> None:
    end = thrown(server, "/update", "application/sparql-update", UPDATES[name])
    print(f"{end.status} {end.seconds:.2f} s  {name}: {end.body[:60]!r}")
    assert end.seconds < SECONDS + 1
    assert end.status in (*HONEST, 204), end
    assert is_alive(server)


@pytest.mark.bombs
def test_memory_comes_back(server: Server) -> None:
    is_alive(server)
    before = memory_of(server)
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda text: asked(server, text), itertools.chain(QUERIES.values(), QUERIES.values())))
    assert is_alive(server)
    time.sleep(1)
    after = memory_of(server)
    print(f"memory: {before} MB before, {after} MB after {2 * len(QUERIES)} bombs, eight at once")
    assert after < before * 1.25 + 64


@pytest.mark.bombs
def test_neighbours_hardly_notice(server: Server) -> None:
    at_rest = lookups(server, 4.0)
    with bombed(server, 4):
        time.sleep(0.5)
        besieged = lookups(server, 8.0)
    idle, busy = percentile(at_rest, 0.99), percentile(besieged, 0.99)
    for name, found in (("at rest", at_rest), ("while four bombs run", besieged)):
        figures = ", ".join(
            f"p{p * 100:g} {percentile(found, p) * 1000:.2f} ms" for p in (0.5, 0.95, 0.99, 1)
        )
        print(f"{name}: {len(found)} lookups, {figures}")
    print(f"p99 is {busy / idle:.1f} times as long")
    assert busy < 10 * max(idle, 0.001)


def lookups(server: Server, seconds: float) -> list[float]:
    """Return how long simple lookups take, one after the other, each asked for the first time."""
    at = urlsplit(server.address)
    connection = http.client.HTTPConnection(at.hostname or "", at.port, timeout=30)
    taken, until = [], time.monotonic() + seconds
    while time.monotonic() < until:
        text = f"SELECT ?o {{ <http://example.org/{next(_NUMBERS) % ITEMS}> ?p ?o }} # {next(_NUMBERS)}"
        begun = time.perf_counter()
        connection.request("GET", "/sparql?" + urlencode({"query": text}))
        answer = connection.getresponse()
        answer.read()
        taken.append(time.perf_counter() - begun)
        assert answer.status == 200
    connection.close()
    return taken


_NUMBERS = itertools.count()


@contextmanager
def bombed(server: Server, at_once: int) -> Iterator[None]:
    """Keep a number of bombs running."""
    names = itertools.cycle(
        (
            "count of a cross product",
            "order of a cross product",
            "paths between all, nested",
            "digests for all rows",
        )
    )
    is_over = threading.Event()

    def keep_on() -> None:
        while not is_over.is_set():
            asked(server, f"{QUERIES[next(names)]} # {next(_NUMBERS)}")

    threads = [threading.Thread(target=keep_on) for _ in range(at_once)]
    for thread in threads:
        thread.start()
    yield
    is_over.set()
    for thread in threads:
        thread.join()


def percentile(found: Sequence[float], part: float) -> float:
    return sorted(found)[min(int(len(found) * part), len(found) - 1)]


def memory_of(server: Server) -> int:
    """Return the memory of the server with all its processes, shared pages counted once, in MB."""
    return sum(_proportional_size(process) for process in _family(server.process.pid)) // 1024


def _proportional_size(process: int) -> int:
    try:
        lines = Path(f"/proc/{process}/smaps_rollup").read_text(encoding="ascii").splitlines()
    except OSError:
        return 0  # it ended meanwhile
    return next(int(line.split()[1]) for line in lines if line.startswith("Pss:"))


def _family(process: int) -> Iterator[int]:
    yield process
    for task in Path(f"/proc/{process}/task").iterdir():
        children = task / "children"
        for child in children.read_text(encoding="ascii").split() if children.exists() else ():
            yield from _family(int(child))
