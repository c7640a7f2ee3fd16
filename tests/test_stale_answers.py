"""After a write nobody who asks later gets an old answer, and what differs each time is asked anew each time."""

from __future__ import annotations

import http.client
import json
import threading
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlencode, urlsplit

import pytest

from servers import Reply, Server, served

READERS, WRITES = 64, 8
VALUE = "SELECT ?n { <urn:counter> <urn:is> ?n }"
QUERIES = (VALUE, "SELECT (MAX(?o) AS ?n) { ?s ?p ?o }", "SELECT ?n { ?s <urn:is> ?n } ORDER BY ?n LIMIT 1")
UPDATE = {"Content-Type": "application/sparql-update"}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with served(tmp_path_factory.mktemp("stale"), "--bare") as running:
        write(running, 0)
        yield running


def write(server: Server, number: int) -> None:
    text = "DELETE WHERE { <urn:counter> <urn:is> ?n } ; INSERT DATA { <urn:counter> <urn:is> %d }"
    kept = server.ask("POST", "/update", UPDATE, (text % number).encode())
    assert kept.status in (200, 204), kept.text


def ask(server: Server, query: str, **headers: str) -> Reply:
    return server.get("/sparql?" + urlencode({"query": query}), "application/sparql-results+json", **headers)


def is_hit(headers: Mapping[str, str]) -> bool:
    return "; hit" in headers.get("cache-status", "")


def test_no_reader_that_starts_after_a_write_sees_what_was_before(server: Server) -> None:
    written, is_over, hits = [0], threading.Event(), [0] * READERS
    at = urlsplit(server.address)

    def read(reader: int) -> int:
        connection = http.client.HTTPConnection(at.hostname or "", at.port, timeout=60)
        target = "/sparql?" + urlencode({"query": QUERIES[reader % len(QUERIES)]})
        asked = 0
        while not is_over.is_set():
            least = written[0]
            connection.request("GET", target, headers={"Accept": "application/sparql-results+json"})
            answer = connection.getresponse()
            (row,) = json.loads(answer.read())["results"]["bindings"]
            assert int(row["n"]["value"]) >= least
            hits[reader] += is_hit({"cache-status": answer.headers.get("cache-status", "")})
            asked += 1
        connection.close()
        return asked

    def keep_writing() -> None:
        try:
            for number in range(1, WRITES + 1):
                write(server, number)
                written[0] = number
                is_over.wait(0.03)
        finally:
            is_over.set()

    with ThreadPoolExecutor(READERS + 1) as pool:
        asked = [pool.submit(read, reader) for reader in range(READERS)]
        pool.submit(keep_writing).result()
        total = sum(reader.result() for reader in asked)
    assert written == [WRITES]
    assert total >= READERS
    assert sum(hits) > total / 4, "most come out of what is remembered, so that this was put to the test"


def test_an_etag_from_before_a_write_is_no_longer_good(server: Server) -> None:
    before = ask(server, VALUE)
    assert ask(server, VALUE, If_None_Match=before.headers["etag"]).status == 304
    write(server, 1000)
    after = ask(server, VALUE, If_None_Match=before.headers["etag"])
    assert (after.status, after.json["results"]["bindings"][0]["n"]["value"]) == (200, "1000")
    assert after.headers["etag"] != before.headers["etag"]
    assert is_hit(ask(server, VALUE).headers)


VOLATILE = [
    "SELECT (NOW() AS ?x) {}",
    "SELECT (RAND() AS ?x) {}",
    "SELECT (UUID() AS ?x) {}",
    "SELECT (STRUUID() AS ?x) {}",
    "SELECT (BNODE() AS ?x) {}",
    "select(rand()as?x){}",
    "SELECT (Uuid # a comment )\n () AS ?x) {}",
    "SELECT ?x { BIND(IF(1<RAND()#>\n, 0, RAND()) AS ?x) }",
    "SELECT ?x { { SELECT ?x { BIND(STRUUID() AS ?x) } } } # nothing",
    "SELECT (SHA1(STR(RAND())) AS ?x) {}",
    "SELECT ?x { VALUES ?y { 'RAND()' } BIND(CONCAT(?y, STRUUID()) AS ?x) }",
]


@pytest.mark.parametrize("query", VOLATILE)
def test_what_differs_each_time_is_never_remembered(server: Server, query: str) -> None:
    first = ask(server, query)
    again = ask(server, query, If_None_Match=first.headers.get("etag", '"none"'))
    assert (first.status, again.status) == (200, 200)
    assert first.body != again.body
    assert not is_hit(first.headers)
    assert not is_hit(again.headers)


def test_many_who_ask_for_something_random_at_once_get_one_each(server: Server) -> None:
    with ThreadPoolExecutor(8) as pool:
        bodies = list(pool.map(lambda _: ask(server, "SELECT (UUID() AS ?x) {}").body, range(16)))
    assert len(set(bodies)) == 16


@pytest.mark.parametrize(
    "query",
    [
        "SELECT ('RAND()' AS ?x) {}",
        "SELECT (1 AS ?x) {} # UUID()",
        "SELECT ?rand { BIND(1 AS ?rand) }",
        "PREFIX now: <urn:now> SELECT ?x { VALUES ?x { now: <urn:rand()> } }",
    ],
)
def test_what_only_looks_as_if_it_differed_may_be_remembered(server: Server, query: str) -> None:
    assert ask(server, query).status == 200
    assert ask(server, query).status == 200
