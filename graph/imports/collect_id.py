"""What a collected workbook knows of itself: for whom it was made, when, and what it said when it went out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from graph.imports.grid import CellValue, Grid
from graph.imports.workbook_file import Cell, Page, Written
from graph.imports.writing_texts import marked, sheet_name

SHEETS = ("members", "institutions", "departments", "designations", "programmes", "capabilities")
"""What members are asked about."""

_MARK = "medalliance-collect-1"
_FIELDS = ("collection", "alliance", "organization", "version", "day")


@dataclass(frozen=True)
class CollectId:
    """Which collection a workbook belongs to, and of which unit it is.

    Attributes:
        collection: id of the collection.
        alliance: IRI of the alliance.
        organization: IRI of the unit that was asked.
        version: version of the graph that it was made from.
        day: the day on which it was made (ISO).
    """

    collection: str
    alliance: str
    organization: str
    version: int
    day: str

    def text(self) -> str:
        """Return the id as the properties of the workbook hold it."""
        return f"{_MARK} {self.collection} {self.organization}"

    @property
    def slug(self) -> str:
        """The name of the document that a returned workbook is a version of: one for each unit and collection."""
        return f"collect-{self.collection}-{self.organization.rpartition('/')[2]}"


class SentCell(NamedTuple):
    """One cell as it went out: sheet, row and column from 1, and its text."""

    sheet: str
    row: int
    column: int
    text: str


@dataclass(frozen=True)
class Sent:
    """What went out: the id, what the names and numbers in it stand for, and its cells."""

    id: CollectId
    known: Mapping[str, str]
    cells: tuple[SentCell, ...]


def id_page(sent: CollectId, known: Mapping[str, str], cells: Iterable[SentCell], language: str) -> Page:
    """Return the hidden sheet of a collected workbook."""
    name = sheet_name("sent", language)
    rows: list[Sequence[Written]] = [
        [Cell(marked(name), "plain"), _MARK],
        *([field, str(getattr(sent, field))] for field in _FIELDS),
        *(["known", said, thing] for said, thing in sorted(known.items())),
        *(_written("cell", cell.sheet, cell.row, cell.column, cell.text) for cell in cells),
    ]
    return Page(name, rows, head_row=0, hidden=True)


def sent_of(grids: Iterable[Grid]) -> Sent | None:
    """Return what a returned workbook says of itself; ``None`` for any other file."""
    for grid in grids:
        if len(grid.rows) > len(_FIELDS) and grid.rows[0][1:2] == (_MARK,):
            return _sent(grid)
    return None


def _written(*values: str | int) -> Sequence[Written]:
    return values


def collected_id(grids: Iterable[Grid]) -> CollectId | None:
    """Return the id inside a returned workbook, whatever the file is called; ``None`` for any other file."""
    sent = sent_of(grids)
    return sent.id if sent else None


def _sent(grid: Grid) -> Sent | None:
    """Return what the hidden sheet says; ``None`` when somebody has changed it beyond use."""
    try:
        said = {str(row[0]): str(row[1]) for row in grid.rows[1 : len(_FIELDS) + 1]}
        listed = grid.rows[len(_FIELDS) + 1 :]
        return Sent(
            CollectId(
                said["collection"],
                said["alliance"],
                said["organization"],
                _number(said["version"]),
                said["day"],
            ),
            {str(row[1]): str(row[2]) for row in listed if row and row[0] == "known"},
            tuple(_sent_cell(row) for row in listed if row and row[0] == "cell"),
        )
    except (KeyError, IndexError, TypeError, ValueError):
        return None


def _sent_cell(row: Sequence[CellValue]) -> SentCell:
    return SentCell(str(row[1]), _number(row[2]), _number(row[3]), str(row[4]))


def _number(value: CellValue) -> int:
    return int(float(str(value)))
