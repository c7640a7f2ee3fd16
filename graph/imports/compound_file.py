"""Compound files: what .xls and .et are, and what an encrypted workbook or an old Word document is.

The library that reads .xls trusts how large a sheet says it is, and leaves error values out. So the workbook is
walked through first: sizes are made modest, error values are noted.
"""

from __future__ import annotations

import struct
from array import array
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from graph.imports.refusal import FileRefused

_HEADER = 512
_LAST_SECTOR = 0xFFFFFFFA
"""Sector numbers from here on are marks, not sectors."""
_NOTHING = 0xFFFFFFFF
_SMALL = 4096
"""Streams shorter than this live elsewhere; a workbook is longer."""
_ENTRY = 128
_MODEST = 100_000
"""Cells that a sheet may say it has."""

_END, _FORMULA, _PASSWORD, _SHEET, _SIZE, _ERROR = 0x0A, 0x06, 0x2F, 0x85, 0x200, 0x205
"""Kinds of records of a workbook."""
_ERRORS = {0: "#NULL!", 7: "#DIV/0!", 15: "#VALUE!", 23: "#REF!", 29: "#NAME?", 36: "#NUM!", 42: "#N/A"}

Errors = Mapping[tuple[int, int], str]
"""Row and column (from 0) to the error value that stands there."""


def prepared(data: bytes) -> tuple[bytes, Mapping[int, Errors]]:
    """Return the workbook as the library may read it, and the error values of its sheets (from 0).

    Raises:
        FileRefused: it is encrypted (``file-password``), another program's, or damaged.
    """
    try:
        compound = _Compound(data)
        names = compound.streams
        if "EncryptedPackage" in names or "EncryptionInfo" in names:
            raise FileRefused("file-password")
        entry = names.get("Workbook") or names.get("Book")
        if entry is None:
            raise FileRefused(_refusal_of(names))
        return _walked(data, compound, entry)
    except (struct.error, IndexError) as fault:
        raise FileRefused("file-damaged") from fault


def _refusal_of(names: Mapping[str, _Stream]) -> str:
    if "WordDocument" in names:
        return "file-word"
    if "PowerPoint Document" in names:
        return "file-presentation"
    return "file-unknown"


@dataclass(frozen=True)
class _Stream:
    """A stream: its first sector and its length."""

    start: int
    size: int


