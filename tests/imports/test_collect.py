"""Collecting: what members are sent, and what comes back. What nobody changed changes nothing."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook
from page_data import ALLIANCE
from small_instance import TODAY, SmallInstance

from graph.imports.collect import Collected, Request, collect, file_name
from graph.imports.collect_id import CollectId, collected_id, sent_of
from graph.imports.grid import Grid
from graph.imports.reading import read_file
from graph.imports.returned import Returned, returned, same_text
from graph.imports.workbook_file import Page, Properties, Written, workbook_bytes
from graph.quads import text_of
from ontology.terms import SCHEMA
from ontology.workbook import workbook
from samples import HOSTILE

LISTED = (
    {
        "name_zh": "某某市示例医院",
        "grade": "三级甲等",
        "place": "长春市",
        "role": "牵头单位",
        "start": "2019-06",
        "department": "新生儿科",
        "beds": "60",
        "contact": "联系人甲",
        "phone": "0431-80000001",
        "note": "=1+1",
    },
    {"name_zh": "某某县示例医院", "place": "农安县", "department": "新生儿科"},
)


@pytest.fixture
def instance(tmp_path: Path) -> Iterator[SmallInstance]:
    """An instance with two members."""
    made = SmallInstance(tmp_path, ())
    made.take(members(*LISTED), document="list")
    yield made
    made.close()


def members(*rows: dict[str, str]) -> bytes:
    kind = workbook().default
    cells: list[list[Written]] = [[row.get(column.key) for column in kind.columns] for row in rows]
    page = Page(kind.zh, [[column.zh for column in kind.columns], *cells])
    return workbook_bytes([page], Properties(TODAY))


def asked(instance: SmallInstance, **said: str) -> Collected:
    return collect(instance.rows(), 7, Request(ALLIANCE, "zh", TODAY, **said))


def file_of(made: Collected, name: str = "某某市示例医院") -> bytes:
    archive = zipfile.ZipFile(io.BytesIO(made.archive))
    return archive.read(next(one for one in archive.namelist() if one.startswith(name)))


def changed(data: bytes, change: Callable[[Workbook], None]) -> bytes:
    """Return a workbook as somebody saved it after a change."""
    book = load_workbook(io.BytesIO(data))
    change(book)
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def back(data: bytes) -> Returned:
    found = returned(read_file("renamed.xlsx", data))
    assert found is not None
    return found


def cell(book: Workbook, sheet: str, heading: str, row: int = 2):
    place = next(one.column for one in book[sheet][1] if one.value == heading)
    return book[sheet].cell(row, place)


def values(grid: Grid, row: int = 2) -> dict[object, object]:
    """Return what a row says, by heads."""
    return {
        head: value
        for head, value in zip(grid.rows[0], grid.rows[row - 1], strict=False)
        if value is not None
    }


def test_every_member_gets_a_workbook_of_its_own(instance: SmallInstance) -> None:
    made = asked(instance)
    assert [unit.file for unit in made.units] == [
        "某某县示例医院 资料核对表.xlsx",
        "某某市示例医院 资料核对表.xlsx",
    ]
    assert zipfile.ZipFile(io.BytesIO(made.archive)).namelist() == [unit.file for unit in made.units]


def test_what_is_held_is_there_and_what_is_not_is_marked(instance: SmallInstance) -> None:
    book = load_workbook(io.BytesIO(file_of(asked(instance))))
    sheet = "联盟成员单位一览表"
    assert cell(book, sheet, "新生儿床位").value == 60
    assert cell(book, sheet, "备注").value == "=1+1"
    blank = cell(book, sheet, "NICU床位")
    assert (blank.value, blank.fill.fgColor.rgb) == ("待填", "00FFF2CC")
    assert "来源：list" in cell(book, sheet, "医院等级").comment.text
    assert cell(book, "科室", "科室名称").value == "新生儿科"


def test_the_letter_says_what_to_do_by_when_and_to_whom(instance: SmallInstance) -> None:
    data = file_of(asked(instance, until="2026-12-31", to="联盟办公室"))
    said = [row[0].value for row in load_workbook(io.BytesIO(data))["请您填写"] if row[0].value]
    assert "请在 2026-12-31 前返回。" in said
    assert "返回给：联盟办公室" in said
    assert "单位：某某市示例医院" in said


def test_the_id_inside_tells_for_whom_it_was_made_whatever_the_file_is_called(
    instance: SmallInstance,
) -> None:
    made = asked(instance)
    found = collected_id(read_file("x.xlsx", file_of(made)))
    unit = next(one.iri for one in made.units if one.labels["zh"] == "某某市示例医院")
    assert found == CollectId(made.collection, ALLIANCE, unit, 7, TODAY.isoformat())
    book = load_workbook(io.BytesIO(file_of(made)))
    assert book.properties.identifier == f"medalliance-collect-1 {made.collection} {unit}"
    assert book["发出时"].sheet_state == "hidden"


def test_the_id_is_still_there_after_another_program_saved_the_file(instance: SmallInstance) -> None:
    data = file_of(asked(instance))
    assert collected_id(read_file("x.xlsx", changed(data, lambda _: None))) == collected_id(
        read_file("x.xlsx", data)
    )


def test_that_holds_for_a_unit_of_which_next_to_nothing_is_held(instance: SmallInstance) -> None:
    instance.take(members({"name_zh": "第三示例医院"}), document="third")
    found = back(file_of(asked(instance), "第三示例医院"))
    assert (found.changed, found.grids, found.remarks) == (0, (), ())


@pytest.mark.parametrize("saved", [False, True], ids=["as sent", "saved again"])
def test_a_workbook_returned_unchanged_changes_nothing(instance: SmallInstance, *, saved: bool) -> None:
    data = file_of(asked(instance))
    found = back(changed(data, lambda _: None) if saved else data)
    assert (found.changed, found.grids, found.remarks) == (0, (), ())


def test_only_what_was_changed_is_taken_in(instance: SmallInstance) -> None:
    def more_beds(book: Workbook) -> None:
        cell(book, "联盟成员单位一览表", "新生儿床位").value = 72

    data = changed(file_of(asked(instance)), more_beds)
    found = back(data)
    assert (found.changed, [grid.sheet for grid in found.grids]) == (1, ["联盟成员单位一览表"])
    kept = values(found.grids[0])
    assert kept["新生儿床位"] == 72
    assert kept["单位名称"] == "某某市示例医院"
    assert not kept.keys() & {"医院等级", "联系人", "办公电话", "备注", "NICU床位"}
    taken = instance.take(data, document=found.id.slug, grids=found.grids)
    graph = instance.graph_of(data, found.id.slug)
    figures = [q for q in instance.engine.quads(graph) if q.predicate.endswith("hasSimpleResult>")]
    assert [text_of(q.object) for q in figures] == ["72"]
    assert taken.open == []


def test_what_belongs_together_stays_together(instance: SmallInstance) -> None:
    def other_phone(book: Workbook) -> None:
        cell(book, "联盟成员单位一览表", "办公电话").value = "0431-80000009"

    kept = values(back(changed(file_of(asked(instance)), other_phone)).grids[0])
    assert (kept["联系人"], kept["办公电话"]) == ("联系人甲", "0431-80000009")


def test_the_unit_may_correct_its_own_name(instance: SmallInstance) -> None:
    def other_name(book: Workbook) -> None:
        cell(book, "联盟成员单位一览表", "单位名称").value = "某某市第一示例医院"

    made = asked(instance)
    found = back(changed(file_of(made), other_name))
    assert values(found.grids[0])["单位名称"] == "某某市第一示例医院"
    taken = instance.take(b"probe", document="probe", grids=found.grids)
    unit = next(one.iri for one in made.units if one.labels["zh"] == "某某市示例医院")
    meant = found.decisions(taken.mentions)
    assert [meant[one.key] for one in taken.mentions if one.to == "organization"] == [unit]


def test_what_was_filled_in_where_nothing_was_held_is_taken_in(instance: SmallInstance) -> None:
    def fill(book: Workbook) -> None:
        cell(book, "资质", "资质名称").value = "示例市危重新生儿救治中心"
        cell(book, "能力", "能力项").value = "CPAP"
        cell(book, "能力", "是否开展").value = "是"

    data = changed(file_of(asked(instance)), fill)
    found = back(data)
    assert found.changed == 3
    probe = instance.take(data, document="probe", grids=found.grids)
    decisions = found.decisions(probe.mentions)
    taken = instance.take(data, document=found.id.slug, grids=found.grids, decisions=decisions)
    assert taken.open == []
    rows = instance.rows(graph=instance.graph_of(data, found.id.slug))
    assert [row.text("title_zh") for row in rows.rows(workbook().sheet("designations"))] == [
        "示例市危重新生儿救治中心"
    ]
    (capability,) = rows.rows(workbook().sheet("capabilities"))
    assert capability.text("capability") == "CPAP"
    provider = instance.rows().facts.linked(capability.thing, SCHEMA.provider)
    names = {row.thing: row.text("local_id") for row in instance.rows().rows(workbook().sheet("departments"))}
    assert [names[one] for one in provider] == ["某某市示例医院"]


def test_what_was_emptied_is_said_and_not_deleted(instance: SmallInstance) -> None:
    def emptied(book: Workbook) -> None:
        cell(book, "联盟成员单位一览表", "办公电话").value = None
        cell(book, "联盟成员单位一览表", "医院等级").value = "待填"

    found = back(changed(file_of(asked(instance)), emptied))
    assert (found.changed, found.grids) == (0, ())
    said = {(one.code, one.heading, one.value, one.row) for one in found.remarks}
    assert said == {
        ("collect-emptied", "办公电话", "0431-80000001", 2),
        ("collect-emptied", "医院等级", "三级甲等", 2),
    }
    assert found.remarks[0].what("zh") == "返回的表里清空了“医院等级”，发出时是“三级甲等”。"


def test_rows_may_be_moved_added_and_removed(instance: SmallInstance) -> None:
    def moved(book: Workbook) -> None:
        sheet = book["科室"]
        sheet.insert_rows(2)
        for column in sheet[1]:
            if column.value in ("所属机构编号", "科室名称"):
                sheet.cell(2, column.column).value = {"所属机构编号": "某某市示例医院", "科室名称": "产科"}[
                    column.value
                ]

    found = back(changed(file_of(asked(instance)), moved))
    (grid,) = found.grids
    assert values(grid)["科室名称"] == "产科"
    assert values(grid, 3) == {}
    assert found.remarks == ()

    def removed(book: Workbook) -> None:
        book["科室"].delete_rows(2)

    (remark,) = back(changed(file_of(asked(instance)), removed)).remarks
    assert (remark.code, "新生儿科" in remark.value) == ("collect-row-gone", True)


def test_rows_in_another_order_are_the_same_rows(instance: SmallInstance) -> None:
    named = {"name_zh": "第三示例医院", "place": "长春市"}
    instance.take(
        members(*({**named, "department": one} for one in ("儿科", "产科", "新生儿科"))), document="third"
    )

    def reversed_rows(book: Workbook) -> None:
        sheet = book["科室"]
        rows = [[one.value for one in row] for row in sheet.iter_rows(min_row=2)]
        for number, row in enumerate(reversed(rows), 2):
            for place, value in enumerate(row, 1):
                sheet.cell(number, place).value = value

    found = back(changed(file_of(asked(instance), "第三示例医院"), reversed_rows))
    assert (found.changed, found.grids, found.remarks) == (0, (), ())


def test_a_sheet_that_somebody_added_is_taken_in_whole(instance: SmallInstance) -> None:
    def added(book: Workbook) -> None:
        sheet = book.create_sheet("我们的补充")
        sheet.append(["单位名称", "备注"])
        sheet.append(["某某市示例医院", "另有分院"])

    (grid,) = back(changed(file_of(asked(instance)), added)).grids
    assert (grid.sheet, values(grid)["备注"]) == ("我们的补充", "另有分院")


def test_another_file_is_no_returned_one() -> None:
    grids = read_file("x.xlsx", members(*LISTED))
    assert (collected_id(grids), returned(grids)) == (None, None)


@pytest.mark.parametrize("row", [("collection",), ("version", "x"), (None,), ()])
def test_a_hidden_sheet_that_somebody_spoiled_counts_for_nothing(row: tuple[str, ...]) -> None:
    rows = [("发出时 · medalliance", "medalliance-collect-1"), *([row] * 6)]
    assert sent_of([Grid("f", "发出时", 1, tuple(rows))]) is None


def test_nothing_internal_is_sent_where_the_asking_person_may_not_see_it(instance: SmallInstance) -> None:
    made = collect(instance.rows(internal=False), 1, Request(ALLIANCE, "zh", TODAY))
    said = str([grid.rows for grid in read_file("x.xlsx", file_of(made))])
    assert "某某市示例医院" in said
    assert not [secret for secret in ("联系人甲", "80000001", "=1+1") if secret in said]


def test_members_whose_membership_has_ended_are_not_asked(instance: SmallInstance) -> None:
    kind = workbook().sheet("memberships")
    columns = [kind.column(key) for key in ("local_id", "end")]
    page = Page(kind.zh, [[column.zh for column in columns], ["某某县示例医院", "2020"]])
    instance.take(workbook_bytes([page], Properties(TODAY)), document="ended")
    assert [unit.labels["zh"] for unit in asked(instance).units] == ["某某市示例医院"]


@pytest.mark.parametrize("title", [*HOSTILE, "a/b", "..", "  ", "con.", "x" * 300, "甲\u202e乙"])
def test_names_of_files_are_harmless_and_each_different(title: str) -> None:
    first = file_name(title, set())
    second = file_name(title, {first.lower()})
    assert first != second
    for name in (first, second):
        assert name.endswith(".xlsx")
        assert not set(name) & set('<>:"/\\|?*\u202e')
        assert len(name) < 100
        assert not name.startswith(".")


@pytest.mark.parametrize(
    ("one", "other"), [(60, "60"), (60.0, "60"), (" 60 ", "60"), ("待填", ""), (None, ""), ("a\n b", "a b")]
)
def test_cells_are_compared_by_what_they_say(one: object, other: str) -> None:
    assert same_text(one) == other  # type: ignore[arg-type]
