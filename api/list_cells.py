"""The cells of lists for people and programs: as things with names, as JSON, and as plain text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from graph.facets import Listing, value_labels
from graph.nodes import in_language
from graph.quads import is_iri
from graph.register import text_key
from ontology.display import Labels
from ontology.lists import ListColumn, answer_labels

SEPARATORS = {"zh": "；", "en": "; "}
"""Between several values of one cell."""


@dataclass(frozen=True)
class Value:
    """One value of a cell: its names by language, its IRI (empty: a text, date or number), and its key."""

    labels: Labels
    iri: str = ""
    key: str = ""
    illustrative: bool = False

    @property
    def number(self) -> Decimal | None:
        """The number that it is, if it is one."""
        try:
            number = Decimal(self.key)
        except InvalidOperation:
            return None
        return number if number.is_finite() else None


def cell(listing: Listing, row: int, column: ListColumn, language: str) -> tuple[Value, ...]:
    """Return the values of a cell, in the order of their names; empty where nothing is stated."""
    if column.is_answer:
        answer = listing.dated.answer(row, column.name)
        return (Value(answer_labels()[answer], key=answer),)
    if column.type == "deadline":
        deadline = listing.dated.deadlines.get(row)
        return (Value({"": deadline.stated}, key=deadline.stated),) if deadline else ()
    table = listing.table
    return tuple(_value(listing, column, number) for number in table.numbers(row, column.name, language))


def cell_json(listing: Listing, row: int, column: ListColumn, language: str) -> Any:
    """Return a cell as JSON: an answer as a word, all else as a list of things, texts or numbers."""
    values = cell(listing, row, column, language)
    if column.is_answer:
        return values[0].key
    return [_as_json(column, value) for value in values]


def column_values(
    found: Listing, rows: Sequence[int], column: ListColumn, language: str
) -> Iterator[tuple[Value, ...]]:
    """Yield the cells of a column in many rows, the same as ``cell`` gives one by one, only quicker."""
    if column.is_computed:
        yield from (cell(found, row, column, language) for row in rows)
        return
    cells, ranks = found.table.columns[column.name], found.table.register.ranks[language].tolist()
    starts, numbers = cells.starts.tolist(), cells.numbers.tolist()
    known = {number: _value(found, column, number) for number in cells.used.tolist()}
    for row in rows:
        here = numbers[starts[row] : starts[row + 1]]
        here = sorted(here, key=ranks.__getitem__) if len(here) > 1 else here
        yield tuple([known[number] for number in here])


def cell_text(values: Sequence[Value], language: str) -> str:
    """Return the values of a cell as one text."""
    return SEPARATORS[language].join(in_language(value.labels, language) for value in values)


def cell_number(values: Sequence[Value]) -> Decimal | None:
    """Return the number of a cell that holds just one."""
    return values[0].number if len(values) == 1 else None


def _value(listing: Listing, column: ListColumn, number: int) -> Value:
    register = listing.table.register
    term = register.terms.listed[number]
    return Value(
        labels=value_labels(register, column, number),
        iri=term[1:-1] if is_iri(term) else "",
        key=text_key(term),
        illustrative=is_iri(term) and register.is_illustrative(number),
    )


def _as_json(column: ListColumn, value: Value) -> Any:
    if value.iri:
        return {"iri": value.iri, "labels": value.labels, "illustrative": value.illustrative}
    if column.type == "kind":
        return {"kind": value.key, "labels": value.labels}
    if column.type == "number":
        return value.key if value.number is None else _plain(value.number)
    return value.key if len(value.labels) < 2 else value.labels


def _plain(number: Decimal) -> int | float:
    return int(number) if number == number.to_integral() else float(number)
