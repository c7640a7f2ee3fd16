"""The throttle: how long one has to wait, and what it forgets."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import pytest

from api.problems import Problem
from api.throttle import Throttle


@dataclass
class Seconds:
    now: float = 1000.0

    def __call__(self) -> float:
        return self.now


def wait_of(throttle: Throttle, key: str = "a") -> int:
    """Make an attempt, and return how long it has to wait instead (0: it was let through)."""
    try:
        throttle.admit(key)
    except Problem as problem:
        return int(problem.headers["Retry-After"])
    return 0


def test_who_has_to_wait_is_told_how_long() -> None:
    throttle = Throttle(free=1, longest=60, clock=Seconds())
    throttle.admit("a")
    with pytest.raises(Problem) as caught:
        throttle.admit("a")
    assert (caught.value.name, caught.value.status, caught.value.headers) == (
        "too-many-attempts",
        429,
        {"Retry-After": "2"},
    )
    assert "2 seconds" in caught.value.body("en")["detail"]


def test_the_wait_doubles_with_every_failure_up_to_the_longest() -> None:
    clock = Seconds()
    throttle = Throttle(free=3, longest=60, clock=clock)
    assert [wait_of(throttle) for _ in range(3)] == [0, 0, 0]
    waits = []
    for _ in range(7):
        waits.append(wait_of(throttle))
        clock.now += waits[-1]
        assert wait_of(throttle) == 0
    assert waits == [2, 4, 8, 16, 32, 60, 60]


def test_an_attempt_during_the_wait_does_not_make_it_longer() -> None:
    clock = Seconds()
    throttle = Throttle(free=1, longest=60, clock=clock)
    assert wait_of(throttle) == 0
    assert {wait_of(throttle) for _ in range(50)} == {2}


def test_keys_do_not_wait_for_each_other() -> None:
    throttle = Throttle(free=1, longest=60, clock=Seconds())
    assert [wait_of(throttle, "a"), wait_of(throttle, "b"), wait_of(throttle, "a")] == [0, 0, 2]


def test_a_success_forgets_the_failures_or_only_itself() -> None:
    throttle = Throttle(free=2, longest=60, clock=Seconds())
    assert wait_of(throttle) == 0
    throttle.forgive("a")
    assert [wait_of(throttle), wait_of(throttle), wait_of(throttle)] == [0, 0, 2]
    other = Throttle(free=2, longest=60, clock=Seconds())
    assert wait_of(other) == 0
    for _ in range(5):
        assert wait_of(other) == 0
        other.take_back("a")
    assert [wait_of(other), wait_of(other)] == [0, 2]
    other.take_back("nobody")


def test_what_was_quiet_for_long_is_forgotten() -> None:
    clock = Seconds()
    throttle = Throttle(free=2, longest=60, clock=clock)
    assert [wait_of(throttle), wait_of(throttle), wait_of(throttle)] == [0, 0, 2]
    clock.now += 63
    assert [wait_of(throttle), wait_of(throttle), wait_of(throttle)] == [0, 0, 2]


def test_it_remembers_a_bounded_number_of_keys() -> None:
    throttle = Throttle(free=1, longest=60, most=10, clock=Seconds())
    for number in range(100):
        throttle.admit(str(number))
    assert len(throttle._records) == 10
    assert wait_of(throttle, "99") == 2


def test_many_at_once_get_no_more_attempts_than_one_after_the_other() -> None:
    throttle = Throttle(free=5, longest=60, clock=Seconds())
    with ThreadPoolExecutor(20) as pool:
        waits = list(pool.map(lambda _: wait_of(throttle), range(100)))
    assert waits.count(0) == 5
