"""Settling a proposal: what it would change, what follows from it, and what the checks say.

``settle`` works on a draft, a store that nobody else sees: the proposal is carried out there, derived facts are
worked out, each source graph touched is checked, and the effective quads are returned. Nothing is kept until the
journal holds them.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain

from graph.capture import Effect, GraphMissing, captured
from graph.catalogue import Entry, entry_quads
from graph.checks import brought_findings, new_graph_findings
from graph.findings import Check, Finding, Listing
from graph.focus import changed_nodes, reached_nodes
from graph.literals import REWRITTEN, rewriting_finding
from graph.merge import apply_delta, merged_graphs, switched_graphs
from graph.names import Names
from graph.packed import Packed
from graph.quads import DEFAULT_GRAPH, Delta, Quad, Term, iri, is_iri, is_rdf12
from graph.reach import NOWHERE, Reach
from graph.rules import MANY, Rule, derive_many, rederive
from graph.source_graphs import Scan, SourceGraph, brought, is_new_sources
from graph.sparql_update import NO_RDF12, Operation
from graph.store import Noted, Store, SyntaxFault
from ontology.demo import unflagged_nodes
from ontology.terms import MA


class Refused(Exception):
    """A proposal that would write where it may not; ``reason`` names why, ``graphs`` where."""

    def __init__(self, reason: str, graphs: tuple[str, ...] = ()) -> None:
        super().__init__(reason, graphs)
        self.reason, self.graphs = reason, graphs


@dataclass(frozen=True)
class Document:
    """An RDF document to load; triples outside any graph go to ``graph`` (an IRI, or empty: the local graph)."""

    data: bytes
    media_type: str
    graph: str = ""
    base: str = ""


@dataclass(frozen=True)
class GraphWrite:
    """What a graph (an IRI; empty: the default graph) is to state: documents, beside what it states or instead of it.

    Instead of it and without documents, the graph goes; it must be there then.
    """

    graph: str
    documents: tuple[Document, ...] = ()
    replaces: bool = False


@dataclass(frozen=True)
class UpdateRequest:
    """A SPARQL Update request, with the dataset that the protocol gave (IRIs), and its base."""

    text: str
    using: tuple[str, ...] = ()
    using_named: tuple[str, ...] = ()
    base: str = ""
    reach: Reach = NOWHERE


Part = Document | GraphWrite | UpdateRequest
"""What a proposal is made of."""


@dataclass(frozen=True)
class Proposal:
    """What somebody wants to change, not yet looked at: parts in order.

    ``own`` marks the program's own work (packaged data, catalogue), which may write to protected graphs.
    ``added`` and ``removed`` are quads of the program's own making that go along, such as catalogue entries.
    ``sources`` are graphs of which all that they state is given: what they state else goes.
    """

    parts: tuple[Part, ...] = ()
    added: frozenset[Quad] = frozenset()
    removed: frozenset[Quad] = frozenset()
    own: bool = False
    checked: bool = True
    flagged_only: bool = False
    """Refuse documents that describe anything without flagging it as illustrative."""
    sources: tuple[SourceGraph, ...] = ()
    afresh: bool = False
    """Derive everything anew: what the rules read of the ontology, or the rules themselves, have changed."""


@dataclass(frozen=True)
class Outcome:
    """What a proposal would do: its effective quads, and what the checks found that it brings."""

    delta: Delta | Packed
    findings: tuple[Finding, ...] = field(default=())
    more: Mapping[str, int] = field(default_factory=dict)
    """Name of a check to how many of its findings are not listed."""

    @property
    def violations(self) -> tuple[Finding, ...]:
        """The findings that refuse the change."""
        return tuple(finding for finding in self.findings if finding.severity == "violation")


@dataclass(frozen=True)
class Knowledge:
    """What settling needs to know beside the data: names, rules and checks. Empty for a plain dataset."""

    names: Names
    rules: tuple[Rule, ...] = ()
    checks: tuple[Check, ...] = ()


def settle(store: Store, proposal: Proposal, knowledge: Knowledge) -> Outcome:
    """Return what a proposal would do to a store, which is changed on the way and must be thrown away.

    Raises:
        SyntaxFault, UnsupportedMediaType: a part cannot be read.
        Refused: it would write where it may not.
    """
    names = knowledge.names
    if is_new_sources(store, proposal.sources) and not (proposal.parts or proposal.afresh):
        return _new_sources(store, proposal, knowledge)
    listing, rewritten = Listing(), list[Finding]()
    noted = _noting(listing, rewritten) if proposal.checked and names.base else None
    delta = _carried_out(store, proposal, names, noted)
    if knowledge.rules and delta:
        delta = delta.then(_consequences(store, delta, knowledge, afresh=proposal.afresh))
    if not (proposal.checked and knowledge.checks and delta):
        return Outcome(delta, tuple(rewritten), listing.more)
    graphs = checked_graphs(store, delta, names)
    found = brought_findings(store, delta, knowledge.checks, graphs, names.catalogue)
    return Outcome(delta, (*listing.of(found), *rewritten), listing.more)


def _noting(listing: Listing, rewritten: list[Finding]) -> Noted:
    """Return what makes findings of literals that are kept otherwise than they are written."""

    def noted(written: Quad, kept: Term) -> None:
        if listing.has_room(REWRITTEN, "warning"):
            rewritten.append(rewriting_finding(written, kept))

    return noted


def _new_sources(store: Store, proposal: Proposal, knowledge: Knowledge) -> Outcome:
    """Return the same for source graphs of which nothing is held yet, however large they are."""
    names, catalogue = knowledge.names, knowledge.names.catalogue
    own = _netted(store, proposal.removed, proposal.added)
    scans = [Scan.of(source) for source in proposal.sources]
    nodes = changed_nodes(own).union(
        *(scan.nodes for scan in scans), _switched_nodes(store, own, scans, names)
    )
    paths = [path for rule in knowledge.rules for path in rule.reach]
    # What was reached before the change may have lost a derived fact.
    affected = nodes | (reached_nodes(store, nodes, paths) if own.removed else set())
    packed = brought(store, own, scans, catalogue)
    affected |= reached_nodes(store, nodes, paths)
    derive = derive_many if len(affected) > MANY else rederive
    delta = packed.then(Packed.of(derive(store, knowledge.rules, affected, names.derived, catalogue)))
    if not (proposal.checked and knowledge.checks):
        return Outcome(delta)
    listing, merged = Listing(), merged_graphs(store, catalogue)
    found = (
        new_graph_findings(
            store, scan.graph, knowledge.checks, scan.subjects, scan.mentioned, catalogue, listing
        )
        for scan in scans
        if scan.graph in merged
    )
    return Outcome(delta, tuple(chain.from_iterable(found)), listing.more)


def _switched_nodes(store: Store, own: Delta, scans: Sequence[Scan], names: Names) -> set[Term]:
    """Return the nodes in graphs that come into the default graph or leave it, but for the new ones."""
    graphs = switched_graphs(own, names.catalogue) - {scan.graph for scan in scans}
    quads = (quad for graph in graphs for quad in store.match(graph=graph))
    return {term for quad in quads for term in (quad.subject, quad.object) if is_iri(term)}


def checked_graphs(store: Store, delta: Delta, names: Names) -> frozenset[Term]:
    """Return the merged graphs that a change touches, but those the program keeps for itself."""
    touched = {quad.graph for quad in (*delta.added, *delta.removed)} - {names.derived, names.catalogue}
    return merged_graphs(store, names.catalogue) & touched


def _carried_out(store: Store, proposal: Proposal, names: Names, noted: Noted | None) -> Delta:
    total = _netted(store, *_wanted(store, proposal))
    apply_delta(store, total, names.catalogue)
    for part in proposal.parts:
        total = total.then(_part_carried_out(store, part, proposal, names, noted))
    if names.base and any(isinstance(part, GraphWrite | UpdateRequest) for part in proposal.parts):
        listed = _catalogued(store, total, names)
        apply_delta(store, listed, names.catalogue)
        total = total.then(listed)
    return total


def _part_carried_out(
    store: Store, part: Part, proposal: Proposal, names: Names, noted: Noted | None
) -> Delta:
    """Carry out one part of a proposal, and return what it changed."""
    if isinstance(part, UpdateRequest):
        return captured(
            part.text,
            store,
            lambda step: apply_delta(store, step, names.catalogue),
            policy=_WritePolicy(store, names) if names.base else _unchanged,
            rdf12=not names.base,
            base=part.base,
            reach=part.reach,
            noted=noted,
            using_graphs=part.using,
            using_named_graphs=part.using_named,
        )
    if isinstance(part, GraphWrite):
        gone, quads = _written(store, part, names, noted)
    else:
        gone, quads = [], _document_quads(store, part, names, noted)
    if proposal.flagged_only:
        _check_flags(quads)
    delta = _netted(store, gone, quads)
    _check_target(delta, names, own=proposal.own)
    apply_delta(store, delta, names.catalogue)
    return delta


def _written(
    store: Store, write: GraphWrite, names: Names, noted: Noted | None
) -> tuple[list[Quad], list[Quad]]:
    """Return the quads that a graph is to lose and those that it is to have.

    Raises:
        GraphMissing: it is to go and is not there.
        Refused: it is the default graph where that is a merge.
    """
    graph = iri(write.graph) if write.graph else DEFAULT_GRAPH
    if write.replaces and not graph and names.base:
        raise Refused("merged-graph", tuple(sorted(g[1:-1] for g in merged_graphs(store, names.catalogue))))
    held = list(store.match(graph=graph)) if write.replaces else []
    if graph and write.replaces and not write.documents and not held:
        raise GraphMissing(graph)
    quads = [quad for document in write.documents for quad in _document_quads(store, document, names, noted)]
    if any(quad.graph != (graph or names.local) for quad in quads):
        raise SyntaxFault("the document names graphs of its own, where the content of one graph is wanted")
    return held, quads


def _catalogued(store: Store, delta: Delta, names: Names) -> Delta:
    """Return what the catalogue has to say of graphs that a change made, and no longer of those that it emptied."""
    own = {names.local, names.catalogue, names.derived}
    touched = {quad.graph for quad in (*delta.added, *delta.removed)} - own
    held = {graph for graph in touched if next(store.match(graph=graph), None) is not None}
    known = {quad.subject for quad in store.match(None, iri(MA.graphKind), None, names.catalogue)}
    made = (Entry(graph[1:-1], "source") for graph in held - known if is_iri(graph))
    said = (quad for graph in (touched - held) & known for quad in store.match(graph, graph=names.catalogue))
    return Delta(frozenset(chain.from_iterable(entry_quads(entry, names) for entry in made)), frozenset(said))


def _wanted(store: Store, proposal: Proposal) -> tuple[Collection[Quad], Collection[Quad]]:
    """Return the quads of the program's own making that are to go and to come."""
    held = {quad for source in proposal.sources for quad in store.match(graph=source.graph)}
    stated = {quad for source in proposal.sources for quad in source.quads}
    return proposal.removed | held, proposal.added | stated


