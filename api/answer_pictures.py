"""The pictures of an answer, for a page: as a graph, on a map, as a chart, with the names of things."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Literal

from api.answer_chart import Chart, chart_of
from api.answer_graph import Picture, drawn_things, links_of, picture
from api.answer_map import Map, located, map_of
from api.answer_rows import Cell, Rows
from api.templating import View
from graph.engine import Engine
from graph.nodes import Named, Nodes, is_iri_text
from graph.places import places_of

Way = Literal["graph", "map", "chart"]
WAYS: Sequence[Way] = ("graph", "map", "chart")


@dataclass(frozen=True)
class Drawn:
    """An answer drawn in one way; where all three are ``None`` there was nothing to draw."""

    way: Way
    graph: Picture | None = None
    map: Map | None = None
    chart: Chart | None = None


def drawn(engine: Engine, rows: Rows, way: Way, view: View) -> Drawn:
    """Return an answer drawn in one way, named for a reader."""
    if way == "graph":
        return Drawn(way, graph=_graph(engine, rows, view))
    if way == "map":
        return Drawn(way, map=_map(engine, rows, view))
    return Drawn(way, chart=_chart(engine, rows, view))


def names_of(engine: Engine, iris: Iterable[str]) -> Mapping[str, Named]:
    """Return what some things are called; what cannot be an IRI is called by itself."""
    listed = list(iris)
    nodes = Nodes(engine)
    nodes.read(name for name in listed if is_iri_text(name))
    return {name: nodes.named(name) for name in listed}


def _graph(engine: Engine, rows: Rows, view: View) -> Picture | None:
    links = links_of(rows)
    things = drawn_things(links.links)
    named = names_of(engine, {*things, *(link.kind for link in links.links if ":" in link.kind)})

    def label(name: str) -> str:
        return view.label(named[name].labels) if name in named else name

    return picture(links, {name: named[name] for name in things}, label)


def _map(engine: Engine, rows: Rows, view: View) -> Map | None:
    found = located(rows, partial(_places, engine), _names_in(engine, rows, view))
    return map_of(found, len(rows.rows))


def _chart(engine: Engine, rows: Rows, view: View) -> Chart | None:
    return chart_of(rows, _names_in(engine, rows, view), view.translator.number)


def _names_in(engine: Engine, rows: Rows, view: View) -> Callable[[Cell], str]:
    named = names_of(engine, rows.iris())
    return lambda cell: view.label(named[cell.text].labels) if cell.kind == "iri" else cell.text


def _places(engine: Engine, names: Iterable[str]) -> Mapping[str, tuple[float, float]]:
    return places_of(engine, (name for name in names if is_iri_text(name)))
