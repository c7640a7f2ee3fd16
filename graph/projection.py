"""Questions about who is related to whom, answered from arrays: a neighbourhood costs what it shows and no more.

A projection is made once for each version of the graph, from the one before and what changed. Sources of edges are
read for those that are shown, see ``graph.edges``; their periods are here, so that "on that date" costs nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import numpy.typing as npt

from graph.current import Changes, Current, unnamed
from graph.engine import Engine
from graph.kept import Kept
from graph.network import Flags, Link, Network, Said
from graph.quads import Term, is_iri
from graph.sides import DIRECTIONS, Direction, Segment, Side, sides, spans
from graph.times import HELD, Bounds, Held
from ontology.kinds import kinds

if TYPE_CHECKING:
    import networkx as nx

Way = tuple[str, Direction]
"""A relation (its IRI, or the name of its kind) and the direction in which it is walked."""

MOST_HOPS = 3
_ATTEMPTS = 3
_DIRECTIONS: Mapping[str, tuple[Direction, ...]] = {"both": DIRECTIONS, "out": ("out",), "in": ("in",)}
_MOST_VIEWS = 12
_MOST_CHANGED = 3000
"""Changed nodes up to which less is read by asking about each than by reading the whole graph."""


class UnknownNode(LookupError):
    """The graph has no node of this name."""


@dataclass(frozen=True)
class Filters:
    """Which edges count.

    Attributes:
        as_of: the date on which they hold; ``None``: whenever.
        held: the answers to keep, when there is a date.
        real_only: leave out what is illustrative.
        kinds: the kinds of things at the far end (names in ``kinds.toml``); ``None``: all.
        relations: the relations, by IRI or by name of their kind; ``None``: all.
    """

    as_of: date | None = None
    held: frozenset[Held] = frozenset({"yes", "unknown"})
    real_only: bool = False
    kinds: frozenset[str] | None = None
    relations: frozenset[str] | None = None


EVERYTHING = Filters()
"""All edges, whenever they held."""


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
    """One way in which two things relate; ``fact`` is the node that stands for it (empty: a plain triple).

    ``held`` tells whether it holds on the date that was asked about (``None``: no date was). It is illustrative when
    its fact or one of its ends is, or when only illustrative graphs state it. Neither makes it another edge.
    """

    from_iri: str
    relation: str
    to_iri: str
    fact: str = ""
    held: Held | None = field(default=None, compare=False)
    illustrative: bool = field(default=False, compare=False)


@dataclass(frozen=True)
class RelationCount:
    """How many edges of one relation lead out of or into something."""

    relation: str
    direction: Direction
    count: int


@dataclass(frozen=True)
class KindCount:
    """How many edges of one kind of relation lead out of or into something."""

    kind: str
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


class View(NamedTuple):
    """The edges that fit some filters: their two sides, and for each edge the answer on the date, if there is one."""

    out: Side
    into: Side
    answers: npt.NDArray[np.int8] | None

    def side(self, direction: Direction) -> Side:
        """Return the edges in one direction."""
        return self.out if direction == "out" else self.into

    def degree(self, number: int) -> int:
        """Return how many edges a node has."""
        return self.out.degree(number) + self.into.degree(number)


class Projection:
    """One version of the graph, for questions about who is related to whom; never changes.

    Nodes are numbered in the order of lists: by kind, then by name.
    """

    def __init__(self, version: int, network: Network) -> None:
        self.version, self.network = version, network
        drawn = network.links.taken(network.drawn)
        self._things, self._links = network.things, drawn
        self.relation, self.starts, self._ends = drawn.relation, drawn.start, drawn.end
        invented = network.things.illustrative
        self._invented: Flags = drawn.invented | invented[drawn.start] | invented[drawn.end]
        self._whole = View(*sides(drawn.relation, drawn.start, drawn.end, len(network.things)), None)
        self._views: Kept[View] = Kept(_MOST_VIEWS)

    @classmethod
    def of(cls, engine: Engine) -> Projection:
        """Return the projection of an engine's graph as it is now.

        It is read in several answers. A change between them makes it start again; under a stream of changes it keeps
        the number of the version before, so that whoever asks for the newest one does not take it for that.
        """
        return cls._settled(engine, lambda version: cls(version, Network.of(engine)))

    @classmethod
    def made_of(
        cls,
        version: int,
        nodes: Iterable[Node],
        edges: Iterable[Edge],
        bounds: Mapping[str, Bounds] | None = None,
    ) -> Projection:
        """Return the projection of nodes and edges in hand, with the periods of facts."""
        orders = {kind.name: kind.order for kind in kinds().nodes}
        said = Said(bounds=dict(bounds or {}))
        for node in nodes:
            said.kinds[node.iri] = orders[node.kind]
            zh, en, other = (node.labels.get(language, "") for language in ("zh", "en", ""))
            said.labels[node.iri] = zh, en, other
            said.flagged.update([node.iri] if node.illustrative else ())
        for edge in edges:
            link = Link(edge.from_iri, edge.relation, edge.to_iri, edge.fact)
            said.links.add(link)
            said.invented.update([link] if edge.illustrative else ())
        return cls(version, Network.empty().merged(said, ()))

    def updated(self, engine: Engine, changes: Callable[[int, int], Collection[Term] | None]) -> Projection:
        """Return the projection of the engine's version, made from this one and what changed since.

        Args:
            engine: the graph.
            changes: told two versions, returns the IRI terms in subject or object position of what changed between
                them, or ``None`` when everything shall be read anew.
        """

        def made(version: int) -> Projection:
            terms = changes(self.version, version)
            if terms is None or len(terms) > min(_MOST_CHANGED, len(self)):
                return Projection(version, Network.of(engine))
            changed = {term[1:-1] for term in terms if is_iri(term)}
            return Projection(version, self.network.updated(engine, changed))

        return self._settled(engine, made)

    @staticmethod
    def _settled(engine: Engine, made: Callable[[int], Projection]) -> Projection:
        for _ in range(_ATTEMPTS):
            version = engine.version
            projection = made(version)
            if engine.version == version:
                break
        return projection

    def __contains__(self, name: str) -> bool:
        return name in self.network.number

    def __len__(self) -> int:
        """Return the number of nodes."""
        return len(self._things)

    @property
    def size(self) -> int:
        """The number of edges."""
        return len(self._links)

    @cached_property
    def relations(self) -> Sequence[str]:
        """The relations that occur, in their order."""
        return tuple(self.network.relations[number] for number in np.unique(self.relation))

    # --- Things -------------------------------------------------------------------------------------------------

    def node(self, name: str, filters: Filters = EVERYTHING) -> Node:
        """Return a thing; its degree counts the edges that fit.

        Raises:
            UnknownNode: there is no such thing.
        """
        return self.node_at(self.numbered(name), 0, self.view(filters), self.allowed(filters.relations))

    def degree(self, name: str, filters: Filters = EVERYTHING) -> int:
        """Return how many edges of a thing fit; raises UnknownNode."""
        return self.node(name, filters).degree

    def in_order(self, names: Iterable[str]) -> tuple[str, ...]:
        """Return things in the order of lists, each once; unknown ones are left out."""
        known = self.network.number
        return self._names(sorted({known[name] for name in names if name in known}))

    def relation_counts(self, name: str, filters: Filters = EVERYTHING) -> tuple[RelationCount, ...]:
        """Return how many edges a thing has, by relation and direction; raises UnknownNode."""
        return self._counts(_sizes(self._around(name, filters)))

    def kind_counts(self, name: str, filters: Filters = EVERYTHING) -> tuple[KindCount, ...]:
        """Return how many edges a thing has, by kind of relation and direction; raises UnknownNode."""
        counted: Counter[tuple[int, str, Direction]] = Counter()
        for (relation, direction), size in _sizes(self._around(name, filters)).items():
            kind = kinds().relation_of(self.network.relations[relation])
            counted[kind.order, kind.name, direction] += size
        listed = sorted(counted.items(), key=lambda item: (item[0][0], item[0][2] == "in"))
        return tuple(KindCount(kind, direction, size) for (_, kind, direction), size in listed)

    # --- Around things ------------------------------------------------------------------------------------------

    def neighbourhood(
        self,
        name: str,
        hops: int = 1,
        direction: str = "both",
        limit: int = 100,
        filters: Filters = EVERYTHING,
    ) -> Neighbourhood:
        """Return what surrounds a thing.

        Where there are more nodes than the limit, every relation of every node gets its fair share of the room,
        the first in the order of lists, nearer hops before farther ones.

        Args:
            name: IRI of the centre.
            hops: how far to walk, 1 to 3.
            direction: walk along the arrows (``out``), against them (``in``) or either way (``both``).
            limit: how many nodes to return at most, the centre included.
            filters: the edges to walk along and to show.

        Raises:
            UnknownNode: there is no such thing.
            ValueError: hops, direction or limit make no sense.
        """
        _check(hops, direction, limit)
        view, allowed = self.view(filters), self.allowed(filters.relations)
        distances = {self.numbered(name): 0}
        walked: list[Segment] = []
        frontier = list(distances)
        for distance in range(1, hops + 1):
            segments = self._segments(view, frontier, dict.fromkeys(_DIRECTIONS[direction], allowed))
            walked += segments
            frontier = sorted(self._fair_share(view, segments, distances, limit - len(distances)))
            distances.update(dict.fromkeys(frontier, distance))
        between = self.view(replace(filters, kinds=None))
        edges = self.between(between, distances, allowed)
        expanded = {node for node, distance in distances.items() if distance < hops}
        # What is drawn without having been asked for (against the direction) falls out of the difference.
        left_out = _sizes(walked) - self._drawn(edges, expanded, filters.kinds)
        return Neighbourhood(
            version=self.version,
            hops=hops,
            nodes=tuple(
                self.node_at(node, distances[node], view, allowed) for node in _centre_first(distances)
            ),
            edges=tuple(self.edge_at(edge, between) for edge in edges),
            left_out=self._counts(left_out),
        )

    def edges_between(self, names: Iterable[str], filters: Filters = EVERYTHING) -> tuple[Edge, ...]:
        """Return all edges that fit whose two ends are among these things; kinds of things do not matter."""
        known = self.network.number
        numbers = {known[name] for name in names if name in known}
        view = self.view(replace(filters, kinds=None))
        found = self.between(view, numbers, self.allowed(filters.relations))
        return tuple(self.edge_at(edge, view) for edge in found)

    def expanded(
        self,
        name: str,
        ways: Collection[Way] | None = None,
        hops: int = 1,
        limit: int = 100,
        exclude: Collection[str] = (),
        filters: Filters = EVERYTHING,
    ) -> tuple[str, ...]:
        """Return the things that expanding one thing brings, in the order of lists.

        Args:
            name: IRI of the thing.
            ways: the relations to walk, each in its direction; ``None``: all, either way.
            hops: how far to walk, 1 to 3.
            limit: how many to return at most; every relation of every node gets its fair share.
            exclude: things that are there already: they are walked through, and not returned.
            filters: the edges to walk along.

        Raises:
            UnknownNode: there is no such thing.
            ValueError: hops or limit make no sense.
        """
        _check(hops, "both", limit)
        view, allowed = self.view(filters), self._allowed_ways(ways, self.allowed(filters.relations))
        centre, known = self.numbered(name), self.network.number
        there = {known[other] for other in exclude if other in known} - {centre}
        seen, brought = {centre}, dict[int, None]()
        frontier = [centre]
        for hop in range(1, hops + 1):
            segments = self._segments(view, frontier, allowed)
            share = self._fair_share(view, segments, seen | there, limit - len(brought))
            brought.update(dict.fromkeys(share))
            frontier = sorted({*share, *(self._reached(view, segments, there - seen) if hop < hops else ())})
            seen.update(frontier)
        return self._names(sorted(brought))

    # --- Low level ----------------------------------------------------------------------------------------------

    def numbered(self, name: str) -> int:
        """Return the number of a thing; raises UnknownNode."""
        try:
            return self.network.number[name]
        except KeyError:
            raise UnknownNode(name) from None

    def view(self, filters: Filters) -> View:
        """Return the edges that fit, whatever their relation; kept, so that many may ask for the same."""
        wanted = replace(
            filters,
            held=filters.held if filters.as_of else frozenset(HELD),
            relations=None,
            kinds=None if filters.kinds is None else frozenset(filters.kinds),
        )
        if wanted == _WHOLE:
            return self._whole
        return self._views.kept(wanted, lambda: self._filtered(wanted))

    def node_at(self, number: int, distance: int, view: View, allowed: Collection[int] | None = None) -> Node:
        """Return the thing of a number."""
        things = self._things
        labels = {"zh": things.zh[number], "en": things.en[number], "": things.other[number]}
        if allowed is None:
            degree = view.degree(number)
        else:
            segments = self._segments(view, [number], dict.fromkeys(DIRECTIONS, allowed))
            degree = sum(segment.end - segment.begin for segment in segments)
        return Node(
            things.iris[number],
            kinds().nodes[things.kinds[number]].name,
            {language: label for language, label in labels.items() if label},
            bool(things.illustrative[number]),
            distance,
            degree,
        )

    def edge_at(self, number: int, view: View) -> Edge:
        """Return the edge of a number."""
        return Edge(
            self._things.iris[self.starts[number]],
            self.network.relations[self.relation[number]],
            self._things.iris[self._ends[number]],
            self._links.fact[number],
            None if view.answers is None else HELD[view.answers[number]],
            bool(self._invented[number]),
        )

    def ends(self, edges: Iterable[int]) -> list[tuple[int, int]]:
        """Return the numbers of the nodes where edges begin and end."""
        return [(int(self.starts[edge]), int(self._ends[edge])) for edge in edges]

    def _filtered(self, filters: Filters) -> View:
        keep = np.ones(self.size, np.bool_)
        answers = None
        if filters.as_of is not None:
            answers = self._links.periods.held_on(filters.as_of)
            keep &= np.array([answer in filters.held for answer in HELD])[answers]
        if filters.real_only:
            keep &= ~self._invented
        fitting = self.of_kinds(filters.kinds)
        out, into = (
            side.kept(keep[side.edge] & fitting[side.other]) for side in (self._whole.out, self._whole.into)
        )
        return View(out, into, answers)

    def of_kinds(self, names: Collection[str] | None) -> Flags:
        """Tell which things are of some kinds (``None``: of any)."""
        if names is None:
            return np.ones(len(self), np.bool_)
        return np.isin(self._things.kinds, [kind.order for kind in kinds().nodes if kind.name in names])

    def allowed(self, relations: Collection[str] | None) -> frozenset[int] | None:
        """Return the numbers of relations that are named by IRI or by kind; ``None``: all are."""
        if relations is None:
            return None
        table = kinds()
        return frozenset(
            number
            for number, name in enumerate(self.network.relations)
            if name in relations or table.relation_of(name).name in relations
        )

    def _allowed_ways(
        self, ways: Collection[Way] | None, allowed: frozenset[int] | None
    ) -> Mapping[Direction, frozenset[int] | None]:
        if ways is None:
            return dict.fromkeys(DIRECTIONS, allowed)
        found = {}
        for direction in DIRECTIONS:
            walked = self.allowed([name for name, way in ways if way == direction]) or frozenset()
            found[direction] = walked if allowed is None else walked & allowed
        return found

    def _around(self, name: str, filters: Filters) -> list[Segment]:
        allowed = self.allowed(filters.relations)
        return self._segments(self.view(filters), [self.numbered(name)], dict.fromkeys(DIRECTIONS, allowed))

    def _segments(
        self, view: View, nodes: Iterable[int], allowed: Mapping[Direction, Collection[int] | None]
    ) -> list[Segment]:
        """Return the segments of nodes in each of some directions, of the relations that are allowed in it."""
        return [
            segment
            for node in nodes
            for direction, relations in allowed.items()
            for segment in view.side(direction).segments(node)
            if relations is None or segment.relation in relations
        ]

    def _fair_share(
        self, view: View, segments: Iterable[Segment], known: Collection[int], room: int
    ) -> list[int]:
        """Return at most so many new nodes at the far ends of segments, taking from each in turn."""
        taken: dict[int, None] = {}
        queues = [_new_ends(view, segment, known, taken) for segment in segments]
        while queues:
            waiting = []
            for queue in queues:
                if len(taken) >= room:
                    return list(taken)
                if (node := next(queue, None)) is not None:
                    taken[node] = None
                    waiting.append(queue)
            queues = waiting
        return list(taken)

    def _reached(self, view: View, segments: Iterable[Segment], nodes: Collection[int]) -> list[int]:
        """Return which of some nodes lie at the far ends of segments."""
        wanted = np.zeros(len(self), np.bool_)
        wanted[list(nodes)] = True
        found: set[int] = set()
        for segment in segments:
            others = view.side(segment.direction).other[segment.begin : segment.end]
            found.update(others[wanted[others]].tolist())
        return sorted(found)

    def between(
        self, view: View, nodes: Collection[int], allowed: Collection[int] | None = None
    ) -> list[int]:
        """Return the numbers of all edges whose two ends are among these nodes."""
        places = spans(self._segments(view, nodes, {"out": allowed}))
        inside = np.isin(view.out.other[places], np.fromiter(nodes, np.int32, len(nodes)))
        found: list[int] = np.sort(view.out.edge[places[inside]]).tolist()
        return found

    def _drawn(
        self, edges: Iterable[int], expanded: Collection[int], names: Collection[str] | None
    ) -> Counter[tuple[int, Direction]]:
        """Count edges as seen from the nodes that were expanded, where their far ends are of the kinds asked for."""
        places = {kind.order for kind in kinds().nodes if names is None or kind.name in names}
        seen: Counter[tuple[int, Direction]] = Counter()
        for edge, (start, end) in zip(edges, self.ends(edges), strict=True):
            relation = int(self.relation[edge])
            seen[relation, "out"] += start in expanded and self._things.kinds[end] in places
            seen[relation, "in"] += end in expanded and self._things.kinds[start] in places
        return seen

    def _counts(self, sizes: Mapping[tuple[int, Direction], int]) -> tuple[RelationCount, ...]:
        listed = sorted(sizes.items(), key=lambda item: (item[0][0], item[0][1] == "in"))
        return tuple(
            RelationCount(self.network.relations[relation], way, size)
            for (relation, way), size in listed
            if size
        )

    def _names(self, numbers: Sequence[int]) -> tuple[str, ...]:
        return tuple(self._things.iris[number] for number in numbers)


_WHOLE = replace(EVERYTHING, held=frozenset(HELD))


class ProjectionCache(Current[Projection]):
    """The projection of an engine's current version, kept in step with changes."""

    def __init__(self, engine: Engine, changes: Changes = unnamed) -> None:
        """Remember what is projected.

        Args:
            engine: the graph.
            changes: see ``Projection.updated``.
        """
        super().__init__(
            engine, lambda held: held.updated(engine, changes) if held else Projection.of(engine)
        )


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


