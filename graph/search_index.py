"""The index of names: one SQLite database a version of the graph, asked in about a millisecond.

The row number of a name is its place in the order of lists: kind of thing, length, preferred names first. The index
keeps its lists in that order, so the first fitting names are read and no others, however many there are.
"""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import cached_property
from hashlib import blake2b
from itertools import combinations, islice, pairwise
from threading import RLock
from typing import Literal, NamedTuple
from weakref import finalize

from graph.closeness import likeness, mistakes, mistakes_within
from graph.current import Changes, Current, unnamed
from graph.engine import Engine
from graph.focus import batches
from graph.names_text import ILLUSTRATIVE, SHORT_BEGINNING, is_han, name_tokens, words
from graph.quads import Term, is_iri, literal_parts, text_of
from graph.search_question import (
    Units,
    Vocabulary,
    all_of,
    any_of,
    characters,
    combined,
    fit,
    initials_of,
    quoted,
    sounds,
)
from ontology.display import display
from ontology.library import query

Way = Literal["exact", "prefix", "words", "pinyin", "initials", "place", "abbreviation", "typo"]
"""How a name fits a question."""

LONGEST = 200
"""Characters of a question that are looked at."""
MOST_WORDS = 8
SUGGESTIONS = 5

_RANK = {
    **dict.fromkeys(("organization", "alliance"), 0),
    **dict.fromkeys(("designation", "programme", "project"), 1),
    "area": 2,
    "term": 4,
    **dict.fromkeys(("source", "claim", "figure", "membership"), 5),
}
_OTHER_RANK = 3
_HASH_BITS = 40
_THINGS = range(_OTHER_RANK << 12 + _HASH_BITS)
"""The row numbers of things that people look for; those of the words of vocabularies, sources and so on follow."""
_REST = range(_THINGS.stop, 1 << 62)
_ALL = range(1 << 62)
_PREFERRED = "http://www.w3.org/2004/02/skos/core#prefLabel"
_AREA = "https://schema.org/AdministrativeArea"
_OWL = "http://www.w3.org/2002/07/owl#"
_MOST_DEPTH, _MOST_LENGTH = 7, 255
_MORE, _MANY, _MOST_NEAR = 50, 150, 120  # names that are read
_SPARE = 4
_BUFFER = 32 << 20  # bytes of lists in memory before they are written
_MOST_BEGUN = 50  # words that begin like one of the question
_LEAST_LIKENESS = 45.0
_LONGEST_TYPO = 24
_MOST_NEAR_CUTS = 6
_SHORTEST_ABBREVIATION, _LONGEST_ABBREVIATION = 3, 8
_SHORTEST_MISHEARD = 3
_MOST_SHORT_FORMS = 3
_STEM = 7  # mistakes are looked for in the first letters of a word; the whole is compared afterwards

_TABLES = """
CREATE TABLE name (
  id INTEGER PRIMARY KEY, thing TEXT, property TEXT, text TEXT, language TEXT, key TEXT, family TEXT,
  places TEXT, illustrative INTEGER
);
CREATE INDEX name_of_thing ON name (thing);
CREATE TABLE word (word TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE near (stem TEXT, word TEXT, PRIMARY KEY (stem, word)) WITHOUT ROWID;
CREATE VIRTUAL TABLE token USING fts5 (
  tokens, content = '', detail = none, columnsize = 0, tokenize = "ascii tokenchars '=^~-!@%'"
);
"""
_COLUMNS = "n.id, n.thing, n.property, n.text, n.language, n.key, n.family, n.illustrative"
_INSERT = "INSERT INTO name VALUES (?,?,?,?,?,?,?,?,?)"
_FIND = (
    f"SELECT {_COLUMNS} FROM token JOIN name AS n ON n.id = token.rowid "  # noqa: S608 - column names only
    "WHERE token MATCH ? AND token.rowid >= ? AND token.rowid < ? ORDER BY token.rowid LIMIT ?"
)


