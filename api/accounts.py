"""Accounts: who may sign in, who has, and which tokens were given out. One SQLite file that only its owner may read.

Several processes may have it open: the server, and commands that add people or tokens while it runs. Every change is
one short transaction, and the server sees it at the next request. Secrets are kept as digests only.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
import sqlite3
import threading
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any, cast
from zoneinfo import ZoneInfo

from api.problems import Problem
from api.roles import GRANTED, ROLES, Role, Scope

FILE = "accounts.sqlite"
"""Name of the file in the data directory."""
TOKEN_PREFIX = "ma_"  # noqa: S105 - what all tokens begin with, so that one in a log or a mail is recognised
LONGEST_NAME = 64
"""Characters that a user's name has at most."""

_SCHEMA = """
CREATE TABLE IF NOT EXISTS person (
    key TEXT PRIMARY KEY, name TEXT NOT NULL, role TEXT NOT NULL, digest TEXT NOT NULL,
    disabled INTEGER NOT NULL DEFAULT 0, created INTEGER NOT NULL, signed_in INTEGER
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS session (
    digest BLOB PRIMARY KEY, person TEXT NOT NULL REFERENCES person ON DELETE CASCADE, created INTEGER NOT NULL,
    used INTEGER NOT NULL, csrf TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS session_of_person ON session (person);
CREATE TABLE IF NOT EXISTS token (
    id TEXT PRIMARY KEY, name TEXT NOT NULL, digest BLOB NOT NULL, scopes TEXT NOT NULL, made_by TEXT NOT NULL,
    created INTEGER NOT NULL, expires INTEGER, revoked INTEGER, used INTEGER
) WITHOUT ROWID;
"""

_ACTIVE_ADMINS = "SELECT COUNT(*) FROM person WHERE role = 'admin' AND NOT disabled"
_PERSON = "name, role, disabled, person.created, signed_in"
_PEOPLE = f"SELECT {_PERSON} FROM person"  # noqa: S608 - made of constants
_NOTED_EVERY = timedelta(minutes=1)


@dataclass(frozen=True)
class Person:
    """Somebody who may sign in, unless they were disabled."""

    name: str
    role: Role
    disabled: bool
    created: datetime
    signed_in: datetime | None


@dataclass(frozen=True)
class Session:
    """One sign-in that still holds: of whom, since when, used when last; ``mark`` names it without giving it away."""

    mark: str
    person: Person
    created: datetime
    used: datetime
    csrf: str


@dataclass(frozen=True)
class Token:
    """A token that was given to a program; its secret is not known any more."""

    id: str
    name: str
    scopes: frozenset[Scope]
    made_by: str
    created: datetime
    expires: datetime | None
    revoked: datetime | None
    used: datetime | None

    def is_valid(self, now: datetime) -> bool:
        """Tell whether it still opens anything."""
        return self.revoked is None and (self.expires is None or now < self.expires)

    def last_day(self, zone: str) -> date | None:
        """Return the last day on which it counts, None where it has no end."""
        return (
            (self.expires - timedelta(seconds=1)).astimezone(ZoneInfo(zone)).date() if self.expires else None
        )


def _now() -> datetime:
    return datetime.now(UTC)


