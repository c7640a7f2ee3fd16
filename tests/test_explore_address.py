"""Addresses of the explorer: what is read is what was written, and nonsense is left aside."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.datastructures import QueryParams

from api.explore_address import Addresses, Place, Vocabulary, part, parts
from graph.exploration import Expansion, Exploration
from graph.layout import ARRANGEMENTS
from graph.times import HELD
from samples import BASE, HOSTILE

GROUPS, FACETS = ("prefecture", "tier"), ("grade", "role")
ADDRESSES = Addresses(BASE, Vocabulary(GROUPS, FACETS, ("hospital", "area"), ("membership", "unit")))
ID = "https://w3id.org/medalliance/id/"

texts = st.text("abc019~%@,.:/ 院", min_size=1, max_size=8)
things = st.builds(
    "".join, st.tuples(st.sampled_from([ID + "org/", BASE + "id/org/", "urn:x:", ID + "a:"]), texts)
).filter(lambda name: ADDRESSES.iri(ADDRESSES.key(name)) == name)
values = st.one_of(st.just(""), things)
ways = st.tuples(st.sampled_from(["membership", "unit"]), st.sampled_from(["out", "in"]))
coordinates = st.floats(-9999, 9999).map(lambda number: round(number) / 1.0)


def several(items, most=3):
    return st.lists(items, max_size=most, unique=True).map(tuple)


explorations = st.builds(
    Exploration,
    group=st.sampled_from(["", *GROUPS]),
    opened=several(values),
    focus=several(things),
    expansions=st.lists(
        st.builds(Expansion, things, several(ways), st.integers(1, 3)),
        max_size=3,
        unique_by=lambda one: one.iri,
    ).map(tuple),
    hidden=several(things),
    pins=st.dictionaries(things, st.tuples(coordinates, coordinates), max_size=3).map(
        lambda d: tuple(d.items())
    ),
    facets=st.dictionaries(st.sampled_from(FACETS), several(values).filter(bool)).map(
        lambda chosen: {name: chosen[name] for name in FACETS if name in chosen}
    ),
    kinds=st.sampled_from([(), ("hospital",), ("hospital", "area")]),
    relations=st.sampled_from([(), ("unit",), ("membership", "unit")]),
    as_of=st.one_of(st.none(), st.dates(date(1900, 1, 1), date(2100, 1, 1))),
    held=st.sampled_from([("yes", "unknown"), ("yes",), ("no",), HELD]),
    real_only=st.booleans(),
    layout=st.sampled_from(["", *ARRANGEMENTS]),
    path=st.one_of(st.none(), st.tuples(things, things)),
    chains=st.integers(1, 5),
    limit=st.integers(1, 1500),
)
places = st.builds(
    Place, explorations, selected=st.one_of(st.just(""), texts), sort=texts, page=st.integers(1, 9)
)


def read(query: str) -> Place:
    return ADDRESSES.read(QueryParams(query))


@given(places)
def test_reading_what_was_written_gives_the_same_place(place: Place) -> None:
    assert read(ADDRESSES.written(place)) == place


@given(
    st.lists(st.tuples(st.sampled_from(["group", "expand", "pin", "as_of", "limit", "path", "open"]), texts))
)
def test_any_address_leads_somewhere_and_its_canonical_form_to_the_same_place(pairs) -> None:
    place = ADDRESSES.read(QueryParams(pairs))
    assert read(ADDRESSES.written(place)) == place


@given(st.lists(texts, min_size=1))
def test_keys_between_tildes_come_back(keys: list[str]) -> None:
    assert parts("~".join(map(part, keys))) == keys


def test_an_empty_address_says_nothing() -> None:
    assert ADDRESSES.written(read("")) == ""
    assert read("").exploration.is_empty


@pytest.mark.parametrize(
    "query",
    [
        "group=nothing",
        "limit=many",
        "as_of=2026-02-30",
        "layout=chaos",
        "held=perhaps",
        "pin=org/a@1",
        "pin=org/a@nan,1",
        "pin=org/a@1e9,1",
        "path=org/a",
        "expand=~~2",
        "kind=person",
        "open=",
        "lang=zh",
        *(f"focus=:{label}" for label in HOSTILE),
    ],
)
def test_what_makes_no_sense_is_left_aside(query: str) -> None:
    assert ADDRESSES.written(read(query)) == ""


def test_the_form_of_the_panel_adds_to_what_is_expanded() -> None:
    place = read("expand=org/a~membership.out~1&x=org/a&xr=unit.in&xr=membership.out&xh=2")
    expected = Expansion(ID + "org/a", (("membership", "out"), ("unit", "in")), 2)
    assert place.exploration.expansions == (expected,)
    assert ADDRESSES.written(place) == "expand=org/a~membership.out,unit.in~2"


def test_asking_for_all_relations_asks_for_no_fewer() -> None:
    assert ADDRESSES.written(read("expand=org/a~unit.in~1&expand=org/a")) == "expand=org/a~~1"


def test_a_group_is_opened_by_its_value_or_by_its_whole_key() -> None:
    for key in ("area/220100", "group:prefecture/area/220100"):
        assert read(f"group=prefecture&open={key}").exploration.opened == (ID + "area/220100",)
    assert read("group=prefecture&open=unknown").exploration.opened == ("",)


def test_a_group_can_be_hidden_and_pinned() -> None:
    query = "group=prefecture&hide=group:prefecture/unknown&pin=group:prefecture/area/220100@3,4"
    seen = read(query).exploration
    assert seen.hidden == ("group:prefecture/",)
    assert seen.pins == ((f"group:prefecture/{ID}area/220100", (3.0, 4.0)),)
    assert ADDRESSES.written(read(query)) == query


def test_a_form_keeps_what_its_own_fields_do_not_give() -> None:
    place = read("group=tier&layout=map&page=3")
    assert ADDRESSES.hidden_fields(place, "layout") == [("group", "tier")]


def test_two_ends_may_come_from_two_fields() -> None:
    assert ADDRESSES.written(read("from=org/a&to=org/b")) == "path=org/a~org/b"
