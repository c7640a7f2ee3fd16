"""Naming an alliance that no source speaks of yet, so that a list can be of its members."""

from __future__ import annotations

from collections.abc import Iterator

from graph.identity import Identities
from graph.names import PACKAGED, Names
from graph.quads import Quad, Term, iri, literal
from ontology.terms import MA, RDF, SCHEMA, SKOS

SPECIALTY_ALLIANCE = f"{PACKAGED}vocab/alliance-kind/specialty-alliance"


def alliance_quads(
    identities: Identities, names: Names, zh: str, en: str = "", area: str = ""
) -> tuple[str, frozenset[Quad]]:
    """Return the name that an alliance gets here, and what the instance's own graph says of it.

    Args:
        identities: gives the name; the same Chinese name gets the same one.
        names: names the instance's own graph.
        zh: what it is called in Chinese.
        en: what it is called in English (empty: not known).
        area: IRI of the division where it works (empty: not known).
    """
    alliance = identities.iri("org", "alliance", zh)
    return alliance, frozenset(
        Quad(iri(alliance), iri(property_), value, names.local) for property_, value in _said(zh, en, area)
    )


def _said(zh: str, en: str, area: str) -> Iterator[tuple[str, Term]]:
    yield RDF.type, iri(MA.MedicalAlliance)
    yield MA.kind, iri(SPECIALTY_ALLIANCE)
    yield SKOS.prefLabel, literal(zh, language="zh")
    if en:
        yield SKOS.prefLabel, literal(en, language="en")
    if area:
        yield SCHEMA.areaServed, iri(area)
