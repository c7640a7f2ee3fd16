"""Excel workbooks: pages of cells become bytes that Excel, WPS and LibreOffice open.

The one place that knows how a workbook is written. A text is always written as a text, whatever it begins with, and
marked so that no program takes it for a formula when somebody edits it; what is read back is the same text.
"""

from __future__ import annotations

import io
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal
from itertools import chain, islice
from typing import Any, Literal, NamedTuple

from graph.imports.grid import column_letter

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

Look = Literal[
    "plain",
    "text",
    "number",
    "head",
    "required",
    "example",
    "blank",
    "error",
    "warning",
    "info",
    "title",
    "link",
]
"""How a cell looks. ``text`` keeps what is typed as it is typed; ``blank`` is to be filled in."""

FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""What a spreadsheet may take for the beginning of a formula."""

MOST_CHARACTERS = 32_767
"""Characters that one cell can hold."""

_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")  # what XML cannot hold
_LINE_END = re.compile("\r\n?")
_ESCAPE_LIKE = re.compile("_(?=x[0-9A-Fa-f]{4}_)")  # what a reader would take for the code of a character
_NO_SHEET_NAME = re.compile(r"[\[\]:*?/\\]")
_MOST_SHEET_NAME = 31
_MEASURED = 200  # rows that are looked at to find how wide a column is
_NARROWEST, _WIDEST = 8, 48
_INK: Mapping[str, str] = {"error": "9C0006", "warning": "7F6000", "example": "7F7F7F", "link": "0563C1"}
_PAPER: Mapping[str, str] = {
    "head": "DCE6F1",
    "required": "F8CBAD",
    "example": "F2F2F2",
    "blank": "FFF2CC",
    "error": "FFC7CE",
    "warning": "FFEB9C",
}
_BARE = frozenset({"plain", "number"})
_BOLD = frozenset({"head", "required", "title", "error"})
_NUMBER_FORMATS: Mapping[str, str] = {
    "plain": "General",
    "number": "General",
    "required": '@" *"',
    "day": "yyyy-mm-dd",
    "moment": "yyyy-mm-dd hh:mm:ss",
    "time": "hh:mm:ss",
}


Value = str | int | float | Decimal | date | datetime | time | None
"""What a cell may hold; ``None``: nothing."""


class Cell(NamedTuple):
    """One cell: what it holds, how it looks, the note on it, and the cell of this workbook that it leads to."""

    value: Value
    look: Look = "text"
    note: str = ""
    leads_to: str = ""
    """For example ``#'联盟成员单位一览表'!B7``."""


Written = Cell | Value
"""A cell, or a value that looks plain."""


class Range(NamedTuple):
    """A range of cells, counted from 1."""

    first_row: int
    first_column: int
    last_row: int
    last_column: int


class Choice(NamedTuple):
    """A drop-down: the column (from 1) and rows where it is offered, and the cells that hold its values."""

    column: int
    first_row: int
    last_row: int
    values: str
    title: str
    otherwise: str
    """What is said of another value; it is taken all the same."""


@dataclass(frozen=True)
class Page:
    """One sheet.

    Attributes:
        name: its name; signs that no sheet name may hold are replaced.
        rows: its cells, from row 1.
        looks: how cells that nobody has filled in look, column by column.
        widths: how wide columns are; columns beyond have the width of what they hold.
        head_row: the row of its head, which stays in view and is repeated in print (0: none).
        hidden: whether readers do not see it.
        has_filter: whether rows can be chosen by their values.
        choices: its drop-downs.
        merged: ranges of cells that are one cell.
    """

    name: str
    rows: Iterable[Sequence[Written]]
    looks: Sequence[Look] = ()
    widths: Sequence[int] = ()
    head_row: int = 1
    hidden: bool = False
    has_filter: bool = False
    choices: Sequence[Choice] = ()
    merged: Sequence[Range] = ()


@dataclass(frozen=True)
class Properties:
    """What a workbook says of itself: its title, the day on which it was made, and what it is known by."""

    day: date
    title: str = ""
    identifier: str = ""


