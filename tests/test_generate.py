"""The synthetic network: as large as asked for, the same for the same seed, and sound to the checks."""

from __future__ import annotations

import gzip
import hashlib
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph import media
from graph.catalogue import Entry, entry_quads
from graph.generate import DOCUMENT, GENERATED, HUB, generated_lines, write_network
from graph.oxigraph import OxigraphStore
from graph.quads import Quad, Term, iri, literal_parts, read_nquads, text_of
from graph.settle import Document, Proposal
from ontology.demo import unflagged_nodes
from ontology.terms import MA, ORG, RDF, SCHEMA, SKOS
from samples import NAMES

SIZE = 200
DIGEST = "86ed1d39ae4b1e7d1186282d418cba321bc9c64b46ced281d7bbc760b60b4b94"
"""SHA-256 of 200 institutions with seed 1: it must not depend on the machine or the version of Python."""


@pytest.fixture(scope="module")
def network() -> list[Quad]:
    return list(read_nquads(b"".join(generated_lines(SIZE, 1))))


def objects(quads: list[Quad], property_: str) -> list[Term]:
    return [quad.object for quad in quads if quad.predicate == iri(property_)]


def test_the_same_seed_gives_the_same_bytes_everywhere() -> None:
    assert hashlib.sha256(b"".join(generated_lines(SIZE, 1))).hexdigest() == DIGEST


def test_another_seed_gives_another_network() -> None:
    assert b"".join(generated_lines(SIZE, 2)) != b"".join(generated_lines(SIZE, 1))


def test_every_institution_belongs_to_the_hub_once(network: list[Quad]) -> None:
    of_hub = {
        quad.subject for quad in network if (quad.predicate, quad.object) == (iri(ORG.organization), iri(HUB))
    }
    members = Counter(
        quad.object for quad in network if quad.predicate == iri(ORG.member) and quad.subject in of_hub
    )
    hospitals = [quad.subject for quad in network if quad.object == iri(SCHEMA.Hospital)]
    assert members == Counter(hospitals)
    assert len(hospitals) == SIZE


def test_further_alliances_overlap_with_the_hub(network: list[Quad]) -> None:
    sizes = Counter(objects(network, ORG.organization))
    assert len(sizes) == 6
    assert sum(sizes.values()) > SIZE + 5


def test_every_node_is_flagged_and_named_as_generated(network: list[Quad]) -> None:
    assert unflagged_nodes(network) == set()
    assert {quad.subject for quad in network if not quad.subject.startswith(f"<{GENERATED}")} == set()


def test_an_institution_has_about_thirty_triples(network: list[Quad]) -> None:
    assert 25 <= len(network) / SIZE <= 36


def test_the_checks_find_neither_violations_nor_warnings(repository) -> None:
    graph = Entry(f"{NAMES.base}source/generated/00000000", "source", document=DOCUMENT)
    content = b"".join(generated_lines(SIZE, 1))
    outcome = repository.engine.draft(
        Proposal(
            (Document(content, media.NTRIPLES, graph.graph),),
            added=frozenset(entry_quads(graph, NAMES)),
            own=True,
        )
    )
    assert {finding.severity for finding in outcome.findings} == {"info"}


def test_no_two_institutions_share_a_name() -> None:
    quads = list(read_nquads(b"".join(generated_lines(3000))))
    hospitals = {quad.subject for quad in quads if quad.object == iri(SCHEMA.Hospital)}
    labels = [quad for quad in quads if quad.predicate == iri(SKOS.prefLabel) and quad.subject in hospitals]
    assert len({quad.object for quad in labels}) == len(labels) == 6000
    assert {literal_parts(quad.object)[0].startswith(("示例", "Example ")) for quad in labels} == {True}


def test_counts_from_one_to_four_are_withheld() -> None:
    many = list(read_nquads(b"".join(generated_lines(2000))))
    counts = {int(text_of(term)) for term in objects(many, MA.annualCases)}
    assert counts == {0, *range(5, 60)}
    assert objects(many, MA.suppressed)


@settings(max_examples=15)
@given(n=st.integers(0, 40), seed=st.integers(0, 10**6))
def test_whatever_is_spoken_of_is_described(n: int, seed: int) -> None:
    quads = list(read_nquads(b"".join(generated_lines(n, seed))))
    described = {quad.subject for quad in quads}
    spoken_of = {quad.object for quad in quads if quad.object.startswith(f"<{GENERATED}")}
    assert spoken_of <= described
    assert len(set(quads)) == len(quads)
    assert (
        sum(quad.object == iri(MA.ClinicalDepartment) for quad in quads if quad.predicate == iri(RDF.type))
        == n
    )


def test_a_smaller_network_is_the_beginning_of_a_larger_one() -> None:
    smaller, larger = list(generated_lines(20, 3)), list(generated_lines(60, 3))
    assert larger[: len(smaller)] == smaller


def test_a_compressed_file_holds_the_same_and_is_the_same_each_time(tmp_path) -> None:
    plain, packed, again = tmp_path / "a.nt", tmp_path / "b.nt.gz", tmp_path / "c.nt.gz"
    counts = {write_network(SIZE, file, 1) for file in (plain, packed, again)}
    assert gzip.decompress(packed.read_bytes()) == plain.read_bytes()
    assert packed.read_bytes() == again.read_bytes()
    assert counts == {plain.read_bytes().count(b"\n")}


def test_the_engine_reads_it_as_written(network: list[Quad]) -> None:
    assert len(OxigraphStore().read(b"".join(generated_lines(SIZE, 1)), media.NTRIPLES)) == len(network)
