"""Disagreeing: where a file says something else than another current source, of what can have only one value."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from graph.engine import Engine
from graph.imports.entities import Nodes
from graph.imports.value_terms import Fact, iri_term
from graph.names import Names
from graph.quads import Term, iri, is_iri, literal_parts, text_of
from ontology.library import query
from ontology.terms import MA, ORG, SCHEMA, SOSA, XSD

_SINGLE = frozenset(
    map(
        iri_term,
        (
            *(MA.grade, MA.wardLevel, MA.status, MA.initiatedBy, MA.startStated, MA.endStated),
            *(SCHEMA.foundingDate, ORG.unitOf, ORG.subOrganizationOf),
        ),
    )
)
"""Properties that can have only one value, as in the question where sources disagree."""
_ASSIGNED = frozenset(map(iri_term, (MA.assignedGrade, MA.assignedWardLevel, MA.assignedParent)))
_ENDS = frozenset(map(iri_term, (MA.endStated, MA.validUntil)))
_FEATURE, _INDICATOR, _RESULT, _AS_OF, _APPLIES = map(
    iri_term,
    (SOSA.hasFeatureOfInterest, SOSA.observedProperty, SOSA.hasSimpleResult, MA.asOf, MA.appliesTo),
)
_NUMBERS = (XSD.integer, XSD.decimal)
_FEW = 500
"""Things that are asked about in one query."""


@dataclass(frozen=True)
class Saying:
    """What a node says of something that can have only one value; ``as_of`` is empty where no date is given."""

    subject: Term
    property: Term
    value: Term
    as_of: Term = ""


@dataclass(frozen=True)
class Other:
    """What another current source says of it, and what that source is: its document, or else its graph."""

    saying: Saying
    source: Term


def sayings(node: Term, facts: Iterable[Fact]) -> Iterator[Saying]:
    """Yield what a node says of what can have only one value."""
    said: dict[Term, list[Term]] = defaultdict(list)
    for property_, value in facts:
        said[property_].append(value)
    for property_ in _SINGLE & said.keys():
        yield from (Saying(node, property_, value) for value in said[property_])
    for subject in said.get(_APPLIES, ()):
        if not _ENDS & said.keys():
            for property_ in _ASSIGNED & said.keys():
                yield from (Saying(subject, property_, value) for value in said[property_])
    for subject in said.get(_FEATURE, ()):
        for indicator in said.get(_INDICATOR, ()):
            yield Saying(subject, indicator, said[_RESULT][0], said.get(_AS_OF, [""])[0])


def said_elsewhere(
    engine: Engine, names: Names, document: str, subjects: Iterable[Term]
) -> Mapping[tuple[Term, Term, Term], list[Other]]:
    """Return what current sources other than a document say of some things, by subject, property and date."""
    found: dict[tuple[Term, Term, Term], list[Other]] = defaultdict(list)
    listed = sorted(subjects)
    for start in range(0, len(listed), _FEW):
        few = listed[start : start + _FEW]
        blanks = {"subject": few, "document": iri(document), "catalogue": names.catalogue}
        for row in engine.select(query("stated-elsewhere").bound(blanks)):
            saying = Saying(row["subject"], row["property"], row["value"], row.get("asOf", ""))
            other = Other(saying, row.get("otherDocument", row["source"]))
            found[saying.subject, saying.property, saying.as_of].append(other)
    return found


def contradicts(one: Saying, other: Saying) -> bool:
    """Tell whether two sayings of the same thing cannot both be right; 1992 and 1992-05 can."""
    if one.value == other.value:
        return False
    if is_iri(one.value) or is_iri(other.value):
        return True
    numbers = _number(one.value), _number(other.value)
    if None not in numbers:
        return numbers[0] != numbers[1]
    mine, theirs = text_of(one.value), text_of(other.value)
    return not (mine.startswith(theirs) or theirs.startswith(mine))


def disagreements(
    nodes: Nodes, listed: Iterable[Term], elsewhere: Mapping[tuple[Term, Term, Term], list[Other]]
) -> Iterator[tuple[Term, Saying, Other]]:
    """Yield what some nodes say otherwise than another source: the node, its saying, the other's."""
    for node in listed:
        for saying in sayings(node, nodes[node]):
            for other in elsewhere.get((saying.subject, saying.property, saying.as_of), ()):
                if contradicts(saying, other.saying):
                    yield node, saying, other


def _number(value: Term) -> Decimal | None:
    text, _, datatype = literal_parts(value)
    return Decimal(text) if datatype in _NUMBERS else None
