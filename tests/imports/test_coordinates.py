"""Coordinates in cells, and their conversion between the systems in use in China."""

from __future__ import annotations

import math
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.imports.coordinates import (
    Point,
    against_area,
    bd09_from_gcj02,
    bd09_from_wgs84,
    coordinate_in,
    gcj02_from_bd09,
    gcj02_from_wgs84,
    in_china,
    is_swapped,
    wgs84,
    wgs84_from_bd09,
    wgs84_from_gcj02,
)
from graph.imports.grid import CellValue
from graph.imports.records import Number
from ontology.areas import divisions
from samples import HOSTILE

RIGHT: list[tuple[CellValue, str]] = [
    (125.3245, "125.3245"),
    ("125.3245", "125.3245"),
    ("１２５．３２４５", "125.3245"),
    ("东经125.3245", "125.3245"),
    ("E125.3245", "125.3245"),
    ("125.3245°E", "125.3245"),
    ("北纬43.8868°", "43.8868"),
    ("43.8868N", "43.8868"),
    ("W120.5", "-120.5"),
    (-33.9, "-33.9"),
    (0, "0"),
]
SEXAGESIMAL = [
    ("125°19′28″", "125.324444"),
    ("125°19'28\"", "125.324444"),
    ("东经125度19分28秒", "125.324444"),
    ("43°53.2′N", "43.886667"),
]
WRONG = [
    ("125.3245,43.8868", "coordinates-both"),
    ("125.3245 43.8868", "coordinates-both"),
    ("200", "coordinate-too-large"),
    ("125°61′", "coordinate-unreadable"),
    ("长春", "coordinate-unreadable"),
    *((hostile, "coordinate-unreadable") for hostile in HOSTILE),
]
POINTS = st.tuples(st.floats(75, 134), st.floats(5, 53))
METRE = 1 / 111_000
"""About a metre in degrees."""


@pytest.mark.parametrize(("value", "degrees"), RIGHT)
def test_degrees_are_kept_as_stated(value: CellValue, degrees: str) -> None:
    found = coordinate_in(value)
    assert (found.values, found.notes) == ((Number(Decimal(degrees)),), ())


@pytest.mark.parametrize(("text", "degrees"), SEXAGESIMAL)
def test_minutes_and_seconds_are_converted_and_said(text: str, degrees: str) -> None:
    found = coordinate_in(text)
    assert found.values == (Number(Decimal(degrees)),)
    assert [note.code for note in found.notes] == ["coordinate-converted"]


@pytest.mark.parametrize(("text", "code"), WRONG)
def test_what_is_no_coordinate_is_not_kept(text: str, code: str) -> None:
    found = coordinate_in(text)
    assert (found.values, [note.code for note in found.notes]) == ((), [code])


# The point that open implementations publish as their test: 116.404, 39.915.
def test_published_points_are_met() -> None:
    assert gcj02_from_wgs84((116.404, 39.915)) == pytest.approx(
        (116.41024449916938, 39.91640428150164), abs=1e-9
    )
    assert bd09_from_gcj02((116.404, 39.915)) == pytest.approx(
        (116.41036949371029, 39.92133699351021), abs=1e-9
    )
    assert gcj02_from_bd09((116.404, 39.915)) == pytest.approx(
        (116.39762729119315, 39.90865673957631), abs=METRE
    )
    assert wgs84_from_gcj02((116.404, 39.915)) == pytest.approx(
        (116.39775550083061, 39.91359571849836), abs=2 * METRE
    )


@given(POINTS)
def test_there_and_back_is_the_same_point_to_a_centimetre(point: Point) -> None:
    for there, back in (
        (gcj02_from_wgs84, wgs84_from_gcj02),
        (bd09_from_gcj02, gcj02_from_bd09),
        (bd09_from_wgs84, wgs84_from_bd09),
    ):
        assert back(there(point)) == pytest.approx(point, abs=METRE / 100)


@given(POINTS)
def test_the_systems_are_hundreds_of_metres_apart_and_no_more_than_two_kilometres(point: Point) -> None:
    moved = gcj02_from_wgs84(point)
    assert 10 * METRE < math.dist(point, moved) < 1500 * METRE
    assert math.dist(moved, bd09_from_gcj02(moved)) < 2000 * METRE


@given(st.tuples(st.floats(-180, 60), st.floats(-80, 80)))
def test_nothing_is_moved_outside_china(point: Point) -> None:
    assert not in_china(point)
    assert gcj02_from_wgs84(point) == wgs84_from_gcj02(point) == point


def test_a_stated_point_is_given_in_wgs84() -> None:
    point = Decimal("125.3245"), Decimal("43.8868")
    assert wgs84(*point, "wgs84") == point
    assert wgs84(*point, "gcj02") != wgs84(*point, "bd09")
    with pytest.raises(KeyError):
        wgs84(*point, "utm")


def test_exchanged_coordinates_are_told() -> None:
    assert is_swapped(Decimal("43.8868"), Decimal("125.3245"))
    assert not is_swapped(Decimal("125.3245"), Decimal("43.8868"))
    assert not is_swapped(Decimal(10), Decimal(20))


@given(st.sampled_from(sorted(code for code, division in divisions().items() if division.points)))
def test_the_point_of_a_division_is_never_doubted(code: str) -> None:
    assert against_area(divisions()[code].points[0], code) is None


@pytest.mark.parametrize(
    ("area", "doubted"), [("220100", False), ("220000", False), ("220300", True), ("150500", True)]
)
def test_a_point_far_from_its_division_is_doubted_and_the_nearer_one_named(area: str, doubted: bool) -> None:
    note = against_area((125.32, 43.88), area)
    assert (note is not None) == doubted
    assert note is None or "长春市" in str(note.said["nearest"])
