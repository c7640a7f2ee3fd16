"""The engine that comes with the program: worker processes over Oxigraph.

Answers are given by workers that may be killed, drafts are worked out on a private copy, and journaled changes are
carried out by the keeper. After a change, workers of the version before are not used again, so whoever asks after a
write reads it.
"""

from __future__ import annotations

import contextlib
import json
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TypeVar

from graph import media, tsv
from graph.engine import (
    OWN_WORK,
    STRANGER,
    EngineClosed,
    Limits,
    MemoryLimitReached,
    TimeLimitReached,
)
from graph.faults import read_fault
from graph.findings import Finding
from graph.frames import DONE, FAULT, STARTED, ChannelClosed
from graph.names import Names
from graph.nursery import KeeperLost, Nursery, Tally, Worker
from graph.packed import Packed, packed_from
from graph.quads import Delta, Quad, Term, read_nquads
from graph.settle import Knowledge, Outcome, Proposal
from graph.store import WHOLE, Dataset
from graph.watchdog import Watchdog
from graph.worker import Answering, Constructing, Drafting, Dumping, Order, Request

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
    ) -> None:
        """Start with an empty graph.

        Args:
            nurse: starts a nursery, where workers come from; closed with the engine.
            names: the graphs that the instance keeps for itself.
            knowledge: returns the rules and checks for drafts; called for each, so it had better remember them.
            workers: how many answers may be under way at once; further ones wait.
        """
        self._nurse, self._names, self._knowledge = nurse, names, knowledge
        self._nursery = nurse()
        self._journal: Callable[[], Iterable[tuple[int, bytes]]] = tuple
        self._reviving = threading.Lock()
        self._places = threading.Semaphore(workers)
        self._idle: deque[tuple[int, Worker]] = deque()
        self._lock = threading.Lock()
        self._watchdog = Watchdog()
        self._version = 0
        self._is_open = True

    @property
    def version(self) -> int:
        """The number of the last change applied."""
        return self._version

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
    ) -> WorkerAnswer:
        """Start answering a query in the first of the media types that fits its form."""
        return self._begin(Answering(query, tuple(media_types), dataset), limits)

    def select(self, query: str, dataset: Dataset = WHOLE) -> list[dict[str, Term]]:
        """Return the solutions of one of our own SELECT queries."""
        return tsv.rows(self.answer(query, (media.TSV,), dataset=dataset, limits=OWN_WORK).body())

    def construct(self, query: str, dataset: Dataset = WHOLE) -> set[Quad]:
        """Return the triples of one of our own CONSTRUCT queries."""
        return set(read_nquads(self._begin(Constructing(query, dataset), OWN_WORK).body()))

    def quads(self, graph: Term | None = None) -> list[Quad]:
        """Return all quads of one named graph, or of all named graphs."""
        return list(read_nquads(self._begin(Dumping(graph), OWN_WORK).body()))

    def texts(self, graph: Term) -> Iterator[bytes]:
        """Yield the quads of one named graph as N-Quads, piece by piece."""
        return iter(self._begin(Dumping(graph), OWN_WORK))

    def draft(self, proposal: Proposal, limits: Limits = OWN_WORK) -> Outcome:
        """Work out on a private copy what a proposal would change and what the checks say; keep nothing."""
        worker = self._alive(lambda nursery: nursery.birth(writable=True))
        order = Order(Drafting(proposal, self._knowledge(self._names)), limits.seconds, limits.memory)
        answer = WorkerAnswer(worker, order, self._version, self._watchdog, lambda _: worker.kill())
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
            stale = [worker for _, worker in self._idle]
            self._idle.clear()
        for worker in stale:
            worker.kill()

    def close(self) -> None:
        """Stop; running requests are given up."""
        with self._lock:
            self._is_open = False
            idle = [worker for _, worker in self._idle]
            self._idle.clear()
        for worker in idle:
            worker.kill()
        self._nursery.close()
        self._watchdog.close()

    def _begin(self, request: Request, limits: Limits) -> WorkerAnswer:
        """Return the answer of a worker that has begun it; a worker that died idle is replaced once."""
        self._places.acquire()
        try:
            version, worker = self._worker()
            order = Order(request, limits.seconds, limits.memory)
            answer = WorkerAnswer(
                worker, order, version, self._watchdog, lambda is_well: self._settle(version, worker, is_well)
            )
        except BaseException:
            self._places.release()
            raise
        answer.begin()
        return answer

    def _worker(self) -> tuple[int, Worker]:
        with self._lock:
            if not self._is_open:
                raise EngineClosed
            if self._idle:
                return self._idle.pop()
            version = self._version
        return version, self._alive(lambda nursery: nursery.birth())

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
            return act(self._nursery)

    def _settle(self, version: int, worker: Worker, is_well: bool) -> None:
        """Take a worker back after an answer."""
        with self._lock:
            keep = is_well and self._is_open and version == self._version
            if keep:
                self._idle.append((version, worker))
        if not keep:
            worker.kill()
        self._places.release()


class WorkerAnswer:
    """An answer that a worker is giving; iterate to get its bytes, once."""

    def __init__(
        self,
        worker: Worker,
        order: Order,
        version: int,
        watchdog: Watchdog,
        settled: Callable[[bool], None],
    ) -> None:
        """Give the order.

        Args:
            worker: who answers.
            order: what to do, with its limits.
            version: the version of the graph that the worker holds.
            watchdog: ends the worker when its time is over.
            settled: called once at the end; tells whether the worker is fit for more.
        """
        self.media_type, self.version = "", version
        self._worker, self._settled = worker, settled
        self._is_over = False
        self._first: bytes | None = None
        self._deadline = watchdog.watch(order.seconds, worker.kill)
        with contextlib.suppress(ChannelClosed):  # the reader finds the channel closed too, and says why
            worker.send(order)

    def begin(self) -> None:
        """Wait for the first frame, so that faults show before anything is passed on."""
        kind, content = self._receive()
        if kind == STARTED:
            self.media_type = content.decode()
        elif kind != DONE:
            self._first = content

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
        if not self._is_over:
            self._is_over = True
            self._deadline.call_off()
            self._settled(is_well and not self._deadline.has_fired)
