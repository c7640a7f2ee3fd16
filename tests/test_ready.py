"""Workers that are ready: whoever asks gets one that has read the graph, and never one that holds what was."""

import asyncio
import json
import time
from collections.abc import Callable, Iterator

import pytest

from graph import media
from graph.embedded import EmbeddedEngine
from graph.nursery import ForkNursery, Worker
from graph.quads import Delta, Quad, iri, literal
from graph.settle import Knowledge
from samples import NAMES

COUNT = "SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } }"


@pytest.fixture
def engine(monkeypatch: pytest.MonkeyPatch) -> Iterator[EmbeddedEngine]:
    monkeypatch.setattr("graph.ready.REST", 0.02)
    made = EmbeddedEngine(ForkNursery, NAMES, lambda _: Knowledge(NAMES), workers=2)
    fill(made, 1)
    yield made
    made.close()


def fill(engine: EmbeddedEngine, version: int) -> None:
    quads = [
        Quad(iri("http://x/a"), iri("http://x/p"), literal(f"示例{n}"), iri("http://x/g"))
        for n in range(version)
    ]
    engine.apply(Delta(frozenset(quads)), version)


def counted(engine: EmbeddedEngine) -> int:
    """Return the number of quads, asked from an event loop of its own."""

    async def whole() -> bytes:
        answer = await engine.ask(COUNT, (media.RESULTS_JSON,))
        parts = []
        while (part := await answer.piece()) is not None:
            parts.append(part)
        return b"".join(parts)

    return int(json.loads(asyncio.run(whole()))["results"]["bindings"][0]["n"]["value"])


def wait_for(is_so: Callable[[], bool]) -> None:
    until = time.monotonic() + 10
    while not is_so():
        assert time.monotonic() < until
        time.sleep(0.01)


def ready(engine: EmbeddedEngine) -> list[Worker]:
    assert engine._ready is not None
    return [worker for _, worker in engine._ready._ready]


def test_who_asks_gets_a_worker_that_is_ready(
    engine: EmbeddedEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine.keep_ready(2)
    wait_for(lambda: len(ready(engine)) == 2)
    monkeypatch.setattr(engine._nursery, "birth", None)  # nobody may be born now
    assert counted(engine) == 1
    assert len(ready(engine)) == 1


def test_after_a_change_none_of_before_is_used_and_new_ones_are_made(engine: EmbeddedEngine) -> None:
    engine.keep_ready(2)
    for version in range(2, 5):
        wait_for(lambda: len(ready(engine)) >= 1)
        before = set(ready(engine))
        fill(engine, version)
        assert counted(engine) == version
        wait_for(lambda: len(ready(engine)) >= 1)  # the other is idle behind its answer
        assert before.isdisjoint(ready(engine))


def test_a_worker_that_is_lost_is_made_again_and_nobody_notices(engine: EmbeddedEngine) -> None:
    engine.keep_ready(1)
    wait_for(lambda: len(ready(engine)) == 1)
    ready(engine)[0].end()
    assert counted(engine) == 1


def test_an_engine_that_is_closed_keeps_nothing_ready() -> None:
    closed = EmbeddedEngine(ForkNursery, NAMES, lambda _: Knowledge(NAMES))
    closed.close()
    closed.keep_ready(2)
    assert closed._ready is None
