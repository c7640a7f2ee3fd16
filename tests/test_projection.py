"""Neighbourhoods are what a plain search finds, cost what they show, and say what they leave out."""

from __future__ import annotations

import sys
import threading
import tracemalloc
from collections import Counter
from collections.abc import Callable
from functools import partial
from types import FrameType

import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph import media
from graph.catalogue import Entry, entry_quads
from graph.local import LocalEngine
from graph.names import Names
from graph.oxigraph import OxigraphStore
from graph.projection import (
    Edge,
    Neighbourhood,
    Node,
    Projection,
    ProjectionCache,
    RelationCount,
    UnknownNode,
    as_networkx,
)
from graph.store import WHOLE, Dataset
from ontology.packaged import BASE, packaged_graphs
from ontology.terms import MA, ORG, SCHEMA

HERE = "http://127.0.0.1:8000/"
NAMES = Names(HERE)
DEPARTMENT = BASE + "id/org/fhjlu-neonatology"
ALLIANCE = BASE + "id/org/jl-neonatal-alliance"
ROLE = BASE + "vocab/membership-role/"
PREFIXES = f"""@prefix ma: <{BASE}ontology#> . @prefix org: <http://www.w3.org/ns/org#> .
@prefix schema: <https://schema.org/> . @prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix role: <{ROLE}> . @prefix area: <{BASE}id/area/> . @prefix : <{HERE}id/> .
"""


def loaded(documents: dict[str, str]) -> LocalEngine:
    """Return an engine over Turtle documents by name, each a merged source of its own."""
    store = OxigraphStore()
    for name, turtle in documents.items():
        graph = f"{HERE}source/{name}/00000001"
        quads = store.read((PREFIXES + turtle).encode(), media.TURTLE, graph=graph)
        store.add(quads)
        store.add(quad._replace(graph="") for quad in quads)
        store.add(entry_quads(Entry(graph, "source", document=f"{HERE}source/{name}"), NAMES))
    return LocalEngine(store)


def packaged() -> LocalEngine:
    """Return an engine over the packaged graphs."""
    store = OxigraphStore()
    for graph in packaged_graphs():
        quads = store.read(graph.content(), graph.media_type, graph=graph.iri)
        store.add(quads)
        if graph.merged:
            store.add(quad._replace(graph="") for quad in quads)
        store.add(entry_quads(Entry.of_packaged(graph), NAMES))
    return LocalEngine(store)


@pytest.fixture(scope="module")
def profile() -> Projection:
    """The packaged facts."""
    return Projection.of(packaged())


def thing(name: str, kind: str = "other") -> Node:
    return Node(name, kind, {"zh": name}, False, 0, 0)


def local(iri: str) -> str:
    return iri.replace("#", "/").rpartition("/")[2]


def triples(found: Neighbourhood) -> set[tuple[str, str, str]]:
    return {(local(edge.from_iri), local(edge.relation), local(edge.to_iri)) for edge in found.edges}


# --- The edges of the real facts ----------------------------------------------------------------------------


def test_the_department_relates_to_what_the_profile_says(profile: Projection) -> None:
    counts = {(local(c.relation), c.direction): c.count for c in profile.relation_counts(DEPARTMENT)}
    assert counts == {
        ("initiatedBy", "in"): 1,
        ("initiator", "out"): 1,
        ("unitOf", "out"): 1,
        ("holdsDesignation", "out"): 7,
        ("TrainingProgramme", "out"): 3,
        ("ServiceCoverage", "out"): 2,
        ("location", "out"): 1,
    }


def test_the_edges_of_a_neighbourhood_include_those_between_neighbours(profile: Projection) -> None:
    found = profile.neighbourhood(DEPARTMENT)
    assert ("neonatal-resident", "baseDesignation", "jl-resident-training-base") in triples(found)
    assert (len(found.nodes), len(found.edges), found.truncated) == (15, 19, False)


def test_nodes_come_by_kind_and_the_centre_first(profile: Projection) -> None:
    kinds = [node.kind for node in profile.neighbourhood(DEPARTMENT).nodes]
    assert kinds == [
        "department",
        "alliance",
        "hospital",
        *["designation"] * 7,
        *["programme"] * 3,
        *["area"] * 2,
    ]


def test_an_edge_names_the_fact_that_stands_for_it(profile: Projection) -> None:
    edges = {local(edge.relation): edge.fact for edge in profile.neighbourhood(ALLIANCE).edges}
    assert edges == {
        "initiatedBy": "",
        "initiator": BASE + "id/membership/jl-neonatal-alliance-fhjlu-neonatology",
    }


def test_figures_claims_and_sentences_are_no_nodes(profile: Projection) -> None:
    for name in ("id/stat/department-profile/beds", "id/claim/mission", "source/department-profile#s1"):
        assert BASE + name not in profile


