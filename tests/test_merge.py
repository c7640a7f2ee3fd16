"""The default graph holds each triple of the merged graphs once."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.merge import MERGED, TRUE, apply_delta, merged_graphs, switched_graphs
from graph.oxigraph import OxigraphStore
from graph.quads import Delta, Quad, iri, literal
from graph.reference import RdflibStore
from graph.store import Store
from samples import NAMES

GRAPHS = [iri(f"http://example.org/g{n}") for n in range(3)]
NODES = [iri(f"http://example.org/n{n}") for n in range(3)]
PREDICATE = iri("http://example.org/p")

statements = st.builds(
    Quad, st.sampled_from(NODES), st.just(PREDICATE), st.sampled_from(NODES), st.sampled_from(GRAPHS)
)
listings = st.sampled_from(GRAPHS).map(lambda graph: Quad(graph, MERGED, TRUE, NAMES.catalogue))
changes = st.lists(
    st.tuples(
        st.frozensets(st.one_of(statements, listings), max_size=8), st.frozensets(statements, max_size=4)
    ),
    max_size=5,
)


def held_by_merged_graphs(store: Store) -> set[Quad]:
    merged = merged_graphs(store, NAMES.catalogue)
    return {quad._replace(graph="") for quad in store.match() if quad.graph in merged}


@pytest.mark.parametrize("make", [OxigraphStore, RdflibStore])
@given(changes=changes)
@settings(max_examples=40)
def test_the_default_graph_is_the_merge_after_any_changes(
    make: type[Store], changes: list[tuple[frozenset[Quad], frozenset[Quad]]]
) -> None:
    store = make()
    for toggled, more in changes:
        held = set(store.match())
        wanted = toggled | more
        # Toggle: what is there goes, what is not comes, so that graphs join and leave the merge.
        apply_delta(store, Delta(frozenset(wanted - held), frozenset(wanted & held)), NAMES.catalogue)
        assert set(store.match(graph="")) == held_by_merged_graphs(store)


def test_a_triple_stated_by_two_sources_counts_once_and_stays_with_the_second() -> None:
    store = OxigraphStore()
    fact = Quad(
        NODES[0],
        iri("http://example.org/beds"),
        literal("150", datatype="http://www.w3.org/2001/XMLSchema#integer"),
    )
    listed = frozenset(Quad(graph, MERGED, TRUE, NAMES.catalogue) for graph in GRAPHS[:2])
    stated = frozenset(fact._replace(graph=graph) for graph in GRAPHS[:2])
    apply_delta(store, Delta(listed | stated), NAMES.catalogue)
    total = "SELECT (COUNT(?o) AS ?n) (SUM(?o) AS ?sum) { ?s <http://example.org/beds> ?o }"
    (row,) = store.select(total)
    assert (row["n"][1:2], row["sum"][1:4]) == ("1", "150")
    assert {quad.graph for quad in store.match(fact.subject, fact.predicate)} == {"", *GRAPHS[:2]}
    withdrawn = Delta(removed=frozenset({Quad(GRAPHS[0], MERGED, TRUE, NAMES.catalogue)}))
    apply_delta(store, withdrawn, NAMES.catalogue)
    assert fact in store
    apply_delta(
        store, Delta(removed=frozenset({Quad(GRAPHS[1], MERGED, TRUE, NAMES.catalogue)})), NAMES.catalogue
    )
    assert fact not in store


def test_a_graph_is_switched_when_what_is_said_of_it_changes_but_not_what_it_states() -> None:
    entry = Quad(GRAPHS[0], MERGED, TRUE, NAMES.catalogue)
    inside = Quad(GRAPHS[0], MERGED, TRUE, GRAPHS[0])
    assert switched_graphs(Delta(frozenset({entry})), NAMES.catalogue) == {GRAPHS[0]}
    assert switched_graphs(Delta(removed=frozenset({entry})), NAMES.catalogue) == {GRAPHS[0]}
    assert switched_graphs(Delta(frozenset({entry, inside})), NAMES.catalogue) == frozenset()
    assert switched_graphs(Delta(frozenset({inside})), NAMES.catalogue) == frozenset()
    assert switched_graphs(Delta(frozenset({entry})), "") == frozenset()


def test_a_source_cannot_declare_itself_merged() -> None:
    store = OxigraphStore()
    boast = Quad(GRAPHS[0], MERGED, TRUE, GRAPHS[0])
    apply_delta(store, Delta(frozenset({boast})), NAMES.catalogue)
    assert list(store.match(graph="")) == []


def test_a_plain_dataset_merges_nothing() -> None:
    store = OxigraphStore()
    apply_delta(store, Delta(frozenset({Quad(GRAPHS[0], MERGED, TRUE, NAMES.catalogue)})), "")
    assert list(store.match(graph="")) == []
