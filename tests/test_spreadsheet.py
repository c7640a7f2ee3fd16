"""Excel workbooks: what readers can rely on, and texts that stay texts."""

from __future__ import annotations

import io
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from api.spreadsheet import Cell, Sheet, neutral, workbook

DAY = date(2026, 11, 23)


def opened(*sheets: Sheet):
    return load_workbook(io.BytesIO(workbook(sheets, DAY)))


def sheet(*rows: list[Cell]) -> Sheet:
    return Sheet("列表", [f"h{place}" for place in range(len(rows[0]))], rows)


def test_a_sheet_has_a_frozen_header_a_filter_and_readable_columns() -> None:
    book = opened(
        sheet(["吉林大学第一医院新生儿科", "a"], ["b", None]), Sheet("说明", ("x", "y"), (), has_filter=False)
    )
    first, second = book.worksheets
    assert (first.title, first.freeze_panes, first.auto_filter.ref) == ("列表", "A2", "A1:B3")
    assert first.column_dimensions["A"].width == 26
    assert first.column_dimensions["B"].width == 8
    assert first["A1"].font.bold
    assert second.auto_filter.ref is None


def test_numbers_are_numbers() -> None:
    book = opened(sheet([Decimal("3000.5"), Decimal(-2), "5"]))
    assert [cell.value for cell in book.worksheets[0][2]] == [3000.5, -2, "5"]


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "＝1"])
def test_what_a_spreadsheet_would_work_out_is_neutralised(text: str) -> None:
    assert neutral(text) == f"'{text}"
    cell = opened(sheet([text])).worksheets[0]["A2"]
    assert cell.data_type == "s"
    assert cell.value.startswith("'")


@given(st.text(max_size=30))
def test_no_text_becomes_a_formula_or_breaks_the_workbook(text: str) -> None:
    cell = opened(sheet([text, "end"])).worksheets[0]["A2"]
    assert cell.data_type in ("s", "n", "inlineStr")
    assert cell.value is None or not cell.value.startswith(("=", "+", "-", "@", "\t", "\r"))


def test_the_day_it_was_made_stands_in_the_workbook() -> None:
    assert opened(sheet(["a"])).properties.created.date() == DAY
