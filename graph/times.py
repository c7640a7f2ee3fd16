"""When facts hold: on any date yes, no, or unknown, from the bounds of start and end that their sources allow.

The same rule as in the query ``is-member-on-date``: a fact holds when its start is surely past and its end is surely
not; without a stated end it is taken to last, unless its state says that it has ended.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import chain
from typing import Literal, NamedTuple

import numpy as np
import numpy.typing as npt

Held = Literal["yes", "unknown", "no"]
HELD: tuple[Held, ...] = ("yes", "unknown", "no")
"""The three answers, as numbered in arrays."""

YES, UNKNOWN, NO = range(3)
NOT_STATED = 0
"""In place of a day of which nothing is known."""

Days = npt.NDArray[np.int32]
"""Days as ``date.toordinal`` counts them; ``NOT_STATED`` where nothing is known."""


class Bounds(NamedTuple):
    """The bounds of one fact's period as days, and whether its state tells that it is over or never began."""

    earliest_start: int = NOT_STATED
    latest_start: int = NOT_STATED
    earliest_end: int = NOT_STATED
    latest_end: int = NOT_STATED
    has_ended: bool = False
    never_held: bool = False


ALWAYS = Bounds(latest_start=1)
"""The bounds of what has no time, such as the place of a hospital: it holds on every date."""


@dataclass(frozen=True)
class Periods:
    """The bounds of many facts: a row each, with the columns of ``Bounds``."""

    rows: Days

    @classmethod
    def of(cls, listed: Sequence[Bounds]) -> Periods:
        """Return the bounds of facts in the order given."""
        size = len(Bounds._fields)
        return cls(np.fromiter(chain.from_iterable(listed), np.int32, len(listed) * size).reshape(-1, size))

    def __len__(self) -> int:
        return len(self.rows)

    def held_on(self, day: date) -> npt.NDArray[np.int8]:
        """Return for each fact whether it holds on a date: ``YES``, ``UNKNOWN`` or ``NO``."""
        on = day.toordinal()
        earliest_start, latest_start, earliest_end, latest_end, has_ended, never_held = self.rows.T
        # What is not stated is zero, and no day is.
        before = on < earliest_start
        after = (latest_end != NOT_STATED) & (on > latest_end)
        begun = (latest_start != NOT_STATED) & (latest_start <= on)
        endless = (earliest_end == NOT_STATED) & (latest_end == NOT_STATED) & (has_ended == 0)
        answers = np.where(begun & (endless | (on <= earliest_end)), YES, UNKNOWN)
        return np.where(before | after | (never_held != 0), NO, answers).astype(np.int8)


def held_on(bounds: Bounds, day: date) -> Held:
    """Return whether one fact holds on a date."""
    return HELD[int(Periods.of([bounds]).held_on(day)[0])]
