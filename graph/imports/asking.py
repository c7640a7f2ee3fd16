"""Asking members: from the name of an alliance to workbooks that went out and a note of who was asked."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, datetime

from graph.engine import Engine
from graph.imports.collect import Collected, Request, collect
from graph.imports.collections import Collection, Collections
from graph.imports.held_rows import Selection
from graph.imports.held_workbook import held_rows
from graph.imports.sources import alliances
from graph.names import Names
from graph.quads import Quad

Progress = Callable[[str, int, int], None]
"""Told about progress: what is being done, how much of it is done, of how much."""


def alliance_called(engine: Engine, said: str) -> str:
    """Return the IRI of an alliance (empty: there is none).

    Args:
        engine: what is held.
        said: its IRI, its name, or the last part of its IRI; empty for the only one that is not invented.
    """
    known = list(alliances(engine))
    if not said:
        real = [one.iri for one in known if not one.is_illustrative]
        return real[0] if len(real) == 1 else ""
    fitting = [
        one.iri for one in known if said in (one.iri, one.iri.rpartition("/")[2], *one.labels.values())
    ]
    return fitting[0] if fitting else ""


def ask_members(
    engine: Engine,
    names: Names,
    request: Request,
    *,
    restricted: Iterable[Quad] = (),
    register: Collections | None = None,
    who: str = "",
    progress: Progress = lambda *_: None,
) -> Collected:
    """Make a workbook for every member of an alliance, and note who is asked; nobody is, where there are no members.

    Args:
        engine, names: the instance.
        request: what is asked of whom.
        restricted: what the asking person may see, and so send, besides what is public.
        register: where it is noted (``None``: nowhere).
        who: who asks.
        progress: told about progress.

    Raises:
        TooMuchHeld: more is held than can be read at once.
    """
    rows = held_rows(engine, names, request.language, Selection(request.alliance), restricted=restricted)
    made = collect(rows, engine.version, request, progress)
    if register and made.units:
        now = datetime.now(UTC).isoformat(timespec="seconds")
        register.remember(Collection(made.collection, request.alliance, now, who, request.until), made.units)
    return made
