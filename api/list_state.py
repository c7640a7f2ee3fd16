"""What somebody asks of a list, and the address that says so: each leads to the other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from urllib.parse import urlencode

from api.i18n import LANGUAGES, translator
from graph.facets import NOT_STATED, Selection, numbers_of, value_labels
from graph.keys import iri_of, key_of
from graph.nodes import local_name
from graph.quads import is_iri
from graph.tables import Table
from graph.times import HELD
from ontology.display import Labels
from ontology.lists import ListColumn, ListDefinition, answer_labels

LIMIT = 50
MOST_ROWS = 1000
"""Rows that one page or one answer can have."""

UNKNOWN = "unknown"
"""How an address writes that a value is not stated."""

_HELD = ("yes", "unknown")
_NAMED = ("self", "thing", "concept", "area", "kind", "text", "code")
"""Types of columns whose values an address can name."""

Parameters = Sequence[tuple[str, str]]


@dataclass(frozen=True)
class ListState:
    """One question to a list.

    Attributes:
        selection: which rows.
        day: the date that answers are for.
        is_day_asked: whether the address names the date, or it is just today.
        sort: the column by which rows are sorted; empty: the usual one.
        descending: whether the last comes first.
        limit: how many rows to show.
        offset: how many to leave out before them.
        view: how they are shown.
    """

    selection: Selection
    day: date
    is_day_asked: bool = False
    sort: str = ""
    descending: bool = False
    limit: int = LIMIT
    offset: int = 0
    view: str = ""

    def toggled(self, column: str, key: str) -> ListState:
        """Return the question with a value chosen, or no longer, from the first row on."""
        values = dict(self.selection.values)
        held = values.get(column, ())
        values[column] = tuple(one for one in held if one != key) if key in held else (*held, key)
        return self.choosing(values)

    def without(self, column: str) -> ListState:
        """Return the question without a choice in a column, from the first row on."""
        return self.choosing({name: keys for name, keys in self.selection.values.items() if name != column})

    def choosing(self, values: Mapping[str, tuple[str, ...]]) -> ListState:
        """Return the question with other choices, from the first row on."""
        chosen = {name: keys for name, keys in values.items() if keys}
        return replace(self, selection=replace(self.selection, values=chosen), offset=0)


class Addressing:
    """How the addresses of one list are read and written."""

    def __init__(self, table: Table, base: str, today: date) -> None:
        self.table, self.base, self.today = table, base, today

    @property
    def definition(self) -> ListDefinition:
        """The list."""
        return self.table.definition

    @property
    def columns(self) -> tuple[ListColumn, ...]:
        """The columns in which an address can choose values."""
        found = self.definition.columns.values()
        return tuple(c for c in found if c.is_answer or _is_chosen(c))

    def read(self, parameters: Parameters) -> ListState:
        """Return the question that parameters ask.

        Raises:
            ValueError: a parameter makes no sense; the message says which.
        """
        one = dict(parameters)
        as_of = one.get("as_of", "").strip()
        sort = one.get("sort", "")
        return ListState(
            selection=Selection(
                values=self._values(parameters),
                text=" ".join(one.get("q", "").split()),
                real_only=one.get("real", "").lower() in ("1", "true"),
            ),
            day=_day(as_of) if as_of else self.today,
            is_day_asked=bool(as_of),
            sort=self._sort(sort.removeprefix("-")),
            descending=sort.startswith("-"),
            limit=_number("limit", one.get("limit", ""), 1, MOST_ROWS, LIMIT),
            offset=_number("offset", one.get("offset", ""), 0, 10**9, 0),
            view=one.get("view", ""),
        )

    def read_leniently(self, parameters: Parameters) -> ListState:
        """Return the question that parameters ask, those left out that make no sense."""
        fitting: list[tuple[str, str]] = []
        for parameter in parameters:
            try:
                self.read([parameter])
            except ValueError:
                continue
            fitting.append(parameter)
        return self.read(fitting)

    def query(self, state: ListState, more: Mapping[str, str] | None = None) -> str:
        """Return the parameters of a question as an address writes them, the usual ones left out."""
        return urlencode([*self.parameters(state), *(more or {}).items()])

    def parameters(self, state: ListState, without: Iterable[str] = ()) -> list[tuple[str, str]]:
        """Return the parameters of a question, but for some names."""
        left_out = set(without)
        return [(name, value) for name, value in self._parameters(state) if value and name not in left_out]

    def usual(self) -> Mapping[str, tuple[str, ...]]:
        """Return the choices of somebody who makes none: rows that no longer hold are left out."""
        return {"held": _HELD} if self.definition.is_dated else {}

    def named(self, column: str, key: str) -> str:
        """Return how an address writes a value."""
        if key == NOT_STATED:
            return UNKNOWN
        if self.definition.columns[column].type in ("concept", "area"):
            return local_name(key)
        return key_of(key, self.base) if ":" in key else key

    def labels(self, column: ListColumn, key: str) -> Labels:
        """Return what a chosen value is called."""
        if key == NOT_STATED:
            return {language: translator(language).text("not stated") for language in LANGUAGES}
        if column.is_answer:
            return answer_labels()[key]
        register = self.table.register
        numbers = numbers_of(register, self.table.columns[column.name], key)
        return value_labels(register, column, numbers[0]) if numbers else {"": local_name(key)}

    def is_illustrative(self, key: str) -> bool:
        """Tell whether a value is an invented thing."""
        number = self.table.register.terms.known(f"<{key}>")
        return number >= 0 and self.table.register.is_illustrative(number)

    def chosen(self, state: ListState) -> Iterator[tuple[ListColumn, list[Labels]]]:
        """Yield each column in which something is chosen, with the names of the values."""
        for name, column in self.definition.columns.items():
            if keys := state.selection.values.get(name):
                yield column, [self.labels(column, key) for key in keys]

    def _parameters(self, state: ListState) -> Iterator[tuple[str, str]]:
        usual = self.usual()
        for name in self.definition.columns:
            keys = state.selection.values.get(name, ())
            if keys != usual.get(name):
                yield from ((name, self.named(name, key)) for key in keys)
        yield "q", state.selection.text
        yield "as_of", state.day.isoformat() if state.is_day_asked else ""
        yield "real", "1" if state.selection.real_only else ""
        is_usual = (state.sort or self.definition.sort) == self.definition.sort and not state.descending
        sort = state.sort or self.definition.sort
        yield "sort", "" if is_usual else f"{'-' if state.descending else ''}{sort}"
        yield "view", state.view
        yield "limit", str(state.limit) if state.limit != LIMIT else ""
        yield "offset", str(state.offset) if state.offset else ""

    def _values(self, parameters: Parameters) -> Mapping[str, tuple[str, ...]]:
        found: dict[str, dict[str, None]] = {}
        columns = {column.name: column for column in self.columns}
        for name, text in parameters:
            if name in columns:
                found.setdefault(name, {})[self._key(columns[name], text.strip())] = None
        # In one order, so that equal choices are equal.
        chosen = {name: _ordered(keys) for name, keys in found.items()}
        return {**self.usual(), **chosen}

    def _key(self, column: ListColumn, text: str) -> str:
        """Return the value that a text means: an IRI, a short name, or the last part of one."""
        if column.is_answer:
            if text not in HELD:
                raise ValueError(f"{column.name}={text}")
            return text
        if text in ("", UNKNOWN):
            return NOT_STATED
        terms = self.table.register.terms
        whole = iri_of(text, self.base)
        if column.type in ("kind", "text", "code") or terms.known(f"<{whole}>") >= 0:
            return text if column.type in ("kind", "text", "code") else whole
        return self._short_names(column).get(text, whole)

    def _short_names(self, column: ListColumn) -> Mapping[str, str]:
        """Return the last parts of the names in a column, with the names."""

        def made() -> Mapping[str, str]:
            listed = self.table.register.terms.listed
            numbers = self.table.columns[column.name].used.tolist()
            names = sorted(
                (listed[number][1:-1] for number in numbers if is_iri(listed[number])), reverse=True
            )
            return {local_name(name): name for name in names}

        return self.table.kept(("short names", column.name), made)

    def _sort(self, name: str) -> str:
        if not name:
            return ""
        if name not in self.definition.columns or self.definition.columns[name].is_hidden:
            raise ValueError(f"sort={name}")
        return name


def _is_chosen(column: ListColumn) -> bool:
    return column.type in _NAMED and (not column.is_hidden or column.name == "area")


def _ordered(keys: Iterable[str]) -> tuple[str, ...]:
    listed = list(keys)
    return tuple(key for key in HELD if key in listed) if set(listed) <= set(HELD) else tuple(sorted(listed))


def _day(text: str) -> date:
    try:
        if len(text) != len("2026-01-01"):
            raise ValueError
        return date.fromisoformat(text)
    except ValueError:
        raise ValueError(f"as_of={text}: YYYY-MM-DD") from None


def _number(name: str, text: str, least: int, most: int, usual: int) -> int:
    if not text:
        return usual
    if not text.isdecimal() or not least <= int(text) <= most:
        raise ValueError(f"{name}={text}: {least}…{most}")
    return int(text)
