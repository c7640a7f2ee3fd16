"""Cells as remarks show them, and the examples in the docstrings of the modules that understand them."""

from __future__ import annotations

import doctest
from datetime import date, datetime, time
from types import ModuleType

import pytest

from graph.imports import cell_text, cells, chinese_numbers, dates
from graph.imports.cells import error, info, kept, refused, shown, warning
from graph.imports.grid import CellValue
from graph.imports.records import Text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, ""),
        ("示例", "示例"),
        (12, "12"),
        (12.0, "12"),
        (12.5, "12.5"),
        (1.2e20, "1.2e+20"),
        (True, "TRUE"),
        (date(2021, 3, 5), "2021-03-05"),
        (datetime(2021, 3, 5), "2021-03-05"),
        (datetime(2021, 3, 5, 8, 30), "2021-03-05 08:30:00"),
        (time(8, 30), "08:30:00"),
    ],
)
def test_a_cell_is_shown_as_a_reader_would_write_it(value: CellValue, text: str) -> None:
    assert shown(value) == text


def test_notes_tell_how_much_they_matter() -> None:
    assert [note.severity for note in (error("a-b"), warning("a-b"), info("a-b"))] == [
        "error",
        "warning",
        "info",
    ]
    assert refused("a-b", code="x").notes[0].said == {"code": "x"}
    assert kept(Text("示例"), notes=(info("a-b"),)).values == (Text("示例"),)


@pytest.mark.parametrize(
    "module", [cell_text, cells, chinese_numbers, dates], ids=lambda module: module.__name__
)
def test_the_examples_are_right(module: ModuleType) -> None:
    tried = doctest.testmod(module)
    assert (tried.failed, tried.attempted > 0) == (0, True)
