"""A sheet as it comes out of a file: the process that reads hands it on row by row."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from graph.imports.grid import CellValue, Merged


@dataclass(frozen=True)
class Sheet:
    """One sheet of a file.

    Attributes:
        name: its name; empty where the format has no sheets.
        rows: its rows from the first, to be taken once; each without empty cells at its end.
        hidden: whether it is hidden.
        merged: merged ranges.
    """

    name: str
    rows: Iterable[list[CellValue]]
    hidden: bool = False
    merged: tuple[Merged, ...] = ()


def trimmed(row: list[CellValue]) -> list[CellValue]:
    """Return a row without the empty cells at its end; the row itself is shortened."""
    while row and row[-1] is None:
        row.pop()
    return row


_UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ufffe\uffff]")
"""Control characters: no font shows them, and no format that we write takes them."""


def readable(text: str) -> str:
    """Return a text without control characters; line ends are written in one way."""
    if text.isprintable():
        return text
    return _UNSEEN.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
