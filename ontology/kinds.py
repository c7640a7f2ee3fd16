"""Kinds of things and relations in pictures of the graph: names, colours, shapes and order, as data."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TypeVar

FILE = Path(__file__).parent / "kinds.toml"
LANGUAGES = ("zh", "en")
OTHER = "other"
SHAPES = ("star", "dot", "square", "hexagon", "diamond", "triangle", "triangleDown", "box", "ellipse")
"""The shapes that pictures can draw; in a box or an ellipse the name stands inside."""

_COLOUR = re.compile(r"#[0-9a-f]{6}")


@dataclass(frozen=True)
class NodeKind:
    """One kind of thing: its name in addresses, place in the order, labels by language, look and classes."""

    name: str
    order: int
    labels: Mapping[str, str]
    colour: str
    shape: str
    classes: frozenset[str]


@dataclass(frozen=True)
class RelationKind:
    """One kind of relation; ``labels`` reads along the arrow, ``inverse`` against it.

    ``vocabulary`` is the beginning of the concepts that are relations of this kind (empty: none are).
    """

    name: str
    order: int
    labels: Mapping[str, str]
    inverse: Mapping[str, str]
    colour: str
    iris: frozenset[str]
    vocabulary: str


_Kind = TypeVar("_Kind", NodeKind, RelationKind)


@dataclass(frozen=True)
class Kinds:
    """The table ``kinds.toml``, each part in its order."""

    nodes: tuple[NodeKind, ...]
    relations: tuple[RelationKind, ...]

    def node(self, name: str) -> NodeKind:
        """Return the kind of things of a name; raises KeyError."""
        return _named(self.nodes, name)

    def relation(self, name: str) -> RelationKind:
        """Return the kind of relations of a name; raises KeyError."""
        return _named(self.relations, name)

    def node_of(self, classes: Iterable[str]) -> NodeKind:
        """Return the kind of a thing that belongs to these classes."""
        held = frozenset(classes)
        return next((kind for kind in self.nodes if kind.classes & held), self.node(OTHER))

    def relation_of(self, iri: str) -> RelationKind:
        """Return the kind of a relation."""
        fitting = (
            kind
            for kind in self.relations
            if iri in kind.iris or (kind.vocabulary and iri.startswith(kind.vocabulary))
        )
        return next(fitting, self.relation(OTHER))

    @property
    def classes(self) -> tuple[str, ...]:
        """All classes whose members stand in pictures."""
        return tuple(name for kind in self.nodes for name in sorted(kind.classes))


@cache
def kinds() -> Kinds:
    """Return the packaged table."""
    return read_kinds(FILE.read_text(encoding="utf-8"))


def read_kinds(text: str) -> Kinds:
    """Return the table that a TOML text holds.

    Raises:
        KeyError: something is missing.
        ValueError: a label lacks a language, or a colour or shape cannot be drawn.
    """
    table = tomllib.loads(text)
    return Kinds(
        nodes=tuple(
            NodeKind(
                name=name,
                order=order,
                labels=_labels(name, row["label"]),
                colour=_colour(name, row["colour"]),
                shape=_shape(name, row["shape"]),
                classes=frozenset(row["classes"]),
            )
            for order, (name, row) in enumerate(table["node"].items())
        ),
        relations=tuple(
            RelationKind(
                name=name,
                order=order,
                labels=_labels(name, row["label"]),
                inverse=_labels(name, row["inverse"]),
                colour=_colour(name, row["colour"]),
                iris=frozenset(row["iris"]),
                vocabulary=row.get("vocabulary", ""),
            )
            for order, (name, row) in enumerate(table["relation"].items())
        ),
    )


def _named(kinds: Sequence[_Kind], name: str) -> _Kind:
    for kind in kinds:
        if kind.name == name:
            return kind
    raise KeyError(name)


def _labels(name: str, labels: Mapping[str, str]) -> Mapping[str, str]:
    if missing := [language for language in LANGUAGES if not labels.get(language)]:
        raise ValueError(f"{name} has no label in {', '.join(missing)}")
    return labels


def _colour(name: str, colour: str) -> str:
    if not _COLOUR.fullmatch(colour):
        raise ValueError(f"{name} has no colour of the form #rrggbb: {colour}")
    return colour


def _shape(name: str, shape: str) -> str:
    if shape not in SHAPES:
        raise ValueError(f"{name} has an unknown shape: {shape}")
    return shape
