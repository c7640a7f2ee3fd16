"""The engine that comes with the program: worker processes over Oxigraph.

Answers are given by workers that may be killed, drafts are worked out on a private copy, and journaled changes are
carried out by the keeper. After a change, workers of the version before are not used again, so whoever asks after a
write reads it.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from typing import TypeVar

from graph import media, tsv
from graph.allow_list import AllowList
from graph.engine import (
    OWN_WORK,
    STRANGER,
    Answer,
    EngineClosed,
    Limits,
    LiveAnswer,
    MemoryLimitReached,
    State,
    TimeLimitReached,
)
from graph.faults import read_fault
from graph.federation import Federation
from graph.findings import Finding
from graph.frames import DONE, FAULT, REQUEST, STARTED, ChannelClosed, frame
from graph.heard import LONG, HeardAnswer, HeardWorker, ThreadedAnswer
from graph.names import Names
from graph.nursery import KeeperLost, Nursery, Tally, Worker
from graph.packed import Packed, packed_from
from graph.quads import Delta, Quad, Term, read_nquads
from graph.ready import ReadyWorkers
from graph.settle import Knowledge, Outcome, Proposal, UpdateRequest
from graph.store import WHOLE, Dataset
from graph.turns import Place, Places
from graph.watchdog import Watchdog
from graph.worker import Answering, Constructing, Drafting, Dumping, Order, Request, written_order

T = TypeVar("T")


class EmbeddedEngine:
    """A ``graph.engine.Engine`` over a nursery of workers.

    When the process that holds the graph is lost (somebody killed it, or the machine ran out of memory), a new one
    takes over the journal, and the request that found out goes on.
    """

    def __init__(
        self,
        nurse: Callable[[], Nursery],
        names: Names,
        knowledge: Callable[[Names], Knowledge],
        *,
        workers: int = 4,
        long: int = 8,
        waiting: int = 200,
        federation: Federation | None = None,
    ) -> None:
        """Start with an empty graph.

        Args:
            nurse: starts a nursery, where workers come from; closed with the engine.
            names: the graphs that the instance keeps for itself.
            knowledge: returns the rules and checks for drafts; called for each, so it had better remember them.
            workers: how many answers may be under way at once; further ones wait. The program's own questions and
                those of strangers have as many each, so that neither keeps the other waiting.
            long: answers to strangers that take long, besides.
            waiting: questions of strangers that may wait.
            federation: asks other servers, closed with the engine; by default nobody may be asked.
        """
        self._nurse, self._names, self._knowledge = nurse, names, knowledge
        self._nursery = nurse()
        self._journal: Callable[[], Iterable[tuple[int, bytes]]] = tuple
        self._reviving = threading.Lock()
        self._own_places = threading.Semaphore(workers)
        self._places = Places(workers, long, waiting)
        self._most_idle, self._most_slowed = workers, long
        self._idle: deque[tuple[State, Worker]] = deque()
        self._heard: deque[tuple[State, HeardWorker]] = deque()
        self._slowed: deque[tuple[State, HeardWorker]] = deque()
        self._lock = threading.Lock()
        self._watchdog = Watchdog()
        self._version = self._edition = 0
        self._aside: dict[Term, bytes] = {}
        self._is_open = True
        self._federation = federation or Federation(AllowList())
        self._ready: ReadyWorkers | None = None

    @property
    def version(self) -> int:
        """The number of the last change applied."""
        return self._version

    @property
    def edition(self) -> int:
        """How often a graph was held aside."""
        return self._edition

    def keep_ready(self, number: int) -> None:
        """Keep so many workers ready for strangers from now on, those that are idle included; see ``graph.ready``."""
        with self._lock:
            if self._nursery.is_heard and self._is_open and self._ready is None:
                self._ready = ReadyWorkers(
                    lambda: ((self._version, self._edition), self._alive(lambda nursery: nursery.birth())),
                    lambda: (self._version, self._edition),
                    # Those at work come back with what they have read, and the processors are theirs.
                    lambda: number - len(self._heard) - self._places.in_use,
                )

    def load(self, journal: Callable[[], Iterable[tuple[int, bytes]]], version: int) -> Tally:
        """Take over a journal and return the tally of what is held.

        Args:
            journal: returns all its pieces (sign and N-Quads) in order; called again if the graph is lost.
            version: the number of its last change.
        """
        self._journal = journal
        tally = self._nursery.load(journal(), self._names.catalogue)
        self._version = version
        return tally

    def answer(
        self,
        query: str,
        media_types: Sequence[str],
        *,
        dataset: Dataset = WHOLE,
        limits: Limits = STRANGER,
        remote: bool = False,
    ) -> Answer:
        """Start answering a query in the first of the media types that fits its form."""
        if remote:
            return self._reaching(query, media_types, dataset, limits)
        return self._begin(Answering(query, tuple(media_types), dataset), limits)

    async def ask(
        self,
        query: str,
        media_types: Sequence[str],
        *,
        dataset: Dataset = WHOLE,
        limits: Limits = STRANGER,
        remote: bool = False,
    ) -> LiveAnswer:
        """Start answering a stranger's query without keeping an event loop waiting."""
        loop = asyncio.get_running_loop()
        deadline = loop.time() + limits.seconds
        place = await self._places.taken(deadline)
        if remote:
            return await self._threaded(
                place,
                lambda: self._reaching(query, media_types, dataset, limits),
                (self._version, self._edition),
            )
        order = Order(Answering(query, tuple(media_types), dataset), limits.seconds, limits.memory)
        if not self._nursery.is_heard:
            state, given = await self._in_thread(partial(self._given, order), lambda it: it[1].close(), place)
            return await self._threaded(place, given.begun, state, given.close)
        try:
            state, heard = await self._hearing(order)
        except BaseException:
            place.leave()
            raise
        answer = HeardAnswer(heard, state, deadline, lambda ok: self._settle_heard(place, state, heard, ok))
        answer.outgrown = place.outgrow
        await answer.begin()
        return answer

    def select(self, query: str, dataset: Dataset = WHOLE) -> list[dict[str, Term]]:
        """Return the solutions of one of our own SELECT queries."""
        return tsv.rows(self.answer(query, (media.TSV,), dataset=dataset, limits=OWN_WORK).body())

    def construct(self, query: str, dataset: Dataset = WHOLE) -> set[Quad]:
        """Return the triples of one of our own CONSTRUCT queries."""
        return set(read_nquads(self._begin(Constructing(query, dataset), OWN_WORK).body()))

    def quads(self, graph: Term | None = None) -> list[Quad]:
        """Return all quads of one named graph, or of all named graphs but those held aside."""
        held = read_nquads(self._begin(Dumping(graph), OWN_WORK).body())
        return [quad for quad in held if graph or quad.graph not in self._aside]

    def texts(self, graph: Term | None) -> Iterator[bytes]:
        """Yield the quads of one named graph, or of all (``None``), as N-Quads, piece by piece."""
        return iter(self._begin(Dumping(graph), OWN_WORK))

    def draft(self, proposal: Proposal, limits: Limits = OWN_WORK) -> Outcome:
        """Work out on a private copy what a proposal would change and what the checks say; keep nothing."""
        return self._federation.drafted(proposal, lambda asked: self._draft(asked, limits))

    def _draft(self, proposal: Proposal, limits: Limits) -> Outcome:
        remote = any(isinstance(part, UpdateRequest) and part.reach.services for part in proposal.parts)
        worker = self._alive(lambda nursery: nursery.birth(writable=True, remote=remote))
        order = Order(Drafting(proposal, self._knowledge(self._names)), limits.seconds, limits.memory)
        state = self._version, self._edition
        answer = WorkerAnswer(worker, order, state, self._watchdog, lambda _: worker.kill())
        try:
            said, figures, subjects, *pieces = list(answer)
        finally:
            worker.kill()
        findings, more = json.loads(said)
        listed = tuple(Finding(**finding) for finding in findings)
        return Outcome(packed_from(figures, subjects, pieces), listed, more)

    def apply(self, delta: Delta | Packed, version: int) -> None:
        """Make a journaled change visible."""
        # Carried out twice (the journal holds it already) it is the same as once.
        packed = Packed.of(delta)
        self._alive(lambda nursery: nursery.apply(packed, self._names.catalogue))
        with self._lock:
            self._version = version
        self._retire()

    def hold_aside(self, graph: Term, quads: bytes) -> None:
        """Hold a named graph that is no part of the journal, in place of what was held so under its name."""
        self._aside[graph] = quads
        self._alive(lambda nursery: nursery.hold(graph, quads))
        with self._lock:
            self._edition += 1
        self._retire()

    def close(self) -> None:
        """Stop; running requests are given up."""
        with self._lock:
            self._is_open = False
        if self._ready:
            self._ready.close()
        self._retire()
        self._federation.close()
        self._nursery.close()
        self._watchdog.close()

    def _reaching(self, query: str, media_types: Sequence[str], dataset: Dataset, limits: Limits) -> Answer:
        """Return the answer to a query that asks other servers."""
        until = time.monotonic() + limits.seconds

        def begun(text: str, kinds: Sequence[str]) -> Answer:
            left = replace(limits, seconds=max(until - time.monotonic(), 0.1))
            return self._apart(Answering(text, tuple(kinds), dataset), left)

        return self._federation.answer(query, media_types, begun, dataset.base)

    def _apart(self, request: Request, limits: Limits) -> WorkerAnswer:
        """Return the answer of a worker that may open connections, and is not used for anything else."""
        worker = self._alive(lambda nursery: nursery.birth(remote=True))
        order = Order(request, limits.seconds, limits.memory)
        state = self._version, self._edition
        return WorkerAnswer(worker, order, state, self._watchdog, lambda _: worker.kill()).begun()

    def _begin(self, request: Request, limits: Limits) -> WorkerAnswer:
        """Return the answer of a worker that has begun it; a worker that died idle is replaced."""
        order = Order(request, limits.seconds, limits.memory)
        while True:
            self._own_places.acquire()
            try:
                state, worker = self._worker()
                settled = partial(self._settle_own, state, worker)
                answer = WorkerAnswer(worker, order, state, self._watchdog, settled)
            except BaseException:
                self._own_places.release()
                raise
            if answer.is_taken or worker.is_new:
                return answer.begun()
            answer.close()

    def _given(self, order: Order) -> tuple[State, WorkerAnswer]:
        """Return the answer of a worker that took an order, in a place that somebody else watches over."""
        while True:
            state, worker = self._worker()
            answer = WorkerAnswer(worker, order, state, self._watchdog, partial(self._settle, state, worker))
            if answer.is_taken or worker.is_new:
                return state, answer
            answer.close()

    def _worker(self) -> tuple[State, Worker]:
        with self._lock:
            if not self._is_open:
                raise EngineClosed
            if self._idle:
                return self._idle.pop()
            state = self._version, self._edition
        return state, self._alive(lambda nursery: nursery.birth())

    async def _hearing(self, order: Order) -> tuple[State, HeardWorker]:
        """Return a worker that took an order; one that died idle, or that another loop hears, is replaced."""
        data = frame(REQUEST, written_order(order))
        if found := await self._taken_by_idle(self._heard, data):
            return found
        if (ready := self._ready and self._ready.taken()) and (begun := await _begun(ready[1], data)):
            return ready[0], begun
        # What it lacks in speed it makes up for by what it has read.
        if found := await self._taken_by_idle(self._slowed, data):
            return found
        state = self._version, self._edition
        worker = await self._in_thread(
            lambda: self._alive(lambda nursery: nursery.birth()), lambda born: born.kill()
        )
        if (begun := await _begun(worker, data)) is None:
            raise MemoryLimitReached
        return state, begun

    async def _taken_by_idle(
        self, idle: deque[tuple[State, HeardWorker]], data: bytes
    ) -> tuple[State, HeardWorker] | None:
        """Return an idle worker that took an order; those that died, or that another loop hears, are ended."""
        loop = asyncio.get_running_loop()
        while True:
            with self._lock:
                if not self._is_open:
                    raise EngineClosed
                if not idle:
                    return None
                state, heard = idle.pop()
            if heard.loop is loop and not heard.is_closed:
                with contextlib.suppress(ChannelClosed):
                    await heard.send(data)
                    return state, heard
            heard.kill()

    async def _in_thread(
        self, make: Callable[[], T], drop: Callable[[T], object], place: Place | None = None
    ) -> T:
        """Return what is made in a thread; who is cancelled meanwhile drops it as soon as it is there."""
        making = asyncio.get_running_loop().run_in_executor(None, make)
        try:
            return await asyncio.shield(making)
        except BaseException as fault:
            if place:
                place.leave()
            if isinstance(fault, asyncio.CancelledError):
                making.add_done_callback(
                    lambda made: made.cancelled() or made.exception() or drop(made.result())
                )
            raise

    async def _threaded(
        self,
        place: Place,
        begin: Callable[[], Answer],
        state: State,
        close: Callable[[], object] = lambda: None,
    ) -> LiveAnswer:
        """Return an answer that a thread begins, and others go on with."""
        timer = asyncio.get_running_loop().call_later(LONG, place.outgrow)

        def left() -> None:
            timer.cancel()
            place.leave()

        try:
            answer = await self._in_thread(begin, lambda begun: begun.close())
        except BaseException:
            close()
            left()
            raise
        return ThreadedAnswer(answer, state, left)

    def _alive(self, act: Callable[[Nursery], T]) -> T:
        """Return what the nursery does, after bringing it back if it was lost."""
        nursery = self._nursery
        try:
            return act(nursery)
        except KeeperLost:
            with self._reviving:
                if not self._is_open:
                    raise EngineClosed from None
                if self._nursery is nursery:
                    nursery.close()
                    self._nursery = self._nurse()
                    self._nursery.load(self._journal(), self._names.catalogue)
                    for graph, quads in self._aside.items():
                        self._nursery.hold(graph, quads)
            return act(self._nursery)

    def _settle(self, state: State, worker: Worker, is_well: bool) -> None:
        """Take a worker back after an answer."""
        with self._lock:
            keep = is_well and self._is_open and state == (self._version, self._edition)
            if keep:
                worker.is_new = False
                self._idle.append((state, worker))
        if not keep:
            worker.kill()

    def _settle_own(self, state: State, worker: Worker, is_well: bool) -> None:
        self._settle(state, worker, is_well)
        self._own_places.release()

    def _settle_heard(self, place: Place, state: State, worker: HeardWorker, is_well: bool) -> None:
        """Take a worker back that an event loop hears."""
        idle, most = (self._slowed, self._most_slowed) if worker.is_slowed else (self._heard, self._most_idle)
        with self._lock:
            keep = is_well and self._is_open and not worker.is_closed
            keep = keep and state == (self._version, self._edition) and len(idle) < most
            if keep:
                idle.append((state, worker))
        if not keep:
            worker.kill()
        place.leave()
        if not keep and self._ready:
            self._ready.look_again()

    def _retire(self) -> None:
        """End the workers that are idle: they hold what was."""
        with self._lock:
            idle = [worker for _, worker in self._idle]
            heard = [worker for _, worker in (*self._heard, *self._slowed)]
            self._idle.clear()
            self._heard.clear()
            self._slowed.clear()
        for worker in idle:
            worker.kill()
        for one in heard:
            one.kill()
        if self._ready and self._is_open:
            self._ready.look_again()


