"""A side of edges is what reading them one by one gives, with or without some of them."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from graph.sides import Segment, Side, joined, sides, spans

NODES = 5
EDGES = st.lists(
    st.tuples(st.integers(0, 2), st.integers(0, NODES - 1), st.integers(0, NODES - 1)), max_size=20
)


def both(edges: list[tuple[int, int, int]]) -> tuple[Side, Side]:
    """Return the sides of edges given by relation, start and end, once they are sorted."""
    relation, start, end = np.array(sorted(edges), np.int32).reshape(-1, 3).T
    return sides(relation, start, end, NODES)


def read(side: Side, node: int) -> list[tuple[int, int]]:
    """Return relation and far end of the edges of a node."""
    return [
        (segment.relation, int(side.other[place]))
        for segment in side.segments(node)
        for place in range(segment.begin, segment.end)
    ]


@given(EDGES)
def test_each_node_has_its_edges_by_relation_and_then_in_the_order_of_lists(
    edges: list[tuple[int, int, int]],
) -> None:
    out, into = both(edges)
    for node in range(NODES):
        assert read(out, node) == sorted((r, end) for r, start, end in edges if start == node)
        assert read(into, node) == sorted((r, start) for r, start, end in edges if end == node)
        assert out.degree(node) == len(read(out, node))


@given(EDGES, st.data())
def test_a_side_with_some_of_its_edges_is_that_of_those_edges(
    edges: list[tuple[int, int, int]], data: st.DataObject
) -> None:
    keep = np.array(data.draw(st.lists(st.booleans(), min_size=len(edges), max_size=len(edges))), np.bool_)
    out, _ = both(edges)
    some = out.kept(keep)
    kept = [sorted(edges)[edge] for edge in out.edge[keep].tolist()]
    for node in range(NODES):
        assert read(some, node) == sorted((r, end) for r, start, end in kept if start == node)
        assert all(segment.begin < segment.end for segment in some.segments(node))


@given(EDGES, st.frozensets(st.integers(0, NODES - 1)))
def test_all_edges_of_some_nodes_are_spread_at_once(
    edges: list[tuple[int, int, int]], nodes: frozenset[int]
) -> None:
    out, _ = both(edges)
    places = out.spread(np.array(sorted(nodes), np.int64))
    listed = sorted(edges)
    assert sorted(listed[edge] for edge in out.edge[places].tolist()) == [e for e in listed if e[1] in nodes]
    assert (
        spans(segment for node in sorted(nodes) for segment in out.segments(node)).tolist() == places.tolist()
    )


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 5))))
def test_ranges_are_joined_one_after_the_other(pairs: list[tuple[int, int]]) -> None:
    begin = np.array([first for first, _ in pairs], np.int64)
    end = np.array([first + length for first, length in pairs], np.int64)
    expected = [number for first, length in pairs for number in range(first, first + length)]
    assert joined(begin, end).tolist() == expected


def test_nothing_has_no_edges() -> None:
    out, into = both([])
    assert (out.degree(0), into.degree(NODES - 1), list(out.segments(0))) == (0, 0, [])
    assert spans(list[Segment]()).tolist() == []
