"""Rows that repeat one another."""

from __future__ import annotations

from decimal import Decimal

from graph.imports.records import Area, Day, Named, Number, Record, Text, Value
from graph.imports.repetitions import repetitions
from ontology.areas import AREA
from ontology.workbook import workbook


def found(sheet: str, *rows: dict[str, Value]) -> list[tuple[int, str, str, bool]]:
    """Return record, column, code, and whether the value goes, of each repetition."""
    records = [
        Record("t", "f", "s", 1, row, sheet, {key: (value,) for key, value in values.items()})
        for row, values in enumerate(rows, start=2)
    ]
    listed = repetitions(records, workbook().sheet(sheet))
    return [(one.record, one.column, one.note.code, one.drops) for one in listed]


def member(name: str, place: str = "220100", department: str = "新生儿科") -> dict[str, Value]:
    return {"name_zh": Text(name), "place": Area(AREA + place), "department": Text(department)}


def test_the_same_name_in_the_same_place_is_said_and_kept() -> None:
    assert found("members", member("示例甲"), member("示例乙"), member("示例 甲")) == [
        (2, "name_zh", "row-repeated", False)
    ]


def test_the_same_name_elsewhere_or_another_department_is_another_row() -> None:
    assert (
        found("members", member("示例甲"), member("示例甲", "220300"), member("示例甲", department="产科"))
        == []
    )


def test_two_terms_of_a_member_are_two_rows() -> None:
    unit = Named("示例甲", "organization")
    terms = ({"local_id": unit, "start": Day("2019")}, {"local_id": unit, "start": Day("2023")})
    assert found("memberships", *terms) == []


def test_an_identifier_of_two_things_is_taken_from_both() -> None:
    rows = ({"name_zh": Text("示例甲"), "uscc": Text("X")}, {"name_zh": Text("示例乙"), "uscc": Text("X")})
    assert found("institutions", *rows) == [
        (0, "uscc", "identifier-claimed-twice", True),
        (1, "uscc", "identifier-claimed-twice", True),
    ]


def test_an_identifier_twice_for_one_thing_is_no_quarrel() -> None:
    row = {"name_zh": Text("示例甲"), "uscc": Text("X"), "lng": Number(Decimal(125))}
    assert found("institutions", row, row) == [(1, "name_zh", "row-repeated", False)]
