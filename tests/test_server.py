"""The whole service, as partners and browsers meet it: over HTTP, in a process of its own."""

import hashlib
import http.client
import json
import os
import re
import shutil
import socket
import threading
import time
from pathlib import Path
from urllib.parse import quote, urlencode, urlsplit

import pytest

from graph import media
from graph.oxigraph import OxigraphStore
from servers import Reply, Server, command, served

DEPARTMENT = "https://w3id.org/medalliance/id/org/fhjlu-neonatology"
HERE = "/id/org/fhjlu-neonatology"
COUNT = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def sparql(server: Server, query: str, accept: str = media.RESULTS_JSON, **more: str) -> Reply:
    return server.get("/sparql?" + urlencode({"query": query, **more}), accept)


def rows(reply: Reply) -> list[dict[str, str]]:
    assert reply.status == 200, reply.text
    return [{k: v["value"] for k, v in row.items()} for row in reply.json["results"]["bindings"]]


@pytest.mark.parametrize(
    "send",
    [
        lambda s, q: s.get("/sparql?" + urlencode({"query": q})),
        lambda s, q: s.ask("POST", "/sparql", FORM, urlencode({"query": q}).encode()),
        lambda s, q: s.ask("POST", "/sparql", {"Content-Type": "application/sparql-query"}, q.encode()),
        lambda s, q: s.ask(
            "POST", "/sparql", {"Content-Type": "application/sparql-query; charset=utf-8"}, q.encode()
        ),
        lambda s, q: s.get("/sparql?" + urlencode({"query": q, "unknown": "tolerated"})),
    ],
)
def test_a_query_may_come_in_every_form_of_the_protocol(server: Server, send) -> None:
    assert int(rows(send(server, COUNT))[0]["n"]) > 20_000


@pytest.mark.parametrize("kind", media.ROW_TYPES)
def test_rows_come_as_the_client_likes(server: Server, kind: str) -> None:
    reply = sparql(server, "SELECT ?s { ?s ?p ?o } LIMIT 2", kind)
    assert (reply.status, reply.media_type) == (200, kind)


@pytest.mark.parametrize("kind", media.RDF_TYPES)
def test_graphs_come_as_the_client_likes(server: Server, kind: str) -> None:
    reply = sparql(server, f"DESCRIBE <{DEPARTMENT}>", kind)
    assert (reply.status, reply.media_type) == (200, kind)
    assert OxigraphStore().read(reply.body, kind)


@pytest.mark.parametrize(
    ("name", "kind"),
    [("json", media.RESULTS_JSON), ("csv", media.CSV), ("tsv", media.TSV), ("xml", media.RESULTS_XML)],
)
def test_the_format_parameter_goes_before_the_header(server: Server, name: str, kind: str) -> None:
    assert sparql(server, COUNT, "text/html", format=name).media_type == kind


def test_equal_answers_have_equal_tags_and_are_not_sent_twice(server: Server) -> None:
    first = sparql(server, COUNT)
    again = server.get(
        "/sparql?" + urlencode({"query": COUNT}), media.RESULTS_JSON, If_None_Match=first.headers["etag"]
    )
    assert (again.status, again.body) == (304, b"")


def test_whoever_asks_nothing_gets_the_service_description(server: Server) -> None:
    reply = server.get("/sparql?lang=en", "text/turtle")
    assert (reply.status, reply.media_type) == (200, "text/turtle")
    assert "SPARQL11Query" in reply.text
    assert server.get("/sparql", "text/html").status == 303


@pytest.mark.parametrize(
    ("query", "status", "problem"),
    [
        ("SELECT * {", 400, "malformed-query"),
        ("SELECT * { ?s ?p }", 400, "malformed-query"),
        ("SELECT (<http://example.org/f>(1) AS ?x) {}", 422, "query-not-evaluated"),
        ("SELECT * {" + "{" * 20_000 + "}" * 20_001, 400, "query-too-deep"),
        ("SELECT * { ?s ?p ?o } #" + "x" * 70_000, 413, "query-too-large"),
        ("INSERT DATA { <a:a> <a:b> 1 }", 400, "update-not-here"),
        ("SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }", 403, "remote-access"),
        ("SELECT * { SERVICE SILENT <http://127.0.0.1:9/> { ?s ?p ?o } }", 403, "remote-access"),
        ("LOAD <http://127.0.0.1:9/>", 403, "remote-access"),
    ],
)
def test_a_query_that_cannot_be_answered_is_a_problem(
    server: Server, query: str, status: int, problem: str
) -> None:
    reply = server.ask("POST", "/sparql", FORM, urlencode({"query": query}).encode())
    assert (reply.status, reply.media_type) == (status, "application/problem+json")
    assert reply.json["type"] == f"/problems/{problem}"
    assert "Traceback" not in reply.text


