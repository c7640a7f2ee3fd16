"""What is held and may be meant by a name on a list: names, identifiers and places, of one version of the graph.

Illustrative things are not among it: nobody's list means them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal, NamedTuple

from graph.bulk import solutions
from graph.current import Current
from graph.engine import Engine
from graph.imports.similar_names import SimilarNames
from graph.imports.written_names import identifier_key, normalised, short_name
from graph.quads import Term, literal_parts
from ontology.library import query
from ontology.terms import MA, ORG, SCHEMA

NameKind = Literal["name", "alias", "former"]
"""Its own name, another name or short form, or one that it had before."""

KINDS: Mapping[str, str] = {
    MA.ClinicalDepartment: "department",
    MA.MedicalAlliance: "alliance",
    MA.TrainingProgramme: "programme",
    ORG.FormalOrganization: "organization",
    SCHEMA.Hospital: "organization",
}
"""Class to what it is called in references; of several the first counts: an alliance is an organization, too."""

_NAME_KINDS: Mapping[str, NameKind] = {"name": "name", "official": "name", "former": "former"}
_BY_WEIGHT: Sequence[NameKind] = ("name", "alias", "former")
_NO_NAMES = {"type", "identifier", "place", "whole", "illustrative"}
_TRUE = "true"  # as tab-separated values write it
_JOIN = "\n"  # of several values; no term holds a line end

_Facts = Mapping[str, Mapping[str, str]]
"""What is said, of which thing: the values, joined."""


class Name(NamedTuple):
    """One name of a held thing: as written, as compared, and which kind of name it is."""

    text: str
    normalised: str
    kind: NameKind


class Identifier(NamedTuple):
    """An identifier: its scheme (``USCC`` …) and value, as ``identifier_key``."""

    scheme: str
    value: str


@dataclass(frozen=True, slots=True)
class Held:
    """A held thing.

    Attributes:
        iri: the thing.
        to: organization, department, alliance or programme.
        labels: its names by language.
        names: every name.
        identifiers: every identifier.
        places: IRIs of the divisions where it is; of a department those of its organization, too.
        whole: IRI of the organization of a department (else empty).
    """

    iri: str
    to: str
    labels: Mapping[str, str]
    names: tuple[Name, ...]
    identifiers: tuple[Identifier, ...] = ()
    places: frozenset[str] = frozenset()
    whole: str = ""

    def kind_of(self, name: str) -> NameKind:
        """Return which kind of name a normalised name of it is."""
        kinds = {one.kind for one in self.names if one.normalised == name}
        return min(kinds, key=_BY_WEIGHT.index)


class Areas:
    """Divisions: what they are called, and which lies in which."""

    def __init__(self, above: Mapping[str, str], labels: Mapping[str, Mapping[str, str]]) -> None:
        """Take up IRI to the IRI above it, and IRI to names by language."""
        self._above, self._labels = above, labels
        self._upward: dict[str, frozenset[str]] = {}

    def labels(self, area: str) -> Mapping[str, str]:
        """Return the names of a division by language."""
        return self._labels.get(area, {})

    def upward(self, area: str) -> frozenset[str]:
        """Return a division and all in which it lies."""
        known = self._upward.get(area)
        if known is None:
            listed = [area]
            while (next_ := self._above.get(listed[-1], "")) and next_ not in listed:
                listed.append(next_)
            known = self._upward[area] = frozenset(listed)
        return known

    def agree(self, one: str, other: str) -> bool:
        """Tell whether two places may be the same: one is the other, or lies in it."""
        return one in self.upward(other) or other in self.upward(one)

    def short_names_within(self, area: str) -> frozenset[str]:
        """Return the Chinese names of a division and of those in it, normalised and without what kind they are."""
        return frozenset(
            short_name(normalised(labels["zh"]))
            for one, labels in self._labels.items()
            if area in self.upward(one) and "zh" in labels
        )

    @cached_property
    def names(self) -> frozenset[str]:
        """The Chinese names of all divisions, as ``written_names.normalised``."""
        return frozenset(normalised(labels["zh"]) for labels in self._labels.values() if "zh" in labels)


class KnownNames:
    """The things of one version of the graph. Never changes; may be asked from any thread."""

    def __init__(
        self, held: Iterable[Held], areas: Areas, illustrative: Collection[str] = (), version: int = 0
    ) -> None:
        """Take up what is held.

        Args:
            held: the things; illustrative ones are left out by the caller.
            areas: the divisions.
            illustrative: IRIs of illustrative things.
            version: the version of the graph.
        """
        self.areas, self.version = areas, version
        self._illustrative = frozenset(illustrative)
        self._held = {thing.iri: thing for thing in held}
        self._by_name: dict[str, dict[str, list[Held]]] = {to: defaultdict(list) for to in KINDS.values()}
        self._by_identifier: dict[str, list[tuple[str, Held]]] = defaultdict(list)
        self._of_whole: dict[str, list[Held]] = defaultdict(list)
        for thing in self._held.values():
            self._take(thing)

    @classmethod
    def of(cls, engine: Engine) -> KnownNames:
        """Return what an engine's graph holds now."""
        version, facts = _facts(engine, "held-names")
        invented = frozenset(thing for thing, said in facts["illustrative"].items() if _TRUE in said)
        held = [one for one in _held(facts) if one.iri not in invented]
        return cls(_placed(held), _areas(engine), invented, version)

    def __len__(self) -> int:
        return len(self._held)

    def get(self, iri: str) -> Held | None:
        """Return the held thing of an IRI, ``None`` where there is none, or only an illustrative one."""
        return self._held.get(iri)

    def is_illustrative(self, iri: str) -> bool:
        """Tell whether an IRI is that of an illustrative thing."""
        return iri in self._illustrative

    def named(self, to: str, name: str) -> Sequence[Held]:
        """Return the things that have a name (``normalised``)."""
        return self._by_name[to].get(name, ())

    def identified(self, scheme: str, value: str) -> list[Held]:
        """Return the things that have an identifier; with an empty scheme that of any scheme."""
        found = self._by_identifier.get(identifier_key(value), ())
        return [thing for of_scheme, thing in found if not scheme or of_scheme == scheme]

    def departments(self, organization: str) -> Sequence[Held]:
        """Return the departments of an organization."""
        return self._of_whole.get(organization, ())

    def similar(self, to: str) -> SimilarNames:
        """Return the index of the names of all organizations, departments, alliances or programmes."""
        return self._similar[to]

    @cached_property
    def _similar(self) -> Mapping[str, SimilarNames]:
        return {to: SimilarNames(names) for to, names in self._by_name.items()}

    def _take(self, thing: Held) -> None:
        by_name = self._by_name[thing.to]
        for name in {name.normalised for name in thing.names}:
            by_name[name].append(thing)
        for scheme, value in thing.identifiers:
            self._by_identifier[value].append((scheme, thing))
        if thing.whole:
            self._of_whole[thing.whole].append(thing)


