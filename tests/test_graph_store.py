"""The Graph Store Protocol: graphs read and written as wholes, by every way of naming them."""

from pathlib import Path
from typing import Any

import httpx
import pytest
from written_to import MAY_WRITE, TURTLE, asked, graph_at, plain_dataset, problem, updated

from graph import media
from graph.oxigraph import OxigraphStore
from graph.repository import Recorded, Repository
from graph.settle import GraphWrite, UpdateRequest
from samples import BASE, NAMES

G = graph_at("http://x/g")
ONE = b"<http://x/a> <http://x/b> 1 ."
TWO = b"<http://x/a> <http://x/b> 2 ."
SOURCE = "https://w3id.org/medalliance/source/department-profile/6827d68f"


@pytest.fixture(autouse=True)
def emptied(plain: httpx.Client) -> None:
    assert updated(plain, "DROP ALL").status_code == 200


def put(client: httpx.Client, target: str, content: bytes = ONE, **headers: str) -> httpx.Response:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return client.put(target, content=content, headers={**TURTLE, **named})


def post(client: httpx.Client, target: str, content: bytes = ONE, **headers: str) -> httpx.Response:
    return client.post(target, content=content, headers={**TURTLE, **headers})


# --- Whole graphs ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("target", [G, "/graph-store/some/g.ttl", "/graph-store/%E5%9B%BE"])
def test_a_graph_is_made_replaced_added_to_and_removed(plain: httpx.Client, target: str) -> None:
    assert problem(plain.get(target)) == (404, "graph-missing")
    assert put(plain, target, ONE).status_code == 201
    assert put(plain, target, TWO).status_code == 200
    assert asked(plain, "{ GRAPH ?g { :a :b 2 } FILTER NOT EXISTS { GRAPH ?h { :a :b 1 } } }")
    assert post(plain, target, ONE).status_code == 200
    assert asked(plain, "{ GRAPH ?g { :a :b 1, 2 } }")
    assert plain.delete(target).status_code == 200
    assert problem(plain.delete(target)) == (404, "graph-missing")
    assert problem(plain.get(target)) == (404, "graph-missing")


def test_a_graph_named_by_its_address_has_that_address_as_its_name(plain: httpx.Client) -> None:
    put(plain, "/graph-store/some/%E5%9B%BE.ttl", b"<> <http://x/b> <#one> .")
    name = "http://127.0.0.1:8000/graph-store/some/%E5%9B%BE.ttl"
    assert asked(plain, f"{{ GRAPH <{name}> {{ <{name}> :b <{name}#one> }} }}")
    assert plain.get(graph_at(name)).content == plain.get("/graph-store/some/%E5%9B%BE.ttl").content


def test_the_default_graph_is_always_there(plain: httpx.Client) -> None:
    assert (plain.get("/graph-store?default").status_code, plain.get("/graph-store?default").content) == (
        200,
        b"",
    )
    assert put(plain, "/graph-store?default").status_code == 200
    assert asked(plain, "{ :a :b 1 }")
    assert plain.delete("/graph-store?default").status_code == 200
    assert not asked(plain, "{ ?s ?p ?o }")


def test_a_graph_without_content_is_none(plain: httpx.Client) -> None:
    assert put(plain, G, b"").status_code == 200
    assert plain.get(G).status_code == 404
    put(plain, G, ONE)
    assert put(plain, G, b"# nothing").status_code == 200
    assert plain.get(G).status_code == 404


def test_what_is_posted_without_a_name_gets_one(plain: httpx.Client) -> None:
    for _ in range(2):
        made = post(plain, "/graph-store")
        assert made.status_code == 201
        location = made.headers["location"]
        assert location.startswith("http://127.0.0.1:8000/graph-store/")
        assert asked(plain, f"{{ GRAPH <{location}> {{ :a :b 1 }} }}")
        assert plain.get(location).content == plain.get(graph_at(location)).content != b""
    assert asked(plain, "{ GRAPH ?g { :a :b 1 } GRAPH ?h { :a :b 1 } FILTER(?g != ?h) }")


