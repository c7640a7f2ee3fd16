"""The workbook to fill in: what people and programs find in it. A golden file pins its heads and drop-downs."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook
from small_instance import TODAY, SmallInstance

from graph.imports.aside import is_aside
from graph.imports.reading import read_file
from graph.imports.recognition import is_heading, recognised
from graph.imports.tables import tables_in
from graph.imports.template import template
from ontology.workbook import workbook

GOLDEN = Path(__file__).parent.parent / "golden/templates.json"
BOTH = pytest.mark.parametrize("language", ["zh", "en"])


def opened(language: str, *, full: bool = False) -> Workbook:
    return load_workbook(io.BytesIO(template(language, TODAY, full=full)))


def described(book: Workbook) -> dict[str, object]:
    """Return what is pinned of a workbook: its sheets, heads, and the drop-downs of each column."""
    choices = {
        str(cell.coordinate): cell.value
        for sheet in book
        if sheet.sheet_state == "hidden"
        for row in sheet
        for cell in row
    }

    def offered(formula: str) -> list[object]:
        first, last = formula.rpartition("!")[2].replace("$", "").split(":")
        letter = first.rstrip("0123456789")
        return [
            choices[f"{letter}{row}"]
            for row in range(int(first[len(letter) :]), int(last[len(letter) :]) + 1)
        ]

    return {
        sheet.title: {
            "state": sheet.sheet_state,
            "heads": [cell.value for cell in sheet[1]],
            "choices": {
                str(one.sqref): offered(one.formula1) for one in sheet.data_validations.dataValidation
            },
        }
        for sheet in book
        if sheet.sheet_state == "visible" and not str(sheet["A1"].value).endswith("medalliance")
    }


@BOTH
def test_heads_and_drop_downs_are_the_agreed_ones(language: str) -> None:
    found = {name: described(opened(language, full=name == "full")) for name in ("short", "full")}
    assert found == json.loads(GOLDEN.read_text(encoding="utf-8"))[language]


@BOTH
def test_the_short_one_has_one_sheet_to_fill_and_the_full_one_ten(language: str) -> None:
    assert len(described(opened(language))) == 1
    assert len(described(opened(language, full=True))) == 10


def test_a_sheet_is_made_for_typing_and_for_print() -> None:
    sheet = opened("zh").worksheets[0]
    assert (sheet.freeze_panes, sheet.print_title_rows) == ("A2", "$1:$1")
    assert sheet.page_setup.orientation == "landscape"
    formats = {cell.value: sheet.column_dimensions[cell.column_letter].number_format for cell in sheet[1]}
    assert (formats["加入时间"], formats["办公电话"], formats["新生儿床位"]) == ("@", "@", "General")
    assert sheet["A1"].number_format == '@" *"'
    assert "必填" in sheet["A1"].comment.text
    assert "内部" in next(cell for cell in sheet[1] if cell.value == "联系人").comment.text


@BOTH
@pytest.mark.parametrize("full", [False, True], ids=["short", "full"])
def test_an_empty_workbook_imports_as_nothing(language: str, *, full: bool) -> None:
    grids = read_file("t.xlsx", template(language, TODAY, full=full))
    tables = [
        table for grid in grids if not is_aside(grid) for table in tables_in(grid, is_heading=is_heading)
    ]
    assert len(tables) == (10 if full else 1)
    for table in tables:
        found = recognised(table)
        assert (found.used, [c.heading for c in found.columns if not c.key]) == (True, [])
        assert found.kind == next(
            kind.key for kind in workbook().sheets if kind.labels[language] == table.sheet
        )
        assert (table.rows, [one.reason for one in table.left_out]) == ((), ["example"])


@BOTH
def test_the_examples_would_be_understood(tmp_path: Path, language: str) -> None:
    book = opened(language, full=True)
    for sheet in book:
        if sheet.sheet_state == "visible" and sheet.max_row == 2:
            sheet["A2"] = str(sheet["A2"].value).partition("：" if language == "zh" else ": ")[2]
    written = io.BytesIO()
    book.save(written)
    instance = SmallInstance(tmp_path, ())
    taken = instance.take(written.getvalue())
    instance.close()
    wrong = {(one.code, one.heading, one.value) for one in taken.remarks if one.severity == "error"}
    assert {one for one in wrong if one[0] != "uscc-check-digit"} == set()  # it is nobody's code


def test_other_values_are_taken_with_a_word_of_warning() -> None:
    for one in opened("zh", full=True)["机构"].data_validations.dataValidation:
        assert (one.type, one.errorStyle, one.showErrorMessage) == ("list", "warning", True)
