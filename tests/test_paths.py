"""Chains are the shortest that a plain search finds, and prefer what people do together to where they are."""

from __future__ import annotations

from datetime import date
from itertools import islice, takewhile

import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.paths import Chain, common, shortest_paths
from graph.projection import Edge, Filters, Node, Projection, UnknownNode
from graph.times import Bounds
from ontology.kinds import kinds
from ontology.terms import MA, ORG, SCHEMA

EX = "http://example.org/"
UNITS = [EX + letter for letter in "abcdef"]
AREAS = [EX + "area/" + number for number in "12"]
NAMES = [*UNITS, *AREAS]
ROLE = "https://w3id.org/medalliance/vocab/membership-role/member"
PLAIN = (ORG.unitOf, MA.partner, ROLE)
EDGES = st.frozensets(
    st.builds(Edge, st.sampled_from(UNITS), st.sampled_from(PLAIN), st.sampled_from(UNITS))
    | st.builds(Edge, st.sampled_from(UNITS), st.just(SCHEMA.location), st.sampled_from(AREAS)),
    max_size=20,
)
PAIRS = st.tuples(st.sampled_from(UNITS), st.sampled_from(UNITS)).filter(lambda pair: pair[0] != pair[1])
LONGER = 4
"""How much longer than the shortest a chain may be."""


def projection(edges: frozenset[Edge], bounds: dict[str, Bounds] | None = None) -> Projection:
    nodes = [Node(name, "area" if name in AREAS else "hospital", {"zh": name}, False, 0, 0) for name in NAMES]
    return Projection.made_of(1, nodes, edges, bounds)


def length(relation: str) -> int:
    return kinds().relation_of(relation).length


def plain_graph(edges: frozenset[Edge]) -> nx.Graph:
    """Return edges as a graph without directions, with the least length between two things."""
    graph = nx.Graph()
    graph.add_nodes_from(NAMES)
    for edge in edges:
        least = length(edge.relation)
        if edge.from_iri != edge.to_iri:
            known = graph.get_edge_data(edge.from_iri, edge.to_iri, {"length": least})["length"]
            graph.add_edge(edge.from_iri, edge.to_iri, length=min(least, known))
    return graph


def names(chain: Chain) -> list[str]:
    return [node.iri for node in chain.nodes]


@given(EDGES, PAIRS, st.integers(1, 5))
def test_chains_are_the_shortest_that_a_plain_search_finds(
    edges: frozenset[Edge], pair: tuple[str, str], k: int
) -> None:
    graph = plain_graph(edges)
    found = [chain.length for chain in shortest_paths(projection(edges), *pair, k)]
    if not nx.has_path(graph, *pair):
        assert found == []
        return
    every = nx.shortest_simple_paths(graph, *pair, weight="length")
    lengths = (int(nx.path_weight(graph, path, "length")) for path in every)
    listed = list(islice(takewhile(lambda one: one <= min(found) + LONGER, lengths), k))
    assert found == listed


@given(EDGES, PAIRS, st.integers(1, 5))
def test_a_chain_leads_from_one_to_the_other_through_each_thing_once(
    edges: frozenset[Edge], pair: tuple[str, str], k: int
) -> None:
    chains = shortest_paths(projection(edges), *pair, k)
    assert len({tuple(names(chain)) for chain in chains}) == len(chains) <= k
    for chain in chains:
        assert (names(chain)[0], names(chain)[-1]) == pair
        assert len(set(names(chain))) == len(chain.nodes) == len(chain.edges) + 1
        assert set(chain.edges) <= edges
        for edge, here, there in zip(chain.edges, names(chain), names(chain)[1:], strict=False):
            assert {edge.from_iri, edge.to_iri} == {here, there}
        assert chain.length == sum(length(edge.relation) for edge in chain.edges)


@given(EDGES, PAIRS)
def test_the_way_back_is_as_long(edges: frozenset[Edge], pair: tuple[str, str]) -> None:
    there, back = (shortest_paths(projection(edges), *ends) for ends in (pair, pair[::-1]))
    assert [chain.length for chain in there] == [chain.length for chain in back]


@given(EDGES, PAIRS, st.randoms(use_true_random=False))
def test_the_answer_does_not_depend_on_the_order_of_what_was_read(
    edges: frozenset[Edge], pair: tuple[str, str], random: object
) -> None:
    assert hasattr(random, "shuffle")
    listed = list(edges)
    random.shuffle(listed)
    nodes = [Node(name, "area" if name in AREAS else "hospital", {"zh": name}, False, 0, 0) for name in NAMES]
    random.shuffle(nodes)
    shuffled = Projection.made_of(1, nodes, listed)
    assert shortest_paths(shuffled, *pair, 3) == shortest_paths(projection(edges), *pair, 3)


def test_working_together_is_told_before_lying_in_the_same_area() -> None:
    a, b, c, d = UNITS[:4]
    near = {Edge(a, SCHEMA.location, AREAS[0]), Edge(b, SCHEMA.location, AREAS[0])}
    far = {Edge(a, MA.partner, c), Edge(d, MA.partner, c), Edge(d, ORG.unitOf, b)}
    (told,) = shortest_paths(projection(frozenset(near | far)), a, b)
    assert names(told) == [a, c, d, b]
    (only,) = shortest_paths(projection(frozenset(near)), a, b)
    assert (names(only), only.length) == ([a, AREAS[0], b], 6)


