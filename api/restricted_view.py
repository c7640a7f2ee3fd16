"""Restricted facts for a page: contacts and remarks, for readers who may see them and for nobody else."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from starlette.requests import Request

from api.access import Identity, identity_of
from graph.engine import Engine
from graph.nodes import Named, Nodes, in_language
from graph.provenance import Provenances, Source
from graph.quads import Quad, Term, iri, is_iri, literal_parts, text_of
from graph.restricted import RestrictedFact
from ontology.display import Labels
from ontology.library import query
from ontology.terms import MA, PROV, RDF, SCHEMA

LEVELS: Final[tuple[Literal["alliance", "internal"], ...]] = ("alliance", "internal")
"""Who may see what is restricted; each is a scope of its own."""

_FIRST = (SCHEMA.name, MA.officeLine, MA.personalPhone)
"""What is told first of a contact."""
_UNTOLD = (RDF.type, MA.contactFor, MA.contactRole, MA.basis, PROV.wasDerivedFrom, MA.verifiedOn)
"""What is told elsewhere, or of use to machines only."""


@dataclass(frozen=True)
class Told:
    """One value of a restricted fact: what its property is called, and the value as text."""

    property: Labels
    text: str
    is_phone: bool = False


@dataclass(frozen=True)
class RestrictedRow:
    """What one source says of one contact, or in one remark.

    Attributes:
        node: IRI of what is spoken of.
        role: what kind of contact it is; empty for a remark.
        about: the thing that it belongs to.
        values: what is said; nothing where it was erased.
        source: who says it.
        verified: the day on which somebody last verified it; empty: nobody did.
        visibility: ``alliance`` or ``internal``.
        state: ``kept``, ``erased`` or ``lost``.
    """

    node: str
    role: Labels
    about: Named
    values: Sequence[Told]
    source: Source
    verified: str
    visibility: str
    state: str


def levels_of(identity: Identity) -> tuple[str, ...]:
    """Return which restricted facts somebody may see."""
    return tuple(level for level in LEVELS if identity.may(level))


def restricted_rows(request: Request, name: str) -> list[RestrictedRow]:
    """Return the restricted facts about a thing and what belongs to it, as far as the reader may see them."""
    repository = getattr(request.app.state, "repository", None)
    levels = levels_of(identity_of(request))
    if repository is None or not levels:
        return []
    engine: Engine = request.app.state.engine
    facts: Sequence[RestrictedFact] = repository.restricted.about(things_of(engine, name), levels)
    return _rows(engine, name, facts)


def things_of(engine: Engine, name: str) -> list[Term]:
    """Return a thing and what belongs to it, as terms."""
    return [row["thing"] for row in engine.select(query("things-of-unit").bound({"unit": iri(name)}))]


def _rows(engine: Engine, name: str, facts: Sequence[RestrictedFact]) -> list[RestrictedRow]:
    nodes = Nodes(engine)
    provenances = Provenances(engine, nodes, about=name)
    provenances.read([], [text_of(fact.graph) for fact in facts])
    nodes.read({text_of(term) for fact in facts for term in _named(fact)})
    rows = [_row(nodes, provenances, name, fact) for fact in facts if not _is_answer(fact)]
    # What was verified last comes first.
    rows.sort(key=lambda row: row.verified, reverse=True)
    return sorted(rows, key=lambda row: (row.about.iri != name, not row.role, row.about.iri))


def _is_answer(fact: RestrictedFact) -> bool:
    """Tell whether it says what was answered about a fact, rather than the fact."""
    return any(quad.object == iri(MA.Confirmation) for quad in fact.quads)


def _named(fact: RestrictedFact) -> Iterable[Term]:
    """Return the terms of a fact that a reader needs names of."""
    yield fact.about
    for quad in fact.quads:
        yield quad.predicate
        if is_iri(quad.object):
            yield quad.object


def _row(nodes: Nodes, provenances: Provenances, name: str, fact: RestrictedFact) -> RestrictedRow:
    said = {text_of(quad.predicate): quad.object for quad in fact.quads}
    role = said.get(MA.contactRole)
    return RestrictedRow(
        node=text_of(fact.node),
        role=nodes.labels(text_of(role)) if role else {},
        about=nodes.named(text_of(fact.about), without=name),
        values=[_told(nodes, quad) for quad in sorted(fact.quads, key=_order) if _is_told(quad)],
        source=provenances.of_graphs([text_of(fact.graph)]).sources[0],
        verified=text_of(said[MA.verifiedOn]) if MA.verifiedOn in said else "",
        visibility=fact.visibility,
        state=fact.state,
    )


def _is_told(quad: Quad) -> bool:
    return text_of(quad.predicate) not in _UNTOLD


def _order(quad: Quad) -> tuple[int, str]:
    property_ = text_of(quad.predicate)
    return (_FIRST.index(property_) if property_ in _FIRST else len(_FIRST)), quad.object


def _told(nodes: Nodes, quad: Quad) -> Told:
    property_ = text_of(quad.predicate)
    text = (
        in_language(nodes.labels(text_of(quad.object)), "zh")
        if is_iri(quad.object)
        else literal_parts(quad.object).lexical
    )
    return Told(nodes.labels(property_), text, property_ in (MA.officeLine, MA.personalPhone))
