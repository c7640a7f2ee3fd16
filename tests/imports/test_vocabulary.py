"""Words of the vocabularies in cells."""

from __future__ import annotations

import pytest

from graph.imports.packaged_vocabulary import packaged_vocabulary
from graph.imports.vocabulary import said_as
from ontology.workbook import workbook
from samples import HOSTILE

VOCABULARY = packaged_vocabulary()
KNOWN = [
    ("hospital-grade", "三级甲等", "3a"),
    ("hospital-grade", "三甲", "3a"),
    ("hospital-grade", "三甲医院", "3a"),
    ("hospital-grade", "三级甲等医院", "3a"),
    ("hospital-grade", " 三级 甲等 ", "3a"),
    ("hospital-grade", "３Ａ", "3a"),
    ("hospital-grade", "Grade 3A", "3a"),
    ("hospital-grade", "三级", "3"),
    ("hospital-grade", "不详", "unknown"),
    ("ward-level", "Ⅲ级b", "iiib"),
    ("ward-level", "III级B", "iiib"),
    ("availability", "√", "yes"),
    ("availability", "✔", "yes"),
    ("availability", "Y", "yes"),
    ("availability", "有", "yes"),
    ("availability", "开展", "yes"),
    ("availability", "×", "no"),
    ("availability", "无", "no"),
    ("availability", "24小时", "around-the-clock"),
    ("housing", "√", "provided"),
    ("requirement", "是", "required"),
    ("crs", "百度坐标", "bd09"),
    ("membership-role", "理事长单位", "lead"),
]
UNKNOWN = [
    ("hospital-grade", "三级假等"),
    ("hospital-grade", "√"),
    ("membership-role", "成员"),
    ("employment", "Y"),
    ("no-such-scheme", "三甲"),
    *(("hospital-grade", hostile) for hostile in HOSTILE),
]


@pytest.mark.parametrize(("scheme", "text", "notation"), KNOWN)
def test_a_concept_is_known_by_its_labels_notation_and_marks(scheme: str, text: str, notation: str) -> None:
    assert VOCABULARY.concept(scheme, text) == f"https://w3id.org/medalliance/vocab/{scheme}/{notation}"


@pytest.mark.parametrize(("scheme", "text"), UNKNOWN)
def test_what_is_only_similar_is_no_concept(scheme: str, text: str) -> None:
    assert VOCABULARY.concept(scheme, text) is None


@pytest.mark.parametrize(
    ("scheme", "text", "nearest"),
    [
        ("hospital-grade", "三级假等", "三级甲等"),  # said alike
        ("hospital-grade", "三甲综合医院", "三级甲等"),
        ("membership-role", "成员", "成员单位"),
        ("technique", "高频振荡通气机", "高频通气"),
    ],
)
def test_the_nearest_value_comes_first(scheme: str, text: str, nearest: str) -> None:
    options = next(c.options for s in workbook().sheets for c in s.columns if c.scheme == scheme)
    assert VOCABULARY.nearest(scheme, text, options)[0].zh == nearest


def test_where_nothing_is_near_the_drop_down_is_told() -> None:
    options = workbook().sheet("members").column("grade").options
    assert [label.zh for label in VOCABULARY.nearest("hospital-grade", "zzz", options)] == list(options)


def test_suggestions_are_told_in_both_languages() -> None:
    told = said_as(VOCABULARY.nearest("membership-role", "成员"))
    assert told == {"zh": "成员单位", "en": "member unit"}


@pytest.mark.parametrize("sheet", workbook().sheets, ids=lambda sheet: sheet.key)
def test_every_option_of_a_drop_down_is_understood(sheet: object) -> None:
    for column in sheet.columns:  # type: ignore[attr-defined]
        assert all(VOCABULARY.concept(column.scheme, option) for option in column.options)
