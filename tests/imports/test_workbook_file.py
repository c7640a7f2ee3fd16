"""Workbooks: what is written is read back as it was, by whatever program, and no text becomes a formula."""

from __future__ import annotations

import io
import zipfile
from datetime import date, datetime, time
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook
from python_calamine import CalamineWorkbook

from graph.imports.workbook_file import (
    FORMULA_SIGNS,
    Cell,
    Choice,
    Page,
    Properties,
    Range,
    Written,
    link_to,
    sheet_names,
    workbook_bytes,
)
from samples import HOSTILE

DAY = date(2026, 11, 23)
FORMULAS = (
    "=1+1",
    "=cmd|' /C calc'!A0",
    "+86 431 0000",
    "-",
    "@x",
    "＝1",
    "\t=1",
    "#REF!",
    "'=1",
    "_x0041_",
    "007",
)


def made(*rows: list[Written], **said) -> bytes:
    return workbook_bytes([Page("表", rows, **said)], Properties(DAY, "标题", "id-1"))


def read(data: bytes) -> list[list[object]]:
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0)
    return sheet.to_python(skip_empty_area=False)


def opened(data: bytes):
    return load_workbook(io.BytesIO(data)).worksheets[0]


@pytest.mark.parametrize("text", [*FORMULAS, *HOSTILE])
@pytest.mark.parametrize("look", ["plain", "text", "error"])
def test_a_text_comes_back_as_it_was(text: str, look) -> None:
    data = made([Cell(text, look), "end"])
    assert read(data) == [[text, "end"]]
    assert opened(data)["A1"].data_type == "s"


@given(
    st.lists(
        st.text(
            st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff"),
            min_size=1,
            max_size=40,
        ).filter(str.strip),  # a cell of nothing but spaces is an empty one
        min_size=1,
        max_size=5,
    )
)
def test_all_texts_come_back_as_they_were(texts: list[str]) -> None:
    assert read(made([*texts, "end"])) == [[*texts, "end"]]


@pytest.mark.parametrize("sign", FORMULA_SIGNS)
def test_what_looks_like_a_formula_is_marked_as_text_for_whoever_edits_it(sign: str) -> None:
    assert opened(made([f"{sign}1"]))["A1"].quotePrefix
    assert not opened(made(["a1"]))["A1"].quotePrefix


def test_signs_that_no_file_can_hold_are_left_out_and_lines_end_in_one_way() -> None:
    assert read(made(["a\x00\x0b\ud800b", "a\r\nb\rc", "e"])) == [["ab", "a\nb\nc", "e"]]
    assert opened(made(["\x00=1"]))["A1"].quotePrefix


def test_numbers_and_days_keep_their_kind() -> None:
    row = [1, 2.5, Decimal("43.9"), True, date(2021, 3, 5), datetime(2021, 3, 5, 8, 30), time(8, 30)]
    assert read(made(row)) == [
        [1, 2.5, 43.9, True, date(2021, 3, 5), datetime(2021, 3, 5, 8, 30), time(8, 30)]
    ]


def test_days_before_the_calendar_of_workbooks_are_texts() -> None:
    assert read(made([date(1868, 1, 2)])) == [["1868-01-02"]]


def test_empty_cells_stay_where_they_are() -> None:
    assert read(made(["a"], [], [None, "b"], ["", "c"])) == [["a", ""], ["", ""], ["", "b"], ["", "c"]]


def test_a_page_has_a_head_that_stays_and_is_repeated_on_a4_across() -> None:
    sheet = opened(made(["title"], ["head"], ["x"], head_row=2, has_filter=True))
    assert (sheet.freeze_panes, sheet.print_title_rows, sheet.auto_filter.ref) == ("A3", "$2:$2", "A2:A3")
    assert (sheet.page_setup.orientation, int(sheet.page_setup.paperSize)) == ("landscape", 9)
    assert sheet.sheet_properties.pageSetUpPr.fitToPage


def test_columns_keep_what_is_typed_and_have_their_widths() -> None:
    sheet = opened(made(["a", "b", "吉林示例医院新生儿科"], looks=["text", "number"], widths=[20]))
    formats = [sheet.column_dimensions[letter].number_format for letter in "AB"]
    assert formats == ["@", "General"]
    assert [sheet.column_dimensions[letter].width for letter in "ABC"] == [20, 8, 22]


def test_drop_downs_warn_and_do_not_forbid() -> None:
    choice = Choice(2, 2, 99, "'选项'!$A$2:$A$4", "等级", "不在选项里")
    (found,) = opened(made(["a"], choices=[choice])).data_validations.dataValidation
    assert (str(found.sqref), found.formula1, found.errorStyle) == ("B2:B99", "'选项'!$A$2:$A$4", "warning")
    assert found.showErrorMessage


def test_notes_links_hidden_sheets_and_merged_cells_are_there() -> None:
    data = workbook_bytes(
        [
            Page("甲", [[Cell("x", "link", "note", leads_to=link_to("乙", 2, 7))]], head_row=0),
            Page("乙", [["a", None], ["b", "c"]], hidden=True, merged=[Range(1, 1, 1, 2)]),
        ],
        Properties(DAY, "标题", "id-1"),
    )
    book = load_workbook(io.BytesIO(data))
    first, second = book.worksheets
    assert first["A1"].comment.text == "note"
    assert first["A1"].hyperlink.location == "'乙'!B7"
    assert second.sheet_state == "hidden"
    assert [str(area) for area in second.merged_cells.ranges] == ["A1:B1"]
    assert (book.properties.title, book.properties.identifier) == ("标题", "id-1")
    assert not [n for n in zipfile.ZipFile(io.BytesIO(data)).namelist() if "external" in n.lower()]


def test_names_of_sheets_are_allowed_short_and_different() -> None:
    names = sheet_names(["a/b", "A_B", "", "机" * 40, "机" * 40, "'x'", "History"])
    assert names == ["a_b", "A_B (2)", "Sheet", "机" * 31, "机" * 26 + " (2)", "x", "History"]
