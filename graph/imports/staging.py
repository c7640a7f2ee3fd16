"""Staged imports: files that wait for a decision, in the data directory, until they are committed or given up.

One SQLite file that only its owner may read. Uploaded files may hold contact data: they are kept compressed and
sealed, and deleted with their key when the import is committed, discarded, or has waited too long. What is remembered
for the next time is how columns are called in a document, not what they hold.
"""

from __future__ import annotations

import hashlib
import json
import os
import secrets
import sqlite3
import threading
import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Literal, NamedTuple

from graph.imports.faults import NotStaged, StagingFull
from graph.imports.options import Options
from graph.sealing import KeyRing, Unreadable, seal, unseal
from graph.transaction import transaction

State = Literal["staged", "committed", "undone", "discarded", "expired", "refused"]
"""Waiting; part of the graph; taken back; given up; given up because nobody came back; nothing in it can be read."""

_SCHEMA = """
CREATE TABLE IF NOT EXISTS import (
    id TEXT PRIMARY KEY, made TEXT NOT NULL, who TEXT NOT NULL, state TEXT NOT NULL, options TEXT NOT NULL,
    revision INTEGER NOT NULL, base INTEGER NOT NULL, change INTEGER, undone INTEGER, seed BLOB NOT NULL,
    title TEXT NOT NULL, report BLOB
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS file (
    import TEXT NOT NULL REFERENCES import, position INTEGER NOT NULL, name TEXT NOT NULL, digest TEXT NOT NULL,
    size INTEGER NOT NULL, data BLOB, PRIMARY KEY (import, position)
);
CREATE TABLE IF NOT EXISTS heading (
    document TEXT NOT NULL, kind TEXT NOT NULL, heading TEXT NOT NULL, key TEXT NOT NULL,
    PRIMARY KEY (document, kind, heading)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS sheet (
    document TEXT NOT NULL, sheet TEXT NOT NULL, kind TEXT NOT NULL, PRIMARY KEY (document, sheet)
) WITHOUT ROWID;
"""

_SELECT = "SELECT id, made, who, state, options, revision, base, change, undone, seed, title FROM import"


class FileNote(NamedTuple):
    """A file of an import: its name, SHA-256 in hexadecimal, and size in bytes."""

    name: str
    digest: str
    size: int


@dataclass(frozen=True)
class StagingLimits:
    """How much may wait: imports, bytes of all their files together, and days."""

    imports: int = 50
    size: int = 1 << 30
    days: int = 14


@dataclass(frozen=True)
class Staged:
    """A staged import.

    Attributes:
        id: opaque name.
        made: when it came (UTC, ISO 8601).
        by: who brought it.
        state: what became of it.
        options: what was said of it.
        revision: how often that was changed.
        base: version of the graph when it came.
        change: number of the change that it became (``None``: none).
        undone_by: number of the change that took it back (``None``: none).
        seed: what the names that it gives are made from, so that they stay the same while it waits.
        title: what its document is called.
        files: its files, in order.
    """

    id: str
    made: str
    by: str
    state: State
    options: Options
    revision: int
    base: int
    change: int | None
    undone_by: int | None
    seed: bytes = field(repr=False)
    title: str = ""
    files: tuple[FileNote, ...] = ()


@dataclass(frozen=True)
class Remembered:
    """What was decided about a document before: heading to column key for each kind of sheet, sheet name to kind."""

    columns: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    sheets: Mapping[str, str] = field(default_factory=dict)


def _utc_now() -> datetime:
    return datetime.now(UTC)


