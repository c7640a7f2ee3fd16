"""The words of the graph for completion, with numbers that agree with the graph, and the names of many things."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from in_process import client_of
from page_data import ALLIANCE, DEPARTMENT, MA, member, packaged_engine, service, state

from api.schema import MOST_NAMES, pinyin_keys
from graph.local import LocalEngine
from graph.partitions import PartitionCache, partitions
from graph.quads import Delta, Quad, iri, text_of
from samples import HOSTILE


@pytest.fixture(scope="module")
def engine() -> LocalEngine:
    return state(packaged_engine(), member(1))


@pytest.fixture(scope="module")
def client(engine: LocalEngine) -> Iterator[httpx.Client]:
    with client_of(service(engine), Accept="application/json") as opened:
        yield opened


@pytest.fixture(scope="module")
def schema(client: httpx.Client) -> Any:
    return client.get("/api/v1/schema").json()


def word(listed: list[dict[str, Any]], name: str) -> dict[str, Any]:
    return next(one for one in listed if one["iri"] == name)


def test_each_class_and_property_has_its_number_and_the_most_used_come_first(
    schema: Any, engine: LocalEngine
) -> None:
    for kind, pattern in (("classes", "?s a <{}>"), ("properties", "?s <{}> ?o")):
        counts = [one["count"] for one in schema[kind]]
        assert counts == sorted(counts, reverse=True)
        for one in schema[kind][:5]:
            rows = engine.select(f"SELECT (COUNT(*) AS ?n) {{ {pattern.format(one['iri'])} }}")
            assert one["count"] == int(text_of(rows[0]["n"])), one["iri"]


def test_words_bear_names_in_both_languages_definitions_and_what_they_lead_from_and_to(schema: Any) -> None:
    membership = word(schema["classes"], f"{MA}AllianceMembership")
    assert membership["name"] == "ma:AllianceMembership"
    assert set(membership["labels"]) == set(membership["definition"]) == {"zh", "en"}
    assert "lmcygx" in membership["keys"]
    heldby = word(schema["properties"], f"{MA}heldBy")
    assert heldby["kind"] == "object"
    assert f"{MA}Designation" in heldby["domains"]
    assert heldby["ranges"]


def test_a_word_of_the_ontology_that_nobody_uses_yet_is_offered_all_the_same(schema: Any) -> None:
    unused = [one for one in schema["classes"] if one["count"] == 0]
    assert unused
    assert all(one["labels"] for one in unused)


def test_concepts_prefixes_and_graphs_are_there(schema: Any) -> None:
    assert schema["prefixes"]["ma"] == MA
    role = word(schema["concepts"], "https://w3id.org/medalliance/vocab/membership-role/member")
    assert role["labels"]["zh"] == "成员单位"
    assert role["scheme"].endswith("/membership-role")
    listed = next(one for one in schema["graphs"] if one["kind"] == "source" and one["merged"])
    assert listed["labels"]


def test_the_schema_is_the_same_bytes_until_the_graph_changes(engine: LocalEngine) -> None:
    own = packaged_engine()
    with client_of(service(own), Accept="application/json") as client:
        first = client.get("/api/v1/schema")
        held = {"If-None-Match": first.headers["ETag"]}
        assert client.get("/api/v1/schema", headers=held).status_code == 304
        graph = iri("http://127.0.0.1:8000/graph/local")
        kind = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
        new = [Quad("<x:a>", kind, "<x:Class>", name) for name in (graph, "")]
        own.apply(Delta(added=frozenset(new), removed=frozenset()), own.version + 1)
        then = client.get("/api/v1/schema", headers=held)
        assert then.status_code == 200
        assert word(then.json()["classes"], "x:Class")["count"] == 1


def test_partitions_add_up(engine: LocalEngine) -> None:
    counted = partitions(engine)
    whole = int(text_of(engine.select("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }")[0]["n"]))
    assert counted.triples == whole
    for part in counted.properties:
        assert 0 < part.subjects <= part.triples
        assert 0 < part.objects <= part.triples
    types = next(part for part in counted.properties if part.iri.endswith("#type"))
    assert max(part.entities for part in counted.classes) <= types.subjects
    cache = PartitionCache(engine)
    assert cache.current() is cache.current()


def test_many_names_come_at_once_with_their_pages(client: httpx.Client) -> None:
    asked = [DEPARTMENT, ALLIANCE, DEPARTMENT, "x:unknown"]
    items = client.post("/api/v1/names?lang=en", json={"iris": asked}).json()["items"]
    assert [one["iri"] for one in items] == [DEPARTMENT, ALLIANCE, "x:unknown"]
    assert items[0]["labels"]["en"].startswith("Neonatology")
    assert items[0]["href"] == "/id/org/fhjlu-neonatology?lang=en"
    assert [one["described"] for one in items] == [True, True, False]


def test_what_is_no_iri_is_not_asked_about(client: httpx.Client) -> None:
    answer = client.post("/api/v1/names", json={"iris": [*HOSTILE, "a b", "", "x:> . <x:b"]})
    assert answer.status_code == 200
    assert answer.json() == {"items": []}


def test_no_more_names_are_read_than_one_request_may_ask(client: httpx.Client) -> None:
    answer = client.post("/api/v1/names", json={"iris": ["x:a"] * (MOST_NAMES + 1)})
    assert answer.status_code == 400
    assert answer.json()["type"] == "/problems/malformed-request"


def test_pinyin_is_what_people_type() -> None:
    assert pinyin_keys("进修项目") == ("jinxiuxiangmu", "jxxm")
    assert pinyin_keys("NICU") == ()
