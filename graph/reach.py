"""How far an update may reach beyond this server: the addresses that it may ask, the documents that are there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Fetched:
    """A document of another server, and its media type."""

    data: bytes
    media_type: str


@dataclass(frozen=True)
class Reach:
    """What is within reach; nothing by default.

    Attributes:
        services: addresses that SERVICE may name.
        documents: what LOAD may name, with what was fetched (``None``: it could not be had).
        is_open: whether a document that is not there may be asked for, by raising ``DocumentWanted``.
    """

    services: frozenset[str] = frozenset()
    documents: Mapping[str, Fetched | None] = field(default_factory=dict)
    is_open: bool = False


NOWHERE = Reach()
"""Nothing is within reach."""


class DocumentWanted(Exception):
    """A LOAD names a document that is not there yet; with the place of the operation, and whether it may fail."""

    def __init__(self, iri: str, line: int, column: int, *, silent: bool) -> None:
        super().__init__(iri)
        self.iri, self.line, self.column, self.silent = iri, line, column, silent
