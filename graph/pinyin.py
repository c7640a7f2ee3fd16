"""How Chinese characters are read: all their readings without tones, and the one that a text has most likely."""

from __future__ import annotations

import re
from functools import cache, lru_cache

MOST_READINGS = 4
_LOCAL = {"乐": ("lao",)}
"""Readings that only some places have: 乐陵, 乐亭."""

_DIGITS = re.compile(r"\d+")


@cache
def readings(character: str) -> tuple[str, ...]:
    """Return the readings of a character in letters a-z, the common one first (empty: it is not Chinese).

    A character read with ü has its readings with ``v``, ``u`` and ``yu``, as people type any of them.
    """
    if character.isascii():
        return ()
    from pypinyin import Style, pinyin  # its tables take a third of a second, which the start has no use for

    listed = pinyin(character, style=Style.NORMAL, heteronym=True, errors="ignore")
    known = [syllable for group in listed for syllable in group if syllable.isascii() and syllable.isalpha()]
    kept = (*known[:MOST_READINGS], *_LOCAL.get(character, ()))
    spelled = [form for syllable in kept for form in _spellings(syllable)]
    return tuple(dict.fromkeys(spelled))


def syllables(text: str) -> tuple[str, ...]:
    """Return the reading of each character, as its neighbours suggest it; what is not Chinese stays as it is."""
    return tuple(map(_reading_between, f" {text}", text, f"{text} "[1:]))


def sort_key(text: str) -> str:
    """Return a key by which texts sort syllable by syllable, 10 behind 9, and capitals with small letters."""
    lower = text.lower()
    read = "".join(s if s == c else f" {s} " for s, c in zip(syllables(lower), lower, strict=True))
    return _DIGITS.sub(lambda digits: digits[0].zfill(9), read) if _DIGITS.search(read) else read


@lru_cache(maxsize=1 << 17)
def _reading_between(before: str, character: str, after: str) -> str:
    """Return the reading of a character: 长 in 长春 is not the 长 of 院长."""
    known = readings(character)
    if len(known) < 2:
        return next(iter(known), character)
    with_next = _pair(character, after)[0]
    return with_next if with_next != known[0] else _pair(before, character)[1]


@cache
def _pair(one: str, other: str) -> tuple[str, str]:
    """Return how two neighbours are read together."""
    from pypinyin import Style, lazy_pinyin

    first, second = (next(iter(readings(character)), character) for character in (one, other))
    if not readings(one) or not readings(other):
        return first, second
    first, second = lazy_pinyin(one + other, style=Style.NORMAL)
    return first, second


def _spellings(syllable: str) -> tuple[str, ...]:
    return tuple(syllable.replace("v", form) for form in ("v", "u", "yu")) if "v" in syllable else (syllable,)