class _Compound:
    """A compound file: a small file system of streams in chains of sectors."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.shift: int = struct.unpack_from("<H", data, 30)[0]
        if self.shift not in (9, 12):
            raise FileRefused("file-damaged")

    @cached_property
    def table(self) -> array[int]:
        """Of each sector the one that follows it."""
        sectors = list(struct.unpack_from("<109I", self.data, 76))
        following, count = struct.unpack_from("<II", self.data, 68)
        per_sector = (1 << self.shift) // 4
        while following < _LAST_SECTOR and count > 0 and len(sectors) * per_sector <= len(self.data):
            listed = struct.unpack_from(f"<{per_sector}I", self.data, self.place(following))
            sectors += listed[:-1]
            following, count = listed[-1], count - 1
        table = array("I")
        for sector in sectors:
            if sector < _LAST_SECTOR:
                table.frombytes(self.sector(sector))
        return table

    def place(self, sector: int) -> int:
        """Return where a sector begins."""
        return (sector + 1) << self.shift

    def sector(self, number: int) -> bytes:
        """Return a sector; at the end of the file one may be cut short."""
        begin = self.place(number)
        if begin >= len(self.data):
            raise FileRefused("file-damaged")
        return self.data[begin : begin + (1 << self.shift)].ljust(1 << self.shift, b"\0")

    def chain(self, start: int) -> Iterator[int]:
        """Yield the sectors of a chain."""
        table = self.table
        for _ in range(len(table) + 1):
            if start >= _LAST_SECTOR:
                return
            yield start
            start = table[start]
        raise FileRefused("file-damaged")  # it bites its own tail

    def content(self, start: int) -> bytes:
        """Return all that a chain of sectors holds."""
        return b"".join(map(self.sector, self.chain(start)))

    @cached_property
    def streams(self) -> Mapping[str, _Stream]:
        """The streams and folders at the top by name; those of embedded documents do not count."""
        directory = self.content(struct.unpack_from("<I", self.data, 48)[0])
        found: dict[str, _Stream] = {}
        seen: set[int] = set()
        waiting = [struct.unpack_from("<I", directory, 76)[0]]
        while waiting:
            number = waiting.pop()
            if number == _NOTHING or number in seen or (number + 1) * _ENTRY > len(directory):
                continue
            seen.add(number)
            entry = directory[number * _ENTRY : (number + 1) * _ENTRY]
            length, _, _, left, right = struct.unpack_from("<HBBII", entry, 64)
            start, size = struct.unpack_from("<II", entry, 116)
            name = entry[: max(min(length, 64) - 2, 0)].decode("utf-16-le", "replace")
            found[name] = _Stream(start, size)
            waiting += [left, right]
        return found


def _walked(data: bytes, compound: _Compound, stream: _Stream) -> tuple[bytes, Mapping[int, Errors]]:
    """Walk through a workbook."""
    if stream.size < _SMALL:
        return data, {}
    sectors = list(compound.chain(stream.start))
    content = b"".join(map(compound.sector, sectors))
    changed: bytearray | None = None
    errors: dict[int, Errors] = {}
    for number, begin in enumerate(_sheet_places(content)):
        found: dict[tuple[int, int], str] = {}
        for kind, at, length in _records(content, begin):
            if kind == _SIZE and _claims_much(content[at : at + length]):
                changed = changed or bytearray(data)
                _make_modest(changed, compound, sectors, at, length)
            elif kind in (_ERROR, _FORMULA):
                found |= _error_at(kind, content, at)
        if found:
            errors[number] = found
    return (bytes(changed) if changed else data), errors


def _records(content: bytes, begin: int) -> Iterator[tuple[int, int, int]]:
    """Yield kind, place and length of the records up to the next end."""
    at = begin
    while at + 4 <= len(content):
        kind, length = struct.unpack_from("<HH", content, at)
        if kind == _END:
            return
        yield kind, at + 4, length
        at += 4 + length


def _sheet_places(content: bytes) -> list[int]:
    """Return where each sheet begins."""
    places = []
    for kind, at, _ in _records(content, 0):
        if kind == _PASSWORD and struct.unpack_from("<H", content, at)[0]:
            raise FileRefused("file-password")
        if kind == _SHEET:
            places.append(struct.unpack_from("<I", content, at)[0])
    if len(set(places)) != len(places):
        raise FileRefused("file-damaged")  # sheets within one another would be read over and over
    return places


def _claims_much(size: bytes) -> bool:
    form = "<IIHH" if len(size) >= 12 else "<HHHH"
    first_row, last_row, first_column, last_column = struct.unpack_from(form, size)
    return bool(
        (last_row - first_row + 1) * (last_column - first_column + 1) > _MODEST or last_row < first_row
    )


def _make_modest(changed: bytearray, compound: _Compound, sectors: list[int], at: int, length: int) -> None:
    """Let a sheet say that it has one cell: only a hint for the reader, who finds them all."""
    modest = struct.pack("<IIHHH", 0, 1, 0, 1, 0) if length >= 12 else struct.pack("<HHHHH", 0, 1, 0, 1, 0)
    for offset, byte in enumerate(modest[:length], at):
        sector, within = divmod(offset, 1 << compound.shift)
        changed[compound.place(sectors[sector]) + within] = byte


def _error_at(kind: int, content: bytes, at: int) -> Mapping[tuple[int, int], str]:
    """Return the error value that a record holds, if it holds one."""
    row, column, _, value = (
        struct.unpack_from("<HHH8s", content, at) if at + 14 <= len(content) else (0, 0, 0, b"")
    )
    if kind == _ERROR:
        return {(row, column): _ERRORS.get(value[0], "#VALUE!")} if value[1:2] == b"\1" else {}
    if value[:1] == b"\2" and value[6:8] == b"\xff\xff":
        return {(row, column): _ERRORS.get(value[2], "#VALUE!")}
    return {}