@dataclass
class _Looks:
    """How each look is written in one workbook; made once for each, because that is slow."""

    sheet: Any
    made: dict[tuple[str, str, bool], Any] = field(default_factory=dict)

    def style(self, look: str, number_format: str, *, quoted: bool) -> Any:
        """Return the style of a look; ``quoted`` says that the text is a text whatever it begins with."""
        key = look, number_format, quoted
        if key not in self.made:
            self.made[key] = _styled(self.sheet, look, number_format, quoted=quoted)._style
        return self.made[key]


def workbook_bytes(pages: Sequence[Page], properties: Properties) -> bytes:
    """Return a workbook of some pages."""
    from openpyxl import Workbook  # wanted by few requests, and not at the start

    book = Workbook(write_only=True)
    book.properties.creator = "medalliance"
    book.properties.title = properties.title or None
    book.properties.identifier = properties.identifier or None
    day = properties.day
    book.properties.created = book.properties.modified = datetime(day.year, day.month, day.day)
    for name, page in zip(sheet_names([page.name for page in pages]), pages, strict=True):
        _write(book.create_sheet(name), page)
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def sheet_names(names: Sequence[str]) -> list[str]:
    """Return names for sheets: without signs that no sheet name may hold, short enough, and each once."""
    made: list[str] = []
    for name in names:
        made.append(_free_name(name, {one.lower() for one in made}))
    return made


def writable(text: str) -> str:
    """Return a text as a cell can hold it: lines end in one way, no signs that no file can hold, not too long."""
    return _LINE_END.sub("\n", _UNWRITABLE.sub("", text))[:MOST_CHARACTERS]


def link_to(sheet: str, column: int, row: int) -> str:
    """Return what a link within a workbook leads to."""
    quoted = sheet.replace("'", "''")
    return f"#'{quoted}'!{column_letter(max(column, 1))}{max(row, 1)}"


def _free_name(name: str, taken: set[str]) -> str:
    cleaned = _NO_SHEET_NAME.sub("_", _UNWRITABLE.sub("", name)).strip("' \t\n\r")[:_MOST_SHEET_NAME]
    plain = cleaned.strip() or "Sheet"
    candidates = chain([plain], (f"{plain[: _MOST_SHEET_NAME - 5]} ({n})" for n in range(2, 1000)))
    return next(one for one in candidates if one.lower() not in taken)


def _write(target: Any, page: Page) -> None:
    rows = iter(page.rows)
    first = list(islice(rows, _MEASURED))
    looks = _Looks(target)
    _lay_out(target, page, first)
    count = 0
    for row in chain(first, rows):
        target.append([_cell(target, looks, one) for one in row])
        count += 1
    if page.has_filter:
        target.auto_filter.ref = f"A{page.head_row}:{column_letter(_breadth(first))}{max(count, 1)}"


def _lay_out(target: Any, page: Page, rows: Sequence[Sequence[Written]]) -> None:
    """Set what concerns the whole sheet; it has to be known before the first row is written."""
    target.sheet_state = "hidden" if page.hidden else "visible"
    widths = [*page.widths, *_widths(rows)[len(page.widths) :]]
    for place, width in enumerate(widths, 1):
        target.column_dimensions[column_letter(place)].width = width
    for place, look in enumerate(page.looks, 1):
        target.column_dimensions[column_letter(place)].number_format = _number_format(look)
    if page.head_row:
        target.freeze_panes = f"A{page.head_row + 1}"
        target.print_title_rows = f"{page.head_row}:{page.head_row}"
    _set_up_print(target)
    for choice in page.choices:
        target.data_validations.append(_validation(choice))
    for area in page.merged:
        target.merged_cells.add(
            f"{column_letter(area.first_column)}{area.first_row}:{column_letter(area.last_column)}{area.last_row}"
        )


def _set_up_print(target: Any) -> None:
    """Set A4 across, as wide as the page."""
    target.page_setup.orientation = "landscape"
    target.page_setup.paperSize = 9  # A4
    target.page_setup.fitToWidth, target.page_setup.fitToHeight = 1, 0
    target.sheet_properties.pageSetUpPr.fitToPage = True
    target.oddFooter.center.text = "&P / &N"


def _validation(choice: Choice) -> Any:
    from openpyxl.worksheet.datavalidation import DataValidation

    letter = column_letter(choice.column)
    made = DataValidation(type="list", formula1=choice.values, allow_blank=True, errorStyle="warning")
    made.errorTitle, made.error, made.showErrorMessage = choice.title[:32], choice.otherwise[:225], True
    made.add(f"{letter}{choice.first_row}:{letter}{choice.last_row}")
    return made


