"""The graph as columns: things in the order of lists and the links between them, read whole or after a change.

A column is an array, so that a hundred thousand links are renumbered in milliseconds when a few of them change.
"""

from __future__ import annotations

from bisect import bisect
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property, lru_cache
from itertools import chain
from typing import NamedTuple, TypeVar

import numpy as np
import numpy.typing as npt

from graph.bulk import solutions
from graph.engine import Engine
from graph.focus import batches, focused
from graph.quads import Term, iri, literal_parts
from graph.times import ALWAYS, NOT_STATED, Bounds, Periods
from ontology.kinds import OTHER, kinds
from ontology.library import query
from ontology.terms import SCHEMA

Ints = npt.NDArray[np.int32]
Flags = npt.NDArray[np.bool_]
Texts = npt.NDArray[np.object_]

_Kind = TypeVar("_Kind", bound=np.generic)

_AREA = "area"
_MOST_IN_FOCUS = 500
"""Nodes in one focused query: with many more of them the engine chooses to look through the whole graph."""


class Link(NamedTuple):
    """One edge by names: the node that stands for it is ``fact`` (empty: a plain triple)."""

    start: str
    relation: str
    end: str
    fact: str = ""


@dataclass
class Said:
    """What was read of some nodes, or of all.

    Attributes:
        links: the edges that these nodes make.
        kinds: for each node of a known class the place of its kind in ``kinds.toml``.
        labels: names in Chinese, in English and, where there is neither, otherwise; empty where there is none.
        flagged: what is flagged as illustrative.
        bounds: the periods of nodes that stand for edges.
        invented: the plain edges that only illustrative graphs state.
    """

    links: set[Link] = field(default_factory=set)
    kinds: dict[str, int] = field(default_factory=dict)
    labels: dict[str, tuple[str, str, str]] = field(default_factory=dict)
    flagged: set[str] = field(default_factory=set)
    bounds: dict[str, Bounds] = field(default_factory=dict)
    invented: set[Link] = field(default_factory=set)


@dataclass(frozen=True, eq=False)
class Things:
    """Things in the order of lists: by kind, then by name. ``typed``: of a known class, not only at an edge's end."""

    iris: Texts
    kinds: Ints
    zh: Texts
    en: Texts
    other: Texts
    illustrative: Flags
    typed: Flags

    def __len__(self) -> int:
        return len(self.iris)

    @cached_property
    def number(self) -> Mapping[str, int]:
        """The numbers of things by IRI."""
        return {name: number for number, name in enumerate(self.iris.tolist())}

    def place(self, number: int) -> tuple[int, str, str]:
        """Return what a thing is sorted by."""
        name = self.iris[number]
        label = self.zh[number] or self.en[number] or self.other[number]
        return int(self.kinds[number]), label or name, name


@dataclass(frozen=True, eq=False)
class Links:
    """Edges by number, sorted by relation, ends and fact. ``invented``: by itself, whatever its ends are."""

    relation: Ints
    start: Ints
    end: Ints
    fact: Texts
    periods: Periods
    invented: Flags

    def __len__(self) -> int:
        return len(self.relation)

    def taken(self, places: Flags | npt.NDArray[np.integer]) -> Links:
        """Return the edges at some places."""
        return Links(
            frozen(self.relation[places]),
            frozen(self.start[places]),
            frozen(self.end[places]),
            self.fact[places],
            Periods(self.periods.rows[places]),
            self.invented[places],
        )


