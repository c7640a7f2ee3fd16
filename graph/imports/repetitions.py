"""Rows of a table that say the same, and identifiers that two of its rows claim."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from graph.imports.cells import Note, error, warning
from graph.imports.records import Named, Number, Phone, Record, Text, Value
from ontology.workbook import ColumnKind, SheetKind, folded

_IDENTIFIERS = frozenset(("http://www.w3.org/ns/org#identifier", "http://purl.org/dc/terms/identifier"))
_PREFERRED = "http://www.w3.org/2004/02/skos/core#prefLabel"
MOST_ROWS = 5
"""How many rows a remark names."""


class Repetition(NamedTuple):
    """What is to be said of one record at one column, and whether what that column states cannot be kept."""

    record: int
    column: str
    note: Note
    drops: bool = False


def repetitions(records: Sequence[Record], sheet: SheetKind) -> Iterator[Repetition]:
    """Yield what is to be said of records of one table that repeat one another."""
    yield from _rows_again(records, sheet)
    for column in sheet.columns:
        if column.property in _IDENTIFIERS:
            yield from _claimed_twice(records, sheet, column)


def _rows_again(records: Sequence[Record], sheet: SheetKind) -> Iterator[Repetition]:
    """Yield records that tell themselves apart from an earlier one by nothing that makes rows different."""
    first: dict[tuple[str, ...], int] = {}
    for place, record in enumerate(records):
        key = tuple(_said(record.values.get(column, ())) for column in sheet.unique)
        earlier = first.setdefault(key, place)
        if earlier != place:
            said = {"first": records[earlier].row}
            yield Repetition(place, sheet.unique[0], warning("row-repeated", **said))


def _claimed_twice(records: Sequence[Record], sheet: SheetKind, column: ColumnKind) -> Iterator[Repetition]:
    claims: dict[str, list[int]] = defaultdict(list)
    for place, record in enumerate(records):
        if values := record.values.get(column.key):
            claims[_said(values)].append(place)
    names = [
        one.key for one in sheet.columns if one.property == _PREFERRED and one.language == "zh" and not one.on
    ]
    for places in claims.values():
        if len(places) > 1 and len({_name(records[place].values, names) for place in places}) > 1:
            yield from _refused(records, places, column)


def _refused(records: Sequence[Record], places: Sequence[int], column: ColumnKind) -> Iterator[Repetition]:
    for place in places:
        others = [records[other].row for other in places if other != place]
        note = error("identifier-claimed-twice", rows=_listed(others), column_name=column.labels)
        yield Repetition(place, column.key, note, drops=True)


def _name(values: Mapping[str, tuple[Value, ...]], keys: Iterable[str]) -> str:
    return "\n".join(_said(values.get(key, ())) for key in keys)


def _said(values: tuple[Value, ...]) -> str:
    """Return values as they are compared."""
    if not values:
        return ""
    first = values[0]
    if isinstance(first, Text | Named):
        return folded(first.text)
    return (
        str(first.number)
        if isinstance(first, Number)
        else first.text
        if isinstance(first, Phone)
        else str(first[0])
    )


def _listed(rows: Sequence[int]) -> Mapping[str, str]:
    more = len(rows) > MOST_ROWS
    return {
        "zh": "、".join(map(str, rows[:MOST_ROWS])) + ("等" if more else ""),
        "en": ", ".join(map(str, rows[:MOST_ROWS])) + (" …" if more else ""),
    }
