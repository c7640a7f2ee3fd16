"""Numbers in cells: what is exactly a number, and why the rest is none."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.imports.cell_text import cleaned, plain
from graph.imports.cells import Understood
from graph.imports.grid import CellValue
from graph.imports.numbers import SAME_UNIT, number_in
from graph.imports.records import Number
from samples import HOSTILE

RIGHT: list[tuple[CellValue, int]] = [
    (12, 12),
    (12.0, 12),
    (0, 0),
    ("12", 12),
    ("１２", 12),
    (" 12 ", 12),
    ("12.0", 12),
    ("+12", 12),
    ("1,234", 1234),
    ("1，234", 1234),
    ("12张", 12),
    ("12 人", 12),
    ("12例", 12),
    ("十二", 12),
    ("十二张", 12),
    ("一百零五", 105),
]
WRONG: list[tuple[CellValue, str]] = [
    ("约60", "number-approximate"),
    (">60", "number-approximate"),
    ("≥60", "number-approximate"),
    ("60以上", "number-approximate"),
    ("60余张", "number-approximate"),
    ("60+", "number-approximate"),
    ("六十多", "number-approximate"),
    ("60-80", "number-range"),
    ("60～80", "number-range"),
    ("60至80张", "number-range"),
    ("40+20", "number-several"),
    ("40（其中NICU 10）", "number-several"),
    ("12,5", "number-several"),
    ("3年", "number-unit"),
    ("1.2万", "number-unit"),
    ("12 beds", "number-unit"),
    ("无", "number-none"),
    (-3, "number-negative"),
    ("-3", "number-negative"),
    ("−3", "number-negative"),
    (5001, "number-too-large"),
    (12.5, "number-not-whole"),
    ("12.5", "number-not-whole"),
    ("若干", "number-unreadable"),
    ("1.5E+17", "number-unreadable"),
    (1e300, "number-unreadable"),
    (float("nan"), "number-unreadable"),
    (True, "number-unreadable"),
    (date(2021, 3, 5), "number-unreadable"),
    *((hostile, None) for hostile in HOSTILE),
]
WORDS = {"无": "number-none", "不详": "says-unknown"}


def read(value: CellValue, *, whole: bool = True, units: frozenset[str] = frozenset()) -> Understood:
    return number_in(value, whole=whole, most=5000, units=units, words=WORDS)


@pytest.mark.parametrize(("value", "number"), RIGHT)
def test_a_number_is_read_in_every_usual_spelling(value: CellValue, number: int) -> None:
    assert read(value) == Understood((Number(Decimal(number)),))


@pytest.mark.parametrize(("value", "code"), WRONG)
def test_what_is_not_exactly_a_number_is_not_kept(value: CellValue, code: str | None) -> None:
    found = read(value)
    assert not found.values
    assert [note.severity for note in found.notes] == ["error"]
    assert code is None or found.notes[0].code == code


def test_a_word_for_not_known_is_worth_knowing_only() -> None:
    assert [(note.code, note.severity) for note in read("不详").notes] == [("says-unknown", "info")]


@pytest.mark.parametrize(
    ("text", "unit", "number"),
    [
        ("6个月", "月", "6"),
        ("3000元", "元", "3000"),
        ("¥3000", "元", "3000"),
        ("1.5公里", "公里", "1.5"),
        ("35 km", "公里", "35"),
    ],
)
def test_the_unit_of_the_column_may_stand_beside_the_number(text: str, unit: str, number: str) -> None:
    assert read(text, whole=False, units=SAME_UNIT[unit]).values == (Number(Decimal(number)),)


def test_another_unit_is_never_dropped() -> None:
    assert read("2年", whole=False, units=SAME_UNIT["月"]).notes[0].code == "number-unit"


@given(st.integers(0, 5000))
def test_whole_numbers_survive_every_type_and_spelling(number: int) -> None:
    spellings = (
        number,
        float(number),
        str(number),
        f"{number:,}",
        f"{number}张",
        f" {number} ",
        f"{number}.0",
    )
    assert {read(spelling).values for spelling in spellings} == {(Number(Decimal(number)),)}


@given(st.decimals(0, 5000, places=3))
def test_decimal_numbers_are_kept_exactly(number: Decimal) -> None:
    (value,) = read(str(number), whole=False).values
    assert isinstance(value, Number)
    assert value.number == number


@given(st.text(max_size=20))
def test_any_text_is_a_number_or_has_a_reason_or_is_blank(text: str) -> None:
    found = read(text)
    assert bool(plain(cleaned(text))) == bool(found.values or found.notes)
