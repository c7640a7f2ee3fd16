"""The workbook mapping: every column means a property that exists, every drop-down value one concept."""

import re
import tomllib
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from graph import media
from graph.oxigraph import OxigraphStore
from graph.quads import iri, iri_value, literal_parts
from ontology.workbook import strictest, workbook, workbook_of

ONTOLOGY = Path(__file__).resolve().parent.parent / "ontology"
BOOK = tomllib.loads((ONTOLOGY / "workbook.toml").read_text(encoding="utf-8"))
SHEETS = {sheet["key"]: sheet for sheet in BOOK["sheet"]}
COLUMNS = [(sheet, column) for sheet in BOOK["sheet"] for column in sheet["columns"]]
KINDS = {"text", "date", "integer", "decimal", "concept", "reference", "yes-no"}
SKOS = "http://www.w3.org/2004/02/skos/core#"
RDFS = "http://www.w3.org/2000/01/rdf-schema#"

# The sheets and columns that were agreed; a star marks what a row is meaningless without.
AGREED = """
members: *单位名称 医院等级 所在市县 联盟角色 加入时间 科室名称 新生儿床位 NICU床位 科室负责人 联系人
  办公电话 备注
institutions: 本地编号 统一社会信用代码 执业登记号 *规范名称 英文名称 曾用名/别名(；分隔) 机构类别 医院等级
  上级/隶属单位 行政区划代码 地址 经度 纬度 坐标系 总机 网址 状态 资料来源 核实日期
departments: 科室编号 *所属机构编号 *科室名称 英文名称 成立年份 病房分级 开放床位 NICU床位 医师数
  高级职称医师 护士数 负责人 联系人 联系电话 统计截止日期 资料来源
memberships: 联盟编号 *机构编号 角色 加入日期 退出日期 协议文号 授牌日期 联盟联系人 联系电话 状态 资料来源
designations: *持有单位编号 *资质名称 英文名称 类别 级别 批准机关 文号 生效日期 有效期至 状态 资料来源
programmes: 项目编号 *承办单位编号 *项目名称 英文名称 类型 专业 招收对象 学历/职称要求 时长(月) 每年批次
  每批名额 报名开始 报名截止 开班日期 费用(元) 补助(元/月) 住宿 证书/学分 轮转/协同单位编号 带教老师数
  重点技能 联系人 电话 报名网址 核实日期 资料来源 申请流程 申请材料 单位同意盖章 受理部门 派出单位条件
  住培合格证书 执业范围 年龄上限 单位人/社会人
projects: 课题编号 *承担单位编号 *名称 英文 类别 级别 资助方 批准号 负责人 开始 结束 参与单位编号 状态
  资料来源
links: *甲方编号 *乙方编号 *关系 开始 结束 年度例数(汇总) 统计年度 响应时间(分钟) 道路距离(公里) 备注
  资料来源
capabilities: *科室编号 *能力项 是否开展 年例数 统计年度 资料来源
indicators: *单位编号 *指标 统计期 分子 分母 *数值 单位 是否公开 资料来源
activities: 活动编号 *主办单位编号 *名称 类型 开始 结束 参与单位编号 参加人数 学分 资料来源
"""
# The drop-down values that were agreed, by sheet and column.
OPTIONS = {
    ("members", "医院等级"): "三级甲等 三级乙等 三级 二级甲等 二级乙等 二级 一级 未定级 未知",
    ("members", "联盟角色"): "发起单位 牵头单位 副理事长单位 理事单位 成员单位 协作单位",
    ("institutions", "机构类别"): "综合医院 妇幼保健院 儿童医院 中医医院 专科医院 高校 行政机关 其他",
    ("institutions", "医院等级"): "三级甲等 三级乙等 三级 二级甲等 二级乙等 二级 一级 未定级 未知",
    ("institutions", "坐标系"): "WGS84 GCJ02 BD09",
    ("institutions", "状态"): "在用 更名 合并 停用",
    ("departments", "病房分级"): "Ⅰ级 Ⅱ级a Ⅱ级b Ⅲ级a Ⅲ级b Ⅲ级c 未评 未知",
    ("memberships", "角色"): "发起单位 牵头单位 副理事长单位 理事单位 成员单位 协作单位",
    ("memberships", "状态"): "有效 到期 退出 待审核",
    (
        "designations",
        "类别",
    ): "危重新生儿救治中心 质控中心 特色专科 临床重点专科 住培基地 专培基地 其他培训基地 其他",
    ("designations", "级别"): "国家级 省级 市级 县级",
    ("designations", "状态"): "有效 复核中 过期 撤销",
    (
        "programmes",
        "类型",
    ): "住院医师规范化培训 专科医师规范化培训 进修 专科护士培训 继续教育 短期班 远程课程",
    ("programmes", "住宿"): "提供 不提供 协助 未知",
    ("projects", "类别"): "科研 教学 技术推广 质量改进",
    ("projects", "级别"): "国家级 省级 市级 校级 院级 其他",
    ("projects", "状态"): "在研 结题 终止",
    ("links", "关系"): "上转至 下转至 转运服务覆盖 远程会诊 对口支援 质控指导 培训带教 科研合作",
    (
        "capabilities",
        "能力项",
    ): "有创机械通气 高频通气 CPAP 肺表面活性物质 亚低温治疗 一氧化氮吸入 ECMO 新生儿外科 ROP筛查 ROP治疗 "
    "新生儿转运 宫内转运 PICC 换血 床旁超声 aEEG 血液净化",
    ("capabilities", "是否开展"): "是 否 24小时 工作日 未知",
    ("indicators", "是否公开"): "公开 联盟内 仅本单位",
    ("activities", "类型"): "培训班 查房 质控督导 义诊 病例讨论 学术会议 联盟会议",
}


