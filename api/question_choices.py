"""What may be chosen for a parameter of a question: things of a class, concepts of a scheme, areas."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from graph.engine import Engine
from graph.keys import key_of
from graph.nodes import local_name
from graph.quads import Term, literal, text_of
from graph.question_values import group_of
from ontology.library import Parameter, query

MOST = 100
"""Choices that one answer has, unless more are asked for."""


@dataclass(frozen=True)
class Choice:
    """One value: how an address writes it, its IRI, its names by language, and whether it is invented."""

    value: str
    iri: str
    labels: Mapping[str, str]
    illustrative: bool


@dataclass(frozen=True)
class Choices:
    """Some of the values that fit, and how many there are."""

    items: tuple[Choice, ...]
    total: int


def choices(engine: Engine, parameter: Parameter, q: str = "", limit: int = MOST, base: str = "") -> Choices:
    """Return the values of a parameter whose name or code contains some words; real ones come first.

    Args:
        engine: who knows the graph.
        parameter: one that has choices (``is_chosen``).
        q: part of a name or code; empty for all.
        limit: how many to return.
        base: the IRI base of the instance, for short names.
    """
    values = {"group": group_of(parameter), "words": literal(" ".join(q.split()))}
    found = {
        row["thing"]: text_of(row["illustrative"]) == "true"
        for row in engine.select(query("choices").bound(values))
    }
    shown = list(found)[:limit]
    named = (
        {row["thing"]: row for row in engine.select(query("choice-names").bound({"thing": shown}))}
        if shown
        else {}
    )
    items = [_choice(term, named[term], parameter, base, is_invented=found[term]) for term in shown]
    return Choices(tuple(sorted(items, key=_place)), len(found))


def _choice(
    term: Term, row: Mapping[str, Term], parameter: Parameter, base: str, *, is_invented: bool
) -> Choice:
    name = text_of(term)
    is_short = parameter.kind in ("concept", "area")
    labels = {tag: text_of(row[tag]) for tag in ("zh", "en") if tag in row}
    return Choice(local_name(name) if is_short else key_of(name, base), name, labels, is_invented)


def _place(choice: Choice) -> tuple[bool, str, str]:
    return choice.illustrative, choice.labels.get("zh", "") if "/" in choice.value else "", choice.value
