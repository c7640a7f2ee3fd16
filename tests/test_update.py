"""SPARQL Update over HTTP: every form of the protocol, who may send it, and what it may do."""

from pathlib import Path

import httpx
import pyoxigraph
import pytest
from fastapi import FastAPI
from hypothesis import given, settings
from hypothesis import strategies as st
from written_to import MAY_WRITE, UPDATE, asked, plain_dataset, problem, updated

from api.access import is_from_this_machine, is_this_machine
from samples import NAMES

FORM = {"Content-Type": "application/x-www-form-urlencoded"}


@pytest.fixture(autouse=True)
def emptied(plain: httpx.Client) -> None:
    assert updated(plain, "DROP ALL").status_code == 200


# --- Forms of the protocol ---------------------------------------------------------------------------------------


def test_an_update_may_come_as_it_is_or_in_a_form(plain: httpx.Client) -> None:
    direct = plain.post("/update?why=first", content="INSERT DATA { <a:a> <a:b> 1 }", headers=UPDATE)
    form = plain.post("/update", data={"update": "INSERT DATA { <a:a> <a:b> 2 }", "why": "第二"})
    assert [reply.status_code for reply in (direct, form)] == [200, 200]
    assert form.json()["added"] == 1
    assert form.json()["version"] == form.json()["change"] == direct.json()["change"] + 1
    assert asked(plain, "{ <a:a> <a:b> 1, 2 }")


def test_the_history_tells_why_and_that_it_came_from_this_machine(plain: httpx.Client) -> None:
    sent = {"X-Why": "%E5%8E%9F%E5%9B%A0"}
    number = updated(plain, "INSERT DATA { :a :b 1 }", **sent).json()["change"]
    change = _app(plain).state.repository.journal.changes(since=number - 1, limit=1)[0]
    assert (change.header.why, change.header.who) == ("原因", "this machine")


def test_what_changes_nothing_is_no_change(plain: httpx.Client) -> None:
    before = updated(plain, "INSERT DATA { :a :b 1 }").json()["change"]
    told = updated(plain, "INSERT DATA { :a :b 1 }").json()
    assert (told["change"], told["added"], told["version"]) == (None, 0, before)


def test_relative_names_are_resolved_against_the_address(plain: httpx.Client) -> None:
    updated(plain, "INSERT DATA { <a> :b 1 }")
    assert asked(plain, "{ <http://127.0.0.1:8000/a> :b 1 }")


def test_the_protocol_gives_the_dataset_of_conditions(plain: httpx.Client) -> None:
    updated(plain, "INSERT DATA { GRAPH :g { :a :b 1 } GRAPH :h { :a :b 2 } :a :b 3 }")
    text = "PREFIX : <http://x/> INSERT { :c :d ?o } WHERE { :a :b ?o }"
    direct = plain.post("/update?using-graph-uri=http://x/g", content=text, headers=UPDATE)
    assert direct.json()["added"] == 1
    text = "PREFIX : <http://x/> INSERT { :e :f ?o } WHERE { GRAPH ?g { :a :b ?o } }"
    form = plain.post("/update", data={"update": text, "using-named-graph-uri": "http://x/h"})
    assert form.json()["added"] == 1
    assert asked(plain, "{ :c :d 1 . :e :f 2 }")


