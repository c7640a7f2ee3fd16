"""Derived facts follow from what is stated, after any change, as if worked out from nothing."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.knowledge import packaged_rules
from graph.local import LocalEngine
from graph.merge import MERGED, TRUE
from graph.oxigraph import OxigraphStore
from graph.quads import Delta, Quad, iri, literal
from graph.rules import derive_many, read_rule, rederive
from graph.settle import Knowledge, Proposal
from ontology.terms import GEO, MA, ORG, RDF, RDFS, SCHEMA, XSD
from samples import NAMES

SOURCES = [iri(f"http://example.org/source/{n}") for n in range(2)]
THINGS = [iri(f"http://example.org/{n}") for n in range(5)]
LISTED = frozenset(Quad(graph, MERGED, TRUE, NAMES.catalogue) for graph in (*SOURCES, NAMES.derived))
CLASSES = frozenset(
    {
        Quad(iri(MA.ClinicalDepartment), iri(RDFS.subClassOf), iri(ORG.OrganizationalUnit), SOURCES[0]),
        Quad(iri(ORG.OrganizationalUnit), iri(RDFS.subClassOf), iri(ORG.Organization), SOURCES[0]),
    }
)
links = st.builds(
    Quad,
    st.sampled_from(THINGS),
    st.sampled_from(
        [
            iri(ORG.unitOf),
            iri(ORG.hasUnit),
            iri(MA.holdsDesignation),
            iri(MA.heldBy),
            iri(SCHEMA.containedInPlace),
        ]
    ),
    st.sampled_from(THINGS),
    st.sampled_from(SOURCES),
)
memberships = st.builds(
    Quad,
    st.sampled_from(THINGS),
    st.sampled_from([iri(ORG.member), iri(ORG.organization)]),
    st.sampled_from(THINGS),
    st.sampled_from(SOURCES),
)
kinds = st.builds(
    Quad,
    st.sampled_from(THINGS),
    st.just(iri(RDF.type)),
    st.sampled_from([iri(MA.ClinicalDepartment), iri(MA.AllianceMembership), iri(SCHEMA.AdministrativeArea)]),
    st.sampled_from(SOURCES),
)
records = st.builds(
    Quad,
    st.sampled_from(THINGS),
    st.sampled_from(
        [iri(MA.appliesTo), iri(MA.assignedParent), iri(MA.assignedGrade), iri(MA.assignedPlace)]
    ),
    st.sampled_from(THINGS),
    st.sampled_from(SOURCES),
)
numbers = st.builds(
    Quad,
    st.sampled_from(THINGS),
    st.sampled_from([iri(MA.endStated), iri(GEO.lat), iri(GEO.long)]),
    st.sampled_from([literal("2020", datatype=XSD.gYear), literal("43.5", datatype=XSD.decimal)]),
    st.sampled_from(SOURCES),
)
steps = st.lists(
    st.frozensets(st.one_of(links, memberships, kinds, records, numbers), max_size=6), min_size=1, max_size=4
)


def engine() -> LocalEngine:
    made = LocalEngine(OxigraphStore(), Knowledge(NAMES, packaged_rules()))
    made.apply(Delta(LISTED | CLASSES), 1)
    return made


def changed(over: LocalEngine, toggled: frozenset[Quad]) -> None:
    held = set(over.quads())
    proposal = Proposal(added=toggled - held, removed=toggled & held, own=True)
    over.apply(over.draft(proposal).delta, over.version + 1)


@given(steps)
@settings(max_examples=60)
def test_small_changes_give_the_same_derived_facts_as_deriving_afresh(steps: list[frozenset[Quad]]) -> None:
    stepwise = engine()
    for toggled in steps:
        changed(stepwise, toggled)
    derived = set(stepwise.quads(NAMES.derived))
    stepwise.apply(stepwise.draft(Proposal(added=frozenset({_nothing()}), own=True, afresh=True)).delta, 9)
    assert set(stepwise.quads(NAMES.derived)) == derived


def _nothing() -> Quad:
    return Quad(
        iri("http://example.org/nothing"),
        iri("http://example.org/says"),
        iri("http://example.org/so"),
        SOURCES[1],
    )


@given(steps)
@settings(max_examples=30)
def test_what_a_source_states_is_not_derived_once_more(steps: list[frozenset[Quad]]) -> None:
    over = engine()
    for toggled in steps:
        changed(over, toggled)
    stated = {quad._replace(graph="") for quad in over.quads() if quad.graph in SOURCES}
    assert not stated & {quad._replace(graph="") for quad in over.quads(NAMES.derived)}


@given(steps)
@settings(max_examples=30)
def test_asking_each_rule_once_about_everything_gives_the_same(steps: list[frozenset[Quad]]) -> None:
    over = engine()
    for toggled in steps:
        changed(over, toggled)
    over.store.add([_nothing()])  # something that is derived and does not follow
    over.store.add([_nothing()._replace(graph=NAMES.derived), _nothing()._replace(graph="")])
    start, nodes = frozenset(over.store.match()), {*THINGS, _nothing().subject}
    ways = {}
    for derive in (rederive, derive_many):
        store = OxigraphStore()
        store.add(start)
        delta = derive(store, packaged_rules(), nodes, NAMES.derived, NAMES.catalogue)
        ways[derive.__name__] = (set(delta.added), set(delta.removed), frozenset(store.match()))
    assert ways["rederive"] == ways["derive_many"]


def _record(number: int, thing: int, said: str, value: str) -> frozenset[Quad]:
    return frozenset(
        {
            Quad(THINGS[number], iri(MA.appliesTo), THINGS[thing], SOURCES[number % 2]),
            Quad(THINGS[number], iri(said), value, SOURCES[number % 2]),
        }
    )


def _follows(over: LocalEngine, thing: int, said: str) -> set[str]:
    found = over.quads(NAMES.derived)
    return {quad.object for quad in found if (quad.subject, quad.predicate) == (THINGS[thing], iri(said))}


def test_what_holds_for_now_follows_from_records_without_an_end() -> None:
    over, grades = engine(), [iri(f"http://example.org/grade/{number}") for number in range(2)]
    changed(over, _record(1, 0, MA.assignedGrade, grades[0]) | _record(2, 0, MA.assignedGrade, grades[1]))
    assert _follows(over, 0, MA.grade) == set(grades)
    ended = frozenset({Quad(THINGS[1], iri(MA.endStated), literal("2020", datatype=XSD.gYear), SOURCES[1])})
    changed(over, ended)
    assert _follows(over, 0, MA.grade) == {grades[1]}
    changed(over, _record(3, 0, MA.assignedParent, THINGS[4]))
    assert _follows(over, 0, ORG.subOrganizationOf) == {THINGS[4]}
    assert _follows(over, 4, ORG.hasSubOrganization) == {THINGS[0]}


def test_a_position_follows_only_where_sources_agree() -> None:
    over, points = engine(), [literal(text, datatype=XSD.decimal) for text in ("43.5", "44.5")]
    for number in (1, 2):
        changed(over, _record(number, 0, GEO.lat, points[0]) | _record(number, 0, GEO.long, points[0]))
    assert _follows(over, 0, GEO.lat) == {points[0]}
    changed(over, _record(3, 0, GEO.lat, points[1]) | _record(3, 0, GEO.long, points[0]))
    assert _follows(over, 0, GEO.lat) == set()


def test_two_facts_that_support_each_other_fall_together() -> None:
    over = engine()
    fact = Quad(THINGS[0], iri(ORG.unitOf), THINGS[1], SOURCES[0])
    inverse = Quad(THINGS[1], iri(ORG.hasUnit), THINGS[0], NAMES.derived)
    changed(over, frozenset({fact}))
    assert inverse in over.quads(NAMES.derived)
    changed(over, frozenset({fact}))
    assert over.quads(NAMES.derived) == []


def test_a_rule_without_its_focus_line_is_refused(tmp_path) -> None:
    header = "".join(f"# {key}@{tongue}: x\n" for key in ("title", "purpose") for tongue in ("zh", "en"))
    file = tmp_path / "bad.rq"
    file.write_text(header + "CONSTRUCT { ?this a ?c } WHERE { ?this a ?c }", encoding="utf-8")
    with pytest.raises(ValueError, match="#FOCUS"):
        read_rule(file)
