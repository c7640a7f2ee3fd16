"""The lists as data: columns, labels, and queries that give what the columns say."""

from __future__ import annotations

import re

import pytest

from ontology.lists import FILE, answer_labels, lists, read_lists

TEXT = FILE.read_text(encoding="utf-8")
SMALL = """
[list.one]
empty = { zh = "无", en = "none" }
title = { zh = "一", en = "one" }
rows = "row"
name = "name"
sort = "name"
[list.one.column]
name = { type = "self", zh = "名称", en = "name" }
"""


@pytest.mark.parametrize("name", sorted(lists()))
def test_the_query_of_a_list_gives_what_its_columns_read_and_nothing_else(name: str) -> None:
    one = lists()[name]
    told = set(re.findall(r'BIND\("(\w+)" AS \?column\)', one.query.text))
    read = {c.name for c in one.columns.values() if not (c.through or c.is_computed or c.type == "self")}
    assert told == read | {one.rows}
    assert one.query.text.count("VALUES ?row { UNDEF }") == sum(len(one.patterns(column)) for column in told)


@pytest.mark.parametrize("name", sorted(lists()))
def test_what_a_reader_sees_has_labels_in_both_languages(name: str) -> None:
    one = lists()[name]
    for labels in (one.labels, one.empty, *(column.labels for column in one.visible)):
        assert all(labels[language] for language in ("zh", "en"))
    assert set(answer_labels()) == {"yes", "unknown", "no"}


@pytest.mark.parametrize("name", sorted(lists()))
def test_columns_stand_beside_columns_that_are_shown(name: str) -> None:
    columns = lists()[name].columns
    for column in columns.values():
        if column.beside:
            assert columns[column.beside].is_shown
            assert not columns[column.beside].beside


def test_lists_come_after_those_that_they_look_things_up_in() -> None:
    before: list[str] = []
    for name, one in lists().items():
        assert {column.of[0] for column in one.columns.values() if column.through} <= set(before)
        before.append(name)


def test_the_rows_query_asks_for_the_rows_alone() -> None:
    text = lists()["units"].rows_query(["<http://e/a>"])
    assert "schema:location" not in text
    assert text.count("VALUES ?row { <http://e/a> }") == len(lists()["units"].patterns("kind"))


@pytest.mark.parametrize(
    ("old", "new", "fault", "message"),
    [
        ('type = "self"', 'type = "thing!"', ValueError, "unknown type"),
        ('en = "name"', 'en = ""', ValueError, "no label in en"),
        ('type = "self"', 'type = "area", through = "name", of = "two.x"', ValueError, "looks up"),
        ('sort = "name"', 'sort = "other"', KeyError, "other"),
    ],
)
def test_a_mistake_in_the_table_is_named(old: str, new: str, fault: type[Exception], message: str) -> None:
    assert read_lists(SMALL)["one"].title == "name"
    with pytest.raises(fault, match=message):
        read_lists(SMALL.replace(old, new))
