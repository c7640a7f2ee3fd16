"""The default graph as a merge: each public triple once, however many graphs state it.

The engine's own union of graphs returns a triple once per graph, so that sums and counts would be wrong exactly
where several sources agree. So the merge is kept at write time: a triple enters the default graph with the first
merged graph that states it and leaves with the last.

Which graphs are merged is itself a fact: ``<graph> ma:merged true``, stated in the catalogue graph (and nowhere
else: what a source says of itself does not count). A source is withdrawn by taking that fact back.
"""

from __future__ import annotations

from collections.abc import Collection

from graph.packed import Packed
from graph.quads import DEFAULT_GRAPH, Delta, Quad, Term, iri, literal
from graph.store import Store
from ontology.terms import MA, XSD

MERGED = iri(MA.merged)
TRUE = literal("true", datatype=XSD.boolean)


def merged_graphs(store: Store, catalogue: Term) -> frozenset[Term]:
    """Return the names of the graphs whose triples make up the default graph.

    Args:
        store: where to look.
        catalogue: name of the graph that lists them; empty for a plain dataset, which merges nothing.
    """
    if not catalogue:
        return frozenset()
    return frozenset(quad.subject for quad in store.match(None, MERGED, TRUE, catalogue))


def switched_graphs(delta: Delta, catalogue: Term, predicate: Term = MERGED) -> frozenset[Term]:
    """Return the graphs of which the catalogue says something else while what they state stays as it is.

    A graph that a change brings with all that it states is none of them.

    Args:
        delta: the change.
        catalogue: name of the graph that lists them; empty for a plain dataset.
        predicate: what is said of them; by default that they are merged.
    """
    if not catalogue:
        return frozenset()
    lost, gained = (
        {quad.subject for quad in quads if quad.predicate == predicate and quad.graph == catalogue}
        for quads in (delta.removed, delta.added)
    )
    return frozenset(lost | (gained - {quad.graph for quad in delta.added}))


def apply_delta(store: Store, delta: Delta | Packed, catalogue: Term) -> None:
    """Carry out a change on a store and keep its default graph the merge of the merged graphs."""
    before = merged_graphs(store, catalogue)
    store.remove(delta.removed)
    _add(store, delta)
    after = merged_graphs(store, catalogue)
    if not before and not after:
        return
    lost = {_as_triple(quad) for quad in delta.removed if quad.graph in before}
    for graph in before - after:
        lost.update(_as_triple(quad) for quad in store.match(graph=graph))
    store.remove(triple for triple in lost if not _is_stated(store, triple, after))
    _add_to_default(store, delta, before & after)
    for graph in after - before:
        store.copy_to_default(graph)


def without_graph(text: bytes, graphs: Collection[bytes] = ()) -> bytes:
    """Return N-Quads that this program wrote as triples: all, or those of some graphs."""
    split = (line.rpartition(b" <") for line in text.split(b"\n") if line)
    return b"".join(
        triple + b" .\n" for triple, mark, graph in split if not graphs or mark[1:] + graph[:-2] in graphs
    )


def _add(store: Store, delta: Delta | Packed) -> None:
    if isinstance(delta, Packed):
        for text in delta.added_texts():
            store.add_nquads(text)
    else:
        store.add(delta.added)


def _add_to_default(store: Store, delta: Delta | Packed, graphs: frozenset[Term]) -> None:
    if isinstance(delta, Packed):
        names = frozenset(graph.encode() for graph in graphs)
        for text in delta.added_texts() if names else ():
            store.add_nquads(without_graph(text, names))
    else:
        store.add(_as_triple(quad) for quad in delta.added if quad.graph in graphs)


def _as_triple(quad: Quad) -> Quad:
    return Quad(quad.subject, quad.predicate, quad.object)


def _is_stated(store: Store, triple: Quad, graphs: frozenset[Term]) -> bool:
    stated = store.match(triple.subject, triple.predicate, triple.object)
    return any(quad.graph in graphs for quad in stated if quad.graph != DEFAULT_GRAPH)
