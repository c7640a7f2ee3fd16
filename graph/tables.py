"""Lists of things as tables: rows in the order of names, cells as numbers, so that facets cost next to nothing.

A table is what a query of ``ontology/queries/list-NAME.rq`` says, cut into columns (``ontology/lists.toml``). All
tables of one version of the graph are made together and never change; after a change they are made again, only the
rows that it concerns being read (see ``TableCache``).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, TypeVar

import numpy as np

from graph.bulk import solutions
from graph.columns import Column, looked_up
from graph.current import Changes, Current, unnamed
from graph.engine import Engine
from graph.kept import Kept
from graph.quads import Term, is_iri
from graph.register import BATCH, Flags, Ints, Register, Terms
from ontology.lists import ListDefinition, lists

T = TypeVar("T")

_ATTEMPTS = 3
_MANY_ROWS = 3000
"""Rows of one table to read again; from there on it is quicker to make everything anew."""

_FEW_ROWS = 240
"""Up to so many rows are read in the portions that the list prefers."""

_KEPT = 150
"""Things worked out of a table that are kept with it."""

DEPENDS = "depends"
"""The column that names the things whose change makes a row be read again."""


@dataclass(frozen=True)
class Table:
    """One list of things in one version of the graph.

    Attributes:
        version: the version of the graph.
        definition: what the list is.
        register: what the numbers stand for.
        rows: the number of each row's thing.
        columns: the columns that are read or looked up, hidden ones included.
    """

    version: int
    definition: ListDefinition
    register: Register
    rows: Ints
    columns: Mapping[str, Column]
    _memory: Kept[Any] = field(default_factory=lambda: Kept(_KEPT), compare=False, repr=False)

    def __len__(self) -> int:
        return len(self.rows)

    def kept(self, key: Hashable, make: Callable[[], T]) -> T:
        """Return what was made under a key before, or make it; what was not asked for longest is forgotten."""
        found: T = self._memory.kept(key, make)
        return found

    @cached_property
    def illustrative(self) -> Flags:
        """Which rows are invented."""
        found: Flags = self.register.illustrative[self.rows]
        return found

    def name(self, row: int) -> Term:
        """Return the thing that a row is about."""
        return self.register.terms.listed[int(self.rows[row])]

    def row_of(self, term: Term) -> int:
        """Return the row of a thing, -1 when it has none."""
        found = np.flatnonzero(self.rows == self.register.terms.known(term))
        return int(found[0]) if len(found) else -1

    def terms(self, row: int, column: str) -> tuple[Term, ...]:
        """Return the values of a cell, in the order of names where they have one."""
        listed = self.register.terms.listed
        return tuple(listed[number] for number in self.numbers(row, column))

    def numbers(self, row: int, column: str, language: str = "zh") -> list[int]:
        """Return the numbers of a cell's values, in the order of their names."""
        found = self.columns[column].of_row(row)
        ranks = self.register.ranks[language]
        return sorted(found, key=lambda number: int(ranks[number])) if len(found) > 1 else found


@dataclass(frozen=True)
class _Cells:
    """What was read of one list: the things that are rows, and its columns for these rows in that order."""

    rows: Ints
    columns: Mapping[str, Column]

    @classmethod
    def read(
        cls, engine: Engine, terms: Terms, one: ListDefinition, things: Sequence[Term]
    ) -> tuple[_Cells, int]:
        """Return the cells of some things (``UNDEF``: of all), with the version that was read."""
        found = solutions(engine, one.query.bound({"row": list(things)}))
        pairs = _pairs(terms, one, found)
        rows = np.unique(pairs[one.rows][0])
        row_of = np.full(len(terms), -1, np.int32)
        row_of[rows] = np.arange(len(rows))
        columns = {}
        for name, (things_, numbers) in pairs.items():
            at = row_of[things_]
            columns[name] = Column.of(at[at >= 0], numbers[at >= 0], len(rows))
        columns |= {c.name: _itself(rows) for c in one.columns.values() if c.type == "self"}
        return cls(rows, {name: _merged(terms, columns[name]) for name in columns}), found.version

    def without(self, gone: Flags) -> _Cells:
        """Return the cells without some rows."""
        columns = {name: column.only(~gone) for name, column in self.columns.items()}
        return _Cells(self.rows[~gone], columns)

    def with_rows(self, others: Sequence[_Cells]) -> _Cells:
        """Return the cells followed by others."""
        parts = (self, *others)
        columns = {name: Column.joined([part.columns[name] for part in parts]) for name in self.columns}
        return _Cells(np.concatenate([part.rows for part in parts]), columns)

    def concerned(self, numbers: Flags) -> Flags:
        """Return the rows that are one of these things, or depend on one."""
        found: Flags = numbers[self.rows]
        if DEPENDS in self.columns:
            depends = self.columns[DEPENDS]
            found = found.copy()
            found[depends.rows[numbers[depends.numbers]]] = True
        return found


