"""Members in groups, as the explorer starts: by prefecture, tier, designation or whatever else their list knows."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt

from graph.columns import Column
from graph.exploration import Exploration
from graph.facets import NOT_STATED, Selection, listing
from graph.register import Flags, Ints
from graph.tables import Table
from ontology.display import Labels
from ontology.lists import ListColumn, lists

PREFIX = "group:"
"""What the names of groups begin with."""

Numbers = npt.NDArray[np.int64]

LIST = "members"
MOST_GROUPS = 60
"""Groups that are shown, besides those that are opened; the largest are."""

_UNIT, _ALLIANCE, _HELD = "unit", "alliance", "held"
_NOTHING: Numbers = np.zeros(0, np.int64)
_HALF = 32  # bits of one of two numbers in one
_NOBODY = -1  # in place of the number of a value that is not stated


@dataclass(frozen=True)
class Group:
    """The units that share one value of a column.

    Attributes:
        column: the column of the list of members.
        value: the value (an IRI); empty where it is not stated.
        units: the units, in the order of their names.
        illustrative: how many of them are invented.
        ties: alliance to the number of units of the group that take part in it.
    """

    column: str
    value: str
    units: tuple[str, ...]
    illustrative: int
    ties: Mapping[str, int]

    @property
    def name(self) -> str:
        """What it is called among the names of things."""
        return f"{PREFIX}{self.column}/{self.value}"

    @property
    def size(self) -> int:
        """How many units it has."""
        return len(self.units)


@dataclass(frozen=True)
class Groups:
    """Groups in the order of their values' names, not stated last, and how many smaller ones are left out."""

    listed: tuple[Group, ...] = ()
    left_out: int = 0


NO_GROUPS = Groups()
"""Nothing stands in groups."""


def member_facets() -> tuple[ListColumn, ...]:
    """Return the columns of the list of members that narrow it, but whether they hold on the date."""
    return tuple(column for column in lists()[LIST].facets if not column.is_answer)