@pytest.mark.parametrize(
    ("target", "headers", "content", "refused"),
    [
        ("/update", FORM, b"", (400, "missing-update")),
        ("/update", FORM, b"update=CLEAR+ALL&update=CLEAR+ALL", (400, "missing-update")),
        ("/update?update=CLEAR+ALL", FORM, b"", (400, "malformed-request")),
        ("/update", {"Content-Type": "text/plain"}, b"CLEAR ALL", (415, "unsupported-media-type")),
        ("/update", {}, b"CLEAR ALL", (415, "unsupported-media-type")),
        ("/update", UPDATE, "INSERT DATA { <a:a> <a:b> '中' }".encode("gbk"), (400, "malformed-request")),
        ("/update", FORM, b"update=%FF", (400, "malformed-request")),
        ("/update", UPDATE, b"INSERT DATA { <a:a> <a:b> }", (400, "malformed-query")),
        ("/update", UPDATE, b"PREFIX a: <a:> SELECT * {}", (400, "query-not-here")),
        ("/update", UPDATE, b"ASK {}", (400, "query-not-here")),
        ("/update", UPDATE, b"CLEAR GRAPH <a:none>", (404, "graph-missing")),
        ("/update", UPDATE, b"INSERT {} WHERE { FILTER(<a:f>(1)) }", (422, "query-not-evaluated")),
        ("/update", UPDATE, b"LOAD <http://127.0.0.1/>", (403, "remote-access")),
        ("/update", UPDATE, b"INSERT {} WHERE { SERVICE <http://127.0.0.1/> {} }", (403, "remote-access")),
        ("/update", UPDATE, b"#" * 100_001, (413, "query-too-large")),
        ("/update?using-graph-uri=no%20iri", UPDATE, b"INSERT {} WHERE {}", (400, "malformed-request")),
        ("/update?using-graph-uri=a:g", UPDATE, b"WITH <a:g> DELETE {} WHERE {}", (400, "malformed-query")),
    ],
)
def test_what_cannot_be_done_is_said(
    plain: httpx.Client, target: str, headers: dict[str, str], content: bytes, refused: tuple[int, str]
) -> None:
    assert problem(plain.post(target, content=content, headers=headers)) == refused


def test_a_syntax_fault_is_told_with_its_place(plain: httpx.Client) -> None:
    told = updated(plain, "INSERT DATA { :a :b 1 } ;\nINSERT DATA { :a :b ?x }").json()
    assert (told["line"], told["column"]) == (2, 21)


def test_there_is_nothing_to_get(plain: httpx.Client) -> None:
    assert problem(plain.get("/update")) == (405, "method-not-allowed")


def test_an_update_that_takes_too_long_is_stopped_and_changes_nothing(tmp_path: Path) -> None:
    many = " ".join(str(number) for number in range(300))
    text = " ".join(f"VALUES ?{name} {{ {many} }}" for name in "abcde")
    with plain_dataset(tmp_path, update_seconds=0.8) as client:
        refused = updated(client, f"INSERT {{ :a :b ?a }} WHERE {{ {text} }}")
        assert problem(refused) == (503, "update-too-heavy")
        assert not asked(client, "{ ?s ?p ?o }")


def test_an_update_is_whole_or_not_at_all(plain: httpx.Client) -> None:
    updated(plain, "INSERT DATA { :a :b 1 }")
    assert updated(plain, "CLEAR ALL ; INSERT DATA { :a :b 2 } ; DROP GRAPH :none").status_code == 404
    assert asked(plain, "{ :a :b 1 FILTER NOT EXISTS { :a :b 2 } }")


# --- A plain dataset ---------------------------------------------------------------------------------------------

OPERATIONS = (
    "INSERT DATA { :a :p 1, '007', 007 , true . GRAPH :g { :a :p _:b . _:b :q '中文'@ZH } }",
    "INSERT DATA { << :a :p 1 ~ :r >> :says 'x'@ar--rtl . :a :t <<( :a :p <<( :b :p 2 )>> )>> }",
    "DELETE { ?s ?p ?o } INSERT { GRAPH :h { ?s ?p ?o } } WHERE { ?s ?p ?o }",
    "DELETE WHERE { GRAPH ?g { ?s :p ?o } }",
    "INSERT { ?o :of ?s } WHERE { { ?s ?p ?o } UNION { GRAPH ?g { ?s ?p ?o } } }",
    "COPY SILENT :g TO DEFAULT",
    "MOVE SILENT :h TO :g",
    "CLEAR SILENT GRAPH :g",
    "DROP DEFAULT",
)


