"""Confirming what is held of a unit: the form with each fact, what was answered, and what that becomes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property

from starlette.requests import Request

from api.access import identity_of
from api.restricted_view import levels_of, things_of
from graph.engine import Engine
from graph.imports.confirmable import Confirmable, confirmable, nodes_of
from graph.imports.confirmation import ANSWERS, Answer, Form, Reply, unit_facts
from graph.imports.correction import Correction, correction, is_correctable
from graph.imports.held_facts import HeldSource, held_sources
from graph.imports.remarks import Remark
from graph.imports.understanding import Context
from graph.imports.value_terms import Fact
from graph.imports.vocabulary import Vocabulary
from graph.names import PACKAGED
from graph.nodes import Named, Nodes
from graph.quads import Term, iri, is_iri, text_of
from graph.repository import Repository
from graph.restricted import RestrictedFact
from ontology.areas import AREA
from ontology.display import Labels
from ontology.library import query
from ontology.terms import MA, SOSA
from ontology.workbook import workbook

ROLES = "staff-role"
"""The vocabulary of the parts in which somebody answers."""


@cache
def _positions() -> Mapping[str, int]:
    """Return where the columns of the short sheet stand in it."""
    return {column.key: n for n, column in enumerate(workbook().default.columns)}


@dataclass(frozen=True)
class Line:
    """A fact on the form.

    Attributes:
        fact: the fact.
        labels: what it is called.
        value: what is on record, as a reader sees it, by language.
        date: what is on record, where it is a date.
        options: what it may be instead, where that is one of a few: IRI and names.
        answer: what is answered (empty: nothing).
        text: what it is corrected to, as written.
        remark: why that cannot be kept (``None``: it can).
        instead: what is stated instead, as understood.
    """

    fact: Confirmable
    labels: Labels
    value: Labels
    date: str
    options: Sequence[tuple[str, Labels]]
    answer: str = ""
    text: str = ""
    remark: Remark | None = None
    instead: Sequence[Fact] = ()

    @property
    def new(self) -> list[str]:
        """What is stated instead, as text; of a concept or place its IRI."""
        return [text_of(value) for _, value in self.instead]

    @property
    def kind(self) -> str:
        """Which field a correction takes: ``choice``, ``date``, ``number``, ``text``, or none (empty)."""
        match self.fact.column.kind:
            case "concept":
                return "choice"
            case "date":
                return "date"
            case "integer" | "decimal":
                return "number"
        return "text" if is_correctable(self.fact) else ""


@dataclass(frozen=True)
class Group:
    """The facts about one thing: the unit itself, a department, a membership."""

    thing: Named
    lines: Sequence[Line]


class Confirming:
    """One unit, the facts on record about it, and what was answered."""

    def __init__(self, request: Request, unit: str, source: str, said: Mapping[str, str]) -> None:
        """Read the facts about a unit.

        Args:
            request: who asks.
            unit: IRI of the unit.
            source: graph of the one source whose facts are asked about (empty: of all).
            said: what the form says.
        """
        self.unit, self.source, self.said = unit, source, said
        self._engine: Engine = request.app.state.engine
        self._repository: Repository = request.app.state.repository
        self._today = request.app.state.today()
        self._levels = levels_of(identity_of(request))
        self._area: str = request.app.state.settings.area
        self.nodes = Nodes(self._engine)
        self.nodes.read([unit])

    @property
    def named(self) -> Named:
        """The unit."""
        return self.nodes.named(self.unit)

    @cached_property
    def _things(self) -> list[Term]:
        return things_of(self._engine, self.unit)

    @cached_property
    def _restricted(self) -> tuple[RestrictedFact, ...]:
        return self._repository.restricted.about(self._things, self._levels)

    @cached_property
    def facts(self) -> tuple[Confirmable, ...]:
        """The facts that are asked about."""
        graph = iri(self.source) if self.source else ""
        return confirmable(self._engine, self._repository.names, self._things, self._restricted, graph)

    @cached_property
    def sources(self) -> list[HeldSource]:
        """The sources that state something of the unit."""
        everything = confirmable(self._engine, self._repository.names, self._things, self._restricted)
        stating = {source.graph for fact in everything for source in fact.sources}
        listed = held_sources(self._engine, self._repository.names)
        return sorted((one for one in listed if one.graph in stating), key=lambda one: one.age, reverse=True)

    @cached_property
    def groups(self) -> list[Group]:
        """The facts by thing, the unit first, then in the order of the workbook."""
        self._read_names()
        grouped: dict[Term, list[Line]] = {}
        for fact in self.facts:
            grouped.setdefault(fact.node.thing, []).append(self._line(fact))
        for lines in grouped.values():
            lines.sort(key=lambda line: _positions().get(line.fact.column.key, len(_positions())))
        self.nodes.read(
            value for lines in grouped.values() for line in lines for value in line.new if "://" in value
        )
        ordered = sorted(grouped, key=lambda thing: (text_of(thing) != self.unit, self._order(thing)))
        return [Group(self.nodes.named(text_of(thing), self.unit), grouped[thing]) for thing in ordered]

    @property
    def lines(self) -> list[Line]:
        """All facts."""
        return [line for group in self.groups for line in group.lines]

    @property
    def answered(self) -> list[Line]:
        """The facts about which something was answered."""
        return [line for line in self.lines if line.answer]

    @property
    def mistakes(self) -> bool:
        """Whether something that was answered cannot be kept."""
        return any(line.remark for line in self.lines)

    def counts(self, answer: str) -> int:
        """Return how many facts got an answer."""
        return sum(line.answer == answer for line in self.lines)

    def form(self, title: str) -> Form:
        """Return what was said, as the source that it becomes."""
        return Form(
            unit=self.unit,
            title=title,
            day=self._today.isoformat(),
            role=self.said.get("role", "") if self.said.get("role", "") in dict(self.roles) else "",
            told=self.said.get("told", "").strip(),
            replies=tuple(self._replies()),
        )

    @cached_property
    def roles(self) -> list[tuple[str, Labels]]:
        """The parts in which somebody may answer."""
        return self._concepts(ROLES)

    @property
    def introductions(self) -> Mapping[Term, list[Fact]]:
        """What the units are that the facts are about."""
        return unit_facts(nodes_of(self._engine, self._things))

    def _order(self, thing: Term) -> tuple[str, str]:
        named = self.nodes.named(text_of(thing))
        return named.kind, text_of(thing)

    def _read_names(self) -> None:
        wanted = {text_of(fact.value) for fact in self.facts if is_iri(fact.value)}
        wanted |= {text_of(fact.node.thing) for fact in self.facts} | {fact.concerned for fact in self.facts}
        wanted |= {fact.said for fact in self.facts if fact.said == fact.column.mobile}
        self.nodes.read(wanted)

    def _line(self, fact: Confirmable) -> Line:
        column = fact.column
        answer = self.said.get(f"a.{fact.key}", "")
        text = self.said.get(f"v.{fact.key}", "").strip()
        corrected = correction(fact, text, self._context) if answer == "corrected" else Correction()
        return Line(
            fact=fact,
            labels=self._labels(fact),
            value=self.nodes.labels(text_of(fact.value)) if is_iri(fact.value) else {"": text_of(fact.value)},
            date=text_of(fact.value) if column.kind == "date" else "",
            options=self._concepts(column.scheme) if column.kind == "concept" else (),
            answer=answer if answer in ANSWERS else "",
            text=text,
            remark=corrected.remark,
            instead=corrected.facts,
        )

    def _replies(self) -> Iterator[Reply]:
        for line in self.answered:
            answer: Answer = next(one for one in ANSWERS if one == line.answer)
            yield Reply(line.fact, answer, tuple(line.instead))

    def _labels(self, fact: Confirmable) -> Labels:
        """Return what a fact is called: by its column, or a figure that has none of its own by its indicator."""
        if fact.said == fact.column.mobile:
            return self.nodes.labels(fact.said)
        if fact.node.type != MA.Statistic:
            return fact.column.labels
        indicator = self.nodes.labels(fact.concerned)
        if fact.said == SOSA.hasSimpleResult:
            return fact.column.labels if fact.column.on else indicator
        return {tag: f"{indicator.get(tag, '')} · {said}" for tag, said in fact.column.labels.items()}

    @cached_property
    def _context(self) -> Context:
        area = AREA + self._area if self._area else ""
        return Context(area, "", self._today, Vocabulary.of(self._engine))

    @cached_property
    def _schemes(self) -> dict[str, list[tuple[str, Labels]]]:
        return {}

    def _concepts(self, scheme: str) -> list[tuple[str, Labels]]:
        """Return the concepts of a scheme with their names."""
        if scheme not in self._schemes:
            rows = self._engine.select(
                query("concepts-of-scheme").bound({"scheme": iri(f"{PACKAGED}vocab/{scheme}")})
            )
            found = list(dict.fromkeys(text_of(row["concept"]) for row in rows))
            self.nodes.read(found)
            self._schemes[scheme] = [(concept, self.nodes.labels(concept)) for concept in found]
        return self._schemes[scheme]
