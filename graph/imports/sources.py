"""The sources of an import: of which document each file is a version, and of which alliance its members are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import groupby

from graph.catalogue import Entry, entries
from graph.engine import Engine
from graph.imports.document import Titled, document_of, folded_title, titled
from graph.imports.file_name import stem
from graph.imports.files import ReadFile
from graph.imports.options import NONE, Options
from graph.imports.remarks import Remark
from graph.imports.source import Source
from graph.imports.table import Table
from graph.imports.writing_texts import text
from graph.names import PACKAGED, Names
from graph.quads import Term, literal_parts, text_of
from ontology.library import query

AREA = f"{PACKAGED}id/area/"
"""Divisions are named by this and their code."""


@dataclass(frozen=True)
class Alliance:
    """An alliance: its IRI, names by language, and IRI of the division that it serves (empty: unknown)."""

    iri: str
    labels: Mapping[str, str]
    area: str = ""
    is_illustrative: bool = False


@dataclass(frozen=True)
class Surroundings:
    """What sources are proposed from, beside the files.

    Attributes:
        names: names of the instance.
        entries: what its catalogue lists.
        alliances: the alliances that it holds.
        area: code of the division where the instance is (empty: none).
        today: the day on which files come.
    """

    names: Names
    entries: tuple[Entry, ...] = ()
    alliances: tuple[Alliance, ...] = ()
    area: str = ""
    today: date = date.min

    @classmethod
    def of(cls, engine: Engine, names: Names, area: str, today: date) -> Surroundings:
        """Return the surroundings that a graph gives."""
        return cls(names, tuple(entries(engine, names)), tuple(alliances(engine)), area, today)


@dataclass(frozen=True)
class Sources:
    """The sources of an import.

    Attributes:
        by_file: name of a file to its source.
        labels: names of the alliances of all of them, by IRI.
        new_alliance: name of an alliance that nobody holds, which the import brings (empty: none).
        replaced: name of a file to the title of the document of which it is a new version.
        proposed: what was not said, but proposed: ``title``, ``dated``, ``alliance``, ``area``, ``supersedes``.
        remarks: what there is to say of that.
    """

    by_file: Mapping[str, Source]
    labels: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    new_alliance: str = ""
    replaced: Mapping[str, str] = field(default_factory=dict)
    proposed: Mapping[str, str] = field(default_factory=dict)
    remarks: tuple[Remark, ...] = ()


def alliances(engine: Engine) -> Iterator[Alliance]:
    """Yield the alliances that a graph holds."""
    rows = engine.select(query("alliance-choices").text)
    for alliance, listed in groupby(rows, key=lambda row: row["alliance"]):
        said: dict[str, Term] = {}
        for row in listed:
            said = {**row, **said}
        yield Alliance(
            text_of(alliance),
            {tag: literal_parts(said[tag]).lexical for tag in ("zh", "en") if tag in said},
            text_of(said["area"]) if "area" in said else "",
            "illustrative" in said,
        )


def sources_of(
    files: Sequence[ReadFile], tables: Sequence[Table], options: Options, around: Surroundings
) -> Sources:
    """Return the sources of files: what the reader said of them, and where nothing was said, what is proposed."""
    found = _titles(files, tables)
    lists = [file for file in files if file.back is None]
    alliance, is_named = _alliance(options, [found[file.name].title for file in lists], around)
    remarks = list(_alliance_remarks(options, alliance, is_named, around)) if lists or not files else []
    chosen = alliance or Alliance("", {})
    area = _area(options, chosen, around)
    by_file = {
        file.name: replace(
            _source(file, options.of_file(file.name), found[file.name], around),
            alliance=_alliance_of(file, options, chosen),
            area=area,
            crs=options.crs.lower(),
        )
        for file in files
    }
    replaced = dict(_replaced(by_file.values(), around))
    remarks += [Remark("new-version", "info", file=name, said={"title": t}) for name, t in replaced.items()]
    return Sources(
        by_file,
        {one.iri: one.labels for one in around.alliances},
        options.alliance if _is_new(options, alliance) else "",
        replaced,
        _proposed(found, chosen, area, by_file.values(), replaced),
        tuple(remarks),
    )


def _alliance_of(file: ReadFile, options: Options, chosen: Alliance) -> str:
    """Return the IRI of the alliance of a file; a workbook that was sent out knows its own."""
    return file.back.id.alliance if file.back and not options.alliance else chosen.iri


def _titles(files: Sequence[ReadFile], tables: Sequence[Table]) -> dict[str, Titled]:
    """Return title and date of each file; files with the same title are told apart by their names."""
    above = {
        file.name: [text for table in tables if table.file == file.name for text in table.titles]
        for file in files
    }
    found = {file.name: titled(above[file.name], file.name) for file in files}
    found |= {file.name: _of_returned(file) for file in files if file.back}
    often = Counter(folded_title(one.title) for one in found.values())
    return {
        name: one._replace(title=f"{one.title}（{stem(name)}）")
        if often[folded_title(one.title)] > 1
        else one
        for name, one in found.items()
    }


def _of_returned(file: ReadFile) -> Titled:
    """Return what a workbook that came back is called, whatever its file is: the unit's, as it was sent."""
    unit = file.unit.get("zh") or next(iter(file.unit.values()), file.name)
    sent = file.back.id.day if file.back else ""
    return Titled(f"{text('collect', 'file', 'zh', unit=unit)} {sent}".strip(), "")


