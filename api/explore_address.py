"""The explorer's state in an address: read from a query, and written as one.

``read`` ignores what makes no sense, so that an old or damaged address still shows something; ``written`` gives the
canonical form, and reading that gives the same state again.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from math import isfinite
from typing import Protocol, TypeVar
from urllib.parse import urlencode

from graph.exploration import (
    LIMIT,
    MOST_CHAINS,
    MOST_THINGS,
    SHOWN_ANSWERS,
    UNGROUPED,
    Expansion,
    Exploration,
    Position,
)
from graph.groups import PREFIX
from graph.keys import iri_of, key_of
from graph.layout import ARRANGEMENTS
from graph.nodes import is_iri_text
from graph.projection import MOST_HOPS, Direction
from graph.times import HELD

UNKNOWN = "unknown"
"""What a facet or group of things says for which the value is not stated."""

MOST_KEYS = 400
"""Things that one address names at most, of each sort."""

_FAR = 100_000.0  # positions beyond are mistakes
_DIRECTIONS: tuple[Direction, ...] = ("out", "in")

_T = TypeVar("_T")


class Asked(Protocol):
    """The parameters of an address; Starlette's ``QueryParams`` are such."""

    def get(self, key: str, default: str, /) -> str:
        """Return the value of a parameter."""
        ...

    def getlist(self, key: str) -> list[str]:
        """Return all values of a parameter."""
        ...


@dataclass(frozen=True)
class Vocabulary:
    """The names that an address may use: columns to group by, facets, kinds of things and of relations."""

    groups: Sequence[str]
    facets: Sequence[str]
    kinds: Collection[str]
    relations: Collection[str]


@dataclass(frozen=True)
class Place:
    """Where a reader is: the state of the view, what is selected in it, and how the lists are sorted.

    ``selected`` is a key as the view gives them; ``sort`` a column of the list of things, with a minus before it
    when the last come first.
    """

    exploration: Exploration = field(default_factory=Exploration)
    selected: str = ""
    sort: str = ""
    page: int = 1

    def at(self, exploration: Exploration) -> Place:
        """Return the same place with another state of the view, its lists from the beginning."""
        return replace(self, exploration=exploration, page=1)


def part(key: str) -> str:
    """Return a key so that it can stand between tildes."""
    return key.replace("%", "%25").replace("~", "%7E")


def parts(text: str) -> list[str]:
    """Return the keys between tildes."""
    return [piece.replace("%7E", "~").replace("%25", "%") for piece in text.split("~")]


