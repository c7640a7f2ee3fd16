"""Tables on sheets: found below titles and beside one another, every row a record or left out for a reason."""

import time
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.imports.grid import CellValue, Grid, Merged
from graph.imports.table import Table
from graph.imports.tables import tables_in

HEAD = ("序号", "单位名称", "医院等级", "新生儿床位")


def sheet(*rows: tuple[CellValue, ...], merged: tuple[Merged, ...] = (), hidden: bool = False) -> Grid:
    return Grid("名单.xlsx", "成员", 1, rows, hidden, merged)


def table_of(*rows: tuple[CellValue, ...], merged: tuple[Merged, ...] = ()) -> Table:
    (table,) = tables_in(sheet(*rows, merged=merged))
    return table


def heads(table: Table) -> list[str]:
    return [head.text for head in table.headers]


def cells(table: Table) -> list[tuple[CellValue, ...]]:
    return [row.cells for row in table.rows]


def left_out(table: Table) -> dict[int, str]:
    return dict(table.left_out)


def test_a_plain_list_is_one_table() -> None:
    table = table_of(HEAD, (1, "示例第一医院", "三级", 20), (2, "示例第二医院"))
    assert heads(table) == list(HEAD)
    assert table.rows[1] == (3, (2, "示例第二医院", None, None))
    assert (table.header_row, table.number, table.key) == (1, 1, "名单.xlsx#1.1")
    assert table.left_out == ()


def test_titles_stand_above_the_head_merged_or_not() -> None:
    table = table_of(
        ("示例专科联盟成员单位一览表",),
        (),
        ("填报单位：示例医院", None, None, "2026年3月"),
        HEAD,
        (1, "示例第一医院"),
        merged=(Merged(1, 1, 1, 4),),
    )
    assert table.titles == ("示例专科联盟成员单位一览表", "填报单位：示例医院 2026年3月")
    assert table.header_row == 4
    assert len(table.rows) == 1


def test_heads_of_two_rows_are_joined() -> None:
    merged = (
        Merged(1, 1, 2, 1), Merged(1, 2, 2, 2), Merged(1, 3, 1, 4), Merged(1, 5, 1, 6), Merged(3, 1, 3, 1),
    )  # fmt: skip
    table = table_of(
        ("序号", "单位名称", "床位", None, "联系人", None),
        (None, None, "总数", "NICU", "姓名", "电话"),
        (1, "示例第一医院", 20, 6, "联系人甲", "0431"),
        merged=merged,
    )
    assert heads(table) == ["序号", "单位名称", "床位 总数", "床位 NICU", "联系人 姓名", "联系人 电话"]
    assert table.header_row == 2
    assert cells(table) == [(1, "示例第一医院", 20, 6, "联系人甲", "0431")]


def test_heads_of_two_rows_are_joined_in_text_files_too_where_nothing_is_merged() -> None:
    table = table_of(
        ("序号", "单位名称", "床位", None, "备注"),
        (None, None, "总数", "NICU"),
        ("1", "示例第一医院", "20", "6", "好"),
    )
    assert heads(table) == ["序号", "单位名称", "床位 总数", "床位 NICU", "备注"]
    assert len(table.rows) == 1


def test_a_row_of_groups_above_the_head_is_joined_and_a_line_of_particulars_is_not() -> None:
    groups = table_of(
        ("成员单位一览表",),
        ("基本情况", None, None, "床位情况"),
        ("序号", "单位名称", "医院等级", "新生儿床位", "NICU床位"),
        (1, "示例第一医院", "三级", 20, 6),
        merged=(Merged(1, 1, 1, 5), Merged(2, 1, 2, 3), Merged(2, 4, 2, 5)),
    )
    assert heads(groups)[1] == "基本情况 单位名称"
    assert heads(groups)[4] == "床位情况 NICU床位"
    assert groups.titles == ("成员单位一览表",)
    plain = table_of(
        ("填报单位：甲院", None, "日期：2026"), HEAD[:3], (1, "示例第一医院"), merged=(Merged(1, 1, 1, 2),)
    )
    assert heads(plain) == list(HEAD[:3])
    assert plain.titles == ("填报单位：甲院 日期：2026",)


def test_a_data_row_below_a_head_is_never_taken_for_a_second_row_of_it() -> None:
    table = table_of(("单位名称", "医院等级"), ("示例第一医院", "三级"), ("示例第二医院", "二级"))
    assert len(table.rows) == 2


