"""Numbers in Chinese characters."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.imports.chinese_numbers import number_of

ONES = "〇一二三四五六七八九"


def spoken(number: int) -> str:
    """Return a number below 100 as it is spoken."""
    tens, ones = divmod(number, 10)
    if not tens:
        return ONES[ones]
    return ("" if tens == 1 else ONES[tens]) + "十" + (ONES[ones] if ones else "")


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("一百零五", 105),
        ("一百二十", 120),
        ("两千", 2000),
        ("三千零六", 3006),
        ("二〇二一", 2021),
        ("一万二千", 12000),
    ],
)
def test_numbers_are_read_as_spoken_or_digit_by_digit(text: str, number: int) -> None:
    assert number_of(text) == number


@pytest.mark.parametrize("text", ["", "十来", "一二十", "百千", "十百", "三甲", "六十多"])
def test_other_texts_are_no_numbers(text: str) -> None:
    assert number_of(text) is None


@given(st.integers(0, 99))
def test_what_is_spoken_is_read(number: int) -> None:
    assert number_of(spoken(number)) == number


@given(st.integers(0, 10**9))
def test_digits_one_by_one_are_read(number: int) -> None:
    assert number_of("".join(ONES[int(digit)] for digit in str(number))) == number
