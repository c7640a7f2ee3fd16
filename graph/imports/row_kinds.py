"""What a row of a table is: a record, or a total, a note, an example, a head once more."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from graph.imports.cell_grid import CellGrid, one_line
from graph.imports.grid import CellValue
from ontology.workbook import CellWords, folded

_NOTE = re.compile(
    r"[（(]?(注|备注|说明|填表说明|填写说明|填报说明|附注|附|Notes?|Remarks?)\s*\d*\s*[）)]?\s*[:：.、]"
    r"|(填表人|填报人|制表人?|审核人?|审批人?|复核人?|填表单位|填报单位|制表单位|填表日期|填报日期|填表时间|制表日期"
    r"|制表时间|统计时间|统计日期|截止日期|截至|打印日期|打印时间|单位负责人|单位[（(]盖章|盖章|第\s*\d+\s*页|共\s*\d+\s*页"
    r"|Prepared by|Date printed|Page \d)",
    re.IGNORECASE,
)
"""How a line below a table begins that is no record."""
_EXAMPLE = re.compile(r"[（(【\[]?\s*(示例|样例|例|Example)\s*[）)】\]]?\s*([:：]|$)", re.IGNORECASE)
_AFTER_TOTAL = r"\s*[（(]?\s*([:：,，、;；=]|\d|共|家|人|个|张|$)"
_LONG = 30
"""Characters of a text alone in its row that is a remark rather than a name."""


@dataclass(frozen=True)
class RowKinds:
    """Tells what the rows of one table are.

    Attributes:
        cells: the sheet.
        lines: columns of the table (from 0) and what each row of the head says there.
        words: words of cells that are no values.
    """

    cells: CellGrid
    lines: Mapping[int, Sequence[str]]
    words: CellWords

    def left_out(self, row: int, filled: Sequence[tuple[int, CellValue]]) -> str:
        """Return why a row is no record, empty where it is one; ``filled`` are its filled cells within the table."""
        if not filled:
            return "blank"
        first = one_line(filled[0][1])
        if self._repeats_head(filled):
            return "repeated-header"
        if self._total.match(first) or self._is_numbered_total(filled):
            return "total"
        if _EXAMPLE.match(first):
            return "example"
        if _NOTE.match(first) and (len(filled) <= 2 or "：" in first or ":" in first):
            return "note"
        return "note" if self._is_remark(row, filled) or self._counts_columns(filled) else ""

    @cached_property
    def _total(self) -> re.Pattern[str]:
        words = "|".join(r"\s*".join(map(re.escape, word)) for word in self.words.totals)
        return re.compile(rf"(?:{words}){_AFTER_TOTAL}", re.IGNORECASE)

    @cached_property
    def _numbers(self) -> int:
        """The column of running numbers, or -1."""
        ignored = frozenset(map(folded, self.words.ignored))
        return next(
            (column for column, texts in self.lines.items() if folded(texts[-1] or texts[0]) in ignored), -1
        )

    def _is_numbered_total(self, filled: Sequence[tuple[int, CellValue]]) -> bool:
        """Tell whether a total has a running number before it."""
        return (
            len(filled) > 1
            and filled[0][0] == self._numbers
            and bool(self._total.match(one_line(filled[1][1])))
        )

    def _repeats_head(self, filled: Sequence[tuple[int, CellValue]]) -> bool:
        if not any(self._is_head(column, value) for column, value in filled[:2]):
            return False
        same = sum(self._is_head(column, value) for column, value in filled)
        return same * 5 >= len(filled) * 4 and (same > 1 or len(self.lines) == 1)

    def _is_head(self, column: int, value: CellValue) -> bool:
        return isinstance(value, str) and one_line(value) in self.lines.get(column, ())

    def _is_remark(self, row: int, filled: Sequence[tuple[int, CellValue]]) -> bool:
        """Tell whether one text alone speaks of more than its row: the name of a section, a remark."""
        column, value = filled[0]
        if len(filled) > 1 or len(self.lines) < 3 or not isinstance(value, str):
            return False
        reach = self.cells.merged_at(row, column)[1]
        return reach * 2 > len(self.lines) or column == self._numbers or len(value) > _LONG

    def _counts_columns(self, filled: Sequence[tuple[int, CellValue]]) -> bool:
        """Tell whether a row numbers the columns, as printed forms do: 1 2 3 4, or 甲 1 2 3."""
        if len(filled) < 4 or one_line(filled[0][1]) not in ("甲", "A", "1"):
            return False
        numbers = [one_line(value) for _, value in filled]
        if numbers[0] != "1":
            numbers = numbers[1:]
        return len(numbers) > 3 and numbers == [str(number) for number in range(1, len(numbers) + 1)]
