"""A name made of characters of a longer one, in order, is short for it."""

import pytest

from graph.imports.own_names import is_short_for


@pytest.mark.parametrize(
    ("text", "full", "expected"),
    [
        ("示例一院", "示例第一医院", True),
        ("一示例院", "示例第一医院", False),
        ("示例第一医院", "示例第一医院", False),
        ("示例第一医院", "示例一院", False),
        ("示例妇幼", "示例第一医院", False),
    ],
)
def test_short_names_keep_the_order_of_their_characters(text: str, full: str, *, expected: bool) -> None:
    assert is_short_for(text, full) is expected
