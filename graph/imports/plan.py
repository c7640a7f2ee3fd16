"""The plan of an import: what it would add, change, leave as it is, take out, and where sources then disagree."""

from __future__ import annotations

import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from itertools import chain

from graph.engine import Engine
from graph.imports.comparison import Comparison, Held, Side, Thing, What, compared
from graph.imports.disagreeing import Other, Saying, disagreements, said_elsewhere, sayings
from graph.imports.entities import Grouping
from graph.imports.fact_texts import FactNames, Labels, Text
from graph.imports.own_names import LABEL
from graph.imports.proposal import current_versions
from graph.imports.resolution import Resolution
from graph.imports.source import Source
from graph.imports.statements import Stated
from graph.names import Names
from graph.packed import PackedQuads
from graph.quads import Term, iri
from graph.restricted import RestrictedFacts
from ontology.workbook import Workbook

MOST_LISTED = 1000
"""Things that are told one by one; further ones are counted."""

_ORDER: Sequence[What] = ("added", "changed", "left", "kept-back", "same")
_Said = tuple[tuple[str, str], ...]
"""A text by language."""
_Called = tuple[_Said, bool]
"""What a fact is called, and whether it is not public."""
_SEPARATOR = {"zh": "、", "en": ", "}


@dataclass(frozen=True)
class FactChange:
    """One fact of a thing: what it is called, what was held, what the file says (texts by language)."""

    property: Mapping[str, str]
    before: Mapping[str, str] = field(default_factory=dict)
    after: Mapping[str, str] = field(default_factory=dict)
    source: Mapping[str, str] = field(default_factory=dict)
    """For a disagreement: title of the other source."""
    restricted: bool = False


@dataclass(frozen=True)
class EntityChange:
    """What becomes of one thing.

    Attributes:
        what: added, changed, the same, left (in the earlier version of the document, not in this one), kept back.
        iri: the thing (empty: not named yet).
        labels: its names by language.
        rows: rows that speak of it: table key and row.
        facts: facts that come, change or go.
        disagreements: facts on which another current source says something else.
    """

    what: What
    iri: Term
    labels: Mapping[str, str]
    rows: tuple[tuple[str, int], ...] = ()
    facts: tuple[FactChange, ...] = ()
    disagreements: tuple[FactChange, ...] = ()


@dataclass(frozen=True)
class Plan:
    """The plan of an import, thing by thing.

    Attributes:
        version: version of the graph that it was made against.
        digest: changes when the plan does; a commit names the plan that was seen.
        entities: what becomes of each thing; of very many, the first.
        added, removed: public quads that come and go.
        withdrawn: titles of earlier versions of the document that it replaces.
        counts: how many things there are of each kind, and (``disagreeing``) how many other sources contradict.
        omitted: how many things are not in ``entities``.
    """

    version: int
    digest: str
    entities: tuple[EntityChange, ...]
    added: int
    removed: int
    withdrawn: tuple[str, ...] = ()
    counts: Mapping[str, int] = field(default_factory=dict)
    omitted: int = 0


def plan(
    stated: Stated,
    source: Source,
    resolutions: Sequence[Resolution],
    engine: Engine,
    names: Names,
    restricted: RestrictedFacts,
    workbook: Workbook,
) -> Plan:
    """Return what an import would do.

    Args:
        stated: what the file says.
        source: the document, in this version.
        resolutions: what its names stand for; those kept back are told.
        engine: what is held.
        names: the graphs that the instance keeps for itself.
        restricted: what is held of what is not public.
        workbook: what facts are called.
    """
    version = engine.version
    current = current_versions(source, engine, names)
    grouping = Grouping.of(workbook)
    comparison = compared(stated, Held(engine, [iri(one.graph) for one in current], restricted, grouping))
    waiting = [_kept_back(one) for one in resolutions if one.kept_back]
    chosen = _chosen(comparison.things, len(waiting))
    before, after = comparison.sides({thing.iri for thing in chosen})
    differences = _Differences(engine, names, source, after)
    teller = _Teller(
        before, after, differences, FactNames(workbook, labels := Labels(engine)), labels, grouping
    )
    told = [*teller.told(chosen), *waiting]
    added, removed = comparison.sizes()
    counts = _counts(comparison, len(waiting)) | {"disagreeing": len(differences.by_thing)}
    made = Plan(
        version,
        "",
        tuple(sorted(told, key=lambda one: _ORDER.index(one.what))),
        added,
        removed,
        tuple(one.title or one.graph for one in current if one.graph != source.graph),
        counts,
        len(comparison.things) + len(waiting) - len(told),
    )
    return replace(made, digest=_digest(made, stated if made.omitted else None))


class _Differences:
    """Where things in view say something else than other current sources."""

    def __init__(self, engine: Engine, names: Names, source: Source, after: Side) -> None:
        said = [(node, facts) for node in after.nodes for facts in (after.nodes[node],)]
        subjects = {saying.subject for node, facts in said for saying in sayings(node, facts)}
        elsewhere = said_elsewhere(engine, names, source.document, subjects)
        thing_of = {node: thing for thing, nodes in after.things.items() for node in nodes}
        self.by_thing: dict[Term, list[tuple[Term, Saying, Other]]] = defaultdict(list)
        for node, saying, other in disagreements(after.nodes, sorted(after.nodes), elsewhere):
            self.by_thing[thing_of[node]].append((node, saying, other))

    def terms(self) -> Iterator[Term]:
        """Yield the terms that have to be told in words."""
        for found in self.by_thing.values():
            for _, saying, other in found:
                yield from (saying.property, saying.value, other.saying.value, other.source)


