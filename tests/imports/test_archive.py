"""Zips: parts are looked at before a library reads them; dropped archives give files with names that harm nobody."""

import zipfile

import pytest

from graph.imports.archive import dropped_files, opened, pieces, workbook_kind
from graph.imports.refusal import FileRefused
from made_files import ods, xlsx, zip_of


def refusal_of(data: bytes) -> str:
    with pytest.raises(FileRefused) as caught:
        dropped_files(data)
    return caught.value.code


def names_of(*names: str) -> list[str]:
    return [name for name, _ in dropped_files(zip_of([(name, b"x") for name in names]))]


def test_a_workbook_is_no_archive_of_files() -> None:
    assert dropped_files(xlsx([["a"]])) == []
    assert dropped_files(ods([["a"]])) == []


def test_which_workbook_it_is_is_told_by_its_parts() -> None:
    for data, kind in (
        (xlsx([["a"]]), "xlsx"),
        (ods([["a"]]), "ods"),
        (zip_of({"xl/workbook.bin": ""}), "xlsb"),
    ):
        with opened(data) as bundle:
            assert workbook_kind(bundle) == kind
    with opened(zip_of({"a.csv": "a"})) as bundle:
        assert workbook_kind(bundle) == ""


def test_names_lose_their_folders_and_what_systems_leave_behind_is_skipped() -> None:
    assert names_of(
        "../../etc/a.csv", "/b.csv", "C:\\x\\c.csv", "__MACOSX/._a.csv", "d/.DS_Store", "d/~$e.xlsx"
    ) == [
        "a.csv",
        "b.csv",
        "c.csv",
    ]


def test_files_of_one_name_are_told_apart_by_their_folders_and_then_by_number() -> None:
    assert names_of("a/回执.xlsx", "b/回执.xlsx", "c/b/回执.xlsx", "名单", "x/名单") == [
        "回执.xlsx",
        "回执 (b).xlsx",
        "回执 (2).xlsx",
        "名单",
        "名单 (x)",
    ]


def test_chinese_names_written_by_windows_are_read() -> None:
    data = zip_of({"XXXXXXXX.csv": b"x"}).replace(b"XXXXXXXX", "成员名单".encode("gbk"))
    assert [name for name, _ in dropped_files(data)] == ["成员名单.csv"]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (zip_of({}), "zip-empty"),
        (zip_of({"a/": b""}), "zip-empty"),
        (zip_of([(f"{n}.csv", b"x") for n in range(1_001)]), "zip-too-many"),
        (zip_of([(f"{n}.csv", b"x") for n in range(10_001)], 0), "zip-too-many"),
        (zip_of({"a.csv": bytes(129 << 20)}, 1), "zip-bomb"),
        (zip_of({"a.csv": b"abcabc"})[:-10], "file-damaged"),
        (zip_of({"a.csv": b"x" * 100}).replace(b"PK\x01\x02", b"PK\x01\x03"), "file-damaged"),
    ],
)
def test_an_archive_that_cannot_be_taken_apart_is_refused(data: bytes, code: str) -> None:
    assert refusal_of(data) == code


def test_a_wrong_checksum_is_seen() -> None:
    data = bytearray(zip_of({"a.csv": b"0123456789"}, 0))
    data[data.index(b"0123456789")] = 0x41
    assert refusal_of(bytes(data)) == "file-damaged"


def test_an_encrypted_archive_is_refused() -> None:
    data = bytearray(zip_of({"a.csv": b"x"}))
    data[6] |= 1
    data[data.index(b"PK\x01\x02") + 8] |= 1
    assert refusal_of(bytes(data)) == "file-password"


def test_a_part_comes_in_pieces_cut_before_a_tag() -> None:
    text = b"<a>" + b"<b>x</b>" * 400_000 + b"</a>"
    with opened(zip_of({"p.xml": text})) as bundle:
        found = list(pieces(bundle, "p.xml"))
    assert b"".join(found) == text
    assert len(found) > 2
    assert all(piece.startswith(b"<") for piece in found)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (b'<!DOCTYPE a [<!ENTITY b "c">]><a/>', "file-entities"),
        (b"<a>" + b" " * (2 << 20) + b"<!DOCTYPE a>", "file-entities"),
        (b"<a>" + b"x" * (6 << 20) + b"</a>", "file-cell-too-long"),
    ],
)
def test_a_part_that_no_office_writes_is_refused(text: bytes, code: str) -> None:
    with opened(zip_of({"p.xml": text})) as bundle, pytest.raises(FileRefused) as caught:
        list(pieces(bundle, "p.xml"))
    assert caught.value.code == code


def test_only_the_usual_ways_of_packing_are_taken() -> None:
    data = bytearray(zip_of({"a.csv": b"x"}))
    for place in (8, data.index(b"PK\x01\x02") + 10):
        data[place] = zipfile.ZIP_LZMA
    assert refusal_of(bytes(data)) == "file-damaged"
