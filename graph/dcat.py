"""DCAT: the graph as a published data set (https://www.w3.org/TR/vocab-dcat-3/): version, dates, sources, files."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from graph.catalogue import Entry
from graph.dump_process import Written
from graph.dumps import Dumps
from graph.engine import Engine
from graph.names import Names
from graph.quads import Quad, Term, is_iri, literal, literal_parts, text_of
from graph.void import Site, Statements
from ontology.library import query
from ontology.terms import DCTERMS, MA, RDF, RDFS, XSD

DCAT = "http://www.w3.org/ns/dcat#"
SPDX = "http://spdx.org/rdf/terms#"
SD = "http://www.w3.org/ns/sparql-service-description#"
_MEDIA = "https://www.iana.org/assignments/media-types/"
_PUBLIC = "http://publications.europa.eu/resource/authority/access-right/PUBLIC"
_LANGUAGE = "http://publications.europa.eu/resource/authority/language/"
_DCT = "http://purl.org/dc/terms/"
_XSD = "http://www.w3.org/2001/XMLSchema#"
_AGENT = "http://xmlns.com/foaf/0.1/Agent"
_NAME = "http://xmlns.com/foaf/0.1/name"


@dataclass
class Said:
    """What a source says of itself: titles by language, licences and publishers as terms, dates as terms."""

    title: dict[str, str] = field(default_factory=dict)
    licence: list[Term] = field(default_factory=list)
    publisher: list[Term] = field(default_factory=list)
    issued: list[Term] = field(default_factory=list)
    modified: list[Term] = field(default_factory=list)


@dataclass(frozen=True)
class Publication:
    """What is published: the files of one version, and what is said of it.

    Attributes:
        dumps: the files.
        title: by language.
        publisher: IRI and names of who publishes it (empty: not known).
        issued, modified: when the first and the last change were made (ISO; empty: unknown).
        sources: what each graph's source says of itself.
    """

    dumps: Dumps
    title: Mapping[str, str]
    publisher: tuple[str, Mapping[str, str]]
    issued: str
    modified: str
    sources: Mapping[str, Said]


def sources_said(engine: Engine, names: Names) -> dict[str, Said]:
    """Return what the source of each graph says of itself, by IRI of the graph; what it does not say is not there."""
    found: dict[str, Said] = {}
    for row in engine.select(query("graph-licences").bound({"catalogue": names.catalogue})):
        said, value = found.setdefault(text_of(row["graph"]), Said()), row["value"]
        name = text_of(row["said"])
        if name == "title":
            if not is_iri(value):
                said.title.setdefault(literal_parts(value).language, text_of(value))
        else:
            getattr(said, name).append(value)
    return found


def dcat_quads(publication: Publication, site: Site) -> list[Quad]:
    """Return the description as triples."""
    said = Statements()
    dumps, dataset = publication.dumps, site.dataset
    said.link(dataset, RDF.type, f"{DCAT}Dataset", "http://rdfs.org/ns/void#Dataset")
    said.texts(dataset, DCTERMS.title, publication.title)
    said.texts(dataset, DCTERMS.description, _DESCRIPTION)
    if any(entry.illustrative for entry in dumps.entries):
        said.texts(dataset, DCTERMS.description, _INVENTED)
    said.value(dataset, DCTERMS.identifier, literal(dataset))
    said.value(dataset, f"{DCAT}version", literal(str(dumps.version)))
    _dates(said, dataset, publication.issued, publication.modified)
    said.link(dataset, DCTERMS.language, f"{_LANGUAGE}ZHO", f"{_LANGUAGE}ENG")
    said.link(dataset, f"{_DCT}accessRights", _PUBLIC)
    said.link(dataset, f"{DCAT}landingPage", site.at("dataset"))
    said.link(dataset, RDFS.seeAlso, site.void)
    _publisher(said, dataset, *publication.publisher)
    _service(said, site)
    for file in dumps.files:
        if not file.graph:
            _distribution(said, site, dataset, file)
    for entry in dumps.entries:
        _source(said, site, entry, publication)
    return said.quads


_DESCRIPTION = {
    "zh": "公开的图谱：每个来源的每个版本一个命名图，默认图是其合并，每条陈述一次。"
    "许可因来源而异，见各部分；未注明许可的，许可不详。",
    "en": "The public graph: a named graph for each version of each source, and their merge as the default graph, "
    "each statement once. Licences differ by source, see the parts; where none is stated, it is not known.",
}

_INVENTED = {
    "zh": "其中有虚构的示例数据，均标明 ma:illustrative true。",
    "en": "Some of it is invented, for demonstration; that is marked ma:illustrative true.",
}


def _publisher(said: Statements, dataset: str, publisher: str, names: Mapping[str, str]) -> None:
    if publisher:
        said.link(dataset, DCTERMS.publisher, publisher)
        said.link(publisher, RDF.type, _AGENT)
        said.texts(publisher, _NAME, names)


def _service(said: Statements, site: Site) -> None:
    service = f"{site.base}sparql#service"
    said.link(service, RDF.type, f"{DCAT}DataService", f"{SD}Service")
    said.texts(service, DCTERMS.title, {"zh": "SPARQL 查询", "en": "SPARQL queries"})
    said.link(service, f"{DCAT}endpointURL", site.at("sparql"))
    said.link(service, f"{DCAT}endpointDescription", site.at("sparql"))
    said.link(service, f"{DCAT}servesDataset", site.dataset)


def _source(said: Statements, site: Site, entry: Entry, publication: Publication) -> None:
    node, source = site.subset(entry.graph), publication.sources.get(entry.graph, Said())
    said.link(site.dataset, f"{_DCT}hasPart", node)
    said.link(node, RDF.type, f"{DCAT}Dataset")
    said.link(node, f"{SD}name", entry.graph)
    said.texts(node, DCTERMS.title, source.title or {"": entry.title or entry.graph})
    said.link(node, MA.graphKind, f"https://w3id.org/medalliance/vocab/graph-kind/{entry.kind}")
    if entry.document:
        said.link(node, f"{DCAT}isVersionOf", entry.document)
    if entry.digest:
        said.value(node, DCTERMS.identifier, literal(f"sha256:{entry.digest}"))
    if entry.illustrative:
        said.value(node, MA.illustrative, literal("true", datatype=XSD.boolean))
    for predicate, terms in (
        (DCTERMS.license, source.licence),
        (DCTERMS.publisher, source.publisher),
        (DCTERMS.issued, source.issued),
        (DCTERMS.modified, source.modified),
    ):
        for term in terms:
            said.value(node, predicate, term)
    for file in publication.dumps.of_graph(entry.graph):
        _distribution(said, site, node, file, entry, source.licence)


def _distribution(
    said: Statements,
    site: Site,
    dataset: str,
    file: Written,
    entry: Entry | None = None,
    licences: Iterable[Term] = (),
) -> None:
    node, checksum = f"{site.dataset}#file-{file.name}", f"{site.dataset}#checksum-{file.name}"
    address = site.at(f"download/{file.name}")
    said.link(dataset, f"{DCAT}distribution", node)
    said.link(node, RDF.type, f"{DCAT}Distribution")
    said.value(node, DCTERMS.title, literal(file.name))
    said.link(node, f"{DCAT}accessURL", site.at("download/"))
    said.link(node, f"{DCAT}downloadURL", address)
    said.link(node, f"{DCAT}mediaType", _MEDIA + file.media_type)
    said.link(node, f"{DCAT}compressFormat", f"{_MEDIA}application/gzip")
    said.value(node, f"{DCAT}byteSize", literal(str(file.size), datatype=f"{_XSD}nonNegativeInteger"))
    said.number(node, "http://rdfs.org/ns/void#triples", file.statements)
    said.link(node, f"{SPDX}checksum", checksum)
    said.link(checksum, RDF.type, f"{SPDX}Checksum")
    said.link(checksum, f"{SPDX}algorithm", f"{SPDX}checksumAlgorithm_sha256")
    said.value(checksum, f"{SPDX}checksumValue", literal(file.sha256, datatype=f"{_XSD}hexBinary"))
    for licence in licences:
        said.value(node, DCTERMS.license, licence)
    if entry and entry.illustrative:
        said.value(node, MA.illustrative, literal("true", datatype=XSD.boolean))


def _dates(said: Statements, node: str, issued: str, modified: str) -> None:
    for predicate, date in ((DCTERMS.issued, issued), (DCTERMS.modified, modified)):
        if date:
            said.value(node, predicate, literal(date, datatype=XSD.dateTime))
