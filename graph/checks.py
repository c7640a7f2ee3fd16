"""Running checks: what they find in a source graph, and what a change brings that was not found before."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from contextlib import contextmanager

from graph.findings import Check, Finding, Listing
from graph.focus import BATCH, FOCUS, batches, changed_nodes, focused, reached_nodes
from graph.merge import apply_delta, merged_graphs
from graph.names import PACKAGED
from graph.quads import Delta, Term, iri, is_iri
from graph.shape_texts import filled
from graph.store import Dataset, Store
from ontology.terms import MA

GRAPH_KIND = iri(MA.graphKind)
REFERENCE_KINDS = tuple(
    iri(f"{PACKAGED}vocab/graph-kind/{kind}") for kind in ("ontology", "vocabulary", "reference")
)

VIEW = "<urn:x-medalliance:view>"
"""A graph of the draft only: what other graphs say of nodes that the graph under check mentions."""


def brought_findings(
    store: Store, delta: Delta, checks: Sequence[Check], graphs: Iterable[Term], catalogue: Term
) -> tuple[Finding, ...]:
    """Return what the checks find in some source graphs after a change and did not find before it.

    Args:
        store: a draft on which the change has been carried out; changed on the way.
        delta: the change.
        checks: all checks in force.
        graphs: the source graphs to check, each by itself with the other public graphs' reference data in view.
        catalogue: name of the graph that lists the merged graphs.
    """
    paths = [path for check in checks for path in check.reach]
    nodes = changed_nodes(delta)
    nodes |= reached_nodes(store, nodes, paths)
    after = {graph: graph_findings(store, graph, checks, nodes, catalogue) for graph in graphs}
    known = {graph: _known_nodes(store, delta, graph, findings) for graph, findings in after.items()}
    before = _findings_before(store, delta, checks, after, known, catalogue) if any(known.values()) else set()
    brought = [finding for findings in after.values() for finding in findings if finding not in before]
    return tuple(sorted(brought, key=_reading_order))


def _known_nodes(store: Store, delta: Delta, graph: Term, findings: Iterable[Finding]) -> set[Term]:
    """Return the nodes of findings that a graph described before a change: of others nothing was found before."""
    nodes = {finding.node for finding in findings}
    lost = {quad.subject for quad in delta.removed if quad.graph == graph}
    return {
        node
        for node in nodes
        if node in lost or any(quad not in delta.added for quad in store.match(subject=node, graph=graph))
    }


def _findings_before(
    store: Store,
    delta: Delta,
    checks: Sequence[Check],
    after: Mapping[Term, tuple[Finding, ...]],
    known: Mapping[Term, set[Term]],
    catalogue: Term,
) -> set[Finding]:
    """Return what the checks that found something found before the change, on nodes that were known then."""
    names = {finding.check for findings in after.values() for finding in findings}
    suspects = [check for check in checks if check.name in names]
    apply_delta(store, delta.inverse(), catalogue)
    before = {
        finding
        for graph, nodes in known.items()
        if nodes
        for finding in graph_findings(store, graph, suspects, nodes, catalogue)
    }
    apply_delta(store, delta, catalogue)
    return before


def graph_findings(
    store: Store, graph: Term, checks: Sequence[Check], nodes: Iterable[Term] | None, catalogue: Term
) -> tuple[Finding, ...]:
    """Return what the checks find in one graph, about some of the nodes it describes or (``None``) all.

    In view are the graph itself, the reference graphs (ontology, vocabularies, areas), and what other graphs say of
    nodes that this one mentions without describing them.
    """
    described = {quad.subject for quad in store.match(graph=graph)}
    focus = described if nodes is None else described & set(nodes)
    if not focus:
        return ()
    mentioned = {quad.object for node in focus for quad in store.match(subject=node, graph=graph)}
    with _view(store, graph, mentioned - described, catalogue) as dataset:
        aims = _Aims(store, graph, focus, dataset)
        return tuple(_finding(check, graph, row) for check in checks for row in aims.rows(check))


def new_graph_findings(
    store: Store,
    graph: Term,
    checks: Sequence[Check],
    described: AbstractSet[Term],
    mentioned: AbstractSet[Term],
    catalogue: Term,
    listing: Listing,
) -> tuple[Finding, ...]:
    """Return what the checks find in a graph that a change brings: all that is found is new.

    Args:
        store: the draft, with the graph.
        graph: its name.
        checks: all checks in force.
        described: the nodes that the graph describes.
        mentioned: nodes that it only mentions.
        catalogue: name of the graph that lists the merged graphs.
        listing: counts what is too much to list.
    """
    with _view(store, graph, mentioned - described, catalogue) as dataset:
        aims = _Aims(store, graph, described, dataset)
        found = [
            _finding(check, graph, row)
            for check in checks
            for row in aims.rows(check)
            if listing.has_room(check.name, check.severity)
        ]
    return tuple(sorted(found, key=_reading_order))


def reference_graphs(store: Store, catalogue: Term) -> frozenset[Term]:
    """Return the merged graphs that give meaning to others: ontology, vocabularies and reference data."""
    return frozenset(
        quad.subject
        for kind in REFERENCE_KINDS
        for quad in store.match(None, GRAPH_KIND, kind, catalogue)
        if quad.subject in merged_graphs(store, catalogue)
    )


@contextmanager
def _view(store: Store, graph: Term, mentioned: Iterable[Term], catalogue: Term) -> Iterator[Dataset]:
    """Give the dataset in which a graph is checked."""
    store.add(
        quad._replace(graph=VIEW)
        for node in mentioned
        if is_iri(node)
        for quad in list(store.match(subject=node, graph=""))
    )
    names = (graph, VIEW, *sorted(reference_graphs(store, catalogue)))
    yield Dataset(default=tuple(name[1:-1] for name in names))
    store.remove(list(store.match(graph=VIEW)))


class _Aims:
    """What checks find on some nodes of a graph; a check that is about none of them is not asked."""

    def __init__(self, store: Store, graph: Term, focus: AbstractSet[Term], dataset: Dataset) -> None:
        self._store, self._graph, self._focus, self._dataset = store, graph, focus, dataset
        self._nodes: dict[str, list[Term] | None] = {}

    def rows(self, check: Check) -> Iterator[dict[str, Term]]:
        """Yield what a check finds."""
        nodes = self._about(check.target)
        if nodes is None:
            # Beyond one batch the whole graph is looked at once; naming every node would cost more than it saves.
            queries = [check.query.replace(FOCUS, "", 1)]
        else:
            queries = [focused(check.query, batch) for batch in batches(nodes)]
        for query in queries:
            yield from (row for row in self._store.select(query, self._dataset) if row["this"] in self._focus)

    def _about(self, target: str) -> list[Term] | None:
        """Return the nodes that checks with a target are about; ``None``: they are too many to be named."""
        if target not in self._nodes:
            self._nodes[target] = self._found(target)
        return self._nodes[target]

    def _found(self, target: str) -> list[Term] | None:
        if not target:
            return sorted(self._focus) if len(self._focus) <= BATCH else None
        narrowed = f"VALUES ?this {{ {' '.join(sorted(self._focus))} }}" if len(self._focus) <= BATCH else ""
        here = f"FILTER EXISTS {{ GRAPH {self._graph} {{ ?this ?this_said ?this_value }} }}"
        query = f"SELECT DISTINCT ?this {{ {narrowed} {target} {here} }} LIMIT {BATCH + 1}"
        found = [row["this"] for row in self._store.select(query, self._dataset)]
        return None if len(found) > BATCH else [node for node in found if node in self._focus]


def _finding(check: Check, graph: Term, row: Mapping[str, Term]) -> Finding:
    return Finding(
        check=check.name,
        severity=check.severity,
        node=row["this"],
        value=row.get("value"),
        graph=graph,
        message=filled(check.message, row),
        remedy=filled(check.remedy, row),
        path=check.path,
    )


def _reading_order(finding: Finding) -> tuple[int, str, str, str]:
    return (
        ("violation", "warning", "info").index(finding.severity),
        finding.graph,
        finding.node,
        finding.check,
    )
