"""Names as they are written: which writings are the same name, and what tells names of different units apart."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Container, Iterator
from functools import cache, lru_cache

from graph.names_text import HAN, folded
from ontology.name_words import name_words

_BRACKETS = {**dict.fromkeys("[{【〔〖「『〈《", "("), **dict.fromkeys("]}】〕〗」』〉》", ")")}
_DIVISION = rf"[{HAN}]{{1,8}}?"
_CACHED = 1 << 16


def normalised(text: str) -> str:
    """Return a name in the form in which equal writings are equal.

    Width, letter case, blanks, kinds of brackets and traditional characters do not count; nothing is left out of the
    name, and no character is taken for another.

    >>> normalised("吉林大學 第一医院（南院）")
    '吉林大学第一医院(南院)'
    """
    return text.translate(_plain_characters())


def identifier_key(text: str) -> str:
    """Return an identifier as it is compared: without blanks, hyphens and the address of its registry, in capitals.

    >>> identifier_key("https://ror.org/034haf133") == identifier_key("034HAF133")
    True
    """
    plain = unicodedata.normalize("NFKC", text).strip().rstrip("/").rpartition("/")[2]
    return re.sub(r"[\s\-]", "", plain).upper()


def is_branch(text: str) -> bool:
    """Tell whether a name is that of a campus or branch, from a word in it."""
    return _branch_pattern().search(normalised(text)) is not None


def differences(one: str, other: str, divisions: Container[str]) -> tuple[str, ...]:
    """Return what speaks against two names meaning the same unit: reasons as in ``Candidate``.

    Args:
        one, other: two names, ``normalised``.
        divisions: names of divisions that exist, ``normalised``.
    """
    found = []
    if (_branch_pattern().search(one) is None) != (_branch_pattern().search(other) is None):
        found.append("branch")
    if _exclude_each_other(_numbers(one), _numbers(other)):
        found.append("other-number")
    if _exclude(_kinds(one), _kinds(other)):
        found.append("other-kind")
    if _are_apart(_division(one), _division(other), divisions):
        found.append("other-place")
    return tuple(found)


def are_built_alike(one: str, other: str) -> bool:
    """Tell whether two names begin with the same division and are of the same kinds, as after a renaming."""
    first, second = normalised(one), normalised(other)
    division, kinds = _division(first), _kinds(first)
    return bool(division and kinds) and (division, kinds) == (_division(second), _kinds(second))


def is_relative(name: str) -> bool:
    """Tell whether a normalised name means something else in every place, as 市中心医院 does."""
    return name.startswith(name_words().relative)


def short_name(division: str) -> str:
    """Return the name of a division without the word that tells what kind of division it is."""
    for end in sorted(name_words().division_ends, key=len, reverse=True):
        if division.endswith(end) and len(division) - len(end) > 1:
            return division.removesuffix(end)
    return division


class _PlainCharacters(dict[int, str]):
    """What each character is as it is compared; worked out when it is first met."""

    def __missing__(self, code: int) -> str:
        character = chr(code)
        if character.isspace() or unicodedata.category(character) in ("Cf", "Cc"):
            plain = ""
        else:
            plain = "".join(_BRACKETS.get(one, one) for one in folded(character) if not one.isspace())
        self[code] = plain
        return plain


@cache
def _plain_characters() -> _PlainCharacters:
    return _PlainCharacters()


def _exclude_each_other(one: Counter[str], other: Counter[str]) -> bool:
    return bool(one - other) and bool(other - one)


def _exclude(one: frozenset[int], other: frozenset[int]) -> bool:
    return bool(one and other) and not one & other


def _are_apart(one: str, other: str, divisions: Container[str]) -> bool:
    # Of a name that exists and one that does not, the second may be the first with a mistake in it.
    return bool(one and other) and one != other and (one in divisions) == (other in divisions)


@lru_cache(maxsize=_CACHED)
def _numbers(name: str) -> Counter[str]:
    """Return the numbers in a name, in digits."""
    return Counter(map(_in_digits, _number_pattern().findall(name)))


def _in_digits(number: str) -> str:
    digits = name_words().digits
    plain = "".join(digits.get(character, character) for character in number)
    # 十二 is 12, 二十 is 20, 十 is 10.
    tens = re.fullmatch(r"(\d?)十(\d?)", plain)
    return f"{tens[1] or 1}{tens[2] or 0}" if tens else plain


@lru_cache(maxsize=_CACHED)
def _kinds(name: str) -> frozenset[int]:
    """Return which kinds of units a name holds words of."""
    words = name_words()
    for word in words.not_kinds:
        name = name.replace(word, "")
    return frozenset(place for place, kind in enumerate(words.kinds) if any(word in name for word in kind))


@lru_cache(maxsize=_CACHED)
def _division(name: str) -> str:
    """Return the last of the divisions that a name begins with (empty: none)."""
    return next(reversed(list(_divisions(name))), "")


def _divisions(name: str) -> Iterator[str]:
    pattern, not_divisions, start = _division_pattern(), name_words().not_divisions, 0
    while (found := pattern.match(name, start)) and not found[0].endswith(not_divisions):
        yield found[0]
        start = found.end()


@cache
def _branch_pattern() -> re.Pattern[str]:
    words = name_words()
    anywhere, at_end = "|".join(words.branch), "|".join(words.branch_ends)
    return re.compile(rf"{anywhere}|(?:{at_end})(?=\)|$)")


@cache
def _number_pattern() -> re.Pattern[str]:
    sure = "".join(c for c in name_words().digits if not c.isascii()) + "十百0-9"
    letters = "".join(c for c in name_words().digits if c.isascii())
    # A letter is a digit only where it touches one.
    return re.compile(rf"[{letters}]*[{sure}][{sure}{letters}]*")


@cache
def _division_pattern() -> re.Pattern[str]:
    ends = "|".join(sorted(name_words().division_ends, key=len, reverse=True))
    return re.compile(rf"{_DIVISION}(?:{ends})")
