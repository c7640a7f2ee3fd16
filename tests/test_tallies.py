"""Counts by group are those of everything around a thing, drawn or not."""

from __future__ import annotations

from collections import Counter

import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.projection import Edge, Filters, Node, Projection, UnknownNode
from graph.tallies import Tally, tallies
from ontology.kinds import kinds
from ontology.terms import MA, ORG, SCHEMA

EX = "http://example.org/"
KINDS = {"a": "hospital", "b": "hospital", "c": "department", "d": "programme", "e": "alliance"}
NAMES = [EX + letter for letter in KINDS]
RELATIONS = (ORG.unitOf, MA.partner, MA.TrainingProgramme)
EDGES = st.frozensets(
    st.builds(Edge, st.sampled_from(NAMES), st.sampled_from(RELATIONS), st.sampled_from(NAMES)), max_size=16
)
CHANGCHUN, COUNTY, JILIN = EX + "changchun", EX + "county", EX + "jilin"


def projection(edges: frozenset[Edge] | set[Edge]) -> Projection:
    nodes = [Node(EX + name, kind, {}, False, 0, 0) for name, kind in KINDS.items()]
    areas = [Node(name, "area", {"zh": name}, False, 0, 0) for name in (CHANGCHUN, COUNTY, JILIN)]
    return Projection.made_of(1, [*nodes, *areas], edges)


def counted(found: tuple[Tally, ...]) -> dict[str, int]:
    return {one.group.removeprefix(EX): one.count for one in found}


@given(EDGES, st.sampled_from(NAMES), st.integers(1, 3), st.none() | st.sampled_from(RELATIONS))
def test_things_and_relations_are_counted_as_a_plain_search_finds_them(
    edges: frozenset[Edge], centre: str, hops: int, relation: str | None
) -> None:
    held, filters = projection(edges), Filters(relations=frozenset({relation}) if relation else None)
    fitting = [edge for edge in edges if relation in (None, edge.relation)]
    graph = nx.Graph((edge.from_iri, edge.to_iri) for edge in fitting)
    graph.add_node(centre)
    distances = nx.single_source_shortest_path_length(graph, centre, cutoff=hops)
    around = Counter(KINDS[name.removeprefix(EX)] for name in distances if name != centre)
    assert counted(tallies(held, centre, "kind", hops, filters=filters)) == around
    walked = Counter(
        kinds().relation_of(edge.relation).name
        for edge in fitting
        if min(distances.get(edge.from_iri, hops), distances.get(edge.to_iri, hops)) < hops
    )
    assert counted(tallies(held, centre, "relation", hops, filters=filters)) == walked


def test_one_direction_counts_what_lies_in_it() -> None:
    held = projection({Edge(NAMES[0], ORG.unitOf, NAMES[1]), Edge(NAMES[2], MA.partner, NAMES[0])})
    assert counted(tallies(held, NAMES[0], "kind", directions=["out"])) == {"hospital": 1}
    assert counted(tallies(held, NAMES[0], "relation", directions=["in"])) == {"partner": 1}


def test_a_thing_lies_in_the_prefecture_of_its_place_its_hospital_or_its_holder() -> None:
    a, b, c, d, e = NAMES
    edges = {
        Edge(a, SCHEMA.location, COUNTY),
        Edge(COUNTY, SCHEMA.containedInPlace, CHANGCHUN),
        Edge(CHANGCHUN, SCHEMA.containedInPlace, JILIN),
        Edge(c, ORG.unitOf, a),
        Edge(c, MA.TrainingProgramme, d, d),
        Edge(b, SCHEMA.location, JILIN),
        *(Edge(thing, MA.partner, e) for thing in (a, b, c, d)),
    }
    found = tallies(projection(edges), e, "prefecture", prefectures=[CHANGCHUN])
    assert [(one.group, one.count) for one in found] == [(CHANGCHUN, 3), ("", 1)]


def test_an_unknown_thing_has_nothing_around_it() -> None:
    with pytest.raises(UnknownNode):
        tallies(projection(set()), EX + "nobody", "kind")
