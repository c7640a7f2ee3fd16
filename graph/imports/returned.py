"""Returned workbooks: what a unit changed in what it was sent. What it left alone says nothing new."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from graph.imports.aside import is_aside
from graph.imports.collect_id import SHEETS, CollectId, Sent, sent_of
from graph.imports.grid import CellValue, Grid
from graph.imports.remarks import Remark
from graph.imports.resolution import Mention
from graph.imports.writing_texts import writing_texts
from ontology.terms import MA, SKOS
from ontology.workbook import ColumnKind, SheetKind, workbook


@dataclass(frozen=True)
class Returned:
    """A returned workbook.

    Attributes:
        id: for whom and when it was made.
        grids: its sheets; cells that nobody changed are empty, but for those that say what a changed one is about.
        changed: how many cells say something else than what was sent.
        known: the names and numbers in it, and the things (IRIs) that they stand for.
        remarks: cells that were emptied, and rows that are gone: nothing is deleted because of that.
    """

    id: CollectId
    grids: tuple[Grid, ...]
    changed: int
    known: Mapping[str, str]
    remarks: tuple[Remark, ...] = ()

    def decisions(self, mentions: Iterable[Mention]) -> dict[str, str]:
        """Return what mentions stand for, as far as the workbook was made for it: mention key to IRI."""
        pairs = ((mention.key, self._thing(mention)) for mention in mentions)
        return {key: thing for key, thing in pairs if thing}

    def _thing(self, mention: Mention) -> str:
        said = (mention.identifiers.get("Local", ""), mention.text)
        return next((self.known[one] for one in said if one in self.known), "")


def returned(grids: Sequence[Grid]) -> Returned | None:
    """Return what is new in the sheets of a file; ``None`` when it is no workbook that was sent out.

    Args:
        grids: all sheets as read, with the hidden ones.
    """
    sent = sent_of(grids)
    if sent is None:
        return None
    data = [grid for grid in grids if not is_aside(grid)]
    sheets = [_Compared(grid, kind, sent) for grid in data if (kind := _kind(grid))]
    others = [grid for grid in data if not _kind(grid)]
    compared = [sheet.result() for sheet in sheets]
    return Returned(
        sent.id,
        (*(one.grid for one in compared if one.changed), *others),
        sum(one.changed for one in compared),
        _known(sent, compared),
        tuple(remark for one in compared for remark in one.remarks),
    )


def _known(sent: Sent, compared: Iterable[_Result]) -> dict[str, str]:
    """Return what names and numbers stand for, with the new names of things that were sent under others."""
    renamed = {new: old for one in compared for new, old in one.renamed.items()}
    return {**{new: sent.known[old] for new, old in renamed.items() if old in sent.known}, **sent.known}


def _kind(grid: Grid) -> SheetKind | None:
    """Return what a sheet was when it was sent (``None``: somebody added it)."""
    sent = (workbook().sheet(key) for key in SHEETS)
    return next((kind for kind in sent if grid.sheet in kind.labels.values()), None)


def same_text(value: CellValue) -> str:
    """Return what a cell says, however the program that saved it keeps it; the word for blanks says nothing."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    said = "" if value is None else " ".join(str(value).split())
    return "" if said in _blank_words() else said


def _blank_words() -> Sequence[str]:
    return tuple(writing_texts()["collect"]["blank"].values())


_Rows = Mapping[int, Mapping[str, str]]
"""What rows say, by their numbers and the keys of their columns."""


@dataclass
class _Result:
    """A sheet with what is new in it."""

    grid: Grid
    changed: int = 0
    remarks: list[Remark] = field(default_factory=list)
    renamed: dict[str, str] = field(default_factory=dict)


