"""Presence: whether the client is still there. Work for one that has hung up is given up."""

from __future__ import annotations

import asyncio
from types import TracebackType

from starlette.types import Receive

AFTER = 0.05
"""Seconds before anybody looks, so that quick answers do not pay for it."""


class Presence:
    """A block that is left, as if it had been done, when the client of a request hangs up.

    Whatever the block waits for is cancelled. The body of the request has to be read before.
    """

    def __init__(self, receive: Receive, after: float = AFTER) -> None:
        self.is_gone = False
        self._receive, self._after = receive, after
        self._watch: asyncio.Task[None] | None = None

    def __enter__(self) -> Presence:
        task = asyncio.current_task()
        assert task is not None  # noqa: S101 - handlers run in tasks
        self._task = task
        self._timer = task.get_loop().call_later(self._after, self._begin)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> bool:
        """End the watch; tell whether the fault is the cancellation that the watch has asked for."""
        self._timer.cancel()
        if self._watch:
            self._watch.cancel()
        if self.is_gone and isinstance(fault, asyncio.CancelledError):
            self._task.uncancel()
            return True
        return False

    def _begin(self) -> None:
        self._watch = self._task.get_loop().create_task(self._until_gone())

    async def _until_gone(self) -> None:
        while (await self._receive())["type"] != "http.disconnect":
            pass
        self.is_gone = True
        self._task.cancel()
