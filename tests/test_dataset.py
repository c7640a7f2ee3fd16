"""The graph as a published data set: what is told of it, and that it is true."""

from __future__ import annotations

import gzip
import hashlib
import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

import pytest

from api.published import Published
from graph.dumps import file_stems
from graph.oxigraph import OxigraphStore
from graph.quads import Quad, read_nquads, text_of
from graph.repository import Repository, SourceFile
from ontology.library import offered
from samples import BASE
from servers import Server, served

VOID, DCAT, SD = (
    "http://rdfs.org/ns/void#",
    "http://www.w3.org/ns/dcat#",
    "http://www.w3.org/ns/sparql-service-description#",
)
DCT, SH, SPDX = "http://purl.org/dc/terms/", "http://www.w3.org/ns/shacl#", "http://spdx.org/rdf/terms#"
DATASET = f"<{BASE}dataset>"
EXAMPLES = f"{BASE}sparql/.well-known/sparql-examples"


def document(server: Server, target: str, kind: str = "text/turtle") -> list[Quad]:
    reply = server.get(target, kind)
    assert (reply.status, reply.media_type) == (200, kind), reply.text
    return OxigraphStore().read(reply.body, kind)


def values(quads: list[Quad], subject: str, predicate: str) -> list[str]:
    return [text_of(q.object) for q in quads if q.subject == subject and q.predicate == f"<{predicate}>"]


def asked(server: Server, query: str) -> list[dict[str, str]]:
    reply = server.get("/sparql?" + urlencode({"query": query}), "application/sparql-results+json")
    assert reply.status == 200, reply.text
    return [{k: v["value"] for k, v in row.items()} for row in reply.json["results"]["bindings"]]


@pytest.fixture(scope="module")
def void(server: Server) -> list[Quad]:
    return document(server, "/.well-known/void")


@pytest.fixture(scope="module")
def dcat(server: Server) -> list[Quad]:
    return document(server, "/dataset")


# --- VoID


def test_the_numbers_of_the_whole_are_those_that_queries_give(server: Server, void: list[Quad]) -> None:
    for name, query in {
        "triples": "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }",
        "distinctSubjects": "SELECT (COUNT(DISTINCT ?s) AS ?n) { ?s ?p ?o }",
        "distinctObjects": "SELECT (COUNT(DISTINCT ?o) AS ?n) { ?s ?p ?o }",
        "properties": "SELECT (COUNT(DISTINCT ?p) AS ?n) { ?s ?p ?o }",
        "classes": "SELECT (COUNT(DISTINCT ?c) AS ?n) { ?s a ?c }",
    }.items():
        assert values(void, DATASET, VOID + name) == [asked(server, query)[0]["n"]], name


def test_every_graph_is_a_part_with_its_number_of_statements(server: Server, void: list[Quad]) -> None:
    rows = asked(server, "SELECT ?g (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g")
    expected = {row["g"]: row["n"] for row in rows if "/.well-known/" not in row["g"]}
    parts = [f"<{one}>" for one in values(void, DATASET, f"{VOID}subset")]
    assert {values(void, p, f"{SD}name")[0]: values(void, p, f"{VOID}triples")[0] for p in parts} == expected


def test_tools_for_writing_queries_find_the_classes_and_what_they_have(server: Server) -> None:
    server.get("/void.ttl")  # counted at the latest when somebody asks
    rows = asked(
        server,
        f"""PREFIX void: <http://rdfs.org/ns/void#> PREFIX void-ext: <http://ldf.fi/void-ext#>
        SELECT DISTINCT ?class ?property ?kind ?datatype {{
          GRAPH <{BASE}.well-known/void> {{
            ?part void:class ?class ; void:propertyPartition ?use . ?use void:property ?property .
            OPTIONAL {{ {{ ?use void:classPartition/void:class ?kind }}
              UNION {{ ?use void-ext:datatypePartition/void-ext:datatype ?datatype }} }}
        }} }}""",
    )
    ma, skos = "https://w3id.org/medalliance/ontology#", "http://www.w3.org/2004/02/skos/core#"
    found = {(row["class"], row["property"], row.get("kind") or row.get("datatype")) for row in rows}
    assert (
        f"{ma}MedicalAlliance",
        f"{skos}prefLabel",
        "http://www.w3.org/1999/02/22-rdf-syntax-ns#langString",
    ) in found
    assert (
        f"{ma}AllianceMembership",
        "http://www.w3.org/ns/org#organization",
        f"{ma}MedicalAlliance",
    ) in found


def test_what_describes_the_graph_is_no_part_of_it(server: Server) -> None:
    assert asked(server, "SELECT ?s { ?s <http://rdfs.org/ns/void#triples> ?o }") == []
    assert not [one for one in document(server, "/dataset") if ".well-known/void" in one.subject]


