"""The corrected copy: every problem is marked where it stands, and the copy imports as the file did."""

from __future__ import annotations

import io
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook
from python_calamine import CalamineWorkbook

from graph.imports import corrected, remarks
from graph.imports.aside import is_aside
from graph.imports.corrected import corrected_copy
from graph.imports.grid import Grid, Merged
from graph.imports.remarks import Remark
from graph.imports.table import Header, Table
from samples import HOSTILE

DAY = date(2026, 11, 23)
ROWS = (("名单", None, None), ("单位名称", "等级", "床位"), ("某某医院", "三甲?", 30), ("另一医院",))


@pytest.fixture(autouse=True)
def texts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Remarks with texts of their own, whatever the others are."""
    said = {
        "what": {"zh": "“{value}”不对", "en": "{value} is wrong"},
        "remedy": {"zh": "请改", "en": "mend it"},
    }
    monkeypatch.setattr(remarks, "remark_texts", lambda: {"bad": said, "odd": said})


def grid(rows=ROWS, sheet: str = "名单", number: int = 1, **said) -> Grid:
    return Grid("f.xlsx", sheet, number, rows, **said)


def table(head_row: int = 2, number: int = 1) -> Table:
    heads = (Header(1, "单位名称"), Header(2, "等级"), Header(3, "床位"))
    return Table("f.xlsx", "名单", number, 1, ("名单",), head_row, heads, (), ())


def bad(row: int = 3, column: int = 2, value: str = "三甲?", sheet: str = "名单", **said) -> Remark:
    return Remark("bad", "error", "f.xlsx", sheet, "t", row, column, "等级", value, **said)


def odd(row: int = 4, column: int = 3) -> Remark:
    return Remark("odd", "warning", "f.xlsx", "名单", "t", row, column, "床位")


def copy(found: list[Remark], *grids: Grid, language: str = "zh") -> bytes:
    return corrected_copy(grids or (grid(),), found, language, DAY, [table()])


def sheets(data: bytes) -> dict[str, tuple[tuple[object, ...], ...]]:
    book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    return {
        name: tuple(
            tuple(None if cell == "" else cell for cell in row)
            for row in book.get_sheet_by_name(name).to_python(skip_empty_area=False)
        )
        for name in book.sheet_names
    }


def without_column(rows, breadth: int):
    """Return what the sender wrote, without empty cells at the end."""
    return [stripped(row[:breadth]) for row in rows]


def stripped(row):
    kept = list(row)
    while kept and kept[-1] is None:
        kept.pop()
    return tuple(kept)


def test_problem_cells_are_coloured_and_say_what_to_do() -> None:
    book = load_workbook(io.BytesIO(copy([bad(), odd()])))
    sheet = book["名单"]
    assert sheet["B3"].fill.fgColor.rgb == "00FFC7CE"
    assert sheet["B3"].comment.text == "✗ 错误: “三甲?”不对\n→ 请改"
    assert sheet["C4"].fill.fgColor.rgb == "00FFEB9C"
    assert sheet["C4"].comment.text.startswith("⚠ 请核对")
    assert sheet["A3"].fill.fill_type is None


def test_the_last_column_says_what_is_wrong_in_the_row() -> None:
    sheet = load_workbook(io.BytesIO(copy([bad(), odd(3, 3)])))["名单"]
    assert sheet["D2"].value == "问题"
    assert sheet["D3"].value == "✗ 错误 等级: “三甲?”不对 → 请改\n⚠ 请核对 床位: “”不对 → 请改"
    assert (sheet["D1"].value, sheet["D4"].value) == (None, None)


def test_the_first_sheet_lists_all_problems_and_leads_to_them() -> None:
    general = Remark("bad", "error", "f.xlsx")
    sheet = load_workbook(io.BytesIO(copy([odd(), bad(), general]))).worksheets[0]
    assert sheet.title == "问题清单"
    assert [cell.value for cell in sheet[3]][:4] == ["程度", "位置", "工作表", "行"]
    assert [cell.value for cell in sheet[4]][:4] == ["✗ 错误", None, None, None]
    assert [cell.value for cell in sheet[5]][:6] == ["✗ 错误", "B3", "名单", 3, "等级", "三甲?"]
    assert sheet["B5"].hyperlink.location == "'名单'!B3"
    assert [cell.value for cell in sheet[6]][:4] == ["⚠ 请核对", "C4", "名单", 4]


def test_what_is_only_worth_knowing_is_not_marked() -> None:
    found = Remark("bad", "info", "f.xlsx", "名单", "t", 3, 2)
    assert sheets(copy([found]))["名单"] == sheets(copy([]))["名单"]


def test_everything_stays_where_it_was() -> None:
    other = grid(
        (("x", 2.5, date(2021, 3, 5), True),), "另一张", 2, hidden=True, merged=(Merged(1, 1, 1, 2),)
    )
    data = copy([bad(), odd()], grid(), other)
    read = sheets(data)
    assert list(read) == ["问题清单", "名单", "另一张"]
    assert without_column(read["名单"], 3) == [stripped(row) for row in ROWS]
    assert without_column(read["另一张"], 4) == [stripped(row) for row in other.rows]
    book = load_workbook(io.BytesIO(data))
    assert book["另一张"].sheet_state == "hidden"
    assert [str(area) for area in book["另一张"].merged_cells.ranges] == ["A1:B1"]


CELLS = (
    st.none()
    | st.sampled_from(("=1", "+86", "-", "@x", "2021.3", *HOSTILE))
    | st.integers(-9, 9)
    | st.dates(date(1901, 1, 1))
)


@given(st.lists(st.lists(CELLS, max_size=4), min_size=1, max_size=6), st.data())
def test_a_copy_is_the_original_with_marks(rows, data) -> None:
    places = st.builds(bad, st.integers(0, len(rows)), st.integers(0, 5), st.just("x"))
    found = data.draw(st.lists(places, max_size=4))
    original = grid(tuple(map(tuple, rows)))
    breadth = max(map(len, rows))
    read = without_column(sheets(corrected_copy([original], found, "zh", DAY))["名单"], breadth)
    assert [row for row in read if row] == [kept for row in rows if (kept := stripped(row))]


def test_a_copy_that_was_sent_in_again_has_one_column_of_problems() -> None:
    again = grid(sheets(copy([bad()]))["名单"])
    listing = Grid("f.xlsx", "问题清单", 1, sheets(copy([bad()]))["问题清单"])
    read = sheets(copy([odd()], listing, again))
    assert list(read) == ["问题清单", "名单"]
    assert [row[3] for row in read["名单"]][:3] == [None, "问题", None]
    assert len(read["名单"][0]) == 4


def test_the_list_of_problems_is_known_as_ours() -> None:
    listing = sheets(copy([bad()], language="en"))["Problems"]
    assert is_aside(Grid("f.xlsx", "whatever", 1, listing))
    assert not is_aside(grid())
    assert not is_aside(grid(()))
    assert not is_aside(grid(((),)))


def test_very_many_problems_are_counted_but_not_all_listed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(corrected, "MOST_LISTED", 2)
    monkeypatch.setattr(corrected, "MOST_NOTES", 1)
    sheet = load_workbook(io.BytesIO(copy([bad(), bad(4), odd()])))
    assert sheet.worksheets[0]["A6"].value.startswith("还有 1 个问题没有列出")
    notes = [cell for row in sheet["名单"] for cell in row if cell.comment]
    assert len(notes) == 1


@pytest.mark.parametrize("name", ["a/b", "'x'", "问题清单", "x" * 40])
def test_links_lead_to_sheets_whatever_they_are_called(name: str) -> None:
    book = load_workbook(io.BytesIO(copy([bad(sheet=name)], grid(sheet=name))))
    target = book.worksheets[0]["B4"].hyperlink.location.rpartition("!")[0][1:-1].replace("''", "'")
    assert book[target]["B3"].comment
