"""What is known of the edges of a picture: what each is called, what qualifies it, and who says so.

The projection holds only who is related to whom; this reads the rest for the few hundred edges that are shown, in
a handful of queries however many they are.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

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
    provenances.read(
        {record for one in said.values() for record in one.records},
        {graph for one in said.values() for graph in one.stating()},
    )
    nodes.read(edge.relation for edge in edges)
    nodes.read(name for one in said.values() for name in one.qualifiers)
    return tuple(_described(edge, said[edge], table, nodes, provenances) for edge in edges)


def relation_labels(engine: Engine, relations: Iterable[str]) -> Mapping[str, tuple[Labels, Labels]]:
    """Return what relations are called, along the arrow and against it."""
    nodes = Nodes(engine)
    nodes.read(listed := list(relations))
    return {relation: _labels(relation, kinds(), nodes) for relation in listed}


def _described(
    edge: Edge, said: _Said, table: Kinds, nodes: Nodes, provenances: Provenances
) -> DescribedEdge:
    labels, inverse = _labels(edge.relation, table, nodes)
    return DescribedEdge(
        edge=edge,
        labels=labels,
        inverse=inverse,
        qualifiers=tuple(nodes.named(name) for name in sorted(said.qualifiers)),
        provenance=_provenance(said, provenances),
    )


def _labels(relation: str, table: Kinds, nodes: Nodes) -> tuple[Labels, Labels]:
    """Return the names of a relation; a concept is called what the vocabulary calls it, both ways."""
    kind = table.relation_of(relation)
    if relation in kind.iris:
        return kind.labels, kind.inverse
    labels = nodes.labels(relation)
    return labels, labels


def _provenance(said: _Said, provenances: Provenances) -> Provenance:
    """Return where an edge comes from: what its first record says, with the sources of all of them."""
    graphs = said.stating()
    known = [provenances.of(record, graphs) for record in sorted(said.records)]
    if not known:
        return provenances.of_graphs(graphs)
    found = [source for one in known for source in one.sources if source.graph in graphs]
    pinned = {source.graph for source in found if source.position}
    return replace(
        known[0],
        sources=tuple(
            {(s.position, s.graph): s for s in found if s.position or s.graph not in pinned}.values()
        ),
        illustrative=any(one.illustrative for one in known),
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
