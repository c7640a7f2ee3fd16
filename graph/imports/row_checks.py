"""Checks of a whole row: what its cells say of one another."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple, TypeVar

from graph.imports.cells import Note, error, warning
from graph.imports.coordinates import LIMITS, against_area, in_china, is_swapped, wgs84
from graph.imports.dates import bounds
from graph.imports.identifiers import licence_against_place, licence_against_uscc
from graph.imports.records import Area, Concept, Day, Named, Number, Text, Value
from ontology.areas import AREA
from ontology.workbook import ColumnKind, SheetKind

Values = Mapping[str, tuple[Value, ...]]
"""Column key to what its cell states."""

V = TypeVar("V", Text, Day, Number, Concept, Area, Named)

_ONTOLOGY = "https://w3id.org/medalliance/ontology#"
_PREFERRED = "http://www.w3.org/2004/02/skos/core#prefLabel"


class Finding(NamedTuple):
    """What is to be said of a row at one of its columns, and whether what that column states cannot be kept."""

    column: str
    note: Note
    drops: bool = False


RowCheck = Callable[[Values], Iterator[Finding]]


def row_checks(sheet: SheetKind, columns: frozenset[str], crs: str = "") -> tuple[RowCheck, ...]:
    """Return the checks of the rows of a table that has certain columns of a sheet.

    Args:
        sheet: the sheet that it is.
        columns: keys of its columns.
        crs: coordinate system of coordinates that name none.
    """
    has = columns.__contains__
    checks: list[RowCheck] = [
        _order(one) for one in sheet.columns if one.until and has(one.key) and has(one.until)
    ]
    checks += [
        _part(one, sheet) for one in sheet.columns if one.not_above and has(one.key) and has(one.not_above)
    ]
    checks += _selves(sheet, columns)
    checks += _coordinates(sheet, columns, crs)
    checks += _licences(sheet, columns)
    return tuple(checks)


def _order(start: ColumnKind) -> RowCheck:
    """Return the check that a start is not after its end."""

    def check(values: Values) -> Iterator[Finding]:
        began, ended = _one(values, start.key, Day), _one(values, start.until, Day)
        if began and ended and bounds(began).first > bounds(ended).last:
            note = error("dates-reversed", start=began.text, end=ended.text)
            yield Finding(start.key, note, drops=True)
            yield Finding(start.until, note, drops=True)

    return check


def _part(part: ColumnKind, sheet: SheetKind) -> RowCheck:
    """Return the check that a part is not larger than its whole."""
    whole = sheet.column(part.not_above)

    def check(values: Values) -> Iterator[Finding]:
        number, most = _one(values, part.key, Number), _one(values, whole.key, Number)
        if number and most and number.number > most.number:
            said = {"part": part.labels, "whole": whole.labels, "number": f"{most.number:f}"}
            yield Finding(part.key, warning("part-above-whole", **said))

    return check


def _selves(sheet: SheetKind, columns: frozenset[str]) -> Iterator[RowCheck]:
    """Yield the checks that no unit stands to itself in a relation that takes two."""
    references = [c for c in sheet.columns if c.to == "organization" and c.key in columns]
    required = [c.key for c in references if c.required]
    if len(required) == 2:
        yield _same_parties(*required)
    names = [c.key for c in sheet.columns if c.property == _PREFERRED and c.language == "zh" and not c.on]
    for reference in references:
        if names and not reference.required and not reference.many:
            yield _not_itself(reference.key, names[0])


def _same_parties(one: str, other: str) -> RowCheck:
    def check(values: Values) -> Iterator[Finding]:
        first, second = _one(values, one, Named), _one(values, other, Named)
        if first and second and first.text == second.text:
            yield Finding(other, error("same-parties"), drops=True)

    return check


def _not_itself(reference: str, name: str) -> RowCheck:
    def check(values: Values) -> Iterator[Finding]:
        other, own = _one(values, reference, Named), _one(values, name, Text)
        if other and own and other.text == own.text:
            yield Finding(reference, error("own-parent"), drops=True)

    return check


def _coordinates(sheet: SheetKind, columns: frozenset[str], crs: str) -> Iterator[RowCheck]:
    keys = {column.property.removeprefix(_ONTOLOGY): column.key for column in sheet.columns}
    if columns & {keys.get("longitudeStated", ""), keys.get("latitudeStated", "")}:
        places = keys["longitudeStated"], keys["latitudeStated"], keys["crs"], keys.get("assignedPlace", "")
        yield _CoordinateCheck(*places, crs)


@dataclass(frozen=True)
class _CoordinateCheck:
    """The check of a row's coordinates: keys of their columns, and the system of those that name none."""

    longitude: str
    latitude: str
    system: str
    area: str
    crs: str

    def __call__(self, values: Values) -> Iterator[Finding]:
        east, north = _one(values, self.longitude, Number), _one(values, self.latitude, Number)
        if east and north and is_swapped(east.number, north.number):
            yield Finding(self.longitude, error("coordinates-swapped"), drops=True)
            yield Finding(self.latitude, error("coordinates-swapped"), drops=True)
        elif north and abs(north.number) > LIMITS["latitude"]:
            yield Finding(self.latitude, error("coordinate-swapped"), drops=True)
        elif east and north:
            yield from self._placed(values, east.number, north.number)
        elif east or north:
            yield Finding(self.longitude if east else self.latitude, warning("coordinates-half"))

    def _placed(self, values: Values, east: Decimal, north: Decimal) -> Iterator[Finding]:
        """Yield what is to be said of a whole position."""
        declared = _one(values, self.system, Concept)
        if not declared and not self.crs:
            yield Finding(self.longitude, warning("coordinates-without-crs"))
        system = declared.iri.rpartition("/")[2] if declared else self.crs or "wgs84"
        point = tuple(map(float, wgs84(east, north, system)))
        place = _one(values, self.area, Area)
        if not in_china((point[0], point[1])):
            yield Finding(self.longitude, warning("coordinates-abroad"))
        elif place and (note := against_area((point[0], point[1]), _code(place))):
            yield Finding(self.longitude, note)


def _licences(sheet: SheetKind, columns: frozenset[str]) -> Iterator[RowCheck]:
    by_datatype = {column.datatype.removeprefix(_ONTOLOGY): column.key for column in sheet.columns}
    licence, uscc = by_datatype.get("Licence", ""), by_datatype.get("USCC", "")
    places = [c.key for c in sheet.columns if c.to == "area" and c.key in columns]
    if not licence or licence not in columns:
        return

    def check(values: Values) -> Iterator[Finding]:
        number, code = _one(values, licence, Text), _one(values, uscc, Text)
        if number is None:
            return
        for place in places:
            area = _one(values, place, Area)
            if area and (note := licence_against_place(number.text, _code(area))):
                yield Finding(licence, note)
        if code and (note := licence_against_uscc(number.text, code.text)):
            yield Finding(licence, note)

    yield check


def _code(area: Area) -> str:
    return area.iri.removeprefix(AREA)


def _one(values: Values, key: str, kind: type[V]) -> V | None:
    """Return the first value of a kind in a column."""
    return next((value for value in values.get(key, ()) if isinstance(value, kind)), None)
