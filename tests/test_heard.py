"""Engines that an event loop asks: the same answers, and nothing of an answer given up goes on."""

import asyncio
import os
import signal
import time
from collections.abc import Iterator, Sequence

import pytest

from engines import ENGINES, nursery
from graph import media
from graph.embedded import EmbeddedEngine
from graph.engine import Busy, Engine, Limits, LiveAnswer, MemoryLimitReached, TimeLimitReached
from graph.nursery import Worker
from graph.quads import Delta, Quad, iri, literal
from graph.settle import Knowledge
from graph.store import QueryFault, SyntaxFault, UnsupportedMediaType
from samples import NAMES

EX = "http://example.org/"
ALL = "SELECT * { GRAPH ?g { ?s ?p ?o } }"
NUMBERS = " ".join(map(str, range(300)))
NEVER = f"SELECT (COUNT(*) AS ?n) {{ {''.join(f'VALUES ?x{n} {{ {NUMBERS} }} ' for n in range(6))} }}"
LARGE = f"SELECT * {{ VALUES ?a {{ {NUMBERS} }} VALUES ?b {{ {NUMBERS} }} }}"
JSON = (media.RESULTS_JSON,)


def fill(engine: Engine, version: int = 1) -> None:
    quads = [Quad(iri(EX + "a"), iri(EX + "p"), literal(f"示例{n}"), iri(EX + "g")) for n in range(version)]
    engine.apply(Delta(frozenset(quads)), version)


async def rest(answer: LiveAnswer) -> bytes:
    parts = []
    while (part := await answer.piece()) is not None:
        parts.append(part)
    return b"".join(parts)


def live(engine: Engine, query: str, kinds: Sequence[str] = JSON, seconds: float = 20) -> bytes:
    """Return the whole answer, asked from an event loop of its own."""

    async def whole() -> bytes:
        return await rest(await engine.ask(query, kinds, limits=Limits(seconds)))

    return asyncio.run(whole())


def test_a_loop_gets_what_a_thread_gets(engine: Engine) -> None:
    fill(engine)
    for query in (ALL, "ASK { ?s ?p ?o }", "CONSTRUCT { ?s ?p ?o } { GRAPH ?g { ?s ?p ?o } }"):
        kinds = (media.RESULTS_XML, media.NTRIPLES)
        assert live(engine, query, kinds) == engine.answer(query, kinds).body()
    with pytest.raises(SyntaxFault):
        live(engine, "SELECT * {")
    with pytest.raises(UnsupportedMediaType):
        live(engine, ALL, (media.TURTLE,))
    fill(engine, 2)
    assert "示例1" in live(engine, ALL).decode()


@pytest.fixture(params=["forked", "disk"])
def killable(request: pytest.FixtureRequest) -> Iterator[EmbeddedEngine]:
    made = ENGINES[request.param](Knowledge(NAMES))
    assert isinstance(made, EmbeddedEngine)
    fill(made)
    yield made
    made.close()


@pytest.fixture
def forked() -> Iterator[EmbeddedEngine]:
    made = EmbeddedEngine(nursery, NAMES, Knowledge, workers=2)
    fill(made)
    yield made
    made.close()


def test_a_question_that_never_ends_is_stopped_and_its_place_is_free(killable: EmbeddedEngine) -> None:
    async def play() -> None:
        for _ in range(3):  # more often than there are places
            with pytest.raises(TimeLimitReached):
                await rest(await killable.ask(NEVER, JSON, limits=Limits(0.3)))
        assert await rest(await killable.ask(ALL, JSON))

    asyncio.run(play())


def test_the_time_limit_is_kept_before_the_kernel_has_to(forked: EmbeddedEngine) -> None:
    assert live(forked, ALL)
    begun = time.monotonic()
    with pytest.raises(TimeLimitReached):
        live(forked, NEVER, seconds=0.2)
    assert time.monotonic() - begun < 1.1  # the kernel ends it at 1.2


