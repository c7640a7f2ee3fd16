"""Naming: what the nodes of rows are called. Names say nothing, and are the same when the same file comes again.

A thing that a name was matched for has its name already. What has an identity of its own goes by the values that its
class is known by; where two rows speak of such a thing at different times, they are numbered, whatever the order of
the rows. A part goes by all that is said of it, so that the same is one and a corrected one is another; what is not
public must not be guessed from a name, and is numbered instead.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from graph.identity import Identities
from graph.imports.records import Named, Record
from graph.imports.row_nodes import RowNode
from graph.imports.source import Source
from graph.imports.things import Things, by_values, identity_key
from graph.imports.value_terms import iri_term
from graph.quads import Term, iri, text_of

Signature = tuple[tuple[Term, ...], ...]
"""What tells nodes apart that go by the same values."""


@dataclass
class Count:
    """What the rows say before anything is named: a ``Naming`` that only counts.

    Attributes:
        things: what names stand for.
        seen, repeated: bases of nodes that rows speak of, and those that several rows speak of.
        several: what tells the nodes of a base apart, where there are several.
    """

    things: Things
    source: Source
    seen: set[str] = field(default_factory=set)
    repeated: set[str] = field(default_factory=set)
    several: dict[str, set[Signature]] = field(default_factory=dict)
    _first: dict[str, Signature] = field(default_factory=dict, repr=False)
    _same: dict[Signature, Signature] = field(default_factory=dict, repr=False)

    def meaning(self, record: Record, column: str, name: Named) -> Term | None:
        """Return what a name stands for."""
        return self.things.meant(record, column, name)

    def give_name(self, record: Record, node: RowNode) -> None:
        """Give a node the base that it is known by, and count it."""
        node.base = node.iri = self.base(record, node)
        if not node.base:
            node.base = node.iri = "part"
            return
        (self.repeated if node.base in self.seen else self.seen).add(node.base)
        if is_numbered(node):
            self._note(node.base, signature(node))

    def _note(self, base: str, found: Signature) -> None:
        # Nearly all have one signature, and nearly all of these are alike.
        found = self._same.setdefault(found, found)
        first = self._first.setdefault(base, found)
        if first is not found:
            self.several.setdefault(base, {first}).add(found)

    def base(self, record: Record, node: RowNode) -> str:
        """Return what a node is known by; an empty text for a part that goes by what is said of it."""
        thing = self.things.at(record, node.name_column) if node.name_column else ""
        if thing:
            return thing
        identity, key = node.identity, node.identity.scheme
        if identity.own:
            local = node.value(iri_term(identity.id)) if identity.id else ""
            return f"{key}|id|{local}" if local else "|".join((key, *_base_values(node)))
        if node.visibility != "public":
            return f"hidden|{node.owner.base if node.owner else ''}|{node.key}"
        return ""


class Names:
    """A ``Naming`` that gives the names, after ``Count`` has seen all rows."""

    def __init__(self, count: Count, identities: Identities) -> None:
        self._count, self._identities = count, identities
        self._document = count.source.document
        self._numbers = {base: numbers(signatures) for base, signatures in count.several.items()}

    def meaning(self, record: Record, column: str, name: Named) -> Term | None:
        """Return what a name stands for."""
        return self._count.meaning(record, column, name)

    def give_name(self, record: Record, node: RowNode) -> None:
        """Give a node its name."""
        node.base = self._count.base(record, node)
        node.iri = node.base if node.base.startswith("<") else iri(self._name(node))

    def _name(self, node: RowNode) -> str:
        identity, document = node.identity, self._document
        if not node.base:
            return self._identities.part(identity.kind, document, content(node))
        if not identity.own:
            owner = node.owner.iri if node.owner else ""
            return self._identities.part(
                identity.kind, document, f"{text_of(owner)} {node.key} {self._number(node)}"
            )
        local = node.value(iri_term(identity.id)) if identity.id else ""
        if local:
            return self._identities.iri(identity.kind, document, f"{identity.scheme} {text_of(local)}")
        key = identity_key(identity, by_values(node), self._number(node))
        return self._identities.iri(identity.kind, identity.scheme, key)

    def _number(self, node: RowNode) -> int:
        known = self._numbers.get(node.base)
        return known[signature(node)] if known and is_numbered(node) else 1


def is_numbered(node: RowNode) -> bool:
    """Tell whether nodes that go by the same values may be several."""
    return bool(node.identity.apart) if node.identity.own else node.visibility != "public"


def signature(node: RowNode) -> Signature:
    """Return what tells a node apart from others that go by the same values."""
    if node.identity.own:
        return tuple(tuple(sorted(node.values(iri_term(said)))) for said in node.identity.apart)
    return (tuple(sorted(value for _, value in node.facts[1:])),)


def numbers(signatures: Iterable[Signature]) -> dict[Signature, int]:
    """Return the number of each signature: one that says less than another means the same node as that one."""
    listed = sorted(signatures, key=lambda one: (-sum(map(bool, one)), one))
    kept: list[Signature] = []
    same: dict[Signature, Signature] = {}
    for one in listed:
        fuller = next((other for other in kept if _is_part(one, other)), None)
        same[one] = fuller or one
        if fuller is None:
            kept.append(one)
    order = {one: number for number, one in enumerate(sorted(kept), 1)}
    return {one: order[same[one]] for one in listed}


def content(node: RowNode) -> str:
    """Return all that is said of a part, as one text."""
    return "\n".join((node.identity.type, *sorted(" ".join(fact) for fact in node.facts)))


def _base_values(node: RowNode) -> list[str]:
    """Return the values that a node is known by, with its owner as that is known while rows are counted."""
    if node.owner is None:
        return by_values(node)
    base = node.owner.base
    known = text_of(base) if base.startswith("<") else base
    return [known if value == text_of(node.owner.iri) else value for value in by_values(node)]


def _is_part(one: Signature, other: Signature) -> bool:
    return all(not mine or mine == theirs for mine, theirs in zip(one, other, strict=True))
