"""A change packed: its quads as compressed pieces of N-Quads, the way the journal keeps them.

Quads are handy and large: some 350 bytes each, against about 15 packed. A change of millions of them therefore
travels packed, from the process that worked it out through the journal to the one that holds the graph, and is
unpacked only where somebody asks for its quads.
"""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from graph.quads import Delta, Quad, nquads, read_nquads

CHUNK = 20_000
"""Quads in one compressed piece."""

Piece = tuple[int, bytes]
"""+1 or -1, and compressed N-Quads that are added or removed."""


@dataclass(frozen=True)
class Packed:
    """A change, packed; it can stand wherever a ``Delta`` can be read.

    Attributes:
        pieces: what it removes, then what it adds, each in order.
        added_count, removed_count: how many quads it adds and removes.
        sum: what it adds to the order-free sum of the graph (see ``quads_sum``).
        packed_subjects: the subjects of its quads, one a line, compressed.
    """

    pieces: tuple[Piece, ...]
    added_count: int
    removed_count: int
    sum: int
    packed_subjects: bytes

    @classmethod
    def of(cls, delta: Delta | Packed) -> Packed:
        """Return a change packed."""
        if isinstance(delta, Packed):
            return delta
        subjects = {quad.subject for quads in (delta.added, delta.removed) for quad in quads}
        return cls(
            (*_pieces(-1, delta.removed), *_pieces(+1, delta.added)),
            len(delta.added),
            len(delta.removed),
            quads_sum(delta.added) - quads_sum(delta.removed),
            _packed_lines(subjects),
        )

    def __bool__(self) -> bool:
        return bool(self.added_count or self.removed_count)

    def __eq__(self, other: object) -> bool:
        if isinstance(other, (Delta, Packed)):
            return (self.added, self.removed) == (other.added, other.removed)
        return NotImplemented

    def __hash__(self) -> int:
        return hash((self.added_count, self.removed_count, self.sum))

    @cached_property
    def added(self) -> frozenset[Quad]:
        """The quads that it adds."""
        return self._unpacked(+1)

    @cached_property
    def removed(self) -> frozenset[Quad]:
        """The quads that it removes."""
        return self._unpacked(-1)

    def then(self, later: Packed) -> Packed:
        """Return this change and one that says nothing of the same quads as one."""
        return Packed(
            tuple(sorted((*self.pieces, *later.pieces), key=lambda piece: piece[0])),
            self.added_count + later.added_count,
            self.removed_count + later.removed_count,
            self.sum + later.sum,
            _packed_lines({*self.subjects, *later.subjects}),
        )

    def with_new(self, quads: PackedQuads) -> Packed:
        """Return this change with further quads added, each of which comes once."""
        total, subjects = 0, set[bytes]()
        for text in quads.texts():
            lines = [line for line in text.split(b"\n") if line]
            total += lines_sum(lines)
            subjects.update(line.partition(b" ")[0] for line in lines)
        named = _packed_lines(subject.decode() for subject in subjects)
        pieces = tuple((+1, piece) for piece in quads.pieces)
        return self.then(Packed(pieces, quads.count, 0, total, named))

    def added_texts(self) -> Iterator[bytes]:
        """Yield what it adds as N-Quads, piece by piece."""
        return (zlib.decompress(data) for sign, data in self.pieces if sign > 0)

    @property
    def subjects(self) -> Iterator[str]:
        """The subjects of its quads, each once."""
        return (line for line in zlib.decompress(self.packed_subjects).decode().split("\n") if line)

    def _unpacked(self, sign: int) -> frozenset[Quad]:
        return frozenset(
            quad for said, data in self.pieces if said == sign for quad in read_nquads(zlib.decompress(data))
        )


@dataclass(frozen=True)
class PackedQuads(Collection[Quad]):
    """Many quads, each once, packed; read one after the other.

    Attributes:
        pieces: compressed N-Quads.
        count: how many quads they hold.
    """

    pieces: tuple[bytes, ...] = ()
    count: int = 0

    @classmethod
    def of(cls, quads: Iterable[Quad]) -> PackedQuads:
        """Return quads packed, in their order."""
        packer = QuadPacker()
        packer.add(str(quad) for quad in quads)
        return packer.packed()

    def __iter__(self) -> Iterator[Quad]:
        return (quad for text in self.texts() for quad in read_nquads(text))

    def __len__(self) -> int:
        return self.count

    def __contains__(self, quad: object) -> bool:
        line = f"{quad}\n".encode()
        return any(text.startswith(line) or b"\n" + line in text for text in self.texts())

    def texts(self) -> Iterator[bytes]:
        """Yield the quads as N-Quads, piece by piece."""
        return (zlib.decompress(piece) for piece in self.pieces)


class QuadPacker:
    """Packs quads as they come."""

    def __init__(self) -> None:
        self._lines: list[str] = []
        self._pieces: list[bytes] = []
        self._count = 0

    def add(self, lines: Iterable[str]) -> None:
        """Add quads, as N-Quads lines without line ends."""
        self._lines += lines
        if len(self._lines) >= CHUNK:
            self._pack()

    def packed(self) -> PackedQuads:
        """Return all that was added."""
        self._pack()
        return PackedQuads(tuple(self._pieces), self._count)

    def _pack(self) -> None:
        if self._lines:
            self._count += len(self._lines)
            self._pieces.append(zlib.compress("\n".join((*self._lines, "")).encode(), 1))
            self._lines = []


def packed_parts(packed: Packed) -> Iterator[bytes]:
    """Yield a packed change as bytes for ``packed_from``: its figures, its subjects, and its pieces, signs first."""
    signs = [sign for sign, _ in packed.pieces]
    figures = [packed.added_count, packed.removed_count, str(packed.sum), signs]
    yield json.dumps(figures).encode()
    yield packed.packed_subjects
    yield from (data for _, data in packed.pieces)


def packed_from(figures: bytes, subjects: bytes, pieces: Iterable[bytes]) -> Packed:
    """Return the packed change that ``packed_parts`` wrote."""
    added, removed, total, signs = json.loads(figures)
    return Packed(tuple(zip(signs, pieces, strict=True)), added, removed, int(total), subjects)


def quads_sum(quads: Iterable[Quad]) -> int:
    """Return the sum of the SHA-256 values of quads as N-Quads lines.

    It tells damage from health; against forgery there is the chain.
    """
    return lines_sum(str(quad).encode() for quad in quads)


def lines_sum(lines: Iterable[bytes]) -> int:
    """Return the same of quads that are N-Quads lines already."""
    digest = hashlib.sha256
    return sum(int.from_bytes(digest(line).digest()) for line in lines)


def _packed_lines(lines: Iterable[str]) -> bytes:
    return zlib.compress("\n".join(sorted(lines)).encode(), 1)


def _pieces(sign: int, quads: Iterable[Quad]) -> Iterator[Piece]:
    listed = sorted(quads)
    for start in range(0, len(listed), CHUNK):
        yield sign, zlib.compress(nquads(listed[start : start + CHUNK]), 6)
