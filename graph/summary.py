"""What the home page says: alliances with their initiating units and members, facts by source, what is unknown.

Whatever is counted is counted apart: what is real, and what is illustrative.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from threading import Lock

from graph.engine import Engine
from graph.nodes import Named, Nodes
from graph.quads import Term, text_of
from ontology.display import Labels
from ontology.library import query

TOTALS = ("members", "designations", "programmes", "projects")
"""What the totals count, besides facts; members without the initiating units."""


@dataclass(frozen=True)
class Count:
    """A number of real things and one of illustrative things."""

    real: int = 0
    illustrative: int = 0

    @property
    def total(self) -> int:
        """Both together."""
        return self.real + self.illustrative

    def __add__(self, other: Count) -> Count:
        return Count(self.real + other.real, self.illustrative + other.illustrative)

    def __bool__(self) -> bool:
        return bool(self.total)


NONE = Count()
"""Nothing of either kind."""


@dataclass(frozen=True)
class DocumentFacts:
    """How many facts one document gives, by basis (IRI of the concept)."""

    document: Named
    by_basis: Mapping[str, Count]

    @property
    def facts(self) -> Count:
        """All facts of the document."""
        return sum(self.by_basis.values(), NONE)


@dataclass(frozen=True)
class AllianceSummary:
    """One alliance: who started it, how many members are known, and what the sources of that say altogether.

    ``members`` does not count the initiating units; ``roles`` counts everyone by role.
    """

    alliance: Named
    kind: Named | None
    initiators: tuple[Named, ...]
    initiations: tuple[str, ...]
    members: Count
    roles: tuple[tuple[Named, Count], ...]
    sources: tuple[DocumentFacts, ...]

    def facts(self, basis: str = "") -> Count:
        """Return how many facts its sources give, or how many of them on one basis (``interpreted``, …)."""
        counted = (
            number
            for source in self.sources
            for name, number in source.by_basis.items()
            if not basis or name.endswith(f"/basis/{basis}")
        )
        return sum(counted, NONE)


@dataclass(frozen=True)
class Summary:
    """The figures of the home page; ``totals`` by name (``TOTALS``)."""

    alliances: tuple[AllianceSummary, ...]
    documents: tuple[DocumentFacts, ...]
    bases: Mapping[str, Named]
    totals: Mapping[str, Count]

    @property
    def facts(self) -> Count:
        """All facts of all documents."""
        return sum((document.facts for document in self.documents), NONE)

    def by_basis(self, basis: str) -> Count:
        """Return how many facts have one basis (IRI of the concept)."""
        return sum((document.by_basis.get(basis, NONE) for document in self.documents), NONE)

    def real(self) -> Summary:
        """Return the same without anything illustrative."""
        documents = {one.document.iri: _real(one) for one in self.documents if not one.document.illustrative}
        return Summary(
            alliances=tuple(
                _real_alliance(one, documents) for one in self.alliances if not one.alliance.illustrative
            ),
            documents=tuple(documents.values()),
            bases=self.bases,
            totals={name: Count(count.real) for name, count in self.totals.items()},
        )


def summary(engine: Engine) -> Summary:
    """Return what is known altogether. Takes a dozen queries, whatever the size of the graph."""
    nodes = Nodes(engine)
    documents = _documents(engine, nodes)
    bases = {basis for document in documents for basis in document.by_basis}
    nodes.read(bases)
    totals = _counted(engine.select(query("home-totals").text), "count", "kind")
    return Summary(
        alliances=_alliances(engine, nodes, {found.document.iri: found for found in documents}),
        documents=documents,
        bases={basis: nodes.named(basis) for basis in sorted(bases)},
        totals={name: totals.get((name,), NONE) for name in TOTALS},
    )


class SummaryCache:
    """The summary of an engine's current version, kept until the graph changes: it counts over everything."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._lock = Lock()
        self._held: tuple[int, Summary] | None = None

    def current(self) -> Summary:
        """Return the summary of the engine's version."""
        with self._lock:
            version = self._engine.version
            if self._held is None or self._held[0] != version:
                self._held = version, summary(self._engine)
            return self._held[1]


def site_name(engine: Engine) -> Labels:
    """Return the name of the first alliance, real ones before illustrative ones; empty when there is none."""
    rows = engine.select(query("home-name").text)
    if not rows:
        return {}
    nodes = Nodes(engine)
    nodes.read([name := text_of(rows[0]["alliance"])])
    return nodes.labels(name)


def holds_illustrative(engine: Engine) -> bool:
    """Tell whether anything is marked as invented."""
    return bool(engine.select(query("illustrative-any").text))


def illustrative_count(engine: Engine) -> int:
    """Return how many things are marked as invented."""
    return int(text_of(engine.select(query("home-illustrative").text)[0]["count"]))


