"""Views of the explorer: from what somebody wants to see to the things and lines drawn, and where they stand.

A view is worked out whole from its state (``graph.exploration``), so that an address gives the same view to everyone.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from graph.exploration import Expansion, Exploration, Position
from graph.groups import NO_GROUPS, Group, Groups
from graph.layout import ARRANGEMENTS, Sketch
from graph.paths import Chain
from graph.projection import Edge, Filters, Node, Projection
from graph.times import HELD, Held
from ontology.kinds import kinds

GROUP = "group"
"""The kind of things that stand for many units, and of the lines that lead to and from them."""

_MOST_CENTRES = 6


@dataclass(frozen=True)
class Thing:
    """One thing in a view: a node, or (``node`` is ``None``) a group.

    ``degree`` counts all its relations under the filters, ``shown`` those that are drawn.
    """

    name: str
    kind: str
    node: Node | None
    group: Group | None
    degree: int
    shown: int
    is_expanded: bool
    is_pinned: bool
    is_centre: bool
    on_path: bool
    at: Position

    @property
    def illustrative(self) -> bool:
        """Whether it is invented; a group is when all its units are."""
        if self.node is not None:
            return self.node.illustrative
        return bool(self.group and self.group.illustrative == self.group.size)


@dataclass(frozen=True)
class Line:
    """One line in a view: a relation, or (``edge`` is ``None``) what ties a group.

    A closed group is tied to what ``count`` of its units take part in, an opened one to its units.
    """

    from_name: str
    to_name: str
    edge: Edge | None = None
    count: int = 1
    on_path: bool = False
    illustrative: bool = False

    @property
    def kind(self) -> str:
        """The kind of relation."""
        return kinds().relation_of(self.edge.relation).name if self.edge else GROUP


@dataclass(frozen=True)
class View:
    """What is drawn.

    Attributes:
        version: the version of the graph.
        things: groups first, then in the order of lists.
        lines: what ties groups first, then relations.
        left_out: relations and units that were asked for and for which there was no room.
        groups_left_out: groups that are not drawn.
        answers: how many relations between these things hold on the date, do not, or may, whatever is shown.
        chains: the chains of relations that were looked for.
    """

    version: int
    things: tuple[Thing, ...]
    lines: tuple[Line, ...]
    left_out: int
    groups_left_out: int
    answers: Mapping[Held, int]
    chains: tuple[Chain, ...]

    @property
    def nodes(self) -> tuple[Node, ...]:
        """The things that are not groups."""
        return tuple(thing.node for thing in self.things if thing.node is not None)

    @property
    def edges(self) -> tuple[Edge, ...]:
        """The relations that are drawn, without what ties groups."""
        return tuple(line.edge for line in self.lines if line.edge is not None)

    @cached_property
    def kinds(self) -> Mapping[str, int]:
        """How many things of each kind are drawn."""
        return Counter(thing.kind for thing in self.things)

    @cached_property
    def relations(self) -> Mapping[str, int]:
        """How many lines of each kind are drawn."""
        return Counter(line.kind for line in self.lines)


@dataclass(frozen=True)
class Material:
    """What a view is made of, for one state.

    Attributes:
        projection: who is related to whom.
        groups: the groups asked for, the units in them already fit the facets.
        chains: the chains of relations asked for.
        places: longitude and latitude of things, where the arrangement needs them.
        leaves_out: tells whether the facets leave a thing out.
    """

    projection: Projection
    groups: Groups = NO_GROUPS
    chains: Sequence[Chain] = ()
    places: Mapping[str, Position] = field(default_factory=dict)
    leaves_out: Callable[[str], bool] = lambda _: False


@dataclass(frozen=True)
class _Drawn:
    """The things of a view while it is made: groups, nodes, and what stands in the middle."""

    groups: tuple[Group, ...]
    opened: frozenset[str]
    names: tuple[str, ...]
    centres: tuple[str, ...]
    path: frozenset[tuple[str, str]]

    @property
    def on_path(self) -> frozenset[str]:
        return frozenset(name for link in self.path for name in link)


def view(material: Material, asked: Exploration, filters: Filters) -> View:
    """Return the view of a state.

    Args:
        material: what it is made of, for this state.
        asked: the state.
        filters: those of the state, with the date filled in.
    """
    groups = tuple(group for group in material.groups.listed if group.name not in asked.hidden)
    drawn = _drawn(material, asked, filters, groups)
    between = material.projection.edges_between(drawn.names, replace(filters, held=frozenset(HELD)))
    edges = [edge for edge in between if edge.held is None or edge.held in filters.held]
    lines = (*_ties(drawn), *(_line(edge, drawn) for edge in edges))
    things = tuple(_things(material, asked, filters, drawn, lines))
    return View(
        version=material.projection.version,
        things=things,
        lines=lines,
        left_out=_left_out(material.projection, asked, filters, drawn, edges),
        groups_left_out=material.groups.left_out,
        answers=Counter(edge.held for edge in between if edge.held is not None),
        chains=tuple(material.chains),
    )


def _drawn(material: Material, asked: Exploration, filters: Filters, groups: tuple[Group, ...]) -> _Drawn:
    opened = [group for group in groups if group.value in asked.opened]
    alliances = _tied(groups)
    path = [node.iri for chain in material.chains for node in chain.nodes]
    certain = [*alliances, *asked.focus, *path, *(one.iri for one in asked.expansions), *(asked.path or ())]
    certain = [name for name in dict.fromkeys(certain) if name in material.projection]
    found = dict.fromkeys(certain[: asked.limit])
    for names in _further(material, asked, filters, opened, found):
        found.update(dict.fromkeys(names))
    kept, hidden = {*certain}, {*asked.hidden}
    centres = alliances or [*asked.focus, *(one.iri for one in asked.expansions), *path[:1]]
    shown = material.projection.in_order(
        name for name in found if name not in hidden and (name in kept or not material.leaves_out(name))
    )
    middle = [name for name in dict.fromkeys(centres) if name in set(shown)]
    return _Drawn(
        groups=groups,
        opened=frozenset(group.name for group in opened),
        names=shown,
        centres=tuple(middle[:_MOST_CENTRES]),
        path=frozenset(link for chain in material.chains for link in _links(chain)),
    )


def _tied(groups: Iterable[Group]) -> list[str]:
    """Return what groups are tied to, those with most ties first."""
    counted: Counter[str] = Counter()
    for group in groups:
        counted.update(group.ties)
    return [name for name, _ in counted.most_common()]


def _further(
    material: Material,
    asked: Exploration,
    filters: Filters,
    opened: Sequence[Group],
    found: Mapping[str, None],
) -> Iterator[Sequence[str]]:
    """Yield what opened groups and expansions bring, each its fair share of the room that is left."""
    waiting = len(opened) + len(asked.expansions)
    for group in opened:
        fresh = [name for name in group.units if name not in found]
        yield fresh[: _share(asked.limit - len(found), waiting)]
        waiting -= 1
    for one in asked.expansions:
        share = _share(asked.limit - len(found), waiting)
        waiting -= 1
        if share and one.iri in material.projection:
            yield material.projection.expanded(
                one.iri, one.relations or None, one.hops, share, exclude=tuple(found), filters=filters
            )


def _share(room: int, waiting: int) -> int:
    return max(0, -(-room // waiting))


def _ties(drawn: _Drawn) -> Iterator[Line]:
    """Yield what ties groups: a closed one to its alliances, an opened one to its units."""
    shown = set(drawn.names)
    for group in drawn.groups:
        invented = group.illustrative == group.size
        if group.name in drawn.opened:
            ends = dict.fromkeys((name for name in group.units if name in shown), 0)
        else:
            ends = {name: count for name, count in group.ties.items() if name in shown}
        for name, count in ends.items():
            yield Line(group.name, name, count=count, illustrative=invented)


def _line(edge: Edge, drawn: _Drawn) -> Line:
    return Line(
        edge.from_iri,
        edge.to_iri,
        edge,
        on_path=(edge.from_iri, edge.to_iri) in drawn.path,
        illustrative=edge.illustrative,
    )


def _links(chain: Chain) -> Iterator[tuple[str, str]]:
    for edge in chain.edges:
        yield edge.from_iri, edge.to_iri


def _things(
    material: Material, asked: Exploration, filters: Filters, drawn: _Drawn, lines: Sequence[Line]
) -> Iterator[Thing]:
    shown = Counter(name for line in lines if line.edge for name in {line.from_name, line.to_name})
    pins = dict(asked.pins)
    at = {**ARRANGEMENTS[asked.arrangement](_sketch(material, drawn, lines)), **pins}
    expanded = {one.iri for one in asked.expansions} | drawn.opened
    on_path = drawn.on_path
    nodes = {name: material.projection.node(name, filters) for name in drawn.names}
    groups = {group.name: group for group in drawn.groups}
    for name in (*groups, *nodes):
        node, group = nodes.get(name), groups.get(name)
        yield Thing(
            name=name,
            kind=node.kind if node else GROUP,
            node=node,
            group=group,
            degree=node.degree if node else 0,
            shown=shown[name],
            is_expanded=name in expanded,
            is_pinned=name in pins,
            is_centre=name in drawn.centres,
            on_path=name in on_path,
            at=at[name],
        )


def _sketch(material: Material, drawn: _Drawn, lines: Sequence[Line]) -> Sketch:
    """Return what is to be arranged; units of an opened group hang on it, and not on what they all have a line to."""
    member_of = {
        unit: group.name for group in drawn.groups if group.name in drawn.opened for unit in group.units
    }
    hubs = set(drawn.centres)
    opened_ties = [(name, hub) for name in drawn.opened for hub in drawn.centres]
    hanging = [
        (line.from_name, line.to_name)
        for line in lines
        if not (line.edge and _leads_past(line, member_of, hubs))
    ]
    kind = {node.iri: node.kind for node in map(material.projection.node, drawn.names)}
    return Sketch(
        names=(*(group.name for group in drawn.groups), *drawn.names),
        lines=[*opened_ties, *hanging],
        centres=drawn.centres,
        blocks={
            **{name: member_of.get(name, kind[name]) for name in drawn.names},
            **{group.name: group.name if group.name in drawn.opened else GROUP for group in drawn.groups},
        },
        places=_places(material, drawn),
    )


def _leads_past(line: Line, member_of: Mapping[str, str], hubs: Collection[str]) -> bool:
    """Tell whether a relation leads from a unit of an opened group straight to the middle."""
    ends = (line.from_name, line.to_name)
    return any(one in member_of and other in hubs for one, other in (ends, ends[::-1]))


def _places(material: Material, drawn: _Drawn) -> Mapping[str, Position]:
    """Return where things lie; a group lies where its value does, if that is a place."""
    of_groups = {group.name: group.value for group in drawn.groups if group.value in material.places}
    return {**material.places, **{name: material.places[value] for name, value in of_groups.items()}}


def _left_out(
    projection: Projection,
    asked: Exploration,
    filters: Filters,
    drawn: _Drawn,
    edges: Iterable[Edge],
) -> int:
    """Return how many relations and units were asked for and are not drawn."""
    shown = set(drawn.names)
    units = sum(
        1 for group in drawn.groups if group.name in drawn.opened for name in group.units if name not in shown
    )
    listed = list(edges)
    relations = sum(
        max(0, _asked_count(projection, one, filters) - _drawn_count(one, listed))
        for one in asked.expansions
        if one.iri in shown
    )
    return units + relations


def _asked_count(projection: Projection, one: Expansion, filters: Filters) -> int:
    counts = projection.kind_counts(one.iri, filters)
    wanted = set(one.relations)
    return sum(c.count for c in counts if not wanted or (c.kind, c.direction) in wanted)


def _drawn_count(one: Expansion, edges: Iterable[Edge]) -> int:
    wanted = set(one.relations)
    return sum(
        1
        for edge in edges
        for end, way in ((edge.from_iri, "out"), (edge.to_iri, "in"))
        if end == one.iri and (not wanted or (kinds().relation_of(edge.relation).name, way) in wanted)
    )
