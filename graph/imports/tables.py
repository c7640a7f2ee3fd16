"""Tables on sheets: where they are, what their heads say, which rows are records, and what was left out and why.

Nothing is lost: below a head every row is a record or a ``LeftOut``; what stands above one are its titles. Of a long
run of blank rows only the first ones are named.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from graph.imports.cell_grid import CellGrid, one_line
from graph.imports.grid import CellValue, Grid
from graph.imports.heads import Head, heads_in
from graph.imports.row_kinds import RowKinds
from graph.imports.table import Header, LeftOut, Row, Table
from ontology.workbook import CellWords, folded, workbook

MOST_BLANK = 100
"""Blank rows of one run that are named."""
MOST_BESIDE = 20
"""Tables beside one another that are looked for; a sheet with more is no sheet of lists."""
_MOST_TITLES = 20
_MOST_BETWEEN = 3
"""Blank rows between titles and a head."""
_LONGEST_DITTO = 8
_CONTINUED = ("续", "接上页", "continued")


def is_known_name(text: str) -> bool:
    """Tell whether a text is the name of a column of the workbook, or of one that says nothing, such as 序号."""
    return folded(text) in workbook().heads


def tables_in(
    grid: Grid, *, is_heading: Callable[[str], bool] = is_known_name, words: CellWords | None = None
) -> list[Table]:
    """Return the tables of a sheet, from the top and from the left.

    Args:
        grid: the sheet.
        is_heading: tells whether a text is the name of a column.
        words: words of cells that are no values (``None``: those of the workbook).
    """
    cells = CellGrid(grid)
    words = words or workbook().cells
    bands = _bands(cells, heads_in(cells, is_heading))
    tables = [table for band in bands for table in _tables_of(cells, band, words)]
    return [replace(table, number=number) for number, table in enumerate(tables, 1)]


@dataclass
class _Band:
    """A head, the rows above it that belong to it, and the rows below it (from 0)."""

    head: Head
    titles: range
    told: tuple[str, ...]
    """The texts of its titles."""
    rows: list[int]
    again: set[int] = field(default_factory=set)
    """Rows in between that repeat its titles or its head."""


def _bands(cells: CellGrid, heads: Sequence[Head]) -> list[_Band]:
    """Return each head with its rows; a head that comes again on the next page goes on with the same table."""
    bands: list[_Band] = []
    for number, head in enumerate(heads):
        begin = heads[number - 1].last + 1 if number else 0
        titles = range(_first_title(cells, head.first, begin), head.first) if number else range(head.first)
        end = heads[number + 1].first if number + 1 < len(heads) else cells.height
        if number + 1 < len(heads):
            end = _first_title(cells, end, head.last + 1)
        told = _titles(cells, titles)
        if bands and _goes_on(bands[-1], head, told):
            again = (*titles, *range(head.first, head.last + 1))
            bands[-1].rows += (*again, *range(head.last + 1, end))
            bands[-1].again.update(again)
        else:
            bands.append(_Band(head, titles, told, list(range(head.last + 1, end))))
    return bands


def _first_title(cells: CellGrid, head: int, begin: int) -> int:
    """Return where the titles of a head begin that is not the first of its sheet.

    They are the lines above it up to a blank row; where none parts them from the table above, one line at most.
    """
    row = head
    while row > begin and head - row < _MOST_BETWEEN and not any(cells.filled(row - 1)):
        row -= 1
    lowest = row
    while row > begin and head - row < _MOST_TITLES and _is_title(cells, row - 1):
        row -= 1
    if row < lowest and row > begin and not any(cells.filled(row - 1)):
        return row
    return head - 1 if lowest == head and sum(1 for _ in cells.filled(head - 1)) == 1 else head


def _is_title(cells: CellGrid, row: int) -> bool:
    """Tell whether a row looks like a title: one text, or two such as 填报单位：… 日期：…."""
    texts = [value for _, value in cells.filled(row)]
    if not texts or len(texts) > 2 or not all(isinstance(text, str) for text in texts):
        return False
    return len(texts) == 1 or any("：" in str(text) or ":" in str(text) for text in texts)


def _goes_on(band: _Band, head: Head, told: tuple[str, ...]) -> bool:
    """Tell whether a head is the one of the table above once more: the same names, and no title of its own."""
    if head.texts != band.head.texts:
        return False
    own = [text for text in told if text not in band.told]
    return all(any(word in text.casefold() for word in _CONTINUED) for text in own)


def _titles(cells: CellGrid, rows: range, columns: range | None = None) -> tuple[str, ...]:
    """Return the texts of rows above a head; of several in a row, those above some columns only, if any are named."""
    texts = []
    for row in rows:
        filled = list(cells.filled(row))
        if columns is not None and len(filled) > 1:
            filled = [(column, value) for column, value in filled if column in columns]
        if filled:
            texts.append(" ".join(one_line(value) for _, value in filled))
    return tuple(texts)


def _tables_of(cells: CellGrid, band: _Band, words: CellWords) -> Iterator[Table]:
    """Yield the tables that stand beside one another below one line of heads."""
    parts = _beside(cells, band, _columns(cells, band))
    for part in parts:
        titles = _titles(cells, band.titles, range(part[0], part[-1] + 1)) if len(parts) > 1 else band.told
        yield _table(cells, band, part, titles, words)


def _columns(cells: CellGrid, band: _Band) -> list[int]:
    """Return the columns that hold something, those without a head too."""
    used = set(band.head.texts)
    for row in band.rows:
        if cells.grid.rows[row] and row not in band.again:
            used.update(column for column, value in enumerate(cells.grid.rows[row]) if value is not None)
    return sorted(used)


def _beside(cells: CellGrid, band: _Band, columns: Sequence[int]) -> list[list[int]]:
    """Return the columns of each of the tables beside one another.

    They are several where the same names begin anew, or where an empty column parts them and the same name stands on
    both sides, each has a title of its own, or the right one goes on where the left one has ended.
    """
    named = [column for column in columns if column in band.head.texts]
    gaps = [(left, right) for left, right in pairwise(columns) if right - left > 1]
    cuts = _repeated(band.head, named)
    if not cuts and len(gaps) <= MOST_BESIDE:
        cuts = [right for left, right in gaps if _is_apart(cells, band, left, right)]
    if len(cuts) > MOST_BESIDE:
        cuts = []
    parts: list[list[int]] = [[]]
    for column in columns:
        if column in cuts and parts[-1]:
            parts.append([])
        parts[-1].append(column)
    return parts


def _repeated(head: Head, named: Sequence[int]) -> list[int]:
    """Return where the names of a head begin anew: 序号 单位名称 序号 单位名称."""
    texts = [head.texts[column] for column in named]
    period = next((at for at in range(2, len(texts) // 2 + 1) if texts[at] == texts[0]), 0)
    if not period or len(texts) % period:
        return []
    if any(text != texts[at % period] for at, text in enumerate(texts)):
        return []
    return [named[at] for at in range(period, len(texts), period)]


def _is_apart(cells: CellGrid, band: _Band, left: int, right: int) -> bool:
    """Tell whether what stands left and right of an empty column are two tables."""
    before = {text for column, text in band.head.texts.items() if column <= left}
    after = {text for column, text in band.head.texts.items() if column >= right}
    if len(before) < 2 or len(after) < 2:
        return False
    if before & after or any(_has_two_titles(cells, row, left, right) for row in band.titles):
        return True
    ends = [0, 0]
    for row in band.rows:
        for column, _ in cells.filled(row):
            ends[column >= right] = row
    alone = range(ends[0] + 1, ends[1] + 1)  # what belongs to no row on the left is no part of one
    return any(sum(1 for _ in cells.filled(row)) > 1 for row in alone)


def _has_two_titles(cells: CellGrid, row: int, left: int, right: int) -> bool:
    columns = [column for column, _ in cells.filled(row)]
    return len(columns) == 2 and columns[0] <= left and columns[1] == right


def _table(
    cells: CellGrid, band: _Band, columns: Sequence[int], titles: tuple[str, ...], words: CellWords
) -> Table:
    lines = {column: band.head.lines[column] for column in columns if column in band.head.lines}
    kinds = RowKinds(cells, lines, words)
    filling = _Filling(cells, columns, band.head.last, frozenset(words.ditto))
    rows: list[Row] = []
    left_out: list[LeftOut] = []
    blank = 0
    for row in band.rows:
        reason = kinds.left_out(row, _within(cells, row, columns)) if cells.grid.rows[row] else "blank"
        if row in band.again and reason in ("", "note"):
            reason = "repeated-header"
        blank = blank + 1 if reason == "blank" else 0
        if not reason:
            rows.append(Row(row + 1, filling.cells_of(row)))
        elif blank <= MOST_BLANK:
            left_out.append(LeftOut(row + 1, reason))
    grid = cells.grid
    return Table(
        file=grid.file,
        sheet=grid.sheet,
        sheet_number=grid.number,
        number=1,
        titles=titles,
        header_row=band.head.last + 1,
        headers=tuple(Header(column + 1, band.head.texts.get(column, "")) for column in columns),
        rows=tuple(rows),
        left_out=tuple(left_out),
        hidden=grid.hidden,
    )


def _within(cells: CellGrid, row: int, columns: Sequence[int]) -> list[tuple[int, CellValue]]:
    """Return the filled cells of a row that belong to a table."""
    first, last = columns[0], columns[-1]
    return [(column, value) for column, value in cells.filled(row) if first <= column <= last]


class _Filling:
    """Fills the cells of records: from merged cells, and where a cell says 同上 from the record above."""

    def __init__(self, cells: CellGrid, columns: Sequence[int], head: int, ditto: frozenset[str]) -> None:
        self._cells, self._columns, self._head, self._ditto = cells, columns, head, ditto
        self._above: tuple[CellValue, ...] = ()

    def cells_of(self, row: int) -> tuple[CellValue, ...]:
        """Return one value for each column."""
        cut = self._cells.grid.rows[row]
        values: list[CellValue] = [cut[column] if column < len(cut) else None for column in self._columns]
        if self._cells.grid.merged and (covered := self._cells.covered(row, self._head + 1)):
            values = [
                covered.get(column) if value is None else value
                for column, value in zip(self._columns, values, strict=True)
            ]
        if self._above:
            for at, value in enumerate(values):
                if (
                    type(value) is str
                    and len(value) < _LONGEST_DITTO
                    and "".join(value.split()) in self._ditto
                ):
                    values[at] = self._above[at]
        self._above = tuple(values)
        return self._above
