"""Derived facts: rules kept as data, worked out anew for the nodes that a change may touch.

A rule is a CONSTRUCT query about ``?this``: every triple of its template has ``?this`` as subject. So the derived
facts of one node are a function of the graph around it, and after a change they are worked out again for the
nodes changed and those that a rule's ``# reach:`` paths lead to from them. What a source already states is not
derived once more.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from graph.focus import FOCUS, batches, focused
from graph.merge import apply_delta, merged_graphs, without_graph
from graph.packed import Packed, PackedQuads, QuadPacker
from graph.quads import DEFAULT_GRAPH, Delta, Quad, Term
from graph.store import Store
from ontology.library import read_query

_REACH = re.compile(r"^#\s*reach:\s*(\S.*?)\s*$", re.MULTILINE)


MANY = 10_000
"""Nodes from which on each rule is asked once about everything: naming them would cost more than it saves."""


@dataclass(frozen=True)
class Rule:
    """One rule: its name, the CONSTRUCT text with its ``#FOCUS`` line, and the paths from changed nodes."""

    name: str
    text: str
    reach: tuple[str, ...] = ()


def read_rule(file: Path) -> Rule:
    """Return the rule that a file holds.

    Raises:
        ValueError: the header is incomplete, or the ``#FOCUS`` line is missing.
    """
    text = read_query(file).text
    if FOCUS not in text:
        raise ValueError(f"{file.name} has no {FOCUS} line")
    return Rule(file.stem, text, tuple(_REACH.findall(text)))


def rederive(
    store: Store, rules: Sequence[Rule], nodes: Iterable[Term], graph: Term, catalogue: Term
) -> Delta:
    """Make the derived facts of some nodes right, and return what that changed.

    The derived facts of these nodes are taken out first: a fact that nothing stated supports any more must not
    support itself.

    Args:
        store: a draft that holds the stated facts as they will be; changed by this function.
        rules: all rules in force.
        nodes: the nodes whose derived facts may have changed.
        graph: name of the graph of derived facts.
        catalogue: name of the graph that lists the merged graphs.
    """
    listed = sorted(nodes)
    held = frozenset(quad for node in listed for quad in store.match(subject=node, graph=graph))
    apply_delta(store, Delta(removed=held), catalogue)
    due = frozenset(
        triple._replace(graph=graph)
        for rule in rules
        for batch in batches(listed)
        for triple in store.construct(focused(rule.text, batch))
        if triple._replace(graph=DEFAULT_GRAPH) not in store
    )
    apply_delta(store, Delta(added=due), catalogue)
    return Delta(due - held, held - due)


def derive_many(
    store: Store, rules: Sequence[Rule], nodes: Collection[Term], graph: Term, catalogue: Term
) -> Packed:
    """Do the same for very many nodes: each rule is asked once about everything, and what it gives is packed."""
    held = frozenset(quad for node in nodes for quad in store.match(subject=node, graph=graph))
    apply_delta(store, Delta(removed=held), catalogue)
    packer, kept, size = QuadPacker(), set[Quad](), len(store)
    for rule in rules:
        for triple in store.missing(rule.text.replace(FOCUS, "", 1)):
            if triple.subject in nodes:
                quad = triple._replace(graph=graph)
                if quad in held:
                    kept.add(quad)
                else:
                    packer.add((str(quad),))
    came = packer.packed()
    for text in came.texts():
        store.add_nquads(text)
    if len(store) != size + len(came):  # two rules, or two records, gave the same
        came = PackedQuads.of(
            quad for node in sorted(nodes) for quad in store.match(subject=node, graph=graph)
        )
    store.add(kept)
    if graph in merged_graphs(store, catalogue):
        for text in came.texts():
            store.add_nquads(without_graph(text))
        store.add(quad._replace(graph=DEFAULT_GRAPH) for quad in kept)
    return Packed.of(Delta(removed=held - kept)).with_new(came)