def test_heads_that_are_broken_or_spaced_out_are_one_line() -> None:
    assert heads(table_of(("单 位 名 称", "医院\n等级", "Joined  on"), ("示例第一医院",)))[:3] == [
        "单位名称",
        "医院等级",
        "Joined on",
    ]


def test_a_head_repeated_on_the_next_page_goes_on_with_the_same_table() -> None:
    table = table_of(
        ("成员名单",), HEAD, (1, "示例第一医院"), (), ("成员名单（续）",), HEAD, (2, "示例第二医院"),
    )  # fmt: skip
    assert [row.number for row in table.rows] == [3, 7]
    assert left_out(table) == {4: "blank", 5: "repeated-header", 6: "repeated-header"}


def test_a_table_below_with_a_title_of_its_own_is_another_one() -> None:
    first, second = tables_in(
        sheet(("长春市",), HEAD, (1, "示例第一医院"), (), ("吉林市",), HEAD, (1, "示例第二医院"))
    )
    assert (first.titles, second.titles) == (("长春市",), ("吉林市",))
    assert [len(first.rows), len(second.rows)] == [1, 1]
    assert [first.number, second.number] == [1, 2]
    assert left_out(first) == {4: "blank"}


def test_a_blank_row_may_stand_between_a_title_and_its_head() -> None:
    first, second = tables_in(
        sheet(("长春市",), (), HEAD[1:], ("甲院", "三级"), (), ("吉林市",), (), HEAD[1:], ("乙院", "二级"))
    )
    assert (first.titles, second.titles) == (("长春市",), ("吉林市",))
    assert len(first.rows) == 1


def test_a_record_right_above_another_head_stays_a_record() -> None:
    first, _ = tables_in(
        sheet(
            ("单位名称", "医院等级"),
            ("甲院", "三级"),
            ("乙院", "二级"),
            ("科室名称", "开放床位"),
            ("儿科", 1),
        )
    )
    assert cells(first) == [("甲院", "三级"), ("乙院", "二级")]


def test_a_table_below_with_other_columns_is_another_one() -> None:
    first, second = tables_in(
        sheet(
            ("单位名称", "医院等级"),
            ("示例第一医院", "三级"),
            ("示例第二医院", "二级"),
            (),
            ("科室名称", "所属医院", "开放床位"),
            ("新生儿科", "示例第一医院", 3),
        )
    )
    assert cells(first) == [("示例第一医院", "三级"), ("示例第二医院", "二级")]
    assert heads(second) == ["科室名称", "所属医院", "开放床位"]


def test_one_list_in_two_halves_beside_one_another_is_two_tables() -> None:
    left, right = tables_in(
        sheet(
            ("单位名称", "医院等级", "单位名称", "医院等级"),
            ("甲院", "三级", "乙院", "二级"),
            ("丙院", "一级"),
        )
    )
    assert cells(left) == [("甲院", "三级"), ("丙院", "一级")]
    assert cells(right) == [("乙院", "二级")]
    assert [head.column for head in right.headers] == [3, 4]
    assert left_out(right) == {3: "blank"}


def test_tables_parted_by_an_empty_column_are_two_where_something_shows_it() -> None:
    by_title = sheet(
        ("成员", None, None, "科室"),
        ("单位名称", "医院等级", None, "科室名称", "开放床位"),
        ("甲院", "三级", None, "儿科", 3),
    )
    left, right = tables_in(by_title)
    assert (left.titles, right.titles) == (("成员",), ("科室",))
    by_length = sheet(
        ("单位名称", "医院等级", None, "科室名称", "开放床位"), ("甲院", "三级", None, "儿科", 3),
        (None, None, None, "新生儿科", 4),
    )  # fmt: skip
    left, right = tables_in(by_length)
    assert cells(right) == [("儿科", 3), ("新生儿科", 4)]
    by_name = sheet(
        ("单位名称", "医院等级", None, "单位名称", "电话"),
        ("甲院", "三级", None, "乙院", "1"),
        ("丙院", "二级"),
    )
    assert [len(table.rows) for table in tables_in(by_name)] == [2, 1]