class _Compared:
    """A sheet beside what was sent of it."""

    def __init__(self, grid: Grid, kind: SheetKind, sent: Sent) -> None:
        self.grid, self.kind, self.sent = grid, kind, sent
        self.head = self._head_row()
        self.columns = self._columns()
        self.keys = [column.key for column in kind.columns if _is_key(kind, column)]

    def result(self) -> _Result:
        """Return the sheet with what is new in it."""
        rows = {
            number: {key: same_text(_at(row, place)) for key, place in self.columns.items()}
            for number, row in enumerate(self.grid.rows[self.head :], self.head + 1)
        }
        before = self._sent_rows()
        pairs = dict(self._pairs(rows, before))
        result = _Result(self.grid)
        kept = {
            number: self._kept(number, row, before.get(pairs.get(number, 0), {}), result)
            for number, row in rows.items()
        }
        for number in sorted(before.keys() - pairs.values()):
            value = "；".join(filter(None, before[number].values()))
            result.remarks.append(self._remark("collect-row-gone", 0, "", value))
        result.grid = self._with(kept)
        return result

    def _head_row(self) -> int:
        """Return the row of the head: the one that names most columns."""

        def named(row: Sequence[CellValue]) -> int:
            return sum(1 for cell in row if isinstance(cell, str) and self.kind.called(cell))

        first = self.grid.rows[:20]
        return max(range(1, len(first) + 1), key=lambda number: named(first[number - 1]), default=1)

    def _columns(self) -> dict[str, int]:
        """Return the keys of the columns and their places."""
        cells = self.grid.rows[self.head - 1] if self.grid.rows else ()
        found = ((self.kind.called(cell), place) for place, cell in enumerate(cells) if isinstance(cell, str))
        columns: dict[str, int] = {}
        for column, place in found:
            if column:
                columns.setdefault(column.key, place)
        return columns

    def _sent_rows(self) -> dict[int, dict[str, str]]:
        rows: dict[int, dict[str, str]] = {}
        for cell in self.sent.cells:
            if cell.sheet == self.grid.sheet and cell.column <= len(self.kind.columns):
                key = self.kind.columns[cell.column - 1].key
                rows.setdefault(cell.row, {})[key] = same_text(cell.text)
        return rows

    def _pairs(self, rows: _Rows, before: _Rows) -> Iterator[tuple[int, int]]:
        """Yield rows with the rows that they were: those that go by the same, then those in the same place."""
        free = dict(before)
        waiting: list[int] = []
        for number, row in rows.items():
            same = [n for n, sent in free.items() if self._go_by_the_same(sent, row)]
            found = number if number in same else next(iter(same), 0)
            if found:
                del free[found]
                yield number, found
            elif any(row.values()):
                waiting.append(number)
        yield from ((number, number) for number in waiting if free.pop(number, None) is not None)

    def _go_by_the_same(self, one: Mapping[str, str], other: Mapping[str, str]) -> bool:
        return all(one.get(key, "") == other.get(key, "") for key in self.keys)

    def _kept(
        self, number: int, row: Mapping[str, str], before: Mapping[str, str], result: _Result
    ) -> set[str]:
        """Return the columns of a row that stay: what is new in it, and what says what that is about."""
        new = {key for key, said in row.items() if said and said != before.get(key, "")}
        for key, said in row.items():
            if before.get(key) and not said:
                result.remarks.append(self._remark("collect-emptied", number, key, before[key]))
        result.changed += len(new)
        if not new:
            return set()
        name = _name_column(self.kind)
        if name in new and before.get(name):
            result.renamed[row[name]] = before[name]
        return new | {column.key for column in self.kind.columns if self._goes_with(column, new)}

    def _goes_with(self, column: ColumnKind, new: set[str]) -> bool:
        """Tell whether a column has to stay with changed ones: it names the row, or says more of the same part."""
        if column.datatype == MA.Local and workbook().identity(self.kind.type).id:
            return False  # the number is one of another document
        if _is_key(self.kind, column):
            return True
        parts = {part for key in new for part in self.kind.column(key).on}
        owners = {self.kind.part(part).of for part in parts} - {""}
        always = {part.key for part in self.kind.parts if part.always}
        names_owner = column.property == SKOS.prefLabel and bool(owners & set(column.on))
        return names_owner or bool((parts | always) & set(column.on))

    def _with(self, kept: Mapping[int, set[str]]) -> Grid:
        """Return the sheet with only the cells that stay; everything is where it was."""
        known = set(self.columns.values())
        rows = [
            row
            if number <= self.head
            else _only(row, {self.columns[key] for key in kept[number] if key in self.columns}, known)
            for number, row in enumerate(self.grid.rows, 1)
        ]
        return replace(self.grid, rows=tuple(rows))

    def _remark(self, code: str, row: int, key: str, value: str) -> Remark:
        place = self.columns.get(key, -1)
        heading = str(self.grid.rows[self.head - 1][place]) if key else ""
        return Remark(code, "warning", self.grid.file, self.grid.sheet, "", row, place + 1, heading, value)


def _is_key(kind: SheetKind, column: ColumnKind) -> bool:
    """Tell whether a column says what a row is about."""
    return column.required or column.key in kind.unique or column.datatype == MA.Local or column.qualifies


def _name_column(kind: SheetKind) -> str:
    """Return the key of the column that names the thing of a row (empty: none does)."""
    named = (c.key for c in kind.columns if c.property == SKOS.prefLabel and c.required and not c.on)
    return next(named, "")


def _at(row: Sequence[CellValue], place: int) -> CellValue:
    return row[place] if place < len(row) else None


def _only(row: Sequence[CellValue], kept: set[int], known: set[int]) -> tuple[CellValue, ...]:
    """Return a row with the cells that stay; columns that nobody sent stay where a row says anything new."""
    return tuple(
        value if kept and (place in kept or place not in known) and same_text(value) else None
        for place, value in enumerate(row)
    )