def test_areas_nobody_is_in_have_no_edges_and_used_ones_lead_to_the_top(profile: Projection) -> None:
    assert profile.relation_counts(BASE + "id/area/440300") == ()
    (up,) = [c for c in profile.relation_counts(BASE + "id/area/220000") if c.direction == "out"]
    assert (up.relation, up.count) == (SCHEMA.containedInPlace, 1)
    assert BASE + "id/area/china" in {
        node.iri for node in profile.neighbourhood(BASE + "id/area/220100", hops=2, direction="out").nodes
    }


# --- Ways of relating ---------------------------------------------------------------------------------------


def test_a_fact_of_two_sources_is_one_edge() -> None:
    stated = ":m a ma:AllianceMembership ; org:member :a ; org:organization :b ; org:role role:member ."
    engine = loaded({"one": stated, "two": stated + ":a org:unitOf :b ."})
    assert Projection.of(engine).size == 2


def test_two_roles_of_one_member_are_two_edges_and_no_role_is_one() -> None:
    engine = loaded(
        {
            "one": """:m a ma:AllianceMembership ; org:member :a ; org:organization :b ;
                        org:role role:member, role:lead .
                      :n a ma:AllianceMembership ; org:member :c ; org:organization :b ."""
        }
    )
    found = Projection.of(engine).neighbourhood(HERE + "id/b")
    assert triples(found) == {("a", "member", "b"), ("a", "lead", "b"), ("c", "AllianceMembership", "b")}


def test_cooperation_and_referral_are_called_by_their_kind() -> None:
    engine = loaded(
        {
            "one": f""":r a ma:ReferralArrangement ; ma:refersFrom :a ; ma:refersTo :b ;
                         ma:kind <{BASE}vocab/referral-kind/up> .
                       :c a ma:Cooperation ; ma:fromParty :b ; ma:toParty :a ."""
        }
    )
    assert triples(Projection.of(engine).neighbourhood(HERE + "id/a")) == {
        ("a", "up", "b"),
        ("b", "Cooperation", "a"),
    }


def test_projects_lead_to_who_runs_them_and_takes_part() -> None:
    engine = loaded({"one": ":p a ma:Project ; ma:ledBy :a ; ma:partner :b, :c ."})
    found = Projection.of(engine).neighbourhood(HERE + "id/p")
    assert triples(found) == {("p", "ledBy", "a"), ("p", "partner", "b"), ("p", "partner", "c")}
    assert found.centre.kind == "project"


def test_a_place_given_as_text_is_no_node() -> None:
    engine = loaded({"one": ':a a schema:Hospital ; schema:location "示例路 1 号" ; org:unitOf "x" .'})
    assert Projection.of(engine).size == 0


def test_illustrative_things_are_marked_and_names_do_not_depend_on_the_order() -> None:
    engine = loaded(
        {
            "one": """:a a schema:Hospital, org:FormalOrganization ; ma:illustrative true ;
                        skos:prefLabel "示例乙"@zh .""",
            "two": ':a skos:prefLabel "示例甲"@zh, "Example"@en .',
        }
    )
    centre = Projection.of(engine).neighbourhood(HERE + "id/a").centre
    assert (centre.kind, centre.illustrative) == ("hospital", True)
    assert centre.labels == {"zh": min("示例甲", "示例乙"), "en": "Example"}


# --- Laws ---------------------------------------------------------------------------------------------------

NAMES_OF_NODES = [f"http://example.org/{letter}" for letter in "abcdefgh"]
RELATIONS = [MA.initiatedBy, ORG.unitOf, "http://example.org/other"]
EDGES = st.frozensets(
    st.builds(
        Edge, st.sampled_from(NAMES_OF_NODES), st.sampled_from(RELATIONS), st.sampled_from(NAMES_OF_NODES)
    ),
    max_size=24,
)
CHOICES = st.none() | st.frozensets(st.sampled_from(RELATIONS))
DIRECTIONS = st.sampled_from(["both", "out", "in"])


def projection(edges: frozenset[Edge]) -> Projection:
    return Projection(1, map(thing, NAMES_OF_NODES), edges)


def walked(edges: frozenset[Edge], relations: frozenset[str] | None) -> nx.MultiDiGraph:
    graph = nx.MultiDiGraph()
    graph.add_nodes_from(NAMES_OF_NODES)
    for edge in edges:
        if relations is None or edge.relation in relations:
            graph.add_edge(edge.from_iri, edge.to_iri, key=edge.relation)
    return graph


