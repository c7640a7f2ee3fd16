"""Lists as text: separated by commas, tabs or semicolons, in the encodings that Chinese offices use.

A wrong guess would turn names into other names unseen. So bytes are decoded strictly, what they become is compared
with what lists are made of, and a file that is not surely one thing is refused with the line where doubts begin.
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator

from charset_normalizer import from_bytes

from graph.imports.grid import CellValue
from graph.imports.refusal import FileRefused
from graph.imports.sheet import Sheet, readable, trimmed

MAX_CELL = 1 << 20
"""Characters of a cell."""
MAX_ROWS, MAX_COLUMNS = 1_048_576, 16_384
DELIMITERS = ("\t", ",", ";", "，", "；", "|")
"""What may stand between cells; the first wins a tie."""

CONSIDERED = ("big5", "gb18030", "shift_jis", "euc_kr", "euc_jp", "cp1252")
"""Encodings among which a second opinion chooses."""

_MARKS = (
    (b"\xef\xbb\xbf", "utf-8"),
    (b"\xff\xfe\x00\x00", "utf-32-le"),
    (b"\x00\x00\xfe\xff", "utf-32-be"),
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
    (b"\x84\x31\x95\x33", "gb18030"),
)
"""How a text says which encoding it is in."""
_ASIAN = re.compile("[\u3000-\u30ff\u3400-\u9fff\uff00-\uffef\U00020000-\U0003ffff]")
_FAR_LETTER = re.compile("[\u0800-\U0010ffff]")
"""Letters that take three bytes and more in UTF-8, Chinese ones among them."""
_NEAR_LETTER = re.compile("[\u0370-\u07ff]")
"""Letters that take two, beyond those of western languages."""
_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x19\x1b-\x1f\x7f]")
_AS_TEXT = re.compile(r'="((?:[^"]|"")*)"')
"""How exports keep a number a text: ``="00123"``."""
_LOOKED_AT = 1 << 16
_SAMPLED = 200


def sheets_of(data: bytes) -> Iterator[Sheet]:
    """Yield the one sheet of a text file.

    Raises:
        FileRefused: its encoding is in doubt (``text-encoding``, ``text-mixed``), it is no text (``file-unknown``),
            or its quotes do not pair (``text-quotes``).
    """
    text = decoded(data)
    del data
    delimiter, text = _delimiter_of(text)
    yield Sheet("", _rows(text, delimiter))


def decoded(data: bytes) -> str:
    """Return the text that bytes surely mean.

    Raises:
        FileRefused: they may mean several, or none.
    """
    encoding, mark = _encoding_of(data)
    try:
        text = data[mark:].decode(encoding)
    except UnicodeDecodeError as fault:
        raise _refusal("text-encoding", data, mark + fault.start) from fault
    if (zero := text.find("\0")) >= 0:
        raise FileRefused("text-zero", line=_lines(text[:zero].encode()))
    return text.removesuffix("\x1a")  # how DOS ended a file


def _encoding_of(data: bytes) -> tuple[str, int]:
    """Return the encoding of a text, and how many bytes at its beginning only say so."""
    for mark, name in _MARKS:
        if data.startswith(mark):
            return name, len(mark)
    beginning = data[:_LOOKED_AT]
    if wide := _wide_encoding(beginning):
        return wide, 0
    if len(_CONTROL.findall(beginning)) * 20 > len(beginning):
        raise FileRefused("file-unknown")
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as fault:
        return _other_encoding(data, fault.start), 0
    return ("gb18030" if _is_chance(text) and _share_common(data, "gb18030") >= 0.9 else "utf-8"), 0


def _is_chance(text: str) -> bool:
    """Tell whether a text is UTF-8 by chance: 医院 in GBK also spells two letters of Cyrillic and Armenian."""
    return _FAR_LETTER.search(text) is None and _NEAR_LETTER.search(text) is not None


def _wide_encoding(beginning: bytes) -> str:
    """Return UTF-16 in one order or the other where commas, digits and line ends show it by their zero bytes."""
    whole = beginning[: len(beginning) // 2 * 2]
    even, odd = whole[::2].count(0), whole[1::2].count(0)
    for encoding, own, other in (("utf-16-le", odd, even), ("utf-16-be", even, odd)):
        if own * 40 >= len(whole) > 0 and own > other * 4 and _reads_well(whole, encoding):
            return encoding
    return ""


def _reads_well(data: bytes, encoding: str) -> bool:
    """Tell whether bytes make a text of Chinese and plain letters; what was cut off at the end does not count."""
    text = data.decode(encoding, "replace")
    if "\ufffd" in text[:-1]:
        return False
    plain = sum(
        character.isascii() and (character.isprintable() or character.isspace()) for character in text
    )
    return (plain + len(_ASIAN.findall(text))) * 10 >= len(text) * 9


def _other_encoding(data: bytes, doubtful: int) -> str:
    """Return the encoding of bytes that are not UTF-8."""
    _check_not_mixed(data)
    if _share_common(data, "gb18030") >= 0.7:
        return "gb18030"
    if _share_common(data, "big5") >= 0.95 and _is_big5_by_others(data):
        return "big5"
    if _is_written_traditional(data):
        return "gb18030"
    raise _refusal("text-encoding", data, max(doubtful, _first_fault(data, "gb18030")))


def _first_fault(data: bytes, encoding: str) -> int:
    """Return where bytes stop being in an encoding (0: nowhere)."""
    try:
        data.decode(encoding)
    except UnicodeDecodeError as fault:
        return fault.start
    return 0


def _check_not_mixed(data: bytes) -> None:
    """Refuse a file of which some lines are surely UTF-8 and others surely are not: two lists were joined.

    A line of GBK may happen to be UTF-8 (联通 is the famous one), but not one with Chinese characters in it.
    """
    utf8 = other = 0
    for number, line in enumerate(data.splitlines(), 1):
        if line.isascii():
            continue
        try:
            is_utf8 = _ASIAN.search(line.decode("utf-8")) is not None
        except UnicodeDecodeError:
            other = other or number
        else:
            utf8 = utf8 or (number if is_utf8 else 0)
        if utf8 and other:
            raise FileRefused("text-mixed", line=max(utf8, other))


def _share_common(data: bytes, encoding: str) -> float:
    """Return which share of the characters beyond ASCII is common in an encoding; 0 where it does not fit at all.

    Common are those of the older and smaller standard, whose characters lists mostly are made of: GB 2312 within GB
    18030, the first plane within Big5.
    """
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        return 0.0
    counted = _beyond_ascii(text)
    is_common = _is_in_gb2312 if encoding == "gb18030" else _is_frequent_in_big5
    common = sum(count for character, count in counted.items() if is_common(character))
    return common / max(counted.total(), 1)


def _is_in_gb2312(character: str) -> bool:
    try:
        return len(character.encode("gb2312")) == 2
    except UnicodeEncodeError:
        return character == "·"


def _is_frequent_in_big5(character: str) -> bool:
    encoded = character.encode("big5")
    return b"\xa1\x40" <= encoded <= b"\xa3\xbf" or b"\xa4\x40" <= encoded <= b"\xc6\x7e"


def _is_big5_by_others(data: bytes) -> bool:
    """Ask for a second opinion: characters frequent in Big5 are not enough in a short list."""
    best = from_bytes(data[:_LOOKED_AT], cp_isolation=list(CONSIDERED)).best()
    return best is not None and best.encoding == "big5"


def _is_written_traditional(data: bytes) -> bool:
    """Tell whether GB 18030 gives nothing but Chinese characters and their punctuation, written in pairs as such.

    Bytes of European letters mostly stand before a plain letter; pairs that end in one are rare in Chinese.
    """
    try:
        text = data.decode("gb18030")
    except UnicodeDecodeError:
        return False
    counted = _beyond_ascii(text)
    pairs = {character: character.encode("gb18030") for character in counted}
    plain = sum(counted[character] for character, pair in pairs.items() if len(pair) == 2 and pair[1] < 0x80)
    known = sum(counted[character] for character in counted if _is_in_gb2312(character))
    total = counted.total()
    return all(map(_is_chinese, counted)) and plain * 2 < total and known * 10 >= total * 3


def _beyond_ascii(text: str) -> Counter[str]:
    """Return how often each character beyond ASCII comes."""
    counted = Counter(text)
    for character in [character for character in counted if character.isascii()]:
        del counted[character]
    return counted


def _is_chinese(character: str) -> bool:
    return _ASIAN.match(character) is not None or unicodedata.category(character)[0] in "PS"


def _refusal(code: str, data: bytes, at: int) -> FileRefused:
    return FileRefused(code, line=_lines(data[:at]))


def _lines(before: bytes) -> int:
    """Return the number of the line that begins or goes on after some bytes."""
    return (before.count(b"\n") or before.count(b"\r")) + 1


def _delimiter_of(text: str) -> tuple[str, str]:
    """Return what stands between the cells, and the text without the line that says so."""
    if said := re.match(r"sep=([^\r\n])\r?\n", text, re.IGNORECASE):
        return said[1], text[said.end() :]
    beginning = text[:_LOOKED_AT]
    if len(text) > _LOOKED_AT:
        beginning = beginning[: max(beginning.rfind("\n"), beginning.rfind("\r")) + 1] or beginning
    return max(DELIMITERS, key=lambda delimiter: _evenness(beginning, delimiter)), text


def _evenness(text: str, delimiter: str) -> tuple[float, int]:
    """Return how evenly a delimiter cuts lines into cells: the share of lines that are cut as most are, and how."""
    widths: Counter[int] = Counter()
    try:
        for number, row in enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)):
            if number == _SAMPLED:
                break
            widths[len(row)] += bool(row)
    except csv.Error:
        return 0.0, 0
    lines, width = max(((lines, width) for width, lines in widths.items() if width > 1), default=(0, 0))
    return round(lines / max(widths.total(), 1), 1), width


def _rows(text: str, delimiter: str) -> Iterator[list[CellValue]]:
    csv.field_size_limit(MAX_CELL)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    begun = 0
    try:
        for number, row in enumerate(reader):
            if number >= MAX_ROWS or len(row) > MAX_COLUMNS:
                raise FileRefused("file-scattered", rows=number + 1, columns=len(row))
            begun = reader.line_num
            yield trimmed([_cell(text) for text in row])
    except csv.Error as fault:
        code = "file-cell-too-long" if "limit" in str(fault) else "text-quotes"
        raise FileRefused(code, line=begun + 1) from fault


def _cell(text: str) -> CellValue:
    if text.startswith('="') and (kept := _AS_TEXT.fullmatch(text)):
        text = kept[1].replace('""', '"')
    return readable(text) or None
