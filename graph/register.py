"""The register of the things that stand in lists: their numbers, what they are called, and their order by name."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt

from graph.bulk import solutions, term_of
from graph.engine import Engine
from graph.names_text import folded
from graph.nodes import in_language, local_name
from graph.pinyin import sort_key, syllables
from graph.quads import Term, iri, is_iri, literal_parts, text_of
from ontology.display import Labels, display
from ontology.library import query
from ontology.terms import MA

Ints = npt.NDArray[np.int32]
Flags = npt.NDArray[np.bool_]

LANGUAGES = ("zh", "en")
"""The languages that lists can be sorted in."""

BATCH = 1000
"""How many things one query names."""

_JOIN = "\n"  # of the texts that say the same in several languages; no term holds a line end
_MANY = 500  # names that change at once; from there on everything is sorted anew


class Terms:
    """Numbers for terms: a term gets one when it is first met, and keeps it. Nothing is ever taken out."""

    def __init__(self) -> None:
        self.listed: list[Term] = []
        self._numbers: dict[str, int] = {}

    def __len__(self) -> int:
        return len(self.listed)

    def known(self, term: Term) -> int:
        """Return the number of a term, -1 when it has none."""
        return self._numbers.get(term, -1)

    def number(self, cell: str) -> int:
        """Return the number of a term, or of a cell of tab-separated values."""
        found = self._numbers.get(cell)
        if found is None:
            term = cell if _JOIN in cell else term_of(cell)
            found = self._numbers.setdefault(term, len(self.listed))
            if found == len(self.listed):
                self.listed.append(term)
            self._numbers[cell] = found
        return found

    def joined(self, numbers: Iterable[int]) -> int:
        """Return the number of one text that is told in several languages."""
        return self.number(_JOIN.join(sorted(self.listed[number] for number in numbers)))


@dataclass(frozen=True, slots=True)
class Called:
    """What something is called: by language, as text to search in, and as keys to sort by in each language."""

    labels: Labels
    text: str
    keys: tuple[str, ...]

    @classmethod
    def of(cls, labels: Labels) -> Called:
        """Return a thing that is called so."""
        plain = {language: folded_text(text) for language, text in labels.items()}
        chinese = in_language(plain, "zh")
        read = syllables(chinese)
        initials = "".join(syllable[:1] for syllable in read)
        searched = dict.fromkeys((*plain.values(), "".join(read), initials))
        keys = sort_key(chinese), sort_key(in_language(plain, "en"))
        return cls(labels, "\n".join(searched), keys)


@dataclass(frozen=True)
class _Order:
    """Things sorted by a key; the two lists go together."""

    keys: list[tuple[str, Term]]
    numbers: list[int]

    @classmethod
    def of(cls, keyed: Iterable[tuple[str, Term, int]]) -> _Order:
        """Return things (key, term, number) in their order."""
        listed = sorted(keyed)
        return cls([(key, term) for key, term, _ in listed], [number for *_, number in listed])

    def changed(self, gone: Iterable[tuple[str, Term]], come: Iterable[tuple[str, Term, int]]) -> _Order:
        """Return the order without some things and with others."""
        keys, numbers = list(self.keys), list(self.numbers)
        for old in gone:
            place = bisect_left(keys, old)
            del keys[place], numbers[place]
        for key, term, number in come:
            place = bisect_left(keys, (key, term))
            keys.insert(place, (key, term))
            numbers.insert(place, number)
        return _Order(keys, numbers)

    def ranks(self, size: int) -> Ints:
        """Return the place of each of so many numbers, -1 where it has none."""
        ranks = np.full(size, -1, np.int32)
        ranks[np.array(self.numbers, np.int64)] = np.arange(len(self.numbers))
        return ranks


class Register:
    """What things are called in one version of the graph; never changes.

    Arrays have one entry for each number that was given when the register was made.

    Attributes:
        terms: the numbers; shared between versions.
        illustrative: which things are invented.
        ranks: the place of each named thing in the order of names, by language; -1 for others.
    """

    def __init__(
        self,
        terms: Terms,
        called: Mapping[int, Called],
        illustrative: Flags,
        orders: Sequence[_Order] = (),
    ) -> None:
        self.terms, self.illustrative, self._called = terms, illustrative, called
        self._orders = orders or [
            _Order.of((one.keys[place], terms.listed[number], number) for number, one in called.items())
            for place in range(len(LANGUAGES))
        ]
        self.ranks: Mapping[str, Ints] = {
            language: order.ranks(len(terms)) for language, order in zip(LANGUAGES, self._orders, strict=True)
        }

    @classmethod
    def of(cls, engine: Engine, terms: Terms, wanted: Iterable[int]) -> tuple[Register, int]:
        """Return the register of things (their numbers) with the version that was read."""
        found = solutions(engine, _names_query(["UNDEF"]))
        said, invented = _said(terms, found)
        return cls(terms, _called(terms, said, wanted), _marked(len(terms), invented)), found.version

    def updated(
        self, engine: Engine, wanted: Iterable[int], changed: Iterable[Term]
    ) -> tuple[Register, int | None]:
        """Return the register after a change, with the version that was read (``None``: nothing had to be).

        Args:
            engine: the graph.
            wanted: numbers of things that have no name yet and need one.
            changed: terms of which the graph may say something else than before.
        """
        due = set(wanted)
        asked = due | {number for term in changed if (number := self.terms.known(term)) >= 0}
        named = due | (asked & self._called.keys())
        things = sorted(term for number in asked if is_iri(term := self.terms.listed[number]))
        parts = [
            solutions(engine, _names_query(things[start : start + BATCH]))
            for start in range(0, len(things), BATCH)
        ]
        said, invented = _said(self.terms, (row for part in parts for row in part))
        register = self._with(_called(self.terms, said, named), asked, invented)
        return register, min((part.version for part in parts), default=None)

    def called(self, number: int) -> Called:
        """Return what a thing is called."""
        return self._called.get(number) or _unnamed(self.terms.listed[number])

    def labels(self, number: int) -> Labels:
        """Return the names of a thing by language."""
        known = self._called.get(number)
        return known.labels if known else _labels_of_term(self.terms.listed[number])

    def number(self, number: int) -> float:
        """Return the value of a number; what is none counts as endless."""
        try:
            return float(text_of(self.terms.listed[number]))
        except ValueError:
            return float("inf")

    def is_illustrative(self, number: int) -> bool:
        """Tell whether a thing is invented."""
        return bool(self.illustrative[number])

    def _with(
        self, called: Mapping[int, Called], read: Collection[int], invented: Collection[int]
    ) -> Register:
        illustrative = np.zeros(len(self.terms), np.bool_)
        illustrative[: len(self.illustrative)] = self.illustrative
        illustrative[list(read)] = False
        illustrative[list(invented)] = True
        orders = self._put(called) if len(called) < _MANY else ()
        return Register(self.terms, {**self._called, **called}, illustrative, orders)

    def _put(self, called: Mapping[int, Called]) -> list[_Order]:
        """Return the orders with things in their new places."""
        listed = self.terms.listed
        held = {number: self._called[number] for number in called if number in self._called}
        return [
            order.changed(
                ((old.keys[place], listed[number]) for number, old in held.items()),
                ((new.keys[place], listed[number], number) for number, new in called.items()),
            )
            for place, order in enumerate(self._orders)
        ]


def text_key(term: Term) -> str:
    """Return how a term is written in an address: an IRI as it is, a text by its first words."""
    return text_of(term.split(_JOIN)[-1])


def parts_of(term: Term) -> tuple[Term, ...]:
    """Return the terms that a text in several languages consists of; any other term by itself."""
    return tuple(term.split(_JOIN))


def _names_query(things: Sequence[Term]) -> str:
    return query("list-names").bound({"thing": list(things)})


def _said(terms: Terms, found: Iterable[list[str]]) -> tuple[Mapping[int, list[tuple[str, str]]], set[int]]:
    """Return the names (property and text) of each thing that has a number, and which of them are invented."""
    flag = iri(MA.illustrative)
    said: dict[int, list[tuple[str, str]]] = {}
    invented: set[int] = set()
    for thing, property_, value in found:
        number = terms.known(thing)
        if number < 0:
            continue
        if property_ != flag:
            said.setdefault(number, []).append((property_, value))
        elif value == "true":
            invented.add(number)
    return said, invented


def _called(
    terms: Terms, said: Mapping[int, list[tuple[str, str]]], wanted: Iterable[int]
) -> dict[int, Called]:
    """Return what the wanted things are called."""
    order = {iri(name): place for place, name in enumerate(display().properties["label"])}
    return {
        number: _named(
            terms.listed[number], sorted((order[name], text) for name, text in said.get(number, ()))
        )
        for number in wanted
    }


def _named(term: Term, names: list[tuple[int, str]]) -> Called:
    labels: dict[str, str] = {}
    for _, value in names:
        if value.startswith('"'):
            labels.setdefault(*_spoken(value))
    return Called.of(labels) if labels else _unnamed(term)


def _unnamed(term: Term) -> Called:
    return Called.of(_labels_of_term(term))


def _labels_of_term(term: Term) -> Labels:
    if is_iri(term):
        return {"": local_name(term[1:-1])}
    if term.startswith('"'):
        return dict(_spoken(part) for part in reversed(term.split(_JOIN)))
    return {"": term}


def _spoken(literal: Term) -> tuple[str, str]:
    """Return the language and the text of a literal."""
    cut = literal.rfind('"')
    if "\\" not in literal and literal[cut + 1 : cut + 2] == "@":
        return literal[cut + 2 :].lower().partition("-")[0], literal[1:cut]
    parts = literal_parts(literal)
    return parts.language.lower().partition("-")[0], parts.lexical


def _marked(size: int, numbers: Collection[int]) -> Flags:
    marked = np.zeros(size, np.bool_)
    marked[list(numbers)] = True
    return marked


@cache
def _folded_character(character: str) -> str:
    return folded(character)


def folded_text(text: str) -> str:
    """Return a text in one form to compare, character by character: far quicker than as a whole, and as good."""
    return text.lower() if text.isascii() else "".join(map(_folded_character, text))