class Name(NamedTuple):
    """One name of a thing, and what is known of the thing."""

    thing: str
    property: str
    text: str
    language: str
    family: str
    places: tuple[str, ...] = ()
    illustrative: bool = False
    depth: int = 0
    """How far behind others of its kind it comes: of areas, the number of those that it lies in."""


class Found(NamedTuple):
    """One thing found: the name that fits best, and how it fits."""

    thing: str
    property: str
    text: str
    language: str
    family: str
    illustrative: bool
    way: Way


@dataclass(frozen=True)
class FoundNames:
    """The things found, best first; how many were seen (``at_least``: there may be more); else what to try."""

    items: tuple[Found, ...]
    seen: int
    at_least: bool
    suggestions: tuple[str, ...] = ()


class Counted(NamedTuple):
    """How many things were found (``at_least``: there may be more)."""

    number: int
    at_least: bool


class _Row(NamedTuple):
    id: int
    thing: str
    property: str
    text: str
    language: str
    key: str
    family: str
    illustrative: int


class SearchIndex:
    """All names of one version of a graph. May be asked from any thread."""

    def __init__(self, names: Iterable[Name] = (), *, version: int = 0, file: str = ":memory:") -> None:
        """Build the index.

        Args:
            names: what it holds.
            version: the version of the graph that the names are from.
            file: where it is kept; a file must not exist yet.
        """
        self.version = version
        self._lock = RLock()
        self._database = sqlite3.connect(file, check_same_thread=False, isolation_level=None)
        finalize(self, self._database.close)  # others may still ask the index of the version before
        self._database.executescript("PRAGMA journal_mode = MEMORY; PRAGMA synchronous = OFF;" + _TABLES)
        self._database.execute("INSERT INTO token (token, rank) VALUES ('hashsize', ?)", (_BUFFER,))
        self._vocabulary = Vocabulary()
        self._known: set[str] = set()
        with self._change():
            # In the order of row numbers the lists of the index are written once, without merging.
            self._add(sorted(names, key=_place))
            # One list a token instead of several: each would have to be looked up in every question.
            self._database.execute("INSERT INTO token (token) VALUES ('optimize')")

    @classmethod
    def of(cls, engine: Engine) -> SearchIndex:
        """Return the index of an engine's names."""
        version = engine.version
        return cls(names_of(engine), version=version)

    def updated(self, engine: Engine, nodes: Collection[Term]) -> None:
        """Read the names of some things again, after a change.

        Args:
            engine: where to read.
            nodes: the IRI terms in a change; a thing is read again with any of its name records.
        """
        version = engine.version
        given = [node for node in nodes if is_iri(node)]
        listed = sorted({*given, *_named_by(engine, given)})
        fresh = [name for batch in batches(listed) for name in names_of(engine, batch)]
        with self._lock, self._change():
            for node in listed:
                self._forget(text_of(node))
            self._add(sorted(fresh, key=_place))
            self.version = version

    def close(self) -> None:
        """Give the database back."""
        with self._lock:
            self._database.close()

    def __len__(self) -> int:
        with self._lock, closing(self._database.execute("SELECT COUNT(*) FROM name")) as rows:
            return int(rows.fetchone()[0])

    def search(
        self,
        text: str,
        language: str = "zh",
        *,
        families: Collection[str] = (),
        real: bool = False,
        limit: int = 20,
        offset: int = 0,
    ) -> FoundNames:
        """Return the things that are called so.

        Args:
            text: a name or part of it, in characters, pinyin, initials, English, or mixed; or an identifier.
            language: of two names of a thing that fit equally, the one in this language is told.
            families: only things of these families.
            real: whether illustrative things are left out.
            limit: how many things to return.
            offset: how many things to leave out.
        """
        listed = _asked_words(text)
        if not listed:
            return FoundNames((), 0, at_least=False)
        with self._lock:
            search = _Search(self, listed, language, families, offset + limit + 1, real=real)
            search.run()
            found = search.found()
            suggestions = () if found else search.suggestions()
        items = tuple(found[offset : offset + limit])
        return FoundNames(
            items,
            min(len(found), offset + limit + 1),
            search.was_cut or len(found) > offset + limit,
            suggestions,
        )

    def counts(
        self, text: str, families: Iterable[str], *, most: int = 100, real: bool = False
    ) -> Mapping[str, Counted]:
        """Return how many things of each family are called so, counted up to ``most``.

        Where anything is called so as written, mistakes and abbreviations are guessed for no family.
        """
        listed = _asked_words(text)
        if not listed:
            return {}
        with self._lock:
            whole = _Search(self, listed, "", (), 1, real=real)
            whole.run()
            counted = {}
            for family in families if whole.found() else ():
                search = _Search(self, listed, "", (family,), most + 1, real=real)
                search.run(guessing=whole.guessed)
                found = len(search.found())
                counted[family] = Counted(min(found, most), search.was_cut or found > most)
        return counted

    def rows(self, expression: str, most: int, among: range = _ALL) -> list[_Row]:
        """Return the first names that have the tokens of an expression."""
        asked = (expression, among.start, among.stop, most)
        return list(map(_Row._make, self._database.execute(_FIND, asked)))

    def words_from(self, beginning: str, most: int) -> list[str]:
        """Return known words that begin so."""
        sql = "SELECT word FROM word WHERE word >= ? AND word < ? ORDER BY length(word), word LIMIT ?"
        after = beginning[:-1] + chr(ord(beginning[-1]) + 1)
        return [row[0] for row in self._database.execute(sql, (beginning, after, most))]

    def words_near(self, word: str, most: int) -> list[str]:
        """Return known words that differ from this one by a mistake, or by two when it is long."""
        stems = sorted(_stems(word))
        sql = f"SELECT DISTINCT word FROM near WHERE stem IN ({','.join('?' * len(stems))})"  # noqa: S608
        allowed = _allowed(word)
        near = ((mistakes(word, row[0], allowed), row[0]) for row in self._database.execute(sql, stems))
        return [other for wrong, other in sorted(near) if wrong <= allowed][:most]

    @property
    def vocabulary(self) -> Vocabulary:
        """The tokens and syllables of all names."""
        return self._vocabulary

    def _change(self) -> _Transaction:
        return _Transaction(self._database)

    def _add(self, names: Iterable[Name]) -> None:
        """Add names that come in the order of their places."""
        taken = -1
        for name in names:
            listed = words(name.text)
            if not listed:
                continue
            taken = self._free(max(_place(name), taken + 1))
            tokens = name_tokens(listed, name.family, name.places, illustrative=name.illustrative)
            row = (taken, *name[:4], "".join(listed), name.family)
            self._database.execute(_INSERT, (*row, "\n".join(name.places), name.illustrative))
            self._database.execute(
                "INSERT INTO token (rowid, tokens) VALUES (?, ?)", (taken, " ".join(tokens))
            )
            self._vocabulary.learn(tokens, rest=taken in _REST)
            self._learn(listed)

    def _free(self, number: int) -> int:
        while (
            self.version and self._database.execute("SELECT 1 FROM name WHERE id = ?", (number,)).fetchone()
        ):
            number += 1
        return number

    def _learn(self, listed: Sequence[str]) -> None:
        """Keep the words of a name."""
        for place, word in enumerate(listed):
            if not is_han(word):
                self._learn_word(word)
                if not place and len(word) > SHORT_BEGINNING:
                    self._learn_beginning("^" + word)

    def _learn_word(self, word: str) -> None:
        if len(word) > SHORT_BEGINNING and word not in self._known:
            self._learn_beginning(word)
            if len(word) <= _LONGEST_TYPO and not word.isdigit():
                pairs = [(stem, word) for stem in _stems(word)]
                self._database.executemany("INSERT OR IGNORE INTO near VALUES (?, ?)", pairs)

    def _learn_beginning(self, word: str) -> None:
        if word not in self._known:
            self._known.add(word)
            self._database.execute("INSERT OR IGNORE INTO word VALUES (?)", (word,))

    def _forget(self, thing: str) -> None:
        sql = "SELECT id, text, family, places, illustrative FROM name WHERE thing = ?"
        for number, text, family, places, invented in self._database.execute(sql, (thing,)).fetchall():
            listed = places.split("\n") if places else ()
            tokens = name_tokens(words(text), family, listed, illustrative=invented == 1)
            removed = "INSERT INTO token (token, rowid, tokens) VALUES ('delete', ?, ?)"
            self._database.execute(removed, (number, " ".join(tokens)))
            self._database.execute("DELETE FROM name WHERE id = ?", (number,))
            self._vocabulary.forget(tokens, rest=number in _REST)


