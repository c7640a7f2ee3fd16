"""Other servers are asked where the list allows it and nowhere else; without a list no connection is ever opened."""

import contextlib
import json
import os
import socket
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import httpx
import pytest
from in_process import client_of
from remote_texts import REMOTE

from api.app import create_app
from api.settings import Settings
from engines import nursery
from graph import media
from graph.allow_list import AllowList, Pins, Place, WrongEntry
from graph.embedded import EmbeddedEngine
from graph.engine import MemoryLimitReached
from graph.federation import MOST_CALLS, Federation
from graph.guard import RemoteAccess
from graph.oxigraph import OxigraphStore
from graph.pinned_client import EndpointRefused, RemoteFailed
from graph.quads import Delta, Quad, literal, text_of
from graph.settle import Knowledge, Outcome, Proposal, UpdateRequest
from graph.store import Dataset, QueryFault, SyntaxFault
from samples import NAMES


class Endpoint:
    """Another server: remembers what it was asked, and answers what it is told to."""

    def __init__(self) -> None:
        self.questions: list[tuple[str, str, str]] = []
        self.agents: set[str | None] = set()
        self.respond: Callable[[BaseHTTPRequestHandler], None] = lambda handler: rows(handler, "007")
        endpoint = self

        class Exchange(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
                endpoint.questions.append((self.path, self.headers.get("Host", ""), body))
                endpoint.agents.add(self.headers.get("User-Agent"))
                endpoint.respond(self)

            do_GET = do_POST  # noqa: N815 - the library's names

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Exchange)
        self.server.daemon_threads = True
        self.port = self.server.server_port
        self.address = f"http://127.0.0.1:{self.port}"
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()


def said(handler: BaseHTTPRequestHandler, body: bytes, kind: str, status: int = 200, **headers: str) -> None:
    handler.send_response(status)
    for name, value in {"Content-Type": kind, "Content-Length": str(len(body)), **headers}.items():
        handler.send_header(name, value)
    handler.end_headers()
    handler.wfile.write(body)


def rows(handler: BaseHTTPRequestHandler, *values: str) -> None:
    bindings = [{"o": {"type": "literal", "value": value}} for value in values]
    body = json.dumps({"head": {"vars": ["o"]}, "results": {"bindings": bindings}}).encode()
    said(handler, body, media.RESULTS_JSON)


@pytest.fixture
def other() -> Iterator[Endpoint]:
    endpoint = Endpoint()
    yield endpoint
    endpoint.close()


Reaching = Callable[..., EmbeddedEngine]


@pytest.fixture(scope="module")
def shared() -> Iterator[EmbeddedEngine]:
    """One engine for all tests: who may be asked changes from test to test."""
    knowledge = Knowledge(NAMES)
    engine = EmbeddedEngine(nursery, NAMES, lambda _: knowledge, workers=1)
    yield engine
    engine.close()


@pytest.fixture
def reaching(shared: EmbeddedEngine) -> Iterator[Reaching]:
    """Return what gives an engine that may ask what a list allows."""

    def make(*entries: str, seconds: float = 5.0, size: int = 1 << 16, **more) -> EmbeddedEngine:
        shared._federation.close()
        shared._federation = Federation(
            AllowList.of(entries),
            base="http://here.example/sparql",
            bytes_at_most=size,
            seconds=seconds,
            **more,
        )
        return shared

    yield make
    make()


def found(engine: EmbeddedEngine, query: str, base: str = "") -> list[str]:
    body = engine.answer(query, (media.RESULTS_JSON,), dataset=Dataset(base=base), remote=True).body()
    return sorted(row["o"]["value"] for row in json.loads(body)["results"]["bindings"] if "o" in row)


def asking(endpoint: str, silent: str = "") -> str:
    return f"SELECT ?o {{ SERVICE {silent} {endpoint} {{ ?s ?p ?o }} }}"


