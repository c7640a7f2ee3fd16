"""Graphs for the tests of lists: the illustrative network, and small networks that tests can reckon with."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache

from hypothesis import strategies as st
from page_data import PACKAGED, packaged_quads, with_quads

from graph.catalogue import Entry, entry_quads
from graph.knowledge import packaged_rules
from graph.local import LocalEngine
from graph.oxigraph import OxigraphStore
from graph.quads import Delta, Quad, Term, iri, is_iri, literal
from graph.rules import rederive
from ontology.demo import demo_graphs
from ontology.terms import MA, ORG, RDF, SCHEMA, SKOS, XSD
from samples import HOSTILE, NAMES

VOC = f"{PACKAGED}vocab/"
DAY = date(2026, 11, 23)
HUB, OTHER = "https://example.org/alliance/hub", "https://example.org/alliance/other"


@cache
def demo_quads() -> tuple[Quad, ...]:
    """Return the packaged data and the illustrative network, with what follows from them."""
    store = OxigraphStore()
    store.add(packaged_quads())
    for graph in demo_graphs():
        read = store.read(graph.content(), graph.media_type, graph=graph.iri)
        store.add([*read, *(quad._replace(graph="") for quad in read)])
        store.add(entry_quads(Entry.of_packaged(graph), NAMES))
    derived = Entry.of_derived(NAMES, (rule.text for rule in packaged_rules()))
    store.add(entry_quads(derived, NAMES))
    nodes = {quad.subject for quad in store.match(graph="") if is_iri(quad.subject)}
    rederive(store, packaged_rules(), nodes, NAMES.derived, NAMES.catalogue)
    return tuple(store.match())


def demo_engine() -> LocalEngine:
    """Return an engine of its own over the illustrative network."""
    return with_quads(demo_quads())


# --- A model of a network: what a test changes and reckons with ----------------------------------------------

AREAS: Mapping[str, tuple[str, str]] = {
    "c1": ("county", "p1"),
    "c2": ("county", "p1"),
    "c3": ("county", "p2"),
    "p1": ("prefecture", "n1"),
    "p2": ("prefecture", "n1"),
    "n1": ("province", ""),
}
"""Area to its level and the area above it."""


def area(name: str) -> str:
    return f"https://example.org/area/{name}"


def above(place: str) -> list[str]:
    """Return an area and all above it."""
    return [place, *above(AREAS[place][1])] if place else []


@dataclass(frozen=True)
class Member:
    """One hospital of the model, its department, and its memberships by alliance."""

    number: int
    label: str
    place: str = ""
    grade: str = ""
    ward: str = ""
    kinds: tuple[tuple[str, str, str], ...] = ()
    """Designations of the department: kind, level, state."""
    roles: tuple[tuple[str, str, str, str, str], ...] = ()
    """Memberships: alliance, role, first day, last day, state."""
    invented: bool = False

    @property
    def hospital(self) -> str:
        return f"https://example.org/org/{self.number}"

    @property
    def department(self) -> str:
        return f"{self.hospital}-department"

    def membership(self, place: int) -> str:
        return f"https://example.org/membership/{self.number}-{place}"

    def triples(self) -> Iterator[tuple[str, str, Term]]:
        """Yield what the graph says of it."""
        yield self.hospital, RDF.type, iri(ORG.FormalOrganization)
        yield self.hospital, RDF.type, iri(SCHEMA.Hospital)
        yield self.hospital, SKOS.prefLabel, literal(self.label, language="zh")
        yield self.department, RDF.type, iri(MA.ClinicalDepartment)
        yield self.department, ORG.unitOf, iri(self.hospital)
        if self.place:
            yield self.hospital, SCHEMA.location, iri(area(self.place))
        if self.grade:
            yield self.hospital, MA.grade, iri(f"{VOC}hospital-grade/{self.grade}")
        if self.ward:
            yield self.department, MA.wardLevel, iri(f"{VOC}ward-level/{self.ward}")
        for place, (kind, level, state) in enumerate(self.kinds):
            node = f"https://example.org/designation/{self.number}-{place}"
            yield node, RDF.type, iri(MA.Designation)
            yield node, MA.heldBy, iri(self.department)
            yield node, MA.kind, iri(f"{VOC}designation-kind/{kind}")
            yield node, MA.level, iri(f"{VOC}level/{level}")
            if state:
                yield node, MA.status, iri(f"{VOC}status/{state}")
        for place in range(len(self.roles)):
            yield from self._membership(place)
        if self.invented:
            named = {
                self.hospital,
                self.department,
                *(self.membership(place) for place in range(len(self.roles))),
            }
            for node in sorted(named):
                yield node, MA.illustrative, literal("true", datatype=XSD.boolean)

    def _membership(self, place: int) -> Iterator[tuple[str, str, Term]]:
        node = self.membership(place)
        alliance, role, first, last, state = self.roles[place]
        yield node, RDF.type, iri(MA.AllianceMembership)
        yield node, ORG.member, iri(self.hospital)
        yield node, ORG.organization, iri(alliance)
        if role:
            yield node, ORG.role, iri(f"{VOC}membership-role/{role}")
        for day, properties in (
            (first, (MA.startStated, MA.earliestStart, MA.latestStart)),
            (last, (MA.endStated, MA.earliestEnd, MA.latestEnd)),
        ):
            if day:
                yield from ((node, property_, literal(day, datatype=XSD.date)) for property_ in properties)
        if state:
            yield node, MA.status, iri(f"{VOC}status/{state}")


@dataclass
class Network:
    """A graph that follows a model, with its engine; told a new model it changes as an instance would."""

    members: dict[int, Member] = field(default_factory=dict)
    engine: LocalEngine = field(default_factory=lambda: with_quads(tuple(_surroundings())))
    changed: dict[int, set[Term]] = field(default_factory=dict)

    def become(self, members: Mapping[int, Member]) -> None:
        """Change the graph to another model."""
        before, after = _quads(self.members), _quads(members)
        delta = Delta(frozenset(after - before), frozenset(before - after))
        self.engine.store.add(delta.added)
        self.engine.store.remove(delta.removed)
        self.engine.version += 1
        quads = [*delta.added, *delta.removed]
        self.changed[self.engine.version] = {q.subject for q in quads} | {q.object for q in quads}
        self.members = dict(members)

    def changes(self, after: int, upto: int) -> set[Term]:
        """Return the nodes that changed between two versions."""
        nodes = set().union(*(self.changed[number] for number in range(after + 1, upto + 1)))
        return {node for node in nodes if node.startswith("<")}


def _surroundings() -> Iterator[Quad]:
    for name, (level, over) in AREAS.items():
        yield Quad(iri(area(name)), iri(RDF.type), iri(SCHEMA.AdministrativeArea))
        yield Quad(iri(area(name)), iri(MA.areaLevel), iri(f"{VOC}area-level/{level}"))
        yield Quad(iri(area(name)), iri(SKOS.prefLabel), literal(f"地区{name}", language="zh"))
        if over:
            yield Quad(iri(area(name)), iri(SCHEMA.containedInPlace), iri(area(over)))
    for name, label in ((HUB, "总联盟"), (OTHER, "分联盟")):
        yield Quad(iri(name), iri(RDF.type), iri(MA.MedicalAlliance))
        yield Quad(iri(name), iri(SKOS.prefLabel), literal(label, language="zh"))


def _quads(members: Mapping[int, Member]) -> set[Quad]:
    return {Quad(iri(s), iri(p), o) for one in members.values() for s, p, o in one.triples()}


labels = st.sampled_from(("长春医院", "重庆医院", "第2医院", "第10医院", "安康医院", *HOSTILE))
days = st.sampled_from(("", "2015-01-01", "2026-11-23", "2026-11-24", "2030-12-31"))
memberships = st.tuples(
    st.sampled_from((HUB, OTHER)),
    st.sampled_from(("", "council", "member")),
    days,
    days,
    st.sampled_from(("", "active", "left", "pending", "withdrawn")),
)
designations = st.tuples(
    st.sampled_from(("critical-care-centre", "training-base")),
    st.sampled_from(("provincial", "county")),
    st.sampled_from(("", "active", "revoked")),
)
member_models = st.builds(
    Member,
    number=st.integers(0, 5),
    label=labels,
    place=st.sampled_from(("", *AREAS)),
    grade=st.sampled_from(("", "3a", "2a", "unknown")),
    ward=st.sampled_from(("", "iiia", "i", "unknown")),
    kinds=st.lists(designations, max_size=2).map(tuple),
    roles=st.lists(memberships, max_size=2).map(tuple),
    invented=st.booleans(),
)
networks = st.lists(member_models, max_size=6).map(lambda listed: {one.number: one for one in listed})


def renumbered(one: Member, number: int) -> Member:
    """Return the same hospital under another number."""
    return replace(one, number=number)
