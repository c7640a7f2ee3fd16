"""Neighbourhoods are what a plain search finds, cost what they show, and say what they leave out."""

from __future__ import annotations

import sys
import threading
import tracemalloc
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from functools import partial
from types import FrameType
from typing import Any

import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph import media
from graph.catalogue import Entry, entry_quads
from graph.focus import changed_nodes
from graph.local import LocalEngine, WholeAnswer
from graph.names import Names
from graph.oxigraph import OxigraphStore
from graph.projection import (
    Direction,
    Edge,
    Filters,
    KindCount,
    Neighbourhood,
    Node,
    Projection,
    ProjectionCache,
    RelationCount,
    UnknownNode,
    as_networkx,
)
from graph.quads import Delta, Term
from graph.settle import Knowledge
from graph.times import Bounds, Held
from ontology.packaged import BASE, packaged_graphs
from ontology.terms import MA, ORG, SCHEMA

HERE = "http://127.0.0.1:8000/"
NAMES = Names(HERE)
DEPARTMENT = BASE + "id/org/fhjlu-neonatology"
ALLIANCE = BASE + "id/org/jl-neonatal-alliance"
ROLE = BASE + "vocab/membership-role/"
PREFIXES = f"""@prefix ma: <{BASE}ontology#> . @prefix org: <http://www.w3.org/ns/org#> .
@prefix schema: <https://schema.org/> . @prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> . @prefix role: <{ROLE}> .
@prefix area: <{BASE}id/area/> . @prefix : <{HERE}id/> .
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
    return Projection.made_of(1, map(thing, NAMES_OF_NODES), edges)


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
    found = projection(edges).neighbourhood(centre, hops, direction, filters=Filters(relations=relations))
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
    found = projection(edges).neighbourhood(centre, hops, direction, limit, Filters(relations=relations))
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
    shuffled = Projection.made_of(1, map(thing, names), [*listed, *listed])
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


# --- Filters ------------------------------------------------------------------------------------------------

DAY = date(2020, 6, 1)
PERIODS = {
    "yes": Bounds(latest_start=DAY.toordinal()),
    "unknown": Bounds(),
    "no": Bounds(never_held=True),
}
HELD_SETS = st.frozensets(st.sampled_from(list(PERIODS)), min_size=1)


@st.composite
def filtered(draw: st.DrawFn) -> tuple[Projection, frozenset[Edge], Filters]:
    """Return a projection in which the name of a fact tells when it holds, its edges, and filters."""
    facts = st.sampled_from([*PERIODS, ""])
    nodes = [
        Node(name, draw(st.sampled_from(["hospital", "other"])), {}, draw(st.booleans()), 0, 0)
        for name in NAMES_OF_NODES
    ]
    edges = draw(
        st.frozensets(
            st.builds(
                Edge,
                st.sampled_from(NAMES_OF_NODES),
                st.sampled_from(RELATIONS),
                st.sampled_from(NAMES_OF_NODES),
                facts,
            ),
            max_size=24,
        )
    )
    filters = Filters(
        as_of=draw(st.sampled_from([None, DAY])),
        held=draw(HELD_SETS),
        real_only=draw(st.booleans()),
        kinds=draw(st.none() | st.frozensets(st.sampled_from(["hospital", "other", "area"]))),
        relations=draw(CHOICES | st.just(frozenset({"unit", "other"}))),
    )
    return Projection.made_of(1, nodes, edges, PERIODS), edges, filters


def fitting(held: Projection, edges: frozenset[Edge], filters: Filters, *, kinds: bool = True) -> set[Edge]:
    """Return edges that fit some filters, read one by one; their ``to`` is at the far end."""
    return {
        edge
        for edge in edges
        if (filters.as_of is None or (edge.fact or "yes") in filters.held)
        and not (
            filters.real_only and any(held.node(end).illustrative for end in (edge.from_iri, edge.to_iri))
        )
        and (not kinds or filters.kinds is None or held.node(edge.to_iri).kind in filters.kinds)
        and (
            filters.relations is None
            or edge.relation in filters.relations
            or (edge.relation == ORG.unitOf and "unit" in filters.relations)
            or (edge.relation == RELATIONS[2] and "other" in filters.relations)
        )
    }


def turned(edges: Iterable[Edge]) -> frozenset[Edge]:
    """Return edges the other way round."""
    return frozenset(Edge(edge.to_iri, edge.relation, edge.from_iri, edge.fact) for edge in edges)


@given(filtered(), st.sampled_from(NAMES_OF_NODES))
def test_counts_are_those_of_the_edges_that_fit(
    made: tuple[Projection, frozenset[Edge], Filters], centre: str
) -> None:
    held, edges, filters = made
    expected = Counter(
        (edge.relation, "out") for edge in fitting(held, edges, filters) if edge.from_iri == centre
    )
    expected.update(
        (edge.relation, "in") for edge in fitting(held, turned(edges), filters) if edge.from_iri == centre
    )
    assert {(c.relation, c.direction): c.count for c in held.relation_counts(centre, filters)} == expected
    assert sum(c.count for c in held.kind_counts(centre, filters)) == expected.total()
    assert held.degree(centre, filters) == expected.total()


@given(filtered(), st.sampled_from(NAMES_OF_NODES), st.integers(1, 3), st.integers(1, 8))
def test_a_filtered_neighbourhood_shows_and_leaves_out_what_fits(
    made: tuple[Projection, frozenset[Edge], Filters], centre: str, hops: int, limit: int
) -> None:
    held, edges, filters = made
    found = held.neighbourhood(centre, hops, "out", limit, filters)
    shown = {node.iri: node.distance for node in found.nodes}
    fit = fitting(held, edges, filters)
    asked = Counter(edge.relation for edge in fit if shown.get(edge.from_iri, hops) < hops)
    drawn = Counter(
        edge.relation for edge in fit if edge.to_iri in shown and shown.get(edge.from_iri, hops) < hops
    )
    assert {(c.relation, c.direction): c.count for c in found.left_out} == {
        (relation, "out"): count for relation, count in (asked - drawn).items()
    }
    between = fitting(held, edges, filters, kinds=False)
    assert set(found.edges) == {e for e in between if {e.from_iri, e.to_iri} <= shown.keys()}
    assert set(found.edges) == set(held.edges_between(shown, filters))


@given(filtered())
def test_each_edge_tells_whether_it_holds_on_the_date_and_is_illustrative(
    made: tuple[Projection, frozenset[Edge], Filters],
) -> None:
    held, edges, filters = made
    for edge in held.edges_between(NAMES_OF_NODES, filters):
        assert edge in edges
        assert edge.held == ((edge.fact or "yes") if filters.as_of else None)
        assert edge.illustrative == any(held.node(n).illustrative for n in (edge.from_iri, edge.to_iri))


@given(filtered(), st.sampled_from(NAMES_OF_NODES), st.integers(1, 3), st.integers(1, 8))
def test_expanding_brings_what_the_neighbourhood_shows(
    made: tuple[Projection, frozenset[Edge], Filters], centre: str, hops: int, limit: int
) -> None:
    held, _, filters = made
    around = held.neighbourhood(centre, hops, limit=limit + 1, filters=filters)
    assert held.expanded(centre, hops=hops, limit=limit, filters=filters) == tuple(
        held.in_order(node.iri for node in around.nodes if node.iri != centre)
    )


@given(
    EDGES, st.sampled_from(NAMES_OF_NODES), st.frozensets(st.sampled_from(NAMES_OF_NODES)), st.integers(1, 3)
)
def test_what_is_there_already_is_walked_through_and_not_brought_again(
    edges: frozenset[Edge], centre: str, there: frozenset[str], hops: int
) -> None:
    held = projection(edges)
    everything = held.expanded(centre, hops=hops)
    brought = held.expanded(centre, hops=hops, exclude=there)
    assert brought == tuple(name for name in everything if name not in there)


@given(EDGES, st.sampled_from(NAMES_OF_NODES), st.sampled_from(RELATIONS), st.sampled_from(["out", "in"]))
def test_expanding_one_relation_in_one_direction_brings_its_far_ends(
    edges: frozenset[Edge], centre: str, relation: str, direction: Direction
) -> None:
    brought = projection(edges).expanded(centre, [(relation, direction)])
    seen = edges if direction == "out" else turned(edges)
    assert set(brought) == {e.to_iri for e in seen if (e.from_iri, e.relation) == (centre, relation)} - {
        centre
    }


def test_the_kind_of_a_relation_may_be_named_instead() -> None:
    a, b, c = NAMES_OF_NODES[:3]
    held = projection(frozenset({Edge(a, ORG.unitOf, b), Edge(a, MA.initiatedBy, c)}))
    assert held.expanded(a, [("unit", "out")]) == (b,)
    assert held.kind_counts(a) == (KindCount("initiation", "out", 1), KindCount("unit", "out", 1))


def test_a_membership_holds_from_its_start_to_its_end_and_a_place_always() -> None:
    engine = loaded(
        {
            "one": """:m a ma:AllianceMembership ; org:member :a ; org:organization :b ; org:role role:member ;
                        ma:earliestStart "2019-01-01"^^xsd:date ; ma:latestStart "2019-12-31"^^xsd:date ;
                        ma:earliestEnd "2023-05-01"^^xsd:date ; ma:latestEnd "2023-05-01"^^xsd:date .
                      :n a ma:AllianceMembership ; org:member :c ; org:organization :b ; org:role role:member ;
                        ma:status <https://w3id.org/medalliance/vocab/status/pending> .
                      :a org:unitOf :d ."""
        }
    )
    held = Projection.of(engine)

    def on(year: int, *answers: Held) -> dict[str, str | None]:
        filters = Filters(date(year, 6, 1), frozenset(answers or ("yes", "unknown", "no")))
        found = held.neighbourhood(HERE + "id/b", filters=filters).edges
        return {local(edge.from_iri): edge.held for edge in found}

    assert [on(year)["a"] for year in (2018, 2019, 2020, 2024)] == ["no", "unknown", "yes", "no"]
    assert on(2020) == {"a": "yes", "c": "no"}
    assert on(2020, "yes") == {"a": "yes"}
    assert on(2018, "yes", "unknown") == {}
    (place,) = held.edges_between([HERE + "id/a", HERE + "id/d"], Filters(date(1900, 1, 1)))
    assert place.held == "yes"


# --- What is invented ---------------------------------------------------------------------------------------


def flagged_edges(documents: dict[str, str], invented: frozenset[str]) -> dict[tuple[str, str, str], bool]:
    """Return the edges of an engine, some of whose documents are illustrative, and whether they are flagged."""
    engine = loaded(documents)
    for name in invented:
        graph = f"{HERE}source/{name}/00000001"
        engine.store.add(entry_quads(Entry(graph, "source", illustrative=True), NAMES))
    held = Projection.of(engine)
    edges = held.edges_between(held.network.things.iris)
    return {(local(e.from_iri), local(e.relation), local(e.to_iri)): e.illustrative for e in edges}


def test_an_edge_is_illustrative_when_its_fact_or_an_end_is() -> None:
    assert flagged_edges(
        {
            "one": """:x a schema:Hospital ; ma:illustrative true ; org:unitOf :b .
                      :m a ma:AllianceMembership ; org:member :a ; org:organization :b ; ma:illustrative true .
                      :n a ma:AllianceMembership ; org:member :c ; org:organization :b ."""
        },
        frozenset(),
    ) == {
        ("x", "unitOf", "b"): True,
        ("a", "AllianceMembership", "b"): True,
        ("c", "AllianceMembership", "b"): False,
    }


def test_a_plain_edge_that_only_illustrative_graphs_state_is_illustrative() -> None:
    both = ":a org:unitOf :b ."
    assert flagged_edges({"real": both, "demo": both + ":c org:unitOf :d ."}, frozenset({"demo"})) == {
        ("a", "unitOf", "b"): False,
        ("c", "unitOf", "d"): True,
    }


def test_without_what_is_illustrative_nothing_of_it_is_left() -> None:
    engine = loaded(
        {"one": ":x a schema:Hospital ; ma:illustrative true ; org:unitOf :b . :a org:unitOf :b ."}
    )
    found = Projection.of(engine).neighbourhood(HERE + "id/b", filters=Filters(real_only=True))
    assert [local(node.iri) for node in found.nodes] == ["b", "a"]
    assert (found.centre.degree, found.left_out) == (1, ())


# --- Hubs ---------------------------------------------------------------------------------------------------


def hub(members: int) -> Projection:
    """Return an alliance with many members, three council units and one initiator."""
    names = [f"http://example.org/m{number:05}" for number in range(members)]
    edges = [Edge(name, ROLE + "member", "http://example.org/hub", name + "/fact") for name in names]
    edges += [Edge(name, ROLE + "council", "http://example.org/hub") for name in names[-3:]]
    edges += [Edge("http://example.org/hub", MA.initiatedBy, names[-4])]
    return Projection.made_of(1, map(thing, ["http://example.org/hub", *names]), edges)


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
    found = profile.neighbourhood(
        DEPARTMENT, filters=Filters(relations=frozenset({"http://example.org/unheard"}))
    )
    assert (len(found.nodes), found.edges, found.truncated) == (1, (), False)


# --- Versions -----------------------------------------------------------------------------------------------


class CountingEngine(LocalEngine):
    """An engine that counts questions; ``meanwhile`` happens before each answer, ``answered`` gets its size."""

    asked = 0
    meanwhile: Callable[[], object] = staticmethod(lambda: None)
    answered: Callable[[int], object] = staticmethod(lambda _: None)

    def answer(self, query: str, media_types: Sequence[str], **more: Any) -> WholeAnswer:
        self.asked += 1
        self.meanwhile()
        answer = super().answer(query, media_types, **more)
        self.answered(len(answer.body()))
        return answer


WHOLE_READING = 6
"""How many questions reading the whole graph takes."""


def test_a_projection_is_made_once_a_version() -> None:
    engine = CountingEngine(OxigraphStore())
    cache = ProjectionCache(engine)
    assert cache.current() is cache.current()
    assert engine.asked == WHOLE_READING
    engine.version = 7
    assert (cache.current().version, engine.asked) == (7, 2 * WHOLE_READING)


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
    assert engine.asked == WHOLE_READING


def test_a_change_in_the_middle_starts_the_reading_again() -> None:
    engine = CountingEngine(OxigraphStore())

    def change() -> None:
        if engine.asked == 2:
            engine.version += 1

    engine.meanwhile = change
    assert (Projection.of(engine).version, engine.asked) == (1, 2 * WHOLE_READING)


def test_under_a_stream_of_changes_a_projection_never_claims_the_newest_version() -> None:
    engine = CountingEngine(OxigraphStore())

    def change() -> None:
        engine.version += 1

    engine.meanwhile = change
    assert Projection.of(engine).version < engine.version


def test_a_projection_cannot_be_changed(profile: Projection) -> None:
    with pytest.raises(ValueError, match="read-only"):
        profile.network.links.relation[0] = 0


# --- In step with changes -----------------------------------------------------------------------------------


def changing(engine: LocalEngine, added: str, removed: str = "") -> set[Term]:
    """Change a source graph of an engine and return the nodes that the change touches."""
    graph, store = f"{HERE}source/one/00000001", OxigraphStore()
    parts = [
        store.read((PREFIXES + turtle).encode(), media.TURTLE, graph=graph) for turtle in (added, removed)
    ]
    delta = Delta(frozenset(parts[0]), frozenset(parts[1]))
    engine.apply(delta, engine.version + 1)
    return changed_nodes(delta)


def test_after_a_small_change_only_what_it_concerns_is_read_again() -> None:
    many = "".join(f":a{n} a schema:Hospital ; org:subOrganizationOf :top ." for n in range(200))
    engine = CountingEngine(loaded({"one": many}).store, Knowledge(NAMES))
    cache = ProjectionCache(engine, lambda *_: touched)
    before, read = cache.current(), engine.asked
    touched = changing(engine, ":a7 org:unitOf :top .")
    answers: list[int] = []
    engine.answered = answers.append
    after = cache.current()
    assert (after.version, after.size, before.size) == (1, 201, 200)
    assert (engine.asked, max(answers) < 1000) == (read + WHOLE_READING, True)


def test_a_change_that_touches_very_much_is_read_whole() -> None:
    engine = loaded({"one": ":a org:unitOf :b ."})
    engine.knowledge = Knowledge(NAMES)
    cache = ProjectionCache(engine, lambda *_: {f"<{HERE}id/{n}>" for n in range(50)})
    assert cache.current().size == 1
    changing(engine, ":c org:unitOf :d .")
    assert cache.current().size == 2


def test_when_changes_cannot_be_told_everything_is_read_again() -> None:
    engine = loaded({"one": ":a org:unitOf :b ."})
    engine.knowledge = Knowledge(NAMES)
    cache = ProjectionCache(engine, lambda *_: None)
    assert cache.current().size == 1
    changing(engine, ":c org:unitOf :d .", ":a org:unitOf :b .")
    assert (HERE + "id/c" in cache.current(), HERE + "id/a" in cache.current()) == (True, False)
