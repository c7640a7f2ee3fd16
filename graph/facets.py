"""Choosing rows of a table: by the values of its facets and by words, with the counts that go with a choice."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

import numpy as np
import numpy.typing as npt

from graph.columns import Column
from graph.dated import DatedTable
from graph.nodes import local_name
from graph.register import Flags, Ints, Register, folded_text, text_key
from graph.tables import Table
from graph.times import HELD
from ontology.display import Labels
from ontology.kinds import kinds
from ontology.lists import ListColumn, answer_labels

Weights = npt.NDArray[np.float64]

NOT_STATED = ""
"""The value of a facet that stands for rows that have none."""

_LAST = 1e12  # the weight of what is not stated when rows are sorted


@dataclass(frozen=True)
class Selection:
    """Which rows somebody wants.

    Attributes:
        values: facets and the values of which a row must have one: IRIs, words of the column, or ``NOT_STATED``.
        areas: areas (IRIs) of which a row must lie in one.
        text: words that a row must have in one of the columns that are searched.
        real_only: whether invented rows are left out.
    """

    values: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    areas: tuple[str, ...] = ()
    text: str = ""
    real_only: bool = False

    def __hash__(self) -> int:
        return hash((tuple(sorted(self.values.items())), self.areas, self.text, self.real_only))


@dataclass(frozen=True)
class FacetValue:
    """One value of a facet: its key in selections (``NOT_STATED``: none), names, and the rows that have it."""

    key: str
    labels: Labels
    count: int
    selected: bool


@dataclass(frozen=True)
class Facet:
    """A column with its values, the most frequent first, what is not stated last.

    A row counts when all other choices let it through: what is chosen here does not lower the numbers here.
    """

    column: ListColumn
    values: tuple[FacetValue, ...]

    @property
    def selected(self) -> tuple[FacetValue, ...]:
        """The values that were chosen."""
        return tuple(value for value in self.values if value.selected)


@dataclass(frozen=True)
class Listing:
    """The rows that a selection chooses, and the facets that go with it.

    Attributes:
        dated: the table on the date that was asked about.
        selection: what was asked for.
        base: the rows that fit all that is not a facet.
        chosen: for each facet of which values were chosen the rows that have one of them.
    """

    dated: DatedTable
    selection: Selection
    base: Flags
    chosen: Mapping[str, Flags]

    @property
    def table(self) -> Table:
        """The table."""
        return self.dated.table

    @cached_property
    def mask(self) -> Flags:
        """The rows that are chosen."""
        found: Flags = self.base & (self._failed == 0)
        return found

    @cached_property
    def facets(self) -> tuple[Facet, ...]:
        """The facets, in the order of the columns."""
        return tuple(self.facet(column.name) for column in self.table.definition.facets)

    @cached_property
    def total(self) -> int:
        """How many rows are chosen."""
        return int(np.count_nonzero(self.mask))

    @cached_property
    def illustrative(self) -> int:
        """How many of them are invented."""
        return int(np.count_nonzero(self.mask & self.table.illustrative))

    def facet(self, name: str) -> Facet:
        """Return the facet of a column; raises KeyError."""
        column = self.table.definition.columns[name]
        if not column.is_facet:
            raise KeyError(name)
        if name not in self._made:
            others = self._failed - ~self.chosen[name] if name in self.chosen else self._failed
            chosen = self.selection.values.get(name, ())
            self._made[name] = _facet(self.dated, column, self.base & (others == 0), chosen)
        return self._made[name]

    @cached_property
    def _made(self) -> dict[str, Facet]:
        return {}

    @cached_property
    def _failed(self) -> npt.NDArray[np.int16]:
        """By how many facets each row is left out."""
        failed = np.zeros(len(self.table), np.int16)
        for mask in self.chosen.values():
            failed += ~mask
        return failed

    def rows(self, sort: str = "", language: str = "zh", *, descending: bool = False) -> Ints:
        """Return the chosen rows in order; what is not stated comes last either way.

        Args:
            sort: a column that is not hidden; empty: the one that the list is sorted by.
            language: the language whose names decide.
            descending: whether the last comes first.
        """
        order = row_order(self.dated, sort or self.table.definition.sort, language, descending=descending)
        found: Ints = order[self.mask[order]]
        return found


def listing(table: Table, selection: Selection, day: date) -> Listing:
    """Return the rows and facets of a selection on a date."""
    dated = dated_table(table, day)
    return table.kept(("listing", selection, day), lambda: _listing(dated, selection))


def dated_table(table: Table, day: date) -> DatedTable:
    """Return a table as seen on a date."""
    return table.kept(("dated", day), lambda: DatedTable(table, day))


def row_order(dated: DatedTable, sort: str, language: str, *, descending: bool = False) -> Ints:
    """Return all rows sorted by a column, then by the column that names them; what is not stated comes last.

    Raises:
        KeyError: there is no such column, or it is hidden.
    """
    column = dated.table.definition.columns[sort]
    if column.is_hidden:
        raise KeyError(sort)
    day = dated.day if column.is_computed else None
    key = ("order", day, sort, language, descending)
    return dated.table.kept(key, lambda: _row_order(dated, column, language, descending))


def _listing(dated: DatedTable, selection: Selection) -> Listing:
    chosen = {name: _chosen(dated, name, keys) for name, keys in selection.values.items()}
    return Listing(dated, selection, _base(dated.table, selection), chosen)


def _base(table: Table, selection: Selection) -> Flags:
    """Return the rows that fit all that is not a facet."""
    fitting = ~table.illustrative if selection.real_only else np.ones(len(table), np.bool_)
    for word in folded_text(selection.text).split():
        fitting = fitting & rows_with_word(table, word)
    return fitting


def rows_with_word(table: Table, word: str) -> Flags:
    """Return the rows of which a searched column has a value that holds a word (see ``folded_text``)."""
    return table.kept(("word", word), lambda: _rows_with_word(table, word))


def _rows_with_word(table: Table, word: str) -> Flags:
    found = np.zeros(len(table), np.bool_)
    for one in table.definition.searched:
        column = table.columns[one.name]
        called = table.register.called
        found |= column.having([number for number in column.used.tolist() if word in called(number).text])
    return found


def _chosen(dated: DatedTable, name: str, keys: Sequence[str]) -> Flags:
    """Return the rows that have one of some values in a column; all where the list has no such column."""
    if name in dated.answers:
        found: Flags = np.isin(dated.answers[name], [HELD.index(key) for key in keys if key in HELD])
        return found
    column = dated.table.columns[name]
    numbers = [number for key in keys for number in numbers_of(dated.table.register, column, key)]
    return column.having(numbers, unstated=NOT_STATED in keys)


def numbers_of(register: Register, column: Column, key: str) -> list[int]:
    """Return the numbers of the values in a column that a key stands for."""
    number = register.terms.known(f"<{key}>")
    if number >= 0:
        return [number]
    listed = register.terms.listed
    return [
        number
        for number in column.used.tolist()
        if listed[number][0] == '"' and text_key(listed[number]) == key
    ]


def value_labels(register: Register, column: ListColumn, number: int) -> Labels:
    """Return what a value of a column is called."""
    if column.type == "kind":
        return kinds().node(text_key(register.terms.listed[number])).labels
    return register.labels(number)


def _facet(dated: DatedTable, column: ListColumn, mask: Flags, selected: Sequence[str]) -> Facet:
    if column.is_answer:
        return Facet(column, tuple(_answer_values(dated, column, mask, selected)))
    values = sorted(_values(dated.table, column, mask, selected), key=lambda value: value[0])
    return Facet(column, tuple(value for _, value in values))


def _answer_values(
    dated: DatedTable, column: ListColumn, mask: Flags, selected: Sequence[str]
) -> Iterator[FacetValue]:
    counts = np.bincount(dated.answers[column.name][mask], minlength=len(HELD))
    for answer, count in zip(HELD, counts.tolist(), strict=True):
        yield FacetValue(answer, answer_labels()[answer], count, answer in selected)


def _values(
    table: Table, column: ListColumn, mask: Flags, selected: Sequence[str]
) -> Iterator[tuple[tuple[int, int, int, str], FacetValue]]:
    """Yield the values of a facet that occur or were chosen, with what they are sorted by."""
    register, cells = table.register, table.columns[column.name]
    counts, unstated = cells.counts(mask)
    wanted = set(selected)
    listed = register.terms.listed
    asked = {number for key in selected for number in numbers_of(register, cells, key)}
    for place in np.flatnonzero((counts > 0) | np.isin(cells.used, list(asked))).tolist():
        number, count = int(cells.used[place]), int(counts[place])
        key = text_key(listed[number])
        wanted.discard(key)
        value = FacetValue(key, value_labels(register, column, number), count, key in selected)
        yield (0, -count, int(register.ranks["zh"][number]), key), value
    if unstated or NOT_STATED in wanted:
        yield (2, 0, 0, ""), FacetValue(NOT_STATED, {}, unstated, NOT_STATED in selected)
    for key in wanted - {NOT_STATED}:
        yield (1, 0, 0, key), FacetValue(key, {"": local_name(key)}, 0, selected=True)


def _row_order(dated: DatedTable, column: ListColumn, language: str, descending: bool) -> Ints:
    table = dated.table
    weights = _weights(dated, column, language)
    if descending:
        weights = np.where(weights == _LAST, _LAST, -weights)
    titles = table.columns[table.definition.title].least(
        table.register.ranks[language], len(table.register.terms)
    )
    order = np.lexsort((titles, weights))
    return _settled(table, order, titles, weights).astype(np.int32)


def _weights(dated: DatedTable, column: ListColumn, language: str) -> Weights:
    """Return for each row what it is sorted by."""
    table = dated.table
    if column.is_answer:
        return dated.answers[column.name].astype(np.float64)
    if column.type == "deadline":
        found = np.full(len(table), _LAST)
        for row, (closing, _) in dated.deadlines.items():
            found[row] = closing
        return found
    cells = table.columns[column.name]
    if column.type != "number":
        return cells.least(table.register.ranks[language], _LAST)
    values = np.zeros(len(table.register.terms))
    values[cells.used] = [table.register.number(number) for number in cells.used.tolist()]
    return cells.least(values, _LAST)


def _settled(
    table: Table, order: npt.NDArray[np.intp], titles: Weights, weights: Weights
) -> npt.NDArray[np.intp]:
    """Return an order in which rows that are still equal are sorted by what they are about."""
    if len(order) < 2:
        return order
    ahead, behind = order[:-1], order[1:]
    equal = (titles[ahead] == titles[behind]) & (weights[ahead] == weights[behind])
    starts = np.flatnonzero(~np.concatenate(([False], equal)))
    ends = np.append(starts[1:], len(order))
    settled = order.copy()
    for start, end in zip(starts[ends - starts > 1].tolist(), ends[ends - starts > 1].tolist(), strict=True):
        settled[start:end] = sorted(order[start:end].tolist(), key=table.name)
    return settled
