"""A question to the index of names: which tokens a fitting name has, and whether a name really fits.

A question is cut into units, one for each Chinese character that it stands for: the character itself, a syllable of
pinyin, or the beginning of one (an initial). Letters may be cut in several ways, so there are several readings of one
question. Tokens find candidates; ``fits`` looks at the characters of a candidate.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import pairwise, product
from typing import Literal, NamedTuple

from graph.closeness import mistakes
from graph.names_text import GRAMS, initials, is_han
from graph.pinyin import readings, syllables

LONGEST_LETTERS = 40
_LONGEST_SYLLABLE = 6
_MOST_CUTS = 4
_MOST_BESIDE = 2  # ways to read what stands on one side of a mistake
_MOST_INITIALS = 12
_FEW = 30
"""Names that are looked at faster than a further token would tell them apart."""
_SOME, _COSTLY = 1000, 50_000
"""Beside a token that so few names have, one that so many have costs more than looking at the names."""
_APART = 3
_MOST_TOKENS = 3
_COUNTED_NOT = "=%"
_UMLAUT = re.compile("yu|u")


class Unit(NamedTuple):
    """What stands for one character: the character, a whole syllable, a beginning of one, or a like sound."""

    kind: Literal["character", "syllable", "beginning", "sound"]
    text: str

    def fits(self, character: str) -> bool:
        """Tell whether a character of a name is what this unit stands for."""
        if self.kind == "character":
            return character == self.text
        if self.kind == "sound":
            return character == self.text or not set(readings(self.text)).isdisjoint(readings(character))
        if self.kind == "syllable":
            return self.text in readings(character)
        if len(self.text) == 1:
            return self.text in initials(character)
        return any(reading.startswith(self.text) for reading in readings(character))

    def starts(self, reading: str) -> bool:
        """Tell whether a reading is this syllable, or begins so, however ü is written."""
        read, text = (_UMLAUT.sub("v", one) for one in (reading, self.text))
        return read == text if self.kind == "syllable" else read.startswith(text)


Units = tuple[Unit, ...]
Fit = Literal["likely", "possible", ""]
"""Whether a name fits a question: by the readings that it likely has, by rare ones, or not."""


def characters(word: str) -> Units:
    """Return the units of a Chinese word."""
    return tuple(Unit("character", character) for character in word)


def sounds(word: str) -> Units:
    """Return the units of a Chinese word of which only the sound is right."""
    return tuple(Unit("sound", character) for character in word)


def fit(units: Units, name: str, *, at_start: bool = False) -> Fit:
    """Return whether a name has these units one after the other, and whether its characters are likely read so."""
    found: Fit = ""
    last = len(name) - len(units)
    for start in range(1 if at_start and last >= 0 else last + 1):
        for place, unit in enumerate(units):  # a plain loop: this runs for every candidate
            if not unit.fits(name[start + place]):
                break
        else:
            if _are_likely(units, name, start):
                return "likely"
            found = "possible"
    return found


def _are_likely(units: Units, name: str, start: int) -> bool:
    """Tell whether characters are likely read so in a name: 长 is zhang in 院长 and chang in 长春."""
    for place, unit in enumerate(units, start):
        if unit.kind in ("character", "sound"):
            continue
        if not _is_likely(unit, name[max(0, place - 1) : place + 2], min(place, 1)):
            return False
    return True


@lru_cache(maxsize=1 << 15)
def _is_likely(unit: Unit, around: str, place: int) -> bool:
    known = readings(around[place])
    return len(known) < 2 or unit.starts(known[0]) or unit.starts(syllables(around)[place])


def all_of(parts: Iterable[str]) -> str:
    """Return the expression for names that fit all of these."""
    return " AND ".join(dict.fromkeys(parts))


def any_of(tokens: Sequence[str]) -> str:
    """Return the expression for names that have one of these tokens."""
    listed = [quoted(token) for token in tokens]
    return listed[0] if len(listed) == 1 else f"({' OR '.join(listed)})"


def quoted(token: str) -> str:
    """Return a token as the index's expressions write it; tokens are letters and marks, never quotes."""
    return f'"{token}"'