def test_the_place_of_a_mistake_is_said_in_the_readers_language(server: Server) -> None:
    target = "/sparql?" + urlencode({"query": "SELECT *\n{ ?s ?p }"})
    zh = server.get(target, "application/json", Accept_Language="zh-CN").json
    en = server.get(target, "application/json", Accept_Language="en").json
    assert (zh["line"], zh["column"]) == (en["line"], en["column"])
    assert zh["line"] == 2
    assert abs(zh["column"] - len("{ ?s ?p }")) <= 1  # where the parser could not go on
    assert zh["title"] != en["title"]


@pytest.mark.parametrize(
    ("method", "target", "headers", "body", "status"),
    [
        ("POST", "/sparql", {"Content-Type": "text/plain"}, b"ASK {}", 415),
        ("POST", "/sparql", FORM, b"", 400),
        ("POST", "/sparql", FORM, b"query=%ff", 400),
        ("GET", "/sparql?query=ASK%7B%7D&query=ASK%7B%7D", {}, None, 400),
        ("GET", "/sparql?query=ASK%7B%7D", {"Accept": "image/png"}, None, 406),
        ("GET", "/sparql?query=ASK%7B%7D", {"Accept": "text/csv"}, None, 406),
        ("PUT", "/sparql", {}, b"", 405),
        ("GET", "/nowhere", {}, None, 404),
        ("GET", "/id/org/nobody", {}, None, 404),
        ("GET", "/resource?iri=http://example.org/nobody", {}, None, 404),
        ("GET", "/resource?iri=%3Cno%20iri", {}, None, 404),
        ("GET", "/api/v1/entities", {}, None, 400),
        ("GET", "/api/v1/search?q=x&limit=0", {}, None, 400),
        ("POST", "/api/v1/changes?name=a.ttl", {"Content-Type": "text/turtle"}, b"", 401),
        ("POST", "/api/v1/changes?name=a.ttl", {"Authorization": "Bearer guess"}, b"", 401),
    ],
)
def test_every_refusal_has_its_status_and_shape(
    server: Server, method: str, target: str, headers: dict[str, str], body: bytes | None, status: int
) -> None:
    reply = server.ask(method, target, headers, body)
    assert (reply.status, reply.media_type) == (status, "application/problem+json"), reply.text
    assert {"type", "title", "status", "detail"} <= reply.json.keys()


def test_a_server_that_is_stopped_while_it_still_prepares_ends_well(tmp_path: Path, started: Path) -> None:
    shutil.copy(started, tmp_path)
    with served(tmp_path) as server:
        time.sleep(0.4)
        assert server.stop() == 0


def test_a_query_that_never_ends_is_stopped_while_others_go_on(tmp_path: Path, started: Path) -> None:
    shutil.copy(started, tmp_path)
    never = "SELECT (COUNT(*) AS ?n) { " + " ".join(f"?a{n} ?b{n} ?c{n} ." for n in range(4)) + " }"
    with served(tmp_path, env={"MEDALLIANCE_QUERY_SECONDS": "1.5"}) as server:
        slow: list[Reply] = []
        threads = [threading.Thread(target=lambda: slow.append(sparql(server, never))) for _ in range(2)]
        for thread in threads:
            thread.start()
        assert rows(sparql(server, COUNT))
        for thread in threads:
            thread.join()
        assert [(reply.status, reply.json["type"]) for reply in slow] == [
            (503, "/problems/query-timeout")
        ] * 2
        assert rows(sparql(server, COUNT))
        assert server.stop() == 0


def test_no_query_makes_the_server_open_a_connection(server: Server) -> None:
    with socket.create_server(("127.0.0.1", 0)) as trap:
        trap.settimeout(0.3)
        address = f"http://127.0.0.1:{trap.getsockname()[1]}/"
        for query in (
            f"SELECT * {{ SERVICE <{address}> {{ ?s ?p ?o }} }}",
            f"PREFIX e: <{address}> SELECT * {{ sErViCe siLENT e:x {{ ?s ?p ?o }} }}",
            f"SELECT * {{ BIND(<{address}> AS ?e) SERVICE ?e {{ ?s ?p ?o }} }}",
            f"LOAD <{address}>",
            f"SELECT * FROM <{address}> {{ ?s ?p ?o }}",
        ):
            sparql(server, query)
        with pytest.raises(TimeoutError):
            trap.accept()


