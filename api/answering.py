"""Answering strangers: one way for every query that somebody sends, with limits, budget, cache and log.

A query is looked for in the cache, else it waits for the answer to an equal one under way, else it is put to the
engine. Whoever hangs up gives up the answer; equal questions of others are then asked by one of them.
"""

from __future__ import annotations

import asyncio
from collections.abc import Container, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache, partial
from time import perf_counter
from typing import Any

from starlette.requests import Request

from api.access import identity_of
from api.answer_cache import AnswerCache, Held
from api.budgets import Asker, Spending, asker_of
from api.problems import Problem
from api.settings import Settings
from graph import media
from graph.engine import Engine, LiveAnswer, MemoryLimitReached, State, TimeLimitReached
from graph.guard import ServiceClause, precheck
from graph.repeatable import is_repeatable
from graph.store import WHOLE, Dataset, QueryFault, SyntaxFault, UnsupportedMediaType

_SHARED = (SyntaxFault, QueryFault, UnsupportedMediaType, TimeLimitReached, MemoryLimitReached)
"""Faults that every equal question with equal limits has, too."""


@dataclass(frozen=True)
class Question:
    """A query as it was sent: its text, dataset, and the media types that the client takes, the first preferred."""

    text: str
    media_types: tuple[str, ...]
    dataset: Dataset = WHOLE
    key: tuple[object, ...] = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "media_types", _deciding(self.media_types))
        object.__setattr__(self, "key", (self.text, self.media_types, self.dataset))

    @property
    def size(self) -> int:
        """Bytes that it takes, about."""
        return 2 * len(self.text)


@dataclass(frozen=True)
class Given:
    """A whole answer as one asker got it; ``is_hit`` tells whether it was kept from before."""

    body: bytes
    media_type: str
    etag: str
    version: int
    is_hit: bool


@dataclass
class Stream:
    """The beginning of an answer that is too large to be sent in one piece, and the rest of it."""

    pieces: list[bytes]
    size: int
    rest: LiveAnswer


_LONG_TEXT = 4_096
"""Characters of a query that is looked at in a thread."""


@dataclass(frozen=True)
class Outcome:
    """What became of a question, and how (``hit``, ``miss``, ``bypass``) as the cache calls it."""

    answer: Held | Stream
    way: str


def kept(state: Any, question: Question) -> Held | None:
    """Return the answer to a question if it is kept; ``state`` is the application's."""
    engine: Engine = state.engine
    answers: AnswerCache = state.answers
    return answers.get(((engine.version, engine.edition), question.key))


async def outcome_of(state: Any, question: Question, asker: Asker) -> Outcome:
    """Return the answer to a question that is not kept.

    Raises:
        Problem: ``budget-spent``.
        NotAccepted: the guard does not let it pass.
        Busy, SyntaxFault, QueryFault, UnsupportedMediaType, TimeLimitReached, MemoryLimitReached: see
            ``graph.engine.Engine.ask``.
    """
    settings: Settings = state.settings
    with Spending(state, asker, question.text):
        look = partial(
            _looked_at, question.text, settings, state.remote, question.dataset.base or _base(state)
        )
        # A long text takes up to 100 ms to look at, for which nobody else shall wait.
        clauses, is_kept = await asyncio.to_thread(look) if len(question.text) > _LONG_TEXT else look()
        asking = _Asking(state, question, asker, remote=bool(clauses))
        return await asking.shared() if is_kept else Outcome(await asking.fresh(), "bypass")


def _looked_at(
    text: str, settings: Settings, remote: Container[str], base: str
) -> tuple[list[ServiceClause], bool]:
    """Return the SERVICE clauses of a query and whether its answer may be kept; raises what ``precheck`` raises."""
    clauses = precheck(
        text,
        max_bytes=settings.query_bytes,
        max_depth=settings.query_depth,
        allow_service=remote,
        base=base,
    )
    return clauses, not clauses and is_repeatable(text)


@lru_cache(maxsize=256)
def _based(dataset: Dataset, base: str) -> Dataset:
    """Return a dataset with the base that relative IRIs are resolved against, where it says none itself."""
    return dataset if dataset.base else replace(dataset, base=base)


