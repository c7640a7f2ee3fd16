"""Recognising sheets and columns by what stands on them."""

from __future__ import annotations

import pytest

from graph.imports.options import TableChoice
from graph.imports.recognition import Recognition, is_heading, recognised
from graph.imports.table import Table
from import_tables import table
from ontology.workbook import folded, workbook
from samples import HOSTILE

MEMBERS = ("序号", "单位名称", "等级", "联系人", "手机", "科室主任", "加入时间")


def keys(found: Recognition) -> list[str]:
    return [column.key for column in found.columns]


def codes(found: Recognition) -> list[str]:
    return [remark.code for remark in found.remarks]


def filled(heads: tuple[str, ...] | list[str], **about: object) -> Table:
    """Return a table with one row that has something in every cell."""
    return table(heads, ["某值"] * len(heads), **about)  # type: ignore[arg-type]


@pytest.mark.parametrize("sheet", workbook().sheets, ids=lambda sheet: sheet.key)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_each_sheet_of_the_template_is_recognised_whole(sheet: object, language: str) -> None:
    heads = [column.labels[language] for column in sheet.columns]  # type: ignore[attr-defined]
    found = recognised(filled(heads, sheet=sheet.labels[language]))  # type: ignore[attr-defined]
    assert (found.kind, found.recognised_by, found.used, found.remarks) == (sheet.key, "name", True, ())  # type: ignore[attr-defined]
    assert keys(found) == [column.key for column in sheet.columns]  # type: ignore[attr-defined]


@pytest.mark.parametrize("sheet", workbook().sheets, ids=lambda sheet: sheet.key)
def test_each_sheet_is_recognised_by_its_heads_alone(sheet: object) -> None:
    found = recognised(filled([column.zh for column in sheet.columns]))  # type: ignore[attr-defined]
    assert (found.kind, found.recognised_by) == (sheet.key, "heads")  # type: ignore[attr-defined]


def test_a_usual_list_of_members_is_recognised_by_its_heads() -> None:
    found = recognised(filled(MEMBERS))
    assert (found.kind, found.recognised_by) == ("members", "heads")
    assert keys(found) == ["", "name_zh", "grade", "contact", "phone", "head", "start"]
    assert [column.recognised_by for column in found.columns[:3]] == ["ignored", "name", "alias"]


def test_a_title_above_the_table_tells_what_it_is() -> None:
    found = recognised(
        filled(["单位", "其他甲", "其他乙", "其他丙"], titles=["2026年示例联盟成员单位一览表"])
    )
    assert (found.kind, found.recognised_by) == ("members", "name")


@pytest.mark.parametrize("sheet", ["医院", "联盟成员", "单位信息"])
def test_what_stands_on_the_sheet_weighs_more_than_how_it_is_called(sheet: str) -> None:
    assert recognised(filled(MEMBERS, sheet=sheet)).kind == "members"


def test_only_the_name_is_needed() -> None:
    found = recognised(filled(["医院"]))
    assert (found.kind, keys(found), found.used) == ("members", ["name_zh"], True)


@pytest.mark.parametrize(
    ("head", "key"),
    [
        ("新生儿床位（张）", "beds"),
        ("新生儿床位(张)", "beds"),
        ("单位名称（全称）", "name_zh"),
        ("*单位名称", "name_zh"),
        ("单 位 名 称", "name_zh"),
        ("单位名称：", "name_zh"),
        ("ＮＩＣＵ床位", "beds_nicu"),
        ("nicu beds", "beds_nicu"),
        ("床位 NICU", "beds_nicu"),
        ("NICU 床位", "beds_nicu"),
        ("基本情况 床位数", "beds"),
        ("联系方式 办公电话", "phone"),
    ],
)
def test_a_head_is_known_with_units_spaces_stars_and_in_two_rows(head: str, key: str) -> None:
    assert keys(recognised(filled(["医院", head] if key != "name_zh" else [head])))[-1] == key


def test_a_head_in_another_unit_is_not_used() -> None:
    found = recognised(filled(["项目名称", "承办单位", "费用（万元）"], sheet="培训项目"))
    assert keys(found) == ["name_zh", "holder_id", ""]
    assert codes(found) == ["column-other-unit"]


def test_a_column_of_several_values_may_have_several_heads() -> None:
    found = recognised(filled(["医院", "办公电话", "手机"]))
    assert (keys(found), codes(found)) == (["name_zh", "phone", "phone"], [])


def test_of_two_heads_for_one_column_the_better_one_wins_and_the_other_is_said() -> None:
    found = recognised(filled(["医院", "单位名称", "等级"]))
    assert keys(found) == ["", "name_zh", "grade"]
    assert codes(found) == ["column-claimed-twice"]
    assert found.remarks[0].heading == "医院"


def test_a_similar_head_is_only_a_suggestion() -> None:
    found = recognised(filled(["单位名称", "医院等纪"]))
    assert keys(found) == ["name_zh", ""]
    assert (found.columns[1].suggestions[0], codes(found)) == ("grade", ["column-unused-near"])


def test_an_unknown_head_over_nothing_is_not_worth_a_word() -> None:
    found = recognised(table(["单位名称", "附件"], ["某医院", None]))
    assert (keys(found), codes(found)) == (["name_zh", ""], [])


