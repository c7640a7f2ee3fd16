"""Pictures made on the server."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from api.drawing import (
    MOST_NODES,
    SHAPES,
    Box,
    Drawing,
    Group,
    Spoke,
    limited,
    narrow,
    text_width,
    wide,
    wrapped,
)
from ontology.display import display

CENTRE = Spoke("吉林大学第一医院新生儿科", "/id/org/fhjlu-neonatology", "organization")
LABELS = st.text(st.sampled_from("新生儿科医院吉林 abcXYZ·：，。（）0123-/"), min_size=1, max_size=90)
SPOKES = st.builds(
    Spoke,
    LABELS,
    st.just("/id/x"),
    st.sampled_from(sorted(SHAPES)),
    st.sampled_from(["", "第 2 句", "sentence 10"]),
)
GROUPS = st.lists(
    st.builds(Group, LABELS, st.lists(SPOKES, min_size=1, max_size=9).map(tuple)), min_size=1, max_size=9
)


def inside(drawing: Drawing, box: Box) -> bool:
    return (
        box.x >= 0
        and box.y >= 0
        and box.x + box.width <= drawing.width + 1
        and box.y + box.height <= drawing.height + 1
    )


def apart(one: Box, other: Box) -> bool:
    return (
        one.x + one.width <= other.x
        or other.x + other.width <= one.x
        or one.y + one.height <= other.y
        or other.y + other.height <= one.y
    )


@settings(deadline=None)
@given(LABELS, st.floats(60, 400))
def test_every_line_fits_its_width_whatever_the_text(text: str, width: float) -> None:
    assert all(text_width(line) <= width for line in wrapped(text, width))


@settings(deadline=None)
@given(LABELS)
def test_wrapping_loses_no_sign(text: str) -> None:
    assert "".join(wrapped(text, 300)).replace(" ", "") == re.sub(r"\s", "", text)


def test_a_line_does_not_begin_with_punctuation() -> None:
    lines = wrapped("吉林大学第一医院，新生儿科。", text_width("吉林大学第一医院"))
    assert not {line[0] for line in lines} & set("，。")


def test_latin_words_stay_whole_and_long_ones_are_broken() -> None:
    assert wrapped("Neonatal Quality Control Center", 120) == ["Neonatal", "Quality Control", "Center"]
    assert all(text_width(line) <= 80 for line in wrapped("x" * 60, 80))


def test_parts_between_dots_stay_together() -> None:
    assert wrapped("国家级 16 · 省市级 64 · 未载明 55", 170)[1] == "省市级 64 · 未载明 55"


def test_an_endless_label_is_cut_with_a_sign() -> None:
    lines = wrapped("长" * 10_000, 200)
    assert len(lines) == 6
    assert lines[-1].endswith("…")


@settings(deadline=None, max_examples=60)
@given(GROUPS)
def test_nothing_overlaps_and_nothing_is_clipped(groups: list[Group]) -> None:
    for drawing in (wide(CENTRE, limited(groups)), narrow(CENTRE, limited(groups))):
        boxes = [drawing.centre, *drawing.boxes]
        assert all(inside(drawing, box) for box in boxes)
        assert all(apart(a, b) for i, a in enumerate(boxes) for b in boxes[i + 1 :])
        for box in boxes:
            assert all(x + text_width(text) <= box.x + box.width for x, _, text in box.lines)
            assert all(box.y < y <= box.y + box.height for _, y, _ in box.lines)


@settings(deadline=None, max_examples=60)
@given(GROUPS)
def test_each_thing_has_one_line_and_each_source_a_label_inside_the_picture(groups: list[Group]) -> None:
    for drawing in (wide(CENTRE, limited(groups)), narrow(CENTRE, limited(groups))):
        assert [line.spoke for line in drawing.lines] == [box.spoke for box in drawing.boxes]
        assert len(drawing.boxes) == sum(len(group.spokes) for group in limited(groups))
        for line in drawing.lines:
            assert (line.pill is None) == (not line.spoke.source)
            if line.pill:
                left, top, width = line.pill
                assert left >= 0
                assert left + width <= drawing.width
                assert 0 <= top <= drawing.height - 24


@given(GROUPS, st.integers(1, 40))
def test_what_is_left_out_is_counted(groups: list[Group], most: int) -> None:
    kept = limited(groups, most)
    total = sum(len(group.spokes) for group in groups)
    assert sum(len(group.spokes) for group in kept) == min(most, total)
    if len(kept) == len(groups):
        assert sum(len(group.spokes) + group.more for group in kept) == total


@given(GROUPS)
def test_a_picture_never_has_more_things_than_people_can_take_in(groups: list[Group]) -> None:
    assert len(wide(CENTRE, limited(groups)).boxes) < MOST_NODES


def test_a_group_that_was_cut_says_how_many_it_has() -> None:
    group = Group("成员单位", tuple(Spoke(f"第{n}医院", "/x") for n in range(3)), more=57)
    assert wide(CENTRE, [group]).headings[0].text == "成员单位 3/60"


def test_a_large_group_stands_on_both_sides() -> None:
    drawing = wide(CENTRE, [Group("成员单位", tuple(Spoke(f"第{n}医院", "/x") for n in range(20)), more=30)])
    assert [heading.text for heading in drawing.headings] == ["成员单位 20/50"] * 2
    assert len([box for box in drawing.boxes if box.x < drawing.centre.x]) == 10


@pytest.mark.parametrize("family", sorted({*display().families.values(), "other"}))
def test_every_family_has_a_shape_of_its_own(family: str) -> None:
    assert [name for name, shape in SHAPES.items() if shape == SHAPES[family]] == [family]


def test_the_first_group_comes_first_for_the_keyboard() -> None:
    groups = [Group(name, (Spoke(name, "/x"),)) for name in "甲乙丙"]
    assert wide(CENTRE, groups).boxes[0].spoke.label == "甲"
    assert [box.spoke.label for box in narrow(CENTRE, groups).boxes] == ["甲", "乙", "丙"]