def test_a_form_may_bring_several_documents(plain: httpx.Client) -> None:
    files = [
        ("a", ("a.ttl", ONE, "text/turtle; charset=utf-8")),
        ("b", ("b.nt", TWO.replace(b" 2", b' "x"'), "application/octet-stream")),
    ]
    assert plain.post(G, files=files).status_code == 201
    assert asked(plain, "{ GRAPH :g { :a :b 1, 'x' } }")
    assert problem(plain.post(G, data={"a": "no file"}, files=[("b", ("", b""))])) == (
        400,
        "malformed-request",
    )


@pytest.mark.parametrize("kind", media.RDF_TYPES)
def test_what_is_read_in_any_format_can_be_put_back(plain: httpx.Client, kind: str) -> None:
    put(plain, G, b"@prefix : <http://x/> . :a :b '007', 7, '\xe4\xb8\xad'@zh, [ :c 1.5, true ] .")
    read = plain.get(G, headers={"Accept": kind})
    assert (read.status_code, read.headers["content-type"].partition(";")[0]) == (200, kind)
    if kind in (media.TRIG, media.NQUADS):
        assert "<http://x/g>" not in read.text
    copied = plain.put(graph_at("http://x/h"), content=read.content, headers={"Content-Type": kind})
    assert copied.status_code == 201, copied.text
    assert asked(plain, "{ GRAPH :h { :a :b '007', 7, '中'@zh ; :b [ :c 1.5, true ] } }")
    assert copied.json()["added"] == 6


def test_a_format_may_be_wished_for_in_the_address(plain: httpx.Client) -> None:
    put(plain, G)
    assert (
        plain.get(f"{G}&format=nt", headers={"Accept": "text/turtle"}).headers["content-type"]
        == media.NTRIPLES
    )
    assert plain.get(f"{G}&format=json").headers["content-type"] == media.JSONLD
    assert problem(plain.get(f"{G}&format=csv")) == (406, "not-acceptable")
    assert problem(plain.get(G, headers={"Accept": "image/png"})) == (406, "not-acceptable")


def test_the_head_is_that_of_the_whole(plain: httpx.Client) -> None:
    put(plain, G)
    whole, head = plain.get(G), plain.head(G)
    assert (head.status_code, head.content) == (200, b"")
    for name in ("content-type", "content-length", "etag"):
        assert head.headers[name] == whole.headers[name]
    assert plain.head(graph_at("http://x/none")).status_code == 404


def test_rdf_1_2_is_taken_by_a_plain_dataset(plain: httpx.Client) -> None:
    put(plain, G, b"@prefix : <http://x/> . :a :b :c ~ :r {| :d 'x'@ar--rtl |} .")
    read = plain.get(G, headers={"Accept": media.NTRIPLES})
    assert "<<( <http://x/a> <http://x/b> <http://x/c> )>>" in read.text
    assert '"x"@ar--rtl' in read.text


@pytest.mark.parametrize("charset", ["utf-16", "gb18030", "GBK", '"utf-8"'])
def test_a_document_may_be_in_the_charset_that_it_says(plain: httpx.Client, charset: str) -> None:
    content = "<http://x/a> <http://x/b> '中文' .".encode(charset.strip('"'))
    sent = {"Content-Type": f"text/turtle; charset={charset}"}
    assert plain.put(G, content=content, headers=sent).status_code == 201
    assert asked(plain, "{ GRAPH :g { :a :b '中文' } }")


# --- What cannot be done -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("method", "target", "headers", "content", "refused"),
    [
        ("GET", "/graph-store", {}, b"", (400, "malformed-request")),
        ("PUT", "/graph-store", TURTLE, ONE, (400, "malformed-request")),
        ("DELETE", "/graph-store", {}, b"", (400, "malformed-request")),
        ("GET", f"{G}&default", {}, b"", (400, "malformed-request")),
        ("GET", "/graph-store?graph=a&graph=b", {}, b"", (400, "malformed-request")),
        ("GET", "/graph-store/a?default", {}, b"", (400, "malformed-request")),
        ("PUT", "/graph-store?graph=relative", TURTLE, ONE, (400, "malformed-request")),
        ("PUT", graph_at("http://x/a> <b"), TURTLE, ONE, (400, "malformed-request")),
        ("PUT", G, {}, ONE, (415, "unsupported-media-type")),
        ("PUT", G, {"Content-Type": "text/csv"}, ONE, (415, "unsupported-media-type")),
        ("PUT", G, {"Content-Type": "text/turtle; charset=rot13"}, ONE, (415, "unsupported-media-type")),
        ("PUT", G, {"Content-Type": "text/turtle; charset=gbk"}, b"'\xff'", (400, "malformed-request")),
        ("PUT", G, {**TURTLE, "Content-Encoding": "gzip"}, ONE, (415, "unsupported-media-type")),
        ("PUT", G, TURTLE, b"<http://x/a> <http://x/b>\n1, .", (400, "malformed-document")),
        (
            "PUT",
            G,
            {"Content-Type": media.TRIG},
            b"GRAPH <a:g> { <a:a> <a:b> 1 }",
            (400, "malformed-document"),
        ),
        ("PATCH", G, TURTLE, ONE, (405, "method-not-allowed")),
    ],
)
def test_what_cannot_be_done_is_said(
    plain: httpx.Client,
    method: str,
    target: str,
    headers: dict[str, str],
    content: bytes,
    refused: tuple[int, str],
) -> None:
    assert problem(plain.request(method, target, content=content, headers=headers)) == refused
    assert not asked(plain, "{ GRAPH ?g { ?s ?p ?o } }")


