"""The graph as arrays: who is related to whom, so that a neighbourhood costs what it shows and no more.

A projection is made once for each version of the graph. It holds edges as integers, for each node sorted by
relation and then by the order of lists, so that "how many" is a subtraction and "the first hundred" is a slice,
however large the hub. Sources and dates of edges are read for those that are shown, see ``graph.edges``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from threading import Lock
from typing import TYPE_CHECKING, Literal, NamedTuple

import numpy as np
import numpy.typing as npt

from graph.engine import Engine
from graph.quads import Term, iri, iri_value, is_iri, literal_parts
from ontology.kinds import Kinds, kinds
from ontology.library import query

if TYPE_CHECKING:
    import networkx as nx

Direction = Literal["out", "in"]
Ints = npt.NDArray[np.int32]

MOST_HOPS = 3
_ATTEMPTS = 3
_DIRECTIONS: Mapping[str, tuple[Direction, ...]] = {"both": ("out", "in"), "out": ("out",), "in": ("in",)}


class UnknownNode(LookupError):
    """The graph has no node of this name."""


@dataclass(frozen=True)
class Node:
    """A thing in a neighbourhood; ``distance`` counts hops from the centre, ``degree`` all its edges."""

    iri: str
    kind: str
    labels: Mapping[str, str]
    illustrative: bool
    distance: int
    degree: int


@dataclass(frozen=True)
class Edge:
    """One way in which two things relate; ``fact`` is the node that stands for it (empty: a plain triple)."""

    from_iri: str
    relation: str
    to_iri: str
    fact: str = ""


@dataclass(frozen=True)
class RelationCount:
    """How many edges of one relation lead out of or into something."""

    relation: str
    direction: Direction
    count: int


@dataclass(frozen=True)
class Neighbourhood:
    """What surrounds one thing: nodes (the centre first) and all edges between them, in the order of lists.

    ``left_out`` counts the edges that were asked for and lead to nodes for which there was no room.
    """

    version: int
    hops: int
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    left_out: tuple[RelationCount, ...] = ()

    @property
    def centre(self) -> Node:
        """The thing in the middle."""
        return self.nodes[0]

    @property
    def truncated(self) -> bool:
        """Whether something that was asked for is missing."""
        return bool(self.left_out)


class _Segment(NamedTuple):
    """The edges of one node with one relation in one direction: positions ``begin`` to ``end`` of a side."""

    relation: int
    direction: Direction
    begin: int
    end: int


@dataclass(frozen=True)
class _Side:
    """The edges of every node in one direction, cut into segments of one relation each.

    Segments of node ``n`` are ``first[n]`` to ``first[n + 1]``; segment ``s`` covers the positions ``begin[s]`` to
    ``begin[s + 1]`` of ``edge`` (its number) and ``other`` (the node at the far end).
    """

    first: Ints
    relation: Ints
    begin: Ints
    edge: Ints
    other: Ints

    @classmethod
    def of(cls, near: Ints, far: Ints, relation: Ints, nodes: int) -> _Side:
        """Return the side of edges that are listed in the order in which a segment shall show them."""
        order = np.lexsort((far, relation, near))
        near, relation = near[order], relation[order]
        changes = np.flatnonzero((near[1:] != near[:-1]) | (relation[1:] != relation[:-1])) + 1
        starts = np.concatenate(([0], changes)) if len(near) else np.zeros(0, np.int64)
        return cls(
            first=_frozen(np.searchsorted(near[starts], np.arange(nodes + 1))),
            relation=_frozen(relation[starts]),
            begin=_frozen(np.concatenate((starts, [len(near)]))),
            edge=_frozen(order),
            other=_frozen(far[order]),
        )

    def segments(self, node: int, direction: Direction) -> Iterator[_Segment]:
        """Yield the segments of a node."""
        for position in range(int(self.first[node]), int(self.first[node + 1])):
            begin, end = self.begin[position : position + 2]
            yield _Segment(int(self.relation[position]), direction, int(begin), int(end))


class Projection:
    """One version of the graph, for questions about who is related to whom; never changes.

    Nodes are numbered in the order of lists: by kind, then by name.
    """

    def __init__(
        self, version: int, nodes: Iterable[Node], edges: Iterable[Edge], table: Kinds | None = None
    ) -> None:
        table = table or kinds()
        order = {kind.name: kind.order for kind in table.nodes}
        self.version = version
        self._nodes = sorted(nodes, key=lambda node: (order[node.kind], _name(node), node.iri))
        self._number = {node.iri: number for number, node in enumerate(self._nodes)}
        listed = set(edges)
        self._relations = sorted(
            {edge.relation for edge in listed}, key=lambda name: (table.relation_of(name).order, name)
        )
        relations = {name: number for number, name in enumerate(self._relations)}
        rows = sorted(
            (relations[edge.relation], self._number[edge.from_iri], self._number[edge.to_iri], edge.fact)
            for edge in listed
        )
        self._facts = [fact for *_, fact in rows]
        columns = np.array([row[:3] for row in rows], np.int32).reshape(-1, 3)
        self._relation, self._from, self._to = (_frozen(columns[:, place]) for place in range(3))
        sides = (self._from, self._to), (self._to, self._from)
        self._out, self._in = (_Side.of(near, far, self._relation, len(self._nodes)) for near, far in sides)

    @classmethod
    def of(cls, engine: Engine) -> Projection:
        """Return the projection of an engine's graph as it is now.

        It is read in two answers. A change between them makes it start again; under a stream of changes it keeps
        the number of the version before, so that whoever asks for the newest one does not take it for that.
        """
        for _ in range(_ATTEMPTS):
            version = engine.version
            edges = [_edge(row) for row in engine.select(query("graph-edges").text)]
            nodes = list(_nodes(engine, {end for edge in edges for end in (edge.from_iri, edge.to_iri)}))
            if engine.version == version:
                break
        return cls(version, nodes, edges)

    def __contains__(self, name: str) -> bool:
        return name in self._number

    def __len__(self) -> int:
        """Return the number of nodes."""
        return len(self._nodes)

    @property
    def size(self) -> int:
        """The number of edges."""
        return len(self._facts)

    @property
    def relations(self) -> Sequence[str]:
        """The relations that occur, in their order."""
        return tuple(self._relations)

    def relation_counts(self, name: str) -> tuple[RelationCount, ...]:
        """Return how many edges a thing has, by relation and direction.

        Raises:
            UnknownNode: there is no such thing.
        """
        return self._counts(_sizes(self._segments([self._numbered(name)], ("out", "in"), None)))

    def neighbourhood(
        self,
        name: str,
        hops: int = 1,
        relations: Collection[str] | None = None,
        direction: str = "both",
        limit: int = 100,
    ) -> Neighbourhood:
        """Return what surrounds a thing.

        Where there are more nodes than the limit, every relation of every node gets its fair share of the room,
        the first in the order of lists, nearer hops before farther ones.

        Args:
            name: IRI of the centre.
            hops: how far to walk, 1 to 3.
            relations: the relations to walk along and to show; ``None`` for all.
            direction: walk along the arrows (``out``), against them (``in``) or either way (``both``).
            limit: how many nodes to return at most, the centre included.

        Raises:
            UnknownNode: there is no such thing.
            ValueError: hops, direction or limit make no sense.
        """
        if not 1 <= hops <= MOST_HOPS or direction not in _DIRECTIONS or limit < 1:
            raise ValueError(f"no such neighbourhood: {hops} hops, direction {direction}, limit {limit}")
        allowed = (
            None
            if relations is None
            else {self._relations.index(r) for r in relations if r in self._relations}
        )
        distances = {self._numbered(name): 0}
        walked: list[_Segment] = []
        frontier = list(distances)
        for distance in range(1, hops + 1):
            segments = self._segments(frontier, _DIRECTIONS[direction], allowed)
            walked += segments
            frontier = sorted(self._fair_share(segments, distances, limit - len(distances)))
            distances.update(dict.fromkeys(frontier, distance))
        edges = self._between(distances, allowed)
        expanded = {node for node, distance in distances.items() if distance < hops}
        # What is drawn without having been asked for (against the direction) falls out of the difference.
        left_out = _sizes(walked) - self._drawn(edges, expanded)
        return Neighbourhood(
            version=self.version,
            hops=hops,
            nodes=tuple(self._node(node, distances[node]) for node in _centre_first(distances)),
            edges=tuple(self._edge(edge) for edge in edges),
            left_out=self._counts(left_out),
        )

    def _numbered(self, name: str) -> int:
        try:
            return self._number[name]
        except KeyError:
            raise UnknownNode(name) from None

    def _segments(
        self, nodes: Iterable[int], directions: Iterable[Direction], allowed: Collection[int] | None
    ) -> list[_Segment]:
        return [
            segment
            for node in nodes
            for direction in directions
            for segment in self._side(direction).segments(node, direction)
            if allowed is None or segment.relation in allowed
        ]

    def _side(self, direction: Direction) -> _Side:
        return self._out if direction == "out" else self._in

    def _fair_share(self, segments: Iterable[_Segment], known: Collection[int], room: int) -> list[int]:
        """Return at most so many new nodes at the far ends of segments, taking from each in turn."""
        taken: dict[int, None] = {}
        queues = [self._new_ends(segment, known, taken) for segment in segments]
        while queues:
            waiting = []
            for queue in queues:
                if len(taken) == room:
                    return list(taken)
                if (node := next(queue, None)) is not None:
                    taken[node] = None
                    waiting.append(queue)
            queues = waiting
        return list(taken)

    def _new_ends(self, segment: _Segment, known: Collection[int], taken: Collection[int]) -> Iterator[int]:
        other = self._side(segment.direction).other
        for position in range(segment.begin, segment.end):
            node = int(other[position])
            if node not in known and node not in taken:
                yield node

    def _between(self, nodes: Collection[int], allowed: Collection[int] | None) -> list[int]:
        """Return the numbers of all edges whose two ends are among these nodes."""
        spans = [slice(s.begin, s.end) for s in self._segments(nodes, ("out",), allowed)]
        if not spans:
            return []
        ends = np.concatenate([self._out.other[span] for span in spans])
        edges = np.concatenate([self._out.edge[span] for span in spans])
        found: list[int] = np.sort(edges[np.isin(ends, np.fromiter(nodes, np.int32))]).tolist()
        return found

    def _drawn(self, edges: Iterable[int], expanded: Collection[int]) -> Counter[tuple[int, Direction]]:
        """Count edges as seen from the nodes that were expanded."""
        seen: Counter[tuple[int, Direction]] = Counter()
        for edge in edges:
            relation = int(self._relation[edge])
            seen[relation, "out"] += int(self._from[edge]) in expanded
            seen[relation, "in"] += int(self._to[edge]) in expanded
        return seen

    def _counts(self, sizes: Mapping[tuple[int, Direction], int]) -> tuple[RelationCount, ...]:
        listed = sorted(sizes.items(), key=lambda item: (item[0][0], item[0][1] == "in"))
        return tuple(
            RelationCount(self._relations[relation], way, size) for (relation, way), size in listed if size
        )

    def _node(self, number: int, distance: int) -> Node:
        node = self._nodes[number]
        degree = sum(_sizes(self._segments([number], ("out", "in"), None)).values())
        return Node(node.iri, node.kind, node.labels, node.illustrative, distance, degree)

    def _edge(self, number: int) -> Edge:
        return Edge(
            self._nodes[int(self._from[number])].iri,
            self._relations[int(self._relation[number])],
            self._nodes[int(self._to[number])].iri,
            self._facts[number],
        )


class ProjectionCache:
    """The projection of an engine's current version; made when first asked for, once however many ask."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._lock = Lock()
        self._held: Projection | None = None

    def current(self) -> Projection:
        """Return the projection of the engine's version."""
        held = self._held
        if held is not None and held.version == self._engine.version:
            return held
        with self._lock:
            if self._held is None or self._held.version != self._engine.version:
                self._held = Projection.of(self._engine)
            return self._held


