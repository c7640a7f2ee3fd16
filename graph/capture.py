"""Which quads a SPARQL 1.1 Update adds and removes: worked out operation by operation, for the journal.

Engines do not tell what an update changed. So the request is cut into operations here; each WHERE is run as a
SELECT of the variables that the templates need; the templates, with placeholder IRIs for variables, are read as
TriG; and the quads are put together from both. Operations that name whole graphs are looked up.

>>> from graph.oxigraph import OxigraphStore
>>> store = OxigraphStore()
>>> delta = captured("INSERT DATA { <urn:a> <urn:b> 1 } ; DELETE { ?s ?p 1 } INSERT { ?s ?p 2 } WHERE { ?s ?p 1 }",
...     store, applying_to(store))
>>> [str(quad) for quad in delta.added], delta.removed
(['<urn:a> <urn:b> "2"^^<http://www.w3.org/2001/XMLSchema#integer> .'], frozenset())

A graph exists here when it holds quads, because the journal knows nothing else. Therefore CREATE keeps nothing;
CLEAR and DROP of a graph that was emptied fail without SILENT, as for one that never was. COPY, MOVE and ADD from
a graph that does not exist fail without SILENT, too, which the specification allows: COPY from a mistyped name
would empty its target. RDF 1.2 is accepted only where the caller says so, be it written or computed.
"""

from __future__ import annotations

import secrets
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from graph import media
from graph.composition import Composition
from graph.guard import RemoteAccess, precheck
from graph.quads import (
    DEFAULT_GRAPH,
    Delta,
    Quad,
    Term,
    iri,
    iri_value,
    is_iri,
    is_rdf12,
    is_triple,
    terms_in,
    triple_parts,
    triple_term,
)
from graph.reach import NOWHERE, DocumentWanted, Reach
from graph.sparql_update import (
    NO_RDF12,
    UNBOUND,
    Clear,
    Copy,
    Create,
    DeleteData,
    Excerpt,
    InsertData,
    Load,
    Modify,
    Move,
    Operation,
    Template,
    Transfer,
    operations,
)
from graph.store import WHOLE, Dataset, Noted, QueryFault, Store, SyntaxFault


class GraphMissing(QueryFault):
    """CLEAR, DROP, COPY, MOVE or ADD of a graph that holds nothing, without SILENT."""

    def __init__(self, graph: Term) -> None:
        super().__init__(f"the graph {graph} does not exist")
        self.graph = graph


class GraphExists(QueryFault):
    """CREATE of a graph that holds something, without SILENT."""

    def __init__(self, graph: Term) -> None:
        super().__init__(f"the graph {graph} exists already")
        self.graph = graph


@dataclass(frozen=True)
class Effect:
    """The quads that an operation names for removal and for addition, held or not; removal comes first."""

    removed: frozenset[Quad] = frozenset()
    added: frozenset[Quad] = frozenset()


Policy = Callable[[Operation, Effect], Effect]
"""What may be done to the effect of an operation before it counts: send it elsewhere, refuse it by raising."""


def captured(
    text: str,
    store: Store,
    apply: Callable[[Delta], None],
    *,
    base: str = "",
    using_graphs: Sequence[str] = (),
    using_named_graphs: Sequence[str] = (),
    reach: Reach = NOWHERE,
    noted: Noted | None = None,
    policy: Policy = lambda operation, effect: effect,
    rdf12: bool = False,
) -> Delta:
    """Run an update request and return what it changed, all in all.

    ``apply`` is called with the net change of each operation, so that the next one sees it in ``store``; when a
    later operation fails it is called with what takes all of it back. ``using_graphs`` and
    ``using_named_graphs`` are the IRIs of the protocol's parameters using-graph-uri and using-named-graph-uri.
    ``rdf12`` allows triple terms and literals with a direction; ``reach`` says what other servers may give.
    ``noted`` is told of literals that are kept otherwise than they are written.

    Raises:
        SyntaxFault: the request is malformed, or gives WITH or USING beside those parameters.
        NotAccepted: it reaches for other servers, or a condition is nested too deep.
        GraphMissing, GraphExists, QueryFault: an operation cannot be carried out.
    """
    whole = Delta()
    try:
        for operation in _with_dataset(operations(text, rdf12=rdf12), using_graphs, using_named_graphs):
            named = effect(operation, store, base=base, reach=reach, noted=noted, rdf12=rdf12)
            delta = netted(policy(operation, named), store)
            if delta:
                whole = whole.then(delta)
                apply(delta)
    except Exception:
        if whole:
            apply(whole.inverse())
        raise
    return whole


