"""Entities: nodes grouped under the things with names that they belong to, as a reader thinks of them.

A grade or a figure belongs to the hospital or department of its row. What belongs to what follows from the workbook:
parts are linked to their things, and a row without a name of its own is about the thing that it names first.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from graph.imports.value_terms import Fact, iri_term
from graph.imports.writing import DERIVED, TYPE
from graph.quads import Quad, Term
from ontology.terms import SKOS
from ontology.workbook import SheetKind, Workbook

Nodes = Mapping[Term, tuple[Fact, ...]]
"""Node to what is said of it, without where it is said."""

_LONGEST_CHAIN = 4
"""From a contact through its agreement and membership to its hospital, with one step to spare."""


@dataclass(frozen=True)
class Grouping:
    """How nodes belong together, as a workbook says.

    Attributes:
        named: classes of things with a name.
        links: properties that lead from a node to what it belongs to.
    """

    named: frozenset[Term]
    links: tuple[Term, ...]

    @classmethod
    def of(cls, book: Workbook) -> Grouping:
        """Return how the nodes of all sheets belong together."""
        links = dict.fromkeys(link for sheet in book.sheets for link in _links(sheet, book))
        named = (one.type for one in book.identities.values() if SKOS.prefLabel in one.by)
        return cls(frozenset(map(iri_term, named)), tuple(map(iri_term, links)))

    def is_thing(self, facts: Iterable[Fact]) -> bool:
        """Tell whether a node is a thing with a name."""
        return any(said == TYPE and value in self.named for said, value in facts)

    def owner(self, facts: Iterable[Fact]) -> Term:
        """Return what a node belongs to (empty: it is a thing of its own)."""
        said = dict(reversed([*facts]))
        if said.get(TYPE) in self.named:
            return ""
        return next((said[link] for link in self.links if link in said), "")


def nodes_of(quads: Iterable[Quad]) -> dict[Term, tuple[Fact, ...]]:
    """Return nodes with what is said of them, in a fixed order."""
    found: dict[Term, set[Fact]] = defaultdict(set)
    for quad in quads:
        if quad.predicate != DERIVED:
            found[quad.subject].add((quad.predicate, quad.object))
    return {node: tuple(sorted(facts)) for node, facts in found.items()}


def grouped(nodes: Nodes, grouping: Grouping, also: Nodes) -> dict[Term, list[Term]]:
    """Return the things that nodes belong to, each with its nodes.

    Args:
        nodes: what to group.
        grouping: how nodes belong together.
        also: further nodes that a chain may lead over.
    """
    found: dict[Term, list[Term]] = defaultdict(list)
    for node in nodes:
        thing = node
        for _ in range(_LONGEST_CHAIN):
            owner = grouping.owner(nodes.get(thing) or also.get(thing, ()))
            if not owner:
                break
            thing = owner
        found[thing].append(node)
    return found


def _links(sheet: SheetKind, book: Workbook) -> Iterator[str]:
    """Yield the properties of a sheet that lead from a node to what it belongs to."""
    yield from (part.link for part in sheet.parts)
    if SKOS.prefLabel in book.identity(sheet.type).by:
        return
    column = next((one for one in sheet.columns if one.kind == "reference" and one.required), None)
    if column is not None and not column.on:
        yield column.property
        yield from (
            variant.properties[column.key] for variant in sheet.variants if column.key in variant.properties
        )