def _cell(target: Any, looks: _Looks, written: Written) -> Any:
    """Return what is appended for a cell; most values need no cell of their own, which is much faster."""
    cell = written if isinstance(written, Cell) else Cell(written, "plain")
    value = _storable(cell.value)
    if cell[1:] == _PLAIN and not _needs_care(value):
        return value
    made = _typed(target, value)
    quoted = isinstance(value, str) and value.startswith(FORMULA_SIGNS)
    number_format = _number_format(_dated(value) or cell.look)
    if cell.look != "plain" or quoted or number_format != "General":
        made._style = looks.style(cell.look, number_format, quoted=quoted)
    if cell.leads_to:
        made.hyperlink = _hyperlink(cell.leads_to)
    if cell.note:
        made.comment = _comment(cell.note)
    return made


_PLAIN = ("plain", "", "")


def _storable(value: Value) -> Value:
    """Return a value as a workbook can hold it: its days begin in 1900."""
    if isinstance(value, date) and value.year < 1901:
        return value.isoformat()
    return writable(value) if isinstance(value, str) else value


def _needs_care(value: Value) -> bool:
    """Tell whether a value would be taken for something else, or shown wrongly, if it were just written."""
    if isinstance(value, str):
        return value.startswith((*FORMULA_SIGNS, "#")) or "_x" in value
    return isinstance(value, date | time)


def _typed(target: Any, value: Value) -> Any:
    """Return a cell that holds a value as what it is."""
    from openpyxl.cell import WriteOnlyCell

    made = WriteOnlyCell(target)
    if isinstance(value, str):
        made._value, made.data_type = _ESCAPE_LIKE.sub("_x005F_", value), "s"
    else:
        made.value = value
    return made


def _dated(value: Value) -> str:
    """Return what a day or time is (empty: neither); in a workbook they are numbers that only look like days."""
    kinds = ((datetime, "moment"), (date, "day"), (time, "time"))
    return next((look for kind, look in kinds if isinstance(value, kind)), "")


def _hyperlink(leads_to: str) -> Any:
    from openpyxl.worksheet.hyperlink import Hyperlink

    return Hyperlink(ref="", location=leads_to.removeprefix("#"))


def _comment(text: str) -> Any:
    from openpyxl.comments import Comment

    lines = sum(1 + text_width(line) // 40 for line in text.split("\n"))
    return Comment(_UNWRITABLE.sub("", text), "medalliance", height=min(24 + 18 * lines, 400), width=320)


def _styled(target: Any, look: str, number_format: str, *, quoted: bool) -> Any:
    """Return a cell that looks as a look should."""
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Alignment, Font, PatternFill

    cell = WriteOnlyCell(target)
    cell.number_format = number_format
    cell.font = Font(
        bold=look in _BOLD,
        italic=look == "example",
        color=_INK.get(look),
        size=14 if look == "title" else None,
    )
    if look in _PAPER:
        cell.fill = PatternFill("solid", fgColor=_PAPER[look])
    if look not in _BARE:
        cell.alignment = Alignment(vertical="top", wrap_text=look != "title")
    if quoted:
        cell.quotePrefix = True
    return cell


def _number_format(look: str) -> str:
    return _NUMBER_FORMATS.get(look, "@")


def _breadth(rows: Sequence[Sequence[Written]]) -> int:
    return max((len(row) for row in rows), default=1) or 1


def _widths(rows: Sequence[Sequence[Written]]) -> list[int]:
    """Return how wide columns should be."""
    widths = [0] * (_breadth(rows) if rows else 0)
    for row in rows:
        for place, cell in enumerate(row):
            widths[place] = max(widths[place], _width(cell))
    return [min(max(width + 2, _NARROWEST), _WIDEST) for width in widths]


def _width(written: Written) -> int:
    value = written.value if isinstance(written, Cell) else written
    return max(map(text_width, "" if value is None else str(value).split("\n")), default=0)


def text_width(text: str) -> int:
    """Return how many places a text takes; Chinese characters take two."""
    return sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text)
