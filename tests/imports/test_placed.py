"""What is found on nodes is said of rows, and the same of many rows is said once."""

from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.findings import Finding
from graph.imports.placed import Places, TableDraft, finding_remarks, rows_text, unstated_remarks
from graph.imports.recognition import recognised
from graph.imports.row_nodes import Unstated
from graph.imports.table import Header, Row, Table

HEADS = ("单位名称", "加入时间")
TABLE = Table(
    "a.csv",
    "名单",
    1,
    1,
    (),
    1,
    tuple(Header(number, head) for number, head in enumerate(HEADS, 1)),
    tuple(Row(number, (f"某某第{number}医院", "2021")) for number in range(2, 102)),
)
START = "<https://w3id.org/medalliance/ontology#startStated>"


@pytest.fixture(scope="module")
def places() -> Places:
    rows = {f"<urn:m{row}>": (TABLE.key, row) for row in range(2, 102)}
    return Places([TableDraft(TABLE, recognised(TABLE))], rows)


def finding(
    row: int, severity: Any = "info", check: str = "Membership/MinCount/start", path: str = START
) -> Finding:
    texts = {"zh": f"第{row}号没有起始时间", "en": f"no start of {row}"}
    return Finding(
        check, severity, f"<urn:m{row}>", None, "<urn:g>", texts, {"zh": "补上", "en": "add it"}, path
    )


def test_a_finding_is_said_of_the_row_and_column_that_the_node_comes_from(places: Places) -> None:
    (remark,) = finding_remarks([finding(7, "warning")], places)
    assert (remark.severity, remark.file, remark.sheet, remark.row) == ("warning", "a.csv", "名单", 7)
    assert (remark.column, remark.heading) == (2, "加入时间")
    assert (remark.what("zh"), remark.remedy("en")) == ("第7号没有起始时间", "add it")


def test_a_violation_is_an_error(places: Places) -> None:
    (remark,) = finding_remarks([finding(7, "violation")], places)
    assert remark.severity == "error"


def test_few_rows_are_told_one_by_one_and_many_at_once(places: Places) -> None:
    few = list(finding_remarks([finding(row) for row in (3, 4, 9)], places))
    assert [remark.row for remark in few] == [3, 4, 9]
    (many,) = finding_remarks([finding(row) for row in range(2, 102)], places)
    assert (many.row, "100" in many.what("en"), "2–101" in many.what("zh")) == (2, True, True)


def test_errors_are_told_one_by_one_much_longer(places: Places) -> None:
    assert len(list(finding_remarks([finding(row, "violation") for row in range(2, 42)], places))) == 40


def test_what_belongs_to_no_row_is_said_of_the_whole(places: Places) -> None:
    (remark,) = finding_remarks([finding(5000)], places)
    assert (remark.row, remark.table, remark.file) == (0, "", "")
    assert remark.what("zh")


def test_a_path_that_no_column_is_about_names_none(places: Places) -> None:
    (remark,) = finding_remarks([finding(3, path="<urn:other>")], places)
    assert (remark.row, remark.column) == (3, 0)


def test_what_could_not_be_stated_is_said_once_for_each_reason_and_column(places: Places) -> None:
    left = [Unstated(TABLE.key, row, "start", "no-alliance") for row in (2, 3)]
    left += [Unstated(TABLE.key, 4, key, "kept-back") for key in ("start", "name_zh")]
    remarks = {remark.code: remark for remark in unstated_remarks(left, places)}
    assert set(remarks) == {"unstated-no-alliance-many", "unstated-kept-back"}
    assert (remarks["unstated-no-alliance-many"].heading, remarks["unstated-kept-back"].row) == (
        "加入时间",
        4,
    )
    assert all(remark.what("zh") and remark.remedy("en") for remark in remarks.values())


@pytest.mark.parametrize("reason", ["no-alliance", "nothing-to-qualify", "incomplete", "kept-back"])
@pytest.mark.parametrize("rows", [(2,), (2, 3)])
def test_each_reason_has_its_texts(places: Places, reason: str, rows: tuple[int, ...]) -> None:
    left = [SimpleNamespace(table=TABLE.key, row=row, column="start", reason=reason) for row in rows]
    for remark in unstated_remarks(left, places):  # type: ignore[arg-type]
        said = remark.said_in_both()
        assert all([*said["what"].values(), *said["remedy"].values()])


@given(st.sets(st.integers(1, 60), max_size=20))
def test_the_numbers_of_rows_are_all_there(rows: set[int]) -> None:
    told: set[int] = set()
    for run in rows_text(sorted(rows)).split(", "):
        first, _, last = run.partition("–")
        if first:
            told |= set(range(int(first), int(last or first) + 1))
    assert told == rows
