"""Where two names differ, so that a reader who compares them sees it at once."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import SequenceMatcher
from typing import NamedTuple


class Piece(NamedTuple):
    """A piece of a name, and whether the other name lacks it."""

    text: str
    differs: bool


def name_pieces(name: str, other: str) -> tuple[Piece, ...]:
    """Return a name in pieces, those that the other one lacks marked.

    >>> name_pieces("吉林省人民医院", "吉林市人民医院")
    (Piece(text='吉林', differs=False), Piece(text='省', differs=True), Piece(text='人民医院', differs=False))
    """
    return tuple(_pieces(name, SequenceMatcher(None, name, other, autojunk=False)))


def _pieces(name: str, matcher: SequenceMatcher[str]) -> Iterator[Piece]:
    done = 0
    for start, _, length in matcher.get_matching_blocks():
        if start > done:
            yield Piece(name[done:start], differs=True)
        if length:
            yield Piece(name[start : start + length], differs=False)
        done = start + length
