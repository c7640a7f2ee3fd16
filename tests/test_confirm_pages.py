"""The pages of confirming and collecting, on an instance with an imported list: what is answered becomes a source."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator, Mapping
from io import BytesIO
from pathlib import Path
from urllib.parse import parse_qs, quote, urlsplit

import pytest
from coordinator import Coordinator, coordinator, text_of
from page_data import ALLIANCE

from graph.imports.options import Options
from graph.repository import Repository
from samples import HOSTILE

LISTED = """成员单位名单（2026年3月）
单位名称,医院等级,所在市县,加入时间,科室名称,新生儿床位,联系人,办公电话,备注
某某第一医院,二级甲等,四平市,2021.3,儿科,20,联系人甲,0434-5000001,周三可联系
某某第二医院,,吉林市,,,,,,
"""
ANSWERS = {
    "医院等级": ("corrected", "三级乙等"),
    "新生儿床位": ("corrected", "二十五"),
    "加入时间": ("unclear", ""),
}


@pytest.fixture(scope="module")
def someone(tmp_path_factory: pytest.TempPathFactory, started: Path) -> Iterator[Coordinator]:
    with coordinator(tmp_path_factory.mktemp("confirmed"), started) as made:
        made.imports(Options(alliance=ALLIANCE, area="220000", accept_new=True), "名单.csv", LISTED.encode())
        yield made


def repository(someone: Coordinator) -> Repository:
    made: Repository = someone.app.state.repository
    return made


def lines(html: str) -> Mapping[str, str]:
    """Return the names of the radio buttons by what is asked about."""
    found = re.findall(r'<span class="asked">(.*?)</span>.*?name="(a\.[0-9a-f]+)"', html, re.S)
    return {text_of(said): name for said, name in found}


def options(html: str, name: str) -> Mapping[str, str]:
    """Return the choices of a drop-down: text to value."""
    select = re.search(rf'<select name="{re.escape(name)}".*?</select>', html, re.S)
    assert select, name
    return {text: value for value, text in re.findall(r'<option value="([^"]*)"[^>]*>([^<]*)<', select[0])}


def answered(someone: Coordinator, unit: str, answers: Mapping[str, tuple[str, str]]) -> dict[str, str]:
    """Return the fields of a form with some answers, everything else confirmed."""
    html = someone.html(f"/confirm?unit={quote(unit)}&lang=zh")
    fields = {"unit": unit, "told": "办公室乙，电话核对"}
    for said, name in lines(html).items():
        answer, text = next((one for key, one in answers.items() if key in said), ("confirmed", ""))
        field = name.replace("a.", "v.")
        is_choice = f'<select name="{field}"' in html
        fields |= {name: answer, field: options(html, field)[text] if is_choice and text else text}
    return fields


def test_units_that_never_answered_come_first(someone: Coordinator) -> None:
    text = someone.sees("/confirm?lang=zh")
    assert "某某第一医院 四平市 从未核对" in text
    assert "某某第二医院" in text
    assert "某某第二医院" not in someone.sees("/confirm?q=mmdyyy&lang=zh")


def test_what_is_on_record_is_asked_about_with_its_source(someone: Coordinator) -> None:
    html = someone.html(f"/confirm?unit={quote(someone.unit('某某第一医院'))}&lang=zh")
    asked = set(lines(html))
    assert {"医院等级", "所在市县", "联系人", "办公电话", "加入时间", "科室名称"} <= asked
    assert "成员单位名单（2026年3月）" in html
    assert "从未核对" in html
    assert html.count('class="badge internal"') == 2


def test_answers_become_a_source_that_replaces_nothing_and_can_be_taken_back(someone: Coordinator) -> None:
    unit = someone.unit("某某第一医院")
    before = set(repository(someone).quads())
    restricted = {(one.node, one.quads) for one in repository(someone).restricted.all()}
    fields = answered(someone, unit, ANSWERS)

    preview = someone.sends("/confirm/preview?lang=zh", 200, **fields)
    shown = text_of(preview.text)
    assert "核对：某某第一医院 2026-11-23" in shown
    assert "医院等级 二级甲等 更正 三级乙等 来源不一致" in shown
    assert "20 更正 25 来源不一致" in shown
    assert "加入时间 2021年3月 不清楚 只记为不清楚" in shown
    assert set(repository(someone).quads()) == before

    done = someone.sends("/confirm?lang=zh", **fields)
    asked = parse_qs(urlsplit(done.headers["location"]).query)
    after = set(repository(someone).quads())
    sources = {quad for quad in before if quad.graph != repository(someone).names.derived}
    assert sources <= after
    assert f"这是第 {asked['change'][0]} 次修改" in someone.sees(done.headers["location"])

    page = someone.sees(f"/resource?iri={quote(unit)}&lang=zh")
    assert page.count("来源不一致") >= 2
    assert re.search(r"联盟联络员 联系人甲 办公电话：0434-5000001 2026年11月23日 核对：某某第一医院", page), (
        page
    )
    assert "单位答复“不清楚”的事项" in page
    assert "上次答复 2026年11月23日：更正" in someone.sees(f"/confirm?unit={quote(unit)}&lang=zh")
    assert "某某第一医院 四平市 2026年11月23日" in someone.sees("/confirm?lang=zh")

    undone = someone.sends("/confirm/undo?lang=zh", unit=unit, change=asked["change"][0], why="问错了单位")
    assert "这次核对已撤销" in someone.sees(undone.headers["location"])
    assert set(repository(someone).quads()) == before
    assert {(one.node, one.quads) for one in repository(someone).restricted.all()} == restricted


def test_who_answers_is_never_public(someone: Coordinator) -> None:
    unit = someone.unit("某某第二医院")
    someone.sends("/confirm?lang=zh", **answered(someone, unit, {}))
    everything = "\n".join(map(str, repository(someone).quads()))
    assert "办公室乙" not in everything
    assert "办公室乙，电话核对" in someone.sees(f"/resource?iri={quote(unit)}&lang=zh")


def test_a_correction_that_cannot_be_kept_is_marked_and_nothing_is_written(someone: Coordinator) -> None:
    unit = someone.unit("某某第一医院")
    version = someone.app.state.engine.version
    fields = answered(someone, unit, {"加入时间": ("corrected", "2021.13")})
    for path in ("/confirm/preview?lang=zh", "/confirm?lang=zh"):
        answer = someone.sends(path, 422, **fields)
        assert 'class="fact wrong"' in answer.text
        assert 'aria-invalid="true"' in answer.text
        assert 'value="2021.13"' in answer.text
    assert someone.app.state.engine.version == version


def test_a_form_without_answers_comes_back(someone: Coordinator) -> None:
    unit = someone.unit("某某第一医院")
    answer = someone.sends("/confirm/preview?lang=zh", 200, unit=unit)
    assert "查看核对结果" in answer.text


@pytest.mark.parametrize("unit", ["nobody", "http://example.org/x", ALLIANCE + "x", "<script>"])
def test_what_is_no_unit_cannot_be_confirmed(someone: Coordinator, unit: str) -> None:
    assert someone.client.get("/confirm", params={"unit": unit}).status_code == 404


@pytest.mark.parametrize("label", HOSTILE)
def test_hostile_answers_stay_text(someone: Coordinator, label: str) -> None:
    unit = someone.unit("某某第一医院")
    fields = answered(someone, unit, {"联系人": ("corrected", label)}) | {"told": label}
    html = someone.sends("/confirm/preview?lang=zh", 200, **fields).text
    assert "<script>alert" not in html
    assert "<img src=x" not in html


def test_workbooks_go_out_and_it_is_told_who_has_returned_theirs(someone: Coordinator) -> None:
    assert "还没有发出过填报表" in someone.sees("/collect?lang=zh")
    made = someone.sends("/collect?lang=zh", 200, alliance=ALLIANCE, until="2026-12-15", to="联盟办公室")
    assert made.headers["content-type"] == "application/zip"
    archive = zipfile.ZipFile(BytesIO(made.content))
    names = archive.namelist()
    assert any("某某第一医院" in name for name in names)
    text = someone.sees("/collect?lang=zh")
    assert "请于2026年12月15日前返回" in text
    assert re.search(r"\d 家中已返回 0 家", text)

    name = next(name for name in names if "某某第一医院" in name)
    form = {"csrf": someone.csrf, "alliance": "", "area": "220000"}
    sent = someone.client.post(
        "/import?lang=zh", data=form, files={"file": ("改了名.xlsx", archive.read(name))}
    )
    assert sent.status_code == 303
    someone.sees(sent.headers["location"])
    text = someone.sees("/collect?lang=zh")
    assert re.search(r"\d 家中已返回 1 家", text)
    assert "某某第一医院 尚未返回" not in text
    waiting = someone.sees("/collect?show=waiting&lang=zh")
    assert "某某第二医院 尚未返回" in waiting
