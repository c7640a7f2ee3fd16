"""Candidates: what an open name on a list may mean, the likeliest first, each with what speaks for and against it.

They are for people to look at, side by side; nothing is ever taken for the same because of them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from graph.closeness import likeness
from graph.imports.known_names import Held, KnownNames
from graph.imports.resolution import Candidate, Mention
from graph.imports.similar_names import SimilarNames
from graph.imports.written_names import are_built_alike, differences, identifier_key, normalised, short_name

MOST = 5
"""Candidates that are offered for a name."""
MANY = 10_000
"""Open names from which on only held names that differ in one character, or sound the same, are looked for, and no
names of the same file: nobody looks through thousands of guesses."""
TELLING = ("USCC", "Licence", "ROR", "GRID", "ISNI", "Wikidata")
"""Identifiers of which a unit has one."""
_MOST_OF_MANY, _MOST_OF_FILE = 3, 3
_LEAST = 67
_EXACT, _OTHER_NAME, _FILE_NAME, _SAME_IDENTIFIER = 100, 95, 92, 90
_NAME_REASONS = {"name": "same-name", "alias": "alias", "former": "former-name"}
_WEIGHT: Mapping[str, int] = {
    "same-place": 6,
    "other-place": -30,
    "branch": -10,
    "other-number": -40,
    "other-kind": -40,
    "other-identifier": -20,
}
_OUTSIDE = -8
_IN_AREA, _SAME_BUILT, _LEAST_DEPARTMENT = 4, 10, 40


class Hint(NamedTuple):
    """Something held that a mention may mean: the name of it, how alike (0 to 100), and why."""

    held: Held
    name: str
    score: int
    reason: str


class Places:
    """How the places of mentions and of held things stand to one another.

    ``area`` is the division that the import is about: where a mention has no place of its own, it is likely there.
    """

    def __init__(self, known: KnownNames, area: str) -> None:
        self._areas, self.area = known.areas, area
        self._short_within: frozenset[str] | None = None

    def agree(self, mention: Mention, held: Held) -> bool | None:
        """Tell whether they may be in one place; ``None``: that is not known of one of them."""
        if not mention.area or not held.places:
            return None
        return any(self._areas.agree(mention.area, place) for place in held.places)

    def is_outside(self, held: Held) -> bool:
        """Tell whether a thing is outside the division that the import is about."""
        return bool(self.area and held.places) and not any(
            self._areas.agree(self.area, place) for place in held.places
        )

    def contradict(self, mention: Mention, held: Held, name: str) -> bool:
        """Tell whether a thing of the very name is somewhere else.

        Without a place of its own, a name is looked for in the division that the import is about, unless it names
        the place of the thing itself, and no other of the division.
        """
        agree = self.agree(mention, held)
        if agree is not None:
            return not agree
        return not mention.area and self.is_outside(held) and not self._names_its_place(name, held)

    def weighed(self, mention: Mention, held: Held, *, is_apart: bool) -> tuple[str, int]:
        """Return the reason that places give, and what it counts; ``is_apart``: the names are of different places."""
        agree = self.agree(mention, held)
        if agree is not None or is_apart:
            reason = "same-place" if agree and not is_apart else "other-place"
            return reason, _WEIGHT[reason]
        if mention.area or not self.area or not held.places:
            return "place-unknown", 0
        # The area of the import says less than a place of its own.
        return ("other-place", _OUTSIDE) if self.is_outside(held) else ("place-unknown", _IN_AREA)

    def labels(self, held: Held) -> Mapping[str, str]:
        """Return what the narrowest place of a thing is called."""
        narrowest = max(held.places, key=lambda place: (len(self._areas.upward(place)), place), default="")
        return self._areas.labels(narrowest)

    @property
    def names(self) -> Collection[str]:
        """The names of all divisions, normalised."""
        return self._areas.names

    def _names_its_place(self, name: str, held: Held) -> bool:
        called = {
            short_name(normalised(self._areas.labels(area).get("zh", "")))
            for place in held.places
            for area in self._areas.upward(place)
        }
        named = {one for one in called if len(one) > 1 and one in name}
        return bool(named) and not named & self._short_names_within()

    def _short_names_within(self) -> frozenset[str]:
        if self._short_within is None:
            self._short_within = self._areas.short_names_within(self.area)
        return self._short_within


class Candidates:
    """What the open mentions of an import may mean."""

    def __init__(self, known: KnownNames, places: Places, mentions: Sequence[Mention]) -> None:
        """Take up what there is.

        Args:
            known: what is held.
            places: tells whether places agree.
            mentions: the open mentions: each may also mean another one of them.
        """
        self._known, self._places, self._are_many = known, places, len(mentions) > MANY
        mentions = () if self._are_many else mentions
        self._own: dict[str, dict[str, list[Mention]]] = defaultdict(lambda: defaultdict(list))
        for mention in mentions:
            self._own[mention.to][normalised(mention.text)].append(mention)
        self._similar_own = {to: SimilarNames(names) for to, names in self._own.items()}

    def of(self, mention: Mention, hints: Iterable[Hint] = ()) -> tuple[Candidate, ...]:
        """Return what a mention may mean, the likeliest first.

        Args:
            mention: an open mention.
            hints: what was found for it by name or identifier, and was not enough.
        """
        listed = [*hints, *self._by_other_name(mention), *self._alike(mention)]
        best: dict[str, Candidate] = {}
        sure = {hint.held.iri for hint in hints}
        for hint in listed:
            candidate = self._candidate(mention, hint)
            known = best.get(candidate.iri)
            if known is None or known.score < candidate.score:
                best[candidate.iri] = candidate
        found = [one for one in best.values() if one.score >= _LEAST or one.iri in sure]
        most = _MOST_OF_MANY if self._are_many else MOST
        return (*_likeliest(found)[:most], *_likeliest(self._same_file(mention))[:_MOST_OF_FILE])

    def _by_other_name(self, mention: Mention) -> Iterator[Hint]:
        """Yield things that have a name which the file gives beside the first."""
        for text in mention.other_names:
            name = normalised(text)
            for held in self._known.named(mention.to, name):
                yield Hint(held, name, _FILE_NAME, "alias")

    def _alike(self, mention: Mention) -> Iterator[Hint]:
        similar = self._known.similar(mention.to).found(normalised(mention.text), quick=self._are_many)
        for one in similar:
            for held in self._known.named(mention.to, one.name):
                yield Hint(held, one.name, min(one.score, _FILE_NAME), one.reason)

    def _candidate(self, mention: Mention, hint: Hint) -> Candidate:
        held = hint.held
        against = differences(normalised(mention.text), hint.name, self._places.names)
        where, weight = self._places.weighed(mention, held, is_apart="other-place" in against)
        reasons = dict.fromkeys((hint.reason, where, *_identifier_reasons(mention, held), *against))
        score = hint.score + weight + sum(_WEIGHT.get(one, 0) for one in reasons if one != where)
        score += _SAME_BUILT * (hint.reason == "similar" and are_built_alike(mention.text, hint.name))
        return Candidate(
            iri=held.iri,
            labels=held.labels,
            matched=next((name.text for name in held.names if name.normalised == hint.name), hint.name),
            score=max(0, min(_EXACT, score)),
            reasons=tuple(reasons),
            area=self._places.labels(held),
        )

    def _same_file(self, mention: Mention) -> Iterator[Candidate]:
        """Yield other mentions of the import that may be the same."""
        if self._are_many:
            return
        name, own = normalised(mention.text), self._own[mention.to]
        alike = [(other, _EXACT, "same-name") for other in own[name] if other is not mention]
        for one in self._similar_own[mention.to].found(name):
            alike += [(other, one.score, one.reason) for other in own[one.name]]
        for other, score, reason in alike:
            reasons = [reason, "same-file"]
            if mention.area and other.area and not self._known.areas.agree(mention.area, other.area):
                reasons.append("other-place")
            reasons += differences(name, normalised(other.text), self._places.names)
            reasons += _identifier_conflicts(mention.identifiers, other.identifiers)
            score += sum(_WEIGHT.get(one, 0) for one in dict.fromkeys(reasons))
            if score >= _LEAST:
                yield Candidate(
                    other.key, {"zh": other.text}, other.text, score, tuple(dict.fromkeys(reasons))
                )


def name_hint(held: Held, name: str) -> Hint:
    """Return the hint that a thing has the very name."""
    kind = held.kind_of(name)
    return Hint(held, name, _EXACT if kind == "name" else _OTHER_NAME, _NAME_REASONS[kind])


def identifier_hint(held: Held, mention: Mention) -> Hint:
    """Return the hint that a thing has an identifier of a mention."""
    name = normalised(mention.text)
    same = any(one.normalised == name for one in held.names)
    called = name if same else next((one.normalised for one in held.names), "")
    return Hint(held, called, _EXACT if same else _SAME_IDENTIFIER, "same-identifier")


def conflicts(mention: Mention, held: Held) -> bool:
    """Tell whether a thing has another identifier of a kind of which a unit has one."""
    return "other-identifier" in _identifier_reasons(mention, held)


def departments_like(mention: Mention, organization: Held, known: KnownNames) -> tuple[Candidate, ...]:
    """Return the departments of an organization that a mention may mean."""
    name = department_name(mention, organization)
    found = [
        Candidate(held.iri, held.labels, one, score, ("similar",))
        for held in known.departments(organization.iri)
        for one in department_names(held, organization)
        if (score := int(likeness(name, one))) >= _LEAST_DEPARTMENT
    ]
    best = {one.iri: one for one in reversed(_likeliest(found))}
    return tuple(_likeliest(best.values())[:MOST])


def _likeliest(found: Iterable[Candidate]) -> list[Candidate]:
    return sorted(found, key=lambda one: (-one.score, one.matched, one.iri))


def department_names(held: Held, organization: Held) -> Iterator[str]:
    """Yield the names of a department, also without the name of its organization before them."""
    before = {name.normalised for name in organization.names}
    for name in held.names:
        yield name.normalised
        yield from (
            name.normalised.removeprefix(one)
            for one in before
            if name.normalised.startswith(one) and name.normalised != one
        )


def department_name(mention: Mention, organization: Held) -> str:
    """Return the name of a department as a list has it, without the name of its organization before it."""
    name = normalised(mention.text)
    before = [one.normalised for one in organization.names if name.startswith(one.normalised)]
    return name.removeprefix(max(before, key=len)) or name if before else name


def _identifier_reasons(mention: Mention, held: Held) -> tuple[str, ...]:
    values: dict[str, set[str]] = defaultdict(set)
    for scheme, value in held.identifiers:
        values[scheme].add(value)
    same = any(
        identifier_key(value) in values[scheme]
        for scheme, value in mention.identifiers.items()
        if scheme in TELLING and scheme in values
    )
    if same:
        return ("same-identifier",)
    other = any(scheme in TELLING and scheme in values for scheme in mention.identifiers)
    return ("other-identifier",) if other else ()


def _identifier_conflicts(one: Mapping[str, str], other: Mapping[str, str]) -> tuple[str, ...]:
    shared = [scheme for scheme in TELLING if scheme in one and scheme in other]
    if any(identifier_key(one[scheme]) == identifier_key(other[scheme]) for scheme in shared):
        return ("same-identifier",)
    return ("other-identifier",) if shared else ()