class Vocabulary:
    """What occurs in names: tokens with the number of names that have them, and syllables with what follows."""

    def __init__(self) -> None:
        self.things: dict[str, int] = {}
        self.rest: dict[str, int] = {}
        self.neighbours: dict[str, set[str]] = {}
        self._near: dict[str, set[str]] = {}
        self._starting: dict[str, list[str]] = {}

    def learn(self, tokens: Iterable[str], *, rest: bool) -> None:
        """Take up the tokens of a name; ``rest``: of something that people rarely look for."""
        counts = self.rest if rest else self.things
        for token in tokens:
            if token[0] in _COUNTED_NOT:
                continue
            known = counts.get(token, 0)
            counts[token] = known + 1
            if not known and token[0] == "~":
                self._learn_syllables(token[1:])

    def forget(self, tokens: Iterable[str], *, rest: bool) -> None:
        """Give up the tokens of a name; a syllable that no name has any more does no harm."""
        counts = self.rest if rest else self.things
        for token in tokens:
            if token[0] not in _COUNTED_NOT:
                counts[token] -= 1

    def _learn_syllables(self, said: str) -> None:
        first, _, second = said.partition("-")
        if first not in self.neighbours:
            self.neighbours[first] = set()
            for form in _forms(first):
                self._near.setdefault(form, set()).add(first)
            for length in range(1, len(first) + 1):
                self._starting.setdefault(first[:length], []).append(first)
        if second:
            self.neighbours[first].add(second)

    def starting(self, beginning: str) -> Sequence[str]:
        """Return the syllables that start so."""
        return self._starting.get(beginning, ())

    def cuts(self, letters: str) -> list[Units]:
        """Return ways to read letters as syllables, the last of which may be unfinished; fewer units first."""
        if not letters.isascii() or not letters.isalpha() or len(letters) > LONGEST_LETTERS:
            return []
        ways: list[list[tuple[str, ...]]] = [[()]]
        for end in range(1, len(letters) + 1):
            found = [
                (*way, letters[begin:end])
                for begin in range(max(0, end - _LONGEST_SYLLABLE), end)
                for way in ways[begin]
                if self._may_follow(way, letters[begin:end], is_last=end == len(letters))
            ]
            ways.append(sorted(found, key=len)[:_MOST_CUTS])
        return [self._units(way) for way in ways[-1]]

    def finished(self, units: Units) -> Units:
        """Return units of which another word follows, so that the last one is a whole syllable where it can be."""
        *before, last = units
        if last.kind == "beginning" and len(last.text) > 1 and last.text in self.neighbours:
            return (*before, Unit("syllable", last.text))
        return units

    def near_cuts(self, letters: str) -> list[Units]:
        """Return ways to read letters as syllables with one mistake, fewer units first.

        The mistake is within a syllable, or two letters are swapped where one syllable ends and the next begins; the
        last syllable may be unfinished.
        """
        if not letters.isascii() or not letters.isalpha() or not 4 <= len(letters) <= LONGEST_LETTERS:
            return []
        before, after = self._before(letters), self._after(letters)
        found: dict[Units, None] = {}
        for begin, end in _pieces(before, after):
            for middle in (*self._like(letters[begin:end]), *self._swapped(letters[begin:end])):
                for first, last in product(before[begin], after[end]):
                    if self._follow((*first[-1:], *middle, *last[:1])):
                        found[(*first, *middle, *last)] = None
        return sorted(found, key=len)

    def _before(self, letters: str) -> list[list[Units]]:
        """Return for each place ways to read the letters before it."""
        ways: list[list[Units]] = [[()]]
        for end in range(1, len(letters) + 1):
            found = [
                (*way, Unit("syllable", letters[begin:end]))
                for begin in range(max(0, end - _LONGEST_SYLLABLE), end)
                if letters[begin:end] in self.neighbours
                for way in ways[begin]
                if not way or letters[begin:end] in self.neighbours[way[-1].text]
            ]
            ways.append(sorted(found, key=len)[:_MOST_BESIDE])
        return ways

    def _after(self, letters: str) -> list[list[Units]]:
        """Return for each place ways to read the letters from there on; the last syllable may be unfinished."""
        ways: list[list[Units]] = [[] for _ in letters] + [[()]]
        for begin in reversed(range(len(letters))):
            rest = letters[begin:]
            found: list[Units] = [(Unit("beginning", rest),)] if self.starting(rest) else []
            for size in range(1, min(_LONGEST_SYLLABLE, len(rest) - 1) + 1):
                unit = Unit("syllable", rest[:size])
                if unit.text in self.neighbours:
                    found += [(unit, *way) for way in ways[begin + size] if self._follow((unit, *way[:1]))]
            ways[begin] = sorted(found, key=len)[:_MOST_BESIDE]
        return ways

    def _follow(self, units: Units) -> bool:
        """Tell whether some name has each of these syllables before the next."""
        for one, next_ in pairwise(units):
            known = self.neighbours[one.text]
            if next_.kind == "syllable":
                if next_.text not in known:
                    return False
            elif not any(syllable in known for syllable in self.starting(next_.text)):
                return False
        return True

    def _like(self, piece: str) -> list[Units]:
        """Return the syllables that a piece may be meant to be when there is a mistake in it."""
        if not 2 <= len(piece) <= _LONGEST_SYLLABLE + 1:
            return []
        near = {syllable for form in _forms(piece) for syllable in self._near.get(form, ())} - {piece}
        return [(Unit("syllable", one),) for one in sorted(near) if mistakes(one, piece, 1) == 1]

    def _swapped(self, piece: str) -> list[Units]:
        """Return the two syllables that a piece may be meant to be when letters are swapped between them."""
        found: list[Units] = []
        for place in range(1, len(piece)):
            first, second = piece[: place - 1] + piece[place], piece[place - 1] + piece[place + 1 :]
            if first in self.neighbours and second in self.neighbours[first] and first + second != piece:
                found.append((Unit("syllable", first), Unit("syllable", second)))
        return found

    def _is_neighbour(self, way: tuple[str, ...], syllable: str) -> bool:
        return not way or syllable in self.neighbours.get(way[-1], ())

    def _may_follow(self, way: tuple[str, ...], piece: str, *, is_last: bool) -> bool:
        if piece in self.neighbours and self._is_neighbour(way, piece):
            return True
        if not is_last:
            return False
        after = self.neighbours.get(way[-1], set()) if way else self.neighbours
        return any(syllable in after for syllable in self.starting(piece))

    def _units(self, way: tuple[str, ...]) -> Units:
        last = Unit("beginning", way[-1])
        return (*(Unit("syllable", piece) for piece in way[:-1]), last)

    def mixed_cuts(self, letters: str) -> list[Units]:
        """Return the shortest ways to read letters as syllables and initials together."""
        if not letters.isascii() or not letters.isalpha() or len(letters) > LONGEST_LETTERS:
            return []
        ways: list[list[Units]] = [[()]]
        for end in range(1, len(letters) + 1):
            found: list[Units] = []
            for begin in range(max(0, end - _LONGEST_SYLLABLE), end):
                piece = letters[begin:end]
                if len(piece) == 1:
                    found += [(*way, Unit("beginning", piece)) for way in ways[begin]]
                elif piece in self.neighbours:
                    found += [(*way, Unit("syllable", piece)) for way in ways[begin]]
            ways.append(sorted(found, key=len)[:_MOST_CUTS])
        return ways[-1]

    def rarest(self, parts: Sequence[Sequence[str]], *, rest: bool = False, most: int = _MOST_TOKENS) -> str:
        """Return the expression for names that have one token of each part, as far as it tells names apart.

        Parts that stand beside each other mostly occur together, so that the second tells little: rather one that
        is further away is asked for.
        """
        counts = self.rest if rest else self.things
        get = counts.get
        counted = sorted((sum(get(token, 0) for token in part), place) for place, part in enumerate(parts))
        if not counted or not counted[0][0]:
            return ""
        if counted[0][0] <= _SOME:
            counted = [one for one in counted if one[0] <= _COSTLY]
        kept: list[int] = []
        while counted and len(kept) < most:
            count, place = next((one for one in counted if _is_apart(one[1], kept)), counted[0])
            kept.append(place)
            counted.remove((count, place))
            if count <= _FEW:
                break
        return all_of(any_of([token for token in parts[place] if get(token)]) for place in kept)

    def parts(self, units: Units) -> Iterator[Sequence[str]]:
        """Yield for each neighbouring pair, initials, and lone units the tokens of which a name has one."""
        yield from self._initials(units)
        paired: set[int] = set()
        for place, (one, next_) in enumerate(pairwise(units)):
            pair = self._pair(one, next_)
            if pair or (_is_initial(one) and _is_initial(next_)):
                paired |= {place, place + 1}
            if pair:
                yield pair
        yield from (self._single(unit) for place, unit in enumerate(units) if place not in paired)

    def _pair(self, one: Unit, next_: Unit) -> Sequence[str]:
        if one.kind == next_.kind == "character":
            return [one.text + next_.text]
        if one.kind == next_.kind == "sound":
            spoken = product(readings(one.text), readings(next_.text))
            return [f"~{first}-{second}" for first, second in spoken] or [one.text + next_.text]
        if one.kind == "syllable" and next_.kind == "syllable":
            return [f"~{one.text}-{next_.text}"]
        if one.kind == "syllable" and next_.kind == "beginning":
            after = self.neighbours.get(one.text, ())
            return [f"~{one.text}-{other}" for other in self.starting(next_.text) if other in after] or ["~"]
        return []

    def _initials(self, units: Units) -> Iterator[Sequence[str]]:
        """Yield the tokens of runs of single letters."""
        run = ""
        for unit in (*units, Unit("character", "")):
            if _is_initial(unit):
                run += unit.text
                continue
            size = GRAMS[2] if len(run) >= GRAMS[2] else GRAMS[1]
            for start in range(len(run) - size + 1):
                yield ["!" + run[start : start + size]]
            run = ""

    def _single(self, unit: Unit) -> Sequence[str]:
        if unit.kind == "character":
            return [unit.text]
        if unit.kind == "syllable":
            return ["~" + unit.text]
        if unit.kind == "sound":
            return ["~" + reading for reading in readings(unit.text)] or [unit.text]
        if len(unit.text) == 1:
            return ["!" + unit.text]
        return [f"~{syllable}" for syllable in self.starting(unit.text)]

    def start(self, unit: Unit) -> Sequence[str]:
        """Return the tokens of which a name has one that starts with a unit."""
        return ["^" + token for token in self._single(unit)]