class Accounts:
    """People, sessions and tokens of one instance. The file is made when the first person or token is added."""

    def __init__(
        self,
        file: Path,
        *,
        lasting: timedelta = timedelta(hours=12),
        idle: timedelta = timedelta(hours=2),
        clock: Callable[[], datetime] = _now,
    ) -> None:
        """Name the file.

        Args:
            file: where the accounts are.
            lasting: how long a session holds at most.
            idle: how long it holds without being used.
            clock: tells the time (UTC).
        """
        self.file, self.lasting, self.idle, self.clock = file, lasting, idle, clock
        self._reading, self._writing = threading.Lock(), threading.Lock()

    # --- People -------------------------------------------------------------------------------------------------

    def people(self) -> list[Person]:
        """Return all people by name."""
        return [_person(row) for row in self._rows(f"{_PEOPLE} ORDER BY key")]

    def person(self, name: str) -> Person:
        """Return somebody; raises the Problem ``no-such-person``."""
        for row in self._rows(f"{_PEOPLE} WHERE key = ?", account_key(name)):
            return _person(row)
        raise Problem("no-such-person", who=name)

    def has_administrator(self) -> bool:
        """Tell whether somebody can sign in who may do everything."""
        return any(number for (number,) in self._rows(_ACTIVE_ADMINS))

    def digest_of(self, name: str) -> str | None:
        """Return the digest of the password of somebody who may sign in, None where there is nobody such."""
        rows = self._rows("SELECT digest FROM person WHERE key = ? AND NOT disabled", account_key(name))
        return next((str(digest) for (digest,) in rows), None)

    def add_person(self, name: str, role: str, digest: str, *, is_first: bool = False) -> Person:
        """Add somebody.

        Args:
            name: what they sign in with, in any case.
            role: what they may do.
            digest: of their password.
            is_first: whether there must not be an administrator yet.

        Raises:
            Problem: ``wrong-name``, ``name-taken``, ``unknown-role``, or ``set-up-already``.
        """
        called, granted = checked_name(name), checked_role(role)
        with self._change() as change:
            if is_first and change.execute(_ACTIVE_ADMINS).fetchone()[0]:
                raise Problem("set-up-already")
            if change.execute("SELECT 1 FROM person WHERE key = ?", (account_key(called),)).fetchone():
                raise Problem("name-taken", who=called)
            change.execute(
                "INSERT INTO person (key, name, role, digest, created) VALUES (?, ?, ?, ?, ?)",
                (account_key(called), called, granted, digest, self._seconds()),
            )
        return self.person(called)

    def set_password(self, name: str, digest: str, *, keep: str = "") -> None:
        """Give somebody another password and end their sessions, but the one of the id ``keep``."""
        with self._change_of(name) as change:
            change.execute("UPDATE person SET digest = ? WHERE key = ?", (digest, account_key(name)))
            self._end_sessions(change, name, keep)

    def renew_digest(self, name: str, digest: str) -> None:
        """Keep the same password under a digest of today's cost."""
        with self._change_of(name) as change:
            change.execute("UPDATE person SET digest = ? WHERE key = ?", (digest, account_key(name)))

    def set_role(self, name: str, role: str) -> None:
        """Give somebody another role, which counts from their next request on."""
        granted = checked_role(role)
        with self._change_of(name) as change, _with_administrator(change, name):
            change.execute("UPDATE person SET role = ? WHERE key = ?", (granted, account_key(name)))

    def disable(self, name: str) -> None:
        """Let somebody sign in no more, and end their sessions. Raises ``last-administrator``."""
        with self._change_of(name) as change, _with_administrator(change, name):
            change.execute("UPDATE person SET disabled = 1 WHERE key = ?", (account_key(name),))
            self._end_sessions(change, name)

    def enable(self, name: str) -> None:
        """Let somebody sign in again."""
        with self._change_of(name) as change:
            change.execute("UPDATE person SET disabled = 0 WHERE key = ?", (account_key(name),))

    # --- Sessions -----------------------------------------------------------------------------------------------

    def open_session(self, name: str) -> str:
        """Return the id of a new session of somebody; sessions that have ended are cleared away."""
        secret, now = secrets.token_urlsafe(32), self._seconds()
        with self._change_of(name) as change:
            change.execute("DELETE FROM session WHERE created <= ? OR used <= ?", self._limits())
            change.execute(
                "INSERT INTO session (digest, person, created, used, csrf) VALUES (?, ?, ?, ?, ?)",
                (_digest(secret), account_key(name), now, now, secrets.token_urlsafe(24)),
            )
            change.execute("UPDATE person SET signed_in = ? WHERE key = ?", (now, account_key(name)))
        return secret

    def session(self, secret: str) -> Session | None:
        """Return the session of an id, None when there is none or it has ended."""
        return next(self._sessions("session.digest = ?", _digest(secret)), None)

    def sessions(self, name: str) -> list[Session]:
        """Return somebody's sessions, the newest first."""
        return sorted(
            self._sessions("person = ?", account_key(name)), key=lambda one: one.created, reverse=True
        )

    def note_session_use(self, secret: str) -> None:
        """Note that a session is used now."""
        with self._change() as change:
            change.execute("UPDATE session SET used = ? WHERE digest = ?", (self._seconds(), _digest(secret)))

    def end_session(self, secret: str) -> None:
        """End the session of an id."""
        with self._change() as change:
            change.execute("DELETE FROM session WHERE digest = ?", (_digest(secret),))

    def end_session_marked(self, name: str, mark: str) -> None:
        """End the one of somebody's sessions that has a mark."""
        with self._change() as change:
            change.execute(
                "DELETE FROM session WHERE person = ? AND lower(hex(substr(digest, 1, 8))) = ?",
                (account_key(name), mark),
            )

    def end_sessions(self, name: str, *, keep: str = "") -> None:
        """End all sessions of somebody, but the one of the id ``keep``."""
        with self._change_of(name) as change:
            self._end_sessions(change, name, keep)

    # --- Tokens -------------------------------------------------------------------------------------------------

    def add_token(
        self, name: str, scopes: Iterable[str], *, made_by: str, expires: datetime | None = None
    ) -> tuple[Token, str]:
        """Return a new token and its secret, which nobody can read again.

        Raises:
            Problem: ``wrong-name`` or ``unknown-scope``.
        """
        called, granted = checked_name(name), checked_scopes(scopes)
        number, secret = secrets.token_hex(4), secrets.token_urlsafe(32)
        ends = int(expires.timestamp()) if expires else None
        with self._change() as change:
            change.execute(
                "INSERT INTO token (id, name, digest, scopes, made_by, created, expires)"
                " VALUES (?, ?, ?, ?, ?, ?, ?)",
                (number, called, _digest(secret), " ".join(granted), made_by, self._seconds(), ends),
            )
        made = next(one for one in self.tokens() if one.id == number)
        return made, f"{TOKEN_PREFIX}{number}_{secret}"

    def tokens(self) -> list[Token]:
        """Return all tokens that were ever given out, the newest first."""
        return [_token(row) for row in self._rows(f"{_TOKENS} ORDER BY created DESC, id")]

    def tokens_made_by(self, name: str) -> list[Token]:
        """Return the tokens that somebody gave out and that are still valid."""
        now = self.clock()
        return [
            one
            for one in self.tokens()
            if account_key(one.made_by) == account_key(name) and one.is_valid(now)
        ]

    def token(self, text: str) -> Token | None:
        """Return the valid token of a secret, None when there is none."""
        number, _, secret = text.removeprefix(TOKEN_PREFIX).partition("_")
        for *row, digest in self._rows(f"{_TOKENS_WITH_DIGEST} WHERE id = ?", number):
            token = _token(row)
            is_right = hmac.compare_digest(bytes(digest), _digest(secret))
            if is_right and text.startswith(TOKEN_PREFIX) and token.is_valid(self.clock()):
                return token
        return None

    def note_token_use(self, number: str) -> None:
        """Note that a token is used now."""
        with self._change() as change:
            change.execute("UPDATE token SET used = ? WHERE id = ?", (self._seconds(), number))

    def revoke(self, number: str) -> None:
        """Make a token open nothing any more; raises the Problem ``no-such-token``."""
        with self._change() as change:
            if not change.execute("SELECT 1 FROM token WHERE id = ?", (number,)).fetchone():
                raise Problem("no-such-token", token=number)
            change.execute(
                "UPDATE token SET revoked = coalesce(revoked, ?) WHERE id = ?", (self._seconds(), number)
            )

    # --- The file -----------------------------------------------------------------------------------------------

    def is_use_stale(self, noted: datetime | None) -> bool:
        """Tell whether the time at which something was used last should be noted anew."""
        return noted is None or self.clock() - noted >= _NOTED_EVERY

    def close(self) -> None:
        """Close the file; it is opened again when it is asked."""
        with self._reading, self._writing:
            for name in ("_reader", "_writer"):
                if name in self.__dict__:
                    self.__dict__.pop(name).close()

    def _sessions(self, which: str, value: object) -> Iterator[Session]:
        rows = self._rows(
            f"SELECT {_PERSON}, session.digest, session.created, used, csrf FROM session JOIN person ON key = person"  # noqa: S608
            f" WHERE {which} AND NOT disabled AND session.created > ? AND used > ?",
            value,
            *self._limits(),
        )
        for *about, digest, created, used, csrf in rows:
            mark = bytes(digest)[:8].hex()
            yield Session(mark, _person(about), _time(created), _time(used), str(csrf))

    def _limits(self) -> tuple[int, int]:
        """Return the times at or before which a session was made, or used last, that has ended."""
        now = self._seconds()
        return now - int(self.lasting.total_seconds()), now - int(self.idle.total_seconds())

    def _end_sessions(self, change: sqlite3.Connection, name: str, keep: str = "") -> None:
        kept = _digest(keep) if keep else b""
        change.execute("DELETE FROM session WHERE person = ? AND digest <> ?", (account_key(name), kept))

    def _seconds(self) -> int:
        return int(self.clock().timestamp())

    def _rows(self, text: str, *values: object) -> list[Any]:
        """Return the rows of a question. It never waits for whoever writes."""
        if not self.file.exists():
            return []
        with self._reading:
            return self._reader.execute(text, values).fetchall()

    @contextmanager
    def _change(self) -> Iterator[sqlite3.Connection]:
        """Open a transaction that is kept as a whole, or not at all when an exception leaves it."""
        with self._writing:
            self._writer.execute("BEGIN IMMEDIATE")
            try:
                yield self._writer
            except BaseException:
                self._writer.execute("ROLLBACK")
                raise
            self._writer.execute("COMMIT")

    @contextmanager
    def _change_of(self, name: str) -> Iterator[sqlite3.Connection]:
        """Open a transaction about somebody; raises the Problem ``no-such-person``."""
        with self._change() as change:
            if not change.execute("SELECT 1 FROM person WHERE key = ?", (account_key(name),)).fetchone():
                raise Problem("no-such-person", who=name)
            yield change

    @cached_property
    def _reader(self) -> sqlite3.Connection:
        return self._opened()

    @cached_property
    def _writer(self) -> sqlite3.Connection:
        return self._opened()

    def _opened(self) -> sqlite3.Connection:
        """Return a connection; the file is made for its owner only, and SQLite makes those beside it alike."""
        self.file.parent.mkdir(parents=True, exist_ok=True)
        os.close(os.open(self.file, os.O_RDWR | os.O_CREAT, 0o600))
        self.file.chmod(0o600)
        opened = sqlite3.connect(self.file, isolation_level=None, timeout=10, check_same_thread=False)
        opened.execute("PRAGMA journal_mode = WAL")
        opened.execute("PRAGMA foreign_keys = ON")
        opened.executescript(_SCHEMA)
        return opened


