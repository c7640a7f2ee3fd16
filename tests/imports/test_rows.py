"""Rows of tables as records, and what is said about their cells."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.imports import rows as rows_module
from graph.imports.grid import CellValue
from graph.imports.options import TableChoice
from graph.imports.recognition import recognised
from graph.imports.records import Area, Concept, Day, Named, Number, Otherwise, Phone, Text
from graph.imports.rows import Rows, records_of
from import_tables import context, table
from ontology.areas import AREA
from samples import HOSTILE

VOC = "https://w3id.org/medalliance/vocab/"
MEMBERS = (
    "单位名称",
    "医院等级",
    "所在市县",
    "加入时间",
    "新生儿床位",
    "NICU床位",
    "联系人",
    "办公电话",
    "手机",
    "备注",
)


def rows(heads: Sequence[str], *cells: Sequence[CellValue], kind: str = "", crs: str = "") -> Rows:
    """Return what the rows of a table say."""
    made = table(heads, *cells)
    return records_of(
        made, recognised(made, None, TableChoice(kind=kind) if kind else None), context(crs=crs)
    )


def said(found: Rows) -> list[tuple[str, int, int]]:
    """Return code, row and column of each remark."""
    return [(remark.code, remark.row, remark.column) for remark in found.remarks]


def test_a_row_is_a_record_in_the_order_of_the_workbook() -> None:
    found = rows(
        ("联系人", "加入时间", "单位名称", "所在市县", "等级", "床位（张）"),
        ("联系人甲", "2021年3月", "吉林示例医院", "四平市铁西区", "三甲", "３０张"),
    )
    (record,) = found.records
    assert (record.row, record.kind, record.sheet, record.table) == (2, "members", "Sheet1", "list.xlsx#1.1")
    assert list(record.values.items()) == [
        ("name_zh", (Text("吉林示例医院"),)),
        ("grade", (Concept(VOC + "hospital-grade/3a"),)),
        ("place", (Area(AREA + "220302"),)),
        ("start", (Day("2021-03"),)),
        ("beds", (Number(Decimal(30)),)),
        ("contact", (Text("联系人甲"),)),
    ]
    assert record.columns["name_zh"] == 3
    assert found.remarks == ()


def test_several_columns_of_one_kind_are_joined() -> None:
    (record,) = rows(("单位名称", "办公电话", "手机"), ("示例医院", "0431-88880000", 13800000000)).records
    assert record.values["phone"] == (Phone("0431-88880000", False), Phone("13800000000", True))


def test_a_row_without_its_name_is_no_record_but_a_remark() -> None:
    found = rows(("单位名称", "联系人"), (None, "联系人甲"), ("待定", "联系人乙"))
    assert found.records == ()
    assert [one for one in said(found) if one[0] == "row-without"] == [
        ("row-without", 2, 1),
        ("row-without", 3, 1),
    ]
    assert "联系人甲" in found.remarks[0].what("zh")


def test_cells_that_are_left_blank_are_counted_by_column() -> None:
    found = rows(("单位名称", "联系人", "等级"), ("示例甲", None, "三甲"), ("示例乙", "—", "三甲"))
    assert found.empty == {"name_zh": 0, "grade": 0, "contact": 2}


def test_a_table_that_is_not_used_has_no_records() -> None:
    made = table(["单位名称", "住院号"], ["示例医院", "1"])
    assert records_of(made, recognised(made), context()) == Rows((), ())


def test_a_short_row_lacks_its_last_cells() -> None:
    assert rows(("单位名称", "联系人"), ("示例医院",)).records[0].values == {"name_zh": (Text("示例医院"),)}


def test_an_end_in_the_cell_of_the_start_goes_to_its_column() -> None:
    heads = ("机构编号", "加入日期", "退出日期", "角色")
    found = rows(heads, ("示例甲", "2021年3月-2024年3月", None, None), kind="memberships")
    assert found.records[0].values["end"] == (Day("2024-03"),)
    assert said(found) == [("period-in-one-cell", 2, 2)]
    both = rows(heads, ("示例甲", "2021年-2024年", "2025年", None), kind="memberships")
    assert both.records[0].values["end"] == (Day("2025"),)
    assert said(both) == [("period-and-end", 2, 2)]
    none = rows(("单位名称", "加入时间"), ("示例甲", "2021年-2024年"))
    assert none.records[0].values["start"] == (Day("2021"),)
    assert said(none) == [("period-without-end-column", 2, 2)]


def test_dates_that_all_are_the_first_of_a_month_may_be_months() -> None:
    days = [date(2021, month, 1) for month in range(1, 6)]
    heads = ("单位名称", "加入时间")
    assert said(rows(heads, *((f"示例{n}", day) for n, day in enumerate(days)))) == [
        ("dates-all-first", 0, 2)
    ]
    days[2] = date(2021, 3, 5)
    assert said(rows(heads, *((f"示例{n}", day) for n, day in enumerate(days)))) == []


def test_what_is_worth_knowing_a_thousand_times_is_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rows_module, "MOST_ALIKE", 3)
    found = rows(("单位名称", "加入时间"), *((f"示例{n}", 44256 + n) for n in range(10)))
    assert [code for code, _, _ in said(found)] == ["date-serial"] * 3 + ["more-alike"]
    assert "7" in found.remarks[-1].what("zh")


def test_the_coordinate_system_of_the_import_is_that_of_coordinates_that_name_none() -> None:
    heads = ("规范名称", "经度", "纬度", "坐标系")
    cells = (("示例甲", 125.3, 43.9, None), ("示例乙", 125.3, 43.9, "WGS84"), ("示例丙", None, None, None))
    found = rows(heads, *cells, kind="institutions", crs="gcj02")
    assert [record.values.get("crs") for record in found.records] == [
        (Concept(VOC + "crs/gcj02"),),
        (Concept(VOC + "crs/wgs84"),),
        None,
    ]
    assert said(found) == []


def test_a_place_and_its_address_may_stand_in_one_cell() -> None:
    (record,) = rows(("单位名称", "所在市县"), ("示例医院", "长春市朝阳区示例大街1号")).records
    assert record.values["place"] == (Area(AREA + "220104"), Otherwise("长春市朝阳区示例大街1号"))


def test_references_wait_for_the_names_that_are_held() -> None:
    found = rows(("甲方", "乙方", "关系"), ("示例甲", "示例乙", "远程会诊"), kind="links")
    assert found.records[0].values["from_id"] == (Named("示例甲", "organization"),)


CELLS = st.one_of(
    st.none(),
    st.sampled_from(
        ("示例医院", "三甲", "2021.3", "2021年-2024年", "铁西区", "无", "约60", "13800000000", "#REF!", "—")
    ),
    st.text(max_size=8),
    st.integers(-5, 50_000),
    st.floats(-1e5, 1e5),
    st.dates(),
    st.sampled_from(HOSTILE),
)


@given(st.lists(st.lists(CELLS, min_size=len(MEMBERS), max_size=len(MEMBERS)), max_size=4))
def test_every_cell_is_stated_or_in_a_remark_and_every_row_a_record_or_in_one(
    cells: list[list[CellValue]],
) -> None:
    made = table(MEMBERS, *cells)
    recognition = recognised(made, None, TableChoice(kind="members"))
    found = records_of(made, recognition, context())
    by_row = {record.row: record for record in found.records}
    told = {(remark.row, remark.column) for remark in found.remarks}
    errors = {remark.row for remark in found.remarks if remark.code == "row-without"}
    assert by_row.keys() | errors == {row.number for row in made.rows}
    for row in made.rows:
        record = by_row.get(row.number)
        for column in recognition.columns:
            cell = row.cells[column.index]
            says_something = any(map(str.isalnum, str(cell))) and cell is not None
            if record and says_something and column.key not in record.values:
                assert (row.number, column.column) in told


@given(st.lists(st.lists(CELLS, min_size=len(MEMBERS), max_size=len(MEMBERS)), max_size=3))
def test_every_remark_can_be_told_in_both_languages(cells: list[list[CellValue]]) -> None:
    made = table(MEMBERS, *cells)
    for remark in records_of(made, recognised(made, None, TableChoice(kind="members")), context()).remarks:
        assert all(
            text for text in (remark.what("zh"), remark.remedy("zh"), remark.what("en"), remark.remedy("en"))
        )
