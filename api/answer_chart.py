"""An answer as a chart: bars for the numbers of each row, or a line where the rows are moments in time."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from api.answer_rows import Cell, Rows
from api.drawing import text_width, wrapped

MOST_BARS = 40
"""Rows with bars; what is left out is told below the chart."""
MOST_MOMENTS = 400
MOST_SERIES = 4
"""Columns of numbers in one chart; each has a colour and a pattern of its own."""

_WIDTH = 960.0
_LABELS = 300.0
_BAR, _GAP = 18.0, 12.0
_SIZE, _LINE_HEIGHT = 13.5, 17.0
_PLOT_HEIGHT, _FOOT, _LEFT = 320.0, 40.0, 64.0
_TIMES = ("#date", "#dateTime", "#gYear", "#gYearMonth")
_YEAR = re.compile(r"(1[89]|20)\d\d(-\d\d(-\d\d)?)?")


@dataclass(frozen=True)
class Bar:
    """One number as drawn."""

    series: int
    x: float
    y: float
    width: float
    height: float
    value: float
    text_x: float
    anchor: str


@dataclass(frozen=True)
class Category:
    """One row: its name, in lines (y, text), and its bars."""

    name: str
    lines: tuple[tuple[float, str], ...]
    bars: tuple[Bar, ...]


@dataclass(frozen=True)
class Tick:
    """One mark of an axis: where it stands, and what it says."""

    at: float
    text: str


@dataclass(frozen=True)
class Trace:
    """One column of numbers as a line: its path and its points (x, y, name, value)."""

    series: int
    path: str
    points: tuple[tuple[float, float, str, float], ...]


@dataclass(frozen=True)
class Chart:
    """A whole chart: bars or lines, their axis, and how many rows it leaves out or cannot show."""

    width: float
    height: float
    series: tuple[str, ...]
    categories: tuple[Category, ...]
    traces: tuple[Trace, ...]
    ticks: tuple[Tick, ...]
    moments: tuple[Tick, ...]
    zero: float
    shown: int
    left_out: int
    numberless: int


def chart_of(rows: Rows, name_of: Callable[[Cell], str], written: Callable[[float], str]) -> Chart | None:
    """Return the chart of an answer; ``None`` when no column holds numbers.

    The columns that hold nothing but numbers are drawn; the others name the row.

    Args:
        rows: the answer.
        name_of: returns what to call a value.
        written: writes a number for a reader.
    """
    numeric = [place for place in range(len(rows.columns)) if _is_numeric(rows, place)]
    if len(numeric) == len(rows.columns) > 1:  # one of them has to name the rows
        numeric = numeric[1:]
    shown = numeric[:MOST_SERIES]
    if not shown:
        return None
    others = [place for place in range(len(rows.columns)) if place not in numeric]
    listed = [
        (_name(row, others, name_of), tuple(_number(row[place]) for place in shown)) for row in rows.rows
    ]
    full = [(name, values) for name, values in listed if any(value is not None for value in values)]
    series = tuple(rows.columns[place] for place in shown)
    are_moments = _are_moments(rows, others) and len(full) > 2
    drawn = sorted(full)[:MOST_MOMENTS] if are_moments else full[:MOST_BARS]
    numbers = _Numbers(series, drawn, len(full) - len(drawn), len(listed) - len(full))
    return _lines(numbers, written) if are_moments else _bars(numbers, written)


@dataclass(frozen=True)
class _Numbers:
    """What is drawn: the columns, each row with its name and values, and how many rows are not."""

    series: tuple[str, ...]
    rows: Sequence[tuple[str, tuple[float | None, ...]]]
    left_out: int
    numberless: int

    @property
    def axis(self) -> list[float]:
        """Round numbers between which all values lie, and zero."""
        values = self.values
        return _axis(min(0.0, *values), max(0.0, *values))

    @property
    def values(self) -> list[float]:
        return [value for _, values in self.rows for value in values if value is not None]


def _is_numeric(rows: Rows, place: int) -> bool:
    cells = list(rows.column(place))
    return bool(cells) and all(cell.number is not None for cell in cells)


def _number(cell: Cell | None) -> float | None:
    return cell.number if cell else None


def _name(row: Sequence[Cell | None], places: Sequence[int], name_of: Callable[[Cell], str]) -> str:
    return " · ".join(dict.fromkeys(name_of(cell) for place in places if (cell := row[place]) is not None))


def _are_moments(rows: Rows, others: Sequence[int]) -> bool:
    """Tell whether each row is a moment of its own."""
    if len(others) != 1:
        return False
    cells = list(rows.column(others[0]))
    return (
        len(cells) == len(rows.rows)
        and len({cell.text for cell in cells}) == len(cells)
        and all(cell.datatype.endswith(_TIMES) or bool(_YEAR.fullmatch(cell.text)) for cell in cells)
    )


def _bars(numbers: _Numbers, written: Callable[[float], str]) -> Chart:
    values, axis, series = numbers.values, numbers.axis, numbers.series
    room = max(text_width(written(value), _SIZE) for value in values) + 10
    left = _LABELS + (room if min(values) < 0 else 0)
    scale = (_WIDTH - left - room) / ((axis[-1] - axis[0]) or 1.0)
    zero = left - axis[0] * scale
    y, categories = 30.0, []
    for name, row in numbers.rows:
        lines = wrapped(name, _LABELS - 16, _SIZE)[:3]
        height = max(len(lines) * _LINE_HEIGHT, len(series) * _BAR)
        top = y + (height - len(lines) * _LINE_HEIGHT) / 2 + 13
        texts = tuple((top + place * _LINE_HEIGHT, line) for place, line in enumerate(lines))
        start = y + (height - len(series) * _BAR) / 2
        bars = tuple(
            _bar(place, value, zero, scale, start + place * _BAR)
            for place, value in enumerate(row)
            if value is not None
        )
        categories.append(Category(name, texts, bars))
        y += height + _GAP
    ticks = tuple(Tick(zero + value * scale, written(value)) for value in axis)
    return Chart(
        _WIDTH,
        y,
        series,
        tuple(categories),
        (),
        ticks,
        (),
        zero,
        len(numbers.rows),
        numbers.left_out,
        numbers.numberless,
    )


def _bar(series: int, value: float, zero: float, scale: float, y: float) -> Bar:
    width = max(abs(value) * scale, 1.0)
    x = zero if value >= 0 else zero - width
    text_x, anchor = (x + width + 5, "start") if value >= 0 else (x - 5, "end")
    return Bar(series, x, y + 1, width, _BAR - 3, value, text_x, anchor)


def _lines(numbers: _Numbers, written: Callable[[float], str]) -> Chart:
    listed, axis, series = numbers.rows, numbers.axis, numbers.series
    height = _PLOT_HEIGHT + _FOOT
    scale = (_PLOT_HEIGHT - 24) / ((axis[-1] - axis[0]) or 1.0)
    step = (_WIDTH - _LEFT - 32) / max(len(listed) - 1, 1)
    zero = _PLOT_HEIGHT + axis[0] * scale

    def trace(place: int) -> Trace:
        points = tuple(
            (round(_LEFT + index * step, 1), round(zero - value * scale, 1), name, value)
            for index, (name, row) in enumerate(listed)
            if (value := row[place]) is not None
        )
        return Trace(place, "M" + "L".join(f"{x} {y}" for x, y, _, _ in points), points)

    every = math.ceil(len(listed) * 84 / (_WIDTH - _LEFT))
    moments = tuple(
        Tick(_LEFT + index * step, name) for index, (name, _) in enumerate(listed) if index % every == 0
    )
    ticks = tuple(Tick(zero - value * scale, written(value)) for value in axis)
    traces = tuple(trace(place) for place in range(len(series)))
    return Chart(
        _WIDTH,
        height,
        series,
        (),
        traces,
        ticks,
        moments,
        zero,
        len(numbers.rows),
        numbers.left_out,
        numbers.numberless,
    )


def _axis(low: float, high: float) -> list[float]:
    """Return round numbers from below the lowest to above the highest value."""
    span = (high - low) or 1.0
    rough = span / 5
    size = 10 ** math.floor(math.log10(rough))
    step = next(size * factor for factor in (1, 2, 5, 10) if size * factor >= rough)
    first, last = math.floor(low / step), math.ceil(high / step)
    return [round(count * step, 10) for count in range(first, max(last, first + 1) + 1)]
