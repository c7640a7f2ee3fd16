"""A review of one alliance: who joined and left, what ends soon, which places have nobody, and what is not known.

Every answer is three-valued: what a date of a year or a month leaves open is told as open.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal, NamedTuple

from graph.engine import Engine
from graph.imports.held_facts import HeldSource
from graph.quads import Term, iri, text_of
from ontology.areas import AREA
from ontology.library import query

Certainty = Literal["yes", "maybe"]

BEDS = ("beds", "beds-open", "beds-nicu")
"""Indicators of beds (notations)."""
OFFERED = ("yes", "around-the-clock", "workdays")
"""Answers by which a technique is on offer (notations)."""
LEFT = ("ended", "expired", "left", "revoked", "withdrawn")
"""States (notations) of a membership that is over."""

_VOCABULARY = "https://w3id.org/medalliance/vocab/"


@dataclass(frozen=True)
class Stay:
    """A membership: who, as what, and when; bounds are days (ISO), empty where nothing is known."""

    membership: str
    member: str
    role: str
    status: str
    start: str
    end: str
    earliest_start: str
    latest_start: str
    earliest_end: str
    latest_end: str

    @property
    def is_over(self) -> bool:
        """Whether its state says that it is over."""
        return self.status.rpartition("/")[2] in LEFT


@dataclass(frozen=True)
class Event:
    """A membership that began, ended or will end, and whether that is sure to be in the time asked about."""

    stay: Stay
    date: str
    certainty: Certainty


@dataclass(frozen=True)
class Elsewhere:
    """A member that is in another alliance, as what, and who leads that (IRI and grade; empty: not known)."""

    member: str
    alliance: str
    role: str
    lead: str
    grade: str


@dataclass(frozen=True)
class Beds:
    """One kind of beds in all: the sum over members that state it, how many do, who does not, and who disagrees."""

    indicator: str
    total: Decimal
    stating: int
    missing: Sequence[str]
    disagreeing: Sequence[str]


@dataclass(frozen=True)
class Place:
    """An area of which something is asked: its IRI, and that of the one around it."""

    area: str
    within: str


@dataclass(frozen=True)
class Lacking:
    """A member of a tier, and techniques of that tier that it does not offer, or of which nobody knows."""

    member: str
    tier: str
    without: Sequence[str]
    unknown: Sequence[str]


def stays(engine: Engine, alliance: str) -> list[Stay]:
    """Return the memberships of an alliance (IRI), each once, with the widest bounds."""
    found: dict[str, list[Mapping[str, Term]]] = defaultdict(list)
    for row in engine.select(query("review-memberships").bound({"alliance": iri(alliance)})):
        found[text_of(row["membership"])].append(row)
    return [_stay(name, rows) for name, rows in found.items()]


def _stay(name: str, rows: Sequence[Mapping[str, Term]]) -> Stay:
    def values(column: str) -> list[str]:
        return [text_of(row[column]) for row in rows if column in row]

    return Stay(
        membership=name,
        member=text_of(rows[0]["member"]),
        role=next(iter(values("role")), ""),
        status=next(iter(values("status")), ""),
        start=next(iter(values("start")), ""),
        end=next(iter(values("end")), ""),
        earliest_start=min(values("earliestStart"), default=""),
        latest_start=max(values("latestStart"), default=""),
        earliest_end=min(values("earliestEnd"), default=""),
        latest_end=max(values("latestEnd"), default=""),
    )


def joined(listed: Iterable[Stay], since: date, until: date) -> list[Event]:
    """Return who joined in a time; who might have, as far as the dates tell."""
    return _within(listed, since, until, lambda stay: (stay.earliest_start, stay.latest_start, stay.start))


def left(listed: Iterable[Stay], since: date, until: date) -> list[Event]:
    """Return who left in a time; of whom only the state says so, that may have been then."""
    stays_ = list(listed)
    dated = _within(stays_, since, until, lambda stay: (stay.earliest_end, stay.latest_end, stay.end))
    undated = [Event(stay, "", "maybe") for stay in stays_ if stay.is_over and not stay.latest_end]
    return [*dated, *undated]


def ending(listed: Iterable[Stay], today: date, until: date) -> list[Event]:
    """Return the memberships that end from today on, up to a day."""
    running = (stay for stay in listed if not stay.is_over)
    return _within(running, today, until, lambda stay: (stay.earliest_end, stay.latest_end, stay.end))


def _within(
    listed: Iterable[Stay], since: date, until: date, bounds: Callable[[Stay], tuple[str, str, str]]
) -> list[Event]:
    """Return what happens in a time, by its earliest and latest day and its date as stated."""
    first, last = since.isoformat(), until.isoformat()
    found = []
    for stay in listed:
        earliest, latest, stated = bounds(stay)
        if earliest and latest and earliest <= last and latest >= first:
            sure = first <= earliest and latest <= last
            found.append(Event(stay, stated, "yes" if sure else "maybe"))
    return sorted(found, key=lambda event: (event.date, event.stay.membership))


def elsewhere(engine: Engine, alliance: str) -> list[Elsewhere]:
    """Return the members that are in other alliances, too."""
    rows = engine.select(query("review-elsewhere").bound({"alliance": iri(alliance)}))
    columns = ("member", "other", "role", "lead", "grade")
    return [Elsewhere(*(text_of(row[name]) if name in row else "" for name in columns)) for row in rows]


# --- Beds -------------------------------------------------------------------------------------------------


class _Figure(NamedTuple):
    value: Decimal
    age: tuple[str, tuple[str, str, str]]


def beds(engine: Engine, alliance: str, members: Iterable[str], sources: Iterable[HeldSource]) -> list[Beds]:
    """Return how many beds of each kind the members report.

    Where sources differ the newest counts. A unit's departments count together; without them, the unit's own figure.

    Args:
        engine: the graph.
        alliance: IRI of the alliance.
        members: its members (IRIs).
        sources: the sources that count now.
    """
    ages = {source.graph: source.age for source in sources}
    listed = sorted(set(members))
    found: dict[str, dict[str, dict[str, list[_Figure]]]] = {kind: {} for kind in BEDS}
    for row in engine.select(query("review-figures").bound({"alliance": iri(alliance)})):
        if row["graph"] in ages:
            as_of = text_of(row["asOf"]) if "asOf" in row else ""
            figure = _Figure(Decimal(text_of(row["value"])), (as_of, ages[row["graph"]]))
            kind = text_of(row["indicator"]).rpartition("/")[2]
            features = found[kind].setdefault(text_of(row["member"]), {})
            features.setdefault(text_of(row["feature"]), []).append(figure)
    return [_beds(kind, listed, features) for kind, features in found.items() if features]


def _beds(kind: str, members: Sequence[str], found: Mapping[str, Mapping[str, list[_Figure]]]) -> Beds:
    counted: dict[str, Decimal] = {}  # a department may be a member itself, besides its hospital
    disagreeing = []
    for member, features in found.items():
        parts = {feature: listed for feature, listed in features.items() if feature != member} or features
        counted |= {feature: max(listed, key=lambda one: one.age).value for feature, listed in parts.items()}
        if any(len({figure.value for figure in listed}) > 1 for listed in parts.values()):
            disagreeing.append(member)
    missing = [member for member in members if member not in found]
    total = sum(counted.values(), Decimal(0))
    return Beds(f"{_VOCABULARY}indicator/{kind}", total, len(found), missing, disagreeing)


# --- Places -----------------------------------------------------------------------------------------------


def divisions(engine: Engine, code: str) -> Mapping[str, list[Place]]:
    """Return the divisions in an area by level (``prefecture``, ``county``)."""
    found: dict[str, list[Place]] = defaultdict(list)
    for row in engine.select(query("areas-within").bound({"area": iri(AREA + code)})):
        level = text_of(row["level"]).rpartition("/")[2]
        place = Place(text_of(row["within"]), text_of(row["parent"]))
        if place not in found[level]:
            found[level].append(place)
    return found


def uncovered(places: Iterable[Place], covered: Iterable[str]) -> list[Place]:
    """Return the places that are not among those covered (IRIs)."""
    held = set(covered)
    return [place for place in places if place.area not in held]


def centre_places(engine: Engine) -> set[str]:
    """Return the areas (IRIs) that have a critical neonatal care centre."""
    return {text_of(row["place"]) for row in engine.select(query("review-centres").text)}


# --- Techniques -------------------------------------------------------------------------------------------


def lacking(engine: Engine, alliance: str) -> tuple[list[Lacking], bool]:
    """Return what members lack of their tier, and whether standards on record say what that is.

    Where none does, what at least half of the members of the tier are known to offer counts as what it should have.
    """
    offered: dict[tuple[str, str], dict[str, str]] = defaultdict(dict)
    for row in engine.select(query("review-techniques").bound({"alliance": iri(alliance)})):
        said = offered[text_of(row["member"]), text_of(row["tier"])]
        if "technique" in row:
            answer = text_of(row["availability"]).rpartition("/")[2] if "availability" in row else "unknown"
            said[text_of(row["technique"])] = answer
    rows = engine.select(query("review-requirements").text)
    asked: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        asked[text_of(row["tier"])].add(text_of(row["technique"]))
    expected = asked or _usual(offered)
    found = [_lacking(*place, said, expected.get(place[1], ())) for place, said in offered.items()]
    return [one for one in found if one.without or one.unknown], bool(asked)


def _usual(offered: Mapping[tuple[str, str], Mapping[str, str]]) -> Mapping[str, set[str]]:
    """Return for each tier the techniques that at least half of its members offer."""
    by_tier: dict[str, list[Mapping[str, str]]] = defaultdict(list)
    for (_, tier), said in offered.items():
        by_tier[tier].append(said)
    return {tier: set(_offered_by_half(listed)) for tier, listed in by_tier.items()}


def _offered_by_half(listed: Sequence[Mapping[str, str]]) -> Iterator[str]:
    for technique in sorted({name for said in listed for name in said}):
        if 2 * sum(said.get(technique) in OFFERED for said in listed) >= len(listed):
            yield technique


def _lacking(member: str, tier: str, said: Mapping[str, str], expected: Iterable[str]) -> Lacking:
    listed = sorted(expected)
    return Lacking(
        member,
        tier,
        [technique for technique in listed if said.get(technique) == "no"],
        [technique for technique in listed if said.get(technique, "unknown") == "unknown"],
    )


# --- Sources ----------------------------------------------------------------------------------------------


def age_of(source: HeldSource, before: date) -> Literal["old", "current", "undated"]:
    """Return whether a source is older than a day; of one without a date nobody can tell."""
    if not source.dated:
        return "undated"
    # A year or month that is not over before the day is not surely older.
    return "old" if source.dated < before.isoformat()[: len(source.dated)] else "current"


def unsourced(engine: Engine) -> list[str]:
    """Return facts (IRIs) that do not say where they come from; at most 200."""
    return [text_of(row["fact"]) for row in engine.select(query("review-unsourced").text)]
