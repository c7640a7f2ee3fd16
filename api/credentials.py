"""Credentials: who somebody is by name and password, and how the first administrator proves to be at the machine."""

from __future__ import annotations

import hmac
import secrets
from dataclasses import dataclass, field

from api.accounts import Accounts, Person, account_key
from api.passwords import Passwords, check_strength
from api.problems import Problem
from api.throttle import Throttle

_LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""Signs of a one-time code: none that is taken for another."""


def _by_account() -> Throttle:
    return Throttle(free=5, longest=300)


def _by_address() -> Throttle:
    return Throttle(free=25, longest=900)


@dataclass(frozen=True)
class Credentials:
    """Checks names and passwords, slower with every mistake."""

    accounts: Accounts
    passwords: Passwords = field(default_factory=Passwords)
    by_account: Throttle = field(default_factory=_by_account)
    by_address: Throttle = field(default_factory=_by_address)

    def person(self, name: str, password: str, address: str) -> Person:
        """Return who somebody is.

        An unknown or disabled account takes as long and is throttled as one that exists.

        Raises:
            Problem: ``too-many-attempts``, also for the right password; ``wrong-credentials``.
        """
        account = account_key(name)
        self.by_address.admit(address)
        self.by_account.admit(account)
        digest = self.accounts.digest_of(name)
        if not self.passwords.is_right(password, digest) or digest is None:
            raise Problem("wrong-credentials")
        self.by_account.forgive(account)
        self.by_address.take_back(address)
        if self.passwords.is_outdated(digest):
            self.accounts.renew_digest(name, self.passwords.digest(password))
        return self.accounts.person(name)

    def digest(self, name: str, password: str, again: str) -> str:
        """Return the digest of a new password for the account of a name.

        Raises:
            Problem: ``passwords-differ`` or ``weak-password``.
        """
        if password != again:
            raise Problem("passwords-differ")
        check_strength(password, name)
        return self.passwords.digest(password)


class FirstRun:
    """The one-time code with which the first administrator is made. It is only ever in memory."""

    def __init__(self, credentials: Credentials, *, wanted: bool = True) -> None:
        """Make a code where there is no administrator yet, and one is wanted."""
        self._credentials = credentials
        self.code = _new_code() if wanted and not credentials.accounts.has_administrator() else ""

    @property
    def is_open(self) -> bool:
        """Tell whether the code is still good for anything."""
        if self.code and self._credentials.accounts.has_administrator():
            self.code = ""
        return bool(self.code)

    def administrator(self, code: str, name: str, password: str, again: str, address: str) -> Person:
        """Return the first administrator, after which the code is dead.

        Raises:
            Problem: ``wrong-code``, ``too-many-attempts``, ``set-up-already``; what is wrong with name or password.
        """
        if not self.is_open:
            raise Problem("set-up-already")
        self._check_code(code, address)
        digest = self._credentials.digest(name, password, again)
        made = self._credentials.accounts.add_person(name, "admin", digest, is_first=True)
        self.code = ""
        return made

    def _check_code(self, code: str, address: str) -> None:
        self._credentials.by_address.admit(address)
        self._credentials.by_account.admit(" first run")
        if not hmac.compare_digest(_letters(code), _letters(self.code)):
            raise Problem("wrong-code")
        self._credentials.by_address.take_back(address)
        self._credentials.by_account.forgive(" first run")


def _new_code() -> str:
    letters = "".join(secrets.choice(_LETTERS) for _ in range(8))
    return f"{letters[:4]}-{letters[4:]}"


def _letters(code: str) -> bytes:
    """Return a code as it is compared: without hyphens and blanks, whatever the case."""
    return "".join(code.split()).replace("-", "").upper().encode()
