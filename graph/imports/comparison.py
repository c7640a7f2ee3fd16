"""Comparison: what a file says beside what the current versions of its document say, thing by thing.

A list of some hundred rows is compared whole. Of hundreds of thousands it is found out which things come, go or
change, and only those that somebody will look at are compared fact by fact.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from typing import Literal, NamedTuple, Protocol

from graph.engine import Engine
from graph.imports.entities import Grouping, Nodes, grouped, nodes_of
from graph.imports.own_names import LABEL
from graph.imports.statements import Stated
from graph.imports.value_terms import Fact
from graph.imports.writing import DERIVED, TYPE
from graph.packed import PackedQuads
from graph.quads import Quad, Term, nquads, read_nquads
from graph.restricted import Restricted, RestrictedFact, RestrictedFacts
from ontology.library import query
from ontology.workbook import VISIBILITIES

What = Literal["added", "changed", "same", "left", "kept-back"]
Row = tuple[str, int]
"""Table key and row."""

LARGE = 150_000
"""Quads, before and after together, from which on not everything is compared fact by fact."""

MANY = 50_000
"""Nodes of which something else is said, from which on it is told by rows what they belong to."""

_FEW = 2000
"""Things that are asked about in one query."""
_MASK = (1 << 64) - 1


class Thing(NamedTuple):
    """A thing, what becomes of it, and the rows that speak of it."""

    what: What
    iri: Term
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Side:
    """What is said before or after.

    Attributes:
        nodes: public nodes, with what is said of them.
        hidden: the same of what is not public; a node may be in both.
        things: each thing with its nodes.
    """

    nodes: Nodes
    hidden: Nodes
    things: Mapping[Term, list[Term]]

    @classmethod
    def of(cls, quads: Iterable[Quad], hidden: Iterable[Quad], grouping: Grouping) -> Side:
        """Return what quads say, those that are not public apart."""
        nodes, secret = nodes_of(quads), nodes_of(hidden)
        things = grouped(nodes, grouping, {})
        for thing, listed in grouped(secret, grouping, nodes).items():
            things[thing] += (node for node in listed if node not in nodes)
        return cls(nodes, secret, things)

    def facts(self, node: Term) -> Iterator[tuple[tuple[Fact, ...], bool]]:
        """Yield what is said of a node, and whether it is not public."""
        if node in self.nodes:
            yield self.nodes[node], False
        if node in self.hidden:
            yield self.hidden[node], True

    def state(self, thing: Term) -> Counter[tuple[tuple[Fact, ...], bool]]:
        """Return all that is said of a thing and its nodes, whatever they are called."""
        return Counter(facts for node in self.things.get(thing, ()) for facts in self.facts(node))

    def named(self, thing: Term) -> list[Fact]:
        """Return what a thing is and what it is called."""
        return [fact for fact in self.nodes.get(thing, ()) if fact[0] in (TYPE, LABEL)]


class Comparison(Protocol):
    """What becomes of the things that a file and the earlier versions of its document speak of."""

    @property
    def things(self) -> Sequence[Thing]:
        """All things: those of the file in the order of its rows, then those that left."""
        ...

    def sides(self, chosen: Collection[Term]) -> tuple[Side, Side]:
        """Return what is said of some things before and after; there may be more in it."""
        ...

    def sizes(self) -> tuple[int, int]:
        """Return how many public quads come and go."""
        ...


class Held:
    """What the current versions of a document say, and what else is held of things."""

    def __init__(
        self, engine: Engine, graphs: Sequence[Term], restricted: RestrictedFacts, grouping: Grouping
    ) -> None:
        self.graphs, self.grouping = tuple(graphs), grouping
        self._engine, self._restricted = engine, restricted

    @cached_property
    def size(self) -> int:
        """How many public quads there are."""
        sizes = (self._engine.select(query("graph-size").bound({"graph": graph})) for graph in self.graphs)
        return sum(int(row["size"].split('"')[1]) for rows in sizes for row in rows)

    def quads(self) -> list[Quad]:
        """Return all public quads."""
        return [quad for graph in self.graphs for quad in self._engine.quads(graph)]

    def texts(self) -> Iterator[bytes]:
        """Yield all public quads as N-Quads, piece by piece."""
        return chain.from_iterable(self._engine.texts(graph) for graph in self.graphs)

    def hidden_facts(self) -> Iterator[RestrictedFact]:
        """Yield what is not public."""
        return (fact for graph in self.graphs for fact in self._restricted.of_graph(graph))

    def hidden(self) -> list[Quad]:
        """Return what is not public and can be read."""
        return [quad for fact in self.hidden_facts() for quad in fact.quads]

    def hidden_about(self, things: Iterable[Term]) -> list[Quad]:
        """Return what is not public of some things."""
        facts = self._restricted.about(things, VISIBILITIES)
        return [quad for fact in facts if fact.graph in self.graphs for quad in fact.quads]

    def things(self) -> dict[Term, None]:
        """Return the things with names that it describes."""
        blanks = {"class": sorted(self.grouping.named)}
        found = (
            self._engine.select(query("things-of-graph").bound({**blanks, "graph": graph}))
            for graph in self.graphs
        )
        return {row["thing"]: None for rows in found for row in rows}

    def known(self, things: Iterable[Term]) -> set[Term]:
        """Return those of some things of which anything is held."""
        return {row["thing"] for few in _fews(things) for row in self._ask("things-held", few)}

    def excerpt(self, things: Iterable[Term]) -> Iterator[Quad]:
        """Yield what it says of some things and what belongs to them."""
        links = sorted(self.grouping.links)
        for graph in self.graphs:
            for few in _fews(things):
                asked = {"graph": graph, "thing": few, "link": links, "outer": links}
                for row in self._engine.select(query("nodes-of-things").bound(asked)):
                    yield Quad(row["node"], row["property"], row["value"], graph)

    def _ask(self, name: str, few: Sequence[Term]) -> list[dict[str, Term]]:
        return self._engine.select(query(name).bound({"thing": few}))


def compared(stated: Stated, held: Held) -> Comparison:
    """Return the comparison of a file with what is held of its document."""
    is_large = len(stated.quads) + held.size > LARGE
    return LargeComparison(stated, held) if is_large else WholeComparison(stated, held)


class WholeComparison:
    """A comparison fact by fact."""

    def __init__(self, stated: Stated, held: Held) -> None:
        self._stated, self._held, self._quads = stated, held, held.quads()
        self._before = Side.of(self._quads, held.hidden(), held.grouping)
        self._after = Side.of(stated.quads, _hidden(stated), held.grouping)

    @cached_property
    def things(self) -> Sequence[Thing]:
        """All things: those of the file in the order of its rows, then those that left."""
        before, after = self._before.things, self._after.things
        known = self._held.known(sorted(after.keys() - before.keys()))
        found = [Thing(self._what(one, known), one, self._rows(one)) for one in after]
        gone = [Thing("left", one, ()) for one in sorted(before.keys() - after.keys())]
        return (*sorted(found, key=self._reading_order), *gone)

    def sides(self, chosen: Collection[Term]) -> tuple[Side, Side]:
        """Return all that is said before and after."""
        return self._before, self._after

    def sizes(self) -> tuple[int, int]:
        """Return how many public quads come and go."""
        held, said = set(self._quads), set(self._stated.quads)
        return len(said - held), len(held - said)

    def _what(self, thing: Term, known: Collection[Term]) -> What:
        if thing not in self._before.things:
            return "changed" if thing in known else "added"
        return "same" if self._before.state(thing) == self._after.state(thing) else "changed"

    def _rows(self, thing: Term) -> tuple[Row, ...]:
        rows = (self._stated.rows.get(node) for node in (thing, *self._after.things[thing]))
        return tuple(sorted({row for row in rows if row}))

    def _reading_order(self, thing: Thing) -> tuple[object, ...]:
        # Not by what it is called: a new name is as good as random.
        named = self._after.named(thing.iri)
        facts = self._after.nodes.get(thing.iri, ())
        is_within = any(said in self._held.grouping.links for said, _ in facts)
        return thing.rows[:1], is_within, thing.rows, named, thing.what


class LargeComparison:
    """A comparison of very much: what becomes of each thing, and facts only of a few."""

    def __init__(self, stated: Stated, held: Held) -> None:
        self._stated, self._held = stated, held

    @cached_property
    def things(self) -> Sequence[Thing]:
        """All things: those of the file in the order of its rows, then those that left."""
        before, changed = self._held.things(), self._changed()
        known = self._held.known(one for one in self._stated.things if one not in before)
        found = []
        for one in self._stated.things:
            fresh: What = "changed" if one in known else "added"
            seen: What = "changed" if one in changed else "same"
            found.append(Thing(seen if one in before else fresh, one, (self._stated.rows[one],)))
        held = set(self._stated.things)
        return (*found, *(Thing("left", one, ()) for one in before if one not in held))

    def sides(self, chosen: Collection[Term]) -> tuple[Side, Side]:
        """Return what is said of some things before and after."""
        rows = {self._stated.rows[one] for one in chosen if one in self._stated.rows}
        wanted = {node for node, row in self._stated.rows.items() if row in rows}
        hidden = [quad for quad in _hidden(self._stated) if quad.subject in wanted]
        listed = sorted(chosen)
        before = Side.of(self._held.excerpt(listed), self._held.hidden_about(listed), self._held.grouping)
        return before, Side.of(_of_nodes(self._stated.quads, wanted), hidden, self._held.grouping)

    def sizes(self) -> tuple[int, int]:
        """Return how many public quads come and go: a version of a document in place of another."""
        return len(self._stated.quads), self._held.size

    def _changed(self) -> set[Term]:
        """Return the things of which something else is said than before."""
        if not self._held.graphs:
            return set()
        before, after = node_sums(self._held.texts()), node_sums(_texts(self._stated.quads))
        differing = {node for node in before.keys() | after.keys() if before.get(node) != after.get(node)}
        gone = self._owners(self._held.texts, differing - after.keys())
        return self._hidden_changes() | gone | self._changed_now(differing & after.keys())

    def _changed_now(self, differing: set[int]) -> set[Term]:
        """Return the things that nodes belong to of which the file says something else."""
        if len(differing) <= MANY:
            return self._owners(lambda: _texts(self._stated.quads), differing)
        rows = {row for node, row in self._stated.rows.items() if hash(node.encode()) in differing}
        return {one for one in self._stated.things if self._stated.rows[one] in rows}

    def _owners(self, texts: Callable[[], Iterable[bytes]], wanted: set[int]) -> set[Term]:
        """Return the things that nodes (by hash) belong to."""
        grouping, found, asked = self._held.grouping, dict[Term, tuple[Fact, ...]](), wanted
        nodes: Nodes = {}
        while asked:
            lines = (
                b"\n".join(line for line in text.split(b"\n") if _node(line) in asked) for text in texts()
            )
            new = nodes_of(quad for text in lines for quad in read_nquads(text))
            nodes = nodes or new
            found |= new
            owners = {grouping.owner(facts) for facts in new.values()} - {"", *found}
            asked = {hash(owner.encode()) for owner in owners}
        return set(grouped(nodes, grouping, found))

    def _hidden_changes(self) -> set[Term]:
        """Return the things of which something else is said that is not public."""
        before, after = _said_of(self._held.hidden_facts()), _said_of(self._stated.restricted)
        places = {place for place in before.keys() | after.keys() if before.get(place) != after.get(place)}
        return {about for _, _, about in places}


def _said_of(facts: Iterable[Restricted | RestrictedFact]) -> dict[tuple[Term, str, Term], frozenset[Fact]]:
    """Return what is said of each node for each kind of reader, and of what thing."""
    return {
        (one.node, one.visibility, one.about): frozenset(
            (quad.predicate, quad.object) for quad in one.quads if quad.predicate != DERIVED
        )
        for one in facts
    }


def node_sums(texts: Iterable[bytes]) -> dict[int, int]:
    """Return for each node (by hash) a sum of what is said of it, without where it is said."""
    sums: dict[int, int] = {}
    derived = DERIVED.encode()
    for text in texts:
        for line in text.split(b"\n"):
            node, _, said = line.partition(b" ")
            if said and not said.startswith(derived):
                key = hash(node)
                sums[key] = (sums.get(key, 0) + hash(said[: said.rindex(b" <")])) & _MASK
    return sums


def _node(line: bytes) -> int:
    return hash(line.partition(b" ")[0])


def _texts(quads: Collection[Quad]) -> Iterable[bytes]:
    return quads.texts() if isinstance(quads, PackedQuads) else (nquads(quads),)


def _of_nodes(quads: Collection[Quad], wanted: Collection[Term]) -> Iterator[Quad]:
    """Yield what is said of some nodes."""
    subjects = {node.encode() for node in wanted}
    for text in _texts(quads):
        lines = [line for line in text.split(b"\n") if line.partition(b" ")[0] in subjects]
        yield from read_nquads(b"\n".join(lines))


def _hidden(stated: Stated) -> Iterator[Quad]:
    return (quad for one in stated.restricted for quad in one.quads)


def _fews(things: Iterable[Term]) -> Iterator[list[Term]]:
    listed = list(things)
    yield from (listed[start : start + _FEW] for start in range(0, len(listed), _FEW))