@given(EDGES, st.sampled_from(NAMES_OF_NODES), st.integers(1, 3), CHOICES, DIRECTIONS)
def test_a_neighbourhood_is_what_a_plain_search_finds(
    edges: frozenset[Edge], centre: str, hops: int, relations: frozenset[str] | None, direction: str
) -> None:
    found = projection(edges).neighbourhood(centre, hops, relations, direction)
    graph = walked(edges, relations)
    seen = {"both": graph.to_undirected(as_view=True), "out": graph, "in": graph.reverse(copy=False)}[
        direction
    ]
    distances = nx.single_source_shortest_path_length(seen, centre, cutoff=hops)
    assert {node.iri: node.distance for node in found.nodes} == distances
    assert {(e.from_iri, e.to_iri, e.relation) for e in found.edges} == set(
        graph.subgraph(distances).edges(keys=True)
    )
    assert found.nodes[0].iri == centre
    assert not found.truncated


@given(EDGES, st.sampled_from(NAMES_OF_NODES), st.integers(1, 3), CHOICES, DIRECTIONS, st.integers(1, 8))
def test_what_is_drawn_and_what_is_left_out_add_up(
    edges: frozenset[Edge],
    centre: str,
    hops: int,
    relations: frozenset[str] | None,
    direction: str,
    limit: int,
) -> None:
    found = projection(edges).neighbourhood(centre, hops, relations, direction, limit)
    assert len(found.nodes) <= limit
    expanded = {node.iri for node in found.nodes if node.distance < hops}
    asked: Counter[tuple[str, str]] = Counter()
    drawn: Counter[tuple[str, str]] = Counter()
    for tally, listed in ((asked, edges), (drawn, frozenset(found.edges))):
        for edge in listed:
            if relations is None or edge.relation in relations:
                tally[edge.relation, "out"] += direction != "in" and edge.from_iri in expanded
                tally[edge.relation, "in"] += direction != "out" and edge.to_iri in expanded
    assert {(c.relation, c.direction): c.count for c in found.left_out} == dict(+(asked - drawn))


@given(EDGES, st.sampled_from(NAMES_OF_NODES), st.integers(1, 8))
def test_a_smaller_limit_shows_part_of_a_larger_one(edges: frozenset[Edge], centre: str, limit: int) -> None:
    held = projection(edges)
    small, large = (held.neighbourhood(centre, limit=size) for size in (limit, limit + 1))
    assert {node.iri for node in small.nodes} <= {node.iri for node in large.nodes}


@given(EDGES, st.randoms(use_true_random=False))
def test_the_answer_does_not_depend_on_the_order_of_what_was_read(
    edges: frozenset[Edge], random: object
) -> None:
    assert hasattr(random, "shuffle")
    names, listed = list(NAMES_OF_NODES), list(edges)
    random.shuffle(names)
    random.shuffle(listed)
    shuffled = Projection(1, map(thing, names), [*listed, *listed])
    assert shuffled.neighbourhood(names[0], 2) == projection(edges).neighbourhood(names[0], 2)


@given(EDGES, st.sampled_from(NAMES_OF_NODES))
def test_counts_are_those_of_all_edges(edges: frozenset[Edge], centre: str) -> None:
    counts = projection(edges).relation_counts(centre)
    expected = Counter((edge.relation, "out") for edge in edges if edge.from_iri == centre)
    expected.update((edge.relation, "in") for edge in edges if edge.to_iri == centre)
    assert {(c.relation, c.direction): c.count for c in counts} == expected


@given(EDGES, st.sampled_from(NAMES_OF_NODES))
def test_a_networkx_graph_holds_the_neighbourhood(edges: frozenset[Edge], centre: str) -> None:
    found = projection(edges).neighbourhood(centre, 2)
    graph = as_networkx(found)
    assert set(graph) == {node.iri for node in found.nodes}
    assert graph.number_of_edges() == len(found.edges)
    assert graph.nodes[centre]["distance"] == 0


# --- Hubs ---------------------------------------------------------------------------------------------------


def hub(members: int) -> Projection:
    """Return an alliance with many members, three council units and one initiator."""
    names = [f"http://example.org/m{number:05}" for number in range(members)]
    edges = [Edge(name, ROLE + "member", "http://example.org/hub", name + "/fact") for name in names]
    edges += [Edge(name, ROLE + "council", "http://example.org/hub") for name in names[-3:]]
    edges += [Edge("http://example.org/hub", MA.initiatedBy, names[-4])]
    return Projection(1, map(thing, ["http://example.org/hub", *names]), edges)


def test_each_relation_gets_its_share_of_the_room() -> None:
    found = hub(2000).neighbourhood("http://example.org/hub", limit=11)
    assert len(found.nodes) == 11
    assert Counter(local(edge.relation) for edge in found.edges) == {
        "initiatedBy": 1,
        "council": 3,
        "member": 10,
    }
    assert found.left_out == (RelationCount(ROLE + "member", "in", 1990),)


