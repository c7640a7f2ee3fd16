"""What is made in the background: asked for it comes, and what is out of date is given only while it must be."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from typing import cast

import pytest

from graph.background import Followed, StillMaking
from graph.engine import Engine, EngineClosed, MemoryLimitReached


@dataclass(frozen=True)
class Made:
    version: int


class Versions:
    """Stands in for an engine: it has a version."""

    def __init__(self) -> None:
        self.version = 1


@pytest.fixture
def following() -> Iterator[Callable[..., Followed[Made]]]:
    with ExitStack() as stack:

        def follow(
            engine: Versions, make: Callable[[Made | None], Made], **options: object
        ) -> Followed[Made]:
            made = Followed(cast(Engine, engine), make, tick=0.01, **options)  # type: ignore[arg-type]
            stack.callback(made.join)
            stack.callback(made.close)
            return made

        yield follow


def test_it_is_made_when_asked_for_and_once_for_each_version(following) -> None:
    engine, made = Versions(), []
    follower = following(engine, lambda _: made.append(1) or Made(engine.version), share=1.0)
    assert (follower.held(), made) == (None, [])
    assert [follower.latest().version for _ in range(3)] == [1, 1, 1]
    engine.version = 2
    assert follower.latest().version == 2
    assert len(made) == 2


def test_who_has_no_patience_gets_the_last_one_while_the_next_is_made(following) -> None:
    engine, go_on = Versions(), threading.Event()

    def make(before: Made | None) -> Made:
        version = engine.version
        if before is not None:
            go_on.wait(5)
        return Made(version)

    follower = following(engine, make, share=1.0)
    assert follower.latest().version == 1
    engine.version = 2
    assert follower.latest(patience=0.02).version == 1
    go_on.set()
    assert follower.latest(patience=5).version == 2


def test_an_eager_one_needs_no_asking(following) -> None:
    engine = Versions()
    follower = following(engine, lambda _: Made(engine.version), eager=True, share=1.0)
    engine.version = 7
    until = time.monotonic() + 5
    while (held := follower.held()) is None or held.version != 7:
        assert time.monotonic() < until
        time.sleep(0.005)


def test_it_rests_after_long_work(following) -> None:
    engine, made = Versions(), []

    def make(_: Made | None) -> Made:
        made.append(time.monotonic())
        time.sleep(0.02)
        return Made(engine.version)

    follower = following(engine, make, share=0.25)
    follower.latest()
    engine.version = 2
    assert follower.latest(patience=5).version == 2
    assert made[1] - made[0] >= 0.04  # as much rest as work where somebody waits


def test_it_rests_longer_when_nobody_waits(following) -> None:
    engine, made = Versions(), []

    def make(_: Made | None) -> Made:
        made.append(time.monotonic())
        time.sleep(0.02)
        engine.version += 1
        return Made(engine.version - 1)

    following(engine, make, share=0.25, eager=True)
    until = time.monotonic() + 5
    while len(made) < 2 and time.monotonic() < until:
        time.sleep(0.005)
    assert made[1] - made[0] >= 0.08  # three times as much


def test_what_cannot_be_made_is_told_and_tried_again(following) -> None:
    engine, faults = Versions(), [MemoryLimitReached()]

    def make(_: Made | None) -> Made:
        if faults:
            raise faults.pop()
        return Made(engine.version)

    follower = following(engine, make, share=1.0)
    with pytest.raises(MemoryLimitReached):
        follower.latest()
    assert follower.latest().version == 1


def test_nobody_waits_for_ever_for_the_first_one(following) -> None:
    engine, go_on = Versions(), threading.Event()
    follower = following(engine, lambda _: go_on.wait(5) and Made(1))
    with pytest.raises(StillMaking):
        follower.latest(longest=0.02)
    go_on.set()
    assert follower.latest().version == 1


def test_whoever_waits_when_it_is_closed_is_told_so(following) -> None:
    engine, go_on = Versions(), threading.Event()
    follower = following(engine, lambda _: go_on.wait(5) and Made(1))
    told: list[type[Exception]] = []

    def ask() -> None:
        try:
            follower.latest()
        except EngineClosed as fault:
            told.append(type(fault))

    asking = threading.Thread(target=ask)
    asking.start()
    time.sleep(0.02)
    follower.close()
    asking.join(5)
    go_on.set()
    assert told == [EngineClosed]