@pytest.mark.parametrize(
    "path",
    [
        HERE,
        "/ontology",
        "/vocab",
        "/shapes",
        "/vocab/basis/stated",
        "/source/department-profile",
        "/source/department-profile/6827d68f",
        "/id/area/220000",
    ],
)
@pytest.mark.parametrize(
    ("suffix", "kind"),
    [("ttl", media.TURTLE), ("jsonld", media.JSONLD), ("nt", media.NTRIPLES), ("rdf", media.RDFXML)],
)
def test_linked_data_comes_by_suffix_and_by_accept(server: Server, path: str, suffix: str, kind: str) -> None:
    by_suffix = server.get(f"{path}.{suffix}")
    by_accept = server.get(path, kind)
    assert (by_suffix.status, by_suffix.media_type) == (200, kind)
    assert (by_accept.status, by_accept.media_type) == (200, kind)
    assert by_suffix.body == by_accept.body
    assert OxigraphStore().read(by_suffix.body, kind)
    assert 'rel="alternate"' in by_suffix.headers["link"]


@pytest.mark.parametrize(
    "path",
    [
        HERE,
        "/ontology",
        "/",
        "/id/area/220000",
        "/search?q=吉林".replace("吉林", quote("吉林")),
        "/query",
        "/docs",
    ],
)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_people_get_pages_in_their_language(server: Server, path: str, language: str) -> None:
    joined = "&" if "?" in path else "?"
    reply = server.get(f"{path}{joined}lang={language}", "text/html,application/xhtml+xml,*/*;q=0.8")
    assert (reply.status, reply.media_type) == (200, "text/html")
    assert re.search(rf'<html lang="{language}', reply.text)
    assert "default-src 'none'" in reply.headers["content-security-policy"]
    assert not re.search(
        r"""(?:src|href|action)=["']?(?:https?:)?//(?!w3id\.org|127\.0\.0\.1)""", _own_parts(reply.text)
    )


def _own_parts(html: str) -> str:
    """Return a page without the links that lead elsewhere on a reader's click, which load nothing."""
    return re.sub(r"<a\s[^>]*>", "", html)


def test_an_old_address_leads_to_the_new_one(server: Server) -> None:
    for old, new in (
        ("/id/area/jilin", "/id/area/220000"),
        ("/id/area/220381", "/id/area/220184"),
        ("/id/area/jilin.ttl", "/id/area/220000.ttl"),
    ):
        reply = server.get(old)
        assert (reply.status, reply.headers["location"]) == (301, new)


def test_any_iri_of_the_graph_can_be_looked_up(server: Server) -> None:
    reply = server.get("/resource?iri=" + quote(DEPARTMENT, safe=""), media.TURTLE)
    assert reply.status == 200
    assert reply.body == server.get(HERE, media.TURTLE).body


def test_the_rest_interface_answers(server: Server) -> None:
    found = server.get("/api/v1/search?q=" + quote("新生儿科")).json
    assert DEPARTMENT in [hit["iri"] for hit in found["items"]]
    shown = server.get("/api/v1/entities?iri=" + quote(DEPARTMENT, safe="")).json
    assert shown["iri"] == DEPARTMENT
    (alliance,) = server.get("/api/v1/alliances").json["items"]
    assert (alliance["initiators"], alliance["memberships"]) == ([DEPARTMENT], 1)
    around = server.get("/api/v1/graph/neighbourhood?iri=" + quote(DEPARTMENT, safe="")).json
    assert around["centre"] == DEPARTMENT
    ends = {edge["from"] for edge in around["edges"]} | {edge["to"] for edge in around["edges"]}
    assert ends <= {node["iri"] for node in around["nodes"]}
    assert all(edge["provenance"]["sources"] for edge in around["edges"])


def test_the_picture_is_one_file_that_loads_nothing(server: Server) -> None:
    reply = server.get("/picture?iri=" + quote(DEPARTMENT, safe=""))
    assert (reply.status, reply.media_type) == (200, "text/html")
    assert not re.search(r"""<(?:script|link|img|iframe)[^>]*(?:src|href)=["']?(?:https?:)?//""", reply.text)
    assert "sha256-" in reply.headers["content-security-policy"]