def applying_to(store: Store) -> Callable[[Delta], None]:
    """Return the plain way to apply a change: on the store itself."""

    def apply(delta: Delta) -> None:
        store.remove(delta.removed)
        store.add(delta.added)

    return apply


def netted(named: Effect, store: Store) -> Delta:
    """Return what an effect would really change: removal of what is held, addition of what is not."""
    return Delta(
        added=named.added - _held(named.added, store),
        removed=_held(named.removed - named.added, store),
    )


_MANY = 500
"""From this number on, reading what a store holds is tried before asking it for each quad."""


def _held(quads: frozenset[Quad], store: Store) -> frozenset[Quad]:
    """Return those quads that a store holds."""
    if len(quads) < _MANY:
        return frozenset(quad for quad in quads if quad in store)
    alike: dict[tuple[Term, Term], set[Quad]] = {}
    for quad in quads:
        alike.setdefault((quad.predicate, quad.graph), set()).add(quad)
    return frozenset().union(*(_held_of(group, store) for group in alike.values()))


def _held_of(alike: set[Quad], store: Store) -> set[Quad]:
    """Return those quads that a store holds; all have the same predicate and graph.

    Reading a quad costs a third of asking for one, so reading pays unless the store holds many times more.
    """
    like = next(iter(alike))
    limit = 3 * len(alike)
    candidates = set(islice(store.match(predicate=like.predicate, graph=like.graph), limit))
    if len(candidates) < limit:
        return alike & candidates
    return {quad for quad in alike if quad in store}


def effect(
    operation: Operation,
    store: Store,
    *,
    base: str = "",
    reach: Reach = NOWHERE,
    noted: Noted | None = None,
    rdf12: bool = False,
) -> Effect:
    """Return the quads that an operation names, as the store stands; nothing is changed.

    ``base`` is the IRI that relative ones are resolved against; ``reach``, ``noted`` and
    ``rdf12`` see ``captured``.

    Raises:
        see ``captured``.
    """
    desk = _Desk(operation, store, base, reach, noted, rdf12)
    match operation:
        case InsertData(data=data):
            return Effect(added=frozenset(desk.pattern(data, is_new=True).filled({})))
        case DeleteData(data=data):
            return Effect(removed=frozenset(desk.pattern(data).filled({})))
        case Modify():
            return _modified(operation, desk)
        case Clear():
            return Effect(removed=frozenset(desk.cleared(operation.target, operation.silent)))
        case Create():
            desk.require_absent(operation.graph, operation.silent)
            return Effect()
        case Transfer():
            return _transferred(operation, desk)
        case Load():
            return Effect(added=frozenset(desk.loaded(operation)))
    raise TypeError(f"not an operation: {operation!r}")


def _with_dataset(
    requested: list[Operation], using: Sequence[str], using_named: Sequence[str]
) -> Iterator[Operation]:
    """Yield operations with the dataset that the protocol's parameters give to their conditions."""
    if not using and not using_named:
        yield from requested
        return
    default, named = tuple(map(_written_out, using)), tuple(map(_written_out, using_named))
    for operation in requested:
        if isinstance(operation, Modify):
            own = next(filter(None, (operation.with_graph, *operation.using, *operation.using_named)), None)
            if own:
                raise SyntaxFault("WITH and USING cannot be combined with using-graph-uri", *own.place)
            operation = replace(operation, using=default, using_named=named)
        yield operation


def _written_out(graph: str) -> Excerpt:
    term = iri(graph)
    return Excerpt(term, 0, len(term))