@dataclass(frozen=True, eq=False)
class Network:
    """All things and edges of one version of the graph, with edges that pictures leave out; never changes."""

    things: Things
    relations: tuple[str, ...]
    links: Links

    @classmethod
    def empty(cls) -> Network:
        """Return the network of an empty graph."""
        no_texts, no_ints = np.zeros(0, np.object_), frozen(np.zeros(0, np.int32))
        no_flags = np.zeros(0, np.bool_)
        things = Things(no_texts, no_ints, no_texts, no_texts, no_texts, no_flags, no_flags)
        return cls(things, (), Links(no_ints, no_ints, no_ints, no_texts, Periods.of([]), no_flags))

    @classmethod
    def of(cls, engine: Engine) -> Network:
        """Return what an engine holds now."""
        said = Said()
        for read in (*_READ_LINKS, *_READ_THINGS):
            read(said, engine, None)
        return cls.empty().merged(said, ())

    def updated(self, engine: Engine, changed: Collection[str]) -> Network:
        """Return the network after a change, reading only what concerns some nodes.

        Args:
            engine: the graph after the change.
            changed: IRIs of all nodes in subject or object position of a triple that came or went.
        """
        said = Said()
        for batch in batches((iri(name) for name in changed), _MOST_IN_FOCUS):
            for read in _READ_LINKS:
                read(said, engine, batch)
        known = self.number
        ends = {end for link in said.links for end in (link.start, link.end) if end not in known}
        for batch in batches((iri(name) for name in {*changed, *ends}), _MOST_IN_FOCUS):
            for read in _READ_THINGS:
                read(said, engine, batch)
        return self.merged(said, changed)

    @property
    def number(self) -> Mapping[str, int]:
        """The numbers of things by IRI."""
        return self.things.number

    @cached_property
    def drawn(self) -> Flags:
        """Which links are edges: of the thousands of areas only those above one that something else leads to.

        A place that is no area is an address, and no thing of its own.
        """
        is_area = self.things.kinds == kinds().node(_AREA).order
        upward = self._has(SCHEMA.containedInPlace)
        others = ~upward & (~self._has(SCHEMA.location) | is_area[self.links.end])
        used = np.zeros(len(self.things), np.bool_)
        used[self.links.start[others]] = used[self.links.end[others]] = True
        used &= is_area
        size = -1
        while size != (size := int(np.count_nonzero(used))):
            used[self.links.end[upward & used[self.links.start]]] = True
        found: Flags = others | (upward & used[self.links.start])
        return found

    def merged(self, said: Said, changed: Collection[str]) -> Network:
        """Return the network with what was read in place of all that changed nodes said before."""
        touched = np.zeros(len(self.things), np.bool_)
        touched[[self.number[name] for name in changed if name in self.number]] = True
        links = self.links.taken(~self._made_by(changed, touched))
        fresh_links = list(said.links)
        stays, fresh = self._kept_and_fresh(links, said, touched)
        at = [bisect(stays, row, key=self.things.place) for row in fresh]
        old_at, new_at = _woven(len(stays), np.array(at, np.int64))
        moved = np.full(len(self.things), -1, np.int32)
        moved[stays] = old_at
        named = dict(zip((name for *_, name in fresh), new_at.tolist(), strict=True))
        for name in named.keys() & self.number.keys():
            moved[self.number[name]] = named[name]
        for name in chain.from_iterable((link.start, link.end) for link in fresh_links):
            if name not in named:
                named[name] = int(moved[self.number[name]])
        is_same = not fresh and len(stays) == len(self.things)
        things = self.things if is_same else _things(self.things, stays, old_at, fresh, new_at, said)
        return _network(things, self.relations, links, moved, fresh_links, named, said)

    def _has(self, relation: str) -> Flags:
        number = self.relations.index(relation) if relation in self.relations else -1
        found: Flags = self.links.relation == number
        return found

    def _made_by(self, changed: Collection[str], touched: Flags) -> Flags:
        """Tell which edges the triples of changed nodes make."""
        facts = self.links.fact
        by_fact = np.fromiter(map(changed.__contains__, facts.tolist()), np.bool_, len(facts))
        made: Flags = by_fact | ((facts == "") & touched[self.links.start])
        return made

    def _kept_and_fresh(
        self, links: Links, said: Said, touched: Flags
    ) -> tuple[npt.NDArray[np.intp], list[tuple[int, str, str]]]:
        """Return the numbers of things that stay as they are, and new or changed ones by what they are sorted by.

        A thing of no known class is there as long as an edge leads to it or from it.
        """
        is_end = np.zeros(len(self.things), np.bool_)
        is_end[links.start] = is_end[links.end] = True
        fresh = set(said.kinds)
        for name in chain.from_iterable((link.start, link.end) for link in said.links):
            if name in self.number:
                is_end[self.number[name]] = True
            else:
                fresh.add(name)
        fresh.update(self.things.iris[touched & is_end].tolist())
        other = kinds().node(OTHER).order
        listed = sorted((said.kinds.get(name, other), _name(said, name), name) for name in fresh)
        return np.flatnonzero(~touched & (self.things.typed | is_end)), listed


