"""What is kept for a version is made once, and again when there is a newer one."""

from __future__ import annotations

from dataclasses import dataclass
from threading import Barrier, Thread

import pytest

from graph.current import Current
from graph.local import LocalEngine
from graph.oxigraph import OxigraphStore


@dataclass(frozen=True)
class Made:
    version: int
    after: int | None


def current(engine: LocalEngine, made: list[Made]) -> Current[Made]:
    def next_one(held: Made | None) -> Made:
        made.append(Made(engine.version, held.version if held else None))
        return made[-1]

    return Current(engine, next_one)


def test_it_is_made_when_first_asked_for_and_follows_the_version() -> None:
    engine, made = LocalEngine(OxigraphStore()), []
    held = current(engine, made)
    assert made == []
    assert held.current() is held.current()
    engine.version = 3
    assert held.current() == Made(3, after=0)
    assert len(made) == 2


def test_it_is_made_once_however_many_ask() -> None:
    engine, made = LocalEngine(OxigraphStore()), []
    held, ready = current(engine, made), Barrier(8)
    threads = [Thread(target=lambda: (ready.wait(), held.current())) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(made) == 1


def test_what_could_not_be_made_is_made_anew_the_next_time() -> None:
    engine = LocalEngine(OxigraphStore())
    told: list[Made | None] = []

    def next_one(before: Made | None) -> Made:
        told.append(before)
        if len(told) == 2:
            raise RuntimeError("not this time")
        return Made(engine.version, None)

    held: Current[Made] = Current(engine, next_one)
    held.current()
    engine.version = 1
    with pytest.raises(RuntimeError, match="not this time"):
        held.current()
    assert held.current() == Made(1, None)
    assert told[2] is None
