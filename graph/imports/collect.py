"""Collecting: a workbook for every member with what is held of it, blanks marked, to be checked and returned."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from graph.identity import minted_name
from graph.imports.choices import ChoiceLists, choice_page, choices_of
from graph.imports.collect_id import SHEETS, CollectId, SentCell, id_page
from graph.imports.held_rows import HeldRow, HeldRows, Selection
from graph.imports.held_workbook import source_line, value_of
from graph.imports.template import column_looks, column_widths, head_row
from graph.imports.workbook_file import Cell, Page, Properties, Written, workbook_bytes
from graph.imports.writing_texts import marked, sheet_name, text, writing_texts
from graph.quads import Term, iri, text_of
from ontology.terms import DC, MA, ORG, SKOS
from ontology.workbook import ColumnKind, SheetKind

_UNSAFE = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]')
_LONGEST = 80
_NOT_ASKED = frozenset({DC.source, SKOS.note})
"""What nobody needs to fill in."""


@dataclass(frozen=True)
class Request:
    """What members are asked, and how.

    Attributes:
        alliance: IRI of the alliance.
        language: ``zh`` or ``en``.
        day: the day on which they are asked.
        until: by when they should answer (empty: not said).
        to: to whom (empty: not said).
    """

    alliance: str
    language: str
    day: date
    until: str = ""
    to: str = ""


@dataclass(frozen=True)
class AskedUnit:
    """A unit that is asked: its IRI, names by language, and the name of its file."""

    iri: str
    labels: Mapping[str, str]
    file: str


@dataclass(frozen=True)
class Collected:
    """What goes out: the id of the collection, the archive of all workbooks, and who is asked."""

    collection: str
    archive: bytes
    units: tuple[AskedUnit, ...]


def collect(
    rows: HeldRows,
    version: int,
    request: Request,
    progress: Callable[[str, int, int], None] = lambda *_: None,
) -> Collected:
    """Return a workbook for every member of an alliance, in one archive (.zip).

    Args:
        rows: what is held, as far as the asking person may see and send it.
        version: the version of the graph.
        request: what members are asked.
        progress: told about progress.
    """
    collection = minted_name()
    units = list(_asked_units(rows, request))
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_STORED) as archive:
        for number, unit in enumerate(units):
            progress("collect", number, len(units))
            sent = CollectId(collection, request.alliance, unit.iri, version, request.day.isoformat())
            entry = zipfile.ZipInfo(unit.file, date_time=(*request.day.timetuple()[:3], 0, 0, 0))
            archive.writestr(entry, unit_workbook(rows, unit, sent, request))
    return Collected(collection, written.getvalue(), tuple(units))


def unit_workbook(rows: HeldRows, unit: AskedUnit, sent: CollectId, request: Request) -> bytes:
    """Return the workbook for one unit (.xlsx)."""
    language = request.language
    selection = Selection(request.alliance, frozenset({iri(unit.iri)}))
    asked = _Asked(HeldRows(rows.facts, rows.words, rows.book, selection), unit, request)
    sheets = [sheet for key in SHEETS if (sheet := asked.sheet(rows.book.sheet(key)))]
    lists = ChoiceLists([sheet.kind for sheet in sheets], language)
    cells = [cell for sheet in sheets for cell in sheet.sent(language)]
    pages = [
        _letter(unit, request, rows),
        *(sheet.page(language, lists) for sheet in sheets),
        choice_page(lists, language),
        id_page(sent, asked.known(), cells, language),
    ]
    return workbook_bytes(pages, Properties(request.day, text("collect", "title", language), sent.text()))


def _asked_units(rows: HeldRows, request: Request) -> Iterator[AskedUnit]:
    """Yield the members of an alliance whose membership has not ended, in the order of their names."""
    memberships = rows.facts.pointing(ORG.organization, iri(request.alliance))
    current = [one for one in memberships if not _is_over(rows, one, request.day)]
    members = dict.fromkeys(unit for one in current for unit in rows.facts.linked(one, ORG.member))
    names = {unit: rows.facts.label(unit, request.language) or text_of(unit) for unit in members}
    taken: set[str] = set()
    for unit in sorted(members, key=lambda one: (names[one], one)):
        labels = {tag: rows.facts.label(unit, tag) for tag in ("zh", "en")}
        title = text("collect", "file", request.language, unit=names[unit])
        yield AskedUnit(text_of(unit), labels, file := file_name(title, taken))
        taken.add(file.lower())


def _is_over(rows: HeldRows, membership: Term, day: date) -> bool:
    """Tell whether a membership has surely ended; an end of which only the year is known may be yet to come."""
    ends = [text_of(one.value) for one in rows.facts.values(membership, MA.endStated)]
    return any(end < day.isoformat()[: len(end)] for end in ends)


def file_name(title: str, taken: set[str]) -> str:
    """Return the name of a file that every system can keep, and that no other has."""
    plain = _UNSAFE.sub("_", title)[:_LONGEST].strip(" .") or "unit"
    number, name = 1, f"{plain}.xlsx"
    while name.lower() in taken:
        number += 1
        name = f"{plain} ({number}).xlsx"
    return name


def _letter(unit: AskedUnit, request: Request, rows: HeldRows) -> Page:
    """Return the sheet that says what is asked, by when, and to whom it goes back."""
    language = request.language
    name = sheet_name("letter", language)
    alliance = rows.facts.label(iri(request.alliance), language)
    lines = [
        text("collect", "unit", language, unit=unit.labels[language]),
        text("collect", "alliance", language, alliance=alliance),
        *([text("collect", "until", language, until=request.until)] if request.until else []),
        *([text("collect", "to", language, to=request.to)] if request.to else []),
        "",
        *writing_texts()["collect"]["instructions"][language],
    ]
    cells: list[Sequence[Written]] = [[Cell(line)] for line in lines]
    return Page(name, [[Cell(marked(name), "title")], *cells], widths=(100,), head_row=0)


@dataclass(frozen=True)
class _AskedSheet:
    """A sheet with what is held of a unit; the word for blanks stands where something may be filled in."""

    kind: SheetKind
    rows: tuple[HeldRow, ...]
    blank: str

    def page(self, language: str, lists: ChoiceLists) -> Page:
        return Page(
            self.kind.labels[language],
            [head_row(self.kind, language, is_brief=True), *(self._row(row, language) for row in self.rows)],
            looks=column_looks(self.kind),
            widths=column_widths(self.kind, language),
            choices=choices_of(self.kind, language, lists, first_row=2),
        )

    def sent(self, language: str) -> Iterator[SentCell]:
        """Yield what was sent, cell by cell."""
        for number, row in enumerate(self.rows, 2):
            for place, column in enumerate(self.kind.columns, 1):
                if row.text(column.key):
                    yield SentCell(self.kind.labels[language], number, place, row.text(column.key))

    def _row(self, row: HeldRow, language: str) -> list[Written]:
        return [self._cell(row, column, language) for column in self.kind.columns]

    def _cell(self, row: HeldRow, column: ColumnKind, language: str) -> Written:
        cell = row.cells.get(column.key)
        if cell is None:
            is_asked = column.property not in _NOT_ASKED and column.datatype != MA.Local
            return Cell(self.blank, "blank") if is_asked else None
        return Cell(value_of(column, cell.text), "text", source_line(cell.source, language))


@dataclass(frozen=True)
class _Asked:
    """What is held of one unit."""

    rows: HeldRows
    unit: AskedUnit
    request: Request

    def sheet(self, kind: SheetKind) -> _AskedSheet | None:
        """Return a sheet; where nothing is held yet, with a row that only names the unit."""
        rows = self.rows.rows(kind) or self._first_rows(kind)
        return _AskedSheet(kind, rows, text("collect", "blank", self.request.language)) if rows else None

    def known(self) -> dict[str, str]:
        """Return the names and numbers of the unit and its departments, and what they stand for."""
        words, units = self.rows.words, self.rows.units or frozenset()
        said = [
            (name, text_of(unit))
            for unit in units
            for name in (words.names.label(unit, "zh"), words.local_id(unit))
        ]
        programmes = [
            (row.text("name_zh"), text_of(row.thing))
            for row in self.rows.rows(self.rows.book.sheet("programmes"))
        ]
        return {name: thing for name, thing in [*said, *programmes] if name}

    def _first_rows(self, kind: SheetKind) -> tuple[HeldRow, ...]:
        """Return rows that only say what they are about: the unit, or each of its departments."""
        owner = next((c for c in kind.columns if c.kind == "reference" and c.required), None)
        if owner is None:
            return ()
        if owner.to != "department":
            return (self.rows.naming_row(iri(self.unit.iri), owner.key),)
        departments = self.rows.rows(self.rows.book.sheet("departments"))
        return tuple(self.rows.naming_row(one.thing, owner.key) for one in departments) or _NAMELESS


_NAMELESS = (HeldRow("", {}),)
"""A row that says nothing, to be filled in."""
