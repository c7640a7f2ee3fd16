"""An answer on a schematic map: points where its rows lie, without any background that would have to be fetched."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from api.answer_rows import Cell, Rows
from api.drawing import text_width

MOST_POINTS = 1500
"""Rows on one map; what is left out is told below it."""
MOST_NAMES = 80
"""Names beside points; where there is no room a point has none, but the list below has."""

_WIDTH, _MOST_HEIGHT, _LEAST_HEIGHT = 960.0, 720.0, 260.0
_EDGE = 56.0
_NEAR = 7.0  # points closer than this are one, with a number
_SIZE = 13.0
_STEPS = (0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 30)
_LATITUDE = re.compile(r"(?i)(.*[a-z_])?lat(itude)?|纬度")
_LONGITUDE = re.compile(r"(?i)(.*[a-z_])?(long?|lng)(itude)?|经度")
_WKT = re.compile(r"(?i)\s*(?:<[^>]*>\s*)?POINT\s*\(\s*([-+\d.eE]+)\s+([-+\d.eE]+)\s*\)\s*")

Place = tuple[float, float]
"""Longitude and latitude in degrees."""


@dataclass(frozen=True)
class Located:
    """One row with its place: what it is called, and the IRI of what it speaks of (empty: none)."""

    name: str
    iri: str
    place: Place


@dataclass(frozen=True)
class Point:
    """Things that lie together as drawn: where, how large, and the name beside it (empty: no room)."""

    x: float
    y: float
    radius: float
    things: tuple[Located, ...]
    name: str
    name_x: float
    anchor: str


@dataclass(frozen=True)
class Grid:
    """One line of the grid: its path, what it says, and where that stands."""

    path: str
    text: str
    x: float
    y: float


@dataclass(frozen=True)
class Map:
    """A whole map, how many rows it shows, leaves out for want of room, and cannot show for want of a place."""

    width: float
    height: float
    points: tuple[Point, ...]
    grid: tuple[Grid, ...]
    shown: int
    left_out: int
    nowhere: int


def located(
    rows: Rows, places_of: Callable[[Sequence[str]], Mapping[str, Place]], name_of: Callable[[Cell], str]
) -> list[Located]:
    """Return the rows of which a place is known.

    A row lies where its columns of latitude and longitude say, or its point in WKT; else where its first thing
    with a known place lies.

    Args:
        rows: the answer.
        places_of: returns the places of things, as far as they are known.
        name_of: returns what to call a value.
    """
    stated = _stated_places(rows)
    known = {} if any(stated) else places_of(rows.iris())
    found = []
    for row, place in zip(rows.rows, stated, strict=True):
        things = [cell for cell in row if cell and cell.kind == "iri"]
        thing = next((cell for cell in things if cell.text in known), things[0] if things else None)
        where = place or (known.get(thing.text) if thing else None)
        if where:
            said = thing or next((cell for cell in row if cell and cell.number is None), None)
            found.append(Located(name_of(said) if said else "", thing.text if thing else "", where))
    return found


def map_of(found: Sequence[Located], rows: int) -> Map | None:
    """Return the map of what was located among so many rows; ``None`` when there is nothing."""
    shown = found[:MOST_POINTS]
    if not shown:
        return None
    project, height, bounds = _projection([one.place for one in shown])
    points = _named(_gathered(shown, project))
    return Map(
        _WIDTH,
        height,
        tuple(points),
        tuple(_grid(bounds, project, height)),
        len(shown),
        len(found) - len(shown),
        rows - len(found),
    )


def _stated_places(rows: Rows) -> list[Place | None]:
    latitude = _column(rows, _LATITUDE)
    longitude = _column(rows, _LONGITUDE)
    if latitude is not None and longitude is not None:
        return [_valid(_number(row[longitude]), _number(row[latitude])) for row in rows.rows]
    return [next(filter(None, map(_wkt_place, row)), None) for row in rows.rows]


def _column(rows: Rows, name: re.Pattern[str]) -> int | None:
    return next((place for place, column in enumerate(rows.columns) if name.fullmatch(column)), None)


def _number(cell: Cell | None) -> float | None:
    if cell is None or cell.kind != "literal":
        return None
    try:
        return float(cell.text)
    except ValueError:
        return None


def _wkt_place(cell: Cell | None) -> Place | None:
    if cell is None or not cell.datatype.endswith("wktLiteral"):
        return None
    found = _WKT.fullmatch(cell.text)
    try:
        return _valid(float(found[1]), float(found[2])) if found else None
    except ValueError:
        return None


def _valid(longitude: float | None, latitude: float | None) -> Place | None:
    if longitude is None or latitude is None:
        return None
    return (longitude, latitude) if abs(longitude) <= 180 and abs(latitude) <= 90 else None


def _projection(
    places: Sequence[Place],
) -> tuple[Callable[[Place], Place], float, tuple[float, float, float, float]]:
    """Return what turns a place into a point, the height of the map, and what it shows: west, south, east, north."""
    west, east = min(x for x, _ in places), max(x for x, _ in places)
    south, north = min(y for _, y in places), max(y for _, y in places)
    # At a pole all meridians meet: there the cosine is next to nothing, and the map would show degrees without end.
    squeeze = max(math.cos(math.radians((south + north) / 2)), 0.01)
    wide, high = max((east - west) * squeeze, 0.1), max(north - south, 0.1)
    scale = min((_WIDTH - 2 * _EDGE) / wide, (_MOST_HEIGHT - 2 * _EDGE) / high)
    height = min(max(high * scale + 2 * _EDGE, _LEAST_HEIGHT), _MOST_HEIGHT)
    middle_x, middle_y = (west + east) / 2, (south + north) / 2

    def projected(place: Place) -> Place:
        x = _WIDTH / 2 + (place[0] - middle_x) * squeeze * scale
        return round(x, 1), round(height / 2 - (place[1] - middle_y) * scale, 1)

    half_x, half_y = _WIDTH / 2 / squeeze / scale, height / 2 / scale
    return projected, height, (middle_x - half_x, middle_y - half_y, middle_x + half_x, middle_y + half_y)


def _gathered(
    found: Sequence[Located], project: Callable[[Place], Place]
) -> list[tuple[Place, list[Located]]]:
    """Return the points, with all that lie in about the same place."""
    cells: dict[tuple[int, int], tuple[Place, list[Located]]] = {}
    for one in found:
        at = project(one.place)
        cell = round(at[0] / _NEAR), round(at[1] / _NEAR)
        cells.setdefault(cell, (at, []))[1].append(one)
    return sorted(cells.values(), key=lambda held: -len(held[1]))


def _named(gathered: Sequence[tuple[Place, list[Located]]]) -> Iterator[Point]:
    """Yield points, the largest first; names stand right or left of them where no other name or point is."""
    taken = [(x - 7, y - 7, x + 7, y + 7) for (x, y), _ in gathered]
    named = 0
    for (x, y), rows in gathered:
        things = tuple(dict.fromkeys(rows))
        names = list(dict.fromkeys(one.name for one in things if one.name))
        text = names[0] if len(names) == 1 else f"{names[0]} +{len(names) - 1}" if names else ""
        radius = 5.0 + min(2.2 * math.sqrt(len(things) - 1), 12.0)
        name, at, anchor = "", x, "start"
        if text and named < MOST_NAMES:
            width = text_width(text, _SIZE)
            for side, begin in (("start", x + radius + 4), ("end", x - radius - 4 - width)):
                box = (begin, y - 9, begin + width, y + 9)
                if (
                    begin > 2
                    and begin + width < _WIDTH - 2
                    and not any(_overlap(box, other) for other in taken)
                ):
                    name, anchor = text, side
                    at = begin if side == "start" else begin + width
                    taken.append(box)
                    named += 1
                    break
        yield Point(x, y, radius, things, name, at, anchor)


def _overlap(one: tuple[float, float, float, float], other: tuple[float, float, float, float]) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _grid(
    bounds: tuple[float, float, float, float], project: Callable[[Place], Place], height: float
) -> Iterator[Grid]:
    west, south, east, north = (
        max(bounds[0], -180),
        max(bounds[1], -90),
        min(bounds[2], 180),
        min(bounds[3], 90),
    )
    step = next((one for one in _STEPS if (east - west) / one <= 9), _STEPS[-1])
    for longitude in _multiples(west, east, step):
        x = project((longitude, 0))[0]
        yield Grid(f"M{x} 0V{height:.1f}", _degrees(longitude, "E", "W"), x + 4, height - 8)
    for latitude in _multiples(south, north, step):
        y = project((0, latitude))[1]
        yield Grid(f"M0 {y}H{_WIDTH:.0f}", _degrees(latitude, "N", "S"), 6, y - 5)


def _multiples(low: float, high: float, step: float) -> Iterator[float]:
    count = math.ceil(low / step)
    while count * step <= high:
        yield round(count * step, 4)
        count += 1


def _degrees(value: float, positive: str, negative: str) -> str:
    return f"{abs(value):g}°{positive if value >= 0 else negative}"