_TOKENS = "SELECT id, name, scopes, made_by, created, expires, revoked, used FROM token"
_TOKENS_WITH_DIGEST = "SELECT id, name, scopes, made_by, created, expires, revoked, used, digest FROM token"


@contextmanager
def _with_administrator(change: sqlite3.Connection, name: str) -> Iterator[None]:
    """Raise a Problem, which takes the change back, when it leaves nobody who may administer the instance."""
    before = change.execute(_ACTIVE_ADMINS).fetchone()[0]
    yield
    if before and not change.execute(_ACTIVE_ADMINS).fetchone()[0]:
        raise Problem("last-administrator", who=name)


def checked_name(name: str) -> str:
    """Return a name as it is kept; raises the Problem ``wrong-name``."""
    called = unicodedata.normalize("NFKC", name).strip()
    visible = all(sign == " " or unicodedata.category(sign)[0] not in "CZ" for sign in called)
    if not 1 <= len(called) <= LONGEST_NAME or not visible or called.casefold().startswith("token "):
        raise Problem("wrong-name")
    return called


def checked_role(role: str) -> Role:
    """Return a role; raises the Problem ``unknown-role``."""
    if role not in ROLES:
        raise Problem("unknown-role", role=role, known=list(ROLES))
    return cast(Role, role)


