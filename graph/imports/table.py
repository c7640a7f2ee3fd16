"""A table found on a sheet: its titles, its header, its rows, and what was left out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from graph.imports.grid import CellValue


class Header(NamedTuple):
    """The head of a column: where it is (from 1) and what it says; heads of two rows are joined with a space."""

    column: int
    text: str


class Row(NamedTuple):
    """One row of a table: where it is on the sheet (from 1), and one value for each header."""

    number: int
    cells: tuple[CellValue, ...]


class LeftOut(NamedTuple):
    """A row that is no record, and why: ``total``, ``blank``, ``repeated-header``, ``note``, ``example``."""

    row: int
    reason: str


@dataclass(frozen=True)
class Table:
    """One table of one sheet. A sheet may hold several, below or beside one another.

    Attributes:
        file, sheet, sheet_number: where it stands.
        number: which table of the sheet it is, from 1.
        titles: the texts above its header, from the top.
        header_row: the (last) row of its header, from 1.
        headers: the heads of its columns, from the left.
        rows: its records; 同上 and merged cells are filled in.
        left_out: rows that are no records.
        hidden: whether the sheet is hidden.
    """

    file: str
    sheet: str
    sheet_number: int
    number: int
    titles: tuple[str, ...]
    header_row: int
    headers: tuple[Header, ...]
    rows: tuple[Row, ...]
    left_out: tuple[LeftOut, ...] = ()
    hidden: bool = False

    @property
    def key(self) -> str:
        """What the table is called in a staged import: file, sheet number and table number."""
        return f"{self.file}#{self.sheet_number}.{self.number}"