def test_a_relation_whose_first_node_is_there_already_brings_its_next() -> None:
    a, b, c, d = NAMES_OF_NODES[:4]
    edges = [
        Edge(a, MA.initiatedBy, b),
        Edge(a, MA.initiatedBy, c),
        Edge(a, ORG.unitOf, b),
        Edge(a, ORG.unitOf, d),
    ]
    found = projection(frozenset(edges)).neighbourhood(a, limit=3)
    assert [node.iri for node in found.nodes] == [a, b, d]


def test_counts_of_a_hub_come_before_expanding() -> None:
    counts = [
        (local(c.relation), c.direction, c.count) for c in hub(2000).relation_counts("http://example.org/hub")
    ]
    assert counts == [("initiatedBy", "out", 1), ("council", "in", 3), ("member", "in", 2000)]


def steps(work: Callable[[], object]) -> int:
    """Count the instructions that some work makes Python carry out."""
    counted = 0

    def trace(frame: FrameType, event: str, _: object) -> Callable[..., object]:
        nonlocal counted
        frame.f_trace_opcodes, frame.f_trace_lines = True, False
        counted += event == "opcode"
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        work()
    finally:
        sys.settrace(before)
    return counted


def memory(work: Callable[[], object]) -> int:
    """Return how many bytes some work needs at its height."""
    tracemalloc.start()
    try:
        work()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_a_neighbourhood_costs_what_it_shows_not_what_the_hub_holds() -> None:
    small, large = hub(200), hub(20_000)
    asked: list[Callable[[Projection], object]] = [
        lambda held: held.neighbourhood("http://example.org/hub", 1, limit=50),
        lambda held: held.neighbourhood("http://example.org/hub", 2, limit=50),
        lambda held: held.relation_counts("http://example.org/hub"),
    ]
    for question in asked:
        _ = question(small), question(large)  # what numpy prepares at the first time does not count
        few, many = steps(partial(question, small)), steps(partial(question, large))
        assert 0 < many < few * 1.1
        assert memory(partial(question, large)) < memory(partial(question, small)) * 1.5


# --- Asking wrongly -----------------------------------------------------------------------------------------


def test_an_unknown_thing_has_no_neighbourhood(profile: Projection) -> None:
    with pytest.raises(UnknownNode):
        profile.neighbourhood(HERE + "id/nobody")
    with pytest.raises(UnknownNode):
        profile.relation_counts(HERE + "id/nobody")


@pytest.mark.parametrize("asked", [{"hops": 0}, {"hops": 4}, {"direction": "up"}, {"limit": 0}])
def test_a_question_without_sense_is_refused(asked: dict[str, int | str], profile: Projection) -> None:
    with pytest.raises(ValueError, match="no such neighbourhood"):
        profile.neighbourhood(DEPARTMENT, **asked)  # type: ignore[arg-type]


def test_a_relation_that_nothing_has_leads_nowhere(profile: Projection) -> None:
    found = profile.neighbourhood(DEPARTMENT, relations={"http://example.org/unheard"})
    assert (len(found.nodes), found.edges, found.truncated) == (1, (), False)


# --- Versions -----------------------------------------------------------------------------------------------


class CountingEngine(LocalEngine):
    """An engine that counts questions; ``meanwhile`` happens before each answer."""

    asked = 0
    meanwhile: Callable[[], object] = staticmethod(lambda: None)

    def select(self, query: str, dataset: Dataset = WHOLE) -> list[dict[str, str]]:
        self.asked += 1
        self.meanwhile()
        return super().select(query, dataset)


def test_a_projection_is_made_once_a_version() -> None:
    engine = CountingEngine(OxigraphStore())
    cache = ProjectionCache(engine)
    assert cache.current() is cache.current()
    assert engine.asked == 2
    engine.version = 7
    assert (cache.current().version, engine.asked) == (7, 4)


def test_many_who_ask_at_once_get_one_projection() -> None:
    engine = CountingEngine(OxigraphStore())
    cache, ready, found = ProjectionCache(engine), threading.Barrier(6), []

    def ask() -> None:
        ready.wait()
        found.append(cache.current())

    threads = [threading.Thread(target=ask) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({id(one) for one in found}) == 1
    assert engine.asked == 2


def test_a_change_in_the_middle_starts_the_reading_again() -> None:
    engine = CountingEngine(OxigraphStore())

    def change() -> None:
        if engine.asked == 2:
            engine.version += 1

    engine.meanwhile = change
    assert (Projection.of(engine).version, engine.asked) == (1, 4)


def test_under_a_stream_of_changes_a_projection_never_claims_the_newest_version() -> None:
    engine = CountingEngine(OxigraphStore())

    def change() -> None:
        engine.version += 1

    engine.meanwhile = change
    assert Projection.of(engine).version < engine.version


def test_a_projection_cannot_be_changed(profile: Projection) -> None:
    with pytest.raises(ValueError, match="read-only"):
        profile._relation[0] = 0
