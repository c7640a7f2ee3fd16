"""Equal questions that come at once are worked out once; nobody's fault or absence is another's."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from types import SimpleNamespace
from typing import Any

import pytest

from api.answer_cache import AnswerCache
from api.answering import Outcome, Question, kept, outcome_of
from api.budgets import Asker, Budgets
from api.presence import Presence
from api.settings import Settings
from api.slow_log import SlowLog
from graph import media
from graph.engine import Limits, MemoryLimitReached, State, TimeLimitReached
from graph.guard import TooLarge

ASKER = Asker("", "-", Limits(5))
QUESTION = Question("ASK {}", (media.RESULTS_JSON,))


class Answer:
    """One piece, when it is let go."""

    media_type = media.RESULTS_JSON

    def __init__(self, state: State, body: bytes) -> None:
        self.state, self._left = state, [body]

    async def piece(self) -> bytes | None:
        return self._left.pop() if self._left else None

    def close(self) -> None:
        self._left.clear()


class Slow:
    """An engine that answers when it is let go, with the number of the question; or fails as it is told."""

    def __init__(self) -> None:
        self.version, self.edition, self.asked, self.given_up = 1, 0, 0, 0
        self.faults: list[Exception | None] = []
        self.go = asyncio.Event()

    async def ask(self, query: str, media_types: object, **_: object) -> Answer:
        self.asked += 1
        number, state = self.asked, (self.version, self.edition)
        try:
            await self.go.wait()
        except asyncio.CancelledError:
            self.given_up += 1
            raise
        if fault := (self.faults.pop(0) if self.faults else None):
            raise fault
        return Answer(state, b"%d" % number)


def state_of(engine: Slow) -> SimpleNamespace:
    return SimpleNamespace(
        engine=engine,
        answers=AnswerCache(1 << 20),
        settings=Settings(),
        budgets=Budgets(0, 0),
        slow_log=SlowLog(Settings().data, 0),
        remote=frozenset(),
        base="http://example.org/",
    )


def played(play: Callable[[Slow, SimpleNamespace], Coroutine[Any, Any, None]]) -> None:
    async def run() -> None:
        engine = Slow()
        await play(engine, state_of(engine))

    asyncio.run(run())


def body(outcome: Outcome) -> bytes:
    return outcome.answer.body  # type: ignore[union-attr]


async def asking(state: SimpleNamespace, number: int, asker: Asker = ASKER) -> list[asyncio.Task[Outcome]]:
    tasks = [asyncio.create_task(outcome_of(state, QUESTION, asker)) for _ in range(number)]
    for _ in range(3):
        await asyncio.sleep(0)
    return tasks


def test_equal_questions_are_worked_out_once() -> None:
    async def play(engine: Slow, state: SimpleNamespace) -> None:
        tasks = await asking(state, 5)
        engine.go.set()
        outcomes = await asyncio.gather(*tasks)
        assert engine.asked == 1
        assert {body(one) for one in outcomes} == {b"1"}
        assert sorted(one.way for one in outcomes) == ["hit"] * 4 + ["miss"]
        assert kept(state, QUESTION)

    played(play)


def test_a_leader_that_hangs_up_leaves_the_question_to_another() -> None:
    async def play(engine: Slow, state: SimpleNamespace) -> None:
        leader, *others = await asking(state, 4)
        leader.cancel()
        for _ in range(3):
            await asyncio.sleep(0)
        assert (engine.asked, engine.given_up) == (2, 1)
        engine.go.set()
        assert {body(one) for one in await asyncio.gather(*others)} == {b"2"}
        assert engine.asked == 2

    played(play)


def test_a_follower_that_hangs_up_disturbs_nobody() -> None:
    async def play(engine: Slow, state: SimpleNamespace) -> None:
        leader, follower, other = await asking(state, 3)
        follower.cancel()
        engine.go.set()
        assert body(await leader) == body(await other) == b"1"

    played(play)


def test_a_fault_of_the_question_is_everybodys_and_is_not_kept() -> None:
    async def play(engine: Slow, state: SimpleNamespace) -> None:
        engine.faults = [TimeLimitReached()]
        tasks = await asking(state, 3)
        engine.go.set()
        results = await asyncio.gather(*tasks, return_exceptions=True)
        assert [type(one) for one in results] == [TimeLimitReached] * 3
        assert engine.asked == 1
        assert kept(state, QUESTION) is None
        (again,) = await asking(state, 1)
        assert body(await again) == b"2"

    played(play)


def test_a_fault_of_one_is_not_the_others() -> None:
    async def play(engine: Slow, state: SimpleNamespace) -> None:
        engine.faults = [RuntimeError("of the leader alone")]
        tasks = await asking(state, 3)
        engine.go.set()
        leader, *others = await asyncio.gather(*tasks, return_exceptions=True)
        assert isinstance(leader, RuntimeError)
        assert {body(one) for one in others} == {b"2"}  # type: ignore[arg-type]

    played(play)


def test_who_has_more_time_does_not_share_the_fault_of_who_has_less() -> None:
    async def play(engine: Slow, state: SimpleNamespace) -> None:
        engine.faults = [TimeLimitReached(), None]
        (short,) = await asking(state, 1)
        (long,) = await asking(state, 1, Asker("", "token 示例", Limits(30)))
        engine.go.set()
        with pytest.raises(TimeLimitReached):
            await short
        assert body(await long) == b"2"

    played(play)


def test_a_change_meanwhile_parts_the_questions() -> None:
    async def play(engine: Slow, state: SimpleNamespace) -> None:
        before = await asking(state, 2)
        engine.version = 2
        after = await asking(state, 2)
        engine.go.set()
        assert [body(one) for one in await asyncio.gather(*before, *after)] == [b"1", b"1", b"2", b"2"]
        held = kept(state, QUESTION)
        assert held
        assert (held.body, held.version) == (b"2", 2)

    played(play)


def test_what_the_guard_refuses_and_what_is_volatile_is_not_shared() -> None:
    async def play(engine: Slow, state: SimpleNamespace) -> None:
        engine.go.set()
        with pytest.raises(TooLarge):
            await outcome_of(state, Question("#" * 70_000, QUESTION.media_types), ASKER)
        volatile = Question("SELECT (NOW() AS ?t) {}", QUESTION.media_types)
        first, second = await asyncio.gather(*(outcome_of(state, volatile, ASKER) for _ in range(2)))
        assert (engine.asked, first.way, body(first) != body(second)) == (2, "bypass", True)
        assert kept(state, volatile) is None

    played(play)


def test_memory_that_ran_out_is_told_to_all_who_ask_the_same() -> None:
    async def play(engine: Slow, state: SimpleNamespace) -> None:
        engine.faults = [MemoryLimitReached()]
        tasks = await asking(state, 2)
        engine.go.set()
        results = await asyncio.gather(*tasks, return_exceptions=True)
        assert [type(one) for one in results] == [MemoryLimitReached] * 2

    played(play)


def test_media_types_that_decide_nothing_make_no_other_question() -> None:
    all_ = (media.RESULTS_JSON, media.RESULTS_XML, media.CSV, media.TURTLE, media.NTRIPLES)
    assert Question("ASK {}", all_) == Question("ASK {}", (media.RESULTS_JSON, media.TURTLE, media.RDFXML))
    assert Question("ASK {}", (media.CSV, *all_)) != Question("ASK {}", all_)


def test_a_client_that_is_there_is_not_disturbed_and_one_that_left_ends_the_block() -> None:
    async def play() -> None:
        left = asyncio.Event()

        async def receive() -> dict[str, str]:
            await left.wait()
            return {"type": "http.disconnect"}

        with Presence(receive, after=0.01) as presence:
            await asyncio.sleep(0.03)
        assert not presence.is_gone
        reached: list[str] = []
        with Presence(receive, after=0.01) as presence:
            left.set()
            await asyncio.sleep(5)
            reached.append("behind")
        assert (presence.is_gone, reached) == (True, [])
        await asyncio.sleep(0.02)  # nothing of the cancellation is left

    asyncio.run(play())


def test_a_cancellation_from_elsewhere_goes_through() -> None:
    async def play() -> None:
        async def receive() -> dict[str, str]:
            await asyncio.Event().wait()
            return {}

        async def watched() -> None:
            with Presence(receive, after=0):
                await asyncio.sleep(5)

        task = asyncio.create_task(watched())
        await asyncio.sleep(0.02)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(play())
