"""A quad store on rdflib: slow and independent, the reference that other stores are compared with."""

from __future__ import annotations

import io
import secrets
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import BinaryIO

import rdflib
from rdflib.graph import DATASET_DEFAULT_GRAPH_ID
from rdflib.query import Result
from rdflib.term import IdentifiedNode, Node

from graph import media
from graph.quads import DEFAULT_GRAPH, XSD, Quad, Term, iri, is_iri, literal, literal_parts, read_nquads
from graph.store import WHOLE, Dataset, Noted, QueryFault, SyntaxFault, UnsupportedMediaType

_RDF = {
    media.TURTLE: "turtle",
    media.NTRIPLES: "nt",
    media.NQUADS: "nquads",
    media.TRIG: "trig",
    media.RDFXML: "xml",
    media.JSONLD: "json-ld",
}
_ROWS = {media.RESULTS_JSON: "json", media.RESULTS_XML: "xml", media.CSV: "csv"}


class RdflibStore:
    """A ``graph.store.Store`` in memory, made for small graphs."""

    def __init__(self) -> None:
        self._data = rdflib.Dataset(default_union=False)

    def select(self, query: str, dataset: Dataset = WHOLE) -> Iterator[dict[str, Term]]:
        """Yield the solutions of a SELECT query; unbound variables are absent."""
        result = self._result(query, dataset)
        if result.type != "SELECT":
            raise QueryFault("this is not a SELECT query")
        for row in result.bindings:
            yield {str(name): term_of(value) for name, value in row.items()}

    def ask(self, query: str, dataset: Dataset = WHOLE) -> bool:
        """Return the answer of an ASK query."""
        result = self._result(query, dataset)
        if result.type != "ASK":
            raise QueryFault("this is not an ASK query")
        return bool(result.askAnswer)

    def construct(self, query: str, dataset: Dataset = WHOLE) -> set[Quad]:
        """Return the triples of a CONSTRUCT or DESCRIBE query, as quads of the default graph."""
        result = self._result(query, dataset)
        if result.graph is None:
            raise QueryFault("this is not a CONSTRUCT query")
        return {Quad(term_of(s), term_of(p), term_of(o)) for s, p, o in result.graph}

    def missing(self, query: str) -> Iterator[Quad]:
        """Yield the triples of a CONSTRUCT query that the default graph does not hold."""
        return (triple for triple in self.construct(query) if triple not in self)

    def answer(
        self,
        query: str,
        media_types: Sequence[str],
        opened: Callable[[str], BinaryIO],
        dataset: Dataset = WHOLE,
    ) -> None:
        """Write the answer of any query in the first of the media types that fits its form."""
        result = self._result(query, dataset)
        fitting = _fitting_types(result)
        media_type = next((kind for kind in media_types if kind in fitting), None)
        if media_type is None:
            raise UnsupportedMediaType(", ".join(fitting))
        opened(media_type).write(_written(result, media_type))

    def read(
        self, data: bytes, media_type: str, *, graph: str = "", base: str = "", noted: Noted | None = None
    ) -> list[Quad]:
        """Return the quads of a document; literals are held as they are written."""
        if media_type not in _RDF:
            raise UnsupportedMediaType(media_type)
        scratch = rdflib.Dataset()
        try:
            scratch.parse(io.BytesIO(data), format=_RDF[media_type], publicID=base or "urn:x-base:")
        except Exception as fault:
            raise SyntaxFault(str(fault)) from fault
        mark = secrets.token_hex(6)
        target = iri(graph) if graph else DEFAULT_GRAPH
        return [
            quad._replace(
                subject=_marked(quad.subject, mark),
                object=_marked(quad.object, mark),
                graph=quad.graph or target,
            )
            for quad in _quads(scratch)
        ]

    def match(
        self,
        subject: Term | None = None,
        predicate: Term | None = None,
        object: Term | None = None,  # noqa: A002 - the RDF word
        graph: Term | None = None,
    ) -> Iterator[Quad]:
        """Yield the quads that fit a pattern; ``graph=None`` is any graph, ``graph=""`` the default one."""
        s_, p_, o_ = (None if term is None else node_of(term) for term in (subject, predicate, object))
        for name in [graph] if graph is not None else [DEFAULT_GRAPH, *self.graphs()]:
            for s, p, o in self._graph(name).triples((s_, p_, o_)):
                yield Quad(term_of(s), term_of(p), term_of(o), name)

    def graphs(self) -> Iterator[Term]:
        """Yield the names of all named graphs that hold quads."""
        for graph in self._data.graphs():
            if graph.identifier != DATASET_DEFAULT_GRAPH_ID and len(graph):
                yield term_of(graph.identifier)

    def add(self, quads: Iterable[Quad]) -> None:
        """Add quads; those already held are ignored."""
        for quad in list(quads):
            self._graph(quad.graph).add(_triple(quad))

    def add_nquads(self, data: bytes) -> None:
        """Add quads that this program wrote as N-Quads."""
        self.add(read_nquads(data))

    def remove(self, quads: Iterable[Quad]) -> None:
        """Remove quads; those not held are ignored."""
        for quad in list(quads):
            self._graph(quad.graph).remove(_triple(quad))

    def copy_to_default(self, graph: Term) -> None:
        """Add the triples of one named graph to the default graph."""
        self.add([quad._replace(graph=DEFAULT_GRAPH) for quad in self.match(graph=graph)])

    def __contains__(self, quad: Quad) -> bool:
        """Tell whether a quad is held."""
        return _triple(quad) in self._graph(quad.graph)

    def __len__(self) -> int:
        """Return the number of quads, default graph included."""
        return sum(1 for _ in self.match())

    def _graph(self, name: Term) -> rdflib.Graph:
        return self._data.graph(_name(name)) if name else self._data.default_graph

    def _result(self, query: str, dataset: Dataset) -> Result:
        try:
            return self._seen(dataset).query(query)
        except Exception as fault:
            raise SyntaxFault(str(fault)) from fault

    def _seen(self, dataset: Dataset) -> rdflib.Dataset:
        """Return a dataset with the graphs that a query sees."""
        if dataset == WHOLE:
            return self._data
        seen = rdflib.Dataset(default_union=False)
        default = [DEFAULT_GRAPH] if dataset.default is None else [iri(name) for name in dataset.default]
        for name in default:
            for triple in self._graph(name):
                seen.default_graph.add(triple)
        named = list(self.graphs()) if dataset.named is None else [iri(name) for name in dataset.named]
        for name in named:
            for triple in self._graph(name):
                seen.graph(_name(name)).add(triple)
        return seen


