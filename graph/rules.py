"""Derived facts: rules kept as data, worked out anew for the nodes that a change may touch.

A rule is a CONSTRUCT query about ``?this``: every triple of its template has ``?this`` as subject. So the derived
facts of one node are a function of the graph around it, and after a change they are worked out again for the
nodes changed and those that a rule's ``# reach:`` paths lead to from them. What a source already states is not
derived once more.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from graph.focus import FOCUS, batches, focused
from graph.merge import apply_delta
from graph.quads import DEFAULT_GRAPH, Delta, Term
from graph.store import Store
from ontology.library import read_query

_REACH = re.compile(r"^#\s*reach:\s*(\S.*?)\s*$", re.MULTILINE)


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
