"""Drop-downs: each list once on a hidden sheet, and columns that point to it."""

from __future__ import annotations

from graph.imports.choices import LAST_ROW, ChoiceLists, choice_page, choices_of
from graph.imports.workbook_file import Cell
from ontology.workbook import workbook

MEMBERS, INSTITUTIONS = workbook().default, workbook().sheet("institutions")


def test_columns_that_offer_the_same_share_a_list() -> None:
    lists = ChoiceLists([MEMBERS, INSTITUTIONS], "zh")
    grades = [lists.cells_of(kind.column("grade"), "zh") for kind in (MEMBERS, INSTITUTIONS)]
    assert grades == ["'选项'!$A$2:$A$10"] * 2
    assert len(lists.lists) == len(set(lists.lists))


def test_a_list_stands_where_its_columns_look_for_it() -> None:
    lists = ChoiceLists([MEMBERS], "zh")
    page = choice_page(lists, "zh")
    rows = list(page.rows)
    assert page.hidden
    assert [row[1].value for row in rows[1:7] if isinstance(row[1], Cell)] == list(
        MEMBERS.column("role").options
    )


def test_a_drop_down_covers_the_rows_below_the_head_and_says_that_others_are_taken() -> None:
    first, *_ = choices_of(MEMBERS, "en", ChoiceLists([MEMBERS], "en"), first_row=2)
    assert (first.column, first.first_row, first.last_row, first.title) == (2, 2, LAST_ROW, "Grade")
    assert "You may keep it" in first.otherwise


def test_what_takes_several_values_or_offers_none_has_no_drop_down() -> None:
    programmes = workbook().sheet("programmes")
    places = {c.column for c in choices_of(programmes, "zh", ChoiceLists([programmes], "zh"), first_row=2)}
    keys = [programmes.columns[place - 1].key for place in sorted(places)]
    assert "skills" not in keys
    assert "audience" not in keys
    assert "housing" in keys
