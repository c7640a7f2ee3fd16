"""The corrected copy: the sender's rows come back with every problem marked where it stands, and a list of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import islice

from graph.imports.aside import is_aside
from graph.imports.grid import CellValue, Grid, column_letter
from graph.imports.remarks import Remark, Severity
from graph.imports.table import Table
from graph.imports.workbook_file import (
    Cell,
    Page,
    Properties,
    Range,
    Written,
    link_to,
    sheet_names,
    workbook_bytes,
)
from graph.imports.writing_texts import marked, sheet_name, text, writing_texts

MOST_LISTED = 20_000
"""Problems in the list; more are only marked in their rows."""
MOST_NOTES = 5_000
"""Notes on one sheet: spreadsheets become slow with more. The last column says the same."""

_MARKED: tuple[Severity, ...] = ("error", "warning")


def corrected_copy(
    grids: Sequence[Grid], remarks: Iterable[Remark], language: str, day: date, tables: Sequence[Table] = ()
) -> bytes:
    """Return the sheets of one file with their problems marked (.xlsx).

    All sheets come back, with every cell where it was, so that the copy imports as the file did. Problem cells are
    coloured and have a note; the last column says what is wrong in the row; the first sheet lists all problems.

    Args:
        grids: the sheets of the file as read.
        remarks: what is to be said of them; only errors and warnings are marked.
        language: ``zh`` or ``en``.
        day: the day on which it is made.
        tables: the tables found on the sheets; the last column gets its name in their heads.
    """
    kept = [grid for grid in grids if not is_aside(grid)]
    *names, listing = sheet_names([*(grid.sheet for grid in kept), sheet_name("problems", language)])
    problems = [remark for remark in remarks if remark.severity in _MARKED]
    sheets = _by_sheet(problems)
    pages = [
        _Marked(grid, name, sheets.get(grid.sheet, []), language, _head_rows(grid, tables)).page()
        for grid, name in zip(kept, names, strict=True)
    ]
    places = {grid.sheet: name for grid, name in zip(kept, names, strict=True)}
    first = Page(listing, _list_rows(problems, places, language), widths=_LIST_WIDTHS, head_row=3)
    return workbook_bytes([first, *pages], Properties(day, text("problems", "title", language)))


_LIST_WIDTHS = (12, 8, 22, 7, 18, 24, 48, 48)


@dataclass(frozen=True)
class _Marked:
    """One sheet with its problems."""

    grid: Grid
    name: str
    remarks: Sequence[Remark]
    language: str
    head_rows: frozenset[int]
    by_row: Mapping[int, list[Remark]] = field(default_factory=lambda: defaultdict(list))

    def page(self) -> Page:
        for remark in self.remarks:
            self.by_row[remark.row].append(remark)
        return Page(
            self.name,
            self._rows(),
            head_row=min(self.head_rows, default=0),
            hidden=self.grid.hidden,
            merged=[Range(*area) for area in self.grid.merged],
        )

    def _rows(self) -> Iterator[Sequence[Written]]:
        last, notes = self._last_column(), iter(range(MOST_NOTES))
        for number, row in enumerate(self.grid.rows, 1):
            found = self.by_row.get(number, [])
            if found:
                yield [*self._cells(_fitted(row, last), found, notes), self._summary(found)]
            elif number in self.head_rows and self.remarks:
                yield [*_fitted(row, last), Cell(text("problems", "column", self.language), "head")]
            else:
                yield row if len(row) <= last else row[:last]

    def _last_column(self) -> int:
        """Return the last column of the sender's own; the one that an earlier copy added is not."""
        heads = [self.grid.rows[number - 1] for number in self.head_rows]
        ours = set(writing_texts()["problems"]["column"].values())
        ends = [len(head) - 1 for head in heads if head and head[-1] in ours]
        return min([*ends, max(map(len, self.grid.rows), default=0)])

    def _cells(
        self, row: Sequence[CellValue], found: list[Remark], notes: Iterator[int]
    ) -> Iterator[Written]:
        by_column: dict[int, list[Remark]] = defaultdict(list)
        for remark in found:
            by_column[remark.column].append(remark)
        for column, value in enumerate(row, 1):
            said = by_column.get(column)
            if said is None:
                yield value
            else:
                note = _note(said, self.language) if next(notes, None) is not None else ""
                yield Cell(value, _worst(said), note)

    def _summary(self, found: list[Remark]) -> Cell:
        lines = [_said(remark, self.language) for remark in sorted(found, key=_order)]
        return Cell("\n".join(lines), _worst(found))


def _fitted(row: Sequence[CellValue], length: int) -> list[CellValue]:
    """Return a row with exactly so many cells."""
    return [*row[:length], *[None] * (length - len(row))]


def _note(remarks: Sequence[Remark], language: str) -> str:
    """Return what is said on a cell: what is wrong, and what to do."""
    return "\n".join(
        f"{_severity(remark, language)}: {remark.what(language)}\n→ {remark.remedy(language)}"
        for remark in sorted(remarks, key=_order)
    )


def _said(remark: Remark, language: str) -> str:
    """Return one line of the last column."""
    where = f"{remark.heading}: " if remark.heading else ""
    return f"{_severity(remark, language)} {where}{remark.what(language)} → {remark.remedy(language)}"


def _severity(remark: Remark, language: str) -> str:
    return str(writing_texts()["problems"]["severity"][remark.severity][language])


def _worst(remarks: Sequence[Remark]) -> Severity:
    return min(remarks, key=_order).severity


def _order(remark: Remark) -> tuple[int, int]:
    return _MARKED.index(remark.severity), remark.column


def _by_sheet(remarks: Iterable[Remark]) -> Mapping[str, list[Remark]]:
    sheets: dict[str, list[Remark]] = defaultdict(list)
    for remark in remarks:
        if remark.row:
            sheets[remark.sheet].append(remark)
    return sheets


def _head_rows(grid: Grid, tables: Iterable[Table]) -> frozenset[int]:
    return frozenset(table.header_row for table in tables if table.sheet_number == grid.number)


def _list_rows(
    remarks: Sequence[Remark], places: Mapping[str, str], language: str
) -> Iterator[Sequence[Written]]:
    """Yield the list of all problems, errors first."""
    yield [Cell(marked(text("problems", "title", language)), "title")]
    yield [Cell(text("problems", "explanation" if remarks else "none", language), "plain")]
    yield [Cell(head, "head") for head in writing_texts()["problems"]["heads"][language]]
    listed = sorted(remarks, key=lambda r: (_MARKED.index(r.severity), r.sheet, r.row, r.column))
    for remark in islice(listed, MOST_LISTED):
        yield _list_row(remark, places, language)
    if len(listed) > MOST_LISTED:
        yield [Cell(text("problems", "more", language, number=len(listed) - MOST_LISTED), "plain")]


def _list_row(remark: Remark, places: Mapping[str, str], language: str) -> Sequence[Written]:
    sheet = places.get(remark.sheet, "")
    place = f"{column_letter(remark.column)}{remark.row}" if remark.row else ""
    leads_to = link_to(sheet, remark.column, remark.row) if sheet else ""
    return [
        Cell(_severity(remark, language), remark.severity),
        Cell(place, "link", leads_to=leads_to) if leads_to and place else Cell(place),
        Cell(remark.sheet),
        Cell(remark.row or None, "number"),
        Cell(remark.heading),
        Cell(remark.value),
        Cell(remark.what(language)),
        Cell(remark.remedy(language)),
    ]