async def _begun(worker: Worker, data: bytes) -> HeardWorker | None:
    """Return a worker, heard by this loop, that took an order; ``None`` when it is gone."""
    heard = HeardWorker(worker, worker.heard_channel())
    try:
        await heard.send(data)
    except ChannelClosed:
        heard.kill()
        return None
    except BaseException:
        heard.kill()
        raise
    return heard


class WorkerAnswer:
    """An answer that a worker is giving; iterate to get its bytes, once."""

    def __init__(
        self,
        worker: Worker,
        order: Order,
        state: State,
        watchdog: Watchdog,
        settled: Callable[[bool], None],
    ) -> None:
        """Give the order.

        Args:
            worker: who answers.
            order: what to do, with its limits.
            state: what the worker holds.
            watchdog: ends the worker when its time is over.
            settled: called once at the end; tells whether the worker is fit for more.
        """
        self.media_type, self.version, self.is_taken = "", state[0], False
        self._worker, self._settled = worker, settled
        self._is_over = False
        self._lock = threading.Lock()
        self._first: bytes | None = None
        self._deadline = watchdog.watch(order.seconds, worker.kill)
        with contextlib.suppress(ChannelClosed):  # the reader finds the channel closed too, and says why
            worker.send(order)
            self.is_taken = True

    def begun(self) -> WorkerAnswer:
        """Return this answer once its first frame is there, so that faults show before anything is passed on."""
        kind, content = self._receive()
        if kind == STARTED:
            self.media_type = content.decode()
        elif kind != DONE:
            self._first = content
        return self

    def __iter__(self) -> Iterator[bytes]:
        """Yield the bytes in pieces."""
        if self._first is not None:
            first, self._first = self._first, None
            yield first
        while not self._is_over:
            kind, content = self._receive()
            if kind == DONE:
                return
            if kind == STARTED:
                self.media_type = content.decode()
            else:
                yield content

    def body(self) -> bytes:
        """Return all bytes."""
        return b"".join(self)

    def close(self) -> None:
        """Give up the rest; the worker is ended."""
        self._end(is_well=False)

    def _receive(self) -> tuple[bytes, bytes]:
        try:
            kind, content = self._worker.receive()
        except ChannelClosed:
            self._end(is_well=False)
            raise (TimeLimitReached if self._deadline.has_fired else MemoryLimitReached) from None
        if kind == FAULT:
            self._end(is_well=True)
            raise read_fault(content)
        if kind == DONE:
            self._end(is_well=True)
        return kind, content

    def _end(self, *, is_well: bool) -> None:
        with self._lock:  # whoever gives up may do so while another thread still reads
            was_over, self._is_over = self._is_over, True
        if not was_over:
            self._deadline.call_off()
            self._settled(is_well and not self._deadline.has_fired)
