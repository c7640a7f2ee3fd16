"""One staged import as its pages show it: the steps, and the part of a long list that the address asks for.

What is shown is the report of the import, the same that ``GET /api/v1/imports/{id}`` answers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal
from urllib.parse import urlencode

from api.name_difference import Piece, name_pieces
from api.templating import View

Json = Mapping[str, Any]
Step = Literal["columns", "problems", "names", "preview", "commit"]

STEPS: tuple[Step, ...] = ("columns", "problems", "names", "preview", "commit")
"""The pages of a staged import, in the order in which one goes through them."""
SEVERITIES = ("error", "warning", "info")
CHANGES = ("added", "changed", "kept-back", "left", "disagreeing", "same")
"""What may become of a thing."""
NAME_STATES = ("open", "unlike", "decided", "found")
"""How names are left: to decide, unlike anything on record, decided or taken as new, found on record."""

Part = Callable[[str, int, int, str], Json]
"""Returns a part of a list of the import: list, offset, limit, and which entries; with their total."""

VISIBILITIES = ("public", "alliance", "internal")
"""Who may see a column, the widest first."""

PAGE = 50
"""Rows on one page of problems or changes."""
NAMES = 20
"""Names on one page of names to decide."""


@dataclass(frozen=True)
class Pager:
    """Where a page is in a long list."""

    total: int
    offset: int
    size: int

    @property
    def last(self) -> int:
        """The number of the last entry shown."""
        return min(self.total, self.offset + self.size)

    @property
    def previous(self) -> int | None:
        """Where the page before begins; ``None``: this is the first."""
        return max(0, self.offset - self.size) if self.offset else None

    @property
    def next(self) -> int | None:
        """Where the page after begins; ``None``: this is the last."""
        following = self.offset + self.size
        return following if following < self.total else None


@dataclass(frozen=True)
class Tab:
    """A step of the import: its number, address, and how much there is to look at or to do."""

    name: Step
    number: int
    href: str
    is_current: bool
    count: int
    is_open: bool
    """Whether something is to be done there before the commit."""


@dataclass(frozen=True)
class Option:
    """One choice of a drop-down."""

    value: str
    labels: Mapping[str, str]
    selected: bool = False


class ImportView:
    """The report of one import, for the templates."""

    def __init__(self, report: Json, part: Part, view: View, asked: Mapping[str, str]) -> None:
        """Remember a report, how to read more of its lists, and what the address asks for.

        Args:
            report: the report.
            part: reads a part of one of its long lists.
            view: who looks at it.
            asked: ``step``, ``show`` (which entries of a list) and ``start`` (from which one).
        """
        self.report, self._part, self._view, self._asked = report, part, view, asked
        self.id: str = report["id"]
        self.path = f"/import/{self.id}"

    # --- What it is ---------------------------------------------------------------------------------------

    @property
    def state(self) -> str:
        """``reading``, ``checking``, ``staged``, ``committed``, ``undone``, ``discarded``, …."""
        return str(self.report["state"])

    @property
    def is_staged(self) -> bool:
        """Whether it waits for somebody to go through it."""
        return self.state == "staged"

    @property
    def source(self) -> Json:
        """The document: title, date, alliance, area, coordinate system."""
        source: Json = self.report["source"]
        return source

    @property
    def title(self) -> str:
        """What it is called: the title of the document, else the name of the file."""
        said = self.report.get("source") or {}
        return str(said.get("title") or next((file["name"] for file in self.report["received"]), self.id))

    @property
    def tables(self) -> Sequence[Json]:
        """The tables that were found."""
        tables: Sequence[Json] = self.report["tables"]
        return tables

    @property
    def rows(self) -> int:
        """How many rows the tables have that are read."""
        return sum(int(table["rows"]) for table in self.tables if table["used"])

    @property
    def sheets(self) -> int:
        """How many sheets were read."""
        return sum(len(one["sheets"]) for one in self.report["files"])

    # --- Steps --------------------------------------------------------------------------------------------

    @property
    def step(self) -> Step:
        """The page that is shown."""
        return next((one for one in STEPS if one == self._asked.get("step")), STEPS[0])

    @property
    def tabs(self) -> list[Tab]:
        """All steps."""
        return [self._tab(number, name) for number, name in enumerate(STEPS, start=1)]

    def _tab(self, number: int, name: Step) -> Tab:
        counts = {
            "columns": len(self.tables),
            "problems": sum(self.remark_counts.values()),
            "names": self.open_names,
            "preview": sum(self.changes.get(one, 0) for one in ("added", "changed", "left")),
            "commit": 0,
        }
        waiting = {
            "columns": any(table["used"] and not table["kind"] for table in self.tables),
            "problems": bool(self.remark_counts["error"]),
            "names": bool(self.open_names),
            "preview": False,
            "commit": not self.report["can_commit"],
        }
        return Tab(name, number, self.href(name), name == self.step, counts[name], waiting[name])

    @property
    def following(self) -> Step | None:
        """The step after this one."""
        place = STEPS.index(self.step) + 1
        return STEPS[place] if place < len(STEPS) else None

    def href(self, step: str, **more: str | int) -> str:
        """Return the address of a step."""
        asked = {"step": step, **{name: value for name, value in more.items() if value not in ("", 0)}}
        return self._view.local(f"{self.path}?{urlencode(asked)}")

    def action(self, name: str) -> str:
        """Return where a form of this page is sent; the answer leads back to the page."""
        kept = {name: self._asked[name] for name in ("step", "show", "start") if self._asked.get(name)}
        return self._view.local(f"{self.path}/{name}{'?' if kept else ''}{urlencode(kept)}")

    def _shown(self, choices: Iterable[str]) -> str:
        return next((one for one in choices if one == self._asked.get("show")), "")

    def _page(self, name: str, size: int, show: str) -> tuple[Pager, Sequence[Json]]:
        start = start_in(self._asked)
        found = self._part(name, start, size, show)
        if not found["items"] and start:
            start, found = 0, self._part(name, 0, size, show)
        return Pager(int(found["total"]), start, size), found["items"]

    # --- Problems -----------------------------------------------------------------------------------------

    @property
    def remark_counts(self) -> Mapping[str, int]:
        """How many remarks there are of each severity."""
        said = self.report["remarks"]
        return {"error": said["errors"], "warning": said["warnings"], "info": said["infos"]}

    @property
    def severity(self) -> str:
        """Which remarks are shown; empty: all."""
        return self._shown(SEVERITIES)

    @cached_property
    def remarks(self) -> tuple[Pager, Sequence[Json]]:
        """The remarks of the page, by sheet, row and column."""
        return self._page("remarks", PAGE, self.severity)

    # --- Names --------------------------------------------------------------------------------------------

    @property
    def name_counts(self) -> Mapping[str, int]:
        """How many names are open, unlike anything on record, decided, and found."""
        counts: Mapping[str, int] = self.report.get("resolution_counts", {})
        return counts

    @property
    def open_names(self) -> int:
        """How many names wait for a decision."""
        return self.name_counts.get("open", 0) + self.name_counts.get("unlike", 0)

    @property
    def shown_names(self) -> str:
        """Which names are shown; unless asked otherwise the first ones that wait."""
        waiting = next((one for one in NAME_STATES if self.name_counts.get(one)), NAME_STATES[0])
        return self._shown(NAME_STATES) or waiting

    @cached_property
    def names(self) -> tuple[Pager, Sequence[Json]]:
        """The names of the page."""
        return self._page("resolutions", NAMES, self.shown_names)

    def written(self, resolution: Json, candidate: Json) -> tuple[Piece, ...]:
        """Return a name as the list writes it, what a candidate's lacks marked."""
        return name_pieces(resolution["text"], candidate["matched"])

    def matched(self, resolution: Json, candidate: Json) -> tuple[Piece, ...]:
        """Return the name of a candidate, what the list's lacks marked."""
        return name_pieces(candidate["matched"], resolution["text"])

    def decision(self, resolution: Json) -> str:
        """Return what is decided of a name so far: an IRI, ``new``, or ``later``."""
        if resolution["is_new"]:
            return "new"
        return str(resolution["iri"] or "later")

    # --- Preview ------------------------------------------------------------------------------------------

    @property
    def changes(self) -> Mapping[str, int]:
        """How many things are added, changed, the same, left, kept back, or disagreed on."""
        counts: Mapping[str, int] = self.report.get("plan", {}).get("counts", {})
        return counts

    @property
    def shown_changes(self) -> str:
        """Which things are shown; empty: all but those that stay as they are."""
        return self._shown(CHANGES)

    @cached_property
    def entities(self) -> tuple[Pager, Sequence[Json]]:
        """The things of the page."""
        return self._page("entities", PAGE, self.shown_changes)

    # --- Places in the files ------------------------------------------------------------------------------

    def place(self, table: str, row: int = 0) -> Mapping[str, object]:
        """Return where a row stands: file, sheet and row; the file only where there are several."""
        found = next((one for one in self.tables if one["key"] == table), None)
        several = len(self.report["files"]) > 1
        return {
            "file": found["file"] if found and several else "",
            "sheet": found["sheet"] if found else "",
            "row": row,
        }


def start_in(asked: Mapping[str, str]) -> int:
    """Return from which entry of a list the address asks."""
    start = asked.get("start", "")
    return int(start) if start.isdecimal() and start.isascii() and len(start) < 10 else 0