def test_a_fault_in_a_document_is_told_with_its_place(plain: httpx.Client) -> None:
    told = put(plain, G, b"<http://x/a> <http://x/b>\n1, .").json()
    assert told["line"] == 2


# --- Conditions --------------------------------------------------------------------------------------------------


def test_an_unchanged_graph_need_not_be_sent_again(plain: httpx.Client) -> None:
    put(plain, G)
    tag = plain.get(G).headers["etag"]
    put(plain, graph_at("http://x/other"), TWO)
    again = plain.get(G, headers={"If-None-Match": f'"x", {tag}'})
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
    put(plain, G, TWO)
    assert plain.get(G, headers={"If-None-Match": tag}).status_code == 200


def test_formats_have_tags_of_their_own(plain: httpx.Client) -> None:
    put(plain, G)
    tags = {plain.get(G, headers={"Accept": kind}).headers["etag"] for kind in media.RDF_TYPES}
    assert len(tags) == len(media.RDF_TYPES)


@pytest.mark.parametrize("kind", [media.TURTLE, media.JSONLD])
def test_a_write_may_be_bound_to_what_was_read(plain: httpx.Client, kind: str) -> None:
    put(plain, G)
    tag = plain.get(G, headers={"Accept": kind}).headers["etag"]
    put(plain, graph_at("http://x/other"), TWO)  # another graph is of no concern
    assert put(plain, G, TWO, If_Match=tag).status_code == 200
    assert problem(put(plain, G, ONE, If_Match=tag)) == (412, "precondition-failed")
    assert problem(plain.delete(G, headers={"If-Match": tag})) == (412, "precondition-failed")
    assert asked(plain, "{ GRAPH :g { :a :b 2 } }")


@pytest.mark.parametrize(
    ("condition", "there", "missing"),
    [
        ({"If_Match": "*"}, 200, 412),
        ({"If_None_Match": "*"}, 412, 201),
        ({"If_Match": '"no such tag"'}, 412, 412),
        ({"If_Match": 'W/"weak"'}, 412, 412),
        ({"If_None_Match": '"0.ttl"'}, 200, 201),
        ({"If_Match": '"v0.ttl"'}, 412, 412),
    ],
)
def test_a_condition_decides(
    plain: httpx.Client, condition: dict[str, str], there: int, missing: int
) -> None:
    assert put(plain, G, TWO, **condition).status_code == missing
    put(plain, G, ONE)
    assert put(plain, G, TWO, **condition).status_code == there


