"""The process that writes dumps: it sorts all statements, so that equal graphs make equal files, byte by byte.

It reads a frame with the plan and frames with N-Quads, and answers what it wrote, as JSON.
"""

from __future__ import annotations

import gzip
import hashlib
import heapq
import io
import json
import os
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import BinaryIO

from graph import media
from graph.frames import DONE, PIECE, read_frame, write_frame
from graph.oxigraph import rewritten
from ontology.prefixes import PREFIXES

AT_ONCE = 48 << 20
"""Bytes of statements that are sorted in memory; more are sorted piece by piece."""
_NICENESS = 10


@dataclass(frozen=True)
class Plan:
    """What to write.

    Attributes:
        folder: where to.
        names: IRI of each graph to the name of its file, without ending; other graphs are left out.
        merged: IRIs of the graphs whose statements make up the default graph.
    """

    folder: str
    names: dict[str, str]
    merged: list[str]


@dataclass(frozen=True)
class Written:
    """A file: its name, format, the graph in it (empty: several), number of statements, size and SHA-256 (hex)."""

    name: str
    media_type: str
    graph: str
    statements: int
    size: int
    sha256: str


def main() -> None:
    """Write what the plan says."""
    if hasattr(os, "nice"):
        os.nice(_NICENESS)
    source, sink = sys.stdin.buffer, sys.stdout.buffer
    _, said = read_frame(source.read)
    files = written(Plan(**json.loads(said)), _pieces(source))
    write_frame(sink.write, PIECE, json.dumps([asdict(one) for one in files]).encode())
    write_frame(sink.write, DONE)
    sink.flush()


def written(plan: Plan, pieces: Iterable[bytes]) -> list[Written]:
    """Write the files of a plan, and return what they are.

    Args:
        plan: what to write.
        pieces: N-Quads, each piece whole lines.
    """
    folder = Path(plan.folder)
    with TemporaryDirectory(dir=folder) as scratch:
        triples = {graph: Path(scratch) / f"{name}.nt" for graph, name in plan.names.items()}
        numbers = _sorted_triples(pieces, triples, Path(scratch))
        held = sorted(graph for graph in triples if numbers[graph])
        merged = [triples[graph] for graph in held if graph in plan.merged]
        whole, default = Path(scratch) / "all.nq", Path(scratch) / "default.nt"
        all_number = _write_lines(whole, _quads((graph, triples[graph]) for graph in held))
        default_number = _write_lines(default, _once(heapq.merge(*map(_lines, merged))))
        made = [
            _packed(folder, "all", whole, media.NQUADS, media.NQUADS, all_number),
            _packed(folder, "all", whole, media.NQUADS, media.TRIG, all_number),
            _packed(folder, "default", default, media.NTRIPLES, media.NTRIPLES, default_number),
            _packed(folder, "default", default, media.NTRIPLES, media.TURTLE, default_number),
        ]
        for graph in held:
            made.append(
                _packed(
                    folder,
                    plan.names[graph],
                    triples[graph],
                    media.NTRIPLES,
                    media.TURTLE,
                    numbers[graph],
                    graph,
                )
            )
    return made


def _pieces(source: BinaryIO) -> Iterator[bytes]:
    while True:
        kind, content = read_frame(source.read)
        if kind == DONE:
            return
        yield content


def _sorted_triples(pieces: Iterable[bytes], files: dict[str, Path], scratch: Path) -> dict[str, int]:
    """Write the triples of each graph to its file, sorted and each once; returns how many."""
    buckets = {graph.encode(): _Bucket(scratch / f"run-{number}") for number, graph in enumerate(files)}
    size = 0
    for piece in pieces:
        for line in piece.split(b"\n"):
            triple, _, name = line.rpartition(b" <")
            bucket = buckets.get(name.rpartition(b">")[0])
            if bucket is not None:
                bucket.lines.append(triple + b" .\n")
        size += len(piece)
        if size > AT_ONCE:
            for bucket in buckets.values():
                bucket.spill()
            size = 0
    numbers: dict[str, int] = defaultdict(int)
    for graph, file in files.items():
        numbers[graph] = _write_lines(file, _once(buckets[graph.encode()].sorted()))
    return numbers


class _Bucket:
    """The triples of one graph, as they come."""

    def __init__(self, place: Path) -> None:
        self.lines: list[bytes] = []
        self._place, self._runs = place, list[Path]()

    def spill(self) -> None:
        """Put what is there on disk, sorted."""
        if self.lines:
            run = self._place.with_name(f"{self._place.name}-{len(self._runs)}")
            _write_lines(run, sorted(self.lines))
            self._runs.append(run)
            self.lines = []

    def sorted(self) -> Iterator[bytes]:
        """Yield all of them in order."""
        return heapq.merge(*map(_lines, self._runs), sorted(self.lines))


def _lines(file: Path) -> Iterator[bytes]:
    with file.open("rb") as opened:
        yield from opened


def _once(lines: Iterable[bytes]) -> Iterator[bytes]:
    last = b""
    for line in lines:
        if line != last:
            yield line
        last = line


def _quads(graphs: Iterable[tuple[str, Path]]) -> Iterator[bytes]:
    for graph, file in graphs:
        ending = f" <{graph}> .\n".encode()
        for line in _lines(file):
            yield line[:-3] + ending


def _write_lines(file: Path, lines: Iterable[bytes]) -> int:
    number = 0
    with file.open("wb", 1 << 20) as sink:
        for line in lines:
            sink.write(line)
            number += 1
    return number


def _packed(
    folder: Path, stem: str, source: Path, source_type: str, media_type: str, number: int, graph: str = ""
) -> Written:
    """Write one compressed file; neither a name nor a time of writing is in it."""
    ending = next(ending for ending, kind in media.ENDINGS.items() if kind == media_type)
    name = f"{stem}.{ending}.gz"
    with closing(_Sink((folder / name).open("wb"))) as sink:
        # The level takes a third of the time of the best, and makes files a tenth larger.
        with (
            source.open("rb") as opened,
            gzip.GzipFile(filename="", mode="wb", fileobj=sink, compresslevel=6, mtime=0) as packed,
            io.BufferedWriter(packed, 1 << 20) as buffer,
        ):
            if media_type == source_type:
                while part := opened.read(1 << 20):
                    buffer.write(part)
            else:
                rewritten(opened, source_type, media_type, buffer, PREFIXES)
        sink.flush()
        return Written(name, media_type, graph, number, sink.size, sink.digest.hexdigest())


class _Sink(io.RawIOBase):
    """A file that counts and digests what is written to it."""

    def __init__(self, file: BinaryIO) -> None:
        super().__init__()
        self._file, self.size, self.digest = file, 0, hashlib.sha256()

    def writable(self) -> bool:
        """It can be written to."""
        return True

    def write(self, data: bytes) -> int:  # type: ignore[override] # gzip writes bytes
        """Write, count and digest."""
        self._file.write(data)
        self.digest.update(data)
        self.size += len(data)
        return len(data)

    def close(self) -> None:
        """Close the file, all of it on disk."""
        if not self.closed:
            self._file.flush()
            os.fsync(self._file.fileno())
            self._file.close()
        super().close()


if __name__ == "__main__":
    main()
