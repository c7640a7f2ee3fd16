"""Rows, understood: the records of a table, and what is to be said of its cells."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import NamedTuple

from graph.imports.cells import Note, info, shown, warning
from graph.imports.grid import CellValue
from graph.imports.recognition import RecognisedColumn, Recognition
from graph.imports.records import Concept, Day, Number, Record, Value
from graph.imports.remarks import Remark
from graph.imports.repetitions import repetitions
from graph.imports.row_checks import RowCheck, row_checks
from graph.imports.table import Row, Table
from graph.imports.understanding import Context, Reader, reader
from ontology.workbook import ColumnKind, SheetKind

__all__ = ["Context", "Rows", "records_of"]

MOST_ALIKE = 200
"""So many cells of a column are told one by one that something is worth knowing; the rest is counted."""
FEWEST_DATES = 5
"""From so many dates on, all on the first of a month, it is said that they may be months."""

_VOCABULARY = "https://w3id.org/medalliance/vocab/"
_MA = "https://w3id.org/medalliance/ontology#"


@dataclass(frozen=True)
class Rows:
    """What the rows of a table say.

    Attributes:
        records: one for each row that can be kept.
        remarks: what is to be said of its cells, rows and columns.
        empty: column key to the number of records that state nothing there.
    """

    records: tuple[Record, ...]
    remarks: tuple[Remark, ...]
    empty: Mapping[str, int] = field(default_factory=dict)


class _Read(NamedTuple):
    """One column as it is read."""

    key: str
    at: RecognisedColumn
    read: Reader


def records_of(table: Table, recognition: Recognition, context: Context) -> Rows:
    """Return the records of a table, and what is to be said about it.

    Every cell that is not empty is a value of a record, or in a remark; a row without what it is meaningless
    without gives no record, but a remark.

    Args:
        table: the table.
        recognition: what it is; a table that is not used has no records.
        context: what holds for all of its cells.
    """
    if not recognition.used:
        return Rows((), ())
    return _TableReading(table, recognition, context).rows()


class _TableReading:
    """The reading of one table."""

    def __init__(self, table: Table, recognition: Recognition, context: Context) -> None:
        self.table, self.key, self.context = table, table.key, context
        self.kind: SheetKind = context.book.sheet(recognition.kind)
        self.columns = _in_order(recognition, self.kind, context)
        self.places = {one.key: one.at for one in reversed(self.columns)}
        self.required = [
            column for column in self.kind.columns if column.required and column.key in self.places
        ]
        self.until = {one.key: one.until for one in self.kind.columns if one.until}
        self.checks: tuple[RowCheck, ...] = row_checks(self.kind, frozenset(self.places), context.crs)
        self.numbers = {key: place.column for key, place in self.places.items()}
        self.remarks: list[Remark] = []
        self.alike: Counter[tuple[int, str]] = Counter()

    def rows(self) -> Rows:
        """Return what the table says."""
        records = [record for row in self.table.rows if (record := self._record(row))]
        self._without_repetitions(records)
        self._say_firsts_of_months()
        self._say_how_many_more()
        records = [self._with_crs(record) for record in records]
        stated = Counter(key for record in records for key in record.values)
        empty = {key: len(records) - stated[key] for key in self.places}
        return Rows(tuple(records), tuple(self.remarks), empty)

    def _record(self, row: Row) -> Record | None:
        values = self._values(row)
        self._check(values, row)
        missing = next((column for column in self.required if column.key not in values), None)
        if missing:
            self._say_missing(missing, values, row)
            return None
        return Record(
            table=self.key,
            file=self.table.file,
            sheet=self.table.sheet,
            sheet_number=self.table.sheet_number,
            row=row.number,
            kind=self.kind.key,
            values=values,
            columns=self.numbers,
        )

    def _values(self, row: Row) -> dict[str, tuple[Value, ...]]:
        """Return what the cells of a row state, by the keys of their columns, in the order of the workbook."""
        values: dict[str, tuple[Value, ...]] = {}
        ends: dict[str, tuple[RecognisedColumn, Value]] = {}
        cells = row.cells
        for key, at, read in self.columns:
            cell = cells[at.index] if at.index < len(cells) else None
            if cell is None or cell == "":
                continue
            found = read(cell)
            for note in found.notes:
                self._say(note, row, at, cell)
            if found.values:
                values[key] = (*values[key], *found.values) if key in values else found.values
            if found.until is not None:
                ends[key] = at, found.until
        for key, (at, end) in ends.items():
            self._end(key, at, end, values, row)
        return values

    def _end(
        self, key: str, at: RecognisedColumn, end: Value, values: dict[str, tuple[Value, ...]], row: Row
    ) -> None:
        """Put the end of a period that stands in the cell of its start where it belongs."""
        said = {"start": _texts(values.get(key, ())), "end": _texts((end,))}
        column = self.until.get(key, "")
        cell = row.cells[at.index]
        if not column:
            self._say(warning("period-without-end-column", **said), row, at, cell)
        elif column in values and values[column] != (end,):
            self._say(warning("period-and-end", **said, other=_texts(values[column])), row, at, cell)
        else:
            values[column] = (end,)
            self._say(info("period-in-one-cell", **said), row, at, cell)

    def _check(self, values: dict[str, tuple[Value, ...]], row: Row) -> None:
        for check in self.checks:
            for column, note, drops in list(check(values)):
                if at := self.places.get(column):
                    self._say(note, row, at, _cell(row, at))
                if drops:
                    values.pop(column, None)

    def _say_missing(self, column: ColumnKind, values: Mapping[str, object], row: Row) -> None:
        at = self.places[column.key]
        said = " ".join(text for cell in row.cells if (text := shown(cell)))[:80]
        self.remarks.append(
            Remark(
                "row-without",
                "error",
                self.table.file,
                self.table.sheet,
                self.key,
                row.number,
                at.column,
                at.heading,
                shown(_cell(row, at)),
                {"column_name": column.labels, "content": said},
            )
        )

    def _without_repetitions(self, records: list[Record]) -> None:
        """Say which records repeat others, and take out of them what two cannot both have."""
        by_row = {row.number: row for row in self.table.rows}
        for place, column, note, drops in list(repetitions(records, self.kind)):
            record = records[place]
            if at := self.places.get(column):
                row = by_row[record.row]
                self._say(note, row, at, _cell(row, at))
            if drops:
                kept = {key: values for key, values in record.values.items() if key != column}
                records[place] = replace(record, values=kept)

    def _with_crs(self, record: Record) -> Record:
        """Return a record with the coordinate system of the whole import, where it has coordinates and names none."""
        keys = {column.property.removeprefix(_MA): column.key for column in self.kind.columns}
        axes = (keys.get("longitudeStated", ""), keys.get("latitudeStated", ""))
        if (
            not self.context.crs
            or keys.get("crs") in record.values
            or not any(axis in record.values for axis in axes)
        ):
            return record
        crs = (Concept(f"{_VOCABULARY}crs/{self.context.crs}"),)
        return replace(record, values={**record.values, keys["crs"]: crs})

    def _say_firsts_of_months(self) -> None:
        """Say of a column of dates that all are the first of a month, so that months may be meant."""
        for key, at, _ in self.columns:
            if self.kind.column(key).kind != "date" or self.kind.column(key).precision:
                continue
            cells = [_cell(row, at) for row in self.table.rows]
            days = [cell for cell in cells if isinstance(cell, date)]
            if len(days) >= FEWEST_DATES and all(day.day == 1 for day in days):
                self.remarks.append(self._remark(warning("dates-all-first", count=str(len(days))), 0, at, ""))

    def _say(self, note: Note, row: Row, at: RecognisedColumn, cell: CellValue) -> None:
        if note.severity == "info":
            self.alike[at.column, note.code] += 1
            if self.alike[at.column, note.code] > MOST_ALIKE:
                return
        self.remarks.append(self._remark(note, row.number, at, shown(cell)))

    def _say_how_many_more(self) -> None:
        headings = {at.column: at for _, at, _ in self.columns}
        for (column, _code), count in self.alike.items():
            if count > MOST_ALIKE:
                note = info("more-alike", count=str(count - MOST_ALIKE))
                self.remarks.append(self._remark(note, 0, headings[column], ""))

    def _remark(self, note: Note, row: int, at: RecognisedColumn, value: str) -> Remark:
        table = self.table
        return Remark(
            note.code,
            note.severity,
            table.file,
            table.sheet,
            self.key,
            row,
            at.column,
            at.heading,
            value[:200],
            note.said,
        )


def _in_order(recognition: Recognition, kind: SheetKind, context: Context) -> tuple[_Read, ...]:
    """Return the used columns in the order of the workbook."""
    order = {column.key: place for place, column in enumerate(kind.columns)}
    used = sorted((column for column in recognition.columns if column.key), key=lambda one: order[one.key])
    return tuple(_Read(column.key, column, reader(kind.column(column.key), context)) for column in used)


def _cell(row: Row, at: RecognisedColumn) -> CellValue:
    return row.cells[at.index] if at.index < len(row.cells) else None


def _texts(values: Sequence[Value]) -> str:
    return "、".join(
        value.text
        if isinstance(value, Day)
        else f"{value.number:f}"
        if isinstance(value, Number)
        else str(value[0])
        for value in values
    )
