"""Deadlines fire once, in order, unless they are called off."""

import threading
from collections.abc import Iterator

import pytest

from graph.watchdog import Watchdog


@pytest.fixture
def watchdog() -> Iterator[Watchdog]:
    made = Watchdog()
    yield made
    made.close()


def test_a_deadline_that_passes_fires_once(watchdog: Watchdog) -> None:
    fired = threading.Event()
    deadline = watchdog.watch(0.01, fired.set)
    assert fired.wait(10)
    assert deadline.has_fired
    fired.clear()
    deadline.fire()
    assert not fired.is_set()


def test_a_deadline_called_off_never_fires(watchdog: Watchdog) -> None:
    later = threading.Event()
    early = watchdog.watch(0.02, lambda: pytest.fail("it was called off"))
    early.call_off()
    watchdog.watch(0.05, later.set)
    assert later.wait(10)
    assert not early.has_fired


def test_an_earlier_deadline_goes_before_one_set_first(watchdog: Watchdog) -> None:
    order: list[str] = []
    done = threading.Event()
    watchdog.watch(0.2, lambda: (order.append("late"), done.set()))
    watchdog.watch(0.01, lambda: order.append("early"))
    assert done.wait(10)
    assert order == ["early", "late"]
