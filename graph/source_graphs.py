"""Source graphs as a whole: bringing millions of quads at once without holding each of them as a Python object."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from graph.merge import apply_delta, merged_graphs
from graph.packed import Packed, PackedQuads
from graph.quads import Delta, Term
from graph.store import Store


@dataclass(frozen=True)
class SourceGraph:
    """A source graph (a term) and all that it is to state."""

    graph: Term
    quads: PackedQuads


@dataclass(frozen=True)
class Scan:
    """What a source graph speaks of.

    Attributes:
        source: the graph, with its quads.
        subjects: nodes that it describes.
        mentioned: IRIs that it states something to be, without its own positions: nothing is said of these.
    """

    source: SourceGraph
    subjects: frozenset[Term]
    mentioned: frozenset[Term]

    @classmethod
    def of(cls, source: SourceGraph) -> Scan:
        """Return what a graph speaks of."""
        subjects: set[Term] = set()
        mentioned: set[Term] = set()
        for text in source.quads.texts():
            _note(text.decode(), f"{source.graph[:-1]}#", subjects, mentioned)
        return cls(source, frozenset(subjects), frozenset(mentioned))

    @property
    def graph(self) -> Term:
        """The name of the graph."""
        return self.source.graph

    @cached_property
    def nodes(self) -> frozenset[Term]:
        """All nodes that it speaks of."""
        return self.subjects | self.mentioned


def is_new_sources(store: Store, sources: Sequence[SourceGraph]) -> bool:
    """Tell whether there are source graphs to bring, and nothing of them is held yet."""
    return bool(sources) and all(next(store.match(graph=source.graph), None) is None for source in sources)


def brought(store: Store, own: Delta, scans: Sequence[Scan], catalogue: Term) -> Packed:
    """Bring new source graphs with a change of the program's own, and return the whole change.

    Args:
        store: a draft, changed by this function.
        own: the change that goes along, such as catalogue entries; it has an effect.
        scans: the graphs; each quad of them must come once.
        catalogue: name of the graph that lists the merged graphs.
    """
    before, size = merged_graphs(store, catalogue), len(store)
    for scan in scans:
        for text in scan.source.quads.texts():
            store.add_nquads(text)
    if len(store) != size + sum(scan.source.quads.count for scan in scans):
        raise ValueError("a quad came twice, which would make the sums of the journal wrong")
    apply_delta(store, own, catalogue)
    for scan in scans:
        if scan.graph in before & merged_graphs(store, catalogue):
            store.copy_to_default(scan.graph)
    packed = Packed.of(own)
    for scan in scans:
        packed = packed.with_new(scan.source.quads)
    return packed


def _note(text: str, positions: str, subjects: set[Term], mentioned: set[Term]) -> None:
    """Take note of the nodes in N-Quads that this program wrote."""
    for line in text.split("\n"):
        if line:
            subject, _, said = line.split(" ", 2)
            subjects.add(subject)
            if said.startswith("<") and not said.startswith(positions):
                mentioned.add(said[: said.index(">") + 1])
