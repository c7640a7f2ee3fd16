"""Places: how many questions of strangers are answered at once, and who is next.

A question takes a quick place, in the order of asking. One that takes long gives it back and goes on at the long
side, with what the machine has to spare; so a few long questions never keep the short ones waiting. Where the long
side is full, a long question keeps its quick place until there is room.
"""

from __future__ import annotations

import asyncio
from collections import deque

from graph.engine import Busy


class Places:
    """Quick and long places. Used from one event loop at a time, never from a thread.

    ``in_use`` is the number of questions that have one, of either kind.
    """

    def __init__(self, quick: int, long: int, waiting: int) -> None:
        """Set the numbers.

        Args:
            quick: questions that are answered at once.
            long: further ones, of those that take long.
            waiting: questions that may wait; further ones are refused.
        """
        self._quick, self._long, self._most_waiting = quick, long, waiting
        self.in_use = 0
        self._waiting: deque[asyncio.Future[None]] = deque()
        self._outgrown: deque[Place] = deque()

    async def taken(self, deadline: float) -> Place:
        """Return a place, as soon as there is one.

        Args:
            deadline: when to give up, by the clock of the event loop.

        Raises:
            Busy: too many wait already, or there was none in time.
        """
        if self._quick and not self._waiting:
            self._quick -= 1
        else:
            await self._turn(deadline)
        self.in_use += 1
        return Place(self)

    async def _turn(self, deadline: float) -> None:
        if len(self._waiting) >= self._most_waiting:
            raise Busy
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append(turn)
        try:
            async with asyncio.timeout_at(deadline):
                await turn
        except BaseException as fault:
            if turn.done() and not turn.cancelled():
                self._give_quick()  # it was handed over and is not wanted any more
            elif turn in self._waiting:
                self._waiting.remove(turn)
            if isinstance(fault, TimeoutError):
                raise Busy from None
            raise

    def _give_quick(self) -> None:
        """Hand a quick place to who waits longest."""
        while self._waiting:
            turn = self._waiting.popleft()
            if not turn.done():
                turn.set_result(None)
                return
        self._quick += 1

    def _give_long(self) -> None:
        if self._outgrown:
            self._outgrown.popleft().become_long()
        else:
            self._long += 1

    def outgrown(self, place: Place) -> None:
        """Move a place to the long side, now or when there is room."""
        if self._long:
            self._long -= 1
            place.become_long()
        else:
            self._outgrown.append(place)

    def left(self, place: Place) -> None:
        """Take a place back."""
        self.in_use -= 1
        if place.is_long:
            self._give_long()
            return
        if place in self._outgrown:
            self._outgrown.remove(place)
        self._give_quick()

    def moved(self) -> None:
        """Note that a place went to the long side: its quick one is free."""
        self._give_quick()


class Place:
    """Leave to have one question answered; given back once."""

    def __init__(self, places: Places) -> None:
        self._places = places
        self._is_open, self._is_outgrown = True, False
        self.is_long = False

    def outgrow(self) -> None:
        """Say that the question takes long: it goes to the long side when there is room."""
        if self._is_open and not self._is_outgrown:
            self._is_outgrown = True
            self._places.outgrown(self)

    def become_long(self) -> None:
        """Go to the long side; the places call it."""
        self.is_long = True
        self._places.moved()

    def leave(self) -> None:
        """Give the place back."""
        if self._is_open:
            self._is_open = False
            self._places.left(self)
