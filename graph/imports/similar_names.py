"""An index of names that finds similar ones: short forms, names of the same sound, names with mistakes.

It is asked about names that nobody holds. What it says is a guess for people to look at, never an answer.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache, cached_property
from itertools import islice, pairwise
from typing import NamedTuple, TypeVar

import numpy as np
import numpy.typing as npt

from graph.closeness import likeness, mistakes
from graph.names_text import is_han
from graph.pinyin import readings

LEAST = 50
"""Below this score names are too unlike to be worth a look, whatever else speaks for them."""

_Numbers = npt.NDArray[np.int32]
_Hashes = npt.NDArray[np.int64]
_Part = TypeVar("_Part", str, tuple[str, str])

_SHORT_FORM = 75
_SAME_FIRST, _SAME_LAST = 10, 5
_SAME_SOUND = 88
_SHORTEST, _LONGEST = 3, 10
"""Characters of a short form: of two characters too many names are made."""
_MOST_CUT_OFF = 3  # characters that are left out at the end of a name: 医院, 保健院
_MOST_SHORT_FORMS = 200
_MOST_SHARING = 12
_RAREST = 5
_LONGEST_NAME = 60


class Similar(NamedTuple):
    """A name of the index: how alike it is (0 to 100), and why: ``short-form``, ``pinyin`` or ``similar``."""

    name: str
    score: int
    reason: str


class SimilarNames:
    """Names, as ``written_names.normalised`` gives them. Never changes; may be asked from any thread."""

    def __init__(self, names: Iterable[str]) -> None:
        """Take up the names; what a question needs is worked out when the first one needs it."""
        self._names: Sequence[str] = sorted(set(names))

    def found(self, name: str, *, quick: bool = False) -> list[Similar]:
        """Return the names that are like one, the likest first; the name itself is left out.

        Args:
            name: a normalised name.
            quick: only names with one mistake, and of the same sound.
        """
        best: dict[int, Similar] = {}
        for number, score, reason in self._guesses(name[:_LONGEST_NAME], quick=quick):
            known = best.get(number)
            if score >= LEAST and (known is None or score > known.score):
                best[number] = Similar(self._names[number], score, reason)
        similar = (one for one in best.values() if one.name != name)
        return sorted(similar, key=lambda one: (-one.score, one.name))

    def _guesses(self, name: str, *, quick: bool) -> Iterator[tuple[int, int, str]]:
        """Yield numbers of names with score and reason."""
        for number in self._mistaken(name):
            yield number, self._likeness(name, number), "similar"
        for number in self._by_sound.get(_sound(name), ()):
            yield number, max(_SAME_SOUND, self._likeness(name, number)), "pinyin"
        for number in () if quick else self._lengthened(name):
            score = _short_form_score(name, self._names[number])
            yield number, max(score, self._likeness(name, number)), "short-form"
        for number in () if quick else self._sharing(name):
            yield number, self._likeness(name, number), "similar"

    def _likeness(self, name: str, number: int) -> int:
        return int(likeness(name, self._names[number]))

    def _mistaken(self, name: str) -> set[int]:
        """Return the names that differ by one character: wrong, missing, too many, or two swapped."""
        hashes, numbers = self._without_one
        wanted = np.array(_without_one(name), np.int64)
        found: set[int] = set()
        starts, ends = hashes.searchsorted(wanted), hashes.searchsorted(wanted, "right")
        for place in np.flatnonzero(starts != ends).tolist():
            found.update(numbers[starts[place] : ends[place]].tolist())
        return {number for number in found if mistakes(name, self._names[number], 1) <= 1}

    def _lengthened(self, name: str) -> Iterator[int]:
        """Yield longer names with all characters of a name in their order: 吉大一院 is in 吉林大学第一医院."""
        if not _SHORTEST <= len(name) <= _LONGEST or not is_han(name):
            return
        lists = sorted((self._with_character.get(c, _NONE) for c in set(name)), key=len)
        left = lists[0]
        for other in lists[1:]:
            left = _common(left, other)
        longer = (n for n in left.tolist() if len(self._names[n]) > len(name) and self._is_within(name, n))
        yield from islice(longer, _MOST_SHORT_FORMS)

    def _is_within(self, name: str, number: int) -> bool:
        characters = iter(self._names[number])
        return all(character in characters for character in name)

    def _sharing(self, name: str) -> list[int]:
        """Return the names that share most pairs of characters with a name, of its rarest pairs."""
        known = (self._with_pair.get(pair, _NONE) for pair in set(pairwise(name)))
        lists = sorted((one for one in known if len(one)), key=len)[:_RAREST]
        if not lists:
            return []
        shared = np.bincount(np.concatenate(lists), minlength=len(self._names))
        listed: list[int] = []
        for count in range(int(shared.max()), 0, -1):
            # Of equals the first, so that the answer does not depend on how they are sorted.
            listed += np.flatnonzero(shared == count)[: _MOST_SHARING - len(listed)].tolist()
            if len(listed) >= _MOST_SHARING:
                break
        return listed

    # --- What is looked up ----------------------------------------------------------------------------------

    @cached_property
    def _without_one(self) -> tuple[_Hashes, _Numbers]:
        """Every name, whole and without each of its characters, as sorted hashes with the numbers of the names."""
        hashes: list[int] = []
        numbers: list[int] = []
        for number, name in enumerate(self._names):
            made = _without_one(name)
            hashes += made
            numbers += [number] * len(made)
        listed = np.array(hashes, np.int64)
        order = np.argsort(listed, kind="stable")
        return listed[order], np.array(numbers, np.int32)[order]

    @cached_property
    def _by_sound(self) -> Mapping[str, Sequence[int]]:
        found: dict[str, list[int]] = defaultdict(list)
        for number, name in enumerate(self._names):
            found[_sound(name)].append(number)
        return dict(found)

    @cached_property
    def _with_character(self) -> Mapping[str, _Numbers]:
        return _postings(map(set, self._names))

    @cached_property
    def _with_pair(self) -> Mapping[tuple[str, str], _Numbers]:
        return _postings(set(pairwise(name)) for name in self._names)


_NONE: _Numbers = np.empty(0, np.int32)


def _postings(parts: Iterable[set[_Part]]) -> dict[_Part, _Numbers]:
    """Return the numbers of the names that have each part."""
    found: dict[_Part, list[int]] = defaultdict(list)
    for number, having in enumerate(parts):
        for part in having:
            found[part].append(number)
    return {part: np.array(numbers, np.int32) for part, numbers in found.items()}


def _common(few: _Numbers, many: _Numbers) -> _Numbers:
    """Return what two sorted lists have in common."""
    if not len(few) or not len(many):
        return _NONE
    places = np.searchsorted(many, few)
    places[places == len(many)] = 0
    common: _Numbers = few[many[places] == few]
    return common


def _without_one(name: str) -> list[int]:
    return [hash(name), *{hash(name[:place] + name[place + 1 :]) for place in range(len(name))}]


def _short_form_score(short: str, name: str) -> int:
    """Return how likely a short form stands for a name: it begins and ends alike, and leaves out little.

    What only begins like a longer name is rather what the other is part of: 吉林大学 is not 吉林大学第一医院.
    """
    left_out = len(name) - len(short)
    if name.startswith(short) and left_out > _MOST_CUT_OFF:
        return LEAST
    same = _SAME_FIRST * (short[0] == name[0]) + _SAME_LAST * (short[-1] == name[-1])
    return _SHORT_FORM + same - left_out // 2


def _sound(name: str) -> str:
    """Return how a name is read, each character by its common reading; letters stand for themselves."""
    return "".join(map(_common_reading, name))


@cache
def _common_reading(character: str) -> str:
    return next(iter(readings(character)), character)
