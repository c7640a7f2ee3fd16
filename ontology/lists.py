"""Lists of things, as data: ``lists.toml`` names their columns, ``queries/list-NAME.rq`` reads their cells."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from ontology.display import Labels
from ontology.library import Query, query

FILE = Path(__file__).parent / "lists.toml"
LANGUAGES = ("zh", "en")
TYPES = (
    *("self", "thing", "concept", "area", "kind", "text", "number", "date", "code"),
    *("held", "open", "deadline"),
)
ANSWERS = ("held", "open")
"""Types of columns that answer yes, unknown or no for a date."""

_BRANCH = re.compile(r'VALUES \?row \{ UNDEF \}\n(.*?)\n *BIND\("(\w+)" AS \?column\)', re.DOTALL)


@dataclass(frozen=True)
class ListColumn:
    """One column of a list.

    Attributes:
        name: what addresses and files call it.
        labels: what readers call it.
        type: what its cells are, one of ``TYPES``.
        is_facet: whether its values narrow the list.
        is_searched: whether the text filter looks at it.
        is_shown: whether it is a column of the page.
        is_hidden: whether it serves other columns only, and stands in no file.
        beside: the column of the page in whose cells it stands (empty: it has its own).
        through: the column of this list whose things are looked up in another list (empty: it is read).
        of: the list and the column that they are looked up in.
    """

    name: str
    labels: Labels
    type: str
    is_facet: bool = False
    is_searched: bool = False
    is_shown: bool = True
    is_hidden: bool = False
    beside: str = ""
    through: str = ""
    of: tuple[str, str] = ("", "")

    @property
    def is_answer(self) -> bool:
        """Whether it answers yes, unknown or no for a date."""
        return self.type in ANSWERS

    @property
    def is_computed(self) -> bool:
        """Whether its cells depend on the date that is asked about."""
        return self.is_answer or self.type == "deadline"


@dataclass(frozen=True)
class ListDefinition:
    """One list.

    Attributes:
        name: what addresses call it.
        labels: what readers call it.
        rows: what the query gives for each row and for nothing else.
        title: the column that names a row.
        sort: the column by which it is sorted unless asked otherwise.
        is_dated: whether rows hold for a time; those that do not hold on the date are left out unless asked for.
        empty: why there may be nothing.
        together: how many rows are best read at once after a small change.
        columns: the columns in their order.
    """

    name: str
    labels: Labels
    rows: str
    title: str
    sort: str
    is_dated: bool
    empty: Labels
    together: int = 1000
    columns: Mapping[str, ListColumn] = field(default_factory=dict)

    @property
    def query(self) -> Query:
        """The query that reads the cells."""
        return query(f"list-{self.name}")

    @property
    def facets(self) -> tuple[ListColumn, ...]:
        """The columns whose values narrow the list."""
        return tuple(column for column in self.columns.values() if column.is_facet)

    @property
    def searched(self) -> tuple[ListColumn, ...]:
        """The columns that the text filter looks at."""
        return tuple(column for column in self.columns.values() if column.is_searched)

    @property
    def visible(self) -> tuple[ListColumn, ...]:
        """The columns that are not hidden."""
        return tuple(column for column in self.columns.values() if not column.is_hidden)

    def rows_query(self, rows: Sequence[str]) -> str:
        """Return the query for those of some things (terms) that are rows, as the first variable of its answer."""
        head = self.query.text[: self.query.text.index("SELECT")]
        values = f"VALUES ?row {{ {' '.join(rows)} }}"
        branches = (f"{{ {values}\n{pattern} }}" for pattern in self.patterns(self.rows))
        return f"{head}SELECT DISTINCT ?row {{\n{' UNION '.join(branches)}\n}}"

    def patterns(self, column: str) -> tuple[str, ...]:
        """Return the graph patterns that give the cells (``?value``) of a column for ``?row``."""
        return tuple(
            re.sub(r"(?m)^ {4}", "", body)
            for body, name in _BRANCH.findall(self.query.text)
            if name == column
        )


@cache
def lists() -> Mapping[str, ListDefinition]:
    """Return the packaged lists by name, each after those that it looks things up in."""
    return read_lists(FILE.read_text(encoding="utf-8"))


@cache
def answer_labels() -> Mapping[str, Labels]:
    """Return what the answers yes, unknown and no are called."""
    table: Mapping[str, Labels] = tomllib.loads(FILE.read_text(encoding="utf-8"))["held"]
    return table


def read_lists(text: str) -> Mapping[str, ListDefinition]:
    """Return the lists that a TOML text holds.

    Raises:
        KeyError: something is missing.
        ValueError: a label lacks a language, a type is unknown, or a column looks up what is not there.
    """
    found: dict[str, ListDefinition] = {}
    for name, said in tomllib.loads(text)["list"].items():
        columns = {key: _column(key, row) for key, row in said["column"].items()}
        for column in columns.values():
            _check_lookup(column, columns, found)
        found[name] = ListDefinition(
            name=name,
            labels=_labels(name, said["title"]),
            rows=said["rows"],
            title=columns[said["name"]].name,
            sort=columns[said["sort"]].name,
            is_dated=said.get("dated", False),
            empty=_labels(name, said["empty"]),
            together=said.get("together", ListDefinition.together),
            columns=columns,
        )
    return found


def _column(name: str, row: Mapping[str, Any]) -> ListColumn:
    if row["type"] not in TYPES:
        raise ValueError(f"column {name} has an unknown type: {row['type']}")
    is_hidden = row.get("hidden", False)
    list_name, _, column = row.get("of", "").partition(".")
    return ListColumn(
        name=name,
        labels={} if is_hidden and "zh" not in row else _labels(name, row),
        type=row["type"],
        is_facet=row.get("facet", False),
        is_searched=row.get("search", False),
        is_shown=not is_hidden and row.get("show", "yes") != "no",
        is_hidden=is_hidden,
        beside=row.get("beside", ""),
        through=row.get("through", ""),
        of=(list_name, column),
    )


def _check_lookup(
    column: ListColumn, columns: Mapping[str, ListColumn], before: Mapping[str, ListDefinition]
) -> None:
    if not column.through:
        return
    list_name, looked_up = column.of
    if column.through not in columns or list_name not in before or looked_up not in before[list_name].columns:
        raise ValueError(f"column {column.name} looks up what no list before it has: {'.'.join(column.of)}")


def _labels(name: str, said: Mapping[str, Any]) -> Labels:
    if missing := [language for language in LANGUAGES if not said.get(language)]:
        raise ValueError(f"{name} has no label in {', '.join(missing)}")
    return {language: str(said[language]) for language in LANGUAGES}
