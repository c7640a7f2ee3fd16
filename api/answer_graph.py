"""An answer as a small picture of things and lines: the triples of a graph, or rows that name several things."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from api.answer_rows import Cell, Rows
from api.drawing import SHAPES, wrapped
from graph.layout import Sketch, rings
from graph.nodes import Named
from ontology.terms import RDF

MOST_THINGS = 50
"""Things in one picture; what is left out is told below it."""
MOST_NAMED_LINES = 25
"""With more lines than this their names would hide the picture."""

_RADIUS = 12.0
_SIZE, _LINE_HEIGHT = 13.0, 16.0
_LABEL_WIDTH = 118.0
_MOST_LABEL_LINES = 3
_MARGIN = 84.0
_PREDICATES = frozenset(("p", "pred", "predicate", "property", "rel", "relation"))
"""What people call the variable in the middle of a triple."""


@dataclass(frozen=True)
class Link:
    """One line of an answer: from and to by IRI, and what it is (the IRI of a property, or the name of a column)."""

    start: str
    end: str
    kind: str


@dataclass(frozen=True)
class Links:
    """What of an answer can be drawn, and how many statements or rows cannot, because they name no two things."""

    links: tuple[Link, ...]
    unlinked: int


@dataclass(frozen=True)
class Dot:
    """One thing as drawn: its outline in its place, and its name in lines (x, y, text)."""

    named: Named
    label: str
    x: float
    y: float
    outline: str
    lines: tuple[tuple[float, float, str], ...]


@dataclass(frozen=True)
class Arrow:
    """One line as drawn: its path, head, and name (empty: it has none) with its place."""

    path: str
    head: str
    label: str
    x: float
    y: float


@dataclass(frozen=True)
class Picture:
    """A whole picture: what is seen of the plane, what is in it, and how much is not."""

    left: float
    top: float
    width: float
    height: float
    dots: tuple[Dot, ...]
    arrows: tuple[Arrow, ...]
    kinds: tuple[tuple[str, int], ...]
    """What the lines are called, and how many of each are drawn."""
    things_left_out: int
    lines_left_out: int
    unlinked: int

    @property
    def families(self) -> tuple[str, ...]:
        """The families that occur, for a legend."""
        return tuple(dict.fromkeys(dot.named.family for dot in self.dots))


def links_of(rows: Rows) -> Links:
    """Return the lines of an answer.

    Rows of three columns whose middle one is called like a property are triples. Of other rows the first thing is
    linked to the others, by the names of their columns. That a thing has a class is no line where there are others.
    """
    found = [_triple(row) for row in rows.rows] if _are_triples(rows) else list(_starred(rows))
    links = list(dict.fromkeys(link for link in found if link))
    untyped = [link for link in links if link.kind != RDF.type]
    return Links(tuple(untyped or links), found.count(None))


def drawn_things(links: Sequence[Link]) -> list[str]:
    """Return the things that fit into one picture, those with the most lines first."""
    degrees = Counter(end for link in links for end in (link.start, link.end))
    order = {name: place for place, name in enumerate(degrees)}
    middle = max(order, key=lambda name: (degrees[name], -order[name]), default="")
    near = [end for link in links if middle in (link.start, link.end) for end in (link.start, link.end)]
    return list(dict.fromkeys([middle, *near, *degrees] if middle else []))[:MOST_THINGS]


def picture(links: Links, named: Mapping[str, Named], label: Callable[[str], str]) -> Picture | None:
    """Return the picture of an answer; ``None`` when it has no lines.

    Args:
        links: what the answer says.
        named: the things of ``drawn_things`` by IRI.
        label: returns what to call a thing or a property.
    """
    things = drawn_things(links.links)
    if not things:
        return None
    held = set(things)
    drawn = [link for link in links.links if link.start in held and link.end in held]
    places = rings(Sketch(things, [(link.start, link.end) for link in drawn], things[:1]))
    dots = tuple(_dot(named[name], label(name), *places[name]) for name in things)
    everything = {end for link in links.links for end in (link.start, link.end)}
    left, right = min(dot.x for dot in dots) - _MARGIN, max(dot.x for dot in dots) + _MARGIN
    top, bottom = min(dot.y for dot in dots) - 40, max(dot.y for dot in dots) + _MARGIN
    return Picture(
        left,
        top,
        right - left,
        bottom - top,
        dots,
        tuple(_arrows(drawn, places, label)),
        tuple(Counter(label(link.kind) for link in drawn).most_common()),
        len(everything) - len(things),
        len(links.links) - len(drawn),
        links.unlinked,
    )


def _are_triples(rows: Rows) -> bool:
    columns = [name.lower() for name in rows.columns]
    return rows.is_graph or (len(columns) == 3 and columns[1] in _PREDICATES)


def _triple(row: Sequence[Cell | None]) -> Link | None:
    start, kind, end = row[:3]
    if not (_is_thing(start) and _is_thing(end) and kind):
        return None
    return Link(start.text, end.text, kind.text) if start and end else None


def _starred(rows: Rows) -> Iterator[Link | None]:
    for row in rows.rows:
        things = [
            (name, cell.text)
            for name, cell in zip(rows.columns, row, strict=True)
            if cell and _is_thing(cell)
        ]
        if len(things) < 2:
            yield None
        yield from (
            Link(things[0][1], other, f"?{name}") for name, other in things[1:] if other != things[0][1]
        )


def _is_thing(cell: Cell | None) -> bool:
    return cell is not None and cell.kind in ("iri", "blank")


def _dot(named: Named, label: str, x: float, y: float) -> Dot:
    lines = wrapped(label, _LABEL_WIDTH, _SIZE)
    if len(lines) > _MOST_LABEL_LINES:
        lines = [*lines[: _MOST_LABEL_LINES - 1], lines[_MOST_LABEL_LINES - 1].rstrip("…")[:-1] + "…"]
    top = y + _RADIUS + 15
    return Dot(
        named,
        label,
        x,
        y,
        SHAPES.get(named.family, SHAPES["other"]),
        tuple((x, top + place * _LINE_HEIGHT, line) for place, line in enumerate(lines)),
    )


def _arrows(
    links: Sequence[Link], places: Mapping[str, tuple[float, float]], label: Callable[[str], str]
) -> Iterator[Arrow]:
    """Yield lines; several between the same two things are one line with all their names."""
    together: dict[tuple[str, str], list[str]] = {}
    for link in links:
        if link.start != link.end:
            together.setdefault((link.start, link.end), []).append(link.kind)
    is_named = len(together) <= MOST_NAMED_LINES and len({link.kind for link in links}) > 1
    for (start, end), kinds in together.items():
        names = ", ".join(dict.fromkeys(map(label, kinds))) if is_named else ""
        yield _arrow(places[start], places[end], names, is_bent=(end, start) in together)


def _arrow(start: tuple[float, float], end: tuple[float, float], label: str, *, is_bent: bool) -> Arrow:
    (x0, y0), (x1, y1) = start, end
    length = math.hypot(x1 - x0, y1 - y0) or 1.0
    dx, dy = (x1 - x0) / length, (y1 - y0) / length
    bend = 26.0 if is_bent else 0.0
    mid_x, mid_y = (x0 + x1) / 2 - dy * bend, (y0 + y1) / 2 + dx * bend
    tip_x, tip_y = x1 - dx * (_RADIUS + 4), y1 - dy * (_RADIUS + 4)
    corners = [(tip_x, tip_y)] + [
        (
            tip_x - 9 * (dx * math.cos(turn) - dy * math.sin(turn)),
            tip_y - 9 * (dy * math.cos(turn) + dx * math.sin(turn)),
        )
        for turn in (-0.42, 0.42)
    ]
    head = "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in corners) + "Z"
    from_x, from_y = x0 + dx * (_RADIUS + 3), y0 + dy * (_RADIUS + 3)
    path = f"M{from_x:.1f} {from_y:.1f}Q{mid_x:.1f} {mid_y:.1f} {tip_x:.1f} {tip_y:.1f}"
    # Nearer to the end: around the start of many lines there is no room for names.
    at = 0.6
    return Arrow(
        path, head, label, x0 + (x1 - x0) * at - dy * bend / 2, y0 + (y1 - y0) * at + dx * bend / 2 - 4
    )
