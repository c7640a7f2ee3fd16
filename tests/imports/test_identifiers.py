"""Identifiers in cells. The codes are invented; their check digits are right."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from stdnum.cn import uscc

from graph.imports.cells import Understood
from graph.imports.grid import CellValue
from graph.imports.identifiers import (
    is_identity_number,
    licence_against_place,
    licence_against_uscc,
    licence_in,
    licence_parts,
    local_id_in,
    uscc_in,
)
from graph.imports.records import Text
from samples import HOSTILE


def valid(beginning: str) -> str:
    return beginning + uscc.calc_check_digit(beginning)


CODE = valid("12220000000000001")
LICENCE = "00000000" + "0" + "220122" + "11A1001"
USCC_BEGINNINGS = st.from_regex(r"12[0-9]{6}[0-9A-HJ-NPQRTUWXY]{9}", fullmatch=True)


def codes(found: Understood) -> list[str]:
    return [note.code for note in found.notes]


@pytest.mark.parametrize(
    "value", [CODE, CODE.lower(), f" {CODE[:8]} {CODE[8:]}", f"'{CODE}", CODE.replace("1", "１")]
)
def test_a_social_credit_code_is_kept_in_one_spelling(value: str) -> None:
    assert uscc_in(value) == Understood((Text(CODE),))


@pytest.mark.parametrize(
    ("value", "code"),
    [
        (CODE[:17], "uscc-length"),
        ("00000000-0", "uscc-organization-code"),
        (float(12220000000000001), "code-lost-digits"),
        ("1.222E+17", "code-lost-digits"),
        (CODE[:-1] + ("A" if CODE[-1] != "A" else "C"), "uscc-check-digit"),
        ("IO" + CODE[2:16] + "SZ", "uscc-letters"),
        ("12ABCDEF" + CODE[8:], None),
        *((hostile, "uscc-length") for hostile in HOSTILE),
    ],
)
def test_a_code_that_is_not_whole_and_right_is_not_kept(value: CellValue, code: str | None) -> None:
    found = uscc_in(value)
    assert (found.values, found.notes[0].severity) == ((), "error")
    assert code is None or codes(found) == [code]


def test_a_code_with_one_letter_e_is_no_number_of_a_spreadsheet() -> None:
    code = valid("120000000000E0001")
    assert uscc_in(code).values == (Text(code),)


def test_look_alikes_are_suggested_and_never_applied() -> None:
    found = uscc_in(CODE.replace("0", "O", 1))
    assert (found.values, codes(found)) == ((), ["uscc-look-alike"])
    assert found.notes[0].said["suggestion"] == CODE


@given(USCC_BEGINNINGS, st.integers(0, 17), st.sampled_from("0123456789ABCDEFGHJKLMNPQRTUWXY"))
def test_one_wrong_character_is_always_found(beginning: str, place: int, other: str) -> None:
    code = valid(beginning)
    assume(code[place] != other)
    wrong = code[:place] + other + code[place + 1 :]
    assert uscc_in(code).values == (Text(code),)
    assert not uscc_in(wrong).values


def test_a_licence_number_names_organization_and_division() -> None:
    assert licence_in(LICENCE.lower()).values == (Text(LICENCE),)
    assert licence_parts(LICENCE) == ("000000000", "220122")
    assert licence_parts("0" * 9 + "ABCDEF" + "11A1001") is None


@pytest.mark.parametrize(
    ("value", "code"),
    [("12345", "licence-form"), (LICENCE + "1", "licence-form"), (4.6e21, "code-lost-digits")],
)
def test_a_licence_number_of_another_length_is_not_kept(value: CellValue, code: str) -> None:
    assert (licence_in(value).values, codes(licence_in(value))) == ((), [code])


@pytest.mark.parametrize("division", ["999999", "ABCDEF"])
def test_a_licence_number_without_a_division_is_kept_and_noted(division: str) -> None:
    found = licence_in("0" * 9 + division + "11A1001")
    assert (len(found.values), codes(found)) == (1, ["licence-division"])


@pytest.mark.parametrize(
    ("area", "agrees"), [("220122", True), ("220100", True), ("220000", True), ("220300", False)]
)
def test_a_licence_number_is_held_against_the_place(area: str, agrees: bool) -> None:
    assert (licence_against_place(LICENCE, area) is None) == agrees


def test_a_former_division_in_a_licence_number_agrees_with_the_present_one() -> None:
    assert licence_against_place("0" * 9 + "220381" + "11A1001", "220184") is None


def test_licence_and_credit_code_should_name_one_organization() -> None:
    assert licence_against_uscc(LICENCE, "12220000" + "000000000" + "X") is None
    assert licence_against_uscc(LICENCE, "12220000" + "000000001" + "X") is not None
    assert licence_against_uscc("PDY000000" + LICENCE[9:], "12220000" + "000000001" + "X") is None


@pytest.mark.parametrize(
    ("value", "text"), [("A-001", "A-001"), (7, "7"), (7.0, "7"), ("吉卫〔2021〕5号", "吉卫〔2021〕5号")]
)
def test_ids_of_the_senders_own_are_texts(value: CellValue, text: str) -> None:
    assert local_id_in(value) == Understood((Text(text),))


def test_a_long_number_as_an_id_may_have_lost_something() -> None:
    assert codes(local_id_in(123456789012.0)) == ["code-as-number"]
    assert (local_id_in("1.2E+17").values, codes(local_id_in("1.2E+17"))) == ((), ["code-lost-digits"])


def test_numbers_of_identity_cards_are_told_by_date_and_check_digit() -> None:
    assert is_identity_number("11010119000101001" + "X") == (
        "11010119000101001X"[-1] == check("11010119000101001")
    )
    assert is_identity_number("11010119000101001" + check("11010119000101001"))
    assert not is_identity_number("11010119001301001" + check("11010119001301001"))  # a thirteenth month
    assert not is_identity_number(CODE)
    assert not is_identity_number(110101190001010011)


def check(beginning: str) -> str:
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    total = sum(int(digit) * weight for digit, weight in zip(beginning, weights, strict=True))
    return "10X98765432"[total % 11]
