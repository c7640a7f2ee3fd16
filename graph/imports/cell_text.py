"""Texts of cells as they are to be kept: without what only a spreadsheet or a keyboard put there."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

HAN = "\u3400-\u4dbf\u4e00-\u9fff\u3007\U00020000-\U0003ffff"
"""Chinese characters, for the inside of a bracket of a regular expression."""

_INVISIBLE = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\uffff]"
)
_SPACES = re.compile(r"[ \t\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]+")
# Whatever the work below is for; most texts have nothing of it.
_SPECIAL = re.compile(
    r"[\x00-\x1f\x7f-\xa0\xad\u1680\u2000-\u200f\u2028-\u202f\u205f-\u206f\u2e80-\u2fdf\u3000\uf900-\ufaff\ufeff"
    r"\uff10-\uff19\uff21-\uff3a\uff41-\uff5a\ufff9-\uffff]|  |^\s*'"
)
_BREAKS = re.compile(r"[ ]*[\r\n\u0085\u2028\u2029\x0b\x0c]+[ ]*")
_INSIDE_HAN = re.compile(rf"(?<=[{HAN}])\s+(?=[{HAN}])")
_WIDE = {
    code: code - 0xFEE0 for code in (*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B))
}
# Characters of old code pages and PDF files that look like others and are meant as those.
_LOOK_ALIKES = re.compile("[\u2e80-\u2fdf\uf900-\ufaff]")
_BRACKETS = {ord("("): "（", ord(")"): "）"}
_AT_THE_END = " 。；;，,、"
_LETTER_AS_ZERO = re.compile(
    r"(?<=[〇零一二三四五六七八九十百])[OoОо○◯Ｏｏ]|[OoОо○◯Ｏｏ](?=[〇零一二三四五六七八九十])"
)


@lru_cache(maxsize=256)
def cleaned(text: str) -> str:
    """Return a text without what cannot be seen, with plain spaces, letters and digits; line breaks stay.

    >>> cleaned("\\u3000ＮＩＣＵ\\u00a0床位１０\\u200b ")
    'NICU 床位10'
    """
    if not _SPECIAL.search(text):
        return text.strip()
    plain = _SPACES.sub(" ", _INVISIBLE.sub("", text)).translate(_WIDE)
    plain = _LOOK_ALIKES.sub(lambda found: unicodedata.normalize("NFKC", found[0]), plain)
    return _BREAKS.sub("\n", plain).strip().removeprefix("'").strip()


def one_line(text: str) -> str:
    """Return a cleaned text with its lines joined: with a space, or with nothing between Chinese characters."""
    if "\n" not in text:
        return text
    return re.sub(rf"(?<=[{HAN}，、；。）])\n(?=[{HAN}（])", "", text).replace("\n", " ")


def name(text: str) -> str:
    """Return a cleaned text as a name: on one line, no spaces inside Chinese, brackets of one kind, no full stop.

    >>> name("吉 林\\n示例医院（东院区)。")
    '吉林示例医院（东院区）'
    """
    plain = _without_gaps(one_line(text)).strip(_AT_THE_END)
    mixed = ("（" in plain or "）" in plain) and ("(" in plain or ")" in plain)
    return plain.translate(_BRACKETS) if mixed else plain


def _without_gaps(text: str) -> str:
    return _INSIDE_HAN.sub("", text) if " " in text else text


def code(text: str) -> str:
    """Return a cleaned text as a code: half width, no spaces."""
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", text))


def plain(text: str) -> str:
    """Return a text in its plainest form, to be compared or read as a date or number; not to be kept."""
    return unicodedata.normalize("NFKC", text).strip()


def has_letter_as_zero(text: str) -> bool:
    """Tell whether a letter or a circle stands where a Chinese nought is meant, perhaps: 九一O."""
    return _LETTER_AS_ZERO.search(text) is not None


def with_zero(text: str) -> str:
    """Return the text with 〇 in the places of such letters."""
    return _LETTER_AS_ZERO.sub("〇", text)
