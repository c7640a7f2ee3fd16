"""Where things lie: the nearest place that is known."""

from __future__ import annotations

import pytest
from page_data import packaged_engine, state

from graph.local import LocalEngine
from graph.places import places_of
from ontology.areas import AREA
from samples import BASE

ID = f"{BASE}id/org/"
CHANGCHUN = f"{AREA}220100"


@pytest.fixture(scope="module")
def engine() -> LocalEngine:
    return state(
        packaged_engine(),
        f"""
        @prefix geo: <http://www.w3.org/2003/01/geo/wgs84_pos#> .
        <id/org/own> geo:long 126.5 ; geo:lat 43.5 ; schema:location <{CHANGCHUN}> .
        <id/org/part> org:unitOf <id/org/own> .
        <id/org/city> schema:location <{CHANGCHUN}> .
        <id/org/ward> org:unitOf <id/org/city> .
        """,
    )


def test_own_coordinates_come_first_then_those_of_the_hospital(engine: LocalEngine) -> None:
    assert places_of(engine, [f"{ID}own", f"{ID}part"]) == {
        f"{ID}own": (126.5, 43.5),
        f"{ID}part": (126.5, 43.5),
    }


def test_then_the_point_that_stands_for_the_area(engine: LocalEngine) -> None:
    found = places_of(engine, [CHANGCHUN, f"{ID}city", f"{ID}ward"])
    assert len(found) == 3
    assert len({*found.values()}) == 1


def test_what_lies_nowhere_is_left_out(engine: LocalEngine) -> None:
    assert places_of(engine, [f"{ID}nobody"]) == {}
    assert places_of(engine, []) == {}
