"""The triples around one thing, in and out: numbers first, then a bounded part of them with their graphs."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Literal

from graph.engine import Engine
from graph.quads import XSD, Term, iri, is_iri, literal, text_of
from ontology.library import query

Direction = Literal["out", "in"]

PAGE = 25
"""How many things of one relation are shown at a time (the page queries hold the same number)."""


@dataclass(frozen=True)
class Link:
    """One triple seen from one of its ends, and the named graphs that state it."""

    direction: Direction
    predicate: str
    value: Term
    graphs: tuple[str, ...]

    @property
    def other(self) -> str:
        """The IRI at the other end, empty for a literal."""
        return text_of(self.value) if is_iri(self.value) else ""


def counts(engine: Engine, name: str, direction: Direction, *, real: bool = False) -> dict[str, int]:
    """Return how many values (out) or how many things pointing here (in) there are for each property.

    With ``real`` illustrative things are left out, here as in the functions below.
    """
    asked = {"this": iri(name), "hidden": _boolean(real)}
    rows = engine.select(query(f"entity-{direction}-counts").bound(asked))
    return {text_of(row["property"]): int(text_of(row["count"])) for row in rows}


def links(
    engine: Engine,
    name: str,
    direction: Direction,
    numbers: Mapping[str, int],
    hidden: Collection[str],
    *,
    real: bool = False,
) -> list[Link]:
    """Return all links of properties that have few, and the first page of those that have many."""
    few = [iri(p) for p, number in sorted(numbers.items()) if number <= PAGE and p not in hidden]
    many = [p for p, number in sorted(numbers.items()) if number > PAGE and p not in hidden]
    asked = {"this": iri(name), "property": few, "hidden": _boolean(real)}
    found = _links(engine.select(query(f"entity-{direction}").bound(asked)), direction) if few else []
    return found + [link for one in many for link in page(engine, name, direction, one, real=real)]


def page(
    engine: Engine,
    name: str,
    direction: Direction,
    property_: str,
    after: str = "",
    *,
    real: bool = False,
) -> list[Link]:
    """Return up to one page of the links of a property, in the order of their IRIs, after a given one."""
    values = {
        "this": iri(name),
        "property": iri(property_),
        "after": literal(after),
        "hidden": _boolean(real),
    }
    return _links(engine.select(query(f"entity-{direction}-page").bound(values)), direction)


def inverses(engine: Engine) -> dict[str, set[str]]:
    """Return for each property those that say the same from the other end."""
    found: dict[str, set[str]] = {}
    for row in engine.select(query("entity-inverses").text):
        found.setdefault(text_of(row["property"]), set()).add(text_of(row["inverse"]))
    return found


def _boolean(value: bool) -> Term:
    return literal(str(value).lower(), datatype=XSD + "boolean")


def _links(rows: list[dict[str, Term]], direction: Direction) -> list[Link]:
    graphs: dict[tuple[str, Term], set[str]] = {}
    for row in rows:
        stated = graphs.setdefault((text_of(row["property"]), row["value"]), set())
        if "graph" in row:
            stated.add(text_of(row["graph"]))
    return [
        Link(direction, property_, value, tuple(sorted(stated)))
        # As the page queries sort: by the text alone, without the signs around it.
        for (property_, value), stated in sorted(
            graphs.items(), key=lambda one: (one[0][0], text_of(one[0][1]))
        )
        if not value.startswith("_:")
    ]
