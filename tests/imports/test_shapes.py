"""Lists in many shapes: what becomes of each of their cells.

tests/data/shapes-expected.csv holds the cells of each file and what is expected of them: address list, survey, course
notices, projects, the ten sheets, registers that must be refused, and lists as old and new Excel, WPS, OpenDocument
and text files in several encodings write them. All units are invented.
"""

import csv
from collections.abc import Sequence
from functools import cache

import pytest
from cell_outcomes import DATA, Line, Understood, line_of, outcomes, understood
from list_shapes import file_bytes
from page_data import packaged_engine

from graph.imports.grid import Grid
from graph.imports.known_names import KnownNames
from graph.imports.mentions import mentions_of
from graph.imports.reading import read_file
from graph.imports.reconciliation import resolved
from ontology.workbook import workbook

# What each table is taken for: "" where it is not used.
TABLES = {
    "联盟通讯录.csv": ["members"],
    "成员单位（更新）.txt": ["members"],
    "members.tsv": ["members"],
    "技术开展情况.xls": ["capabilities"],
    "成员名单.ods": ["members"],
    "成员名单.et": ["members"],
    "新生儿科基本情况调查表.xlsx": ["departments"],
    "进修人员登记表.xlsx": [""],
    "转运登记表.xlsx": [""],
    "新生儿转运台账.xlsx": [""],
    "进修人员名单（无证号）.xlsx": [""],
    "2026年培训班通知汇总.xlsx": ["programmes"],
    "科研课题一览表.csv": ["projects"],
    "两行表头.xlsx": ["members"],
    "只有名称.xlsx": ["members"],
    "没有表头.xlsx": [],
    "左右两栏.xlsx": ["members", "members"],
    "隐藏的工作表.xlsx": ["", "members", ""],
    "其实是表格.csv": ["members"],
    "其实是文本.xls": ["members"],
    "十张表.xlsx": [
        *("institutions", "departments", "memberships", "designations", "programmes"),
        *("projects", "links", "capabilities", "indicators", "activities"),
    ],
}
REFUSED = {
    "进修人员登记表.xlsx": "patient-column",
    "转运登记表.xlsx": "patient-column",
    "新生儿转运台账.xlsx": "patient-register",
    "进修人员名单（无证号）.xlsx": "person-register",
}
TEN = "十张表.xlsx"


@cache
def files() -> dict[str, list[Line]]:
    found: dict[str, list[Line]] = {}
    with (DATA / "shapes-expected.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            found.setdefault(row["file"], []).append(line_of(row))
    return found


@cache
def read(name: str) -> tuple[Grid, ...]:
    return tuple(read_file(name, file_bytes(name, files()[name])))


@cache
def said(name: str) -> Understood:
    return understood(read(name))


def test_every_file_has_its_expectations() -> None:
    assert files().keys() == TABLES.keys()
    assert len(TABLES) > 10


@pytest.mark.parametrize("name", TABLES)
def test_every_cell_becomes_what_is_expected_of_it(name: str) -> None:
    expected = {line.cell[:3]: line.cell[3:] for line in files()[name]}
    found = {cell[:3]: cell[3:] for cell in outcomes(read(name), said(name))}
    differences = {at: (expected.get(at), found.get(at)) for at in expected.keys() | found.keys()}
    assert {at: pair for at, pair in differences.items() if pair[0] != pair[1]} == {}


@pytest.mark.parametrize("name", TABLES)
def test_every_table_is_taken_for_what_it_is(name: str) -> None:
    assert [one.kind if one.used else "" for one in said(name).recognitions] == TABLES[name]


@pytest.mark.parametrize("name", REFUSED)
def test_a_register_of_people_is_refused_whole_and_says_why(name: str) -> None:
    found = said(name)
    assert found.records == ()
    assert {remark.code for remark in found.remarks} == {REFUSED[name]}
    assert all(remark.severity == "error" for remark in found.remarks)
    assert not any(column.sample for one in found.recognitions for column in one.columns)


def test_the_ten_sheets_name_each_other_by_their_ids() -> None:
    mentions = mentions_of(said(TEN).records, workbook())
    organizations = {one.text: one for one in mentions if one.to == "organization"}
    assert set(organizations) == {"示例大学第一医院", "示例县妇幼保健院", "示例大学", "示例省卫生健康委员会"}
    assert tables(organizations["示例大学第一医院"].places) == [1, 2, 3, 4, 5, 6, 7, 9, 10]
    assert tables(organizations["示例县妇幼保健院"].places) == [1, 2, 3, 6, 7, 10]
    assert organizations["示例省卫生健康委员会"].may_stay_text
    departments = [one for one in mentions if one.to == "department"]
    assert [tables(one.places) for one in departments] == [[2, 8], [2]]


def tables(places: Sequence[tuple[str, int, str]]) -> list[int]:
    """Return the numbers of the sheets of places, each once."""
    return sorted({int(table.rpartition("#")[2].partition(".")[0]) for table, *_ in places})


@pytest.mark.parametrize("name", TABLES)
def test_no_name_is_taken_for_another_one(name: str) -> None:
    mentions = mentions_of(said(name).records, workbook())
    found = resolved(mentions, known())
    assert all(not one.iri for one in found)
    assert all(one.kept_back or one.follows or one.mention.may_stay_text for one in found)


@cache
def known() -> KnownNames:
    return KnownNames.of(packaged_engine())
