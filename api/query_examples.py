"""Queries to learn from, as the file beside this one holds them."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from ontology.display import Labels

FILE = Path(__file__).parent / "query_examples.toml"


@dataclass(frozen=True)
class Example:
    """A query to learn from: title and purpose by language, how to look at its answer, and its text."""

    name: str
    title: Labels
    purpose: Labels
    view: str
    text: str


@cache
def query_examples() -> Mapping[str, Example]:
    """Return the examples by name, in the order in which they are learned from."""
    listed = tomllib.loads(FILE.read_text(encoding="utf-8"))
    return {
        name: Example(name, said["title"], said["purpose"], said["view"], said["query"].strip())
        for name, said in listed.items()
    }
