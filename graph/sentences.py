"""Chains of relations told in one plain sentence, in Chinese and English, from the wording in ``kinds.toml``."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from graph.edges import DescribedEdge
from graph.nodes import in_language
from graph.paths import Chain
from graph.projection import Edge, Node
from ontology.kinds import OTHER, Kinds, RelationKind, kinds

Dated = Callable[[str], str]
"""Words a date as it was stated: a year, month or day."""


def sentence(chain: Chain, described: Sequence[DescribedEdge], language: str, dated: Dated = str) -> str:
    """Return a chain as one sentence: a clause for each relation, with what is stated of its time.

    Args:
        chain: how two things are related.
        described: its edges with names and periods, in order.
        language: ``zh`` or ``en``.
        dated: words dates.
    """
    unknown = sum(edge.held == "unknown" for edge in chain.edges)
    telling = _Telling(kinds(), language, dated, ("no",) if unknown > 1 else ("no", "unknown"))
    told = telling.word("then").join(telling.clauses(chain, described)) + telling.word("end")
    if unknown > 1:
        told += telling.word("unknown_some", count=str(unknown))
    if any(one.provenance.illustrative for one in described) or any(n.illustrative for n in chain.nodes):
        told += telling.word("illustrative")
    return told


def unrelated(one: Node, other: Node, language: str) -> str:
    """Return the sentence that says that no chain leads from one thing to another, or that they are the same."""
    telling = _Telling(kinds(), language)
    said = "same" if one.iri == other.iri else "unrelated"
    return telling.word(said, **{"from": telling.name(one), "to": telling.name(other)})


@dataclass(frozen=True)
class _Telling:
    """How relations are told in one language; ``noted``: the answers on the date that are told of each."""

    table: Kinds
    language: str
    dated: Dated = str
    noted: tuple[str, ...] = ()

    def word(self, name: str, **values: str) -> str:
        """Return a joining word with its blanks filled."""
        return self.table.words[name][self.language].format(**values)

    def name(self, node: Node) -> str:
        """Return what a thing is called."""
        return in_language(node.labels, self.language) or node.iri

    def clauses(self, chain: Chain, described: Sequence[DescribedEdge]) -> Iterator[str]:
        """Yield what is told of each relation of a chain."""
        for place, one in enumerate(described):
            here, there = chain.nodes[place : place + 2]
            along = one.edge.from_iri == here.iri
            before = chain.edges[place - 1] if place else None
            called = {here.iri: self.name(here), there.iri: self.name(there)}
            if before and here.kind not in (OTHER, chain.nodes[place - 1].kind):
                # Which one is meant is plain: nothing else of its kind was named in the clause before.
                called[here.iri] = self.word("that", kind=self._kind_name(here))
            also = self.word("also") if before and self._says_the_same(before, one.edge, here.iri) else ""
            yield self._clause(one, called, along=along, also=also) + self._notes(one)

    def _kind_name(self, node: Node) -> str:
        return self.table.node(node.kind).labels[self.language].lower()

    def _says_the_same(self, before: Edge, edge: Edge, shared: str) -> bool:
        """Tell whether two relations are of one kind, with the thing that they share on the same side of both."""
        same_side = (before.to_iri == shared) == (edge.to_iri == shared)
        return same_side and self._kind(before) is self._kind(edge)

    def _kind(self, edge: Edge) -> RelationKind:
        return self.table.relation_of(edge.relation)

    def _clause(self, one: DescribedEdge, called: Mapping[str, str], *, along: bool, also: str) -> str:
        edge = one.edge
        pattern = self._kind(edge).sentence(edge.relation, along=along)
        pattern = pattern or self.table.relation(OTHER).sentence(edge.relation, along=along)
        return pattern[self.language].format(
            **{"from": called[edge.from_iri], "to": called[edge.to_iri]},
            relation=in_language(one.labels, self.language),
            also=also,
        )

    def _notes(self, one: DescribedEdge) -> str:
        """Return in brackets since when and until when a relation is stated to hold, and what is not known of it."""
        period, held = one.provenance.period, one.edge.held
        notes = [
            *([self.word("since", date=self.dated(period.start))] if period.start else []),
            *([self.word("until", date=self.dated(period.end))] if period.end else []),
            *([self.word(held)] if held in self.noted else []),
        ]
        return self.word("note", notes=self.word("and").join(notes)) if notes else ""