def as_networkx(neighbourhood: Neighbourhood) -> nx.MultiDiGraph:
    """Return a neighbourhood as a NetworkX graph: nodes by IRI, edges keyed by relation and fact."""
    import networkx as nx  # wanted by few requests, and not at the start

    graph = nx.MultiDiGraph(version=neighbourhood.version)
    for node in neighbourhood.nodes:
        graph.add_node(
            node.iri,
            kind=node.kind,
            labels=dict(node.labels),
            illustrative=node.illustrative,
            distance=node.distance,
        )
    for edge in neighbourhood.edges:
        key = (edge.relation, edge.fact)
        graph.add_edge(edge.from_iri, edge.to_iri, key=key, relation=edge.relation, fact=edge.fact)
    return graph


def _sizes(segments: Iterable[_Segment]) -> Counter[tuple[int, Direction]]:
    sizes: Counter[tuple[int, Direction]] = Counter()
    for segment in segments:
        sizes[segment.relation, segment.direction] += segment.end - segment.begin
    return sizes


def _centre_first(distances: Mapping[int, int]) -> list[int]:
    centre = next(iter(distances))
    return [centre, *sorted(node for node in distances if node != centre)]


def _name(node: Node) -> str:
    return node.labels.get("zh") or node.labels.get("en") or node.iri


