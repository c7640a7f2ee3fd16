"""Sheets of .xlsx files, made ready for the library that reads them.

The library lays a sheet out from its first to its last cell: one stray cell in the last corner would ask for 400 GB.
So sheets with far cells are drawn together first, and what was drawn together is known afterwards. And the library
leaves error values out; they become texts, so that ``#REF!`` is seen.
"""

from __future__ import annotations

import html
import io
import re
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from graph.imports.archive import pieces
from graph.imports.refusal import FileRefused

MAX_LAID_OUT = 6_000_000
"""Cells between the first and the last one of a sheet that are laid out."""
MAX_ROWS, MAX_COLUMNS = 1_048_576, 16_384

_CELL = re.compile(rb'<(?:\w+:)?c\s(?:[^>]*?\s)?r="([A-Z]{1,3})([0-9]{1,7})"([^>]*)>')
_ERROR = re.compile(rb'(<(?:\w+:)?c\s(?:[^>]*?\s)?t=")e"')
_TAG = r"<(?:\w+:)?%s\s([^>]*)>"
_ATTRIBUTE = re.compile(r'([\w:]+)\s*=\s*"([^"]*)"')


@dataclass(frozen=True)
class DrawnTogether:
    """Where the rows and columns of a sheet were (from 0) before it was drawn together."""

    rows: Sequence[int]
    columns: Sequence[int]


@dataclass
class _Seen:
    """What a sheet holds: the rows and columns in use (from 1), and whether there are error values."""

    rows: set[int]
    columns: set[bytes]
    has_errors: bool = False

    @property
    def is_scattered(self) -> bool:
        """Whether laying it out would take too much."""
        if not self.rows:
            return False
        columns = sorted(map(_column_number, self.columns))
        return (max(self.rows) - min(self.rows) + 1) * (columns[-1] - columns[0] + 1) > MAX_LAID_OUT


def prepared(data: bytes, bundle: zipfile.ZipFile) -> tuple[bytes, Mapping[int, DrawnTogether]]:
    """Return the workbook as the library may read it, and the sheets (from 0) that were drawn together.

    Raises:
        FileRefused: a part has a document type or an endless text, or cells are scattered too far and wide
            (``file-scattered``).
    """
    sheets = _sheet_parts(bundle)
    changes: dict[str, Callable[[bytes], bytes]] = {}
    drawn: dict[int, DrawnTogether] = {}
    for name in bundle.namelist():
        if not name.endswith((".xml", ".rels")):
            continue
        if not name.startswith("xl/worksheets/") or name.endswith(".rels"):
            for _ in pieces(bundle, name):
                pass
            continue
        seen = _seen(pieces(bundle, name))
        if seen.is_scattered:
            together = _together(seen)
            drawn |= {number: together for number, part in enumerate(sheets) if part == name}
            changes[name] = _drawing(together, seen.has_errors)
        elif seen.has_errors:
            changes[name] = _errors_as_texts
    return (_rewritten(bundle, changes) if changes else data), drawn


def _sheet_parts(bundle: zipfile.ZipFile) -> list[str]:
    """Return the part of each sheet, in the order of the workbook."""
    targets = {}
    if "xl/_rels/workbook.xml.rels" in bundle.namelist():
        for one in _attributes(bundle, "xl/_rels/workbook.xml.rels", "Relationship"):
            target = one.get("Target", "").removeprefix("/")
            targets[one.get("Id", "")] = target if target.startswith("xl/") else f"xl/{target}"
    sheets = _attributes(bundle, "xl/workbook.xml", "sheet")
    return [
        next((targets.get(value, "") for key, value in one.items() if key.endswith(":id")), "")
        for one in sheets
    ]


def _attributes(bundle: zipfile.ZipFile, part: str, tag: str) -> Iterator[dict[str, str]]:
    """Yield the attributes of each such tag of a small part."""
    text = b"".join(pieces(bundle, part)).decode("utf-8", "replace")
    for match in re.finditer(_TAG % tag, text):
        yield {key: html.unescape(value) for key, value in _ATTRIBUTE.findall(match[1])}


def _seen(parts: Iterator[bytes]) -> _Seen:
    seen = _Seen(set(), set())
    for piece in parts:
        for column, row, rest in _CELL.findall(piece):
            if not rest.endswith(b"/"):  # a cell that only has a format is no cell to the library either
                seen.rows.add(int(row))
                seen.columns.add(column)
        seen.has_errors = seen.has_errors or _ERROR.search(piece) is not None
    if seen.rows and max(seen.rows) > MAX_ROWS:
        raise FileRefused("file-damaged")
    if any(_column_number(column) > MAX_COLUMNS for column in seen.columns):
        raise FileRefused("file-damaged")
    return seen


def _together(seen: _Seen) -> DrawnTogether:
    if len(seen.rows) * len(seen.columns) > MAX_LAID_OUT:
        raise FileRefused("file-scattered", rows=len(seen.rows), columns=len(seen.columns))
    rows = sorted(seen.rows)
    columns = sorted(map(_column_number, seen.columns))
    return DrawnTogether([row - 1 for row in rows], [column - 1 for column in columns])


def _drawing(together: DrawnTogether, has_errors: bool) -> Callable[[bytes], bytes]:
    """Return what draws the cells of a piece together."""
    rows = {row + 1: number for number, row in enumerate(together.rows, 1)}
    columns = {column + 1: _column_name(number) for number, column in enumerate(together.columns, 1)}

    def place(match: re.Match[bytes]) -> bytes:
        column, row = columns.get(_column_number(match[1])), rows.get(int(match[2]))
        if column is None or row is None:  # a cell with nothing but a format
            return b""
        start, end = match.start(1) - match.start(), match.end(2) - match.start()
        return match[0][:start] + column + str(row).encode() + match[0][end:]

    def draw(piece: bytes) -> bytes:
        drawn = _CELL.sub(place, piece)
        return _errors_as_texts(drawn) if has_errors else drawn

    return draw


def _errors_as_texts(piece: bytes) -> bytes:
    return _ERROR.sub(rb'\1str"', piece)


def _rewritten(bundle: zipfile.ZipFile, changes: Mapping[str, Callable[[bytes], bytes]]) -> bytes:
    """Return the workbook with some of its parts changed piece by piece."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as copy:
        for part in bundle.infolist():
            change = changes.get(part.filename)
            with copy.open(part.filename, "w") as target:
                if change is None:
                    target.write(bundle.read(part))
                else:
                    for piece in pieces(bundle, part.filename):
                        target.write(change(piece))
    return out.getvalue()


def _column_number(name: bytes) -> int:
    number = 0
    for letter in name:
        number = number * 26 + letter - 64
    return number


def _column_name(number: int) -> bytes:
    name = b""
    while number:
        number, letter = divmod(number - 1, 26)
        name = bytes([65 + letter]) + name
    return name