def _netted(store: Store, removed: Collection[Quad], added: Collection[Quad]) -> Delta:
    """Return the part of a wanted change that has an effect; what is removed and added again stays."""
    kept = frozenset(added)
    gone = frozenset(quad for quad in removed if quad in store and quad not in kept)
    # A new source usually comes as a new graph: then nothing of it can be held, and need not be looked up.
    empty = {graph for graph in {quad.graph for quad in kept} if next(store.match(graph=graph), None) is None}
    return Delta(frozenset(quad for quad in kept if quad.graph in empty or quad not in store), gone)


def _document_quads(store: Store, document: Document, names: Names, noted: Noted | None) -> list[Quad]:
    graph = document.graph or (names.local[1:-1] if names.base else "")
    quads = store.read(document.data, document.media_type, graph=graph, base=document.base, noted=noted)
    if not names.base:
        return quads
    if any(is_rdf12(quad.object) for quad in quads):
        raise SyntaxFault(NO_RDF12)
    return [_skolemised(quad, names) for quad in quads]


def _skolemised(quad: Quad, names: Names) -> Quad:
    """Return the quad with IRIs in place of blank nodes, so that every node can be named from outside."""
    if "_:" not in (quad.subject[:2], quad.object[:2], quad.graph[:2]):
        return quad
    return Quad(
        *(names.skolem(term[2:]) if term.startswith("_:") else term for term in quad),
    )


