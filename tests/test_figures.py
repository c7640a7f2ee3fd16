"""Totals, parts, and what a source leaves unsaid."""

from __future__ import annotations

from decimal import Decimal
from functools import cache

from hypothesis import given, settings
from hypothesis import strategies as st
from page_data import DEPARTMENT, PACKAGED, PREFIXES, packaged_engine, state

from graph.figures import Figure, figures_about, splits_of
from graph.local import LocalEngine
from graph.nodes import Nodes
from graph.provenance import Provenances
from samples import BASE

INDICATOR = f"{PACKAGED}vocab/indicator/"
UNIT = f"{BASE}id/org/u1"


def figures(engine: LocalEngine, name: str = DEPARTMENT) -> dict[str, Figure]:
    nodes = Nodes(engine)
    found = figures_about(engine, nodes, Provenances(engine, nodes), name)
    return {figure.total.indicator.iri.removeprefix(INDICATOR): figure for figure in found}


def stated(
    indicator: str, value: int, more: str = "", document: str = "list", subject: str = "id/org/u1"
) -> str:
    return f"""
    <id/stat/{document}-{indicator}-{value}> a ma:Statistic ; sosa:hasFeatureOfInterest <{subject}> ;
      sosa:observedProperty <{INDICATOR}{indicator}> ; sosa:hasSimpleResult {value} ; qudt:hasUnit unit:NUM ;
      ma:basis <{PACKAGED}vocab/basis/stated> ; prov:wasDerivedFrom <source/{document}> {more} .
    """


def test_projects_have_a_stated_rest_and_no_computed_one() -> None:
    (split,) = figures(packaged_engine())["projects"].breakdowns
    assert [(part.value, part.unstated) for part in split.parts] == [(16, False), (64, False), (55, True)]
    assert split.remainder is None


def test_nurses_leave_a_rest_that_is_computed() -> None:
    (split,) = figures(packaged_engine())["nurses"].breakdowns
    assert [part.value for part in split.parts] == [1, 52]
    assert split.remainder == 72
    assert not split.exhaustive


def test_parts_stand_only_with_their_whole() -> None:
    shown = figures(packaged_engine())
    assert "projects-national" not in shown
    assert {"beds", "doctors", "min-weight"} <= set(shown)


def test_a_part_without_its_whole_stands_by_itself() -> None:
    shown = figures(state(packaged_engine(), stated("nurses-deputy-chief", 4)), UNIT)
    assert set(shown) == {"nurses-deputy-chief"}


def test_parts_of_another_source_are_not_subtracted() -> None:
    engine = state(
        state(packaged_engine(), stated("nurses", 100), "list"),
        stated("nurses-deputy-chief", 4, document="other"),
        "other",
    )
    shown = figures(engine, UNIT)
    assert shown["nurses"].breakdowns == ()


def test_parts_of_another_day_are_not_subtracted() -> None:
    turtle = stated("nurses", 100) + stated("nurses-deputy-chief", 4, '; ma:asOf "2020-01-01"^^xsd:date')
    assert figures(state(packaged_engine(), turtle), UNIT)["nurses"].breakdowns == ()


def test_parts_that_exceed_the_whole_leave_nothing() -> None:
    turtle = stated("nurses", 3) + stated("nurses-deputy-chief", 4)
    (split,) = figures(state(packaged_engine(), turtle), UNIT)["nurses"].breakdowns
    assert split.remainder is None


def test_two_sources_with_two_numbers_disagree_and_both_stay() -> None:
    engine = state(packaged_engine(), stated("beds", 120, subject=DEPARTMENT))
    nodes = Nodes(engine)
    beds = [
        figure
        for figure in figures_about(engine, nodes, Provenances(engine, nodes), DEPARTMENT)
        if figure.total.indicator.iri == INDICATOR + "beds"
    ]
    assert {(figure.total.value, figure.disagrees) for figure in beds} == {(150, True), (120, True)}


def test_figures_of_different_days_do_not_disagree() -> None:
    engine = state(
        packaged_engine(), stated("beds", 120, '; ma:asOf "2020-01-01"^^xsd:date', subject=DEPARTMENT)
    )
    assert not figures(engine)["beds"].disagrees


def test_a_value_that_is_no_number_is_left_out() -> None:
    turtle = stated("beds", 5).replace("sosa:hasSimpleResult 5", 'sosa:hasSimpleResult "many"')
    assert figures(state(packaged_engine(), turtle), UNIT) == {}


def test_counts_carry_no_unit_and_measures_do() -> None:
    shown = figures(packaged_engine())
    assert shown["beds"].total.unit is None
    weight = shown["min-weight"].total.unit
    assert weight is not None
    assert weight.labels == {"zh": "克", "en": "gram"}


def test_every_breakdown_of_the_vocabulary_splits_an_indicator() -> None:
    assert all(split.whole.startswith(INDICATOR) and split.parts for split in splits_of(packaged_engine()))


@cache
def reused() -> LocalEngine:
    """One engine for all examples of a property; each takes back what it added."""
    return packaged_engine()


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 500), st.integers(0, 500), st.integers(0, 500))
def test_parts_and_rest_make_the_whole_unless_parts_exceed_it(whole: int, one: int, other: int) -> None:
    turtle = stated("nurses", whole) + stated("nurses-deputy-chief", one) + stated("nurses-supervisor", other)
    engine = reused()
    added = engine.store.read((PREFIXES + turtle).encode(), "text/turtle", graph=f"{BASE}source/list/1")
    quads = [*added, *(quad._replace(graph="") for quad in added)]
    engine.store.add(quads)
    try:
        (split,) = figures(engine, UNIT)["nurses"].breakdowns
    finally:
        engine.store.remove(quads)
    total = sum((part.value for part in split.parts), Decimal(0)) + (split.remainder or 0)
    assert total == max(whole, one + other)