def test_of_several_relations_between_two_things_the_one_that_counts_least_is_told() -> None:
    a, b = UNITS[:2]
    edges = {Edge(a, MA.partner, b), Edge(b, ORG.unitOf, a), Edge(a, ORG.unitOf, b)}
    (chain,) = shortest_paths(projection(frozenset(edges)), a, b)
    assert chain.edges == (Edge(a, ORG.unitOf, b),)


def test_filters_hold_for_the_edges_and_the_things_in_between() -> None:
    a, b, c = UNITS[:3]
    direct, around = Edge(a, ROLE, b, EX + "fact"), (Edge(a, ORG.unitOf, c), Edge(b, ORG.unitOf, c))
    day = date(2020, 1, 1)
    held = projection(frozenset({direct, *around}), {EX + "fact": Bounds(never_held=True)})

    def chain(**asked: object) -> list[str]:
        found = shortest_paths(held, a, b, filters=Filters(**asked))  # type: ignore[arg-type]
        return names(found[0]) if found else []

    assert chain() == [a, b]
    assert chain(as_of=day) == [a, c, b]
    assert chain(as_of=day, held=frozenset({"no", "yes"})) == [a, b]
    assert chain(relations=frozenset({"unit"})) == [a, c, b]
    assert chain(as_of=day, kinds=frozenset({"area"})) == []
    (edge, _) = shortest_paths(held, a, b, filters=Filters(day))[0].edges
    assert edge.held == "yes"


def test_a_thing_is_not_related_to_itself_and_an_unknown_one_is_an_error() -> None:
    held = projection(frozenset())
    assert shortest_paths(held, UNITS[0], UNITS[0]) == ()
    assert shortest_paths(held, *UNITS[:2], 3) == ()
    with pytest.raises(UnknownNode):
        shortest_paths(held, UNITS[0], EX + "nobody")


def test_between_two_hubs_with_thousands_in_common_the_first_of_them_are_told() -> None:
    hubs = [EX + "hub/1", EX + "hub/2"]
    members = [f"{EX}member/{number:04}" for number in range(3000)]
    edges = [Edge(member, ROLE, hub) for member in members for hub in hubs]
    nodes = [Node(name, "hospital", {"zh": name}, False, 0, 0) for name in (*hubs, *members)]
    chains = shortest_paths(Projection.made_of(1, nodes, edges), *hubs, 5)
    assert [names(chain)[1] for chain in chains] == members[:5]


def test_a_hub_that_everything_hangs_on_does_not_hide_a_second_way() -> None:
    hub, a, b, c = EX + "hub", *UNITS[:3]
    members = [f"{EX}member/{number:04}" for number in range(2000)]
    edges = [Edge(name, ROLE, hub) for name in (a, b, *members)]
    edges += [Edge(a, MA.partner, c), Edge(members[7], MA.partner, c), Edge(members[7], ORG.unitOf, b)]
    nodes = [Node(name, "hospital", {"zh": name}, False, 0, 0) for name in (hub, *NAMES, *members)]
    chains = shortest_paths(Projection.made_of(1, nodes, edges), a, b, 3)
    assert [names(chain) for chain in chains] == [
        [a, hub, b],
        [a, c, members[7], b],
        [a, hub, members[7], b],
    ]


# --- What several share -------------------------------------------------------------------------------------


def neighbours(edges: frozenset[Edge], name: str) -> set[str]:
    ends = {edge.to_iri for edge in edges if edge.from_iri == name}
    return ends | {edge.from_iri for edge in edges if edge.to_iri == name}


@given(EDGES, st.lists(st.sampled_from(UNITS), min_size=2, max_size=4), st.integers(1, 4))
def test_what_several_share_is_what_is_beside_each_of_them(
    edges: frozenset[Edge], asked: list[str], limit: int
) -> None:
    held = projection(edges)
    found = common(held, asked, limit=limit)
    shared = set.intersection(*(neighbours(edges, name) for name in asked)) - set(asked)
    assert [node.iri for node in found.nodes] == list(held.in_order(shared))[:limit]
    assert (found.total, found.truncated) == (len(shared), len(shared) > limit)
    shown = {node.iri for node in found.nodes}
    assert set(found.edges) == {
        edge
        for edge in edges
        if (edge.from_iri in shown and edge.to_iri in asked)
        or (edge.to_iri in shown and edge.from_iri in asked)
    }


@pytest.mark.parametrize(
    ("filters", "shared"),
    [
        (Filters(), {UNITS[2], AREAS[0]}),
        (Filters(kinds=frozenset({"area"})), {AREAS[0]}),
        (Filters(relations=frozenset({"unit"})), {UNITS[2]}),
        (Filters(relations=frozenset({"partner"})), set()),
    ],
)
def test_what_several_share_can_be_filtered(filters: Filters, shared: set[str]) -> None:
    edges = {Edge(name, ORG.unitOf, UNITS[2]) for name in UNITS[:2]}
    edges |= {Edge(name, SCHEMA.location, AREAS[0]) for name in UNITS[:2]}
    found = common(projection(frozenset(edges)), UNITS[:2], filters)
    assert {node.iri for node in found.nodes} == shared


def test_nobody_shares_anything_with_an_unknown_thing() -> None:
    held = projection(frozenset())
    with pytest.raises(UnknownNode):
        common(held, [UNITS[0], EX + "nobody"])
