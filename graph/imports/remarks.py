"""Remarks: what is to be said of a file, sheet, row or cell, and what to do about it, in both languages."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Literal

Severity = Literal["error", "warning", "info"]
"""Error: the value cannot be kept. Warning: it is kept, but somebody should look. Info: worth knowing."""


@dataclass(frozen=True)
class Remark:
    """One thing that the import says about what it read.

    Attributes:
        code: its name in ``remarks.toml``.
        severity: error, warning or info.
        file, sheet: where; empty where it concerns the whole import.
        table: key of the table, as ``Table.key``.
        row: row of the sheet, from 1 (0: not about one row).
        column: column of the sheet, from 1 (0: not about one column).
        heading: what the column is called there.
        value: what stands in the cell, as text.
        said: what fills the blanks of its texts; a value that differs by language is a mapping of zh and en.
    """

    code: str
    severity: Severity
    file: str = ""
    sheet: str = ""
    table: str = ""
    row: int = 0
    column: int = 0
    heading: str = ""
    value: str = ""
    said: Mapping[str, object] = field(default_factory=dict, compare=False)

    def what(self, language: str) -> str:
        """Return what is wrong, or worth knowing."""
        return self._text("what", language)

    def remedy(self, language: str) -> str:
        """Return what to do about it."""
        return self._text("remedy", language)

    def said_in_both(self) -> dict[str, Any]:
        """Return the remark as JSON has it, with its texts in both languages."""
        return {
            "code": self.code,
            "severity": self.severity,
            "file": self.file,
            "sheet": self.sheet,
            "table": self.table,
            "row": self.row,
            "column": self.column,
            "field": self.heading,
            "value": self.value,
            "what": {tag: self.what(tag) for tag in ("zh", "en")},
            "remedy": {tag: self.remedy(tag) for tag in ("zh", "en")},
        }

    def _text(self, part: str, language: str) -> str:
        said = {
            name: value.get(language, "") if isinstance(value, Mapping) else value
            for name, value in self.said.items()
        }
        return remark_texts()[self.code][part][language].format_map(
            {"value": self.value, "heading": self.heading, "row": self.row, "sheet": self.sheet, **said}
        )


@cache
def remark_texts() -> Mapping[str, Mapping[str, Mapping[str, str]]]:
    """Return the texts of all remarks: code, then ``what`` or ``remedy``, then language."""
    return tomllib.loads((Path(__file__).parent / "remarks.toml").read_text(encoding="utf-8"))
