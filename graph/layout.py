"""Where the nodes of a picture stand: the centre in the middle, each hop a ring around it, kinds side by side.

Worked out, not simulated: the same neighbourhood always looks the same, on any machine, and names do not cover
each other. A force layout of a star is neither.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence

from graph.projection import Neighbourhood

Position = tuple[float, float]

LABEL_WIDTH, LABEL_HEIGHT = 128.0, 80.0
"""Room for a node with its name below it; no two of these boxes overlap."""

_STRETCH = 1.5  # rings are ellipses: names are wider than high, and so are screens
_INNER = 170.0  # room for the names of lines
_STEP = 10.0
_MOST_IN_ONE_ROW = 20  # beyond this a ring in one row is larger than one in several


class _Room:
    """The boxes that are taken, in cells of the size of a box, so that a look at nine cells tells what is free."""

    def __init__(self) -> None:
        self._cells: dict[tuple[int, int], list[Position]] = {}

    def is_free(self, at: Position) -> bool:
        """Tell whether a box with this middle overlaps no other."""
        column, row = self._cell(at)
        return not any(
            abs(x - at[0]) < LABEL_WIDTH and abs(y - at[1]) < LABEL_HEIGHT
            for dx in (-1, 0, 1)
            for dy in (-1, 0, 1)
            for x, y in self._cells.get((column + dx, row + dy), ())
        )

    def take(self, at: Position) -> None:
        """Put a box there."""
        self._cells.setdefault(self._cell(at), []).append(at)

    def _cell(self, at: Position) -> tuple[int, int]:
        return math.floor(at[0] / LABEL_WIDTH), math.floor(at[1] / LABEL_HEIGHT)


def positions(neighbourhood: Neighbourhood) -> Mapping[str, Position]:
    """Return the position of each node, the centre at (0, 0), x to the right and y downwards."""
    angles = _angles(neighbourhood.centre.iri, _tree(neighbourhood))
    placed: dict[str, Position] = {neighbourhood.centre.iri: (0.0, 0.0)}
    radius = _INNER
    for distance in range(1, neighbourhood.hops + 1):
        names = sorted(
            (node.iri for node in neighbourhood.nodes if node.distance == distance), key=angles.__getitem__
        )
        radii = _radii([angles[name] for name in names], radius)
        placed.update((name, _point(angles[name], at)) for name, at in zip(names, radii, strict=True))
        radius = max(radii, default=radius) + LABEL_WIDTH
    return placed


def _tree(neighbourhood: Neighbourhood) -> Mapping[str, Sequence[str]]:
    """Return for each node those that hang on it: each hangs on the first nearer node that it has an edge to."""
    order = {node.iri: (node.distance, place) for place, node in enumerate(neighbourhood.nodes)}
    parents: dict[str, str] = {}
    for edge in neighbourhood.edges:
        for near, far in ((edge.from_iri, edge.to_iri), (edge.to_iri, edge.from_iri)):
            if order[near][0] == order[far][0] - 1:
                parents[far] = min(near, parents.get(far, near), key=order.__getitem__)
    children: dict[str, list[str]] = {node.iri: [] for node in neighbourhood.nodes}
    for node in neighbourhood.nodes[1:]:
        children[parents[node.iri]].append(node.iri)
    return children


def _angles(root: str, children: Mapping[str, Sequence[str]]) -> Mapping[str, float]:
    """Return the angle of each node: leaves share the circle evenly, others stand amid their own."""
    leaves = [name for name in _downwards(root, children) if not children[name]]
    angles = {name: (place + 0.5) / len(leaves) * math.tau - math.pi / 2 for place, name in enumerate(leaves)}
    for name in reversed(_downwards(root, children)):
        if hanging := children[name]:
            angles[name] = (angles[hanging[0]] + angles[hanging[-1]]) / 2
    return angles


def _downwards(name: str, children: Mapping[str, Sequence[str]]) -> list[str]:
    """Return a node and all below it, each before what hangs on it."""
    return [name, *(below for child in children[name] for below in _downwards(child, children))]


def _radii(angles: Sequence[float], inner: float) -> list[float]:
    """Return how far out the nodes of one ring stand: in one row if they are few, else each where there is room."""
    if len(angles) > _MOST_IN_ONE_ROW:
        return _packed(angles, inner)
    radius = inner
    while not _fits(_point(angle, radius) for angle in angles):
        radius += _STEP
    return [radius] * len(angles)


def _fits(points: Iterable[Position]) -> bool:
    room = _Room()
    for at in points:
        if not room.is_free(at):
            return False
        room.take(at)
    return True


def _packed(angles: Sequence[float], inner: float) -> list[float]:
    """Return for each node, in turn, the first free place on its way outwards."""
    room = _Room()
    radii = []
    for angle in angles:
        radius = inner
        while not room.is_free(_point(angle, radius)):
            radius += _STEP
        room.take(_point(angle, radius))
        radii.append(radius)
    return radii


def _point(angle: float, radius: float) -> Position:
    return round(math.cos(angle) * radius * _STRETCH, 1), round(math.sin(angle) * radius, 1)
