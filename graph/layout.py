"""Where the things of a picture stand: in rings, in blocks, in columns, or where they lie on a map.

Worked out, not simulated: the same picture always looks the same, on any machine, and names do not cover each other.
A force layout of a star is neither.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from graph.projection import Neighbourhood

Position = tuple[float, float]

LABEL_WIDTH, LABEL_HEIGHT = 128.0, 80.0
"""Room for a node with its name below it; no two of these boxes overlap."""

_STRETCH = 1.5  # rings are ellipses: names are wider than high, and so are screens
_INNER = 170.0  # room for the names of lines
_STEP, _LONG_STEP = 10.0, 40.0
_MOST_IN_ONE_ROW = 20  # beyond this a ring in one row is larger than one in several
_MANY = 100  # things in a ring for which places are looked for in longer steps
_TALL = 10  # things in one column of a layer
_WIDE = 16  # things in one row below a map
_GAP = 60.0  # between blocks
_LAYER_GAP = 130.0  # room for the names of lines
_KILOPIXELS = 1100.0  # the size of a map with few things


@dataclass(frozen=True)
class Sketch:
    """What is to be arranged.

    Attributes:
        names: the things, in the order of lists.
        lines: pairs of things that hang together.
        centres: the things that stand in the middle, the first of them in the very middle.
        blocks: which block a thing belongs to, for ``blocks``.
        places: longitude and latitude of the things of which they are known, for ``on_map``.
    """

    names: Sequence[str]
    lines: Sequence[tuple[str, str]]
    centres: Sequence[str]
    blocks: Mapping[str, str] = field(default_factory=dict)
    places: Mapping[str, tuple[float, float]] = field(default_factory=dict)


@dataclass(frozen=True)
class _Tree:
    """Everything below one root: what hangs on each thing, and how many steps away it is."""

    root: str
    children: Mapping[str, Sequence[str]]
    distances: Mapping[str, int]


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
    """Return the position of each node of a neighbourhood in rings, the centre at (0, 0)."""
    return rings(
        Sketch(
            names=[node.iri for node in neighbourhood.nodes],
            lines=[(edge.from_iri, edge.to_iri) for edge in neighbourhood.edges],
            centres=[neighbourhood.centre.iri],
        )
    )


def rings(sketch: Sketch) -> Mapping[str, Position]:
    """Return positions in rings around the middle, each ring one step farther; x to the right, y downwards."""
    if not sketch.names:
        return {}
    tree = _tree(sketch)
    angles = _angles(tree)
    placed: dict[str, Position] = {tree.root: (0.0, 0.0)}
    radius = _INNER
    for ring in _levels(tree)[1:]:
        names = sorted(ring, key=angles.__getitem__)
        radii = _radii([angles[name] for name in names], radius)
        placed.update((name, _point(angles[name], at)) for name, at in zip(names, radii, strict=True))
        radius = max(radii, default=radius) + LABEL_WIDTH
    return placed


def layers(sketch: Sketch) -> Mapping[str, Position]:
    """Return positions in columns from left to right, each one step farther from the middle's."""
    if not sketch.names:
        return {}
    tree = _tree(sketch)
    order = {name: place for place, name in enumerate(_downwards(tree))}
    placed: dict[str, Position] = {}
    x = 0.0
    for level in _levels(tree):
        names = sorted(level, key=order.__getitem__)
        columns = math.ceil(len(names) / _TALL)
        rows = math.ceil(len(names) / columns)
        for place, name in enumerate(names):
            column, row = divmod(place, rows)
            in_column = min(rows, len(names) - column * rows)
            placed[name] = (x + column * LABEL_WIDTH, (row - (in_column - 1) / 2) * LABEL_HEIGHT)
        x += columns * LABEL_WIDTH + _LAYER_GAP
    return placed


def blocks(sketch: Sketch) -> Mapping[str, Position]:
    """Return positions in blocks of things that belong together, side by side in rows; the centres on top."""
    centres = set(sketch.centres)
    listed: dict[str, list[str]] = {}
    for name in sketch.names:
        if name not in centres:
            listed.setdefault(sketch.blocks.get(name, ""), []).append(name)
    placed: dict[str, Position] = {}
    width = _block_width(sketch)
    left, top, height = 0.0, 0.0, 0.0
    for names in listed.values():
        columns = max(1, math.ceil(math.sqrt(len(names) * LABEL_HEIGHT / LABEL_WIDTH * 1.6)))
        if left and left + columns * LABEL_WIDTH > width:
            left, top, height = 0.0, top + height + _GAP, 0.0
        for place, name in enumerate(names):
            row, column = divmod(place, columns)
            placed[name] = (left + column * LABEL_WIDTH, top + row * LABEL_HEIGHT)
        height = max(height, math.ceil(len(names) / columns) * LABEL_HEIGHT)
        left += columns * LABEL_WIDTH + _GAP
    return _below_centres(sketch.centres, placed)


