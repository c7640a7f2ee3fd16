"""The journal: every change that was ever made, in order. It is the truth; the store is what follows from it.

One SQLite file (write-ahead log, synced at every commit). A change holds its time, who, why and source, the
effective quads it added and removed (N-Quads, compressed in chunks), and three sums:

- ``chain``: SHA-256 over the previous chain value, the header and the chunks, so that no change can be altered,
  dropped or reordered unnoticed;
- ``quads``: how many quads the graph holds after it;
- ``state``: a sum over all quads held after it that does not depend on their order, so that a store can be
  compared with the journal.

Restricted records (``graph.restricted``) lie in a table of their own, sealed; they are written with their change, and
its chain covers them as they lie there. So a key can be destroyed and the chain still holds.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
import threading
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Literal, NamedTuple

from graph.packed import Packed
from graph.quads import Delta, Quad, read_nquads
from graph.transaction import transaction

FORMAT = 1
"""Version of the file's layout."""
SEALED_FORMAT = 2
"""Version from the first restricted record on: a program that does not know them must not judge the chain."""
STATE_BITS = 256

_SCHEMA = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE change (
    number INTEGER PRIMARY KEY, header TEXT NOT NULL, quads INTEGER NOT NULL, state BLOB NOT NULL,
    chain BLOB NOT NULL
);
CREATE TABLE chunk (
    change INTEGER NOT NULL REFERENCES change, part INTEGER NOT NULL, sign INTEGER NOT NULL, data BLOB NOT NULL,
    PRIMARY KEY (change, part)
) WITHOUT ROWID;
CREATE TABLE node (id INTEGER PRIMARY KEY, term TEXT NOT NULL UNIQUE);
CREATE TABLE touched (node INTEGER NOT NULL, change INTEGER NOT NULL, PRIMARY KEY (node, change)) WITHOUT ROWID;
CREATE TABLE identity (
    scheme TEXT NOT NULL, key TEXT NOT NULL, iri TEXT NOT NULL, PRIMARY KEY (scheme, key)
) WITHOUT ROWID;
"""
_SEALED_SCHEMA = """
CREATE TABLE IF NOT EXISTS restricted (
    change INTEGER NOT NULL REFERENCES change, part INTEGER NOT NULL, sign INTEGER NOT NULL, node TEXT NOT NULL,
    about TEXT NOT NULL, visibility TEXT NOT NULL, graph TEXT NOT NULL, key BLOB NOT NULL, data BLOB NOT NULL,
    PRIMARY KEY (change, part)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS restricted_about ON restricted (about);
CREATE INDEX IF NOT EXISTS restricted_graph ON restricted (graph);
"""


_SEALED = "change, sign, node, about, visibility, graph, key, data"


class DamagedJournal(Exception):
    """The journal does not agree with itself; ``change`` is the first one that is wrong (0: the file)."""

    def __init__(self, change: int, what: str) -> None:
        super().__init__(f"change {change}: {what}")
        self.change, self.what = change, what


@dataclass(frozen=True)
class Header:
    """What is said of a change: when (UTC, ISO 8601), who, why, from what source, and its size."""

    time: str
    who: str
    why: str
    source: str = ""
    added: int = 0
    removed: int = 0
    undoes: int = 0
    """Number of the change that it takes back (0: none)."""


@dataclass(frozen=True)
class Change:
    """One entry of the journal: its number, header, and the size and sum of the graph after it."""

    number: int
    header: Header
    quads: int
    state: bytes
    chain: bytes


class Identity(NamedTuple):
    """What a key of a scheme (a source's local ids, USCC, …) stands for."""

    scheme: str
    key: str
    iri: str


class Sealed(NamedTuple):
    """One restricted record as it lies in the journal: sealed, that is, readable only with its key.

    ``sign`` tells whether the record comes into force (+1) or goes (-1); ``about`` is the public thing it belongs to.
    """

    change: int
    sign: int
    node: str
    about: str
    visibility: str
    graph: str
    key: bytes
    data: bytes


EMPTY = Change(0, Header("", "", ""), 0, bytes(STATE_BITS // 8), bytes(32))
"""The state before the first change."""


class Journal:
    """The journal of one instance. One writer at a time; the caller serialises calls that write."""

    def __init__(self, file: Path, *, meta: dict[str, str] | None = None) -> None:
        """Open the journal, or start a new one that remembers ``meta``."""
        is_new = not file.exists()
        # One connection for all threads: a reader must not see half of what the writer is writing.
        self._lock = threading.RLock()
        self._db = sqlite3.connect(file, isolation_level=None, check_same_thread=False)
        try:
            self._db.execute("PRAGMA journal_mode = WAL")
            self._db.execute("PRAGMA synchronous = FULL")
            if is_new:
                self._create(meta or {})
            if self.meta("format") not in (str(FORMAT), str(SEALED_FORMAT)):
                raise DamagedJournal(0, "it has a format that this version does not know")
            self._db.executescript(_SEALED_SCHEMA)
        except sqlite3.DatabaseError as fault:
            self._db.close()
            raise DamagedJournal(0, f"the file cannot be read ({fault})") from fault

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._db.close()

    def meta(self, key: str) -> str:
        """Return what was remembered when the journal was started, or an empty string."""
        rows = self._rows("SELECT value FROM meta WHERE key = ?", key)
        return str(rows[0][0]) if rows else ""

    def last(self) -> Change:
        """Return the newest change, or ``EMPTY``."""
        rows = self._rows("SELECT * FROM change ORDER BY number DESC LIMIT 1")
        return _change(rows[0]) if rows else EMPTY

    def changes(self, *, since: int = 0, limit: int = -1, newest_first: bool = False) -> list[Change]:
        """Return the changes after a number."""
        order = "DESC" if newest_first else "ASC"
        query = f"SELECT * FROM change WHERE number > ? ORDER BY number {order} LIMIT ?"  # noqa: S608
        return [_change(row) for row in self._rows(query, since, limit)]

    def changes_of(self, term: str) -> list[Change]:
        """Return the changes that touched a node, oldest first."""
        query = (
            "SELECT change.* FROM node JOIN touched ON touched.node = node.id "
            "JOIN change ON change.number = touched.change WHERE node.term = ? ORDER BY change.number"
        )
        return [_change(row) for row in self._rows(query, term)]

    def delta(self, number: int) -> Delta:
        """Return the quads of one change."""
        added: set[Quad] = set()
        removed: set[Quad] = set()
        for sign, data in self.chunks(number):
            (added if sign > 0 else removed).update(read_nquads(data))
        return Delta(frozenset(added), frozenset(removed))

    def chunks(self, number: int) -> Iterator[tuple[int, bytes]]:
        """Yield the pieces of one change: +1 or -1, and N-Quads.

        Raises:
            DamagedJournal: a piece cannot be unpacked.
        """
        for sign, data in self._packed(number):
            try:
                yield sign, zlib.decompress(data)
            except zlib.error as fault:
                raise DamagedJournal(number, "its quads cannot be unpacked") from fault

    def append(
        self,
        header: Header,
        delta: Delta | Packed,
        identities: Iterable[Identity] = (),
        sealed: Sequence[Sealed] = (),
    ) -> Change:
        """Write one change, with the identities it gave and its restricted records, and return it.

        When this returns it is on disk.
        """
        last, packed = self.last(), Packed.of(delta)
        number = last.number + 1
        records = [record._replace(change=number) for record in sealed]
        change = Change(
            number,
            replace(header, added=packed.added_count, removed=packed.removed_count),
            last.quads + packed.added_count - packed.removed_count,
            state_after(last.state, packed),
            b"",
        )
        chain = _chain(last.chain, change, packed.pieces, records)
        with self._lock, transaction(self._db):
            self._db.execute(
                "INSERT INTO change VALUES (?, ?, ?, ?, ?)",
                (number, _header_text(change.header), change.quads, change.state, chain),
            )
            self._db.executemany(
                "INSERT INTO chunk VALUES (?, ?, ?, ?)",
                ((number, part, sign, data) for part, (sign, data) in enumerate(packed.pieces)),
            )
            self._index(number, packed.subjects)
            self._db.executemany("INSERT OR REPLACE INTO identity VALUES (?, ?, ?)", identities)
            self._write_sealed(records)
        return replace(change, chain=chain)

    def remember(self, identities: Iterable[Identity]) -> None:
        """Write identities that no change came with."""
        with self._lock, transaction(self._db):
            self._db.executemany("INSERT OR REPLACE INTO identity VALUES (?, ?, ?)", identities)

    def verify(self) -> Change:
        """Recompute the chain of the whole journal and return its last change.

        Raises:
            DamagedJournal: it does not agree with itself.
        """
        previous = EMPTY
        try:
            for row in self._rows("SELECT * FROM change ORDER BY number"):
                change = _change(row)
                if change.number != previous.number + 1:
                    raise DamagedJournal(previous.number + 1, "it is missing")
                pieces, records = self._packed(change.number), self.sealed("change", change.number)
                if _chain(previous.chain, change, pieces, records) != change.chain:
                    raise DamagedJournal(change.number, "its content is not what was written")
                previous = change
        except (sqlite3.DatabaseError, ValueError) as fault:
            raise DamagedJournal(previous.number + 1, f"it cannot be read ({fault})") from fault
        return previous

    def identity(self, scheme: str, key: str) -> str | None:
        """Return the IRI that a key of a scheme stands for, if one was given."""
        rows = self._rows("SELECT iri FROM identity WHERE scheme = ? AND key = ?", scheme, key)
        return str(rows[0][0]) if rows else None

    def identities(self, scheme: str) -> dict[str, str]:
        """Return all keys of a scheme with the IRIs that they stand for: quicker than asking for many one by one."""
        return dict(self._rows("SELECT key, iri FROM identity WHERE scheme = ?", scheme))

    def sealed(self, column: Literal["change", "about", "graph"], value: str | int) -> list[Sealed]:
        """Return the restricted records of a change, about a thing or from a source, in the order of the changes."""
        query = f"SELECT {_SEALED} FROM restricted WHERE {column} = ? ORDER BY change, part"  # noqa: S608
        return [Sealed(*row) for row in self._rows(query, value)]

    def all_sealed(self) -> list[Sealed]:
        """Return all restricted records, in order."""
        query = f"SELECT {_SEALED} FROM restricted ORDER BY change, part"  # noqa: S608
        return [Sealed(*row) for row in self._rows(query)]

    def undone_by(self, number: int) -> int:
        """Return the number of the newest change that takes a change back (0: none does)."""
        query = "SELECT MAX(number) FROM change WHERE json_extract(header, '$.undoes') = ?"
        (row,) = self._rows(query, number)
        return int(row[0] or 0)

    def later_touching(self, number: int) -> list[int]:
        """Return the later changes that say something of a node of which a change said something."""
        query = (
            "SELECT DISTINCT later.change FROM touched AS one JOIN touched AS later "
            "ON later.node = one.node AND later.change > one.change WHERE one.change = ? ORDER BY later.change"
        )
        return [int(row[0]) for row in self._rows(query, number)]

    def _create(self, meta: dict[str, str]) -> None:
        with transaction(self._db):
            for statement in _SCHEMA.split(";"):
                self._db.execute(statement)
            self._db.executemany(
                "INSERT INTO meta VALUES (?, ?)", [("format", str(FORMAT)), *sorted(meta.items())]
            )

    def _packed(self, number: int) -> list[tuple[int, bytes]]:
        rows = self._rows("SELECT sign, data FROM chunk WHERE change = ? ORDER BY part", number)
        return [(int(sign), bytes(data)) for sign, data in rows]

    def _rows(self, query: str, *values: str | int) -> list[tuple[Any, ...]]:
        with self._lock:
            return self._db.execute(query, values).fetchall()

    def _index(self, number: int, subjects: Iterable[str]) -> None:
        terms = [(term,) for term in subjects]
        self._db.executemany("INSERT OR IGNORE INTO node (term) VALUES (?)", terms)
        self._db.executemany(
            "INSERT OR IGNORE INTO touched SELECT id, ? FROM node WHERE term = ?",
            ((number, term) for (term,) in terms),
        )

    def _write_sealed(self, records: Sequence[Sealed]) -> None:
        if not records:
            return
        self._db.execute("UPDATE meta SET value = ? WHERE key = 'format'", (str(SEALED_FORMAT),))
        self._db.executemany(
            "INSERT INTO restricted VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            ((record.change, part, *record[1:]) for part, record in enumerate(records)),
        )


def state_after(state: bytes, delta: Delta | Packed) -> bytes:
    """Return the order-free sum of a graph after a change, from the sum before it."""
    total = int.from_bytes(state) + Packed.of(delta).sum
    return (total % (1 << STATE_BITS)).to_bytes(STATE_BITS // 8)


def _chain(
    previous: bytes, change: Change, pieces: Iterable[tuple[int, bytes]], records: Iterable[Sealed]
) -> bytes:
    total = hashlib.sha256(previous)
    total.update(f"{change.number}\n{_header_text(change.header)}\n{change.quads}\n".encode())
    total.update(change.state)
    for sign, data in pieces:
        total.update(b"+" if sign > 0 else b"-")
        total.update(hashlib.sha256(data).digest())
    for record in records:
        total.update(b"*")
        total.update(hashlib.sha256(_sealed_text(record)).digest())
    return total.digest()


def _sealed_text(record: Sealed) -> bytes:
    """Return a restricted record as the chain covers it."""
    return json.dumps([*record[:-2], record.key.hex(), record.data.hex()]).encode()


def _header_text(header: Header) -> str:
    said = asdict(header)
    if not header.undoes:
        del said["undoes"]  # as changes were written before there was undo
    return json.dumps(said, ensure_ascii=False, sort_keys=True)


def _change(row: tuple[Any, ...]) -> Change:
    number, header, quads, state, chain = row
    return Change(number, Header(**json.loads(header)), quads, bytes(state), bytes(chain))
