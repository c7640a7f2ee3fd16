"""Writing statements: what rows say of nodes, as quads, each once; public ones packed, the others apart."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from graph.identity import Identities
from graph.imports.own_names import OwnNames
from graph.imports.positions import position as position_of
from graph.imports.row_nodes import RowNode
from graph.imports.source import Source
from graph.imports.value_terms import Fact, iri_term
from graph.names import PACKAGED
from graph.packed import PackedQuads, QuadPacker
from graph.quads import Quad, Term, iri
from graph.restricted import Restricted
from ontology.terms import MA, ORG, PROV, RDF
from ontology.workbook import Visibility, Workbook, strictest

TYPE = iri_term(RDF.type)
DERIVED = iri_term(PROV.wasDerivedFrom)
BASIS = iri_term(MA.basis)
_BASIS = (BASIS, iri_term(f"{PACKAGED}vocab/basis/stated"))
_THINGS = frozenset({ORG.FormalOrganization, MA.ClinicalDepartment, MA.MedicalAlliance})
"""Classes of things that rows speak of; what is said of them is a statement, they themselves are none."""


class StatementWriter:
    """Takes what rows say of nodes.

    Args:
        source: the document.
        identities: names the further names of things.
        workbook: what classes are called.
        own_names: which name of a thing is its own.
        repeated: bases of the nodes that several rows speak of.
    """

    def __init__(
        self,
        source: Source,
        identities: Identities,
        workbook: Workbook,
        own_names: OwnNames,
        repeated: set[str],
    ) -> None:
        self._graph, self._document = iri(source.graph), source.document
        self._identities, self._own_names, self._repeated = identities, own_names, repeated
        self._name_kind = workbook.identity(MA.NameVariant).kind
        self._packer = QuadPacker()
        self._lines: dict[Term, set[str]] = {}
        self._positions: set[tuple[Term, Term]] = set()
        self._restricted: dict[tuple[Term, Term, Visibility], set[Quad]] = defaultdict(set)
        self.rows: dict[Term, tuple[str, int]] = {}
        self.things: list[Term] = []
        """Node to the first row that speaks of it."""

    def write(self, node: RowNode, row: tuple[str, int], position: Term, subject: Term) -> None:
        """Write what a row says of a node.

        Args:
            node: the node.
            row: table key and row.
            position: the row as a source.
            subject: what a row without a name of its own is about (empty: the node itself).
        """
        facts, others = self._own_names.split(node)
        basis = () if node.identity.type in _THINGS else (_BASIS,)
        whole = [(TYPE, iri_term(node.identity.type)), *facts]
        if node.identity.type == MA.PlaceAssignment:
            whole += position_of(facts)
        whole += (*basis, (DERIVED, position))
        shown_with = _shown_with(node, subject)
        if node.visibility == "public":
            self._write_public(node.iri, whole, keep=node.base in self._repeated)
        else:
            self._hide(node.iri, shown_with, node.visibility, whole)
        for level, hidden in node.hidden.items():
            self._hide(node.iri, shown_with, strictest((level, node.visibility)), hidden)
        if node.name_column and node.visibility == "public" and node.iri not in self.rows:
            self.things.append(node.iri)
        self.rows.setdefault(node.iri, row)
        for other in others:
            self._write_name(other, row, position)

    def packed(self) -> PackedQuads:
        """Return all public quads."""
        return self._packer.packed()

    def restricted(self) -> tuple[Restricted, ...]:
        """Return all that is not public, in order."""
        return tuple(
            Restricted(node, about, level, frozenset(quads))
            for (node, about, level), quads in sorted(self._restricted.items())
        )

    def _write_name(self, facts: tuple[Fact, ...], row: tuple[str, int], position: Term) -> None:
        key = "\n".join(" ".join(fact) for fact in facts)
        node = iri(self._identities.part(self._name_kind, self._document, key))
        self._write_public(node, [*facts, _BASIS, (DERIVED, position)], keep=False)
        self.rows.setdefault(node, row)

    def _write_public(self, node: Term, facts: Iterable[Fact], *, keep: bool) -> None:
        """Write facts of a node. What several rows say is kept, to leave out what was said."""
        lines = [f"{node} {said} {value} {self._graph} ." for said, value in facts]
        if keep:
            said_before = self._lines.setdefault(node, set())
            lines = [line for line in dict.fromkeys(lines) if line not in said_before]
            said_before.update(lines)
        elif node in self.rows:  # a part that says the same again: only where it stands is new
            place = (node, lines[-1])
            lines = [lines[-1]] if place not in self._positions else []
            self._positions.add(place)
        self._packer.add(dict.fromkeys(lines))

    def _hide(self, node: Term, about: Term, level: Visibility, facts: Iterable[Fact]) -> None:
        quads = self._restricted[node, about, level]
        quads.update(Quad(node, said, value, self._graph) for said, value in facts)


def _shown_with(node: RowNode, subject: Term) -> Term:
    """Return the thing with a name that a node is shown with."""
    holder: RowNode | None = node
    while holder is not None:
        if holder.name_column and holder.visibility == "public":
            return holder.iri
        if holder.owner is None:
            return subject or holder.iri
        holder = holder.owner
    return subject
