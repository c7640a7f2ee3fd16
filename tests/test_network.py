"""A network kept in step with changes is the one that would be read anew."""

from __future__ import annotations

from itertools import pairwise, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.catalogue import Entry, entry_quads
from graph.focus import changed_nodes
from graph.local import LocalEngine
from graph.network import Network
from graph.oxigraph import OxigraphStore
from graph.quads import Delta, Quad, Term, iri, is_iri, literal
from graph.settle import Knowledge
from ontology.packaged import BASE
from ontology.terms import MA, ORG, RDF, SCHEMA, SKOS, XSD
from samples import HOSTILE, NAMES

HERE = "http://127.0.0.1:8000/"
SOURCE, DEMO = f"{HERE}source/one/00000001", f"{HERE}source/demo/00000001"
TRUE = literal("true", datatype=XSD.boolean)
UNITS = [iri(f"{HERE}id/{name}") for name in "abc"]
FACTS = [iri(f"{HERE}id/fact-{name}") for name in "mn"]
AREAS = [iri(f"{BASE}id/area/{code}") for code in ("220100", "220000", "china")]


def day(text: str) -> Term:
    return literal(text, datatype=XSD.date)


def concept(path: str) -> Term:
    return iri(f"{BASE}vocab/{path}")


def statements() -> list[tuple[Term, str, Term]]:
    """Return all that is said, now and then, of a few units, facts and areas."""
    a, b, c = UNITS
    said: list[tuple[Term, str, Term]] = []
    for unit in UNITS:
        said += [
            (unit, RDF.type, iri(kind)) for kind in (SCHEMA.Hospital, ORG.Organization, MA.MedicalAlliance)
        ]
        said += [(unit, SKOS.prefLabel, literal(text, language="zh")) for text in ("甲", '乙\t"', HOSTILE[0])]
        said += [(unit, SKOS.prefLabel, literal("Unit", language="en")), (unit, MA.illustrative, TRUE)]
        said += [
            (unit, SKOS.prefLabel, literal("Einheit", language="de")),
            (unit, SKOS.prefLabel, literal("U-1")),
        ]
        said += [(unit, SCHEMA.location, AREAS[0]), (unit, SCHEMA.location, literal("一号"))]
    for fact, (start, end) in product(FACTS, [(a, b), (b, c)]):
        said += [(fact, ORG.member, start), (fact, ORG.organization, end)]
        said += [(fact, MA.ledBy, start), (fact, MA.heldBy, end)]
    for fact in FACTS:
        said += [(fact, RDF.type, iri(kind)) for kind in (MA.AllianceMembership, MA.Project, MA.Designation)]
        said += [(fact, ORG.role, concept(f"membership-role/{role}")) for role in ("lead", "member")]
        said += [(fact, MA.earliestStart, day("2019-01-01")), (fact, MA.latestStart, day("2019-12-31"))]
        said += [(fact, MA.validFrom, day("2020-01-01")), (fact, MA.latestEnd, day("nonsense"))]
        said += [(fact, MA.status, concept(f"status/{state}")) for state in ("left", "pending", "active")]
        said += [(fact, MA.illustrative, TRUE), (a, MA.holdsDesignation, fact)]
    said += [(area, RDF.type, iri(SCHEMA.AdministrativeArea)) for area in AREAS]
    said += [(low, SCHEMA.containedInPlace, high) for low, high in pairwise(AREAS)]
    return [*said, (a, ORG.unitOf, b), (c, MA.initiatedBy, a), (b, ORG.subOrganizationOf, a)]


QUADS = [
    Quad(subject, iri(predicate), value, iri(graph))
    for subject, predicate, value in statements()
    for graph in (SOURCE, DEMO)
]
STATES = st.lists(st.frozensets(st.sampled_from(QUADS), max_size=70), min_size=2, max_size=4)


def empty() -> LocalEngine:
    """Return an engine with a source and an illustrative graph, both empty."""
    engine = LocalEngine(OxigraphStore(), Knowledge(NAMES))
    entries = (Entry(SOURCE, "source"), Entry(DEMO, "source", illustrative=True))
    engine.apply(Delta(frozenset(quad for entry in entries for quad in entry_quads(entry, NAMES))), 0)
    return engine


def changed(engine: LocalEngine, before: frozenset[Quad], after: frozenset[Quad]) -> set[str]:
    """Bring an engine from one state to another and return the nodes concerned."""
    delta = Delta(after - before, before - after)
    engine.apply(delta, engine.version + 1)
    return {term[1:-1] for term in changed_nodes(delta)}


def contents(network: Network) -> list[object]:
    """Return all that a network holds, to compare it."""
    things, links = network.things, network.links
    columns = [things.iris, things.kinds, things.zh, things.en, things.other]
    columns += [things.illustrative, things.typed]
    columns += [links.relation, links.start, links.end, links.fact, links.invented, links.periods.rows]
    return [
        network.relations,
        network.number,
        network.drawn.tolist(),
        *(column.tolist() for column in columns),
    ]