def _check_target(delta: Delta, names: Names, *, own: bool) -> None:
    if own:
        return
    protected = {quad.graph for quad in (*delta.added, *delta.removed) if names.is_protected(quad.graph)}
    if protected:
        raise Refused("protected-graph", tuple(sorted(graph[1:-1] for graph in protected)))


def _check_flags(quads: list[Quad]) -> None:
    """Raise Refused when real things would come among invented ones."""
    unflagged = unflagged_nodes(quads)
    if unflagged:
        raise Refused("illustrative-instance", tuple(sorted(node[1:-1] for node in unflagged)[:10]))


def _unchanged(_: Operation, effect: Effect) -> Effect:
    return effect


class _WritePolicy:
    """Where an update may write outside a plain dataset.

    The default graph is a merge, so a triple written without a graph goes to the instance's own graph, and one
    removed without a graph is removed there; if only sources hold it, taking it out would change what they say.
    """

    def __init__(self, store: Store, names: Names) -> None:
        self.store, self.names = store, names

    def __call__(self, _: Operation, effect: Effect) -> Effect:
        """Return the effect with its quads where they may go; raises Refused."""
        self._check_held(effect.removed)
        added = frozenset(self._placed(_skolemised(quad, self.names)) for quad in effect.added)
        removed = frozenset(self._placed(quad) for quad in effect.removed)
        _check_target(_netted(self.store, removed, added), self.names, own=False)
        return Effect(removed=removed, added=added)

    def _placed(self, quad: Quad) -> Quad:
        return quad if quad.graph else quad._replace(graph=self.names.local)

    def _check_held(self, removed: frozenset[Quad]) -> None:
        """Raise Refused when a triple to be removed from the default graph is held by sources only."""
        holders: set[Term] = set()
        for quad in removed:
            if quad.graph == DEFAULT_GRAPH and self._placed(quad) not in self.store:
                stated = self.store.match(quad.subject, quad.predicate, quad.object)
                holders.update(found.graph for found in stated if found.graph)
        if holders:
            raise Refused("held-by-sources", tuple(sorted(graph[1:-1] for graph in holders)))


def _consequences(store: Store, delta: Delta, knowledge: Knowledge, *, afresh: bool) -> Delta:
    """Return the change of derived facts that follows from a change of stated ones."""
    names, rules = knowledge.names, knowledge.rules
    if afresh:
        everything = {quad.subject for quad in store.match() if is_iri(quad.subject)}
        return rederive(store, rules, everything, names.derived, names.catalogue)
    paths = [path for rule in rules for path in rule.reach]
    nodes = changed_nodes(delta)
    for graph in switched_graphs(delta, names.catalogue):
        # What it states came or went too, though no quad of it did.
        nodes |= changed_nodes(Delta(frozenset(store.match(graph=graph))))
    affected = nodes | reached_nodes(store, nodes, paths)
    if delta.removed:
        # What was reached before the change may have lost a derived fact.
        apply_delta(store, delta.inverse(), names.catalogue)
        affected |= reached_nodes(store, nodes, paths)
        apply_delta(store, delta, names.catalogue)
    return rederive(store, rules, affected, names.derived, names.catalogue)
