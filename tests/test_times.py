"""Whether a fact holds on a date: yes, no or unknown, as the query library answers it too."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.local import LocalEngine
from graph.network import Network
from graph.oxigraph import OxigraphStore
from graph.quads import Quad, Term, iri, literal, text_of
from graph.times import ALWAYS, NO, Bounds, Held, Periods, held_on
from ontology.library import query
from ontology.packaged import BASE
from ontology.terms import MA, ORG, RDF, XSD

HERE = "http://127.0.0.1:8000/id/"
MEMBERSHIP, UNIT, ALLIANCE = (iri(HERE + name) for name in ("membership/1", "org/1", "alliance/1"))
STATES = (
    "planned",
    "pending",
    "active",
    "under-review",
    "suspended",
    "expired",
    "left",
    "ended",
    "revoked",
    "withdrawn",
)
DAYS = st.dates(date(2020, 1, 1), date(2020, 1, 8))
BOUND = st.none() | DAYS
PROPERTIES = (MA.earliestStart, MA.latestStart, MA.earliestEnd, MA.latestEnd, MA.validFrom, MA.validUntil)


def membership(days: tuple[date | None, ...], state: str | None) -> LocalEngine:
    """Return an engine that knows one membership with such bounds and state."""
    said = [(RDF.type, iri(MA.AllianceMembership)), (ORG.member, UNIT), (ORG.organization, ALLIANCE)]
    said += [
        (name, literal(day.isoformat(), datatype=XSD.date))
        for name, day in zip(PROPERTIES, days, strict=True)
        if day
    ]
    said += [(MA.status, iri(f"{BASE}vocab/status/{state}"))] if state else []
    store = OxigraphStore()
    store.add(Quad(MEMBERSHIP, iri(name), value) for name, value in said)
    return LocalEngine(store)


def answered(engine: LocalEngine, day: date) -> str:
    """Return what the query library answers."""
    asked: dict[str, Term] = {
        "member": UNIT,
        "alliance": ALLIANCE,
        "date": literal(day.isoformat(), datatype=XSD.date),
    }
    (row,) = engine.select(query("is-member-on-date").bound(asked))
    return text_of(row["answer"])


@settings(max_examples=150)
@given(st.tuples(*[BOUND] * 6), st.none() | st.sampled_from(STATES), DAYS)
def test_the_arrays_answer_as_the_query_does(
    days: tuple[date | None, ...], state: str | None, day: date
) -> None:
    engine = membership(days, state)
    (answer,) = Network.of(engine).links.periods.held_on(day)
    assert ("yes", "unknown", "no")[answer] == answered(engine, day)


START, END = date(2019, 1, 1).toordinal(), date(2021, 12, 31).toordinal()


@pytest.mark.parametrize(
    ("bounds", "day", "held"),
    [
        (Bounds(), date(2020, 1, 1), "unknown"),
        (Bounds(START, START), date(2018, 12, 31), "no"),
        (Bounds(START, START), date(2019, 1, 1), "yes"),
        (Bounds(START, START + 364), date(2019, 6, 1), "unknown"),
        (Bounds(START, START + 364), date(2020, 1, 1), "yes"),
        (Bounds(START, START, END, END), date(2021, 12, 31), "yes"),
        (Bounds(START, START, END, END), date(2022, 1, 1), "no"),
        (Bounds(START, START, END - 364, END), date(2021, 6, 1), "unknown"),
        (Bounds(START, START, has_ended=True), date(2020, 1, 1), "unknown"),
        (Bounds(START, START, END, END, has_ended=True), date(2020, 1, 1), "yes"),
        (Bounds(START, START, never_held=True), date(2020, 1, 1), "no"),
        (ALWAYS, date(1, 1, 1), "yes"),
    ],
)
def test_a_fact_holds_when_its_start_is_surely_past_and_its_end_surely_not(
    bounds: Bounds, day: date, held: Held
) -> None:
    assert held_on(bounds, day) == held


def test_many_facts_are_answered_at_once() -> None:
    periods = Periods.of([Bounds(never_held=True)] * 3)
    assert periods.held_on(date(2020, 1, 1)).tolist() == [NO] * 3
    assert len(Periods.of([])) == 0
    assert Periods.of([]).held_on(date(2020, 1, 1)).tolist() == []


@given(st.tuples(*[BOUND] * 4), DAYS)
def test_a_state_that_says_it_is_over_never_makes_it_surer(days: tuple[date | None, ...], day: date) -> None:
    order: tuple[Held, ...] = ("no", "unknown", "yes")
    bounds = Bounds(*(known.toordinal() if known else 0 for known in days))
    assert order.index(held_on(bounds._replace(has_ended=True), day)) <= order.index(held_on(bounds, day))
