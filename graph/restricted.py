"""Restricted facts: what is known and not public, such as contacts and remarks.

They are no part of the graph: no query, feed, export or search index can meet them. Each is a record beside the
public quads of a change, written with it and taken back with it: all that one source says of one node. On disk it is
sealed under a key of that node; readable it exists only while somebody looks at it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from graph.journal import Journal, Sealed
from graph.quads import Quad, Term, nquads, read_nquads
from graph.sealing import Key, KeyRing, State, Unreadable, seal, unseal


@dataclass(frozen=True)
class Restricted:
    """What may not be public: all that a source says of one node (a contact, a remark), and who may see it.

    Attributes:
        node: the node; for a remark, the public thing itself.
        about: the public thing it belongs to, where it is shown.
        visibility: ``alliance`` or ``internal``.
        quads: what is said, in the graph of the source.
    """

    node: Term
    about: Term
    visibility: str
    quads: frozenset[Quad]

    @property
    def graph(self) -> Term:
        """The graph of the source that says it."""
        return next(iter(self.quads)).graph


@dataclass(frozen=True)
class RestrictedFact:
    """A restricted record in force.

    Attributes:
        node, about, visibility, graph: see ``Restricted``.
        change: number of the change that brought it.
        state: kept; erased (its key was destroyed); lost (its key is not on record, or does not fit).
        quads: what is said; nothing unless it is kept.
        sealed: the record as it lies in the journal.
    """

    node: Term
    about: Term
    visibility: str
    graph: Term
    change: int
    state: State
    quads: frozenset[Quad]
    sealed: Sealed


@dataclass(frozen=True)
class RestrictedDelta:
    """What a change brings and takes of restricted records; the quads of what goes need not be readable."""

    added: tuple[Restricted, ...] = ()
    removed: tuple[RestrictedFact, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.added or self.removed)


class RestrictedFacts:
    """The restricted facts in force in one instance, and the way to add to them."""

    def __init__(self, journal: Journal, keys: KeyRing) -> None:
        self._journal, self._keys = journal, keys

    def about(self, things: Iterable[Term], visibilities: Collection[str]) -> tuple[RestrictedFact, ...]:
        """Return what is known of some public things that readers of these visibilities may see, thing by thing."""
        records = (record for thing in things for record in self._journal.sealed("about", thing))
        return self._read(record for record in records if record.visibility in visibilities)

    def of_graph(self, graph: Term) -> tuple[RestrictedFact, ...]:
        """Return what one version of a source says."""
        return self._read(self._journal.sealed("graph", graph))

    def all(self) -> tuple[RestrictedFact, ...]:
        """Return all that is in force."""
        return self._read(self._journal.all_sealed())

    def sealed(self, delta: RestrictedDelta) -> list[Sealed]:
        """Return the records to write for a change; new nodes get their keys, which are on disk when this returns."""
        keys = self._keys.keys(fact.node for fact in delta.added)
        going = [fact.sealed._replace(sign=-1) for fact in delta.removed]
        return [*going, *(_sealed(fact, keys[fact.node]) for fact in delta.added)]

    def inverse(self, number: int) -> list[Sealed]:
        """Return the records that take back those of a change."""
        return [
            record._replace(sign=-record.sign) for record in reversed(self._journal.sealed("change", number))
        ]

    def moved_on(self, number: int) -> set[int]:
        """Return the later changes because of which the records of a change are no more as it left them."""
        touched = {_place(record) for record in self._journal.sealed("change", number)}
        graphs = sorted({graph for _, graph, _ in touched})
        records = [record for graph in graphs for record in self._journal.sealed("graph", graph)]
        now = {_place(record): record.data for record in in_force(records)}
        then = {
            _place(record): record.data
            for record in in_force(record for record in records if record.change <= number)
        }
        moved = {place for place in touched if now.get(place) != then.get(place)}
        return {record.change for record in records if record.change > number and _place(record) in moved}

    def difference(self, graph: Term, wanted: Sequence[Restricted]) -> RestrictedDelta:
        """Return what has to come and go for one version of a source to say just this.

        What was erased and is the same version's is not brought back.
        """
        held = {_place(fact): fact for fact in self.of_graph(graph)}
        due = {_place(fact): fact for fact in wanted}
        return RestrictedDelta(
            tuple(fact for place, fact in due.items() if place not in held or _differs(held[place], fact)),
            tuple(fact for place, fact in held.items() if place not in due or _differs(fact, due[place])),
        )

    def _read(self, records: Iterable[Sealed]) -> tuple[RestrictedFact, ...]:
        return tuple(self._fact(record) for record in in_force(records))

    def _fact(self, record: Sealed) -> RestrictedFact:
        state, secret = self._keys.secret(record.key)
        quads: frozenset[Quad] = frozenset()
        if state == "kept":
            try:
                quads = frozenset(read_nquads(unseal(secret, record.data, _context(record))))
            except Unreadable:
                state = "lost"
        return RestrictedFact(
            record.node,
            record.about,
            record.visibility,
            record.graph,
            record.change,
            state,
            quads,
            record,
        )


def in_force(records: Iterable[Sealed]) -> list[Sealed]:
    """Return which of some records, in the order of the journal, are in force."""
    held: dict[tuple[str, str, str], Sealed] = {}
    for record in records:
        if record.sign > 0:
            held[_place(record)] = record
        else:
            held.pop(_place(record), None)
    return sorted(held.values(), key=_reading_order)


def _sealed(fact: Restricted, key: Key) -> Sealed:
    bare = Sealed(0, +1, fact.node, fact.about, fact.visibility, fact.graph, key.id, b"")
    return bare._replace(data=seal(key.secret, nquads(sorted(fact.quads)), _context(bare)))


def _context(record: Sealed) -> bytes:
    """Return what sealed data is bound to, so that no record can be passed off as another's."""
    return "\n".join((record.node, record.about, record.visibility, record.graph)).encode()


def _place(record: Sealed | Restricted | RestrictedFact) -> tuple[str, str, str]:
    """Return what a record is known by: a source says one thing of a node to one kind of reader."""
    return record.node, record.graph, record.visibility


def _differs(held: RestrictedFact, wanted: Restricted) -> bool:
    return held.state != "erased" and (held.about, held.quads) != (wanted.about, wanted.quads)


def _reading_order(record: Sealed) -> tuple[str, ...]:
    return record.about, record.node, record.graph, record.visibility
