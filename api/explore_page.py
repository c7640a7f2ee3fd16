"""What the explorer's page says: bar, facets, panel and lists, each choice as the address that it leads to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from starlette.requests import Request

from api.drawing import OUTLINES
from api.explore_address import Place
from api.explore_json import held_text
from api.explore_rows import RelationRow, ThingRow, Wording
from api.explorer import Explorer, Shown, address
from api.i18n import translator
from api.templating import View
from graph.cards import Fact
from graph.exploration import Expansion, Exploration
from graph.groups import Members, member_facets
from graph.layout import ARRANGEMENTS
from graph.nodes import Named
from graph.paths import Chain
from graph.pinyin import sort_key
from graph.projection import Direction
from graph.sentences import sentence
from graph.times import HELD
from graph.views import Line, Thing
from ontology.display import Labels
from ontology.kinds import RelationKind, kinds

ROWS = 50
"""Rows of a list on one page."""

_MOST_FACTS = 8
_MOST_OPTIONS = 20  # of one facet; the rest is found on the page of members
_SORTS: Mapping[str, Callable[[ThingRow], Any]] = {
    "name": lambda row: sort_key(row.label),
    "kind": lambda row: kinds().node(row.thing.kind).order,
    "degree": lambda row: row.thing.degree if row.count is None else row.count,
    "shown": lambda row: row.thing.shown,
}


@dataclass(frozen=True)
class Option:
    """One choice: its value in the address, its name, how much there is of it, and whether it is chosen."""

    value: str
    label: str
    count: int | None
    is_chosen: bool


@dataclass(frozen=True)
class Facet:
    """Choices of one parameter."""

    name: str
    label: str
    options: tuple[Option, ...]
    more: int = 0
    """Choices that are not shown."""


@dataclass(frozen=True)
class Way:
    """One kind of relation of a thing in one direction: how many there are, and how many are drawn."""

    value: str
    label: str
    direction: Direction
    count: int
    drawn: int


@dataclass(frozen=True)
class ToldChain:
    """A chain of relations with its sentence and the relations that it consists of."""

    sentence: str
    rows: tuple[RelationRow, ...]
    illustrative: bool


class Places:
    """Addresses of other places, seen from one."""

    def __init__(self, shown: Shown, address: Callable[[Place], str]) -> None:
        """Remember where we are.

        Args:
            shown: what is seen.
            address: returns the address of a place.
        """
        self._shown, self._address = shown, address
        self._place, self._seen = shown.place, shown.place.exploration

    def select(self, key: str) -> str:
        """Return the address at which a thing or line is selected."""
        return self._address(replace(self._place, selected=key))

    def toggled(self, thing: Thing) -> str:
        """Return the address at which a thing is expanded, or no more; a group opened, or closed."""
        seen = self._seen
        if thing.group is not None:
            return self._at(replace(seen, opened=_toggled(seen.opened, thing.group.value)))
        kept = tuple(one for one in seen.expansions if one.iri != thing.name)
        if len(kept) == len(seen.expansions):
            kept = (*kept, Expansion(thing.name))
        return self._at(replace(seen, expansions=kept))

    def hidden(self, thing: Thing) -> str:
        """Return the address at which a thing is left out."""
        place = replace(self._place, selected="")
        return self._at(replace(self._seen, hidden=(*self._seen.hidden, thing.name)), place)

    def pinned(self, thing: Thing) -> str:
        """Return the address at which a thing keeps its place, or no more."""
        pins = tuple(pin for pin in self._seen.pins if pin[0] != thing.name)
        if not thing.is_pinned:
            pins = (*pins, (thing.name, thing.at))
        return self._at(replace(self._seen, pins=pins))

    def all_shown(self) -> str:
        """Return the address at which nothing is hidden."""
        return self._at(replace(self._seen, hidden=()))

    def all_loose(self) -> str:
        """Return the address at which nothing is pinned."""
        return self._at(replace(self._seen, pins=()))

    def without_facets(self) -> str:
        """Return the address at which nothing is filtered."""
        usual = Exploration()
        return self._at(
            replace(
                self._seen, facets={}, kinds=(), relations=(), held=usual.held, as_of=None, real_only=False
            )
        )

    def without_path(self) -> str:
        """Return the address at which no chain is looked for."""
        return self._at(replace(self._seen, path=None))

    def from_start(self) -> str:
        """Return the address at which nothing was asked for yet."""
        return self._address(Place())

    def sorted_by(self, column: str) -> str:
        """Return the address at which things are sorted by a column, the other way round if they are already."""
        sort = f"-{column}" if self._place.sort == column else column
        return self._address(replace(self._place, sort=sort, page=1))

    def page(self, number: int) -> str:
        """Return the address of a page of the lists."""
        return self._address(replace(self._place, page=number))

    def _at(self, exploration: Exploration, place: Place | None = None) -> str:
        return self._address((place or self._place).at(exploration))


def page_data(request: Request, explorer: Explorer, shown: Shown, view: View) -> dict[str, Any]:
    """Return everything that the template says of a view."""
    wording = Wording(explorer, shown, view)
    rows = _sorted(wording.thing_rows(), shown.place.sort)
    begin = (shown.place.page - 1) * ROWS
    selected = shown.selected
    return {
        "shown": shown,
        "seen": shown.place.exploration,
        "address": address(shown, view),
        "view_address": address(shown, view, path="/api/v1/graph/view"),
        "still_address": address(
            shown, view, replace(shown.place, selected="", sort="", page=1), "/explore.svg"
        ),
        "places": Places(shown, lambda place: address(shown, view, place)),
        "kept": lambda *without: shown.addresses.hidden_fields(shown.place, *without),
        "groupings": _groupings(shown, view),
        "layouts": tuple(ARRANGEMENTS),
        "today": request.app.state.today().isoformat(),
        "facets_": _facets(explorer, shown, view),
        "facet_names": ["kind", "relation", *(column.name for column in member_facets())],
        "held_text": lambda held: held_text(held, view) or "—",
        "joint": "&" if "?" in address(shown, view) else "?",
        "outlines": OUTLINES,
        "held_facet": _held_facet(explorer, shown, view),
        "things": rows[begin : begin + ROWS],
        "thing_count": len(rows),
        "relations": wording.described_rows(shown.view.lines[begin : begin + ROWS]),
        "relation_count": len(shown.view.lines),
        "first": begin + 1,
        "pages": max(-(-max(len(rows), len(shown.view.lines)) // ROWS), 1),
        "legend_": _legend(shown, view),
        "thing": wording.thing_row(selected) if isinstance(selected, Thing) else None,
        "line": wording.described_rows([selected])[0] if isinstance(selected, Line) else None,
        "facts": _facts(explorer, shown, selected),
        "ways": _ways(explorer, shown, selected, view) if isinstance(selected, Thing) else (),
        "chains": _chains(explorer, shown, wording, view),
        "path_ends": _path_ends(explorer, shown, view),
    }


def _sorted(rows: list[ThingRow], sort: str) -> list[ThingRow]:
    column = sort.removeprefix("-")
    if column not in _SORTS:
        return rows
    return sorted(rows, key=_SORTS[column], reverse=sort.startswith("-"))


def _groupings(shown: Shown, view: View) -> list[Option]:
    chosen = shown.place.exploration.group
    return [Option(one.name, view.label(one.labels), None, one.name == chosen) for one in member_facets()]


def _facets(explorer: Explorer, shown: Shown, view: View) -> list[Facet]:
    """Return what the things may be narrowed by: kinds of things and relations drawn, and columns of the members."""
    seen = shown.place.exploration
    table = kinds()
    anyway = shown
    if seen.kinds or seen.relations:
        anyway = explorer.shown(shown.place.at(replace(seen, kinds=(), relations=())))
    drawn, lines = anyway.view.kinds, anyway.view.relations
    of_kinds = [
        Option(k.name, view.label(k.labels), drawn[k.name], k.name in seen.kinds)
        for k in table.nodes
        if drawn.get(k.name)
    ]
    of_lines = [
        Option(k.name, view.label(k.title), lines[k.name], k.name in seen.relations)
        for k in table.relations
        if lines.get(k.name)
    ]
    found = [
        Facet("kind", view.translator.text("Kinds of things"), tuple(of_kinds)),
        Facet("relation", view.translator.text("Kinds of relations"), tuple(of_lines)),
    ]
    return [*found, *_member_facets(explorer.members(), shown, view)]


def _member_facets(members: Members, shown: Shown, view: View) -> Iterable[Facet]:
    seen = shown.place.exploration
    for column in member_facets():
        chosen = seen.facets.get(column.name, ())
        choices = list(members.choices(column.name, seen))
        listed = [one for place, one in enumerate(choices) if place < _MOST_OPTIONS or one[0] in chosen]
        options = tuple(
            Option(
                shown.addresses.value_key(value),
                view.label(labels) or view.translator.text("not stated"),
                count,
                value in chosen,
            )
            for value, labels, count in listed
        )
        if options:
            yield Facet(column.name, view.label(column.labels), options, len(choices) - len(listed))


def _held_facet(explorer: Explorer, shown: Shown, view: View) -> Facet:
    """Return the choice of what holds on the date, what does not, and what is not known to."""
    seen = shown.place.exploration
    counts: dict[str, int] = dict(shown.view.answers.items())
    if seen.is_grouped and not seen.opened:  # then no relation is drawn itself
        counts = {name: count for name, _, count in explorer.members().choices("held", seen)}
    chosen = seen.held
    options = tuple(Option(name, held_text(name, view), counts.get(name, 0), name in chosen) for name in HELD)
    return Facet("held", view.translator.text("On the date"), options)


def _legend(shown: Shown, view: View) -> list[tuple[str, str, str]]:
    """Return name, shape and colour of the kinds of things that are drawn."""
    drawn = shown.view.kinds
    return [
        (view.label(kind.labels), kind.shape, kind.colour) for kind in kinds().nodes if drawn.get(kind.name)
    ]


def _facts(explorer: Explorer, shown: Shown, selected: Thing | Line | None) -> Sequence[Fact]:
    """Return the first facts of the card of a thing, those that lead to other things before texts and numbers."""
    if not isinstance(selected, Thing) or selected.node is None:
        return ()
    facts = explorer.facts(shown, selected.node.iri)
    return sorted(facts, key=lambda fact: not isinstance(fact.value, Named))[:_MOST_FACTS]


def _ways(explorer: Explorer, shown: Shown, thing: Thing, view: View) -> Sequence[Way]:
    """Return the kinds of relations of a thing, counted before anything is expanded."""
    if thing.node is None:
        return ()
    drawn = Counter(
        (line.kind, direction)
        for line in shown.view.lines
        if line.edge
        for end, direction in ((line.from_name, "out"), (line.to_name, "in"))
        if end == thing.name
    )
    table = kinds()
    return tuple(
        Way(
            value=f"{counted.kind}.{counted.direction}",
            label=view.label(_way_labels(table.relation(counted.kind), counted.direction)),
            direction=counted.direction,
            count=counted.count,
            drawn=drawn[counted.kind, counted.direction],
        )
        for counted in explorer.projection().kind_counts(
            thing.node.iri, replace(shown.filters, relations=None)
        )
    )


def _way_labels(kind: RelationKind, direction: Direction) -> Labels:
    """Return what a kind of relation is called from one end; a kind of many names goes by its title."""
    labels: Labels = kind.title if kind.vocabulary else kind.labels if direction == "out" else kind.inverse
    return labels


def _chains(explorer: Explorer, shown: Shown, wording: Wording, view: View) -> list[ToldChain]:
    return [_told_chain(explorer, shown, wording, chain, view) for chain in shown.view.chains]


def _told_chain(explorer: Explorer, shown: Shown, wording: Wording, chain: Chain, view: View) -> ToldChain:
    lines = {line.edge: line for line in shown.view.lines if line.edge}
    drawn = [lines[edge] for edge in chain.edges if edge in lines]
    told = explorer.described_edges(chain.edges, shown.view.version)
    return ToldChain(
        sentence=sentence(chain, told, view.language, translator(view.language).date),
        rows=tuple(wording.described_rows(drawn)),
        illustrative=any(edge.illustrative for edge in chain.edges),
    )


def _path_ends(explorer: Explorer, shown: Shown, view: View) -> tuple[str, str] | None:
    """Return what the two ends of the chain that is looked for are called."""
    ends = shown.place.exploration.path
    if ends is None:
        return None
    projection = explorer.projection()
    known = [view.label(projection.node(name).labels) if name in projection else name for name in ends]
    return known[0], known[1]


def _toggled(values: tuple[str, ...], value: str) -> tuple[str, ...]:
    if value in values:
        return tuple(one for one in values if one != value)
    return (*values, value)
