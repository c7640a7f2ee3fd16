"""What roles and permissions are called, and what they mean in plain words; they stand in ``permissions.toml``."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path


@dataclass(frozen=True)
class Wording:
    """The name of a role or permission and what it means, by language."""

    name: Mapping[str, str]
    meaning: Mapping[str, str]


def roles() -> Mapping[str, Wording]:
    """Return the wording of each role."""
    return _wordings()["roles"]


def scopes() -> Mapping[str, Wording]:
    """Return the wording of each permission."""
    return _wordings()["scopes"]


@cache
def _wordings() -> Mapping[str, Mapping[str, Wording]]:
    listed = tomllib.loads((Path(__file__).parent / "permissions.toml").read_text(encoding="utf-8"))
    return {kind: {name: _wording(said) for name, said in named.items()} for kind, named in listed.items()}


def _wording(said: Mapping[str, list[str]]) -> Wording:
    return Wording(
        {language: texts[0] for language, texts in said.items()},
        {language: texts[1] for language, texts in said.items()},
    )
