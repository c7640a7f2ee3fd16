"""A text made of pieces of another one and of what is put between: each of its places knows where it comes from."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from graph.guard import NotAccepted
from graph.sparql_tokens import Place, offset_of, place_of
from graph.sparql_update import Edit, Excerpt
from graph.store import SyntaxFault


class Composition:
    """A text made of pieces of the request, so that faults found in it are told as places of the request."""

    def __init__(self, operation: Excerpt) -> None:
        self._operation = operation
        self._pieces: list[str] = []
        self._starts: list[int] = []
        self._origins: list[tuple[int, bool]] = []
        self._length = 0

    @property
    def text(self) -> str:
        """The text as it stands."""
        return "".join(self._pieces)

    def add(self, text: str, origin: int) -> None:
        """Append a text that is not in the request, but has to do with what is at an offset there."""
        self._append(text, origin, False)

    def copy(self, excerpt: Excerpt, edits: Iterable[Edit] = ()) -> None:
        """Append a piece of the request, edited."""
        start = excerpt.start
        for edit in edits:
            self._append(excerpt.source[start : edit.start], start, True)
            self._append(edit.text, edit.start, False)
            start = edit.stop
        self._append(excerpt.source[start : excerpt.stop], start, True)

    def _append(self, text: str, origin: int, verbatim: bool) -> None:
        self._pieces.append(text)
        self._starts.append(self._length)
        self._origins.append((origin, verbatim))
        self._length += len(text)

    @contextmanager
    def blamed(self) -> Iterator[None]:
        """Move the places of faults from this text to the request."""
        try:
            yield
        except SyntaxFault as fault:
            raise SyntaxFault(fault.message, *self._origin(fault.line, fault.column)) from fault
        except NotAccepted as fault:
            fault.line, fault.column = self._origin(fault.line, fault.column)
            raise

    def _origin(self, line: int, column: int) -> Place:
        if not line:
            return self._operation.place
        offset = offset_of(self.text, Place(line, column))
        piece = bisect_right(self._starts, offset) - 1
        origin, verbatim = self._origins[piece]
        return place_of(self._operation.source, origin + (offset - self._starts[piece] if verbatim else 0))


def composed(text: str, edits: Iterable[Edit]) -> Composition:
    """Return a whole text, edited."""
    whole = Excerpt(text, 0, len(text))
    composition = Composition(whole)
    composition.copy(whole, edits)
    return composition