def _source(file: ReadFile, options: Options, found: Titled, around: Surroundings) -> Source:
    title = options.source.strip() or found.title
    document = (
        f"{around.names.base}source/{file.back.id.slug}"
        if file.back
        else document_of(title, options.supersedes, around.entries, around.names)
    )
    return Source(
        document=document,
        graph=around.names.source(document.rpartition("/")[2], file.digest),
        title=title,
        digest=file.digest,
        file=file.name,
        dated=options.dated.strip() or found.dated,
        received=around.today.isoformat(),
    )


def _alliance(options: Options, titles: Iterable[str], around: Surroundings) -> tuple[Alliance | None, bool]:
    """Return the alliance that members are in, and whether it was said or named in a title."""
    said = options.alliance.strip()
    real = [one for one in around.alliances if not one.is_illustrative]
    if said == NONE:
        return None, True
    if said:
        return next((one for one in real if _is_called(one, said)), None), True
    for title in map(folded_title, titles):
        for one in real:
            if any(folded_title(label) in title for label in one.labels.values() if label):
                return one, True
    return (real[0] if len(real) == 1 else None), False


def _in_both(labels: Mapping[str, str]) -> Mapping[str, str]:
    """Return names with the one that there is in place of the one that is missing."""
    any_name = next(iter(labels.values()), "")
    return {tag: labels.get(tag, any_name) for tag in ("zh", "en")}


def _is_called(alliance: Alliance, said: str) -> bool:
    names = {alliance.iri, alliance.iri.rpartition("/")[2], *map(folded_title, alliance.labels.values())}
    return said in names or folded_title(said) in names


def _is_new(options: Options, alliance: Alliance | None) -> bool:
    said = options.alliance.strip()
    return said not in ("", NONE) and alliance is None and options.accept_new and "://" not in said


def _alliance_remarks(
    options: Options, alliance: Alliance | None, is_named: bool, around: Surroundings
) -> Iterator[Remark]:
    if options.alliance.strip() == NONE:
        return
    known = "；".join(
        next(iter(one.labels.values()), one.iri) for one in around.alliances if not one.is_illustrative
    )
    said = {"alliance": options.alliance, "known": known or "–"}
    if _is_new(options, alliance):
        yield Remark("alliance-new", "info", said=said)
    elif options.alliance.strip() and alliance is None:
        yield Remark("alliance-unknown", "error", value=options.alliance, said=said)
    elif alliance is not None and not is_named:
        yield Remark("alliance-proposed", "info", said={"alliance": _in_both(alliance.labels)})
    elif alliance is None:
        yield Remark("alliance-open", "warning", said=said)


def _area(options: Options, alliance: Alliance, around: Surroundings) -> str:
    """Return the IRI of the division that places are looked up in first."""
    if options.area:
        return options.area if "://" in options.area else AREA + options.area
    return alliance.area or (AREA + around.area if around.area else "")


def _replaced(sources: Iterable[Source], around: Surroundings) -> Iterator[tuple[str, str]]:
    """Yield the files that are new versions of documents, and the titles of those."""
    for source in sources:
        for entry in around.entries:
            if entry.document == source.document and entry.graph != source.graph and entry.merged:
                yield source.file, entry.title or entry.document


def _proposed(
    found: Mapping[str, Titled],
    alliance: Alliance,
    area: str,
    sources: Iterable[Source],
    replaced: Mapping[str, str],
) -> dict[str, str]:
    first = next(iter(sources), None)
    title = found[first.file] if first else Titled("", "")
    return {
        "title": title.title,
        "dated": title.dated,
        "alliance": alliance.iri,
        "area": area,
        "supersedes": first.document if first and first.file in replaced else NONE,
    }
