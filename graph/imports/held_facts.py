"""What current sources state, thing by thing, with who says it: the newest source first."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property
from itertools import groupby
from typing import NamedTuple

from graph.engine import Engine
from graph.names import Names
from graph.quads import Quad, Term, iri, is_iri, literal_parts, text_of
from ontology.library import query
from ontology.terms import DCTERMS, MA, ORG, RDF, SKOS

MOST_QUADS = 2_000_000
"""What current sources may state altogether, to be read at once."""


class TooMuchHeld(Exception):
    """Current sources state more than can be read at once; the argument is how much."""


@dataclass(frozen=True)
class HeldSource:
    """A source: its graph, the titles of its document by language (empty: none), its date and when it came.

    ``document`` is the IRI of the document that it is a version of (empty: of none).
    """

    graph: Term
    titles: Mapping[str, str] = field(default_factory=dict, hash=False)
    dated: str = ""
    received: str = ""
    document: str = ""

    @property
    def age(self) -> tuple[str, str, str]:
        """What sources are ordered by: the newest has the greatest. One without any date counts as old."""
        return max(self.dated, self.received), self.received, self.graph

    def title(self, language: str) -> str:
        """Return the title of its document."""
        return self.titles.get(language) or next(iter(self.titles.values()), "")


class Said(NamedTuple):
    """A value, who says it, and whether it may not be public."""

    value: Term
    source: HeldSource
    is_restricted: bool = False


_Values = dict[Term, list[Said]]


class HeldFacts:
    """What some sources state. Values of a property come with the newest source first."""

    def __init__(
        self, quads: Iterable[Quad], sources: Iterable[HeldSource] = (), restricted: Iterable[Quad] = ()
    ) -> None:
        """Read quads; what a graph states that is none of the sources is from a source without title or date."""
        self._sources = {source.graph: source for source in sources}
        self._said: dict[Term, _Values] = defaultdict(lambda: defaultdict(list))
        self._pointing: dict[tuple[Term, Term], dict[Term, None]] = defaultdict(dict)
        self._of_class: dict[Term, dict[Term, None]] = defaultdict(dict)
        self._newest: dict[Term, HeldSource] = {}
        for quad in quads:
            self._read(quad, is_restricted=False)
        for quad in restricted:
            self._read(quad, is_restricted=True)

    @classmethod
    def of(cls, engine: Engine, names: Names, restricted: Iterable[Quad] = (), graph: Term = "") -> HeldFacts:
        """Return what the current sources of an instance state, or one of them; nothing that is invented.

        Args:
            engine, names: the instance.
            restricted: what the asking person may see besides, in the graphs of its sources.
            graph: the graph of one source (empty: all).

        Raises:
            TooMuchHeld: it is more than can be read at once.
        """
        sources = [one for one in held_sources(engine, names) if graph in ("", one.graph)]
        sizes = [engine.select(query("graph-size").bound({"graph": source.graph})) for source in sources]
        total = sum(int(text_of(rows[0]["size"])) for rows in sizes)
        if total > MOST_QUADS:
            raise TooMuchHeld(total)
        current = {source.graph for source in sources}
        quads = (quad for source in sources for quad in engine.quads(source.graph))
        return cls(quads, sources, (quad for quad in restricted if quad.graph in current))

    def things(self, *types: str) -> list[Term]:
        """Return the things that belong to one of some classes (IRIs)."""
        return list(
            dict.fromkeys(thing for type_ in types for thing in self._of_class.get(_property(type_), {}))
        )

    def is_a(self, thing: Term, type_: str) -> bool:
        """Tell whether a thing belongs to a class (IRI)."""
        return thing in self._of_class.get(_property(type_), {})

    def values(self, thing: Term, property_: str) -> Sequence[Said]:
        """Return the values of a property (IRI), the newest source first; within one, in the order of their texts."""
        said = self._said.get(thing, {}).get(_property(property_), [])
        if len(said) < 2:
            return said
        return sorted(sorted(said, key=lambda one: one.value), key=lambda one: one.source.age, reverse=True)

    def linked(self, thing: Term, property_: str) -> list[Term]:
        """Return the things that a property leads to."""
        found = (one.value for one in self.values(thing, property_))
        return list(dict.fromkeys(value for value in found if is_iri(value)))

    def pointing(self, property_: str, thing: Term) -> list[Term]:
        """Return the things from which a property leads to a thing."""
        return list(self._pointing.get((_property(property_), thing), ()))

    def source_of(self, node: Term) -> HeldSource:
        """Return the newest source that speaks of a node."""
        if node not in self._newest:
            said = [one.source for values in self._said.get(node, {}).values() for one in values]
            self._newest[node] = max(said, key=lambda source: source.age, default=HeldSource(""))
        return self._newest[node]

    def label(self, thing: Term, language: str) -> str:
        """Return the name of a thing, in the other language if need be (empty: it has none)."""
        labels = self._labels(thing)
        return labels.get(language) or next(iter(labels.values()), "")

    def _labels(self, thing: Term) -> Mapping[str, str]:
        labels: dict[str, str] = {}
        for one in self.values(thing, SKOS.prefLabel):
            parts = literal_parts(one.value)
            labels.setdefault(parts.language, parts.lexical)
        return labels

    @cached_property
    def local_ids(self) -> Mapping[str, tuple[Term, ...]]:
        """Identifiers that sources made up themselves, and the things that bear them."""
        bearers: dict[str, dict[Term, None]] = defaultdict(dict)
        for thing in self._said:
            for text in self.local_ids_of(thing):
                bearers[text][thing] = None
        return {text: tuple(things) for text, things in bearers.items()}

    def local_ids_of(self, thing: Term) -> list[str]:
        """Return the identifiers that sources made up for a thing, the newest source first."""
        said = [one for property_ in _IDENTIFIERS for one in self.values(thing, property_)]
        parts = [literal_parts(one.value) for one in said if not is_iri(one.value)]
        return list(dict.fromkeys(part.lexical for part in parts if part.datatype == MA.Local))

    def _read(self, quad: Quad, *, is_restricted: bool) -> None:
        source = self._sources.get(quad.graph)
        if source is None:
            source = self._sources[quad.graph] = HeldSource(quad.graph)
        self._said[quad.subject][quad.predicate].append(Said(quad.object, source, is_restricted))
        if quad.predicate == _TYPE:
            self._of_class[quad.object][quad.subject] = None
        elif is_iri(quad.object):
            self._pointing[quad.predicate, quad.object][quad.subject] = None


def held_sources(engine: Engine, names: Names) -> list[HeldSource]:
    """Return the sources in the default graph of an instance that are not invented."""
    rows = engine.select(query("held-sources").bound({"catalogue": names.catalogue}))
    return [_source(list(group)) for _, group in groupby(rows, key=lambda row: row["graph"])]


def _source(rows: Sequence[Mapping[str, Term]]) -> HeldSource:
    titles = [literal_parts(row["title"]) for row in rows if "title" in row]
    return HeldSource(
        rows[0]["graph"],
        {title.language: title.lexical for title in titles},
        text_of(rows[0].get("dated", "")),
        max(text_of(row.get("received", "")) for row in rows),
        text_of(rows[0].get("document", "")),
    )


@cache
def _property(name: str) -> Term:
    """Return the term of a property or class; the same few come again and again."""
    return iri(name)


_TYPE = iri(RDF.type)
_IDENTIFIERS = (ORG.identifier, DCTERMS.identifier)