def checked_scopes(scopes: Iterable[str]) -> list[Scope]:
    """Return the scopes of a token in their order; raises the Problem ``unknown-scope``."""
    asked = set(scopes)
    if not asked or asked - set(GRANTED):
        raise Problem("unknown-scope", known=list(GRANTED))
    return [scope for scope in GRANTED if scope in asked]


def end_of_day(text: str, zone: str, today: date) -> datetime | None:
    """Return the end of a day (YYYY-MM-DD) in a zone, None for no text.

    Raises:
        Problem: ``wrong-date``: it is no date, or in the past.
    """
    if not text.strip():
        return None
    try:
        day = date.fromisoformat(text.strip())
        following = datetime.combine(day + timedelta(days=1), time(), ZoneInfo(zone))
    except (ValueError, OverflowError) as fault:
        raise Problem("wrong-date", date=text.strip()) from fault
    if day < today:
        raise Problem("wrong-date", date=text.strip())
    return following.astimezone(UTC)


def account_key(name: str) -> str:
    """Return what two names share that are the same to the eye; of a name that is too long only its beginning."""
    return unicodedata.normalize("NFKC", name[: 4 * LONGEST_NAME]).strip().casefold()


def _digest(secret: str) -> bytes:
    # 256 random bits cannot be guessed, so that a quick digest is enough for them; passwords have another one.
    return hashlib.sha256(secret.encode()).digest()


def _time(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def _time_if_any(seconds: int | None) -> datetime | None:
    return None if seconds is None else _time(seconds)


def _person(row: Iterable[Any]) -> Person:
    name, role, disabled, created, signed_in = row
    return Person(name, role, bool(disabled), _time(created), _time_if_any(signed_in))


def _token(row: Iterable[Any]) -> Token:
    number, name, scopes, made_by, created, *times = row
    return Token(
        number, name, frozenset(scopes.split()), made_by, _time(created), *(_time_if_any(t) for t in times)
    )
