"""Views of the explorer: what is asked for is drawn, nothing twice, never more than there is room for."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.exploration import Expansion, Exploration
from graph.groups import Group, Groups
from graph.layout import ARRANGEMENTS, LABEL_HEIGHT, LABEL_WIDTH
from graph.paths import shortest_paths
from graph.projection import Edge, Filters, Node, Projection
from graph.views import GROUP, Material, View, view
from ontology.terms import ORG

X = "http://example.org/"
HUB, CITY = X + "hub", X + "city"
UNITS = [f"{X}u{number}" for number in range(8)]
TODAY = date(2026, 11, 24)
FILTERS = Filters(as_of=TODAY)
PARENT = ORG.subOrganizationOf


def node(name: str, kind: str = "hospital", illustrative: bool = False) -> Node:
    return Node(name, kind, {"zh": name.removeprefix(X)}, illustrative, 0, 0)


def projection() -> Projection:
    nodes = [
        node(HUB, "alliance"),
        node(CITY, "area"),
        *(node(name, illustrative=name == UNITS[7]) for name in UNITS),
    ]
    edges = [Edge(name, PARENT, HUB) for name in UNITS]
    edges += [Edge(UNITS[0], PARENT, UNITS[1]), Edge(UNITS[1], PARENT, CITY)]
    return Projection.made_of(1, nodes, edges)


def group(value: str, units: list[str]) -> Group:
    return Group(
        "prefecture", value, tuple(units), sum(name == UNITS[7] for name in units), {HUB: len(units)}
    )


GROUPS = (group(CITY, UNITS[:5]), group("", UNITS[5:]))


@pytest.fixture(scope="module")
def drawn_from() -> Projection:
    return projection()


def seen(asked: Exploration, held: Projection, groups: tuple[Group, ...] = (), **more: object) -> View:
    filters = replace(FILTERS, real_only=asked.real_only)
    return view(Material(held, Groups(groups, 3) if asked.group else Groups(), **more), asked, filters)  # type: ignore[arg-type]


def names(drawn: View) -> list[str]:
    return [thing.name.removeprefix(X) for thing in drawn.things]


def test_it_starts_with_groups_around_what_they_are_tied_to(drawn_from: Projection) -> None:
    drawn = seen(Exploration(group="prefecture"), drawn_from, GROUPS)
    assert [thing.kind for thing in drawn.things] == [GROUP, GROUP, "alliance"]
    assert [(line.to_name, line.count) for line in drawn.lines] == [(HUB, 5), (HUB, 3)]
    assert [thing.name for thing in drawn.things if thing.is_centre] == [HUB]


def test_an_opened_group_shows_its_units_which_hang_on_it(drawn_from: Projection) -> None:
    drawn = seen(Exploration(group="prefecture", opened=("",)), drawn_from, GROUPS)
    assert {"u5", "u6", "u7"} <= {*names(drawn)}
    ties = [line for line in drawn.lines if line.edge is None and line.from_name == GROUPS[1].name]
    assert [line.to_name for line in ties] == UNITS[5:]
    assert next(thing for thing in drawn.things if thing.name == GROUPS[1].name).is_expanded


def test_an_expansion_shows_what_was_ticked_and_counts_what_is_left_out(drawn_from: Projection) -> None:
    drawn = seen(Exploration(expansions=(Expansion(HUB, (("parent", "in"),)),), limit=5), drawn_from)
    assert len(drawn.things) == 5
    assert drawn.left_out == 4
    nothing = seen(Exploration(expansions=(Expansion(HUB, (("parent", "out"),)),)), drawn_from)
    assert names(nothing) == ["hub"]
    assert nothing.left_out == 0


def test_several_expansions_share_the_room(drawn_from: Projection) -> None:
    asked = Exploration(expansions=(Expansion(HUB), Expansion(UNITS[1])), limit=4)
    drawn = seen(asked, drawn_from)
    assert {"hub", "u1", "city"} <= {*names(drawn)} or {"hub", "u1", "u0"} <= {*names(drawn)}
    assert len(drawn.things) == 4


def test_what_is_hidden_is_not_drawn_but_stays_asked_for(drawn_from: Projection) -> None:
    asked = Exploration(expansions=(Expansion(HUB),), hidden=(UNITS[3],))
    assert "u3" not in names(seen(asked, drawn_from))


def test_a_pin_keeps_its_place(drawn_from: Projection) -> None:
    drawn = seen(Exploration(focus=(HUB,), pins=((HUB, (12.0, -5.0)),)), drawn_from)
    assert drawn.things[0].at == (12.0, -5.0)
    assert drawn.things[0].is_pinned


def test_units_that_do_not_fit_the_facets_go_unless_they_were_named(drawn_from: Projection) -> None:
    asked = Exploration(focus=(UNITS[0],), expansions=(Expansion(HUB),))
    drawn = seen(asked, drawn_from, leaves_out=UNITS.__contains__)
    assert names(drawn) == ["hub", "u0"]


def test_a_path_is_drawn_whole_and_marked(drawn_from: Projection) -> None:
    asked = Exploration(path=(UNITS[0], CITY))
    chains = shortest_paths(drawn_from, UNITS[0], CITY, 1, FILTERS)
    drawn = seen(asked, drawn_from, chains=chains)
    assert {thing.name for thing in drawn.things if thing.on_path} == {UNITS[0], UNITS[1], CITY}
    assert [line.on_path for line in drawn.lines] == [True, True]


def test_things_that_the_graph_does_not_know_are_left_aside(drawn_from: Projection) -> None:
    asked = Exploration(focus=(X + "nobody",), expansions=(Expansion(X + "nobody"),), path=(X + "a", X + "b"))
    assert seen(asked, drawn_from).things == ()


def test_a_group_is_invented_when_all_its_units_are() -> None:
    assert seen(Exploration(group="prefecture"), projection(), (group("", UNITS[7:]),)).things[0].illustrative
    assert (
        not seen(Exploration(group="prefecture"), projection(), (group("", UNITS[6:]),))
        .things[0]
        .illustrative
    )


def test_how_many_groups_are_left_out_is_passed_on(drawn_from: Projection) -> None:
    assert seen(Exploration(group="prefecture"), drawn_from, GROUPS).groups_left_out == 3
    assert seen(Exploration(focus=(HUB,)), drawn_from, GROUPS).groups_left_out == 0


explorations = st.builds(
    Exploration,
    group=st.sampled_from(["", "prefecture"]),
    opened=st.lists(st.sampled_from(["", CITY]), unique=True).map(tuple),
    focus=st.lists(st.sampled_from([*UNITS, X + "nobody"]), max_size=3, unique=True).map(tuple),
    expansions=st.lists(
        st.builds(Expansion, st.sampled_from([HUB, CITY, *UNITS]), hops=st.integers(1, 3)),
        max_size=3,
        unique_by=lambda one: one.iri,
    ).map(tuple),
    hidden=st.lists(st.sampled_from([HUB, *UNITS, GROUPS[0].name]), max_size=3, unique=True).map(tuple),
    layout=st.sampled_from([*ARRANGEMENTS]),
    limit=st.integers(1, 12),
    real_only=st.booleans(),
)


@settings(max_examples=60)
@given(explorations)
def test_whatever_is_asked_names_are_apart_lines_have_ends_and_the_limit_holds(asked: Exploration) -> None:
    drawn = seen(asked, projection(), GROUPS)
    listed = [thing.name for thing in drawn.things]
    assert len(listed) == len(set(listed))
    assert not {*listed} & {*asked.hidden}
    assert len(drawn.nodes) <= asked.limit
    assert {end for line in drawn.lines for end in (line.from_name, line.to_name)} <= {*listed}
    for place, one in enumerate(drawn.things):
        for other in drawn.things[:place]:
            assert abs(one.at[0] - other.at[0]) >= LABEL_WIDTH or abs(one.at[1] - other.at[1]) >= LABEL_HEIGHT
    assert seen(asked, projection(), GROUPS) == drawn
