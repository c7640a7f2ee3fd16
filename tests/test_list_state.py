"""Questions to lists and the addresses that ask them: each leads to the other."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from urllib.parse import parse_qsl

import pytest
from hypothesis import given
from hypothesis import strategies as st
from list_data import DAY, VOC, demo_engine
from page_data import PACKAGED

from api.list_state import LIMIT, MOST_ROWS, Addressing, ListState
from graph.facets import NOT_STATED, Selection
from graph.tables import Tables
from samples import BASE, HOSTILE

ORG, AREA = f"{PACKAGED}id/org/", f"{PACKAGED}id/area/"


@pytest.fixture(scope="module")
def tables() -> Tables:
    return Tables.of(demo_engine())


@pytest.fixture(scope="module")
def members(tables: Tables) -> Addressing:
    return Addressing(tables["members"], BASE, DAY)


def read(addressing: Addressing, query: str) -> ListState:
    return addressing.read(parse_qsl(query, keep_blank_values=True))


def chosen(addressing: Addressing, query: str) -> dict[str, tuple[str, ...]]:
    return dict(read(addressing, query).selection.values)


def test_who_asks_nothing_sees_what_may_hold_today(members: Addressing) -> None:
    state = read(members, "")
    assert dict(state.selection.values) == {"held": ("yes", "unknown")}
    assert (state.day, state.is_day_asked, state.limit, state.offset) == (DAY, False, LIMIT, 0)
    assert members.query(state) == ""


def test_lists_whose_rows_do_not_end_have_no_usual_choice(tables: Tables) -> None:
    assert chosen(Addressing(tables["units"], BASE, DAY), "") == {}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("role=council", f"{VOC}membership-role/council"),
        (f"role={VOC}membership-role/council", f"{VOC}membership-role/council"),
        ("role=vocab/membership-role/council", f"{VOC}membership-role/council"),
        ("alliance=EX-A1", f"{ORG}EX-A1"),
        ("alliance=org/EX-A1", f"{ORG}EX-A1"),
        ("area=220100", f"{AREA}220100"),
        ("area=area/220100", f"{AREA}220100"),
        ("prefecture=220100", f"{AREA}220100"),
        ("grade=unknown", NOT_STATED),
        ("grade=", NOT_STATED),
        ("unit=org/EX-001", f"{ORG}EX-001"),
    ],
)
def test_a_value_may_be_an_iri_a_short_name_or_the_end_of_one(
    members: Addressing, text: str, value: str
) -> None:
    assert chosen(members, text)[text.partition("=")[0]] == (value,)


def test_a_value_that_nothing_has_finds_nothing_and_stays_in_the_address(members: Addressing) -> None:
    state = read(members, "grade=9z")
    assert "grade=9z" in members.query(state)
    assert members.labels(members.definition.columns["grade"], state.selection.values["grade"][0]) == {
        "": "9z"
    }


def test_repeated_parameters_are_alternatives_in_one_order(members: Addressing) -> None:
    assert chosen(members, "grade=3a&grade=2a&grade=3a") == chosen(members, "grade=2a&grade=3a")
    assert chosen(members, "held=no&held=yes")["held"] == ("yes", "no")


@pytest.mark.parametrize(
    "query",
    [
        "as_of=tomorrow",
        "as_of=2026-02-30",
        "as_of=20260101",
        "held=maybe",
        "sort=nothing",
        "sort=earliest_start",
        f"limit={MOST_ROWS + 1}",
        "limit=0",
        "limit=-5",
        "offset=x",
    ],
)
def test_what_makes_no_sense_is_named_and_pages_leave_it_out(members: Addressing, query: str) -> None:
    with pytest.raises(ValueError, match=query.partition("=")[0]):
        read(members, query)
    lenient = members.read_leniently([*parse_qsl(query), ("grade", "3a")])
    assert lenient == read(members, "grade=3a")


def test_a_choice_begins_from_the_first_row(members: Addressing) -> None:
    state = replace(read(members, "grade=3a&offset=100"), offset=100)
    more = state.toggled("grade", f"{VOC}hospital-grade/2a")
    assert more.offset == 0
    assert set(more.selection.values["grade"]) == {f"{VOC}hospital-grade/{grade}" for grade in ("2a", "3a")}
    assert "grade" not in state.toggled("grade", f"{VOC}hospital-grade/3a").selection.values
    assert "grade" not in state.without("grade").selection.values


def test_hidden_columns_cannot_be_asked_for(members: Addressing) -> None:
    assert "earliest_start" not in chosen(members, "earliest_start=2020-01-01")


def test_a_question_says_what_was_chosen_in_words(members: Addressing) -> None:
    told = {
        column.name: labels
        for column, labels in members.chosen(read(members, "grade=3a&area=220100&tier=unknown"))
    }
    assert [labels["zh"] for labels in told["grade"]] == ["三级甲等"]
    assert [labels["zh"] for labels in told["area"]] == ["长春市"]
    assert [labels["en"] for labels in told["tier"]] == ["not stated"]


def keys(name: str, listed: tuple[str, ...]) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(st.sampled_from(listed), min_size=1, unique=True).map(lambda some: tuple(sorted(some)))


selections = st.builds(
    Selection,
    values=st.fixed_dictionaries(
        {"held": st.sampled_from((("yes",), ("yes", "unknown"), ("yes", "unknown", "no"), ("no",)))},
        optional={
            "grade": keys("grade", (NOT_STATED, f"{VOC}hospital-grade/3a", f"{VOC}hospital-grade/2b")),
            "alliance": keys("alliance", (f"{ORG}EX-A1", f"{ORG}EX-A2", "https://example.org/a b")),
            "area": keys("area", (f"{AREA}220100", f"{AREA}220000")),
            "unit": keys("unit", (f"{ORG}EX-001", "urn:x:<y>")),
        },
    ),
    text=st.sampled_from(("", "医院 a", "&=%", *(" ".join(text.split()) for text in HOSTILE))),
    real_only=st.booleans(),
)
states = st.builds(
    ListState,
    selection=selections,
    day=st.just(DAY) | st.dates(date(1950, 1, 1), date(2100, 1, 1)),
    is_day_asked=st.booleans(),
    sort=st.sampled_from(("", "unit", "grade", "held", "end")),
    descending=st.booleans(),
    limit=st.sampled_from((LIMIT, 25, MOST_ROWS)),
    offset=st.sampled_from((0, 50)),
    view=st.sampled_from(("", "cards")),
)


@given(states)
def test_an_address_leads_to_the_question_that_it_was_made_of(members: Addressing, state: ListState) -> None:
    state = replace(state, day=state.day if state.is_day_asked else DAY)
    again = read(members, members.query(state))
    usual = members.definition.sort
    same = replace(again, sort=again.sort or usual) == replace(state, sort=state.sort or usual)
    assert same, members.query(state)
    assert members.query(again) == members.query(state)
