"""How much lies around a thing, by kind, relation or prefecture: all of it, whether or not it would be drawn."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from graph.network import Ints
from graph.projection import EVERYTHING, Filters, Projection
from graph.sides import DIRECTIONS, Direction
from ontology.kinds import kinds
from ontology.terms import MA, ORG, SCHEMA

Grouping = Literal["kind", "relation", "prefecture"]

_NOWHERE = -1
_AS_AT_THE_END = (SCHEMA.location, ORG.unitOf, ORG.subOrganizationOf, MA.ledBy)
_AS_AT_THE_START = (MA.holdsDesignation, MA.TrainingProgramme)
"""Relations whose one end lies where the other does; the first that tells a place counts."""
_LEVELS = 3


@dataclass(frozen=True)
class Tally:
    """How many things, or relations, are in one group: a kind by name, or a prefecture by IRI (empty: unknown)."""

    group: str
    count: int


def tallies(
    projection: Projection,
    name: str,
    grouping: Grouping,
    hops: int = 1,
    directions: Collection[Direction] = DIRECTIONS,
    filters: Filters = EVERYTHING,
    prefectures: Collection[str] = (),
) -> tuple[Tally, ...]:
    """Return how many things lie around one, or how many relations lead there, by group.

    Args:
        projection: who is related to whom.
        name: IRI of the thing in the middle, which is not counted.
        grouping: count things by ``kind`` or ``prefecture``, or relations by kind (``relation``).
        hops: how far to walk.
        directions: which ways to walk.
        filters: the edges to walk along.
        prefectures: the areas that count as prefectures.

    Raises:
        UnknownNode: there is no such thing.
    """
    things, edges = _walked(projection, name, hops, directions, filters)
    if grouping == "relation":
        return _by_relation(projection, edges)
    if grouping == "kind":
        counts = Counter(projection.network.things.kinds[things].tolist())
        return tuple(Tally(kinds().nodes[order].name, counts[order]) for order in sorted(counts))
    places = Counter(_places(projection, prefectures)[things].tolist())
    listed = sorted(places, key=lambda place: (place == _NOWHERE, -places[place], place))
    iris = projection.network.things.iris
    return tuple(Tally("" if place == _NOWHERE else iris[place], places[place]) for place in listed)


def _walked(
    projection: Projection, name: str, hops: int, directions: Collection[Direction], filters: Filters
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Return the numbers of all things within some hops, and of the edges that were walked."""
    view, allowed = projection.view(filters), projection.allowed(filters.relations)
    centre = projection.numbered(name)
    seen = np.zeros(len(projection), np.bool_)
    seen[centre] = True
    frontier = np.array([centre], np.int64)
    walked = [np.zeros(0, np.int64)]
    for _ in range(hops):
        fresh = [np.zeros(0, np.int64)]
        for side in (view.side(direction) for direction in directions):
            places = side.spread(frontier)
            if allowed is not None:
                places = places[np.isin(projection.relation[side.edge[places]], list(allowed))]
            walked.append(side.edge[places].astype(np.int64))
            fresh.append(side.other[places].astype(np.int64))
        frontier = np.unique(np.concatenate(fresh))
        frontier = frontier[~seen[frontier]]
        seen[frontier] = True
    seen[centre] = False
    return np.flatnonzero(seen), np.unique(np.concatenate(walked))


def _by_relation(projection: Projection, edges: npt.NDArray[np.int64]) -> tuple[Tally, ...]:
    counts: Counter[int] = Counter()
    numbers, sizes = np.unique(projection.relation[edges], return_counts=True)
    for number, size in zip(numbers.tolist(), sizes.tolist(), strict=True):
        counts[kinds().relation_of(projection.network.relations[number]).order] += size
    return tuple(Tally(kinds().relations[order].name, counts[order]) for order in sorted(counts))


def _places(projection: Projection, prefectures: Collection[str]) -> Ints:
    """Return for each thing the number of the prefecture that it lies in."""
    network = projection.network
    links, relations = network.links, {name: number for number, name in enumerate(network.relations)}
    places = np.full(len(projection), _NOWHERE, np.int32)
    known = [network.number[name] for name in prefectures if name in network.number]
    places[known] = known

    def spread(relation: str, to: Ints, source: Ints) -> None:
        # Backwards, so that of several the first in the order of lists is written last.
        rows = np.flatnonzero(links.relation == relations.get(relation, _NOWHERE))[::-1]
        rows = rows[(places[to[rows]] == _NOWHERE) & (places[source[rows]] != _NOWHERE)]
        places[to[rows]] = places[source[rows]]

    for _ in range(_LEVELS):
        spread(SCHEMA.containedInPlace, links.start, links.end)
    for relation in _AS_AT_THE_END:
        spread(relation, links.start, links.end)
    for relation in _AS_AT_THE_START:
        spread(relation, links.end, links.start)
    return places