def _modified(operation: Modify, desk: _Desk) -> Effect:
    dataset = desk.dataset(operation)
    deletes, inserts = desk.pattern(operation.deletes), desk.pattern(operation.inserts, is_new=True)
    removed: set[Quad] = set()
    added: set[Quad] = set()
    names = deletes.names | inserts.names
    for solution in desk.solutions(operation.where, dataset, names, distinct=not inserts.blanks):
        removed.update(deletes.filled(solution))
        added.update(inserts.filled(solution))
    return Effect(frozenset(removed), frozenset(added))


def _transferred(operation: Transfer, desk: _Desk) -> Effect:
    source, target = desk.graphs((operation.source, operation.target))
    if source == target:
        return Effect()
    desk.require_present(source, operation.silent)
    given = frozenset(desk.store.match(graph=source))
    lost = set(desk.store.match(graph=target)) if isinstance(operation, Copy | Move) else set()
    if isinstance(operation, Move):
        lost |= given
    return Effect(frozenset(lost), frozenset(quad._replace(graph=target) for quad in given))


class _Desk:
    """An operation with all that is needed to work it out."""

    def __init__(
        self, operation: Operation, store: Store, base: str, reach: Reach, noted: Noted | None, rdf12: bool
    ) -> None:
        self.store, self._rdf12, self._noted = store, rdf12, noted
        self._operation, self._base, self._reach = operation, base, reach

    def pattern(self, template: Template | None, *, is_new: bool = False) -> _Pattern:
        """Return the quads of a template, read by the store; ``is_new``: they are to be added."""
        if template is None:
            return _Pattern([], {})
        document = self._composition()
        document.add(template.opening, template.excerpt.start)
        document.copy(template.excerpt, template.edits)
        document.add("}", template.excerpt.stop)
        noted = self._noted and self._naming(template.variables, self._noted)
        return _Pattern(self._read(document, noted if is_new else None), template.variables)

    def graphs(self, names: Sequence[Excerpt]) -> list[Term]:
        """Return the graphs of names that may be prefixed or relative."""
        document = self._composition()
        for number, name in enumerate(names):
            if str(name).upper() != "DEFAULT":
                document.add(f"<urn:x-name:{number}> <urn:x-name:is> ", name.start)
                document.copy(name)
                document.add(" .\n", name.start)
        terms = {quad.subject: quad.object for quad in self._read(document)}
        return [terms.get(f"<urn:x-name:{number}>", DEFAULT_GRAPH) for number in range(len(names))]

    def dataset(self, operation: Modify) -> Dataset:
        """Return what a condition sees: USING comes before WITH, and hides all that it does not name."""
        default, named = self.graphs(operation.using), self.graphs(operation.using_named)
        if default or named:
            return Dataset(tuple(map(iri_value, default)), tuple(map(iri_value, named)))
        if operation.with_graph:
            (graph,) = self.graphs((operation.with_graph,))
            return Dataset(default=(iri_value(graph),))
        return WHOLE

    def solutions(
        self, where: Excerpt, dataset: Dataset, names: Iterable[str], *, distinct: bool
    ) -> Iterator[Mapping[str, Term]]:
        """Yield what a condition binds these variables to, each solution as often as needed."""
        wanted = " ".join(f"?{name}" for name in sorted(names)) or f"?none{secrets.token_hex(8)}"
        query = self._composition()
        query.add(f"SELECT {'DISTINCT ' if distinct else ''}{wanted} WHERE ", where.start)
        query.copy(where)
        with query.blamed():
            precheck(
                query.text,
                max_bytes=sys.maxsize,
                max_tokens=sys.maxsize,
                allow_service=self._reach.services,
            )
            for solution in self.store.select(query.text, dataset):
                if not self._rdf12 and any(map(is_rdf12, solution.values())):
                    raise SyntaxFault(NO_RDF12, *where.place)
                yield solution

    def cleared(self, target: Excerpt, silent: bool) -> Iterable[Quad]:
        """Return the quads of DEFAULT, NAMED, ALL or a graph."""
        match str(target).upper():
            case "ALL":
                return self.store.match()
            case "NAMED":
                return (quad for quad in self.store.match() if quad.graph)
        (graph,) = self.graphs((target,))
        self.require_present(graph, silent)
        return self.store.match(graph=graph)

    def loaded(self, load: Load) -> list[Quad]:
        """Return the quads of a document that LOAD names."""
        place = load.keyword.place
        if not self._reach.is_open:
            if load.silent:  # what is out of reach fails, and a failure was asked to be passed over
                return []
            raise RemoteAccess("LOAD", place)
        source, *target = self.graphs([load.source, load.target] if load.target else [load.source])
        address = iri_value(source)
        if address not in self._reach.documents:
            raise DocumentWanted(address, *place, silent=load.silent)
        document = self._reach.documents[address]
        if document is None:
            return []
        graph = iri_value(target[0]) if target else ""
        try:
            return self.store.read(
                document.data, document.media_type, graph=graph, base=address, noted=self._noted
            )
        except SyntaxFault as fault:
            if load.silent:
                return []
            raise SyntaxFault(f"{address}, line {fault.line}: {fault.message}", *place) from fault

    def require_present(self, graph: Term, silent: bool) -> None:
        """Refuse a graph that holds nothing; the default graph always exists."""
        if graph and not silent and not self._holds(graph):
            raise GraphMissing(graph)

    def require_absent(self, name: Excerpt, silent: bool) -> None:
        """Refuse a graph that holds something."""
        (graph,) = self.graphs((name,))
        if not silent and self._holds(graph):
            raise GraphExists(graph)

    def _holds(self, graph: Term) -> bool:
        return next(iter(self.store.match(graph=graph)), None) is not None

    def _composition(self) -> Composition:
        """Begin a text with the declarations in force."""
        start = Composition(self._operation.keyword)
        if self._base:
            start.add(f"BASE {iri(self._base)}\n", 0)
        for declaration in self._operation.prologue:
            start.copy(declaration)
            start.add("\n", declaration.stop)
        return start

    def _naming(self, variables: Mapping[Term, str], noted: Noted) -> Noted:
        """Return what tells of quads of a template, with variables as they are written."""
        return lambda written, kept: noted(
            Quad(*(f"?{variables[term]}" if term in variables else term for term in written)), kept
        )

    def _read(self, document: Composition, noted: Noted | None = None) -> list[Quad]:
        with document.blamed():
            return self.store.read(document.text.encode(), media.TRIG, noted=noted)


