"""Numbers in cells: what is exactly a number, with the unit of its column or none."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from datetime import date, time
from decimal import Decimal

from graph.imports import chinese_numbers
from graph.imports.cell_text import cleaned, plain
from graph.imports.cells import BLANK, Understood, info, kept, refused
from graph.imports.grid import CellValue
from graph.imports.records import Number

COUNTING = frozenset("张人名例个家次项篇位床台部批期间所届场")
"""Words that count things and change nothing: 12 张."""
SAME_UNIT: Mapping[str, frozenset[str]] = {
    "月": frozenset(("月", "个月", "months", "month")),
    "元": frozenset(("元", "块", "¥", "￥", "rmb", "cny", "yuan")),
    "元/月": frozenset(("元/月", "元每月", "元", "yuan a month")),
    "分钟": frozenset(("分钟", "分", "min", "minutes", "minute")),
    "公里": frozenset(("公里", "千米", "km")),
    "岁": frozenset(("岁", "周岁")),
}
"""How the unit of a column may be written."""

_DECIMAL = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d{1,2})?")
_GROUPED = re.compile(r"[+-]?\d{1,3}(?:,\d{3})+(?:\.\d+)?")
_WITH_UNIT = re.compile(r"(?P<before>[¥￥])?\s*(?P<number>[+-]?[\d.,]+)\s*(?P<unit>\D*)")
_APPROXIMATE = re.compile(
    r"约|近|大约|大概|左右|上下|余|多|以上|以下|以内|不足|超过|至少|最多|不少于|不超过|[<>≤≥~≈]|[+]$|几|来"
)
_RANGE = re.compile(r"\d\s*(?:[-~～—–―]+|至|到)\s*\d")
_MOST_DIGITS = 15


def number_in(
    value: CellValue,
    *,
    whole: bool,
    most: int | None = None,
    negative: bool = False,
    units: Collection[str] = (),
    words: Mapping[str, str] | None = None,
) -> Understood:
    """Return the number that a cell states.

    Args:
        value: the cell.
        whole: whether it must be a whole number.
        most: the largest number that is believed.
        negative: whether it may be below nought.
        units: units that the column is in, as they may stand beside the number.
        words: words that say that there is no number, plain and in small letters, to the code of the remark.
    """
    match value:
        case None:
            return BLANK
        case bool() | date() | time():
            return refused("number-unreadable")
        case int() | float():
            return _checked(Decimal(repr(value)), whole, most, negative)
    return _of_text(value, whole, most, negative, units, words or {})


def _of_text(
    text: str,
    whole: bool,
    most: int | None,
    negative: bool,
    units: Collection[str],
    words: Mapping[str, str],
) -> Understood:
    said = plain(cleaned(text)).replace("−", "-")
    if not said:
        return BLANK
    if code := words.get(said.casefold()):
        return refused(code) if code == "number-none" else Understood(notes=(info(code),))
    number = _plain_number(re.sub(r"\s", "", said).lower())
    if number is not None:
        return _checked(number, whole, most, negative)
    found = _WITH_UNIT.fullmatch(said.lower())
    if found and (number := _plain_number(found["number"])) is not None:
        unit = (found["unit"] or found["before"] or "").strip()
        return _checked(number, whole, most, negative) if _fits(unit, units) else _why(said, unit)
    return _spoken(said, whole, most, units) or _why(said, "")


def _plain_number(text: str) -> Decimal | None:
    if _DECIMAL.fullmatch(text):
        return Decimal(text)
    return Decimal(text.replace(",", "")) if _GROUPED.fullmatch(text) else None


def _spoken(text: str, whole: bool, most: int | None, units: Collection[str]) -> Understood | None:
    """Return a number in Chinese characters, such as 十二张."""
    for end in (text, text[:-1]):
        number = chinese_numbers.number_of(end)
        if number is not None and _fits(text[len(end) :], units):
            return _checked(Decimal(number), whole, most, False)
    return None


def _fits(unit: str, units: Collection[str]) -> bool:
    return not unit or unit in COUNTING or unit in units


def _why(said: str, unit: str) -> Understood:
    """Return why a text is no number that can be kept."""
    if _RANGE.search(said):
        return refused("number-range")
    if _APPROXIMATE.search(said):
        return refused("number-approximate")
    if len(re.findall(r"\d+(?:\.\d+)?", said)) > 1:
        return refused("number-several")
    return refused("number-unit", unit=unit) if unit else refused("number-unreadable")


def _checked(number: Decimal, whole: bool, most: int | None, negative: bool) -> Understood:
    if (
        not number.is_finite()
        or len(number.as_tuple().digits) > 2 * _MOST_DIGITS
        or number.adjusted() > _MOST_DIGITS
    ):
        return refused("number-unreadable")
    if number < 0 and not negative:
        return refused("number-negative")
    if most is not None and number > most:
        return refused("number-too-large", most=str(most))
    if number == number.to_integral_value():
        return kept(Number(Decimal(int(number))))
    return refused("number-not-whole") if whole else kept(Number(number.normalize()))
