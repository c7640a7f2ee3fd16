"""People and programs for tests: accounts with quick digests, and who is signed in with which role."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from fastapi import FastAPI

from api.access import COOKIE, Scope
from api.accounts import FILE, Accounts, Session
from api.app import admit
from api.passwords import Cost, Passwords

PASSWORD = "correct horse battery"
QUICK = Passwords(Cost(rounds=1, kilobytes=8, lanes=1))
DIGEST = QUICK.digest(PASSWORD)


@dataclass
class Clock:
    """A clock that a test moves."""

    now: datetime = datetime(2026, 11, 24, 8, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **by: float) -> None:
        self.now += timedelta(**by)


@dataclass(frozen=True)
class Caller:
    """Who sends a request: the headers that say so, and what their forms send back."""

    headers: Mapping[str, str] = field(default_factory=dict)
    csrf: str = ""


def accounts_in(folder: Path, clock: Clock | None = None) -> Accounts:
    """Return accounts of their own; nobody is among them yet."""
    file = folder / FILE
    return Accounts(file, clock=clock) if clock else Accounts(file)


def signed_in(accounts: Accounts, role: str, name: str = "") -> Caller:
    """Return somebody of a role who has just signed in; their password is ``PASSWORD``."""
    called = name or f"{role}甲"
    if called not in {person.name for person in accounts.people()}:
        accounts.add_person(called, role, DIGEST)
    secret = accounts.open_session(called)
    return Caller({"Cookie": f"{COOKIE}={secret}"}, session_of(accounts, secret).csrf)


def session_of(accounts: Accounts, secret: str) -> Session:
    """Return the session of an id, which there is."""
    session = accounts.session(secret)
    assert session is not None
    return session


def bearer(accounts: Accounts, *scopes: Scope, expires: datetime | None = None) -> Caller:
    """Return a program with a new token."""
    _, secret = accounts.add_token("程序", scopes, made_by="tester", expires=expires)
    return Caller({"Authorization": f"Bearer {secret}"})


def quick(app: FastAPI, accounts: Accounts | None = None) -> FastAPI:
    """Return the application with digests that cost nothing, of these accounts or those that it has."""
    admit(app, accounts or app.state.accounts, QUICK)
    return app
