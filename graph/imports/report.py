"""The report of an import as JSON: what was read, what is to be said of it, and what the graph would become.

It is bounded: long lists are cut, with their totals beside them, and ``part`` returns any stretch of the whole. Texts
for people come in both languages.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from itertools import islice
from typing import Any

from graph.imports.draft import Draft
from graph.imports.options import Options
from graph.imports.placed import TableDraft
from graph.imports.plan import EntityChange, FactChange
from graph.imports.recognition import RecognisedColumn
from graph.imports.remarks import Remark
from graph.imports.resolution import Candidate, Resolution
from graph.imports.source import Source
from graph.imports.staging import FileNote
from graph.quads import text_of
from ontology.workbook import workbook

Json = dict[str, Any]
Labels = Mapping[str, Mapping[str, str]]
"""IRI of a thing to its names by language."""

MOST = {"remarks": 200, "resolutions": 200, "entities": 200, "tables": 100, "findings": 100}
"""Entries of each list that the report itself holds."""
FACTS = 60
"""Facts told of one thing."""
PLACES = 50
"""Places told of one name."""
SAMPLE_LENGTH = 80
"""Characters of a value that is shown."""
LANGUAGES = ("zh", "en")

OPEN = ("candidates", "ambiguous")
"""How a name is left that only a person can decide."""
CHANGES = ("added", "changed", "kept-back", "left", "same")
"""What may become of a thing, in the order in which it is told."""


@dataclass(frozen=True)
class About:
    """What is said of an import beside its draft.

    Attributes:
        id: its name (empty: it is kept nowhere).
        state: what became of it.
        made, by: when it came, and who brought it.
        options: what was said of it.
        files: its files as they came.
        change, undone_by: numbers of the changes that wrote it and took it back.
        labels: names of what the report names by IRI.
    """

    id: str
    state: str
    made: str
    by: str
    options: Options = field(default_factory=Options)
    files: tuple[FileNote, ...] = ()
    change: int | None = None
    undone_by: int | None = None
    labels: Labels = field(default_factory=dict)


def report(draft: Draft, about: About) -> Json:
    """Return the report of an import that is worked out."""
    plan, why_not = draft.plan, list(obstacles(draft, about))
    return {
        **head(about),
        "version": draft.version,
        "digest": plan.digest,
        "source": _source(next(iter(draft.sources.by_file.values()), None), draft, about),
        "sources": [_source(source, draft, about) for source in draft.sources.by_file.values()],
        "proposed": dict(draft.sources.proposed),
        "files": [_file(file, draft) for file in draft.files],
        "tables_total": len(draft.tables),
        "tables": _first("tables", (_table(one) for one in draft.tables)),
        "remarks": {
            "errors": draft.errors,
            "warnings": _count(draft, "warning"),
            "infos": _count(draft, "info"),
            "total": len(draft.remarks),
            "items": _first("remarks", map(remark_json, draft.remarks)),
        },
        "unknown": list(_unknown(draft.tables)),
        "resolutions_total": sum(not one.follows for one in draft.resolutions),
        "resolution_counts": _resolution_counts(draft.resolutions),
        "resolutions": part(draft, about, "resolutions", 0, MOST["resolutions"])["items"],
        "plan": {
            "added": plan.added,
            "removed": plan.removed,
            "counts": _plan_counts(draft),
            "entities_total": len(plan.entities) + plan.omitted,
            "entities": part(draft, about, "entities", 0, MOST["entities"])["items"],
            "withdrawn": list(plan.withdrawn),
            "restricted": len(draft.restricted.added),
        },
        "findings_total": len(draft.findings),
        "findings": _first("findings", map(asdict, _serious(draft))),
        "can_commit": about.state == "staged" and not why_not,
        "why_not": why_not,
    }


def head(about: About) -> Json:
    """Return what is said of an import before anything is known of its files."""
    return {
        "id": about.id,
        "state": about.state,
        "made": about.made,
        "by": about.by,
        "why": about.options.why,
        "options": {
            "accept_new": about.options.accept_new,
            "leave_out_errors": about.options.leave_out_errors,
        },
        "received": [{"name": file.name, "sha256": file.digest, "bytes": file.size} for file in about.files],
        "progress": None,
        "change": about.change,
        "undone_by": about.undone_by,
    }


def part(draft: Draft, about: About, which: str, offset: int, limit: int, show: str = "") -> Json:
    """Return a stretch of one of the lists.

    Args:
        draft, about: the import.
        which: ``remarks``, ``resolutions``, ``entities`` or ``tables``.
        offset: how many entries to leave out.
        limit: most entries.
        show: only these: a severity for remarks; ``open``, ``unlike``, ``decided`` or ``found`` for resolutions;
            what becomes of it, or ``disagreeing``, for entities. Empty: all, but of the entities those that stay.

    Raises:
        KeyError: there is no such list.
    """
    listed, written = _LISTS[which]
    found = listed(draft, show)
    shown = islice(found, offset, offset + limit)
    return {"total": len(found), "offset": offset, "items": [written(one, about) for one in shown]}


def lasting(said: Json) -> Json:
    """Return a report without what cells hold: the part that may be kept when the files are gone."""
    return {
        **said,
        "tables": [
            {**table, "columns": [{**column, "sample": []} for column in table["columns"]]}
            for table in said.get("tables", [])
        ],
        "remarks": {
            **said.get("remarks", {}),
            "items": [{**one, "value": ""} for one in said.get("remarks", {}).get("items", [])],
        },
        "plan": {
            **said.get("plan", {}),
            "entities": [_without_restricted(one) for one in said.get("plan", {}).get("entities", [])],
        },
        "progress": None,
        "can_commit": False,
        "why_not": [],
    }


def obstacles(draft: Draft, about: About) -> Iterator[dict[str, str]]:
    """Yield why an import cannot be committed as it is."""
    if draft.errors and not about.options.leave_out_errors:
        yield _obstacle("commit-errors", count=draft.errors)
    elif any(finding.severity == "violation" for finding in draft.findings):
        yield _obstacle("commit-checks")
    if draft.files and all(file.back and not file.back.changed for file in draft.files):
        yield _obstacle("commit-unchanged")
    elif not draft.records:
        yield _obstacle("commit-no-rows")
    elif not draft.plan.added and not draft.plan.removed and _all_kept_back(draft):
        yield _obstacle(
            "commit-kept-back", count=sum(one.kept_back and not one.follows for one in draft.resolutions)
        )


def iris_of(draft: Draft) -> set[str]:
    """Return the IRIs that a report of a draft gives names of."""
    sources = draft.sources.by_file.values()
    named = {iri for source in sources for iri in (source.alliance, source.area)}
    named |= {resolution.mention.area for resolution in draft.resolutions}
    named |= {resolution.iri for resolution in draft.resolutions if not resolution.is_new}
    return named - {""}


def _all_kept_back(draft: Draft) -> bool:
    return any(one.kept_back for one in draft.resolutions) and not any(
        planned.stated.rows for planned in draft.plans
    )


def _obstacle(code: str, **said: object) -> dict[str, str]:
    remark = Remark(code, "error", said=said)
    return {"code": code, **{tag: f"{remark.what(tag)}{_gap(tag)}{remark.remedy(tag)}" for tag in LANGUAGES}}


def _gap(language: str) -> str:
    return "" if language == "zh" else " "


def _first(which: str, items: Iterable[Any]) -> list[Any]:
    return list(islice(items, MOST[which]))


def _count(draft: Draft, severity: str) -> int:
    return sum(remark.severity == severity for remark in draft.remarks)


def _serious(draft: Draft) -> Iterator[Any]:
    return (finding for finding in draft.findings if finding.severity != "info")


def _source(source: Source | None, draft: Draft, about: About) -> Json:
    if source is None:
        return {
            "title": "",
            "document": "",
            "dated": "",
            "alliance": None,
            "area": None,
            "crs": "",
            "file": "",
        }
    return {
        "title": source.title,
        "document": source.document,
        "dated": source.dated,
        "alliance": source.alliance,
        "alliance_labels": dict(draft.sources.labels.get(source.alliance, {})),
        "area": source.area,
        "area_labels": dict(about.labels.get(source.area, {})),
        "crs": source.crs,
        "why": about.options.why,
        "file": source.file,
        "replaces": draft.sources.replaced.get(source.file, ""),
    }


def _file(file: Any, draft: Draft) -> Json:
    return {
        "name": file.name,
        "sha256": file.digest,
        "bytes": file.size,
        "sheets": [
            {
                "sheet": grid.sheet,
                "hidden": grid.hidden,
                "tables": [
                    one.table.key
                    for one in draft.tables
                    if (one.table.file, one.table.sheet_number) == (file.name, grid.number)
                ],
            }
            for grid in file.grids
        ],
    }


def _table(one: TableDraft, _: About | None = None) -> Json:
    table, recognition = one.table, one.recognition
    return {
        "key": table.key,
        "file": table.file,
        "sheet": table.sheet,
        "hidden": table.hidden,
        "titles": list(table.titles),
        "header_row": table.header_row,
        "rows": len(table.rows),
        "kind": recognition.kind,
        "recognised_by": recognition.recognised_by,
        "suggested": list(recognition.suggested),
        "columns": [_column(column) for column in recognition.columns],
        "left_out_total": len(table.left_out),
        "left_out": [{"row": left.row, "reason": left.reason} for left in table.left_out[:PLACES]],
        "used": recognition.used,
    }


def _column(column: RecognisedColumn) -> Json:
    return {
        "column": column.column,
        "heading": column.heading,
        "key": column.key,
        "recognised_by": column.recognised_by,
        "visibility": column.visibility,
        "suggestions": list(column.suggestions),
        "filled": column.filled,
        "sample": [text[:SAMPLE_LENGTH] for text in column.sample],
    }


def remark_json(remark: Remark, _: About | None = None) -> Json:
    """Return a remark as JSON, its texts in both languages, a long value cut short."""
    said = remark.said_in_both()
    return {**said, "value": said["value"][:SAMPLE_LENGTH]}


def _unknown(tables: Iterable[TableDraft]) -> Iterator[Json]:
    """Yield, for each column of the kinds of sheets in use, in how many rows the list leaves it blank."""
    blank: Counter[tuple[str, str]] = Counter()
    rows: Counter[str] = Counter()
    for one in (table for table in tables if table.recognition.used):
        kind, records = one.recognition.kind, len(one.records)
        rows[kind] += records
        for column in workbook().sheet(kind).columns:
            is_there = one.recognition.of(column.key) is not None
            blank[kind, column.key] += min(records, one.blank.get(column.key, 0)) if is_there else records
    for (kind, key), count in blank.items():
        if count:
            column = workbook().sheet(kind).column(key)
            yield {
                "sheet": kind,
                "key": key,
                "field": dict(column.labels),
                "blank": count,
                "of": rows[kind],
            }


def _resolution(one: Resolution, about: About) -> Json:
    mention = one.mention
    return {
        "key": mention.key,
        "to": mention.to,
        "text": mention.text,
        "within": mention.within,
        "identifiers": dict(mention.identifiers),
        "other_names": list(mention.other_names),
        "area": dict(about.labels.get(mention.area, {})),
        "how": one.how,
        "iri": one.iri,
        "labels": dict(about.labels.get(one.iri, {})),
        "is_new": one.is_new,
        "kept_back": one.kept_back,
        "places_total": len(mention.places),
        "places": [place._asdict() for place in mention.places[:PLACES]],
        "candidates": [_candidate(candidate) for candidate in one.candidates],
    }


def _candidate(one: Candidate) -> Json:
    return {
        "iri": one.iri,
        "labels": dict(one.labels),
        "matched": one.matched,
        "score": one.score,
        "reasons": list(one.reasons),
        "area": dict(one.area),
    }


def left_as(one: Resolution) -> str:
    """Return how a name is left: ``open`` (somebody must tell), ``unlike`` all held, ``decided`` or ``found``."""
    if one.kept_back:
        return "open" if one.how in OPEN or one.candidates else "unlike"
    return "decided" if one.how == "decided" or one.is_new else "found"


def _resolution_counts(resolutions: Iterable[Resolution]) -> Json:
    named = (one for one in resolutions if not one.follows)
    return dict.fromkeys(("open", "unlike", "decided", "found"), 0) | Counter(map(left_as, named))


def _plan_counts(draft: Draft) -> Json:
    return dict.fromkeys((*CHANGES, "disagreeing"), 0) | dict(draft.plan.counts)


def _entity(one: EntityChange, _: About | None = None) -> Json:
    return {
        "what": one.what,
        "iri": text_of(one.iri) if one.iri else "",
        "labels": dict(one.labels),
        "rows": [{"table": table, "row": row} for table, row in one.rows[:PLACES]],
        "facts_total": len(one.facts),
        "facts": [_fact(fact) for fact in one.facts[:FACTS]],
        "disagreements": [_fact(fact) for fact in one.disagreements[:FACTS]],
    }


def _fact(one: FactChange) -> Json:
    return {
        "property": dict(one.property),
        "before": dict(one.before),
        "after": dict(one.after),
        "source": dict(one.source),
        "restricted": one.restricted,
    }


def _without_restricted(entity: Json) -> Json:
    lists = ("facts", "disagreements")
    return entity | {name: [one for one in entity[name] if not one["restricted"]] for name in lists}


def _shown_remarks(draft: Draft, show: str) -> list[Remark]:
    return [remark for remark in draft.remarks if show in ("", remark.severity)]


def _shown_resolutions(draft: Draft, show: str) -> list[Resolution]:
    order = ("open", "unlike", "decided", "found")
    found = [one for one in draft.resolutions if not one.follows and show in ("", left_as(one))]
    return sorted(found, key=lambda one: order.index(left_as(one)))


def _shown_entities(draft: Draft, show: str) -> list[EntityChange]:
    found = [one for one in draft.plan.entities if _is_shown(one, show)]
    return sorted(found, key=lambda one: CHANGES.index(one.what))


def _is_shown(entity: EntityChange, show: str) -> bool:
    if show == "disagreeing":
        return bool(entity.disagreements)
    return entity.what == show if show else entity.what != "same"


def _shown_tables(draft: Draft, _: str) -> Sequence[TableDraft]:
    return draft.tables


_LISTS: Mapping[str, tuple[Callable[[Draft, str], Sequence[Any]], Callable[[Any, Any], Json]]] = {
    "remarks": (_shown_remarks, remark_json),
    "resolutions": (_shown_resolutions, _resolution),
    "entities": (_shown_entities, _entity),
    "tables": (_shown_tables, _table),
}
