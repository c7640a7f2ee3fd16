"""What is held as rows: export and import are the inverse of each other, for every column of every sheet."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook
from page_data import ALLIANCE
from small_instance import TODAY, SmallInstance, texts

import samples
from graph.imports.held_rows import HeldRows, Selection
from graph.imports.held_workbook import Told, full_workbook
from graph.imports.workbook_file import Page, Properties, Written, workbook_bytes
from graph.quads import Quad, iri, literal
from ontology.terms import MA, XSD
from ontology.workbook import SheetKind, workbook
from ontology.workbook_hints import example
from samples import HOSTILE

OVERRIDDEN = {
    **{
        (kind, "phone"): "0431-80000001"
        for kind in ("institutions", "departments", "memberships", "programmes")
    },
    ("institutions", "uscc"): "",
    ("institutions", "licence_no"): "",
    ("institutions", "admin_code"): "220112",
    ("institutions", "lng"): "125.7079",
    ("institutions", "lat"): "43.5254",
    ("memberships", "alliance_id"): "吉林省新生儿专科医疗联盟",
    ("indicators", "indicator"): "开放床位数",
    ("indicators", "unit"): "个",
    ("indicators", "numerator"): "",
    ("indicators", "denominator"): "",
}
"""Examples that stand for something that no instance holds."""
NAMED = ("H002", "H003", "", "")
NAMES = ("第二示例医院", "第三示例医院", "示例大学", "示例市卫生健康委员会")
TEN = [kind for kind in workbook().sheets if not kind.default]
Opener = Callable[..., SmallInstance]


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Opener]:
    """Opens small instances of their own."""
    with ExitStack() as stack:

        def open_one(*, bare: bool = False) -> SmallInstance:
            folder = tmp_path / str(len(list(tmp_path.iterdir())))
            folder.mkdir()
            made = SmallInstance(folder, () if bare else None)
            stack.callback(made.close)
            return made

        yield open_one


def filled(kind: SheetKind) -> dict[str, str]:
    """Return a row of a sheet with every column filled."""
    said = {c.key: OVERRIDDEN.get((kind.key, c.key), example(kind, c, "zh")) for c in kind.columns}
    return {key: text for key, text in said.items() if text}


def sheet(kind: SheetKind, *rows: Mapping[str, str]) -> Page:
    cells: list[list[Written]] = [[row.get(column.key) for column in kind.columns] for row in rows]
    return Page(kind.zh, [[column.zh for column in kind.columns], *cells])


def book(*pages: Page) -> bytes:
    return workbook_bytes(pages, Properties(date(2026, 1, 1)))


def everything() -> bytes:
    """Return a workbook with a row on each of the ten sheets, all columns filled."""
    more = [{"local_id": number, "name_zh": name} for number, name in zip(NAMED, NAMES, strict=True)]
    return book(*(sheet(kind, filled(kind), *(more if kind.key == "institutions" else ())) for kind in TEN))


def members(*rows: Mapping[str, str]) -> bytes:
    return book(sheet(workbook().default, *rows))


def exported(rows: HeldRows) -> bytes:
    return full_workbook(rows, 1, Told("zh", TODAY))


def ordered(text: str) -> str:
    return "；".join(sorted(text.split("；")))


def test_every_column_of_the_ten_sheets_comes_out_as_it_went_in(opened: Opener) -> None:
    instance, data = opened(), everything()
    taken = instance.take(data)
    assert (taken.open, [r for r in taken.remarks if r.severity == "error"]) == ([], [])
    held = texts(instance.rows(graph=instance.graph_of(data)).sheets())
    for kind in TEN:
        wanted = {key: ordered(text) for key, text in filled(kind).items()}
        found = next(row for row in held[kind.key] if len(row) > 2)
        assert found == wanted, kind.key


def test_what_is_exported_and_imported_elsewhere_is_held_there_as_here(opened: Opener) -> None:
    here, there, data = opened(), opened(), everything()
    here.take(data)
    out = exported(here.rows(graph=here.graph_of(data)))
    taken = there.take(out)
    assert taken.open == []
    assert texts(there.rows(graph=there.graph_of(out)).sheets()) == texts(
        here.rows(graph=here.graph_of(data)).sheets()
    )


@pytest.mark.parametrize(
    "make", [everything, lambda: members(*LISTED)], ids=["ten sheets", "list of members"]
)
def test_the_export_of_a_source_says_the_same_as_the_source(
    opened: Opener, make: Callable[[], bytes]
) -> None:
    instance, data = opened(), make()
    instance.take(data)
    before = instance.said_by(instance.graph_of(data))
    rows = instance.rows(graph=instance.graph_of(data))
    out = exported(rows) if make is everything else whole_list(rows)
    instance.take(out)
    assert instance.said_by(instance.graph_of(out)) == before


def test_a_whole_instance_is_held_elsewhere_as_here(opened: Opener) -> None:
    here, there = opened(), opened()
    here.take(everything())
    here.take(members(*LISTED), document="members")
    out = exported(here.rows())
    assert there.take(out).open == []
    assert texts(there.rows().sheets()) == texts(here.rows().sheets())


LISTED = (
    {
        "name_zh": "某某市示例医院",
        "grade": "三级甲等",
        "place": "长春市",
        "role": "牵头单位",
        "start": "2019-06",
        "department": "新生儿科",
        "beds": "60",
        "beds_nicu": "20",
        "head": "负责人甲",
        "contact": "联系人甲",
        "phone": "0431-80000001；13900000000",
        "note": "=cmd|' /C calc'!A0",
    },
    {"name_zh": "某某县示例医院", "place": "农安县", "beds": "15", "contact": "+甲", "note": "@备注"},
    {"name_zh": "某某县示例医院", "place": "农安县", "note": "第二条备注"},
    {"name_zh": "另一示例医院", "place": "某某新区", "start": "2021", "department": "儿科"},
    {"name_zh": "另一示例医院", "place": "某某新区", "start": "2021", "department": "产科", "beds": "3"},
)


def whole_list(rows: HeldRows) -> bytes:
    """Return the list of members, whole, as it was sent."""
    kind = workbook().default
    return members(*({key: cell.text for key, cell in row.cells.items()} for row in rows.rows(kind)))


def test_a_list_of_members_comes_out_as_it_went_in(opened: Opener) -> None:
    instance, data = opened(bare=True), members(*LISTED)
    instance.take(data)
    rows = instance.rows(graph=instance.graph_of(data)).rows(workbook().default)
    said = [{key: cell.text for key, cell in row.cells.items()} for row in rows]
    by_name = lambda row: (row["name_zh"], row.get("department", ""), row.get("note", ""))  # noqa: E731
    assert sorted(said, key=by_name) == sorted(map(dict, LISTED), key=by_name)


def test_contacts_and_remarks_are_only_there_for_who_may_see_them(opened: Opener) -> None:
    instance = opened(bare=True)
    instance.take(members(*LISTED))
    assert "members" in texts(instance.rows().sheets())
    shown = exported(instance.rows(internal=False))
    said = "".join(str(sheet) for sheet in texts(instance.rows(internal=False).sheets()).values())
    for secret in ("联系人甲", "负责人甲", "80000001", "13900000000", "@备注", "calc"):
        assert secret not in said
    assert "联盟成员单位一览表" not in load_workbook(io.BytesIO(shown)).sheetnames


HOSTILE_TEXTS = st.sampled_from(
    ["=1+1", "+86 431 80000001", "@x", "'quoted", "_x0041_", "-1", *HOSTILE]
) | st.text(st.characters(categories=["L", "N", "P", "S"]), min_size=1, max_size=20)


@settings(max_examples=6, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(HOSTILE_TEXTS, min_size=4, max_size=9, unique=True))
def test_no_text_is_lost_or_changed_on_the_way_out_and_back(opened: Opener, listed: list[str]) -> None:
    here, there = opened(bare=True), opened(bare=True)
    kind = workbook().sheet("activities")
    rows = [
        {"activity_id": f"A{n}", "host_id": "某某市示例医院", "title_zh": f"活动{n}", "source": text}
        for n, text in enumerate(listed)
    ]
    data = book(sheet(kind, *rows))
    here.take(data)
    before = texts(here.rows(graph=here.graph_of(data)).sheets())
    out = exported(here.rows(graph=here.graph_of(data)))
    there.take(out)
    assert texts(there.rows(graph=there.graph_of(out)).sheets()) == before


@pytest.mark.parametrize(
    ("dates", "shown"),
    [
        ({"one": {"dated": "2019"}, "other": {"dated": "2024-05"}}, "other"),
        ({"one": {"dated": "2024-05"}, "other": {"dated": "2019"}}, "one"),
        ({"one": {"received": "2026-11-24"}, "other": {"dated": "2024"}}, "one"),
        ({"one": {}, "other": {"dated": "2010"}}, "other"),
    ],
)
def test_where_sources_differ_the_newest_is_shown_and_the_others_are_named(
    opened: Opener, dates: Mapping[str, Mapping[str, str]], shown: str
) -> None:
    instance = opened(bare=True)
    said = {"one": ("10", "二级甲等"), "other": ("12", "三级甲等")}
    for document, (beds, grade) in said.items():
        listed = members({"name_zh": "某某市示例医院", "beds": beds, "grade": grade})
        instance.take(listed, document=document, **dates[document])
    (row,) = instance.rows().rows(workbook().default)
    (hidden,) = said.keys() - {shown}
    for key, place in (("beds", 0), ("grade", 1)):
        cell = row.cells[key]
        others = [(text, source.title("zh")) for text, source in cell.others]
        assert (cell.text, cell.source.title("zh")) == (said[shown][place], shown)
        assert others == [(said[hidden][place], hidden)]
    page = load_workbook(io.BytesIO(exported(instance.rows())))["机构"]
    (marked,) = [cell for line in page for cell in line if cell.comment and "另有不同" in cell.comment.text]
    assert marked.fill.fgColor.rgb == "00FFEB9C"


def test_a_figure_that_several_sources_state_is_one_row(opened: Opener) -> None:
    instance = opened(bare=True)
    kind = workbook().sheet("indicators")
    told = {"unit_id": "某某市示例医院", "indicator": "开放床位数", "period": "2024"}
    for document, value in (("one", "90"), ("other", "95"), ("third", "90")):
        instance.take(book(sheet(kind, {**told, "value": value})), document=document)
    (row,) = instance.rows().rows(kind)
    cell = row.cells["value"]
    assert {cell.text, *(said for said, _ in cell.others)} == {"90", "95"}
    assert row.cells["period"].others == ()


def test_a_selection_holds_the_units_their_departments_and_what_is_theirs(opened: Opener) -> None:
    instance = opened()
    instance.take(everything())
    instance.take(members(*LISTED), document="members")
    rows = instance.rows(Selection(ALLIANCE))
    names = {row.text("name_zh") for row in rows.rows(workbook().sheet("institutions"))}
    assert {"某某市示例医院", "另一示例医院"} <= names
    assert "示例大学" not in names
    one = next(r.thing for r in rows.rows(workbook().sheet("institutions")) if r.text("local_id") == "H001")
    held = texts(instance.rows(Selection(ALLIANCE, frozenset({one}))).sheets())
    assert [row["name_zh"] for row in held["institutions"]] == ["某某市示例医院"]
    assert [row["title_zh"] for row in held["designations"]] == ["示例市危重新生儿救治中心"]
    assert [row["capability"] for row in held["capabilities"]] == ["有创机械通气"]


def test_names_that_several_bear_are_told_apart_by_a_number(opened: Opener) -> None:
    instance, there = opened(bare=True), opened(bare=True)
    held = [
        {"local_id": "A", "name_zh": "单独医院"},
        {"local_id": "B", "name_zh": "某某医院", "admin_code": "220104"},
        {"local_id": "C", "name_zh": "某某医院", "admin_code": "220203"},
    ]
    kinds = workbook().sheet
    activities = sheet(kinds("activities"), {"host_id": "C", "title_zh": "示例查房"})
    data = book(sheet(kinds("institutions"), *held), activities)
    assert instance.take(data).open == []
    rows = instance.rows(graph=instance.graph_of(data))
    assert texts(rows.sheets())["activities"] == [{"host_id": "C", "title_zh": "示例查房"}]
    out = exported(rows)
    there.take(out)
    assert texts(there.rows(graph=there.graph_of(out)).sheets()) == texts(rows.sheets())


def test_what_is_invented_is_not_exported(opened: Opener) -> None:
    instance, data = opened(bare=True), members(*LISTED)
    instance.take(data)
    true = literal("true", datatype=XSD.boolean)
    invented = Quad(instance.graph_of(data), iri(MA.illustrative), true, samples.NAMES.catalogue)
    instance.engine.store.add([invented])
    assert "某某市示例医院" not in str(texts(instance.rows().sheets()))
