"""Grids: what columns are called."""

from hypothesis import given
from hypothesis import strategies as st
from openpyxl.utils import get_column_letter

from graph.imports.grid import column_letter


@given(st.integers(1, 18_278))
def test_columns_have_the_letters_of_spreadsheets(number: int) -> None:
    assert column_letter(number) == get_column_letter(number)
