"""Queries about ``?this``: looking at some nodes only, and finding which nodes a change concerns."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from graph.quads import Delta, Term, is_iri
from graph.store import Store

FOCUS = "#FOCUS"
"""The line of a rule's or check's query that is replaced by ``VALUES ?this { … }`` to look at some nodes only."""

BATCH = 2000
"""How many nodes one VALUES block names: longer ones make the engine's parser slow."""


def changed_nodes(delta: Delta) -> set[Term]:
    """Return the IRIs in subject or object position of a change, in whatever graph."""
    nodes: set[Term] = set()
    for quads in (delta.added, delta.removed):
        for quad in quads:
            nodes.add(quad.subject)
            nodes.add(quad.object)
    return {node for node in nodes if is_iri(node)}


def reached_nodes(store: Store, nodes: Iterable[Term], paths: Iterable[str]) -> set[Term]:
    """Return the nodes that lie at the end of one of the paths from one of the nodes."""
    found: set[Term] = set()
    alternatives = "|".join(f"({path})" for path in dict.fromkeys(paths))
    if not alternatives:
        return found
    for batch in batches(nodes):
        query = f"SELECT DISTINCT ?this {{ VALUES ?from {{ {' '.join(batch)} }} ?from {alternatives} ?this }}"
        found.update(row["this"] for row in store.select(query) if is_iri(row["this"]))
    return found


def focused(text: str, nodes: Sequence[Term]) -> str:
    """Return a rule's or check's query restricted to some nodes."""
    return text.replace(FOCUS, f"VALUES ?this {{ {' '.join(nodes)} }}")


def batches(nodes: Iterable[Term], most: int = BATCH) -> Iterator[list[Term]]:
    """Yield nodes in lists short enough for one query, in a fixed order."""
    listed = sorted(nodes)
    yield from (listed[start : start + most] for start in range(0, len(listed), most))
