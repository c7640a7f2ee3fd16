"""An engine in this process, over any store: the reference for tests and notebooks, for small graphs."""

from __future__ import annotations

import asyncio
import io
from collections.abc import Iterator, Sequence
from typing import BinaryIO

from graph.engine import OWN_WORK, STRANGER, Limits, LiveAnswer
from graph.heard import ThreadedAnswer
from graph.merge import apply_delta
from graph.names import Names
from graph.packed import Packed
from graph.quads import Delta, Quad, Term, nquads
from graph.settle import Knowledge, Outcome, Proposal, settle
from graph.store import WHOLE, Dataset, Store

PLAIN = Knowledge(Names(""))
"""No merge, no rules, no checks."""


class WholeAnswer:
    """An answer that is complete in memory."""

    def __init__(self, media_type: str, version: int, data: bytes) -> None:
        self.media_type, self.version, self._data = media_type, version, data

    def __iter__(self) -> Iterator[bytes]:
        yield self._data

    def body(self) -> bytes:
        """Return all bytes."""
        return self._data

    def close(self) -> None:
        """Nothing is under way."""


class LocalEngine:
    """A ``graph.engine.Engine`` over one store, without limits."""

    def __init__(self, store: Store, knowledge: Knowledge = PLAIN) -> None:
        self.store, self.knowledge = store, knowledge
        self.version = self.edition = 0
        self._aside: set[Term] = set()

    def answer(
        self,
        query: str,
        media_types: Sequence[str],
        *,
        dataset: Dataset = WHOLE,
        limits: Limits = STRANGER,
        remote: bool = False,
    ) -> WholeAnswer:
        """Return the whole answer of a query; limits are not kept."""
        written = io.BytesIO()
        chosen: list[str] = []

        def opened(media_type: str) -> BinaryIO:
            chosen.append(media_type)
            return written

        self.store.answer(query, media_types, opened, dataset)
        return WholeAnswer(chosen[0], self.version, written.getvalue())

    async def ask(
        self,
        query: str,
        media_types: Sequence[str],
        *,
        dataset: Dataset = WHOLE,
        limits: Limits = STRANGER,
        remote: bool = False,
    ) -> LiveAnswer:
        """Return the whole answer of a query, which a thread works out."""
        state = self.version, self.edition
        answer = await asyncio.to_thread(self._answered, query, media_types, dataset)
        if isinstance(answer, Exception):
            raise answer
        return ThreadedAnswer(answer, state)

    def _answered(self, query: str, media_types: Sequence[str], dataset: Dataset) -> WholeAnswer | Exception:
        """Return the answer or the fault, without what a traceback holds: stores let go of it in this thread only."""
        try:
            return self.answer(query, media_types, dataset=dataset)
        except Exception as fault:  # noqa: BLE001 - the caller raises it
            fault.__cause__ = fault.__context__ = None
            return fault.with_traceback(None)

    def select(self, query: str, dataset: Dataset = WHOLE) -> list[dict[str, Term]]:
        """Return the solutions of a SELECT query."""
        return list(self.store.select(query, dataset))

    def construct(self, query: str, dataset: Dataset = WHOLE) -> set[Quad]:
        """Return the triples of a CONSTRUCT query."""
        return self.store.construct(query, dataset)

    def quads(self, graph: Term | None = None) -> list[Quad]:
        """Return all quads of one named graph, or of all named graphs."""
        found = (quad for quad in self.store.match(graph=graph) if quad.graph)
        return [quad for quad in found if graph or quad.graph not in self._aside]

    def texts(self, graph: Term | None) -> Iterator[bytes]:
        """Yield the quads of one named graph, or of all (``None``), as N-Quads."""
        yield nquads(quad for quad in self.store.match(graph=graph) if quad.graph)

    def draft(self, proposal: Proposal, limits: Limits = OWN_WORK) -> Outcome:
        """Settle a proposal on the store itself, and put everything back."""
        before = frozenset(self.store.match())
        try:
            return settle(self.store, proposal, self.knowledge)
        finally:
            after = frozenset(self.store.match())
            self.store.remove(after - before)
            self.store.add(before - after)

    def apply(self, delta: Delta | Packed, version: int) -> None:
        """Make a journaled change visible."""
        apply_delta(self.store, delta, self.knowledge.names.catalogue)
        self.version = version

    def hold_aside(self, graph: Term, quads: bytes) -> None:
        """Hold a named graph that is no part of the journal, in place of what was held so under its name."""
        self._aside.add(graph)
        self.store.remove(list(self.store.match(graph=graph)))
        self.store.add_nquads(quads)
        self.edition += 1

    def close(self) -> None:
        """Nothing runs that could be stopped."""
