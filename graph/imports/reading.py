"""Reading files: the one entrance. Bytes of strangers become grids of plain values, or a refusal that says why.

Nothing of a file is interpreted in this process: another one does that, which may be killed, opens nothing, writes
nothing, and has its share of time and memory.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time

from graph.confined_child import Bounds, ChildFault, ConfinedChild, Ending
from graph.frames import ChannelClosed
from graph.imports.file_name import shown_name, stem
from graph.imports.grid import CellValue, Grid, Merged
from graph.imports.reading_process import CONTENT, FILE, ROWS, SHEET
from graph.imports.refusal import FileRefused

__all__ = ["FileRefused", "files_of", "read_file", "shown_name"]

MAX_FILE = 64 << 20
"""Bytes of a file."""
MEMORY = 512 << 20
"""Bytes that the process which reads may use."""
MAX_ANSWER = 192 << 20
"""Bytes that it may answer with."""
SECONDS = 9.0
"""What an ordinary file may take, so that an answer is there within ten; large ones get four more for each megabyte
beyond four."""
MOST_SECONDS = 90.0

_ENDINGS: Mapping[Ending, str] = {
    "time": "file-too-slow",
    "memory": "file-too-much",
    "damage": "file-damaged",
}
_REMEMBERED = 50_000
_DATED: Mapping[str, Callable[[str], CellValue]] = {
    "date": date.fromisoformat,
    "datetime": datetime.fromisoformat,
    "time": time.fromisoformat,
}


def files_of(name: str, data: bytes) -> list[tuple[str, bytes]]:
    """Return the files that were sent as one: those in an archive, or the file itself, with harmless names.

    Files of an archive that are no lists come too: ``read_file`` says of each why it is not read.

    Raises:
        FileRefused: it is an archive that cannot be taken apart.
    """
    shown = shown_name(name)
    _check_size(shown, data)
    if not data.startswith(b"PK"):
        return [(shown, data)]
    files: list[tuple[str, bytes]] = []
    inner = ""
    with _reading(shown, "files", data) as frames:
        for kind, content in frames:
            if kind == FILE:
                inner = shown_name(content.decode())
            elif kind == CONTENT:
                files.append((inner, content))
    return files or [(shown, data)]


def read_file(name: str, data: bytes, told: Callable[[int], object] | None = None) -> list[Grid]:
    """Return the sheets of a file, whatever it is called. Blocks; call it where that is no harm.

    Args:
        name: what the sender calls it.
        data: what it holds.
        told: is called with the number of rows read so far, now and then.

    Raises:
        FileRefused: it cannot be read, or has no filled cell.
    """
    shown = shown_name(name)
    _check_size(shown, data)
    sheets: list[_Sheet] = []
    values = _Values()
    rows = 0
    with _reading(shown, "sheets", data) as frames:
        for kind, content in frames:
            if kind == SHEET:
                sheets.append(_Sheet(json.loads(content)))
            elif kind == ROWS:
                part = values.rows(content)
                sheets[-1].rows += part
                rows += len(part)
                if told is not None:
                    told(rows)
    grids = [sheet.grid(shown, number, len(sheets)) for number, sheet in enumerate(sheets, 1)]
    if not any(grid.rows for grid in grids):
        raise FileRefused("file-empty", file=shown)
    return grids


def seconds_for(size: int) -> float:
    """Return how long a file of so many bytes may take."""
    return min(SECONDS + 4 * max(0.0, size / (1 << 20) - 4), MOST_SECONDS)


def _check_size(shown: str, data: bytes) -> None:
    if not data:
        raise FileRefused("file-empty", file=shown)
    if len(data) > MAX_FILE:
        raise FileRefused("file-too-large", file=shown, limit=MAX_FILE >> 20)


@dataclass
class _Sheet:
    """A sheet that is coming in."""

    about: dict[str, object]
    rows: list[tuple[CellValue, ...]] = field(default_factory=list)

    def grid(self, file: str, number: int, count: int) -> Grid:
        """Return the sheet; where the format names none, it is called after its file."""
        while self.rows and not self.rows[-1]:
            self.rows.pop()
        name = str(self.about["name"]) or (f"{stem(file)} ({number})" if count > 1 else stem(file))
        merged = self.about["merged"]
        return Grid(
            file,
            name,
            number,
            tuple(self.rows),
            bool(self.about["hidden"]),
            tuple(Merged(*one) for one in merged) if isinstance(merged, list) else (),
        )


class _Values:
    """Makes rows of cells from JSON; texts that come often are kept once."""

    def __init__(self) -> None:
        self._often: dict[str, str] = {}

    def rows(self, content: bytes) -> list[tuple[CellValue, ...]]:
        """Return rows of cells."""
        often = self._often
        if len(often) > _REMEMBERED:
            often.clear()
        once = often.setdefault
        return [
            tuple(
                [
                    once(cell, cell) if type(cell) is str else _dated(cell) if type(cell) is list else cell
                    for cell in row
                ]
            )
            for row in json.loads(content)
        ]


def _dated(cell: list[str]) -> CellValue:
    kind, written = cell
    return _DATED[kind](written)


@contextlib.contextmanager
def _reading(shown: str, task: str, data: bytes) -> Iterator[Iterator[tuple[bytes, bytes]]]:
    """Start a process on a file; yields its frames, and ends it in any case.

    Raises:
        FileRefused: it refuses the file, or was ended by one of its limits.
    """
    seconds = seconds_for(len(data))
    bounds = Bounds(MEMORY, seconds, MAX_ANSWER)
    with contextlib.closing(ConfinedChild("graph.imports.reading_process", (task,), bounds)) as child:
        try:
            yield child.frames((data,))
        except ChildFault as fault:
            said = fault.said["said"]
            code = str(fault.said["code"])
            raise FileRefused(code, file=shown, **(said if isinstance(said, dict) else {})) from fault
        except (ChannelClosed, ValueError, KeyError, TypeError, IndexError) as fault:
            code = _ENDINGS[child.ending()]
            raise FileRefused(code, file=shown, seconds=int(seconds), memory=MEMORY >> 20) from fault
