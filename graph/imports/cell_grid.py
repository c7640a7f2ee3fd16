"""The cells of a sheet as one looks at them: texts of heads, what is filled, and what merged cells reach over."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from graph.imports.grid import CellValue, Grid, Merged

MOST_COVERED = 2_000_000
"""Cells that merged cells reach over, as far as they are followed; the rest is left empty."""
_BETWEEN_CHINESE = re.compile(r"(?<=[\u3400-\u9fff（）()])\s+(?=[\u3400-\u9fff（）()])")


def one_line(value: CellValue) -> str:
    """Return a cell as one line of text; a head may be broken or spaced out to fill its column: 单 位 名 称."""
    if not isinstance(value, str):
        return "" if value is None else str(value)
    words = value.split()
    return _BETWEEN_CHINESE.sub("", " ".join(words)) if len(words) > 1 else "".join(words)


def is_blank(value: CellValue) -> bool:
    """Tell whether a cell shows nothing."""
    return value is None or (isinstance(value, str) and not value.strip())


@dataclass(frozen=True)
class CellGrid:
    """A sheet, its rows counted from 0 as its columns are."""

    grid: Grid

    @property
    def height(self) -> int:
        """How many rows there are."""
        return len(self.grid.rows)

    @cached_property
    def width(self) -> int:
        """How many columns the longest row has."""
        return max(map(len, self.grid.rows), default=0)

    @cached_property
    def occupied(self) -> list[int]:
        """The rows that hold anything: a sheet may have a million that do not."""
        return [number for number, row in enumerate(self.grid.rows) if row]

    def filled(self, row: int) -> Iterator[tuple[int, CellValue]]:
        """Yield column and value of the cells of a row that show something."""
        for column, value in enumerate(self.grid.rows[row]):
            if value is not None and not is_blank(value):
                yield column, value

    def value(self, row: int, column: int) -> CellValue:
        """Return what stands in a cell itself."""
        cells = self.grid.rows[row]
        return cells[column] if column < len(cells) else None

    def covered(self, row: int, since: int = 0) -> Mapping[int, CellValue]:
        """Return what merged cells that begin no higher than a row show in the empty cells of another, by column."""
        shown: dict[int, CellValue] = {}
        for merged in self._reaching.get(row, ()):
            if merged.first_row <= since:
                continue
            value = self.value(merged.first_row - 1, merged.first_column - 1)
            for column in range(merged.first_column - 1, min(merged.last_column, self.width)):
                if is_blank(self.value(row, column)):
                    shown[column] = value
        return shown

    def merged_at(self, row: int, column: int) -> tuple[int, int]:
        """Return over how many rows and columns the cell reaches that begins here."""
        merged = self._beginning.get((row, column))
        if merged is None:
            return 1, 1
        return merged.last_row - merged.first_row + 1, merged.last_column - merged.first_column + 1

    @cached_property
    def _beginning(self) -> Mapping[tuple[int, int], Merged]:
        return {(merged.first_row - 1, merged.first_column - 1): merged for merged in self.grid.merged}

    @cached_property
    def _reaching(self) -> Mapping[int, list[Merged]]:
        """The merged cells that reach over each row."""
        found: dict[int, list[Merged]] = {}
        left = MOST_COVERED
        for merged in self.grid.merged:
            rows = range(merged.first_row - 1, min(merged.last_row, self.height))
            left -= len(rows) * len(range(merged.first_column - 1, min(merged.last_column, self.width)))
            if left < 0:
                break
            for row in rows:
                found.setdefault(row, []).append(merged)
        return found