# The list ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("entry", "allowed", "refused"),
    [
        ("https://a.example/sparql", ["https://a.example/sparql", "https://A.example:443/sparql"],
         ["http://a.example/sparql", "https://a.example/sparql/x", "https://a.example:8443/sparql", "https://a.example/sparql?x=1"]),
        ("https://a.example/data/", ["https://a.example/data/", "https://a.example/data/x?y=1"],
         ["https://a.example/data", "https://a.example/", "https://a.example/data/../x", "https://a.example/data/%2E%2e/x",
          "https://a.example/data/.."]),
        ("a.example", ["https://a.example/x"], ["http://a.example/x", "https://b.example/x", "https://a.example.b.example/"]),
        ("a.example:8443", ["https://a.example:8443/x"], ["https://a.example/x"]),
        ("http://10.0.0.5:9000/", ["http://10.0.0.5:9000/sparql"], ["http://10.0.0.6:9000/sparql"]),
    ],
)  # fmt: skip
def test_an_entry_allows_what_it_says_and_no_more(entry: str, allowed: list[str], refused: list[str]) -> None:
    listed = AllowList.of([entry])
    assert [iri for iri in allowed if iri not in listed] == []
    assert [iri for iri in refused if iri in listed] == []
    assert not [
        iri
        for iri in (
            "https://u:p@a.example/x",
            "ftp://a.example/x",
            "file:///etc/passwd",
            "https://ä.example/",
            "",
        )
        if iri in listed
    ]


def test_nonsense_in_the_list_is_refused() -> None:
    for entry in (
        "ftp://a.example/",
        "https://u@a.example/",
        "https://",
        "a b",
        "https://a.example:99999999/",
    ):
        with pytest.raises(WrongEntry):
            AllowList.of([entry])
    assert not AllowList.of(["10.0.0.0/8"]), "a network alone allows nobody"


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "10.1.2.3", "192.168.0.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1", "::1",
     "fe80::1", "fd00::1", "::ffff:127.0.0.1", "2002:7f00:1::", "64:ff9b::a00:1", "::ffff:10.0.0.1"],
)  # fmt: skip
def test_a_name_leads_to_no_private_address_unless_the_list_names_the_network(address: str) -> None:
    place = Place("https", "a.example", 443, "/")
    assert Pins(AllowList.of(["a.example"]), lambda *_: [address]).of(place) == ()
    assert Pins(AllowList.of(["a.example"]), lambda *_: [address, "8.8.8.8"]).of(place) == ("8.8.8.8",)
    network = "::/0" if ":" in address and not address.startswith("::ffff") else "0.0.0.0/0"
    assert Pins(AllowList.of(["a.example", network]), lambda *_: [address]).of(place) == (address,)


# Queries ----------------------------------------------------------------------------------------------------------


def test_an_allowed_endpoint_is_asked_and_told_nothing_of_how(reaching: Reaching, other: Endpoint) -> None:
    engine = reaching(f"{other.address}/sparql")
    assert found(engine, asking(f"<{other.address}/sparql>")) == ["007"]
    assert other.questions == [("/sparql", f"127.0.0.1:{other.port}", "SELECT * WHERE { ?s ?p ?o . }")]


def test_what_is_held_here_and_there_is_joined(reaching: Reaching, other: Endpoint) -> None:
    engine = reaching(f"{other.address}/")
    engine.apply(
        Delta(frozenset({Quad("<urn:a>", "<urn:b>", literal("007"), NAMES.local)})), engine.version + 1
    )
    text = f"SELECT ?o {{ GRAPH ?g {{ <urn:a> <urn:b> ?o }} SERVICE <{other.address}/x> {{ ?s ?p ?o }} }}"
    assert found(engine, text) == ["007"]
    other.respond = lambda handler: rows(handler, "008")
    assert found(engine, text) == []


def test_names_and_relative_endpoints_are_understood(reaching: Reaching, other: Endpoint) -> None:
    engine = reaching(f"{other.address}/")
    assert found(engine, f"PREFIX x: <{other.address}/> " + asking("x:one")) == ["007"]
    assert found(engine, f"BASE <{other.address}/> " + asking("<two>")) == ["007"]
    assert found(engine, asking("<three>"), base=f"{other.address}/sparql") == ["007"]
    assert [path for path, *_ in other.questions] == ["/one", "/two", "/three"]
    with pytest.raises(RemoteAccess):
        found(engine, asking("<four>"))  # relative to the service, which is not on the list


def test_an_endpoint_inside_another_is_left_to_that_one(reaching: Reaching, other: Endpoint) -> None:
    engine = reaching(f"{other.address}/")
    inner = f"SERVICE <{other.address}/inner> {{ ?o ?q ?r }}"
    assert found(engine, f"SELECT ?o {{ SERVICE <{other.address}/outer> {{ ?s ?p ?o {inner} }} }}") == ["007"]
    ((path, _, question),) = other.questions
    assert (path, f"SERVICE <{other.address}/inner>" in question) == ("/outer", True)
    with pytest.raises(RemoteAccess):
        found(
            engine, f"SELECT ?o {{ SERVICE <{other.address}/outer> {{ SERVICE <http://b.example/> {{}} }} }}"
        )


