"""Sheets of our own workbooks that are no data: instructions, lists of choices and problems."""

from __future__ import annotations

from graph.imports.grid import Grid
from graph.imports.writing_texts import writing_texts


def is_aside(grid: Grid) -> bool:
    """Tell whether a sheet says in its first cell that it is one of ours and no data."""
    first = grid.rows[0][0] if grid.rows and grid.rows[0] else None
    return isinstance(first, str) and first.endswith(str(writing_texts()["mark"]))
