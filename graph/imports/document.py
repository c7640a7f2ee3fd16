"""The document that a file is a version of: title and date as proposed from the file, and its name in the graph."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Sequence
from pathlib import PurePath
from typing import NamedTuple

from graph.catalogue import Entry
from graph.imports.options import NONE
from graph.names import Names

_YEAR = r"(?P<year>(?:19|20)\d\d)"
_MONTH = r"(?P<month>1[0-2]|0?[1-9])"
_DAY = r"(?P<day>3[01]|[12]\d|0?[1-9])"
_DATES = tuple(
    re.compile(rf"(?<!\d){_YEAR}{rest}")
    for rest in (
        rf"\s*年\s*{_MONTH}\s*月(?:\s*{_DAY}\s*[日号])?",
        rf"\s*(?P<by>[./-])\s*{_MONTH}(?:\s*(?P=by)\s*{_DAY})?(?!\d)",
        r"(?P<month>0[1-9]|1[0-2])(?P<day>0[1-9]|[12]\d|3[01])(?!\d)",
        r"(?:\s*年度?|(?!\d))",
    )
)
"""How a date may stand in a title, the most precise first."""
_ROUND = re.compile(r"\s*[(（\[【]\s*(?:截至|截止|统计截至|更新于|as of)?\s*[)）\]】]\s*", re.IGNORECASE)
_ABOUT_DATE = re.compile(r"日期|时间|截至|截止|更新|\bdate\b|\bas of\b", re.IGNORECASE)
_ABOUT_SENDER = re.compile(r"^(?:填报|填表|制表|报送|上报|联系)\S{0,4}[:：]|^(?:单位|日期|时间|电话)[:：]")
_MOST = 120
"""Longest title; what is longer is a paragraph."""


class Titled(NamedTuple):
    """A title without the date in it, and that date with its precision (empty: none)."""

    title: str
    dated: str


def titled(titles: Sequence[str], file: str) -> Titled:
    """Return title and date of a document, from the texts above its table and the name of its file."""
    lines = [line.strip() for text in titles for line in text.splitlines() if line.strip()]
    named = [line for line in lines if not _ABOUT_SENDER.search(line) and len(line) <= _MOST]
    found = split_title(named[0]) if named else Titled("", "")
    dates = [found.dated, *(dated_in(line) for line in lines if _ABOUT_DATE.search(line))]
    of_file = split_title(PurePath(file).stem)
    title = found.title or of_file.title or PurePath(file).stem or file
    return Titled(title, next(filter(None, [*dates, of_file.dated]), ""))


def split_title(text: str) -> Titled:
    """Return a title without its date, and the date."""
    plain = unicodedata.normalize("NFKC", text)
    found = _found(plain)
    if found is None:
        return Titled(_tidied(text), "")
    rest = f"{plain[: found.start()]} {plain[found.end() :]}"
    return Titled(_tidied(_ROUND.sub(" ", rest)), _iso(found))


def dated_in(text: str) -> str:
    """Return the first date in a text, with its precision: ``2026``, ``2026-03`` or ``2026-03-05`` (empty: none)."""
    found = _found(unicodedata.normalize("NFKC", text))
    return _iso(found) if found else ""


def folded_title(title: str) -> str:
    """Return a title as titles are compared: without spaces, width and letter case."""
    return "".join(unicodedata.normalize("NFKC", title).casefold().split())


def document_of(title: str, supersedes: str, held: Iterable[Entry], names: Names) -> str:
    """Return the IRI of the document with a title.

    Args:
        title: what people call it.
        supersedes: IRI of the document that it is a new version of; empty: of the one with the same title;
            ``none``: of no other.
        held: what the catalogue lists.
        names: names of the instance.
    """
    held = list(held)
    if supersedes in {entry.document for entry in held if entry.document}:
        return supersedes
    known = {entry.document: folded_title(entry.title) for entry in held if entry.document and entry.title}
    same = [document for document, other in known.items() if other == folded_title(title)]
    if same and supersedes != NONE:
        return same[0]
    taken = {entry.document for entry in held}
    return next(one for one in _documents(title, names) if one not in taken)


def _documents(title: str, names: Names) -> Iterable[str]:
    """Yield what a document with a title may be called: a plain name, else one that other titles do not have."""
    folded = unicodedata.normalize("NFKC", title).casefold()
    plain = re.sub(r"[^a-z0-9]+", "-", folded).strip("-")[:60]
    digest = hashlib.sha256(folded_title(title).encode()).hexdigest()[:12]
    if plain and folded.isascii():
        yield f"{names.base}source/{plain}"
    yield f"{names.base}source/{digest}"
    for number in range(2, 10_000):
        yield f"{names.base}source/{digest}-{number}"


def _tidied(text: str) -> str:
    return " ".join(text.split()).strip(" -_—–·、，,")


def _found(text: str) -> re.Match[str] | None:
    """Return the first date in a text."""
    found = [match for match in (pattern.search(text) for pattern in _DATES) if match]
    return min(found, key=lambda match: match.start(), default=None)


def _iso(found: re.Match[str]) -> str:
    said = found.groupdict()
    later = [f"{int(said[part]):02}" for part in ("month", "day") if said.get(part)]
    return "-".join([said["year"], *later])
