"""Statements: what records state of the things that they name, as quads, public and restricted apart."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from graph.quads import Quad, Term


@dataclass(frozen=True)
class Restricted:
    """What may not be public: all that is said of one node (a contact, a remark), and who may see it."""

    node: Term
    about: Term
    """The public thing it belongs to: where it is shown."""
    visibility: str
    """``alliance`` or ``internal``."""
    quads: frozenset[Quad]


@dataclass(frozen=True)
class Stated:
    """What an import states.

    Attributes:
        quads: public quads, all in the graph of their source.
        restricted: what is not public.
        rows: node to the row that it comes from: table key and row.
    """

    quads: frozenset[Quad]
    restricted: tuple[Restricted, ...] = ()
    rows: Mapping[Term, tuple[str, int]] = field(default_factory=dict)
