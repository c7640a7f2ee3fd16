"""What our own workbooks say: in both languages, with the same blanks."""

from __future__ import annotations

import string
from collections.abc import Iterator
from typing import Any

import pytest

from graph.imports.writing_texts import marked, sheet_name, text, writing_texts


def pairs(said: Any, path: str = "") -> Iterator[tuple[str, Any, Any]]:
    """Yield everything that is said in two languages."""
    if isinstance(said, dict):
        if said.keys() & {"zh", "en"}:
            yield path, said.get("zh"), said.get("en")
        else:
            for key, value in said.items():
                yield from pairs(value, f"{path}.{key}")


PAIRS = list(pairs(writing_texts()))


@pytest.mark.parametrize(("path", "zh", "en"), PAIRS, ids=[path for path, *_ in PAIRS])
def test_both_languages_say_it_with_the_same_blanks(path: str, zh: Any, en: Any) -> None:
    assert zh, path
    assert en, path
    assert type(zh) is type(en)
    if isinstance(zh, list):
        assert len(zh) == len(en)
    else:
        assert blanks(zh) == blanks(en)


def blanks(said: str) -> set[str | None]:
    return {name for _, name, *_ in string.Formatter().parse(said)} - {None}


def test_blanks_are_filled_and_sheets_have_names() -> None:
    assert text("collect", "until", "zh", until="2026-12-31") == "请在 2026-12-31 前返回。"
    assert sheet_name("choices", "en") == "Choices"
    assert marked("选项") == "选项 · medalliance"