def _frozen(numbers: npt.NDArray[np.integer]) -> Ints:
    copy = np.array(numbers, np.int32)
    copy.setflags(write=False)
    return copy


def _edge(row: Mapping[str, Term]) -> Edge:
    fact = row.get("fact", "")
    return Edge(
        iri_value(row["from"]),
        iri_value(row["relation"]),
        iri_value(row["to"]),
        iri_value(fact) if is_iri(fact) else "",
    )


def _nodes(engine: Engine, ends: Collection[str]) -> Iterator[Node]:
    """Yield the nodes of the known classes and those at the ends of edges, without places in a picture."""
    table = kinds()
    rows = engine.select(query("graph-nodes").bound({"type": [iri(name) for name in table.classes]}))
    found: dict[str, list[Mapping[str, Term]]] = {name: [] for name in ends}
    for row in rows:
        found.setdefault(iri_value(row["node"]), []).append(row)
    for name, said in found.items():
        kind = table.node_of(iri_value(row["type"]) for row in said)
        invented = any(row.get("illustrative", "").startswith('"true"') for row in said)
        yield Node(name, kind.name, _labels(said), invented, 0, 0)


def _labels(said: Iterable[Mapping[str, Term]]) -> Mapping[str, str]:
    """Return one label a language, the same one whatever the order of the rows."""
    columns = {"zh": "labelZh", "en": "labelEn"}
    rows = list(said)
    terms = {language: [row[name] for row in rows if name in row] for language, name in columns.items()}
    return {language: literal_parts(min(held)).lexical for language, held in terms.items() if held}
