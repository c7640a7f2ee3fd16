"""What is held as a workbook: how single cells are written, and what it says of itself."""

from __future__ import annotations

import io
from datetime import date
from decimal import Decimal

import pytest
from openpyxl import load_workbook
from page_data import packaged_engine

from graph.imports.held_facts import HeldSource
from graph.imports.held_rows import HeldCell
from graph.imports.held_workbook import Told, full_workbook, held_cell, held_rows, source_line, value_of
from graph.imports.workbook_file import Cell
from ontology.workbook import workbook
from samples import NAMES

OLD = HeldSource("<http://x/old>", {"zh": "旧表"}, "2019")
NEW = HeldSource("<http://x/new>", {"zh": "新表"})
BEDS, NAME = workbook().default.column("beds"), workbook().default.column("name_zh")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("30", Decimal(30)),
        ("-2.5", Decimal("-2.5")),
        ("1234567890123456", "1234567890123456"),
        ("约30", "约30"),
    ],
)
def test_a_number_is_a_number_where_a_workbook_can_keep_it(text: str, value: object) -> None:
    assert value_of(BEDS, text) == value
    assert value_of(NAME, text) == text


def test_a_cell_on_which_sources_differ_is_marked_and_names_the_others() -> None:
    cell = held_cell(BEDS, HeldCell("30", NEW, (("28", OLD),)), "zh")
    assert cell == Cell(Decimal(30), "warning", "另有不同：28（旧表）\n来源：新表")
    assert held_cell(BEDS, HeldCell("30", NEW), "zh") == Cell(Decimal(30), "text", "")
    assert held_cell(BEDS, None, "zh") is None


def test_a_source_is_told_with_its_date_if_it_has_one() -> None:
    told = [source_line(one, "zh") for one in (OLD, NEW, HeldSource("<x>"))]
    assert told == ["来源：旧表（2019）", "来源：新表", ""]


@pytest.mark.parametrize(("internal", "said"), [(False, "Public data only"), (True, "Holds internal data")])
def test_the_workbook_says_what_it_holds_and_of_when_it_is(internal: bool, said: str) -> None:
    told = Told("en", date(2026, 11, 23), "Example", holds_internal=internal)
    book = load_workbook(io.BytesIO(full_workbook(held_rows(packaged_engine(), NAMES, "en"), 7, told)))
    lines = [[cell.value for cell in row] for row in book["About"]]
    assert lines[1:4] == [["Alliance", "Example"], ["Made on", "2026-11-23"], ["State of the graph", "7"]]
    assert str(lines[4][0]).startswith(said)
    assert len(book.sheetnames) == 12
