"""Kinds of things and relations in pictures of the graph: names, colours, shapes and order, as data."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import TypeVar

FILE = Path(__file__).parent / "kinds.toml"
LANGUAGES = ("zh", "en")
OTHER = "other"
SHAPES = (
    "star",
    "dot",
    "square",
    "hexagon",
    "diamond",
    "triangle",
    "triangleDown",
    "box",
    "ellipse",
    "round",
)
"""The shapes that pictures can draw; in a box, an ellipse or a round box the name stands inside."""

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
    """One kind of relation; ``labels`` reads along the arrow, ``inverse`` against it, ``title`` names the kind.

    ``vocabulary`` is the beginning of the concepts that are relations of this kind (empty: none are); ``length`` is
    how many relations one of them counts as in a chain; ``sentences`` tell one, see ``sentence``.
    """

    name: str
    order: int
    title: Mapping[str, str]
    labels: Mapping[str, str]
    inverse: Mapping[str, str]
    colour: str
    iris: frozenset[str]
    vocabulary: str
    length: int
    sentences: Mapping[str, Mapping[str, str]]

    def sentence(self, relation: str, *, along: bool) -> Mapping[str, str]:
        """Return the pattern that tells a relation of this kind, by language; empty where the kind has none."""
        forms = ("along",) if along else ("against", "along")
        if relation not in self.iris:
            forms = (*(f"{form}_as" for form in forms), *forms)
        return next((self.sentences[form] for form in forms if form in self.sentences), {})


_Kind = TypeVar("_Kind", NodeKind, RelationKind)


@dataclass(frozen=True)
class Kinds:
    """The table ``kinds.toml``, each part in its order."""

    nodes: tuple[NodeKind, ...]
    relations: tuple[RelationKind, ...]
    words: Mapping[str, Mapping[str, str]]
    """The words that join sentences about relations, by language."""

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
        found = self._by_iri.get(iri)
        if found is None:
            fitting = (kind for kind in self._with_vocabulary if iri.startswith(kind.vocabulary))
            found = next(fitting, None) or self.relation(OTHER)
        return found

    @cached_property
    def _by_iri(self) -> Mapping[str, RelationKind]:
        return {iri: kind for kind in reversed(self.relations) for iri in kind.iris}

    @cached_property
    def _with_vocabulary(self) -> tuple[RelationKind, ...]:
        return tuple(kind for kind in self.relations if kind.vocabulary)

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
                title=_labels(name, row["title"]),
                labels=_labels(name, row["label"]),
                inverse=_labels(name, row["inverse"]),
                colour=_colour(name, row["colour"]),
                iris=frozenset(row["iris"]),
                vocabulary=row.get("vocabulary", ""),
                length=row.get("length", 1),
                sentences={form: _labels(name, said) for form, said in row.get("sentence", {}).items()},
            )
            for order, (name, row) in enumerate(table["relation"].items())
        ),
        words={name: _labels(name, said) for name, said in table["words"].items()},
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
