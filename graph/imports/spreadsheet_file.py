"""Workbooks: .xlsx, .xlsm, .xlsb, .xls, .ods and the files of WPS, told by their content.

Formulas count with the value that the file keeps of them; nothing is calculated, no macro runs, no link is followed.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from graph.imports import archive, compound_file
from graph.imports.grid import CellValue, Merged
from graph.imports.refusal import FileRefused
from graph.imports.sheet import Sheet, readable, trimmed
from graph.imports.sheet_xml import MAX_COLUMNS, MAX_ROWS, DrawnTogether, prepared

MAX_MERGED = 200_000
"""Merged ranges of a sheet."""
_FAR = re.compile(rb'-repeated="[0-9]{5,}"')
_WHOLE = 2**53
"""Beyond it a floating-point number no longer tells whole numbers apart."""


def sheets_of(data: bytes) -> Iterator[Sheet]:
    """Yield the sheets of a workbook, hidden ones too, charts not.

    Raises:
        FileRefused: it is no workbook, or cannot be read.
    """
    drawn: Mapping[int, DrawnTogether] = {}
    errors: Mapping[int, Mapping[tuple[int, int], str]] = {}
    if data.startswith(b"PK"):
        data, drawn = _checked_zip(data)
    else:
        data, errors = compound_file.prepared(data)
    try:
        with CalamineWorkbook.from_filelike(io.BytesIO(data)) as workbook:
            data = b""
            yield from _sheets(workbook, drawn, errors)
    except PasswordError as fault:
        raise FileRefused("file-password") from fault
    except CalamineError as fault:
        raise FileRefused("file-too-much" if _may_be_far(data) else "file-damaged") from fault
    except BaseException as fault:
        if (
            type(fault).__name__ != "PanicException"
        ):  # what the library gives up with, at a date of the year 10**300
            raise
        raise FileRefused("file-damaged") from fault


def _checked_zip(data: bytes) -> tuple[bytes, Mapping[int, DrawnTogether]]:
    with archive.opened(data) as bundle:
        kind = archive.workbook_kind(bundle)
        if not kind:
            raise FileRefused("zip-nested")
        archive.check_size(bundle)
        if kind == "xlsx":
            return prepared(data, bundle)
        if kind == "ods":
            archive.check_open_document(bundle)
        return data, {}


def _may_be_far(data: bytes) -> bool:
    """Tell whether it may be for cells far out that the library does not read an open document: it does not say."""
    if not data.startswith(b"PK"):
        return False
    with archive.opened(data) as bundle:
        return archive.workbook_kind(bundle) == "ods" and any(
            _FAR.search(piece) for piece in archive.pieces(bundle, "content.xml")
        )


def _sheets(
    workbook: CalamineWorkbook,
    drawn: Mapping[int, DrawnTogether],
    errors: Mapping[int, Mapping[tuple[int, int], str]],
) -> Iterator[Sheet]:
    if len(set(workbook.sheet_names)) != len(workbook.sheet_names):
        raise FileRefused("file-damaged")  # asked for by name, one would be read twice
    for number, about in enumerate(workbook.sheets_metadata):
        if about.typ != SheetTypeEnum.WorkSheet:
            continue
        sheet = workbook.get_sheet_by_index(number)
        rows = _rows(sheet)
        if number in drawn:
            rows = _apart(rows, drawn[number])
        if number in errors:
            rows = _with_errors(rows, errors[number])
        yield Sheet(about.name, rows, about.visible != SheetVisibleEnum.Visible, _merged(sheet))


def _rows(sheet: CalamineSheet) -> Iterator[list[CellValue]]:
    """Yield the rows from the first of the sheet; the library leaves empty columns before the first cell out."""
    if sheet.start is None or sheet.end is None:
        return
    if sheet.end[0] >= MAX_ROWS or sheet.end[1] >= MAX_COLUMNS:
        raise FileRefused("file-damaged")
    before: list[CellValue] = [None] * sheet.start[1]
    for row in sheet.iter_rows():
        yield trimmed(before + [_VALUES[type(value)](value) for value in row])


def _apart(rows: Iterator[list[CellValue]], drawn: DrawnTogether) -> Iterator[list[CellValue]]:
    """Yield rows that were drawn together where they stood, and the empty rows between them."""
    at = 0
    for place, row in zip(drawn.rows, rows, strict=False):
        while at < place:
            yield []
            at += 1
        apart: list[CellValue] = [None] * (drawn.columns[len(row) - 1] + 1 if row else 0)
        for column, value in zip(drawn.columns, row, strict=False):
            if value is not None:
                apart[column] = value
        yield apart
        at += 1


def _with_errors(
    rows: Iterator[list[CellValue]], errors: Mapping[tuple[int, int], str]
) -> Iterator[list[CellValue]]:
    """Yield rows with the error values that the library leaves empty."""
    by_row: dict[int, dict[int, str]] = {}
    for (at, column), text in errors.items():
        by_row.setdefault(at, {})[column] = text
    for number, row in enumerate(rows):
        for column, text in by_row.get(number, {}).items():
            row += [None] * (column + 1 - len(row))
            row[column] = text
        yield row


def _merged(sheet: CalamineSheet) -> tuple[Merged, ...]:
    ranges = sheet.merged_cell_ranges or []
    if len(ranges) > MAX_MERGED:
        raise FileRefused("file-damaged")
    return tuple(
        Merged(first[0] + 1, first[1] + 1, last[0] + 1, last[1] + 1)
        for first, last in ranges
        if first <= last and first[1] <= last[1]
    )


def _text(value: str) -> CellValue:
    return readable(value) or None


def _number(value: float) -> CellValue:
    """Return a number that is whole as such: the formats keep none but floating-point ones."""
    if value != value or value in (float("inf"), float("-inf")):
        return str(value)
    return int(value) if value.is_integer() and abs(value) < _WHOLE else value


def _duration(value: timedelta) -> CellValue:
    minutes, seconds = divmod(int(value.total_seconds()), 60)
    return f"{minutes // 60}:{minutes % 60:02}:{seconds:02}"


def _same(value: CellValue) -> CellValue:
    return value


_VALUES: Mapping[type, Callable[[Any], CellValue]] = {
    str: _text,
    float: _number,
    timedelta: _duration,
    **dict.fromkeys((int, bool, date, datetime, time), _same),
}
