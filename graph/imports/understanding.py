"""Understanding: what a cell means in its column."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, time
from decimal import Decimal

from graph.imports import cell_text
from graph.imports.area_names import area_in
from graph.imports.cells import BLANK, Note, Understood, info, kept, refused, shown, warning
from graph.imports.coordinates import coordinate_in
from graph.imports.dates import date_in
from graph.imports.grid import CellValue
from graph.imports.identifiers import licence_in, local_id_in, uscc_in
from graph.imports.numbers import SAME_UNIT, number_in
from graph.imports.phones import phones_in
from graph.imports.records import Concept, Named, Number, Otherwise, Text, Value
from graph.imports.vocabulary import Vocabulary, said_as
from ontology.areas import AREA
from ontology.workbook import CellWords, ColumnKind, Workbook, workbook

Reader = Callable[[CellValue], Understood]
"""What understands the cells of one column."""

MOST_KNOWN = 20_000
"""How many cells of a column are remembered: the same few stand in most columns again and again."""
LONGEST_NAME = 200
LONGEST_TEXT = 20_000

_MA = "https://w3id.org/medalliance/ontology#"
_SCHEMA = "https://schema.org/"
_NAMES = frozenset(
    (
        "http://www.w3.org/2004/02/skos/core#prefLabel",
        "http://www.w3.org/2008/05/skos-xl#literalForm",
        _SCHEMA + "name",
    )
)
_PREFERRED = "http://www.w3.org/2004/02/skos/core#prefLabel"
_TELEPHONES = frozenset((_SCHEMA + "telephone", _MA + "officeLine"))
_WEB = _SCHEMA + "url"
_COORDINATES = frozenset((_MA + "longitudeStated", _MA + "latitudeStated"))
_FAULTY = re.compile(
    r"#(?:REF!|N/A|VALUE!|NAME\?|DIV/0!|NULL!|NUM!|SPILL!|CALC!|GETTING_DATA)|Err:\d+", re.IGNORECASE
)
_PICTURE = re.compile(r"=?_?(?:xlfn\.)?DISPIMG\(", re.IGNORECASE)
_FORMULA = re.compile(r"=[A-Za-z_.]+\(|=[A-Z]{1,3}\d+")
_ADDRESS = re.compile(r"(?:https?://)?[\w\-]+(?:\.[\w\-]+)+(?::\d+)?(?:[/?#]\S*)?", re.IGNORECASE)
_SCHEME = re.compile(r"(?!https?:)[a-z][a-z0-9+.-]*:(?!\d)", re.IGNORECASE)
_LETTER = re.compile(r"[^\W\d_]")
_HAN = re.compile(rf"[{cell_text.HAN}]")
_SEVERAL_NAMES = re.compile(r"(?:医院|保健院|中心|卫生院)\s*[、；;，,/\n]\s*\S+(?:医院|保健院|中心|卫生院)")


@dataclass(frozen=True)
class Context:
    """What holds for all cells of an import.

    Attributes:
        area: IRI of the division that the import is about (empty: none).
        crs: coordinate system of coordinates that name none: ``wgs84``, ``gcj02``, ``bd09`` (empty: not declared).
        today: the civil date.
        vocabulary: the words of the vocabularies.
        own: name of the unit that sent the list, for 本单位 (empty: not known).
        book: what the columns mean.
    """

    area: str
    crs: str
    today: date
    vocabulary: Vocabulary
    own: str = ""
    book: Workbook = field(default_factory=workbook)

    @property
    def area_code(self) -> str:
        """Code of the division that the import is about."""
        return self.area.removeprefix(AREA)


def reader(column: ColumnKind, context: Context) -> Reader:
    """Return what understands the cells of a column; it remembers what it understood."""
    understand = _reader(column, context)
    nothing = frozenset(map(_plain, context.book.cells.nothing))
    known: dict[tuple[type, CellValue], Understood] = {}

    def understood(value: CellValue) -> Understood:
        key = (type(value), value)  # 1, 1.0 and TRUE are one key otherwise
        found = known.get(key)
        if found is None:
            found = _not_a_value(value, nothing) or understand(value)
            if len(known) < MOST_KNOWN:
                known[key] = found
        return found

    return understood


def _not_a_value(value: CellValue, nothing: frozenset[str]) -> Understood | None:
    """Return what to say of a cell that holds no value of any column; ``None``: it may hold one."""
    if value is None:
        return BLANK
    if not isinstance(value, str):
        return None
    text = cell_text.cleaned(value)
    if _plain(text) in nothing:
        return BLANK
    if len(text) > LONGEST_TEXT:
        return refused("text-too-long", length=str(len(text)))
    if text[0] not in "=_#eE":
        return None
    for form, code in ((_PICTURE, "cell-picture"), (_FORMULA, "cell-formula"), (_FAULTY, "cell-faulty")):
        if form.match(text):
            return refused(code)
    return None


def _reader(column: ColumnKind, context: Context) -> Reader:
    words = context.book.cells
    match column.kind:
        case "date":
            return _date_reader(column, context)
        case "integer" | "decimal":
            return _number_reader(column, words)
        case "concept":
            return _many(column, words, _concept_reader(column, context))
        case "reference" if column.to == "area":
            keeps = bool(column.otherwise)
            return _worded(words, lambda value: area_in(value, context.area_code, keeps_text=keeps))
        case "reference":
            return _many(column, words, _reference_reader(column, context))
    return _text_reader(column, words)


def _date_reader(column: ColumnKind, context: Context) -> Reader:
    said = _said(context.book.cells, none="says-none") | {
        _plain(word): "date-open" for word in context.book.cells.open
    }

    def read(value: CellValue) -> Understood:
        return date_in(value, context.today, precision=column.precision, past=column.past, words=said)

    return read


def _number_reader(column: ColumnKind, words: CellWords) -> Reader:
    if column.property in _COORDINATES:
        return _worded(words, coordinate_in)
    said, units = _said(words, none="number-none"), _units(column)
    whole = column.kind == "integer"

    def read(value: CellValue) -> Understood:
        found = number_in(value, whole=whole, most=column.most, units=units, words=said)
        return _suppressed(found, words.suppress_below) if column.patients else found

    return read


def _suppressed(found: Understood, below: int) -> Understood:
    """Return a count of patients, or that it is too small to be kept."""
    if any(isinstance(value, Number) and Decimal(0) < value.number < below for value in found.values):
        return Understood(notes=(warning("count-suppressed", below=str(below)),))
    return found


def _concept_reader(column: ColumnKind, context: Context) -> Reader:
    vocabulary, said = context.vocabulary, _said(context.book.cells, none="says-none")

    def read(value: CellValue) -> Understood:
        text = cell_text.one_line(
            cell_text.cleaned("是" if value is True else "否" if value is False else shown(value))
        )
        if concept := vocabulary.concept(column.scheme, text):
            return kept(Concept(concept))
        if code := said.get(_plain(text)):
            return Understood(notes=(info(code),))
        near = {"nearest": said_as(vocabulary.nearest(column.scheme, text, column.options))}
        if column.otherwise:
            return kept(Otherwise(text), notes=(warning("concept-as-text", **near),))
        return refused("concept-unknown" if near["nearest"]["zh"] else "concept-unlike-any", **near)

    return read


def _reference_reader(column: ColumnKind, context: Context) -> Reader:
    own = frozenset(map(_plain, context.book.cells.own))

    def read(value: CellValue) -> Understood:
        text = cell_text.name(cell_text.cleaned(shown(value)))
        if _plain(text) in own:
            return kept(Named(context.own, column.to)) if context.own else refused("own-unit-unclear")
        fault = _long_name(text)
        return fault or kept(Named(text, column.to), notes=_name_notes(text, value))

    return _worded(context.book.cells, read)


def _text_reader(column: ColumnKind, words: CellWords) -> Reader:
    if column.property in _TELEPHONES:
        return _worded(words, lambda value: phones_in(value, takes_mobile=bool(column.mobile)))
    match column.datatype.removeprefix(_MA):
        case "USCC":
            return _worded(words, uscc_in)
        case "Licence":
            return _worded(words, licence_in)
        case "":
            pass
        case _:
            return _many(column, words, _dated_text(local_id_in))
    if column.property in _NAMES:
        return _many(column, words, _name_reader(column))
    return _many(column, words, _dated_text(_web_address if column.property == _WEB else _plain_text))


def _name_reader(column: ColumnKind) -> Reader:
    def read(value: CellValue) -> Understood:
        if isinstance(value, bool | date | time):
            return refused("name-unreadable")
        text = cell_text.cleaned(shown(value))
        several = not column.many and column.required and _SEVERAL_NAMES.search(text)
        text = cell_text.one_line(text) if column.language == "en" else cell_text.name(text)
        if not text:
            return BLANK
        notes = (*_name_notes(text, value), *_language_notes(text, column))
        notes += (warning("name-several"),) if several else ()
        return _long_name(text) or kept(Text(text), notes=notes)

    return read


def _name_notes(text: str, value: CellValue) -> tuple[Note, ...]:
    notes: tuple[Note, ...] = ()
    if cell_text.has_letter_as_zero(text):
        notes += (warning("letter-as-zero", suggestion=cell_text.with_zero(text)),)
    if not isinstance(value, str) or not _LETTER.search(text):
        notes += (warning("name-is-number"),)
    return notes


def _language_notes(text: str, column: ColumnKind) -> tuple[Note, ...]:
    """Return whether a proper name is in another language than its column says."""
    if column.property != _PREFERRED or not _LETTER.search(text):
        return ()
    if column.language == "zh" and not _HAN.search(text):
        return (warning("name-not-chinese"),)
    return (warning("name-not-english"),) if column.language == "en" and _HAN.search(text) else ()


def _long_name(text: str) -> Understood | None:
    return refused("name-too-long", length=str(len(text))) if len(text) > LONGEST_NAME else None


def _plain_text(value: CellValue) -> Understood:
    text = cell_text.cleaned(shown(value))
    return kept(Text(text)) if text else BLANK


def _web_address(value: CellValue) -> Understood:
    text = re.sub(r"\s", "", cell_text.plain(cell_text.cleaned(shown(value))))
    if _SCHEME.match(text):
        return refused("web-address-scheme")
    return kept(Text(text), notes=() if _ADDRESS.fullmatch(text) else (warning("web-address-odd"),))


def _dated_text(read: Reader) -> Reader:
    """Return a reader of texts that says so when the spreadsheet made a date of one."""

    def read_text(value: CellValue) -> Understood:
        found = read(value)
        is_date = isinstance(value, date | time)
        return found._replace(notes=(*found.notes, warning("text-is-date"))) if is_date else found

    return read_text


def _many(column: ColumnKind, words: CellWords, read: Reader) -> Reader:
    """Return a reader of several values in a cell, where the column allows that."""
    single = read if column.kind == "concept" else _worded(words, read)
    if not column.many:
        return single
    between = re.compile("|".join(map(re.escape, (*words.separators, "\n"))))

    def read_all(value: CellValue) -> Understood:
        if not isinstance(value, str):
            return single(value)
        pieces = [piece for piece in map(str.strip, between.split(cell_text.cleaned(value))) if piece]
        return _together(map(single, pieces))

    return read_all


def _together(found: Iterable[Understood]) -> Understood:
    values: dict[Value, None] = {}
    notes: list[Note] = []
    for one in found:
        values.update(dict.fromkeys(one.values))
        notes += one.notes
    return Understood(tuple(values), tuple(notes))


def _worded(words: CellWords, read: Reader) -> Reader:
    """Return a reader that first looks whether a text says that there is nothing, or that nobody knows."""
    said = _said(words, none="says-none")

    def read_unless(value: CellValue) -> Understood:
        if isinstance(value, str) and (code := said.get(_plain(cell_text.cleaned(value)))):
            return Understood(notes=(info(code),))
        return read(value)

    return read_unless


def _said(words: CellWords, none: str) -> dict[str, str]:
    """Return the words that are no value, to the code of the remark about them."""
    codes = {_plain(word): "says-unknown" for word in words.unknown}
    return codes | {_plain(word): none for word in words.none}


def _units(column: ColumnKind) -> frozenset[str]:
    """Return the units that a column is in, as they may stand beside a number."""
    found = re.search(r"[(（]([^()（）]+)[)）]", column.zh)
    return SAME_UNIT.get(found[1], frozenset((found[1],))) if found else frozenset()


def _plain(text: str) -> str:
    return cell_text.plain(text).casefold()
