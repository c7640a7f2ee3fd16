"""Texts of cells: what a spreadsheet or keyboard put there goes, what was written stays."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.imports import cell_text
from samples import HOSTILE

CLEANED = [
    ("\u3000吉林示例医院\u00a0", "吉林示例医院"),
    ("ＮＩＣＵ床位１０", "NICU床位10"),
    ("\u200b示例\ufeff医院\u202e", "示例医院"),
    ("'0431", "0431"),
    ("a\r\nb", "a\nb"),
    ("a \t  b", "a b"),
    ("⻓春", "⻓春"),  # a radical without a decomposition stays
    ("⾼级", "高级"),
    ("Ⅲ级", "Ⅲ级"),
    ("示例（医院）", "示例（医院）"),
    ("10㎡", "10㎡"),
    ("\x00\x07甲", "甲"),
]
NAMES = [
    ("吉 林 省示例医院", "吉林省示例医院"),
    ("吉林\n示例医院", "吉林示例医院"),
    ("Example  Hospital\nEast", "Example Hospital East"),
    ("示例医院。", "示例医院"),
    ("示例医院（东院区)", "示例医院（东院区）"),
    ("示例医院(东院区)", "示例医院(东院区)"),
    ("示例 Hospital", "示例 Hospital"),
]


@pytest.mark.parametrize(("text", "cleaned"), CLEANED)
def test_a_text_loses_what_cannot_be_seen_and_wide_letters(text: str, cleaned: str) -> None:
    assert cell_text.cleaned(text) == cleaned


@pytest.mark.parametrize(("text", "name"), NAMES)
def test_a_name_stands_on_one_line_without_gaps(text: str, name: str) -> None:
    assert cell_text.name(cell_text.cleaned(text)) == name


@given(st.text(max_size=40))
def test_cleaning_twice_changes_nothing_more(text: str) -> None:
    once = cell_text.cleaned(text)
    assert cell_text.cleaned(once) == once or once.startswith("'")


@given(st.text(st.characters(categories=("Lo", "Lu", "Nd")), min_size=1, max_size=20))
def test_letters_of_all_scripts_survive(text: str) -> None:
    plain = cell_text.plain(text)
    assert cell_text.plain(cell_text.cleaned(text)) == plain


@pytest.mark.parametrize("text", HOSTILE)
def test_marks_of_other_languages_are_just_text(text: str) -> None:
    assert cell_text.cleaned(text) == text.removeprefix("'")


@pytest.mark.parametrize("text", ["九一O医院", "九一○医院", "二ｏ二一", "O六四医院"])
def test_a_letter_beside_chinese_digits_is_seen(text: str) -> None:
    assert cell_text.has_letter_as_zero(text)
    assert "〇" in cell_text.with_zero(text)


@pytest.mark.parametrize("text", ["九一〇医院", "ECMO 一期", "O型血库", "Example One"])
def test_other_letters_are_not_taken_for_noughts(text: str) -> None:
    assert not cell_text.has_letter_as_zero(text)