class _Transaction:
    """All of a change, or nothing of it; the index is then of no use and its cache makes a new one."""

    def __init__(self, database: sqlite3.Connection) -> None:
        self._database = database

    def __enter__(self) -> None:
        self._database.execute("BEGIN")

    def __exit__(self, *fault: object) -> None:
        self._database.execute("COMMIT" if fault == (None, None, None) else "ROLLBACK")


class _Search:
    """One question under way: it asks in one way after the other until there are enough things."""

    def __init__(
        self,
        index: SearchIndex,
        listed: list[str],
        language: str,
        families: Collection[str],
        enough: int,
        *,
        real: bool,
    ) -> None:
        self._index, self._words, self._language, self._enough = index, listed, language, enough
        self._families = any_of(["%" + family for family in sorted(families)]) if families else ""
        self._real = real
        self._rest = False
        self.guessed = False
        """Whether only guesses were found: abbreviations and mistakes."""
        self.was_cut = False
        """Whether names were left unread, so that there may be more things than were found."""
        self._key = "".join(listed)
        self._vocabulary = index.vocabulary
        self._found: dict[str, tuple[_Row, Way]] = {}
        self._parts_of: dict[Units, list[Sequence[str]]] = {}
        self._possible: list[tuple[_Row, Way]] = []
        self._read: dict[tuple[str, int, int], list[_Row]] = {}
        self._is_han = any(is_han(word) for word in listed)
        self._is_pure_han = all(is_han(word) for word in listed)

    def found(self) -> list[Found]:
        """Return what was found, the best first."""
        return [
            Found(row.thing, row.property, row.text, row.language, row.family, row.illustrative == 1, way)
            for row, way in self._found.values()
        ]

    def run(self, *, guessing: bool = True) -> None:
        """Ask in all ways, the most certain first, until there is enough; what is not what people look for, last."""
        self._exact()
        steps = (
            self._prefix,
            self._pinyin_start,
            self._phrases,
            self._initials_start,
            self._pinyin_within,
            self._initials_within,
            self._scattered,
        )
        guesses = (
            self._abbreviated,
            self._misspelt,
            self._misheard,
            self._mistyped_pinyin,
            self._miswritten,
        )
        for self._rest in (False, True):
            for step in steps:
                if len(self._found) < self._enough:
                    step()
            self._take_possible()
        for guess in guesses if guessing and not self._found else ():
            for self._rest in (False, True):
                if not self._found:
                    guess()
                    self._take_possible()
                    self.guessed = bool(self._found)

    def suggestions(self) -> tuple[str, ...]:
        """Return names that are closest to the question."""
        pieces = [piece for word in self._words for piece in self._pieces(word)][:12]
        rows = {row.id: row for piece in pieces for row in self._index.rows(piece, 25)}
        told = [row for row in rows.values() if not (self._real and row.illustrative)]
        near = sorted((-likeness(self._key, row.key), row.id) for row in told)
        texts = [rows[number].text for score, number in near if -score >= _LEAST_LIKENESS]
        return tuple(dict.fromkeys(texts))[:SUGGESTIONS]

    def _pieces(self, word: str) -> list[str]:
        if is_han(word):
            return [quoted(one + other) for one, other in pairwise(word)] or [quoted(word)]
        near = self._index.words_near(word, 5) if len(word) > SHORT_BEGINNING else []
        return [quoted(one) for one in near] + [quoted(word[:SHORT_BEGINNING] + "%")]

    @property
    def _shelf(self) -> range:
        return _REST if self._rest else _THINGS

    def _rows(self, expression: str) -> Iterator[_Row]:
        """Yield the names on the shelf that an expression finds, as long as there are not enough things."""
        room, start = self._enough - len(self._found), self._shelf.start
        most = room + _SPARE
        # A thing may have several names, and some names do not fit: a few more than needed are read, then many.
        for _ in range(2 if expression and room > 0 else 0):
            rows = self._first(expression, most, range(start, self._shelf.stop))
            yield from rows
            if len(rows) < most or len(self._found) >= self._enough:
                return
            start, most = rows[-1].id + 1, _MORE if self._found or self._possible else _MANY
        self.was_cut = self.was_cut or bool(expression)

    def _first(self, expression: str, most: int, among: range = _ALL) -> list[_Row]:
        """Return the first names that an expression finds, of the families that are asked for."""
        if self._families:
            expression = f"({expression}) AND {self._families}"
        if self._real:
            expression = f"({expression}) NOT {quoted(ILLUSTRATIVE)}"
        asked = (expression, most, among.start)
        if asked not in self._read:  # ways that differ in what fits may ask for the same names
            self._read[asked] = self._index.rows(expression, most, among)
        return self._read[asked]

    def _ask(self, units: Units, way: Way, *, at_start: bool = False) -> None:
        """Take the names that fit units one after the other."""
        if units not in self._parts_of:
            self._parts_of[units] = list(self._vocabulary.parts(units))
        parts = self._parts_of[units]
        start = [self._vocabulary.start(units[0])] if at_start and units else []
        for row in self._rows(self._vocabulary.rarest([*parts, *start], rest=self._rest)):
            fitting = fit(units, row.key, at_start=at_start)
            if fitting == "likely":
                self._take(row, way)
            elif fitting:
                self._possible.append((row, way))

    def _take_possible(self) -> None:
        """Take what fits by readings that its characters may have, but hardly have here."""
        for row, way in self._possible:
            self._take(row, way)
        self._possible.clear()

    def _take_all(self, rows: Iterable[_Row], way: Way) -> None:
        for row in rows:
            self._take(row, way)

    def _take(self, row: _Row, way: Way) -> None:
        known = self._found.get(row.thing)
        if known is None or (known[1] == way and row.language == self._language != known[0].language):
            self._found[row.thing] = (row, way)

    # --- The ways ---------------------------------------------------------------------------------------

    def _exact(self) -> None:
        """Names that are the question: as written, then as read, then those of areas without 市 or 县."""
        most = self._enough + _SPARE
        rows = self._first(quoted("=" + self._key), most)
        self._take_all((row for row in rows if row.key == self._key), "exact")
        self._take_all(rows, "exact")
        is_read = self._key.isascii() and len(self._found) < self._enough
        read = self._first(quoted("=~" + self._key), most) if is_read else []
        self._take_read(read)
        self.was_cut = most in (len(rows), len(read))

    def _take_read(self, rows: Sequence[_Row]) -> None:
        """Take names that are read as the question, likely readings first; then those of which it is the initials."""
        letters = initials_of(self._key)
        spoken = [row for row in rows if not letters or not fit(letters, row.key, at_start=True)]
        likely = [
            row for row in spoken if any(fit(u, row.key, at_start=True) == "likely" for u in self._cuts)
        ]
        self._take_all([*likely, *spoken], "pinyin")
        for row in rows:
            fitting = fit(letters, row.key, at_start=True)
            if fitting == "likely":
                self._take(row, "initials")
            elif fitting:
                self._possible.append((row, "initials"))

    def _prefix(self) -> None:
        parts = [part for word in self._parts for part in word]
        first = self._words[0]
        begun = ["^" + first[0]] if is_han(first) else self._beginning("^", first)
        rows = self._rows(self._vocabulary.rarest([begun, *parts], rest=self._rest))
        self._take_all((row for row in rows if row.key.startswith(self._key)), "prefix")

    def _phrases(self) -> None:
        """Names that hold all words: as they stand in the question first, then in any order."""
        written = self._written
        if not written:
            return
        if len(self._words) > 1:
            first = islice(self._rows(written), self._enough)
            self._take_all([row for row in first if self._key in row.key], "words")
        self._take_all((row for row in self._rows(written) if self._has_han_words(row)), "words")

    def _has_han_words(self, row: _Row) -> bool:
        return all(word in row.key for word in self._words if is_han(word))

    def _scattered(self) -> None:
        """Names that hold some words, also in pinyin, and whose place is called the others."""
        if len(self._words) < 2:
            return
        parts = [
            list(filter(None, (part, self._spoken(word), self._place_called(word))))
            for word, part in zip(self._words, self._expressions(most=1), strict=True)
        ]
        if all(parts):
            self._take_all(self._rows(all_of(f"({' OR '.join(part)})" for part in parts)), "place")

    def _spoken(self, word: str) -> str:
        cuts = [] if is_han(word) or self._found else self._vocabulary.cuts(word)[:1]
        written = (
            self._vocabulary.rarest(list(self._vocabulary.parts(cuts[0])), rest=self._rest) if cuts else ""
        )
        return f"({written})" if written else ""

    def _place_called(self, word: str) -> str:
        return self._vocabulary.rarest([["@" + word]], rest=self._rest)

    def _pinyin_start(self) -> None:
        for units in self._cuts:
            self._ask(units, "pinyin", at_start=True)

    def _pinyin_within(self) -> None:
        for units in self._cuts:
            self._ask(units, "pinyin")

    def _initials_start(self) -> None:
        for units in self._short_forms:
            self._ask(units, "initials", at_start=True)

    def _initials_within(self) -> None:
        for units in self._short_forms:
            if len(units) > 1:
                self._ask(units, "initials")

    def _abbreviated(self) -> None:
        """Chinese names of which the question has some characters in their order, as 吉大一院 has."""
        if self._is_pure_han and _SHORTEST_ABBREVIATION <= len(self._key) <= _LONGEST_ABBREVIATION:
            parts = [["^" + self._key[0]], *([character] for character in self._key[1:])]
            rows = self._rows(self._vocabulary.rarest(parts, rest=self._rest))
            self._take_all((row for row in rows if _is_in_order(self._key, row.key)), "abbreviation")

    def _misspelt(self) -> None:
        """Latin words with a mistake."""
        parts = [
            part if is_han(word) or len(word) <= SHORT_BEGINNING else self._near_words(word, part)
            for word, part in zip(self._words, self._expressions(), strict=True)
        ]
        if all(parts):
            self._take_all(self._rows(all_of(parts)), "typo")

    def _near_words(self, word: str, part: str) -> str:
        near = [] if part else self._index.words_near(word, 20)
        return part or (any_of(near) if near else "")

    def _misheard(self) -> None:
        """Chinese words of the same sound."""
        if self._is_pure_han and len(self._key) >= _SHORTEST_MISHEARD:
            self._ask(sounds(self._key), "typo")

    def _mistyped_pinyin(self) -> None:
        if not self._is_han:
            for units in self._vocabulary.near_cuts(self._key)[:_MOST_NEAR_CUTS]:
                self._ask(units, "typo")

    def _miswritten(self) -> None:
        """Chinese names with a wrong, missing or extra character: what is left of the pairs must be there."""
        if not self._is_pure_han or not 4 <= len(self._key) <= _LONGEST_TYPO:
            return
        pairs = [one + other for one, other in pairwise(self._key)]
        left = [
            self._vocabulary.rarest(
                [[pair] for place, pair in enumerate(pairs) if place not in {wrong - 1, wrong}],
                rest=self._rest,
                most=2,
            )
            for wrong in range(len(self._key))
        ]
        expression = " OR ".join(f"({one})" for one in dict.fromkeys(left) if one)
        rows = self._first(expression, _MOST_NEAR, self._shelf) if expression else []
        self._take_all((row for row in rows if self._is_near(row.key)), "typo")

    def _is_near(self, name: str) -> bool:
        held = sum(character in name for character in self._key)
        return held >= len(self._key) - 1 and mistakes_within(self._key, name, 1) <= 1

    # --- Parts ------------------------------------------------------------------------------------------

    @cached_property
    def _cuts(self) -> list[Units]:
        """The question as syllables."""
        if self._is_pure_han:
            return []
        last = self._words[-1]
        vocabulary = self._vocabulary

        def cuts(word: str) -> list[Units]:
            found = vocabulary.cuts(word)
            return found if word is last else [vocabulary.finished(units) for units in found]

        return [units for units in combined(self._words, cuts) if units]

    @cached_property
    def _short_forms(self) -> list[Units]:
        """The question as initials, or as syllables and initials together where it has too many letters."""
        is_found = self._found or self._possible
        if self._is_pure_han or (is_found and (self._cuts or len(self._words) > 1)):
            return []
        short = combined(self._words, lambda word: [initials_of(word)] if initials_of(word) else [])
        mixed = combined(self._words, self._vocabulary.mixed_cuts) if not self._cuts else []
        return list(dict.fromkeys([*short, *mixed]))[:_MOST_SHORT_FORMS]

    @cached_property
    def _parts(self) -> list[list[Sequence[str]]]:
        """For each word the parts of a name that holds it."""
        return [
            list(self._vocabulary.parts(characters(word))) if is_han(word) else [self._beginning("", word)]
            for word in self._words
        ]

    @property
    def _written(self) -> str:
        """The expression of names that hold all words, of which Chinese ones are still to be looked for; or empty."""
        split: dict[bool, list[Sequence[str]]] = {True: [], False: []}
        for word, parts in zip(self._words, self._parts, strict=True):
            split[is_han(word)] += parts
        han, latin = split[True], split[False]
        asked = [self._vocabulary.rarest(han, rest=self._rest)] if han else []
        asked += [self._vocabulary.rarest([part], rest=self._rest) for part in latin]
        return all_of(asked) if all(asked) else ""

    def _expressions(self, most: int = 3) -> list[str]:
        """For each word the expression of names that hold it, empty when none does."""
        return [self._vocabulary.rarest(parts, rest=self._rest, most=most) for parts in self._parts]

    def _beginning(self, mark: str, word: str) -> list[str]:
        if len(word) <= SHORT_BEGINNING:
            return [mark + word + "%"]
        return self._index.words_from(mark + word, _MOST_BEGUN)


