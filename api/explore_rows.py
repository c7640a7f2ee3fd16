"""The explorer's lists in words: things and relations, as the page, the canvas and the files say them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from api.explorer import MOST_DESCRIBED, Explorer, Shown
from api.templating import View
from graph.edges import DescribedEdge
from graph.nodes import Named, Period
from graph.provenance import Provenance
from graph.times import Held
from graph.views import GROUP, Line, Thing
from ontology.display import Labels
from ontology.kinds import kinds


@dataclass(frozen=True)
class ThingRow:
    """One thing, as a reader sees it; ``count`` is the number of units of a group, else ``None``."""

    key: str
    thing: Thing
    label: str
    kind: str
    count: int | None


@dataclass(frozen=True)
class RelationRow:
    """One relation, as a reader sees it; without a description (``told`` is ``None``) only what it is called."""

    key: str
    line: Line
    label: str
    from_key: str
    from_label: str
    to_key: str
    to_label: str
    qualifiers: tuple[Named, ...]
    told: Provenance | None

    @property
    def held(self) -> Held | None:
        """Whether it holds on the date; ``None`` for a tie of a group."""
        return self.line.edge.held if self.line.edge else None

    @property
    def period(self) -> Period:
        """When it holds, as stated."""
        return self.told.period if self.told else Period()

    @property
    def unsure(self) -> bool:
        """Whether the source had to be interpreted."""
        return bool(self.told and self.told.basis and self.told.basis.iri.endswith("/interpreted"))


class Wording:
    """Words for one view and one reader."""

    def __init__(self, explorer: Explorer, shown: Shown, view: View) -> None:
        """Remember what is shown, and to whom."""
        self._explorer, self._shown, self._view = explorer, shown, view
        self._relations = explorer.relation_labels(shown)
        self._labels = {thing.name: self._label(thing) for thing in shown.view.things}

    def thing_rows(self, things: Sequence[Thing] | None = None) -> list[ThingRow]:
        """Return things, by default all of the view, in its order."""
        return [self.thing_row(thing) for thing in (self._shown.view.things if things is None else things)]

    def thing_row(self, thing: Thing) -> ThingRow:
        """Return one thing."""
        return ThingRow(
            key=self._shown.key(thing.name),
            thing=thing,
            label=self._labels[thing.name],
            kind=self._view.label(kinds().node(thing.kind).labels),
            count=thing.group.size if thing.group else None,
        )

    def relation_rows(self, lines: Sequence[Line] | None = None) -> list[RelationRow]:
        """Return relations, by default all of the view; they are described when there are not too many."""
        listed = self._shown.view.lines if lines is None else lines
        told = self._explorer.described(self._shown, listed) if len(listed) <= MOST_DESCRIBED else {}
        return [self._relation_row(line, told) for line in listed]

    def described_rows(self, lines: Sequence[Line]) -> list[RelationRow]:
        """Return relations with their descriptions, however many they are."""
        told = self._explorer.described(self._shown, lines)
        return [self._relation_row(line, told) for line in lines]

    def _relation_row(self, line: Line, told: Mapping[str, DescribedEdge]) -> RelationRow:
        key = self._shown.line_key(line)
        described = told.get(key)
        return RelationRow(
            key=key,
            line=line,
            label=self._relation_label(line, described),
            from_key=self._shown.key(line.from_name),
            from_label=self._labels[line.from_name],
            to_key=self._shown.key(line.to_name),
            to_label=self._labels[line.to_name],
            qualifiers=described.qualifiers if described else (),
            told=described.provenance if described else None,
        )

    def _relation_label(self, line: Line, described: DescribedEdge | None) -> str:
        if line.edge is None:
            return (
                self._view.translator.plural("{number} unit", "{number} units", line.count)
                if line.count
                else ""
            )
        labels: Labels = described.labels if described else self._relations[line.edge.relation][0]
        return self._view.label(labels)

    def _label(self, thing: Thing) -> str:
        named = self._view.label(self._shown.labels(thing))
        return named or (self._view.translator.text("not stated") if thing.kind == GROUP else thing.name)
