"""A watchdog: one thread that calls back when a deadline has passed and nobody called it off."""

from __future__ import annotations

import heapq
import itertools
import threading
import time
from collections.abc import Callable


class Deadline:
    """A callback that fires once, at a time, unless it is called off first."""

    def __init__(self, act: Callable[[], None]) -> None:
        self._act = act
        self._lock = threading.Lock()
        self._is_open = True
        self.has_fired = False

    def call_off(self) -> None:
        """Let it never fire; when this returns it has either fired wholly or never will."""
        with self._lock:
            self._is_open = False

    def fire(self) -> None:
        """Act, if it was not called off."""
        with self._lock:
            if self._is_open:
                self._is_open = False
                self.has_fired = True
                self._act()


class Watchdog:
    """Keeps deadlines; cheap enough for one a request."""

    def __init__(self) -> None:
        self._heap: list[tuple[float, int, Deadline]] = []
        self._order = itertools.count()
        self._changed = threading.Condition()
        self._is_running = True
        self._thread = threading.Thread(target=self._run, name="watchdog", daemon=True)
        self._thread.start()

    def watch(self, seconds: float, act: Callable[[], None]) -> Deadline:
        """Return a deadline that calls ``act`` after some seconds."""
        deadline = Deadline(act)
        entry = (time.monotonic() + seconds, next(self._order), deadline)
        with self._changed:
            heapq.heappush(self._heap, entry)
            if self._heap[0] is entry:
                self._changed.notify()
        return deadline

    def close(self) -> None:
        """Stop the thread; open deadlines never fire."""
        with self._changed:
            self._is_running = False
            self._changed.notify()
        self._thread.join()

    def _run(self) -> None:
        while True:
            with self._changed:
                if not self._is_running:
                    return
                wait = self._heap[0][0] - time.monotonic() if self._heap else None
                if wait is None or wait > 0:
                    self._changed.wait(wait)
                    continue
                deadline = heapq.heappop(self._heap)[2]
            deadline.fire()