def on_map(sketch: Sketch) -> Mapping[str, Position]:
    """Return positions as on a map, moved no farther than names need; what has no place stands below, in rows.

    A thing without a place of its own stands near what it has a line to.
    """
    known = _known_places(sketch)
    if not known:
        return rings(sketch)
    project = _projection(known, len(sketch.names))
    cells = _Cells()
    placed = {name: cells.nearest(project(known[name])) for name in sketch.names if name in known}
    below = max(y for _, y in placed.values()) + 2 * LABEL_HEIGHT
    lost = [name for name in sketch.names if name not in known]
    left = min(x for x, _ in placed.values())
    for place, name in enumerate(lost):
        row, column = divmod(place, _WIDE)
        placed[name] = (left + column * LABEL_WIDTH, below + row * LABEL_HEIGHT)
    return placed


ARRANGEMENTS: Mapping[str, Callable[[Sketch], Mapping[str, Position]]] = {
    "grouped": blocks,
    "radial": rings,
    "layered": layers,
    "map": on_map,
}
"""The ways to arrange a picture, by the names that addresses use."""


def _tree(sketch: Sketch) -> _Tree:
    """Return what hangs on what: each thing on the first nearer one that it has a line to."""
    near = _neighbours(sketch)
    order = {name: place for place, name in enumerate((*sketch.centres, *sketch.names))}
    roots: list[str] = []
    distances: dict[str, int] = {}
    children: dict[str, list[str]] = {name: [] for name in near}
    for starts in (
        sketch.centres,
        *((name,) for name in sketch.names),
    ):  # what hangs on no centre is one itself
        fresh = [name for name in dict.fromkeys(starts) if name in near and name not in distances]
        roots += fresh
        _walk(fresh, near, order, distances, children)
    first, *others = roots
    below = {name for root in others for name in _downwards(_Tree(root, children, distances))}
    children[first] += others  # what does not hang together stands around the first
    return _Tree(first, children, {name: at + (name in below) for name, at in distances.items()})


def _walk(
    starts: Sequence[str],
    near: Mapping[str, Sequence[str]],
    order: Mapping[str, int],
    distances: dict[str, int],
    children: Mapping[str, list[str]],
) -> None:
    """Walk outwards from some things, step by step, noting distances and what hangs on what."""
    frontier = list(starts)
    distances.update(dict.fromkeys(frontier, 0))
    while frontier:
        reached: dict[str, str] = {}
        for name in sorted(frontier, key=order.__getitem__):
            for other in near[name]:
                if other not in distances:
                    reached.setdefault(other, name)
        distances.update({name: distances[parent] + 1 for name, parent in reached.items()})
        for name in sorted(reached, key=order.__getitem__):
            children[reached[name]].append(name)
        frontier = list(reached)


def _neighbours(sketch: Sketch) -> Mapping[str, Sequence[str]]:
    near: dict[str, dict[str, None]] = {name: {} for name in sketch.names}
    for one, other in sketch.lines:
        if one != other and one in near and other in near:
            near[one][other] = near[other][one] = None
    return {name: list(others) for name, others in near.items()}


def _levels(tree: _Tree) -> list[list[str]]:
    """Return the things of each distance, the root's first."""
    levels: list[list[str]] = [[] for _ in range(max(tree.distances.values(), default=0) + 1)]
    for name, distance in tree.distances.items():
        levels[distance].append(name)
    return levels


def _angles(tree: _Tree) -> Mapping[str, float]:
    """Return the angle of each thing: leaves share the circle evenly, others stand amid their own."""
    order = _downwards(tree)
    leaves = [name for name in order if not tree.children[name]]
    angles = {name: (place + 0.5) / len(leaves) * math.tau - math.pi / 2 for place, name in enumerate(leaves)}
    for name in reversed(order):
        if hanging := tree.children[name]:
            angles[name] = (angles[hanging[0]] + angles[hanging[-1]]) / 2
    return angles


