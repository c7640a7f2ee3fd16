"""What the explorer shows: views made once for each version and state, with everything in them named.

The page, the JSON for the canvas, the still picture and the files to take along are all made from one ``Shown``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

from api.explore_address import Addresses, Place, Vocabulary, part
from api.templating import View as Reader
from graph.cards import Fact, outgoing_facts
from graph.edges import DescribedEdge, EdgeBook, relation_labels
from graph.engine import Engine
from graph.exploration import Expansion, Exploration
from graph.groups import LIST, NO_GROUPS, Group, Members, member_facets
from graph.kept import Kept
from graph.paths import Chain, shortest_paths
from graph.places import places_of
from graph.projection import Edge, Filters, Projection, ProjectionCache
from graph.tables import TableCache
from graph.views import Line, Material, Thing, View, view
from ontology.display import Labels
from ontology.kinds import kinds

MOST_DESCRIBED = 100
"""Relations that are described at once; of more, only those that a reader looks at."""

_KEPT = 48  # views that are remembered
_FEW_MEMBERS = 8  # below this the start shows who there is, not groups
_START = "prefecture"


@dataclass(frozen=True)
class Shown:
    """A view with its place, and names for what is in it that the graph's nodes do not carry.

    Attributes:
        place: where the reader is, as asked; what nobody asked for is filled in.
        view: what is drawn.
        filters: what was left out.
        values: what the values of groups are called, by IRI.
        addresses: how things are called in addresses.
    """

    place: Place
    view: View
    filters: Filters
    values: Mapping[str, Labels]
    addresses: Addresses

    @cached_property
    def things(self) -> Mapping[str, Thing]:
        """Things by their keys."""
        return {self.addresses.key(thing.name): thing for thing in self.view.things}

    @cached_property
    def lines(self) -> Mapping[str, Line]:
        """Lines by their keys."""
        return {self.line_key(line): line for line in self.view.lines}

    @property
    def selected(self) -> Thing | Line | None:
        """What is selected, if it is drawn."""
        return self.things.get(self.place.selected) or self.lines.get(self.place.selected)

    def key(self, name: str) -> str:
        """Return the key of a thing or group."""
        return self.addresses.key(name)

    def line_key(self, line: Line) -> str:
        """Return the key of a line: its two ends, its kind, and the fact that it stands for."""
        fact = self.key(line.edge.fact) if line.edge and line.edge.fact else ""
        relation = self.key(line.edge.relation) if line.edge else line.kind
        ends = self.key(line.from_name), relation, self.key(line.to_name), fact
        return "~".join(part(key) for key in ends)

    def labels(self, thing: Thing) -> Labels:
        """Return what a thing is called; a group is called like its value."""
        if thing.node is not None:
            return thing.node.labels or {"": thing.name}
        return self.group_labels(thing.group) if thing.group else {}

    def group_labels(self, group: Group) -> Labels:
        """Return what a group is called; nothing where its value is not stated."""
        return self.values.get(group.value, {})


class Explorer:
    """Makes views of one instance. May be used by any thread."""

    def __init__(
        self,
        engine: Engine,
        projections: ProjectionCache,
        tables: TableCache,
        edges: EdgeBook,
        base: str,
        today: Callable[[], date],
    ) -> None:
        """Remember what views are made of.

        Args:
            engine: the graph.
            projections: who is related to whom.
            tables: the lists, that of members among them.
            edges: descriptions of relations.
            base: the instance's own base.
            today: returns the civil date.
        """
        self._engine, self._projections, self._tables, self._edges = engine, projections, tables, edges
        self._today = today
        table = kinds()
        facets = [column.name for column in member_facets()]
        self.addresses = Addresses(
            base,
            Vocabulary(
                facets,
                facets,
                [kind.name for kind in table.nodes],
                [kind.name for kind in table.relations],
            ),
        )
        self._views: Kept[Shown] = Kept(_KEPT)
        self._bodies: Kept[bytes] = Kept(_KEPT)
        self._facts: Kept[tuple[Fact, ...]] = Kept(_KEPT)

    def shown(self, place: Place) -> Shown:
        """Return what is to be seen at a place, the newest version of it."""
        projection = self._projections.current()
        today = self._today()
        if place.exploration.as_of == today:  # it is what nobody has to ask for
            place = replace(place, exploration=replace(place.exploration, as_of=None))
        asked = Place(place.exploration)
        known = (projection.version, self.addresses.written(asked), today)
        held = self._views.kept(known, lambda: self._made(asked, projection, today))
        return replace(held, place=replace(place, exploration=held.place.exploration))

    def body(self, shown: Shown, language: str, make: Callable[[], bytes]) -> bytes:
        """Return what was written of a view in a language before, or write it."""
        return self._bodies.kept(
            (shown.view.version, self._today(), self.addresses.written(shown.place), language), make
        )

    def facts(self, shown: Shown, name: str) -> tuple[Fact, ...]:
        """Return what is said of a thing itself."""
        return self._facts.kept((shown.view.version, name), lambda: outgoing_facts(self._engine, name))

    def described(self, shown: Shown, lines: Sequence[Line]) -> Mapping[str, DescribedEdge]:
        """Return the descriptions of lines that are relations, by key."""
        edges = {shown.line_key(line): line.edge for line in lines if line.edge is not None}
        found = self._edges.described(tuple(edges.values()), shown.view.version)
        return dict(zip(edges, found, strict=True))

    def described_edges(self, edges: Sequence[Edge], version: int) -> tuple[DescribedEdge, ...]:
        """Return the descriptions of relations, in the same order."""
        return self._edges.described(edges, version)

    def relation_labels(self, shown: Shown) -> Mapping[str, tuple[Labels, Labels]]:
        """Return what the relations in a view are called, along the arrow and against it."""
        return relation_labels(self._engine, {edge.relation for edge in shown.view.edges})

    def members(self) -> Members:
        """Return the list of members as it is now."""
        return Members(self._tables.current()[LIST], self._today())

    def projection(self) -> Projection:
        """Return the projection of the graph as it is now."""
        return self._projections.current()

    def _made(self, place: Place, projection: Projection, today: date) -> Shown:
        members = Members(self._tables.current()[LIST], today)
        asked = (
            place.exploration if not place.exploration.is_empty else self._start(place.exploration, members)
        )
        filters = _filters(asked, today)
        groups = members.groups(asked) if asked.is_grouped else NO_GROUPS
        chains = _chains(projection, asked, filters)
        material = Material(
            projection=projection,
            groups=groups,
            chains=chains,
            leaves_out=members.leaves_out(asked),
        )
        drawn = view(material, asked, filters)
        if asked.arrangement == "map":
            names = {node.iri for node in drawn.nodes} | {
                group.value for group in groups.listed if group.value
            }
            drawn = view(replace(material, places=places_of(self._engine, names)), asked, filters)
        values = {group.value: members.labels(group.value) for group in groups.listed if group.value}
        return Shown(replace(place, exploration=asked), drawn, filters, values, self.addresses)

    def _start(self, asked: Exploration, members: Members) -> Exploration:
        """Return what is shown when nothing was asked for: members in groups, or while there are few, themselves."""
        units = members.units()
        if len(units) >= _FEW_MEMBERS:
            return replace(asked, group=_START)
        first = [name for name in units if name in self._projections.current()]
        return replace(asked, expansions=tuple(Expansion(name) for name in first))


def address(shown: Shown, reader: Reader, place: Place | None = None, path: str = "/explore") -> str:
    """Return the address of a place, by default the one that is shown, in the reader's language."""
    query = shown.addresses.written(place or shown.place)
    asked = f"lang={reader.asked}" if reader.asked else ""
    joined = "&".join(filter(None, (query, asked)))
    return f"{path}?{joined}" if joined else path


def _filters(asked: Exploration, today: date) -> Filters:
    return Filters(
        as_of=asked.as_of or today,
        held=frozenset(asked.held),
        real_only=asked.real_only,
        kinds=frozenset(asked.kinds) or None,
        relations=frozenset(asked.relations) or None,
    )


def _chains(projection: Projection, asked: Exploration, filters: Filters) -> tuple[Chain, ...]:
    if asked.path is None or not all(name in projection for name in asked.path):
        return ()
    start, end = asked.path
    return shortest_paths(projection, start, end, asked.chains, filters)
