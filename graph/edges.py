"""What is known of the edges of a picture: what each is called, what qualifies it, and who says so.

The projection holds only who is related to whom; this reads the rest for the few hundred edges that are shown, in
a handful of queries however many they are.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from threading import Lock

from graph.engine import Engine
from graph.nodes import Named, Nodes
from graph.projection import Edge
from graph.provenance import Provenance, Provenances
from graph.quads import Term, iri, iri_value
from ontology.display import Labels
from ontology.kinds import Kinds, kinds
from ontology.library import query
from ontology.terms import MA

_QUALIFIERS = {MA.ServiceCoverage: (MA.kind, MA.extent)}
"""Which properties of a fact say more about a relation than its name."""

_BATCH = 300


@dataclass(frozen=True)
class DescribedEdge:
    """An edge with its name along the arrow and against it, its qualifiers, and where it comes from."""

    edge: Edge
    labels: Labels
    inverse: Labels
    qualifiers: tuple[Named, ...]
    provenance: Provenance


class EdgeBook:
    """Descriptions of the edges that were asked for lately, of the newest version; may be used by any thread."""

    def __init__(self, engine: Engine, most: int = 5000) -> None:
        """Remember where to read.

        Args:
            engine: the graph.
            most: how many descriptions to keep.
        """
        self._engine, self._most = engine, most
        self._lock = Lock()
        self._version = -1
        self._known: OrderedDict[Edge, DescribedEdge] = OrderedDict()

    def described(self, edges: Sequence[Edge], version: int) -> tuple[DescribedEdge, ...]:
        """Return edges of one version with everything that a reader wants to know of them, in the same order."""
        known = self._held(edges, version)
        fresh = [edge for edge in dict.fromkeys(edges) if edge not in known]
        if fresh:
            found = dict(zip(fresh, described_edges(self._engine, fresh), strict=True))
            known.update(found)
            if self._engine.version == version:
                self._keep(found, version)
        return tuple(_as_asked(known[edge], edge) for edge in edges)

    def _held(self, edges: Iterable[Edge], version: int) -> dict[Edge, DescribedEdge]:
        with self._lock:
            if self._version != version:
                return {}
            return {edge: self._known[edge] for edge in edges if edge in self._known}

    def _keep(self, found: Mapping[Edge, DescribedEdge], version: int) -> None:
        with self._lock:
            if self._version < version:
                self._known.clear()
                self._version = version
            if self._version == version:
                self._known.update(found)
                while len(self._known) > self._most:
                    self._known.popitem(last=False)


@dataclass
class _Said:
    """Who states an edge: graphs with their kinds, the nodes that carry position and basis, and qualifiers."""

    graphs: dict[str, str] = field(default_factory=dict)
    records: set[str] = field(default_factory=set)
    qualifiers: set[str] = field(default_factory=set)

    def stating(self) -> list[str]:
        """Return the graphs that state the edge; what was only derived counts where nobody states it."""
        stated = [graph for graph, kind in self.graphs.items() if not kind.endswith("/derived")]
        return sorted(stated or self.graphs)


def described_edges(engine: Engine, edges: Sequence[Edge]) -> tuple[DescribedEdge, ...]:
    """Return edges with everything that a reader wants to know of them, in the same order."""
    table, nodes = kinds(), Nodes(engine)
    said: dict[Edge, _Said] = {edge: _Said() for edge in edges}
    _read_facts(engine, said)
    _read_triples(engine, said)
    provenances = Provenances(engine, nodes)
    records = {record for one in said.values() for record in one.records}
    # Together, so that the engine is asked once: the records are then known to what follows.
    nodes.read(
        {*records, *(edge.relation for edge in edges), *(q for one in said.values() for q in one.qualifiers)}
    )
    provenances.read(records, {graph for one in said.values() for graph in one.stating()})
    return tuple(_described(edge, said[edge], table, nodes, provenances) for edge in edges)


def relation_labels(engine: Engine, relations: Iterable[str]) -> Mapping[str, tuple[Labels, Labels]]:
    """Return what relations are called, along the arrow and against it."""
    nodes = Nodes(engine)
    nodes.read(listed := list(relations))
    return {relation: _labels(relation, kinds(), nodes) for relation in listed}


def _as_asked(described: DescribedEdge, edge: Edge) -> DescribedEdge:
    """Return a description of an edge for somebody who asked about another date."""
    known = _flagged(edge, described.provenance)
    return DescribedEdge(edge, described.labels, described.inverse, described.qualifiers, known)


def _flagged(edge: Edge, known: Provenance) -> Provenance:
    """Return the provenance of an edge, flagged where the edge is: one of its ends may be invented."""
    return replace(known, illustrative=True) if edge.illustrative and not known.illustrative else known


def _described(
    edge: Edge, said: _Said, table: Kinds, nodes: Nodes, provenances: Provenances
) -> DescribedEdge:
    labels, inverse = _labels(edge.relation, table, nodes)
    return DescribedEdge(
        edge=edge,
        labels=labels,
        inverse=inverse,
        qualifiers=tuple(nodes.named(name) for name in sorted(said.qualifiers)),
        provenance=_flagged(edge, _provenance(edge, said, provenances)),
    )


def _labels(relation: str, table: Kinds, nodes: Nodes) -> tuple[Labels, Labels]:
    """Return the names of a relation; a concept is called what the vocabulary calls it, both ways."""
    kind = table.relation_of(relation)
    if relation in kind.iris:
        return kind.labels, kind.inverse
    labels = nodes.labels(relation)
    return labels, labels


def _provenance(edge: Edge, said: _Said, provenances: Provenances) -> Provenance:
    """Return where an edge comes from: what its first record says, with the sources of all of them."""
    graphs = said.stating()
    known = [provenances.of(record, graphs) for record in sorted(said.records)]
    of_graphs = provenances.of_graphs(graphs)
    if not known:
        return of_graphs
    found = [source for one in known for source in one.sources if source.graph in graphs]
    pinned = {source.graph for source in found if source.position}
    return replace(
        known[0],
        sources=tuple(
            {(s.position, s.graph): s for s in found if s.position or s.graph not in pinned}.values()
        ),
        illustrative=any(one.illustrative for one in known) or (not edge.fact and of_graphs.illustrative),
    )


def _read_facts(engine: Engine, said: Mapping[Edge, _Said]) -> None:
    """Read who states the nodes that stand for edges."""
    by_fact: dict[str, list[Edge]] = {}
    for edge in said:
        if edge.fact:
            by_fact.setdefault(edge.fact, []).append(edge)
            said[edge].records.add(edge.fact)
    for row in _rows(engine, "graph-edge-facts", "fact", by_fact):
        for edge in by_fact[iri_value(row["fact"])]:
            _note(edge, said[edge], row)


def _note(edge: Edge, said: _Said, row: Mapping[str, Term]) -> None:
    """Take from a triple of an edge's fact what it says of that edge."""
    property_, other = iri_value(row["property"]), iri_value(row["other"])
    if property_ in _QUALIFIERS.get(edge.relation, ()):
        said.qualifiers.add(other)
    if other in _told_by(edge):
        said.graphs[iri_value(row["graph"])] = iri_value(row["graphKind"])


