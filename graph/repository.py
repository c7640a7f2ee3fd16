"""One instance of the graph: its journal, its engine, and the one way to write.

A change goes: draft (worked out and checked on a private copy), journal (on disk), engine (visible). Whatever stops
in between leaves a graph that is whole: before the journal nothing happened, after it everything did.
"""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from graph.catalogue import Entry, entries, entry_quads
from graph.data_directory import DataDirectory
from graph.disagreements import Disagreement, disagreements
from graph.embedded import EmbeddedEngine
from graph.engine import OWN_WORK, Limits, limits_of_document
from graph.federation import Federation
from graph.findings import Finding
from graph.focus import changed_nodes
from graph.journal import EMPTY, Change, DamagedJournal, Header, Identity, Journal, Sealed
from graph.knowledge import knowledge_for, packaged_rules
from graph.media import media_type_of_file
from graph.merge import switched_graphs
from graph.names import PACKAGED, Names
from graph.nursery import Nursery, Tally
from graph.packed import Packed, quads_sum
from graph.quads import Delta, Quad, Term, iri, text_of
from graph.restricted import RestrictedDelta, RestrictedFacts
from graph.sealing import KeyRing
from graph.settle import Document, GraphWrite, Outcome, Proposal, Refused, UpdateRequest
from ontology.library import query
from ontology.packaged import packaged_graphs
from ontology.terms import MA

Report = Callable[[str, int, int], None]
"""Progress: what is being done, how much of it is done, of how much (0: unknown)."""

_SWITCHES = (iri(MA.merged), iri(MA.illustrative))
"""What the catalogue says of a graph that concerns all that it states."""
_MOST_CHANGED = 200_000
"""Quads that came and went, up to which it is worth naming the nodes."""
_MOST_SWITCHED = 20_000
"""Quads of a graph that are looked through for their nodes."""

_NOTHING_RESTRICTED = RestrictedDelta()

PROGRAM = "medalliance"
"""Who makes the changes that come with the program."""


class ChecksFailed(Exception):
    """A change that brings violations; nothing of it was kept."""

    def __init__(self, findings: tuple[Finding, ...]) -> None:
        super().__init__(f"{len(findings)} findings")
        self.findings = findings


class DamagedStore(Exception):
    """The graph that follows from the journal is not the one that was recorded."""


class VersionMoved(Exception):
    """Another change came first, so that what was planned may not be what would happen."""

    def __init__(self, expected: int, version: int) -> None:
        super().__init__(f"version {version} instead of {expected}")
        self.expected, self.version = expected, version


class NothingToUndo(Exception):
    """A change that does not exist, or was taken back already; ``undone_by`` is the change that did (0: none)."""

    def __init__(self, number: int, undone_by: int = 0) -> None:
        super().__init__(f"change {number}, undone by {undone_by}")
        self.number, self.undone_by = number, undone_by


class LaterChanges(Exception):
    """A change that cannot be taken back by itself, because later ones stand on it; ``numbers`` names them."""

    def __init__(self, numbers: tuple[int, ...]) -> None:
        super().__init__(f"changes {numbers}")
        self.numbers = numbers


@dataclass(frozen=True)
class Recorded:
    """A change that was kept (``None``: it had no effect), and what the checks said without refusing it."""

    change: Change | None
    findings: tuple[Finding, ...] = ()
    disagreements: tuple[Disagreement, ...] = ()
    """Where the sources loaded differ from others; both are kept."""
    more: Mapping[str, int] = field(default_factory=dict)
    """Name of a check to how many of its findings are not listed."""


@dataclass(frozen=True)
class SourceFile:
    """An RDF document as it came: its name, bytes, and media type (empty: by the name)."""

    name: str
    data: bytes
    media_type: str = ""


