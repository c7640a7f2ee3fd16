"""What coordinators ask, answered on pages from an imported workbook (questions 1–8, 10, 16–18, 24 and 25)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from coordinator import Coordinator, coordinator
from people import signed_in

from graph.imports.options import Options


@pytest.fixture(scope="module")
def someone(tmp_path_factory: pytest.TempPathFactory, started: Path) -> Iterator[Coordinator]:
    with coordinator(tmp_path_factory.mktemp("asked"), started) as made:
        made.imports_workbook()
        yield made


def section(text: str, start: str, end: str) -> str:
    return text[text.index(start) : text.index(end, text.index(start))]


def test_1_which_hospitals_are_members_today_and_in_which_role(someone: Coordinator) -> None:
    html = someone.html("/members?alliance=org/jl-neonatal-alliance&lang=zh")
    rows = dict(
        re.findall(r'<th scope="row"><a [^>]*>([^<]*)</a>.*?data-label="角色"[^>]*><div>([^<]*)<', html, re.S)
    )
    assert rows["某某第一医院"] == "牵头单位"
    assert rows["某某县医院"] == "成员单位"
    assert rows["某某市妇幼保健院"] == "理事单位"
    assert "某某旧医院" not in rows


def test_2_who_joined_or_left_since_last_years_council(someone: Coordinator) -> None:
    text = someone.sees("/alliance-review?since=2025-12-01&lang=zh")
    joined = section(text, "新加入 1", "退出 1")
    assert "某某县医院 成员单位 2026年1月 是" in joined
    assert "某某旧医院 成员单位 2026年5月31日 是" in section(text, "退出 1", "天内到期")
    assert "某某第一医院" not in joined


def test_3_which_agreements_end_within_90_days(someone: Coordinator) -> None:
    text = someone.sees("/alliance-review?lang=zh")
    assert "某某县医院 成员单位 2027年1月15日 是" in section(text, "90 天内到期 1", "没有成员单位的地市")
    assert "30 天内到期 0" in someone.sees("/alliance-review?days=30&lang=zh")


def test_4_which_prefectures_and_counties_have_no_member(someone: Coordinator) -> None:
    text = section(
        someone.sees("/alliance-review?lang=zh"),
        "没有成员单位的地市与区县 没有成员单位的地市",
        "没有危重新生儿救治中心的区县",
    )
    assert "白山市" in text
    prefectures = text[: text.index("家成员没有载明所在区县")]
    assert not {"长春市", "吉林市", "四平市"} & set(re.findall(r"\S+", prefectures))
    assert "双辽市" in text
    assert "梨树县" not in text


def test_5_which_county_has_no_designated_critical_neonatal_centre(someone: Coordinator) -> None:
    text = section(
        someone.sees("/alliance-review?lang=zh"), "没有危重新生儿救治中心的区县 以在案", "同时参加其他联盟"
    )
    assert "双辽市" in text
    assert "梨树县" not in text


def test_6_who_is_our_contact_at_a_hospital_and_when_was_it_checked(someone: Coordinator) -> None:
    unit = someone.unit("某某县医院")
    text = someone.sees(f"/resource?iri={quote(unit)}&lang=zh")
    row = section(text, "联盟联络员 联系人乙", "仅协调员")
    assert "0434-5000002" in row
    assert "13900000002" in row
    assert "从未核对" in row
    assert "2026年3月" in row


def test_6_nobody_else_sees_that_there_is_a_contact(someone: Coordinator) -> None:
    unit = quote(someone.unit("某某县医院"))
    member = signed_in(someone.app.state.accounts, "member")
    for headers in ({"Cookie": ""}, dict(member.headers)):
        html = someone.client.get(f"/resource?iri={unit}&lang=zh", headers=headers).text
        assert not [word for word in ("联系人乙", "13900000002", "5000002", "周三", "内部") if word in html]


def test_7_which_members_are_also_in_another_alliance_or_led_by_another_hospital(
    someone: Coordinator,
) -> None:
    text = someone.sees("/alliance-review?lang=zh")
    assert "某某市妇幼保健院 某某儿科联盟 成员单位 某某儿童医院" in section(
        text, "同时参加其他联盟的成员单位 1", "成员单位载明的床位"
    )


def test_8_which_members_have_which_ward_tier_or_unknown(someone: Coordinator) -> None:
    html = someone.html("/members?lang=zh")
    facet = html[html.index("<legend>病房等级</legend>") :]
    facet = facet[: facet.index("</fieldset>")]
    assert re.findall(r'name="ward" value="([^"]*)"', facet) == ["iia", "iiia", "unknown"]
    assert "某某县医院" in someone.sees("/members?ward=iia&lang=zh")
    assert "某某市妇幼保健院" in someone.sees("/members?ward=unknown&lang=zh")


def test_10_which_city_level_member_lacks_something_of_its_tier(someone: Coordinator) -> None:
    text = section(
        someone.sees("/alliance-review?lang=zh"), "对照所属层级尚有缺项", "过旧或没有来源的事实 超过"
    )
    assert "同一层级中至少半数成员" in text
    row = section(text, "某某市妇幼保健院 市级", "高频通气")
    assert "亚低温治疗" in row


def test_16_whether_a_name_on_a_list_is_a_unit_that_we_know(someone: Coordinator) -> None:
    listed = ("新名单.csv", "单位名称,所在市县\n吉大一院,长春市\n")
    importer = someone.app.state.importer
    report = importer.stage(
        [(listed[0], listed[1].encode())], Options(area="220000"), who="测试", patience=60
    )
    text = someone.sees(f"/import/{report['id']}?step=names&lang=zh")
    assert "吉大一院" in text
    assert "吉林大学第一医院" in text
    assert "简称" in text
    assert "就是它" in text
    importer.discard(report["id"])


def test_17_which_rows_of_a_new_list_conflict_with_what_is_held(someone: Coordinator) -> None:
    listed = "单位名称,医院等级,所在市县\n某某第一医院,三级乙等,长春市\n某某县医院,二级甲等,梨树县\n"
    importer = someone.app.state.importer
    report = importer.stage([("冲突.csv", listed.encode())], Options(area="220000"), who="测试", patience=60)
    text = someone.sees(f"/import/{report['id']}?step=preview&show=disagreeing&lang=zh")
    assert "某某第一医院" in text
    assert "第 2 行" in text
    assert "本名单： 三级乙等" in text
    assert "三级甲等" in text
    assert "某某县医院" not in text
    importer.discard(report["id"])


def test_18_how_many_beds_are_reported_and_from_how_many_the_number_is_missing(someone: Coordinator) -> None:
    text = section(someone.sees("/alliance-review?lang=zh"), "成员单位载明的床位 ", "对照所属层级")
    assert re.search(r"开放床位数? 110 来自 1 家成员 · 4 家未载明", text), text
    # The department of the alliance's initiator is on record with beds, too.
    assert re.search(r"NICU床位数? 52 来自 3 家成员 · 2 家未载明", text), text


def test_24_which_facts_are_old_or_have_no_source(someone: Coordinator) -> None:
    old = Options(area="220000", dated="2020-05", source="旧的床位表")
    someone.imports(old, "旧.csv", "单位名称,床位数\n某某第一医院,90\n".encode())
    text = someone.sees("/alliance-review?lang=zh")
    part = text[text.index("过旧或没有来源的事实 超过 2 年") :]
    assert re.search(r"旧的床位表 \d+ 2020年5月 过旧", part), part
    assert re.search(r"吉林大学第一医院新生儿科简介 42 未载明 日期未载明", part), part
    assert "没有来源 0" in part


def test_25_a_one_page_list_for_the_meeting(someone: Coordinator) -> None:
    text = someone.sees("/alliance-sheet?lang=zh")
    assert "制表日期：2026年11月23日" in text
    assert "数据截止：2026年6月" in text
    assert "某某县医院 梨树县 成员单位 二级甲等" in text
    assert "联系人乙" not in text
    assert "139" not in text
