r"""What becomes of each cell of a file: said in a CSV, and told of the real reading, to be compared.

A line of such a CSV is one cell: its sheet, row and column, what is found in it, what becomes of it, what is kept,
and the codes of the remarks about it. ``found`` begins with ``n:`` for a number, ``d:`` for a date; ``\\n`` is a
line end.

    title, header       above a table; the head of a column
    ignored, unused     in a column that says nothing (序号); in a column that is no part of the workbook
    left-out            in a row that is no record (``expected``: why)
    hidden, no-table    on a sheet that is hidden; where there is no table
    refused             in a table about single persons
    stated, restricted  kept, and public or not (``expected``: what)
    nothing             says on purpose that there is nothing, or that nobody knows
    dropped             cannot be kept; a remark says why
    missing             empty, and a remark says that it must not be
"""

from __future__ import annotations

import csv
import io
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import NamedTuple

from openpyxl import Workbook as Spreadsheet
from openpyxl.utils import column_index_from_string, get_column_letter

from graph.imports.grid import CellValue, Grid
from graph.imports.packaged_vocabulary import packaged_vocabulary
from graph.imports.recognition import Recognition, recognised
from graph.imports.records import Area, Concept, Day, Named, Number, Otherwise, Phone, Record, Text, Value
from graph.imports.remarks import Remark
from graph.imports.rows import Context, records_of
from graph.imports.table import Table
from graph.imports.tables import tables_in
from ontology.areas import AREA

DATA = Path(__file__).parent / "data"
TODAY = date(2026, 11, 23)
_ABOUT_PEOPLE = ("patient-", "person-")
_VOCABULARY = "https://w3id.org/medalliance/vocab/"


class Cell(NamedTuple):
    """A cell, and what becomes of it."""

    sheet: str
    row: int
    column: str
    outcome: str
    expected: str = ""
    remarks: str = ""


@dataclass(frozen=True)
class Line:
    """A line of the CSV: a cell with what is found in it."""

    cell: Cell
    found: CellValue


@dataclass(frozen=True)
class Understood:
    """A file, understood as far as its rows go."""

    tables: tuple[Table, ...]
    recognitions: tuple[Recognition, ...]
    records: tuple[Record, ...]
    remarks: tuple[Remark, ...]


def lines(name: str) -> list[Line]:
    """Return the lines of a CSV in tests/data."""
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return [line_of(row) for row in csv.DictReader(file)]


def line_of(row: Mapping[str, str]) -> Line:
    """Return a line of the CSV."""
    at = Cell(row["sheet"], int(row["row"]), row["column"], row["outcome"], row["expected"], row["remarks"])
    return Line(at, _found(row["found"].replace("\\n", "\n")))


def workbook_bytes(
    listed: Iterable[Line], *, merged: Mapping[str, Sequence[str]], hidden: Sequence[str] = ()
) -> bytes:
    """Return the workbook in which these cells are found.

    Args:
        listed: the cells.
        merged: name of a sheet to its merged ranges.
        hidden: names of sheets that are hidden.
    """
    book = Spreadsheet()
    book.remove(book.active)
    for line in listed:
        at = line.cell
        sheet = book[at.sheet] if at.sheet in book.sheetnames else book.create_sheet(at.sheet)
        cell = sheet.cell(at.row, column_index_from_string(at.column), line.found)
        if isinstance(line.found, str) and line.found.startswith("="):
            cell.data_type = "s"  # what WPS keeps as the value of a cell with a picture
    for name, ranges in merged.items():
        for one in ranges:
            book[name].merge_cells(one)
    for name in hidden:
        book[name].sheet_state = "hidden"
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def understood(grids: Sequence[Grid], area: str = "220000") -> Understood:
    """Return what a file says, by the real recognition and reading of cells."""
    context = Context(AREA + area if area else "", "", TODAY, packaged_vocabulary())
    tables = [table for grid in grids for table in tables_in(grid)]
    recognitions = [recognised(table) for table in tables]
    rows = [records_of(*pair, context) for pair in zip(tables, recognitions, strict=True)]
    return Understood(
        tuple(tables),
        tuple(recognitions),
        tuple(record for one in rows for record in one.records),
        tuple(
            remark
            for recognition, one in zip(recognitions, rows, strict=True)
            for remark in (*recognition.remarks, *one.remarks)
        ),
    )


def outcomes(grids: Sequence[Grid], said: Understood) -> list[Cell]:
    """Return what becomes of every cell that is not empty, or is filled by a merged cell."""
    by_sheet = {
        grid.number: _SheetOutcomes(grid, [t for t in said.tables if t.sheet_number == grid.number], said)
        for grid in grids
    }
    return sorted(cell for one in by_sheet.values() for cell in one.cells())


