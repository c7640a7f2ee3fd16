"""The illustrative network in an instance: bringing it in, and taking it out without a trace."""

from __future__ import annotations

from graph.catalogue import Entry, entries, entry_quads
from graph.names import PACKAGED
from graph.quads import Quad, is_iri, text_of
from graph.repository import PROGRAM, Recorded, Repository
from graph.settle import Document, Proposal
from ontology.demo import demo_graphs, dependent_quads, is_demo_graph
from ontology.library import query


class RealDataHeld(Exception):
    """The instance holds real sources or members of its own; invented ones do not come among them."""


def is_illustrative(repository: Repository) -> bool:
    """Tell whether an instance holds the illustrative network."""
    return any(entry.illustrative for entry in entries(repository.engine, repository.names))


def add_demo(repository: Repository) -> Recorded:
    """Bring the illustrative network in, or up to the version that this program ships.

    Raises:
        RealDataHeld: there are sources or statements in the instance that are not the program's own.
    """
    graphs = demo_graphs()
    listed = {entry.graph: entry for entry in entries(repository.engine, repository.names)}
    due = [graph for graph in graphs if graph.iri not in listed]
    if not due:
        return Recorded(None)
    if any(entry.kind == "source" and not _is_packaged(entry) for entry in listed.values()):
        raise RealDataHeld
    if repository.quads(text_of(repository.names.local)) or _real_members(repository):
        raise RealDataHeld
    names = repository.names
    proposal = Proposal(
        tuple(Document(graph.content(), graph.media_type, graph.iri) for graph in due),
        added=frozenset(quad for graph in due for quad in entry_quads(Entry.of_packaged(graph), names)),
        removed=frozenset(_demo_quads(repository, keep={graph.iri for graph in graphs})),
        own=True,
        checked=False,  # the packaged network is checked before it is released
    )
    return repository.propose(proposal, who=PROGRAM, why="illustrative network")


def dependents(repository: Repository) -> list[Quad]:
    """Return what other graphs of an instance say of invented things: it goes when the network goes."""
    names = repository.names
    return dependent_quads(repository.quads(), {names.derived, names.catalogue})


def remove_demo(repository: Repository, *, who: str) -> Recorded:
    """Take the illustrative network out, and what depends on it; only the record of changes remembers it."""
    removed = frozenset((*_demo_quads(repository), *dependents(repository)))
    return repository.propose(
        Proposal(removed=removed, own=True, checked=False), who=who, why="illustrative network removed"
    )


def _demo_quads(repository: Repository, keep: frozenset[str] | set[str] = frozenset()) -> list[Quad]:
    """Return the quads of the network's graphs and what the catalogue says of them."""
    return [
        quad
        for quad in repository.quads()
        for about in (quad.subject if quad.graph == repository.names.catalogue else quad.graph,)
        if is_iri(about) and is_demo_graph(text_of(about)) and text_of(about) not in keep
    ]


def _real_members(repository: Repository) -> bool:
    return bool(repository.engine.select(query("real-memberships").text))


def _is_packaged(entry: Entry) -> bool:
    return entry.graph.startswith(PACKAGED)