class SearchCache(Current[SearchIndex]):
    """The index of an engine's current version, kept in step with changes."""

    def __init__(self, engine: Engine, changes: Changes = unnamed) -> None:
        """Remember where names come from.

        Args:
            engine: the graph.
            changes: tells what changed between two versions.
        """
        super().__init__(engine, lambda held: _next_index(engine, held, changes))


def _next_index(engine: Engine, held: SearchIndex | None, changes: Changes) -> SearchIndex:
    """Return the index of the engine's version: the one held, brought up to it, unless too much changed."""
    nodes = changes(held.version, engine.version) if held is not None else None
    if held is None or nodes is None or len(nodes) > len(held):
        return SearchIndex.of(engine)
    held.updated(engine, nodes)
    return held


def _asked_words(text: str) -> list[str]:
    """Return the words of a question, as many as are looked at."""
    return [word[:LONGEST] for word in words(text[:LONGEST])[:MOST_WORDS]]


def _is_in_order(part: str, whole: str) -> bool:
    """Return whether a text has these characters, in this order."""
    left = iter(whole)
    return all(character in left for character in part)


def _stems(word: str) -> set[str]:
    """Return the first letters of a word without one of them, without two when the word is long."""
    stem = word[:_STEM]
    return {
        "".join(kept)
        for gone in range(_allowed(word) + 1)
        for kept in combinations(stem, max(1, len(stem) - gone))
    }