def _downwards(tree: _Tree) -> list[str]:
    """Return the root and all below it, each before what hangs on it."""
    found: list[str] = []
    waiting = [tree.root]
    while waiting:
        name = waiting.pop()
        found.append(name)
        waiting.extend(reversed(tree.children[name]))
    return found


def _radii(angles: Sequence[float], inner: float) -> list[float]:
    """Return how far out the things of one ring stand: in one row if they are few, else each where there is room."""
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
    """Return for each thing, in turn, the first free place on its way outwards."""
    room = _Room()
    radii = []
    step = _STEP if len(angles) <= _MANY else _LONG_STEP
    for angle in angles:
        radius = inner
        while not room.is_free(_point(angle, radius)):
            radius += step
        room.take(_point(angle, radius))
        radii.append(radius)
    return radii


def _point(angle: float, radius: float) -> Position:
    return round(math.cos(angle) * radius * _STRETCH, 1), round(math.sin(angle) * radius, 1)


def _block_width(sketch: Sketch) -> float:
    """Return how wide a picture in blocks is, so that it is about as wide as a screen for its height."""
    return max(6 * LABEL_WIDTH, math.sqrt(len(sketch.names) * LABEL_WIDTH * LABEL_HEIGHT * 2.4))


def _below_centres(centres: Sequence[str], placed: Mapping[str, Position]) -> Mapping[str, Position]:
    """Return a picture with its centres in a row above it, in the middle."""
    left = min((x for x, _ in placed.values()), default=0.0)
    right = max((x for x, _ in placed.values()), default=0.0)
    start = (left + right - (len(centres) - 1) * 1.5 * LABEL_WIDTH) / 2
    row = {name: (start + place * 1.5 * LABEL_WIDTH, 0.0) for place, name in enumerate(centres)}
    down = LABEL_HEIGHT + 2 * _GAP if centres else 0.0
    return {**row, **{name: (x, y + down) for name, (x, y) in placed.items()}}


def _known_places(sketch: Sketch) -> Mapping[str, tuple[float, float]]:
    """Return places of things, and for those without one the middle of what they have lines to."""
    near = _neighbours(sketch)
    known = {name: sketch.places[name] for name in sketch.names if name in sketch.places}
    between: dict[str, tuple[float, float]] = {}
    for name in sketch.names:
        around = [known[other] for other in near[name] if other in known]
        if name not in known and around:
            longitudes, latitudes = zip(*around, strict=True)
            between[name] = (sum(longitudes) / len(around), sum(latitudes) / len(around))
    return {**known, **between}


def _projection(
    places: Mapping[str, tuple[float, float]], size: int
) -> Callable[[tuple[float, float]], Position]:
    """Return what turns longitude and latitude into a position: plain, true to scale amid the places shown."""
    longitudes, latitudes = zip(*places.values(), strict=True)
    middle = math.radians((min(latitudes) + max(latitudes)) / 2)
    wide = max((max(longitudes) - min(longitudes)) * math.cos(middle), max(latitudes) - min(latitudes), 0.05)
    scale = _KILOPIXELS * max(1.0, math.sqrt(size / 40)) / wide

    def projected(place: tuple[float, float]) -> Position:
        longitude, latitude = place
        return (longitude - min(longitudes)) * math.cos(middle) * scale, (max(latitudes) - latitude) * scale

    return projected


class _Cells:
    """A grid of boxes; each is given to one thing."""

    def __init__(self) -> None:
        self._taken: set[tuple[int, int]] = set()
        self._rings: dict[tuple[int, int], Iterator[tuple[int, int]]] = {}

    def nearest(self, at: Position) -> Position:
        """Take the free box nearest to a position, and return its middle."""
        home = round(at[0] / LABEL_WIDTH), round(at[1] / LABEL_HEIGHT)
        around = self._rings.setdefault(home, _outwards(home))
        cell = next(cell for cell in around if cell not in self._taken)
        self._taken.add(cell)
        return cell[0] * LABEL_WIDTH, cell[1] * LABEL_HEIGHT


def _outwards(home: tuple[int, int]) -> Iterator[tuple[int, int]]:
    """Yield cells around one, ring by ring."""
    yield home
    distance = 0
    while True:
        distance += 1
        ring = [
            (x, y)
            for x in range(-distance, distance + 1)
            for y in range(-distance, distance + 1)
            if max(abs(x), abs(y)) == distance
        ]
        for x, y in sorted(ring, key=lambda cell: (cell[0] ** 2 + cell[1] ** 2, cell)):
            yield home[0] + x, home[1] + y
