"""Entity cards: what is known of one thing, each fact with source, date and basis, and what is not known.

The resource page and ``GET /api/v1/entities`` show the same card.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields, is_dataclass, replace
from decimal import Decimal
from itertools import groupby
from typing import Literal

from graph.engine import Engine
from graph.figures import Figure, figures_about
from graph.links import PAGE, Direction, Link, counts, inverses, links, page
from graph.nodes import Named, Nodes, first_labels, in_language, is_iri_text
from graph.provenance import Provenance, Provenances, documents_of
from graph.quads import XSD, LiteralParts, Term, iri, literal_parts, text_of
from ontology.display import Expected, Labels, display
from ontology.library import query

_DATES = {XSD + name for name in ("date", "dateTime", "gYear", "gYearMonth")}

_Counts = Mapping[str, int]

Json = None | bool | int | float | str | list["Json"] | dict[str, "Json"]


@dataclass(frozen=True)
class Text:
    """A literal as a reader sees it, with its language and datatype."""

    text: str
    language: str = ""
    datatype: str = ""


@dataclass(frozen=True)
class Identifier:
    """A code of a thing and the scheme that it belongs to (``None``: not said)."""

    value: str
    scheme: Named | None
    provenance: Provenance


@dataclass(frozen=True)
class Fact:
    """One value of one property: a text, or another thing."""

    property: Named
    value: Text | Named
    provenance: Provenance
    disagrees: bool = False
    """Whether sources give it several values of which only one can be right."""


@dataclass(frozen=True)
class Item:
    """One thing at the other end of a relation."""

    entity: Named
    provenance: Provenance


@dataclass(frozen=True)
class Relation:
    """All things that one property leads to or from; ``items`` are the first of ``total``.

    ``after`` is where the next page begins, empty when there is none; ``hidden`` counts the illustrative things
    that were left out of it.
    """

    property: Named
    direction: Direction
    heading: Labels
    total: int
    items: tuple[Item, ...]
    after: str = ""
    hidden: int = field(default=0, metadata={"internal": True})


@dataclass(frozen=True)
class Claim:
    """What a source says of a thing in words of praise or intent: as said, not as verified."""

    entity: Named
    text: Labels
    provenance: Provenance


@dataclass(frozen=True)
class Question:
    """Something a reader expects to learn, and whether the graph knows it."""

    labels: Labels
    known: bool


@dataclass(frozen=True)
class Completeness:
    """How much of what a reader expects is known."""

    known: int
    expected: int
    questions: tuple[Question, ...]


@dataclass(frozen=True)
class Event:
    """A date of a thing: its start, its end, the day it speaks of, or the property that gives the date."""

    date: str
    role: Literal["start", "end", "at"] | Named
    about: Named


@dataclass(frozen=True)
class Card:
    """Everything that is shown of one thing.

    ``own`` is where the thing itself comes from when it is a fact; ``places`` are chains of areas, each from the
    place itself up to the country; ``hidden`` counts the illustrative things that were left out.
    """

    iri: str
    named: Named
    aliases: tuple[Text, ...]
    kinds: tuple[Named, ...]
    definition: Labels
    notes: Labels
    identifiers: tuple[Identifier, ...]
    facts: tuple[Fact, ...]
    relations: tuple[Relation, ...]
    figures: tuple[Figure, ...]
    claims: tuple[Claim, ...]
    timeline: tuple[Event, ...]
    places: tuple[tuple[Named, ...], ...]
    completeness: Completeness
    own: Provenance
    sources: tuple[Named, ...]
    last_verified: str
    illustrative: bool
    hidden: int = field(default=0, metadata={"internal": True})


def card(engine: Engine, name: str, *, real: bool = False) -> Card | None:
    """Return the card of any thing that the graph speaks of, ``None`` when it does not.

    Of a relation with many members only their number and the first page are read.

    Args:
        engine: the graph.
        name: IRI of the thing.
        real: whether illustrative things around it are left out; those around an illustrative thing never are.
    """
    if not is_iri_text(name):
        return None
    out, incoming = counts(engine, name, "out"), counts(engine, name, "in")
    if not out and not incoming:
        return None
    desk = _Desk(engine, name, real=real)
    every = (out, incoming)
    if desk.real:
        out, incoming = (counts(engine, name, "out", real=True), counts(engine, name, "in", real=True))
    outgoing, pointing = _shown_links(desk, out, incoming)
    desk.read([*outgoing, *pointing])
    facts = _facts(desk, outgoing, out)
    claims = _claims(desk, pointing)
    relations = (
        *_relations(desk, outgoing, out),
        *_drawn(desk, incoming),
        *_relations(desk, pointing, incoming),
    )
    figures = figures_about(engine, desk.nodes, desk.provenances, name, real=desk.real)
    identifiers = _identifiers(desk, outgoing)
    own = desk.provenances.of(name)
    known = [own, *_provenances(facts, identifiers, claims, relations, figures)]
    return Card(
        iri=name,
        named=desk.nodes.named(name),
        aliases=_aliases(desk, outgoing),
        kinds=tuple(desk.nodes.named(kind) for kind in desk.nodes.linked(name, "kind")),
        definition=_definition(desk, outgoing),
        notes=desk.nodes.texts(name, "note"),
        identifiers=identifiers,
        facts=facts,
        relations=relations,
        figures=figures,
        claims=claims,
        timeline=_timeline(desk.nodes.named(name), facts, relations, figures),
        places=_places(desk),
        completeness=_completeness(desk, {*out}, {*incoming}, identifiers, figures),
        own=own,
        sources=documents_of(known),
        last_verified=_last_verified(desk, known),
        illustrative=desk.nodes.is_illustrative(name),
        hidden=_hidden(desk, every, (out, incoming)),
    )


def outgoing_facts(engine: Engine, name: str) -> tuple[Fact, ...]:
    """Return what is said of a thing itself, without what points to it: cheap however many things do."""
    out = counts(engine, name, "out")
    desk = _Desk(engine, name, real=False)
    found = links(engine, name, "out", out, desk.roles("hidden"))
    desk.read(found)
    return _facts(desk, found, out)


def relation_page(
    engine: Engine, name: str, direction: Direction, property_: str, after: str, *, real: bool = False
) -> Relation:
    """Return one further page of one relation of a thing, after the IRI at which the last one ended."""
    desk = _Desk(engine, name, real=real)
    found = page(engine, name, direction, property_, after, real=desk.real)
    desk.read(found)
    every = counts(engine, name, direction).get(property_, 0)
    total = counts(engine, name, direction, real=True).get(property_, 0) if desk.real else every
    return replace(_relation(desk, property_, direction, found, total), hidden=every - total)


def card_json(shown: Card) -> dict[str, Json]:
    """Return a card as JSON values: the names of the attributes, labels by language."""
    named, whole = _json(shown.named), _json(shown)
    if not isinstance(named, dict) or not isinstance(whole, dict):
        raise TypeError("a card is an object")
    del whole["named"]
    return {**named, **whole}


class _Desk:
    """What has been read for one card: names, sources, and statements about its triples."""

    def __init__(self, engine: Engine, name: str, *, real: bool) -> None:
        self.engine, self.name = engine, name
        self.nodes = Nodes(engine)
        self.nodes.read([name])
        self.real = real and not self.nodes.is_illustrative(name)
        self.provenances = Provenances(engine, self.nodes, about=name)
        self._statements: dict[tuple[str, str, str], list[str]] = {}

    def roles(self, *names: str) -> frozenset[str]:
        """Return the properties that play these roles on the page."""
        return self.nodes.table.role(*names)

    def read(self, found: Sequence[Link]) -> None:
        """Read everything that these links name, in a few queries."""
        self._read_statements()
        things = {self.name, *(link.other for link in found if link.other)}
        properties = {link.predicate for link in found}
        datatypes = {_said(link.value).datatype for link in found if not link.other} - {""}
        self.nodes.read(things | properties | datatypes)
        self.nodes.read(self.nodes.linked(self.name, "kind"))
        facts = things | {fact for facts in self._statements.values() for fact in facts}
        self.provenances.read(facts, {graph for link in found for graph in link.graphs})

    def provenance(self, link: Link) -> Provenance:
        """Return where a triple comes from: a statement about it, the fact at one of its ends, or its graphs."""
        ends = (f"<{self.name}>", link.value) if link.direction == "out" else (link.value, f"<{self.name}>")
        facts = self._statements.get((ends[0], link.predicate, ends[1]), [])
        facts = facts or [end for end in (link.other, self.name) if self.provenances.is_fact(end)][:1]
        if not facts:
            return self.provenances.of_graphs(link.graphs)
        return self.provenances.of(facts[0], link.graphs)

    def _read_statements(self) -> None:
        for row in self.engine.select(query("entity-statements").bound({"this": iri(self.name)})):
            triple = (row["subject"], text_of(row["property"]), row["value"])
            self._statements.setdefault(triple, []).append(text_of(row["statement"]))
        for facts in self._statements.values():
            facts.sort()


def _shown_links(
    desk: _Desk, out: Mapping[str, int], incoming: Mapping[str, int]
) -> tuple[list[Link], list[Link]]:
    """Return the links to show; a relation that both ends state is shown once."""
    twice = _told_twice(desk, out, incoming)
    return (
        links(desk.engine, desk.name, "out", out, desk.roles("hidden"), real=desk.real),
        links(desk.engine, desk.name, "in", incoming, desk.roles("hidden_incoming") | twice, real=desk.real),
    )


def _told_twice(desk: _Desk, out: _Counts, incoming: _Counts) -> set[str]:
    """Return the properties of which every triple is the same relation as another one seen from here."""
    opposite = inverses(desk.engine)
    return {p for p in incoming if any(out.get(q, 0) >= incoming[p] for q in opposite.get(p, ()))}


def _hidden(desk: _Desk, every: tuple[_Counts, _Counts], shown: tuple[_Counts, _Counts]) -> int:
    """Return how many illustrative things were left out of what the card shows."""
    if not desk.real:
        return 0
    unlisted = (desk.roles("hidden"), desk.roles("hidden_incoming") | _told_twice(desk, *every))
    return sum(
        number - kept.get(property_, 0)
        for numbers, kept, without in zip(every, shown, unlisted, strict=True)
        for property_, number in numbers.items()
        if property_ not in without
    )


def _facts(desk: _Desk, outgoing: Sequence[Link], numbers: Mapping[str, int]) -> tuple[Fact, ...]:
    named_elsewhere = desk.roles("label", "alias", "identifier", "definition", "note")
    single = desk.roles("single")
    return tuple(
        Fact(
            desk.nodes.named(link.predicate),
            _value(desk, link),
            desk.provenance(link),
            disagrees=link.predicate in single and numbers[link.predicate] > 1,
        )
        for link in outgoing
        if link.predicate not in named_elsewhere and _is_fact(desk, link, numbers)
    )


def _is_fact(desk: _Desk, link: Link, numbers: Mapping[str, int]) -> bool:
    """Tell whether a link reads as a property of the thing rather than as one of many relations."""
    if not link.other or numbers[link.predicate] == 1:
        return True
    return desk.nodes.named(link.other).family == "term"


def _said(value: Term) -> LiteralParts:
    """Return the parts of a literal; what a plain dataset may hold besides (blank nodes, triples) reads as text."""
    return literal_parts(value) if value.startswith('"') else LiteralParts(value, "", "")


def _value(desk: _Desk, link: Link) -> Text | Named:
    if link.other:
        return desk.nodes.named(link.other, without=desk.name)
    parts = _said(link.value)
    return Text(parts.lexical, parts.language, parts.datatype)


def _relations(desk: _Desk, found: Sequence[Link], numbers: Mapping[str, int]) -> tuple[Relation, ...]:
    claimed = desk.roles("claimed")
    listed = [
        link
        for link in found
        if link.other
        and (link.direction == "in" or not _is_fact(desk, link, numbers))
        and not (link.direction == "in" and link.predicate in claimed)
    ]
    return tuple(
        _relation(desk, property_, direction, list(group), numbers[property_])
        for (direction, property_), group in groupby(
            sorted(listed, key=lambda link: (link.direction, link.predicate)),
            key=lambda link: (link.direction, link.predicate),
        )
    )


def _by_family(*relations: Relation) -> tuple[Relation, ...]:
    """Return relations with the kinds of things that matter most first."""
    order = display().family_order
    return tuple(sorted(relations, key=lambda relation: order.index(relation.items[0].entity.family)))


def _relation(
    desk: _Desk, property_: str, direction: Direction, found: Sequence[Link], total: int
) -> Relation:
    items = [
        Item(desk.nodes.named(link.other, desk.name), desk.provenance(link)) for link in found if link.other
    ]
    return Relation(
        property=desk.nodes.named(property_),
        direction=direction,
        heading=_heading(desk, property_, direction),
        total=total,
        items=tuple(items if total > PAGE else sorted(items, key=_list_order)),
        after=items[-1].entity.iri if len(found) == PAGE and total > PAGE else "",
    )


def _heading(desk: _Desk, property_: str, direction: Direction) -> Labels:
    labels = desk.nodes.labels(property_)
    if direction == "out":
        return labels
    return desk.nodes.table.incoming.get(property_) or {
        language: f"← {label}" for language, label in labels.items()
    }


def _list_order(item: Item) -> tuple[int, list[tuple[int, str]], str]:
    """Sort by sentence, then by name with numbers by value: the order of the source is the order people know."""
    sentences = [source.sentence for source in item.provenance.sources if source.sentence]
    name = in_language(item.entity.labels, "zh")
    parts = [(int(part), "") if part.isdecimal() else (-1, part) for part in re.split(r"(\d+)", name)]
    return min(sentences, default=0), parts, item.entity.iri


def _drawn(desk: _Desk, incoming: Mapping[str, int]) -> tuple[Relation, ...]:
    """Return the facts that the sentences of a document give, in the order of the text."""
    if not incoming.keys() & desk.roles("document"):
        return ()
    rows = desk.engine.select(query("entity-drawn").bound({"this": iri(desk.name)}))
    found = [text_of(row["fact"]) for row in rows]
    desk.provenances.read(found)
    items = tuple(Item(desk.nodes.named(fact), desk.provenances.of(fact)) for fact in found)
    (derived,) = desk.roles("derived")
    heading = _heading(desk, derived, "in")
    total = desk.engine.select(query("entity-drawn-count").bound({"this": iri(desk.name)}))[0]["count"]
    return (Relation(desk.nodes.named(derived), "in", heading, int(text_of(total)), items),) if items else ()


def _claims(desk: _Desk, pointing: Sequence[Link]) -> tuple[Claim, ...]:
    claimed = [link for link in pointing if link.predicate in desk.roles("claimed")]
    claims = [
        Claim(
            desk.nodes.named(link.other),
            first_labels(desk.nodes.terms(link.other, "description")) or desk.nodes.labels(link.other),
            desk.provenance(link),
        )
        for link in claimed
        if link.other
    ]
    return tuple(sorted(claims, key=lambda claim: _list_order(Item(claim.entity, claim.provenance))))


def _identifiers(desk: _Desk, outgoing: Sequence[Link]) -> tuple[Identifier, ...]:
    found = []
    for link in outgoing:
        if link.predicate in desk.roles("identifier") and not link.other:
            parts = _said(link.value)
            scheme = None if parts.datatype.startswith(XSD) else desk.nodes.named(parts.datatype)
            found.append(Identifier(parts.lexical, scheme, desk.provenance(link)))
    return tuple(sorted(found, key=lambda one: (one.scheme.iri if one.scheme else "", one.value)))


def _aliases(desk: _Desk, outgoing: Sequence[Link]) -> tuple[Text, ...]:
    """Return every name besides the ones in the title."""
    title = set(desk.nodes.labels(desk.name).values())
    names = [
        _said(link.value)
        for link in outgoing
        if link.predicate in desk.roles("label", "alias") and not link.other
    ]
    return tuple(Text(name.lexical, name.language) for name in names if name.lexical not in title)


def _definition(desk: _Desk, outgoing: Sequence[Link]) -> Labels:
    wanted = desk.nodes.table.properties["definition"]
    found = sorted(
        (wanted.index(link.predicate), link.value) for link in outgoing if link.predicate in wanted
    )
    return first_labels(value for _, value in found)


def _timeline(
    thing: Named, facts: Iterable[Fact], relations: Iterable[Relation], figures: Iterable[Figure]
) -> tuple[Event, ...]:
    """Return the dates of the thing, of what is shown beside it, and of its figures, oldest first."""
    events = [
        Event(fact.value.text, fact.property, thing)
        for fact in facts
        if isinstance(fact.value, Text) and fact.value.datatype in _DATES
    ]
    shown = [(item.entity, item.provenance.period) for relation in relations for item in relation.items]
    shown += [(figure.total.indicator, figure.total.provenance.period) for figure in figures]
    for about, period in shown:
        events += [Event(period.start, "start", about)] if period.start else []
        events += [Event(period.end, "end", about)] if period.end else []
        events += [Event(period.at, "at", about)] if period.at else []
    once = {(event.date, str(event.role), event.about.iri): event for event in events}
    return tuple(once[key] for key in sorted(once))


def _places(desk: _Desk) -> tuple[tuple[Named, ...], ...]:
    chains: dict[str, list[str]] = {}
    for row in desk.engine.select(query("entity-place").bound({"this": iri(desk.name)})):
        chains.setdefault(text_of(row["start"]), []).append(text_of(row["area"]))
    desk.nodes.read(area for chain in chains.values() for area in chain)
    return tuple(tuple(desk.nodes.named(area) for area in chains[start]) for start in sorted(chains))


def _completeness(
    desk: _Desk,
    out: set[str],
    incoming: set[str],
    identifiers: Iterable[Identifier],
    figures: Iterable[Figure],
) -> Completeness:
    schemes = {one.scheme.iri for one in identifiers if one.scheme}
    indicators = {figure.total.indicator.iri for figure in figures}

    def is_known(wanted: Expected) -> bool:
        if wanted.ask:
            return bool(desk.engine.select(query(wanted.ask).bound({"this": iri(desk.name)})))
        there = out & {*wanted.outgoing} or incoming & {*wanted.incoming}
        return bool(there) or wanted.indicator in indicators or wanted.identifier in schemes

    expected = [
        wanted
        for kind in desk.nodes.linked(desk.name, "kind")
        for wanted in desk.nodes.table.expected.get(kind, ())
    ]
    questions = tuple(Question(wanted.labels, is_known(wanted)) for wanted in expected)
    return Completeness(sum(question.known for question in questions), len(questions), questions)


def _last_verified(desk: _Desk, known: Iterable[Provenance]) -> str:
    """Return the latest day on which the thing, or a fact shown of it, was verified; empty for never."""
    names = {desk.name, *(one.fact for one in known)}
    return max((text_of(day) for name in names for day in desk.nodes.terms(name, "verified")), default="")


def _provenances(
    facts: Iterable[Fact],
    identifiers: Iterable[Identifier],
    claims: Iterable[Claim],
    relations: Iterable[Relation],
    figures: Iterable[Figure],
) -> list[Provenance]:
    of_figures = [
        one.provenance
        for figure in figures
        for one in (figure.total, *(part for split in figure.breakdowns for part in split.parts))
    ]
    of_items = [item.provenance for relation in relations for item in relation.items]
    single: list[Fact | Identifier | Claim] = [*facts, *identifiers, *claims]
    return [*(one.provenance for one in single), *of_items, *of_figures]


def _json(value: object) -> Json:
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, Mapping):
        return {str(key): _json(one) for key, one in value.items()}
    if isinstance(value, tuple):
        return [_json(one) for one in value]
    if is_dataclass(value):
        shown = (item for item in fields(value) if not item.metadata.get("internal"))
        return {item.name: _json(getattr(value, item.name)) for item in shown}
    raise TypeError(f"not a part of a card: {value!r}")
