"""What our own workbooks say beside the data, in both languages."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any


@cache
def writing_texts() -> Mapping[str, Any]:
    """Return the texts of ``writing_texts.toml``."""
    return tomllib.loads((Path(__file__).parent / "writing_texts.toml").read_text(encoding="utf-8"))


def text(section: str, name: str, language: str, **said: object) -> str:
    """Return one text, with its blanks filled."""
    return str(writing_texts()[section][name][language]).format_map(said)


def sheet_name(name: str, language: str) -> str:
    """Return what one of our own sheets is called."""
    return text("sheets", name, language)


def marked(title: str) -> str:
    """Return the text of the first cell of a sheet that is no data: it says that the sheet is ours."""
    return title + str(writing_texts()["mark"])
