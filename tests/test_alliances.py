"""Naming an alliance that no source speaks of yet."""

from __future__ import annotations

from pathlib import Path

from graph.alliances import alliance_quads
from graph.identity import Identities
from graph.journal import Journal
from graph.quads import iri, literal
from ontology.areas import AREA
from ontology.terms import MA, SCHEMA, SKOS
from samples import BASE, NAMES


def test_the_same_name_is_the_same_alliance(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "journal.sqlite")
    identities = Identities(journal, BASE)
    one, _ = alliance_quads(identities, NAMES, "某某儿科联盟")
    assert alliance_quads(identities, NAMES, "某某儿科联盟", "Some Alliance")[0] == one
    assert alliance_quads(identities, NAMES, "某某围产联盟")[0] != one
    journal.close()


def test_only_what_was_said_is_stated_in_the_graph_of_the_instance(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "journal.sqlite")
    identities = Identities(journal, BASE)
    alliance, plain = alliance_quads(identities, NAMES, "某某儿科联盟")
    _, told = alliance_quads(identities, NAMES, "某某儿科联盟", "Some Alliance", f"{AREA}220000")
    assert {quad.graph for quad in told} == {NAMES.local}
    assert {quad.subject for quad in told} == {iri(alliance)}
    assert {(quad.predicate, quad.object) for quad in told - plain} == {
        (iri(SKOS.prefLabel), literal("Some Alliance", language="en")),
        (iri(SCHEMA.areaServed), iri(f"{AREA}220000")),
    }
    assert iri(MA.kind) in {quad.predicate for quad in plain}
    journal.close()
