"""A small instance in this process: the packaged facts, and workbooks that are taken into it without checks.

What is not public is kept in the open, so that a test can look at it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import cast

from page_data import ALLIANCE, packaged_quads

from graph.catalogue import Entry, entry_quads
from graph.identity import Identities
from graph.imports.aside import is_aside
from graph.imports.grid import Grid
from graph.imports.held_rows import HeldRows, HeldSheet, Selection
from graph.imports.held_workbook import held_rows
from graph.imports.known_names import KnownNames
from graph.imports.mentions import mentions_of
from graph.imports.packaged_things import recognise_packaged
from graph.imports.packaged_vocabulary import packaged_vocabulary
from graph.imports.proposal import import_proposal
from graph.imports.reading import read_file
from graph.imports.recognition import recognised
from graph.imports.reconciliation import remembrance, resolved
from graph.imports.records import Record
from graph.imports.remarks import Remark
from graph.imports.resolution import Mention
from graph.imports.rows import Context, records_of
from graph.imports.source import Source
from graph.imports.statements import Stated, held_labels, stated
from graph.imports.tables import tables_in
from graph.journal import Header, Journal
from graph.local import LocalEngine
from graph.oxigraph import OxigraphStore
from graph.quads import Delta, Quad, Term, iri
from graph.restricted import Restricted, RestrictedDelta, RestrictedFact, RestrictedFacts
from graph.settle import Knowledge
from ontology.workbook import workbook
from samples import BASE, NAMES

TODAY = date(2026, 11, 23)


class OpenFacts:
    """What is not public, in the open: stands in for ``RestrictedFacts``."""

    def __init__(self) -> None:
        self.held: dict[Term, tuple[Restricted, ...]] = {}

    def difference(self, graph: Term, wanted: Sequence[Restricted]) -> RestrictedDelta:
        self.held[graph] = tuple(wanted)
        return RestrictedDelta(tuple(wanted))

    def of_graph(self, graph: Term) -> tuple[RestrictedFact, ...]:
        self.held.pop(graph, None)
        return ()

    @property
    def quads(self) -> list[Quad]:
        return [quad for listed in self.held.values() for one in listed for quad in one.quads]


@dataclass
class Taken:
    """What became of a workbook that was taken in."""

    stated: Stated
    delta: Delta
    mentions: list[Mention]
    remarks: list[Remark] = field(default_factory=list)
    open: list[str] = field(default_factory=list)


class SmallInstance:
    """The packaged facts, and what was taken in."""

    def __init__(self, folder: Path, quads: Sequence[Quad] | None = None) -> None:
        store = OxigraphStore()
        store.add(packaged_quads() if quads is None else quads)
        own = [quad for entry in Entry.of_instance(NAMES) for quad in entry_quads(entry, NAMES)]
        store.add([*own, *(quad._replace(graph="") for quad in own)])
        self.engine = LocalEngine(store, Knowledge(NAMES))
        self.journal = Journal(folder / "journal.sqlite", meta={"base": BASE})
        self.facts = OpenFacts()

    def close(self) -> None:
        self.journal.close()

    def take(
        self,
        data: bytes,
        *,
        document: str = "list",
        alliance: str = ALLIANCE,
        dated: str = "",
        received: str = "",
        grids: Sequence[Grid] | None = None,
        decisions: Mapping[str, str] | None = None,
    ) -> Taken:
        """Take a workbook in; every name that nobody holds is a new thing."""
        source = replace(self._source(data, document, alliance), dated=dated, received=received)
        listed = read_file("list.xlsx", data) if grids is None else list(grids)
        remarks: list[Remark] = []
        records = list(self._records(listed, source, remarks))
        identities = Identities(self.journal, BASE)
        recognise_packaged(identities, self.engine, NAMES, workbook())
        mentions = mentions_of(records, workbook())
        resolutions = resolved(
            mentions,
            KnownNames.of(self.engine),
            decisions=decisions or {},
            remembered=identities.known,
            documents=(source.document,),
            accept_new=True,
        )
        iris = {one.iri for one in resolutions if one.iri}
        labels = held_labels(self.engine, NAMES, source.document, iris)
        said = stated(records, resolutions, source, identities, workbook(), held=labels)
        facts = cast(RestrictedFacts, self.facts)
        proposal, _ = import_proposal(said, source, self.engine, NAMES, facts)
        delta = self.engine.draft(proposal).delta
        for scheme, key, thing in remembrance(resolutions, (source.document,)):
            identities.remember(scheme, key, thing)
        change = self.journal.append(Header("", "", ""), delta, identities.to_write())
        self.engine.apply(delta, change.number)
        waiting = [one.mention.key for one in resolutions if one.kept_back]
        return Taken(said, delta, mentions, remarks, waiting)

    def rows(
        self, selection: Selection | None = None, *, graph: Term = "", internal: bool = True
    ) -> HeldRows:
        """Return what is held, as rows."""
        restricted = self.facts.quads if internal else []
        return held_rows(self.engine, NAMES, "zh", selection, restricted=restricted, graph=graph)

    def graph_of(self, data: bytes, document: str = "list") -> Term:
        """Return the graph of a workbook that was taken in."""
        return iri(self._source(data, document, "").graph)

    def said_by(self, graph: Term) -> set[tuple[Term, Term, Term]]:
        """Return what a graph says, and what is not public of it, apart from the rows that it comes from."""
        open_ = [quad for quad in self.facts.quads if quad.graph == graph]
        derived = "<http://www.w3.org/ns/prov#wasDerivedFrom>"
        return {quad[:3] for quad in [*self.engine.quads(graph), *open_] if quad.predicate != derived}

    def _source(self, data: bytes, document: str, alliance: str) -> Source:
        digest = hashlib.sha256(data).hexdigest()
        graph = NAMES.source(document, digest)
        return Source(f"{BASE}source/{document}", graph, document, digest, "list.xlsx", alliance=alliance)

    def _records(self, grids: Sequence[Grid], source: Source, remarks: list[Remark]) -> Iterator[Record]:
        context = Context(source.area, source.crs, TODAY, packaged_vocabulary())
        for table in (table for grid in grids if not is_aside(grid) for table in tables_in(grid)):
            recognition = recognised(table)
            remarks += recognition.remarks
            if recognition.used:
                understood = records_of(table, recognition, context)
                remarks += understood.remarks
                yield from understood.records


def texts(sheets: Collection[HeldSheet]) -> dict[str, list[dict[str, str]]]:
    """Return what the cells of sheets say, in the order of what they say."""
    return {
        sheet.kind.key: sorted(
            ({key: cell.text for key, cell in row.cells.items()} for row in sheet.rows),
            key=lambda row: sorted(row.items()),
        )
        for sheet in sheets
    }
