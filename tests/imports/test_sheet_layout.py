"""How the columns and parts of a sheet hang together."""

from __future__ import annotations

import pytest

from graph.imports.sheet_layout import THING, SheetLayout
from ontology.workbook import workbook


def layout(key: str) -> SheetLayout:
    return SheetLayout(workbook().sheet(key))


@pytest.mark.parametrize("kind", workbook().sheets, ids=lambda kind: kind.key)
def test_every_column_belongs_to_the_thing_or_to_a_part(kind) -> None:
    made = SheetLayout(kind)
    assert {column.key for columns in made.columns.values() for column in columns} == {
        column.key for column in kind.columns
    }


def test_parts_that_share_a_date_belong_together() -> None:
    groups = [[part.key for part in group] for group in layout("departments").groups[THING]]
    assert ["beds_open", "beds_nicu", "doctors", "senior_doctors", "nurses"] in groups
    assert ["ward"] in groups
    (figures,) = [g for g in layout("departments").groups[THING] if len(g) > 1]
    assert layout("departments").shared_column(figures).key == "as_of"


def test_parts_of_parts_are_found_under_them() -> None:
    groups = layout("members").groups
    assert [part.key for group in groups["department"] for part in group] == ["beds", "beds_nicu", "head"]
    assert layout("members").has_parts == {"", "department"}


def test_further_rows_repeat_what_says_which_thing_they_are_about() -> None:
    members = layout("members")
    assert members.repeated == {"membership", "place"}
    assert members.repeated_columns == {"role", "start", "place"}
    assert layout("programmes").keys == ("programme_id", "holder_id", "name_zh")


def test_a_part_whose_only_column_takes_many_values_is_a_list() -> None:
    assert layout("institutions").lists == {"name"}
    assert layout("members").lists == frozenset()
