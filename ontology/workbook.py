"""The workbook: what sheets and columns of spreadsheets mean, read from ``workbook.toml``.

All addresses here are full IRIs without angle brackets.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property, lru_cache
from pathlib import Path
from typing import Any, Literal, cast

FILE = Path(__file__).parent / "workbook.toml"

Kind = Literal["text", "date", "integer", "decimal", "concept", "reference", "yes-no"]
Visibility = Literal["public", "alliance", "internal"]
Precision = Literal["", "day", "year"]

VISIBILITIES: tuple[Visibility, ...] = ("public", "alliance", "internal")
"""Who may see something, from everybody to the fewest."""

_DECORATION = re.compile(r"[\s()\[\]{}【】〔〕「」*:：\u200b-\u200f\u2060\ufeff]")


@dataclass(frozen=True)
class CellWords:
    """What single cells say that is no value.

    Attributes:
        separators: what stands between several values in a cell.
        ditto: the value of the row above.
        nothing: left blank on purpose.
        none: there is none.
        unknown: nobody knows.
        open: of an end: there is none.
        yes, no: marks that agree or deny.
        own: whoever sent the list.
        ignored: heads of columns that say nothing.
        totals: how a row of totals begins.
        suppress_below: counts of patients below it, and above nought, are not kept.
        refused: heads of columns about single patients.
        person_names, personal: heads of columns that, one of each together, tell of single persons.
        patient_register: heads two of which, side by side, make a register of single patients.
    """

    separators: tuple[str, ...]
    ditto: tuple[str, ...]
    nothing: tuple[str, ...]
    none: tuple[str, ...]
    unknown: tuple[str, ...]
    open: tuple[str, ...]
    yes: tuple[str, ...]
    no: tuple[str, ...]
    own: tuple[str, ...]
    ignored: tuple[str, ...]
    totals: tuple[str, ...]
    suppress_below: int
    refused: tuple[str, ...]
    person_names: tuple[str, ...]
    personal: tuple[str, ...]
    patient_register: tuple[str, ...]


@dataclass(frozen=True)
class PartKind:
    """A node of its own that belongs to the thing of a row, or to another part of it.

    Attributes:
        key: its name within the sheet.
        type: its class.
        link: property from the part to what it belongs to.
        of: key of the part that it belongs to (empty: the thing of the row).
        constants: property to the IRI that every such node has.
        visibility: who may see it.
        always: whether it is there although no column of it holds anything.
        each: whether there is one for each value of its columns.
    """

    key: str
    type: str
    link: str
    of: str = ""
    constants: Mapping[str, str] = field(default_factory=dict)
    visibility: Visibility = "public"
    always: bool = False
    each: bool = False


@dataclass(frozen=True)
class ColumnKind:
    """A column that a sheet may have.

    Attributes:
        key: its name within the sheet.
        zh, en, aliases: what stands in its head.
        property: what it says of the thing of the row, or of the parts in ``on``.
        kind: what its cells hold.
        on: keys of the parts that it belongs to (empty: the thing of the row).
        datatype: datatype of its texts (empty: none).
        language: language of its texts (empty: none).
        scheme: name of the scheme of its concepts, e.g. ``hospital-grade``.
        scheme_iri: the same as an IRI.
        options: its drop-down.
        to: what it refers to: organization, department, alliance, programme or area.
        otherwise: property that keeps a text for which nothing fits (empty: none).
        precision: of its dates: ``day``, ``year``, or empty for the one that the cell states.
        many: whether a cell may hold several values.
        mobile: property for a number that is a mobile phone (empty: none).
        required: whether a row is meaningless without it.
        until: of a start: key of the column of its end (empty: there is none).
        past: whether its dates cannot well be in the future.
        most: the largest number that is believed (``None``: any is).
        not_above: key of the column whose number is the whole of which this one is a part (empty: none).
        patients: whether it counts patients, so that small counts are not kept.
        visibility: who may see it; see ``SheetKind.visibility_of`` for what holds with its parts.
        qualifies: whether it says more about a part and makes none by itself.
    """

    key: str
    zh: str
    en: str
    aliases: tuple[str, ...]
    property: str
    kind: Kind
    on: tuple[str, ...] = ()
    datatype: str = ""
    language: str = ""
    scheme: str = ""
    scheme_iri: str = ""
    options: tuple[str, ...] = ()
    to: str = ""
    otherwise: str = ""
    precision: Precision = ""
    many: bool = False
    mobile: str = ""
    required: bool = False
    until: str = ""
    past: bool = False
    most: int | None = None
    not_above: str = ""
    patients: bool = False
    visibility: Visibility = "public"
    qualifies: bool = False

    @cached_property
    def labels(self) -> Mapping[str, str]:
        """Its name by language."""
        return {"zh": self.zh, "en": self.en}

    @cached_property
    def words(self) -> tuple[str, ...]:
        """Everything that may stand in its head."""
        return (self.zh, self.en, *self.aliases)


@dataclass(frozen=True)
class Variant:
    """Another class for rows that hold one concept in one column, and other properties for some columns."""

    column: str
    value: str
    type: str
    properties: Mapping[str, str]


@dataclass(frozen=True)
class Given:
    """What the source says where no column does: its attribute, and the property that has to be there (or empty)."""

    attribute: str
    needs: str = ""


@dataclass(frozen=True)
class IdentityKind:
    """What the nodes of a class are called, and when two are the same.

    Attributes:
        type: the class.
        kind: the path below ``/id/``.
        scheme: whose keys name them in the table of identities.
        by: properties; nodes with the same values of them are one.
        id: property of a local number that stands for ``by`` within one document (empty: none).
        own: whether the thing is the same whoever states it.
        apart: properties that tell apart what has the same ``by``.
        given: property to what the source says of it.
    """

    type: str
    kind: str
    scheme: str = ""
    by: tuple[str, ...] = ()
    id: str = ""
    own: bool = False
    apart: tuple[str, ...] = ()
    given: Mapping[str, Given] = field(default_factory=dict)


@dataclass(frozen=True)
class SheetKind:
    """A sheet: what its rows describe, their parts, its columns in order, and the columns that tell rows apart."""

    key: str
    zh: str
    en: str
    aliases: tuple[str, ...]
    type: str
    parts: tuple[PartKind, ...]
    columns: tuple[ColumnKind, ...]
    variants: tuple[Variant, ...] = ()
    unique: tuple[str, ...] = ()
    default: bool = False

    @property
    def labels(self) -> Mapping[str, str]:
        """Its name by language."""
        return {"zh": self.zh, "en": self.en}

    @property
    def words(self) -> tuple[str, ...]:
        """Everything that such a sheet may be called."""
        return (self.zh, self.en, *self.aliases)

    def column(self, key: str) -> ColumnKind:
        """Return the column of a key; raises KeyError."""
        return self._columns[key]

    def part(self, key: str) -> PartKind:
        """Return the part of a key; raises KeyError."""
        return self._parts[key]

    def has_column(self, key: str) -> bool:
        """Tell whether there is a column of this key."""
        return key in self._columns

    def visibility_of(self, column: str) -> Visibility:
        """Return who may see a column: its own visibility, or the stricter one of a part that it belongs to."""
        kind = self._columns[column]
        return strictest([kind.visibility, *(self.part(part).visibility for part in kind.on)])

    def called(self, head: str) -> ColumnKind | None:
        """Return the column with this name or alias, compared as ``folded``."""
        return self._heads.get(folded(head))

    @cached_property
    def _columns(self) -> Mapping[str, ColumnKind]:
        return {column.key: column for column in self.columns}

    @cached_property
    def _parts(self) -> Mapping[str, PartKind]:
        return {part.key: part for part in self.parts}

    @cached_property
    def _heads(self) -> Mapping[str, ColumnKind]:
        return {folded(word): column for column in self.columns for word in column.words}


@dataclass(frozen=True)
class Workbook:
    """All sheets, in order, and the words of cells that are no values."""

    sheets: tuple[SheetKind, ...]
    cells: CellWords
    identities: Mapping[str, IdentityKind] = field(default_factory=dict)

    def identity(self, type_: str) -> IdentityKind:
        """Return what the nodes of a class are called; one that is not named gives each document nodes of its own."""
        return self.identities.get(type_) or IdentityKind(type_, _kebab(type_))

    def sheet(self, key: str) -> SheetKind:
        """Return the sheet of a key; raises KeyError."""
        return self._sheets[key]

    def has_sheet(self, key: str) -> bool:
        """Tell whether there is a sheet of this key."""
        return key in self._sheets

    @property
    def default(self) -> SheetKind:
        """The sheet of the short template."""
        return next(sheet for sheet in self.sheets if sheet.default)

    @cached_property
    def heads(self) -> frozenset[str]:
        """Every name and alias of a column, and what is ignored or refused, as ``folded``."""
        words = [word for sheet in self.sheets for column in sheet.columns for word in column.words]
        return frozenset(map(folded, (*words, *self.cells.ignored, *self.cells.refused)))

    @cached_property
    def _sheets(self) -> Mapping[str, SheetKind]:
        return {sheet.key: sheet for sheet in self.sheets}


@cache
def workbook() -> Workbook:
    """Return the workbook as ``workbook.toml`` describes it."""
    return workbook_of(tomllib.loads(FILE.read_text(encoding="utf-8")))


def workbook_of(said: Mapping[str, Any]) -> Workbook:
    """Return the workbook that a mapping in the form of ``workbook.toml`` describes.

    Raises:
        KeyError: something that every sheet, part or column must say is missing, or a prefix is unknown.
        ValueError: a visibility is unknown.
    """
    prefixes = said["prefixes"]
    return Workbook(
        sheets=tuple(_sheet(sheet, prefixes) for sheet in said["sheet"]),
        cells=_cell_words(said["cells"]),
        identities={
            identity.type: identity
            for identity in (_identity(one, prefixes) for one in said.get("identity", ()))
        },
    )


@lru_cache(maxsize=20_000)
def folded(text: str) -> str:
    """Return a head as it is compared: plain letters in small, without spaces, brackets, stars and colons."""
    return _DECORATION.sub("", unicodedata.normalize("NFKC", text)).casefold()


def strictest(visibilities: Iterable[Visibility]) -> Visibility:
    """Return the visibility that lets the fewest see; public of none."""
    return max(visibilities, key=VISIBILITIES.index, default="public")


def _cell_words(said: Mapping[str, Any]) -> CellWords:
    lists: dict[str, Any] = {
        name: value if isinstance(value, int) else tuple(value) for name, value in said.items()
    }
    return CellWords(**lists)


def _sheet(said: Mapping[str, Any], prefixes: Mapping[str, str]) -> SheetKind:
    return SheetKind(
        key=said["key"],
        zh=said["zh"],
        en=said["en"],
        aliases=tuple(said["aliases"]),
        type=_iri(said["class"], prefixes),
        parts=tuple(_part(part, prefixes) for part in said["parts"]),
        columns=tuple(_column(column, prefixes) for column in said["columns"]),
        variants=tuple(_variant(variant, prefixes) for variant in said.get("variants", ())),
        unique=tuple(said.get("unique", ())),
        default=said.get("default", False),
    )


def _part(said: Mapping[str, Any], prefixes: Mapping[str, str]) -> PartKind:
    return PartKind(
        key=said["key"],
        type=_iri(said["class"], prefixes),
        link=_iri(said["link"], prefixes),
        of=said.get("of", ""),
        constants=_iris(said.get("set", {}), prefixes),
        visibility=_visibility(said),
        always=said.get("always", False),
        each=said.get("each", False),
    )


def _identity(said: Mapping[str, Any], prefixes: Mapping[str, str]) -> IdentityKind:
    return IdentityKind(
        type=_iri(said["class"], prefixes),
        kind=said["kind"],
        scheme=said.get("scheme", said["kind"]),
        by=tuple(_iri(term, prefixes) for term in said.get("by", ())),
        id=_iri(said["id"], prefixes) if "id" in said else "",
        own=said.get("own", False),
        apart=tuple(_iri(term, prefixes) for term in said.get("apart", ())),
        given={
            _iri(term, prefixes): Given(one["from"], _iri(one["with"], prefixes) if "with" in one else "")
            for term, one in said.get("given", {}).items()
        },
    )


_PLAIN = (
    *("key", "zh", "en", "kind", "language", "scheme", "to", "precision", "many", "required", "qualifies"),
    *("until", "past", "most", "not_above", "patients"),
)
_LISTS = ("aliases", "on", "options")
_ADDRESSES = ("property", "datatype", "otherwise", "mobile")


def _column(said: Mapping[str, Any], prefixes: Mapping[str, str]) -> ColumnKind:
    scheme = said.get("scheme", "")
    known: dict[str, Any] = {name: said[name] for name in _PLAIN if name in said}
    known |= {name: tuple(said[name]) for name in _LISTS if name in said}
    known |= {name: _iri(said[name], prefixes) for name in _ADDRESSES if name in said}
    scheme_iri = _iri(f"voc:{scheme}", prefixes) if scheme else ""
    return ColumnKind(**known, scheme_iri=scheme_iri, visibility=_visibility(said))


def _variant(said: Mapping[str, Any], prefixes: Mapping[str, str]) -> Variant:
    return Variant(
        column=said["column"],
        value=_iri(said["value"], prefixes),
        type=_iri(said["class"], prefixes),
        properties={key: _iri(term, prefixes) for key, term in said["properties"].items()},
    )


def _visibility(said: Mapping[str, Any]) -> Visibility:
    visibility = said.get("visibility", "public")
    if visibility not in VISIBILITIES:
        raise ValueError(f"{visibility} is no visibility")
    return cast(Visibility, visibility)


def _iris(pairs: Mapping[str, str], prefixes: Mapping[str, str]) -> Mapping[str, str]:
    return {_iri(key, prefixes): _iri(value, prefixes) for key, value in pairs.items()}


def _kebab(type_: str) -> str:
    """Return the name of a class as it stands in paths: ``GradeAssignment`` is ``grade-assignment``."""
    name = re.split("[#/]", type_)[-1]
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "-", name).lower()


def _iri(curie: str, prefixes: Mapping[str, str]) -> str:
    prefix, _, local = curie.partition(":")
    return prefixes[prefix] + local