def test_who_is_cancelled_frees_a_place_and_ends_the_worker(
    killable: EmbeddedEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    ended: list[Worker] = []
    end = Worker.end
    monkeypatch.setattr(Worker, "end", lambda worker: (ended.append(worker), end(worker))[1])

    async def play() -> None:
        tasks = [asyncio.create_task(killable.ask(NEVER, JSON)) for _ in range(5)]
        await asyncio.sleep(0.6)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        assert await rest(await killable.ask(ALL, JSON))

    asyncio.run(play())
    assert len(set(map(id, ended))) >= 2


def test_a_long_answer_comes_whole_to_a_slow_reader_and_may_be_given_up(forked: EmbeddedEngine) -> None:
    whole = forked.answer(LARGE, JSON).body()

    async def play() -> None:
        answer = await forked.ask(LARGE, JSON)
        first = await answer.piece()
        await asyncio.sleep(0.2)
        assert (first or b"") + await rest(answer) == whole
        given_up = await forked.ask(LARGE, JSON)
        assert await given_up.piece()
        given_up.close()
        assert await rest(await forked.ask(ALL, JSON))

    asyncio.run(play())


def test_a_worker_is_used_again_however_long_it_took_but_a_quick_one_rather_than_a_slowed_one(
    forked: EmbeddedEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    born: list[Worker] = []
    birth = forked._nursery.birth

    def counted(*, writable: bool = False, remote: bool = False) -> Worker:
        born.append(birth(writable=writable, remote=remote))
        return born[-1]

    monkeypatch.setattr(forked._nursery, "birth", counted)
    monkeypatch.setattr("graph.heard.LONG", 0.0)

    async def asked(times: int) -> None:
        for _ in range(times):
            await rest(await forked.ask(LARGE, JSON))

    async def play() -> None:
        await asked(2)
        assert (len(forked._heard), len(forked._slowed)) == (1, 0)
        monkeypatch.setattr("graph.heard.SLOW", 0.0)
        await asked(2)
        assert (len(forked._heard), len(forked._slowed)) == (0, 1)
        monkeypatch.setattr("graph.heard.SLOW", 9.0)
        begun = [await forked.ask(LARGE, JSON) for _ in range(2)]
        for answer in begun:
            await rest(answer)
        assert (len(forked._heard), len(forked._slowed), len(born)) == (1, 1, 2)
        await asked(1)
        assert len(forked._slowed) == 1

    asyncio.run(play())


def test_a_worker_that_died_idle_is_replaced(
    killable: EmbeddedEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    born: list[Worker] = []
    birth = type(killable._nursery).birth

    def noted(nursery: object, **options: bool) -> Worker:
        born.append(birth(nursery, **options))  # type: ignore[arg-type]
        return born[-1]

    monkeypatch.setattr(type(killable._nursery), "birth", noted)

    async def play() -> None:
        for _ in range(3):
            assert await rest(await killable.ask(ALL, JSON))
            os.kill(born[-1]._process, signal.SIGKILL)
            if len(born) == 2:
                await asyncio.sleep(0.05)  # the loop has noticed; before, only sending shows it
            else:
                time.sleep(0.05)

    asyncio.run(play())
    assert len(born) == 3


def test_what_ends_a_worker_is_told_to_who_asked(forked: EmbeddedEngine) -> None:
    nest = "SELECT * {" + "{" * 20_000 + "?s ?p ?o" + "}" * 20_001
    with pytest.raises((MemoryLimitReached, TimeLimitReached)):
        live(forked, nest)
    with pytest.raises(QueryFault):
        live(forked, "SELECT (<http://example.org/f>(1) AS ?x) {}")
    assert live(forked, ALL)


def test_a_queue_that_is_full_is_busy() -> None:
    engine = EmbeddedEngine(nursery, NAMES, Knowledge, workers=1, long=0, waiting=1)

    async def play() -> None:
        tasks = [
            asyncio.create_task(engine.ask(NEVER, JSON, limits=Limits(seconds)))
            for seconds in (1.2, 0.3, 0.3)
        ]
        results = await asyncio.gather(*tasks, return_exceptions=True)
        assert sorted(type(one).__name__ for one in results) == [
            Busy.__name__,
            Busy.__name__,
            TimeLimitReached.__name__,
        ]

    asyncio.run(play())
    engine.close()
