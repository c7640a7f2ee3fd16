"""Traditional characters read as simplified ones, character by character."""

from __future__ import annotations

from functools import cache

from opencc_purepy import OpenCC

_FIRST, _LAST = 0x4E00, 0x9FFF


def simplified(text: str) -> str:
    """Return a text with each traditional character replaced by its simplified form."""
    return text if text.isascii() else text.translate(_table())


@cache
def _table() -> dict[int, str]:
    # One character at a time: names are compared, not read, so the same character must always fold to the same.
    convert = OpenCC("t2s").convert
    folded = {code: convert(chr(code)) for code in range(_FIRST, _LAST + 1)}
    return {code: form for code, form in folded.items() if form != chr(code)}