def initials_of(letters: str) -> Units:
    """Return the units of letters that are initials."""
    may = letters.isascii() and letters.isalpha() and len(letters) <= _MOST_INITIALS
    return tuple(Unit("beginning", letter) for letter in letters) if may else ()


def combined(listed: Sequence[str], read: Callable[[str], Sequence[Units]]) -> list[Units]:
    """Return ways to read the words of a question one after the other; Chinese words are read as they are."""
    ways: list[Units] = [()]
    for word in listed:
        choices = [characters(word)] if is_han(word) else read(word)
        ways = [(*way, *choice) for way in ways for choice in choices][:_MOST_CUTS]
    return ways


def _pieces(before: Sequence[Sequence[Units]], after: Sequence[Sequence[Units]]) -> Iterator[tuple[int, int]]:
    """Yield beginnings and ends of pieces that leave readable letters on both sides."""
    for begin in range(len(before) - 1):
        if before[begin]:
            for end in range(begin + 2, min(len(before), begin + 2 * _LONGEST_SYLLABLE + 1)):
                if after[end]:
                    yield begin, end


def _is_apart(place: int, others: Sequence[int]) -> bool:
    return all(abs(place - other) >= _APART for other in others)


def _is_initial(unit: Unit) -> bool:
    return unit.kind == "beginning" and len(unit.text) == 1


def _forms(text: str) -> set[str]:
    """Return a text, and what is left of it without one of its letters: near texts share one of these."""
    return {text, *(text[:place] + text[place + 1 :] for place in range(len(text)))}
