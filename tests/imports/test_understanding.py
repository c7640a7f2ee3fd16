"""What a cell means in its column."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.imports import understanding
from graph.imports.cell_text import cleaned
from graph.imports.cells import BLANK, Understood
from graph.imports.grid import CellValue
from graph.imports.records import Area, Concept, Day, Named, Number, Otherwise, Phone, Text, Value
from graph.imports.understanding import reader
from import_tables import context
from ontology.areas import AREA
from ontology.workbook import workbook
from samples import HOSTILE

VOC = "https://w3id.org/medalliance/vocab/"
COLUMNS = [f"{sheet.key}.{column.key}" for sheet in workbook().sheets for column in sheet.columns]


def read(column: str, value: CellValue, *, own: str = "") -> Understood:
    """Return what a cell means; the column is named as ``sheet.column``."""
    sheet, key = column.split(".")
    return reader(workbook().sheet(sheet).column(key), context(own=own))(value)


def codes(found: Understood) -> list[str]:
    return [note.code for note in found.notes]


RIGHT: list[tuple[str, CellValue, Value]] = [
    ("members.name_zh", " 吉林 示例医院。", Text("吉林示例医院")),
    ("members.grade", "三甲", Concept(VOC + "hospital-grade/3a")),
    ("members.place", "通辽", Area(AREA + "150500")),
    ("members.role", "成员单位", Concept(VOC + "membership-role/member")),
    ("members.start", "2021.3", Day("2021-03")),
    ("members.beds", "30张", Number(Decimal(30))),
    ("members.head", "主 任 甲", Text("主任甲")),
    ("members.phone", "13800000000", Phone("13800000000", True)),
    ("members.note", "第一行\n第二行。", Text("第一行\n第二行。")),
    ("institutions.local_id", 7.0, Text("7")),
    ("institutions.url", "https://www.example.org/a b", Text("https://www.example.org/ab")),
    ("institutions.lng", "125.3245", Number(Decimal("125.3245"))),
    ("institutions.parent", "示例大学", Named("示例大学", "organization")),
    ("departments.established", "1992年", Day("1992")),
    ("capabilities.available", True, Concept(VOC + "availability/yes")),
    ("capabilities.available", "√", Concept(VOC + "availability/yes")),
    ("capabilities.dept_id", "新生儿科", Named("新生儿科", "department")),
    ("capabilities.cases", 5, Number(Decimal(5))),
    ("capabilities.cases", 0, Number(Decimal(0))),
    ("capabilities.year", 2025, Day("2025")),
    ("programmes.months", "6个月", Number(Decimal(6))),
    ("programmes.fee", "3000元", Number(Decimal(3000))),
    ("designations.doc_no", "示卫〔2021〕5号", Text("示卫〔2021〕5号")),
    ("links.relation", "上转至", Concept(VOC + "referral-kind/up")),
]
NOTED: list[tuple[str, CellValue, tuple[Value, ...], str]] = [
    ("members.name_zh", "九一O示例医院", (Text("九一O示例医院"),), "letter-as-zero"),
    ("members.name_zh", "Example Hospital", (Text("Example Hospital"),), "name-not-chinese"),
    ("members.name_zh", 12345, (Text("12345"),), "name-is-number"),
    ("members.name_zh", "示例甲医院、示例乙医院", (Text("示例甲医院、示例乙医院"),), "name-several"),
    ("institutions.name_en", "示例医院", (Text("示例医院"),), "name-not-english"),
    ("institutions.url", "没有网站", (Text("没有网站"),), "web-address-odd"),
    ("institutions.url", "javascript:alert(1)", (), "web-address-scheme"),
    ("institutions.phone", "13800000000", (), "phone-mobile-in-public"),
    ("institutions.crs", "UTM", (), "concept-unknown"),
    ("activities.kind", "zzz", (), "concept-unknown"),
    ("designations.doc_no", datetime(2021, 3, 5), (Text("2021-03-05"),), "text-is-date"),
    ("designations.authority", "本院", (), "own-unit-unclear"),
    ("members.grade", "三级假等", (), "concept-unknown"),
    ("members.grade", "无", (), "says-none"),
    ("members.contact", "无", (), "says-none"),
    ("members.contact", "不详", (), "says-unknown"),
    ("members.name_zh", "待定", (), "says-unknown"),
    ("members.start", "长期", (), "date-open"),
    ("members.beds", "无", (), "number-none"),
    ("members.beds", 9999, (), "number-too-large"),
    ("programmes.specialty", "示例专业", (Otherwise("示例专业"),), "concept-as-text"),
    ("capabilities.cases", 4, (), "count-suppressed"),
    ("links.count", "1例", (), "count-suppressed"),
    ("members.note", "#REF!", (), "cell-faulty"),
    ("members.beds", "#DIV/0!", (), "cell-faulty"),
    ("members.name_zh", '=DISPIMG("ID_0",1)', (), "cell-picture"),
    ("members.name_zh", "=VLOOKUP(A1,B:C,2,0)", (), "cell-formula"),
    ("members.name_zh", "医" * 201, (), "name-too-long"),
    ("members.note", "字" * 20_001, (), "text-too-long"),
    ("departments.as_of", "2025年", (), "date-needs-day"),
    ("departments.established", date(2030, 1, 1), (Day("2030-01-01"),), "date-future"),
]


@pytest.mark.parametrize(("column", "value", "meant"), RIGHT)
def test_a_cell_means_what_its_column_is_for(column: str, value: CellValue, meant: Value) -> None:
    assert read(column, value) == Understood((meant,))


@pytest.mark.parametrize(("column", "value", "meant", "code"), NOTED)
def test_what_is_not_plain_is_said(
    column: str, value: CellValue, meant: tuple[Value, ...], code: str
) -> None:
    found = read(column, value)
    assert (found.values, codes(found)) == (meant, [code])


@pytest.mark.parametrize("value", [None, "", "  ", "-", "—", "/", "N/A", "无数据", "\u200b\u3000"])
def test_what_is_left_blank_on_purpose_says_nothing(value: CellValue) -> None:
    assert {column: read(column, value) for column in COLUMNS} == dict.fromkeys(COLUMNS, BLANK)


def test_several_values_in_a_cell_are_taken_apart_where_the_column_allows_it() -> None:
    found = read("institutions.aliases", "示例一院；示例院区、示例一院\n旧名医院")
    assert found.values == (Text("示例一院"), Text("示例院区"), Text("旧名医院"))
    assert read("projects.partners", "示例甲，示例乙").values == tuple(
        Named(text, "organization") for text in ("示例甲", "示例乙")
    )


def test_our_own_unit_is_the_one_that_sent_the_list() -> None:
    assert read("designations.authority", "本单位", own="吉林示例医院").values == (
        Named("吉林示例医院", "organization"),
    )


def test_numbers_and_truth_values_that_are_equal_are_told_apart() -> None:
    one = reader(workbook().sheet("capabilities").column("available"), context())
    assert one(True).values
    assert not one(1).values
    assert one(True).values


@given(
    st.sampled_from(COLUMNS),
    st.one_of(st.text(max_size=12), st.integers(-9, 99999), st.floats(-1e6, 1e6), st.dates(), st.booleans()),
)
def test_any_cell_is_understood_or_has_a_reason_or_is_blank(column: str, value: CellValue) -> None:
    found = read(column, value)
    says_something = any(map(str.isalnum, cleaned(value))) if isinstance(value, str) else True
    assert found.values or found.notes or not says_something
    if not found.values:
        assert all(note.severity != "warning" or note.code == "count-suppressed" for note in found.notes)


@pytest.mark.parametrize("hostile", HOSTILE)
def test_hostile_cells_are_just_text(hostile: str) -> None:
    found = {column: read(column, hostile) for column in COLUMNS}
    assert not [column for column, one in found.items() if not one.values and not one.notes]


def test_a_reader_forgets_when_it_has_seen_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(understanding, "MOST_KNOWN", 1)
    one = reader(workbook().sheet("members").column("name_zh"), context())
    assert [one(text).values for text in ("甲", "乙", "甲", "乙")] == [(Text("甲"),), (Text("乙"),)] * 2
