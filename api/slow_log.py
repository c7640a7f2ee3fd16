"""The log of slow queries: one line of JSON each, in files of bounded size in the data directory.

It names who asked as the history does (a person, a token, or ``-``), never an address: a query is what somebody
wanted to know, and the log is for finding costly queries, not for following people.
"""

from __future__ import annotations

import json
import threading
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

FILE = "slow-queries.log"
LARGEST = 4 * 1024 * 1024
"""Bytes of one file; when it is full it becomes the old one, and the old one before it is dropped."""
LONGEST = 20_000
"""Characters of a query that are kept."""


class SlowLog:
    """Takes note of queries that took long. May be used from any thread."""

    def __init__(self, directory: Path, seconds: float, *, largest: int = LARGEST) -> None:
        """Set where and what.

        Args:
            directory: where the file is.
            seconds: queries that took at least so long are noted; zero or less: none.
            largest: bytes of one file.
        """
        self._file, self._seconds, self._largest = directory / FILE, seconds, largest
        self._lock = threading.Lock()

    def note(self, query: str, seconds: float, who: str, outcome: str) -> None:
        """Write a line if it was slow.

        Args:
            query: the text.
            seconds: how long it took.
            who: who asked, as the history names them.
            outcome: ``answered``, or the name of the problem.
        """
        if self._seconds <= 0 or seconds < self._seconds:
            return
        said = {
            "time": datetime.now(UTC).isoformat(timespec="seconds"),
            "seconds": round(seconds, 3),
            "who": who,
            "outcome": outcome,
            "query": query[:LONGEST],
        }
        line = json.dumps(said, ensure_ascii=False).encode() + b"\n"
        with self._lock, suppress(OSError):  # a full disk must not keep anybody from the answer
            self._make_room(len(line))
            with self._file.open("ab") as file:
                file.write(line)

    def _make_room(self, size: int) -> None:
        if self._file.exists() and self._file.stat().st_size + size > self._largest:
            self._file.replace(self._file.with_suffix(".old.log"))