class Staging:
    """The staged imports of one instance. All methods may be called from any thread."""

    def __init__(
        self,
        file: Path,
        limits: StagingLimits | None = None,
        now: Callable[[], datetime] = _utc_now,
    ) -> None:
        """Open the file, which is made when missing and kept from others; the keys lie in another one beside it."""
        self._limits, self._now = limits or StagingLimits(), now
        self._keys = KeyRing(file.with_name(f"{file.stem}-keys.sqlite"))
        self._lock = threading.RLock()
        _made_private(file)
        self._db = sqlite3.connect(file, isolation_level=None, check_same_thread=False)
        self._db.execute("PRAGMA secure_delete = ON")
        self._db.executescript(_SCHEMA)

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._db.close()
            self._keys.close()

    def add(self, files: Sequence[tuple[str, bytes]], options: Options, *, by: str, base: int) -> Staged:
        """Keep files as a new import.

        Raises:
            StagingFull: too much waits already.
        """
        name, title = secrets.token_urlsafe(12), options.source or next((file for file, _ in files), "")
        sealed = [self._sealed(name, data) for _, data in files]
        with self._lock, transaction(self._db):
            self._give_up_old()
            self._check_room(sum(len(data) for _, data in files))
            self._db.execute(
                "INSERT INTO import VALUES (?, ?, ?, 'staged', ?, 0, ?, NULL, NULL, ?, ?, NULL)",
                (name, _text(self._now()), by, _json(options.said()), base, secrets.token_bytes(32), title),
            )
            self._db.executemany(
                "INSERT INTO file VALUES (?, ?, ?, ?, ?, ?)",
                [
                    (name, position, file, hashlib.sha256(data).hexdigest(), len(data), sealed[position])
                    for position, (file, data) in enumerate(files)
                ],
            )
        return self.get(name)

    def get(self, name: str) -> Staged:
        """Return an import; raises NotStaged."""
        with self._lock:
            row = self._db.execute(f"{_SELECT} WHERE id = ?", (name,)).fetchone()
            if row is None:
                raise NotStaged(name)
            return _staged(row, self._notes(name))

    def listed(self) -> list[Staged]:
        """Return all imports, the newest first."""
        with self._lock, transaction(self._db):
            self._give_up_old()
            rows = self._db.execute(f"{_SELECT} ORDER BY made DESC, id").fetchall()
            return [_staged(row, self._notes(row[0])) for row in rows]

    def files(self, name: str) -> list[tuple[str, bytes]]:
        """Return the names and bytes of an import's files.

        Raises:
            NotStaged: there is no such import, or its files were deleted.
        """
        with self._lock:
            rows = self._db.execute(
                "SELECT name, data FROM file WHERE import = ? ORDER BY position", (name,)
            ).fetchall()
        if not rows or any(data is None for _, data in rows):
            raise NotStaged(name)
        return [(file, self._opened(name, data)) for file, data in rows]

    def revise(self, name: str, options: Options) -> Staged:
        """Keep what the reader said of a waiting import."""
        with self._lock:
            found = self._db.execute(
                "UPDATE import SET options = ?, revision = revision + 1 WHERE id = ? AND state = 'staged'",
                (_json(options.said()), name),
            ).rowcount
        if not found:
            raise NotStaged(name)
        return self.get(name)

    def entitle(self, name: str, title: str) -> None:
        """Say what the document of an import is called."""
        with self._lock:
            self._db.execute("UPDATE import SET title = ? WHERE id = ?", (title, name))

    def finish(
        self, name: str, state: State, report: Mapping[str, Any], *, change: int | None = None
    ) -> Staged:
        """Say what became of an import, keep its last report, and delete its files."""
        kept = self._sealed(_report_of(name), _json(report).encode())
        with self._lock, transaction(self._db):
            self._db.execute(
                "UPDATE import SET state = ?, change = ?, report = ? WHERE id = ?",
                (state, change, kept, name),
            )
            self._delete_data(name)
        return self.get(name)

    def undone(self, change: int, by: int) -> None:
        """Say that the import that became a change was taken back by another one."""
        with self._lock:
            self._db.execute("UPDATE import SET state = 'undone', undone = ? WHERE change = ?", (by, change))

    def redone(self, change: int) -> None:
        """Say that the import that became a change is in force again."""
        with self._lock:
            self._db.execute(
                "UPDATE import SET state = 'committed', undone = NULL WHERE change = ?", (change,)
            )

    def last_report(self, name: str) -> dict[str, Any]:
        """Return the report that was kept when an import was finished; empty where none was."""
        with self._lock:
            row = self._db.execute("SELECT report FROM import WHERE id = ?", (name,)).fetchone()
        if row is None:
            raise NotStaged(name)
        if row[0] is None:
            return {}
        report: dict[str, Any] = json.loads(self._opened(_report_of(name), row[0]))
        return report

    def forget(self, name: str) -> None:
        """Take an import out without a trace."""
        with self._lock, transaction(self._db):
            self._db.execute("DELETE FROM file WHERE import = ?", (name,))
            self._db.execute("DELETE FROM import WHERE id = ?", (name,))
            self._keys.destroy(name)
            self._keys.destroy(_report_of(name))

    def remembered(self, document: str) -> Remembered:
        """Return what was decided about a document (IRI) before."""
        with self._lock:
            headings = self._db.execute(
                "SELECT kind, heading, key FROM heading WHERE document = ?", (document,)
            ).fetchall()
            sheets = self._db.execute("SELECT sheet, kind FROM sheet WHERE document = ?", (document,))
            kinds = dict(sheets.fetchall())
        columns: dict[str, dict[str, str]] = {}
        for kind, heading, key in headings:
            columns.setdefault(kind, {})[heading] = key
        return Remembered(columns, kinds)

    def remember(self, document: str, decided: Remembered) -> None:
        """Remember what was decided about a document (IRI), beside what is remembered already."""
        columns = [
            (document, kind, heading, key)
            for kind, keys in decided.columns.items()
            for heading, key in keys.items()
        ]
        sheets = [(document, sheet, kind) for sheet, kind in decided.sheets.items()]
        with self._lock, transaction(self._db):
            self._db.executemany("INSERT OR REPLACE INTO heading VALUES (?, ?, ?, ?)", columns)
            self._db.executemany("INSERT OR REPLACE INTO sheet VALUES (?, ?, ?)", sheets)

    def _sealed(self, name: str, data: bytes) -> bytes:
        return seal(self._keys.keys([name])[name].secret, zlib.compress(data, 3), name.encode())

    def _opened(self, name: str, sealed: bytes) -> bytes:
        """Return what was sealed; raises NotStaged when its key is gone."""
        try:
            return zlib.decompress(unseal(self._keys.keys([name])[name].secret, sealed, name.encode()))
        except Unreadable as fault:
            raise NotStaged(name) from fault

    def _notes(self, name: str) -> tuple[FileNote, ...]:
        rows = self._db.execute(
            "SELECT name, digest, size FROM file WHERE import = ? ORDER BY position", (name,)
        )
        return tuple(FileNote(*row) for row in rows)

    def _check_room(self, size: int) -> None:
        waiting, held = self._db.execute(
            "SELECT COUNT(DISTINCT import.id), COALESCE(SUM(size), 0) FROM import "
            "JOIN file ON file.import = import.id WHERE state = 'staged'"
        ).fetchone()
        if waiting >= self._limits.imports:
            raise StagingFull("imports", self._limits.imports)
        if held + size > self._limits.size:
            raise StagingFull("bytes", self._limits.size)

    def _give_up_old(self) -> None:
        """Delete the files of imports that have waited too long."""
        oldest = _text(self._now() - timedelta(days=self._limits.days))
        rows = self._db.execute("SELECT id FROM import WHERE state = 'staged' AND made < ?", (oldest,))
        for (name,) in rows.fetchall():
            self._db.execute("UPDATE import SET state = 'expired' WHERE id = ?", (name,))
            self._delete_data(name)

    def _delete_data(self, name: str) -> None:
        self._db.execute("UPDATE file SET data = NULL WHERE import = ?", (name,))
        self._keys.destroy(name)


def _made_private(file: Path) -> None:
    """Make the file with rights for its owner only; what SQLite puts beside it gets the same."""
    os.close(os.open(file, os.O_CREAT | os.O_RDWR, 0o600))
    file.chmod(0o600)


def _report_of(name: str) -> str:
    """Return what the key of an import's last report is called."""
    return f"{name} report"


def _staged(row: Sequence[Any], files: tuple[FileNote, ...]) -> Staged:
    name, made, who, state, said, revision, base, change, undone, seed, title = row
    options = Options.of(json.loads(said))
    return Staged(name, made, who, state, options, revision, base, change, undone, seed, title, files)


def _text(time: datetime) -> str:
    return time.isoformat(timespec="seconds")


def _json(said: Mapping[str, Any]) -> str:
    return json.dumps(said, ensure_ascii=False)
