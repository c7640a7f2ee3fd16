"""The review of an alliance: events in a time, beds, places, and techniques of a tier."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from page_data import ALLIANCE, PACKAGED, member, packaged_engine, state

from graph.imports.held_facts import HeldSource, held_sources
from graph.review import (
    Place,
    Stay,
    age_of,
    beds,
    divisions,
    elsewhere,
    ending,
    joined,
    lacking,
    left,
    stays,
    uncovered,
    unsourced,
)
from samples import BASE, NAMES

days = st.dates(date(2015, 1, 1), date(2030, 12, 31))


def stay(start: tuple[str, str] = ("", ""), end: tuple[str, str] = ("", ""), status: str = "") -> Stay:
    return Stay("m", "u", "", status, start[0][:7], end[0][:7], *start, *end)


@given(days, days, days)
def test_a_day_is_in_a_time_or_not(day: date, one: date, other: date) -> None:
    since, until = sorted((one, other))
    (first, *_) = joined([stay((day.isoformat(), day.isoformat()))], since, until) or [None]
    assert (first is not None) == (since <= day <= until)
    assert first is None or first.certainty == "yes"


@given(days, days)
def test_a_month_that_is_only_partly_in_the_time_is_not_sure(one: date, other: date) -> None:
    since, until = sorted((one, other))
    for event in joined([stay(("2021-03-01", "2021-03-31"))], since, until):
        whole = since <= date(2021, 3, 1) and until >= date(2021, 3, 31)
        assert (event.certainty == "yes") == whole


def test_who_is_said_to_have_left_without_a_date_may_have_left_then() -> None:
    status = f"{PACKAGED}vocab/status/left"
    (event,) = left([stay(status=status)], date(2026, 1, 1), date(2026, 12, 31))
    assert (event.certainty, event.date) == ("maybe", "")
    assert not ending(
        [stay(end=("2026-12-31", "2026-12-31"), status=status)], date(2026, 1, 1), date(2027, 1, 1)
    )


def test_a_membership_that_two_sources_date_differently_has_the_widest_bounds() -> None:
    engine = packaged_engine()
    bounds = "".join(
        f'<id/membership/m1> ma:earliestStart "{a}"^^xsd:date ; ma:latestStart "{b}"^^xsd:date .'
        for a, b in (("2020-01-01", "2020-12-31"), ("2021-03-01", "2021-03-31"))
    )
    state(engine, member(1) + bounds)
    (found,) = [one for one in stays(engine, ALLIANCE) if one.membership.endswith("m1")]
    assert (found.earliest_start, found.latest_start) == ("2020-01-01", "2021-03-31")


FIGURE = """
<id/stat/{n}> a ma:Statistic ; sosa:hasFeatureOfInterest <{of}> ; sosa:observedProperty <{p}vocab/indicator/beds> ;
  sosa:hasSimpleResult {value} ; ma:basis <{p}vocab/basis/stated> ; prov:wasDerivedFrom <source/{source}> {more} .