def test_a_condition_is_looked_at_anew_when_another_write_came_first(
    plain: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(plain, G)
    tag = plain.get(G).headers["etag"]
    written = Repository.write_graph

    def late(repository: Repository, write: GraphWrite, **how: Any) -> Recorded:
        monkeypatch.undo()
        other = UpdateRequest("INSERT DATA { GRAPH <http://x/g> { <http://x/a> <http://x/b> 3 } }")
        repository.update(other, who="another", why="")
        return written(repository, write, **how)

    monkeypatch.setattr(Repository, "write_graph", late)
    assert problem(put(plain, G, TWO, If_Match=tag)) == (412, "precondition-failed")
    assert asked(plain, "{ GRAPH :g { :a :b 1, 3 FILTER NOT EXISTS { :a :b 2 } } }")


def test_a_large_graph_is_streamed_and_can_be_bound_to_as_well(tmp_path: Path) -> None:
    lines = "".join(f"<http://x/{n}> <http://x/b> '{'x' * 50}' .\n" for n in range(3000)).encode()
    with plain_dataset(tmp_path, answer_bytes=50_000) as client:
        put(client, G, lines)
        read = client.get(G, headers={"Accept": media.NTRIPLES})
        store = OxigraphStore()
        assert len(store.read(read.content, media.NTRIPLES)) == 3000
        tag = read.headers["etag"]
        assert put(client, G, ONE, If_Match=tag).status_code == 200
        assert put(client, G, TWO, If_Match=tag).status_code == 412


# --- An instance -------------------------------------------------------------------------------------------------


def test_what_is_public_can_be_read_by_everybody(instance: httpx.Client) -> None:
    assert instance.get(graph_at(SOURCE)).status_code == 200
    assert instance.get("/graph-store?default", headers={"Accept": media.NTRIPLES}).content
    assert problem(put(instance, G)) == (401, "unauthorized")
    assert problem(instance.delete(G)) == (401, "unauthorized")


def test_a_graph_that_is_put_is_part_of_the_default_graph_until_it_is_removed(instance: httpx.Client) -> None:
    put_in = put(instance, G, b"<http://x/put> <http://x/b> [] .", **MAY_WRITE)
    assert put_in.status_code == 201
    assert asked(instance, "{ :put :b ?named FILTER(isIRI(?named)) GRAPH :g { :put :b ?named } }")
    assert instance.delete(G, headers=MAY_WRITE).status_code == 200
    assert not asked(instance, "{ :put ?p ?o }")
    assert not asked(instance, f"{{ GRAPH {NAMES.catalogue} {{ :g ?p ?o }} }}")


def test_an_address_names_the_same_graph_whatever_the_server_is_called(instance: httpx.Client) -> None:
    reply = post(instance, "/graph-store", Host="elsewhere.example", **MAY_WRITE)
    assert reply.headers["location"].startswith(f"{BASE}graph-store/")
    assert instance.delete(graph_at(reply.headers["location"]), headers=MAY_WRITE).status_code == 200


def test_what_is_posted_to_the_default_graph_goes_to_the_instances_own(instance: httpx.Client) -> None:
    assert (
        post(instance, "/graph-store?default", b"<http://x/own> <http://x/b> 1 .", **MAY_WRITE).status_code
        == 200
    )
    assert asked(instance, f"{{ GRAPH {NAMES.local} {{ :own :b 1 }} :own :b 1 }}")


def test_the_default_graph_of_an_instance_is_a_merge_and_cannot_be_replaced(instance: httpx.Client) -> None:
    for reply in (
        put(instance, "/graph-store?default", **MAY_WRITE),
        instance.delete("/graph-store?default", headers=MAY_WRITE),
    ):
        assert problem(reply) == (409, "merged-graph")
        assert SOURCE in reply.json()["graphs"]


@pytest.mark.parametrize("graph", [SOURCE, NAMES.derived[1:-1], NAMES.catalogue[1:-1]])
def test_protected_graphs_stay_as_they_are(instance: httpx.Client, graph: str) -> None:
    for reply in (
        put(instance, graph_at(graph), **MAY_WRITE),
        post(instance, graph_at(graph), **MAY_WRITE),
        instance.delete(graph_at(graph), headers=MAY_WRITE),
    ):
        assert problem(reply) == (409, "protected-graph")


def test_a_graph_is_checked_before_it_is_kept(instance: httpx.Client) -> None:
    bad = b"<http://x/d> a <https://w3id.org/medalliance/ontology#AllianceMembership> ."
    assert problem(put(instance, G, bad, **MAY_WRITE)) == (422, "checks-failed")
    assert instance.get(G).status_code == 404


def test_rdf_1_2_is_refused_by_an_instance(instance: httpx.Client) -> None:
    reply = put(instance, G, b"<http://x/a> <http://x/b> <<( <http://x/a> <http://x/b> 1 )>> .", **MAY_WRITE)
    assert problem(reply) == (400, "malformed-document")
    assert "RDF 1.2" in reply.json()["detail"]
