"""Sealing: data that may not lie readable on disk, and the keys that open it. The only module that knows the library.

Each node of restricted data (a person to be contacted, a remark) has a key of its own. The keys lie in a file apart
from what they open, so that destroying one is enough: what it sealed stays where it is, and nobody can read it.
"""

from __future__ import annotations

import os
import secrets
import sqlite3
import threading
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Literal, NamedTuple

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from graph.transaction import transaction

KEY_BYTES = 32
NONCE_BYTES = 12

State = Literal["kept", "erased", "lost"]
"""Of a key: it is there, it was destroyed on purpose, or its file does not know it."""

_SCHEMA = """
CREATE TABLE IF NOT EXISTS key (id BLOB PRIMARY KEY, node TEXT NOT NULL, secret BLOB) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS key_node ON key (node);
"""


class Unreadable(Exception):
    """Sealed data that this key does not open, or that was altered or moved elsewhere."""


def new_key() -> bytes:
    """Return a new random key."""
    return secrets.token_bytes(KEY_BYTES)


def seal(key: bytes, data: bytes, context: bytes = b"") -> bytes:
    """Return data as only the key opens it, bound to a context that has to be given again (AES-256-GCM)."""
    nonce = secrets.token_bytes(NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, data, context)


def unseal(key: bytes, sealed: bytes, context: bytes = b"") -> bytes:
    """Return what was sealed.

    Raises:
        Unreadable: the key or the context is another one, or the data was altered.
    """
    try:
        return AESGCM(key).decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], context)
    except (InvalidTag, ValueError) as fault:
        raise Unreadable from fault


class Key(NamedTuple):
    """A key and what it is called; the name says nothing about the node."""

    id: bytes
    secret: bytes


class KeyRing:
    """The keys of one instance, in a file that only its owner may read. The file is made with the first key."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._lock = threading.RLock()
        self._db: sqlite3.Connection | None = None

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            if self._db is not None:
                self._db.close()
                self._db = None

    def keys(self, nodes: Iterable[str]) -> Mapping[str, Key]:
        """Return a key for each node; a node without one gets a new one, which is on disk when this returns."""
        wanted = dict.fromkeys(nodes)
        if not wanted:
            return {}
        with self._lock, transaction(self._opened(make=True)) as db:
            held = {node: key for node in wanted if (key := _live_key(db, node))}
            new = {node: Key(secrets.token_bytes(16), new_key()) for node in wanted if node not in held}
            db.executemany("INSERT INTO key VALUES (?, ?, ?)", [(k.id, n, k.secret) for n, k in new.items()])
        return {**held, **new}

    def secret(self, key: bytes) -> tuple[State, bytes]:
        """Return how it stands with a key, and its secret (empty unless it is kept)."""
        with self._lock:
            if self._db is None and not self._file.exists():
                return "lost", b""
            row = self._opened().execute("SELECT secret FROM key WHERE id = ?", (key,)).fetchone()
        if row is None:
            return "lost", b""
        return ("kept", bytes(row[0])) if row[0] is not None else ("erased", b"")

    def destroy(self, node: str) -> int:
        """Destroy all keys of a node and return how many; what they sealed cannot be read any more."""
        with self._lock:
            if self._db is None and not self._file.exists():
                return 0
            with transaction(self._opened()) as db:
                found = db.execute(
                    "UPDATE key SET secret = NULL WHERE node = ? AND secret IS NOT NULL", (node,)
                )
                return found.rowcount

    def _opened(self, *, make: bool = False) -> sqlite3.Connection:
        if self._db is None:
            if make and not self._file.exists():
                os.close(os.open(self._file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
            self._db = sqlite3.connect(self._file, isolation_level=None, check_same_thread=False)
            # A write-ahead log would keep pages with destroyed keys; here they are overwritten at once.
            for setting in ("journal_mode = DELETE", "secure_delete = ON", "synchronous = FULL"):
                self._db.execute(f"PRAGMA {setting}").fetchall()
            self._db.executescript(_SCHEMA)
        return self._db


def _live_key(db: sqlite3.Connection, node: str) -> Key | None:
    row = db.execute("SELECT id, secret FROM key WHERE node = ? AND secret IS NOT NULL", (node,)).fetchone()
    return Key(bytes(row[0]), bytes(row[1])) if row else None
