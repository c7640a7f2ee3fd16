"""Which writings are the same name, and what tells names of different units apart."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.imports.written_names import (
    are_built_alike,
    differences,
    identifier_key,
    is_branch,
    is_relative,
    normalised,
    short_name,
)

DIVISIONS = {"吉林省", "吉林市", "长春市", "长治市"}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("吉林大學第一醫院", "吉林大学第一医院"),
        ("第９６４医院", "第964医院"),
        ("示例医院（南院）", "示例医院[南院]"),
        ("示例 医院\u3000\u200b", "示例医院"),
        ("NICU中心", "ｎｉｃｕ中心"),
    ],
)
def test_these_writings_are_the_same_name(one: str, other: str) -> None:
    assert normalised(one) == normalised(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("九一O医院", "九一〇医院"),
        ("九一0医院", "九一〇医院"),
        ("吉林省医院", "吉林医院"),
        ("示例大学附属医院", "示例大学医院"),
        ("示例第一医院", "示例一医院"),
        ("示例医院(南院)", "示例医院南院"),
    ],
)
def test_these_writings_are_different_names(one: str, other: str) -> None:
    assert normalised(one) != normalised(other)


@given(st.text())
def test_a_normalised_name_stays_as_it_is(text: str) -> None:
    assert normalised(normalised(text)) == normalised(text)


@pytest.mark.parametrize(
    ("one", "other", "reasons"),
    [
        ("吉林市中心医院", "吉林省中心医院", ("other-place",)),
        ("长春市中医院", "长治市中医院", ("other-place",)),
        ("长舂市中医院", "长春市中医院", ()),
        ("吉林省长春市中医院", "长春市中医院", ()),
        ("示例县医院", "示例市医院", ("other-place",)),
        ("示例第一医院", "示例第二医院", ("other-number",)),
        ("示例第十二医院", "示例第12医院", ()),
        ("示例第十医院", "示例第20医院", ("other-number",)),
        ("四平市第一医院", "四平市第二医院", ("other-number",)),
        ("九一o医院", "九一〇医院", ()),
        ("解放军第九一二医院", "解放军第九一〇医院", ("other-number",)),
        ("示例妇幼保健院", "示例妇产医院", ("other-kind",)),
        ("示例人民医院", "示例中医院", ("other-kind",)),
        ("人民解放军总医院", "解放军中医院", ()),
        ("示例医院东院区", "示例医院", ("branch",)),
        ("示例医院(南院)", "示例医院二部", ()),
        ("社区卫生服务中心", "示例社区卫生服务中心", ()),
        ("示例第一妇产医院二部", "示例第三人民医院", ("branch", "other-number", "other-kind")),
    ],
)
def test_what_speaks_against_two_names_is_told(one: str, other: str, reasons: tuple[str, ...]) -> None:
    assert differences(normalised(one), normalised(other), DIVISIONS) == reasons
    assert differences(normalised(other), normalised(one), DIVISIONS) == reasons


@pytest.mark.parametrize(
    "name",
    [
        "示例医院乐群院区",
        "示例医院分院",
        "示例医院二部",
        "示例医院（南院）",
        "示例医院东区",
        "Example Hospital South Campus",
    ],
)
def test_a_campus_or_branch_is_known_by_its_name(name: str) -> None:
    assert is_branch(name)


@pytest.mark.parametrize(
    "name", ["湖南院士医院", "河北医院", "示例中心医院", "东区医院", "西北妇女儿童医院", ""]
)
def test_other_names_are_no_branches(name: str) -> None:
    assert not is_branch(name)


@pytest.mark.parametrize(
    ("division", "short"),
    [
        ("长春市", "长春"),
        ("前郭尔罗斯蒙古族自治县", "前郭尔罗斯蒙古族"),
        ("朝阳区", "朝阳"),
        ("芒市", "芒市"),
        ("", ""),
    ],
)
def test_a_division_has_a_short_name(division: str, short: str) -> None:
    assert short_name(division) == short


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("https://ror.org/034haf133", "034HAF133"),
        (" 0000 0004-1758 4110 ", "0000000417584110"),
        ("１２２２", "1222"),
        ("", ""),
    ],
)
def test_identifiers_are_compared_without_decoration(written: str, plain: str) -> None:
    assert identifier_key(written) == plain


def test_a_name_may_mean_something_else_in_every_place() -> None:
    assert is_relative("市中心医院")
    assert is_relative("省妇幼")
    assert not is_relative("吉大一院")


def test_renamed_units_are_built_alike() -> None:
    assert are_built_alike("示例县妇幼保健院", "示例县妇幼保健计划生育服务中心")
    assert not are_built_alike("示例县妇幼保健院", "样板县妇幼保健院")
    assert not are_built_alike("妇幼保健院", "妇幼保健所")
