"""Passwords: what is kept of them (an argon2id digest), how one is checked, and which are too easy."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from api.problems import Problem

LEAST = 10
"""Characters that a password has at least."""
MOST = 256
"""Characters that it has at most."""


@dataclass(frozen=True)
class Cost:
    """What one digest costs: rounds, kilobytes of memory, and lanes."""

    rounds: int = 3
    kilobytes: int = 64 * 1024
    lanes: int = 4


USUAL = Cost()
"""The second recommendation of RFC 9106: 64 MB, about a tenth of a second."""


class Passwords:
    """Makes and checks digests. Only few are worked on at once, so that a flood of sign-ins cannot eat the memory."""

    def __init__(self, cost: Cost = USUAL, *, at_once: int = 2, waiting: int = 12) -> None:
        """Set the cost.

        Args:
            cost: of a new digest; an old one is checked at its own.
            at_once: digests that are worked on at the same time.
            waiting: further ones that wait for their turn; who comes after them is sent away.
        """
        self._hasher = PasswordHasher(
            time_cost=cost.rounds, memory_cost=cost.kilobytes, parallelism=cost.lanes
        )
        self._working = BoundedSemaphore(at_once)
        self._admitted = BoundedSemaphore(at_once + waiting)

    def digest(self, password: str) -> str:
        """Return the digest of a password.

        Raises:
            Problem: ``too-many-attempts`` when too many wait.
        """
        with self._turn():
            return self._hasher.hash(_plain(password))

    def is_right(self, password: str, digest: str | None) -> bool:
        """Tell whether a password is the one of a digest; without a digest it is not, at the same cost.

        Raises:
            Problem: ``too-many-attempts`` when too many wait.
        """
        with self._turn():
            if digest is None:
                self._hasher.hash(_plain(password))  # as much work as checking one
                return False
            try:
                return self._hasher.verify(digest, _plain(password))
            except (VerificationError, InvalidHashError):
                return False

    def is_outdated(self, digest: str) -> bool:
        """Tell whether a digest was made at another cost than new ones are."""
        return self._hasher.check_needs_rehash(digest)

    @contextmanager
    def _turn(self) -> Iterator[None]:
        if not self._admitted.acquire(blocking=False):
            raise Problem("too-many-attempts", seconds=2, headers={"Retry-After": "2"})
        try:
            with self._working:
                yield
        finally:
            self._admitted.release()


def check_strength(password: str, name: str) -> None:
    """Raise the Problem ``weak-password`` for a password that is too easy for the account of a name."""
    plain = _plain(password)
    if not LEAST <= len(plain) <= MOST or _is_obvious(plain, name):
        raise Problem("weak-password", least=LEAST, most=MOST)


def _is_obvious(plain: str, name: str) -> bool:
    folded = plain.casefold()
    without_number = folded.strip("0123456789!@#.*_- ")
    named = _plain(name).casefold().strip()
    return folded in obvious() or without_number in ("", named) or len(set(folded)) < 4


@cache
def obvious() -> frozenset[str]:
    """Return the passwords that everybody tries first."""
    file = Path(__file__).parent / "obvious_passwords.txt"
    return frozenset(file.read_text(encoding="utf-8").split())


def _plain(password: str) -> str:
    """Return a password as it counts: full-width letters of an input method are the plain ones."""
    return unicodedata.normalize("NFKC", password)
