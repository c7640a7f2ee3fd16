"""What a file is, told by its content, never by its name."""

from __future__ import annotations

import re
from typing import Literal

from graph.imports.refusal import FileRefused

Content = Literal["zip", "compound", "web-page", "xml-spreadsheet", "text"]
"""A zip (what .xlsx, .xlsb, .ods and dropped archives are); a compound file (what .xls and .et are, and encrypted
workbooks); a page of HTML; the XML that Excel 2003 wrote; or text."""

_SIGNS: tuple[tuple[bytes, str], ...] = (
    (b"%PDF", "file-pdf"),
    (b"\x89PNG", "file-picture"),
    (b"\xff\xd8\xff", "file-picture"),
    (b"GIF8", "file-picture"),
    (b"II*\x00", "file-picture"),
    (b"MM\x00*", "file-picture"),
    (b"RIFF", "file-picture"),
    (b"{\\rtf", "file-word"),
    (b"Rar!", "file-archive"),
    (b"7z\xbc\xaf\x27\x1c", "file-archive"),
    (b"\x1f\x8b", "file-archive"),
    (b"BZh", "file-archive"),
    (b"\xfd7zXZ", "file-archive"),
    (b"\x28\xb5\x2f\xfd", "file-archive"),
    (b"MZ", "file-program"),
    (b"\x7fELF", "file-program"),
    (b"SQLite format 3\x00", "file-unknown"),
)
"""First bytes of what is no list, and the refusal that answers it."""
_OLDEST_EXCEL = re.compile(rb"\x09[\x00\x02\x04\x08][\x04\x06\x08]\x00")
"""How workbooks of Excel 2 to 4 begin: they came before compound files."""
_MARKS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")
_PAGE = re.compile(rb"(?i)<(!doctype\s+html|html|head|body|table|meta|style|div)\b")
_LOOKED_AT = 4096


def content_of(data: bytes) -> Content:
    """Return what a file is.

    Raises:
        FileRefused: it is something else than a list, such as a picture (``file-picture``).
    """
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return "zip"
    if data.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return "compound"
    for sign, code in _SIGNS:
        if data.startswith(sign):
            raise FileRefused(code)
    if _OLDEST_EXCEL.match(data):
        raise FileRefused("file-old-excel")
    return _text_content(data[:_LOOKED_AT])


def _text_content(beginning: bytes) -> Content:
    """Return which kind of text begins so; UTF-16 counts by its every other byte."""
    plain = beginning.replace(b"\x00", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")
    if plain.startswith(b"<?xml") and b"urn:schemas-microsoft-com:office:spreadsheet" in plain:
        return "xml-spreadsheet"
    if plain.startswith((b"<", b"MIME-Version:")) and _PAGE.search(plain):
        return "web-page"
    return "text"
