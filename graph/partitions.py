"""The default graph in numbers: how many things of each class, how many statements of each property."""

from __future__ import annotations

from dataclasses import dataclass

from graph.current import Current
from graph.engine import Engine
from graph.quads import text_of
from ontology.library import query


@dataclass(frozen=True)
class ClassPart:
    """A class and how many different things have it."""

    iri: str
    entities: int


@dataclass(frozen=True)
class PropertyPart:
    """A property, how many statements it has, and how many different subjects and objects these have."""

    iri: str
    triples: int
    subjects: int
    objects: int


@dataclass(frozen=True)
class Partitions:
    """The default graph of one version, by class and by property, each sorted by IRI."""

    version: int
    classes: tuple[ClassPart, ...]
    properties: tuple[PropertyPart, ...]

    @property
    def triples(self) -> int:
        """How many statements the default graph holds."""
        return sum(part.triples for part in self.properties)


def partitions(engine: Engine) -> Partitions:
    """Return the numbers of an engine's default graph; one pass over it for each of the two tables."""
    version = engine.version
    classes = engine.select(query("partition-classes").text)
    properties = engine.select(query("partition-properties").text)
    return Partitions(
        version,
        tuple(ClassPart(text_of(row["class"]), int(text_of(row["entities"]))) for row in classes),
        tuple(
            PropertyPart(
                text_of(row["property"]),
                *(int(text_of(row[name])) for name in ("triples", "subjects", "objects")),
            )
            for row in properties
        ),
    )


class PartitionCache(Current[Partitions]):
    """The numbers of the current version, counted when first asked for."""

    def __init__(self, engine: Engine) -> None:
        super().__init__(engine, lambda _: partitions(engine))