class _Teller:
    """Tells in words what becomes of things."""

    def __init__(
        self,
        before: Side,
        after: Side,
        differences: _Differences,
        names: FactNames,
        labels: Labels,
        grouping: Grouping,
    ) -> None:
        self._before, self._after, self._differences = before, after, differences
        self._names, self._labels, self._grouping = names, labels, grouping

    def told(self, chosen: Sequence[Thing]) -> list[EntityChange]:
        """Return what becomes of some things, in their order."""
        for side in (self._after, self._before):
            for thing, facts in side.nodes.items():
                for said, value in facts:
                    if said == LABEL:
                        self._labels.tell(thing, value)
        self._labels.learn(chain(self._terms(chosen), self._differences.terms()))
        return [self._change(thing) for thing in chosen]

    def _terms(self, chosen: Sequence[Thing]) -> Iterator[Term]:
        for thing in chosen:
            yield thing.iri
            for side in (self._before, self._after):
                for node in side.things.get(thing.iri, ()):
                    for facts, _ in side.facts(node):
                        yield from (term for fact in facts for term in fact)

    def _change(self, thing: Thing) -> EntityChange:
        found = self._differences.by_thing.get(thing.iri, ())
        return EntityChange(
            thing.what,
            thing.iri,
            dict(self._labels.of(thing.iri)),
            thing.rows,
            () if thing.what == "same" else tuple(self._facts(thing.iri)),
            tuple(self._disagreement(*one) for one in found),
        )

    def _facts(self, thing: Term) -> Iterator[FactChange]:
        """Yield what comes, changes and goes of what is said of a thing, fact by fact."""
        before, after = self._values(self._before, thing), self._values(self._after, thing)
        for called in dict.fromkeys((*after, *before)):
            came, went = Counter(after.get(called, ())), Counter(before.get(called, ()))
            if came != went:
                name, is_restricted = called
                yield FactChange(
                    dict(name),
                    _joined(went - came),
                    _joined(came - went),
                    restricted=is_restricted,
                )

    def _values(self, side: Side, thing: Term) -> dict[_Called, list[_Said]]:
        """Return what is said of a thing in words, by what it is called."""
        found: dict[_Called, list[_Said]] = defaultdict(list)
        for node in (thing, *(one for one in side.things.get(thing, ()) if one != thing)):
            links = () if node == thing else self._grouping.links
            whole = (*side.nodes.get(node, ()), *side.hidden.get(node, ()))
            for facts, is_restricted in side.facts(node):
                for said, value in self._names.told(facts, links):
                    name = self._names.name(whole, said)
                    found[_frozen(name), is_restricted].append(_frozen(self._labels.text(value)))
        return found

    def _disagreement(self, node: Term, saying: Saying, other: Other) -> FactChange:
        facts = self._after.nodes[node]
        said = next((said for said, value in facts if value == saying.value), saying.property)
        return FactChange(
            self._names.name(facts, said),
            self._labels.text(other.saying.value),
            self._labels.text(saying.value),
            self._labels.text(other.source),
        )


def _chosen(things: Sequence[Thing], waiting: int) -> list[Thing]:
    """Return the things that are told one by one: what changes before what stays."""
    order = sorted(things, key=lambda thing: _ORDER.index(thing.what))
    return order[: max(MOST_LISTED - waiting, 0)]


def _counts(comparison: Comparison, waiting: int) -> dict[str, int]:
    found = Counter[str](thing.what for thing in comparison.things)
    found["kept-back"] = waiting
    return {what: found[what] for what in _ORDER}


def _kept_back(resolution: Resolution) -> EntityChange:
    mention = resolution.mention
    rows = sorted({(place.table, place.row) for place in mention.places})
    return EntityChange("kept-back", "", {"zh": mention.text}, tuple(rows))


def _frozen(text: Text) -> _Said:
    return tuple(text.items())


def _joined(values: Counter[_Said]) -> dict[str, str]:
    """Return several values as one text in each language."""
    texts = [dict(value) for value in sorted(values.elements())]
    return {
        language: mark.join(text[language] for text in texts if language in text)
        for language, mark in _SEPARATOR.items()
        if texts
    }


def _digest(made: Plan, stated: Stated | None) -> str:
    """Return what changes when a plan does; versions of the graph and names of new things are no part of it."""
    told = [asdict(one) | ({"iri": ""} if one.what == "added" else {}) for one in made.entities]
    said = [told, made.added, made.removed, made.withdrawn, dict(made.counts)]
    total = hashlib.sha256(json.dumps(said, ensure_ascii=False, sort_keys=True).encode())
    if stated is not None and isinstance(stated.quads, PackedQuads):
        for piece in stated.quads.pieces:
            total.update(piece)
    return total.hexdigest()
