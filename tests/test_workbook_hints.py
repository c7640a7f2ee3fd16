"""Hints: every column of an empty workbook has an example, and a note on its form and on who will see it."""

from __future__ import annotations

import tomllib

import pytest

from ontology.workbook import ColumnKind, SheetKind, workbook
from ontology.workbook_hints import FILE, column_note, example, needs_note, visibility_text

COLUMNS = [(kind, column) for kind in workbook().sheets for column in kind.columns]


def test_the_hints_are_those_of_the_columns_and_no_others() -> None:
    said = tomllib.loads(FILE.read_text(encoding="utf-8"))
    assert {key: list(said[key]) for key in said if key not in ("written", "visibility")} == {
        kind.key: [column.key for column in kind.columns] for kind in workbook().sheets
    }


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_column_has_an_example_and_says_who_will_see_it(language: str) -> None:
    for kind, column in COLUMNS:
        assert example(kind, column, language), (kind.key, column.key)
        note = column_note(kind, column, language)
        assert note.endswith(visibility_text(kind, column, language))


def test_meanings_are_told_in_both_languages() -> None:
    said = tomllib.loads(FILE.read_text(encoding="utf-8"))
    for kind, column in COLUMNS:
        hint = said[kind.key][column.key]
        assert ("zh" in hint) == ("en" in hint), (kind.key, column.key)


def test_a_note_says_what_is_meant_how_it_is_written_and_who_sees_it() -> None:
    members = workbook().default
    assert column_note(members, members.column("phone"), "zh").split("\n") == [
        "办公电话；手机号也会按内部资料保存。",
        "有几个就用“；”分开。",
        "内部：只有联盟办公室看得到，加密保存。",
    ]
    assert column_note(members, members.column("start"), "en").split("\n") == [
        "When the unit joined the alliance.",
        "Written as 2021, 2021.3 or 2021-03-05: only as far as it is known.",
        "Public: everybody will see it.",
    ]


def test_only_what_a_name_leaves_open_needs_a_note() -> None:
    def needs(kind: SheetKind, column: ColumnKind) -> bool:
        return needs_note(kind, column)

    departments = workbook().sheet("departments")
    assert [key for key in ("doctors", "head", "as_of") if needs(departments, departments.column(key))] == [
        "head",
        "as_of",
    ]
