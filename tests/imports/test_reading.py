"""Reading: whatever a file is called, its content tells what it is; it comes out as plain cells, or refused."""

import re
import threading
import time
from datetime import date, datetime
from pathlib import Path

import pytest

from graph.imports.reading import FileRefused, files_of, read_file, seconds_for
from made_files import ods, xls, xlsx, xlsx_xml, zip_of
from samples import HOSTILE

IMPORTS = Path(__file__).parents[2] / "graph" / "imports"
ROWS = [["单位名称", "新生儿床位"], ["示例第一医院", 20], [None, 3]]


def refusal_of(name: str, data: bytes) -> FileRefused:
    with pytest.raises(FileRefused) as caught:
        read_file(name, data)
    return caught.value


@pytest.mark.parametrize("name", ["名单.xlsx", "名单.xls", "名单.csv", "名单", "名单.et", "名单.pdf"])
def test_the_content_tells_what_a_file_is_and_not_its_name(name: str) -> None:
    for data in (xlsx(ROWS), xls(ROWS)):
        (grid,) = read_file(name, data)
        assert grid.rows == (("单位名称", "新生儿床位"), ("示例第一医院", 20), (None, 3))
        assert (grid.file, grid.sheet, grid.number) == (name, "成员", 1)


def test_an_open_document_is_read() -> None:
    (grid,) = read_file("名单.ods", ods(ROWS))
    assert grid.rows == (("单位名称", "新生儿床位"), ("示例第一医院", "20"), (None, "3"))


def test_text_named_xls_is_read_and_its_sheet_called_after_the_file() -> None:
    (grid,) = read_file("名单 2026.xls", "单位名称\t床位\n示例第一医院\t20\n".encode("gb18030"))
    assert grid.rows == (("单位名称", "床位"), ("示例第一医院", "20"))
    assert grid.sheet == "名单 2026"


def test_a_web_page_named_xls_is_read() -> None:
    page = (
        "<html><meta charset=gb2312><table><tr><th>单位名称</th></tr><tr><td>示例第一医院</td></tr></table>"
    )
    (grid,) = read_file("导出.xls", page.encode("gb18030"))
    assert grid.rows == (("单位名称",), ("示例第一医院",))


def test_dates_keep_their_kind_on_the_way() -> None:
    (grid,) = read_file(
        "a.xlsx", xlsx([["x", date(2021, 3, 5), datetime(2021, 3, 5, 8, 30), "2021.3", True, 1.5]])
    )
    assert grid.rows == (("x", date(2021, 3, 5), datetime(2021, 3, 5, 8, 30), "2021.3", True, 1.5),)


@pytest.mark.parametrize(
    ("beginning", "code"),
    [
        (b"%PDF-1.7\n", "file-pdf"),
        (b"\x89PNG\r\n\x1a\n", "file-picture"),
        (b"\xff\xd8\xff\xe0", "file-picture"),
        (b"Rar!\x1a\x07\x00", "file-archive"),
        (b"\x1f\x8b\x08\x00", "file-archive"),
        (b"MZ\x90\x00", "file-program"),
        (b"{\\rtf1\\ansi", "file-word"),
        (b"\x09\x08\x06\x00\x00\x00\x10\x00", "file-old-excel"),
        (b"\x01\x02\x03\x04\x05\x06\x07", "file-unknown"),
        (
            b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet">',
            "file-xml-2003",
        ),
        (b"MIME-Version: 1.0\r\nContent-Type: multipart/related\r\n\r\n<html>", "file-web-page"),
        (b"<html><body><p>no table</p></body></html>", "file-web-page"),
    ],
)
def test_what_is_no_list_is_refused_by_what_it_is(beginning: bytes, code: str) -> None:
    assert refusal_of("名单.xlsx", beginning).code == code


def test_documents_of_other_programs_are_refused_by_what_they_are() -> None:
    assert (
        refusal_of("a.xlsx", zip_of({"[Content_Types].xml": "", "word/document.xml": ""})).code == "file-word"
    )
    assert (
        refusal_of("a.xlsx", zip_of({"[Content_Types].xml": "", "ppt/p.xml": ""})).code == "file-presentation"
    )
    assert refusal_of("a.xlsx", zip_of({"Index/Document.iwa": ""})).code == "file-numbers"
    text = zip_of({"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": ""})
    assert refusal_of("a.ods", text).code == "file-word"


@pytest.mark.parametrize("data", [b"", b"\n\n", xlsx([]), b"\xef\xbb\xbf"])
def test_a_file_with_nothing_in_it_is_refused(data: bytes) -> None:
    assert refusal_of("空.xlsx", data).code == "file-empty"


