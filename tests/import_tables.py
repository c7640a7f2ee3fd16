"""Tables for tests of imports, made of a header and rows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from graph.imports.grid import CellValue
from graph.imports.packaged_vocabulary import packaged_vocabulary
from graph.imports.table import Header, Row, Table
from graph.imports.understanding import Context
from ontology.areas import AREA

TODAY = date(2026, 11, 24)


def table(
    heads: Sequence[str],
    *rows: Sequence[CellValue],
    sheet: str = "Sheet1",
    titles: Iterable[str] = (),
    hidden: bool = False,
) -> Table:
    """Return a table whose header is in row 1 of its sheet."""
    return Table(
        file="list.xlsx",
        sheet=sheet,
        sheet_number=1,
        number=1,
        titles=tuple(titles),
        header_row=1,
        headers=tuple(Header(column, text) for column, text in enumerate(heads, start=1)),
        rows=tuple(Row(number, tuple(cells)) for number, cells in enumerate(rows, start=2)),
        hidden=hidden,
    )


def context(area: str = "220000", crs: str = "", own: str = "") -> Context:
    """Return what holds for the cells of a test: an import about Jilin, on a fixed day."""
    return Context(AREA + area if area else "", crs, TODAY, packaged_vocabulary(), own)
