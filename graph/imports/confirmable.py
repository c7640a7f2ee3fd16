"""What can be confirmed of a unit: each fact that a source states, with the column of the workbook that it fits."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import NamedTuple

from graph.engine import Engine
from graph.imports.held_facts import HeldSource, held_sources
from graph.names import Names
from graph.quads import Term, iri, is_iri, literal_parts, text_of
from graph.restricted import RestrictedFact
from ontology.library import query
from ontology.terms import DC, MA, ORG, PROV, QUDT, RDF, SKOS, SOSA
from ontology.workbook import ColumnKind, Visibility, Workbook, workbook

UNASKED = frozenset(
    (
        *(RDF.type, MA.basis, PROV.wasDerivedFrom, MA.verifiedOn, MA.illustrative),
        *(SKOS.note, SKOS.editorialNote, DC.source),
    )
)
"""Properties that say where a fact comes from, or are free remarks: nobody is asked about them."""
_ABOUT_FIGURES = frozenset((SOSA.observedProperty, QUDT.hasUnit, MA.visibility))
"""Properties that say what a figure counts: another indicator or unit would be another figure."""
THINGS = (ORG.FormalOrganization, MA.ClinicalDepartment)
"""Classes of units."""

_TYPE = iri(RDF.type)
_INDICATOR = iri(SOSA.observedProperty)
_OWN = MA.Local.removesuffix("Local")


class Answered(NamedTuple):
    """What was answered about a fact before: the answer (notation), the day, and the document."""

    answer: str
    day: str
    document: str


@dataclass(frozen=True)
class Node:
    """A node as one source states it.

    Attributes:
        node: the node.
        thing: the thing with a name that it is about.
        type: its class (IRI).
        graph: the graph of the source.
        facts: property and value.
        visibility: who may see it.
        about: of a restricted node, the public thing that it is shown with (empty: it is public).
    """

    node: Term
    thing: Term
    type: str
    graph: Term
    facts: tuple[tuple[Term, Term], ...]
    visibility: Visibility = "public"
    about: Term = ""


@dataclass(frozen=True)
class Confirmable:
    """A fact that somebody may confirm.

    Attributes:
        node: the node that states it, in the newest source that does.
        said: IRI of the property.
        value: what is stated.
        column: the column of the workbook that holds such facts.
        concerned: what was asked about: the property, or the indicator of a figure.
        sources: who states it, the newest first.
        answered: what was answered before, the newest first.
    """

    node: Node
    said: str
    value: Term
    column: ColumnKind
    concerned: str
    sources: tuple[HeldSource, ...]
    answered: tuple[Answered, ...] = ()

    @property
    def key(self) -> str:
        """A short name of the fact, the same whenever the same is stated."""
        said = (
            self.node.thing,
            self.node.type,
            self.concerned,
            self.said,
            self.value,
            self.node.visibility,
        )
        return hashlib.sha256("\n".join(said).encode()).hexdigest()[:16]


class _Kind(NamedTuple):
    """A kind of node: its class and what every such node has, as terms."""

    type: str
    constants: frozenset[tuple[Term, Term]]


def confirmable(
    engine: Engine,
    names: Names,
    things: Sequence[Term],
    restricted: Iterable[RestrictedFact] = (),
    document_graph: Term = "",
) -> tuple[Confirmable, ...]:
    """Return the facts about a unit that somebody may confirm.

    Args:
        engine, names: the instance.
        things: the unit and what belongs to it.
        restricted: what the asking person may see of what is not public.
        document_graph: only what one source states (empty: all that count).
    """
    sources = {one.graph: one for one in held_sources(engine, names) if document_graph in ("", one.graph)}
    listed = list(restricted)
    nodes = [*nodes_of(engine, things), *_restricted_nodes(listed)]
    stating = [node for node in nodes if node.graph in sources and node.type != MA.Confirmation]
    answered = _answered(engine, things, listed)
    return tuple(_facts(stating, sources, answered))


def nodes_of(engine: Engine, things: Sequence[Term]) -> Iterator[Node]:
    """Yield some things, and the records about them, as each source states them in public."""
    if not things:
        return
    said: dict[tuple[Term, Term, Term], list[tuple[Term, Term]]] = defaultdict(list)
    for row in engine.select(query("facts-of-things").bound({"thing": list(things)})):
        said[row["thing"], row["node"], row["graph"]].append((row["property"], row["value"]))
    own = set(things)
    for (thing, node, graph), facts in said.items():
        if node == thing or node not in own:
            yield Node(node, thing, _type_of(facts), graph, tuple(facts))


def _restricted_nodes(restricted: Iterable[RestrictedFact]) -> Iterator[Node]:
    for fact in restricted:
        facts = tuple(sorted((quad.predicate, quad.object) for quad in fact.quads))
        if facts and fact.visibility in ("alliance", "internal"):
            visibility: Visibility = "internal" if fact.visibility == "internal" else "alliance"
            yield Node(fact.node, fact.about, _type_of(facts), fact.graph, facts, visibility, fact.about)


def _type_of(facts: Iterable[tuple[Term, Term]]) -> str:
    """Return the class of a node that the workbook knows, else any."""
    types = [text_of(value) for said, value in facts if said == _TYPE]
    known = {kind.type for kind in _kinds()}
    return next((one for one in types if one in known), types[0] if types else "")


def _facts(
    nodes: Sequence[Node],
    sources: Mapping[Term, HeldSource],
    answered: Mapping[tuple[Term, str, str], list[Answered]],
) -> Iterator[Confirmable]:
    """Yield each fact once, whoever states it."""
    found: dict[str, list[Confirmable]] = {}
    for node in nodes:
        for one in asked_of(node):
            earlier = answered.get((node.thing, one.concerned, text_of(one.value)), [])
            said, source = text_of(one.said), sources[node.graph]
            fact = Confirmable(node, said, one.value, one.column, one.concerned, (source,), tuple(earlier))
            found.setdefault(fact.key, []).append(fact)
    for listed in found.values():
        newest = max(listed, key=lambda fact: fact.sources[0].age)
        stating = sorted({fact.sources[0] for fact in listed}, key=lambda source: source.age, reverse=True)
        yield replace(newest, sources=tuple(stating))


class Asked(NamedTuple):
    """A fact of a node that the workbook has a column for."""

    said: Term
    value: Term
    column: ColumnKind
    concerned: str


def asked_of(node: Node) -> Iterator[Asked]:
    """Yield the facts of a node that somebody may be asked about."""
    columns, indicator = _columns_of(node)
    for said, value in node.facts:
        if text_of(said) not in UNASKED | _ABOUT_FIGURES:
            column = next((one for one in columns if _fits(one, text_of(said), value)), None)
            if column is not None and not _is_structure(node, column):
                yield Asked(said, value, column, indicator or text_of(said))


def _columns_of(node: Node) -> tuple[tuple[ColumnKind, ...], str]:
    """Return the columns for a kind of node, and of a figure its indicator."""
    held = set(node.facts)
    fitting = [kind for kind in _kinds() if kind.type == node.type and kind.constants <= held]
    best = max(fitting, key=lambda kind: len(kind.constants), default=None)
    indicator = next((text_of(value) for said, value in node.facts if said == _INDICATOR), "")
    return (_kinds()[best] if best else ()), indicator


def _fits(column: ColumnKind, property_: str, value: Term) -> bool:
    if property_ not in (column.property, column.mobile):
        return False
    if is_iri(value):
        return column.kind in ("concept", "reference")
    parts = literal_parts(value)
    if column.datatype.startswith(_OWN) and column.datatype != parts.datatype:
        return False
    return not column.language or not parts.language or column.language == parts.language


def _is_structure(node: Node, column: ColumnKind) -> bool:
    """Tell whether a property says what a node is or belongs to, rather than something about it."""
    identity = workbook().identity(node.type)
    if node.type in THINGS:
        return column.kind == "reference" and column.required
    return column.property in identity.by or (column.kind == "reference" and column.required)


@cache
def _kinds() -> Mapping[_Kind, tuple[ColumnKind, ...]]:
    """Return the columns of each kind of node; the short sheet has the plainest words, so it comes first."""
    found: dict[_Kind, dict[str, ColumnKind]] = defaultdict(dict)
    book: Workbook = workbook()
    for sheet in sorted(book.sheets, key=lambda sheet: not sheet.default):
        parts = {part.key: part for part in sheet.parts}
        for column in sheet.columns:
            for target in column.on or ("",):
                part = parts.get(target)
                constants = part.constants.items() if part else ()
                kind = _Kind(
                    part.type if part else sheet.type, frozenset((iri(k), iri(v)) for k, v in constants)
                )
                found[kind].setdefault(f"{column.property} {column.datatype} {column.language}", column)
    return {kind: tuple(columns.values()) for kind, columns in found.items()}


def _answered(
    engine: Engine, things: Sequence[Term], restricted: Iterable[RestrictedFact]
) -> Mapping[tuple[Term, str, str], list[Answered]]:
    """Return earlier answers, the newest first, by thing, concerned property and value as text."""
    found: dict[tuple[Term, str, str], list[Answered]] = defaultdict(list)
    rows = engine.select(query("confirmations-of-things").bound({"thing": list(things)})) if things else []
    for row in rows:
        place = (row["thing"], text_of(row["property"]), text_of(row["value"]) if "value" in row else "")
        found[place].append(_answer(row["answer"], row["day"], row["document"]))
    for fact in restricted:
        said = {quad.predicate: quad.object for quad in fact.quads}
        if said.get(_TYPE) == iri(MA.Confirmation):
            place = (said[iri(MA.concerns)], text_of(said[iri(MA.concernedProperty)]), _value(said))
            found[place].append(
                _answer(said[iri(MA.answer)], said[iri(MA.verifiedOn)], said[iri(PROV.wasDerivedFrom)])
            )
    return {place: sorted(listed, key=lambda one: one.day, reverse=True) for place, listed in found.items()}


def _value(said: Mapping[Term, Term]) -> str:
    value = said.get(iri(MA.concernedValue))
    return text_of(value) if value else ""


def _answer(answer: Term, day: Term, document: Term) -> Answered:
    return Answered(text_of(answer).rpartition("/")[2], text_of(day), text_of(document))