def _allowed(word: str) -> int:
    return 2 if len(word) > _STEM else 1


def _place(name: Name) -> int:
    """Return the place of a name in the order of lists, with room for others beside it."""
    length = min(len(name.text), _MOST_LENGTH)
    said = "\0".join((name.thing, name.property, name.text, name.language)).encode()
    number = _RANK.get(name.family, _OTHER_RANK)
    for bits, part in ((3, name.depth), (8, length), (1, int(name.property != _PREFERRED))):
        number = number << bits | part
    return number << _HASH_BITS | int.from_bytes(blake2b(said, digest_size=_HASH_BITS // 8).digest(), "big")


def names_of(engine: Engine, things: Sequence[Term] = ("UNDEF",)) -> list[Name]:
    """Return the names of things; of all when none are named."""
    rows = engine.select(query("search-names").bound({"thing": list(things)}))
    about = engine.select(query("search-things").bound({"thing": list(things)}))
    types, places = _grouped(about, "type"), _grouped(about, "place")
    invented = {row["thing"] for row in about if text_of(row.get("illustrative", "")) == "true"}
    labels = _place_names(engine, {place for held in places.values() for place in held}, rows, things)
    return [
        _name(
            row, types.get(row["thing"], set()), _labelled(places.get(row["thing"], set()), labels), invented
        )
        for row in rows
    ]


def _name(
    row: Mapping[str, Term], types: Collection[Term], places: Sequence[str], invented: set[Term]
) -> Name:
    parts = literal_parts(row["label"])
    kind = display().main_kind(map(text_of, types))
    family = display().family(kind)
    return Name(
        thing=text_of(row["thing"]),
        property=text_of(row["property"]),
        text=parts.lexical,
        language=parts.language.partition("-")[0],
        family=family,
        places=tuple(places),
        illustrative=row["thing"] in invented,
        depth=_depth(kind, family, places),
    )


def _depth(kind: str, family: str, places: Sequence[str]) -> int:
    if family != "area":
        return int(kind.startswith(_OWL))  # concepts before classes and properties of the same name
    return min(len(places), _MOST_DEPTH - 1) if kind == _AREA else _MOST_DEPTH


def _labelled(places: Iterable[Term], labels: Mapping[Term, set[str]]) -> list[str]:
    return sorted({label for place in places for label in labels.get(place, ())})


def _named_by(engine: Engine, variants: Iterable[Term]) -> Iterator[Term]:
    for batch in batches(variants):
        for row in engine.select(query("search-variants").bound({"variant": batch})):
            yield row["thing"]


def _grouped(rows: Iterable[Mapping[str, Term]], column: str) -> Mapping[Term, set[Term]]:
    grouped: dict[Term, set[Term]] = defaultdict(set)
    for row in rows:
        if column in row:
            grouped[row["thing"]].add(row[column])
    return grouped


def _place_names(
    engine: Engine, places: Collection[Term], rows: Sequence[Mapping[str, Term]], things: Sequence[Term]
) -> Mapping[Term, set[str]]:
    """Return what places are called, from the names at hand when they are all names."""
    if not places:
        return {}
    if list(things) != ["UNDEF"]:
        bound = (query("search-names").bound({"thing": batch}) for batch in batches(places))
        rows = [row for text in bound for row in engine.select(text)]
    labels: dict[Term, set[str]] = defaultdict(set)
    for row in rows:
        parts = literal_parts(row["label"])
        if row["thing"] in places and parts.language:
            labels[row["thing"]].add(parts.lexical)
    return labels
