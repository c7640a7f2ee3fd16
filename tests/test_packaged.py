"""The graphs that every instance starts with."""

from __future__ import annotations

import re
from functools import cache
from hashlib import sha256

import pytest

from graph.oxigraph import OxigraphStore
from ontology.areas import DATA, TABLES
from ontology.packaged import BASE, PackagedGraph, packaged_graphs

GRAPHS = {graph.name: graph for graph in packaged_graphs()}
each_graph = pytest.mark.parametrize("graph", GRAPHS.values(), ids=GRAPHS)


@cache
def quads_of(graph: PackagedGraph) -> OxigraphStore:
    store = OxigraphStore()
    store.add(store.read(graph.content(), graph.media_type, graph=graph.iri))
    return store


def test_the_packaged_graphs_are_these() -> None:
    assert {name: (graph.kind, graph.merged) for name, graph in GRAPHS.items()} == {
        "ontology": ("ontology", True),
        "vocab": ("vocabulary", True),
        "shapes": ("shapes", False),
        "divisions": ("reference", True),
        "department-profile": ("source", True),
        "ror": ("source", True),
    }


def test_a_source_graph_is_named_after_the_version_of_its_document() -> None:
    assert GRAPHS["department-profile"].iri == BASE + "source/department-profile/6827d68f"
    ror = sha256((DATA / "ror.ttl").read_bytes()).hexdigest()[:8]
    assert GRAPHS["ror"].iri == f"{BASE}source/ror/{ror}"
    tables = sha256(b"".join(table.read_bytes() for table in TABLES)).hexdigest()[:8]
    assert GRAPHS["divisions"].iri == f"{BASE}source/divisions/{tables}"


@each_graph
def test_the_content_is_one_turtle_document_with_facts(graph: PackagedGraph) -> None:
    store = quads_of(graph)
    assert len(store) > 0
    assert {*store.graphs()} == {f"<{graph.iri}>"}


@pytest.mark.parametrize("name", ["divisions", "department-profile", "ror"])
def test_a_source_graph_describes_its_own_document_in_both_languages(name: str) -> None:
    graph = GRAPHS[name]
    (row,) = quads_of(graph).select(
        f"""PREFIX dct: <http://purl.org/dc/terms/> PREFIX ma: <https://w3id.org/medalliance/ontology#>
        PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
        SELECT ?document ?zh ?en WHERE {{ GRAPH <{graph.iri}> {{
          ?document a ma:SourceDocument ; dct:title ?zh , ?en ; skos:note ?noteZh , ?noteEn
          FILTER(LANG(?zh) = "zh" && LANG(?en) = "en" && LANG(?noteZh) = "zh" && LANG(?noteEn) = "en") }} }}"""
    )
    assert row["document"] == f"<{graph.document}>"


@pytest.mark.parametrize("name", ["divisions", "ror"])
def test_what_was_taken_over_names_its_licence(name: str) -> None:
    graph = GRAPHS[name]
    licences = {*quads_of(graph).match(f"<{graph.document}>", "<http://purl.org/dc/terms/license>")}
    assert licences
    assert all(quad.object.startswith("<https://") for quad in licences)


def test_the_department_graph_gives_the_digest_of_its_document() -> None:
    graph = GRAPHS["department-profile"]
    (quad,) = quads_of(graph).match(f"<{graph.document}>", "<http://purl.org/dc/terms/identifier>")
    assert re.fullmatch(r'"sha256:6827d68f[0-9a-f]{56}"', quad.object)


def test_packaged_facts_hold_no_blank_nodes() -> None:
    for name in ("divisions", "department-profile", "ror"):
        assert not [
            quad for quad in quads_of(GRAPHS[name]).match() if "_:" in (quad.subject[:2], quad.object[:2])
        ]


def test_ror_says_identifiers_and_one_city_and_nothing_else() -> None:
    graph = GRAPHS["ror"]
    about = [quad for quad in quads_of(graph).match() if "/id/org/" in quad.subject]
    identifiers = sorted(quad.object for quad in about if quad.predicate.endswith("org#identifier>"))
    assert [identifier.split('"')[1] for identifier in identifiers] == [
        "0000 0004 1758 4110",
        "0000 0004 1760 5735",
        "Q1432030",
        "Q30288939",
        "grid.430605.4",
        "grid.64924.3d",
        "https://ror.org/00js3aw79",
        "https://ror.org/034haf133",
    ]
    (place,) = {quad for quad in about if not quad.predicate.endswith("org#identifier>")}
    assert place[:3] == (f"<{BASE}id/org/fhjlu>", "<https://schema.org/location>", f"<{BASE}id/area/220100>")


def test_the_city_from_ror_carries_its_basis_and_a_caution_in_both_languages() -> None:
    graph = GRAPHS["ror"]
    statement = f"<{BASE}id/statement/ror-fhjlu-location>"
    said = {(quad.predicate.rpartition("#")[2], quad.object) for quad in quads_of(graph).match(statement)}
    assert ("basis>", f"<{BASE}vocab/basis/stated>") in said
    assert ("wasDerivedFrom>", f"<{BASE}source/ror>") in said
    assert {text.rpartition("@")[2] for name, text in said if name == "editorialNote>"} == {"zh", "en"}
