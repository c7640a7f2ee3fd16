"""Values become terms just as the engine would write them, so that sums over them stay right."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from graph.imports.value_terms import day_term, number_term
from graph.oxigraph import OxigraphStore
from graph.quads import Quad, Term, iri


def held(term: Term) -> Term:
    """Return a term as the engine holds it."""
    store = OxigraphStore()
    store.add([Quad(iri("urn:x:a"), iri("urn:x:b"), term)])
    (quad,) = store.match()
    return quad.object


@given(st.decimals(min_value=-(10**12), max_value=10**12, places=6))
def test_numbers_are_written_as_the_engine_holds_them(number: Decimal) -> None:
    assert held(number_term(number)) == number_term(number)


@given(st.integers(-(10**25), 10**25))
def test_whole_numbers_of_any_size_are_too(number: int) -> None:
    assert held(number_term(Decimal(number))) == number_term(Decimal(number))


@given(st.dates(), st.sampled_from([4, 7, 10]))
def test_dates_are_written_as_the_engine_holds_them(date: object, length: int) -> None:
    text = str(date)[:length]
    assert held(day_term(text)) == day_term(text)


def test_a_whole_number_is_the_same_whatever_its_column_may_hold_else() -> None:
    assert (
        number_term(Decimal("30.0"))
        == number_term(Decimal(30))
        == '"30"^^<http://www.w3.org/2001/XMLSchema#integer>'
    )
    assert number_term(Decimal("1.50")) == '"1.5"^^<http://www.w3.org/2001/XMLSchema#decimal>'
