"""What stands beside the columns of an empty workbook: examples, meanings, how values are written, who sees them."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from ontology.workbook import ColumnKind, SheetKind

FILE = Path(__file__).parent / "workbook-hints.toml"


def example(sheet: SheetKind, column: ColumnKind, language: str) -> str:
    """Return what the example row of a sheet holds; for a drop-down that says nothing else, its first value."""
    hint = _hint(sheet, column)
    texts = [hint.get(f"example_{language}", ""), hint.get("example", ""), *column.options[:1]]
    return str(next(filter(None, texts), ""))


def column_note(sheet: SheetKind, column: ColumnKind, language: str) -> str:
    """Return what a reader should know of a column: what it means, how it is written, who will see it."""
    return "\n".join(filter(None, _note_lines(sheet, column, language)))


def needs_note(sheet: SheetKind, column: ColumnKind) -> bool:
    """Tell whether the name of a column leaves open what it means, or who sees it."""
    return bool(_hint(sheet, column).get("zh")) or sheet.visibility_of(column.key) != "public"


def visibility_text(sheet: SheetKind, column: ColumnKind, language: str) -> str:
    """Return who will see a column."""
    return str(_hints()["visibility"][sheet.visibility_of(column.key)][language])


def _note_lines(sheet: SheetKind, column: ColumnKind, language: str) -> Iterator[str]:
    written = _hints()["written"]
    if column.required:
        yield written["required"][language]
    yield _hint(sheet, column).get(language, "")
    for way in _ways(column):
        yield written[way][language]
    yield visibility_text(sheet, column, language)


def _ways(column: ColumnKind) -> Iterator[str]:
    """Yield the names of what is to be said about how a column is written."""
    if column.kind == "date":
        yield column.precision or "date"
    if column.kind in ("integer", "decimal"):
        yield column.kind
    if column.options:
        yield "options"
    if column.to in ("organization", "department"):
        yield column.to
    if column.many:
        yield "many"


def _hint(sheet: SheetKind, column: ColumnKind) -> Mapping[str, Any]:
    hint: Mapping[str, Any] = _hints()[sheet.key][column.key]
    return hint


@cache
def _hints() -> Mapping[str, Any]:
    return tomllib.loads(FILE.read_text(encoding="utf-8"))