class Addresses:
    """Reads and writes addresses of one instance."""

    def __init__(self, base: str, vocabulary: Vocabulary) -> None:
        """Remember what addresses may name.

        Args:
            base: the instance's own base, see ``graph.keys``.
            vocabulary: the names that may occur.
        """
        self.base, self.vocabulary = base, vocabulary

    def key(self, name: str) -> str:
        """Return the key of a thing or a group."""
        if name.startswith(PREFIX):
            column, _, value = name.removeprefix(PREFIX).partition("/")
            return f"{PREFIX}{column}/{self.value_key(value)}"
        return key_of(name, self.base)

    def iri(self, key: str) -> str:
        """Return the IRI of a key, empty when it is none."""
        name = iri_of(key, self.base) if key else ""
        return name if is_iri_text(name) else ""

    def name(self, key: str) -> str:
        """Return the name of the thing or group that has this key, empty when it is none."""
        if not key.startswith(PREFIX):
            return self.iri(key)
        column, _, value = key.removeprefix(PREFIX).partition("/")
        return f"{PREFIX}{column}/{self.value(value)}" if column in self.vocabulary.groups else ""

    def value(self, key: str) -> str:
        """Return the value that has this key: an IRI, or empty when it is not stated."""
        return "" if key == UNKNOWN else self.iri(key)

    def value_key(self, value: str) -> str:
        """Return the key of a group's or facet's value; ``unknown`` when it is not stated."""
        return self.key(value) if value else UNKNOWN

    def read(self, asked: Asked) -> Place:
        """Return the place that an address leads to."""
        group = _one_of(asked.get("group", ""), (*self.vocabulary.groups, UNGROUPED), "")
        exploration = Exploration(
            group=group,
            opened=self._values(key.removeprefix(f"{PREFIX}{group}/") for key in asked.getlist("open")),
            focus=self._things([*asked.getlist("focus"), *asked.getlist("add")]),
            expansions=self._expansions(asked),
            hidden=_unique(filter(None, map(self.name, asked.getlist("hide")))),
            pins=self._pins(asked.getlist("pin")),
            facets=self._facets(asked),
            kinds=_some_of(asked.getlist("kind"), self.vocabulary.kinds),
            relations=_some_of(asked.getlist("relation"), self.vocabulary.relations),
            as_of=_date(asked.get("as_of", "")),
            held=_some_of(asked.getlist("held"), HELD) or SHOWN_ANSWERS,
            real_only=asked.get("real", "") == "1",
            layout=_one_of(asked.get("layout", ""), ARRANGEMENTS, ""),
            path=self._path(asked),
            chains=_whole(asked.get("k", ""), 1, MOST_CHAINS, 1),
            limit=_whole(asked.get("limit", ""), 1, MOST_THINGS, LIMIT),
        )
        page = _whole(asked.get("page", ""), 1, MOST_THINGS, 1)
        return Place(exploration, asked.get("select", ""), asked.get("sort", ""), page)

    def written(self, place: Place) -> str:
        """Return the query of a place, without the question mark."""
        return urlencode(self.pairs(place), safe="/:~@,")

    def hidden_fields(self, place: Place, *without: str) -> list[tuple[str, str]]:
        """Return the parameters that a form keeps, but those that its own fields give."""
        return [(name, value) for name, value in self.pairs(place) if name not in {*without, "page"}]

    def pairs(self, place: Place) -> list[tuple[str, str]]:
        """Return the parameters of a place, those left out that say the usual."""
        seen = place.exploration
        pairs: list[tuple[str, str]] = [("group", seen.group)]
        pairs += [("open", self.value_key(value)) for value in seen.opened]
        pairs += [("focus", self.key(name)) for name in seen.focus]
        pairs += [("expand", self.expansion(one)) for one in seen.expansions]
        pairs += [("hide", self.key(name)) for name in seen.hidden]
        pairs += [("pin", f"{self.key(name)}@{x:g},{y:g}") for name, (x, y) in seen.pins]
        pairs += [(name, self.value_key(value)) for name, values in seen.facets.items() for value in values]
        pairs += [("kind", name) for name in seen.kinds] + [("relation", name) for name in seen.relations]
        pairs += [("as_of", seen.as_of.isoformat() if seen.as_of else "")]
        pairs += [("held", name) for name in seen.held if seen.held != SHOWN_ANSWERS]
        pairs += [("real", "1" if seen.real_only else "")]
        pairs += [("layout", seen.layout)]
        pairs += [("path", "~".join(part(self.key(name)) for name in seen.path or ()))]
        pairs += [("k", str(seen.chains) if seen.chains != 1 else "")]
        pairs += [("limit", str(seen.limit) if seen.limit != LIMIT else "")]
        pairs += [("select", place.selected), ("sort", place.sort)]
        pairs += [("page", str(place.page) if place.page != 1 else "")]
        return [(name, value) for name, value in pairs if value]

    def expansion(self, one: Expansion) -> str:
        """Return an expansion as text."""
        relations = ",".join(f"{name}.{direction}" for name, direction in one.relations)
        return f"{part(self.key(one.iri))}~{relations}~{one.hops}"

    def _things(self, keys: Iterable[str]) -> tuple[str, ...]:
        return _unique(filter(None, map(self.iri, keys)))

    def _values(self, keys: Iterable[str]) -> tuple[str, ...]:
        named = {key: self.value(key) for key in keys if key}
        return _unique(value for key, value in named.items() if value or key == UNKNOWN)

    def _facets(self, asked: Asked) -> Mapping[str, tuple[str, ...]]:
        chosen = {name: self._values(asked.getlist(name)) for name in self.vocabulary.facets}
        return {name: values for name, values in chosen.items() if values}

    def _expansions(self, asked: Asked) -> tuple[Expansion, ...]:
        read = [self._expansion(text) for text in asked.getlist("expand")]
        read.append(self._form_expansion(asked))
        by_thing: dict[str, Expansion] = {}
        for one in read:
            if one is not None:
                by_thing[one.iri] = _joined(by_thing.get(one.iri), one)
        return tuple(by_thing.values())[:MOST_KEYS]

    def _expansion(self, text: str) -> Expansion | None:
        key, relations, hops = (*parts(text), "", "")[:3]
        name = self.iri(key)
        return (
            Expansion(name, self._relations(relations.split(",")), _whole(hops, 1, MOST_HOPS, 1))
            if name
            else None
        )

    def _form_expansion(self, asked: Asked) -> Expansion | None:
        """Return what the form of the panel asks for: a thing, ticked relations, and how far."""
        name = self.iri(asked.get("x", ""))
        if not name:
            return None
        return Expansion(
            name, self._relations(asked.getlist("xr")), _whole(asked.get("xh", ""), 1, MOST_HOPS, 1)
        )

    def _relations(self, texts: Iterable[str]) -> tuple[tuple[str, Direction], ...]:
        named = (text.rpartition(".") for text in texts)
        return _unique(
            (name, direction)
            for name, _, said in named
            for direction in _DIRECTIONS
            if name in self.vocabulary.relations and direction == said
        )

    def _pins(self, texts: Iterable[str]) -> tuple[tuple[str, Position], ...]:
        pinned: dict[str, Position] = {}
        for text in texts:
            key, _, at = text.rpartition("@")
            name, position = self.name(key), _position(at)
            if name and position:
                pinned[name] = position
        return tuple(pinned.items())[-MOST_KEYS:]

    def _path(self, asked: Asked) -> tuple[str, str] | None:
        keys = (
            parts(asked.get("path", ""))
            if asked.get("path", "")
            else [asked.get("from", ""), asked.get("to", "")]
        )
        ends = [self.iri(key) for key in keys]
        return (ends[0], ends[1]) if len(ends) == 2 and all(ends) else None


def _joined(held: Expansion | None, more: Expansion) -> Expansion:
    """Return two expansions of one thing as one; what asks for all relations asks for no fewer."""
    if held is None:
        return more
    both = () if not (held.relations and more.relations) else _unique((*held.relations, *more.relations))
    return Expansion(more.iri, both, max(held.hops, more.hops))


def _unique(items: Iterable[_T]) -> tuple[_T, ...]:
    return tuple(dict.fromkeys(items))[:MOST_KEYS]


def _one_of(text: str, known: Collection[str], usual: str) -> str:
    return text if text in known else usual


def _some_of(texts: Iterable[str], known: Collection[_T]) -> tuple[_T, ...]:
    asked = set(texts)
    return tuple(one for one in known if one in asked)


def _whole(text: str, least: int, most: int, usual: int) -> int:
    return min(max(int(text), least), most) if re.fullmatch(r"[0-9]{1,6}", text) else usual


def _date(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text) else None
    except ValueError:
        return None


def _position(text: str) -> Position | None:
    try:
        x, y = map(float, text.split(","))
    except ValueError:
        return None
    fits = isfinite(x) and isfinite(y) and max(abs(x), abs(y)) < _FAR
    return (round(x, 1), round(y, 1)) if fits else None
