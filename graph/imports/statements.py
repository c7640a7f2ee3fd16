"""Statements: what records state of the things that they name, as quads, public and restricted apart.

What a sheet, a part or a column means is read from ``ontology/workbook.toml``; here is only how it is said.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from graph.alliances import SPECIALTY_ALLIANCE
from graph.identity import Identities
from graph.imports.naming import Count, Names
from graph.imports.own_names import Held, OwnNames, held_labels
from graph.imports.records import Record
from graph.imports.resolution import Resolution
from graph.imports.row_nodes import RowNode, SheetReader, Unstated
from graph.imports.source import Source
from graph.imports.things import CLASSES, Things
from graph.imports.value_terms import iri_term
from graph.imports.writing import StatementWriter
from graph.quads import Quad, Term, literal
from graph.restricted import Restricted
from ontology.terms import MA, ORG, SKOS
from ontology.workbook import Visibility, Workbook

__all__ = ["Restricted", "Stated", "Unstated", "held_labels", "stated"]

Stricter = Mapping[str, Mapping[str, Visibility]]
"""Table and column to who may see it, where fewer may than the workbook says."""


@dataclass(frozen=True)
class Stated:
    """What an import states.

    Attributes:
        quads: public quads, each once, all in the graph of their source; they may be packed.
        restricted: what is not public.
        rows: node to the row that it comes from: table key and row.
        left_out: cells, and whole rows, that are not stated, and why.
        things: the public things with names that rows speak of, in the order of the rows.
    """

    quads: Collection[Quad]
    restricted: tuple[Restricted, ...] = ()
    rows: Mapping[Term, tuple[str, int]] = field(default_factory=dict)
    left_out: tuple[Unstated, ...] = ()
    things: tuple[Term, ...] = ()


def stated(
    records: Sequence[Record],
    resolutions: Sequence[Resolution],
    source: Source,
    identities: Identities,
    workbook: Workbook,
    *,
    held: Held | None = None,
    stricter: Stricter | None = None,
) -> Stated:
    """Return what the rows of one document state.

    Args:
        records: the rows, understood.
        resolutions: what the names in them stand for.
        source: the document.
        identities: gives new things their names; they have to be written with the change.
        workbook: what sheets and columns mean.
        held: names that other current sources give things, see ``held_labels``.
        stricter: who may see columns that fewer may see than the workbook says.
    """
    identities.load(source.document)
    for identity in workbook.identities.values():
        identities.load(identity.scheme)
    things = Things(resolutions, source, identities, workbook)
    telling = [record for record in records if not things.waits(record)]
    readers = _readers(telling, workbook, source, stricter or {})

    own_names, count = OwnNames(held or {}), Count(things, source)
    for record in telling:
        for node in readers[record.table, record.kind].nodes(record, count):
            own_names.note(node)

    writer = StatementWriter(source, identities, workbook, own_names, count.repeated)
    names, left_out = Names(count, identities), _waiting(records, things)
    for record in telling:
        reader = readers[record.table, record.kind]
        subject = things.at(record, reader.subject_column) if reader.subject_column else ""
        row, position = (record.table, record.row), _position(source, record)
        for node in reader.nodes(record, names, left_out):
            writer.write(node, row, position, subject)
    _write_only_named(writer, things, workbook, source, telling)
    things.remember()
    return Stated(writer.packed(), writer.restricted(), writer.rows, tuple(left_out), tuple(writer.things))


def _write_only_named(
    writer: StatementWriter, things: Things, workbook: Workbook, source: Source, records: Sequence[Record]
) -> None:
    """Write the new things that rows name and no row is about: what they are, and what they are called."""
    named = [pair for pair in things.only_named() if pair[1] not in writer.rows]
    if not named:
        return
    by_row = {(record.table, record.row): record for record in records}
    for resolution, thing in named:
        mention = resolution.mention
        record = next((by_row[p[:2]] for p in mention.places if p[:2] in by_row), None)
        if record is None or thing in writer.rows:
            continue
        node = RowNode("", workbook.identity(CLASSES[mention.to]), "name", base=thing, iri=thing)
        node.facts.append((iri_term(SKOS.prefLabel), literal(mention.text, language="zh")))
        if whole := things.within(resolution):
            node.facts.append((iri_term(ORG.unitOf), whole))
        if mention.to == "alliance":
            node.facts.append((iri_term(MA.kind), iri_term(SPECIALTY_ALLIANCE)))
        writer.write(node, (record.table, record.row), _position(source, record), "")


def _readers(
    records: Sequence[Record], workbook: Workbook, source: Source, stricter: Stricter
) -> Mapping[tuple[str, str], SheetReader]:
    """Return what reads the rows of each table as each kind of sheet that its rows are of."""
    return {
        (table, kind): SheetReader(workbook.sheet(kind), workbook, source, stricter.get(table, {}))
        for table, kind in dict.fromkeys((record.table, record.kind) for record in records)
    }


def _waiting(records: Sequence[Record], things: Things) -> list[Unstated]:
    return [Unstated(one.table, one.row, "", "kept-back") for one in records if things.waits(one)]


def _position(source: Source, record: Record) -> Term:
    """Return a row as something that facts are derived from."""
    return f"<{source.graph}#s{record.sheet_number}r{record.row}>"
