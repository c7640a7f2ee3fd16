"""Validation by shapes that somebody sends: the report on a graph, worked out where nothing can come to harm."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator

from graph import media
from graph.confined_child import Bounds, ChildFault, ConfinedChild
from graph.engine import MEGABYTE, Engine, Limits, MemoryLimitReached, TimeLimitReached
from graph.frames import ChannelClosed
from graph.quads import Quad, Term, read_nquads
from graph.store import SyntaxFault
from ontology.library import query

AT_ONCE = 2
"""Validations that are worked out at the same time; further ones wait for as long as one may take."""
_LENGTH = 8
_LONGEST_REPORT = 256 * MEGABYTE


class MalformedShapes(Exception):
    """Shapes that cannot be carried out."""


class GraphUnknown(Exception):
    """There is no graph of this name."""

    def __init__(self, graph: Term) -> None:
        super().__init__(graph)
        self.graph = graph[1:-1]


class Validation:
    """Validates graphs of an engine, a few at a time."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._places = threading.BoundedSemaphore(AT_ONCE)

    def report(self, graph: Term, shapes: bytes, media_type: str, limits: Limits) -> list[Quad]:
        """Return the validation report as triples.

        Args:
            graph: name of the graph; empty: the default graph.
            shapes: an RDF document.
            media_type: its format.
            limits: what this may use, the reading of the graph included.

        Raises:
            GraphUnknown: there is no such graph.
            SyntaxFault, MalformedShapes: the shapes are no RDF, or no shapes.
            TimeLimitReached, MemoryLimitReached: a limit was reached; nothing of a report is given.
        """
        if not self._places.acquire(timeout=limits.seconds):
            raise TimeLimitReached
        try:
            return self._validated(graph, shapes, media_type, limits)
        finally:
            self._places.release()

    def _validated(self, graph: Term, shapes: bytes, media_type: str, limits: Limits) -> list[Quad]:
        if graph and not self._engine.select(query("graph-exists").bound({"graph": graph})):
            raise GraphUnknown(graph)
        bounds = Bounds(limits.memory, limits.seconds, _LONGEST_REPORT)
        with contextlib.closing(ConfinedChild("graph.shacl_process", (media_type,), bounds)) as child:
            try:
                given = self._given(graph, shapes, limits)
                return [quad for _, content in child.frames(given) for quad in read_nquads(content)]
            except ChildFault as fault:
                raise _fault(fault.said) from fault
            except ChannelClosed as fault:
                raise TimeLimitReached if child.ending() == "time" else MemoryLimitReached from fault

    def _given(self, graph: Term, shapes: bytes, limits: Limits) -> Iterator[bytes]:
        """Yield what the process reads: the shapes with their length, then the triples of the graph."""
        yield len(shapes).to_bytes(_LENGTH, "little")
        yield shapes
        text = (
            query("graph-content").bound({"graph": graph}) if graph else query("default-graph-content").text
        )
        answer = self._engine.answer(text, (media.NTRIPLES,), limits=limits)
        try:
            yield from answer
        finally:
            answer.close()


def _fault(said: dict[str, object]) -> Exception:
    message = str(said["message"])
    if said["code"] == "malformed-document":
        return SyntaxFault(message, int(str(said["line"])), int(str(said["column"])))
    return MalformedShapes(message)
