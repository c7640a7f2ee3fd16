"""Things that came with the program keep their names when a spreadsheet speaks of them."""

from __future__ import annotations

from collections.abc import Iterator

from graph.engine import Engine
from graph.identity import Identities
from graph.imports.held_facts import HeldFacts, held_sources
from graph.imports.things import identity_key
from graph.names import PACKAGED, Names
from graph.quads import Term, is_iri, literal_parts, text_of
from ontology.terms import MA, ORG
from ontology.workbook import IdentityKind, Workbook

_MATCHED = frozenset({ORG.FormalOrganization, MA.ClinicalDepartment, MA.MedicalAlliance})
"""Classes whose things are found by reconciliation."""


def recognise_packaged(identities: Identities, engine: Engine, names: Names, book: Workbook) -> None:
    """Let what packaged things go by stand for them, where it stands for nothing yet.

    Organizations and departments are found by their names; what has an identity of its own besides (memberships,
    designations, programmes, …) is found by the values that its class goes by.
    """
    graphs = [one.graph for one in held_sources(engine, names) if text_of(one.graph).startswith(PACKAGED)]
    facts = HeldFacts(quad for graph in graphs for quad in engine.quads(graph))
    for identity in book.identities.values():
        if identity.own and identity.type not in _MATCHED:
            for thing in facts.things(identity.type):
                for key in _keys(facts, identity, thing):
                    identities.held[identity.scheme, key] = text_of(thing)


def _keys(facts: HeldFacts, identity: IdentityKind, thing: Term) -> Iterator[str]:
    """Yield the key of a thing, if it says all that its class goes by."""
    said = [_value(facts, thing, property_) for property_ in identity.by]
    if all(said):
        yield identity_key(identity, said)


def _value(facts: HeldFacts, thing: Term, property_: str) -> str:
    """Return a value as keys hold it: an IRI, or the Chinese one of several texts (empty: none)."""
    values = (one.value for one in facts.values(thing, property_))
    known = (text_of(v) for v in values if is_iri(v) or literal_parts(v).language in ("", "zh"))
    return next(known, "")
