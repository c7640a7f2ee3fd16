"""What a unit called unclear when it was asked last: facts on record that nobody could confirm."""

from __future__ import annotations

from dataclasses import dataclass

from graph.engine import Engine
from graph.nodes import Named, Nodes, is_iri_text
from graph.quads import Term, iri, text_of
from ontology.display import Labels
from ontology.library import query

UNCLEAR = "https://w3id.org/medalliance/vocab/confirmation-answer/unclear"


@dataclass(frozen=True)
class Unclear:
    """A fact that a unit called unclear: what it is about, its property and value, and the day of the answer."""

    thing: Named
    property: Labels
    value: Labels
    day: str


def unclear_facts(engine: Engine, unit: str) -> list[Unclear]:
    """Return what a unit (IRI) called unclear, where that is its last answer."""
    things = [row["thing"] for row in engine.select(query("things-of-unit").bound({"unit": iri(unit)}))]
    rows = engine.select(query("confirmations-of-things").bound({"thing": things})) if things else []
    last: dict[tuple[Term, Term, Term], dict[str, Term]] = {}
    for row in rows:  # by day: a later answer takes the place of an earlier one
        last[row["thing"], row["property"], row.get("value", "")] = row
    open_ = [row for row in last.values() if text_of(row["answer"]) == UNCLEAR]
    nodes = Nodes(engine)
    named = {text_of(row[name]) for row in open_ for name in ("thing", "property", "value") if name in row}
    nodes.read(name for name in named if is_iri_text(name))
    return [
        Unclear(
            nodes.named(text_of(row["thing"]), unit),
            nodes.labels(text_of(row["property"])),
            _value(nodes, row),
            text_of(row["day"]),
        )
        for row in open_
    ]


def _value(nodes: Nodes, row: dict[str, Term]) -> Labels:
    """Return a value as a reader sees it; that of a thing or concept was kept as its IRI."""
    text = text_of(row["value"]) if "value" in row else ""
    return nodes.labels(text) if is_iri_text(text) and nodes.named(text).described else {"": text}
