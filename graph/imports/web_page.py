"""Tables of web pages: what many systems hand out as "Excel" and name .xls."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from graph.imports.delimited import decoded
from graph.imports.grid import CellValue, Merged
from graph.imports.refusal import FileRefused
from graph.imports.sheet import Sheet, readable, trimmed

MAX_CELLS = 2_000_000
"""Cells of all tables of a page, those that a spanning cell covers included."""
MAX_ROWS, MAX_COLUMNS = 65_536, 1_024
_CHARSET = re.compile(rb"(?i)charset\s*=\s*[\"']?([\w-]+)")
_NAMED = {**dict.fromkeys(("gb2312", "gbk", "gb18030", "gb_2312-80", "x-gbk"), "gb18030"), "big5": "big5"}
_LINE_BREAKS = frozenset({"br", "p", "div", "li"})
_MARKUP = re.compile(
    r"<!--(?:.*?-->|.*\Z)|<(script|style)\b.*?(?:</\1\s*>|\Z)|<[!?][^>]*+>"
    r"|<(?P<end>/?)(?P<name>[a-z][a-z0-9:]*+)(?P<said>(?:[^\"'<>]++|\"[^\"]*+\"|'[^']*+')*+)>",
    re.DOTALL | re.IGNORECASE,
)
"""Comments, what nobody sees, and tags. The parser of the standard library takes time that grows with the square of
what is left open, and a page of strangers may leave much open."""
_SPAN = re.compile(r"\b(rowspan|colspan)\s*=\s*[\"']?(\d{1,9})\b", re.IGNORECASE)


def sheets_of(data: bytes) -> Iterator[Sheet]:
    """Yield each table of a page as a sheet.

    Raises:
        FileRefused: there is none (``file-web-page``), or the page is no text.
    """
    if data.lstrip()[:13] == b"MIME-Version:":
        raise FileRefused("file-web-page")  # a page and its pictures in one file, encoded as in mail
    tables = [table for table in _Tables(_text_of(data)).tables if any(any(row) for row in table.rows)]
    if not tables:
        raise FileRefused("file-web-page")
    for table in tables:
        yield Sheet("", map(trimmed, table.rows), merged=tuple(table.merged))


def _text_of(data: bytes) -> str:
    """Return the text of a page: by its bytes, and where these leave doubts, by the encoding that it names."""
    try:
        return decoded(data)
    except FileRefused:
        said = _CHARSET.search(data[:4096])
        name = said[1].decode("ascii").lower() if said is not None else ""
        if name not in _NAMED:
            raise
    try:
        return data.decode(_NAMED[name])
    except UnicodeDecodeError as fault:
        raise FileRefused("text-encoding", line=data.count(b"\n", 0, fault.start) + 1) from fault


@dataclass
class _Table:
    """A table that is being read."""

    rows: list[list[CellValue]] = field(default_factory=list)
    merged: list[Merged] = field(default_factory=list)
    covered: dict[int, set[int]] = field(default_factory=dict)
    """Columns of rows yet to come that a cell above reaches into."""
    text: list[str] | None = None
    span: tuple[int, int] = (1, 1)


class _Tables:
    """Collects the tables of a page; one inside another stands for itself."""

    def __init__(self, page: str) -> None:
        self.tables: list[_Table] = []
        self._open: list[_Table] = []
        self._cells = 0
        at = 0
        for found in _MARKUP.finditer(page):
            self._say(page[at : found.start()])
            at = found.end()
            if found["name"]:
                self._turn(found["end"] == "/", found["name"].lower(), found["said"])
        self._say(page[at:])
        for table in self._open:
            self._close_cell(table)

    def _say(self, text: str) -> None:
        """Keep the text of the open cell."""
        if text and self._open and (kept := self._open[-1].text) is not None:
            kept.append(html.unescape(text))

    def _turn(self, is_end: bool, name: str, said: str) -> None:
        """Open or close a table, row or cell."""
        if name == "table" and not is_end:
            self._open.append(_Table())
            self.tables.append(self._open[-1])
        elif self._open and not is_end:
            spans = {key.lower(): value for key, value in _SPAN.findall(said)}
            self._start_in(self._open[-1], name, spans)
        elif self._open and name in ("td", "th", "tr", "table"):
            self._close_cell(self._open[-1])
            if name == "table":
                self._open.pop()

    def _start_in(self, table: _Table, tag: str, said: dict[str, str]) -> None:
        if tag == "tr":
            self._close_cell(table)
            if len(table.rows) >= MAX_ROWS:
                raise FileRefused("file-scattered", rows=len(table.rows), columns=0)
            table.rows.append([])
        elif tag in ("td", "th"):
            self._close_cell(table)
            if not table.rows:
                table.rows.append([])
            table.text = []
            table.span = _span(said.get("rowspan"), MAX_ROWS), _span(said.get("colspan"), MAX_COLUMNS)
        elif tag in _LINE_BREAKS and table.text:
            table.text.append("\n")

    def _close_cell(self, table: _Table) -> None:
        """Put the open cell where it belongs: right of the last one and of what reaches down from above."""
        if table.text is None:
            return
        row, number = table.rows[-1], len(table.rows) - 1
        covered = table.covered.get(number, set())
        column = len(row)
        while column in covered:
            column += 1
        high, wide = table.span
        self._cells += high * wide
        if self._cells > MAX_CELLS or column + wide > MAX_COLUMNS:
            raise FileRefused("file-scattered", rows=len(table.rows), columns=column + wide)
        row += [None] * (column - len(row))
        row += [_cell_text(table.text), *[None] * (wide - 1)]
        for below in range(number + 1, number + high):
            table.covered.setdefault(below, set()).update(range(column, column + wide))
        if high > 1 or wide > 1:
            table.merged.append(Merged(number + 1, column + 1, number + high, column + wide))
        table.text = None


def _span(said: str | None, most: int) -> int:
    return min(max(int(said), 1), most) if said else 1


def _cell_text(parts: list[str]) -> CellValue:
    """Return the text of a cell; white space means nothing in HTML, line breaks do."""
    lines = ("".join(part if part == "\n" else re.sub(r"\s+", " ", part) for part in parts)).split("\n")
    return readable("\n".join(filter(None, (line.replace("\xa0", " ").strip() for line in lines)))) or None
