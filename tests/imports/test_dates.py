"""Dates in cells: exactly as precise as stated, and never guessed."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.imports.cell_text import cleaned, plain
from graph.imports.cells import Understood
from graph.imports.dates import bounds, date_in
from graph.imports.grid import CellValue
from graph.imports.records import Day
from import_tables import TODAY
from samples import HOSTILE

# What the cell holds, and the date that it states: one a line.
RIGHT: list[tuple[CellValue, str]] = [
    ("2021", "2021"),
    ("2021年", "2021"),
    ("2021年度", "2021"),
    ("２０２１年", "2021"),
    ("二〇二一年", "2021"),
    ("（2021年）", "2021"),
    (2021, "2021"),
    (2021.0, "2021"),
    ("2021.3", "2021-03"),
    ("2021.03", "2021-03"),
    ("2021.10", "2021-10"),
    ("2021.1", "2021-01"),
    ("2021-03", "2021-03"),
    ("2021/3", "2021-03"),
    ("2021年3月", "2021-03"),
    ("2021 年 3 月", "2021-03"),
    ("2021年3月份", "2021-03"),
    ("2021年03月", "2021-03"),
    ("二〇二一年三月", "2021-03"),
    ("二零二一年十二月", "2021-12"),
    ("202103", "2021-03"),
    (202103, "2021-03"),
    (2021.3, "2021-03"),
    (2021.12, "2021-12"),
    ("March 2021", "2021-03"),
    ("2021年3月5日", "2021-03-05"),
    ("2021年3月5号", "2021-03-05"),
    ("2021/3/5", "2021-03-05"),
    ("2021.03.05", "2021-03-05"),
    ("2021-03-05", "2021-03-05"),
    ("2021. 3. 5", "2021-03-05"),
    ("20210305", "2021-03-05"),
    (20210305, "2021-03-05"),
    ("2021-03-05 00:00:00", "2021-03-05"),
    ("2021-03-05T08:30:00Z", "2021-03-05"),
    ("2021/3/5 0:00", "2021-03-05"),
    ("二〇二一年三月五日", "2021-03-05"),
    ("二〇二一年十二月三十一日", "2021-12-31"),
    ("25/3/2021", "2021-03-25"),
    ("3/25/2021", "2021-03-25"),
    ("5-Mar-2021", "2021-03-05"),
    ("Mar 5, 2021", "2021-03-05"),
    ("5th March 2021", "2021-03-05"),
    ("2024-02-29", "2024-02-29"),
    (datetime(2021, 3, 5, 12, 30), "2021-03-05"),
    (date(2021, 3, 5), "2021-03-05"),
    ("\u30002021年3月\u00a0", "2021-03"),
]
# What is kept with something to be said about it.
NOTED: list[tuple[CellValue, str, str]] = [
    (44256, "2021-03-01", "date-serial"),
    (44256.0, "2021-03-01", "date-serial"),
    (44256.75, "2021-03-01", "date-serial"),
    ("44256", "2021-03-01", "date-serial"),
    ("2021年初", "2021", "date-vague"),
    ("2021年底", "2021", "date-vague"),
    ("2021年上半年", "2021", "date-vague"),
    ("2021年第一季度", "2021", "date-vague"),
    ("2021年3月下旬", "2021-03", "date-vague"),
    (2021.1, "2021", "date-lost-zero"),
    ("2021年3月至今", "2021-03", "date-open"),
    ("2030年", "2030", "date-future"),
    (date(2026, 11, 25), "2026-11-25", "date-future"),
]
# What cannot be kept, and why.
WRONG: list[tuple[CellValue, str]] = [
    ("2021-02-30", "date-impossible"),
    ("2023-02-29", "date-impossible"),
    ("2021-13", "date-impossible"),
    ("2021.0", "date-impossible"),
    ("2021-3-0", "date-impossible"),
    ("20211345", "date-impossible"),
    ("21.3", "date-two-digit-year"),
    ("'21.3", "date-two-digit-year"),
    ("21年3月", "date-two-digit-year"),
    ("21/3/5", "date-two-digit-year"),
    ("98年", "date-two-digit-year"),
    ("90年代", "date-decade"),
    ("九十年代", "date-decade"),
    ("上世纪90年代", "date-decade"),
    ("1990s", "date-decade"),
    ("3月", "date-no-year"),
    ("3月5日", "date-no-year"),
    ("3/5/2021", "date-either-order"),
    ("约2021年", "date-approximate"),
    ("2021年左右", "date-approximate"),
    ("2021年以前", "date-approximate"),
    ("2021年前", "date-approximate"),
    ("2021?", "date-approximate"),
    ("2021.3、2022.5", "date-several"),
    ("2021年3月，2023年6月", "date-several"),
    ("1021年", "date-year"),
    ("2201-01", "date-year"),
    ("去年", "date-unreadable"),
    ("2021学年", "date-unreadable"),
    ("20213", "date-unreadable"),
    (20213, "date-unreadable"),
    (3, "date-unreadable"),
    (1.5, "date-unreadable"),
    (-44256, "date-unreadable"),
    (True, "date-unreadable"),
    (time(8, 30), "date-unreadable"),
    *((hostile, "date-unreadable") for hostile in HOSTILE),
]
PERIODS = [
    ("2021年3月-2024年3月", "2021-03", "2024-03"),
    ("2021.3-2024.3", "2021-03", "2024-03"),
    ("2021-2024", "2021", "2024"),
    ("2021-03至2024-03", "2021-03", "2024-03"),
    ("2021年~2024年", "2021", "2024"),
    ("2021/3/5-2024/3/4", "2021-03-05", "2024-03-04"),
    ("2021-03-05—2024-03-04", "2021-03-05", "2024-03-04"),
    ("2021-03-05 - 2024-03-04", "2021-03-05", "2024-03-04"),
]
DAYS = st.dates(date(1900, 1, 1), date(2099, 12, 31))


def read(value: CellValue, **asked: object) -> Understood:
    return date_in(value, TODAY, **asked)  # type: ignore[arg-type]


def codes(found: Understood) -> list[str]:
    return [note.code for note in found.notes]


@pytest.mark.parametrize(("value", "text"), RIGHT)
def test_a_date_is_read_as_exactly_as_it_is_stated(value: CellValue, text: str) -> None:
    assert read(value, past=True) == Understood((Day(text),))


@pytest.mark.parametrize(("value", "text", "code"), NOTED)
def test_a_date_that_asks_for_a_look_is_kept_and_noted(value: CellValue, text: str, code: str) -> None:
    found = read(value, past=True)
    assert (found.values, codes(found)) == ((Day(text),), [code])


@pytest.mark.parametrize(("value", "code"), WRONG)
def test_what_is_no_certain_date_is_not_kept(value: CellValue, code: str) -> None:
    found = read(value)
    assert (found.values, codes(found), found.notes[0].severity) == ((), [code], "error")


@pytest.mark.parametrize(("value", "start", "end"), PERIODS)
def test_a_period_in_one_cell_is_its_start_with_the_end_beside(value: str, start: str, end: str) -> None:
    found = read(value)
    assert (found.values, found.until) == ((Day(start),), Day(end))


@pytest.mark.parametrize("value", [None, "", "   ", "\u200b"])
def test_an_empty_cell_says_nothing(value: CellValue) -> None:
    assert read(value) == Understood()


def test_a_column_that_needs_the_day_takes_nothing_less() -> None:
    assert codes(read("2021年3月", precision="day")) == ["date-needs-day"]
    assert read("2021年3月5日", precision="day").values == (Day("2021-03-05"),)


def test_a_column_of_years_keeps_the_year_of_a_longer_date_and_says_so() -> None:
    found = read("2021年3月5日", precision="year")
    assert (found.values, codes(found)) == ((Day("2021"),), ["date-only-year"])


def test_days_may_be_counted_from_1904() -> None:
    assert read(42794, epoch_1904=True).values == (Day("2021-03-01"),)


def test_a_date_in_the_future_surprises_only_where_it_should() -> None:
    assert codes(read("2030年")) == []
    assert codes(read("2026年", past=True)) == []  # this year has begun


def test_words_that_are_no_date_are_told_by_their_code() -> None:
    found = read("长期 ", words={"长期": "date-open"})
    assert [(note.code, note.severity) for note in found.notes] == [("date-open", "info")]


@given(DAYS)
def test_every_spelling_of_a_day_is_that_day(day: date) -> None:
    spellings = (
        day.isoformat(),
        f"{day.year}/{day.month}/{day.day}",
        f"{day.year}.{day.month}.{day.day}",
        f"{day.year}年{day.month}月{day.day}日",
        f"{day:%Y%m%d}",
        f"{day:%Y-%m-%d} 00:00:00",
        datetime.combine(day, time()),
        day,
    )
    assert {read(spelling).values for spelling in spellings} == {(Day(day.isoformat()),)}


@given(st.dates(date(1970, 1, 1), date(2050, 12, 30)))
def test_a_serial_number_is_the_day_that_a_spreadsheet_shows(day: date) -> None:
    serial = (day - date(1899, 12, 30)).days
    assert read(serial).values == read(float(serial)).values == (Day(day.isoformat()),)


@given(st.integers(1900, 2100), st.integers(1, 12))
def test_a_month_stays_a_month(year: int, month: int) -> None:
    for spelling in (f"{year}.{month}", f"{year}-{month:02}", f"{year}年{month}月", f"{year}{month:02}"):
        assert read(spelling).values == (Day(f"{year}-{month:02}"),)


@given(st.text(max_size=30))
def test_any_text_is_a_date_or_has_a_reason_or_is_blank(text: str) -> None:
    found = read(text)
    assert bool(plain(cleaned(text))) == bool(found.values or found.notes)


@given(DAYS, st.sampled_from((4, 7, 10)))
def test_the_bounds_of_a_date_hold_the_day_and_are_no_wider_than_stated(day: date, length: int) -> None:
    first, last = bounds(Day(day.isoformat()[:length]))
    assert first <= day.isoformat() <= last
    assert first[:length] == last[:length] == day.isoformat()[:length]
    assert (date.fromisoformat(last) + timedelta(days=1)).isoformat()[:length] != last[:length]