def test_example_things_and_vocabularies_are_named(server: Server, void: list[Quad]) -> None:
    things = values(void, DATASET, f"{VOID}exampleResource")
    assert len(things) >= 3
    for thing in things:
        assert server.get(f"/resource?iri={thing}", "text/turtle").status == 200
    assert "http://www.w3.org/2004/02/skos/core#" in values(void, DATASET, f"{VOID}vocabulary")
    assert values(void, DATASET, f"{VOID}sparqlEndpoint") == [f"{server.address}/sparql"]


@pytest.mark.parametrize(
    "target", ["/void.jsonld", "/void.nt", "/void.rdf", "/.well-known/void.ttl", "/void"]
)
def test_the_description_has_the_suffixes_of_other_documents(server: Server, target: str) -> None:
    assert server.get(target, "text/turtle, */*;q=0.1").status == 200


# --- DCAT and files


def test_the_data_set_tells_its_version_its_dates_and_its_files(server: Server, dcat: list[Quad]) -> None:
    assert values(dcat, DATASET, f"{DCAT}version") == ["1"]
    assert values(dcat, DATASET, f"{DCT}issued") == values(dcat, DATASET, f"{DCT}modified") != []
    for node in (f"<{one}>" for one in values(dcat, DATASET, f"{DCAT}distribution")):
        (address,) = values(dcat, node, f"{DCAT}downloadURL")
        reply = server.get(address.removeprefix(server.address))
        assert values(dcat, node, f"{DCAT}byteSize") == [str(len(reply.body))]
        (checksum,) = values(dcat, node, f"{SPDX}checksum")
        assert values(dcat, f"<{checksum}>", f"{SPDX}checksumValue") == [
            hashlib.sha256(reply.body).hexdigest()
        ]


def test_licences_are_what_sources_state_and_nothing_else(dcat: list[Quad]) -> None:
    licences = {
        values(dcat, part, f"{SD}name")[0]: values(dcat, part, f"{DCT}license")
        for part in (f"<{one}>" for one in values(dcat, DATASET, f"{DCT}hasPart"))
    }
    by_source = {graph.split("/source/")[-1].split("/")[0]: found for graph, found in licences.items()}
    assert by_source["ror"] == ["https://creativecommons.org/publicdomain/zero/1.0/"]
    assert by_source["department-profile"] == []
    assert values(dcat, DATASET, f"{DCT}license") == []


def test_the_files_hold_the_graph_and_nothing_else(server: Server) -> None:
    whole = list(read_nquads(gzip.decompress(server.get("/download/all.nq.gz").body)))
    expected = asked(
        server,
        "SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } FILTER(!CONTAINS(STR(?g), '/.well-known/')) }",
    )
    assert len(set(whole)) == len(whole) == int(expected[0]["n"])
    assert whole == sorted(
        whole, key=lambda quad: (quad.graph, f"{quad.subject} {quad.predicate} {quad.object} .")
    )
    trig = OxigraphStore().read(gzip.decompress(server.get("/download/all.trig.gz").body), "application/trig")
    assert set(trig) == set(whole)
    lines = gzip.decompress(server.get("/download/default.nt.gz").body).splitlines()
    assert lines == sorted(set(lines))
    default = OxigraphStore().read(
        gzip.decompress(server.get("/download/default.ttl.gz").body), "text/turtle"
    )
    assert len(default) == int(asked(server, "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }")[0]["n"])
    assert b"restricted" not in b"".join(quad.graph.encode() for quad in whole)


def test_a_file_may_be_fetched_in_parts_and_need_not_be_fetched_twice(server: Server) -> None:
    listed = server.get("/download/", "application/json").json["files"]
    name, digest = listed[0]["name"], listed[0]["sha256"]
    first = server.get(f"/download/{name}", Accept_Encoding="gzip")
    assert "content-encoding" not in first.headers  # it is packed already
    assert server.get(f"/download/{name}", Range="bytes=0-9").body == first.body[:10]
    assert server.get(f"/download/{name}", If_None_Match=first.headers["etag"]).status == 304
    assert server.get(f"/download/{name}.sha256").text == f"{digest}  {name}\n"
    assert server.get("/download/../journal.sqlite").status == 404
    assert server.get("/download/%2e%2e%2fjournal.sqlite").status == 404


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_people_get_pages(server: Server, lang: str) -> None:
    for target in ("/dataset", "/download/"):
        reply = server.get(f"{target}?lang={lang}", "text/html")
        assert (reply.status, reply.media_type) == (200, "text/html")
        assert "all.nq.gz" in server.get("/download/", "text/html").text
    assert "https://creativecommons.org/publicdomain/zero/1.0/" in reply.text


# --- Example queries and the service itself


def test_every_example_runs_as_it_is_found(server: Server) -> None:
    rows = asked(
        server,
        f"""PREFIX sh: <http://www.w3.org/ns/shacl#> PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
        SELECT DISTINCT ?example ?query {{ GRAPH <{EXAMPLES}> {{
          ?example a sh:SPARQLExecutable ; rdfs:comment ?comment ; sh:select|sh:ask|sh:construct ?query
        }} }} ORDER BY ?example""",
    )
    assert len(rows) == len(offered()) > 20
    for row in rows:
        reply = server.ask(
            "POST",
            "/sparql",
            {"Content-Type": "application/sparql-query", "Accept": "*/*"},
            row["query"].encode(),
        )
        assert reply.status == 200, (row["example"], reply.text)


