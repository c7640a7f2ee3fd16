"""The view as JSON: what the canvas draws."""

from __future__ import annotations

from api.explore_rows import RelationRow, ThingRow, Wording
from api.explorer import Shown
from api.templating import View
from graph.cards import Json
from graph.nodes import Period
from graph.times import Held
from ontology.kinds import kinds


def view_json(shown: Shown, wording: Wording, view: View, address: str) -> dict[str, Json]:
    """Return a view as JSON: things with positions, lines with names and periods, and the kinds of both."""
    table = kinds()
    return {
        "version": shown.view.version,
        "address": address,
        "layout": shown.place.exploration.arrangement,
        "limit": shown.place.exploration.limit,
        "left_out": shown.view.left_out,
        "selected": shown.place.selected if shown.selected else None,
        "nodes": [_node(row) for row in wording.thing_rows()],
        "edges": [_edge(row, view) for row in wording.relation_rows()],
        "kinds": [
            {
                "name": kind.name,
                "label": view.label(kind.labels),
                "colour": kind.colour,
                "shape": kind.shape,
                "count": count,
            }
            for kind in table.nodes
            if (count := shown.view.kinds.get(kind.name, 0))
        ],
        "relations": [
            {"name": kind.name, "label": view.label(kind.labels), "colour": kind.colour, "count": count}
            for kind in table.relations
            if (count := shown.view.relations.get(kind.name, 0))
        ],
    }


def period_text(period: Period, view: View) -> str:
    """Return a period in words: from when to when, unknown ends said so; empty when nothing is stated."""
    if period.start or period.end:
        ends = (
            view.translator.date(end) if end else view.translator.text("unknown")
            for end in (period.start, period.end)
        )
        return " – ".join(ends)
    return view.translator.date(period.at) if period.at else ""


def held_text(held: Held | None, view: View) -> str:
    """Return in words whether a relation holds on the date; empty for a tie of a group."""
    words = {
        "yes": view.translator.text("holds"),
        "unknown": view.translator.text("not known whether"),
        "no": view.translator.text("does not hold"),
    }
    return words[held] if held else ""


def _node(row: ThingRow) -> dict[str, Json]:
    thing = row.thing
    return {
        "key": row.key,
        "iri": thing.name if thing.node else None,
        "label": row.label,
        "kind": thing.kind,
        "x": thing.at[0],
        "y": thing.at[1],
        "degree": thing.degree,
        "shown": thing.shown,
        "expanded": thing.is_expanded,
        "pinned": thing.is_pinned,
        "centre": thing.is_centre,
        "on_path": thing.on_path,
        "illustrative": thing.illustrative,
        "count": row.count,
    }


def _edge(row: RelationRow, view: View) -> dict[str, Json]:
    return {
        "key": row.key,
        "from": row.from_key,
        "to": row.to_key,
        "kind": row.line.kind,
        "label": row.label,
        "period": period_text(row.period, view),
        "held": row.held,
        "illustrative": row.line.illustrative,
        "unsure": row.unsure,
        "on_path": row.line.on_path,
    }
