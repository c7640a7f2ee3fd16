"""How two things are related: the shortest chains of relations between them; and what several have in common.

Arrays tell how far everything is from either end; only what lies on chains of the length in question becomes a
NetworkX graph, so that a hub with thousands of members costs milliseconds. Directions are ignored in walking and
kept for telling. Relations of some kinds count as several, see ``length`` in ``kinds.toml``: a chain through the
prefecture of two hospitals is told only where there is none through what they do together.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import islice, pairwise, takewhile

import numpy as np
import numpy.typing as npt

from graph.network import Flags, Ints
from graph.projection import EVERYTHING, Edge, Filters, Node, Projection, View
from ontology.kinds import kinds

MOST_CHAINS = 5
MOST_SHARING = 5
_SLACK = (0, 2, 4)
"""How much longer than the shortest a chain may be, tried in turn; longer ones explain nothing."""
_MOST_BETWEEN = 200
"""Things on chains that are looked at; of more, the first in the order of lists and one whole chain."""
_FAR = np.iinfo(np.int32).max // 4
_STEPS = tuple(sorted({kind.length for kind in kinds().relations}))

Rows = npt.NDArray[np.integer]
"""Edges as rows of start, end and length."""


@dataclass(frozen=True)
class Chain:
    """One way in which two things are related: ``edges[i]`` lies between ``nodes[i]`` and ``nodes[i + 1]``.

    ``length`` counts relations, those of some kinds several times.
    """

    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    length: int


@dataclass(frozen=True)
class Common:
    """What several things are all related to: the first of it in the order of lists, and how much there is.

    ``edges`` are the relations between the things asked about and what is in ``nodes``.
    """

    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    total: int

    @property
    def truncated(self) -> bool:
        """Whether there is more."""
        return len(self.nodes) < self.total


def shortest_paths(
    projection: Projection, from_iri: str, to_iri: str, k: int = 1, filters: Filters = EVERYTHING
) -> tuple[Chain, ...]:
    """Return the shortest chains of relations between two things, none when they are not related, or the same.

    Args:
        projection: who is related to whom.
        from_iri: where chains begin.
        to_iri: where they end.
        k: how many to return at most.
        filters: the relations to walk; kinds of things apply to those in between.

    Raises:
        UnknownNode: there is no such thing.
    """
    ends = projection.numbered(from_iri), projection.numbered(to_iri)
    if ends[0] == ends[1]:
        return ()
    field = _Field.of(projection, ends, filters)
    slacks = _SLACK if k > 1 else _SLACK[:1]
    reach = field.reach(slacks[-1])
    if reach is None:
        return ()
    found: list[list[int]] = []
    for slack in slacks:
        found = list(field.chains(reach.within(slack), k))
        if len(found) == k:
            break
    # Of equally long ones those of fewer relations first, then in the order of lists.
    chains = [field.chain(numbers) for numbers in sorted(found)]
    return tuple(sorted(chains, key=lambda chain: (chain.length, len(chain.edges))))


def common(
    projection: Projection, iris: Sequence[str], filters: Filters = EVERYTHING, limit: int = 100
) -> Common:
    """Return what all of some things are related to.

    Args:
        projection: who is related to whom.
        iris: the things, two or more.
        filters: the relations that count, and the kinds of what is shared.
        limit: how many shared things to return at most.

    Raises:
        UnknownNode: one of them does not exist.
    """
    view, lengths = projection.view(filters), _lengths(projection, filters)
    numbers = [projection.numbered(name) for name in dict.fromkeys(iris)]
    shared = np.ones(len(projection), np.bool_)
    for number in numbers:
        shared &= _others(projection, view, number, lengths)
    shared[numbers] = False
    listed = np.flatnonzero(shared).tolist()
    shown = [projection.node_at(number, 1, view) for number in listed[:limit]]
    ends = {projection.node_at(number, 0, view).iri for number in numbers}
    between = projection.edges_between([*ends, *(node.iri for node in shown)], filters)
    edges = tuple(edge for edge in between if (edge.from_iri in ends) != (edge.to_iri in ends))
    return Common(tuple(shown), edges, len(listed))


@dataclass(frozen=True, eq=False)
class _Reach:
    """How far things are from either end, as far as matters; ``shortest``: how far the ends are from each other."""

    shortest: int
    from_start: Ints
    from_end: Ints
    most: int

    def within(self, slack: int) -> _Reach:
        """Return the same for chains that are so much longer than the shortest at most."""
        return replace(self, most=self.shortest + slack)

    @cached_property
    def total(self) -> Ints:
        """How long a walk between the ends is that passes a thing."""
        return self.from_start + self.from_end


@dataclass(frozen=True, eq=False)
class _Field:
    """What lies between two things.

    Attributes:
        projection: who is related to whom.
        ends: the numbers of the two.
        view: the edges to walk.
        lengths: how much each edge counts; ``_FAR``: it is not walked.
        passable: the things that chains may run through, both ends included.
    """

    projection: Projection
    ends: tuple[int, int]
    view: View
    lengths: Ints
    passable: Flags

    @classmethod
    def of(cls, projection: Projection, ends: tuple[int, int], filters: Filters) -> _Field:
        passable = projection.of_kinds(filters.kinds)
        passable[list(ends)] = True
        view = projection.view(replace(filters, kinds=None))
        return cls(projection, ends, view, _lengths(projection, filters)[projection.relation], passable)

    def reach(self, slack: int) -> _Reach | None:
        """Return how far things are from the ends, for chains so much longer than the shortest at most."""
        start, end = self.ends
        from_start = self._distances(start, end, slack)
        shortest = int(from_start[end])
        if shortest == _FAR:
            return None
        from_end = self._distances(end, start, slack, from_start, shortest + slack)
        return _Reach(shortest, from_start, from_end, shortest + slack)

    def chains(self, reach: _Reach, count: int) -> Iterator[list[int]]:
        """Yield so many chains as numbers of their nodes, the shortest first."""
        import networkx as nx  # wanted by few requests, and not at the start

        numbers, rows = self._between(reach)
        graph = nx.Graph()
        graph.add_nodes_from(numbers)
        for start, end, length in rows.tolist():
            if not graph.has_edge(start, end) or length < graph[start][end]["length"]:
                graph.add_edge(start, end, length=length)
        paths = nx.shortest_simple_paths(graph, *self.ends, weight="length")
        fitting = takewhile(lambda path: nx.path_weight(graph, path, "length") <= reach.most, paths)
        yield from islice(fitting, count)

    def chain(self, numbers: Sequence[int]) -> Chain:
        """Return a chain of nodes with, of several edges between two of them, the one that tells most."""
        edges = [self._edge(*pair) for pair in pairwise(numbers)]
        nodes = [self.projection.node_at(number, place, self.view) for place, number in enumerate(numbers)]
        length = sum(int(self.lengths[edge]) for edge in edges)
        return Chain(tuple(nodes), tuple(self.projection.edge_at(edge, self.view) for edge in edges), length)

    def _edge(self, one: int, other: int) -> int:
        """Return the edge between two nodes that counts least, the first in the order of relations."""
        found = [edge for edge in self.projection.between(self.view, {one, other}) if self._joins(edge)]
        return min(found, key=lambda edge: (self.lengths[edge], edge))

    def _joins(self, edge: int) -> bool:
        ((start, end),) = self.projection.ends([edge])
        return start != end and int(self.lengths[edge]) < _FAR

    def _distances(
        self, source: int, target: int, slack: int, beyond: Ints | None = None, most: int = _FAR
    ) -> Ints:
        """Return how far things are from one end; farther than the other end by the slack is not looked.

        Args:
            source: the one end.
            target: the other end.
            slack: how much longer than the shortest a chain may be.
            beyond: how far things are from the other end, when that is known,
            most: and how long a walk past both may be.
        """
        found = np.full(len(self.projection), _FAR, np.int32)
        found[source] = distance = 0
        bound = _FAR - 1
        while distance <= min(bound, most):
            frontier = np.flatnonzero(found == distance)
            if found[target] == distance:
                bound = distance + slack
            if distance < bound:
                for length, others in self._steps(frontier):
                    new = others[found[others] > distance + length]
                    if beyond is not None:
                        new = new[beyond[new] <= most - distance - length]
                    found[new] = distance + length
            farther = found[(found > distance) & (found < _FAR)]
            distance = int(farther.min()) if len(farther) else _FAR
        return found

    def _steps(self, frontier: npt.NDArray[np.int64]) -> Iterator[tuple[int, Ints]]:
        """Yield where one edge leads from some nodes, by how much it counts."""
        for side in (self.view.out, self.view.into):
            places = side.spread(frontier)
            others, lengths = side.other[places], self.lengths[side.edge[places]]
            for length in _STEPS:
                fitting = others[lengths == length]
                yield length, fitting[self.passable[fitting]]

    def _between(self, reach: _Reach) -> tuple[list[int], Rows]:
        """Return the nodes on chains up to a length, and the edges of such chains as rows: start, end, length."""
        rows = _without_dead_ends(self._rows(reach), self.ends)
        numbers = _ends_of(rows)
        if len(numbers) > _MOST_BETWEEN:
            order = np.lexsort((numbers, reach.total[numbers]))
            first = np.zeros(len(self.projection), np.bool_)
            first[numbers[order[:_MOST_BETWEEN]]] = first[self._one_chain(reach)] = True
            rows = _without_dead_ends(rows[first[rows[:, 0]] & first[rows[:, 1]]], self.ends)
        return _ends_of(rows).tolist(), rows

    def _rows(self, reach: _Reach) -> Rows:
        places = self.view.out.spread(np.flatnonzero(reach.total <= reach.most))
        edges = self.view.out.edge[places]
        starts, ends, lengths = (
            self.projection.starts[edges],
            self.view.out.other[places],
            self.lengths[edges],
        )
        along = reach.from_start[starts] + lengths + reach.from_end[ends]
        against = reach.from_start[ends] + lengths + reach.from_end[starts]
        fitting = (np.minimum(along, against) <= reach.most) & (starts != ends)
        return np.column_stack((starts[fitting], ends[fitting], lengths[fitting]))

    def _one_chain(self, reach: _Reach) -> list[int]:
        """Return the nodes of one of the shortest chains, at each step the first in the order of lists."""
        chain = [self.ends[0]]
        while chain[-1] != self.ends[1]:
            here = chain[-1]
            nearer = np.concatenate(
                [
                    others[reach.from_start[here] + length + reach.from_end[others] == reach.shortest]
                    for length, others in self._steps(np.array([here]))
                ]
            )
            chain.append(int(nearer[np.lexsort((nearer, reach.from_end[nearer]))[0]]))
        return chain


def _lengths(projection: Projection, filters: Filters) -> Ints:
    """Return how much each relation counts in a chain; ``_FAR`` where it is left out."""
    table, names = kinds(), projection.network.relations
    allowed = projection.allowed(filters.relations)
    return np.array(
        [
            table.relation_of(name).length if allowed is None or number in allowed else _FAR
            for number, name in enumerate(names)
        ],
        np.int32,
    )


def _others(projection: Projection, view: View, number: int, lengths: Ints) -> Flags:
    """Tell which things lie at the far ends of a node's edges, those that are left out aside."""
    found = np.zeros(len(projection), np.bool_)
    for side in (view.out, view.into):
        places = side.spread(np.array([number]))
        found[side.other[places][lengths[projection.relation[side.edge[places]]] < _FAR]] = True
    return found


def _ends_of(rows: Rows) -> Rows:
    return np.unique(rows[:, :2])


def _without_dead_ends(rows: Rows, ends: Collection[int]) -> Rows:
    """Return rows without those to nodes with one neighbour, again and again, but for both ends of chains."""
    # Nodes with one edge first, of which a hub has thousands: no edges need to be compared for that.
    rows = _pruned(rows, ends, rows[:, :2])
    while len(rows):
        pairs = np.unique(np.sort(rows[:, :2], axis=1), axis=0)
        fewer = _pruned(rows, ends, pairs)
        if len(fewer) == len(rows):
            break
        rows = fewer
    return rows


def _pruned(rows: Rows, ends: Collection[int], pairs: Rows) -> Rows:
    """Return rows without those to nodes that are in one of some pairs only."""
    while len(pairs):
        counts = np.bincount(pairs.ravel())
        counts[list(ends)] = 2
        alive = counts > 1
        keep = alive[pairs].all(axis=1)
        if keep.all():
            break
        pairs = pairs[keep]
        rows = rows[alive[rows[:, :2]].all(axis=1)]
    return rows