def test_examples_have_an_address_prefixes_and_both_languages(server: Server) -> None:
    quads = document(server, "/sparql/.well-known/sparql-examples")
    examples = {quad.subject for quad in quads if quad.object == f"<{SH}SPARQLExecutable>"}
    for example in examples:
        comments = [q.object for q in quads if q.subject == example and q.predicate.endswith("#comment>")]
        assert {one[-2:] for one in comments} == {"zh", "en"}
        assert values(quads, example, "https://schema.org/target") == [f"{server.address}/sparql"]
    assert values(quads, f"<{EXAMPLES}#prefixes>", f"{SH}declare")
    assert server.get("/sparql/.well-known/sparql-examples.ttl").media_type == "text/turtle"


# --- Following the graph


@pytest.fixture
def published(tmp_path: Path, opened) -> Iterator[tuple[Published, Repository]]:
    repository = opened()
    made = Published(repository, "", delay=3600)
    yield made, repository
    made.close()


def test_after_a_change_files_and_numbers_follow_and_old_files_go(
    published: tuple[Published, Repository],
) -> None:
    made, repository = published
    first, counted = made.dumps.latest(), made.counts.latest()
    text = '<http://example.org/示例> <http://www.w3.org/2000/01/rdf-schema#label> "示例 <b>\\n\\"" .'
    repository.load([SourceFile("示例.ttl", text.encode())], who="test", why="test", checked=False)
    second, recounted = made.dumps.latest(60), made.counts.latest(60)
    assert (second.version, recounted.version) == (repository.engine.version, first.version + 1)
    assert recounted.partitions.triples > counted.partitions.triples
    same = {one.name: one.sha256 for one in first.files}
    changed = [one.name for one in second.files if same.get(one.name) != one.sha256]
    assert "ontology.ttl.gz" not in changed
    assert "all.nq.gz" in changed
    made.close()
    again = Published(repository, "", delay=3600)
    third = again.dumps.latest()
    again.close()
    assert third.files == second.files  # those in the folder are used again
    assert [one.name for one in second.folder.parent.iterdir()] == [second.folder.name]
    repository.check()  # what is held aside is no part of the state


def test_graphs_have_file_names_that_do_not_collide() -> None:
    graphs = [
        f"{BASE}source/a/1",
        "https://w3id.org/medalliance/source/a/1",
        "urn:all",
        "urn:示例",
        f"{BASE}../../x",
    ]
    stems = file_stems(graphs)
    assert len(set(stems.values())) == len(graphs)
    assert not {"all", "default"} & set(stems.values())
    assert all("/" not in stem and not stem.startswith(".") for stem in stems.values())


def test_a_plain_data_set_is_described_but_not_published(tmp_path: Path) -> None:
    with served(tmp_path, "--bare", env={"MEDALLIANCE_REMOTE": "http://127.0.0.1:9/"}) as bare:
        assert bare.get("/void.ttl").status == 200
        assert bare.get("/download/").status == 404
        quads = document(bare, "/sparql")
        assert f"<{SD}SPARQL11Update>" in {quad.object for quad in quads}
        # other servers may be asked, so it says so
        assert [quad.object for quad in quads if quad.predicate == f"<{SD}feature>"] == [
            f"<{SD}BasicFederatedQuery>"
        ]
        assert asked(bare, "SELECT ?g { GRAPH ?g {} }") == []


PAGE = (Path(__file__).parent.parent / "docs/howto/linked-data.md").read_text("utf-8")
COMMANDS = [line for block in re.findall(r"```sh\n(.*?)```", PAGE, re.DOTALL) for line in block.splitlines()]


def request_of(command: str) -> tuple[str, str, dict[str, str], bytes | None]:
    """Return method, target, headers and body of a curl command of the documentation."""
    words = iter(shlex.split(command)[1:])
    method, target, headers, body = "GET", "", {"Accept": "*/*"}, None
    for word in words:
        if word == "-H":
            name, _, value = next(words).partition(": ")
            headers[name] = value
        elif word == "-I":
            method = "HEAD"
        elif word == "--data-binary":
            method, body = "POST", next(words).encode()
        elif word == "--data-urlencode":
            name, _, value = next(words).partition("=")
            target += "?" + urlencode({name: value})
        elif word == "-o":
            next(words)
        elif word.startswith("http://127.0.0.1:8000"):
            target = word.removeprefix("http://127.0.0.1:8000") + target
        else:
            assert word in ("-sf", "-sfG"), word
    return method, target, headers, body


@pytest.mark.parametrize("command", COMMANDS)
def test_each_command_of_the_documentation_does_what_it_says(server: Server, command: str) -> None:
    method, target, headers, body = request_of(command)
    reply = server.ask(method, target, headers, body)
    assert reply.status == 200, reply.text
    assert reply.body or method == "HEAD"
    if (wanted := headers["Accept"]) != "*/*":
        assert reply.media_type == wanted
