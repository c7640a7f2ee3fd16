"""Mentions: the things that the rows of an import name, rows that surely mean the same taken together.

The same name in two places stays two mentions, and so do rows with different credit codes. A cell that refers to
another sheet by its local ids, or to a unit by a name that the file itself gives it, belongs to the mention of that
row.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import combinations

from graph.imports.records import Area, Named, Record, Text, Value
from graph.imports.resolution import Mention, Place
from graph.imports.written_names import differences, identifier_key, normalised
from ontology.terms import MA, ORG, SKOS
from ontology.workbook import ColumnKind, SheetKind, Workbook

_ORGANIZATION, _DEPARTMENT = "organization", "department"
_OWN = {ORG.FormalOrganization: _ORGANIZATION, MA.ClinicalDepartment: _DEPARTMENT}
"""Class of the rows of a sheet to what they are called in references."""
_NAMES = (SKOS.prefLabel, "http://www.w3.org/2008/05/skos-xl#literalForm")
_LOCAL = "Local"
_TELLING = ("USCC", "Licence")
"""Identifiers by which units are told apart, and by which they are the same."""
_PARTS = "|"
_NONE: Mapping[str, str] = {}
"""No identifiers: one for all, as most rows of very long lists have none; never written to."""


@dataclass(eq=False, slots=True)
class _Naming:
    """One place where something is named.

    Attributes:
        to, text, place, file: what it names, how, and where.
        whole: where the organization of a department is named.
        identifiers, other_names, area: what the row says of it.
        defining: whether the row is about it.
        may_stay_text: whether the text will do where nothing held is meant.
        name: the name as it is compared.
        row: the row that a reference refers to by its local id.
    """

    to: str
    text: str
    place: Place
    file: str
    whole: _Naming | None = None
    identifiers: Mapping[str, str] = field(default_factory=lambda: _NONE)
    other_names: tuple[str, ...] = ()
    area: str = ""
    defining: bool = False
    may_stay_text: bool = False
    name: str = ""
    row: _Naming | None = None

    def __post_init__(self) -> None:
        self.name = normalised(self.text)


@dataclass(eq=False, slots=True)
class _Thing:
    """One thing that is named: its namings, those of rows about it first; its key, and that of its organization."""

    namings: list[_Naming]
    key: str = ""
    within: str = ""

    @property
    def first(self) -> _Naming:
        return self.namings[0]

    @property
    def is_defined(self) -> bool:
        return self.first.defining

    @property
    def area(self) -> str:
        """The narrowest division that is stated."""
        if len(self.namings) == 1:
            return self.first.area
        return max((naming.area for naming in self.namings), key=lambda area: (len(_digits(area)), area))

    @property
    def identifiers(self) -> Mapping[str, str]:
        if len(self.namings) == 1:
            return self.first.identifiers
        found: dict[str, str] = {}
        for naming in self.namings:
            found = {**naming.identifiers, **found}
        return found or _NONE

    @property
    def other_names(self) -> Iterator[str]:
        """Names beside the first one, as the rows give them."""
        for naming in self.namings:
            if not naming.row and naming.name != self.first.name:
                yield naming.text
            yield from naming.other_names

    def take(self, others: Iterable[_Thing]) -> None:
        """Take over the namings of others."""
        taken = [naming for other in others for naming in other.namings]
        self.namings = _defining_first([*self.namings, *taken])


def mentions_of(records: Sequence[Record], book: Workbook) -> list[Mention]:
    """Return the things that records name, in the order in which they are first named.

    Args:
        records: the records of all files of an import.
        book: what sheets and columns mean.
    """
    sheets = {kind: _SheetNames(book.sheet(kind)) for kind in {record.kind for record in records}}
    namings = [naming for record in records for naming in sheets[record.kind].namings(record)]
    return list(map(_mention, _things(namings)))


# --- Where things are named ---------------------------------------------------------------------------------


class _SheetNames:
    """Which columns of a sheet name something."""

    def __init__(self, sheet: SheetKind) -> None:
        self._own = _OWN.get(sheet.type, "")
        variants = {part.key for part in sheet.parts if part.type == MA.NameVariant}
        names = [c for c in sheet.columns if c.property in _NAMES and variants.issuperset(c.on)]
        self._name = next((c.key for c in names if _is_label(c) and self._own), "")
        self._other_names = [c.key for c in names if c.key != self._name]
        self._references = {c.key: bool(c.otherwise) for c in sheet.columns if c.kind == "reference"}
        self._places = [c.key for c in sheet.columns if c.property == MA.assignedPlace]
        self._whole = next((c.key for c in sheet.columns if c.property == ORG.unitOf), "")
        self._identifiers = {
            c.key: c.datatype.rpartition("#")[2]
            for c in sheet.columns
            if c.property == ORG.identifier and not c.on
        }
        departments = {part.key for part in sheet.parts if part.type == MA.ClinicalDepartment}
        self._departments = [c.key for c in sheet.columns if _is_label(c) and departments & set(c.on)]

    def namings(self, record: Record) -> Iterator[_Naming]:
        """Yield what a row names: its own thing, what it refers to, and departments of it."""
        whole: _Naming | None = None
        for key, values in record.values.items():
            if key in self._references:
                for naming in self._referred(record, key, values):
                    whole = naming if key == self._whole else whole
                    yield naming
        own = self._thing(record, whole)
        if own:
            yield own
            for key in self._departments:
                for text in _texts(record.values.get(key, ())):
                    place = Place(record.table, record.row, key)
                    yield _Naming(_DEPARTMENT, text, place, record.file, own, defining=True)

    def _thing(self, record: Record, whole: _Naming | None) -> _Naming | None:
        """Return what a row is about, where others may refer to it."""
        values = record.values
        text = next(iter(_texts(values.get(self._name, ()))), "")
        if not text:
            return None
        return _Naming(
            to=self._own,
            text=text,
            place=Place(record.table, record.row, self._name),
            file=record.file,
            whole=whole,
            identifiers={
                scheme: texts[0]
                for key, scheme in self._identifiers.items()
                if (texts := _texts(values.get(key, ())))
            }
            or _NONE,
            other_names=tuple(text for key in self._other_names for text in _texts(values.get(key, ()))),
            area=next(
                (one.iri for key in self._places for one in values.get(key, ()) if isinstance(one, Area)), ""
            ),
            defining=True,
        )

    def _referred(self, record: Record, key: str, values: Iterable[Value]) -> Iterator[_Naming]:
        for value in values:
            if isinstance(value, Named) and (text := value.text.strip()):
                place = Place(record.table, record.row, key)
                yield _Naming(value.to, text, place, record.file, may_stay_text=self._references[key])


def _is_label(column: ColumnKind) -> bool:
    return column.property == SKOS.prefLabel and column.language == "zh"


def _texts(values: Iterable[Value]) -> list[str]:
    return [text for value in values if isinstance(value, Text) and (text := value.text.strip())]


# --- What references refer to -------------------------------------------------------------------------------


class _Rows:
    """The rows that are about something: what a reference may refer to."""

    def __init__(self, namings: Iterable[_Naming]) -> None:
        self._by_id: dict[tuple[str, str], list[_Naming]] = defaultdict(list)
        self._units: dict[str, _Naming] = {}
        self._departments: set[tuple[str, str]] = set()
        for naming in namings:
            if naming.defining:
                self._take(naming)

    def settle(self, naming: _Naming) -> None:
        """Find out what a reference means: a row by its local id, a unit, or a department by both names."""
        naming.row = self._with_id(naming)
        if naming.row or naming.to not in (_ORGANIZATION, _DEPARTMENT):
            return
        if naming.name in self._units:
            naming.to = _ORGANIZATION
        elif split := self._split(naming):
            naming.to, (naming.whole, naming.name) = _DEPARTMENT, split

    def _take(self, naming: _Naming) -> None:
        if local := normalised(naming.identifiers.get(_LOCAL, "")):
            self._by_id[naming.file, local].append(naming)
            if not local.isdecimal():  # bare numbers are counted anew in every file
                self._by_id["", local].append(naming)
        if naming.to == _ORGANIZATION:
            self._units.setdefault(naming.name, naming)
        elif naming.whole:
            self._departments.add((naming.whole.name, naming.name))

    def _with_id(self, naming: _Naming) -> _Naming | None:
        """Return the one row that has the text of a reference as its local id, in the same file before others."""
        for file in (naming.file, ""):
            found = self._by_id.get((file, naming.name), [])
            alike = [one for one in found if one.to == naming.to] or found
            if alike:
                return alike[0] if len({one.name for one in alike}) == 1 else None
        return None

    def _split(self, naming: _Naming) -> tuple[_Naming, str] | None:
        """Return the unit and the rest of a text that begins with the name of a unit."""
        for end in range(len(naming.name) - 1, 0, -1):
            unit, rest = self._units.get(naming.name[:end]), naming.name[end:]
            if unit and (naming.to == _DEPARTMENT or (unit.name, rest) in self._departments):
                return unit, rest
        return None


# --- Which namings mean the same ----------------------------------------------------------------------------


def _things(namings: Sequence[_Naming]) -> list[_Thing]:
    """Return the things that are named, in the order in which they are first named."""
    rows = _Rows(namings)
    for naming in namings:
        if not naming.defining:
            rows.settle(naming)
    named = [naming for naming in namings if not naming.row]
    units = _units([naming for naming in named if naming.to != _DEPARTMENT])
    thing_of = {naming: thing for thing in units for naming in thing.namings}
    departments = _departments((naming for naming in named if naming.to == _DEPARTMENT), thing_of)
    thing_of |= {naming: thing for thing in departments for naming in thing.namings}
    thing_of |= {naming: thing_of[naming.row] for naming in namings if naming.row}
    listed: dict[_Thing, list[_Naming]] = defaultdict(list)
    for naming in namings:
        listed[thing_of[naming]].append(naming)
    for thing, own in listed.items():
        thing.namings = _defining_first(own)
    return list(listed)


def _units(namings: Iterable[_Naming]) -> list[_Thing]:
    """Return the organizations, alliances and programmes."""
    by_name: dict[tuple[str, str], list[_Naming]] = defaultdict(list)
    for naming in namings:
        by_name[naming.to, naming.name].append(naming)
    things = [_Thing(_defining_first(group)) for same in by_name.values() for group in _told_apart(same)]
    things = _without_own_row(_merged(things))
    for thing, key in zip(things, _keys(things), strict=True):
        thing.key = key
    return things


def _departments(namings: Iterable[_Naming], thing_of: Mapping[_Naming, _Thing]) -> list[_Thing]:
    found: dict[str, list[_Naming]] = defaultdict(list)
    wholes: dict[str, str] = {}
    for naming in namings:
        whole = naming.whole and thing_of[naming.whole.row or naming.whole]
        name = naming.name.removeprefix(naming.whole.name) if naming.whole else ""
        key = _PARTS.join((_DEPARTMENT, whole.key if whole else "", name or naming.name))
        found[key].append(naming)
        wholes[key] = whole.key if whole else ""
    return [_Thing(_defining_first(group), key, wholes[key]) for key, group in found.items()]


def _told_apart(same: Sequence[_Naming]) -> list[list[_Naming]]:
    """Return namings with one name, those of different places or with different identifiers apart."""
    if len(same) == 1:
        return [list(same)]
    groups = _by_place(same)
    for scheme in _TELLING:
        groups = [part for group in groups for part in _by_value(group, scheme)]
    return groups


def _by_place(same: Sequence[_Naming]) -> list[list[_Naming]]:
    """Return groups of namings whose places agree; one that would agree with several stands alone."""
    groups: dict[str, list[_Naming]] = {}
    for area in sorted({naming.area for naming in same}, key=lambda area: (-len(_digits(area)), area)):
        within = [narrow for narrow in groups if narrow and _digits(narrow).startswith(_digits(area))]
        chosen = groups[within[0]] if len(within) == 1 else groups.setdefault(area, [])
        chosen += [naming for naming in same if naming.area == area]
    return list(groups.values())


def _by_value(same: Sequence[_Naming], scheme: str) -> list[list[_Naming]]:
    groups: dict[str, list[_Naming]] = defaultdict(list)
    for naming in same:
        groups[identifier_key(naming.identifiers.get(scheme, ""))].append(naming)
    if len(groups) == 2 and "" in groups:
        return [list(same)]
    return list(groups.values())


def _merged(things: Sequence[_Thing]) -> list[_Thing]:
    """Return the things, those with the same identifier as one where nothing speaks against it."""
    for scheme in _TELLING:
        by_value: dict[str, list[_Thing]] = defaultdict(list)
        for thing in things:
            if value := thing.identifiers.get(scheme, ""):
                by_value[identifier_key(value)].append(thing)
        things = _joined(things, [same for same in by_value.values() if len(same) > 1 and _are_one(same)])
    return list(things)


def _are_one(things: Sequence[_Thing]) -> bool:
    """Tell whether things with one identifier surely are the same."""
    return all(_may_be_one(one, other) for one, other in combinations(things, 2))


def _may_be_one(one: _Thing, other: _Thing) -> bool:
    tables = [{naming.place.table for naming in thing.namings if naming.defining} for thing in (one, other)]
    if tables[0] & tables[1]:
        return False  # two rows of one list are two units, until somebody says that they are one
    narrow, wide = sorted((_digits(one.area), _digits(other.area)), key=len, reverse=True)
    return narrow.startswith(wide) and not differences(one.first.name, other.first.name, ())


def _without_own_row(things: Sequence[_Thing]) -> list[_Thing]:
    """Return the things, those only referred to joined with the one row that gives its thing that name."""
    named = {(thing.first.to, thing.first.name) for thing in things if thing.is_defined}
    by_other: dict[tuple[str, str], list[_Thing]] = defaultdict(list)
    for thing in things:
        for name in {normalised(text) for naming in thing.namings for text in naming.other_names}:
            by_other[thing.first.to, name].append(thing)
    joined = []
    for thing in things:
        called = (thing.first.to, thing.first.name)
        owners = by_other.get(called, [])
        if not thing.is_defined and called not in named and len(owners) == 1 and owners[0] is not thing:
            joined.append([owners[0], thing])
    return _joined(things, joined)


def _joined(things: Sequence[_Thing], groups: Iterable[Sequence[_Thing]]) -> list[_Thing]:
    """Return the things, each of the groups made one."""
    gone: set[int] = set()
    for group in groups:
        first, *others = sorted(group, key=lambda thing: (not thing.is_defined, thing.first.name))
        gone |= {id(other) for other in others}
        first.take(others)
    return [thing for thing in things if id(thing) not in gone]


def _keys(things: Sequence[_Thing]) -> list[str]:
    """Return a key for each thing, made of what it is and where, and of its identifiers where that is not enough."""
    short = [_PARTS.join((thing.first.to, thing.first.name, _code(thing.area))) for thing in things]
    often = Counter(short)
    return [
        _PARTS.join((key, *_telling(thing))) if often[key] > 1 else key
        for key, thing in zip(short, things, strict=True)
    ]


def _telling(thing: _Thing) -> list[str]:
    return [
        f"{scheme}:{identifier_key(thing.identifiers[scheme])}"
        for scheme in _TELLING
        if scheme in thing.identifiers
    ]


def _defining_first(namings: Iterable[_Naming]) -> list[_Naming]:
    return sorted(namings, key=lambda naming: not naming.defining)


def _code(area: str) -> str:
    return area.rpartition("/")[2]


@lru_cache(maxsize=1 << 13)
def _digits(area: str) -> str:
    """Return the digits of a division's code that all divisions within it begin with."""
    code = _code(area)
    while code.endswith("00"):
        code = code[:-2]
    return code


def _mention(thing: _Thing) -> Mention:
    return Mention(
        key=thing.key,
        to=thing.first.to,
        text=thing.first.text,
        within=thing.within,
        identifiers=thing.identifiers,
        other_names=tuple(dict.fromkeys(thing.other_names)),
        area=thing.area,
        places=tuple(dict.fromkeys(naming.place for naming in thing.namings)),
        defining=thing.is_defined,
        may_stay_text=all(naming.may_stay_text for naming in thing.namings),
        written=tuple(dict.fromkeys(n.text for n in thing.namings if n.text != thing.first.text)),
    )
