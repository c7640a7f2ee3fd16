"""Excel workbooks: sheets of rows with a frozen header, a filter, and columns wide enough to read."""

from __future__ import annotations

import io
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from itertools import chain, islice
from typing import Any

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

Cell = str | Decimal | None
"""A text, a number, or nothing."""

_FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")  # what XML cannot hold
_MEASURED = 200  # rows that are looked at to find how wide a column is
_NARROWEST, _WIDEST = 8, 48
_MOST_CHARACTERS = 32_767  # in one cell


@dataclass(frozen=True)
class Sheet:
    """One sheet: its name, header and rows; ``has_filter`` lets readers choose rows by their values."""

    name: str
    header: Sequence[str]
    rows: Iterable[Sequence[Cell]]
    has_filter: bool = True


def neutral(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(_FORMULA_SIGNS) else text


def workbook(sheets: Sequence[Sheet], day: date) -> bytes:
    """Return a workbook as bytes; ``day`` stands in it as the day on which it was made."""
    from openpyxl import Workbook  # wanted by few requests, and not at the start

    book = Workbook(write_only=True)
    book.properties.creator = "medalliance"
    book.properties.created = book.properties.modified = datetime(day.year, day.month, day.day)
    for sheet in sheets:
        _write(book.create_sheet(sheet.name), sheet)
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def _write(target: Any, sheet: Sheet) -> None:
    rows = iter(sheet.rows)
    first = list(islice(rows, _MEASURED))
    letters = [_letter(place) for place in range(len(sheet.header))]
    for letter, width in zip(letters, _widths([sheet.header, *first]), strict=True):
        target.column_dimensions[letter].width = width
    target.freeze_panes = "A2"
    target.append([_heading(target, text) for text in sheet.header])
    count = 1
    for row in chain(first, rows):
        target.append([_clean(cell) for cell in row])
        count += 1
    if sheet.has_filter:
        target.auto_filter.ref = f"A1:{letters[-1]}{count}"


def _heading(target: Any, text: str) -> Any:
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Font

    cell = WriteOnlyCell(target, _clean(text))
    cell.font = Font(bold=True)
    return cell


def _clean(cell: Cell) -> Cell:
    return neutral(_UNWRITABLE.sub("", cell))[:_MOST_CHARACTERS] if isinstance(cell, str) else cell


def _letter(place: int) -> str:
    from openpyxl.utils import get_column_letter

    return str(get_column_letter(place + 1))


def _widths(rows: Sequence[Sequence[Cell]]) -> list[int]:
    """Return how wide columns should be; Chinese characters take two places."""
    widths = [max(_width(cell) for cell in column) for column in zip(*rows, strict=True)]
    return [min(max(width + 2, _NARROWEST), _WIDEST) for width in widths]


def _width(cell: Cell) -> int:
    text = "" if cell is None else str(cell)
    return sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text)