def test_an_empty_column_within_a_table_parts_nothing() -> None:
    table = table_of(
        ("单位名称", "医院等级", None, "联系人", "电话"),
        ("甲院", "三级", None, "联系人甲", "1"),
        ("乙院", "二级"),
    )
    assert heads(table) == ["单位名称", "医院等级", "联系人", "电话"]


def test_a_column_with_data_and_no_head_is_kept() -> None:
    table = table_of(("单位名称", "医院等级"), ("甲院", "三级", None, "可疑"), ("乙院", "二级"))
    assert [tuple(head) for head in table.headers] == [(1, "单位名称"), (2, "医院等级"), (4, "")]
    assert cells(table)[0] == ("甲院", "三级", "可疑")


def test_merged_cells_are_filled_down_and_right() -> None:
    table = table_of(
        ("所在市县", "单位名称", "联系人", "电话"),
        ("长春市", "甲院", "未定"),
        (None, "乙院", "联系人甲", "1"),
        merged=(Merged(2, 1, 3, 1), Merged(2, 3, 2, 4)),
    )
    assert cells(table) == [("长春市", "甲院", "未定", "未定"), ("长春市", "乙院", "联系人甲", "1")]


def test_a_merged_head_does_not_flow_into_the_data() -> None:
    table = table_of(
        ("所在市县", "单位名称"), (None, "甲院"), ("长春市", "乙院"), merged=(Merged(1, 1, 2, 1),)
    )
    assert cells(table)[0] == (None, "甲院")


@pytest.mark.parametrize("ditto", ["同上", "〃", "″", " 同 上 "])
def test_ditto_marks_say_what_the_record_above_says(ditto: str) -> None:
    table = table_of(
        ("所在市县", "单位名称", "加入时间"),
        ("长春市", "甲院", date(2021, 3, 5)),
        ("合计", None, None),
        (ditto, "乙院", ditto),
        (ditto, "丙院", None),
    )
    assert cells(table)[1:] == [("长春市", "乙院", date(2021, 3, 5)), ("长春市", "丙院", None)]


@pytest.mark.parametrize(
    "row",
    [
        ("合计", None, None, 40),
        ("合 计", None, None, 40),
        ("总计：2家",),
        (None, "小计", None, 40),
        (3, "合计", None, 40),
        ("Total", None, None, 40),
        ("合计（2家）", None, None, 40),
    ],
)
def test_totals_are_no_records(row: tuple[CellValue, ...]) -> None:
    assert left_out(table_of(HEAD, (1, "甲院", "三级", 20), (2, "乙院", "三级", 20), row)) == {4: "total"}


@pytest.mark.parametrize(
    "row",
    [
        ("注：床位数为开放床位。",),
        ("说明：1. 本表由各单位填写；2. 盖章有效。",),
        ("填表人：联系人甲", None, "审核人：联系人乙"),
        ("制表日期：2026年3月",),
        ("备注：以上为2026年数据",),
        ("一、省级单位",),
        (1, 2, 3, 4),
        ("1", "2", "3", "4"),
        ("甲", 1, 2, 3, 4),
    ],
)
def test_lines_about_the_table_are_no_records(row: tuple[CellValue, ...]) -> None:
    assert left_out(table_of((*HEAD, "备注"), row, (1, "甲院", "三级", 20)))[2] == "note"


@pytest.mark.parametrize(
    "row",
    [
        (1, "总计医院", "三级", 20),
        (1, "备注医院"),
        (None, "只有名称的医院"),
        (1, "示例第一医院", "三级"),
        (1, "注射医院", "二级"),
        ("说明书", "a", "b"),
        (1,),
    ],
)
def test_a_record_that_looks_a_little_like_something_else_stays_a_record(row: tuple[CellValue, ...]) -> None:
    assert len(table_of(HEAD, row, (2, "乙院")).rows) == 2


@pytest.mark.parametrize("mark", ["示例", "示例：", "示例：甲院", "（示例）", "Example: x", "例"])
def test_the_example_of_the_template_is_no_record(mark: str) -> None:
    assert left_out(table_of(("单位名称", "医院等级"), (mark, "三级"), ("甲院", "二级"))) == {2: "example"}


def test_units_whose_names_begin_with_example_are_records() -> None:
    assert (
        len(table_of(("单位名称", "医院等级"), ("示例第一医院", "三级"), ("Example Hospital", "二级")).rows)
        == 2
    )


