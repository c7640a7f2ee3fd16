"""The pages of lists: facets, filters, order and pages, all of it in the address, complete without scripts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from fastapi import APIRouter, Depends
from starlette.requests import Request
from starlette.responses import Response

from api.access import needs
from api.list_cells import Value, cell
from api.list_state import LIMIT, Addressing, ListState
from api.pages import frame
from api.templating import View, page, view_of
from graph.facets import NOT_STATED, Facet, FacetValue, Listing, Selection, listing
from graph.groups import member_facets
from graph.keys import key_of
from graph.list_sparql import sparql_of
from graph.quads import text_of
from graph.tables import Tables
from graph.times import HELD
from ontology.display import Labels
from ontology.lists import ListColumn

router = APIRouter(include_in_schema=False, dependencies=[Depends(needs("read"))])

PATHS: Mapping[str, str] = {
    "members": "/members",
    "designations": "/designations",
    "programmes": "/training",
    "projects": "/projects",
    "units": "/units",
}
"""The address of each list's page."""

SIZES = (25, LIMIT, 100, 200)
"""Rows that a page may have."""
VIEWS = ("", "cards")

_SHOWN_VALUES = 8
_MOST_VALUES = 60
_MOST_FOCUSED = 40  # rows that the explorer is told one by one
_INITIATOR = "https://w3id.org/medalliance/vocab/membership-role/initiator"


@dataclass(frozen=True)
class Chip:
    """Something that was chosen: what it is about, what it says, and the address without it."""

    about: Labels
    labels: Labels
    href: str


@dataclass(frozen=True)
class Choice:
    """A value of a facet: what the form sends, names, how many rows have it, and whether it was chosen."""

    value: str
    labels: Labels
    count: int
    selected: bool


@dataclass(frozen=True)
class FacetView:
    """A facet: its values that are shown first, those behind "more", and how many are not shown at all."""

    column: ListColumn
    first: Sequence[Choice]
    more: Sequence[Choice]
    left_out: int

    @property
    def is_open(self) -> bool:
        """Whether something was chosen behind "more"."""
        return any(choice.selected for choice in self.more)


@dataclass(frozen=True)
class Row:
    """A row: the thing that it is about, what that is called, its cells by column, and whether it is invented."""

    iri: str
    title: Labels
    cells: Mapping[str, Sequence[Value]]
    illustrative: bool

    def is_stated(self, columns: Iterable[ListColumn]) -> bool:
        """Tell whether there is anything in one of some cells."""
        return any(self.cells[column.name] for column in columns)


@dataclass(frozen=True)
class Relaxation:
    """A way out when nothing fits: what to give up, and how many rows there are then."""

    chip: Chip
    total: int


