"""Telephone numbers in cells. The numbers are invented."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.imports.cells import Understood
from graph.imports.grid import CellValue
from graph.imports.phones import phones_in
from graph.imports.records import Phone
from samples import HOSTILE

# The cell, its office lines, its mobile numbers.
RIGHT: list[tuple[CellValue, str, str]] = [
    ("0431-88880000", "0431-88880000", ""),
    ("0431—88880000", "0431-88880000", ""),
    ("０４３１－８８８８００００", "0431-88880000", ""),
    ("(0431)88880000", "0431-88880000", ""),
    ("（0431）8888 0000", "0431-88880000", ""),
    ("043188880000", "0431-88880000", ""),
    ("0431 88880000", "0431-88880000", ""),
    ("+86-0431-88880000", "0431-88880000", ""),
    ("010-60000000", "010-60000000", ""),
    ("400-820-0000", "400-820-0000", ""),
    ("88880000", "88880000", ""),
    ("0434-3200000", "0434-3200000", ""),
    ("0431-88880000-8001", "0431-88880000-8001", ""),
    ("0431-88880000转8001", "0431-88880000-8001", ""),
    ("(0431) 88880000 转 8001", "0431-88880000-8001", ""),
    ("+86 0431 88880000", "0431-88880000", ""),
    ("13800000000", "", "13800000000"),
    (13800000000, "", "13800000000"),
    (13800000000.0, "", "13800000000"),
    ("138 0000 0000", "", "13800000000"),
    ("138-0000-0000", "", "13800000000"),
    ("+86 13800000000", "", "13800000000"),
    ("008613800000000", "", "13800000000"),
    ("13800000000/0431-88880000", "0431-88880000", "13800000000"),
    ("13800000000、13900000000", "", "13800000000 13900000000"),
    ("13800000000 13900000000", "", "13800000000 13900000000"),
    ("13800000000\n0431-88880000", "0431-88880000", "13800000000"),
    ("0431-88880000；88880001，13800000000", "0431-88880000 88880001", "13800000000"),
    ("办公室：0431-88880000 手机：13800000000", "0431-88880000", "13800000000"),
]
NOTED: list[tuple[CellValue, str, str]] = [
    (43188880000, "43188880000", "phone-lost-zero"),
    (4313200000.0, "4313200000", "phone-lost-zero"),
    ("8234", "8234", "phone-short"),
    ("120", "120", "phone-short"),
    ("联系人甲 13800000000", "13800000000", "phone-with-words"),
    ("13800000000（护士长）", "13800000000", "phone-with-words"),
]
WRONG: list[tuple[CellValue, str]] = [
    ("1380000000", "phone-wrong-length"),
    ("138000000000", "phone-wrong-length"),
    ("见通讯录", "phone-unreadable"),
    ("1.38E+10", "phone-lost-digits"),
    *((hostile, "phone-unreadable") for hostile in HOSTILE[:1]),
]


def read(value: CellValue) -> Understood:
    return phones_in(value, takes_mobile=True)


def numbers(found: Understood, *, mobile: bool) -> str:
    return " ".join(one.text for one in found.values if isinstance(one, Phone) and one.is_mobile == mobile)


@pytest.mark.parametrize(("value", "office", "mobile"), RIGHT)
def test_each_number_of_a_cell_is_kept_by_itself(value: CellValue, office: str, mobile: str) -> None:
    found = read(value)
    assert (numbers(found, mobile=False), numbers(found, mobile=True), found.notes) == (office, mobile, ())


@pytest.mark.parametrize(("value", "number", "code"), NOTED)
def test_a_number_that_asks_for_a_look_is_kept_and_noted(value: CellValue, number: str, code: str) -> None:
    found = read(value)
    assert [one.text for one in found.values if isinstance(one, Phone)] == [number]
    assert [(note.code, note.severity) for note in found.notes] == [(code, "warning")]


@pytest.mark.parametrize(("value", "code"), WRONG)
def test_what_is_no_telephone_number_is_not_kept(value: CellValue, code: str) -> None:
    found = read(value)
    assert not found.values
    assert [(note.code, note.severity) for note in found.notes] == [(code, "error")]


def test_a_wrong_number_does_not_take_a_right_one_with_it() -> None:
    found = read("13800000000、1390000000")
    assert (numbers(found, mobile=True), [note.code for note in found.notes]) == (
        "13800000000",
        ["phone-wrong-length"],
    )


def test_a_public_column_takes_no_mobile_number() -> None:
    found = phones_in("0431-88880000/13800000000", takes_mobile=False)
    assert found.values == (Phone("0431-88880000", False),)
    assert [(note.code, note.severity) for note in found.notes] == [("phone-mobile-in-public", "error")]


@given(st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True), st.sampled_from(("", " ", "-")))
def test_a_mobile_number_is_told_however_it_is_grouped(number: str, gap: str) -> None:
    grouped = gap.join((number[:3], number[3:7], number[7:]))
    assert read(grouped).values == (Phone(number, True),)


@given(st.lists(st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True), min_size=1, max_size=4, unique=True))
def test_no_number_of_a_list_is_lost(listed: list[str]) -> None:
    for between in ("；", ";", "、", "，", "/", " ", "\n"):
        assert [one.text for one in read(between.join(listed)).values if isinstance(one, Phone)] == listed


@given(st.text(max_size=30))
def test_any_text_has_numbers_or_a_reason_or_is_blank(text: str) -> None:
    found = read(text)
    assert found.values or found.notes or not any(map(str.isalnum, text))
