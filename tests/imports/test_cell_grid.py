"""The cells of a sheet: what they show, what merged cells reach over, and within which bounds that is followed."""

import pytest

from graph.imports.cell_grid import CellGrid, is_blank, one_line
from graph.imports.grid import CellValue, Grid, Merged


def cells(*rows: tuple[CellValue, ...], merged: tuple[Merged, ...] = ()) -> CellGrid:
    return CellGrid(Grid("f", "s", 1, rows, merged=merged))


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("单 位\n名 称", "单位名称"),
        (" NICU  beds ", "NICU beds"),
        ("NICU\n床位", "NICU 床位"),
        ("医院（全 称）", "医院（全称）"),
        (None, ""),
        (3, "3"),
        ("", ""),
    ],
)
def test_a_cell_is_one_line(value: CellValue, text: str) -> None:
    assert one_line(value) == text


def test_cells_of_spaces_show_nothing() -> None:
    assert [is_blank(value) for value in (None, "", " \u3000\n", 0, False, "x")] == [True] * 3 + [False] * 3
    assert list(cells(("a", None, " ", 0)).filled(0)) == [(0, "a"), (3, 0)]


def test_merged_cells_show_their_value_where_others_are_empty() -> None:
    grid = cells(("a", None, "b"), (None, "c"), merged=(Merged(1, 1, 2, 2),))
    assert grid.covered(0) == {1: "a"}
    assert grid.covered(1) == {0: "a"}
    assert grid.covered(1, since=1) == {}
    assert grid.merged_at(0, 0) == (2, 2)
    assert grid.merged_at(0, 2) == (1, 1)


def test_merged_cells_are_followed_within_the_sheet_only() -> None:
    grid = cells(("a", "b"), (), merged=(Merged(1, 1, 1_048_576, 16_384),))
    assert grid.covered(1) == {0: "a", 1: "a"}


def test_of_too_many_merged_cells_the_rest_is_left_empty() -> None:
    grid = cells(*[("a",) * 1_000] * 1_000, merged=(Merged(1, 1, 1_000, 1_000),) * 5)
    assert grid.covered(999) == {}