def test_endpoints_out_of_the_data_are_asked_when_all_are_allowed(
    reaching: Reaching, other: Endpoint
) -> None:
    engine = reaching(f"{other.address}/")
    other.respond = lambda handler: rows(handler, handler.path)
    text = "SELECT ?o { { VALUES (?n ?e) { %s } } SERVICE ?e { ?s ?p ?o } } ORDER BY ?o"
    assert found(engine, text % f"(1 <{other.address}/a>) (2 <{other.address}/b>)") == ["/a", "/b"]
    assert found(engine, text % "") == []
    other.questions.clear()
    for wrong in (f"(1 <{other.address}/a>) (2 <http://b.example/>)", "(1 'text')", "(1 UNDEF)"):
        with pytest.raises(EndpointRefused):
            found(engine, text % wrong)
    for elsewhere in ("{ SERVICE ?e { ?s ?p ?o } }", "SERVICE ?e { ?s ?p ?o } FILTER(?o = 1)"):
        with pytest.raises(RemoteAccess):
            found(engine, f"SELECT ?o {{ VALUES ?e {{ <{other.address}/a> }} {elsewhere} }}")
    assert other.questions == []


def redirected(handler: BaseHTTPRequestHandler) -> None:
    said(handler, b"", "text/plain", 302, Location=f"http://{handler.headers['Host']}/elsewhere")


def cut_off(handler: BaseHTTPRequestHandler) -> None:
    said(handler, b'{"head":', media.RESULTS_JSON, **{"Content-Length": "10000"})
    handler.close_connection = True


def dripping(handler: BaseHTTPRequestHandler) -> None:
    handler.send_response(200)
    handler.end_headers()
    with contextlib.suppress(OSError):  # whoever asked goes away meanwhile
        for _ in range(60):
            handler.wfile.write(b" ")
            time.sleep(0.1)
    handler.close_connection = True


FAILURES = {
    "HTTP 302": redirected,
    "HTTP 500": lambda handler: said(handler, b"no", "text/plain", 500),
    "too large": lambda handler: said(handler, b" " * 70_000, media.RESULTS_JSON),
    "cut off": cut_off,
    "timeout": dripping,
    "text/html": lambda handler: said(handler, b"<html>", "text/html"),
}


@pytest.mark.parametrize("reason", FAILURES)
def test_an_endpoint_that_fails_is_named_with_the_reason(
    reason: str, reaching: Reaching, other: Endpoint
) -> None:
    engine = reaching(f"{other.address}/", seconds=0.5)
    other.respond = FAILURES[reason]
    begun = time.monotonic()
    with pytest.raises(RemoteFailed) as failed:
        found(engine, asking(f"<{other.address}/sparql>"))
    assert time.monotonic() - begun < 3
    assert (failed.value.endpoint, failed.value.reason) == (f"{other.address}/sparql", reason)
    assert len(other.questions) == 1, "a redirect is not followed"
    other.questions.clear()
    assert found(engine, asking(f"<{other.address}/sparql>", "SILENT")) == []


def test_silent_does_not_open_what_the_list_does_not_allow(reaching: Reaching, other: Endpoint) -> None:
    engine = reaching("a.example")
    for text in (asking(f"<{other.address}/>", "SILENT"), asking("<http://a.example/>", "SILENT")):
        with pytest.raises(RemoteAccess):
            found(engine, text)
    assert other.questions == []


def test_an_answer_that_is_no_result_is_a_fault_and_places_are_those_of_the_query(
    reaching: Reaching, other: Endpoint
) -> None:
    engine = reaching(f"{other.address}/")
    other.respond = lambda handler: said(handler, b"<html>", media.RESULTS_JSON)
    with pytest.raises(QueryFault):
        found(engine, asking(f"<{other.address}/>"))
    text = f"SELECT * {{ SERVICE <{other.address}/> {{ }} BIND(nonsense AS ?x) }}"
    places = []
    for ask in (found, lambda _, text: OxigraphStore().select(text)):
        with pytest.raises(SyntaxFault) as malformed:
            list(ask(engine, text))
        places.append((malformed.value.line, malformed.value.column))
    assert places[0] == places[1] != (0, 0)


