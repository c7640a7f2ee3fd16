"""A quad store on pyoxigraph. The only module that knows that library.

Never call it with a stranger's query or file in the server process: the engine has no time limit and a nested
query can end the process. ``graph.worker`` runs it where it may die.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import BinaryIO

import pyoxigraph as ox

from graph import media
from graph.document_guard import check_document
from graph.quads import (
    DEFAULT_GRAPH,
    XSD,
    Quad,
    Term,
    iri_value,
    is_triple,
    literal_parts,
    nquads,
    triple_parts,
    with_terms,
)
from graph.store import WHOLE, Dataset, NotAQuery, Noted, QueryFault, SyntaxFault, UnsupportedMediaType

_RDF = {
    media.TURTLE: ox.RdfFormat.TURTLE,
    media.NTRIPLES: ox.RdfFormat.N_TRIPLES,
    media.NQUADS: ox.RdfFormat.N_QUADS,
    media.TRIG: ox.RdfFormat.TRIG,
    media.RDFXML: ox.RdfFormat.RDF_XML,
    media.JSONLD: ox.RdfFormat.JSON_LD,
}
_ROWS = {
    media.RESULTS_JSON: ox.QueryResultsFormat.JSON,
    media.RESULTS_XML: ox.QueryResultsFormat.XML,
    media.CSV: ox.QueryResultsFormat.CSV,
    media.TSV: ox.QueryResultsFormat.TSV,
}
_DOCUMENT_PLACE = re.compile(r"^Parser error [^:]*: | \(line \d+\)$")
_PLACE = re.compile(r"error at (\d+):(\d+): ")
_OPERATION = re.compile("insert|delete|load|clear|drop|create|copy|move|add", re.IGNORECASE)
_Answer = ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples
_Graph = ox.NamedNode | ox.BlankNode | ox.DefaultGraph
_Term = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple
_DIRECTIONS = {"ltr": ox.BaseDirection.LTR, "rtl": ox.BaseDirection.RTL}


_CANNOT = (RuntimeError, ValueError, OSError)
"""What the engine raises for a query that it cannot evaluate; the last when another server gave no answer."""


class OxigraphStore:
    """A ``graph.store.Store`` in memory, or in a directory."""

    def __init__(self, directory: Path | None = None, *, read_only: bool = False) -> None:
        if directory is None:
            self._store = ox.Store()
        elif read_only:
            self._store = ox.Store.read_only(str(directory))
        else:
            self._store = ox.Store(str(directory))

    def select(self, query: str, dataset: Dataset = WHOLE) -> Iterator[dict[str, Term]]:
        """Yield the solutions of a SELECT query; unbound variables are absent."""
        rows = self._answer(query, dataset)
        if not isinstance(rows, ox.QuerySolutions):
            raise QueryFault("this is not a SELECT query")
        names = [(variable, variable.value) for variable in rows.variables]
        try:
            for row in rows:
                yield {name: _text(term) for variable, name in names if (term := row[variable]) is not None}
        except _CANNOT as fault:
            raise QueryFault(str(fault)) from fault

    def ask(self, query: str, dataset: Dataset = WHOLE) -> bool:
        """Return the answer of an ASK query."""
        answer = self._answer(query, dataset)
        if not isinstance(answer, ox.QueryBoolean):
            raise QueryFault("this is not an ASK query")
        return bool(answer)

    def construct(self, query: str, dataset: Dataset = WHOLE) -> set[Quad]:
        """Return the triples of a CONSTRUCT or DESCRIBE query, as quads of the default graph."""
        answer = self._answer(query, dataset)
        if not isinstance(answer, ox.QueryTriples):
            raise QueryFault("this is not a CONSTRUCT query")
        try:
            return {Quad(str(t.subject), str(t.predicate), _text(t.object)) for t in answer}
        except _CANNOT as fault:
            raise QueryFault(str(fault)) from fault

    def missing(self, query: str) -> Iterator[Quad]:
        """Yield the triples of a CONSTRUCT query that the default graph does not hold; some may come twice."""
        answer = self._answer(query, WHOLE)
        if not isinstance(answer, ox.QueryTriples):
            raise QueryFault("this is not a CONSTRUCT query")
        for one in answer:
            if ox.Quad(one.subject, one.predicate, one.object) not in self._store:
                yield Quad(str(one.subject), str(one.predicate), _text(one.object))

    def answer(
        self,
        query: str,
        media_types: Sequence[str],
        opened: Callable[[str], BinaryIO],
        dataset: Dataset = WHOLE,
    ) -> None:
        """Write the answer of any query in the first of the media types that fits its form."""
        answer = self._answer(query, dataset)
        fitting = _fitting_types(answer)
        media_type = next((t for t in media_types if t in fitting), None)
        if media_type is None:
            raise UnsupportedMediaType(", ".join(fitting))
        sink = opened(media_type)
        try:
            if isinstance(answer, ox.QueryTriples):
                answer.serialize(sink, format=_RDF[media_type])
            else:
                answer.serialize(sink, format=_ROWS[media_type])
        except _CANNOT as fault:
            raise QueryFault(str(fault)) from fault

    def read(
        self, data: bytes, media_type: str, *, graph: str = "", base: str = "", noted: Noted | None = None
    ) -> list[Quad]:
        """Return the quads of a document, with terms as this store would hold them."""
        if media_type not in _RDF:
            raise UnsupportedMediaType(media_type)
        check_document(data, media_type)
        scratch = ox.Store()  # adding to a store is what normalises numbers, booleans and language tags
        try:
            scratch.load(
                data,
                format=_RDF[media_type],
                base_iri=base or None,
                to_graph=ox.NamedNode(graph) if graph else None,
                lenient=False,
            )
        except SyntaxError as fault:
            message = re.sub(
                r"^Parser error at line \d+ (?:between )?columns? \d+(?: and \d+)?: ", "", str(fault)
            )
            raise SyntaxFault(
                re.sub(r" \(line \d+\)$", "", message), fault.lineno or 0, fault.offset or 0
            ) from fault
        except MemoryError as fault:
            if "buffer" not in str(fault):
                raise
            raise SyntaxFault(
                "a single term of more than 16 MB"
            ) from fault  # as much as the parser takes at once
        except (ValueError, OSError) as fault:
            raise SyntaxFault(str(fault)) from fault
        quads = _with_fresh_blank_nodes(_as_quad(quad) for quad in scratch)
        if noted and any(_BY_VALUE in quad.object for quad in quads):
            _note_rewritten(_parsed(data, media_type, base), noted, graph)
        return quads

    def match(
        self,
        subject: Term | None = None,
        predicate: Term | None = None,
        object: Term | None = None,  # noqa: A002 - the RDF word
        graph: Term | None = None,
    ) -> Iterator[Quad]:
        """Yield the quads that fit a pattern; ``graph=None`` is any graph, ``graph=""`` the default one."""
        found = self._store.quads_for_pattern(
            None if subject is None else _node(subject),
            None if predicate is None else ox.NamedNode(iri_value(predicate)),
            None if object is None else _term(object),
            None if graph is None else _graph(graph),
        )
        return (_as_quad(quad) for quad in found)

    def graphs(self) -> Iterator[Term]:
        """Yield the names of all named graphs."""
        return (str(name) for name in self._store.named_graphs())

    def add(self, quads: Iterable[Quad]) -> None:
        """Add quads; those already held are ignored."""
        # Through text: the engine's parser makes terms many times faster than Python calls do.
        self.add_nquads(nquads(quads))

    def remove(self, quads: Iterable[Quad]) -> None:
        """Remove quads; those not held are ignored."""
        graphs = set()
        # Through text, see ``add``.
        for quad in ox.parse(nquads(quads), format=ox.RdfFormat.N_QUADS, lenient=True):
            self._store.remove(quad)
            graphs.add(quad.graph_name)
        for graph in graphs:  # the engine would go on listing a graph that holds nothing
            if next(self._store.quads_for_pattern(None, None, None, graph), None) is None:
                self._store.remove_graph(graph)

    def add_nquads(self, data: bytes) -> None:
        """Add quads that this program wrote as N-Quads; the quick way for many."""
        if b"_:" in data:  # blank nodes keep their labels only when they come one by one
            self._store.extend(ox.parse(data, format=ox.RdfFormat.N_QUADS, lenient=True))
        else:
            self._store.load(data, format=ox.RdfFormat.N_QUADS, lenient=True)

    def take_over(self, data: bytes) -> None:
        """Add many quads that this program wrote as N-Quads to a store that nobody reads yet."""
        self._store.bulk_extend(ox.parse(data, format=ox.RdfFormat.N_QUADS, lenient=True))

    def copy_to_default(self, graph: Term) -> None:
        """Add the triples of one named graph to the default graph."""
        self._store.update(f"ADD SILENT {graph} TO DEFAULT")

    def lines(self) -> Iterator[bytes]:
        """Yield all quads as N-Quads lines without their line ends, written as ``graph.quads`` writes them."""
        written = self._store.dump(format=ox.RdfFormat.N_QUADS) or b""
        return (line for line in written.split(b"\n") if line)

    def snapshot(self, directory: Path) -> None:
        """Write a consistent copy of a store that lives in a directory."""
        self._store.backup(str(directory))

    def __contains__(self, quad: Quad) -> bool:
        """Tell whether a quad is held."""
        return _native(quad) in self._store

    def __len__(self) -> int:
        """Return the number of quads, default graph included."""
        return len(self._store)

    def _answer(self, query: str, dataset: Dataset) -> _Answer:
        try:
            return self._store.query(
                query,
                default_graph=None if dataset.default is None else [ox.NamedNode(g) for g in dataset.default],
                named_graphs=None if dataset.named is None else [ox.NamedNode(g) for g in dataset.named],
                base_iri=dataset.base or None,
            )
        except SyntaxError as fault:
            message = str(fault)
            place = _PLACE.search(message)
            line, column = (int(place[1]), int(place[2])) if place else (0, 0)
            if _is_update(query):
                raise NotAQuery("this is an update", line, column) from fault
            raise SyntaxFault(_shortened(_PLACE.sub("", message)), line, column) from fault
        except _CANNOT as fault:
            raise QueryFault(str(fault)) from fault


def _is_update(text: str) -> bool:
    """Tell whether the parser reads a text as an update that does something; it is carried out on nothing."""
    if not _OPERATION.search(text):
        return False
    try:
        ox.Store().update(text)
    except SyntaxError:
        return False
    except (RuntimeError, ValueError, OSError):
        return True
    return True


def _parsed(data: bytes, media_type: str, base: str) -> Iterator[ox.Quad]:
    """Yield the quads of a document that was found well-formed, with literals as they are written."""
    return ox.parse(data, format=_RDF[media_type], base_iri=base or None)


_BY_VALUE = f"^^<{XSD}"
"""Stands in every literal that the engine may keep by its value, and in others."""


def _note_rewritten(written: Iterable[ox.Quad], noted: Noted, graph: str) -> None:
    """Tell of the literals with a datatype that a store holds otherwise than they are written."""
    typed = [
        (quad, one)
        for quad in written
        if isinstance(one := quad.object, ox.Literal) and one.datatype.value.startswith(XSD)
    ]
    kept = _kept({one for _, one in typed})
    for quad, one in typed:
        if one in kept:
            found = _as_quad(quad)
            noted(found if found.graph or not graph else found._replace(graph=f"<{graph}>"), kept[one])


def _kept(literals: Iterable[ox.Literal]) -> dict[ox.Literal, Term]:
    """Return what a store keeps instead of those literals that it does not keep as they are."""
    numbered = dict(enumerate(literals))
    scratch = ox.Store()
    has = ox.NamedNode("urn:x-has")
    scratch.bulk_extend(ox.Quad(ox.NamedNode(f"urn:x:{n}"), has, one) for n, one in numbered.items())
    held = ((numbered[int(quad.subject.value[6:])], quad.object) for quad in scratch)
    return {one: _text(other) for one, other in held if _text(one) != _text(other)}


def written_quads(
    quads: Iterable[Quad], media_type: str, sink: BinaryIO, prefixes: Mapping[str, str]
) -> None:
    """Write quads to a binary file; formats for triples drop the graph names.

    Raises:
        UnsupportedMediaType: the format is unknown, or lacks what RDF 1.2 has and the quads use.
    """
    if media_type not in _RDF:
        raise UnsupportedMediaType(media_type)
    native = (_native(quad) for quad in quads)
    named = media_type in media.DATASET_TYPES
    try:
        ox.serialize(
            native if named else (quad.triple for quad in native),
            sink,
            format=_RDF[media_type],
            prefixes=dict(prefixes),
        )
    except OSError as fault:
        if "RDF 1.2" not in str(fault):
            raise
        others = [kind for kind in media.RDF_TYPES if kind != media_type]
        raise UnsupportedMediaType(", ".join(others)) from fault


def quads_as_written(data: bytes, media_type: str) -> list[Quad]:
    """Return the quads of a stranger's document with literals as they are written, which no store would hold so.

    Raises:
        SyntaxFault: the document is malformed.
        UnsupportedMediaType: the format is unknown.
    """
    OxigraphStore().read(data, media_type)  # tells what is wrong with it
    return _with_fresh_blank_nodes(_as_quad(quad) for quad in _parsed(data, media_type, ""))


def rewritten(
    source: BinaryIO, source_type: str, media_type: str, sink: BinaryIO, prefixes: Mapping[str, str]
) -> None:
    """Write a document of our own in another format, statement by statement; formats for triples drop graph names."""
    read = ox.parse(source, format=_RDF[source_type], lenient=True)
    named = media_type in media.DATASET_TYPES
    ox.serialize(
        read if named else (quad.triple for quad in read),
        sink,
        format=_RDF[media_type],
        prefixes=dict(prefixes),
    )


def _shortened(message: str) -> str:
    """Return a parser's message without its long list of all that could have stood there."""
    if not message.startswith("expected one of ") or len(message) < 100:
        return message
    words = re.findall(r'\b[A-Z]{2,}\b|"[^"]{1,3}"', message)
    return "expected one of " + ", ".join(words[:12]) + ", …"


