"""Workbooks: all sheets, with values as they are kept, dates as dates, errors as texts, far cells where they are."""

import io
from datetime import date, datetime, time, timedelta

import openpyxl
import pytest
import xlwt

from graph.imports.grid import CellValue, Merged
from graph.imports.reading import read_file
from graph.imports.refusal import FileRefused
from graph.imports.spreadsheet_file import sheets_of
from made_files import ods, ods_parts, ods_table, saved, xls, xlsx, xlsx_parts, xlsx_xml, zip_of


def rows_of(data: bytes) -> list[list[CellValue]]:
    return [row for sheet in sheets_of(data) for row in sheet.rows]


def refusal_of(data: bytes) -> str:
    with pytest.raises(FileRefused) as caught:
        rows_of(data)
    return caught.value.code


def test_rows_and_columns_stay_where_they_are() -> None:
    book = openpyxl.Workbook()
    book.active["C4"] = "单位名称"
    book.active["E6"] = 3
    assert rows_of(saved(book)) == [[], [], [], [None, None, "单位名称"], [], [None, None, None, None, 3]]


def test_hidden_sheets_come_too_and_charts_do_not() -> None:
    book = openpyxl.Workbook()
    book.active.title = "成员"
    for name, state in (("隐藏", "hidden"), ("深藏", "veryHidden")):
        book.create_sheet(name).sheet_state = state
    book.create_chartsheet("图")
    assert [(sheet.name, sheet.hidden) for sheet in sheets_of(saved(book))] == [
        ("成员", False),
        ("隐藏", True),
        ("深藏", True),
    ]


def test_dates_are_dates_where_the_cell_says_so_and_texts_stay_texts() -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append([date(2021, 3, 5), datetime(2021, 3, 5, 10, 20), time(8, 30), "2021.3", "2021-03-05", 44260])
    for column, form in (("G", 'yyyy"年"m"月"d"日"'), ("H", "yyyy.mm"), ("I", "[$-804]yyyy/m")):
        sheet[f"{column}1"] = 44260
        sheet[f"{column}1"].number_format = form
    day = date(2021, 3, 5)
    assert rows_of(saved(book)) == [
        [day, datetime(2021, 3, 5, 10, 20), time(8, 30), "2021.3", "2021-03-05", 44260, day, day, day]
    ]


def test_numbers_that_are_whole_are_whole() -> None:
    assert rows_of(xlsx([[1, 1.5, 13800000000, True, timedelta(hours=30)]])) == [
        [1, 1.5, 13800000000, True, "30:00:00"]
    ]


def test_formulas_count_with_the_value_that_the_file_keeps() -> None:
    cells = (
        '<c r="A1"><f>1+1</f><v>2</v></c><c r="B1" t="str"><f>"a"</f><v>a</v></c><c r="C1"><f>1</f></c>'
        '<c r="D1" t="str"><f>_xlfn.DISPIMG("ID_1",1)</f><v>=DISPIMG("ID_1",1)</v></c>'
    )
    assert rows_of(xlsx_xml(f'<sheetData><row r="1">{cells}</row></sheetData>')) == [
        [2, "a", None, '=DISPIMG("ID_1",1)']
    ]


def test_error_values_are_texts_in_xlsx() -> None:
    cells = (
        '<c r="A1" t="e"><v>#REF!</v></c><c t="e" r="B1"><f>1/0</f><v>#DIV/0!</v></c>'
        '<c r="C1" t="str"><v>e</v></c>'
    )
    assert rows_of(xlsx_xml(f'<sheetData><row r="1">{cells}</row></sheetData>')) == [
        ["#REF!", "#DIV/0!", "e"]
    ]


def test_error_values_are_texts_in_xls() -> None:
    book = xlwt.Workbook()
    for name in ("一", "二"):
        sheet = book.add_sheet(name)
        sheet.write(0, 0, "单位名称")
        sheet.row(2).set_cell_error(1, 0x2A)
    sheet.row(3).set_cell_error(0, 0x17)
    out = io.BytesIO()
    book.save(out)
    first, second = [list(sheet.rows) for sheet in sheets_of(out.getvalue())]
    assert first == [["单位名称"], [], [None, "#N/A"]]
    assert second == [["单位名称"], [], [None, "#N/A"], ["#REF!"]]


