"""Budgets: how much query time, and how many mistakes, one asker has in a minute.

An asker is a token, a person, or an address; what a proxy says of the address before it is not believed, for anybody
can say it.
"""

from __future__ import annotations

import math
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from types import TracebackType
from typing import Any

from starlette.requests import Request
from starlette.types import Scope

from api.access import COMMAND_LINE, Identity, identity_of
from api.problems import EXPECTED, Problem, problem_of
from api.settings import Settings
from api.slow_log import SlowLog
from graph.engine import MEGABYTE, Limits

MINUTE = 60.0
MOST = 10_000
"""Askers that are remembered."""


_NOT_THEIRS = frozenset(("answered", "busy", "unavailable", "CancelledError"))
"""Outcomes that are no mistake of who asks."""


@dataclass(frozen=True)
class Asker:
    """Who asks: what counts for the budget (empty: nobody counts), how the log calls them, and their limits."""

    key: str
    name: str
    limits: Limits


@dataclass
class _Spent:
    """What an asker spent in the minute that began at ``since``."""

    since: float
    seconds: float = 0.0
    errors: int = 0


class Budgets:
    """Counts by asker; a minute begins with the first question after the one before."""

    def __init__(self, seconds: float, errors: int, *, clock: Callable[[], float] = time.monotonic) -> None:
        """Set the measure.

        Args:
            seconds: query time in a minute; zero: any.
            errors: questions in a minute that are wrong, or stopped at a limit; zero: any.
            clock: tells the time in seconds.
        """
        self._seconds, self._errors, self._clock = seconds, errors, clock
        self._spent: OrderedDict[str, _Spent] = OrderedDict()
        self._lock = threading.Lock()

    def admit(self, key: str) -> None:
        """Let an asker ask.

        Raises:
            Problem: ``budget-spent``; says after how many seconds to come again.
        """
        with self._lock:
            spent = self._of(key)
            is_over = (self._seconds and spent.seconds >= self._seconds) or (
                self._errors and spent.errors >= self._errors
            )
            wait = math.ceil(spent.since + MINUTE - self._clock())
        if key and is_over:
            raise Problem("budget-spent", seconds=wait, headers={"Retry-After": str(max(wait, 1))})

    def spend(self, key: str, seconds: float, *, error: bool) -> None:
        """Count a question: how long it took, and whether it went wrong."""
        if key:
            with self._lock:
                spent = self._of(key)
                spent.seconds += seconds
                spent.errors += error

    def _of(self, key: str) -> _Spent:
        now = self._clock()
        spent = self._spent.get(key)
        if spent is None or spent.since + MINUTE <= now:
            spent = self._spent[key] = _Spent(now)
        self._spent.move_to_end(key)
        while len(self._spent) > MOST:
            self._spent.popitem(last=False)
        return spent


def budgets_of(settings: Settings) -> Budgets:
    """Return the budgets that the settings name; a plain dataset has none."""
    return Budgets(0, 0) if settings.bare else Budgets(settings.budget_seconds, settings.budget_errors)


def asker_of(scope: Scope, identity: Identity, settings: Settings) -> Asker:
    """Return who sent a request: by name, or by the address of the connection."""
    is_known = bool(identity.name)
    seconds = settings.query_seconds_known if is_known else settings.query_seconds
    limits = Limits(max(seconds, settings.query_seconds), settings.query_memory * MEGABYTE)
    if identity is COMMAND_LINE:
        return Asker("", identity.name, limits)
    address = (scope.get("client") or ("",))[0]
    return Asker(f"name {identity.name}" if is_known else f"address {address}", identity.name or "-", limits)


def limits_of(request: Request) -> Limits:
    """Return what one question of this request may use."""
    return asker_of(request.scope, identity_of(request), request.app.state.settings).limits


def metered(request: Request, text: str = "") -> Spending:
    """Return a block that counts as a question of who sent the request: its time, and a fault that is raised.

    Entering it raises Problem ``budget-spent`` when there is nothing left.

    Args:
        request: the request.
        text: what is asked, for the log of slow queries.
    """
    state = request.app.state
    return Spending(state, asker_of(request.scope, identity_of(request), state.settings), text)


class Spending:
    """A block that counts as a question of an asker."""

    def __init__(self, state: Any, asker: Asker, text: str) -> None:
        """Take the application's ``state``, who asks, and what."""
        self._budgets: Budgets = state.budgets
        self._log: SlowLog = state.slow_log
        self._asker, self._text = asker, text

    def __enter__(self) -> None:
        """Let the asker ask, or raise Problem ``budget-spent``."""
        self._budgets.admit(self._asker.key)
        self._begun = time.perf_counter()

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Count."""
        seconds = time.perf_counter() - self._begun
        outcome = self._outcome(fault)
        self._budgets.spend(self._asker.key, seconds, error=outcome not in _NOT_THEIRS)
        self._log.note(self._text, seconds, self._asker.name, outcome)

    def _outcome(self, fault: BaseException | None) -> str:
        if fault is None:
            return "answered"
        if isinstance(fault, (*EXPECTED, Problem)):
            return problem_of(fault, self._asker.limits.seconds).name
        return type(fault).__name__
