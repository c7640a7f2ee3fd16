"""What a row speaks of: its thing and the parts of it, with what it says of each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol

from graph.imports.records import Named, Record
from graph.imports.source import Source
from graph.imports.value_terms import Fact, facts_of, iri_term, is_note
from graph.names import PACKAGED
from graph.quads import Term
from ontology.terms import MA, SKOS
from ontology.workbook import (
    VISIBILITIES,
    Given,
    IdentityKind,
    PartKind,
    SheetKind,
    Variant,
    Visibility,
    Workbook,
    strictest,
)

THING = ""
"""The key of the thing of a row, beside those of its parts."""

_VOCABULARY = f"{PACKAGED}vocab/"
_LEVEL = iri_term(MA.visibility)
_LEVELS: Mapping[Term, Visibility] = {
    iri_term(f"{_VOCABULARY}visibility/{level}"): level for level in VISIBILITIES
}


@dataclass
class RowNode:
    """A node that a row speaks of.

    Attributes:
        key: key of its part; ``THING`` for the thing of the row.
        identity: what its class says of names.
        name_column: key of the column that holds its name (empty: it has none).
        owner: the node that it belongs to.
        visibility: who may see that it is there.
        facts: what is said of it, for whoever may see it.
        hidden: what fewer may see, by visibility.
        base: what it is known by while rows are counted.
        iri: its name.
    """

    key: str
    identity: IdentityKind
    name_column: str = ""
    owner: RowNode | None = None
    visibility: Visibility = "public"
    facts: list[Fact] = field(default_factory=list)
    hidden: dict[Visibility, list[Fact]] = field(default_factory=dict)
    base: str = ""
    iri: Term = ""

    def value(self, property_: Term) -> Term:
        """Return the first value of a property, or an empty text."""
        return next((value for said, value in self.facts if said == property_), "")

    def values(self, property_: Term) -> list[Term]:
        """Return all values of a property."""
        return [value for said, value in self.facts if said == property_]


class Unstated(NamedTuple):
    """A cell that could not be stated, and why.

    ``reason`` is ``no-alliance`` (what is said of a membership, and no alliance is named), ``nothing-to-qualify`` (a
    date or a system of figures that are not there), ``incomplete`` (what it belongs to is not named) or ``kept-back``
    (the whole row waits for a decision; ``column`` is empty).
    """

    table: str
    row: int
    column: str
    reason: str


class Naming(Protocol):
    """What the nodes of rows are called, and what names in cells stand for."""

    def meaning(self, record: Record, column: str, name: Named) -> Term | None:
        """Return what a name stands for; ``None``: nothing on record, so that the text is all there is."""
        ...

    def give_name(self, record: Record, node: RowNode) -> None:
        """Give a node its name."""
        ...


class Said(NamedTuple):
    """What one column says of one node, who may see it, and whether it only says more about a node that is there."""

    column: str
    level: Visibility
    qualifies: bool
    facts: Sequence[Fact]


@dataclass(frozen=True)
class _Kind:
    """What is the same for all nodes of one part, or for all things, of a sheet."""

    key: str
    identity: IdentityKind
    name_column: str
    given: tuple[tuple[Term, Term, Term], ...]
    """Property, value, and the property that has to be there (or empty), as the source says it."""
    part: PartKind | None = None
    facts: tuple[Fact, ...] = ()
    """What its constants say."""
    counts: bool = True
    """Whether rows have to be counted before such nodes get names."""


class SheetReader:
    """Reads rows of one kind of sheet; what is the same for all of them is worked out once.

    Args:
        sheet: what its columns mean.
        book: what its classes are called.
        source: the document.
        stricter: column key to who may see it, where fewer may than the workbook says.
    """

    def __init__(
        self, sheet: SheetKind, book: Workbook, source: Source, stricter: Mapping[str, Visibility]
    ) -> None:
        self.sheet, self._book, self._source = sheet, book, source
        self._columns = {column.key: column for column in sheet.columns}
        self._levels = {
            # Without a required column, nothing could be said of the row at all.
            column.key: strictest(
                (column.visibility, "public" if column.required else stricter.get(column.key, "public"))
            )
            for column in sheet.columns
        }
        self._thing = self._kind(THING, sheet.type, None)
        self._variants = {variant.type: self._kind(THING, variant.type, None) for variant in sheet.variants}
        self._parts = tuple(self._kind(part.key, part.type, part) for part in sheet.parts)
        self._counted = tuple(kind for kind in self._parts if kind.counts)
        counted = {THING, *(kind.key for kind in self._counted)}
        self._counted_columns = {
            column.key for column in sheet.columns if counted & set(column.on or (THING,))
        }
        self.subject_column = next(
            (c.key for c in sheet.columns if c.kind == "reference" and c.required and not c.on), ""
        )
        """Key of the column that names what a row without a name of its own is about."""

    def nodes(
        self, record: Record, naming: Naming, left_out: list[Unstated] | None = None
    ) -> Iterator[RowNode]:
        """Yield the nodes that a row speaks of, each after the one that it belongs to.

        Args:
            record: the row.
            naming: gives the nodes their names.
            left_out: takes what cannot be stated; without it, rows are counted: only the nodes come for which that
                is needed.
        """
        counting = left_out is None
        unstated: list[Unstated] = [] if left_out is None else left_out
        variant = _variant(self.sheet, record)
        said = self._said(record, variant, naming, counting=counting)
        thing = self._thing_of(variant, said.get(THING, ()))
        if missing := _missing(thing):
            unstated += self._unstated(record, record.values, missing)
            return
        naming.give_name(record, thing)
        yield thing
        made = {THING: thing}
        for kind in self._counted if counting else self._parts:
            for node, columns in self._part_nodes(kind, said.get(kind.key, ()), made):
                if missing := _missing(node):
                    unstated += self._unstated(record, columns, missing)
                    continue
                naming.give_name(record, node)
                made[kind.key] = node
                yield node
        unstated += self._unqualifying(record, made)

    def _said(
        self, record: Record, variant: Variant | None, naming: Naming, *, counting: bool
    ) -> Mapping[str, list[Said]]:
        """Return what the cells of a row say, by the key of the part they speak of."""
        found: dict[str, list[Said]] = {}
        for key, values in record.values.items():
            if counting and key not in self._counted_columns:
                continue
            column, level = self._columns[key], self._levels[key]

            def meaning(name: Named, key: str = key) -> Term | None:
                return naming.meaning(record, key, name)

            facts = tuple(
                facts_of(column, values, meaning, variant.properties.get(key, "") if variant else "")
            )
            if column.on and column.otherwise and any(map(is_note, facts)):
                notes = tuple(fact for fact in facts if is_note(fact))
                found.setdefault(THING, []).append(Said(key, level, column.qualifies, notes))
                facts = tuple(fact for fact in facts if not is_note(fact))
            if facts:
                for target in column.on or (THING,):
                    found.setdefault(target, []).append(Said(key, level, column.qualifies, facts))
        return found

    def _thing_of(self, variant: Variant | None, said: Sequence[Said]) -> RowNode:
        kind = self._variants[variant.type] if variant else self._thing
        node = RowNode(THING, kind.identity, kind.name_column)
        _fill(node, said, kind)
        node.visibility = _LEVELS.get(node.value(_LEVEL), "public")
        return node

    def _part_nodes(
        self, kind: _Kind, said: Sequence[Said], made: Mapping[str, RowNode]
    ) -> Iterator[tuple[RowNode, list[str]]]:
        """Yield the nodes of one part with the columns that speak of them."""
        part = kind.part
        assert part is not None  # noqa: S101 - only the thing of a row is no part
        makers = [one.level for one in said if not one.qualifies]
        if not makers and not part.always:
            return
        owner = made.get(part.of) or made[THING]
        widest: Visibility = min(makers, key=VISIBILITIES.index, default="public")
        level = strictest((part.visibility, owner.visibility, widest))
        for group in _groups(said) if part.each else (said,):
            link = (iri_term(part.link), owner.iri)
            node = RowNode(kind.key, kind.identity, kind.name_column, owner, level, [link, *kind.facts])
            _fill(node, group, kind)
            yield node, [one.column for one in group]

    def _unstated(self, record: Record, columns: Iterable[str], missing: str) -> Iterator[Unstated]:
        given = any(missing in identity.given for identity in self._book.identities.values())
        for column in columns:
            yield Unstated(record.table, record.row, column, "no-alliance" if given else "incomplete")

    def _unqualifying(self, record: Record, made: Mapping[str, RowNode]) -> Iterator[Unstated]:
        """Yield the cells that say more about parts of which none is there."""
        for key in record.values:
            column = self._columns[key]
            if column.qualifies and not made.keys() & set(column.on):
                yield Unstated(record.table, record.row, key, "nothing-to-qualify")

    def _kind(self, key: str, type_: str, part: PartKind | None) -> _Kind:
        identity, sheet = self._book.identity(type_), self.sheet
        columns = [column for column in sheet.columns if key in (column.on or (THING,))]
        constants = part.constants if part else {}
        public = {self._levels[column.key] for column in columns} <= {"public"}
        return _Kind(
            key,
            identity,
            next((column.key for column in columns if column.property == SKOS.prefLabel), ""),
            tuple(
                (iri_term(said), value, iri_term(given.needs) if given.needs else "")
                for said, given in identity.given.items()
                if (value := _given_term(given, self._source))
            ),
            part,
            tuple((iri_term(said), iri_term(value)) for said, value in constants.items()),
            counts=identity.own
            or not public
            or bool(part and part.visibility != "public")
            or any(other.of == key for other in sheet.parts),
        )


def _fill(node: RowNode, said: Sequence[Said], kind: _Kind) -> None:
    """Let a node hold what columns say of it, and what the source says where no column does."""
    for one in said:
        if VISIBILITIES.index(one.level) > VISIBILITIES.index(node.visibility):
            node.hidden.setdefault(one.level, []).extend(one.facts)
        else:
            node.facts += one.facts
    for property_, value, needed in kind.given:
        if not node.value(property_) and (not needed or node.value(needed)):
            node.facts.append((property_, value))


def _missing(node: RowNode) -> str:
    """Return a property without which a node is not known from others (empty: none is missing)."""
    identity = node.identity
    if not identity.own or (identity.id and node.value(iri_term(identity.id))):
        return ""
    return next((said for said in identity.by if not node.value(iri_term(said))), "")


def _groups(said: Sequence[Said]) -> Iterator[Sequence[Said]]:
    """Yield what is said of each node of a part of which there is one for each value."""
    for one in said:
        for fact in one.facts:
            yield (one._replace(facts=(fact,)),)


def _variant(sheet: SheetKind, record: Record) -> Variant | None:
    for variant in sheet.variants:
        values = record.values.get(variant.column, ())
        if any(getattr(value, "iri", "") == variant.value for value in values):
            return variant
    return None


def _given_term(given: Given, source: Source) -> Term:
    """Return what the source says, as a term: a thing, or a concept of the vocabulary named like the attribute."""
    value: str = getattr(source, given.attribute)
    if not value:
        return ""
    return iri_term(value if ":" in value else f"{_VOCABULARY}{given.attribute}/{value}")
