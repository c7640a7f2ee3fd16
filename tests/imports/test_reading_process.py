"""What the process that reads writes: frames of plain values, within bounds."""

import json
from collections.abc import Iterable
from datetime import date, datetime, time

import pytest

from graph.frames import read_frame
from graph.imports import reading_process
from graph.imports.grid import CellValue, Merged
from graph.imports.reading_process import ROWS, SHEET, write_files, write_sheets
from graph.imports.refusal import FileRefused
from graph.imports.sheet import Sheet


def frames(sheets: Iterable[Sheet]) -> list[tuple[bytes, bytes]]:
    out = bytearray()
    write_sheets(sheets, out.extend)
    return taken_apart(out)


def taken_apart(out: bytearray) -> list[tuple[bytes, bytes]]:
    found = []

    def read(size: int) -> bytes:
        part = bytes(out[:size])
        del out[:size]
        return part

    while out:
        found.append(read_frame(read))
    return found


def test_a_sheet_is_said_before_its_rows_and_dates_are_written_as_such() -> None:
    rows: list[list[CellValue]] = [
        ["甲", 1, 1.5, True, None],
        [date(2021, 3, 5), datetime(2021, 3, 5, 8), time(8, 30)],
    ]
    (first, about), (second, content) = frames([Sheet("成员", rows, True, (Merged(1, 1, 2, 2),))])
    assert (first, second) == (SHEET, ROWS)
    assert json.loads(about) == {"name": "成员", "hidden": True, "merged": [[1, 1, 2, 2]]}
    assert json.loads(content) == [
        ["甲", 1, 1.5, True, None],
        [["date", "2021-03-05"], ["datetime", "2021-03-05T08:00:00"], ["time", "08:30:00"]],
    ]


def test_many_rows_come_in_several_frames() -> None:
    found = frames([Sheet("", ([f"{n}"] for n in range(25_000)))])
    assert [kind for kind, _ in found] == [SHEET, ROWS, ROWS, ROWS]
    assert sum(len(json.loads(content)) for kind, content in found if kind == ROWS) == 25_000


@pytest.mark.parametrize(
    "sheets",
    [
        [Sheet("", ([None] * 16_384 for _ in range(500)))],
        [Sheet("", ([] for _ in range(60_001)))],
        [Sheet("", [])] * 1_001,
    ],
)
def test_too_much_is_refused(sheets: list[Sheet], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading_process, "MAX_ROWS", 60_000)
    with pytest.raises(FileRefused, match="file-too-much"):
        write_sheets(sheets, lambda data: None)


def test_files_are_written_with_their_names() -> None:
    out = bytearray()
    write_files([("名单.csv", b"a,b")], out.extend)
    assert [content for _, content in taken_apart(out)] == ["名单.csv".encode(), b"a,b"]