class KnownNamesCache(Current[KnownNames]):
    """What an engine's current version holds, read when it is first asked for after a change."""

    def __init__(self, engine: Engine) -> None:
        super().__init__(engine, lambda _: KnownNames.of(engine))


def _facts(engine: Engine, name: str) -> tuple[int, _Facts]:
    """Return the version that was read, and what a query says (thing, what is said, value)."""
    read = solutions(engine, query(name).text)
    facts: dict[str, dict[str, str]] = defaultdict(dict)
    for thing, said, value in read:
        of_kind, iri = facts[said[1:-1]], thing[1:-1]
        known = of_kind.get(iri)
        of_kind[iri] = f"{known}{_JOIN}{value}" if known else value
    return read.version, facts


def _values(facts: _Facts, said: str, thing: str) -> list[Term]:
    """Return the values that are said of a thing, each once."""
    joined = facts.get(said, {}).get(thing)
    return sorted(set(joined.split(_JOIN))) if joined else []


def _held(facts: _Facts) -> Iterable[Held]:
    """Yield the things that a list may mean."""
    naming = sorted(facts.keys() - _NO_NAMES)
    places: dict[str, frozenset[str]] = {}
    for thing, types in facts["type"].items():
        names, labels = _names(facts, naming, thing)
        where = facts["place"].get(thing, "")
        if where not in places:  # most things share their places with others
            places[where] = frozenset(value[1:-1] for value in where.split(_JOIN)) - {""}
        yield Held(
            iri=thing,
            to=next(to for of_class, to in KINDS.items() if f"<{of_class}>" in types),
            labels=labels,
            names=names,
            identifiers=tuple(map(_identifier, _values(facts, "identifier", thing))),
            places=places[where],
            whole=next(iter(_values(facts, "whole", thing)), "")[1:-1],
        )


def _identifier(value: Term) -> Identifier:
    parts = literal_parts(value)
    return Identifier(parts.datatype.rpartition("#")[2], identifier_key(parts.lexical))


def _names(facts: _Facts, naming: Iterable[str], thing: str) -> tuple[tuple[Name, ...], Mapping[str, str]]:
    """Return all names of a thing, and the preferred ones by language."""
    found: dict[tuple[str, NameKind], Name] = {}
    labels: dict[str, str] = {}
    for said in naming:
        kind = _NAME_KINDS.get(said.rpartition("/")[2], "alias")
        for value in _values(facts, said, thing):
            parts = literal_parts(value)
            name = normalised(parts.lexical)
            if name:
                found.setdefault((name, kind), Name(parts.lexical, name, kind))
            if said == "name":
                labels.setdefault(parts.language.lower().partition("-")[0], parts.lexical)
    return tuple(found.values()), labels


def _placed(held: Sequence[Held]) -> Iterable[Held]:
    """Yield the things, departments also where their organization is."""
    places = {thing.iri: thing.places for thing in held}
    for thing in held:
        of_whole = places.get(thing.whole, frozenset())
        yield thing if of_whole <= thing.places else replace(thing, places=thing.places | of_whole)


def _areas(engine: Engine) -> Areas:
    _, facts = _facts(engine, "held-areas")
    labels = {area: dict(map(_label, _values(facts, "name", area))) for area in facts["name"]}
    return Areas({area: above.split(_JOIN)[0][1:-1] for area, above in facts["above"].items()}, labels)


def _label(value: Term) -> tuple[str, str]:
    parts = literal_parts(value)
    return parts.language, parts.lexical