def _fitting_types(answer: _Answer) -> Sequence[str]:
    if isinstance(answer, ox.QueryTriples):
        return media.RDF_TYPES
    return media.BOOLEAN_TYPES if isinstance(answer, ox.QueryBoolean) else media.ROW_TYPES


def _as_quad(quad: ox.Quad) -> Quad:
    name = quad.graph_name
    graph = DEFAULT_GRAPH if isinstance(name, ox.DefaultGraph) else str(name)
    return Quad(str(quad.subject), str(quad.predicate), _text(quad.object), graph)


def _text(term: _Term) -> Term:
    return f"<<( {term} )>>" if isinstance(term, ox.Triple) else str(term)


def _native(quad: Quad) -> ox.Quad:
    return ox.Quad(
        _node(quad.subject),
        ox.NamedNode(quad.predicate[1:-1]),
        _term(quad.object),
        _graph(quad.graph),
    )


def _graph(term: Term) -> _Graph:
    return ox.DefaultGraph() if term == DEFAULT_GRAPH else _node(term)


def _node(term: Term) -> ox.NamedNode | ox.BlankNode:
    return ox.BlankNode(term[2:]) if term.startswith("_:") else ox.NamedNode(iri_value(term))


def _term(term: Term) -> _Term:
    if is_triple(term):
        subject, predicate, object_ = triple_parts(term)
        return ox.Triple(_node(subject), ox.NamedNode(iri_value(predicate)), _term(object_))
    if not term.startswith('"'):
        return _node(term)
    text, language, datatype = literal_parts(term)
    if language:
        tag, _, direction = language.partition("--")
        return ox.Literal(text, language=tag, direction=_DIRECTIONS.get(direction))
    return ox.Literal(text, datatype=ox.NamedNode(datatype))


def _with_fresh_blank_nodes(quads: Iterable[Quad]) -> list[Quad]:
    """Return the quads with blank node labels that no other document has."""
    mark = f"n{secrets.token_hex(6)}"  # RDF/XML wants a letter first

    def fresh(term: Term) -> Term:
        return f"_:{mark}{term[2:]}" if term.startswith("_:") else term

    return [
        Quad(fresh(q.subject), q.predicate, with_terms(q.object, fresh), fresh(q.graph))
        if "_:" in (q.subject[:2], q.object[:2], q.graph[:2]) or is_triple(q.object)
        else q
        for q in quads
    ]
