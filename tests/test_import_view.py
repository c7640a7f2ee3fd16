"""What a page of an import shows of its report."""

from __future__ import annotations

from typing import Any

from import_report import SampleImporter, report

from api.i18n import translator
from api.import_view import NAMES, STEPS, ImportView, Pager, start_in
from api.templating import View
from samples import BASE


def shown(said: dict[str, Any] | None = None, **asked: str) -> ImportView:
    held = said or report()
    view = View(translator("zh"), BASE, "zh", "/import/k7m2")

    def part(name: str, offset: int, limit: int, show: str) -> dict[str, Any]:
        return SampleImporter(held).part("k7m2", name, offset, limit, show)

    return ImportView(held, part, view, asked)


def test_the_first_step_is_shown_unless_another_one_is_asked_for() -> None:
    assert shown().step == STEPS[0]
    assert shown(step="names").step == "names"
    assert shown(step="nothing").step == STEPS[0]
    assert shown(step="commit").following is None


def test_steps_say_how_much_waits_there() -> None:
    tabs = {tab.name: (tab.count, tab.is_open) for tab in shown().tabs}
    assert tabs["problems"] == (3, True)
    assert tabs["names"] == (14, True)
    assert tabs["preview"] == (3, False)
    assert tabs["columns"] == (2, False)  # the table of no known kind is not used


def test_the_names_that_wait_come_first_and_pages_follow() -> None:
    assert shown(step="names").shown_names == "open"
    unlike = shown(step="names", show="unlike")
    pages, names = unlike.names
    assert (pages.total, len(names)) == (12, 12)
    beyond = shown(step="names", show="unlike", start="500").names[0]
    assert (beyond.offset, beyond.size) == (0, NAMES)


def test_where_nothing_waits_what_was_decided_is_shown() -> None:
    counts = {"open": 0, "unlike": 0, "decided": 0, "found": 1}
    assert shown(report(resolution_counts=counts)).shown_names == "found"


def test_forms_come_back_to_the_page_that_sent_them() -> None:
    assert shown(step="names", show="open", start="20").action("names") == (
        "/import/k7m2/names?step=names&show=open&start=20&lang=zh"
    )


def test_a_report_of_files_that_are_still_read_has_a_title_and_no_more() -> None:
    said = {"id": "k", "state": "reading", "received": [{"name": "名单.xlsx"}], "progress": None}
    assert shown(said).title == "名单.xlsx"


def test_rows_are_told_with_their_sheet_and_with_the_file_where_there_are_several() -> None:
    table = "members.xlsx#1.1"
    assert shown().place(table, 7) == {"file": "", "sheet": "名单", "row": 7}
    said = report()
    said["files"] = said["files"] * 2
    assert shown(said).place(table, 7)["file"] == "members.xlsx"
    assert shown().place("gone", 7)["sheet"] == ""


def test_pages_of_a_list_know_their_neighbours() -> None:
    assert (Pager(120, 50, 50).previous, Pager(120, 50, 50).next, Pager(120, 50, 50).last) == (0, 100, 100)
    assert (Pager(120, 100, 50).next, Pager(120, 0, 50).previous) == (None, None)


def test_an_odd_start_is_the_beginning() -> None:
    assert [start_in({"start": text}) for text in ("", "-1", "x", "٣", "9" * 30, "40")] == [0, 0, 0, 0, 0, 40]
