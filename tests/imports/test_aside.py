"""Sheets of our own that are no data say so in their first cell; nobody else's sheet is taken for one."""

from __future__ import annotations

import pytest

from graph.imports.aside import is_aside
from graph.imports.grid import CellValue, Grid
from graph.imports.writing_texts import marked, writing_texts


def grid(*rows: tuple[CellValue, ...], sheet: str = "填表说明") -> Grid:
    return Grid("f.xlsx", sheet, 1, rows)


@pytest.mark.parametrize(
    "title", [text for one in writing_texts()["sheets"].values() for text in one.values()]
)
def test_a_marked_sheet_is_ours_whatever_it_is_called(title: str) -> None:
    assert is_aside(grid((marked(title),), sheet="renamed"))


@pytest.mark.parametrize("rows", [(), ((),), ((None,),), ((3,),), (("填表说明",),), ((None, marked("x")),)])
def test_other_sheets_are_not(rows: tuple[tuple[CellValue, ...], ...]) -> None:
    assert not is_aside(grid(*rows))
