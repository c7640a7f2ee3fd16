"""The worker side: answers requests on one store until the channel closes. It may be killed at any moment.

``graph.zygote`` forks workers that serve a socket; ``graph.disk_worker`` is a program that serves a pipe.
"""

from __future__ import annotations

import json
import pickle
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import BinaryIO, assert_never, cast

from graph.confinement import memory_use
from graph.faults import EXPECTED, written_fault
from graph.frames import (
    DONE,
    FAULT,
    PIECE,
    STARTED,
    ChannelClosed,
    FrameReader,
    FrameSink,
    Outbox,
    write_frame,
)
from graph.merge import apply_delta, merged_graphs
from graph.oxigraph import OxigraphStore
from graph.packed import Packed, lines_sum, packed_parts
from graph.quads import Term, nquads, read_nquads
from graph.settle import Knowledge, Proposal, settle
from graph.store import Dataset

Write = Callable[[bytes], object]
Read = Callable[[int], bytes | None]

try:
    import resource
    import signal
except ImportError:  # Windows has neither; there the server's watchdog alone ends a worker
    resource = None  # type: ignore[assignment]
"""POSIX limits."""

NQUADS_FRAME = 50_000
"""Quads in one frame."""


@dataclass(frozen=True)
class Answering:
    """Answer a query in the first fitting media type."""

    query: str
    media_types: tuple[str, ...]
    dataset: Dataset


@dataclass(frozen=True)
class Constructing:
    """Return the triples of one of our own queries, as N-Quads."""

    query: str
    dataset: Dataset


@dataclass(frozen=True)
class Dumping:
    """Return the quads of one named graph, or of all (``None``), as N-Quads."""

    graph: Term | None


@dataclass(frozen=True)
class Drafting:
    """Settle a proposal on this worker's own store, which is spent afterwards."""

    proposal: Proposal
    knowledge: Knowledge


@dataclass(frozen=True)
class Loading:
    """Take over one piece of the journal (sign +1 or -1, N-Quads) without keeping the merge."""

    sign: int
    data: bytes


@dataclass(frozen=True)
class Merging:
    """Make the default graph right after loading, and return the number and sum of all quads, as JSON."""

    catalogue: Term


@dataclass(frozen=True)
class Applying:
    """Carry out a journaled change."""

    delta: Packed
    catalogue: Term


@dataclass(frozen=True)
class Holding:
    """Hold a graph (N-Quads) in place of what was held under its name; nothing is merged."""

    graph: Term
    data: bytes


@dataclass(frozen=True)
class Copying:
    """Write a consistent copy of a store on disk into a new directory."""

    directory: str


Request = Answering | Constructing | Dumping | Drafting | Loading | Merging | Applying | Holding | Copying


@dataclass(frozen=True)
class Order:
    """A request with its limits; zero is no limit."""

    request: Request
    seconds: float = 0.0
    memory: int = 0


def written_order(order: Order) -> bytes:
    """Return an order as it is sent; a query, which is most of them, as plain values, which is five times quicker."""
    match order.request:
        case Answering(query, media_types, Dataset(default, named, base)):
            return pickle.dumps((query, media_types, default, named, base, order.seconds, order.memory))
    return pickle.dumps(order)


def order_from(content: bytes) -> Order:
    """Return an order that was sent."""
    said = pickle.loads(content)  # noqa: S301 - our own server writes it, over a private channel
    if isinstance(said, Order):
        return said
    query, media_types, default, named, base, seconds, memory = said
    return Order(Answering(query, media_types, Dataset(default, named, base)), seconds, memory)


def serve(store: OxigraphStore, read: Read, write: Write) -> None:
    """Answer orders until the other side is gone."""
    outbox, inbox = Outbox(write), FrameReader(read)
    while True:
        try:
            _, content = inbox.frame()
            order = order_from(content)
            with _limits(order):
                obey(store, order.request, outbox)
                outbox.flush()
        except ChannelClosed:
            return


def obey(store: OxigraphStore, request: Request, write: Write) -> None:
    """Carry out one request and write the answer, or the fault, as frames."""
    try:
        _answer(store, request, write)
    except EXPECTED as fault:
        write_frame(write, FAULT, written_fault(fault))
    else:
        write_frame(write, DONE)


def _answer(store: OxigraphStore, request: Request, write: Write) -> None:
    match request:
        case Answering(query, media_types, dataset):
            _answer_query(store, query, media_types, dataset, write)
        case Constructing(query, dataset):
            write_frame(write, PIECE, nquads(store.construct(query, dataset)))
        case Dumping(graph):
            _dump(store, graph, write)
        case Drafting(proposal, knowledge):
            _draft(store, proposal, knowledge, write)
        case Loading(sign, data):
            _load(store, sign, data)
        case Merging(catalogue):
            write_frame(write, PIECE, json.dumps(_merged_tally(store, catalogue)).encode())
        case Applying(delta, catalogue):
            apply_delta(store, delta, catalogue)
        case Holding(graph, data):
            store.remove(list(store.match(graph=graph)))
            store.add_nquads(data)
        case Copying(directory):
            store.snapshot(Path(directory))
        case _:
            assert_never(request)


def _answer_query(
    store: OxigraphStore, query: str, media_types: tuple[str, ...], dataset: Dataset, write: Write
) -> None:
    def opened(media_type: str) -> BinaryIO:
        write_frame(write, STARTED, media_type.encode())
        return cast(BinaryIO, FrameSink(write))

    store.answer(query, media_types, opened, dataset)


def _dump(store: OxigraphStore, graph: Term | None, write: Write) -> None:
    batch = []
    for quad in store.match(graph=graph):
        if quad.graph:
            batch.append(quad)
        if len(batch) == NQUADS_FRAME:
            write_frame(write, PIECE, nquads(batch))
            batch.clear()
    write_frame(write, PIECE, nquads(batch))


def _draft(store: OxigraphStore, proposal: Proposal, knowledge: Knowledge, write: Write) -> None:
    outcome = settle(store, proposal, knowledge)
    findings = [asdict(finding) for finding in outcome.findings]
    write_frame(write, PIECE, json.dumps([findings, dict(outcome.more)]).encode())
    for part in packed_parts(Packed.of(outcome.delta)):
        write_frame(write, PIECE, part)


def _load(store: OxigraphStore, sign: int, data: bytes) -> None:
    if sign > 0:
        store.take_over(data)
    else:
        store.remove(read_nquads(data))


def _merged_tally(store: OxigraphStore, catalogue: Term) -> dict[str, str]:
    """Return number and sum of the quads as loaded, then fill the default graph with the merge."""
    total = lines_sum(store.lines())
    count = len(store)
    for graph in merged_graphs(store, catalogue):
        store.copy_to_default(graph)
    return {"quads": str(count), "sum": str(total)}


class _limits:  # noqa: N801 - read as a word: with _limits(order)
    """Limits that hold even when the server is gone: an alarm that kills, and a bound on memory."""

    def __init__(self, order: Order) -> None:
        self.order = order

    def __enter__(self) -> None:
        if resource is None:
            return
        if self.order.memory:
            bound = memory_use() + self.order.memory
            resource.setrlimit(resource.RLIMIT_AS, (bound, resource.RLIM_INFINITY))
        if self.order.seconds:
            # The default action of the alarm ends the process even inside the engine's code.
            signal.setitimer(signal.ITIMER_REAL, self.order.seconds + 1)

    def __exit__(self, *_: object) -> None:
        if resource is not None:
            signal.setitimer(signal.ITIMER_REAL, 0)
