"""Derived facts follow from what is stated, after any change, as if worked out from nothing."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.knowledge import packaged_rules
from graph.local import LocalEngine
from graph.merge import MERGED, TRUE
from graph.oxigraph import OxigraphStore
from graph.quads import Delta, Quad, iri
from graph.rules import read_rule
from graph.settle import Knowledge, Proposal
from ontology.terms import MA, ORG, RDF, RDFS, SCHEMA
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
steps = st.lists(st.frozensets(st.one_of(links, memberships, kinds), max_size=6), min_size=1, max_size=4)


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
