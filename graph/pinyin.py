"""How Chinese characters are read: all their readings without tones."""

from __future__ import annotations

from functools import cache

MOST_READINGS = 4


@cache
def readings(character: str) -> tuple[str, ...]:
    """Return the readings of a character in letters a-z, the common one first (empty: it is not Chinese).

    A character read with ü has its readings with ``v``, ``u`` and ``yu``, as people type any of them.
    """
    if character.isascii():
        return ()
    from pypinyin import Style, pinyin  # its tables take a third of a second, which the start has no use for

    listed = pinyin(character, style=Style.NORMAL, heteronym=True, errors="ignore")
    known = [syllable for group in listed for syllable in group if syllable.isascii() and syllable.isalpha()]
    spelled = [form for syllable in known[:MOST_READINGS] for form in _spellings(syllable)]
    return tuple(dict.fromkeys(spelled))


def _spellings(syllable: str) -> tuple[str, ...]:
    return tuple(syllable.replace("v", form) for form in ("v", "u", "yu")) if "v" in syllable else (syllable,)
