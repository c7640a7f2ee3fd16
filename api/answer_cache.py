"""The cache of answers: whole answers by what was asked of which state of the graph, bounded in bytes.

Nothing in it is ever out of date: the state is a part of the key. When the graph has moved on, what was kept of the
states before makes room first. Equal questions that come at the same time are worked out once.
"""

from __future__ import annotations

import asyncio
import gzip
import hashlib
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field

from graph.engine import State

SMALLEST_PACKED = 1024
"""Bytes from which on an answer is worth packing."""
LEVEL = 1
"""How hard to pack: the quickest way saves nearly as much on answers, which repeat themselves."""
OVERHEAD = 1_000
"""Bytes that an entry takes besides its bodies and its question."""

Key = tuple[State, Hashable]


@dataclass
class Held:
    """A whole answer: its bytes and media type, and what is made of them once.

    Attributes:
        body: the bytes.
        media_type: what they are.
        state: the state of the graph that it speaks of.
        seconds: how long it took to work out.
        etag: names the bytes.
    """

    body: bytes
    media_type: str
    state: State
    seconds: float = 0.0
    etag: str = field(init=False)
    _packed: bytes | None = None

    def __post_init__(self) -> None:
        self.etag = etag_of(self.body)

    @property
    def version(self) -> int:
        """The number of the last change that it knows of."""
        return self.state[0]

    @property
    def size(self) -> int:
        """Bytes that it takes."""
        return len(self.body) + len(self._packed or b"")

    @property
    def is_worth_packing(self) -> bool:
        """Tell whether it is large enough to be sent packed."""
        return len(self.body) >= SMALLEST_PACKED

    @property
    def is_packed(self) -> bool:
        """Tell whether it was packed already."""
        return self._packed is not None

    def packed(self) -> bytes:
        """Return the bytes as gzip packs them."""
        if self._packed is None:
            self._packed = gzip.compress(self.body, LEVEL, mtime=0)
        return self._packed


def etag_of(body: bytes) -> str:
    """Return a strong ETag without its quotes."""
    return hashlib.sha256(body).hexdigest()[:32]


class AnswerCache:
    """Answers by key, those used longest ago dropped first. May be used from any thread."""

    def __init__(self, size: int) -> None:
        """Take the bound in bytes; with zero nothing is kept."""
        self._most, self._size = size, 0
        self._held: OrderedDict[Key, tuple[Held, int]] = OrderedDict()
        self._flights: dict[Hashable, asyncio.Future[Held | Exception | None]] = {}
        self._making: dict[Key, threading.Lock] = {}
        self._newest: State = (-1, -1)
        self._lock = threading.Lock()

    @property
    def size(self) -> int:
        """Bytes that are taken."""
        return self._size

    def get(self, key: Key) -> Held | None:
        """Return the answer for a key, if it is kept."""
        found = self._held.get(key)
        if found is None:
            return None
        with self._lock:
            if key in self._held:
                self._held.move_to_end(key)
        return found[0]

    def put(self, key: Key, held: Held, extra: int = 0) -> None:
        """Keep an answer, if there is room for it: one alone may take an eighth.

        Args:
            key: what was asked, of which state.
            held: the answer.
            extra: bytes that the key takes.
        """
        # What is packed later is a fraction of the body; it is counted beforehand.
        cost = len(held.body) + len(held.body) // 4 + extra + OVERHEAD
        with self._lock:
            if cost > self._most // 8 or key[0] < self._newest:
                return
            if key[0] != self._newest:
                self._forget_older(key[0])
            if known := self._held.pop(key, None):
                self._size -= known[1]
            self._held[key] = held, cost
            self._size += cost
            while self._size > self._most:
                self._size -= self._held.popitem(last=False)[1][1]

    def made(self, key: Hashable, state: State, make: Callable[[], tuple[str, bytes]]) -> Held:
        """Return the answer for a key, made at most once at a time; for handlers that run in threads."""
        whole = state, key
        if held := self.get(whole):
            return held
        with self._lock:
            making = self._making.setdefault(whole, threading.Lock())
        with making:
            try:
                if held := self.get(whole):
                    return held
                media_type, body = make()
                held = Held(body, media_type, state)
                self.put(whole, held)
            finally:
                with self._lock:
                    self._making.pop(whole, None)
        return held

    def flight(self, key: Hashable) -> asyncio.Future[Held | Exception | None] | None:
        """Return what an equal question that is being worked out will give: ``None``, if each has to ask again."""
        flight = self._flights.get(key)
        if flight and flight.get_loop() is not asyncio.get_running_loop():
            return None
        return flight

    def take_off(self, key: Hashable) -> asyncio.Future[Held | Exception | None]:
        """Say that a question is being worked out; ``land`` has to follow."""
        flight: asyncio.Future[Held | Exception | None] = asyncio.get_running_loop().create_future()
        self._flights[key] = flight
        return flight

    def land(
        self, key: Hashable, flight: asyncio.Future[Held | Exception | None], result: Held | Exception | None
    ) -> None:
        """Say how it went: the answer, the fault that all equal questions have, or nothing that helps others."""
        if self._flights.get(key) is flight:
            del self._flights[key]
        if not flight.done():
            flight.set_result(result)

    def _forget_older(self, state: State) -> None:
        self._newest = state
        for key in [key for key in self._held if key[0] < state]:
            self._size -= self._held.pop(key)[1]
