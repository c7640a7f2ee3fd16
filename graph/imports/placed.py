"""What the checks and the statements say of nodes, said of rows: the reader has a list, not a graph."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from graph.findings import Finding
from graph.imports.recognition import Recognition
from graph.imports.records import Record
from graph.imports.remarks import Remark, Severity
from graph.imports.row_nodes import Unstated
from graph.imports.table import Table
from graph.quads import Term
from ontology.workbook import workbook

_SEVERITIES: Mapping[str, Severity] = {"violation": "error", "warning": "warning", "info": "info"}
_FEW = 3
"""Rows of which the same is said one by one; more are said at once."""
_FEW_ERRORS = 50
"""The same where something has to be corrected."""
_MOST_NAMED = 20
"""Rows that are named when the same is said of many."""


@dataclass(frozen=True)
class TableDraft:
    """A table as it is understood.

    Attributes:
        table: the table.
        recognition: what it and its columns are.
        records: its rows that say something.
        blank: column key to the number of rows that leave it blank.
        remarks: what there is to say of its cells.
    """

    table: Table
    recognition: Recognition
    records: tuple[Record, ...] = ()
    blank: Mapping[str, int] = field(default_factory=dict)
    remarks: tuple[Remark, ...] = ()


class Places:
    """Where things stand: which row a node comes from, and which column says something."""

    def __init__(self, tables: Iterable[TableDraft], rows: Mapping[Term, tuple[str, int]]) -> None:
        self._tables = {one.table.key: one for one in tables}
        self._rows = rows

    def row_of(self, node: Term) -> tuple[str, int] | None:
        """Return the table (key) and row that a node comes from; ``None``: from none."""
        return self._rows.get(node)

    def remark(
        self, code: str, severity: Severity, rows: Sequence[int], table: str, **said: object
    ) -> Remark:
        """Return a remark about one row or several of a table; ``column`` in ``said`` is a key of the workbook."""
        found = self._tables.get(table)
        key = str(said.pop("column", ""))
        column = found.recognition.of(key) if found and key else None
        return Remark(
            code if len(rows) < 2 else f"{code}-many",
            severity,
            file=found.table.file if found else "",
            sheet=found.table.sheet if found else "",
            table=table,
            row=rows[0] if rows else 0,
            column=column.column if column else 0,
            heading=column.heading if column else "",
            said={**said, "rows": rows_text(rows), "count": len(rows)},
        )

    def column_of(self, table: str, path: str) -> str:
        """Return the key of the column of a table that a property path is about (empty: no single one)."""
        found = self._tables.get(table)
        if not found or not path or not workbook().has_sheet(found.recognition.kind):
            return ""
        kind = workbook().sheet(found.recognition.kind)
        keys = [one.key for one in kind.columns if f"<{one.property}>" in path or one.property == path]
        return keys[0] if len(keys) == 1 else ""


def finding_remarks(findings: Iterable[Finding], places: Places) -> Iterator[Remark]:
    """Yield what findings say of rows; the same about many rows of a table is one remark."""
    for (_, severity, table, column), found in _grouped(findings, places).items():
        rows = sorted({row for row, _ in found if row})
        few = _FEW_ERRORS if severity == "error" else _FEW
        said = {"message": found[0][1].message, "advice": found[0][1].remedy, "column": column}
        if len(rows) > few or not rows:
            yield places.remark("finding", severity, rows, table, **said)
            continue
        for row in rows:
            one = next(finding for at, finding in found if at == row)
            said |= {"message": one.message, "advice": one.remedy}
            yield places.remark("finding", severity, [row], table, **said)


def _grouped(
    findings: Iterable[Finding], places: Places
) -> Mapping[tuple[str, Severity, str, str], list[tuple[int, Finding]]]:
    groups: dict[tuple[str, Severity, str, str], list[tuple[int, Finding]]] = defaultdict(list)
    for finding in findings:
        table, row = places.row_of(finding.node) or ("", 0)
        column = places.column_of(table, finding.path)
        groups[finding.check, _SEVERITIES[finding.severity], table, column].append((row, finding))
    return groups


def unstated_remarks(unstated: Iterable[Unstated], places: Places) -> Iterator[Remark]:
    """Yield what could not be stated, once for each reason and column of a table."""
    groups: dict[tuple[str, str, str], list[int]] = defaultdict(list)
    for one in unstated:
        # Rows that wait for a decision wait whole: which of their cells there are adds nothing.
        column = "" if one.reason == "kept-back" else one.column
        groups[one.table, one.reason, column].append(one.row)
    for (table, reason, column), rows in groups.items():
        severity: Severity = "info" if reason == "kept-back" else "warning"
        yield places.remark(f"unstated-{reason}", severity, sorted(set(rows)), table, column=column)


def rows_text(rows: Sequence[int]) -> str:
    """Return row numbers as people write them; very many are cut short.

    >>> rows_text([3, 4, 5, 9])
    '3–5, 9'
    """
    runs: list[list[int]] = []
    for row in rows:
        if runs and row == runs[-1][-1] + 1:
            runs[-1].append(row)
        else:
            runs.append([row])
    texts = [f"{run[0]}–{run[-1]}" if len(run) > 1 else str(run[0]) for run in runs]
    return ", ".join(texts[:_MOST_NAMED]) + (" …" if len(texts) > _MOST_NAMED else "")
