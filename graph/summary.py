"""What the home page says: alliances with their initiating units and members, facts by source, what is unknown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from graph.engine import Engine
from graph.nodes import Named, Nodes
from graph.quads import text_of
from ontology.display import Labels
from ontology.library import query


@dataclass(frozen=True)
class DocumentFacts:
    """How many facts one document gives, by basis (IRI of the concept)."""

    document: Named
    by_basis: Mapping[str, int]

    @property
    def facts(self) -> int:
        """All facts of the document."""
        return sum(self.by_basis.values())


@dataclass(frozen=True)
class AllianceSummary:
    """One alliance: who started it, how many members are known, and what the sources of that say altogether.

    ``members`` does not count the initiating units; ``roles`` counts everyone by role.
    """

    alliance: Named
    kind: Named | None
    initiators: tuple[Named, ...]
    initiations: tuple[str, ...]
    members: int
    roles: tuple[tuple[Named, int], ...]
    sources: tuple[DocumentFacts, ...]

    def facts(self, basis: str = "") -> int:
        """Return how many facts its sources give, or how many of them on one basis (``interpreted``, …)."""
        return sum(
            number
            for source in self.sources
            for name, number in source.by_basis.items()
            if not basis or name.endswith(f"/basis/{basis}")
        )


@dataclass(frozen=True)
class Summary:
    """The figures of the home page."""

    alliances: tuple[AllianceSummary, ...]
    documents: tuple[DocumentFacts, ...]
    bases: Mapping[str, Named]
    illustrative: int

    @property
    def facts(self) -> int:
        """All facts of all documents."""
        return sum(document.facts for document in self.documents)


def summary(engine: Engine) -> Summary:
    """Return what is known altogether. Takes seven queries, whatever the size of the graph."""
    nodes = Nodes(engine)
    documents = _documents(engine, nodes)
    bases = {basis for document in documents for basis in document.by_basis}
    nodes.read(bases)
    return Summary(
        alliances=_alliances(engine, nodes, {found.document.iri: found for found in documents}),
        documents=documents,
        bases={basis: nodes.named(basis) for basis in sorted(bases)},
        illustrative=_count(engine, "home-illustrative"),
    )


def site_name(engine: Engine) -> Labels:
    """Return the name of the first alliance, real ones before illustrative ones; empty when there is none."""
    rows = engine.select(query("home-name").text)
    if not rows:
        return {}
    nodes = Nodes(engine)
    nodes.read([name := text_of(rows[0]["alliance"])])
    return nodes.labels(name)


def illustrative_count(engine: Engine) -> int:
    """Return how many things are marked as invented."""
    return _count(engine, "home-illustrative")


def _count(engine: Engine, name: str) -> int:
    return int(text_of(engine.select(query(name).text)[0]["count"]))


def _documents(engine: Engine, nodes: Nodes) -> tuple[DocumentFacts, ...]:
    counted: dict[str, dict[str, int]] = {}
    for row in engine.select(query("home-facts").text):
        by_basis = counted.setdefault(text_of(row["document"]), {})
        by_basis[text_of(row["basis"])] = int(text_of(row["count"]))
    nodes.read(counted)
    found = [DocumentFacts(nodes.named(document), by_basis) for document, by_basis in counted.items()]
    return tuple(sorted(found, key=lambda one: (-one.facts, one.document.iri)))


def _alliances(
    engine: Engine, nodes: Nodes, documents: Mapping[str, DocumentFacts]
) -> tuple[AllianceSummary, ...]:
    rows = engine.select(query("home-alliances").text)
    started = _grouped(engine, "home-initiators", "initiator", "membership", "document")
    roles = _grouped(engine, "home-roles", "role", "members")
    nodes.read(
        {text_of(row["alliance"]) for row in rows} | {text_of(row["kind"]) for row in rows if "kind" in row}
    )
    nodes.read({row[0] for found in (started, roles) for rows_ in found.values() for row in rows_})
    return tuple(
        _alliance(nodes, row, started.get(text_of(row["alliance"]), []), roles, documents)
        for row in _first(rows)
    )


def _first(rows: list[dict[str, str]]) -> list[dict[str, str]]:
    """Return one row for each alliance, however many kinds it has."""
    return list({row["alliance"]: row for row in reversed(rows)}.values())[::-1]


def _alliance(
    nodes: Nodes,
    row: Mapping[str, str],
    started: list[tuple[str, ...]],
    roles: Mapping[str, list[tuple[str, ...]]],
    documents: Mapping[str, DocumentFacts],
) -> AllianceSummary:
    name = text_of(row["alliance"])
    sources = dict.fromkeys(document for _, _, document in started if document in documents)
    return AllianceSummary(
        alliance=nodes.named(name),
        kind=nodes.named(text_of(row["kind"])) if "kind" in row else None,
        initiators=tuple(nodes.named(one) for one in dict.fromkeys(initiator for initiator, _, _ in started)),
        initiations=tuple(dict.fromkeys(membership for _, membership, _ in started)),
        members=int(text_of(row["members"])),
        roles=tuple((nodes.named(role), int(number)) for role, number in roles.get(name, ())),
        sources=tuple(documents[document] for document in sources),
    )


def _grouped(engine: Engine, name: str, *columns: str) -> dict[str, list[tuple[str, ...]]]:
    """Return the rows of a query by alliance; a value that is missing is an empty string."""
    found: dict[str, list[tuple[str, ...]]] = {}
    for row in engine.select(query(name).text):
        values = tuple(text_of(row[column]) if column in row else "" for column in columns)
        found.setdefault(text_of(row["alliance"]), []).append(values)
    return found
