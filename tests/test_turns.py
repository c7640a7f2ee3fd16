"""Places: first come, first served; who takes long makes room; nobody's place is lost."""

import asyncio
from collections.abc import Coroutine
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.engine import Busy
from graph.turns import Place, Places

NEVER = 1e9


def run(coroutine: Coroutine[Any, Any, None]) -> None:
    asyncio.run(coroutine)


def test_places_are_given_in_the_order_of_asking() -> None:
    async def order() -> None:
        places = Places(1, 0, 10)
        first = await places.taken(NEVER)
        got: list[int] = []

        async def ask(number: int) -> None:
            place = await places.taken(NEVER)
            got.append(number)
            place.leave()

        waiting = [asyncio.create_task(ask(number)) for number in range(5)]
        await asyncio.sleep(0)
        first.leave()
        await asyncio.gather(*waiting)
        assert got == list(range(5))

    run(order())


def test_too_many_or_too_late_is_busy() -> None:
    async def busy() -> None:
        places = Places(1, 0, 1)
        place = await places.taken(NEVER)
        waiting = asyncio.create_task(places.taken(asyncio.get_running_loop().time() + 0.02))
        await asyncio.sleep(0)
        with pytest.raises(Busy):
            await places.taken(NEVER)
        with pytest.raises(Busy):
            await waiting
        place.leave()
        (await places.taken(NEVER)).leave()

    run(busy())


def test_a_long_question_makes_room_for_a_short_one() -> None:
    async def room() -> None:
        places = Places(1, 1, 10)
        long = await places.taken(NEVER)
        waiting = asyncio.create_task(places.taken(NEVER))
        await asyncio.sleep(0)
        long.outgrow()
        short = await waiting
        assert (long.is_long, short.is_long) == (True, False)
        short.outgrow()  # no room: it keeps its quick place
        assert not short.is_long
        long.leave()
        assert short.is_long
        short.leave()

    run(room())


STEPS = st.lists(st.sampled_from(("ask", "leave", "outgrow", "hang_up")), max_size=60)


class Play:
    """Askers who ask, are answered, take long and hang up; the numbers hold at any time."""

    def __init__(self, quick: int, long: int) -> None:
        self.quick, self.long = quick, long
        self.places = Places(quick, long, 5)
        self.held: list[Place] = []
        self.waiting: list[asyncio.Task[Place]] = []

    def ask(self, _: int) -> None:
        self.waiting.append(asyncio.create_task(self.places.taken(NEVER)))

    def leave(self, number: int) -> None:
        if self.held:
            self.held.pop(number % len(self.held)).leave()

    def outgrow(self, number: int) -> None:
        if self.held:
            self.held[number % len(self.held)].outgrow()

    def hang_up(self, number: int) -> None:
        if self.waiting:
            self.waiting[number % len(self.waiting)].cancel()

    async def settle(self) -> None:
        for _ in range(4):
            await asyncio.sleep(0)
        done = [task for task in self.waiting if task.done()]
        self.waiting = [task for task in self.waiting if not task.done()]
        self.held += [task.result() for task in done if not task.cancelled() and not task.exception()]
        quicks = [place for place in self.held if not place.is_long]
        assert len(quicks) <= self.quick
        assert len(self.held) - len(quicks) <= self.long
        assert not self.waiting or len(quicks) == self.quick
        assert self.places.in_use == len(self.held)


@given(st.integers(1, 3), st.integers(0, 2), STEPS)
def test_whatever_happens_all_places_come_back(quick: int, long: int, steps: list[str]) -> None:
    async def played() -> None:
        play = Play(quick, long)
        for number, step in enumerate(steps):
            getattr(play, step)(number)
            await play.settle()
        for task in play.waiting:
            task.cancel()
        await play.settle()
        for place in play.held:
            place.leave()
        # Exactly as many as there were at first, of either kind.
        again = [await asyncio.wait_for(play.places.taken(NEVER), 1) for _ in range(quick)]
        for _ in range(long):
            again[0].outgrow()
            assert again.pop(0).is_long
            again.append(await asyncio.wait_for(play.places.taken(NEVER), 1))
        again[0].outgrow()
        assert not again[0].is_long
        with pytest.raises(Busy):
            await play.places.taken(asyncio.get_running_loop().time())

    run(played())


def test_a_place_handed_to_who_has_just_hung_up_is_not_lost() -> None:
    async def handed() -> None:
        places = Places(1, 0, 10)
        place = await places.taken(NEVER)
        gone = asyncio.create_task(places.taken(NEVER))
        next_one = asyncio.create_task(places.taken(NEVER))
        await asyncio.sleep(0)
        place.leave()
        gone.cancel()
        (await asyncio.wait_for(next_one, 1)).leave()

    run(handed())
