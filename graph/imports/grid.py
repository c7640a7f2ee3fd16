"""What a spreadsheet file holds, as read: sheets of cells, before anybody knows what they mean."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import NamedTuple

CellValue = str | int | float | bool | date | datetime | time | None
"""The value of one cell; formulas count with the value that the file keeps of them. ``None``: empty."""


class Merged(NamedTuple):
    """A merged range of cells, counted from 1; its value stands in the first cell."""

    first_row: int
    first_column: int
    last_row: int
    last_column: int


@dataclass(frozen=True)
class Grid:
    """One sheet of one file.

    Attributes:
        file: name of the file, without folders.
        sheet: name of the sheet; the file's name without its ending where the format has no sheets.
        number: which sheet of the file it is, from 1.
        rows: its cells; row 1 of the sheet is ``rows[0]``. Rows may differ in length.
        hidden: whether the sheet is hidden.
        merged: merged ranges.
    """

    file: str
    sheet: str
    number: int
    rows: tuple[tuple[CellValue, ...], ...]
    hidden: bool = False
    merged: tuple[Merged, ...] = ()


def column_letter(number: int) -> str:
    """Return the letters that a spreadsheet gives a column, counted from 1.

    >>> [column_letter(number) for number in (1, 26, 27, 703)]
    ['A', 'Z', 'AA', 'AAA']
    """
    letters = ""
    while number > 0:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
