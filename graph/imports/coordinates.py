"""Coordinates in cells: read, converted to WGS-84, and held against the division that they are said to be in.

GCJ-02 is WGS-84 moved by a published formula, up to about 700 m; BD-09 is GCJ-02 moved once more. Outside China
nothing is moved.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from decimal import Decimal
from functools import cache, lru_cache
from typing import Literal, NamedTuple

import numpy as np
import numpy.typing as npt

from graph.imports.area_names import called, is_within
from graph.imports.cell_text import cleaned, plain
from graph.imports.cells import BLANK, Note, Understood, info, kept, refused, shown, warning
from graph.imports.grid import CellValue
from graph.imports.records import Number
from ontology.areas import divisions

Axis = Literal["longitude", "latitude"]
Point = tuple[float, float]
"""Longitude and latitude in degrees."""

CHINA: Mapping[Axis, tuple[float, float]] = {"longitude": (73.0, 136.0), "latitude": (3.0, 54.0)}
LIMITS: Mapping[Axis, int] = {"longitude": 180, "latitude": 90}
NEAR_KILOMETRES = 25.0
"""A place this near to its division is never doubted: the division is known by single points only."""

_EARTH_KILOMETRES = 6371.0
_AXIS_METRES, _FLATNESS = 6378245.0, 0.00669342162296594323
_BAIDU = math.pi * 3000.0 / 180.0
_DECIMALS = 7
_PREFIX = re.compile(r"^(?:东经|西经|北纬|南纬|经度|纬度|[EWNS])[:：]?\s*|\s*(?:度|°|[EWNS])$", re.IGNORECASE)
_NEGATIVE = re.compile(r"西经|南纬|^[WS]|[WS]$", re.IGNORECASE)
_SEXAGESIMAL = re.compile(
    r"(?P<d>\d{1,3})\s*[°度]\s*(?P<m>\d{1,2}(?:\.\d+)?)\s*[′'’分]\s*(?:(?P<s>\d{1,2}(?:\.\d+)?)\s*(?:[″\"”秒]|''|′′))?"
)
_DECIMAL = re.compile(r"[+-]?\d{1,3}(?:\.\d+)?")
_PAIR = re.compile(r"[+-]?\d{1,3}\.\d+\s*[,，;；\s]\s*[+-]?\d{1,3}\.\d+")


class Shift(NamedTuple):
    """By how much a point is moved, in degrees."""

    longitude: float
    latitude: float


def coordinate_in(value: CellValue) -> Understood:
    """Return the longitude or latitude that a cell states, in degrees; which it can be is for the row to say."""
    if value is None:
        return BLANK
    text = plain(cleaned(shown(value))).replace("−", "-")
    if not text:
        return BLANK
    if _PAIR.fullmatch(text):
        return refused("coordinates-both")
    number, note = _degrees(text)
    if number is None:
        return refused("coordinate-unreadable")
    if abs(number) > LIMITS["longitude"]:
        return refused("coordinate-too-large")
    return kept(Number(number), notes=note)


def wgs84(longitude: Decimal, latitude: Decimal, crs: str) -> tuple[Decimal, Decimal]:
    """Return a stated point as longitude and latitude in WGS-84, to about a tenth of a metre.

    Args:
        longitude: degrees as stated.
        latitude: degrees as stated.
        crs: ``wgs84``, ``gcj02`` or ``bd09``.

    Raises:
        KeyError: the system is another one.
    """
    point = _TO_WGS84[crs]((float(longitude), float(latitude)))
    if crs == "wgs84":
        return longitude, latitude
    return Decimal(f"{point[0]:.6f}"), Decimal(f"{point[1]:.6f}")


def gcj02_from_wgs84(point: Point) -> Point:
    """Return a point of WGS-84 in GCJ-02."""
    if not in_china(point):
        return point
    shift = _shift(point)
    return point[0] + shift.longitude, point[1] + shift.latitude


def wgs84_from_gcj02(point: Point) -> Point:
    """Return a point of GCJ-02 in WGS-84, by repeated approach."""
    if not in_china(point):
        return point
    found = point
    for _ in range(6):
        shift = _shift(found)
        found = point[0] - shift.longitude, point[1] - shift.latitude
    return found


def bd09_from_gcj02(point: Point) -> Point:
    """Return a point of GCJ-02 in BD-09."""
    x, y = point
    radius = math.hypot(x, y) + 0.00002 * math.sin(y * _BAIDU)
    angle = math.atan2(y, x) + 0.000003 * math.cos(x * _BAIDU)
    return radius * math.cos(angle) + 0.0065, radius * math.sin(angle) + 0.006


def gcj02_from_bd09(point: Point) -> Point:
    """Return a point of BD-09 in GCJ-02, by repeated approach."""
    found = point[0] - 0.0065, point[1] - 0.006
    for _ in range(6):
        there = bd09_from_gcj02(found)
        found = found[0] + point[0] - there[0], found[1] + point[1] - there[1]
    return found


def bd09_from_wgs84(point: Point) -> Point:
    """Return a point of WGS-84 in BD-09."""
    return bd09_from_gcj02(gcj02_from_wgs84(point))


def wgs84_from_bd09(point: Point) -> Point:
    """Return a point of BD-09 in WGS-84."""
    return wgs84_from_gcj02(gcj02_from_bd09(point))


def in_china(point: Point) -> bool:
    """Tell whether a point is in the rectangle around China."""
    return all(low <= degrees <= high for degrees, (low, high) in zip(point, CHINA.values(), strict=True))


def is_swapped(longitude: Decimal, latitude: Decimal) -> bool:
    """Tell whether a point is in China only with longitude and latitude exchanged."""
    stated, exchanged = (float(longitude), float(latitude)), (float(latitude), float(longitude))
    return not in_china(stated) and in_china(exchanged)


def against_area(point: Point, area: str) -> Note | None:
    """Return what is to be said when a point in WGS-84 is far from the division (a code) that it is said to be in.

    There are no boundaries here, only a point or two of each division. So this is an approximation: a point is
    doubted when it is more than twice as far from the nearest point of its own division as from the nearest point
    of any, and ``NEAR_KILOMETRES`` more.
    """
    return _against_area((round(point[0], 4), round(point[1], 4)), area)


@lru_cache(maxsize=1 << 14)
def _against_area(point: Point, area: str) -> Note | None:
    codes, places = _points()
    far = _kilometres(point, places)
    own = far[_inside(area)]
    if not own.size or own.min() <= 2 * far.min() + NEAR_KILOMETRES:
        return None
    nearest = codes[int(far.argmin())]
    return warning(
        "coordinates-elsewhere",
        area=called(area),
        nearest=called(nearest),
        kilometres=str(round(float(own.min()))),
    )


@cache
def _points() -> tuple[tuple[str, ...], npt.NDArray[np.float64]]:
    """Return the points of all counties, and of prefectures and provinces that have none below them."""
    above = {division.parent for division in divisions().values()}
    rows = [
        (code, point)
        for code, division in divisions().items()
        if code not in above
        for point in division.points
    ]
    return tuple(code for code, _ in rows), np.radians(np.array([point for _, point in rows]))


@cache
def _inside(area: str) -> npt.NDArray[np.bool_]:
    return np.array([is_within(code, area) for code in _points()[0]])


def _kilometres(point: Point, places: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    longitude, latitude = np.radians(point)
    half = np.sin((places - (longitude, latitude)) / 2) ** 2
    chord = half[:, 1] + np.cos(latitude) * np.cos(places[:, 1]) * half[:, 0]
    return np.asarray(2 * _EARTH_KILOMETRES * np.arcsin(np.sqrt(chord)))


def _degrees(text: str) -> tuple[Decimal | None, tuple[Note, ...]]:
    sign = -1 if _NEGATIVE.search(text) else 1
    bare = text
    while (shorter := _PREFIX.sub("", bare).strip()) != bare:
        bare = shorter
    if _DECIMAL.fullmatch(bare):
        return sign * Decimal(bare).quantize(Decimal(1).scaleb(-_DECIMALS)).normalize() + 0, ()
    if found := _SEXAGESIMAL.fullmatch(_PREFIX.sub("", text) if not text[-1].isascii() else bare):
        return _from_sexagesimal(found, sign)
    return None, ()


def _from_sexagesimal(found: re.Match[str], sign: int) -> tuple[Decimal | None, tuple[Note, ...]]:
    minutes, seconds = Decimal(found["m"]), Decimal(found["s"] or 0)
    if minutes >= 60 or seconds >= 60:
        return None, ()
    degrees = sign * (Decimal(found["d"]) + minutes / 60 + seconds / 3600)
    number = degrees.quantize(Decimal("0.000001")).normalize()
    return number, (info("coordinate-converted", degrees=f"{number:f}"),)


def _shift(point: Point) -> Shift:
    """Return by how much GCJ-02 moves a point of WGS-84."""
    x, y = point[0] - 105.0, point[1] - 35.0
    common = 20.0 * math.sin(6.0 * x * math.pi) + 20.0 * math.sin(2.0 * x * math.pi)
    north = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * math.sqrt(abs(x))
    north += (
        (common + _waves(y, (20.0, 1.0), (40.0, 3.0)) + _waves(y, (160.0, 12.0), (320.0, 30.0))) * 2.0 / 3.0
    )
    east = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * math.sqrt(abs(x))
    east += (
        (common + _waves(x, (20.0, 1.0), (40.0, 3.0)) + _waves(x, (150.0, 12.0), (300.0, 30.0))) * 2.0 / 3.0
    )
    latitude = math.radians(point[1])
    flat = 1 - _FLATNESS * math.sin(latitude) ** 2
    return Shift(
        math.degrees(east / (_AXIS_METRES / math.sqrt(flat) * math.cos(latitude))),
        math.degrees(north / (_AXIS_METRES * (1 - _FLATNESS) / (flat * math.sqrt(flat)))),
    )


def _waves(at: float, *waves: tuple[float, float]) -> float:
    return sum(height * math.sin(at / length * math.pi) for height, length in waves)


_TO_WGS84 = {"wgs84": lambda point: point, "gcj02": wgs84_from_gcj02, "bd09": wgs84_from_bd09}