def test_the_api_describes_itself_with_the_core_first(server: Server) -> None:
    described = server.get("/openapi.json").json
    assert described["tags"][0]["name"] == "core"
    core = {
        path
        for path, at in described["paths"].items()
        if any("core" in one.get("tags", []) for one in at.values())
    }
    assert {
        "/sparql",
        "/api/v1/search",
        "/api/v1/entities",
        "/api/v1/graph/neighbourhood",
        "/api/v1/graph/path",
        "/api/v1/graph/common",
        "/api/v1/picture",
    } <= core


@pytest.mark.parametrize("name", ["query-timeout", "not-found", "checks-failed"])
def test_the_type_of_a_problem_leads_to_what_it_means(server: Server, name: str) -> None:
    assert server.get(f"/problems/{name}").json["type"] == f"/problems/{name}"
    assert server.get(f"/problems/{name}", "text/html").status == 200
    assert server.get("/problems/unheard-of").status == 404


def test_answers_on_a_kept_connection_do_not_wait(server: Server) -> None:
    connection = http.client.HTTPConnection(urlsplit(server.address).netloc, timeout=30)
    taken = []
    for _ in range(9):
        begun = time.perf_counter()
        connection.request("GET", "/healthz")
        connection.getresponse().read()
        taken.append(time.perf_counter() - begun)
    connection.close()
    assert sorted(taken)[2] < 0.03  # delayed acknowledgements take 0.04 s each


def test_health_and_readiness_are_told(server: Server) -> None:
    assert server.get("/healthz").json == {"status": "ok"}
    ready = server.get("/readyz").json
    assert ready["status"] == "ready"
    assert ready["version"] == ready["journal"]


def test_a_running_server_loads_for_the_command_line(tmp_path: Path, started: Path) -> None:
    (tmp_path / "data").mkdir()
    shutil.copy(started, tmp_path / "data")
    file = tmp_path / "more.ttl"
    file.write_text('@prefix x: <http://example.org/> . x:a x:p "值"@zh .', encoding="utf-8")
    bad = tmp_path / "bad.ttl"
    bad.write_text(
        "@prefix ma: <https://w3id.org/medalliance/ontology#> . <http://example.org/d> a ma:Designation .\n",
        encoding="utf-8",
    )
    with served(tmp_path / "data") as server:
        said = command("load", str(file), "--why", "a test", data=server.data)
        assert said.returncode == 0, said.stderr
        assert rows(sparql(server, "SELECT ?o { <http://example.org/a> <http://example.org/p> ?o }")) == [
            {"o": "值"}
        ]
        refused = command("load", str(bad), data=server.data)
        assert refused.returncode == 1
        assert "Violation" in refused.stderr
        assert "remedy" in refused.stderr
        other = command("check", data=server.data)
        assert (other.returncode, "in use" in other.stderr) == (1, True)
        assert server.stop() == 0
    said = command("check", data=tmp_path / "data")
    assert (said.returncode, "2 changes" in said.stdout) == (0, True), said


def test_a_read_only_server_takes_nothing(tmp_path: Path, started: Path) -> None:
    shutil.copy(started, tmp_path)
    with served(tmp_path, "--read-only") as server:
        secret = json.loads((server.data / "control.json").read_text("utf-8"))["secret"]
        for headers in ({}, {"Authorization": f"Bearer {secret}"}):
            reply = server.ask("POST", "/api/v1/changes?name=a.ttl", headers, b"")
            assert (reply.status, reply.json["type"]) == (403, "/problems/read-only")


def test_a_plain_dataset_holds_nothing_packaged(tmp_path: Path) -> None:
    with served(tmp_path / "data", "--bare") as server:
        assert rows(sparql(server, COUNT)) == [{"n": "0"}]


def test_an_address_that_is_taken_is_said_before_anything_is_loaded(server: Server, tmp_path: Path) -> None:
    port = server.address.rpartition(":")[2]
    said = command("serve", "--port", port, data=tmp_path / "other", alone=True)
    assert (said.returncode, "is taken" in said.stderr) == (1, True)
    assert not (tmp_path / "other").exists()


def test_the_control_file_is_for_its_owner_only(server: Server) -> None:
    file = server.data / "control.json"
    assert os.name == "nt" or file.stat().st_mode & 0o077 == 0
    digest = hashlib.sha256(file.read_bytes()).hexdigest()
    assert digest not in server.get("/").text
