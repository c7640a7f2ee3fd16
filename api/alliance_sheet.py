"""The alliance on one sheet of paper: its members by prefecture, and what is known of each, for a meeting."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from fastapi import APIRouter, Depends
from starlette.requests import Request
from starlette.responses import Response

from api.access import needs
from api.list_cells import Value, cell
from api.pages import frame
from api.templating import page, view_of
from graph.engine import Engine
from graph.facets import Listing, Selection, listing
from graph.imports.vocabulary import word
from graph.keys import iri_of
from graph.nodes import Named, Nodes, in_language
from graph.quads import iri, text_of
from graph.summary import Summary
from graph.tables import Tables
from ontology.display import Labels
from ontology.library import query
from ontology.workbook import workbook

router = APIRouter(include_in_schema=False, dependencies=[Depends(needs("read"))])

COLUMNS = ("unit", "role", "prefecture", "county", "grade", "ward", "tier", "start", "held")
"""Columns of the list of members that the sheet shows."""

Cells = Mapping[str, Sequence[Value]]


@dataclass(frozen=True)
class Member:
    """A line of the sheet: the cells of a membership, and the public lines of the unit."""

    cells: Cells
    lines: Sequence[str]

    def labels(self, column: str) -> list[Labels]:
        """Return the names of what stands in a cell; empty where nothing is stated."""
        return [value.labels for value in self.cells[column]]

    @property
    def unit(self) -> Value:
        """The unit."""
        return self.cells["unit"][0] if self.cells["unit"] else Value({})


@dataclass(frozen=True)
class Group:
    """The members of one prefecture (``None``: it is not stated where they are)."""

    area: Labels | None
    members: Sequence[Member]


@dataclass(frozen=True)
class Cited:
    """A document that memberships come from: its date is empty where none is stated."""

    document: str
    title: Labels
    date: str
    count: int


@dataclass(frozen=True)
class Sheet:
    """The sheet.

    Attributes:
        alliance: the alliance.
        day: the day that it is asked for.
        made: the day on which it is made.
        groups: the members by prefecture.
        sources: the documents that the memberships come from.
    """

    alliance: Named
    day: date
    made: date
    groups: Sequence[Group]
    sources: Sequence[Cited]

    @cached_property
    def members(self) -> list[Member]:
        """All members."""
        return [member for group in self.groups for member in group.members]

    @cached_property
    def units(self) -> int:
        """How many units are among them: one may be a member in more than one way."""
        return len({member.unit.iri for member in self.members})

    @property
    def places(self) -> int:
        """How many prefectures have a member."""
        return sum(group.area is not None for group in self.groups)

    @property
    def until(self) -> str:
        """The latest date that a source carries; empty where none does."""
        return max((source.date for source in self.sources), default="")

    def counts(self, column: str) -> list[tuple[Labels | None, int]]:
        """Return how many members have each value of a column, the most frequent first, last those without one."""
        found: Counter[str] = Counter()
        labels: dict[str, Labels] = {}
        for member in self.members:
            for value in member.cells[column]:
                found[value.iri or value.key] += 1
                labels[value.iri or value.key] = value.labels
        stated: list[tuple[Labels | None, int]] = [
            (labels[key], number) for key, number in found.most_common()
        ]
        missing = sum(not member.cells[column] for member in self.members)
        return [*stated, (None, missing)] if missing else stated

    @property
    def uncertain(self) -> int:
        """Of how many members nobody can tell whether they are members on the day."""
        return sum(value.key == "unknown" for member in self.members for value in member.cells["held"])


@router.get("/alliance-sheet")
def alliance_sheet(request: Request, alliance: str = "", as_of: str = "") -> Response:
    """Return the sheet of an alliance; of the one with the most members unless asked otherwise."""
    view = view_of(request)
    known: Summary = request.app.state.summaries.current()
    choices = [one.alliance for one in known.real().alliances]
    asked = iri_of(alliance, view.base) if alliance else ""
    chosen = next((one for one in choices if one.iri == asked), None) or next(iter(choices), None)
    today: date = request.app.state.today()
    sheet = _sheet(request, chosen, _day(as_of, today), today, view.language) if chosen else None
    return page(request, "alliance-sheet.html", sheet=sheet, choices=choices, today=today, **frame(request))


def _sheet(request: Request, alliance: Named, day: date, made: date, language: str) -> Sheet:
    engine: Engine = request.app.state.engine
    tables: Tables = request.app.state.tables.current()
    chosen = Selection({"alliance": (alliance.iri,), "held": ("yes", "unknown")}, real_only=True)
    found = listing(tables["members"], chosen, day)
    rows = [_cells(found, row, language) for row in found.rows(language=language).tolist()]
    lines = public_lines(engine, {value.iri for row in rows for value in row["unit"] if value.iri})
    members = [Member(row, lines.get(row["unit"][0].iri if row["unit"] else "", ())) for row in rows]
    return Sheet(alliance, day, made, _grouped(members, language), sources_of(engine, alliance.iri))


def _cells(found: Listing, row: int, language: str) -> Cells:
    columns = found.table.definition.columns
    return {name: cell(found, row, columns[name], language) for name in COLUMNS}


def _grouped(members: Iterable[Member], language: str) -> list[Group]:
    """Return members by prefecture, in the order of their codes, in each by role and name."""
    groups: dict[str, list[Member]] = {}
    for member in members:
        areas = member.cells["prefecture"]
        groups.setdefault(areas[0].iri if areas else "", []).append(member)
    ordered = sorted(groups, key=lambda area: (not area, area))
    return [
        Group(
            groups[area][0].labels("prefecture")[0] if area else None,
            sorted(groups[area], key=lambda member: _member_order(member, language)),
        )
        for area in ordered
    ]


def _member_order(member: Member, language: str) -> tuple[int, str]:
    roles = [in_language(labels, "zh") for labels in member.labels("role")]
    return min(map(_role_order, roles), default=len(_roles())), in_language(member.unit.labels, language)


def _role_order(role: str) -> int:
    return _roles().index(word(role)) if word(role) in _roles() else len(_roles()) - 1


def _roles() -> list[str]:
    """Return the roles in the order in which the workbook offers them."""
    return [word(option) for option in workbook().sheet("memberships").column("role").options]


def public_lines(engine: Engine, units: Iterable[str]) -> Mapping[str, list[str]]:
    """Return the public office lines of units."""
    listed = sorted(units)
    found: dict[str, list[str]] = {}
    if listed:
        for row in engine.select(query("public-lines").bound({"unit": [iri(unit) for unit in listed]})):
            found.setdefault(text_of(row["unit"]), []).append(text_of(row["line"]))
    return found


def sources_of(engine: Engine, alliance: str) -> list[Cited]:
    """Return the documents that the memberships of an alliance come from, the latest first."""
    rows = engine.select(query("alliance-sources").bound({"alliance": iri(alliance)}))
    nodes = Nodes(engine)
    nodes.read([text_of(row["document"]) for row in rows if "document" in row])
    found = [
        Cited(
            text_of(row["document"]),
            nodes.labels(text_of(row["document"])),
            text_of(row["date"]) if "date" in row else "",
            int(text_of(row["count"])),
        )
        for row in rows
        if "document" in row
    ]
    return sorted(found, key=lambda one: (one.date, one.count, one.document), reverse=True)


def _day(text: str, today: date) -> date:
    """Return the day that an address asks for; today where it asks for none, or for nothing that is one."""
    try:
        return date.fromisoformat(text) if len(text) == len("2026-01-01") else today
    except ValueError:
        return today