def _told_by(edge: Edge) -> tuple[str, ...]:
    """Return the values by which a fact makes an edge: its role or kind, else the far end of the two."""
    if edge.relation not in kinds().relation_of(edge.relation).iris:
        return (edge.relation,)
    return (edge.to_iri,) if edge.fact != edge.to_iri else (edge.from_iri,)


def _read_triples(engine: Engine, said: Mapping[Edge, _Said]) -> None:
    """Read who states the edges that are single triples."""
    starts = {edge.from_iri for edge in said}
    by_ends: dict[tuple[str, str, str], list[Edge]] = {}
    for edge in said:
        by_ends.setdefault((edge.from_iri, edge.relation, edge.to_iri), []).append(edge)
    for row in _rows(engine, "graph-edge-triples", "from", starts):
        ends = iri_value(row["from"]), iri_value(row["relation"]), row["to"][1:-1]
        for edge in by_ends.get(ends, ()):
            said[edge].graphs[iri_value(row["graph"])] = iri_value(row["graphKind"])
            if "statement" in row:
                said[edge].records.add(iri_value(row["statement"]))


def _rows(engine: Engine, name: str, parameter: str, values: Iterable[str]) -> Iterable[Mapping[str, Term]]:
    terms = [iri(value) for value in sorted(values)]
    for begin in range(0, len(terms), _BATCH):
        yield from engine.select(query(name).bound({parameter: terms[begin : begin + _BATCH]}))
