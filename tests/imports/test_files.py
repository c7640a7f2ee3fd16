"""Files are read once each, named apart, and what cannot be read is said."""

import io
import zipfile

from graph.imports.files import read_files

CSV = "单位名称,等级\n某某医院,三级\n".encode()
OTHER = "单位名称,等级\n另一医院,二级\n".encode()


def untold(_what: str, _done: int, _of: int) -> None:
    """Tell nobody."""


def zipped(**files: bytes) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, data in files.items():
            archive.writestr(f"{name}.csv", data)
    return packed.getvalue()


def test_files_of_the_same_name_are_told_apart() -> None:
    read = read_files([("名单.csv", CSV), ("名单.csv", OTHER)], untold)
    assert [file.name for file in read.files] == ["名单.csv", "名单 (2).csv"]
    assert [file.grids[0].file for file in read.files] == ["名单.csv", "名单 (2).csv"]
    assert read.cells == 8


def test_a_file_that_comes_twice_counts_once() -> None:
    read = read_files([("a.csv", CSV), ("b.csv", CSV)], untold)
    assert [file.name for file in read.files] == ["a.csv"]
    assert [(remark.code, remark.severity) for remark in read.remarks] == [("file-repeated", "info")]
    assert "b.csv" in read.remarks[0].what("zh")


def test_a_zip_is_the_files_in_it() -> None:
    read = read_files([("all.zip", zipped(a=CSV, b=OTHER))], untold)
    assert len(read.files) == 2


def test_what_cannot_be_read_is_said_and_the_rest_is_read() -> None:
    read = read_files([("a.csv", CSV), ("b.png", b"\x89PNG\r\n\x1a\n" + bytes(100))], untold)
    assert [file.name for file in read.files] == ["a.csv"]
    (remark,) = read.remarks
    assert (remark.severity, remark.file) == ("error", "b.png")
    assert remark.what("zh")
    assert remark.remedy("en")


def test_progress_is_told_by_file() -> None:
    told: list[tuple[str, int, int]] = []
    read_files([("a.csv", CSV), ("b.csv", OTHER)], lambda *step: told.append(step))
    assert told == [("read", 0, 2), ("read", 1, 2)]