class Repository:
    """The graph of one data directory. Reading needs no lock; writes follow one another."""

    def __init__(
        self,
        directory: DataDirectory,
        nurse: Callable[[], Nursery],
        *,
        base: str,
        plain: bool = False,
        workers: int = 4,
        long: int = 8,
        waiting: int = 200,
        report: Report = lambda *_: None,
        federation: Federation | None = None,
    ) -> None:
        """Open an instance, or start one.

        Args:
            directory: where it lives; closed with the repository.
            nurse: starts what its workers come from; closed with the repository.
            base: IRI base of what it mints; used when it is started and fixed from then on.
            plain: start it as a plain SPARQL dataset: nothing packaged, no merge, no checks.
            workers, long, waiting: how many answers may be under way at once, see ``graph.embedded``.
            report: told about progress.
            federation: asks other servers where queries and updates may; by default nobody.

        Raises:
            DamagedJournal, DamagedStore: what is on disk is not what was written.
        """
        self.directory = directory
        self._writing = threading.Lock()
        with ExitStack() as undo:
            undo.callback(directory.close)
            meta = {"base": base, "plain": "yes" if plain else "", "started": _now()}
            self.journal = Journal(directory.journal, meta=meta)
            undo.callback(self.journal.close)
            self._keys = KeyRing(directory.keys)
            undo.callback(self._keys.close)
            self.restricted = RestrictedFacts(self.journal, self._keys)
            self.plain = bool(self.journal.meta("plain"))
            self.names = Names("" if self.plain else self.journal.meta("base"))
            self.engine = EmbeddedEngine(
                nurse,
                self.names,
                knowledge_for,
                workers=workers,
                long=long,
                waiting=waiting,
                federation=federation,
            )
            undo.callback(self.engine.close)
            self._open(report)
            undo.pop_all()

    @property
    def base(self) -> str:
        """The IRI base of what this instance mints."""
        return self.journal.meta("base")

    def close(self) -> None:
        """Stop the engine and give the directory back."""
        self.engine.close()
        self._keys.close()
        self.journal.close()
        self.directory.close()

    def propose(
        self,
        proposal: Proposal,
        *,
        who: str,
        why: str,
        source: str = "",
        restricted: RestrictedDelta = _NOTHING_RESTRICTED,
        identities: Iterable[Identity] = (),
        expected: int | None = None,
        drafted: Outcome | None = None,
        limits: Limits = OWN_WORK,
    ) -> Recorded:
        """Make a change, or refuse it whole.

        Args:
            proposal: what is wanted of the public graph.
            who, why, source: what is said of the change.
            restricted: what comes and goes of restricted records.
            identities: what keys stand for from now on.
            expected: the version that this was planned for; ``None``: any.
            drafted: what ``Engine.draft`` made of this proposal at the version expected, so that it need not be
                worked out again.
            limits: what working it out may use.

        Raises:
            VersionMoved: another change came first.
            ChecksFailed: it brings violations.
            SyntaxFault, UnsupportedMediaType, Refused, TimeLimitReached, MemoryLimitReached: see ``Engine.draft``.
        """
        with self._writing:
            if expected is not None and expected != self.engine.version:
                raise VersionMoved(expected, self.engine.version)
            outcome = drafted if drafted and expected is not None else self.engine.draft(proposal, limits)
            if outcome.violations:
                raise ChecksFailed(outcome.findings)
            sealed = self.restricted.sealed(restricted)
            change = self._written(Header(_now(), who, why, source), outcome.delta, identities, sealed)
            return Recorded(change, outcome.findings, more=outcome.more)

    def undo(self, number: int, *, who: str, why: str) -> Recorded:
        """Take a change back, by a new one: what it added goes, what it removed comes again, public and restricted.

        What follows from it is worked out anew. Undoing an undo does the change again.

        Raises:
            NothingToUndo: there is no such change, or it was taken back.
            LaterChanges: later changes said something else of the same facts.
            Refused: it brought what comes with the program.
        """
        with self._writing:
            if not 0 < number <= self.journal.last().number:
                raise NothingToUndo(number)
            if undone_by := self.undone_by(number):
                raise NothingToUndo(number, undone_by)
            stated = self._stated(number)
            packaged = {quad.graph for quad in (*stated.added, *stated.removed) if _is_packaged(quad.graph)}
            if packaged:
                raise Refused("protected-graph", tuple(sorted(graph[1:-1] for graph in packaged)))
            if later := self._standing_on(number, stated):
                raise LaterChanges(later)
            proposal = Proposal(added=stated.removed, removed=stated.added, own=True, checked=False)
            delta = self.engine.draft(proposal).delta
            source = self.journal.changes(since=number - 1, limit=1)[0].header.source
            header = Header(_now(), who, why, source, undoes=number)
            return Recorded(self._written(header, delta, (), self.restricted.inverse(number)))

    def undone_by(self, number: int) -> int:
        """Return the number of the change that took a change back and still stands (0: none)."""
        by = self.journal.undone_by(number)
        return by if by and not self.undone_by(by) else 0

    def erase(self, node: Term) -> int:
        """Make all restricted records of a node unreadable for ever, and return how many keys that took."""
        return self._keys.destroy(node)

    def load(
        self, files: Iterable[SourceFile], *, who: str, why: str, graph: str = "", checked: bool = True
    ) -> Recorded:
        """Load RDF documents as one change.

        Each document becomes a source graph of its own, named after the file and its content; an older version of
        the same document is withdrawn. With ``graph`` given, all triples go to that graph.
        """
        listed = list(files)
        proposal = self._loading(listed, graph, checked=checked)
        source = ", ".join(file.name for file in listed)
        limits = limits_of_document(sum(len(file.data) for file in listed))
        recorded = self.propose(proposal, who=who, why=why, source=source, limits=limits)
        if recorded.change is None or self.plain or not checked:
            return recorded
        nodes = changed_nodes(self.journal.delta(recorded.change.number))
        return replace(recorded, disagreements=disagreements(self.engine, nodes))

    def findings(self, files: Iterable[SourceFile]) -> tuple[Finding, ...]:
        """Return what the checks would say of files, without loading them."""
        return self.engine.draft(self._loading(list(files), "", checked=True)).findings

    def update(self, request: UpdateRequest, *, who: str, why: str, limits: Limits = OWN_WORK) -> Recorded:
        """Carry out a SPARQL Update request as one change."""
        return self.propose(Proposal((request,), checked=not self.plain), who=who, why=why, limits=limits)

    def write_graph(
        self, write: GraphWrite, *, who: str, why: str, limits: Limits = OWN_WORK, expected: int | None = None
    ) -> Recorded:
        """Bring, replace or remove a graph as one change; ``expected`` see ``propose``."""
        proposal = Proposal((write,), checked=not self.plain, flagged_only=self._is_illustrative())
        return self.propose(proposal, who=who, why=why, limits=limits, expected=expected)

    def withdraw(self, graph: str, *, who: str, why: str) -> Recorded:
        """Take a source graph out of the default graph; it stays reachable by name."""
        entry = next((e for e in entries(self.engine, self.names) if e.graph == graph), None)
        removed = frozenset({entry.merged_quad(self.names)}) if entry else frozenset()
        restricted = RestrictedDelta(removed=self.restricted.of_graph(iri(graph)))
        return self.propose(Proposal(removed=removed, own=True), who=who, why=why, restricted=restricted)

    def changed_between(self, after: int, upto: int) -> set[Term] | None:
        """Return the nodes of which changes said something else, from the one after a number up to another one.

        That a graph came into the default graph or left it concerns all that it states. ``None``: names do not tell,
        because of blank nodes, or because it is very much.
        """
        headers = [change.header for change in self.journal.changes(since=after, limit=upto - after)]
        if sum(header.added + header.removed for header in headers) > _MOST_CHANGED:
            return None
        nodes: set[Term] = set()
        for number in range(after + 1, upto + 1):
            delta = self.journal.delta(number)
            switched = self._stated_by_switched(delta)
            if switched is None or any(_has_blank(quad) for quad in (*delta.added, *delta.removed)):
                return None
            nodes |= changed_nodes(delta) | switched
        return nodes

    def quads(self, graph: str | None = None) -> list[Quad]:
        """Return the quads of one graph (IRI) or of all named graphs."""
        return self.engine.quads(iri(graph) if graph else None)

    def check(self) -> tuple[Change, Tally]:
        """Verify the journal, and that the graph served is the one that follows from it.

        Raises:
            DamagedJournal, DamagedStore.
        """
        last = self.journal.verify()
        held = self.engine.quads()
        tally = Tally(len(held), quads_sum(held))
        _compare(tally, last)
        return last, tally

    def _written(
        self, header: Header, delta: Delta | Packed, identities: Iterable[Identity], sealed: list[Sealed]
    ) -> Change | None:
        """Return the change as written and made visible; ``None``: identities are all that it brings."""
        if not delta and not sealed:
            self.journal.remember(identities)
            return None
        change = self.journal.append(header, delta, identities, sealed)
        self.engine.apply(delta, change.number)
        return change

    def _stated(self, number: int) -> Delta:
        """Return what a change stated, without what followed from it."""
        delta, derived = self.journal.delta(number), self.names.derived
        return Delta(
            frozenset(quad for quad in delta.added if quad.graph != derived),
            frozenset(quad for quad in delta.removed if quad.graph != derived),
        )

    def _standing_on(self, number: int, stated: Delta) -> tuple[int, ...]:
        """Return the later changes because of which the facts of a change are no more as it left them."""
        facts, held, by = stated.added | stated.removed, set(stated.added), defaultdict[Quad, list[int]](list)
        for later in self.journal.later_touching(number):
            delta = self._stated(later)
            held = (held - delta.removed) | (delta.added & facts)
            for quad in (delta.added | delta.removed) & facts:
                by[quad].append(later)
        numbers = {later for quad in held ^ stated.added for later in by[quad]}
        numbers |= self.restricted.moved_on(number)
        undone = {later for later in numbers if self.undone_by(later)}
        return tuple(sorted(numbers - undone))

    def _stated_by_switched(self, delta: Delta) -> set[Term] | None:
        """Return the nodes in graphs of which the catalogue says something else; ``None``: they are very many."""
        nodes: set[Term] = set()
        catalogue = self.names.catalogue
        for graph in frozenset().union(*(switched_graphs(delta, catalogue, said) for said in _SWITCHES)):
            (row,) = self.engine.select(query("graph-size").bound({"graph": graph}))
            if int(text_of(row["size"])) > _MOST_SWITCHED:
                return None
            nodes |= changed_nodes(Delta(frozenset(self.engine.quads(graph))))
        return nodes

    def _loading(self, files: list[SourceFile], graph: str, *, checked: bool) -> Proposal:
        """Return the proposal to load some files."""
        kinds = [file.media_type or media_type_of_file(file.name) for file in files]
        if self.plain:
            parts = [Document(file.data, kind, graph) for file, kind in zip(files, kinds, strict=True)]
            return Proposal(tuple(parts), checked=False)
        held = entries(self.engine, self.names)
        new = [Entry.of_file(file.name, file.data, self.names, graph) for file in files]
        documents = {entry.document for entry in new if entry.document}
        stale = [e for e in held if e.document in documents and e.graph not in {n.graph for n in new}]
        known = {entry.graph for entry in held if entry.merged}
        return Proposal(
            tuple(
                Document(file.data, kind, entry.graph, base=self.base)
                for file, kind, entry in zip(files, kinds, new, strict=True)
            ),
            added=_quads_of((entry for entry in new if entry.graph not in known), self.names),
            removed=frozenset(entry.merged_quad(self.names) for entry in stale),
            checked=checked,
            flagged_only=any(entry.illustrative for entry in held),
        )

    def _is_illustrative(self) -> bool:
        """Tell whether the instance holds an invented network, and therefore takes nothing that is real."""
        return not self.plain and any(entry.illustrative for entry in entries(self.engine, self.names))

    def _open(self, report: Report) -> None:
        report("verify", 0, 0)
        last = self.journal.verify()
        tally = self.engine.load(lambda: self._pieces(report), last.number)
        _compare(tally, last)
        if not self.plain:
            self._bring_packaged(report)

    def _pieces(self, report: Report) -> Iterator[tuple[int, bytes]]:
        last = self.journal.last()
        for number in range(1, last.number + 1):
            report("replay", number, last.number)
            yield from self.journal.chunks(number)

    def _bring_packaged(self, report: Report) -> None:
        """Bring packaged graphs and derived facts to what this version of the program ships, as one change."""
        held = {entry.graph: entry for entry in entries(self.engine, self.names)}
        shipped = [(Entry.of_packaged(graph), graph) for graph in packaged_graphs()]
        due = [(entry, graph) for entry, graph in shipped if not _is_held(entry, held)]
        derived = Entry.of_derived(self.names, (rule.text for rule in packaged_rules()))
        if not due and _is_held(derived, held):
            return
        report("packaged", 0, len(due))
        new = [entry for entry, _ in due] + [derived] * (not _is_held(derived, held))
        documents = {entry.document for entry in new if entry.document}
        stale = [
            e for e in held.values() if e.document in documents and e.graph not in {n.graph for n in new}
        ]
        old = [quad for entry in new if entry.graph in held for quad in self._quads_about(entry)]
        proposal = Proposal(
            tuple(Document(graph.content(), graph.media_type, graph.iri) for _, graph in due),
            added=_quads_of([*Entry.of_instance(self.names), *new], self.names),
            removed=frozenset(entry.merged_quad(self.names) for entry in stale) | frozenset(old),
            own=True,
            checked=False,  # the packaged data is checked before it is released
            afresh=True,
        )
        self.propose(proposal, who=PROGRAM, why="packaged ontology, vocabularies and data")

    def _quads_about(self, entry: Entry) -> list[Quad]:
        """Return the quads of a graph and what the catalogue says of it."""
        term = iri(entry.graph)
        said = [q for q in self.engine.quads(self.names.catalogue) if q.subject == term]
        return [*self.engine.quads(term), *said]


def _is_packaged(graph: Term) -> bool:
    return graph.startswith(f"<{PACKAGED}")


def _has_blank(quad: Quad) -> bool:
    return quad.subject.startswith("_:") or quad.object.startswith("_:")


def _is_held(entry: Entry, held: Mapping[str, Entry]) -> bool:
    """Tell whether a graph is held as it is shipped."""
    return entry.graph in held and held[entry.graph].digest == entry.digest


def _quads_of(listed: Iterable[Entry], names: Names) -> frozenset[Quad]:
    return frozenset(quad for entry in listed for quad in entry_quads(entry, names))


def _compare(tally: Tally, last: Change) -> None:
    """Raise DamagedStore unless a tally is the one recorded with a change."""
    expected = int.from_bytes(last.state)
    if (tally.quads, tally.sum % (1 << 256)) != (last.quads, expected):
        raise DamagedStore(f"{tally.quads} quads instead of {last.quads} after change {last.number}")


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


__all__ = ["EMPTY", "ChecksFailed", "DamagedJournal", "DamagedStore", "Recorded", "Repository", "SourceFile"]
