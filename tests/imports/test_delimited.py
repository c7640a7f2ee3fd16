"""Delimited text: every encoding of Chinese offices is read right; what is in doubt is refused with its line."""

import contextlib
import csv
import io

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from graph.imports.delimited import decoded, sheets_of
from graph.imports.grid import CellValue
from graph.imports.refusal import FileRefused

LIST = "单位名称,医院等级,所在市县\n示例第一医院,三级甲等,长春市\n示例镇卫生院,未定级,德惠市\n"
TRADITIONAL = "單位名稱,醫院等級,所在市縣\n示例第一醫院,三級甲等,長春市\n臺北示例醫院,醫學中心,臺北市\n"


def rows_of(data: bytes) -> list[list[CellValue]]:
    (sheet,) = sheets_of(data)
    return list(sheet.rows)


def refusal_of(data: bytes) -> tuple[str, object]:
    with pytest.raises(FileRefused) as caught:
        rows_of(data)
    return caught.value.code, caught.value.said.get("line")


@pytest.mark.parametrize(
    "encoding",
    ["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16", "utf-16-le", "utf-16-be", "utf-32"],
)
def test_a_list_is_the_same_in_every_encoding(encoding: str) -> None:
    assert rows_of(LIST.encode(encoding))[1] == ["示例第一医院", "三级甲等", "长春市"]


@pytest.mark.parametrize(
    "text", ["医院\n", "联通\n", "单位名称\n示例医院\n", "姓名\n镕\n", "Ⅲ级\n", "√,是\n", "名称·（全称）\n"]
)
def test_even_a_very_short_list_in_gbk_is_read_right(text: str) -> None:
    assert decoded(text.encode("gbk")) == text


@pytest.mark.parametrize("text", ["café\n", "Zürich,20 °C\n", "Ελλάς\n", "单\n", "a\n", "①\n"])
def test_short_texts_in_utf8_stay_what_they_are(text: str) -> None:
    assert decoded(text.encode()) == text


def test_rare_characters_of_names_take_four_bytes_and_are_read() -> None:
    text = "姓名,单位名称\n张𠮷,示例第一医院\n李㛃,示例第二医院\n"
    assert decoded(text.encode("gb18030")) == text


def test_traditional_lists_are_told_apart_by_what_they_are_made_of() -> None:
    assert decoded(TRADITIONAL.encode("big5")) == TRADITIONAL
    assert decoded(TRADITIONAL.encode("gbk")) == TRADITIONAL


@pytest.mark.parametrize(
    ("data", "code", "line"),
    [
        ("Name,City\nCafé,Zürich\n".encode("latin-1"), "text-encoding", 2),
        ("病院名\n東京テスト病院\n".encode("shift_jis"), "text-encoding", 1),
        (LIST.encode() + LIST.encode("gbk"), "text-mixed", 4),
        (LIST.encode("gbk") + LIST.encode(), "text-mixed", 4),
        (LIST.encode()[:-3] + b"\n", "text-mixed", 3),
        (LIST.encode("gbk")[:-2] + b"\n", "text-encoding", 3),
        (b"a,b\nx,\xed\xa0\x80y\n", "text-encoding", 2),
        (b"a,b\n\xe0\x80\xaf,c\n", "text-encoding", 2),
        (LIST.encode() + b"a\x00b,c\n", "text-zero", 4),
        (b"\xef\xbb\xbf\xb5\xa5\xce\xbb\n", "text-encoding", 1),
        (LIST.encode("utf-16")[:-1], "text-encoding", 3),
    ],
)
def test_what_is_in_doubt_is_refused_with_its_line(data: bytes, code: str, line: int) -> None:
    assert refusal_of(data) == (code, line)


def test_bytes_that_are_no_text_are_refused() -> None:
    assert refusal_of(bytes(range(256)) * 20)[0] == "file-unknown"


@pytest.mark.parametrize("delimiter", [",", "\t", ";", "，", "；", "|"])
def test_the_delimiter_is_found(delimiter: str) -> None:
    text = "".join(
        delimiter.join(row) + "\r\n" for row in (["单位名称", "等级"], ["示例医院", "三级"], ["示例二院", ""])
    )
    assert rows_of(f"成员名单\r\n{text}".encode()) == [
        ["成员名单"],
        ["单位名称", "等级"],
        ["示例医院", "三级"],
        ["示例二院"],
    ]


def test_a_comma_within_a_tabbed_remark_does_not_cut_it() -> None:
    assert rows_of("单位\t电话\t备注\n甲院\t1\t好, 很好\n乙院\t2\t好, 一般\n".encode())[1] == [
        "甲院",
        "1",
        "好, 很好",
    ]


def test_a_list_of_one_column_is_not_cut() -> None:
    assert rows_of("单位名称\n示例医院\n".encode()) == [["单位名称"], ["示例医院"]]


def test_a_line_may_say_what_the_delimiter_is() -> None:
    assert rows_of(b"sep=;\r\na,b;c\r\n") == [["a,b", "c"]]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_quoted_cells_keep_delimiters_quotes_and_line_ends(end: str) -> None:
    data = f'名称,备注{end}"甲,乙","第一行{end}第二行 ""引"" "{end}'.encode()
    assert rows_of(data) == [["名称", "备注"], ["甲,乙", '第一行\n第二行 "引" ']]


def test_quotes_that_do_not_pair_are_refused_with_the_line_where_the_row_begins() -> None:
    assert refusal_of('名称,备注\n甲,好\n"乙,坏\n丙,好\n'.encode()) == ("text-quotes", 3)


def test_numbers_kept_as_text_by_exports_are_their_text() -> None:
    assert rows_of(b'code,name\n="00431","a"\n') == [["code", "name"], ["00431", "a"]]


def test_a_cell_that_never_ends_is_refused() -> None:
    assert refusal_of(b"a,b\n1," + b"x" * 2_000_000)[0] == "file-cell-too-long"


def test_control_characters_are_left_out_of_cells() -> None:
    assert rows_of("单位名称,备注\n示例\x07医院,好\x0b\n".encode() + LIST.encode())[1] == ["示例医院", "好"]


@given(
    st.lists(
        st.lists(
            st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5), min_size=1),
            min_size=2,
            max_size=4,
        ),
        min_size=1,
        max_size=5,
    )
)
def test_what_is_written_in_utf8_is_read_as_written(table: list[list[str]]) -> None:
    out = io.StringIO()
    csv.writer(out).writerows(table)
    assert rows_of(out.getvalue().encode()) == table


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    with contextlib.suppress(FileRefused):
        rows_of(data)


@given(
    st.text(st.characters(codec="gb18030", exclude_categories=["Cc", "Co", "Cs"]), min_size=1, max_size=40)
)
def test_gb18030_is_never_read_as_something_else_unseen(text: str) -> None:
    """Either the same text comes back, or the file is refused; a common list is never refused (the tests above)."""
    assume(any(character >= "\u4e00" for character in text))
    try:
        read = decoded(text.encode("gb18030"))
    except FileRefused:
        return
    assert read == text or _is_utf8_by_chance(text)


def _is_utf8_by_chance(text: str) -> bool:
    try:
        text.encode("gb18030").decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True
