"""The process that reads a file: it gets bytes on its input, answers with frames, and may be killed at any moment.

What strangers wrote is looked at here only, after the process was confined.
"""

from __future__ import annotations

import importlib
import json
import sys
from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime, time

from graph.confinement import confine
from graph.frames import DONE, FAULT, write_frame
from graph.imports.content import content_of
from graph.imports.grid import CellValue
from graph.imports.refusal import FileRefused
from graph.imports.sheet import Sheet

SHEET = b"S"
"""Frame: a sheet begins; the content says what it is, as JSON."""
ROWS = b"R"
"""Frame: rows of the sheet, as JSON."""
FILE = b"F"
"""Frame: the name of a file of an archive; a frame with its content follows."""
CONTENT = b"C"
"""Frame: the content of a file."""

MAX_CELLS = 8_000_000
"""Cells of all sheets, empty ones before a filled one included."""
MAX_ROWS = 2_000_000
"""Rows of all sheets."""
MAX_SHEETS = 1_000
_AT_ONCE = 20_000
_BEGINNING = 4096
_READERS = {
    "zip": "graph.imports.spreadsheet_file",
    "compound": "graph.imports.spreadsheet_file",
    "text": "graph.imports.delimited",
    "web-page": "graph.imports.web_page",
}
_ENCODINGS = (
    *("gb18030", "gb2312", "big5", "utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be", "cp437"),
    *("shift_jis", "euc_kr", "euc_jp", "cp1252", "ascii", "latin-1"),
)

Write = Callable[[bytes], object]


def main(task: str, memory: int, seconds: float) -> None:
    """Read the file on standard input: its sheets (task ``sheets``), or the files that it holds (``files``)."""
    write = sys.stdout.buffer.write
    try:
        answer(task, write, memory, seconds)
    except FileRefused as refusal:
        write_frame(write, FAULT, json.dumps({"code": refusal.code, "said": refusal.said}).encode())
    except MemoryError:
        write_frame(write, FAULT, json.dumps({"code": "file-too-much", "said": {}}).encode())
    write_frame(write, DONE)
    sys.stdout.buffer.flush()


def answer(task: str, write: Write, memory: int, seconds: float) -> None:
    """Confine this process, then read; what the reading needs is at hand before."""
    beginning = sys.stdin.buffer.read(_BEGINNING)
    for name in _ENCODINGS:
        "".encode(name)  # codecs are loaded when first used, which would be too late
    if task == "files":
        module = importlib.import_module("graph.imports.archive")
        confine(memory, seconds)
        write_files(module.dropped_files(beginning + sys.stdin.buffer.read()), write)
        return
    content = content_of(beginning)
    if content not in _READERS:
        raise FileRefused("file-xml-2003")
    reader = importlib.import_module(_READERS[content])
    confine(memory, seconds)
    write_sheets(reader.sheets_of(beginning + sys.stdin.buffer.read()), write)


def write_files(files: Iterable[tuple[str, bytes]], write: Write) -> None:
    """Write the files of an archive."""
    for name, data in files:
        write_frame(write, FILE, name.encode())
        write_frame(write, CONTENT, data)


def write_sheets(sheets: Iterable[Sheet], write: Write) -> None:
    """Write sheets row by row.

    Raises:
        FileRefused: there is too much of them (``file-too-much``).
    """
    cells = rows = 0
    for number, sheet in enumerate(sheets):
        about = {"name": sheet.name, "hidden": sheet.hidden, "merged": sheet.merged}
        write_frame(write, SHEET, json.dumps(about, ensure_ascii=False).encode())
        for part in _parts(sheet.rows):
            cells += sum(map(len, part))
            rows += len(part)
            if cells > MAX_CELLS or rows > MAX_ROWS or number >= MAX_SHEETS:
                raise FileRefused("file-too-much")
            write_frame(write, ROWS, json.dumps(part, ensure_ascii=False, default=_dated).encode())


def _parts(rows: Iterable[list[CellValue]]) -> Iterator[list[list[CellValue]]]:
    """Yield rows in parts of bearable size."""
    part: list[list[CellValue]] = []
    size = 0
    for row in rows:
        part.append(row)
        size += len(row) + 1
        if size >= _AT_ONCE:
            yield part
            part, size = [], 0
    yield part


def _dated(value: object) -> list[str]:
    """Return what JSON has no form for: what it is, and how it is written."""
    if isinstance(value, datetime):
        return ["datetime", value.isoformat()]
    if isinstance(value, date):
        return ["date", value.isoformat()]
    assert isinstance(value, time)  # noqa: S101 - cells hold nothing else
    return ["time", value.isoformat()]