def test_a_sheet_without_a_table_gives_none() -> None:
    assert tables_in(sheet()) == []
    assert tables_in(sheet((), (), (None, None))) == []
    assert tables_in(sheet(("请在下一张表填写",))) == []
    assert tables_in(sheet((1, 2, 3), (4, 5, 6))) == []


def test_a_template_that_nobody_filled_in_is_a_table_without_rows() -> None:
    assert table_of(HEAD).rows == ()


def test_where_no_column_is_known_the_first_row_that_looks_like_a_head_is_one() -> None:
    table = table_of(("清单",), ("甲类", "乙类", "丙类"), ("a", 1, 2), ("b", 3, 4))
    assert heads(table) == ["甲类", "乙类", "丙类"]
    assert table.titles == ("清单",)


def test_a_list_of_one_column_is_a_table() -> None:
    assert cells(table_of(("单位名称",), ("甲院",), ("乙院",))) == [("甲院",), ("乙院",)]


def test_what_is_a_heading_can_be_told() -> None:
    grid = sheet(("x", "y"), ("p", "q"), ("1", "2"))
    (table,) = tables_in(grid, is_heading=lambda text: text in {"p", "q"})
    assert (heads(table), table.titles) == (["p", "q"], ("x y",))


def test_a_hidden_sheet_gives_hidden_tables() -> None:
    (table,) = tables_in(sheet(HEAD, (1, "甲院"), hidden=True))
    assert table.hidden


VALUES = st.one_of(
    st.none(),
    st.integers(0, 5),
    st.sampled_from(["合计", "同上", "单位名称", "医院等级", "甲院", "注：x", "示例：", "序号", ""]),
)


@given(st.lists(st.lists(VALUES, max_size=5).map(tuple), max_size=12))
def test_below_a_head_every_row_is_a_record_or_left_out_once(rows: list[tuple[CellValue, ...]]) -> None:
    for table in tables_in(Grid("f", "s", 1, tuple(rows))):
        numbers = [row.number for row in table.rows] + [one.row for one in table.left_out]
        assert len(numbers) == len(set(numbers))
        assert sorted(numbers) == list(range(table.header_row + 1, table.header_row + 1 + len(numbers)))
        assert all(len(row.cells) == len(table.headers) for row in table.rows)


@given(st.lists(st.lists(VALUES, max_size=5).map(tuple), max_size=12))
def test_no_filled_cell_is_lost(rows: list[tuple[CellValue, ...]]) -> None:
    tables = tables_in(Grid("f", "s", 1, tuple(rows)))
    told = {number for table in tables for number in range(1, table.header_row + 1)}
    told |= {row.number for table in tables for row in table.rows} | {
        one.row for table in tables for one in table.left_out
    }
    filled = {number for number, row in enumerate(rows, 1) if any(value not in (None, "") for value in row)}
    assert not tables or filled <= told


@pytest.mark.parametrize(
    "grid",
    [
        Grid("f", "s", 1, (HEAD, *((n, f"医院{n}", "三级", n) for n in range(50_000)))),
        Grid("f", "s", 1, (tuple(f"列{n}" for n in range(16_384)),) * 20),
        Grid("f", "s", 1, (("单位名称", "医院等级") * 8_192, ("x",) * 16_384)),
        Grid("f", "s", 1, (("单位名称", None, "医院等级", None) * 4_096, ("x", None) * 8_192) * 3),
        Grid("f", "s", 1, (HEAD, *((),) * 500_000, (1, "甲院"))),
        Grid("f", "s", 1, (HEAD, (1, "甲院")) * 10_000),
        Grid("f", "s", 1, (HEAD, *((1, "甲院"),) * 5_000), merged=(Merged(1, 1, 1_048_576, 16_384),) * 50_000),
        Grid("f", "s", 1, (HEAD,) + ((1, "同上", "同上", "同上"),) * 20_000),
        Grid("f", "s", 1, (tuple(("单位名称", None) * 8_000), tuple(("x", "y") * 8_000)),
             merged=tuple(Merged(1, n, 1, n + 1) for n in range(1, 16_000, 2))),
    ],
    ids=["long", "wide", "repeated", "gaps", "gap", "heads", "merged", "ditto", "groups"],
)  # fmt: skip
def test_the_work_grows_no_faster_than_the_sheet(grid: Grid) -> None:
    started = time.process_time()  # others use this machine too
    tables_in(grid)
    assert time.process_time() - started < 4