class _SheetOutcomes:
    """What becomes of the cells of one sheet."""

    def __init__(self, grid: Grid, tables: Sequence[Table], said: Understood) -> None:
        self._grid, self._tables = grid, tables
        self._recognitions = {one.table: one for one in said.recognitions}
        self._records = {(one.table, one.row): one for one in said.records}
        self._remarks: dict[tuple[int, int], list[Remark]] = defaultdict(list)
        for remark in said.remarks:
            if remark.sheet == grid.sheet:
                self._remarks[remark.row, remark.column].append(remark)

    def cells(self) -> Iterator[Cell]:
        """Yield the cells."""
        for number, row in enumerate(self._grid.rows, 1):
            for column, value in enumerate(row, 1):
                cell = self._cell(number, column, value)
                if cell:
                    yield cell

    def _cell(self, row: int, column: int, value: CellValue) -> Cell | None:
        table = self._table(row, column)
        remarks = self._remarks[row, column]
        if value is None and not (table and self._values(table, row, column)):
            outcome, expected = ("missing", "") if remarks else ("", "")
        else:
            outcome, expected = self._outcome(table, row, column)
        if not outcome:
            return None
        said = " ".join(dict.fromkeys(remark.code for remark in remarks))
        return Cell(self._grid.sheet, row, get_column_letter(column), outcome, expected, said)

    def _table(self, row: int, column: int) -> Table | None:
        """Return the table that a cell belongs to, or is above or beside."""
        below = [
            table
            for table in self._tables
            if row
            <= max([table.header_row, *(r.number for r in table.rows), *(r.row for r in table.left_out)])
        ]
        beside = [t for t in below if t.headers[0].column <= column <= t.headers[-1].column]
        return min(beside or below, key=lambda table: table.header_row, default=None)

    def _outcome(self, table: Table | None, row: int, column: int) -> tuple[str, str]:
        if table is None:
            return "no-table", ""
        if self._grid.hidden:
            return "hidden", ""
        if row <= table.header_row:
            return "header" if self._is_head(table, row, column) else "title", ""
        reasons = [one.reason for one in table.left_out if one.row == row]
        if reasons:
            return "left-out", reasons[0]
        recognition = self._recognitions[table.key]
        if any(remark.code.startswith(_ABOUT_PEOPLE) for remark in recognition.remarks):
            return "refused", ""
        at = next((one for one in recognition.columns if one.column == column), None)
        if at is None or not at.key:
            return "ignored" if at and at.recognised_by == "ignored" else "unused", ""
        values = self._values(table, row, column)
        if values:
            return "stated" if at.visibility == "public" else "restricted", " | ".join(map(_told, values))
        is_kept = all(remark.severity == "info" for remark in self._remarks[row, column])
        return "nothing" if is_kept and (table.key, row) in self._records else "dropped", ""

    def _is_head(self, table: Table, row: int, column: int) -> bool:
        texts = {header.column: header.text for header in table.headers}
        value = self._grid.rows[row - 1][column - 1]
        return row == table.header_row or (
            isinstance(value, str) and value in texts.get(column, "") and value not in table.titles
        )

    def _values(self, table: Table, row: int, column: int) -> tuple[Value, ...]:
        record = self._records.get((table.key, row))
        if record is None:
            return ()
        columns = self._recognitions[table.key].columns
        key = next((one.key for one in columns if one.column == column), "")
        values = record.values.get(key, ())
        if sum(one.key == key for one in columns) < 2:
            return values
        cell = self._grid.rows[row - 1][column - 1] if column <= len(self._grid.rows[row - 1]) else None
        return tuple(value for value in values if _is_from(value, cell))


def _is_from(value: Value, cell: CellValue) -> bool:
    """Tell whether a value is from this cell rather than from another of the same row and kind: by its digits."""
    digits = [re.sub(r"\D", "", str(one)) for one in (value[0], cell)]
    return bool(digits[0]) and digits[0] in digits[1]


def _told(value: Value) -> str:
    match value:
        case Concept(iri):
            return f"concept:{iri.removeprefix(_VOCABULARY)}"
        case Area(iri):
            return f"area:{iri.removeprefix(AREA)}"
        case Number(number):
            return f"number:{number:f}"
        case Phone(text, is_mobile):
            return f"{'mobile' if is_mobile else 'phone'}:{text}"
        case Named(text, to):
            return f"{to}:{text}"
        case Day(text):
            return f"day:{text}"
        case Otherwise(text):
            return f"otherwise:{text}"
        case Text(text):
            return f"text:{text}"


def _found(said: str) -> CellValue:
    kind, _, rest = said.partition(":")
    if kind == "n":
        return float(rest) if "." in rest else int(rest)
    if kind == "d":
        return datetime.fromisoformat(rest)
    return said.removeprefix("f:") or None
