"""Heads of tables: known names make one, groups above belong to it; else the likeliest row is one."""

import pytest

from graph.imports.cell_grid import CellGrid
from graph.imports.grid import CellValue, Grid, Merged
from graph.imports.heads import heads_in

KNOWN = {"序号", "单位名称", "医院等级", "总数", "NICU"}


def heads(*rows: tuple[CellValue, ...], merged: tuple[Merged, ...] = ()) -> list[tuple[int, int, list[str]]]:
    found = heads_in(CellGrid(Grid("f", "s", 1, rows, merged=merged)), KNOWN.__contains__)
    return [(head.first, head.last, list(head.texts.values())) for head in found]


def test_a_third_known_and_two_at_least_make_a_head() -> None:
    assert heads(("单位名称", "医院等级", "a", "b", "c", "d"), ("x", "y")) == [
        (0, 0, ["单位名称", "医院等级", "a", "b", "c", "d"])
    ]
    data = ("甲院", "单位名称", "a", "b", "c", "d")
    assert [head[0] for head in heads(("单位名称", "医院等级"), data)] == [0]


def test_numbers_make_no_head() -> None:
    assert [head[0] for head in heads(("单位名称", "医院等级"), ("单位名称", "医院等级", 1, 2, 3))] == [0]


def test_one_known_name_is_enough_where_no_row_has_more() -> None:
    assert heads(("名单",), ("单位名称", "乙"), ("x", "y"))[0][0] == 1


def test_a_row_of_groups_with_known_names_below_it_is_one_head() -> None:
    merged = (Merged(1, 3, 1, 4),)
    assert heads(
        ("序号", "单位名称", "床位"), (None, None, "总数", "NICU"), (1, "甲院", 2, 3), merged=merged
    ) == [(0, 1, ["序号", "单位名称", "床位 总数", "床位 NICU"])]


@pytest.mark.parametrize(
    "above",
    [
        ("填报单位：甲院", None, "2026年"),
        ("长长的联盟成员单位一览表标题", None, "b"),
        ("a", "b", "c"),
        (1, None, 2),
        ("只有一个",),
    ],
)
def test_what_stands_above_a_head_is_no_group_unless_it_looks_like_one(above: tuple[CellValue, ...]) -> None:
    assert heads(above, ("序号", "单位名称", "医院等级", "NICU"), (1, "甲院")) == [
        (1, 1, ["序号", "单位名称", "医院等级", "NICU"])
    ]


def test_a_name_that_repeats_the_group_is_told_once() -> None:
    merged = (Merged(1, 1, 2, 1), Merged(1, 2, 1, 3))
    found = heads(("单位名称", "NICU", None), (None, "NICU", "总数"), ("甲院", 1, 2), merged=merged)
    assert found == [(0, 1, ["单位名称", "NICU", "NICU 总数"])]


def test_a_sheet_of_numbers_or_sentences_has_no_head() -> None:
    assert heads((1, 2), (3, 4)) == []
    assert (
        heads(
            (
                "请各单位于本月底之前填好本表并加盖公章之后寄回联盟办公室，逾期不候，谢谢配合，有问题请来电话询问。",
            )
        )
        == []
    )
