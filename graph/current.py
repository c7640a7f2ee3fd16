"""What is made of an engine's current version, and kept until there is a newer one."""

from __future__ import annotations

from collections.abc import Callable, Collection
from threading import RLock
from typing import Generic, Protocol, TypeVar

from graph.engine import Engine
from graph.quads import Term

Changes = Callable[[int, int], Collection[Term] | None]
"""Told two versions, returns the IRI terms that changed between them, or ``None`` when all shall be read anew."""


class Versioned(Protocol):
    """Something that was made of one version of the graph."""

    @property
    def version(self) -> int:
        """The number of the last change that it knows."""
        ...


V = TypeVar("V", bound=Versioned)


def unnamed(_after: int, _upto: int) -> None:
    """Return that nobody can tell what changed."""


class Current(Generic[V]):
    """Holds what belongs to the engine's version: made when first asked for, once however many ask."""

    def __init__(self, engine: Engine, next_one: Callable[[V | None], V]) -> None:
        """Remember how it is made.

        Args:
            engine: the graph.
            next_one: told what was held before (``None``: nothing), returns what belongs to the version now.
        """
        self._engine, self._next_one = engine, next_one
        self._lock = RLock()
        self._held: V | None = None

    def current(self) -> V:
        """Return what belongs to the engine's version."""
        held = self._held
        if held is not None and held.version == self._engine.version:
            return held
        with self._lock:
            held = self._held
            if held is None or held.version != self._engine.version:
                self._held = None  # what could not be kept in step is not used again
                self._held = held = self._next_one(held)
            return held
