"""What things in lists are called: numbers, names, keys to sort by, and texts to search in."""

from __future__ import annotations

import numpy as np
import pytest
from page_data import packaged_engine

from graph.pinyin import sort_key, syllables
from graph.quads import iri, literal
from graph.register import Called, Register, Terms, parts_of, text_key

HOSPITAL = iri("https://w3id.org/medalliance/id/org/fhjlu")


def test_a_term_keeps_its_number() -> None:
    terms = Terms()
    first = terms.number("<http://e/a>")
    assert terms.number("<http://e/b>") == first + 1
    assert terms.number("<http://e/a>") == first == terms.known("<http://e/a>")
    assert terms.known("<http://e/c>") == -1
    assert len(terms) == 2


def test_a_bare_number_has_the_number_of_its_term() -> None:
    terms = Terms()
    assert terms.number("5") == terms.number('"5"^^<http://www.w3.org/2001/XMLSchema#integer>')
    assert len(terms) == 1


def test_a_text_in_several_languages_is_one_value() -> None:
    terms = Terms()
    numbers = [terms.number(literal(text, language=tag)) for text, tag in (("示例", "zh"), ("Example", "en"))]
    joined = terms.joined(numbers)
    assert terms.joined(reversed(numbers)) == joined
    register = Register(terms, {}, np.zeros(len(terms), np.bool_))
    assert register.labels(joined) == {"zh": "示例", "en": "Example"}
    assert text_key(terms.listed[joined]) == "示例"
    assert set(parts_of(terms.listed[joined])) == {terms.listed[number] for number in numbers}


def test_things_are_called_what_the_graph_calls_them_and_others_by_the_end_of_their_name() -> None:
    terms = Terms()
    numbers = [terms.number(HOSPITAL), terms.number("<http://e/x/last>"), terms.number(literal("1999"))]
    register, version = Register.of(packaged_engine(), terms, numbers)
    assert version == 0
    assert register.labels(numbers[0])["zh"] == "吉林大学第一医院"
    assert register.labels(numbers[1]) == {"": "last"}
    assert register.labels(numbers[2]) == {"": "1999"}
    assert not register.is_illustrative(numbers[0])
    assert sorted(register.ranks["zh"].tolist()) == [0, 1, 2]


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("长春市", "chang chun shi"),
        ("院长", "yuan zhang"),
        ("重庆", "chong qing"),
        ("银行", "yin hang"),
        ("A1楼", "A 1 lou"),
        ("", ""),
    ],
)
def test_a_character_is_read_as_its_neighbours_suggest(text: str, read: str) -> None:
    assert " ".join(syllables(text)) == read


def test_names_sort_by_syllables_and_numbers_by_size() -> None:
    wanted = ["安", "西安", "先", "第2", "第10", "b"]
    assert sorted(["第10", "先", "西安", "第2"], key=sort_key) == ["第2", "第10", "西安", "先"]
    assert sorted(wanted, key=sort_key) != sorted(wanted)


@pytest.mark.parametrize("text", ["长春", "changchun", "ccet", "儿童", "children"])
def test_a_name_is_found_by_characters_pinyin_initials_and_english(text: str) -> None:
    assert text in Called.of({"zh": "长春儿童医院", "en": "Changchun Children's Hospital"}).text.replace(
        " ", ""
    )
