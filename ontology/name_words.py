"""Words in the names of units by which different units are told apart, read from ``name-words.toml``."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

FILE = Path(__file__).parent / "name-words.toml"


@dataclass(frozen=True)
class NameWords:
    """The words.

    Attributes:
        branch: words that mean a campus or branch wherever they stand.
        branch_ends: words that mean one at the end.
        kinds: the words of each kind of unit.
        not_kinds: words that hold a word of a kind and mean none.
        division_ends: how names of divisions end.
        not_divisions: words that end so and are none.
        relative: beginnings of names that mean something else in every place.
        digits: characters that are written for a digit.
    """

    branch: tuple[str, ...]
    branch_ends: tuple[str, ...]
    kinds: tuple[tuple[str, ...], ...]
    not_kinds: tuple[str, ...]
    division_ends: tuple[str, ...]
    not_divisions: tuple[str, ...]
    relative: tuple[str, ...]
    digits: Mapping[str, str]


@cache
def name_words() -> NameWords:
    """Return the words."""
    said = tomllib.loads(FILE.read_text(encoding="utf-8"))
    lists = {name: tuple(value) for name, value in said.items() if name not in ("kinds", "digits")}
    return NameWords(**lists, kinds=tuple(map(tuple, said["kinds"])), digits=said["digits"])
