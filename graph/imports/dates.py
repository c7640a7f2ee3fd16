"""Dates in cells: read with exactly the precision that they state, and never guessed."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from graph.imports import chinese_numbers
from graph.imports.cell_text import cleaned, plain
from graph.imports.cells import BLANK, Note, Understood, error, info, kept, refused, shown, warning
from graph.imports.grid import CellValue
from graph.imports.records import Day

FIRST_YEAR = 1800
YEARS_AHEAD = 100
"""Years further ahead than this are typing mistakes."""

_SERIALS = range(25_569, 55_153)
"""Days that a spreadsheet counts: 1970 to 2050; other numbers of five digits are no dates."""
_DAY_ZERO = date(1899, 12, 30)
_DAY_ZERO_1904 = date(1904, 1, 1)
_Y, _M, _D = r"(?P<y>\d{4})", r"(?P<m>\d{1,2})", r"(?P<d>\d{1,2})"
_CLOCK = r"(?:[T ]*\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?)?"
_FORMS = tuple(
    re.compile(form)
    for form in (
        rf"{_Y}年?(?:度)?",
        rf"{_Y}(?P<s>[-./]){_M}月?",
        rf"{_Y}年{_M}月?(?:份)?",
        rf"{_Y}(?P<m>0[1-9]|1[0-2])",
        rf"{_Y}(?P<s>[-./]){_M}(?P=s){_D}[日号]?{_CLOCK}",
        rf"{_Y}年{_M}月{_D}[日号]?{_CLOCK}",
        rf"{_Y}(?P<m>\d{{2}})(?P<d>\d{{2}})",
        rf"(?P<d>1[3-9]|2\d|3[01])[-./](?P<m>0?[1-9]|1[0-2])[-./]{_Y}",
        rf"(?P<m>0?[1-9]|1[0-2])[-./](?P<d>1[3-9]|2\d|3[01])[-./]{_Y}",
    )
)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = r"(?P<n>jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?"
_ENGLISH = tuple(
    re.compile(form)
    for form in (
        rf"{_MONTH}[ ,-]*{_Y}",
        rf"{_D}(?:st|nd|rd|th)?[ -]*{_MONTH}[ ,-]*{_Y}",
        rf"{_MONTH} *{_D}(?:st|nd|rd|th)?[ ,]+{_Y}",
    )
)
_WITHIN_YEAR = re.compile(
    r"(?P<y>\d{4})年?(?:年)?(?P<v>初|底|末|中|上半年|下半年|春|夏|秋|冬|春季|夏季|秋季|冬季|第?[一二三四1-4]季度|Q[1-4])"
)
_WITHIN_MONTH = re.compile(r"(?P<y>\d{4})(?:年|[-./])(?P<m>\d{1,2})月?(?P<v>初|底|末|中|上旬|中旬|下旬)")
_SPOKEN = re.compile(r"[〇零○一二三四五六七八九十两]+(?=[年月日号]|$)")
_DECADE = re.compile(r"(?:上世纪|本世纪)?(?:\d{2,4}|[一二三四五六七八九]十)年代.*|\d{4}s")
_APPROXIMATE = re.compile(r"约|大约|大概|左右|前后|以前|以后|之前|之后|\d年?前|\d年?后|[?]")
_TWO_DIGITS = re.compile(r"'?\d{2}(?:年(?:\d{1,2}月?(?:\d{1,2}[日号]?)?)?|[-./]\d{1,2}(?:[-./]\d{1,2})?)")
_NO_YEAR = re.compile(r"\d{1,2}月(?:\d{1,2}[日号]?)?份?|\d{1,2}[日号]")
_EITHER_ORDER = re.compile(r"\d{1,2}[-./]\d{1,2}[-./]\d{4}")
_BETWEEN = re.compile(r"\s*(?:[~～—–―]+|至|到|--+|起至)\s*|\s+-\s+|(?<=[年月日])-|(?<=\d)[-/](?=\d{4}(?!\d))")
_SEVERAL = re.compile(r"[、；;,，\n]|和|及")


class DateOrder(NamedTuple):
    """The first and last day that a date may mean."""

    first: str
    last: str


def bounds(day: Day) -> DateOrder:
    """Return the first and last day of what was stated: a year, a month, or one day.

    >>> bounds(Day("2021-02"))
    DateOrder(first='2021-02-01', last='2021-02-28')
    """
    match len(day.text):
        case 4:
            return DateOrder(f"{day.text}-01-01", f"{day.text}-12-31")
        case 7:
            last = monthrange(int(day.text[:4]), int(day.text[5:]))[1]
            return DateOrder(f"{day.text}-01", f"{day.text}-{last:02}")
    return DateOrder(day.text, day.text)


def date_in(
    value: CellValue,
    today: date,
    *,
    precision: str = "",
    past: bool = False,
    epoch_1904: bool = False,
    words: Mapping[str, str] | None = None,
) -> Understood:
    """Return the date that a cell states.

    Args:
        value: the cell.
        today: the civil date; what lies after it is in the future.
        precision: ``day`` or ``year`` where the column asks for just that; else as stated.
        past: whether a date in the future is surprising.
        epoch_1904: whether days are counted from 1904, as old Macintosh files do.
        words: words that say that there is no date, plain and in small letters, to the code of the remark.
    """
    read = _read(value, today, epoch_1904, words or {})
    day = _day(read)
    return _as_precise(day, read, precision, today if past else None) if day else read


def _read(value: CellValue, today: date, epoch_1904: bool, words: Mapping[str, str]) -> Understood:
    match value:
        case None:
            return BLANK
        case bool() | time():
            return refused("date-unreadable")
        case datetime():
            return _dated(value.year, value.month, value.day, today)
        case date():
            return _dated(value.year, value.month, value.day, today)
        case int() | float():
            return _of_number(value, today, epoch_1904)
    return _of_text(value, today, epoch_1904, words)


def _day(read: Understood) -> Day | None:
    return next((value for value in read.values if isinstance(value, Day)), None)


def _noted(read: Understood, note: Note) -> Understood:
    """Return the same with one more note, unless nothing was read."""
    return read._replace(notes=(*read.notes, note)) if read.values else read


def _of_number(value: int | float, today: date, epoch_1904: bool) -> Understood:
    if int(value) in _SERIALS:
        return _serial(int(value), today, epoch_1904)
    text = shown(value)
    if isinstance(value, float) and re.fullmatch(r"\d{4}\.1", text):
        # 2021.10 typed into a spreadsheet becomes 2021.1.
        return _noted(_dated(int(text[:4]), 0, 0, today), warning("date-lost-zero", year=text[:4]))
    return _of_text(text, today, epoch_1904, {})


def _serial(days: int, today: date, epoch_1904: bool) -> Understood:
    meant = (_DAY_ZERO_1904 if epoch_1904 else _DAY_ZERO) + timedelta(days=days)
    return _noted(
        _dated(meant.year, meant.month, meant.day, today), info("date-serial", date=meant.isoformat())
    )


def _of_text(text: str, today: date, epoch_1904: bool, words: Mapping[str, str]) -> Understood:
    said = plain(cleaned(text))
    if not said:
        return BLANK
    if code := words.get(said.casefold()):
        return Understood(notes=(info(code),))
    if said.isdecimal() and len(said) == 5 and int(said) in _SERIALS:
        return _serial(int(said), today, epoch_1904)
    said = re.sub(r"[()（）]", "", said)
    said = _digits(said)
    tight = re.sub(r"\s+(?=[年月日号.\-/])|(?<=[年月日号.\-/])\s+", "", said)
    return (
        _exact(tight, today)
        or _english(said.lower(), today)
        or _vague(tight, today)
        or _period(said, today)
        or _why(tight)
    )


def _digits(text: str) -> str:
    """Return a date with its Chinese numbers as digits."""
    if not _SPOKEN.search(text) or _DECADE.fullmatch(text):
        return text
    return _SPOKEN.sub(lambda found: str(_number(found[0])), text)


def _number(text: str) -> object:
    number = chinese_numbers.number_of(text)
    return text if number is None else number


def _exact(text: str, today: date) -> Understood | None:
    for form in _FORMS:
        if found := form.fullmatch(text):
            parts = found.groupdict()
            return _dated(int(parts["y"]), int(parts.get("m") or 0), int(parts.get("d") or 0), today, found)
    return None


def _english(text: str, today: date) -> Understood | None:
    for form in _ENGLISH:
        if found := form.fullmatch(text):
            month = _MONTHS.index(found["n"]) + 1
            return _dated(int(found["y"]), month, int(found.groupdict().get("d") or 0), today)
    return None


def _vague(text: str, today: date) -> Understood | None:
    """Return the year or month within which a date like 2021年初 lies."""
    for form in (_WITHIN_YEAR, _WITHIN_MONTH):
        if found := form.fullmatch(text):
            read = _dated(int(found["y"]), int(found.groupdict().get("m") or 0), 0, today)
            day = _day(read)
            return _noted(read, warning("date-vague", date=day.text)) if day else read
    return None


def _period(text: str, today: date) -> Understood | None:
    """Return the start of a period, with its end beside it."""
    parts = [part for part in _BETWEEN.split(text) if part]
    if len(parts) != 2:
        return None
    start, end = (_exact(re.sub(r"\s", "", part), today) for part in parts)
    if not start or not end:
        return _open(start, parts[1])
    if not start.values or not end.values:
        return start if not start.values else end
    return start._replace(until=end.values[0])


def _open(start: Understood | None, end: str) -> Understood | None:
    if start and start.values and end in ("今", "现在", "今天"):
        return _noted(start, info("date-open"))
    return None


def _why(text: str) -> Understood:
    """Return why a text is no date that can be kept."""
    reasons: tuple[tuple[re.Pattern[str], str], ...] = (
        (_DECADE, "date-decade"),
        (_TWO_DIGITS, "date-two-digit-year"),
        (_NO_YEAR, "date-no-year"),
        (_EITHER_ORDER, "date-either-order"),
    )
    for form, code in reasons:
        if form.fullmatch(text):
            return refused(code)
    if _APPROXIMATE.search(text) and re.search(r"\d{4}", text):
        return refused("date-approximate")
    if _SEVERAL.search(text) and len(re.findall(r"\d{4}", text)) > 1:
        return refused("date-several")
    return refused("date-unreadable")


def _dated(year: int, month: int, day: int, today: date, found: re.Match[str] | None = None) -> Understood:
    """Return a year, month or day; the parts that are nought are not stated."""
    if not FIRST_YEAR <= year <= today.year + YEARS_AHEAD:
        return refused("date-year", year=str(year))
    stated_month = month or (found is not None and found.groupdict().get("m") is not None)
    stated_day = day or (found is not None and found.groupdict().get("d") is not None)
    if stated_month and not 1 <= month <= 12:
        return refused("date-impossible")
    if not stated_month:
        return kept(Day(f"{year:04}"))
    if not stated_day:
        return kept(Day(f"{year:04}-{month:02}"))
    if not 1 <= day <= monthrange(year, month)[1]:
        return refused("date-impossible")
    return kept(Day(f"{year:04}-{month:02}-{day:02}"))


def _as_precise(day: Day, read: Understood, precision: str, today: date | None) -> Understood:
    """Return a date as its column asks for it."""
    notes: tuple[Note, ...] = read.notes
    if precision == "day" and len(day.text) < 10:
        return Understood(notes=(error("date-needs-day"),))
    if precision == "year" and len(day.text) > 4:
        notes = (*notes, info("date-only-year", year=day.text[:4]))
        day = Day(day.text[:4])
    if today and bounds(day).first > today.isoformat():
        notes = (*notes, warning("date-future", today=today.isoformat()))
    return Understood((day,), notes, read.until)
