"""The catalogue: what each named graph is, stated in a graph of its own."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import PurePath
from typing import TYPE_CHECKING

from graph.names import PACKAGED, Names
from graph.quads import Quad, Term, iri, literal, text_of
from ontology.demo import is_demo_graph
from ontology.library import query
from ontology.packaged import PackagedGraph
from ontology.terms import DCTERMS, MA, RDF, XSD

if TYPE_CHECKING:
    from graph.engine import Engine

_DATES = {4: XSD.gYear, 7: XSD.gYearMonth, 10: XSD.date}


@dataclass(frozen=True)
class Entry:
    """What the catalogue says of one graph.

    Attributes:
        graph: IRI of the graph.
        kind: notation in the vocabulary ``graph-kind``: ontology, vocabulary, shapes, source, reference, local, ….
        merged: whether its triples belong to the default graph.
        document: IRI of the document that it is one version of (empty: none).
        digest: SHA-256 of the document or content it was made from, in hexadecimal (empty: unknown).
        title: how people call it (empty: unknown).
        illustrative: whether all that it states is invented.
        dated: the date that the document bears, as exactly as it is known (empty: unknown).
        received: the day on which this version came (ISO; empty: unknown).
    """

    graph: str
    kind: str
    merged: bool = True
    document: str = ""
    digest: str = ""
    title: str = ""
    illustrative: bool = False
    dated: str = ""
    received: str = ""

    @classmethod
    def of_packaged(cls, graph: PackagedGraph) -> Entry:
        """Return the entry of a graph that comes with the program."""
        return cls(
            graph.iri,
            graph.kind,
            graph.merged,
            graph.document or "",
            _digest(graph.content()),
            illustrative=is_demo_graph(graph.iri),
        )

    @classmethod
    def of_file(cls, name: str, data: bytes, names: Names, graph: str = "") -> Entry:
        """Return the entry of a loaded file: a source of its own, or (``graph`` given) a part of that graph."""
        digest = _digest(data)
        if graph:
            return cls(graph, "local" if iri(graph) == names.local else "source")
        slug = _slug(name)
        return cls(
            names.source(slug, digest),
            "source",
            True,
            f"{names.base}source/{slug}",
            digest,
            PurePath(name).name,
        )

    @classmethod
    def of_instance(cls, names: Names) -> tuple[Entry, ...]:
        """Return the entries of the graphs that an instance keeps for itself, but the derived one."""
        return cls(text_of(names.catalogue), "catalogue"), cls(text_of(names.local), "local")

    @classmethod
    def of_derived(cls, names: Names, rules: Iterable[str]) -> Entry:
        """Return the entry of the graph of derived facts; its digest is that of the rules they follow from."""
        return cls(text_of(names.derived), "derived", digest=_digest("\n".join(rules).encode()))

    def merged_quad(self, names: Names) -> Quad:
        """Return the catalogue's statement that the graph is merged."""
        true = literal("true", datatype=XSD.boolean)
        return Quad(iri(self.graph), iri(MA.merged), true, names.catalogue)


def entries(engine: Engine, names: Names) -> list[Entry]:
    """Return what the catalogue of an instance lists."""
    rows = engine.select(query("graph-catalogue").bound({"catalogue": names.catalogue}))
    return [_entry(row) for row in rows]


def entry_quads(entry: Entry, names: Names) -> Iterator[Quad]:
    """Yield the catalogue's statements about one graph, and what names its document."""
    graph = iri(entry.graph)

    def said(predicate: str, value: Term) -> Quad:
        return Quad(graph, iri(predicate), value, names.catalogue)

    yield said(RDF.type, iri(MA.Graph))
    yield said(MA.graphKind, iri(f"{PACKAGED}vocab/graph-kind/{entry.kind}"))
    yield said(MA.visibility, iri(f"{PACKAGED}vocab/visibility/public"))
    if entry.merged:
        yield entry.merged_quad(names)
    if entry.document:
        yield said(MA.ofDocument, iri(entry.document))
    if entry.illustrative:
        yield said(MA.illustrative, literal("true", datatype=XSD.boolean))
    if entry.digest:
        yield said(DCTERMS.identifier, literal(f"sha256:{entry.digest}"))
    if entry.title:
        yield said(DCTERMS.title, literal(entry.title))
        document = iri(entry.document)
        yield Quad(document, iri(RDF.type), iri(MA.SourceDocument), names.catalogue)
        yield Quad(document, iri(DCTERMS.title), literal(entry.title), names.catalogue)
    if entry.received:
        yield said(DCTERMS.created, literal(entry.received, datatype=XSD.date))
    if dated := dated_quad(entry, names):
        yield dated


def dated_quad(entry: Entry, names: Names) -> Quad | None:
    """Return the catalogue's statement of the date that the document of a graph bears."""
    if not entry.dated:
        return None
    date = literal(entry.dated, datatype=_DATES[len(entry.dated)])
    return Quad(iri(entry.document), iri(DCTERMS.issued), date, names.catalogue)


def _entry(row: dict[str, Term]) -> Entry:
    return Entry(
        graph=text_of(row["graph"]),
        kind=text_of(row["kind"]).rpartition("/")[2],
        merged="merged" in row,
        document=text_of(row["document"]) if "document" in row else "",
        digest=text_of(row["digest"]).removeprefix("sha256:") if "digest" in row else "",
        title=text_of(row["title"]) if "title" in row else "",
        illustrative="illustrative" in row,
        dated=text_of(row["dated"]) if "dated" in row else "",
    )


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _slug(name: str) -> str:
    """Return the name of a document as it stands in IRIs; names without usable characters get their digest."""
    stem = PurePath(name).name.partition(".")[0].lower()
    return re.sub(r"[^a-z0-9]+", "-", stem).strip("-") or _digest(name.encode())[:12]