@settings(max_examples=8, deadline=None)
@given(requests=st.lists(st.sampled_from(OPERATIONS), min_size=1, max_size=4))
def test_an_update_over_http_does_what_the_engine_would(plain: httpx.Client, requests: list[str]) -> None:
    native = pyoxigraph.Store()
    updated(plain, "DROP ALL")
    for text in requests:
        assert updated(plain, text).status_code == 200
        native.update(f"PREFIX : <http://x/> {text}")
    text = "SELECT * { { ?s ?p ?o } UNION { GRAPH ?g { ?s ?p ?o } } }"
    reply = plain.get("/sparql", params={"query": text, "format": "json"})
    ours, theirs = pyoxigraph.Dataset(), pyoxigraph.Dataset(native)
    for row in pyoxigraph.parse_query_results(reply.content, format=pyoxigraph.QueryResultsFormat.JSON):
        ours.add(pyoxigraph.Quad(row["s"], row["p"], row["o"], row["g"]))
    for dataset in (ours, theirs):
        dataset.canonicalize(pyoxigraph.CanonicalizationAlgorithm.UNSTABLE)
    assert ours == theirs


def test_rdf_1_2_survives_a_restart(tmp_path: Path) -> None:
    text = "{ :a :t <<( :s :p 'x'@ar--rtl )>> . << :a :b :c ~ :r >> :q 1 }"
    with plain_dataset(tmp_path) as client:
        updated(client, f"INSERT DATA {text}")
    with plain_dataset(tmp_path) as client:
        assert asked(client, text)


def test_pages_and_documents_stand_what_a_plain_dataset_may_hold(plain: httpx.Client) -> None:
    updated(
        plain,
        "INSERT DATA { :a :t <<( :s :p 'x'@ar--rtl )>> ; :t [ :p 1 ] ; a :T . << :a :b :c ~ :r >> :q 1 }",
    )
    for target in ("/", "/search?q=a", "/resource?iri=http://x/a", "/api/v1/entities?iri=http://x/a"):
        for accept in ("text/html", "text/turtle", "application/rdf+xml", "*/*"):
            assert plain.get(target, headers={"Accept": accept}).status_code == 200, target
    # What JSON-LD cannot say is said to be so.
    sent = {"Accept": "application/ld+json"}
    assert problem(plain.get("/resource?iri=http://x/a", headers=sent)) == (406, "not-acceptable")
    assert problem(plain.get("/graph-store?default", headers=sent)) == (422, "query-not-evaluated")


def test_a_graph_that_was_emptied_is_gone(plain: httpx.Client) -> None:
    updated(plain, "INSERT DATA { GRAPH :g { :a :b 1 } }")
    assert asked(plain, "{ GRAPH ?g {} }")
    updated(plain, "DELETE DATA { GRAPH :g { :a :b 1 } }")
    assert not asked(plain, "{ GRAPH ?g {} }")


# --- Who may -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site", "Origin": "https://elsewhere.example"},
        {"Origin": "https://elsewhere.example"},
        {"Origin": "null"},
    ],
)
def test_a_page_from_elsewhere_cannot_write_to_a_plain_dataset(
    plain: httpx.Client, headers: dict[str, str]
) -> None:
    assert problem(updated(plain, "INSERT DATA { :a :b 1 }", **headers)) == (403, "other-site")
    sent = plain.put("/graph-store?default", content=b"", headers={"Content-Type": "text/turtle", **headers})
    assert problem(sent) == (403, "other-site")


@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "rebound.example", "Origin": "http://rebound.example", "Sec-Fetch-Site": "same-origin"},
        {"Host": "127.0.0.1.example:8000"},
        {"X-Forwarded-For": "203.0.113.9"},
        {"Forwarded": "for=203.0.113.9"},
        {"Via": "1.1 proxy"},
    ],
)
def test_whoever_does_not_ask_this_machine_itself_needs_a_token(
    plain: httpx.Client, headers: dict[str, str]
) -> None:
    assert problem(updated(plain, "INSERT DATA { :a :b 1 }", **headers)) == (401, "unauthorized")
    assert not asked(plain, "{ ?s ?p ?o }")


def test_a_plain_dataset_that_listens_to_others_trusts_nobody(tmp_path: Path) -> None:
    with plain_dataset(tmp_path, host="0.0.0.0") as client:
        assert problem(updated(client, "CLEAR ALL")) == (401, "unauthorized")


