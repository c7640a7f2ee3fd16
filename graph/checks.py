"""Running checks: what they find in a source graph, and what a change brings that was not found before."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from graph.findings import Check, Finding
from graph.focus import BATCH, FOCUS, batches, changed_nodes, focused, reached_nodes
from graph.merge import apply_delta, merged_graphs
from graph.names import PACKAGED
from graph.quads import Delta, Quad, Term, iri, is_iri
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
    if not any(after.values()):
        return ()
    apply_delta(store, delta.inverse(), catalogue)
    names = {finding.check for findings in after.values() for finding in findings}
    suspects = [check for check in checks if check.name in names]
    brought: list[Finding] = []
    for graph, findings in after.items():
        found_on = {finding.node for finding in findings}
        before = {*graph_findings(store, graph, suspects, found_on, catalogue)} if findings else set()
        brought += [finding for finding in findings if finding not in before]
    apply_delta(store, delta, catalogue)
    return tuple(sorted(brought, key=_reading_order))


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
    store.add(_foreign_descriptions(store, graph, described, focus))
    view = (graph, VIEW, *sorted(reference_graphs(store, catalogue)))
    dataset = Dataset(default=tuple(name[1:-1] for name in view))
    found = tuple(finding for check in checks for finding in _found_by(store, check, graph, focus, dataset))
    store.remove(list(store.match(graph=VIEW)))
    return found


def reference_graphs(store: Store, catalogue: Term) -> frozenset[Term]:
    """Return the merged graphs that give meaning to others: ontology, vocabularies and reference data."""
    return frozenset(
        quad.subject
        for kind in REFERENCE_KINDS
        for quad in store.match(None, GRAPH_KIND, kind, catalogue)
        if quad.subject in merged_graphs(store, catalogue)
    )


def _foreign_descriptions(
    store: Store, graph: Term, described: set[Term], focus: set[Term]
) -> Iterable[Quad]:
    mentioned = {quad.object for node in focus for quad in store.match(subject=node, graph=graph)}
    return [
        quad._replace(graph=VIEW)
        for node in mentioned - described
        if is_iri(node)
        for quad in store.match(subject=node, graph="")
    ]


def _found_by(
    store: Store, check: Check, graph: Term, focus: set[Term], dataset: Dataset
) -> Iterable[Finding]:
    # Beyond one batch the whole graph is looked at once; naming every node would cost more than it saves.
    queries = (
        [focused(check.query, batch) for batch in batches(focus)]
        if len(focus) <= BATCH
        else [check.query.replace(FOCUS, "", 1)]
    )
    for query in queries:
        for row in store.select(query, dataset):
            if row["this"] in focus:
                yield Finding(
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