class ListView:
    """One page of a list, for the template."""

    def __init__(self, request: Request, name: str) -> None:
        tables: Tables = request.app.state.tables.current()
        self.name, self.path = name, PATHS[name]
        self._view: View = view_of(request)
        self._addressing = Addressing(tables[name], request.app.state.base, request.app.state.today())
        self.state = self._addressing.read_leniently(request.query_params.multi_items())
        self.found: Listing = listing(tables[name], self.state.selection, self.state.day)
        self.definition = tables[name].definition

    # --- Rows ---------------------------------------------------------------------------------------------

    @property
    def columns(self) -> list[ListColumn]:
        """The columns of the page."""
        return [
            column for column in self.definition.columns.values() if column.is_shown and not column.beside
        ]

    def parts(self, column: ListColumn) -> list[ListColumn]:
        """Return a column of the page and those that stand in its cells."""
        return [
            column,
            *(c for c in self.definition.columns.values() if c.is_shown and c.beside == column.name),
        ]

    @property
    def rows(self) -> list[Row]:
        """The rows of the page."""
        language = self._view.language
        rows = self.found.rows(self.state.sort, language, descending=self.state.descending)
        shown = [column for column in self.definition.columns.values() if column.is_shown]
        page_ = rows[self.state.offset : self.state.offset + self.state.limit].tolist()
        return [self._row(row, shown, language) for row in page_]

    def _row(self, row: int, shown: Sequence[ListColumn], language: str) -> Row:
        table = self.found.table
        cells = {column.name: cell(self.found, row, column, language) for column in shown}
        named = cells[self.definition.title]
        return Row(
            text_of(table.name(row)), named[0].labels if named else {}, cells, bool(table.illustrative[row])
        )

    @property
    def is_about_others(self) -> bool:
        """Whether a row is a record about the thing that names it, with a page of its own."""
        return self.definition.columns[self.definition.title].type != "self"

    @property
    def is_empty(self) -> bool:
        """Whether the list has no rows at all."""
        return len(self.found.table) == 0

    @property
    def has_only_initiators(self) -> bool:
        """Whether all that is on record are the units that started an alliance."""
        if self.name != "members":
            return False
        roles = listing(self.found.table, Selection(), self.state.day).facet("role").values
        return {value.key for value in roles if value.count} <= {_INITIATOR}

    @property
    def gone(self) -> int:
        """How many rows are left out because they do not hold on the date."""
        if "held" not in self.definition.columns or "no" in self.state.selection.values.get("held", ()):
            return 0
        return next(value.count for value in self.found.facet("held").values if value.key == "no")

    @property
    def relaxations(self) -> list[Relaxation]:
        """What to give up where nothing fits, the most fruitful first."""
        found = [Relaxation(chip, self._total(state)) for chip, state in self._choices(grouped=True)]
        return sorted((one for one in found if one.total), key=lambda one: -one.total)

    # --- Facets and choices -------------------------------------------------------------------------------

    @property
    def facets(self) -> list[FacetView]:
        """The facets that have something to choose from."""
        made = [self._facet(facet) for facet in self.found.facets]
        return [one for one in made if len(one.first) > 1 or any(choice.selected for choice in one.first)]

    @property
    def chips(self) -> list[Chip]:
        """What was chosen, each with the address without it."""
        return [chip for chip, _ in self._choices(grouped=False)]

    @property
    def hidden(self) -> list[tuple[str, str]]:
        """What the form keeps without showing it."""
        shown = {facet.column.name for facet in self.facets}
        without = {*shown, "q", "as_of", "limit", "offset", "real"}
        return [*self._addressing.parameters(self.state, without), *self._view.kept.items()]

    @property
    def has_date(self) -> bool:
        """Whether the list depends on the date."""
        return any(column.is_computed for column in self.definition.columns.values())

    def _facet(self, facet: Facet) -> FacetView:
        choices = [self._choice(facet, value) for value in facet.values if value.count or value.selected]
        first, rest = choices[:_SHOWN_VALUES], choices[_SHOWN_VALUES:]
        more = [choice for place, choice in enumerate(rest) if place < _MOST_VALUES or choice.selected]
        return FacetView(facet.column, first, more, len(rest) - len(more))

    def _choice(self, facet: Facet, value: FacetValue) -> Choice:
        name = facet.column.name
        labels = self._addressing.labels(facet.column, value.key) if value.key == NOT_STATED else value.labels
        return Choice(self._addressing.named(name, value.key), labels, value.count, value.selected)

    def _choices(self, *, grouped: bool) -> Iterator[tuple[Chip, ListState]]:
        """Yield what was chosen with the question without it, the values of a column each or together."""
        usual = self._addressing.usual()
        for column, labels in self._addressing.chosen(self.state):
            keys = self.state.selection.values[column.name]
            if keys == usual.get(column.name):
                continue
            if grouped:
                yield self._chip(column.labels, _joined(labels), self.state.without(column.name))
                continue
            for key, one in zip(keys, labels, strict=True):
                yield self._chip(column.labels, one, self.state.toggled(column.name, key))
        translate = self._view.translator
        if self.state.selection.text:
            without = replace(self.state, selection=replace(self.state.selection, text=""), offset=0)
            yield self._chip({"": translate.text("Words")}, {"": self.state.selection.text}, without)
        if self.state.is_day_asked and self.has_date:
            without = replace(self.state, day=self._addressing.today, is_day_asked=False, offset=0)
            yield self._chip(
                {"": translate.text("Date")}, {"": translate.date(self.state.day.isoformat())}, without
            )

    def _chip(self, about: Labels, labels: Labels, without: ListState) -> tuple[Chip, ListState]:
        return Chip(about, labels, self.href(without)), without

    def _total(self, state: ListState) -> int:
        return listing(self.found.table, state.selection, state.day).total

    # --- Addresses ----------------------------------------------------------------------------------------

    def href(self, state: ListState) -> str:
        """Return the address of another question to this list."""
        query = urlencode(self._addressing.parameters(state, ("real",)))
        return self._view.local(f"{self.path}?{query}" if query else self.path)

    @property
    def clear(self) -> str:
        """The address without any choice; order and view stay."""
        kept = replace(self.state, selection=replace(self.state.selection, values={}, text=""))
        return self.href(replace(kept, day=self._addressing.today, is_day_asked=False, offset=0))

    @property
    def with_gone(self) -> str:
        """The address with the rows that do not hold on the date."""
        return self.href(self.state.choosing({**self.state.selection.values, "held": HELD}))

    def sorted_by(self, column: ListColumn) -> str:
        """Return the address sorted by a column, the other way round where it is sorted by it already."""
        other = self.order(column) == "ascending"
        return self.href(replace(self.state, sort=column.name, descending=other, offset=0))

    def order(self, column: ListColumn) -> str:
        """Return how the list is sorted by a column: ascending, descending, or not (empty)."""
        if (self.state.sort or self.definition.sort) != column.name:
            return ""
        return "descending" if self.state.descending else "ascending"

    def in_view(self, name: str) -> str:
        """Return the address of the list in another view."""
        return self.href(replace(self.state, view=name))

    @property
    def view(self) -> str:
        """How the rows are shown: as a table (empty) or as cards."""
        return self.state.view if self.state.view in VIEWS else ""

    @property
    def first(self) -> str:
        """The address of the first page."""
        return self._page(0)

    @property
    def previous(self) -> str:
        """The address of the page before, empty when this is the first."""
        return self._page(self.state.offset - self.state.limit) if self.state.offset else ""

    @property
    def next(self) -> str:
        """The address of the page after, empty when this is the last."""
        following = self.state.offset + self.state.limit
        return self._page(following) if following < self.found.total else ""

    @property
    def last(self) -> str:
        """The address of the last page, empty when this is it."""
        start = (self.found.total - 1) // self.state.limit * self.state.limit
        return self._page(start) if start > self.state.offset else ""

    def _page(self, offset: int) -> str:
        return self.href(replace(self.state, offset=max(0, offset)))

    @property
    def downloads(self) -> list[tuple[str, str]]:
        """The formats in which all chosen rows can be had, with their addresses."""
        query = self._addressing.parameters(self.state, ("limit", "offset", "view"))
        named = (("CSV", "csv"), ("Excel", "xlsx"), ("JSON", "json"), ("Turtle", "ttl"))
        return [
            (
                name,
                f"/api/v1/{self.name}?{urlencode([*query, ('format', kind), ('lang', self._view.language)])}",
            )
            for name, kind in named
        ]

    @property
    def sparql(self) -> str:
        """The query page with a query that gives the chosen rows, empty when SPARQL cannot say what was chosen."""
        text = sparql_of(self.found, self._view.language)
        return self._view.local(f"/query?{urlencode({'query': text})}") if text else ""

    @property
    def explore(self) -> str:
        """The explorer with the chosen rows, or with all members in groups where there are too many."""
        pairs = self._focused() if self._are_few else self._grouped()
        return self._view.local(f"/explore?{urlencode(pairs, safe='/:')}")

    @property
    def _are_few(self) -> bool:
        return self.name != "members" and 0 < self.found.total <= _MOST_FOCUSED

    def _focused(self) -> list[tuple[str, str]]:
        rows = self.found.rows().tolist()
        return [("focus", key_of(text_of(self.found.table.name(row)), self._view.base)) for row in rows]

    def _grouped(self) -> list[tuple[str, str]]:
        facets = {column.name for column in member_facets()} if self.name in ("members", "units") else set()
        chosen = [
            (name, key_of(key, self._view.base) if key else "unknown")
            for name, keys in self.state.selection.values.items()
            for key in keys
            if name in facets
        ]
        held = self.state.selection.values.get("held", ())
        if self.name == "members" and held != self._addressing.usual().get("held"):
            chosen += [("held", answer) for answer in held]
        day = [("as_of", self.state.day.isoformat())] if self.state.is_day_asked else []
        return [("group", "prefecture"), *chosen, *day]


@router.get("/members")
def members(request: Request) -> Response:
    """Return the list of members."""
    return _list_page(request, "members")


@router.get("/designations")
def designations(request: Request) -> Response:
    """Return the list of designations."""
    return _list_page(request, "designations")


@router.get("/training")
def training(request: Request) -> Response:
    """Return the list of training programmes."""
    return _list_page(request, "programmes")


@router.get("/projects")
def projects(request: Request) -> Response:
    """Return the list of projects."""
    return _list_page(request, "projects")


@router.get("/units")
def units(request: Request) -> Response:
    """Return the list of units."""
    return _list_page(request, "units")


def _list_page(request: Request, name: str) -> Response:
    return page(request, "list.html", list=ListView(request, name), sizes=SIZES, **frame(request))


def _joined(labels: Sequence[Labels]) -> Labels:
    """Return several names as one, by language."""
    languages = dict.fromkeys(language for one in labels for language in one)
    return {
        language: " / ".join(one.get(language) or next(iter(one.values()), "") for one in labels)
        for language in languages
    }
