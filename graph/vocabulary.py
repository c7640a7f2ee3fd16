"""The words in which the graph can be asked: its classes, properties, concepts and graphs, with names and numbers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from graph.catalogue import Entry, entries
from graph.current import Current
from graph.engine import Engine
from graph.names import Names
from graph.nodes import Nodes, first_labels
from graph.partitions import PartitionCache, Partitions
from graph.quads import Term, is_iri, text_of
from ontology.display import Display, Labels, display
from ontology.library import query
from ontology.terms import OWL, RDF, RDFS, SKOS

_KINDS = {OWL.ObjectProperty: "object", OWL.DatatypeProperty: "datatype"}


@dataclass(frozen=True)
class ClassWord:
    """A class: what it is called and means, the classes above it, and how many things have it."""

    iri: str
    name: str
    """As ``prefix:local`` where a prefix fits, else the IRI."""
    labels: Labels
    definition: Labels
    count: int
    parents: tuple[str, ...]


@dataclass(frozen=True)
class PropertyWord:
    """A property: what it is called and means, what it leads from and to, and how many statements it has.

    ``kind`` is object, datatype, or empty where no ontology here declares the property.
    """

    iri: str
    name: str
    labels: Labels
    definition: Labels
    count: int
    kind: str
    domains: tuple[str, ...]
    ranges: tuple[str, ...]


@dataclass(frozen=True)
class ConceptWord:
    """A value of a controlled vocabulary."""

    iri: str
    labels: Labels
    scheme: str


@dataclass(frozen=True)
class GraphWord:
    """A named graph: its kind, what its document is called, and whether the default graph includes it."""

    iri: str
    kind: str
    labels: Labels
    merged: bool
    illustrative: bool


@dataclass(frozen=True, eq=False)
class Vocabulary:
    """The words of one version of the graph, the most used first."""

    version: int
    prefixes: Mapping[str, str]
    classes: tuple[ClassWord, ...]
    properties: tuple[PropertyWord, ...]
    concepts: tuple[ConceptWord, ...]
    graphs: tuple[GraphWord, ...]


@dataclass
class _Said:
    """What the ontology says of its terms: term to property to values."""

    of: dict[str, dict[str, list[Term]]] = field(default_factory=dict)

    def texts(self, term: str, *properties: str) -> Labels:
        said = self.of.get(term, {})
        return first_labels(value for one in properties for value in said.get(one, ()))

    def iris(self, term: str, property_: str) -> tuple[str, ...]:
        return tuple(text_of(value) for value in self.of.get(term, {}).get(property_, ()) if is_iri(value))

    def declared(self, *kinds: str) -> list[str]:
        return [term for term in self.of if set(kinds) & set(self.iris(term, RDF.type))]


def vocabulary(engine: Engine, counted: Partitions, names: Names) -> Vocabulary:
    """Return the words of an engine's graph.

    Args:
        engine: the graph.
        counted: how often each class and property is used.
        names: the graphs that the instance keeps for itself.
    """
    said, table = _said(engine), display()
    classes = {**dict.fromkeys(said.declared(OWL.Class), 0), **{c.iri: c.entities for c in counted.classes}}
    properties = {
        **dict.fromkeys(said.declared(*_KINDS), 0),
        **{part.iri: part.triples for part in counted.properties},
    }
    return Vocabulary(
        counted.version,
        table.prefixes,
        tuple(_class(name, classes[name], said, table) for name in _most_used(classes)),
        tuple(_property(name, properties[name], said, table) for name in _most_used(properties)),
        tuple(_concepts(engine)),
        tuple(_graphs(engine, names)),
    )


class VocabularyCache(Current[Vocabulary]):
    """The words of the current version, gathered when first asked for."""

    def __init__(self, engine: Engine, partitions: PartitionCache, base: str) -> None:
        super().__init__(engine, lambda _: vocabulary(engine, partitions.current(), Names(base)))


def _most_used(counts: Mapping[str, int]) -> Iterable[str]:
    return sorted(counts, key=lambda name: (-counts[name], name))


def _said(engine: Engine) -> _Said:
    said = _Said()
    for row in engine.select(query("schema-terms").text):
        of_term = said.of.setdefault(text_of(row["term"]), {})
        of_term.setdefault(text_of(row["said"]), []).append(row["value"])
    return said


def _labels(name: str, said: _Said, table: Display) -> Labels:
    return said.texts(name, RDFS.label, SKOS.prefLabel) or table.labels.get(name, {})


def _class(name: str, count: int, said: _Said, table: Display) -> ClassWord:
    parents = said.iris(name, RDFS.subClassOf)
    definition = said.texts(name, SKOS.definition)
    return ClassWord(name, table.compact(name), _labels(name, said, table), definition, count, parents)


def _property(name: str, count: int, said: _Said, table: Display) -> PropertyWord:
    kinds = [_KINDS[kind] for kind in said.iris(name, RDF.type) if kind in _KINDS]
    return PropertyWord(
        name,
        table.compact(name),
        _labels(name, said, table),
        said.texts(name, SKOS.definition),
        count,
        next(iter(kinds), ""),
        said.iris(name, RDFS.domain),
        said.iris(name, RDFS.range),
    )


def _concepts(engine: Engine) -> Iterable[ConceptWord]:
    found: dict[str, tuple[str, list[Term]]] = {}
    for row in engine.select(query("concept-labels").text):
        if text_of(row["property"]) == SKOS.prefLabel:
            labels = found.setdefault(text_of(row["concept"]), (text_of(row["scheme"]), []))[1]
            labels.append(row["label"])
    return (ConceptWord(name, first_labels(labels), scheme) for name, (scheme, labels) in found.items())


def _graphs(engine: Engine, names: Names) -> Iterable[GraphWord]:
    """Yield the graphs that the catalogue lists; a plain dataset has none."""
    if not names.base:
        return
    listed = entries(engine, names)
    nodes = Nodes(engine)
    nodes.read(entry.document for entry in listed if entry.document)
    for entry in listed:
        yield GraphWord(entry.graph, entry.kind, _title(entry, nodes), entry.merged, entry.illustrative)


def _title(entry: Entry, nodes: Nodes) -> Labels:
    if entry.title:
        return {"": entry.title}
    return nodes.labels(entry.document) if entry.document else {}