@cache
def store() -> OxigraphStore:
    held = OxigraphStore()
    for name in ("ontology.ttl", "vocabularies.ttl"):
        held.add(held.read((ONTOLOGY / name).read_bytes(), media.TURTLE))
    return held


def expanded(curie: str) -> str:
    """Return the IRI of a CURIE of the mapping."""
    prefix, _, local = curie.partition(":")
    return str(BOOK["prefixes"][prefix]) + local


def known(curie: str) -> bool:
    """Tell whether the ontology names the term, or describes how a borrowed one is used."""
    return any(True for _ in store().match(iri(expanded(curie)), iri(RDFS + "label")))


def concepts_called(label: str, scheme: str) -> set[str]:
    """Return the concepts of a scheme that bear a Chinese label."""
    home = iri(expanded(f"voc:{scheme}"))
    found = set()
    for quad in store().match(predicate=iri(SKOS + "inScheme"), object=home):
        for kind in ("prefLabel", "altLabel"):
            for said in store().match(quad.subject, iri(SKOS + kind)):
                parts = literal_parts(said.object)
                if (parts.lexical, parts.language) == (label, "zh"):
                    found.add(iri_value(quad.subject))
    return found


def named(sheet_and_column: tuple[dict[str, Any], dict[str, Any]]) -> str:
    sheet, column = sheet_and_column
    return f"{sheet['key']}-{column['key']}"


def test_every_agreed_column_is_there_and_only_the_needed_ones_are_required() -> None:
    agreed = {}
    for line in re.split(r"\n(?=\S)", AGREED.strip()):
        sheet, _, columns = line.partition(": ")
        agreed[sheet] = columns.split()
    found = {
        key: ["*" * column.get("required", False) + column["zh"] for column in sheet["columns"]]
        for key, sheet in SHEETS.items()
    }
    assert found == agreed


def test_the_drop_downs_are_the_agreed_ones() -> None:
    found = {
        (sheet["key"], column["zh"]): " ".join(column["options"])
        for sheet, column in COLUMNS
        if "options" in column
    }
    assert found == OPTIONS


@pytest.mark.parametrize(
    ("label", "scheme"),
    sorted({(option, column["scheme"]) for _, column in COLUMNS for option in column.get("options", [])}),
)
def test_a_drop_down_value_is_one_concept(label: str, scheme: str) -> None:
    assert len(concepts_called(label, scheme)) == 1


@pytest.mark.parametrize("pair", COLUMNS, ids=named)
def test_a_column_is_fully_described(pair: tuple[dict[str, Any], dict[str, Any]]) -> None:
    sheet, column = pair
    assert {"key", "zh", "en", "aliases", "property", "kind"} <= set(column)
    assert column["kind"] in KINDS
    assert ("scheme" in column) == (column["kind"] == "concept")
    assert ("to" in column) == (column["kind"] == "reference")
    assert column.get("visibility", "public") in {"public", "alliance", "internal"}
    assert set(column.get("on", [])) <= {part["key"] for part in sheet["parts"]}


@pytest.mark.parametrize("pair", COLUMNS, ids=named)
def test_what_a_column_means_exists(pair: tuple[dict[str, Any], dict[str, Any]]) -> None:
    _, column = pair
    meant = [column["property"], *(column[key] for key in ("otherwise", "mobile") if key in column)]
    assert [term for term in meant if not known(term)] == []
    if column.get("datatype", "").startswith("ma:"):
        assert known(column["datatype"])
    if "scheme" in column:
        assert list(
            store().match(predicate=iri(SKOS + "inScheme"), object=iri(expanded(f"voc:{column['scheme']}")))
        )