"""


def figure(n: int, of: str, value: int, source: str = "list", more: str = "") -> str:
    return FIGURE.format(n=n, of=of, value=value, source=source, more=more, p=PACKAGED)


def test_the_newest_number_of_beds_counts_once_and_the_missing_are_named() -> None:
    engine = packaged_engine()
    dept = """<id/org/d1> a ma:ClinicalDepartment ; skos:prefLabel "科"@zh ; org:unitOf <id/org/u1> ."""
    state(
        engine,
        member(1) + member(2) + dept + figure(1, "id/org/d1", 20) + figure(9, "id/org/u1", 900),
        "list",
    )
    state(engine, figure(2, "id/org/d1", 25, "later", '; ma:asOf "2026-01-01"^^xsd:date'), "later")
    units = [f"{BASE}id/org/u1", f"{BASE}id/org/u2"]
    (found,) = [
        one
        for one in beds(engine, ALLIANCE, units, held_sources(engine, NAMES))
        if one.indicator.endswith("/beds")
    ]
    # The department that started the alliance has 150 on record.
    assert found.total - Decimal(150) == 25
    assert found.missing == [f"{BASE}id/org/u2"]
    assert found.disagreeing == [f"{BASE}id/org/u1"]


def test_a_member_of_two_alliances_is_told_with_who_leads_the_other() -> None:
    engine = packaged_engine()
    other = f"""
    <id/org/a2> a ma:MedicalAlliance ; skos:prefLabel "另一联盟"@zh .
    <id/membership/x1> a ma:AllianceMembership ; org:member <id/org/u1> ; org:organization <id/org/a2> .
    <id/membership/x2> a ma:AllianceMembership ; org:member <id/org/u2> ; org:organization <id/org/a2> ;
      org:role <{PACKAGED}vocab/membership-role/lead> .
    <id/org/u2> ma:grade <{PACKAGED}vocab/hospital-grade/3a> .
    """
    state(engine, member(1) + member(2) + other)
    found = {one.member.rpartition("/")[2]: one for one in elsewhere(engine, ALLIANCE)}
    assert found["u1"].lead.endswith("/u2")
    assert found["u1"].grade.endswith("/3a")
    assert found["u2"].lead == ""


def test_places_without_a_member_are_those_that_none_is_in() -> None:
    found = divisions(packaged_engine(), "220000")
    assert {len(found["prefecture"]), len(found["county"])} == {9, 60}
    rest = uncovered(found["county"], [found["county"][0].area])
    assert len(rest) == 59
    assert found["county"][0] not in rest
    assert uncovered([Place("a", "b")], []) == [Place("a", "b")]


CENTRE = """
<id/designation/c{n}> a ma:Designation ; skos:prefLabel "中心{n}"@zh ; ma:heldBy <id/org/u{n}> ;
  ma:kind <{p}vocab/designation-kind/critical-care-centre> ; ma:level <{p}vocab/level/municipal> .
"""
OFFERS = """
<id/capability/{n}-{t}> a ma:Capability ; schema:provider <id/org/u{n}> ; ma:technique <{p}vocab/technique/{t}> ;
  ma:availability <{p}vocab/availability/{a}> .
"""


def tier(*offers: tuple[int, str, str]) -> str:
    units = "".join(member(n) + CENTRE.format(n=n, p=PACKAGED) for n in (1, 2, 3))
    return units + "".join(OFFERS.format(n=n, t=t, a=a, p=PACKAGED) for n, t, a in offers)


def test_what_half_of_a_tier_offers_is_what_the_others_lack() -> None:
    engine = packaged_engine()
    state(
        engine,
        tier(
            (1, "hypothermia", "yes"),
            (2, "hypothermia", "around-the-clock"),
            (3, "hypothermia", "no"),
            (1, "ecmo", "yes"),
        ),
    )
    found, by_standard = lacking(engine, ALLIANCE)
    assert not by_standard
    told = {one.member.rpartition("/")[2]: ([*one.without], [*one.unknown]) for one in found}
    assert told == {"u3": ([f"{PACKAGED}vocab/technique/hypothermia"], [])}


def test_a_standard_on_record_says_what_a_tier_should_have() -> None:
    engine = packaged_engine()
    asked = f"""<id/requirement/1> a ma:CapabilityRequirement ; ma:tier <{PACKAGED}vocab/level/municipal> ;
      ma:technique <{PACKAGED}vocab/technique/ecmo> ."""
    state(engine, tier((1, "ecmo", "yes"), (2, "ecmo", "no")) + asked)
    found, by_standard = lacking(engine, ALLIANCE)
    assert by_standard
    told = {one.member.rpartition("/")[2]: (len(one.without), len(one.unknown)) for one in found}
    assert told == {"u2": (1, 0), "u3": (0, 1)}


@pytest.mark.parametrize(
    ("dated", "age"),
    [
        ("", "undated"),
        ("2024", "current"),
        ("2023", "old"),
        ("2024-10", "old"),
        ("2024-11", "current"),
        ("2024-11-22", "old"),
    ],
)
def test_a_source_is_old_only_when_its_date_surely_is(dated: str, age: str) -> None:
    assert age_of(HeldSource("<g>", dated=dated), date(2024, 11, 23)) == age


def test_a_fact_without_a_source_is_found() -> None:
    engine = packaged_engine()
    assert unsourced(engine) == []
    state(engine, f"<id/fact/1> a ma:GradeAssignment ; ma:basis <{PACKAGED}vocab/basis/stated> .")
    assert unsourced(engine) == [f"{BASE}id/fact/1"]
