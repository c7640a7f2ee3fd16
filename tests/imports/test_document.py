"""The document of a file: title and date proposed from what stands there, and one name for all its versions."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.catalogue import Entry
from graph.imports.document import Titled, document_of, split_title, titled
from graph.imports.options import NONE
from samples import BASE, NAMES

LIST = "吉林省新生儿专科联盟成员单位一览表"


def entry(document: str, title: str) -> Entry:
    return Entry(f"{document}/0a0b0c0d", "source", True, document, "", title)


@pytest.mark.parametrize(
    ("text", "title", "dated"),
    [
        (f"{LIST}（2026年3月）", LIST, "2026-03"),
        (f"{LIST}(2026.3)", LIST, "2026-03"),
        (f"{LIST}（截至2026年3月5日）", LIST, "2026-03-05"),
        (f"{LIST}２０２６年３月", LIST, "2026-03"),
        (f"2026年{LIST}", LIST, "2026"),
        (f"2026年度{LIST}", LIST, "2026"),
        ("成员名单20260305", "成员名单", "2026-03-05"),
        ("成员名单_2026-03-05", "成员名单", "2026-03-05"),
        ("成员名单 2026", "成员名单", "2026"),
        ("Members 2026/3", "Members", "2026-03"),
        ("成员名单", "成员名单", ""),
        ("联系电话 0431-20268888", "联系电话 0431-20268888", ""),
        ("第2026001号", "第2026001号", ""),
    ],
)
def test_the_date_in_a_title_is_told_from_it_with_its_precision(text: str, title: str, dated: str) -> None:
    assert split_title(text) == Titled(title, dated)


@pytest.mark.parametrize(
    ("titles", "file", "expected"),
    [
        ([f"{LIST}（2026年3月）"], "a.xlsx", Titled(LIST, "2026-03")),
        ([LIST, "填报日期：2026年3月5日"], "a.xlsx", Titled(LIST, "2026-03-05")),
        (["填报单位：某某医院", LIST], "2025.xlsx", Titled(LIST, "2025")),
        ([], "成员名单2026.3.xlsx", Titled("成员名单", "2026-03")),
        (["填报单位：某某医院"], "成员名单.csv", Titled("成员名单", "")),
        ([], "2026.csv", Titled("2026", "2026")),
        (["说明" * 100], "名单.xls", Titled("名单", "")),
    ],
)
def test_title_and_date_come_from_the_title_row_else_from_the_name_of_the_file(
    titles: list[str], file: str, expected: Titled
) -> None:
    assert titled(titles, file) == expected


@given(st.text(max_size=40))
def test_a_title_split_once_is_split(text: str) -> None:
    title = split_title(text).title
    assert title == " ".join(title.split())


def test_the_same_title_is_a_new_version_of_the_same_document() -> None:
    first = document_of(LIST, "", [], NAMES)
    assert first.startswith(f"{BASE}source/")
    assert document_of(f" {LIST} ", "", [entry(first, LIST)], NAMES) == first


def test_other_titles_are_other_documents_even_with_the_same_letters_in_them() -> None:
    assert document_of("NICU床位", "", [], NAMES) != document_of("NICU医师", "", [], NAMES)


def test_a_document_of_another_kind_with_the_same_name_is_not_replaced() -> None:
    loaded = f"{BASE}source/members"
    assert document_of("Members", "", [], NAMES) == loaded
    assert document_of("Members", "", [entry(loaded, "members.ttl")], NAMES) != loaded


def test_the_reader_may_say_of_which_document_it_is_a_version() -> None:
    held = [entry(f"{BASE}source/a", LIST)]
    assert document_of("其他", f"{BASE}source/a", held, NAMES) == f"{BASE}source/a"
    assert document_of(LIST, NONE, held, NAMES) != f"{BASE}source/a"


def test_a_document_of_its_own_may_be_said_twice() -> None:
    first = document_of(LIST, NONE, [], NAMES)
    second = document_of(LIST, NONE, [entry(first, LIST)], NAMES)
    assert len({first, second}) == 2