def _sizes(segments: Iterable[Segment]) -> Counter[tuple[int, Direction]]:
    sizes: Counter[tuple[int, Direction]] = Counter()
    for segment in segments:
        sizes[segment.relation, segment.direction] += segment.end - segment.begin
    return sizes


def _centre_first(distances: Mapping[int, int]) -> list[int]:
    centre = next(iter(distances))
    return [centre, *sorted(node for node in distances if node != centre)]


def _new_ends(view: View, segment: Segment, known: Collection[int], taken: Collection[int]) -> Iterator[int]:
    other = view.side(segment.direction).other
    for position in range(segment.begin, segment.end):
        node = int(other[position])
        if node not in known and node not in taken:
            yield node


def _check(hops: int, direction: str, limit: int) -> None:
    if not 1 <= hops <= MOST_HOPS or direction not in _DIRECTIONS or limit < 1:
        raise ValueError(f"no such neighbourhood: {hops} hops, direction {direction}, limit {limit}")


__all__ = [
    "EVERYTHING",
    "MOST_HOPS",
    "Direction",
    "Edge",
    "Filters",
    "KindCount",
    "Neighbourhood",
    "Node",
    "Projection",
    "ProjectionCache",
    "RelationCount",
    "UnknownNode",
    "View",
    "Way",
    "as_networkx",
]
