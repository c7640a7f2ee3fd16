"""Budgets hold for each asker, and for a minute."""

from contextlib import suppress
from datetime import timedelta
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.access import COMMAND_LINE, NOBODY, Identity
from api.budgets import MOST, Asker, Budgets, Spending, asker_of, budgets_of
from api.problems import Problem
from api.settings import Settings
from graph.engine import Busy, Limits, TimeLimitReached

MINUTE = timedelta(minutes=1).total_seconds()


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_who_has_spent_the_minute_waits_for_its_end_and_others_do_not() -> None:
    clock = Clock()
    budgets = Budgets(60, 30, clock=clock)
    budgets.spend("a", 59, error=False)
    budgets.admit("a")
    clock.now += 20
    budgets.spend("a", 2, error=False)
    with pytest.raises(Problem) as caught:
        budgets.admit("a")
    assert (caught.value.status, caught.value.headers["Retry-After"]) == (429, "40")
    budgets.admit("b")
    clock.now += 40
    budgets.admit("a")


def test_mistakes_are_counted_and_answers_are_not() -> None:
    budgets = Budgets(60, 3, clock=Clock())
    for _ in range(10):
        budgets.spend("a", 0, error=False)
    budgets.spend("a", 0, error=True)
    budgets.spend("a", 0, error=True)
    budgets.admit("a")
    budgets.spend("a", 0, error=True)
    with pytest.raises(Problem):
        budgets.admit("a")


@given(st.lists(st.tuples(st.sampled_from("ab"), st.floats(0, 30), st.floats(0, 40)), max_size=40))
def test_nobody_is_admitted_with_a_spent_minute_nor_refused_without(
    steps: list[tuple[str, float, float]],
) -> None:
    clock = Clock()
    budgets = Budgets(60, 0, clock=clock)
    since: dict[str, float] = {}
    spent: dict[str, float] = {}
    for key, seconds, later in steps:
        clock.now += later
        if clock.now >= since.get(key, -MINUTE) + MINUTE:
            since[key], spent[key] = clock.now, 0.0
        try:
            budgets.admit(key)
        except Problem:
            assert spent[key] >= 60
        else:
            assert spent[key] < 60
            budgets.spend(key, seconds, error=False)
            spent[key] += seconds


def test_a_budget_of_zero_is_none_and_a_plain_dataset_has_none() -> None:
    for budgets in (Budgets(0, 0), budgets_of(Settings(bare=True))):
        budgets.spend("a", 1e9, error=True)
        budgets.admit("a")


def test_askers_that_are_many_are_forgotten_in_time() -> None:
    budgets = Budgets(60, 0, clock=Clock())
    for number in range(MOST + 5):
        budgets.spend(str(number), 100, error=False)
    budgets.admit("0")
    with pytest.raises(Problem):
        budgets.admit(str(MOST))


def test_who_is_known_is_counted_by_name_and_has_more_time() -> None:
    scope = {"client": ("192.0.2.7", 1), "headers": [(b"x-forwarded-for", b"198.51.100.1")]}
    settings = Settings()
    stranger = asker_of(scope, NOBODY, settings)
    assert (stranger.key, stranger.name) == ("address 192.0.2.7", "-")
    assert stranger.limits.seconds == settings.query_seconds
    known = asker_of(scope, Identity("token 示例", "public", frozenset({"open", "read"})), settings)
    assert (known.key, known.limits.seconds) == ("name token 示例", settings.query_seconds_known)
    assert asker_of(scope, COMMAND_LINE, settings).key == ""


@pytest.mark.parametrize(
    ("fault", "is_error"), [(None, False), (TimeLimitReached(), True), (Busy(), False), (ValueError(), True)]
)
def test_a_block_counts_its_time_its_fault_and_is_logged(fault: Exception | None, is_error: bool) -> None:
    noted: list[tuple[object, ...]] = []
    spent: list[tuple[str, bool]] = []
    state = SimpleNamespace(
        budgets=SimpleNamespace(
            admit=lambda key: None, spend=lambda key, seconds, error: spent.append((key, error))
        ),
        slow_log=SimpleNamespace(note=lambda *said: noted.append(said)),
    )
    with suppress(TimeLimitReached, Busy, ValueError), Spending(state, Asker("key", "-", Limits()), "ASK {}"):
        if fault:
            raise fault
    assert spent == [("key", is_error)]
    assert noted[0][0] == "ASK {}"
