"""The review of an alliance, for the pages that show it: who came and went, where nobody is, what is not known."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

from starlette.requests import Request

from api.list_cells import cell
from api.templating import view_of
from graph import review
from graph.engine import Engine
from graph.facets import Selection, listing
from graph.imports.held_facts import HeldSource, held_sources
from graph.names import Names
from graph.nodes import Named, Nodes
from graph.summary import Summary
from graph.tables import Tables
from ontology.areas import AREA

DAYS = 90
"""Days ahead in which endings are told unless asked otherwise."""
YEARS = 2
"""Years after which a source is old unless asked otherwise."""
_MOST_DAYS = 3660


@dataclass(frozen=True)
class Asked:
    """What the address asks for: since when, how many days ahead, and how many years make a source old."""

    since: date
    days: int
    years: int

    @classmethod
    def of(cls, parameters: Mapping[str, str], today: date) -> Asked:
        """Return what parameters ask; what makes no sense counts as not said."""
        return cls(
            since=_day(parameters.get("since", "")) or _years_before(today, 1),
            days=_number(parameters.get("days", ""), DAYS, _MOST_DAYS),
            years=_number(parameters.get("years", ""), YEARS, 50),
        )


@dataclass(frozen=True)
class DatedSource:
    """A source, the document that it is, how many facts it gives, its date, and whether it is old."""

    document: Named
    facts: int
    dated: str
    age: str


class Review:
    """The review of one alliance, for the template."""

    def __init__(self, request: Request, alliance: Named, asked: Asked) -> None:
        self.alliance, self.asked = alliance, asked
        self.today: date = request.app.state.today()
        self._request, self._view = request, view_of(request)
        self._engine: Engine = request.app.state.engine
        self._area: str = request.app.state.settings.area
        self.nodes = Nodes(self._engine)

    # --- Who came and went --------------------------------------------------------------------------------

    @cached_property
    def stays(self) -> list[review.Stay]:
        """All memberships on record."""
        found = review.stays(self._engine, self.alliance.iri)
        self.nodes.read({name for stay in found for name in (stay.member, stay.role) if name})
        return found

    @property
    def joined(self) -> list[review.Event]:
        """Who joined since the date asked about."""
        return review.joined(self.stays, self.asked.since, self.today)

    @property
    def left(self) -> list[review.Event]:
        """Who left since then."""
        return review.left(self.stays, self.asked.since, self.today)

    @property
    def ending(self) -> list[review.Event]:
        """Whose membership or agreement ends in the days ahead."""
        return review.ending(self.stays, self.today, self.today + timedelta(days=self.asked.days))

    @property
    def undated(self) -> Mapping[str, int]:
        """Of how many memberships the start, and the end, is not stated."""
        return {
            "start": sum(not stay.start for stay in self.stays),
            "end": sum(not stay.end for stay in self.stays),
        }

    @cached_property
    def elsewhere(self) -> list[review.Elsewhere]:
        """The members that are in other alliances, too."""
        found = review.elsewhere(self._engine, self.alliance.iri)
        named = {name for one in found for name in (one.member, one.alliance, one.role, one.lead, one.grade)}
        self.nodes.read(named - {""})
        return found

    # --- Where nobody is ----------------------------------------------------------------------------------

    @cached_property
    def members(self) -> list[Mapping[str, Sequence[str]]]:
        """The members on the day: unit, prefecture and county (IRIs)."""
        tables: Tables = self._request.app.state.tables.current()
        chosen = Selection({"alliance": (self.alliance.iri,), "held": ("yes", "unknown")}, real_only=True)
        found = listing(tables["members"], chosen, self.today)
        columns = found.table.definition.columns
        names = ("unit", "prefecture", "county")
        return [
            {
                name: [value.iri for value in cell(found, row, columns[name], self._view.language)]
                for name in names
            }
            for row in found.rows().tolist()
        ]

    @cached_property
    def _divisions(self) -> Mapping[str, list[review.Place]]:
        found = review.divisions(self._engine, self._area) if self._area else {}
        self.nodes.read(place.area for listed in found.values() for place in listed)
        self.nodes.read([AREA + self._area])
        return found

    @property
    def area(self) -> Named | None:
        """The area that is looked at (``None``: the instance is of no area)."""
        return self.nodes.named(AREA + self._area) if self._area and self._divisions else None

    @property
    def empty_prefectures(self) -> list[review.Place]:
        """The prefectures without a member."""
        return review.uncovered(self._divisions.get("prefecture", []), self._places("prefecture"))

    @property
    def empty_counties(self) -> list[tuple[str, list[review.Place]]]:
        """The counties without a member, by prefecture."""
        return _by_whole(review.uncovered(self._divisions.get("county", []), self._places("county")))

    @property
    def without_centre(self) -> list[tuple[str, list[review.Place]]]:
        """The counties without a critical neonatal care centre, by prefecture."""
        return _by_whole(
            review.uncovered(self._divisions.get("county", []), review.centre_places(self._engine))
        )

    @property
    def empty_county_number(self) -> int:
        """How many counties have no member."""
        return sum(len(places) for _, places in self.empty_counties)

    @property
    def without_county(self) -> int:
        """Of how many members no county is stated."""
        return sum(not member["county"] for member in self.members)

    def _places(self, level: str) -> set[str]:
        return {area for member in self.members for area in member[level]}

    # --- What is there, and what is not known -------------------------------------------------------------

    @cached_property
    def beds(self) -> list[review.Beds]:
        """The beds that members report."""
        units = {unit for member in self.members for unit in member["unit"]}
        found = review.beds(self._engine, self.alliance.iri, units, self.sources)
        named = {one.indicator for one in found} | {unit for one in found for unit in one.missing}
        self.nodes.read(named | {unit for one in found for unit in one.disagreeing})
        return found

    @cached_property
    def lacking(self) -> tuple[list[review.Lacking], bool]:
        """What members lack of their tier, and whether a standard says so."""
        found, by_standard = review.lacking(self._engine, self.alliance.iri)
        self.nodes.read(
            {name for one in found for name in (one.member, one.tier, *one.without, *one.unknown)}
        )
        return found, by_standard

    @cached_property
    def sources(self) -> list[HeldSource]:
        """The sources that count now."""
        return held_sources(self._engine, Names(self._request.app.state.base))

    @cached_property
    def old_sources(self) -> list[DatedSource]:
        """The documents, those that are old or undated first."""
        known: Summary = self._request.app.state.summaries.current()
        facts = {one.document.iri: one for one in known.real().documents}
        before = _years_before(self.today, self.asked.years)
        found = [
            DatedSource(
                facts[source.document].document,
                facts[source.document].facts.real,
                source.dated,
                review.age_of(source, before),
            )
            for source in self.sources
            if source.document in facts
        ]
        order = ("old", "undated", "current")
        return sorted(found, key=lambda one: (order.index(one.age), one.dated, one.document.iri))

    @property
    def old_facts(self) -> Mapping[str, int]:
        """How many facts come from sources that are old, undated, or neither."""
        counted = dict.fromkeys(("old", "undated", "current"), 0)
        for one in self.old_sources:
            counted[one.age] += one.facts
        return counted

    @cached_property
    def unsourced(self) -> list[str]:
        """Facts that do not say where they come from."""
        return review.unsourced(self._engine)


@dataclass(frozen=True)
class Lately:
    """What the home page says of an alliance: how many joined, left, end soon, and counties without a member."""

    alliance: str
    joined: int
    left: int
    ending: int
    empty_counties: int


def lately(request: Request) -> Lately | None:
    """Return this of the real alliance with the most members, as of today; ``None``: none has members."""
    known: Summary = request.app.state.summaries.current()
    found = next((one.alliance for one in known.real().alliances if one.members.real), None)
    if found is None:
        return None
    today: date = request.app.state.today()
    tables: Tables = request.app.state.tables.current()
    key = ("lately", found.iri, today)
    return tables["members"].kept(key, lambda: _lately(Review(request, found, Asked.of({}, today))))


def _lately(review_: Review) -> Lately:
    return Lately(
        review_.alliance.iri,
        len(review_.joined),
        len(review_.left),
        len(review_.ending),
        review_.empty_county_number,
    )


def _by_whole(places: Iterable[review.Place]) -> list[tuple[str, list[review.Place]]]:
    """Return places by the area around them, in the order of their codes."""
    found: dict[str, list[review.Place]] = {}
    for place in places:
        found.setdefault(place.within, []).append(place)
    return sorted(found.items())


def _years_before(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year - years)
    except ValueError:  # 29 February
        return day.replace(year=day.year - years, day=28)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if len(text) == len("2026-01-01") else None
    except ValueError:
        return None


def _number(text: str, usual: int, most: int) -> int:
    return int(text) if text.isdecimal() and text.isascii() and 0 < int(text) <= most else usual
