"""A question to the index of names: which tokens a fitting name has, and whether a name really fits.

A question is cut into units, one for each Chinese character that it stands for: the character itself, a syllable of
pinyin, or the beginning of one (an initial). Letters may be cut in several ways, so there are several readings of one
question. Tokens find candidates; ``fits`` looks at the characters of a candidate.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import pairwise, product
from typing import Literal, NamedTuple

from graph.closeness import mistakes
from graph.names_text import GRAMS, initials, is_han
from graph.pinyin import readings

LONGEST_LETTERS = 40
_LONGEST_SYLLABLE = 6
_MOST_CUTS = 4
_MOST_INITIALS = 12
_FEW = 30
"""Names that are looked at faster than a further token would tell them apart."""
_MOST_TOKENS = 3
_COUNTED_NOT = "=%"


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


Units = tuple[Unit, ...]


def characters(word: str) -> Units:
    """Return the units of a Chinese word."""
    return tuple(Unit("character", character) for character in word)


def sounds(word: str) -> Units:
    """Return the units of a Chinese word of which only the sound is right."""
    return tuple(Unit("sound", character) for character in word)


def fits(units: Units, name: str, *, at_start: bool = False) -> bool:
    """Tell whether a name has these units one after the other."""
    last = len(name) - len(units)
    for start in range(1 if at_start and last >= 0 else last + 1):
        for place, unit in enumerate(units):  # a plain loop: this runs for every candidate
            if not unit.fits(name[start + place]):
                break
        else:
            return True
    return False


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
        if second:
            self.neighbours[first].add(second)

    def starting(self, beginning: str) -> list[str]:
        """Return the syllables that start so."""
        return [syllable for syllable in self.neighbours if syllable.startswith(beginning)]

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

    def near_cuts(self, letters: str) -> list[Units]:
        """Return ways to read letters as syllables when one of them is mistyped."""
        if not letters.isascii() or not letters.isalpha() or not 4 <= len(letters) <= LONGEST_LETTERS:
            return []
        ways: list[list[tuple[int, tuple[str, ...]]]] = [[(0, ())]]
        near: dict[str, list[tuple[int, str]]] = {}
        for end in range(1, len(letters) + 1):
            found: dict[tuple[str, ...], int] = {}
            for begin in range(max(0, end - _LONGEST_SYLLABLE - 1), end):
                if not ways[begin]:
                    continue
                piece = letters[begin:end]
                if piece not in near:
                    near[piece] = self._like(piece)
                for wrong, way in ways[begin]:
                    for more, syllable in near[piece]:
                        if wrong + more <= 1 and self._is_neighbour(way, syllable):
                            found[(*way, syllable)] = min(wrong + more, found.get((*way, syllable), 9))
            listed = sorted((wrong, way) for way, wrong in found.items())
            ways.append([*[w for w in listed if not w[0]][:2], *[w for w in listed if w[0]][:6]])
        return [tuple(Unit("syllable", one) for one in way) for wrong, way in ways[-1] if wrong]

    def _like(self, piece: str) -> list[tuple[int, str]]:
        """Return the syllables that a piece may be meant to be, with the number of mistakes."""
        exact = [(0, piece)] if piece in self.neighbours else []
        if len(piece) < 2:
            return exact
        near = {syllable for form in _forms(piece) for syllable in self._near.get(form, ())} - {piece}
        return exact + [(1, one) for one in sorted(near) if mistakes(one, piece, 1) == 1]

    def _is_neighbour(self, way: tuple[str, ...], syllable: str) -> bool:
        return not way or syllable in self.neighbours.get(way[-1], ())

    def _may_follow(self, way: tuple[str, ...], piece: str, *, is_last: bool) -> bool:
        if piece in self.neighbours and self._is_neighbour(way, piece):
            return True
        if not is_last:
            return False
        after = self.neighbours.get(way[-1], set()) if way else self.neighbours.keys()
        return any(syllable.startswith(piece) for syllable in after)

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

    def expression(self, units: Units, *, at_start: bool = False, rest: bool = False) -> str:
        """Return the expression for names that may fit the units; empty when none can.

        Only the rarest tokens are asked for: whether a name fits is seen by looking at it.
        """
        parts = list(self.parts(units))
        if at_start and units:
            parts.append(self._start(units[0]))
        return self.rarest(parts, rest=rest)

    def rarest(self, parts: Sequence[Sequence[str]], *, rest: bool = False, most: int = _MOST_TOKENS) -> str:
        """Return the expression for names that have one token of each part, as far as it tells names apart."""
        counts = self.rest if rest else self.things
        counted = sorted(
            (sum(counts.get(token, 0) for token in part), place) for place, part in enumerate(parts)
        )
        if not counted or not counted[0][0]:
            return ""
        kept: list[list[str]] = []
        for count, place in counted:
            kept.append([token for token in parts[place] if counts.get(token)])
            if count <= _FEW or len(kept) == most:
                break
        return all_of(map(any_of, kept))

    def parts(self, units: Units) -> Iterator[Sequence[str]]:
        """Yield for each neighbouring pair, initials, and lone units the tokens of which a name has one."""
        yield from self._initials(units)
        for one, next_ in pairwise(units):
            if pair := self._pair(one, next_):
                yield pair
        for place, unit in enumerate(units):
            if not _is_paired(units, place):
                yield self._single(unit)

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
            return [f"~{one.text}-{other}" for other in after if other.startswith(next_.text)] or ["~"]
        return []

    def _initials(self, units: Units) -> Iterator[Sequence[str]]:
        """Yield the tokens of runs of single letters."""
        run = ""
        for unit in (*units, Unit("character", "")):
            if unit.kind == "beginning" and len(unit.text) == 1:
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

    def _start(self, unit: Unit) -> Sequence[str]:
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


def _is_paired(units: Units, place: int) -> bool:
    """Tell whether a unit stands in the token of a pair already."""
    unit = units[place]
    near = [units[other] for other in (place - 1, place + 1) if 0 <= other < len(units)]
    if unit.kind == "beginning":
        single = len(unit.text) == 1 and any(o.kind == "beginning" and len(o.text) == 1 for o in near)
        return single or (place > 0 and units[place - 1].kind == "syllable")
    if unit.kind == "syllable":
        after = units[place + 1].kind if place + 1 < len(units) else ""
        before = units[place - 1].kind if place else ""
        return after in {"syllable", "beginning"} or before == "syllable"
    return any(other.kind == unit.kind for other in near)


def _forms(text: str) -> set[str]:
    """Return a text, and what is left of it without one of its letters: near texts share one of these."""
    return {text, *(text[:place] + text[place + 1 :] for place in range(len(text)))}
