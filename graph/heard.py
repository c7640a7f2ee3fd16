"""Workers heard from an event loop: no thread waits for an answer.

The loop reads the worker's socket when something comes; a small answer comes in one piece. A worker that is idle
stays under the loop's eyes, so one that dies meanwhile is known at once.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable

from graph.engine import MEGABYTE, Answer, MemoryLimitReached, State, TimeLimitReached
from graph.faults import read_fault
from graph.frames import DONE, FAULT, STARTED, ChannelClosed, FrameCutter
from graph.nursery import Worker

LONG = 0.2
"""Seconds after which an answer takes long, and makes room for others."""
SLOW = 0.5
"""Seconds after which its worker has only what others leave of the processors.

It stays so, and is used again where there is no other: what it has read of the graph is its own from then on, and
reading it again takes a third of the time (measured at 1.3 million triples).
"""
_READ = 1 << 16
_MOST_WAITING = 1 * MEGABYTE


class HeardWorker:
    """A worker whose socket one event loop listens to. Only ``kill`` may be called from elsewhere."""

    def __init__(self, worker: Worker, channel: socket.socket) -> None:
        self.loop = asyncio.get_running_loop()
        self.is_closed = self.is_slowed = False
        self._worker, self._channel = worker, channel
        self._cutter = FrameCutter()
        self._read = memoryview(bytearray(_READ))  # one for all: a new one each time costs more than the read
        self._waiter: asyncio.Future[None] | None = None
        self._is_paused = False
        self.loop.add_reader(channel.fileno(), self._readable)

    async def send(self, data: bytes) -> None:
        """Give an order; raises ChannelClosed when the worker is gone."""
        try:
            sent = self._channel.send(data, socket.MSG_DONTWAIT)
        except BlockingIOError:
            sent = 0
        except OSError as fault:
            raise ChannelClosed from fault
        if sent < len(data):
            await self._send_rest(memoryview(data)[sent:])

    async def frame(self) -> tuple[bytes, bytes]:
        """Return the next frame; raises ChannelClosed when the worker is gone."""
        while (found := self._cutter.next()) is None:
            if self.is_closed:
                raise ChannelClosed
            if self._is_paused:
                self._is_paused = False
                self.loop.add_reader(self._channel.fileno(), self._readable)
            self._waiter = self.loop.create_future()
            try:
                await self._waiter
            finally:
                self._waiter = None
        return found

    def slow_down(self) -> None:
        """Let the worker have only what others leave of the processors; it stays so."""
        self.is_slowed = True
        self._worker.slow_down()

    def kill(self) -> None:
        """End the worker at once; may be called from any thread."""
        self._worker.end()
        try:
            self.loop.call_soon_threadsafe(self.closed)
        except RuntimeError:  # the loop is closed and listens to nothing any more
            self._worker.kill()

    def closed(self) -> None:
        """Take note that the worker is gone."""
        if not self.is_closed:
            self.is_closed = True
            self.loop.remove_reader(self._channel.fileno())
            self._worker.kill()
            self._wake()

    def _readable(self) -> None:
        try:
            size = self._channel.recv_into(self._read, 0, socket.MSG_DONTWAIT)
        except (BlockingIOError, InterruptedError):
            return
        except OSError:
            size = 0
        if not size:
            self.closed()
            return
        self._cutter.feed(self._read[:size])
        if self._cutter.waiting > _MOST_WAITING:  # whoever reads the answer is slower than the worker
            self._is_paused = True
            self.loop.remove_reader(self._channel.fileno())
        self._wake()

    def _wake(self) -> None:
        if self._waiter and not self._waiter.done():
            self._waiter.set_result(None)

    async def _send_rest(self, data: memoryview) -> None:
        while data:
            writable: asyncio.Future[None] = self.loop.create_future()
            self.loop.add_writer(self._channel.fileno(), writable.set_result, None)
            try:
                await writable
                data = data[self._channel.send(data, socket.MSG_DONTWAIT) :]
            except BlockingIOError:
                continue
            except OSError as fault:
                raise ChannelClosed from fault
            finally:
                if not self.is_closed:
                    self.loop.remove_writer(self._channel.fileno())


class HeardAnswer:
    """An answer that a worker is giving to an event loop: a ``graph.engine.LiveAnswer``."""

    def __init__(
        self, worker: HeardWorker, state: State, deadline: float, settled: Callable[[bool], None]
    ) -> None:
        """Take a worker that was given the order.

        Args:
            worker: who answers.
            state: what it holds.
            deadline: when it is ended, by the clock of the event loop.
            settled: called once at the end; tells whether the worker is fit for more.
        """
        self.media_type, self.state = "", state
        self.outgrown: Callable[[], None] = lambda: None
        self._worker, self._settled, self._deadline = worker, settled, deadline
        self._is_over = self._is_late = False
        self._first: bytes | None = None
        self._begun = worker.loop.time()
        self._timer = worker.loop.call_at(min(deadline, self._begun + LONG), self._takes_long)

    async def begin(self) -> None:
        """Wait for the first frame, so that faults show before anything is passed on."""
        kind, content = await self._frame()
        if kind == STARTED:
            self.media_type = content.decode()
        elif kind != DONE:
            self._first = content

    async def piece(self) -> bytes | None:
        """Return the next bytes, ``None`` behind the last."""
        if self._first is not None:
            first, self._first = self._first, None
            return first
        while not self._is_over:
            kind, content = await self._frame()
            if kind == STARTED:
                self.media_type = content.decode()
            elif kind != DONE:
                return content
        return None

    def close(self) -> None:
        """Give up the rest; the worker is ended."""
        self._end(is_well=False)

    async def _frame(self) -> tuple[bytes, bytes]:
        try:
            kind, content = await self._worker.frame()
        except ChannelClosed:
            self._end(is_well=False)
            raise (TimeLimitReached if self._is_late else MemoryLimitReached) from None
        except asyncio.CancelledError:
            self._end(is_well=False)
            raise
        if kind == FAULT:
            self._end(is_well=True)
            raise read_fault(content)
        if kind == DONE:
            self._end(is_well=True)
        return kind, content

    def _takes_long(self) -> None:
        if not self._is_at_deadline():
            self._timer = self._worker.loop.call_at(
                min(self._deadline, self._begun + SLOW), self._takes_very_long
            )
            self.outgrown()

    def _takes_very_long(self) -> None:
        if not self._is_at_deadline():
            self._timer = self._worker.loop.call_at(self._deadline, self._is_at_deadline)
            self._worker.slow_down()

    def _is_at_deadline(self) -> bool:
        """Tell whether the time is over, and end the worker then."""
        if self._worker.loop.time() < self._deadline:
            return False
        self._is_late = True
        self._worker.kill()
        return True

    def _end(self, *, is_well: bool) -> None:
        if not self._is_over:
            self._is_over = True
            self._timer.cancel()
            self._settled(is_well and not self._is_late)


class ThreadedAnswer:
    """An answer that comes through a thread: for engines that an event loop cannot hear."""

    def __init__(self, answer: Answer, state: State, left: Callable[[], None] = lambda: None) -> None:
        """Take an answer that has begun; ``left`` is called once, when it is complete or given up."""
        self.media_type, self.state = answer.media_type, state
        self._answer, self._pieces, self._left = answer, iter(answer), left

    async def piece(self) -> bytes | None:
        """Return the next bytes, ``None`` behind the last."""
        try:
            piece: bytes | None = await asyncio.to_thread(next, self._pieces, None)
        except BaseException:
            self.close()
            raise
        if piece is None:
            self._leave()
        return piece

    def close(self) -> None:
        """Give up the rest."""
        self._answer.close()
        self._leave()

    def _leave(self) -> None:
        left, self._left = self._left, lambda: None
        left()
