"""What the program asks of an engine: answers within limits, drafts of changes, and changes applied.

An engine differs from a store in that it may be shared, limited and killed: it serves strangers. Two exist:
``graph.embedded`` (worker processes over Oxigraph) and ``graph.local`` (in this process, over any store).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from graph.packed import Packed
from graph.quads import Delta, Quad, Term
from graph.settle import Outcome, Proposal
from graph.store import WHOLE, Dataset

MEGABYTE = 1 << 20


@dataclass(frozen=True)
class Limits:
    """What one request may use: wall time in seconds (parsing included) and memory in bytes."""

    seconds: float = 10.0
    memory: int = 1024 * MEGABYTE


STRANGER = Limits()
"""For questions from outside."""
OWN_WORK = Limits(seconds=600.0, memory=8192 * MEGABYTE)
"""For the program's own queries, loads and checks."""


def limits_of_document(size: int) -> Limits:
    """Return what loading a document of so many bytes may use: an honest one needs a tenth of it."""
    megabytes = size / MEGABYTE
    return Limits(seconds=min(20 + 10 * megabytes, 600), memory=int(512 + 64 * megabytes) * MEGABYTE)


class TimeLimitReached(Exception):
    """A request was stopped because it took longer than its limit."""


class MemoryLimitReached(Exception):
    """A request was stopped because it needed more memory than its limit, or made the engine stop."""


class Busy(Exception):
    """Too many questions wait already; whoever asks again later may be luckier."""


class EngineClosed(Exception):
    """The engine is closing, or could not be started."""


class Answer(Protocol):
    """An answer under way: its media type, the version of the graph it speaks of, and its bytes."""

    media_type: str
    version: int

    def __iter__(self) -> Iterator[bytes]:
        """Yield the bytes in pieces; raises what ``Engine.answer`` raises when the rest cannot be had."""
        ...

    def body(self) -> bytes:
        """Return all bytes."""
        ...

    def close(self) -> None:
        """Give up the rest; the work behind it stops."""
        ...


State = tuple[int, int]
"""What an answer speaks of: the number of the last change, and how often a graph was held aside."""


class LiveAnswer(Protocol):
    """An answer under way, for an event loop: its media type, the state that it speaks of, and its bytes."""

    media_type: str
    state: State

    async def piece(self) -> bytes | None:
        """Return the next bytes, ``None`` behind the last; raises what ``Engine.ask`` raises."""
        ...

    def close(self) -> None:
        """Give up the rest; the work behind it stops. Nothing happens when the answer is complete."""
        ...


class Engine(Protocol):
    """A graph that answers SPARQL. All methods may be called from any thread."""

    @property
    def version(self) -> int:
        """The number of the last change applied."""
        ...

    def answer(
        self,
        query: str,
        media_types: Sequence[str],
        *,
        dataset: Dataset = WHOLE,
        limits: Limits = STRANGER,
        remote: bool = False,
    ) -> Answer:
        """Start answering a query in the first of the media types that fits its form.

        ``remote`` says that the query holds SERVICE clauses, which the guard has allowed.

        Raises:
            SyntaxFault, QueryFault, UnsupportedMediaType: see ``graph.store.Store.answer``.
            TimeLimitReached, MemoryLimitReached: a limit was reached before the first bytes.
        """
        ...

    async def ask(
        self,
        query: str,
        media_types: Sequence[str],
        *,
        dataset: Dataset = WHOLE,
        limits: Limits = STRANGER,
        remote: bool = False,
    ) -> LiveAnswer:
        """Start answering a stranger's query, as ``answer`` does, without keeping an event loop waiting.

        Whoever is cancelled while waiting gives up the answer, and the work behind it stops.

        Raises:
            Busy: too many wait already, or there was no turn within the limit.
        """
        ...

    def select(self, query: str, dataset: Dataset = WHOLE) -> list[dict[str, Term]]:
        """Return the solutions of one of our own SELECT queries; unbound variables are absent."""
        ...

    def construct(self, query: str, dataset: Dataset = WHOLE) -> set[Quad]:
        """Return the triples of one of our own CONSTRUCT queries."""
        ...

    def quads(self, graph: Term | None = None) -> list[Quad]:
        """Return all quads of one named graph, or of all named graphs (``None``)."""
        ...

    def texts(self, graph: Term | None) -> Iterator[bytes]:
        """Yield the quads of one named graph as N-Quads, piece by piece: the way to read millions.

        ``None`` is all named graphs, those held aside too.
        """
        ...

    @property
    def edition(self) -> int:
        """How often a graph was held aside: with the version it tells what a query may be answered from."""
        ...

    def hold_aside(self, graph: Term, quads: bytes) -> None:
        """Hold a named graph (N-Quads) that is no part of the journal, in place of what was held so under its name.

        So the graph is described to whoever asks in SPARQL, while nothing of the description is a change. It is not
        merged, and not among ``quads()``.
        """
        ...

    def draft(self, proposal: Proposal, limits: Limits = OWN_WORK) -> Outcome:
        """Work out on a private copy what a proposal would change and what the checks say; keep nothing.

        Raises:
            SyntaxFault, UnsupportedMediaType: the proposal holds something that cannot be read.
            graph.settle.Refused: it would write where it may not.
            TimeLimitReached, MemoryLimitReached.
        """
        ...

    def apply(self, delta: Delta | Packed, version: int) -> None:
        """Make a journaled change visible; every answer that starts after this returns sees it."""
        ...

    def close(self) -> None:
        """Stop; running requests are given up."""
        ...