class _Pattern:
    """Quads with placeholders, and what to put there."""

    def __init__(self, quads: list[Quad], variables: Mapping[Term, str]) -> None:
        self._quads, self._variables = quads, variables
        self.names = frozenset(variables.values()) - {UNBOUND}
        self.blanks = frozenset(
            part for quad in quads for term in quad for part in terms_in(term) if part.startswith("_:")
        )

    def filled(self, solution: Mapping[str, Term]) -> Iterator[Quad]:
        """Yield the quads for one solution, with blank nodes of its own; those that cannot be are left out."""
        terms: dict[Term, Term | None] = {
            placeholder: solution.get(name) for placeholder, name in self._variables.items()
        }
        for blank in self.blanks:
            terms[blank] = f"_:n{secrets.token_hex(16)}"
        for quad in self._quads:
            subject, predicate, object_, graph = (_filled(term, terms) for term in quad)
            if subject and predicate and object_ and graph is not None:
                made = Quad(subject, predicate, object_, graph)
                if _can_be(made):
                    yield made


def _filled(term: Term, terms: Mapping[Term, Term | None]) -> Term | None:
    """Return a term of a template with terms put in; ``None``: nothing is to be put in, or RDF has no such term."""
    if not is_triple(term):
        return terms.get(term, term)
    subject, predicate, object_ = (_filled(part, terms) for part in triple_parts(term))
    if not (subject and predicate and object_ and _can_be(Quad(subject, predicate, object_))):
        return None
    return triple_term(subject, predicate, object_)


def _can_be(quad: Quad) -> bool:
    """Tell whether RDF has such a quad: subjects and graphs are IRIs or blank nodes, predicates are IRIs."""
    named = all(is_iri(term) or term.startswith("_:") for term in (quad.subject, quad.graph) if term)
    return named and is_iri(quad.predicate)