def _documents(engine: Engine, nodes: Nodes) -> tuple[DocumentFacts, ...]:
    counted: dict[str, dict[str, Count]] = {}
    facts = _counted(engine.select(query("home-facts").text), "count", "document", "basis")
    for (document, basis), count in facts.items():
        counted.setdefault(document, {})[basis] = count
    nodes.read(counted)
    found = [DocumentFacts(nodes.named(document), by_basis) for document, by_basis in counted.items()]
    return tuple(sorted(found, key=_facts_order))


def _alliances(
    engine: Engine, nodes: Nodes, documents: Mapping[str, DocumentFacts]
) -> tuple[AllianceSummary, ...]:
    rows = _first(engine.select(query("home-alliances").text))
    started = _started(engine)
    members = _counted(engine.select(query("home-members").text), "members", "alliance")
    roles = _counted(engine.select(query("home-roles").text), "members", "alliance", "role")
    nodes.read({text_of(row[name]) for row in rows for name in ("alliance", "kind") if name in row})
    nodes.read({who for found in started.values() for who, _, _ in found} | {role for _, role in roles})
    found = [
        _alliance(nodes, row, started.get(text_of(row["alliance"]), []), members, roles, documents)
        for row in rows
    ]
    return tuple(sorted(found, key=_alliance_order))


def _first(rows: list[dict[str, Term]]) -> list[dict[str, Term]]:
    """Return one row for each alliance, however many kinds it has."""
    return list({row["alliance"]: row for row in reversed(rows)}.values())[::-1]


def _alliance(
    nodes: Nodes,
    row: Mapping[str, Term],
    started: list[tuple[str, str, str]],
    members: Mapping[tuple[str, ...], Count],
    roles: Mapping[tuple[str, ...], Count],
    documents: Mapping[str, DocumentFacts],
) -> AllianceSummary:
    name = text_of(row["alliance"])
    sources = dict.fromkeys(document for _, _, document in started if document in documents)
    return AllianceSummary(
        alliance=nodes.named(name),
        kind=nodes.named(text_of(row["kind"])) if "kind" in row else None,
        initiators=tuple(nodes.named(one) for one in dict.fromkeys(initiator for initiator, _, _ in started)),
        initiations=tuple(dict.fromkeys(membership for _, membership, _ in started)),
        members=members.get((name,), NONE),
        roles=_by_number((nodes.named(role), count) for (of, role), count in roles.items() if of == name),
        sources=tuple(documents[document] for document in sources),
    )


def _by_number(roles: Iterable[tuple[Named, Count]]) -> tuple[tuple[Named, Count], ...]:
    return tuple(sorted(roles, key=lambda one: (-one[1].total, one[0].iri)))


def _started(engine: Engine) -> Mapping[str, list[tuple[str, str, str]]]:
    """Return for each alliance who started it: unit, membership, document (empty: none says so)."""
    found: dict[str, list[tuple[str, str, str]]] = {}
    for row in engine.select(query("home-initiators").text):
        document = text_of(row["document"]) if "document" in row else ""
        started = (text_of(row["initiator"]), text_of(row["membership"]), document)
        found.setdefault(text_of(row["alliance"]), []).append(started)
    return found


def _counted(
    rows: Iterable[Mapping[str, Term]], number: str, *columns: str
) -> Mapping[tuple[str, ...], Count]:
    """Return the counts of rows that tell in ``illustrative`` what they count, by the values of some columns."""
    counted: dict[tuple[str, ...], Count] = {}
    for row in rows:
        key = tuple(text_of(row[column]) for column in columns)
        counts = int(text_of(row[number]))
        is_illustrative = text_of(row["illustrative"]) == "true"
        counted[key] = counted.get(key, NONE) + (Count(0, counts) if is_illustrative else Count(counts))
    return counted


def _facts_order(one: DocumentFacts) -> tuple[int, str]:
    return -one.facts.total, one.document.iri


def _alliance_order(one: AllianceSummary) -> tuple[bool, int, str]:
    return one.alliance.illustrative, -one.members.total, one.alliance.iri


def _real(one: DocumentFacts) -> DocumentFacts:
    return replace(one, by_basis={basis: Count(count.real) for basis, count in one.by_basis.items()})


def _real_alliance(one: AllianceSummary, documents: Mapping[str, DocumentFacts]) -> AllianceSummary:
    return replace(
        one,
        initiators=tuple(who for who in one.initiators if not who.illustrative),
        members=Count(one.members.real),
        roles=tuple((role, Count(count.real)) for role, count in one.roles if count.real),
        sources=tuple(
            documents[source.document.iri] for source in one.sources if source.document.iri in documents
        ),
    )
