"""Telephone numbers in cells: each by itself, kept as text, mobile and office lines told apart."""

from __future__ import annotations

import re

from graph.imports.cell_text import cleaned, plain
from graph.imports.cells import BLANK, Note, Understood, error, shown, warning
from graph.imports.grid import CellValue
from graph.imports.records import Phone

_USUAL_MOBILE, _USUAL_LANDLINE = re.compile(r"1[3-9]\d{9}"), re.compile(r"0(?:10|2\d|[3-9]\d\d)-[2-8]\d{6,7}")
_DASHES = re.compile(r"\s*[-‐‑‒–—―－]+\s*")
_MOBILE = re.compile(
    r"(?<!\d)(?:\+?86[- ]?|0086[- ]?|0(?=1[3-9]\d{9}))?(1[3-9]\d)[- ]?(\d{4})[- ]?(\d{4})(?!\d)"
)
_EXTENSION = r"(?: ?(?:-|转|转分机|分机|ext\.?|x|#|\*|,) ?(?P<ext>\d{1,6}))?"
_LANDLINE = re.compile(
    r"(?<!\d)(?:\+?86[- ]?|0086[- ]?)?(?:\((?P<a>0?(?:10|2\d|[3-9]\d\d))\)[- ]?|(?P<b>0(?:10|2\d|[3-9]\d\d))[- ]?)?"
    rf"(?P<n>[2-8]\d{{2,3}} ?\d{{4}}){_EXTENSION}(?!\d)",
    re.IGNORECASE,
)
_SERVICE = re.compile(r"(?<!\d)([48]00)-?(\d{3})-?(\d{4})(?!\d)|(?<!\d)([48]00)-?(\d{4})-?(\d{3})(?!\d)")
_SHORT = re.compile(r"(?<!\d)(?:1\d{2}|12\d{3}|9[56]\d{3}|\d{4,6})(?!\d)")
_LOST_ZERO = re.compile(r"(?:10|2\d)\d{8}|[3-9]\d{2}\d{7,8}")
_BETWEEN = re.compile(r"[；;、，\n]|\s*/\s*(?=\+?\d{5})|,\s*(?=\+?\d{7})|或")
_WORDS = re.compile(r"[^\W\d_]")
_FEW_DIGITS = re.compile(r"(?<!\d)\d{2,4}(?!\d)")
_LABELS = re.compile(
    r"办公室?|科室|座机|固话|固定电话|手机号?|移动电话|电话|联系|总机|直线|值班|医生|护士|站|传真|tel|phone|mobile|转|分机|ext",
    re.IGNORECASE,
)


def phones_in(value: CellValue, *, takes_mobile: bool) -> Understood:
    """Return the telephone numbers that a cell states.

    Args:
        value: the cell; a number in it counts as the digits that it shows.
        takes_mobile: whether the column has a place for mobile numbers, which are personal.
    """
    if value is None:
        return BLANK
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    said = _DASHES.sub("-", plain(cleaned(shown(value))))
    if not said:
        return BLANK
    if re.search(r"\d\.\d+e\+?\d+", said, re.IGNORECASE):
        return Understood(notes=(error("phone-lost-digits"),))
    if _USUAL_LANDLINE.fullmatch(said):
        return Understood((Phone(said, False),))
    if takes_mobile and _USUAL_MOBILE.fullmatch(said):
        return Understood((Phone(said, True),))
    phones: list[Phone] = []
    notes: list[Note] = []
    for piece in filter(None, map(str.strip, _BETWEEN.split(said))):
        found, rest = _numbers(piece)
        notes += _notes(found, rest, piece, is_number)
        phones += found
    return _allowed(tuple(dict.fromkeys(phones)), _different(notes), takes_mobile)


def _numbers(piece: str) -> tuple[list[Phone], str]:
    """Return the numbers in a piece of a cell, and what is left of it."""
    found: list[tuple[int, Phone]] = []

    def mobile(match: re.Match[str]) -> str:
        found.append((match.start(), Phone("".join(match.groups()), True)))
        return " " * len(match[0])

    def service(match: re.Match[str]) -> str:
        found.append((match.start(), Phone("-".join(part for part in match.groups() if part), False)))
        return " " * len(match[0])

    def landline(match: re.Match[str]) -> str:
        area = match["a"] or match["b"] or ""
        area = area if not area or area.startswith("0") else f"0{area}"
        parts = (area, match["n"].replace(" ", ""), match["ext"])
        found.append((match.start(), Phone("-".join(part for part in parts if part), False)))
        return " " * len(match[0])

    rest = piece
    for form, took in ((_MOBILE, mobile), (_SERVICE, service), (_LANDLINE, landline)):
        rest = form.sub(took, rest)
    return [phone for _, phone in sorted(found)], rest.strip()


def _notes(found: list[Phone], rest: str, piece: str, is_number: bool) -> list[Note]:
    """Return what is to be said of a piece; a short number in it joins those found."""
    if not found:
        digits = re.sub(r"[^\d]", "", rest)
        if is_number and _LOST_ZERO.fullmatch(digits):
            found.append(Phone(digits, False))
            return [warning("phone-lost-zero", suggestion=f"0{digits}")]
        if short := _SHORT.search(rest):
            found.append(Phone(short[0], False))
            return [warning("phone-short", number=short[0])]
        return [error("phone-wrong-length" if len(digits) > 6 else "phone-unreadable", number=piece)]
    notes = [error("phone-wrong-length", number=digits) for digits in re.findall(r"\d{5,}", rest)]
    if _WORDS.search(_LABELS.sub("", rest)) or _FEW_DIGITS.search(rest):
        notes.append(warning("phone-with-words", words=rest))
    return notes


def _allowed(phones: tuple[Phone, ...], notes: tuple[Note, ...], takes_mobile: bool) -> Understood:
    if takes_mobile or not any(phone.is_mobile for phone in phones):
        return Understood(phones, notes)
    kept = tuple(phone for phone in phones if not phone.is_mobile)
    return Understood(kept, (*notes, error("phone-mobile-in-public")))


def _different(notes: list[Note]) -> tuple[Note, ...]:
    return tuple(note for place, note in enumerate(notes) if note not in notes[:place])
