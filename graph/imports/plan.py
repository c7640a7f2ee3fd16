"""The plan of an import: what it would add, change, leave as it is, take out, and where sources then disagree."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from graph.quads import Term

What = Literal["added", "changed", "same", "left", "kept-back"]


@dataclass(frozen=True)
class FactChange:
    """One fact of a thing: what it is called, what was held, what the file says (texts by language)."""

    property: Mapping[str, str]
    before: Mapping[str, str] = field(default_factory=dict)
    after: Mapping[str, str] = field(default_factory=dict)
    source: Mapping[str, str] = field(default_factory=dict)
    """For a disagreement: title of the other source."""
    restricted: bool = False


@dataclass(frozen=True)
class EntityChange:
    """What becomes of one thing.

    Attributes:
        what: added, changed, the same, left (in the earlier version of the document, not in this one), kept back.
        iri: the thing (empty: not named yet).
        labels: its names by language.
        rows: rows that speak of it: table key and row.
        facts: facts that come, change or go.
        disagreements: facts on which another current source says something else.
    """

    what: What
    iri: Term
    labels: Mapping[str, str]
    rows: tuple[tuple[str, int], ...] = ()
    facts: tuple[FactChange, ...] = ()
    disagreements: tuple[FactChange, ...] = ()


@dataclass(frozen=True)
class Plan:
    """The plan of an import, thing by thing.

    Attributes:
        version: version of the graph that it was made against.
        digest: changes when the plan does; a commit names the plan that was seen.
        entities: what becomes of each thing.
        added, removed: public quads that come and go.
        withdrawn: titles of earlier versions of the document that it replaces.
    """

    version: int
    digest: str
    entities: tuple[EntityChange, ...]
    added: int
    removed: int
    withdrawn: tuple[str, ...] = ()