def test_merged_ranges_are_told() -> None:
    (sheet,) = sheets_of(xlsx([["成员名单"], ["单位名称", "等级"]], merged=["A1:B1"]))
    assert sheet.merged == (Merged(1, 1, 1, 2),)
    book = xlwt.Workbook()
    book.add_sheet("一").write_merge(0, 1, 0, 2, "x")
    out = io.BytesIO()
    book.save(out)
    (sheet,) = sheets_of(out.getvalue())
    assert sheet.merged == (Merged(1, 1, 2, 3),)


def test_a_far_cell_costs_nothing_and_stays_where_it_is() -> None:
    cells = (
        '<row r="1"><c r="A1" t="str"><v>单位名称</v></c></row>'
        '<row r="3"><c r="B3"><v>5</v></c><c r="XFC3" s="1"/></row>'
        '<row r="1048576"><c r="XFD1048576" t="e"><v>#N/A</v></c></row>'
    )
    rows = rows_of(xlsx_xml(f"<sheetData>{cells}</sheetData>"))
    assert rows[:3] == [["单位名称"], [], [None, 5]]
    assert len(rows) == 1_048_576
    assert rows[-1][-1] == "#N/A"
    assert len(rows[-1]) == 16_384
    assert not any(rows[3:-1])


def test_far_formats_without_a_value_do_not_count() -> None:
    cells = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576" s="1"/></row>'
    assert rows_of(xlsx_xml(f"<sheetData>{cells}</sheetData>")) == [[1]]


def test_cells_scattered_all_over_are_refused() -> None:
    cells = "".join(
        f'<row r="{n * 60}"><c r="A{n * 60}"><v>1</v></c><c r="{name}{n * 60}"><v>1</v></c></row>'
        for n, name in enumerate(column_names(10_000), 1)
    )
    assert refusal_of(xlsx_xml(f"<sheetData>{cells}</sheetData>")) == "file-scattered"


def column_names(count: int) -> list[str]:
    return [openpyxl.utils.get_column_letter(number) for number in range(1, count + 1)]


def test_xls_that_says_it_is_as_large_as_it_can_be_is_read() -> None:
    data = bytearray(xls([["单位名称"], ["示例医院"]]))
    size = data.index(b"\x00\x02\x0e\x00") + 4
    data[size : size + 14] = bytes([0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0])
    (grid,) = read_file("a.xls", bytes(data))  # within the memory that reading has
    assert grid.rows == (("单位名称",), ("示例医院",))


def test_open_documents_are_read_with_the_empty_rows_that_they_repeat() -> None:
    more = (
        '<table:table-row table:number-rows-repeated="2"><table:table-cell table:number-columns-repeated="3"/>'
        "</table:table-row>"
        '<table:table-row><table:table-cell office:value-type="date" office:date-value="2021-03-05"/>'
        '<table:table-cell office:value-type="float" office:value="3"/></table:table-row>'
        '<table:table-row table:number-rows-repeated="1048000">'
        '<table:table-cell table:number-columns-repeated="16384"/>'
        "</table:table-row></table:table>"
    )
    table = ods_table([["单位名称", None, "等级"]]).removesuffix("</table:table>") + more
    rows = rows_of(zip_of(ods_parts(table)))
    assert rows == [["单位名称", None, "等级"], [], [], [date(2021, 3, 5), 3]]
    assert rows_of(ods([["a"], ["b", None, "c"]])) == [["a"], ["b", None, "c"]]


def test_control_characters_of_cells_are_left_out() -> None:
    sheet = '<sheetData><row r="1"><c r="A1" t="str"><v>a_x0007_b&#10;c</v></c></row></sheetData>'
    assert rows_of(xlsx_xml(sheet))[0][0] in ("ab\nc", "a_x0007_b\nc")


@pytest.mark.parametrize("broken", [slice(0, 200), slice(0, -30), slice(50, None)])
def test_a_damaged_workbook_is_refused(broken: slice) -> None:
    assert refusal_of(xlsx([["单位名称"], ["示例医院"]])[broken]) in ("file-damaged", "file-unknown")


def test_two_sheets_of_one_name_are_refused() -> None:
    parts = xlsx_parts("<sheetData/>", "<sheetData/>")
    parts["xl/workbook.xml"] = str(parts["xl/workbook.xml"]).replace('name="S2"', 'name="S1"')
    assert refusal_of(zip_of(parts)) == "file-damaged"


def test_a_row_beyond_the_last_one_is_refused() -> None:
    assert (
        refusal_of(xlsx_xml('<sheetData><row><c r="A1048577"><v>1</v></c></row></sheetData>'))
        == "file-damaged"
    )