def test_a_read_only_dataset_takes_no_update(tmp_path: Path) -> None:
    with plain_dataset(tmp_path, read_only=True) as client:
        assert problem(updated(client, "CLEAR ALL")) == (403, "read-only")


def test_only_what_can_mean_nothing_else_is_this_machine() -> None:
    assert all(map(is_this_machine, ("127.0.0.1", "127.8.8.8", "::1", "[::1]", "localhost", "LOCALHOST.")))
    assert not any(
        map(is_this_machine, ("", "0.0.0.0", "::", "10.0.0.1", "localhost.example", "example.org"))
    )
    scope = {"headers": [(b"host", b"localhost:8000")], "client": ("10.0.0.7", 5)}
    assert not is_from_this_machine(scope)
    assert is_from_this_machine({**scope, "client": ("::1", 5)})


# --- An instance -------------------------------------------------------------------------------------------------


def test_an_instance_asks_for_a_token(instance: httpx.Client) -> None:
    assert problem(updated(instance, "INSERT DATA { :a :b 1 }")) == (401, "unauthorized")


def test_what_is_written_without_a_graph_is_in_the_instances_own(instance: httpx.Client) -> None:
    assert updated(instance, "INSERT DATA { :own :b 1 }", **MAY_WRITE).status_code == 200
    assert asked(instance, f"{{ :own :b 1 GRAPH {NAMES.local} {{ :own :b 1 }} }}")
    assert updated(instance, "DELETE DATA { :own :b 1 }", **MAY_WRITE).status_code == 200
    assert not asked(instance, "{ :own ?p ?o }")


def test_a_graph_that_an_update_makes_belongs_to_the_default_graph_while_it_holds_anything(
    instance: httpx.Client,
) -> None:
    listed = f"{{ GRAPH {NAMES.catalogue} {{ :made ?p ?o }} }}"
    made = updated(instance, "INSERT DATA { GRAPH :made { :m :b 1 } }", **MAY_WRITE)
    assert made.status_code == 200
    assert asked(instance, "{ :m :b 1 }")
    assert asked(instance, listed)
    updated(instance, "DROP GRAPH :made", **MAY_WRITE)
    assert not asked(instance, f"{{ {{ :m ?p ?o }} UNION {listed} }}")


@pytest.mark.parametrize(
    ("text", "refused"),
    [
        (f"INSERT DATA {{ GRAPH {NAMES.derived} {{ :a :b 1 }} }}", (409, "protected-graph")),
        (f"INSERT DATA {{ GRAPH {NAMES.catalogue} {{ :a :b 1 }} }}", (409, "protected-graph")),
        (
            "DELETE WHERE { ?s a <https://w3id.org/medalliance/ontology#MedicalAlliance> }",
            (409, "held-by-sources"),
        ),
        ("INSERT DATA { :a :b <<( :a :b :c )>> }", (400, "malformed-query")),
        (
            "INSERT DATA { :d a <https://w3id.org/medalliance/ontology#AllianceMembership> }",
            (422, "checks-failed"),
        ),
    ],
)
def test_an_instance_keeps_what_is_not_to_be_written(
    instance: httpx.Client, text: str, refused: tuple[int, str]
) -> None:
    reply = updated(instance, text, **MAY_WRITE)
    assert problem(reply) == refused
    if refused[0] == 409:
        assert reply.json()["graphs"]


def test_a_write_is_read_at_once_and_is_one_change(instance: httpx.Client) -> None:
    for number in range(3):
        told = updated(
            instance,
            f"DELETE {{ :n :is ?o }} INSERT {{ :n :is {number} }} WHERE {{ OPTIONAL {{ :n :is ?o }} }}",
            **MAY_WRITE,
        ).json()
        assert told["version"] == told["change"]
        assert asked(instance, f"{{ :n :is {number} }}")


def _app(client: httpx.Client) -> FastAPI:
    app: FastAPI = client._transport._transport.app
    return app
