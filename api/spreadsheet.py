"""Excel workbooks of lists: sheets of rows with a frozen header, a filter, and columns wide enough to read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from graph.imports.workbook_file import (
    FORMULA_SIGNS,
    MEDIA_TYPE,
    Page,
    Properties,
    Written,
    workbook_bytes,
    writable,
)
from graph.imports.workbook_file import Cell as WrittenCell

Cell = str | Decimal | None
"""A text, a number, or nothing."""


@dataclass(frozen=True)
class Sheet:
    """One sheet: its name, header and rows; ``has_filter`` lets readers choose rows by their values."""

    name: str
    header: Sequence[str]
    rows: Iterable[Sequence[Cell]]
    has_filter: bool = True


def neutral(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula, also when it is saved as CSV and opened again."""
    return f"'{text}" if text.startswith(FORMULA_SIGNS) else text


def workbook(sheets: Sequence[Sheet], day: date) -> bytes:
    """Return a workbook as bytes; ``day`` stands in it as the day on which it was made."""
    pages = [Page(sheet.name, _rows(sheet), has_filter=sheet.has_filter) for sheet in sheets]
    return workbook_bytes(pages, Properties(day))


def _rows(sheet: Sheet) -> Iterator[Sequence[Written]]:
    yield [WrittenCell(neutral(writable(text)), "head") for text in sheet.header]
    for row in sheet.rows:
        yield [neutral(writable(cell)) if isinstance(cell, str) else cell for cell in row]


__all__ = ["MEDIA_TYPE", "Cell", "Sheet", "neutral", "workbook"]