@pytest.mark.parametrize("sheet", SHEETS.values(), ids=SHEETS)
def test_what_a_sheet_and_its_parts_mean_exists(sheet: dict[str, Any]) -> None:
    assert known(sheet["class"])
    for part in sheet["parts"]:
        assert known(part["class"])
        assert known(part["link"])
        assert part.get("of", part["key"]) in {other["key"] for other in sheet["parts"]}
        for term, value in part.get("set", {}).items():
            assert known(term)
            assert list(store().match(iri(expanded(value)), iri(SKOS + "prefLabel")))
    for variant in sheet.get("variants", []):
        assert known(variant["class"])
        assert all(known(term) for term in variant["properties"].values())
        assert variant["column"] in {column["key"] for column in sheet["columns"]}
        assert list(store().match(iri(expanded(variant["value"])), iri(SKOS + "prefLabel")))


@pytest.mark.parametrize("sheet", SHEETS.values(), ids=SHEETS)
def test_a_word_heads_one_column_of_a_sheet(sheet: dict[str, Any]) -> None:
    heads = Counter(
        re.sub(r"[\s()（）]", "", word).lower()
        for column in sheet["columns"]
        for word in (column["zh"], column["en"], *column["aliases"])
    )
    assert [word for word, count in heads.items() if count > 1] == []


def test_keys_are_unique_and_one_sheet_is_the_default_template() -> None:
    assert len(SHEETS) == len(BOOK["sheet"])
    for sheet in BOOK["sheet"]:
        for group in ("columns", "parts"):
            keys = [entry["key"] for entry in sheet[group]]
            assert len(keys) == len(set(keys))
    assert [key for key, sheet in SHEETS.items() if sheet.get("default")] == ["members"]
    assert len(SHEETS["members"]["columns"]) == 12


def test_names_and_numbers_of_people_are_internal() -> None:
    public = [
        named((sheet, column))
        for sheet, column in COLUMNS
        if column["property"] in {"schema:name", "ma:officeLine", "skos:note"}
        and column.get("visibility") != "internal"
    ]
    assert public == []
    contacts = [part for sheet in BOOK["sheet"] for part in sheet["parts"] if part["class"] == "ma:Contact"]
    assert all(part["visibility"] == "internal" for part in contacts)


def test_no_date_is_required() -> None:
    assert not [column for _, column in COLUMNS if column["kind"] == "date" and column.get("required")]


def test_codes_and_numbers_of_documents_are_texts() -> None:
    codes = {"org:identifier", "dct:identifier", "ma:documentNumber", "ma:grantNumber"}
    found = [column for _, column in COLUMNS if column["property"] in codes]
    assert found
    assert all(column["kind"] == "text" and "datatype" in column for column in found)


def test_columns_about_patients_are_refused_and_mean_nothing() -> None:
    heads = {word for _, column in COLUMNS for word in (column["zh"], column["en"], *column["aliases"])}
    assert {"患儿姓名", "住院号", "身份证号"} <= set(BOOK["cells"]["refused"])
    assert not heads & {*BOOK["cells"]["refused"], *BOOK["cells"]["ignored"]}


def test_the_typed_workbook_is_the_file() -> None:
    read = {sheet.key: [column.key for column in sheet.columns] for sheet in workbook().sheets}
    assert read == {key: [column["key"] for column in sheet["columns"]] for key, sheet in SHEETS.items()}
    assert workbook().default.key == "members"
    assert workbook().cells.suppress_below == BOOK["cells"]["suppress_below"]
    for sheet in workbook().sheets:
        for column in sheet.columns:
            assert (
                expanded(SHEETS[sheet.key]["columns"][sheet.columns.index(column)]["property"])
                == column.property
            )


def test_columns_that_others_name_are_there() -> None:
    for sheet in workbook().sheets:
        assert sheet.unique
        assert all(map(sheet.has_column, sheet.unique))
        for column in sheet.columns:
            assert all(sheet.has_column(key) for key in (column.until, column.not_above) if key)


def test_the_stricter_of_a_column_and_its_parts_decides_who_sees_it() -> None:
    members = workbook().sheet("members")
    assert members.visibility_of("contact") == "internal"
    assert members.visibility_of("name_zh") == "public"
    assert strictest(["public", "internal", "alliance"]) == "internal"
    assert strictest([]) == "public"


@pytest.mark.parametrize(
    "head", ["医院等级", "医院 等级：", "*医院等级", "【医院等级】", "ＧＲＡＤＥ", "医院等级\u200b"]
)
def test_a_head_is_known_whatever_decorates_it(head: str) -> None:
    column = workbook().sheet("members").called(head)
    assert column is not None
    assert column.key == "grade"


def test_a_visibility_that_is_none_is_refused() -> None:
    wrong = {
        **BOOK,
        "sheet": [{**BOOK["sheet"][0], "columns": [{**BOOK["sheet"][0]["columns"][0], "visibility": "x"}]}],
    }
    with pytest.raises(ValueError, match="visibility"):
        workbook_of(wrong)
