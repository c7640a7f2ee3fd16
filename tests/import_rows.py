"""Rows as they are understood, what their names stand for, and a small instance to import them into."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Sequence
from dataclasses import replace
from decimal import Decimal
from functools import cache
from pathlib import Path
from types import TracebackType

from graph.catalogue import Entry, entry_quads
from graph.identity import Identities
from graph.imports.own_names import held_labels
from graph.imports.plan import Plan, plan
from graph.imports.proposal import import_proposal
from graph.imports.records import Area, Concept, Day, Number, Phone, Record, Text, Value
from graph.imports.resolution import Mention, Place, Resolution
from graph.imports.source import Source
from graph.imports.statements import Stated, stated
from graph.journal import Header, Journal
from graph.knowledge import packaged_checks, packaged_rules
from graph.local import LocalEngine
from graph.merge import apply_delta
from graph.oxigraph import OxigraphStore
from graph.quads import Delta, Quad, iri, literal
from graph.repository import Recorded, Repository
from graph.restricted import RestrictedFacts
from graph.sealing import KeyRing
from graph.settle import Knowledge, Outcome, Proposal, settle
from ontology.packaged import packaged_graphs
from ontology.terms import MA, RDF, SKOS
from ontology.workbook import workbook
from samples import BASE, NAMES

TABLE = "名单.xlsx#1.1"
VOCABULARY = "https://w3id.org/medalliance/vocab/"
AREA = "https://w3id.org/medalliance/id/area/"
ALLIANCE = f"{BASE}id/org/alliance"
SOURCE = Source(
    f"{BASE}source/list",
    f"{BASE}source/list/aaaaaaaa",
    "某联盟成员名单",
    "aa" * 32,
    "名单.xlsx",
    alliance=ALLIANCE,
)
_REFERENCE = ("ontology", "vocab")


def version(mark: str, source: Source = SOURCE) -> Source:
    """Return another version of a document."""
    return replace(source, graph=f"{source.document}/{mark * 8}", digest=mark * 64)


def document(name: str) -> Source:
    """Return the first version of another document."""
    made = replace(SOURCE, document=f"{BASE}source/{name}", title=name)
    return version("b", made)


def row(number: int, kind: str = "members", **said: Value | str | int | tuple[Value, ...]) -> Record:
    """Return a row: texts and whole numbers as they are, other values as values, several as a tuple."""
    values = {key: _values(value) for key, value in said.items()}
    return Record(TABLE, "名单.xlsx", "名单", 1, number, kind, values)


def concept(path: str) -> Concept:
    """Return a concept of the vocabularies, such as ``hospital-grade/3a``."""
    return Concept(VOCABULARY + path)


def area(code: str = "220100") -> Area:
    """Return a division."""
    return Area(AREA + code)


def day(text: str) -> Day:
    """Return a date."""
    return Day(text)


def phone(text: str, *, is_mobile: bool = False) -> Phone:
    """Return a telephone number."""
    return Phone(text, is_mobile)


def meant(
    *records: Record, column: str = "name_zh", to: str = "organization", **more: object
) -> list[Resolution]:
    """Return what the names in a column stand for: new things, the same for the same name."""
    places: dict[str, list[Place]] = {}
    for record in records:
        for value in record.values.get(column, ()):
            places.setdefault(value.text, []).append(Place(record.table, record.row, column))  # type: ignore[union-attr]
    return [
        Resolution(
            Mention(f"{to}|{name}|", to, name, places=tuple(found), defining=True),
            **{"how": "new", "is_new": True, **more},  # type: ignore[arg-type]
        )
        for name, found in places.items()
    ]


def known(resolution: Resolution, name: str) -> Resolution:
    """Return a resolution that leads to a thing that is held."""
    return replace(resolution, how="name", iri=name, is_new=False)


def said(
    records: Sequence[Record],
    resolutions: Sequence[Resolution] | None = None,
    source: Source = SOURCE,
    *,
    journal: Journal,
    **more: object,
) -> Stated:
    """Return what rows state, with names that are always the same."""
    identities = Identities(journal, BASE, seed=b"test")
    listed = meant(*records) if resolutions is None else resolutions
    return stated(records, listed, source, identities, workbook(), **more)  # type: ignore[arg-type]


class ScratchEngine(LocalEngine):
    """An engine whose drafts work on a copy."""

    def draft(self, proposal: Proposal, *_: object) -> Outcome:
        """Settle a proposal on a copy."""
        return settle(_copy(self.store), proposal, self.knowledge)


class Instance(Repository):
    """A repository in this process: ontology, vocabularies, an alliance, and what is imported."""

    def __init__(self, folder: Path) -> None:
        self._writing = threading.Lock()
        self.plain, self.names = False, NAMES
        self.journal = Journal(folder / "journal.sqlite", meta={"base": BASE})
        self._keys = KeyRing(folder / "keys.sqlite")
        self.restricted = RestrictedFacts(self.journal, self._keys)
        self.engine = ScratchEngine(_copy(_started()), Knowledge(NAMES, packaged_rules(), packaged_checks()))
        if not self.journal.last().number:
            self.journal.append(Header("", "", ""), Delta(_start()))
        self.engine.version = 1
        for change in self.journal.changes(since=1):
            self.engine.apply(self.journal.delta(change.number), change.number)

    def __enter__(self) -> Instance:
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self._keys.close()
        self.journal.close()

    def said(
        self, records: Sequence[Record], resolutions: Sequence[Resolution], source: Source
    ) -> tuple[Stated, Identities]:
        """Return what rows state, beside what is held."""
        identities = Identities(self.journal, BASE)
        names = [one.iri for one in resolutions if one.iri]
        held = held_labels(self.engine, NAMES, source.document, names)
        return stated(records, resolutions, source, identities, workbook(), held=held), identities

    def planned(
        self,
        records: Sequence[Record],
        resolutions: Sequence[Resolution] | None = None,
        source: Source = SOURCE,
    ) -> Plan:
        """Return the plan of an import."""
        listed = self.matched(records, source) if resolutions is None else resolutions
        made, _ = self.said(records, listed, source)
        return plan(made, source, listed, self.engine, NAMES, self.restricted, workbook())

    def bring(
        self,
        records: Sequence[Record],
        resolutions: Sequence[Resolution] | None = None,
        source: Source = SOURCE,
    ) -> Recorded:
        """Import rows."""
        listed = self.matched(records, source) if resolutions is None else resolutions
        made, identities = self.said(records, listed, source)
        proposal, restricted = import_proposal(made, source, self.engine, NAMES, self.restricted)
        return self.propose(
            proposal,
            who="tester",
            why="a test",
            source=source.title,
            restricted=restricted,
            identities=identities.to_write(),
            expected=self.engine.version,
        )

    def matched(self, records: Iterable[Record], source: Source) -> list[Resolution]:
        """Return what names stand for: what the same document meant before, or new things."""
        return [
            known(one, name) if (name := self.journal.identity(source.document, one.mention.key)) else one
            for one in meant(*records)
        ]

    def state(self) -> tuple[frozenset[Quad], tuple[tuple[str, ...], ...]]:
        """Return the whole graph, with what follows and the default graph, and what is not public."""
        facts = (
            (fact.node, fact.about, fact.visibility, *sorted(map(str, fact.quads)))
            for fact in self.restricted.all()
        )
        return frozenset(self.engine.store.match()), tuple(facts)


def instance(folder: Path) -> Instance:
    """Return an instance in a folder; it has to be closed."""
    folder.mkdir(parents=True, exist_ok=True)
    return Instance(folder)


def _copy(store: OxigraphStore) -> OxigraphStore:
    made = OxigraphStore()
    made.take_over(b"\n".join(store.lines()))
    return made


@cache
def _started() -> OxigraphStore:
    """Return what an instance holds at first."""
    store = OxigraphStore()
    apply_delta(store, Delta(_start()), NAMES.catalogue)
    return store


@cache
def _start() -> frozenset[Quad]:
    """Return ontology, vocabularies, a few divisions and an alliance, with their catalogue and what follows."""
    store, quads = OxigraphStore(), set[Quad]()
    for graph in packaged_graphs():
        if graph.name in _REFERENCE:
            quads.update(store.read(graph.content(), graph.media_type, graph=graph.iri))
            quads.update(entry_quads(Entry.of_packaged(graph), NAMES))
    quads.update(_divisions())
    for entry in Entry.of_instance(NAMES):
        quads.update(entry_quads(entry, NAMES))
    quads.update(entry_quads(Entry.of_derived(NAMES, ()), NAMES))
    alliance = iri(ALLIANCE)
    quads |= {
        Quad(alliance, iri(RDF.type), iri(MA.MedicalAlliance), NAMES.local),
        Quad(alliance, iri(SKOS.prefLabel), literal("示例联盟", language="zh"), NAMES.local),
        Quad(alliance, iri(MA.kind), iri(f"{VOCABULARY}alliance-kind/specialty-alliance"), NAMES.local),
    }
    apply_delta(store, Delta(frozenset(quads)), NAMES.catalogue)
    knowledge = Knowledge(NAMES, packaged_rules())
    return (
        frozenset(quads)
        | settle(store, Proposal(afresh=True, own=True, added=_spark()), knowledge).delta.added
    )


def _divisions() -> Iterable[Quad]:
    graph = "https://w3id.org/medalliance/source/divisions/11111111"
    yield from entry_quads(Entry(graph, "reference", True, digest="11" * 32), NAMES)
    for code, name in (("220000", "吉林省"), ("220100", "长春市"), ("220200", "吉林市")):
        thing = iri(AREA + code)
        yield Quad(thing, iri(RDF.type), iri("https://schema.org/AdministrativeArea"), iri(graph))
        yield Quad(thing, iri(SKOS.prefLabel), literal(name, language="zh"), iri(graph))


def _spark() -> frozenset[Quad]:
    """Return a statement that makes everything be derived afresh."""
    return frozenset({Quad(iri("urn:x:a"), iri("urn:x:b"), iri("urn:x:c"), iri("urn:x:d"))})


def _values(value: Value | str | int | tuple[Value, ...]) -> tuple[Value, ...]:
    if isinstance(value, str):
        return (Text(value),)
    if isinstance(value, int):
        return (Number(Decimal(value)),)
    return value if type(value) is tuple else (value,)  # values are tuples with names