def _fitting_types(result: Result) -> Sequence[str]:
    if result.graph is not None:
        return media.RDF_TYPES
    return media.BOOLEAN_TYPES if result.type == "ASK" else media.ROW_TYPES


def _written(result: Result, media_type: str) -> bytes:
    if media_type == media.TSV:  # rdflib reads it but does not write it
        names = result.vars or []
        rows = [
            "\t".join(term_of(row[name]) if name in row else "" for name in names) for row in result.bindings
        ]
        return "".join(f"{line}\n" for line in ["\t".join(f"?{name}" for name in names), *rows]).encode()
    return result.serialize(format=(_RDF if result.graph is not None else _ROWS)[media_type]) or b""


def _quads(data: rdflib.Dataset) -> Iterator[Quad]:
    for s, p, o, name in data.quads():
        graph = DEFAULT_GRAPH if name in (None, DATASET_DEFAULT_GRAPH_ID) else term_of(name)
        yield Quad(term_of(s), term_of(p), term_of(o), graph)


def _triple(quad: Quad) -> tuple[Node, Node, Node]:
    return node_of(quad.subject), node_of(quad.predicate), node_of(quad.object)


def term_of(node: object) -> Term:
    """Return the term of a node of rdflib."""
    if isinstance(node, rdflib.URIRef):
        return f"<{node}>"
    if isinstance(node, rdflib.Literal):
        return literal(str(node), language=node.language or "", datatype=str(node.datatype or ""))
    return f"_:{node}"


def _name(term: Term) -> IdentifiedNode:
    return rdflib.URIRef(term[1:-1]) if is_iri(term) else rdflib.BNode(term[2:])


def node_of(term: Term) -> Node:
    """Return a term as a node of rdflib; raises ValueError for what is no term of RDF 1.1."""
    if not term.startswith('"'):
        return _name(term)
    text, language, datatype = literal_parts(term)
    kind = rdflib.URIRef(datatype) if datatype not in ("", XSD + "string") else None
    return rdflib.Literal(text, lang=language or None, datatype=kind)


def _marked(term: Term, mark: str) -> Term:
    return f"_:{mark}{term[2:]}" if term.startswith("_:") else term