@settings(max_examples=80)
@given(STATES)
def test_a_network_kept_in_step_is_the_one_read_anew(states: list[frozenset[Quad]]) -> None:
    engine, before = empty(), frozenset[Quad]()
    network = Network.of(engine)
    for state in states:
        network = network.updated(engine, changed(engine, before, state))
        before = state
        assert contents(network) == contents(Network.of(engine))


def test_reading_what_did_not_change_changes_nothing() -> None:
    engine = empty()
    changed(engine, frozenset(), frozenset(QUADS))
    network = Network.of(engine)
    names = {quad.subject[1:-1] for quad in QUADS}
    assert contents(network.updated(engine, names)) == contents(network)
    assert contents(network.updated(engine, ())) == contents(network)


def test_a_thing_without_a_class_is_there_as_long_as_an_edge_leads_to_it() -> None:
    engine, part = empty(), Quad(UNITS[0], iri(ORG.unitOf), UNITS[1], iri(SOURCE))
    touched = changed(engine, frozenset(), frozenset({part}))
    network = Network.empty().updated(engine, touched)
    assert set(network.number) == {UNITS[0][1:-1], UNITS[1][1:-1]}
    touched = changed(engine, frozenset({part}), frozenset())
    assert not len(network.updated(engine, touched).things)


def test_what_becomes_the_end_of_an_edge_without_being_touched_has_its_name() -> None:
    engine, fact = empty(), FACTS[0]
    typed = Quad(fact, iri(RDF.type), iri(MA.AllianceMembership), iri(SOURCE))
    said = frozenset(
        Quad(subject, iri(predicate), value, iri(SOURCE))
        for subject, predicate, value in (
            (fact, ORG.member, UNITS[0]),
            (fact, ORG.organization, UNITS[1]),
            (UNITS[0], SKOS.prefLabel, literal("甲", language="zh")),
            (UNITS[1], MA.illustrative, TRUE),
        )
    )
    network = Network.empty().updated(engine, changed(engine, frozenset(), said))
    assert not len(network.things)
    network = network.updated(engine, changed(engine, said, said | {typed}))
    assert (network.things.zh.tolist(), network.things.illustrative.tolist()) == (["", "甲"], [True, False])


def test_an_area_becomes_part_of_the_picture_with_those_above_it() -> None:
    engine = empty()
    upward = [quad for quad in QUADS if quad.subject in AREAS and quad.graph == iri(SOURCE)]
    placed = Quad(UNITS[0], iri(SCHEMA.location), AREAS[0], iri(SOURCE))
    network = Network.empty().updated(engine, changed(engine, frozenset(), frozenset(upward)))
    assert (len(network.links), int(network.drawn.sum())) == (2, 0)
    network = network.updated(engine, changed(engine, frozenset(upward), frozenset({*upward, placed})))
    assert (len(network.links), int(network.drawn.sum())) == (3, 3)


def test_an_address_in_words_or_elsewhere_is_no_place_of_the_picture() -> None:
    engine = empty()
    placed = [
        Quad(UNITS[0], iri(SCHEMA.location), value, iri(SOURCE)) for value in (UNITS[1], literal("一号"))
    ]
    network = Network.empty().updated(engine, changed(engine, frozenset(), frozenset(placed)))
    assert not network.drawn.any()


@pytest.mark.parametrize("label", HOSTILE)
def test_a_hostile_label_is_kept_as_it_is(label: str) -> None:
    engine = empty()
    said = [(RDF.type, iri(SCHEMA.Hospital)), (SKOS.prefLabel, literal(label, language="zh"))]
    changed(
        engine, frozenset(), frozenset(Quad(UNITS[0], iri(name), value, iri(SOURCE)) for name, value in said)
    )
    assert Network.of(engine).things.zh.tolist() == [label]


def test_a_name_in_neither_language_serves_where_there_is_no_other() -> None:
    engine = empty()
    kind = Quad(UNITS[0], iri(RDF.type), iri(SCHEMA.Hospital), iri(SOURCE))
    bare = Quad(UNITS[0], iri(SKOS.prefLabel), literal("U-1"), iri(SOURCE))
    named = Quad(UNITS[0], iri(SKOS.prefLabel), literal("Unit", language="en"), iri(SOURCE))
    changed(engine, frozenset(), frozenset({kind, bare}))
    things = Network.of(engine).things
    assert (things.zh.tolist(), things.en.tolist(), things.other.tolist()) == ([""], [""], ["U-1"])
    changed(engine, frozenset({kind, bare}), frozenset({kind, bare, named}))
    things = Network.of(engine).things
    assert (things.en.tolist(), things.other.tolist()) == (["Unit"], [""])


def test_columns_cannot_be_changed() -> None:
    engine = empty()
    changed(engine, frozenset(), frozenset(QUADS))
    network = Network.of(engine)
    for column in (network.things.kinds, network.links.relation, network.links.start):
        with pytest.raises(ValueError, match="read-only"):
            column[0] = 0


def test_things_come_by_kind_and_then_by_name() -> None:
    engine = empty()
    changed(engine, frozenset(), frozenset(QUADS))
    network = Network.of(engine)
    places = [network.things.place(number) for number in range(len(network.things))]
    assert places == sorted(places)
    assert all(is_iri(iri(name)) for name in network.number)
    assert np.array_equal(np.sort(network.links.relation), network.links.relation)
