"""A throttle: after a few failed attempts each further one has to wait, longer every time."""

from __future__ import annotations

import math
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

from api.problems import Problem


@dataclass
class _Record:
    """Attempts that failed, when the latest was made, and until when the next one has to wait."""

    failed: int = 0
    latest: float = 0.0
    until: float = 0.0


class Throttle:
    """Counts attempts by key (an account, an address). What was quiet for long is forgotten."""

    def __init__(
        self,
        *,
        free: int,
        longest: float,
        most: int = 10_000,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Set the measure.

        Args:
            free: attempts that may fail before the next one has to wait; then it is 2 s, and twice as long each time.
            longest: no wait is longer than these seconds; after as long again without an attempt all is forgotten.
            most: keys that are remembered; the one that was used longest ago is forgotten first.
            clock: tells the time in seconds.
        """
        self._free, self._longest, self._most, self._clock = free, longest, most, clock
        self._records: OrderedDict[str, _Record] = OrderedDict()
        self._lock = threading.Lock()

    def admit(self, key: str) -> None:
        """Count an attempt as failed before it is made, so that many at once gain nothing.

        Raises:
            Problem: ``too-many-attempts``; such an attempt does not count.
        """
        with self._lock:
            now = self._clock()
            record = self._record(key, now)
            if record.until > now:
                seconds = math.ceil(record.until - now)
                raise Problem("too-many-attempts", seconds=seconds, headers={"Retry-After": str(seconds)})
            record.failed, record.latest = record.failed + 1, now
            if record.failed >= self._free:
                doubled = min(record.failed - self._free + 1, 30)
                record.until = now + min(2.0**doubled, self._longest)

    def forgive(self, key: str) -> None:
        """Forget the failed attempts of a key: one succeeded, and nobody else can know."""
        with self._lock:
            self._records.pop(key, None)

    def take_back(self, key: str) -> None:
        """Count the latest attempt of a key no longer: it succeeded, but that says nothing of the others."""
        with self._lock:
            record = self._records.get(key)
            if record:
                record.failed -= 1
                record.until = 0.0 if record.failed < self._free else record.until

    def _record(self, key: str, now: float) -> _Record:
        record = self._records.pop(key, _Record())
        if max(record.latest, record.until) + self._longest < now:
            record = _Record()
        self._records[key] = record
        while len(self._records) > self._most:
            self._records.popitem(last=False)
        return record
