"""Names of files: whatever a sender calls a file, the name that is shown and kept harms nobody."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.imports.file_name import LONGEST, shown_name, stem


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("成员名单 2026.xlsx", "成员名单 2026.xlsx"),
        ("C:\\Users\\x\\名单.xls", "名单.xls"),
        ("../../etc/passwd", "passwd"),
        ("a\u202exslx.exe", "axslx.exe"),
        ("名\u200b单\ufeff.csv", "名单.csv"),
        ("a\x00b\n.csv", "ab.csv"),
        ("CON", "_CON"),
        ("nul.csv", "_nul.csv"),
        ("com1.xlsx", "_com1.xlsx"),
        ("console.csv", "console.csv"),
        ("a:b|c?.csv", "a_b_c_.csv"),
        (" . ", "file"),
        ("", "file"),
        ("x/", "file"),
        ("e\u0301.csv", "é.csv"),
    ],
)
def test_a_name_is_made_harmless(name: str, shown: str) -> None:
    assert shown_name(name) == shown


def test_a_long_name_keeps_its_ending() -> None:
    assert shown_name("名" * 500 + ".xlsx") == "名" * 114 + "….xlsx"
    assert len(shown_name("名" * 500)) == LONGEST


@given(st.text(max_size=300))
def test_a_shown_name_is_short_visible_and_stays_as_it_is(name: str) -> None:
    shown = shown_name(name)
    assert 0 < len(shown) <= LONGEST
    assert not {"/", "\\", "\x00"} & set(shown)
    assert not any(unicodedata.category(character) in ("Cc", "Cf", "Cs", "Zl", "Zp") for character in shown)
    assert shown_name(shown) == shown


def test_the_stem_is_the_name_without_its_ending() -> None:
    assert [stem(name) for name in ("a.b.csv", "a", ".csv")] == ["a.b", "a", ".csv"]
