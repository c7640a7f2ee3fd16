"""Reading many solutions at once: as tab-separated values, which the engine writes several times faster than JSON."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

from graph.engine import OWN_WORK, Answer, Engine
from graph.media import TSV
from graph.quads import XSD, Term

_BARE = (
    (re.compile(r"[+-]?\d+"), "integer"),
    (re.compile(r"[+-]?\d*\.\d+"), "decimal"),
    (re.compile(r"true|false"), "boolean"),
    (re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)[eE][+-]?\d+"), "double"),
)


@dataclass(frozen=True)
class Solutions:
    """The solutions of one query, to be read once, and the version of the graph that they speak of.

    ``cells`` are written as in tab-separated values: terms as N-Triples writes them but for bare numbers and booleans
    (``term_of`` gives the term), empty where a variable is unbound.
    """

    version: int
    cells: Iterable[list[str]]

    def __iter__(self) -> Iterator[list[str]]:
        return iter(self.cells)


def solutions(engine: Engine, query: str) -> Solutions:
    """Return the solutions of one of our own SELECT queries, variables in the order of its head.

    They are read while the engine is still writing them.
    """
    answer = engine.answer(query, (TSV,), limits=OWN_WORK)
    return Solutions(answer.version, islice(_rows(answer), 1, None))


def _rows(answer: Answer) -> Iterator[list[str]]:
    """Yield the lines of an answer, cut at tabs; inside a term tabs and line ends are written as escapes."""
    rest = b""
    for piece in answer:
        *lines, rest = (rest + piece).split(b"\n")
        for line in lines:
            yield line.decode().split("\t")


def term_of(cell: str) -> Term:
    """Return the term of a cell, as ``Engine.select`` would give it."""
    if cell.startswith(("<", '"', "_:")):
        return cell
    for form, datatype in _BARE:
        if form.fullmatch(cell):
            return f'"{cell}"^^<{XSD}{datatype}>'
    raise ValueError(f"not a term of tab-separated values: {cell[:100]}")
