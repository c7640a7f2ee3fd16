"""The graph in numbers, as a description of a data set needs them: by class, by property, by named graph."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from graph.engine import Engine
from graph.partitions import Partitions
from graph.quads import Term, text_of
from ontology.library import query


@dataclass(frozen=True)
class Use:
    """What the things of one class have of one property.

    Attributes:
        property: its IRI.
        triples: statements.
        subjects: different things that have it.
        links: class of the objects to number of statements.
        datatypes: datatype of the values to number of statements.
    """

    property: str
    triples: int
    subjects: int
    links: Mapping[str, int]
    datatypes: Mapping[str, int]


@dataclass(frozen=True)
class GraphCounts:
    """One named graph: statements, different subjects and objects, things by class, statements by property."""

    graph: str
    triples: int
    subjects: int
    objects: int
    classes: Mapping[str, int]
    properties: Mapping[str, int]


@dataclass(frozen=True)
class Counts:
    """All numbers of one version; ``uses`` tells by class which properties its things have."""

    version: int
    subjects: int
    objects: int
    partitions: Partitions
    uses: Mapping[str, tuple[Use, ...]]
    graphs: tuple[GraphCounts, ...]


def counts(engine: Engine, partitions: Partitions, aside: Iterable[Term] = ()) -> Counts:
    """Return the numbers of an engine's graph. At a million statements this takes half a minute.

    Args:
        engine: the graph.
        partitions: its default graph by class and property.
        aside: named graphs that describe the others, and are not counted.
    """
    (size,) = engine.select(query("partition-size").text)
    hidden = {text_of(graph) for graph in aside}
    return Counts(
        partitions.version,
        int(text_of(size["subjects"])),
        int(text_of(size["objects"])),
        partitions,
        _uses(engine),
        tuple(one for one in _graphs(engine) if one.graph not in hidden),
    )


def _uses(engine: Engine) -> dict[str, tuple[Use, ...]]:
    links, datatypes = _kinds(engine, "partition-class-links"), _kinds(engine, "partition-class-datatypes")
    uses: dict[str, list[Use]] = defaultdict(list)
    for row in engine.select(query("partition-class-properties").text):
        pair = text_of(row["class"]), text_of(row["property"])
        triples, subjects = (int(text_of(row[name])) for name in ("triples", "subjects"))
        use = Use(pair[1], triples, subjects, links.get(pair, {}), datatypes.get(pair, {}))
        uses[pair[0]].append(use)
    return {name: tuple(listed) for name, listed in uses.items()}


def _kinds(engine: Engine, name: str) -> dict[tuple[str, str], dict[str, int]]:
    """Return the kinds of values, with numbers, by class and property."""
    found: dict[tuple[str, str], dict[str, int]] = defaultdict(dict)
    for row in engine.select(query(name).text):
        pair = text_of(row["class"]), text_of(row["property"])
        found[pair][text_of(row["kind"])] = int(text_of(row["triples"]))
    return found


def _graphs(engine: Engine) -> Iterable[GraphCounts]:
    classes = _by_graph(engine, "graph-classes", "class", "entities")
    properties = _by_graph(engine, "graph-properties", "property", "triples")
    for row in engine.select(query("graph-sizes").text):
        name = text_of(row["graph"])
        triples, subjects, objects = (int(text_of(row[one])) for one in ("triples", "subjects", "objects"))
        of_graph = classes.get(name, {}), properties.get(name, {})
        yield GraphCounts(name, triples, subjects, objects, *of_graph)


def _by_graph(engine: Engine, name: str, key: str, number: str) -> dict[str, dict[str, int]]:
    found: dict[str, dict[str, int]] = defaultdict(dict)
    for row in engine.select(query(name).text):
        found[text_of(row["graph"])][text_of(row[key])] = int(text_of(row[number]))
    return found
