"""Divisions in cells: by every name and code that people write."""

from __future__ import annotations

import doctest

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.imports import area_names
from graph.imports.area_names import agree, area_in, called, is_within, known_code
from graph.imports.cells import Understood
from graph.imports.grid import CellValue
from graph.imports.records import Area, Otherwise
from ontology.areas import AREA, divisions, former_codes, former_names, short_names
from samples import HOSTILE

RIGHT: list[tuple[CellValue, str]] = [
    ("通辽", "150500"),
    ("通辽市", "150500"),
    ("内蒙古通辽市", "150500"),
    ("内蒙古自治区 通辽市", "150500"),
    ("内蒙通辽", "150500"),
    ("吉林省", "220000"),
    ("吉林市", "220200"),
    ("吉林省吉林市", "220200"),
    ("吉林 长春", "220100"),
    ("吉林省/长春市", "220100"),
    ("长 春 市", "220100"),
    ("长春市。", "220100"),
    ("吉林省长春市农安县", "220122"),
    ("长春市农安县", "220122"),
    ("农安", "220122"),
    ("中国吉林省", "220000"),
    ("伊通县", "220323"),
    ("伊通满族自治县", "220323"),
    ("延边", "222400"),
    ("延边州", "222400"),
    ("前郭县", "220721"),
    ("科左中旗", "150521"),
    ("四平市铁西区", "220302"),
    ("四平铁西", "220302"),
    ("北京市朝阳区", "110105"),
    ("北京市北京市朝阳区", "110105"),
    ("北京", "110000"),
    ("哈尔滨", "230100"),
    ("Changchun", "220100"),
    ("jilin city", "220200"),
    ("220122", "220122"),
    (220122, "220122"),
    (220122.0, "220122"),
    ("２２０１２２", "220122"),
    ("2201", "220100"),
    ("22", "220000"),
    ("220122 农安县", "220122"),
    ("农安县（220122）", "220122"),
]
NOTED: list[tuple[CellValue, str, str, str]] = [
    ("220381", "", "220184", "area-former-code"),
    (220181, "", "220113", "area-former-code"),
    ("220122100000", "", "220122", "area-code-longer"),
    ("九台市", "", "220113", "area-former-name"),
    ("长春市九台市", "", "220113", "area-former-name"),
    ("哲里木盟", "", "150500", "area-former-name"),
    ("四平市公主岭市", "", "220184", "area-moved"),
    ("铁西区", "220300", "220302", "area-by-import"),
    ("铁西区", "220000", "220302", "area-by-import"),
    ("朝阳区", "220100", "220104", "area-by-import"),
    ("吉林", "220000", "220200", "area-by-import"),
    ("吉林", "220200", "220200", "area-by-import"),
]
AS_TEXT = [
    ("吉林", "", "area-ambiguous"),
    ("吉林", "210000", "area-ambiguous"),
    ("铁西区", "", "area-ambiguous"),
    ("铁西区", "210000", "area-ambiguous"),
    ("朝阳", "", "area-ambiguous"),
    ("长春是", "", "area-unknown-near"),
    ("乌有之乡", "", "area-unknown"),
    ("99", "", "area-unknown"),
    *((hostile, "", "area-unknown") for hostile in HOSTILE),
]
WRONG: list[tuple[CellValue, str]] = [
    ("999999", "area-code-unknown"),
    ("220199", "area-code-unknown-inside"),
    ("220122 通辽市", "area-code-and-name"),
    ("2299", "area-code-unknown"),
]


def codes(found: Understood) -> list[str]:
    return [note.code for note in found.notes]


@pytest.mark.parametrize(("value", "code"), RIGHT)
def test_a_division_is_known_by_name_path_short_name_and_code(value: CellValue, code: str) -> None:
    assert area_in(value) == Understood((Area(AREA + code),))


@pytest.mark.parametrize(("value", "within", "code", "note"), NOTED)
def test_what_is_not_plain_is_resolved_and_said(value: CellValue, within: str, code: str, note: str) -> None:
    found = area_in(value, within)
    assert (found.values, codes(found), found.notes[0].severity) == ((Area(AREA + code),), [note], "info")


@pytest.mark.parametrize(("text", "within", "code"), AS_TEXT)
def test_what_may_be_several_or_none_stays_text(text: str, within: str, code: str) -> None:
    found = area_in(text, within)
    assert [type(value) for value in found.values] == [Otherwise]
    assert codes(found) == [code]
    assert area_in(text, within, keeps_text=False).notes[0].severity == "error"


@pytest.mark.parametrize(("value", "code"), WRONG)
def test_a_code_that_is_none_is_an_error(value: CellValue, code: str) -> None:
    found = area_in(value)
    assert (found.values, codes(found), found.notes[0].severity) == ((), [code], "error")


def test_an_ambiguous_name_lists_what_it_may_be() -> None:
    (note,) = area_in("铁西区").notes
    assert note.said["candidates"] == {
        "zh": "辽宁省沈阳市铁西区、辽宁省鞍山市铁西区、吉林省四平市铁西区",
        "en": "铁西区, 沈阳市, Liaoning Province; 铁西区, 鞍山市, Liaoning Province; 铁西区, Siping, Jilin Province",
    }


def test_an_address_is_kept_beside_the_division_that_it_begins_with() -> None:
    found = area_in("长春市朝阳区示例大街1号")
    assert found.values == (Area(AREA + "220104"), Otherwise("长春市朝阳区示例大街1号"))
    assert codes(found) == ["area-with-more"]


def test_every_division_is_known_by_its_code_and_its_full_path() -> None:
    right = {code: (Area(AREA + code),) for code in divisions()}
    assert {code: area_in(code).values for code in divisions()} == right
    assert {code: area_in(called(code)["zh"]).values for code in divisions()} == right


@given(st.sampled_from(sorted(divisions())))
def test_a_division_lies_in_itself_and_in_all_above_it(code: str) -> None:
    parent = divisions()[code].parent
    assert is_within(code, code)
    assert not parent or (is_within(code, parent) and agree(parent, code))
    assert not parent or not is_within(parent, code)


def test_former_and_short_names_and_codes_lead_to_divisions_of_today() -> None:
    assert all(known_code(former.former) == former.code for former in former_codes().values())
    assert {*former_names().values(), *short_names().values()} <= divisions().keys()
    assert not former_names().keys() & {division.zh for division in divisions().values()}


@given(st.text(max_size=20))
def test_any_text_is_a_division_or_a_text_or_has_a_reason_or_is_blank(text: str) -> None:
    found = area_in(text)
    assert found.values or found.notes or not any(map(str.isalnum, text))


def test_the_examples_are_right() -> None:
    assert doctest.testmod(area_names).failed == 0
