"""Edges as seen from their ends: for each node its edges in one direction, cut into segments of one relation.

"How many" is a subtraction and "the first hundred" a slice, however many edges a node has.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal, NamedTuple

import numpy as np
import numpy.typing as npt

from graph.network import Flags, Ints, frozen

Direction = Literal["out", "in"]
DIRECTIONS: tuple[Direction, ...] = ("out", "in")


class Segment(NamedTuple):
    """The edges of one node with one relation in one direction: positions ``begin`` to ``end`` of a side."""

    relation: int
    direction: Direction
    begin: int
    end: int


@dataclass(frozen=True, eq=False)
class Side:
    """The edges of every node in one direction.

    Segments of node ``n`` are ``first[n]`` to ``first[n + 1]``; segment ``s`` covers the positions ``begin[s]`` to
    ``begin[s + 1]`` of ``edge`` (its number) and ``other`` (the node at the far end).
    """

    direction: Direction
    first: Ints
    relation: Ints
    begin: Ints
    edge: Ints
    other: Ints

    @classmethod
    def of(cls, direction: Direction, near: Ints, far: Ints, relation: Ints, nodes: int) -> Side:
        """Return the side of edges that are sorted by relation and then as a segment shall show them."""
        order = np.argsort(near, kind="stable")
        near, relation = near[order], relation[order]
        changes = np.flatnonzero((near[1:] != near[:-1]) | (relation[1:] != relation[:-1])) + 1
        starts = np.concatenate(([0], changes)) if len(near) else np.zeros(0, np.int64)
        return cls(
            direction=direction,
            first=frozen(np.searchsorted(near[starts], np.arange(nodes + 1))),
            relation=frozen(relation[starts]),
            begin=frozen(np.concatenate((starts, [len(near)]))),
            edge=frozen(order),
            other=frozen(far[order]),
        )

    def kept(self, keep: Flags) -> Side:
        """Return the side with only some of its positions; segments may become empty."""
        before = np.concatenate(([0], np.cumsum(keep)))
        return Side(
            self.direction,
            self.first,
            self.relation,
            frozen(before[self.begin]),
            frozen(self.edge[keep]),
            frozen(self.other[keep]),
        )

    def segments(self, node: int) -> Iterator[Segment]:
        """Yield the segments of a node that hold anything."""
        first, last = int(self.first[node]), int(self.first[node + 1])
        bounds = self.begin[first : last + 1].tolist()
        for relation, begin, end in zip(self.relation[first:last].tolist(), bounds, bounds[1:], strict=False):
            if begin < end:
                yield Segment(relation, self.direction, begin, end)

    def degree(self, node: int) -> int:
        """Return how many edges a node has."""
        return int(self.begin[self.first[node + 1]] - self.begin[self.first[node]])

    def spread(self, nodes: Ints | npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
        """Return the positions of all edges of some nodes."""
        begin, end = self.begin[self.first[nodes]], self.begin[self.first[nodes + 1]]
        return joined(begin, end)


def joined(begin: npt.NDArray[np.integer], end: npt.NDArray[np.integer]) -> npt.NDArray[np.int64]:
    """Return the numbers from each beginning up to its end, one range after the other."""
    lengths = (end - begin).astype(np.int64)
    shifts = begin - np.concatenate(([0], np.cumsum(lengths)[:-1])) if len(lengths) else lengths
    found: npt.NDArray[np.int64] = np.repeat(shifts, lengths) + np.arange(lengths.sum())
    return found


def sides(relation: Ints, start: Ints, end: Ints, nodes: int) -> tuple[Side, Side]:
    """Return the edges along their arrows and against them."""
    return Side.of("out", start, end, relation, nodes), Side.of("in", end, start, relation, nodes)


def spans(segments: Iterable[Segment]) -> npt.NDArray[np.int64]:
    """Return the positions that segments cover."""
    listed = np.array([segment[2:] for segment in segments], np.int64).reshape(-1, 2)
    return joined(listed[:, 0], listed[:, 1])