class Tables(Mapping[str, Table]):
    """All lists of one version of the graph, by name."""

    def __init__(self, version: int, register: Register, cells: Mapping[str, _Cells]) -> None:
        self.version, self.register, self._cells = version, register, cells
        self._tables: dict[str, Table] = {}
        for name, one in lists().items():
            columns = self._columns(one, cells[name])
            self._tables[name] = Table(version, one, register, cells[name].rows, columns)

    def __getitem__(self, name: str) -> Table:
        return self._tables[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._tables)

    def __len__(self) -> int:
        return len(self._tables)

    @classmethod
    def of(cls, engine: Engine) -> Tables:
        """Return the lists of an engine's graph as it is now."""
        terms = Terms()

        def read() -> tuple[Tables, set[int]]:
            cells, versions = {}, set()
            for name, one in lists().items():
                cells[name], version = _Cells.read(engine, terms, one, ["UNDEF"])
                versions.add(version)
            register, version = Register.of(engine, terms, np.flatnonzero(_named(len(terms), cells)).tolist())
            versions.add(version)
            # What was read later is read again by the next update.
            return cls(min(versions), register, cells), versions

        return _consistent(read)

    def updated(self, engine: Engine, changed: Collection[Term], version: int) -> Tables | None:
        """Return the lists after a change of some nodes that led to a version; ``None`` when too much changed."""
        terms = self.register.terms
        if len(changed) > _MANY_ROWS:
            return None
        cells: dict[str, _Cells] = {}
        for name in self._cells:
            if (found := self._reread(engine, name, changed)) is None:
                return None
            cells[name] = found
        wanted = _unnamed(_named(len(terms), cells), self.register)
        register, _ = self.register.updated(engine, wanted, changed)
        return Tables(version, register, cells)

    def _reread(self, engine: Engine, name: str, changed: Collection[Term]) -> _Cells | None:
        """Return the cells of a list after a change; ``None`` when it concerns too many rows."""
        one, cells, terms = lists()[name], self._cells[name], self.register.terms
        gone = cells.concerned(_flags(terms, changed))
        held = {terms.listed[number] for number in cells.rows[gone].tolist()}
        if len(held) > _MANY_ROWS:
            return None
        now = sorted(held - set(changed) | _rows_among(engine, one, changed))
        together = one.together if len(now) <= _FEW_ROWS else BATCH
        read = [
            _Cells.read(engine, terms, one, now[start : start + together])[0]
            for start in range(0, len(now), together)
        ]
        return cells.without(gone).with_rows(read) if read or held else cells

    def _columns(self, one: ListDefinition, cells: _Cells) -> Mapping[str, Column]:
        size = len(self.register.terms)
        columns = dict(cells.columns)
        for column in one.columns.values():
            if column.through:
                table, name = self._tables[column.of[0]], column.of[1]
                through = columns.get(column.through) or _none(len(cells.rows))
                columns[column.name] = looked_up(through, table.rows, table.columns[name], size)
        return columns


