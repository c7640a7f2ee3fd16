"""Numbers tell apart what goes by the same values, whatever the order of the rows."""

from hypothesis import given
from hypothesis import strategies as st

from graph.imports.naming import numbers

SIGNATURES = st.lists(
    st.tuples(*[st.sampled_from([(), ("a",), ("b",)])] * 3), min_size=1, max_size=6, unique=True
)


@given(SIGNATURES, st.randoms(use_true_random=False))
def test_numbers_do_not_depend_on_order_and_leave_no_gap(
    listed: list[tuple[tuple[str, ...], ...]], random: object
) -> None:
    found = numbers(listed)
    shuffled = list(listed)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert numbers(shuffled) == found
    assert found.keys() == set(listed)
    assert set(found.values()) == set(range(1, max(found.values()) + 1))


def test_what_says_less_is_the_same_as_what_says_more() -> None:
    start, role = (("2021",), (), ()), ((), (), ("member",))
    both = (("2021",), (), ("member",))
    assert numbers([start, role, both]) == {start: 1, role: 1, both: 1}


def test_what_differs_is_numbered_by_time() -> None:
    early, late = (("2015",), (), ()), (("2021",), (), ())
    assert numbers([late, early]) == {early: 1, late: 2}
