"""Similar names are guesses, each with a reason; the same names always give the same guesses."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.imports.similar_names import LEAST, SimilarNames

HELD = ("吉林大学第一医院", "吉林大学第二医院", "吉林省妇幼保健院", "长春市妇产医院", "examplehospital")


@pytest.mark.parametrize(
    ("asked", "first", "reason"),
    [
        ("吉大一院", "吉林大学第一医院", "short-form"),
        ("省妇幼", "吉林省妇幼保健院", "short-form"),
        ("吉林大学弟一医院", "吉林大学第一医院", "pinyin"),
        ("jilindaxuedierYiyuan".lower(), "吉林大学第二医院", "pinyin"),
        ("吉林大学第一医完全院", "吉林大学第一医院", "similar"),
        ("长春市妇产院医", "长春市妇产医院", "similar"),
        ("examplehospitl", "examplehospital", "similar"),
        ("长春市妇产专科大医院", "长春市妇产医院", "similar"),
    ],
)
def test_the_likest_name_comes_first_with_its_reason(asked: str, first: str, reason: str) -> None:
    found = SimilarNames(HELD).found(asked)
    assert (found[0].name, found[0].reason) == (first, reason)


@pytest.mark.parametrize("asked", ["", "医", "院医", "全然不同的名称", "x" * 500, "🏥", "\x00"])
def test_what_is_unlike_all_names_finds_none(asked: str) -> None:
    assert SimilarNames(HELD).found(asked) == []
    assert SimilarNames([]).found(asked) == []


def test_a_name_does_not_find_itself() -> None:
    assert HELD[0] not in [one.name for one in SimilarNames(HELD).found(HELD[0])]


def test_what_begins_like_a_longer_name_is_rather_what_the_other_is_part_of() -> None:
    (found,) = SimilarNames(["吉林大学第一医院"]).found("吉林大学")
    assert found.score < 70


def test_short_forms_are_left_out_where_it_has_to_be_quick() -> None:
    names = SimilarNames(HELD)
    assert names.found("吉大一院", quick=True) == []
    assert names.found("吉林大学第一医完", quick=True)[0].name == HELD[0]


@given(
    st.lists(st.text("吉林大学第一二医院妇幼", max_size=9), max_size=12),
    st.text("吉林大学第一二医院", max_size=9),
    st.randoms(),
)
def test_guesses_are_scored_sorted_and_independent_of_the_order_of_names(
    names: list[str], asked: str, chance: random.Random
) -> None:
    shuffled = [*names, *names]
    chance.shuffle(shuffled)
    found = SimilarNames(names).found(asked)
    assert found == SimilarNames(shuffled).found(asked)
    assert all(LEAST <= one.score <= 100 for one in found)
    assert found == sorted(found, key=lambda one: (-one.score, one.name))


@given(st.text("吉林大学第一二医院", min_size=4, max_size=12), st.integers(0, 11))
def test_a_name_with_one_character_too_few_is_always_found(name: str, place: int) -> None:
    written = name[: place % len(name)] + name[place % len(name) + 1 :]
    assert written == name or name in [one.name for one in SimilarNames([name]).found(written)]