def test_one_query_asks_the_same_once_and_others_not_without_end(reaching: Reaching, other: Endpoint) -> None:
    engine = reaching(f"{other.address}/")
    clause = f"SERVICE <{other.address}/%s> {{ ?s ?p ?o }}"
    assert found(engine, f"SELECT ?o {{ {clause % 'a'} {clause % 'a'} }}") == ["007"]
    assert len(other.questions) == 1
    many = " ".join(f"{{ {clause % n} }} UNION" for n in range(MOST_CALLS + 1)) + " {}"
    with pytest.raises(RemoteFailed, match="too many questions"):
        found(engine, f"SELECT ?o {{ {many} }}")


def test_a_name_server_that_changes_its_mind_leads_nowhere_else(reaching: Reaching, other: Endpoint) -> None:
    answers = iter((["127.0.0.1"], ["10.0.0.1"], ["169.254.169.254"]))
    engine = reaching(f"http://a.example:{other.port}/", "127.0.0.0/8", lookup=lambda *_: next(answers))
    for _ in range(3):
        assert found(engine, asking(f"<http://a.example:{other.port}/sparql>")) == ["007"]
    assert {host for _, host, _ in other.questions} == {f"a.example:{other.port}"}
    unlisted = reaching(f"http://a.example:{other.port}/", lookup=lambda *_: ["127.0.0.1"])
    with pytest.raises(EndpointRefused):
        found(unlisted, asking(f"<http://a.example:{other.port}/sparql>"))
    assert len(other.questions) == 3


def test_a_secret_is_of_no_use_when_the_query_is_over(reaching: Reaching, other: Endpoint) -> None:
    engine = reaching(f"{other.address}/")
    assert found(engine, asking(f"<{other.address}/>")) == ["007"]
    forwarder = engine._federation._running()
    for path in ("/", "/0123/0", f"/{'0' * 32}/0", "/a/b/c"):
        assert httpx.post(forwarder.address + path, content="SELECT * {}").status_code == 502
    assert forwarder._calls == {}
    assert len(other.questions) == 1


def test_however_it_is_written_the_engine_itself_asks_nobody(reaching: Reaching, other: Endpoint) -> None:
    engine = reaching(f"{other.address}/")
    for written in REMOTE:
        if "LOAD" in written.upper() or "DELETE" in written:
            continue
        text = written.replace("http://x", other.address)
        with contextlib.suppress(RemoteAccess, RemoteFailed, EndpointRefused, QueryFault, SyntaxFault):
            engine.answer(text, (media.RESULTS_JSON,), remote=True).body()
    assert other.questions
    assert other.agents == {None}, "the engine would give its name"


# Updates ----------------------------------------------------------------------------------------------------------


def outcome_of(engine: EmbeddedEngine, text: str) -> Outcome:
    return engine.draft(Proposal((UpdateRequest(text),)))


def added(engine: EmbeddedEngine, text: str) -> set[str]:
    """Return the objects that an update would add."""
    return {text_of(quad.object) for quad in outcome_of(engine, text).delta.added}


def test_a_condition_of_an_update_may_ask_too(reaching: Reaching, other: Endpoint) -> None:
    engine = reaching(f"{other.address}/")
    text = f"INSERT {{ <urn:new> <urn:b> ?o }} WHERE {{ SERVICE <{other.address}/> {{ ?s ?p ?o }} }}"
    assert "007" in added(engine, text)
    with pytest.raises(RemoteAccess):
        added(engine, text.replace(other.address, "http://b.example"))
    with pytest.raises(RemoteAccess):
        added(engine, text.replace(f"<{other.address}/>", "?e"))


def test_a_document_is_loaded_from_where_the_list_allows(reaching: Reaching, other: Endpoint) -> None:
    other.respond = lambda handler: said(handler, b'<a> <urn:b> "007", 1.50 .', media.TURTLE)
    engine = reaching(f"{other.address}/data/")
    address = f"{other.address}/data/x.ttl"
    outcome = outcome_of(engine, f"LOAD <{address}> INTO GRAPH <http://x/g> ; LOAD <{address}>")
    held = outcome.delta.added
    assert Quad(f"<{other.address}/data/a>", "<urn:b>", literal("007"), "<http://x/g>") in held
    assert Quad(f"<{other.address}/data/a>", "<urn:b>", literal("007"), NAMES.local) in held
    assert "literal-rewritten" in {finding.check for finding in outcome.findings}
    assert [path for path, *_ in other.questions] == ["/data/x.ttl"], "fetched once for the whole request"


