"""Sentences of the command line, kept as data in both languages."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path


def text(name: str, language: str, /, **said: object) -> str:
    """Return a sentence in a language, its blanks filled."""
    return texts()[name][language].format_map({key: str(value) for key, value in said.items()})


@cache
def texts() -> Mapping[str, Mapping[str, str]]:
    """Return all sentences by name and language."""
    listed = tomllib.loads((Path(__file__).parent / "texts.toml").read_text(encoding="utf-8"))
    return {name: {"zh": zh, "en": en} for name, (zh, en) in listed.items()}
