"""Web pages: their tables are sheets, spanning cells are merged cells, and scripts say nothing."""

import pytest

from graph.imports.grid import CellValue, Merged
from graph.imports.refusal import FileRefused
from graph.imports.web_page import sheets_of


def tables_of(page: str, encoding: str = "utf-8") -> list[list[list[CellValue]]]:
    return [list(sheet.rows) for sheet in sheets_of(page.encode(encoding))]


def refusal_of(page: str) -> str:
    with pytest.raises(FileRefused) as caught:
        tables_of(page)
    return caught.value.code


def test_rows_and_cells_are_found_with_and_without_end_tags() -> None:
    assert tables_of("<table><tr><th>单位名称<th>等级<tr><td>示例<br>医院<td>&nbsp;三级&amp;x </table>") == [
        [["单位名称", "等级"], ["示例\n医院", "三级&x"]]
    ]


def test_spanning_cells_are_merged_and_push_others_aside() -> None:
    page = "<table><tr><td rowspan=2>长春</td><td colspan=2>a</td></tr><tr><td>b</td><td>c</td></tr></table>"
    (sheet,) = sheets_of(page.encode())
    assert list(sheet.rows) == [["长春", "a"], [None, "b", "c"]]
    assert sheet.merged == (Merged(1, 1, 2, 1), Merged(1, 2, 1, 3))


def test_each_table_is_a_sheet_one_in_another_too() -> None:
    page = "<table><tr><td>a<table><tr><td>b</td></tr></table>c</td></tr></table><table><tr><td>d</td></tr></table>"
    assert tables_of(page) == [[["ac"]], [["b"]], [["d"]]]


def test_scripts_and_styles_say_nothing() -> None:
    assert tables_of("<table><tr><td><script>var a</script>x<style>td{}</style></td></tr></table>") == [
        [["x"]]
    ]


def test_the_encoding_that_a_page_names_counts_unless_it_is_wrong() -> None:
    page = "<meta charset={}><table><tr><td>示例医院</td></tr></table>"
    assert tables_of(page.format("gb2312"), "gb18030") == [[["示例医院"]]]
    assert tables_of(page.format("gb2312"), "utf-8") == [[["示例医院"]]]
    assert tables_of(page.format("utf-8"), "gb18030") == [[["示例医院"]]]


@pytest.mark.parametrize(
    "span", ["colspan=999999999", "rowspan=99999999999 colspan=1000", "colspan=-5", "colspan=x"]
)
def test_spans_are_bounded(span: str) -> None:
    (table,) = tables_of(f"<table><tr><td {span}>a</td></tr></table>")
    assert table == [["a"]]


def test_spans_that_cover_millions_of_cells_are_refused() -> None:
    cells = "<tr><td rowspan=60000 colspan=1000>a</td></tr>" * 3
    assert refusal_of(f"<table>{cells}</table>") == "file-scattered"


def test_a_page_without_a_table_is_refused() -> None:
    assert refusal_of("<html><p>x</p></html>") == "file-web-page"
    assert refusal_of("<table><tr><td> </td></tr></table>") == "file-web-page"
    assert refusal_of("MIME-Version: 1.0\n\n<table><tr><td>x</td></tr></table>") == "file-web-page"
