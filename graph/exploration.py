"""What somebody is looking at in the explorer: the state of a view, as data that an address can carry."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from graph.projection import MOST_HOPS, Direction
from graph.times import Held

Position = tuple[float, float]

MOST_THINGS = 1500
"""More are never drawn at once, whatever is asked."""
LIMIT = 300
"""Things that are drawn unless more are asked for."""
MOST_CHAINS = 5

UNGROUPED = "none"
"""Says that nothing shall stand in groups, where saying nothing leaves that to the start."""

SHOWN_ANSWERS: tuple[Held, ...] = ("yes", "unknown")
"""Of relations that may have ended, those are shown that hold, and those of which it is not known."""


@dataclass(frozen=True)
class Expansion:
    """A thing whose relations were asked for: which kinds in which direction (empty: all), and how far."""

    iri: str
    relations: tuple[tuple[str, Direction], ...] = ()
    hops: int = 1

    def __post_init__(self) -> None:
        if not 1 <= self.hops <= MOST_HOPS:
            raise ValueError(f"{self.hops} hops")


@dataclass(frozen=True)
class Exploration:
    """All that makes a view what it is.

    Attributes:
        group: the column of the list of members by which units are grouped; empty or ``UNGROUPED``: they are not.
        opened: values of that column whose units are shown one by one (an IRI; empty: not stated).
        focus: things that were put there by name.
        expansions: things whose relations are shown.
        hidden: things that are left out.
        pins: things and where they were put.
        facets: column of the list of members to the values that are shown (empty text: not stated).
        kinds: kinds of things that are shown; empty: all.
        relations: kinds of relations that are shown; empty: all.
        as_of: the date whose state is shown; ``None``: today's.
        held: the answers to "does it hold then" that are shown.
        real_only: whether everything illustrative is left out.
        layout: the name of an arrangement; empty: the one that fits what is shown.
        path: two things that chains of relations are looked for between.
        chains: how many chains.
        limit: things that are drawn at most.
    """

    group: str = ""
    opened: tuple[str, ...] = ()
    focus: tuple[str, ...] = ()
    expansions: tuple[Expansion, ...] = ()
    hidden: tuple[str, ...] = ()
    pins: tuple[tuple[str, Position], ...] = ()
    facets: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    kinds: tuple[str, ...] = ()
    relations: tuple[str, ...] = ()
    as_of: date | None = None
    held: tuple[Held, ...] = SHOWN_ANSWERS
    real_only: bool = False
    layout: str = ""
    path: tuple[str, str] | None = None
    chains: int = 1
    limit: int = LIMIT

    @property
    def arrangement(self) -> str:
        """The arrangement: columns for a path, else rings, unless another one was asked for."""
        is_path = self.path is not None and not (self.is_grouped or self.expansions)
        return self.layout or ("layered" if is_path else "radial")

    @property
    def is_grouped(self) -> bool:
        """Whether members stand in groups."""
        return self.group not in ("", UNGROUPED)

    @property
    def is_empty(self) -> bool:
        """Whether nothing was asked to be shown."""
        return not (self.group or self.focus or self.expansions or self.path)
