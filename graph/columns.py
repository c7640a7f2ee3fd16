"""Columns of lists as arrays: for each row the numbers of its values, cut out of one array."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from graph.register import Flags, Ints

Counts = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Column:
    """The values of each row, each once: row ``r`` has ``numbers[starts[r]:starts[r + 1]]``."""

    starts: Ints
    numbers: Ints

    @classmethod
    def of(cls, rows: Ints, numbers: Ints, size: int) -> Column:
        """Return the column of so many rows in which some rows (given one by one) have these numbers."""
        pairs = np.sort(rows.astype(np.int64) << 32 | numbers)
        pairs = pairs[np.concatenate(([True], pairs[1:] != pairs[:-1]))] if len(pairs) else pairs
        lengths = np.bincount(pairs >> 32, minlength=size)
        return cls(_starts(lengths), (pairs & 0xFFFFFFFF).astype(np.int32))

    @property
    def size(self) -> int:
        """The number of rows."""
        return len(self.starts) - 1

    def of_row(self, row: int) -> list[int]:
        """Return the numbers of a row."""
        found: list[int] = self.numbers[self.starts[row] : self.starts[row + 1]].tolist()
        return found

    @cached_property
    def lengths(self) -> Ints:
        """How many values each row has."""
        return np.diff(self.starts)

    @cached_property
    def rows(self) -> Ints:
        """The row of each value."""
        return np.repeat(np.arange(self.size, dtype=np.int32), self.lengths)

    @cached_property
    def empty(self) -> Flags:
        """The rows without a value."""
        found: Flags = self.lengths == 0
        return found

    @cached_property
    def used(self) -> Ints:
        """The numbers that occur."""
        present = np.zeros(int(self.numbers.max(initial=-1)) + 1, np.bool_)
        present[self.numbers] = True
        return np.flatnonzero(present).astype(np.int32)

    @cached_property
    def _places(self) -> Ints:
        """The place of each value among those that occur."""
        places = np.zeros(int(self.numbers.max(initial=-1)) + 1, np.int32)
        places[self.used] = np.arange(len(self.used))
        found: Ints = places[self.numbers]
        return found

    def having(self, wanted: Sequence[int], *, unstated: bool = False) -> Flags:
        """Return the rows that have one of some numbers, or (``unstated``) none at all."""
        found = self.empty.copy() if unstated else np.zeros(self.size, np.bool_)
        chosen = np.isin(self.used, np.asarray(wanted, np.int32))
        found[self.rows[chosen[self._places]]] = True
        return found

    def counts(self, mask: Flags) -> tuple[Counts, int]:
        """Return how many of some rows have each of the numbers that occur, and how many have none."""
        counted = np.bincount(self._places[mask[self.rows]], minlength=len(self.used))
        return counted, int(np.count_nonzero(mask & self.empty))

    def least(self, weights: npt.NDArray[np.float64] | Ints, unstated: float) -> npt.NDArray[np.float64]:
        """Return for each row the least weight of its numbers; ``unstated`` for rows without any."""
        found = np.full(self.size, unstated, np.float64)
        if len(self.numbers):
            stated = ~self.empty
            found[stated] = np.minimum.reduceat(weights[self.numbers], self.starts[:-1][stated])
        return found

    def only(self, kept: Flags) -> Column:
        """Return the column with some rows only."""
        return Column(_starts(self.lengths[kept]), self.numbers[kept[self.rows]])

    @classmethod
    def joined(cls, columns: Sequence[Column]) -> Column:
        """Return the rows of several columns, one column after the other."""
        lengths = np.concatenate([column.lengths for column in columns])
        return cls(_starts(lengths), np.concatenate([column.numbers for column in columns]))


def looked_up(through: Column, rows: Ints, column: Column, size: int) -> Column:
    """Return what another table's column says of the things in a column.

    Args:
        through: the column whose things are looked up.
        rows: the things that are the rows of the other table.
        column: the column of the other table.
        size: how many numbers there are in all.
    """
    row_of = np.full(size, -1, np.int32)
    row_of[rows] = np.arange(len(rows), dtype=np.int32)
    others = row_of[through.numbers]
    known = others >= 0
    near, far = through.rows[known], others[known]
    lengths = column.lengths[far]
    ends = np.cumsum(lengths)
    within = np.arange(int(ends[-1]) if len(ends) else 0) - np.repeat(ends - lengths, lengths)
    numbers = column.numbers[np.repeat(column.starts[far], lengths) + within]
    if through.lengths.max(initial=0) < 2:
        # One thing in each row: everything is in order already.
        return Column(_starts(np.bincount(near, weights=lengths, minlength=through.size)), numbers)
    return Column.of(np.repeat(near, lengths), numbers, through.size)


def _starts(lengths: npt.NDArray[np.integer | np.floating]) -> Ints:
    return np.concatenate(([0], np.cumsum(lengths))).astype(np.int32)
