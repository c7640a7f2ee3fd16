"""The draft of an import: all that follows from its files, from what was said of it, and from what is held."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Protocol

from graph.alliances import alliance_quads
from graph.engine import Engine
from graph.findings import Finding
from graph.identity import Identities
from graph.imports.files import ReadFile, ReadFiles, Report
from graph.imports.held_things import adopt_held
from graph.imports.known_names import KnownNames
from graph.imports.mentions import mentions_of
from graph.imports.options import Options, TableChoice
from graph.imports.packaged_things import recognise_packaged
from graph.imports.placed import Places, TableDraft, finding_remarks, unstated_remarks
from graph.imports.plan import EntityChange, Plan, plan
from graph.imports.proposal import import_proposal
from graph.imports.recognition import Recognition, recognised
from graph.imports.reconciliation import remembrance, resolved
from graph.imports.records import Record
from graph.imports.remarks import Remark
from graph.imports.resolution import Mention, Resolution
from graph.imports.rows import Context, records_of
from graph.imports.source import Source
from graph.imports.sources import Sources, Surroundings, sources_of
from graph.imports.staging import Remembered
from graph.imports.statements import Stated, held_labels, stated
from graph.imports.table import Table
from graph.imports.tables import tables_in
from graph.imports.things import CLASSES
from graph.imports.vocabulary import Vocabulary
from graph.journal import Identity, Journal
from graph.names import Names
from graph.quads import Term
from graph.restricted import RestrictedDelta, RestrictedFacts
from graph.settle import Proposal
from ontology.workbook import Visibility, workbook

_NOTHING = Proposal()

Remembering = Callable[[str], Remembered]
"""Told the IRI of a document, returns what was decided about it before."""


class Held(Protocol):
    """What is held, as far as a draft asks: an instance of the graph."""

    @property
    def engine(self) -> Engine:
        """The public graph."""
        ...

    @property
    def journal(self) -> Journal:
        """Where the identities of earlier changes are."""
        ...

    @property
    def names(self) -> Names:
        """Names of the instance."""
        ...

    @property
    def restricted(self) -> RestrictedFacts:
        """What is not public."""
        ...

    @property
    def base(self) -> str:
        """IRI base of what is minted."""
        ...


@dataclass(frozen=True)
class Drafting:
    """What drafts are made with.

    Attributes:
        held: the instance.
        known: the names that are held at its version.
        around: what sources are proposed from.
        remembered: what was decided about documents before.
        seed: what new names are made from.
        report: told about progress.
        checked: whether the checks are asked; without them the draft is made sooner, and the commit asks.
    """

    held: Held
    known: KnownNames
    around: Surroundings
    remembered: Remembering
    seed: bytes
    report: Report
    checked: bool = True


@dataclass(frozen=True)
class Planned:
    """What becomes of one file: its source, what it states, and how the graph changes."""

    source: Source
    stated: Stated
    plan: Plan
    proposal: Proposal
    restricted: RestrictedDelta


@dataclass(frozen=True)
class Draft:
    """An import worked out.

    Attributes:
        version: version of the graph that it was made against.
        files: its files.
        tables: the tables in them.
        sources: which documents they are versions of.
        remarks: what there is to say, by file, sheet, row and column.
        resolutions: what the names in it stand for.
        plans: what becomes of each file.
        identities: what keys stand for after the commit.
        findings: what the checks say.
        new_alliance: what is said of an alliance that it brings.
    """

    version: int
    files: tuple[ReadFile, ...]
    tables: tuple[TableDraft, ...]
    sources: Sources
    remarks: tuple[Remark, ...]
    resolutions: tuple[Resolution, ...]
    plans: tuple[Planned, ...]
    identities: tuple[Identity, ...]
    findings: tuple[Finding, ...] = ()
    new_alliance: Proposal = _NOTHING

    @cached_property
    def plan(self) -> Plan:
        """The plan of all files together."""
        return joined([one.plan for one in self.plans], self.version)

    @property
    def proposal(self) -> Proposal:
        """What is wanted of the public graph."""
        return _joined_proposals([self.new_alliance, *(one.proposal for one in self.plans)])

    @property
    def restricted(self) -> RestrictedDelta:
        """What comes and goes of restricted records."""
        deltas = [one.restricted for one in self.plans]
        return RestrictedDelta(
            tuple(one for delta in deltas for one in delta.added),
            tuple(one for delta in deltas for one in delta.removed),
        )

    @property
    def records(self) -> int:
        """How many rows say something."""
        return sum(len(table.records) for table in self.tables)

    @property
    def errors(self) -> int:
        """How many remarks stand in the way."""
        return sum(remark.severity == "error" for remark in self.remarks)


def drafted(files: ReadFiles, options: Options, drafting: Drafting) -> Draft:
    """Return the draft of an import."""
    version = drafting.held.engine.version
    found = [table for file in files.files for table in _tables_of(file)]
    sources = sources_of(files.files, found, options, drafting.around)
    tables = _understood(found, sources, options, drafting)
    draft = _matched(Draft(version, files.files, tables, sources, (), (), (), ()), options, drafting)
    if drafting.checked:
        draft = _checked(draft, options, drafting)
    remarks = [*files.remarks, *sources.remarks, *_remarks_of(tables), *draft.remarks]
    return replace(draft, remarks=tuple(sorted(remarks, key=_reading_order(files.files))))


def _tables_of(file: ReadFile) -> list[Table]:
    return [table for grid in file.grids for table in tables_in(grid)]


def _understood(
    tables: Sequence[Table], sources: Sources, options: Options, drafting: Drafting
) -> tuple[TableDraft, ...]:
    """Return what the rows of tables say."""
    vocabulary = Vocabulary.of(drafting.held.engine)
    total, done, understood = sum(len(table.rows) for table in tables), 0, []
    for table in tables:
        source = sources.by_file[table.file]
        context = Context(source.area, source.crs, drafting.around.today, vocabulary)
        recognition = _recognition(table, options, drafting.remembered(source.document))
        understood.append(_table_draft(table, recognition, context))
        done += len(table.rows)
        drafting.report("check", done, total)
    return tuple(understood)


def _recognition(table: Table, options: Options, remembered: Remembered) -> Recognition:
    choice = options.mapping.get(table.key)
    kind = remembered.sheets.get(table.sheet, "")
    if choice is None and kind:
        choice = TableChoice(kind)
    kinds = [kind] if kind in remembered.columns else list(remembered.columns)
    headings = {heading: key for one in kinds for heading, key in remembered.columns[one].items()}
    return recognised(table, headings, choice)


def _table_draft(table: Table, recognition: Recognition, context: Context) -> TableDraft:
    if not recognition.used:
        return TableDraft(table, recognition)
    understood = records_of(table, recognition, context)
    return TableDraft(table, recognition, understood.records, understood.empty, understood.remarks)


def _remarks_of(tables: Iterable[TableDraft]) -> Iterable[Remark]:
    for one in tables:
        yield from one.recognition.remarks
        yield from one.remarks


def _matched(draft: Draft, options: Options, drafting: Drafting) -> Draft:
    """Return the draft with its names looked up and its statements planned."""
    records = [record for table in draft.tables for record in table.records]
    drafting.report("match", 0, len(records))
    identities = Identities(drafting.held.journal, drafting.held.base, drafting.seed)
    recognise_packaged(identities, drafting.held.engine, drafting.held.names, workbook())
    documents = tuple(dict.fromkeys(source.document for source in draft.sources.by_file.values()))
    area = next((source.area for source in draft.sources.by_file.values()), "")
    mentions = mentions_of(records, workbook())
    resolutions = resolved(
        mentions,
        drafting.known,
        decisions={**_of_returned(draft.files, mentions), **options.decisions},
        remembered=identities.known,
        documents=documents,
        area=area,
        accept_new=options.accept_new,
    )
    sources, new_alliance = _with_alliance(draft.sources, identities, drafting.held.names)
    _name_shared(resolutions, sources, identities)
    stricter = {one.table.key: one.recognition.visibility() for one in draft.tables}
    drafting.report("plan", 0, len(records))
    plans = tuple(
        _planned(file.name, records, resolutions, sources.by_file[file.name], identities, stricter, drafting)
        for file in draft.files
        if any(record.file == file.name for record in records)
    )
    for scheme, key, iri in remembrance(resolutions, documents):
        identities.remember(scheme, key, iri)
    matched = replace(
        draft,
        sources=sources,
        resolutions=tuple(resolutions),
        plans=plans,
        identities=tuple(identities.to_write()),
        new_alliance=new_alliance,
    )
    unstated = [one for planned in plans for one in planned.stated.left_out]
    return replace(matched, remarks=tuple(unstated_remarks(unstated, _places(matched))))


def _of_returned(files: Iterable[ReadFile], mentions: Sequence[Mention]) -> dict[str, str]:
    """Return what workbooks that were sent out say of the names in them."""
    return {
        key: thing
        for file in files
        if file.back
        for key, thing in file.back.decisions(_named_in(file, mentions)).items()
    }


def _named_in(file: ReadFile, mentions: Sequence[Mention]) -> list[Mention]:
    start = f"{file.name}#"
    return [one for one in mentions if all(place.table.startswith(start) for place in one.places)]


def _with_alliance(sources: Sources, identities: Identities, names: Names) -> tuple[Sources, Proposal]:
    """Return the sources with the alliance that the import brings, and what is said of it."""
    if not sources.new_alliance:
        return sources, _NOTHING
    area = next(iter(sources.by_file.values())).area
    alliance, quads = alliance_quads(identities, names, sources.new_alliance, area=area)
    by_file = {file: replace(source, alliance=alliance) for file, source in sources.by_file.items()}
    labels = {**sources.labels, alliance: {"zh": sources.new_alliance, "en": sources.new_alliance}}
    return replace(sources, by_file=by_file, labels=labels), Proposal(added=quads)


def _name_shared(resolutions: Sequence[Resolution], sources: Sources, identities: Identities) -> None:
    """Give new things of which several files speak one name for all of them.

    Who speaks of a department speaks of its institution.
    """
    places = {one.mention.key: [*one.mention.places] for one in resolutions}
    for one in resolutions:
        places.get(one.mention.within, []).extend(one.mention.places)
    for one in resolutions:
        files = dict.fromkeys(place.table.rpartition("#")[0] for place in places[one.mention.key])
        if len(files) < 2 or not one.is_new or one.iri or one.mention.within:
            continue
        documents = [sources.by_file[file].document for file in files]
        kind = workbook().identity(CLASSES[one.mention.to]).kind
        name = identities.iri(kind, documents[0], one.mention.key)
        for document in documents[1:]:
            identities.remember(document, one.mention.key, name)


def _planned(
    file: str,
    records: Sequence[Record],
    resolutions: Sequence[Resolution],
    source: Source,
    identities: Identities,
    stricter: Mapping[str, Mapping[str, Visibility]],
    drafting: Drafting,
) -> Planned:
    held, own = drafting.held, [record for record in records if record.file == file]
    iris = {resolution.iri for resolution in resolutions if resolution.iri}
    labels = held_labels(held.engine, held.names, source.document, iris)
    adopt_held(identities, held.engine, workbook(), iris)
    said = stated(own, resolutions, source, identities, workbook(), held=labels, stricter=stricter)
    planned = plan(said, source, resolutions, held.engine, held.names, held.restricted, workbook())
    proposal, restricted = import_proposal(said, source, held.engine, held.names, held.restricted)
    return Planned(source, said, planned, proposal, restricted)


def _checked(draft: Draft, options: Options, drafting: Drafting) -> Draft:
    """Return the draft with what the checks say of it; rows at fault are left out where the reader said so."""
    drafting.report("settle", 0, 0)
    checked = with_findings(draft, drafting.held.engine.draft(draft.proposal).findings)
    at_fault = _rows_at_fault(checked)
    if not (options.leave_out_errors and at_fault):
        return checked
    errors = [remark for remark in checked.remarks if remark.severity == "error"]
    fewer = _matched(_without(draft, at_fault), options, drafting)
    fewer = with_findings(fewer, drafting.held.engine.draft(fewer.proposal).findings)
    return replace(fewer, remarks=(*fewer.remarks, *errors))


def with_findings(draft: Draft, findings: Sequence[Finding]) -> Draft:
    """Return a draft with what the checks found, and remarks that say it of rows."""
    remarks = [*draft.remarks, *finding_remarks(findings, _places(draft))]
    ordered = sorted(remarks, key=_reading_order(draft.files))
    return replace(draft, findings=tuple(findings), remarks=tuple(ordered))


def _places(draft: Draft) -> Places:
    rows: dict[Term, tuple[str, int]] = {}
    for planned in draft.plans:
        rows |= planned.stated.rows
    return Places(draft.tables, rows)


def _rows_at_fault(draft: Draft) -> set[tuple[str, int]]:
    places = _places(draft)
    nodes = (finding.node for finding in draft.findings if finding.severity == "violation")
    return {row for row in map(places.row_of, nodes) if row}


def _without(draft: Draft, rows: set[tuple[str, int]]) -> Draft:
    tables = [
        replace(
            one, records=tuple(record for record in one.records if (record.table, record.row) not in rows)
        )
        for one in draft.tables
    ]
    return replace(draft, tables=tuple(tables))


def joined(plans: Sequence[Plan], version: int) -> Plan:
    """Return the plan of several files as one; a thing of which several files speak is told once."""
    if len(plans) == 1:
        return plans[0]
    entities = _joined_entities([entity for one in plans for entity in one.entities])
    omitted = sum(one.omitted for one in plans)
    counts: Counter[str] = Counter()
    if omitted:
        for one in plans:
            counts.update(one.counts)
    else:
        counts.update(entity.what for entity in entities)
        counts["disagreeing"] = sum(bool(entity.disagreements) for entity in entities)
    return Plan(
        version=version,
        digest=hashlib.sha256("\n".join(one.digest for one in plans).encode()).hexdigest(),
        entities=entities,
        added=sum(one.added for one in plans),
        removed=sum(one.removed for one in plans),
        withdrawn=tuple(title for one in plans for title in one.withdrawn),
        counts=dict(counts),
        omitted=omitted,
    )


_STRONGEST = ("added", "changed", "kept-back", "left", "same")


def _joined_entities(entities: Iterable[EntityChange]) -> tuple[EntityChange, ...]:
    found: dict[object, EntityChange] = {}
    for entity in entities:
        key = entity.iri or entity.rows
        if key in found:
            before = found[key]
            entity = replace(
                before,
                what=min(before.what, entity.what, key=_STRONGEST.index),
                rows=(*before.rows, *entity.rows),
                facts=(*before.facts, *entity.facts),
                disagreements=(*before.disagreements, *entity.disagreements),
            )
        found[key] = entity
    return tuple(found.values())


def _joined_proposals(proposals: Sequence[Proposal]) -> Proposal:
    return Proposal(
        added=frozenset().union(*(one.added for one in proposals)),
        removed=frozenset().union(*(one.removed for one in proposals)),
        sources=tuple(source for one in proposals for source in one.sources),
    )


def _reading_order(files: Sequence[ReadFile]) -> Callable[[Remark], tuple[int, str, int, int]]:
    order = {file.name: number for number, file in enumerate(files, 1)}
    sheets = {(file.name, grid.sheet): grid.number for file in files for grid in file.grids}

    def place(remark: Remark) -> tuple[int, str, int, int]:
        number = sheets.get((remark.file, remark.sheet), 0)
        return order.get(remark.file, 0), f"{number:05}{remark.sheet}", remark.row, remark.column

    return place