def _base(state: Any) -> str:
    """Return what relative IRIs in queries are resolved against: the same for all who ask, so no part of the key."""
    return f"{state.base}sparql"


class _Asking:
    """One question on its way."""

    def __init__(self, state: Any, question: Question, asker: Asker, *, remote: bool) -> None:
        self._engine: Engine = state.engine
        self._cache: AnswerCache = state.answers
        self._whole: int = state.settings.answer_bytes
        self._question, self._asker, self._remote = question, asker, remote
        self._dataset = _based(question.dataset, _base(state))

    async def shared(self) -> Outcome:
        """Return the answer, once for all who ask the same now."""
        while True:
            state = self._engine.version, self._engine.edition
            key = state, self._question.key
            if held := self._cache.get(key):
                return Outcome(held, "hit")
            flight_key = key, self._asker.limits
            flight = self._cache.flight(flight_key)
            if flight is None:
                return Outcome(await self._led(flight_key), "miss")
            result = await asyncio.shield(flight)
            if isinstance(result, Held):
                return Outcome(result, "hit")
            if isinstance(result, Exception):
                raise result

    async def _led(self, flight_key: tuple[tuple[State, object], object]) -> Held | Stream:
        """Return the answer and tell it to those who wait for it; a fault that is ours alone is not theirs."""
        flight = self._cache.take_off(flight_key)
        result: Held | Exception | None = None
        try:
            answer = await self.fresh()
            if isinstance(answer, Held):
                result = answer
                self._cache.put((answer.state, self._question.key), answer, self._question.size)
            return answer
        except _SHARED as fault:
            result = fault
            raise
        finally:
            self._cache.land(flight_key, flight, result)

    async def fresh(self) -> Held | Stream:
        """Return the answer from the engine."""
        begun = perf_counter()
        question = self._question
        live = await self._engine.ask(
            question.text,
            question.media_types,
            dataset=self._dataset,
            limits=self._asker.limits,
            remote=self._remote,
        )
        pieces, size = [], 0
        while (piece := await live.piece()) is not None:
            pieces.append(piece)
            size += len(piece)
            if size > self._whole:
                return Stream(pieces, size, live)
        body = pieces[0] if len(pieces) == 1 else b"".join(pieces)
        return Held(body, live.media_type, live.state, perf_counter() - begun)


async def answered(
    request: Request, text: str, media_types: Sequence[str], *, dataset: Dataset = WHOLE
) -> Given:
    """Return the whole answer to a query that a request brings, as ``/sparql`` would give it.

    Raises:
        Problem: ``budget-spent``, or ``answer-too-large`` for what is more than a page or a client can take.
        Exception: what ``outcome_of`` raises.
    """
    state = request.app.state
    question = Question(text, tuple(media_types), dataset)
    if held := kept(state, question):
        return _given(held, is_hit=True)
    outcome = await outcome_of(state, question, asker_of(request.scope, identity_of(request), state.settings))
    if isinstance(outcome.answer, Stream):
        outcome.answer.rest.close()
        raise Problem("answer-too-large", limit=state.settings.answer_bytes)
    return _given(outcome.answer, is_hit=outcome.way == "hit")


def answered_in_thread(
    request: Request, text: str, media_types: Sequence[str], *, dataset: Dataset = WHOLE
) -> Given:
    """Return what ``answered`` returns, to a handler that runs in a thread."""
    asking = answered(request, text, media_types, dataset=dataset)
    return asyncio.run_coroutine_threadsafe(asking, request.state.loop).result()


def _given(held: Held, *, is_hit: bool) -> Given:
    return Given(held.body, held.media_type, held.etag, held.version, is_hit)


def _deciding(media_types: tuple[str, ...]) -> tuple[str, ...]:
    """Return the media types that may be chosen: the first for rows, for a boolean, and for a graph."""
    firsts = []
    for fitting in (media.ROW_TYPES, media.BOOLEAN_TYPES, media.RDF_TYPES):
        firsts += [kind for kind in media_types if kind in fitting][:1]
    return tuple(dict.fromkeys(firsts)) or media_types[:1]
