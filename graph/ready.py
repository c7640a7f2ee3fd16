"""Workers that have read the whole graph before anybody asks.

A worker shares the memory of the zygote, but even reading the graph writes into it (the engine counts who holds
what), so that each page is copied when it is read first: 95,000 pages, or a quarter of a second, at 1.3 million
triples. Who asks a worker that is ready does not wait for that.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable

from graph import media
from graph.engine import OWN_WORK, EngineClosed, State
from graph.frames import DONE, FAULT, ChannelClosed
from graph.nursery import KeeperLost, Worker
from graph.store import WHOLE
from graph.worker import Answering, Order

REST = 1.0
"""Seconds without a change after which workers are made ready: several changes often come one after the other."""

_READING = Order(
    Answering("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }", (media.TSV,), WHOLE), OWN_WORK.seconds, OWN_WORK.memory
)


class ReadyWorkers:
    """Keeps a few workers ready, on the state of the graph as it is. May be used from any thread."""

    def __init__(
        self, bear: Callable[[], tuple[State, Worker]], state: Callable[[], State], wanted: Callable[[], int]
    ) -> None:
        """Begin.

        Args:
            bear: returns a new worker, and the state that it holds.
            state: returns the state of the graph.
            wanted: returns how many shall be ready.
        """
        self._bear, self._state, self._wanted = bear, state, wanted
        self._ready: deque[tuple[State, Worker]] = deque()
        self._reading: Worker | None = None
        self._changed = threading.Condition()
        self._is_open, self._is_due = True, True
        self._thread = threading.Thread(target=self._run, name="ready workers")
        self._thread.start()

    def taken(self) -> tuple[State, Worker] | None:
        """Return a worker that is ready, if there is one."""
        with self._changed:
            found = self._ready.pop() if self._ready else None
            if found and found[0] != self._state():
                found[1].kill()
                found = None
        return found

    def look_again(self) -> None:
        """Take note that the graph has changed, or that a worker was lost."""
        with self._changed:
            self._drop_old()
            self._is_due = True
            self._changed.notify()

    def close(self) -> None:
        """End them all."""
        with self._changed:
            self._is_open = False
            if self._reading:
                self._reading.end()
            self._changed.notify()
        self._thread.join()
        for _, worker in self._ready:
            worker.kill()

    def _drop_old(self) -> None:
        now = self._state()
        for found in [found for found in self._ready if found[0] != now]:
            self._ready.remove(found)
            found[1].kill()

    def _run(self) -> None:
        while self._is_at_rest():
            while self._is_short():
                if not self._made_ready():
                    break

    def _is_at_rest(self) -> bool:
        """Wait until something has changed and then nothing for a while; tell whether to go on at all."""
        with self._changed:
            self._changed.wait_for(lambda: self._is_due or not self._is_open)
            while self._is_open and self._is_due:
                self._is_due = False
                self._changed.wait(REST)
            return self._is_open

    def _is_short(self) -> bool:
        with self._changed:
            return self._is_open and not self._is_due and len(self._ready) < self._wanted()

    def _made_ready(self) -> bool:
        """Make one more worker ready; tell whether that went well."""
        try:
            state, worker = self._bear()
        except (EngineClosed, KeeperLost):
            return False
        with self._changed:
            self._reading = worker if self._is_open else None
        is_well = self._reading is not None and _has_read(worker)
        with self._changed:
            self._reading = None
            is_well = is_well and self._is_open and state == self._state()
            if is_well:
                self._ready.append((state, worker))
        if not is_well:
            worker.kill()
        return is_well


def _has_read(worker: Worker) -> bool:
    """Let a worker read the graph; tell whether it did."""
    try:
        worker.send(_READING)
        while (kind := worker.receive()[0]) not in (DONE, FAULT):
            pass
    except ChannelClosed:
        return False
    worker.is_new = False
    return kind == DONE
