"""The proposal of an import: what it asks of the graph, so that it is there whole or not at all."""

from __future__ import annotations

from collections.abc import Iterable

from graph.catalogue import Entry, dated_quad, entries, entry_quads
from graph.engine import Engine
from graph.imports.source import Source
from graph.imports.statements import Stated
from graph.names import Names
from graph.packed import PackedQuads
from graph.quads import Quad, iri
from graph.restricted import RestrictedDelta, RestrictedFacts
from graph.settle import Proposal
from graph.source_graphs import SourceGraph


def import_proposal(
    stated: Stated, source: Source, engine: Engine, names: Names, restricted: RestrictedFacts
) -> tuple[Proposal, RestrictedDelta]:
    """Return what an import asks for, public and restricted.

    The graph of the source states just what the file says. Earlier versions of the document are withdrawn, with what
    they said of what is not public.

    Args:
        stated: what the file says.
        source: the document, in this version.
        engine: what is held.
        names: the graphs that the instance keeps for itself.
        restricted: what is held of what is not public.
    """
    entry = entry_of(source)
    held = entries(engine, names)
    stale = [one for one in held if _is_earlier(one, entry)]
    is_current = any(one.graph == entry.graph and one.merged for one in held)
    quads = stated.quads if isinstance(stated.quads, PackedQuads) else PackedQuads.of(stated.quads)
    own = _dates([entry], names)
    dates = _dates((one for one in held if one.document == entry.document), names) - own
    proposal = Proposal(
        added=own if is_current else frozenset(entry_quads(entry, names)),
        removed=frozenset((*(one.merged_quad(names) for one in stale), *dates)),
        sources=(SourceGraph(iri(entry.graph), quads),),
    )
    change = restricted.difference(iri(source.graph), stated.restricted)
    withdrawn = (fact for one in stale for fact in restricted.of_graph(iri(one.graph)))
    return proposal, RestrictedDelta(change.added, (*change.removed, *withdrawn))


def entry_of(source: Source) -> Entry:
    """Return what the catalogue says of a source."""
    return Entry(
        source.graph,
        "source",
        True,
        source.document,
        source.digest,
        source.title,
        dated=source.dated,
        received=source.received,
    )


def current_versions(source: Source, engine: Engine, names: Names) -> list[Entry]:
    """Return the versions of a document that count now; all but the one that comes are withdrawn by it."""
    return [one for one in entries(engine, names) if one.merged and one.document == source.document]


def _dates(listed: Iterable[Entry], names: Names) -> frozenset[Quad]:
    """Return what the catalogue says of the dates that documents bear."""
    return frozenset(quad for one in listed if (quad := dated_quad(one, names)))


def _is_earlier(one: Entry, entry: Entry) -> bool:
    return one.document == entry.document and one.graph != entry.graph and one.merged
