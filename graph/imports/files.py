"""The files of an import as read: unpacked, each once, named apart, with what could not be read."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from graph.imports.aside import is_aside
from graph.imports.collect_id import CollectId
from graph.imports.file_name import stem
from graph.imports.grid import Grid
from graph.imports.reading import FileRefused, files_of, read_file, shown_name
from graph.imports.remarks import Remark
from graph.imports.returned import Returned, returned

Report = Callable[[str, int, int], None]
"""Told about progress: what is being done, how much of it is done, of how much (0: unknown)."""

Asked = Callable[[CollectId], Mapping[str, str] | None]
"""Told the id in a workbook, returns the names of the unit that it was sent to (``None``: not sent from here)."""


def nobody_asked(_: CollectId) -> None:
    """Return that no workbook was sent to anybody."""


@dataclass(frozen=True)
class ReadFile:
    """One file: its name, SHA-256 in hexadecimal, size in bytes, and the sheets in it that may hold data.

    ``back`` says what is new in a workbook that was sent out and came back (``None``: it is no such one); ``unit`` is
    what the unit is called that it was sent to.
    """

    name: str
    digest: str
    size: int
    grids: tuple[Grid, ...]
    back: Returned | None = None
    unit: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class ReadFiles:
    """All files of an import that could be read, and what there is to say of them and of the others."""

    files: tuple[ReadFile, ...]
    remarks: tuple[Remark, ...] = ()

    @property
    def cells(self) -> int:
        """How many cells were read."""
        return sum(len(row) for file in self.files for grid in file.grids for row in grid.rows)


def read_files(files: Sequence[tuple[str, bytes]], report: Report, asked: Asked = nobody_asked) -> ReadFiles:
    """Read files, of which some may be archives of others; a file that comes twice counts once.

    Args:
        files: names and bytes.
        report: told about progress.
        asked: tells which workbooks were sent out from here.
    """
    reading = _Reading(report, asked)
    unpacked = list(reading.unpacked(files))
    for number, (name, data) in enumerate(unpacked):
        report("read", number, len(unpacked))
        reading.take(name, data, alone=len(unpacked) == 1)
    return ReadFiles(tuple(reading.read.values()), tuple(reading.remarks))


class _Reading:
    """The reading of some files: those that were read, by digest, and what there is to say."""

    def __init__(self, report: Report, asked: Asked) -> None:
        self.report, self.asked = report, asked
        self.read: dict[str, ReadFile] = {}
        self.remarks: list[Remark] = []

    def unpacked(self, files: Sequence[tuple[str, bytes]]) -> Iterator[tuple[str, bytes]]:
        for name, data in files:
            try:
                yield from files_of(name, data)
            except FileRefused as refused:
                self.remarks.append(refused.remark())

    def take(self, name: str, data: bytes, *, alone: bool) -> None:
        """Read one file; of one that is alone the rows are told."""
        digest = hashlib.sha256(data).hexdigest()
        if digest in self.read:
            said = {"file": shown_name(name), "other": self.read[digest].name}
            self.remarks.append(Remark("file-repeated", "info", file=self.read[digest].name, said=said))
            return
        free = self._free(name)
        try:
            grids = read_file(free, data, (lambda rows: self.report("read", rows, 0)) if alone else None)
        except FileRefused as refused:
            self.remarks.append(refused.remark())
            return
        self.read[digest] = self._file(free, digest, len(data), grids)

    def _file(self, name: str, digest: str, size: int, grids: Sequence[Grid]) -> ReadFile:
        """Return a file; of a workbook that came back only what is new in it."""
        back = returned(grids)
        unit = self.asked(back.id) if back else None
        if back is None or unit is None:
            if back is not None:
                self.remarks.append(Remark("collect-unknown", "info", file=name))
            return ReadFile(name, digest, size, tuple(grid for grid in grids if not is_aside(grid)))
        code = "collect-returned" if back.changed else "collect-unchanged"
        said = {"unit": unit, "number": back.changed}
        self.remarks += [Remark(code, "info", file=name, said=said), *back.remarks]
        return ReadFile(name, digest, size, back.grids, back, unit)

    def _free(self, name: str) -> str:
        """Return a name that no other file of the import has."""
        taken = {file.name for file in self.read.values()}
        shown, number = shown_name(name), 1
        while shown in taken:
            number += 1
            ending = f".{name.rpartition('.')[2]}" if "." in name else ""
            shown = shown_name(f"{stem(name)} ({number}){ending}")
        return shown