def frozen(numbers: npt.NDArray[np.integer]) -> Ints:
    """Return numbers as a column that cannot be changed."""
    column = np.array(numbers, np.int32)
    column.setflags(write=False)
    return column


def _name(said: Said, name: str) -> str:
    return next(filter(None, said.labels.get(name, ())), name)


def _woven(kept: int, at: npt.NDArray[np.int64]) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Return the new places of things kept and of things put in before the place ``at`` among those kept."""
    places = np.arange(kept)
    return places + np.searchsorted(at, places, side="right"), at + np.arange(len(at))


def _things(
    old: Things,
    stays: npt.NDArray[np.intp],
    old_at: npt.NDArray[np.int64],
    fresh: Sequence[tuple[int, str, str]],
    new_at: npt.NDArray[np.int64],
    said: Said,
) -> Things:
    names = [name for *_, name in fresh]
    labels = [said.labels.get(name, ("", "", "")) for name in names]

    def woven(column: npt.NDArray[_Kind], values: Sequence[object]) -> npt.NDArray[_Kind]:
        made = np.empty(len(stays) + len(fresh), column.dtype)
        made[old_at] = column[stays]
        made[new_at] = np.array(values, column.dtype)
        made.setflags(write=False)
        return made

    return Things(
        iris=woven(old.iris, names),
        kinds=woven(old.kinds, [kind for kind, *_ in fresh]),
        zh=woven(old.zh, [zh for zh, _, _ in labels]),
        en=woven(old.en, [en for _, en, _ in labels]),
        other=woven(old.other, [other for *_, other in labels]),
        illustrative=woven(old.illustrative, [name in said.flagged for name in names]),
        typed=woven(old.typed, [name in said.kinds for name in names]),
    )


def _network(
    things: Things,
    relations: Sequence[str],
    kept: Links,
    moved: Ints,
    fresh: Sequence[Link],
    numbered: Mapping[str, int],
    said: Said,
) -> Network:
    """Return the network of edges kept, with their ends renumbered, and fresh ones."""
    table = kinds()
    held = {relations[number] for number in np.unique(kept.relation).tolist()}
    listed = sorted(
        held | {link.relation for link in fresh}, key=lambda name: (table.relation_of(name).order, name)
    )
    place = {name: number for number, name in enumerate(listed)}
    renamed = np.array([place.get(name, -1) for name in relations], np.int32)
    relation, start, end = (
        np.fromiter(numbers, np.int32, len(fresh))
        for numbers in (
            (place[link.relation] for link in fresh),
            (numbered[link.start] for link in fresh),
            (numbered[link.end] for link in fresh),
        )
    )
    bounds = [said.bounds.get(link.fact, Bounds()) if link.fact else ALWAYS for link in fresh]
    invented = [link.fact in said.flagged or link in said.invented for link in fresh]
    links = Links(
        relation=np.concatenate((renamed[kept.relation], relation)),
        start=np.concatenate((moved[kept.start], start)),
        end=np.concatenate((moved[kept.end], end)),
        fact=np.concatenate((kept.fact, np.array([link.fact for link in fresh], np.object_))),
        periods=Periods(np.concatenate((kept.periods.rows, Periods.of(bounds).rows))),
        invented=np.concatenate((kept.invented, np.array(invented, np.bool_))),
    )
    return Network(things, tuple(listed), links.taken(_sorted_places(links)))


def _sorted_places(links: Links) -> npt.NDArray[np.intp]:
    """Return the order of edges: by relation, ends, and where these are equal, by fact."""
    columns = (links.end, links.start, links.relation)
    order = np.lexsort(columns)
    equal = np.logical_and.reduce([column[order][1:] == column[order][:-1] for column in columns])
    tied = order[np.concatenate((equal, [False])) | np.concatenate(([False], equal))] if len(order) else order
    if not len(tied):
        return order
    rank = np.zeros(len(links), np.int32)
    rank[tied[np.argsort(links.fact[tied])]] = np.arange(len(tied))
    return np.lexsort((rank, *columns))


# --- Reading ------------------------------------------------------------------------------------------------


def _rows(
    engine: Engine, name: str, nodes: Sequence[Term] | None, values: Mapping[str, Sequence[str]] | None = None
) -> Iterable[list[str]]:
    text = query(name).bound(values or {})
    return solutions(engine, text if nodes is None else focused(text, nodes))


def _read_links(said: Said, engine: Engine, nodes: Sequence[Term] | None) -> None:
    rows = {
        (start, relation, end, fact) for start, relation, end, fact in _rows(engine, "graph-edges", nodes)
    }
    said.links.update(
        Link(start[1:-1], relation[1:-1], end[1:-1], fact[1:-1] if fact[:1] == "<" else "")
        for start, relation, end, fact in rows
        if relation[0] == "<"
    )


def _read_bounds(said: Said, engine: Engine, nodes: Sequence[Term] | None) -> None:
    stated: dict[str, dict[str, int]] = {}
    for name, bound, term in _rows(engine, "graph-edge-periods", nodes):
        held = stated.setdefault(name[1:-1], {})
        day = _day(term)
        # Of several that sources give, the widest.
        held[bound] = (min if bound.startswith('"earliest') else max)(day, held.get(bound, day))
    said.bounds.update({name: _bounds(held) for name, held in stated.items()})


def _bounds(held: Mapping[str, int]) -> Bounds:
    start, end = held.get('"validFrom"', NOT_STATED), held.get('"validUntil"', NOT_STATED)
    return Bounds(
        held.get('"earliestStart"', start),
        held.get('"latestStart"', start),
        held.get('"earliestEnd"', end),
        held.get('"latestEnd"', end),
        '"ended"' in held,
        '"neverHeld"' in held,
    )


def _read_invented(said: Said, engine: Engine, nodes: Sequence[Term] | None) -> None:
    for start, relation, end in _rows(engine, "graph-edge-invented", nodes):
        said.invented.add(Link(start[1:-1], relation[1:-1], end[1:-1]))


def _read_kinds(said: Said, engine: Engine, nodes: Sequence[Term] | None) -> None:
    table = kinds()
    orders: dict[Term, int] = {}
    for kind in reversed(table.nodes):
        orders.update({iri(name): kind.order for name in kind.classes})
    for name, class_ in _rows(engine, "graph-nodes", nodes, {"type": list(orders)}):
        order = orders[class_]
        if order < said.kinds.get(name[1:-1], len(table.nodes)):
            said.kinds[name[1:-1]] = order


def _read_labels(said: Said, engine: Engine, nodes: Sequence[Term] | None) -> None:
    """Read one label a language, the same one whatever the order of the rows."""
    least: tuple[dict[str, str], ...] = ({}, {}, {})
    for name, label in _rows(engine, "graph-node-names", nodes):
        place = _LANGUAGES.get(label[label.rfind('"') + 1 :].lower().partition("-")[0], _OTHER)
        if label.startswith('"') and label < least[place].get(name, "~"):
            least[place][name] = label
    zh, en, other = ({name: _lexical(label) for name, label in held.items()} for held in least)
    for name in {**zh, **en, **other}:
        known = zh.get(name, ""), en.get(name, "")
        said.labels[name[1:-1]] = *known, "" if any(known) else other.get(name, "")


def _lexical(label: str) -> str:
    return literal_parts(label).lexical if "\\" in label else label[1 : label.rindex('"')]


def _read_flags(said: Said, engine: Engine, nodes: Sequence[Term] | None) -> None:
    said.flagged.update(name[1:-1] for (name,) in _rows(engine, "graph-illustrative", nodes))


_LANGUAGES = {"@zh": 0, "@en": 1}
_OTHER = 2
_READ_LINKS = (_read_links, _read_bounds, _read_invented)
_READ_THINGS = (_read_kinds, _read_labels, _read_flags)


@lru_cache(1 << 16)
def _day(term: Term) -> int:
    """Return a date as a number of days; ``NOT_STATED`` where it is none."""
    try:
        return date.fromisoformat(term[1:11]).toordinal()
    except ValueError:
        return NOT_STATED
