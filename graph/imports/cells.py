"""Cells, understood: what a cell states, and what is to be said about it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time
from typing import NamedTuple

from graph.imports.grid import CellValue
from graph.imports.records import Value
from graph.imports.remarks import Severity


class Note(NamedTuple):
    """What is to be said of a cell: code and severity of a remark, and what fills the blanks of its texts."""

    code: str
    severity: Severity
    said: Mapping[str, object]


class Understood(NamedTuple):
    """What a cell states, and what is to be said about it; a cell that states nothing has a note that says why.

    ``until`` is the end of the period of which ``values`` holds the start, where one cell states both.
    """

    values: tuple[Value, ...] = ()
    notes: tuple[Note, ...] = ()
    until: Value | None = None


BLANK = Understood()
"""An empty cell."""


def error(code: str, /, **said: object) -> Note:
    """Return a note that a value cannot be kept."""
    return Note(code, "error", said)


def warning(code: str, /, **said: object) -> Note:
    """Return a note that a value is kept, but that somebody should look."""
    return Note(code, "warning", said)


def info(code: str, /, **said: object) -> Note:
    """Return a note that is worth knowing."""
    return Note(code, "info", said)


def refused(code: str, /, **said: object) -> Understood:
    """Return that nothing of a cell can be kept, and why."""
    return Understood(notes=(error(code, **said),))


def kept(*values: Value, notes: tuple[Note, ...] = ()) -> Understood:
    """Return that a cell states values."""
    return Understood(values, notes)


def shown(value: CellValue) -> str:
    """Return a cell as a remark shows it.

    >>> shown(44256.0), shown(None), shown(True)
    ('44256', '', 'TRUE')
    """
    match value:
        case None:
            return ""
        case bool():
            return str(value).upper()
        case float() if value.is_integer() and abs(value) < 1e15:
            return str(int(value))
        case datetime():
            return value.isoformat(sep=" ").removesuffix(" 00:00:00")
        case date() | time():
            return value.isoformat()
    return str(value)
