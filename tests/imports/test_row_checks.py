"""Checks of what the cells of a row say of one another."""

from __future__ import annotations

from decimal import Decimal

import pytest

from graph.imports.records import Area, Concept, Day, Named, Number, Text, Value
from graph.imports.row_checks import Values, row_checks
from ontology.areas import AREA
from ontology.workbook import workbook

VOC = "https://w3id.org/medalliance/vocab/"
LICENCE = "000000000" + "220122" + "11A1001"


def found(sheet: str, crs: str = "", **values: Value) -> list[tuple[str, str, bool]]:
    """Return column, code, and whether the value goes, of each finding about a row."""
    row: Values = {key: (value,) for key, value in values.items()}
    checks = row_checks(workbook().sheet(sheet), frozenset(row), crs)
    return [(one.column, one.note.code, one.drops) for check in checks for one in check(row)]


def number(text: str) -> Number:
    return Number(Decimal(text))


def place(code: str) -> Area:
    return Area(AREA + code)


WGS84 = Concept(VOC + "crs/wgs84")


@pytest.mark.parametrize(
    ("start", "end", "reversed_"),
    [
        ("2021", "2024", False),
        ("2021", "2021", False),
        ("2021-03", "2021", False),
        ("2021-03-05", "2021-03", False),
        ("2021-04", "2021-03-05", True),
        ("2024", "2021", True),
    ],
)
def test_a_start_surely_after_its_end_takes_both_away(start: str, end: str, reversed_: bool) -> None:
    gone = [("start", "dates-reversed", True), ("end", "dates-reversed", True)]
    assert found("memberships", start=Day(start), end=Day(end)) == (gone if reversed_ else [])


def test_a_part_above_its_whole_is_said() -> None:
    assert found("members", beds=number("20"), beds_nicu=number("30")) == [
        ("beds_nicu", "part-above-whole", False)
    ]
    assert found("members", beds=number("20"), beds_nicu=number("20")) == []
    assert found("departments", doctors=number("5"), senior_doctors=number("6"))


def test_nobody_cooperates_with_itself_or_is_its_own_parent() -> None:
    one, other = Named("示例甲", "organization"), Named("示例乙", "organization")
    assert found("links", from_id=one, to_id=one) == [("to_id", "same-parties", True)]
    assert found("links", from_id=one, to_id=other) == []
    assert found("institutions", name_zh=Text("示例甲"), parent=one) == [("parent", "own-parent", True)]
    assert found("institutions", name_zh=Text("示例甲"), parent=other) == []


def test_exchanged_coordinates_are_not_kept() -> None:
    gone = [("lng", "coordinates-swapped", True), ("lat", "coordinates-swapped", True)]
    assert found("institutions", lng=number("43.9"), lat=number("125.3"), crs=WGS84) == gone
    assert found("institutions", lat=number("125.3")) == [("lat", "coordinate-swapped", True)]


def test_half_a_position_is_said() -> None:
    assert found("institutions", lng=number("125.3")) == [("lng", "coordinates-half", False)]
    assert found("institutions", lat=number("43.9")) == [("lat", "coordinates-half", False)]


def test_a_position_should_be_in_a_system_in_china_and_near_its_division() -> None:
    here = {"lng": number("125.32"), "lat": number("43.88")}
    assert found("institutions", **here) == [("lng", "coordinates-without-crs", False)]
    assert found("institutions", "gcj02", **here) == []
    assert found("institutions", "gcj02", **here, admin_code=place("220100")) == []
    assert found("institutions", "gcj02", **here, admin_code=place("150500")) == [
        ("lng", "coordinates-elsewhere", False)
    ]
    abroad = {"lng": number("2.35"), "lat": number("48.85")}
    assert found("institutions", "wgs84", **abroad) == [("lng", "coordinates-abroad", False)]


def test_a_licence_number_is_held_against_place_and_credit_code() -> None:
    licence = Text(LICENCE)
    assert found("institutions", licence_no=licence, admin_code=place("220100")) == []
    assert found("institutions", licence_no=licence, admin_code=place("150500")) == [
        ("licence_no", "licence-elsewhere", False)
    ]
    assert found("institutions", licence_no=licence, uscc=Text("12220000000000001X")) == [
        ("licence_no", "licence-other-organization", False)
    ]


def test_columns_that_are_not_there_are_not_checked() -> None:
    assert row_checks(workbook().sheet("institutions"), frozenset({"name_zh"})) == ()
