"""Linked data: one address for each thing, the formats of its description, and what is sent when nothing is new."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from email.utils import format_datetime, parsedate_to_datetime
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI
from in_process import client_of

from api.app import furnish
from api.holdings import hold
from api.settings import Settings
from graph.local import LocalEngine
from graph.oxigraph import OxigraphStore
from graph.quads import Delta, Quad, literal
from servers import Server

HERE = "/id/org/fhjlu-neonatology"
IRI = "https://w3id.org/medalliance/id/org/fhjlu-neonatology"
BASE = "http://127.0.0.1:8000/"
REPLACED = "<http://purl.org/dc/terms/isReplacedBy>"
NAME = literal('示例医院 <script>"\n', language="zh")
FORMATS = {
    "ttl": "text/turtle",
    "jsonld": "application/ld+json",
    "nt": "application/n-triples",
    "rdf": "application/rdf+xml",
}


@pytest.mark.parametrize(("suffix", "kind"), FORMATS.items())
def test_suffix_and_accept_give_the_same_document(server: Server, suffix: str, kind: str) -> None:
    by_suffix, by_accept = server.get(f"{HERE}.{suffix}"), server.get(HERE, kind)
    assert (by_suffix.status, by_suffix.media_type) == (200, kind)
    assert (by_suffix.body, by_suffix.headers["etag"]) == (by_accept.body, by_accept.headers["etag"])
    subjects = {quad.subject for quad in OxigraphStore().read(by_suffix.body, kind)}
    assert f"<{IRI}>" in subjects


def test_every_answer_leads_to_the_other_formats_and_names_what_it_is_about(server: Server) -> None:
    for accept in ("text/turtle", "text/html"):
        links = server.get(HERE, accept).headers["link"]
        for suffix, kind in FORMATS.items():
            assert f'<{HERE}.{suffix}>; rel="alternate"; type="{kind}"' in links
            assert server.get(f"{HERE}.{suffix}").media_type == kind
        assert f'<{IRI}>; rel="canonical"' in links


@pytest.mark.parametrize("accept", ["text/turtle", "text/html"])
def test_what_the_client_holds_is_not_sent_again(server: Server, accept: str) -> None:
    first = server.get(HERE, accept)
    changed = first.headers["last-modified"]
    before = format_datetime(parsedate_to_datetime(changed).replace(year=2000), usegmt=True)
    held = [{"If_None_Match": first.headers["etag"]}, {"If_None_Match": f'"x", {first.headers["etag"]}'}]
    if accept != "text/html":  # a page may change with the program, too
        held.append({"If_Modified_Since": changed})
    for headers in held:
        again = server.get(HERE, accept, **headers)
        assert (again.status, again.body) == (304, b""), headers
    for headers in (
        {"If_None_Match": '"x"'},
        {"If_Modified_Since": before},
        {"If_Modified_Since": "no date"},
        {"If_None_Match": '"x"', "If_Modified_Since": changed},
    ):
        assert server.get(HERE, accept, **headers).status == 200, headers


def test_packed_and_plain_are_the_same_and_have_tags_of_their_own(server: Server) -> None:
    plain, packed = server.get(f"{HERE}.ttl"), server.get(f"{HERE}.ttl", Accept_Encoding="gzip")
    assert packed.headers["content-encoding"] == "gzip"
    assert gzip.decompress(packed.body) == plain.body
    assert packed.headers["etag"] != plain.headers["etag"]
    assert server.get(f"{HERE}.ttl", If_None_Match=packed.headers["etag"]).status == 304
    assert plain.headers["vary"] == "Accept, Accept-Language, Accept-Encoding"


def test_the_short_way_and_the_long_way_give_the_same(server: Server) -> None:
    target = f"{HERE}.nt"
    server.get(target)
    short, long = server.get(target), server.get(target, Cookie="other=1")
    ours = {"date", "cache-control", "vary"}  # whoever shows a cookie is told that it matters
    assert short.body == long.body
    assert {k: v for k, v in short.headers.items() if k not in ours} == {
        k: v for k, v in long.headers.items() if k not in ours
    }


@pytest.mark.parametrize("path", ["/ontology", "/vocab", "/shapes"])
def test_whole_graphs_have_an_address(server: Server, path: str) -> None:
    assert server.get(path, "text/turtle").media_type == "text/turtle"
    assert server.get(f"{path}.nt").status == 200
    assert server.get(f"{path}.exe").status == 404


def test_the_context_is_json_ld_and_may_be_kept(server: Server) -> None:
    reply = server.get("/context.jsonld")
    assert reply.media_type == "application/ld+json"
    assert "prefLabel" in reply.json["@context"]
    assert server.get("/context.jsonld", If_None_Match=reply.headers["etag"]).status == 304


def test_addresses_in_the_description_of_the_interface_are_unique(server: Server) -> None:
    described = server.get("/openapi.json").json
    names = [one["operationId"] for path in described["paths"].values() for one in path.values()]
    assert sorted(names) == sorted(set(names))


@pytest.fixture
def small(tmp_path: Path) -> Iterator[tuple[httpx.Client, LocalEngine]]:
    """An application over three statements: a thing, one that was replaced, and one that has a successor."""
    store = OxigraphStore()
    engine = LocalEngine(store)
    label = "<http://www.w3.org/2004/02/skos/core#prefLabel>"
    store.add(
        [
            Quad(f"<{BASE}id/org/new>", label, NAME),
            Quad(f"<{BASE}id/org/old>", REPLACED, f"<{BASE}id/org/new>"),
            Quad(f"<{BASE}id/org/former>", label, '"示例旧院"@zh'),
            Quad(f"<{BASE}id/org/former>", REPLACED, f"<{BASE}id/org/new>"),
        ]
    )
    app = FastAPI(docs_url=None, redoc_url=None)
    settings = Settings(data=tmp_path)
    app.state.today = settings.today
    hold(app, engine, BASE)
    furnish(app, settings)
    client = client_of(app)
    yield client, engine
    client.close()
    app.state.accounts.close()


def test_an_address_that_only_leads_on_is_moved(small: tuple[httpx.Client, LocalEngine]) -> None:
    client, _ = small
    reply = client.get("/id/org/old.ttl")
    assert (reply.status_code, reply.headers["location"]) == (301, "/id/org/new.ttl")
    assert client.get("/id/org/old", headers={"Accept": "text/html"}).headers["location"] == "/id/org/new"
    assert client.get("/id/org/former.ttl").status_code == 200  # of which more is known


def test_what_changed_is_sent_anew(small: tuple[httpx.Client, LocalEngine]) -> None:
    client, engine = small
    first = client.get("/id/org/new.ttl")
    assert client.get("/id/org/new.ttl").text == first.text
    engine.apply(Delta(frozenset({Quad(f"<{BASE}id/org/new>", "<urn:p>", '"neu"')})), 1)
    assert "neu" not in first.text
    assert "neu" in client.get("/id/org/new.ttl", headers={"If-None-Match": first.headers["etag"]}).text


@pytest.mark.parametrize("kind", ["text/turtle", "application/rdf+xml", "application/ld+json"])
def test_names_from_elsewhere_do_no_harm(small: tuple[httpx.Client, LocalEngine], kind: str) -> None:
    client, _ = small
    reply = client.get("/id/org/new", headers={"Accept": kind})
    assert NAME in {quad.object for quad in OxigraphStore().read(reply.content, kind)}
