"""Disagreements: two current sources that give different values where only one can be right. Both are kept."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from graph.engine import Engine
from graph.quads import Term
from ontology.library import query


@dataclass(frozen=True)
class Disagreement:
    """What two sources say of one property of one thing, as terms."""

    subject: Term
    property: Term
    value: Term
    source: Term
    other_value: Term
    other_source: Term


def disagreements(engine: Engine, subjects: Collection[Term] | None = None) -> tuple[Disagreement, ...]:
    """Return where current sources differ, about some things or (``None``) all."""
    rows = engine.select(query("disagreements").text)
    found = dict.fromkeys(
        Disagreement(
            row["subject"],
            row["property"],
            row["value"],
            row["source"],
            row["otherValue"],
            row["otherSource"],
        )
        for row in rows
        if subjects is None or row["subject"] in subjects
    )
    return tuple(found)
