"""What a quad store must be able to do, whoever makes it; nothing here knows a library.

``Store`` is the narrow waist of the program: update capture, rules, checks and the merged default graph are
written against it, so that one more kind of store (in memory, on disk, behind HTTP) is one more file.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import BinaryIO, Protocol

from graph.quads import Quad, Term


@dataclass(frozen=True)
class Dataset:
    """Which graphs a query sees, as IRIs; ``None`` leaves it to the store (its default graph, all named).

    ``base`` is what relative IRIs are resolved against (empty: they are malformed).
    """

    default: tuple[str, ...] | None = None
    named: tuple[str, ...] | None = None
    base: str = ""


WHOLE = Dataset()
"""The store's own default graph and all its named graphs."""


class SyntaxFault(ValueError):
    """A query or document that could not be parsed, with the place where it went wrong (0: unknown)."""

    def __init__(self, message: str, line: int = 0, column: int = 0) -> None:
        super().__init__(message)
        self.message, self.line, self.column = message, line, column


class NotAQuery(SyntaxFault):
    """An update where a query is wanted."""


class QueryFault(ValueError):
    """A well-formed query that the store cannot evaluate, for example an unknown function."""


class UnsupportedMediaType(ValueError):
    """A media type that the store neither reads nor writes, or that does not fit the kind of answer."""


Noted = Callable[[Quad, Term], object]
"""Is told of a quad as it was written, and of the literal that is held instead of the one written."""


class Store(Protocol):
    """A set of quads that answers SPARQL. Terms are N-Triples text, see ``graph.quads``."""

    def select(self, query: str, dataset: Dataset = WHOLE) -> Iterator[dict[str, Term]]:
        """Yield the solutions of a SELECT query; unbound variables are absent."""
        ...

    def ask(self, query: str, dataset: Dataset = WHOLE) -> bool:
        """Return the answer of an ASK query."""
        ...

    def construct(self, query: str, dataset: Dataset = WHOLE) -> set[Quad]:
        """Return the triples of a CONSTRUCT query, as quads of the default graph."""
        ...

    def missing(self, query: str) -> Iterator[Quad]:
        """Yield the triples of a CONSTRUCT query that the default graph does not hold; some may come twice."""
        ...

    def answer(
        self,
        query: str,
        media_types: Sequence[str],
        opened: Callable[[str], BinaryIO],
        dataset: Dataset = WHOLE,
    ) -> None:
        """Write the answer of any query in the first of the media types that fits its form.

        ``opened(media_type)`` is called once, before the first byte, and returns where to write.

        Raises:
            SyntaxFault: the query is malformed.
            QueryFault: it cannot be evaluated.
            UnsupportedMediaType: none of the media types fits.
        """
        ...

    def read(
        self, data: bytes, media_type: str, *, graph: str = "", base: str = "", noted: Noted | None = None
    ) -> list[Quad]:
        """Return the quads of a document, with terms as this store would hold them.

        ``graph`` is the IRI that triples outside any graph go to (empty: default graph). Blank nodes get
        labels that occur nowhere else. ``noted`` is told of literals that the store would hold otherwise than they
        are written.

        Raises:
            SyntaxFault: the document is malformed.
            UnsupportedMediaType: the format is unknown.
        """
        ...

    def match(
        self,
        subject: Term | None = None,
        predicate: Term | None = None,
        object: Term | None = None,  # noqa: A002 - the RDF word
        graph: Term | None = None,
    ) -> Iterator[Quad]:
        """Yield the quads that fit a pattern; ``graph=None`` is any graph, ``graph=""`` the default one."""
        ...

    def graphs(self) -> Iterator[Term]:
        """Yield the names of all named graphs, including empty ones where the store keeps them."""
        ...

    def add(self, quads: Iterable[Quad]) -> None:
        """Add quads; those already held are ignored."""
        ...

    def add_nquads(self, data: bytes) -> None:
        """Add quads that this program wrote as N-Quads; the quick way for many."""
        ...

    def remove(self, quads: Iterable[Quad]) -> None:
        """Remove quads; those not held are ignored."""
        ...

    def copy_to_default(self, graph: Term) -> None:
        """Add the triples of one named graph to the default graph."""
        ...

    def __contains__(self, quad: Quad) -> bool:
        """Tell whether a quad is held."""
        ...

    def __len__(self) -> int:
        """Return the number of quads, default graph included."""
        ...
