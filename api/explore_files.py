"""The visible part of the graph to take along: CSV, Turtle, GraphML, and the one-file picture."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date

from api.explore_json import held_text, period_text
from api.explore_rows import RelationRow, ThingRow, Wording
from api.explorer import Explorer, Shown
from api.picture import Picture, picture
from api.problems import Problem
from api.spreadsheet import neutral
from api.templating import View
from graph.edges import DescribedEdge
from graph.engine import Engine
from graph.focus import batches
from graph.graphml import Value, graphml
from graph.media import TURTLE
from graph.projection import Edge, Neighbourhood, Node
from graph.provenance import Provenance
from graph.quads import iri
from graph.views import GROUP
from ontology.library import query


def things_csv(wording: Wording, view: View) -> bytes:
    """Return the things of a view as CSV that spreadsheets read."""
    said = view.translator
    header = [
        *("IRI", said.text("Name"), said.text("Kind")),
        *(said.text("Relations"), said.text("Drawn"), said.text("illustrative")),
    ]
    rows = (
        [
            row.thing.name if row.thing.node else "",
            row.label,
            row.kind,
            row.thing.degree,
            row.thing.shown,
            _yes(row.thing.illustrative, view),
        ]
        for row in wording.thing_rows()
    )
    return _csv(header, rows)


def relations_csv(shown: Shown, wording: Wording, view: View) -> bytes:
    """Return the relations of a view as CSV, each with dates, basis and sources."""
    said = view.translator
    header = [
        *(said.text("From"), said.text("Relation"), said.text("To"), said.text("Start"), said.text("End")),
        *(said.text("On the date"), said.text("Basis"), said.text("Source"), said.text("illustrative")),
        *(said.text("IRI (from)"), said.text("IRI (to)"), said.text("IRI (fact)")),
    ]
    rows = (_relation_cells(row, view) for row in wording.described_rows(shown.view.lines))
    return _csv(header, rows)


def turtle(engine: Engine, shown: Shown) -> bytes:
    """Return what the graph states of the visible part, as Turtle."""
    nodes = [iri(node.iri) for node in shown.view.nodes]
    facts = [iri(edge.fact) for edge in shown.view.edges if edge.fact]
    pieces: list[bytes] = []
    for batch in [*batches(nodes)] or [[]]:
        text = query("explore-triples").bound({"node": batch, "fact": facts if not pieces else []})
        pieces.append(engine.answer(text, (TURTLE,)).body())
    plain = [
        f"{iri(e.from_iri)} {iri(e.relation)} {iri(e.to_iri)} .\n" for e in shown.view.edges if not e.fact
    ]
    return b"".join(pieces) + "".join(dict.fromkeys(plain)).encode()


def graphml_file(shown: Shown, wording: Wording, view: View) -> bytes:
    """Return a view as GraphML, positions included."""
    things = [(row.key, _thing_values(row)) for row in wording.thing_rows()]
    relations = [
        (row.from_key, row.to_key, row.key, _relation_values(row, view))
        for row in wording.described_rows(shown.view.lines)
    ]
    return graphml(things, relations)


def one_file(
    explorer: Explorer, shown: Shown, wording: Wording, view: View, drawn_on: date, address: str
) -> Picture:
    """Return a view as the one-file picture that opens offline; groups stand in it like things.

    Raises:
        Problem: there is nothing to draw.
    """
    nodes = tuple(map(_node, wording.thing_rows()))
    if not nodes:
        raise Problem("not-found", what=address)
    told = explorer.described(shown, shown.view.lines)
    edges = [told.get(row.key) or _tie(row) for row in wording.relation_rows()]
    around = Neighbourhood(shown.view.version, 1, nodes, tuple(one.edge for one in edges))
    at = {thing.name: thing.at for thing in shown.view.things}
    return picture(around, edges, at, view.language, drawn_on=drawn_on, address=address)


def _node(row: ThingRow) -> Node:
    if row.thing.node is not None:
        return replace(row.thing.node, distance=0 if row.thing.is_centre else 1)
    return Node(row.thing.name, GROUP, {"": f"{row.label} · {row.count}"}, row.thing.illustrative, 1, 0)


def _tie(row: RelationRow) -> DescribedEdge:
    """Return what ties a group as if it were a relation."""
    edge = Edge(row.line.from_name, GROUP, row.line.to_name, illustrative=row.line.illustrative)
    told = Provenance(illustrative=row.line.illustrative)
    return DescribedEdge(edge, {"": row.label}, {"": row.label}, (), told)


def _relation_cells(row: RelationRow, view: View) -> Sequence[object]:
    told = row.told
    edge = row.line.edge
    return [
        row.from_label,
        row.label,
        row.to_label,
        row.period.start or row.period.at,
        row.period.end,
        held_text(row.held, view),
        view.label(told.basis.labels) if told and told.basis else "",
        "; ".join(_sources(row, view)),
        _yes(row.line.illustrative, view),
        edge.from_iri if edge else "",
        edge.to_iri if edge else "",
        edge.fact if edge else "",
    ]


def _sources(row: RelationRow, view: View) -> Iterator[str]:
    for source in row.told.sources if row.told else ():
        document = view.label(source.document.labels)
        sentence = (
            view.translator.text("sentence {number}", number=source.sentence) if source.sentence else ""
        )
        yield " ".join(filter(None, (document, sentence, source.date)))


def _thing_values(row: ThingRow) -> Mapping[str, Value]:
    return {
        "label": row.label,
        "kind": row.thing.kind,
        "iri": row.thing.name if row.thing.node else "",
        "illustrative": row.thing.illustrative,
        "degree": row.thing.degree,
        "x": float(row.thing.at[0]),
        "y": float(row.thing.at[1]),
    }


def _relation_values(row: RelationRow, view: View) -> Mapping[str, Value]:
    return {
        "label": row.label,
        "kind": row.line.kind,
        "period": period_text(row.period, view),
        "held": row.held or "",
        "illustrative": row.line.illustrative,
        "sources": "; ".join(_sources(row, view)),
        "fact": row.line.edge.fact if row.line.edge else "",
    }


def _yes(answer: bool, view: View) -> str:
    return view.translator.text("yes") if answer else ""


def _csv(header: Sequence[str], rows: Iterator[Sequence[object]]) -> bytes:
    written = io.StringIO()
    writer = csv.writer(written)
    writer.writerow(header)
    writer.writerows([neutral(cell) if isinstance(cell, str) else cell for cell in row] for row in rows)
    return written.getvalue().encode("utf-8-sig")  # the mark tells Excel that it is UTF-8
