"""Names as text to compare: folded, cut into words and characters, and the tokens by which an index finds them.

The first character of a token tells what it is; a token without a mark is a character, a pair or a word.

- ``=``  the whole name; with ``~`` after it: as it is read, or the initials of that
- ``^``  the beginning of the name
- ``~``  a syllable, or two neighbouring ones joined by ``-``
- ``!``  one, two or four neighbouring initials
- ``@``  the name of the place where the thing is
- ``%``  the family of the thing, or that it is illustrative; at the end of a token: the beginning of a longer word
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from functools import cache, lru_cache
from itertools import islice, pairwise, product

from graph.pinyin import readings, syllables
from graph.simplified import simplified

HAN = "\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
SHORT_BEGINNING = 3
"""Beginnings of words up to this length are tokens; longer ones are looked up among the words."""
ILLUSTRATIVE = "%illustrative"
"""The token of illustrative things."""
GRAMS = (1, 2, 4)
"""How many neighbouring initials make a token."""

_WORD = re.compile(rf"[{HAN}]+|[^\W_{HAN}]+")
_HAN = re.compile(rf"[{HAN}]")
_MOST_CHARACTERS = 120  # of a name; a description is not a name
_MOST_COMBINATIONS = 16  # of the readings of one name
_LONGEST_READ_WHOLE = 16
_AREA_ENDS = (
    *("特别行政区", "自治区", "自治州", "自治县", "自治旗", "地区", "林区", "特区", "新区"),
    *("省", "市", "县", "区", "盟", "旗", "州"),
)
_PEOPLES = re.compile(
    "(?:蒙古族?|回族|藏族|维吾尔族?|苗族|彝族|壮族|布依族|朝鲜族|满族|侗族|瑶族|白族|土家族|哈尼族|哈萨克族?|傣族|黎族|傈僳族"
    "|佤族|畲族|拉祜族|水族|东乡族|纳西族|景颇族|柯尔克孜族?|土族|达斡尔族|仫佬族|羌族|布朗族|撒拉族|毛南族|仡佬族|锡伯族|普米族"
    "|塔吉克族?|怒族|鄂温克族|裕固族|独龙族|鄂伦春族|保安族|各族|联合|多民族)+$"
)
_AUTONOMOUS = ("自治区", "自治州", "自治县", "自治旗")
_AREA_WORDS = frozenset(
    (
        *(
            "province",
            "city",
            "county",
            "district",
            "prefecture",
            "banner",
            "league",
            "municipality",
            "region",
        ),
        *("autonomous", "shi", "qu", "xian", "sheng"),
    )
)


def folded(text: str) -> str:
    """Return a text in one form: half width, lower case, no accents, simplified characters."""
    if text.isascii():
        return text.lower()
    plain = unicodedata.normalize("NFKD", text).casefold()
    letters = "".join(character for character in plain if not unicodedata.combining(character))
    return simplified(unicodedata.normalize("NFKC", letters))


def words(text: str) -> list[str]:
    """Return the words of a text, folded: runs of Chinese characters, and runs of other letters and digits."""
    return _WORD.findall(folded(text))


def is_han(text: str) -> bool:
    """Tell whether a word or character is Chinese."""
    return _HAN.match(text) is not None


def name_tokens(
    listed: Sequence[str], family: str, places: Iterable[str], *, illustrative: bool = False
) -> set[str]:
    """Return all tokens of a name.

    Args:
        listed: its words.
        family: the family of the thing.
        places: names of the places where the thing is.
        illustrative: whether the thing is invented.
    """
    cut = _shortened(listed)
    tokens = {f"%{family}", *_place_tokens(places), *_whole_tokens(cut)}
    if illustrative:
        tokens.add(ILLUSTRATIVE)
    if family == "area":
        tokens.update(_whole_tokens(without_area_end(cut)))
    for word in cut:
        tokens.update(_han_tokens(word) if is_han(word) else _latin_tokens(word))
    if cut:
        tokens.update(_beginning_tokens(cut[0]))
    return tokens


def without_area_end(listed: Sequence[str]) -> list[str]:
    """Return the words of an area's name without the word that tells what kind of area it is."""
    if len(listed) == 1 and is_han(listed[0]):
        name = listed[0]
        end = next((end for end in _AREA_ENDS if name.endswith(end) and len(name) - len(end) > 1), "")
        short = name.removesuffix(end)
        # 延边朝鲜族自治州 is called 延边.
        shorter = _PEOPLES.sub("", short) if end in _AUTONOMOUS else short
        return [shorter if len(shorter) > 1 else short]
    kept = list(listed)
    while len(kept) > 1 and kept[-1] in _AREA_WORDS:
        kept.pop()
    return kept


@cache
def initials(character: str) -> tuple[str, ...]:
    """Return the first letters of the readings of a character."""
    return tuple(dict.fromkeys(reading[0] for reading in readings(character)))


def beginnings(word: str) -> list[str]:
    """Return the tokens of the short beginnings of a word."""
    return [word[:length] + "%" for length in range(1, min(SHORT_BEGINNING, len(word)) + 1)]


def _shortened(listed: Sequence[str]) -> list[str]:
    cut, room = [], _MOST_CHARACTERS
    for word in listed:
        if room <= 0:
            break
        cut.append(word[:room])
        room -= len(word)
    return cut


def _whole_tokens(listed: Sequence[str]) -> set[str]:
    name = "".join(listed)
    tokens = {f"={name}"}
    if len(name) <= _LONGEST_READ_WHOLE and any(is_han(word) for word in listed):
        for read in (readings, initials):
            choices = [read(character) or (character,) for character in name]
            tokens.update("=~" + "".join(way) for way in islice(product(*choices), _MOST_COMBINATIONS))
    return tokens


@lru_cache(maxsize=8192)
def _han_tokens(word: str) -> frozenset[str]:
    tokens = {*word, *map("".join, pairwise(word))}
    spoken = [readings(character) for character in word]
    tokens.update(f"~{reading}" for known in spoken for reading in known)
    for one, next_ in pairwise(spoken):
        tokens.update(f"~{first}-{second}" for first in one for second in next_)
    tokens.update(_gram_tokens([initials(character) for character in word]))
    return frozenset(tokens)


def _gram_tokens(firsts: Sequence[Sequence[str]]) -> Iterator[str]:
    for size in GRAMS:
        for start in range(len(firsts) - size + 1):
            ways = islice(product(*firsts[start : start + size]), _MOST_COMBINATIONS)
            yield from ("!" + "".join(way) for way in ways)


@lru_cache(maxsize=8192)
def _latin_tokens(word: str) -> frozenset[str]:
    return frozenset((word, *beginnings(word)))


def _beginning_tokens(word: str) -> Iterator[str]:
    if is_han(word):
        yield "^" + word[0]
        yield from ("^~" + reading for reading in readings(word[0]))
        yield from ("^!" + letter for letter in initials(word[0]))
    else:
        yield "^" + word
        yield from ("^" + part for part in beginnings(word))


@lru_cache(maxsize=8192)
def _tokens_of_place(name: str) -> frozenset[str]:
    listed = words(name)
    short = without_area_end(listed)
    called = {"".join(listed), "".join(short), *(word for word in short if len(word) > 1)}
    read = {"".join(syllables(word)) for word in short if is_han(word)}
    return frozenset("@" + one for one in called | read)


def _place_tokens(places: Iterable[str]) -> Iterator[str]:
    for place in places:
        yield from _tokens_of_place(place)
