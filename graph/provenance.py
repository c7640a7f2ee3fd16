"""Where facts come from: documents, sentences and graphs, on which basis, with which notes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from graph.engine import Engine
from graph.nodes import NO_PERIOD, Named, Nodes, Period, is_iri_text
from graph.quads import iri, is_iri, text_of
from ontology.display import Labels
from ontology.library import query

_ROW = re.compile(r"#s(?P<sheet>\d+)r(?P<row>\d+)")
"""How the row of a spreadsheet is named after the graph of its source; nothing describes it further."""


@dataclass(frozen=True)
class Source:
    """Who says it: the document, the sentence in it (``None``: not known), and the graph that holds the triple.

    ``date`` is the document's own; empty when it carries none. Of a spreadsheet, ``sheet`` and ``row`` say where.
    """

    document: Named
    sentence: int | None = None
    position: str = ""
    graph: str = ""
    date: str = ""
    sheet: int | None = None
    row: int | None = None


@dataclass(frozen=True)
class Provenance:
    """Basis, notes, period and sources of one fact; ``fact`` is the node that stands for it, if one does."""

    fact: str = ""
    basis: Named | None = None
    notes: Labels | None = None
    period: Period = NO_PERIOD
    sources: tuple[Source, ...] = ()
    derived_from: tuple[Named, ...] = ()
    illustrative: bool = False


class Provenances:
    """The provenance of some facts, read together; each is read once.

    ``about`` is the thing that the page is about; names that are put together leave it out.
    """

    def __init__(self, engine: Engine, nodes: Nodes, about: str = "") -> None:
        self._engine, self._nodes, self._about = engine, nodes, about
        self._positions: dict[str, list[tuple[str, str]]] = {}
        self._documents: dict[str, str] = {}
        self._invented: set[str] = set()

    def read(self, facts: Iterable[str], graphs: Iterable[str] = ()) -> None:
        """Read where these fact nodes come from, and which documents these graphs hold."""
        self._nodes.read(known := list(facts))
        self._read_positions([fact for fact in known if fact not in self._positions])
        pairs = [pair for fact in known for pair in self._positions[fact]]
        self._read_graphs({graph for _, graph in pairs} | set(graphs))
        self._nodes.read({position for position, _ in pairs} | set(self._documents.values()))

    def is_fact(self, name: str) -> bool:
        """Tell whether a thing that was read says itself where it comes from."""
        return bool(self._positions.get(name))

    def of(self, fact: str, graphs: Iterable[str] = ()) -> Provenance:
        """Return the provenance of a fact node; ``graphs`` are those that state the triple it stands for."""
        pairs = self._positions.get(fact, [])
        sources = [self._source(position, graph) for position, graph in pairs if self._is_document(position)]
        pinned = {source.graph for source in sources}
        sources += [self._graph_source(graph) for graph in graphs if graph not in pinned]
        inputs = sorted({position for position, _ in pairs if not self._is_document(position)})
        basis = self._nodes.linked(fact, "basis")
        return Provenance(
            fact=fact,
            basis=self._nodes.named(basis[0]) if basis else None,
            notes=self._nodes.texts(fact, "editorial") or None,
            period=self._nodes.period(fact),
            sources=tuple(sorted(sources, key=_reading_order)),
            derived_from=tuple(self._nodes.named(name, self._about) for name in inputs),
            illustrative=self._nodes.is_illustrative(fact),
        )

    def of_graphs(self, graphs: Iterable[str]) -> Provenance:
        """Return the provenance of a triple of which only the graphs are known.

        It is illustrative when nothing but illustrative graphs states it.
        """
        stating = list(graphs)
        sources = [self._graph_source(graph) for graph in stating]
        return Provenance(
            sources=tuple(sorted(sources, key=_reading_order)),
            illustrative=bool(stating) and self._invented.issuperset(stating),
        )

    def _source(self, position: str, graph: str) -> Source:
        cell = _ROW.fullmatch(position.removeprefix(graph)) if position.startswith(graph) else None
        if cell:
            return replace(self._graph_source(graph), sheet=int(cell["sheet"]), row=int(cell["row"]))
        documents = self._nodes.linked(position, "document")
        document = documents[0] if documents else position
        number = self._nodes.text(position, "sentence") if documents else ""
        return Source(
            document=self._nodes.named(document),
            sentence=int(number) if number.isdecimal() else None,
            position=position,
            graph=graph,
            date=self._nodes.period(document).at,
        )

    def _graph_source(self, graph: str) -> Source:
        document = self._documents.get(graph, graph)
        return Source(self._nodes.named(document), graph=graph, date=self._nodes.period(document).at)

    def _is_document(self, position: str) -> bool:
        is_sentence = bool(self._nodes.linked(position, "document"))
        return is_sentence or self._nodes.table.family(self._nodes.kind(position)) in ("source", "other")

    def _read_positions(self, facts: list[str]) -> None:
        if not facts:
            return
        self._positions.update({fact: [] for fact in facts})
        for row in self._engine.select(
            query("entity-sources").bound({"this": [iri(fact) for fact in facts]})
        ):
            if is_iri(row["position"]):
                pair = (text_of(row["position"]), text_of(row["graph"]))
                self._positions[text_of(row["this"])].append(pair)

    def _read_graphs(self, graphs: set[str]) -> None:
        unknown = sorted(graph for graph in graphs if graph not in self._documents)
        if not unknown:
            return
        self._documents.update({graph: graph for graph in unknown})
        rows = self._engine.select(query("entity-graphs").bound({"graph": [iri(graph) for graph in unknown]}))
        self._documents.update(
            {text_of(row["graph"]): text_of(row["document"]) for row in rows if "document" in row}
        )
        self._invented.update(text_of(row["graph"]) for row in rows if "illustrative" in row)


def graph_entry(engine: Engine, graph: str) -> tuple[Named | None, Named | None] | None:
    """Return the kind of a named graph and the document it is a version of; ``None``: no such graph is listed."""
    if not is_iri_text(graph):
        return None
    rows = engine.select(query("entity-graphs").bound({"graph": iri(graph)}))
    if not rows:
        return None
    nodes = Nodes(engine)
    names = [text_of(rows[0][key]) if key in rows[0] else "" for key in ("kind", "document")]
    nodes.read(name for name in names if name)
    kind, document = (nodes.named(name) if name else None for name in names)
    return kind, document


def documents_of(provenances: Iterable[Provenance]) -> tuple[Named, ...]:
    """Return the documents behind some facts, each once."""
    found: Mapping[str, Named] = {
        source.document.iri: source.document for known in provenances for source in known.sources
    }
    return tuple(found[name] for name in sorted(found))


def _reading_order(source: Source) -> tuple[str, int, int, int, str]:
    return source.document.iri, source.sentence or 0, source.sheet or 0, source.row or 0, source.graph
