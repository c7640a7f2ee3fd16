"""Heads of tables: the rows of a sheet that say what stands below them.

Where column names are known, a row is a head when enough of it is known. Where nothing on a sheet is, its first row
that looks like one is.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from graph.imports.cell_grid import CellGrid, is_blank, one_line
from graph.imports.grid import CellValue

LONGEST = 40
"""Characters of a head."""
_LONGEST_GROUP = 12
_SEARCHED = 50
"""Rows with something in them among which a head is looked for that is not known."""
_FIRST_CELLS = 3
"""Cells of a row that are looked at first: one of them is known in every head."""
_REMEMBERED = 20_000
_NUMBER = re.compile(r"[\d,.%/-]+$|\d{4}\s*年")
_SAYS_SOMETHING = re.compile(r"[:：]|^\d{4}\s*年|^\d+([./-]\d+)*$")
"""What stands above a head but is none: 填报单位：…, 2024年3月."""


@dataclass(frozen=True)
class Head:
    """The head of one or several tables beside one another.

    Attributes:
        first, last: its rows, from 0.
        texts: column (from 0) to what it says.
        lines: column to what each of its rows says there.
    """

    first: int
    last: int
    texts: Mapping[int, str]
    lines: Mapping[int, tuple[str, ...]]


def heads_in(cells: CellGrid, is_known: Callable[[str], bool]) -> list[Head]:
    """Return the heads of a sheet from the top."""
    known = _Known(is_known)
    heads: list[Head] = []
    for row in cells.occupied:
        if heads and row <= heads[-1].last:
            continue
        if known.makes_head(cells, row) and not (heads and _holds_values(cells, row)):
            first = row - 1 if _is_group_row(cells, row - 1, row, heads) else row
            heads.append(_head(cells, first, row))
    if heads:
        return heads
    likely = known.likeliest(cells)
    return [] if likely is None else [_head(cells, likely, likely)]


class _Known:
    """What is known of column names, remembered within bounds: a list may have a million texts."""

    def __init__(self, is_known: Callable[[str], bool]) -> None:
        self._ask = is_known
        self._answers: dict[str, bool] = {}

    def knows(self, value: CellValue) -> bool:
        """Tell whether a cell holds a known column name."""
        if not isinstance(value, str) or len(value) > LONGEST:
            return False
        answer = self._answers.get(value)
        if answer is None:
            if len(self._answers) >= _REMEMBERED:
                self._answers.clear()
            answer = self._answers[value] = self._ask(one_line(value))
        return answer

    def makes_head(self, cells: CellGrid, row: int) -> bool:
        """Tell whether a row is surely a head: two names of it are known, and a third of it."""
        if not any(self.knows(value) for _, value in islice(cells.filled(row), _FIRST_CELLS)):
            return False
        filled = [value for _, value in cells.filled(row)]
        texts = sum(isinstance(value, str) and len(value) <= LONGEST for value in filled)
        known = sum(map(self.knows, filled))
        return known >= 2 and known * 3 >= len(filled) and texts * 3 >= len(filled) * 2

    def likeliest(self, cells: CellGrid) -> int | None:
        """Return the row that is a head most likely, where none surely is."""
        filled = [row for row in cells.occupied if next(cells.filled(row), None) is not None]
        rows = filled[:_SEARCHED]
        widths = Counter(sum(1 for _ in cells.filled(row)) for row in rows)
        usual = max(widths, key=lambda width: (widths[width], width), default=0)
        for row in rows[: len(filled) - 1]:
            values = [value for _, value in cells.filled(row)]
            if self._is_likely(values, usual):
                return row
        return None

    def _is_likely(self, values: Sequence[CellValue], usual: int) -> bool:
        texts = [one_line(value) for value in values if isinstance(value, str)]
        if len(texts) < len(values) or any(len(text) > LONGEST for text in texts):
            return False
        if any(map(self.knows, values)):
            return len(values) > 1 or usual == 1
        is_plain = not any(map(_SAYS_SOMETHING.search, texts)) and len(set(texts)) == len(texts)
        return is_plain and len(texts) >= 2 and len(texts) * 5 >= usual * 3


def _holds_values(cells: CellGrid, row: int) -> bool:
    """Tell whether a row below a head has numbers: a record, though it holds words that are names of columns, too."""
    values = [value for _, value in cells.filled(row)]
    return any(not isinstance(value, str) or _NUMBER.match(one_line(value)) for value in values)


def _is_group_row(cells: CellGrid, above: int, row: int, heads: Sequence[Head]) -> bool:
    """Tell whether a row names groups of the columns whose names stand in the row below it."""
    if above < 0 or (heads and above <= heads[-1].last):
        return False
    groups = list(cells.filled(above))
    texts = [one_line(value) for _, value in groups if isinstance(value, str)]
    width = sum(1 for _ in cells.filled(row))
    if len(groups) < 2 or len(texts) < len(groups) or len(groups) >= width:
        return False
    if any(len(text) > _LONGEST_GROUP or _SAYS_SOMETHING.search(text) for text in texts):
        return False
    reaches = [(column, _reach(cells, above, column)) for column, _ in groups]
    if any(is_blank(cells.value(row, column + reach - 1)) for column, reach in reaches if reach > 1):
        return False  # an empty column parts two tables, each with its title
    widest = max(reach for _, reach in reaches)
    return widest > 1 and widest * 5 < width * 4


def _reach(cells: CellGrid, row: int, column: int) -> int:
    """Return over how many columns a cell of a head reaches: merged, or with empty cells after it."""
    if cells.grid.merged:
        return cells.merged_at(row, column)[1]
    end, length = column + 1, len(cells.grid.rows[row])
    while end < length and is_blank(cells.value(row, end)):
        end += 1
    return end - column


def _head(cells: CellGrid, first: int, row: int) -> Head:
    last = row
    while last + 1 < cells.height and last - first < 2 and _goes_on(cells, last):
        last += 1
    rows = [_line(cells, one, last) for one in range(first, last + 1)]
    columns = sorted({column for one in range(first, last + 1) for column, _ in cells.filled(one)})
    lines = {column: tuple(line.get(column, "") for line in rows) for column in columns}
    return Head(first, last, {column: " ".join(_told_once(texts)) for column, texts in lines.items()}, lines)


def _goes_on(cells: CellGrid, row: int) -> bool:
    """Tell whether the row below says more about groups of columns that this one names."""
    below = list(cells.filled(row + 1))
    if len(below) < 2 or not all(isinstance(value, str) and len(value) <= LONGEST for _, value in below):
        return False
    grouped: set[int] = set()
    for column, _ in cells.filled(row):
        reach = _reach(cells, row, column)
        if reach > 1:
            grouped.update(range(column, column + reach))
    named = [column for column, _ in below]
    if not grouped or not grouped.issuperset(named):
        return False
    # Without merged cells a name with empty cells after it is a group only if something stands below the name itself.
    return bool(cells.grid.merged) or any(not is_blank(cells.value(row, column)) for column in named)


def _line(cells: CellGrid, row: int, last: int) -> Mapping[int, str]:
    """Return what one row of a head says of each column; the name of a group holds for all its columns."""
    said = {column: one_line(value) for column, value in cells.filled(row)}
    if cells.grid.merged:
        return {column: one_line(value) for column, value in cells.covered(row).items()} | said
    if row < last:
        for column, _ in cells.filled(row):
            for beside in range(column + 1, column + _reach(cells, row, column)):
                if not is_blank(cells.value(row + 1, beside)):
                    said[beside] = said[column]
    return said


def _told_once(texts: Sequence[str]) -> list[str]:
    """Return texts without empty ones and without one that repeats the one before it."""
    told: list[str] = []
    for text in texts:
        if text and told[-1:] != [text]:
            told.append(text)
    return told
