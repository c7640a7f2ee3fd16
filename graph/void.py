"""VoID: the description of the graph as a data set (https://www.w3.org/TR/void/), with what it holds in numbers.

Classes are divided once more by property, and these by the class or the datatype of their values, as tools for
writing queries read it (void-ext, http://ldf.fi/void-ext#).
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from graph.counts import Counts, GraphCounts, Use
from graph.names import PACKAGED
from graph.quads import Quad, Term, iri, literal
from ontology.prefixes import PREFIXES
from ontology.terms import DCTERMS, RDF, RDFS, XSD

VOID = "http://rdfs.org/ns/void#"
VOID_EXT = "http://ldf.fi/void-ext#"
DESCRIPTION_PREFIXES: Mapping[str, str] = {
    **PREFIXES,
    "dcat": "http://www.w3.org/ns/dcat#",
    "sd": "http://www.w3.org/ns/sparql-service-description#",
    "spdx": "http://spdx.org/rdf/terms#",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
    "void": VOID,
    "void-ext": VOID_EXT,
}
"""The prefixes of documents that describe the data set."""
_COUNTED = {"class": "entities", "property": "triples"}
"""What is counted of a part."""
_NAMESPACE = re.compile(r"^(.*[#/])[^#/]+$")


@dataclass(frozen=True)
class Site:
    """Where an instance is: the base of what it mints, and the address under which it is reached.

    Attributes:
        base: IRI base, ending in a slash; what is described is named under it.
        address: address of the service, ending in a slash; what can be fetched is found there.
    """

    base: str
    address: str

    @property
    def dataset(self) -> str:
        """The IRI of the whole as a data set."""
        return f"{self.base}dataset"

    @property
    def void(self) -> str:
        """The IRI of its VoID description, and of the graph that holds it."""
        return f"{self.base}.well-known/void"

    def subset(self, graph: str) -> str:
        """Return the IRI of a named graph as a data set of its own."""
        return f"{self.dataset}#graph-{_mark(graph)}"

    def at(self, path: str) -> str:
        """Return the address of something that this service gives."""
        return f"{self.address}{path}"


@dataclass(frozen=True)
class About:
    """What is said of the data set beside its numbers.

    Attributes:
        title: by language.
        modified: when it last changed (ISO; empty: unknown).
        examples: IRIs of a few things.
        dumps: addresses of files with all of it.
    """

    title: Mapping[str, str]
    modified: str = ""
    examples: Sequence[str] = ()
    dumps: Sequence[str] = ()

    def with_dumps(self, dumps: Sequence[str]) -> About:
        """Return the same with files."""
        return replace(self, dumps=dumps)


class Statements:
    """Statements in the making."""

    def __init__(self) -> None:
        self.quads: list[Quad] = []

    def link(self, subject: str, predicate: str, *objects: str) -> None:
        """State that something leads to other things, all by IRI."""
        self.quads += [Quad(iri(subject), iri(predicate), iri(one)) for one in objects]

    def number(self, subject: str, predicate: str, value: int) -> None:
        """State a number."""
        self.value(subject, predicate, literal(str(value), datatype=XSD.integer))

    def texts(self, subject: str, predicate: str, texts: Mapping[str, str]) -> None:
        """State texts by language; the empty language is none."""
        for language, text in texts.items():
            self.value(subject, predicate, literal(text, language=language))

    def value(self, subject: str, predicate: str, term: Term) -> None:
        """State any term."""
        self.quads.append(Quad(iri(subject), iri(predicate), term))


def void_quads(counted: Counts, site: Site, about: About) -> list[Quad]:
    """Return the VoID description as triples."""
    said = Statements()
    void, dataset = site.void, site.dataset
    said.link(void, RDF.type, f"{VOID}DatasetDescription")
    said.link(void, "http://xmlns.com/foaf/0.1/primaryTopic", dataset)
    said.texts(void, DCTERMS.title, {"zh": "数据集的 VoID 说明", "en": "VoID description of the data set"})
    _dataset(said, counted, site, about)
    for part in counted.partitions.classes:
        uses = counted.uses.get(part.iri, ())
        node = _partition(said, site, dataset, "class", part.iri, part.entities)
        said.number(node, f"{VOID}properties", len(uses))
        for use in uses:
            _use(said, site, node, part.iri, use)
    for one in counted.partitions.properties:
        node = _partition(said, site, dataset, "property", one.iri, one.triples)
        said.number(node, f"{VOID}distinctSubjects", one.subjects)
        said.number(node, f"{VOID}distinctObjects", one.objects)
    for graph in counted.graphs:
        _graph(said, site, graph)
    return said.quads


def vocabularies(terms: Iterable[str]) -> list[str]:
    """Return the namespaces that terms are from, each once."""
    found = (match[1] for term in terms if (match := _NAMESPACE.match(term)))
    return sorted(set(found))


def _dataset(said: Statements, counted: Counts, site: Site, about: About) -> None:
    node = site.dataset
    parts = counted.partitions
    said.link(node, RDF.type, f"{VOID}Dataset")
    said.texts(node, DCTERMS.title, about.title)
    if about.modified:
        said.value(node, DCTERMS.modified, literal(about.modified, datatype=XSD.dateTime))
    said.value(node, "http://www.w3.org/2002/07/owl#versionInfo", literal(str(counted.version)))
    said.link(node, f"{VOID}sparqlEndpoint", site.at("sparql"))
    said.link(node, f"{VOID}dataDump", *about.dumps)
    said.link(node, f"{VOID}exampleResource", *about.examples)
    said.link(
        node,
        f"{VOID}feature",
        *(f"http://www.w3.org/ns/formats/{name}" for name in ("Turtle", "N-Triples", "RDF_XML", "JSON-LD")),
    )
    for space in sorted({site.base, PACKAGED}):
        said.value(node, f"{VOID}uriSpace", literal(space))
    used = [*(part.iri for part in parts.classes), *(part.iri for part in parts.properties)]
    said.link(node, f"{VOID}vocabulary", *vocabularies(used))
    for name, number in (
        ("triples", parts.triples),
        ("entities", counted.subjects),
        ("distinctSubjects", counted.subjects),
        ("distinctObjects", counted.objects),
        ("classes", len(parts.classes)),
        ("properties", len(parts.properties)),
    ):
        said.number(node, VOID + name, number)


def _use(said: Statements, site: Site, partition: str, name: str, use: Use) -> None:
    """State what the things of a class have of one property."""
    node = _partition(said, site, partition, "property", use.property, use.triples, name)
    said.number(node, f"{VOID}distinctSubjects", use.subjects)
    for kind, triples in use.links.items():
        part = _part(site, "c", name, use.property, kind)
        said.link(node, f"{VOID}classPartition", part)
        said.link(part, f"{VOID}class", kind)
        said.number(part, f"{VOID}triples", triples)
    for kind, triples in use.datatypes.items():
        part = _part(site, "d", name, use.property, kind)
        said.link(node, f"{VOID_EXT}datatypePartition", part)
        said.link(part, f"{VOID_EXT}datatype", kind)
        said.number(part, f"{VOID}triples", triples)


def _graph(said: Statements, site: Site, graph: GraphCounts) -> None:
    node = site.subset(graph.graph)
    said.link(site.dataset, f"{VOID}subset", node)
    said.link(node, RDF.type, f"{VOID}Dataset")
    said.link(node, "http://www.w3.org/ns/sparql-service-description#name", graph.graph)
    said.link(node, RDFS.seeAlso, graph.graph)
    for name, number in (
        ("triples", graph.triples),
        ("distinctSubjects", graph.subjects),
        ("distinctObjects", graph.objects),
        ("classes", len(graph.classes)),
        ("properties", len(graph.properties)),
    ):
        said.number(node, VOID + name, number)
    for kind, entities in graph.classes.items():
        _partition(said, site, node, "class", kind, entities, graph.graph)
    for property_, triples in graph.properties.items():
        _partition(said, site, node, "property", property_, triples, graph.graph)


def _partition(
    said: Statements, site: Site, whole: str, of: str, name: str, number: int, within: str = ""
) -> str:
    """Describe the part of a whole that a class (``of="class"``) or a property has; return its IRI."""
    node = _part(site, of, within, name)
    said.link(whole, f"{VOID}{of}Partition", node)
    said.link(node, f"{VOID}{of}", name)
    said.number(node, VOID + _COUNTED[of], number)
    return node


def _part(site: Site, *names: str) -> str:
    """Return the IRI of a part of the data set."""
    return f"{site.void}#{names[0]}-{_mark(*names[1:])}"


def _mark(*names: str) -> str:
    return hashlib.sha256("\n".join(names).encode()).hexdigest()[:12]