def test_what_a_person_said_goes_before_all_else() -> None:
    choice = TableChoice(
        kind="institutions", columns={1: "name_zh", 2: ""}, visibility={"name_zh": "internal"}
    )
    found = recognised(filled(["单位名称", "等级"]), {folded("单位名称"): "address"}, choice)
    assert (found.kind, found.recognised_by, keys(found)) == ("institutions", "chosen", ["name_zh", ""])
    assert [column.recognised_by for column in found.columns] == ["chosen", "chosen"]
    assert found.visibility() == {"name_zh": "internal"}
    assert found.choices() == {"单位名称": "name_zh", "等级": ""}


def test_what_was_said_before_is_remembered() -> None:
    found = recognised(filled(["单位名称", "分级"]), {folded("分 级"): "grade", "其他": "beds"})
    assert (keys(found), found.columns[1].recognised_by) == (["name_zh", "grade"], "remembered")


def test_visibility_is_only_made_stricter() -> None:
    choice = TableChoice(visibility={"contact": "public", "grade": "alliance", "name_zh": "nonsense"})
    found = recognised(filled(["单位名称", "等级", "联系人"]), None, choice)
    assert found.visibility() == {"name_zh": "public", "grade": "alliance", "contact": "internal"}


def test_a_table_that_is_something_else_is_left_with_suggestions() -> None:
    found = recognised(filled(["题目", "作者", "单位", "期刊", "卷期", "电话"], sheet="论文一览表"))
    assert (found.kind, found.recognised_by, found.used) == ("", "none", False)
    assert "members" in found.suggested
    assert codes(found) == ["sheet-unknown-near"]


@pytest.mark.parametrize(
    "heads",
    [
        ["序号", "姓名", "性别", "单位名称", "科室", "手机"],
        ["单位名称", "学员姓名", "进修专业", "联系电话"],
        ["Institution", "Full name", "Date of birth", "Phone"],
    ],
)
def test_a_register_of_persons_is_refused_with_its_reason(heads: list[str]) -> None:
    found = recognised(filled(heads))
    assert (found.used, codes(found)) == (False, ["person-register"])
    assert not any(column.sample for column in found.columns)


def test_a_list_of_contacts_is_no_register_of_persons() -> None:
    assert recognised(filled(["单位名称", "联系人", "职务", "手机"])).used
    assert "person-register" not in codes(recognised(filled(["单位名称", "姓名", "职务", "手机"])))


def test_of_a_head_of_two_rows_the_lower_one_tells_more() -> None:
    found = recognised(filled(["单位名称", "联系方式 联系人", "联系方式 电话"]))
    assert keys(found) == ["name_zh", "contact", "phone"]


def test_a_table_of_nothing_known_is_left() -> None:
    found = recognised(filled(["甲", "乙"]))
    assert (found.kind, found.used, codes(found)) == ("", False, ["sheet-unknown"])


def test_a_missing_column_is_said_with_what_to_do() -> None:
    found = recognised(filled(["等级", "联系人"]), None, TableChoice(kind="members"))
    assert (found.used, codes(found)[-1]) == (False, "column-missing")
    assert "单位名称" in found.remarks[-1].remedy("zh")


@pytest.mark.parametrize(
    "head", ["患儿姓名", "患者姓名（必填）", "住 院 号", "身份证号码", "联系人身份证号", "Patient Name"]
)
def test_a_column_about_patients_refuses_the_whole_table(head: str) -> None:
    found = recognised(filled(["单位名称", head]), None, TableChoice(kind="members", columns={2: "note"}))
    assert (found.used, codes(found)) == (False, ["patient-column"])
    assert found.columns[1].recognised_by == "refused"
    assert not any(column.sample for column in found.columns)


def test_numbers_of_identity_cards_refuse_the_table_whatever_the_head() -> None:
    number = "11010119000101001"
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    number += "10X98765432"[sum(int(d) * w for d, w in zip(number, weights, strict=True)) % 11]
    found = recognised(table(["单位名称", "备注"], ["某医院", None], ["某医院", number]))
    assert (found.used, codes(found)) == (False, ["patient-identity-numbers"])
    assert not any(column.sample for column in found.columns)


def test_a_register_of_patients_is_told_by_what_stands_side_by_side() -> None:
    found = recognised(filled(["转出医院", "胎龄（周）", "出生体重(g)"]))
    assert (found.used, codes(found)) == (False, ["patient-register"])


def test_a_hidden_sheet_is_left_unless_it_is_chosen() -> None:
    assert not recognised(filled(["单位名称"], hidden=True)).used
    assert recognised(filled(["单位名称"], hidden=True), None, TableChoice(used=True)).used
    assert not recognised(filled(["单位名称"]), None, TableChoice(used=False)).used


@pytest.mark.parametrize("hostile", HOSTILE)
def test_hostile_heads_are_just_unknown(hostile: str) -> None:
    found = recognised(filled(["单位名称", hostile], sheet=hostile, titles=[hostile]))
    assert keys(found) == ["name_zh", ""]
    assert all(remark.what(tag) and remark.remedy(tag) for remark in found.remarks for tag in ("zh", "en"))


@pytest.mark.parametrize("text", ["单位名称", "床位（张）", "序号", "患儿姓名", "NICU Beds"])
def test_heads_are_told_from_other_cells(text: str) -> None:
    assert is_heading(text)
    assert not is_heading("吉林示例医院")
