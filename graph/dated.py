"""Tables as seen on one date: what holds then, what is open, and which deadline comes next."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from graph.columns import Column
from graph.quads import text_of
from graph.tables import Table
from graph.times import HELD, NO, NOT_STATED, UNKNOWN, YES, Bounds, Days, Held, Periods

Answers = npt.NDArray[np.int8]
"""Numbers of answers, see ``graph.times.HELD``."""

_BETTER = (YES, UNKNOWN, NO)
_INTAKE = "intake"
_MARKS = ("has_ended", "never_held")


class Deadline(NamedTuple):
    """An application deadline: its last possible day, and how it is stated."""

    day: int
    stated: str


class _Window(NamedTuple):
    """When one can apply: the deadline as stated, and the bounds of the time."""

    row: int
    stated: str
    bounds: Bounds


@dataclass(frozen=True)
class DatedTable:
    """A table with the columns that depend on the date."""

    table: Table
    day: date

    @cached_property
    def answers(self) -> Mapping[str, Answers]:
        """For each column that answers yes, unknown or no its answers."""
        made = {"held": self._held, "open": self._open}
        columns = self.table.definition.columns.values()
        return {column.name: made[column.type]() for column in columns if column.is_answer}

    @cached_property
    def deadlines(self) -> Mapping[int, Deadline]:
        """For each row of which one is on record the next application deadline."""
        found: dict[int, Deadline] = {}
        for row, stated, bounds in self._windows:
            if stated and bounds.latest_end >= self.day.toordinal():
                deadline = Deadline(bounds.latest_end, stated)
                found[row] = min(found.get(row, deadline), deadline)
        return found

    def answer(self, row: int, column: str) -> Held:
        """Return what a column answers for a row."""
        return HELD[int(self.answers[column][row])]

    def _held(self) -> Answers:
        return self.table.kept("periods", lambda: _periods(self.table)).held_on(self.day)

    def _open(self) -> Answers:
        """Return whether one can apply: the best answer of all windows of a row; unknown without any."""
        answers = np.full(len(self.table), UNKNOWN, np.int8)
        told = Periods.of([window.bounds for window in self._windows]).held_on(self.day).tolist()
        by_row: dict[int, set[int]] = {}
        for window, answer in zip(self._windows, told, strict=True):
            by_row.setdefault(window.row, set()).add(answer)
        for row, found in by_row.items():
            answers[row] = next(answer for answer in _BETTER if answer in found)
        return answers

    @property
    def _windows(self) -> list[_Window]:
        return self.table.kept("windows", lambda: list(_windows(self.table)))


def _windows(table: Table) -> Iterator[_Window]:
    """Yield the application windows on record."""
    if _INTAKE not in table.columns:
        return
    column, listed = table.columns[_INTAKE], table.register.terms.listed
    for row, number in zip(column.rows.tolist(), column.numbers.tolist(), strict=True):
        stated, *texts = text_of(listed[number]).split("/")
        earliest_start, latest_start, earliest_end, latest_end = map(_day, texts)
        # A window whose end nobody states may be over any day.
        is_endless = latest_end == NOT_STATED
        yield _Window(row, stated, Bounds(earliest_start, latest_start, earliest_end, latest_end, is_endless))


def _periods(table: Table) -> Periods:
    """Return when each row holds, from its hidden columns."""
    rows = np.full((len(table), len(Bounds._fields)), NOT_STATED, np.int32)
    for place, name in enumerate(Bounds._fields):
        column = table.columns[name]
        if name in _MARKS:
            rows[:, place] = ~column.empty
        else:
            # Where sources differ the widest bounds hold.
            rows[:, place] = _days(table, column, earliest=name.startswith("earliest"))
    return Periods(rows)


def _days(table: Table, column: Column, *, earliest: bool) -> Days:
    """Return the earliest or the latest day of each row."""
    listed = table.register.terms.listed
    weights = np.zeros(len(listed))
    weights[column.used] = [_day(text_of(listed[number])) for number in column.used.tolist()]
    if earliest:
        return column.least(weights, NOT_STATED).astype(np.int32)
    return (-column.least(-weights, -NOT_STATED)).astype(np.int32)


def _day(text: str) -> int:
    """Return a day as a number; what is no day is as good as not stated."""
    try:
        return date.fromisoformat(text[:10]).toordinal()
    except ValueError:
        return NOT_STATED