def test_a_document_elsewhere_is_refused_and_silence_is_kept(reaching: Reaching, other: Endpoint) -> None:
    engine = reaching(f"{other.address}/data/")
    for address in (f"{other.address}/x", "http://b.example/x", "file:///etc/passwd"):
        with pytest.raises(RemoteAccess) as refused:
            added(engine, f"\n LOAD <{address}>")
        assert (refused.value.keyword, refused.value.line, refused.value.column) == ("LOAD", 2, 2)
        assert added(engine, f"LOAD SILENT <{address}>") == set()
    assert other.questions == []
    other.respond = FAILURES["HTTP 500"]
    with pytest.raises(RemoteFailed, match="HTTP 500"):
        added(engine, f"LOAD <{other.address}/data/x>")
    assert added(engine, f"LOAD SILENT <{other.address}/data/x>") == set()
    other.respond = lambda handler: said(handler, b"<a> nonsense", media.TURTLE)
    with pytest.raises(SyntaxFault, match="line 1"):
        added(engine, f"LOAD <{other.address}/data/x>")
    assert added(engine, f"LOAD SILENT <{other.address}/data/x>") == set()


# Without a list ---------------------------------------------------------------------------------------------------


def test_without_a_list_nothing_is_ever_opened(reaching: Reaching) -> None:
    engine = reaching()
    with socket.create_server(("127.0.0.1", 0)) as listening:
        address = f"http://127.0.0.1:{listening.getsockname()[1]}/"
        for text in (asking(f"<{address}>"), asking(f"<{address}>", "SILENT"), asking("?e")):
            with pytest.raises(RemoteAccess):
                found(engine, text)
        if os.environ.get("MEDALLIANCE_PROCESSES") != "disk":  # workers on disk have to open files
            # What the guard would overlook, the kernel still refuses.
            with pytest.raises((QueryFault, MemoryLimitReached)):
                engine.answer(asking(f"<{address}>"), (media.RESULTS_JSON,)).body()
        with pytest.raises(RemoteAccess):
            added(engine, f"LOAD <{address}>")
        added(engine, f"LOAD SILENT <{address}>")
        graphs = "{ ?s ?p ?o } UNION { GRAPH ?g { ?s ?p ?o } }"
        query = f"SELECT * FROM <{address}> FROM NAMED <{address}x> {{ {graphs} }}"
        assert json.loads(engine.answer(query, (media.RESULTS_JSON,)).body())["results"]["bindings"] == []
        listening.settimeout(0.2)
        with pytest.raises(TimeoutError):
            listening.accept()
    assert engine._federation._forwarder is None


# Over HTTP --------------------------------------------------------------------------------------------------------


def test_what_goes_wrong_is_told_in_both_languages_and_nothing_is_remembered(
    other: Endpoint, tmp_path: Path
) -> None:
    app = create_app(Settings(data=tmp_path, bare=True, remote=(f"{other.address}/",)))
    with client_of(app, lifespan=True) as client:

        def asked(query: str, language: str = "zh") -> httpx.Response:
            headers = {"Accept": media.RESULTS_JSON, "Accept-Language": language}
            return client.get("/sparql", params={"query": query}, headers=headers)

        def told(query: str, language: str = "zh") -> tuple[int, str, str]:
            reply = asked(query, language)
            return reply.status_code, reply.json()["type"], reply.json()["detail"]

        for value in ("1", "2"):
            other.respond = lambda handler, value=value: rows(handler, value)
            (row,) = asked(asking(f"<{other.address}/>")).json()["results"]["bindings"]
            assert row["o"]["value"] == value
        assert told(asking("<http://b.example/>"))[:2] == (403, "/problems/remote-access")
        text = "SELECT * { { VALUES ?e { <http://b.example/> } } SERVICE ?e { ?s ?p ?o } }"
        status, kind, detail = told(text)
        assert (status, kind, "http://b.example/" in detail) == (403, "/problems/remote-refused", True)
        other.respond = FAILURES["HTTP 500"]
        for language, words in (("zh", "没有给出可用的回答"), ("en", "gave no answer that can be used")):
            status, kind, detail = told(asking(f"<{other.address}/x>"), language)
            assert (status, kind) == (502, "/problems/remote-failed")
            assert f"{other.address}/x" in detail
            assert "HTTP 500" in detail
            assert words in detail
        other.respond = lambda handler: said(handler, b'<a> <urn:b> "007" .', media.TURTLE)
        loaded = client.post(
            "/update",
            content=f"LOAD <{other.address}/d>",
            headers={"Content-Type": "application/sparql-update"},
        )
        assert loaded.status_code in (200, 204), loaded.text
        (row,) = asked("SELECT ?o { ?s <urn:b> ?o }").json()["results"]["bindings"]
        assert row["o"]["value"] == "007"
