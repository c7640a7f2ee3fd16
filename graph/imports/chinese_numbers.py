"""Numbers written in Chinese characters: 二〇二一 digit by digit, 三十二 and 一百零五 as they are spoken."""

from __future__ import annotations

import re

DIGITS = "〇零○一二三四五六七八九两壹贰叁肆伍陆柒捌玖"
"""Characters that are one digit."""

_VALUE = {"〇": 0, "零": 0, "○": 0, "两": 2} | {
    character: number
    for row in ("一二三四五六七八九", "壹贰叁肆伍陆柒捌玖")
    for number, character in enumerate(row, start=1)
}
_PLACES = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000, "万": 10000}
_SPOKEN = re.compile(rf"[{DIGITS}{''.join(_PLACES)}]+")


def number_of(text: str) -> int | None:
    """Return the whole number that a text in Chinese characters says, or ``None``.

    >>> number_of("三十二"), number_of("一百零五"), number_of("二〇二一"), number_of("十来")
    (32, 105, 2021, None)
    """
    if not _SPOKEN.fullmatch(text):
        return None
    if not set(text) & set(_PLACES):
        return int("".join(str(_VALUE[character]) for character in text))
    return _spoken(text)


def _spoken(text: str) -> int | None:
    total, place, digit = 0, 100_000, None
    for character in text:
        if character in _VALUE:
            if digit:
                return None
            digit = _VALUE[character]
            continue
        if _PLACES[character] >= place:
            return None
        place = _PLACES[character]
        total += (1 if digit is None and not total else digit or 0) * place
        digit = None
    return total + (digit or 0)
