"""Administrative divisions in cells: by name, short name, path of names, former name, code or former code."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

from graph.closeness import likeness
from graph.imports.cell_text import cleaned, name, plain
from graph.imports.cells import BLANK, Note, Understood, error, info, shown, warning
from graph.imports.grid import CellValue
from graph.imports.records import Area, Otherwise
from graph.names_text import without_area_end
from ontology.areas import AREA, divisions, former_codes, former_names, short_names

NEAR = 60
"""Names less alike than this, of 100, are no suggestion."""
MOST_NAMED = 6
"""How many divisions a remark names."""

_CODE = re.compile(r"(?P<before>\D*?)\s*(?P<code>\d{12}|\d{9}|\d{6}|\d{4}|\d{2})\s*(?P<after>\D*)")
_SEPARATORS = " -—–·・,，、/|>》→"


class Reading(NamedTuple):
    """One way to read a text as a path of names.

    Attributes:
        code: the division that it ends in.
        rest: what follows the last name.
        is_full: whether every name stands with its ending (市, 县 …).
        former: the names out of use in it.
        moved: former codes by which a division lies in the one named before it.
    """

    code: str
    rest: str
    is_full: bool
    former: tuple[str, ...] = ()
    moved: tuple[str, ...] = ()


class _Named(NamedTuple):
    code: str
    is_full: bool
    is_former: bool = False


@dataclass(frozen=True)
class AreaNames:
    """The names of all divisions, and which lie in which."""

    named: Mapping[str, tuple[_Named, ...]]
    longest: int

    def readings(self, text: str, parent: str = "") -> Iterator[Reading]:
        """Yield every way to read a text as names of divisions, each within the one before, with what follows."""
        for length in range(min(len(text), self.longest), 1, -1):
            for found in self.named.get(text[:length].casefold(), ()):
                moved = _moved(found.code, parent)
                if parent and not moved and not _follows(found.code, parent):
                    continue
                rest = text[length:].strip(_SEPARATORS)
                former = (text[:length],) if found.is_former else ()
                here = Reading(found.code, rest, found.is_full, former, moved)
                yield here
                if rest:
                    yield from (_joined(here, deeper) for deeper in self.readings(rest, found.code))


@cache
def area_names() -> AreaNames:
    """Return the names of all divisions."""
    named: dict[str, list[_Named]] = {}
    for code, division in divisions().items():
        named.setdefault(division.zh, []).append(_Named(code, True))
        if division.en:
            named.setdefault(division.en.casefold(), []).append(_Named(code, True))
        if (short := without_area_end([division.zh])[0]) != division.zh:
            named.setdefault(short, []).append(_Named(code, False))
        if "自治" in division.zh and not division.zh.endswith("区"):
            # 伊通满族自治县 is called 伊通县, 延边朝鲜族自治州 延边州.
            named.setdefault(short + division.zh[-1], []).append(_Named(code, True))
    for short, code in short_names().items():
        named.setdefault(short, []).append(_Named(code, True))
    for former, code in former_names().items():
        named.setdefault(former, []).append(_Named(code, True, True))
    return AreaNames({text: tuple(found) for text, found in named.items()}, max(map(len, named)))


def area_in(value: CellValue, within: str = "", *, keeps_text: bool = True) -> Understood:
    """Return the division that a cell states.

    Args:
        value: the cell.
        within: code of the division that the import is about; it decides between divisions of one name.
        keeps_text: whether the column keeps a text that is no known division.
    """
    if value is None:
        return BLANK
    text = name(cleaned(shown(value)))
    if not text:
        return BLANK
    found = _CODE.fullmatch(plain(re.sub(r"[()（）\[\]：:]", " ", text)))
    if found and (len(found["code"]) > 2 or found["code"] + "0000" in divisions()):
        return _of_code(found["code"], (found["before"] + found["after"]).strip())
    return _of_name(text, within, keeps_text)


def is_within(code: str, other: str) -> bool:
    """Tell whether a division is another one, or lies in it."""
    while code:
        if code == other:
            return True
        code = divisions()[code].parent
    return False


def agree(one: str, other: str) -> bool:
    """Tell whether one of two divisions lies in the other."""
    return is_within(one, other) or is_within(other, one)


def called(code: str) -> Mapping[str, str]:
    """Return the full name of a division in both languages.

    >>> called("220122")["zh"]
    '吉林省长春市农安县'
    """
    path = []
    while code:
        path.append(divisions()[code])
        code = path[-1].parent
    return {
        "zh": "".join(division.zh for division in reversed(path)),
        "en": ", ".join(division.en or division.zh for division in path),
    }


def known_code(code: str) -> str:
    """Return the code now in use of a division with this code, once or now; empty when there is none."""
    if code in divisions():
        return code
    return former_codes()[code].code if code in former_codes() else ""


def _follows(code: str, parent: str) -> bool:
    """Tell whether a division may be named after another: it lies in it, or is a municipality named twice."""
    return is_within(code, parent) and (code != parent or code.endswith("0000"))


def _joined(first: Reading, deeper: Reading) -> Reading:
    return Reading(
        deeper.code,
        deeper.rest,
        first.is_full and deeper.is_full,
        first.former + deeper.former,
        first.moved + deeper.moved,
    )


def _moved(code: str, parent: str) -> tuple[str, ...]:
    """Return the former code by which a division once lay in another."""
    if not parent:
        return ()
    return tuple(
        former.former
        for former in former_codes().values()
        if former.code == code and former.former[:4] + "00" == parent and not is_within(code, parent)
    )


def _of_code(digits: str, beside: str) -> Understood:
    code = known_code(digits[:6].ljust(6, "0"))
    if not code:
        above = known_code(digits[:4] + "00")
        near = called(above) if above else {"zh": "", "en": ""}
        return Understood(
            notes=(error("area-code-unknown-inside" if above else "area-code-unknown", area=near),)
        )
    notes: list[Note] = []
    if digits in former_codes():
        notes.append(info("area-former-code", now=code, note=former_codes()[digits].note))
    if len(digits) > 6:
        notes.append(info("area-code-longer", code=code, area=called(code)))
    if beside and not any(agree(code, reading.code) for reading in _complete(beside)):
        return Understood(notes=(error("area-code-and-name", area=called(code), name=beside),))
    return Understood((Area(AREA + code),), tuple(notes))


def _of_name(text: str, within: str, keeps_text: bool) -> Understood:
    bare = text.removeprefix("中国") if len(text) > 4 else text
    bare = bare.strip(_SEPARATORS)
    if complete := _complete(bare):
        return _chosen(text, complete, within, keeps_text)
    if partial := _partial(bare, within):
        also = (Otherwise(text),) if keeps_text else ()
        note = info("area-with-more", area=called(partial.code), rest=partial.rest)
        return Understood((Area(AREA + partial.code), *also), (note, *_history(partial)))
    return _unknown(text, within, keeps_text)


def _complete(text: str) -> list[Reading]:
    """Return the ways to read all of a text, those with full names only where there are such."""
    complete = [reading for reading in area_names().readings(text) if not reading.rest]
    complete = [reading for reading in complete if reading.is_full] or complete
    complete = [reading for reading in complete if not reading.moved] or complete
    found = {reading.code: reading for reading in complete}
    return [reading for code, reading in found.items() if not _has_its_name_from(code, found)]


def _has_its_name_from(code: str, others: Collection[str]) -> bool:
    """Tell whether a division lies in one of others of the same name: 嘉峪关市 has one county, of its own name."""
    parent = divisions()[code].parent
    return parent in others and divisions()[parent].zh == divisions()[code].zh


def _partial(text: str, within: str) -> Reading | None:
    """Return the longest beginning of a text that is surely one division."""
    begun = [reading for reading in area_names().readings(text) if reading.is_full]
    shortest = min((len(reading.rest) for reading in begun), default=0)
    best = {reading.code: reading for reading in begun if len(reading.rest) == shortest}
    inside = [reading for reading in best.values() if not within or is_within(reading.code, within)]
    found = inside if len(best) > 1 else list(best.values())
    return found[0] if len(found) == 1 else None


def _chosen(text: str, complete: Sequence[Reading], within: str, keeps_text: bool) -> Understood:
    if len(complete) == 1:
        return Understood((Area(AREA + complete[0].code),), tuple(_history(complete[0])))
    inside = [reading for reading in complete if within and is_within(reading.code, within)]
    inside = [reading for reading in inside if reading.code != within] or inside
    candidates = _listed([reading.code for reading in inside or complete])
    if len(inside) == 1:
        others = _listed([reading.code for reading in complete if reading is not inside[0]])
        note = info("area-by-import", area=called(inside[0].code), within=called(within), others=others)
        return Understood((Area(AREA + inside[0].code),), (note, *_history(inside[0])))
    return _as_text(text, keeps_text, "area-ambiguous", candidates=candidates)


def _history(reading: Reading) -> Iterator[Note]:
    for former in reading.former:
        yield info("area-former-name", former=former, area=called(reading.code))
    for code in reading.moved:
        yield info("area-moved", area=called(reading.code), note=former_codes()[code].note)


def _unknown(text: str, within: str, keeps_text: bool) -> Understood:
    near = _near(text, within)
    if near:
        return _as_text(text, keeps_text, "area-unknown-near", candidates=_listed(near))
    return _as_text(text, keeps_text, "area-unknown")


def _as_text(text: str, keeps_text: bool, code: str, /, **said: object) -> Understood:
    if keeps_text:
        return Understood((Otherwise(text),), (warning(code, **said),))
    return Understood(notes=(error(code, **said),))


def _near(text: str, within: str) -> list[str]:
    """Return divisions with similar names, those inside the import's own first."""
    stem = without_area_end([text])[0]
    scores: dict[str, float] = {}
    for code, division in divisions().items():
        score = 95.0 if division.zh.startswith(stem) else likeness(text, division.zh)
        if score >= NEAR:
            scores[code] = score + (20 if within and is_within(code, within) else 0)
    return sorted(scores, key=lambda code: (-scores[code], code))[:3]


def _listed(codes: Sequence[str]) -> Mapping[str, str]:
    """Return divisions as one phrase in each language."""
    names = [called(code) for code in codes[:MOST_NAMED]]
    more = len(codes) > MOST_NAMED
    return {
        "zh": "、".join(one["zh"] for one in names) + ("等" if more else ""),
        "en": "; ".join(one["en"] for one in names) + (" …" if more else ""),
    }
