"""Compound files: told by the streams at their top; loops and lies in their tables are seen."""

import struct

import pytest

from graph.imports.compound_file import prepared
from graph.imports.refusal import FileRefused
from made_files import xls

BOOK = xls([["单位名称", "等级"], ["示例医院", "三级"]])


def renamed(name: str) -> bytes:
    """Return a compound file whose stream is called otherwise."""
    old, new = "Workbook".encode("utf-16-le"), name.encode("utf-16-le")
    at = BOOK.index(old)
    return BOOK[:at] + new.ljust(64, b"\0") + struct.pack("<H", len(new) + 2) + BOOK[at + 66 :]


def refusal_of(data: bytes) -> str:
    with pytest.raises(FileRefused) as caught:
        prepared(data)
    return caught.value.code


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("EncryptedPackage", "file-password"),
        ("WordDocument", "file-word"),
        ("PowerPoint Document", "file-presentation"),
        ("Contents", "file-unknown"),
    ],
)
def test_documents_of_other_kinds_are_refused_by_what_they_are(name: str, code: str) -> None:
    assert refusal_of(renamed(name)) == code


def test_an_honest_workbook_stays_as_it_is() -> None:
    assert prepared(BOOK) == (BOOK, {})
    old = renamed("Book")
    assert prepared(old)[0] == old


def test_a_chain_that_bites_its_tail_is_seen() -> None:
    data = bytearray(BOOK)
    (table,) = struct.unpack_from("<I", data, 76)
    struct.pack_into("<2I", data, (table + 1) * 512, 0, 0)
    assert refusal_of(bytes(data)) == "file-damaged"


def test_a_workbook_with_a_password_is_refused() -> None:
    at = BOOK.index(b"\x42\x00\x02\x00")  # the record of the code page
    assert refusal_of(BOOK[:at] + b"\x2f\x00\x02\x00\x01\x00" + BOOK[at + 6 :]) == "file-password"


@pytest.mark.parametrize("length", [8, 40, 511, 600, 1500])
def test_what_is_cut_short_is_refused(length: int) -> None:
    assert refusal_of(BOOK[:length]) == "file-damaged"
