"""One instance of the graph: its journal, its engine, and the one way to write.

A change goes: draft (worked out and checked on a private copy), journal (on disk), engine (visible). Whatever stops
in between leaves a graph that is whole: before the journal nothing happened, after it everything did.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from graph.catalogue import Entry, entries, entry_quads
from graph.data_directory import DataDirectory
from graph.disagreements import Disagreement, disagreements
from graph.embedded import EmbeddedEngine
from graph.findings import Finding
from graph.focus import changed_nodes
from graph.identity import Identities
from graph.journal import EMPTY, Change, DamagedJournal, Header, Journal, quads_sum
from graph.knowledge import knowledge_for, packaged_rules
from graph.media import media_type_of_file
from graph.merge import switched_graphs
from graph.names import Names
from graph.nursery import Nursery, Tally
from graph.quads import Delta, Quad, Term, iri, text_of
from graph.settle import Document, Proposal, UpdateRequest
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

PROGRAM = "medalliance"
"""Who makes the changes that come with the program."""


class ChecksFailed(Exception):
    """A change that brings violations; nothing of it was kept."""

    def __init__(self, findings: tuple[Finding, ...]) -> None:
        super().__init__(f"{len(findings)} findings")
        self.findings = findings


class DamagedStore(Exception):
    """The graph that follows from the journal is not the one that was recorded."""


@dataclass(frozen=True)
class Recorded:
    """A change that was kept (``None``: it had no effect), and what the checks said without refusing it."""

    change: Change | None
    findings: tuple[Finding, ...] = ()
    disagreements: tuple[Disagreement, ...] = ()
    """Where the sources loaded differ from others; both are kept."""


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
        report: Report = lambda *_: None,
    ) -> None:
        """Open an instance, or start one.

        Args:
            directory: where it lives; closed with the repository.
            nurse: starts what its workers come from; closed with the repository.
            base: IRI base of what it mints; used when it is started and fixed from then on.
            plain: start it as a plain SPARQL dataset: nothing packaged, no merge, no checks.
            workers: how many answers may be under way at once.
            report: told about progress.

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
            self.plain = bool(self.journal.meta("plain"))
            self.names = Names("" if self.plain else self.journal.meta("base"))
            self.engine = EmbeddedEngine(nurse, self.names, knowledge_for, workers=workers)
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
        self.journal.close()
        self.directory.close()

    def propose(self, proposal: Proposal, *, who: str, why: str, source: str = "") -> Recorded:
        """Make a change, or refuse it whole.

        Raises:
            ChecksFailed: it brings violations.
            SyntaxFault, UnsupportedMediaType, Refused, TimeLimitReached, MemoryLimitReached: see ``Engine.draft``.
        """
        with self._writing:
            outcome = self.engine.draft(proposal)
            if outcome.violations:
                raise ChecksFailed(outcome.findings)
            if not outcome.delta:
                return Recorded(None, outcome.findings)
            identities = Identities(self.journal, self.base).to_write()
            change = self.journal.append(Header(_now(), who, why, source), outcome.delta, identities)
            self.engine.apply(outcome.delta, change.number)
            return Recorded(change, outcome.findings)

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
        recorded = self.propose(proposal, who=who, why=why, source=source)
        if recorded.change is None or self.plain or not checked:
            return recorded
        nodes = changed_nodes(self.journal.delta(recorded.change.number))
        return replace(recorded, disagreements=disagreements(self.engine, nodes))

    def findings(self, files: Iterable[SourceFile]) -> tuple[Finding, ...]:
        """Return what the checks would say of files, without loading them."""
        return self.engine.draft(self._loading(list(files), "", checked=True)).findings

    def update(self, request: UpdateRequest, *, who: str, why: str) -> Recorded:
        """Carry out a SPARQL Update request as one change."""
        return self.propose(Proposal((request,)), who=who, why=why)

    def withdraw(self, graph: str, *, who: str, why: str) -> Recorded:
        """Take a source graph out of the default graph; it stays reachable by name."""
        entry = next((e for e in entries(self.engine, self.names) if e.graph == graph), None)
        removed = frozenset({entry.merged_quad(self.names)}) if entry else frozenset()
        return self.propose(Proposal(removed=removed, own=True), who=who, why=why)

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