class Members:
    """The list of members on one date, as the explorer sees it."""

    def __init__(self, table: Table, today: date) -> None:
        """Remember the list.

        Args:
            table: the list of members.
            today: the date that counts when no other is asked for.
        """
        self._table, self._today = table, today

    def units(self) -> tuple[str, ...]:
        """Return all units that are on record as members, at whatever time."""
        return self._named(np.unique(self._units_of(np.ones(len(self._table), np.bool_))))

    def groups(self, asked: Exploration) -> Groups:
        """Return the members that a state shows in groups, the largest groups and those that are opened."""
        key = ("groups", asked.group, asked.opened, self._selection(asked), self._day(asked))
        return self._table.kept(key, lambda: self._groups(asked))

    def labels(self, value: str) -> Labels:
        """Return what a value of a facet is called; nothing when it stands in no list."""
        number = self._table.register.terms.known(f"<{value}>")
        return self._table.register.labels(number) if number >= 0 else {}

    def leaves_out(self, asked: Exploration) -> Callable[[str], bool]:
        """Return what tells whether a unit is a member and does not fit the facets of a state."""
        if not asked.facets:
            return lambda _: False
        terms = self._table.register.terms
        unfit = np.zeros(len(terms), np.bool_)
        unfit[self._table.columns[_UNIT].numbers] = True
        unfit[self._units_of(self._mask(asked))] = False
        return lambda name: (number := terms.known(f"<{name}>")) in range(len(unfit)) and bool(unfit[number])

    def choices(self, name: str, asked: Exploration) -> Iterator[tuple[str, Labels, int]]:
        """Yield the values of a facet (empty: not stated) with names and the number of memberships that have them."""
        found = listing(self._table, self._selection(asked), self._day(asked)).facet(name)
        for value in found.values:
            yield value.key, value.labels, value.count

    def _groups(self, asked: Exploration) -> Groups:
        mask, by = self._mask(asked), self._table.columns[asked.group]
        unit, alliance = self._table.columns[_UNIT], self._table.columns[_ALLIANCE]
        units = _by_value(*_pairs(unit.rows, unit.numbers, by, mask))
        sizes = {value: len(numbers) for value, numbers in units.items()}
        # A unit that takes part in an alliance twice, as initiator and as lead, is one tie.
        parts = alliance.numbers.astype(np.int64) << _HALF | _first(unit)[alliance.rows]
        ties = _by_value(*_pairs(alliance.rows, parts, by, mask))
        shown = self._largest(sizes, asked.opened)
        listed = tuple(
            self._group(asked.group, value, units[value], ties.get(value, _NOTHING)) for value in shown
        )
        return Groups(listed, len(sizes) - len(shown))

    def _largest(self, sizes: Mapping[int, int], opened: Collection[str]) -> list[int]:
        """Return the values of the largest groups and of opened ones, in the order of names, not stated last."""
        ranks = self._table.register.ranks["zh"]
        order = {value: (value == _NOBODY, int(ranks[value])) for value in sizes}
        largest = set(sorted(sizes, key=lambda value: (-sizes[value], order[value]))[:MOST_GROUPS])
        wanted = largest | {value for value in sizes if self._value(value) in opened}
        return sorted(wanted, key=order.__getitem__)

    def _value(self, number: int) -> str:
        return NOT_STATED if number == _NOBODY else self._table.register.terms.listed[number][1:-1]

    def _group(self, column: str, value: int, units: Numbers, ties: Numbers) -> Group:
        register = self._table.register
        alliances, counts = np.unique(ties >> _HALF, return_counts=True)
        return Group(
            column=column,
            value=self._value(value),
            units=self._named(units),
            illustrative=int(np.count_nonzero(register.illustrative[units])),
            ties=dict(zip(self._named(alliances, in_order=False), counts.tolist(), strict=True)),
        )

    def _mask(self, asked: Exploration) -> Flags:
        return listing(self._table, self._selection(asked), self._day(asked)).mask

    def _selection(self, asked: Exploration) -> Selection:
        return Selection(values={**asked.facets, _HELD: tuple(asked.held)}, real_only=asked.real_only)

    def _day(self, asked: Exploration) -> date:
        return asked.as_of or self._today

    def _units_of(self, mask: Flags) -> Ints:
        column = self._table.columns[_UNIT]
        found: Ints = column.numbers[mask[column.rows]]
        return found

    def _named(self, numbers: Ints | Numbers, *, in_order: bool = True) -> tuple[str, ...]:
        """Return the IRIs of things, in the order of their names."""
        register = self._table.register
        listed = np.asarray(numbers, np.int32)
        if in_order:
            listed = listed[np.argsort(register.ranks["zh"][listed], kind="stable")]
        return tuple(register.terms.listed[number][1:-1] for number in listed.tolist())


def _first(column: Column) -> Numbers:
    """Return the first number of each row; 0 where there is none."""
    found = np.zeros(column.size, np.int64)
    found[~column.empty] = column.numbers[column.starts[:-1][~column.empty]]
    return found


def _by_value(values: Ints, numbers: Numbers) -> Mapping[int, Numbers]:
    """Return what stands beside each value in some pairs, each number once."""
    order = np.lexsort((numbers, values))
    values, numbers = values[order], numbers[order]
    fresh = np.ones(len(values), np.bool_)
    fresh[1:] = (values[1:] != values[:-1]) | (numbers[1:] != numbers[:-1])
    values, numbers = values[fresh], numbers[fresh]
    listed, starts = np.unique(values, return_index=True)
    parts = np.split(numbers, starts[1:]) if len(listed) else []
    return dict(zip(listed.tolist(), parts, strict=True))


def _pairs(rows: Ints, numbers: Numbers | Ints, by: Column, mask: Flags) -> tuple[Ints, Numbers]:
    """Return what stands in rows beside the values of a column (``_NOBODY``: none), as pairs of a value and a number.

    Args:
        rows: the row of each number.
        numbers: what stands in these rows.
        by: the column.
        mask: the rows that count.
    """
    lengths = np.maximum(by.lengths, 1)
    starts = np.concatenate(([0], np.cumsum(lengths)))
    values = np.full(int(starts[-1]), _NOBODY, np.int32)
    values[np.repeat(~by.empty, lengths)] = by.numbers
    kept = mask[rows]
    rows, numbers = rows[kept], numbers[kept]
    times = lengths[rows]
    ends = np.cumsum(times)
    within = np.arange(int(ends[-1]) if len(ends) else 0) - np.repeat(ends - times, times)
    return values[np.repeat(starts[rows], times) + within], np.repeat(numbers, times).astype(np.int64)
