"""What a terminal shows: progress as a bar for people and as plain lines for logs, and answers as tables."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from graph.repository import Report

STEPS = {
    "verify": {"zh": "校验日志", "en": "verifying the journal"},
    "replay": {"zh": "载入变更", "en": "loading changes"},
    "packaged": {"zh": "载入自带数据", "en": "loading packaged data"},
    "load": {"zh": "载入文件", "en": "loading files"},
    "write": {"zh": "写出", "en": "writing"},
    "read": {"zh": "读取表格", "en": "reading spreadsheets"},
    "check": {"zh": "检查单元格", "en": "checking cells"},
    "match": {"zh": "核对名称", "en": "matching names"},
    "plan": {"zh": "与图谱比较", "en": "comparing with the graph"},
    "settle": {"zh": "检查结果", "en": "checking the result"},
    "collect": {"zh": "写工作簿", "en": "writing workbooks"},
}
"""Names of steps by language."""


@contextmanager
def progress(language: str) -> Iterator[Report]:
    """Yield a function to be told about progress; it draws on standard error."""
    if not sys.stderr.isatty():
        yield _Lines(language)
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bars:
        yield _Bars(bars, language)


class _Lines:
    """One line a step, at its beginning."""

    def __init__(self, language: str) -> None:
        self.language, self.last = language, ""

    def __call__(self, step: str, done: int, total: int) -> None:
        if step != self.last:
            self.last = step
            print(STEPS[step][self.language], f"({total})" if total else "", file=sys.stderr, flush=True)  # noqa: T201


class _Bars:
    """One bar a step."""

    def __init__(self, bars: Progress, language: str) -> None:
        self.bars, self.language = bars, language
        self.steps: dict[str, TaskID] = {}

    def __call__(self, step: str, done: int, total: int) -> None:
        if step not in self.steps:
            self.steps[step] = self.bars.add_task(STEPS[step][self.language], total=total or None)
        self.bars.update(self.steps[step], completed=done, total=total or None)


def print_answer(said: dict[str, Any]) -> None:
    """Print an answer in the SPARQL results JSON format as a table, or yes and no."""
    if "boolean" in said:
        Console().print("是 · yes" if said["boolean"] else "否 · no")
        return
    columns = said["head"]["vars"]
    print_rows(columns, [[_told(row.get(name)) for name in columns] for row in said["results"]["bindings"]])


def print_rows(header: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print rows: a table on a terminal, else lines whose cells stand between tabs, for other programs to read."""
    if not sys.stdout.isatty():
        for cells in (header, *rows):
            print("\t".join(" ".join(cell.split()) for cell in cells))  # noqa: T201
        return
    table = Table(*header)
    for cells in rows:
        # Text, not str: square brackets in a label are not markup.
        table.add_row(*map(Text, cells))
    Console().print(table)


def _told(term: Mapping[str, str] | None) -> str:
    return term["value"] if term else ""