def test_a_refusal_says_of_which_file_and_in_both_languages() -> None:
    refusal = refusal_of("../../名单.xlsx", b"%PDF")
    remark = refusal.remark()
    assert (remark.file, remark.severity) == ("名单.xlsx", "error")
    assert "PDF" in remark.what("zh")
    assert "Excel" in remark.remedy("en")


def test_every_reason_can_be_told() -> None:
    blanks = {"limit": 1, "seconds": 1, "rows": 1, "columns": 1, "line": 1}
    modules = ("archive", "compound_file", "content", "delimited", "reading", "reading_process", "sheet_xml")
    sources = [
        (IMPORTS / f"{module}.py").read_text("utf-8") for module in (*modules, "spreadsheet_file", "web_page")
    ]
    codes = {code for source in sources for code in re.findall(r'"((?:file|text|zip)-[a-z0-9-]+)"', source)}
    assert len(codes) > 20
    for code in codes:
        remark = FileRefused(code, **blanks).remark()
        assert all(remark.what(language) and remark.remedy(language) for language in ("zh", "en"))


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_names_stay_names(name: str) -> None:
    (grid,) = read_file(name, b"a,b\n1,2\n")
    assert "/" not in grid.file
    assert grid.rows == (("a", "b"), ("1", "2"))


def test_an_archive_gives_its_files_and_other_files_themselves() -> None:
    archive = zip_of(
        {"长春/回执.xlsx": xlsx(ROWS), "四平/回执.xlsx": xlsx(ROWS), "__MACOSX/._x": b"", "说明.pdf": b"%PDF"}
    )
    files = files_of("回执.zip", archive)
    assert [name for name, _ in files] == ["回执.xlsx", "回执 (四平).xlsx", "说明.pdf"]
    assert [grid.file for name, data in files[:2] for grid in read_file(name, data)] == [
        "回执.xlsx",
        "回执 (四平).xlsx",
    ]
    book = xlsx(ROWS)
    assert files_of("a/b/名单.xlsx", book) == [("名单.xlsx", book)]
    assert files_of("x\\y.csv", b"a,b") == [("y.csv", b"a,b")]


def test_five_hundred_rows_are_read_in_well_below_half_a_second() -> None:
    data = xlsx([["单位名称", "床位"], *([f"示例第{n}医院", n] for n in range(500))])
    assert min(seconds_to_read(data) for _ in range(5)) < 0.5  # others use this machine too


def seconds_to_read(data: bytes) -> float:
    started = time.monotonic()
    read_file("a.xlsx", data)
    return time.monotonic() - started


def test_large_files_get_more_time_up_to_a_bound() -> None:
    assert seconds_for(1000) == seconds_for(4 << 20) == 9
    assert seconds_for(10 << 20) == 33
    assert seconds_for(64 << 20) == 90


def test_progress_is_told() -> None:
    told: list[int] = []
    read_file("a.csv", b"a,b\n" * 30_000, told.append)
    assert told == sorted(told)
    assert told[-1] == 30_000


def test_a_process_that_ends_by_itself_is_a_refusal_and_the_next_file_is_read() -> None:
    far = "<sheetData><row><c r='A1'><v>1</v></c></row><row><c r='XFD1048576'><v>1</v></c></row></sheetData>"
    assert refusal_of("a.xlsx", xlsx_xml(far)).code == "file-too-much"
    assert read_file("b.csv", b"a,b\n1,2\n")


def test_a_process_that_takes_too_long_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("graph.imports.reading.SECONDS", 0.001)
    refusal = refusal_of("a.xlsx", xlsx(ROWS))
    assert refusal.code == "file-too-slow"


def test_no_process_thread_or_pipe_is_left_behind() -> None:
    read_file("a.csv", b"a,b\n1,2\n")
    files, threads = set(Path("/proc/self/fd").iterdir()), threading.active_count()
    for data in (b"a,b\n1,2\n", b"%PDF", xlsx(ROWS), xlsx(ROWS)[:300]):
        try:
            read_file("a.csv", data)
        except FileRefused:
            continue
    time.sleep(0.05)
    # What earlier tests left may end meanwhile; nothing may be new.
    assert set(Path("/proc/self/fd").iterdir()) <= files
    assert threading.active_count() <= threads
    children = Path(f"/proc/self/task/{threading.get_native_id()}/children").read_text("utf-8").split()
    assert not [
        child for child in children if "reading_process" in Path(f"/proc/{child}/cmdline").read_text("utf-8")
    ]


def test_several_files_are_read_at_once() -> None:
    found: list[int] = []

    def read(count: int) -> None:
        found.append(len(read_file("a.csv", b"a,b\n" * count)[0].rows))

    threads = [threading.Thread(target=read, args=(count,)) for count in range(1, 7)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(found) == [1, 2, 3, 4, 5, 6]
