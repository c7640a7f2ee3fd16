"""Confirming: what a unit answers about the facts on record becomes a source of its own, which replaces nothing.

What is confirmed is stated again, what is corrected is stated as the unit says it, so that the sources then disagree;
and each answer is kept as such, also that something is unclear.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

from graph.catalogue import entries
from graph.engine import Engine
from graph.identity import Identities
from graph.imports.confirmable import THINGS, UNASKED, Confirmable, Node, asked_of
from graph.imports.source import Source
from graph.imports.statements import Stated
from graph.imports.value_terms import Fact, day_term
from graph.names import PACKAGED, Names
from graph.nodes import local_name
from graph.quads import Quad, Term, iri, is_iri, literal, text_of
from graph.restricted import Restricted
from ontology.terms import MA, ORG, PROV, RDF, SKOS, SKOSXL
from ontology.workbook import Visibility, workbook

Answer = Literal["confirmed", "corrected", "unclear"]
ANSWERS: tuple[Answer, ...] = ("confirmed", "corrected", "unclear")
"""What may be answered about a fact."""

_TYPE, _LABEL = iri(RDF.type), iri(SKOS.prefLabel)
_DERIVED, _VERIFIED = iri(PROV.wasDerivedFrom), iri(MA.verifiedOn)
_BASIS: Fact = (iri(MA.basis), iri(f"{PACKAGED}vocab/basis/stated"))
_ANSWER = f"{PACKAGED}vocab/confirmation-answer/"
_ALIAS = iri(f"{PACKAGED}vocab/name-kind/alias")
_STRUCTURE = (RDF.type, SKOS.prefLabel)


class Reply(NamedTuple):
    """What was answered about one fact; of a corrected one the facts that hold instead (property and value)."""

    fact: Confirmable
    answer: Answer
    instead: tuple[Fact, ...] = ()


@dataclass(frozen=True)
class Form:
    """What was said on one form about one unit.

    Attributes:
        unit: IRI of the unit.
        title: what the new source is called.
        day: the day of the answers (ISO).
        role: IRI of the part in which somebody answers (empty: not said).
        told: who answers, in free words: never public.
        replies: the answers.
    """

    unit: str
    title: str
    day: str
    role: str
    told: str
    replies: tuple[Reply, ...]


def confirmation_source(form: Form, engine: Engine, names: Names) -> Source:
    """Return the document that a form becomes: a new one each time, so that nothing is replaced."""
    slug = f"confirmation-{_slug(local_name(form.unit))}-{form.day}"
    taken = {entry.document for entry in entries(engine, names)}
    numbered = (slug if number == 1 else f"{slug}-{number}" for number in range(1, 10_000))
    name = next(one for one in numbered if f"{names.base}source/{one}" not in taken)
    digest = hashlib.sha256("\n".join(_told(form)).encode()).hexdigest()
    return Source(
        document=f"{names.base}source/{name}",
        graph=names.source(name, digest),
        title=form.title,
        digest=digest,
        file="",
        dated=form.day,
        received=form.day,
    )


def confirmed(
    form: Form, source: Source, identities: Identities, labels: Mapping[Term, Sequence[Fact]]
) -> Stated:
    """Return what a form states, public and restricted apart.

    Args:
        form: the answers.
        source: the document that they become.
        identities: names new nodes.
        labels: for each unit that the form speaks of, what it is and what it is called.
    """
    writing = _Writing(form, source, identities)
    for (node, _), replies in _by_node(form.replies).items():
        writing.restate(node, replies)
    for reply in form.replies:
        writing.note(reply)
    writing.introduce(labels)
    if form.told:
        document = iri(source.document)
        note = Quad(document, iri(SKOS.note), literal(form.told), iri(source.graph))
        writing.hide(document, iri(form.unit), "internal", [note])
    return Stated(frozenset(writing.quads), writing.restricted())


class _Writing:
    """Takes the answers of a form, and what they state."""

    def __init__(self, form: Form, source: Source, identities: Identities) -> None:
        self._form, self._source, self._identities = form, source, identities
        self._graph, self._document = iri(source.graph), iri(source.document)
        self._day: Fact = (_VERIFIED, day_term(form.day))
        self.quads: set[Quad] = set()
        self._hidden: dict[tuple[Term, Term, Visibility], set[Quad]] = defaultdict(set)

    def restate(self, node: Node, replies: Sequence[Reply]) -> None:
        """State a node again with what is confirmed and corrected of it."""
        stated = list(_stated(node, replies))
        if not stated:
            return
        whole = [*_structure(node), *stated]
        if node.type not in THINGS:
            whole += [_BASIS]
        if not any(reply.answer == "unclear" for reply in replies):
            whole += [self._day]
        whole += [(_DERIVED, self._document)]
        self._say(node, self._name(node, whole), whole)
        for reply in replies:
            if reply.answer == "corrected" and _is_own_name(reply.fact):
                self._name_otherwise(node, reply)

    def note(self, reply: Reply) -> None:
        """Keep an answer as such."""
        fact = reply.fact
        facts: list[Fact] = [
            (_TYPE, iri(MA.Confirmation)),
            (iri(MA.concerns), fact.node.thing),
            (iri(MA.concernedProperty), iri(fact.concerned)),
            (iri(MA.concernedValue), literal(text_of(fact.value))),
            (iri(MA.answer), iri(_ANSWER + reply.answer)),
            self._day,
            _BASIS,
            (_DERIVED, self._document),
        ]
        if self._form.role:
            facts.append((iri(MA.answeredAs), iri(self._form.role)))
        name = iri(self._identities.part("confirmation", self._source.document, fact.key))
        self._say(fact.node, name, facts)

    def introduce(self, labels: Mapping[Term, Sequence[Fact]]) -> None:
        """State what the units are that were spoken of in public."""
        spoken = {quad.subject for quad in self.quads} | {quad.object for quad in self.quads}
        for thing, facts in labels.items():
            if thing in spoken:
                self.quads |= {Quad(thing, said, value, self._graph) for said, value in facts}
                self.quads.add(Quad(thing, _DERIVED, self._document, self._graph))

    def hide(self, node: Term, about: Term, visibility: Visibility, quads: Iterable[Quad]) -> None:
        """State what is not public."""
        self._hidden[node, about, visibility].update(quads)

    def restricted(self) -> tuple[Restricted, ...]:
        """Return all that is not public."""
        return tuple(
            Restricted(node, about, visibility, frozenset(quads))
            for (node, about, visibility), quads in sorted(self._hidden.items())
        )

    def _say(self, node: Node, name: Term, facts: Iterable[Fact]) -> None:
        quads = [Quad(name, said, value, self._graph) for said, value in facts]
        if node.visibility == "public":
            self.quads.update(quads)
        else:
            self.hide(name, node.about, node.visibility, quads)

    def _name(self, node: Node, facts: Sequence[Fact]) -> Term:
        """Return what a node is called here: things of their own keep their name, records get one of this source."""
        identity = workbook().identity(node.type)
        if identity.own or node.type in THINGS:
            return node.node
        key = "\n".join(sorted(f"{said} {value}" for said, value in facts))
        return iri(self._identities.part(identity.kind, self._source.document, key))

    def _name_otherwise(self, node: Node, reply: Reply) -> None:
        """State the name that a unit gives as another name of it: what others call it stays."""
        for _, value in reply.instead:
            facts = [
                (_TYPE, iri(MA.NameVariant)),
                (iri(MA.appliesTo), node.node),
                (iri(SKOSXL.literalForm), value),
                (iri(MA.kind), _ALIAS),
                self._day,
                _BASIS,
                (_DERIVED, self._document),
            ]
            name = self._identities.part("name", self._source.document, f"{node.node} {value}")
            self._say(node, iri(name), facts)


def _stated(node: Node, replies: Sequence[Reply]) -> Iterator[Fact]:
    """Yield what is confirmed of a node, and what holds instead of what is not."""
    for fact, answer, instead in replies:
        if answer == "confirmed":
            yield iri(fact.said), fact.value
        elif answer == "corrected" and _is_own_name(fact):
            yield iri(fact.said), fact.value  # it is what the unit is known by
        elif answer == "corrected":
            yield from instead


def _structure(node: Node) -> Iterator[Fact]:
    """Yield what says what a node is and belongs to."""
    asked = {(one.said, one.value) for one in asked_of(node)}
    by = workbook().identity(node.type).by
    for said, value in node.facts:
        property_ = text_of(said)
        is_link = is_iri(value) and property_ not in UNASKED and (said, value) not in asked
        if property_ in _STRUCTURE or property_ in by or is_link:
            yield said, value


def _is_own_name(fact: Confirmable) -> bool:
    return fact.said == SKOS.prefLabel and fact.node.type in THINGS


def _by_node(replies: Iterable[Reply]) -> Mapping[tuple[Node, Term], list[Reply]]:
    found: dict[tuple[Node, Term], list[Reply]] = defaultdict(list)
    for reply in replies:
        found[reply.fact.node, reply.fact.node.graph].append(reply)
    return found


def _told(form: Form) -> Iterator[str]:
    yield from (form.unit, form.day, form.role, form.told)
    for fact, answer, instead in form.replies:
        yield f"{fact.key} {answer} {' '.join(value for _, value in instead)}"


def _slug(name: str) -> str:
    return "".join(sign if sign.isascii() and sign.isalnum() else "-" for sign in name.lower()).strip("-")


def unit_facts(nodes: Iterable[Node]) -> Mapping[Term, list[Fact]]:
    """Return for each unit among some nodes what it is, what it is called, and what it is part of."""
    kept = (_TYPE, _LABEL, iri(ORG.unitOf))
    found: dict[Term, list[Fact]] = {}
    for node in nodes:
        if node.type in THINGS and node.visibility == "public":
            facts = found.setdefault(node.node, [])
            known = {(said, _tag(value)) for said, value in facts}
            facts += [
                (said, value)
                for said, value in node.facts
                if said in kept and (said, _tag(value)) not in known and (said, value) not in facts
            ]
    return found


def _tag(value: Term) -> str:
    """Return the language of a text, and any other term itself: one name in each language is enough."""
    return value.rpartition("@")[2] if value.startswith('"') else value