class TableCache(Current[Tables]):
    """The lists of an engine's current version, kept in step with changes."""

    def __init__(self, engine: Engine, changes: Changes = unnamed) -> None:
        """Remember where the lists come from.

        Args:
            engine: the graph.
            changes: tells what changed between two versions.
        """
        super().__init__(engine, lambda held: _next_tables(engine, held, changes))


def _next_tables(engine: Engine, held: Tables | None, changes: Changes) -> Tables:
    """Return the lists of the engine's version, by way of those of an earlier one if that is known to be enough."""
    version = engine.version
    nodes = changes(held.version, version) if held is not None else None
    updated = held.updated(engine, nodes, version) if held is not None and nodes is not None else None
    return updated if updated is not None else Tables.of(engine)


def _consistent(read: Callable[[], tuple[T, set[int]]]) -> T:
    """Return what is read in several answers that all speak of one version; under a stream of changes the last."""
    for _ in range(_ATTEMPTS):
        made, versions = read()
        if len(versions) < 2:
            break
    return made


def _flags(terms: Terms, chosen: Iterable[Term]) -> Flags:
    """Return an array in which the numbers of some terms are marked."""
    flags = np.zeros(len(terms), np.bool_)
    flags[[number for term in chosen if (number := terms.known(term)) >= 0]] = True
    return flags


def _rows_among(engine: Engine, one: ListDefinition, things: Iterable[Term]) -> set[Term]:
    """Return those of some things that are rows of a list."""
    listed = sorted(filter(is_iri, things))
    return {row for row, *_ in solutions(engine, one.rows_query(listed))} if listed else set()


def _pairs(terms: Terms, one: ListDefinition, found: Iterable[list[str]]) -> Mapping[str, tuple[Ints, Ints]]:
    """Return for each column that is read the things and the numbers of their values, one by one."""
    read = [c.name for c in one.columns.values() if not c.through and not c.is_computed and c.type != "self"]
    listed: dict[str, tuple[list[int], list[int]]] = {f'"{name}"': ([], []) for name in {*read, one.rows}}
    number = terms.number
    for thing, column, value in found:
        things, numbers = listed[column]
        things.append(number(thing))
        numbers.append(number(value))
    return {
        name[1:-1]: (np.array(things, np.int32), np.array(numbers, np.int32))
        for name, (things, numbers) in listed.items()
    }


def _merged(terms: Terms, column: Column) -> Column:
    """Return a column in which the texts of a cell that have a language are one text in several languages."""
    listed = terms.listed
    tagged = {number for number in column.used.tolist() if _is_tagged(listed[number])}
    if not tagged:
        return column
    rows, numbers = [], []
    for row in range(column.size):
        cell = column.of_row(row)
        texts = [number for number in cell if number in tagged]
        joined = [terms.joined(texts)] if texts else []
        for number in [*(number for number in cell if number not in tagged), *joined]:
            rows.append(row)
            numbers.append(number)
    return Column.of(np.array(rows, np.int32), np.array(numbers, np.int32), column.size)


def _is_tagged(term: Term) -> bool:
    return term.startswith('"') and term[term.rfind('"') + 1 :].startswith("@")


def _itself(rows: Ints) -> Column:
    return Column(np.arange(len(rows) + 1, dtype=np.int32), rows)


def _none(size: int) -> Column:
    return Column(np.zeros(size + 1, np.int32), np.zeros(0, np.int32))


def _named(size: int, cells: Mapping[str, _Cells]) -> Flags:
    """Return which numbers need a name: those that somebody may see."""
    found = np.zeros(size, np.bool_)
    for name, one in lists().items():
        for column in one.columns.values():
            is_seen = not column.is_hidden or column.type == "area"
            if is_seen and column.name in cells[name].columns:
                found[cells[name].columns[column.name].numbers] = True
    return found


def _unnamed(wanted: Flags, register: Register) -> list[int]:
    named = register.ranks["zh"] >= 0
    wanted = wanted.copy()
    wanted[: len(named)] &= ~named
    found: list[int] = np.flatnonzero(wanted).tolist()
    return found
