"""Where two names differ."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from api.name_difference import name_pieces

names = st.text("吉林大学第一二医院省市 ABab（）", max_size=20)


@given(names, names)
def test_the_pieces_of_a_name_are_the_name(name: str, other: str) -> None:
    assert "".join(piece.text for piece in name_pieces(name, other)) == name


@given(names, names)
def test_what_is_not_marked_stands_in_the_other_name_in_the_same_order(name: str, other: str) -> None:
    place = 0
    for piece in name_pieces(name, other):
        if not piece.differs:
            place = other.index(piece.text, place) + len(piece.text)


@given(names)
def test_a_name_does_not_differ_from_itself(name: str) -> None:
    assert not any(piece.differs for piece in name_pieces(name, name))


def test_one_character_can_be_all_the_difference() -> None:
    marked = [piece.text for piece in name_pieces("示例县第一医院", "示例县第二医院") if piece.differs]
    assert marked == ["一"]
