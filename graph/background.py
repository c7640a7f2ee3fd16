"""What is made of the graph in the background, because making it takes too long to be waited for.

While a newer one is being made the last one is given; it tells the version that it speaks of.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Generic

from graph.current import V
from graph.engine import Engine, EngineClosed, MemoryLimitReached, TimeLimitReached
from graph.nursery import KeeperLost

SHARE = 0.1
"""The part of the time that making may take unasked: after what took ten seconds there is rest for ninety."""
ASKED_SHARE = 0.5
"""The same when somebody waits for it."""
_FAULTS = (EngineClosed, KeeperLost, MemoryLimitReached, TimeLimitReached, OSError)


class StillMaking(Exception):
    """Nothing was made yet, and making it takes longer than anybody should wait."""


class Followed(Generic[V]):
    """Something made of the engine's version by a thread of its own. It has to be closed."""

    def __init__(
        self,
        engine: Engine,
        make: Callable[[V | None], V],
        *,
        eager: bool = False,
        share: float = SHARE,
        tick: float = 1.0,
        delay: float = 0.0,
    ) -> None:
        """Begin to follow.

        Args:
            engine: the graph.
            make: told what was made before (``None``: nothing), returns what belongs to the version now.
            eager: whether a new version is reason enough to make it; else it is made when somebody asks.
            share: the part of the time that making may take unasked.
            tick: seconds between two looks at the version.
            delay: seconds from now before which nothing is made that nobody asked for.
        """
        self._engine, self._make = engine, make
        self._is_eager, self._share, self._tick = eager, share, tick
        self._changed = threading.Condition()
        self._held: V | None = None
        self._fault: Exception | None = None
        self._ended = self._took = 0.0
        self._begins = time.monotonic() + delay
        self._waiting, self._is_open = 0, True
        self._is_asked = False
        self._thread = threading.Thread(target=self._run, name="follower")
        self._thread.start()

    def latest(self, patience: float = 2.0, longest: float = 30.0) -> V:
        """Return what belongs to the engine's version, or the last one made if that takes longer than ``patience``.

        Where nothing was made yet this waits for it, ``longest`` seconds.

        Raises:
            StillMaking: there is nothing even then; it goes on being made.
            EngineClosed: the service is closing.
            MemoryLimitReached, TimeLimitReached, KeeperLost, OSError: it could not be made.
        """
        now = time.monotonic()
        with self._changed:
            self._is_asked = True
            self._fault = None if self._held is None else self._fault
            self._changed.notify_all()
            while self._is_open and not self._is_current():
                if self._held is None and self._fault is not None:
                    raise self._fault
                left = now + (longest if self._held is None else patience) - time.monotonic()
                if left <= 0:
                    if self._held is None:
                        raise StillMaking
                    break
                self._changed.wait(left)
            if self._held is None:
                raise EngineClosed
            return self._held

    def held(self) -> V | None:
        """Return what is there, without waiting."""
        return self._held

    def close(self) -> None:
        """Stop following; what is under way ends with the engine."""
        with self._changed:
            self._is_open = False
            self._changed.notify_all()

    def join(self) -> None:
        """Wait until the thread is over."""
        self._thread.join()

    def _is_current(self) -> bool:
        return self._held is not None and self._held.version == self._engine.version

    def _run(self) -> None:
        while self._next():
            begun = time.monotonic()
            made, fault = self._made()
            took = time.monotonic() - begun
            with self._changed:
                self._held = self._held if made is None else made
                self._fault = fault
                self._ended, self._took = time.monotonic(), took
                self._changed.notify_all()

    def _made(self) -> tuple[V | None, Exception | None]:
        try:
            return self._make(self._held), None
        except _FAULTS as fault:
            return None, fault

    def _next(self) -> bool:
        """Wait for something to make; tells whether there is (else this is closed)."""
        with self._changed:
            while self._is_open:
                is_wanted = self._is_asked or (self._is_eager and time.monotonic() >= self._begins)
                if not self._is_current() and is_wanted:
                    share = max(self._share, ASKED_SHARE) if self._is_asked else self._share
                    rest = self._ended + self._took * (1 / share - 1) - time.monotonic()
                    if rest <= 0:
                        self._is_asked = False
                        return True
                    self._changed.wait(min(rest, self._tick))
                else:
                    self._changed.wait(self._tick if self._is_eager else None)
            return False
