"""The data directory: one folder that is the whole instance, and who may use it."""

from __future__ import annotations

import sqlite3
from pathlib import Path


class DirectoryInUse(Exception):
    """Another process works on this data directory."""


class DataDirectory:
    """The files of one instance, held for one process until ``close`` or its end."""

    def __init__(self, path: Path) -> None:
        """Take the directory, which is made when missing.

        Raises:
            DirectoryInUse: another process has it.
        """
        self.path = path
        path.mkdir(parents=True, exist_ok=True)
        # An open exclusive transaction is a lock that every system has and that a killed process gives back.
        self._lock = sqlite3.connect(
            path / "lock.sqlite", isolation_level=None, timeout=0, check_same_thread=False
        )
        try:
            self._lock.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError as fault:
            self._lock.close()
            raise DirectoryInUse(str(path)) from fault

    @property
    def journal(self) -> Path:
        """The journal's file."""
        return self.path / "journal.sqlite"

    @property
    def keys(self) -> Path:
        """The file of the keys that open restricted records."""
        return self.path / "keys.sqlite"

    @property
    def is_new(self) -> bool:
        """Tell whether no instance lives here yet."""
        return not self.journal.exists()

    def close(self) -> None:
        """Let others have it."""
        self._lock.close()
