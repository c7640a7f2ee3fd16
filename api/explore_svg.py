"""The view as a still picture: SVG that stands alone, for readers without scripts, for print and to take along.

Everything is geometry with its own colours on white paper: no style sheet and no script reaches into an image.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from api.drawing import OUTLINES, text_width, wrapped
from api.explore_rows import RelationRow, ThingRow
from graph.views import GROUP
from ontology.kinds import kinds

MOST_NAMED_LINES = 25
"""With more lines than this their names would hide the picture."""

_RADIUS, _CENTRE_RADIUS = 13.0, 18.0
_SIZE, _LINE_HEIGHT = 13.0, 16.0
_LABEL_WIDTH = 116.0
_MOST_LABEL_LINES = 3
_BOX_WIDTH, _BOX_HEIGHT = 112.0, 46.0
_MARGIN = 90.0
_BEND = 26.0
_LEGEND_STEP = 150.0
_UNSURE, _INVENTED, _BOTH = "1 5", "6 4", "7 4 1 4"


@dataclass(frozen=True)
class Mark:
    """One thing as drawn: its outline at a place, and its name in lines (x, y, text)."""

    row: ThingRow
    x: float
    y: float
    radius: float
    outline: str
    colour: str
    is_box: bool
    lines: tuple[tuple[float, float, str], ...]


@dataclass(frozen=True)
class Stroke:
    """One line as drawn: its path, arrow head, dashes, and where its name stands (``None``: it has none)."""

    row: RelationRow
    path: str
    head: str
    colour: str
    dashes: str
    label_at: tuple[float, float] | None


@dataclass(frozen=True)
class LegendEntry:
    """One kind of thing in the legend."""

    label: str
    outline: str
    colour: str
    x: float
    y: float


@dataclass(frozen=True)
class Still:
    """A whole picture: left, top, width and height of what is seen, and what is in it."""

    left: float
    top: float
    width: float
    height: float
    marks: tuple[Mark, ...]
    strokes: tuple[Stroke, ...]
    legend: tuple[LegendEntry, ...]
    is_named: bool
    """Whether lines bear their names."""


def still(things: Sequence[ThingRow], relations: Sequence[RelationRow]) -> Still:
    """Return the picture of a view."""
    marks = {row.key: _mark(row) for row in things}
    strokes = tuple(_strokes(relations, marks))
    left = min((mark.x for mark in marks.values()), default=0.0) - _MARGIN
    right = max((mark.x for mark in marks.values()), default=0.0) + _MARGIN
    top = min((mark.y for mark in marks.values()), default=0.0) - _MARGIN
    bottom = max((mark.y for mark in marks.values()), default=0.0) + _MARGIN
    width = max(right - left, 4 * _LEGEND_STEP)
    left -= (width - (right - left)) / 2
    legend = tuple(_legend(things, left, bottom, width))
    bottom = max((entry.y for entry in legend), default=bottom) + 24
    return Still(
        left,
        top,
        width,
        bottom - top,
        tuple(marks.values()),
        strokes,
        legend,
        len(relations) <= MOST_NAMED_LINES,
    )


def _mark(row: ThingRow) -> Mark:
    x, y = row.thing.at
    kind = kinds().node(row.thing.kind)
    is_box = row.thing.kind == GROUP
    text = f"{row.label} · {row.count}" if row.count is not None else row.label
    lines = _shortened(wrapped(text, _LABEL_WIDTH if not is_box else _BOX_WIDTH - 12, _SIZE))
    radius = _CENTRE_RADIUS if row.thing.is_centre else _RADIUS
    top = y - (len(lines) - 1) * _LINE_HEIGHT / 2 + 4.5 if is_box else y + radius + 15
    return Mark(
        row=row,
        x=x,
        y=y,
        radius=radius,
        outline=OUTLINES[kind.shape],
        colour=kind.colour,
        is_box=is_box,
        lines=tuple((x, top + place * _LINE_HEIGHT, line) for place, line in enumerate(lines)),
    )


def _shortened(lines: list[str]) -> list[str]:
    """Return at most three lines; what is cut off stands in the list."""
    if len(lines) <= _MOST_LABEL_LINES:
        return lines
    return [*lines[: _MOST_LABEL_LINES - 1], lines[_MOST_LABEL_LINES - 1].rstrip("…")[:-1] + "…"]


def _strokes(relations: Sequence[RelationRow], marks: dict[str, Mark]) -> Iterator[Stroke]:
    """Yield lines; several between the same two things lie side by side."""
    pairs = [tuple(sorted((row.from_key, row.to_key))) for row in relations]
    total, seen = Counter(pairs), Counter[tuple[str, ...]]()
    for row, pair in zip(relations, pairs, strict=True):
        bend = (seen[pair] - (total[pair] - 1) / 2) * _BEND
        seen[pair] += 1
        yield _stroke(row, marks[row.from_key], marks[row.to_key], bend if row.from_key == pair[0] else -bend)


def _stroke(row: RelationRow, start: Mark, end: Mark, bend: float) -> Stroke:
    dx, dy = end.x - start.x, end.y - start.y
    length = math.hypot(dx, dy) or 1.0
    mid_x = (start.x + end.x) / 2 - dy / length * bend * 2
    mid_y = (start.y + end.y) / 2 + dx / length * bend * 2
    x0, y0 = _edge_point(start, mid_x, mid_y)
    x1, y1 = _edge_point(end, mid_x, mid_y)
    return Stroke(
        row=row,
        path=f"M{x0:.1f} {y0:.1f}Q{mid_x:.1f} {mid_y:.1f} {x1:.1f} {y1:.1f}",
        head=_head(x1, y1, x1 - mid_x, y1 - mid_y) if row.line.edge else "",
        colour=kinds().relation_of(row.line.edge.relation).colour if row.line.edge else "#6f7379",
        dashes=_dashes(row),
        label_at=((x0 + 2 * mid_x + x1) / 4, (y0 + 2 * mid_y + y1) / 4 + 4) if row.label else None,
    )


def _dashes(row: RelationRow) -> str:
    is_unsure = row.held == "unknown"
    if row.line.illustrative:
        return _BOTH if is_unsure else _INVENTED
    return _UNSURE if is_unsure else ""


def _edge_point(mark: Mark, x: float, y: float) -> tuple[float, float]:
    """Return where a line from a mark towards a point leaves the mark."""
    dx, dy = x - mark.x, y - mark.y
    length = math.hypot(dx, dy) or 1.0
    if mark.is_box:
        away = min(_BOX_WIDTH / 2 / max(abs(dx), 1e-6), _BOX_HEIGHT / 2 / max(abs(dy), 1e-6))
    else:
        away = (mark.radius + 3) / length
    return mark.x + dx * min(away, 1.0), mark.y + dy * min(away, 1.0)


def _head(x: float, y: float, dx: float, dy: float) -> str:
    """Return an arrow head that points along a direction and ends at a point."""
    angle = math.atan2(dy, dx)
    corners = [(x, y)] + [
        (x - 9 * math.cos(angle + turn), y - 9 * math.sin(angle + turn)) for turn in (-0.42, 0.42)
    ]
    return "M" + "L".join(f"{cx:.1f} {cy:.1f}" for cx, cy in corners) + "Z"


def _legend(things: Sequence[ThingRow], left: float, bottom: float, width: float) -> Iterator[LegendEntry]:
    """Yield the kinds that are drawn, in rows below the picture."""
    x, y = left + 24, bottom
    for kind in dict.fromkeys(row.thing.kind for row in things):
        label = next(row.kind for row in things if row.thing.kind == kind)
        step = max(_LEGEND_STEP / 2, text_width(label, _SIZE) + 44)
        if x + step > left + width:
            x, y = left + 24, y + 24
        yield LegendEntry(label, OUTLINES[kinds().node(kind).shape], kinds().node(kind).colour, x, y)
        x += step
