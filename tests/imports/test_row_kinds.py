"""Kinds of rows: what is no record is told by what it says, never by what it merely resembles."""

import pytest

from graph.imports.cell_grid import CellGrid
from graph.imports.grid import CellValue, Grid, Merged
from graph.imports.row_kinds import RowKinds
from ontology.workbook import workbook

LINES = {0: ("序号",), 1: ("单位名称",), 2: ("床位", "总数"), 3: ("备注",)}


def kind(*row: CellValue, merged: tuple[Merged, ...] = ()) -> str:
    cells = CellGrid(Grid("f", "s", 1, (row,), merged=merged))
    return RowKinds(cells, LINES, workbook().cells).left_out(0, list(cells.filled(0)))


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ((), "blank"),
        ((" ", None), "blank"),
        (("序号", "单位名称", "总数", "备注"), "repeated-header"),
        (("序号", "单位名称", "床位"), "repeated-header"),
        (("合计", None, 20), "total"),
        (("总计",), "total"),
        ((7, "小计：", 20), "total"),
        (("示例：", "甲院"), "example"),
        (("注：见附表",), "note"),
        (("审核人：", None, "联系电话："), "note"),
        (("附注 1. 见附表",), "note"),
        (("第 1 页 共 3 页",), "note"),
        (("一、长春市",), "note"),
        ((None, "甲院"), ""),
        ((1, "合计医院"), ""),
        ((1, "注安医院", 3), ""),
        ((1, "单位名称", 3), ""),
        ((1, 2, 3), ""),
    ],
)
def test_rows_are_told_apart(row: tuple[CellValue, ...], expected: str) -> None:
    assert kind(*row) == expected


def test_a_text_across_most_columns_is_the_name_of_a_section() -> None:
    assert kind(None, "吉林省", merged=(Merged(1, 2, 1, 4),)) == "note"


def test_a_long_text_alone_is_a_remark() -> None:
    assert (
        kind(None, "以上单位名单由联盟办公室根据各单位上报的材料汇总整理，如有出入请及时联系更正。") == "note"
    )
