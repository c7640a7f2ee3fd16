"""Identifiers in cells: social credit codes, licence numbers, and ids of the sender's own, as texts."""

from __future__ import annotations

import re
from itertools import combinations
from typing import NamedTuple

from stdnum.cn import uscc

from graph.imports.area_names import agree, called, known_code
from graph.imports.cell_text import cleaned, code
from graph.imports.cells import BLANK, Note, Understood, info, kept, refused, shown, warning
from graph.imports.grid import CellValue
from graph.imports.records import Text

MOST_EXACT = 2**53
"""Spreadsheets keep whole numbers exactly up to this one, of sixteen digits."""

# With its sign, as spreadsheets show it: a code may well have an E between digits.
_EXPONENT = re.compile(r"\d+(?:\.\d+)?E\+\d+", re.IGNORECASE)
_DASHES = re.compile(r"[-‐‑‒–—―－]")
_USCC = re.compile(r"[0-9A-HJ-NPQRTUWXY]{2}[0-9]{6}[0-9A-HJ-NPQRTUWXY]{10}")
_ORGANIZATION_CODE = re.compile(r"[0-9A-Z]{8}[0-9X]")
_ORGANIZATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
_LICENCE = re.compile(r"[0-9A-Z]{22}")
_CONFUSED = {"O": "0", "I": "1", "Z": "2", "S": "5", "V": "U", "8": "B", "B": "8"}
_NEVER_IN_USCC = "IOZSV"
_IDENTITY = re.compile(r"[1-9]\d{5}(?:18|19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx]")
_IDENTITY_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


class LicenceParts(NamedTuple):
    """What is sure of a licence number of 22 characters: the organization code, and the division in it."""

    organization: str
    division: str


def uscc_in(value: CellValue) -> Understood:
    """Return the unified social credit code that a cell states."""
    said, fault = _code_of(value)
    if fault or not said:
        return fault or BLANK
    said = _DASHES.sub("", said)
    if len(said) != 18:
        is_organization_code = len(said) == 9 and _is_organization_code(said)
        return refused(
            "uscc-organization-code" if is_organization_code else "uscc-length", length=str(len(said))
        )
    if _is_uscc(said):
        return kept(Text(said))
    if suggestion := _uscc_meant(said):
        return refused("uscc-look-alike", suggestion=suggestion)
    wrong = "".join(dict.fromkeys(character for character in said if character in _NEVER_IN_USCC))
    if wrong:
        return refused("uscc-letters", letters=wrong)
    return refused("uscc-check-digit" if _USCC.fullmatch(said) else "uscc-form")


def licence_in(value: CellValue) -> Understood:
    """Return the number of a medical institution's practice licence that a cell states."""
    said, fault = _code_of(value)
    if fault or not said:
        return fault or BLANK
    said = _DASHES.sub("", said)
    if not _LICENCE.fullmatch(said):
        return refused("licence-form", length=str(len(said)))
    parts = licence_parts(said)
    if not parts:
        return kept(Text(said), notes=(warning("licence-division", division=said[9:15]),))
    if not known_code(parts.division) and not known_code(parts.division[:4] + "00"):
        return kept(Text(said), notes=(warning("licence-division", division=parts.division),))
    return kept(Text(said))


def local_id_in(value: CellValue) -> Understood:
    """Return an id or document number that means something to the sender only."""
    said, fault = _text_of(value)
    if fault or not said:
        return fault or BLANK
    if isinstance(value, int | float) and len(said) >= 12:
        return kept(Text(said), notes=(warning("code-as-number"),))
    return kept(Text(said))


def licence_parts(licence: str) -> LicenceParts | None:
    """Return the parts of a licence number of 22 characters; ``None`` where no division code is in its place.

    Nine characters name the organization, six the division, seven say what kind of institution it is.
    """
    division = licence[9:15]
    return LicenceParts(licence[:9], division) if division.isdecimal() and division.isascii() else None


def licence_against_place(licence: str, area: str) -> Note | None:
    """Return what is to be said when the division in a licence number is another than the unit's (a code)."""
    parts = licence_parts(licence)
    if not parts:
        return None
    division = known_code(parts.division) or known_code(parts.division[:4] + "00")
    if not division or agree(division, area):
        return None
    return warning("licence-elsewhere", there=called(division), here=called(area))


def licence_against_uscc(licence: str, credit_code: str) -> Note | None:
    """Return what is to be said when two identifiers of a unit name different organizations."""
    parts = licence_parts(licence)
    if not parts or parts.organization.startswith("PDY") or parts.organization == credit_code[8:17]:
        return None
    return info("licence-other-organization", licence=parts.organization, uscc=credit_code[8:17])


def is_identity_number(value: CellValue) -> bool:
    """Tell whether a cell holds the number of a person's identity card: its date and check digit are right."""
    if not isinstance(value, str):
        return False
    number = value.strip()
    if not _IDENTITY.fullmatch(number):
        return False
    total = sum(int(digit) * weight for digit, weight in zip(number[:17], _IDENTITY_WEIGHTS, strict=True))
    return "10X98765432"[total % 11] == number[17].upper()


def _text_of(value: CellValue) -> tuple[str, Understood | None]:
    """Return a cell as a text, or why it is no code any more."""
    if value is None:
        return "", None
    if isinstance(value, int | float) and not isinstance(value, bool) and abs(value) >= MOST_EXACT:
        return "", refused("code-lost-digits")
    said = cleaned(shown(value)).replace("\n", " ")
    return ("", refused("code-lost-digits")) if _EXPONENT.fullmatch(said) else (said, None)


def _code_of(value: CellValue) -> tuple[str, Understood | None]:
    said, fault = _text_of(value)
    return code(said).upper(), fault


def _is_uscc(said: str) -> bool:
    return _USCC.fullmatch(said) is not None and said[-1] == uscc.calc_check_digit(said)


def _uscc_meant(said: str) -> str:
    """Return the only valid code that comes of exchanging characters that look alike (empty: none, or several)."""
    forced = [place for place, character in enumerate(said) if character in _NEVER_IN_USCC]
    places = forced or [place for place, character in enumerate(said) if character in _CONFUSED]
    found = {
        meant
        for chosen in combinations(places, len(forced) or 1)
        if _is_uscc(meant := "".join(_CONFUSED[c] if p in chosen else c for p, c in enumerate(said)))
    }
    return found.pop() if len(found) == 1 else ""


def _is_organization_code(said: str) -> bool:
    """Tell whether nine characters are an organization code (GB 11714): its check digit is right."""
    if not _ORGANIZATION_CODE.fullmatch(said):
        return False
    total = sum(int(c, 36) * weight for c, weight in zip(said, _ORGANIZATION_WEIGHTS, strict=False))
    return "0123456789X0"[11 - total % 11] == said[8]
