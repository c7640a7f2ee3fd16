"""The words by which names of units are told apart are whole, and each means one thing."""

from itertools import chain

from ontology.name_words import name_words


def test_every_word_says_something() -> None:
    words = name_words()
    lists = (
        words.branch,
        words.branch_ends,
        words.division_ends,
        words.not_divisions,
        words.relative,
        *words.kinds,
    )
    assert all(lists)
    assert all(word.strip() == word and word for word in chain(*lists))


def test_a_word_belongs_to_one_kind() -> None:
    listed = list(chain(*name_words().kinds))
    assert len(listed) == len(set(listed))


def test_a_character_is_written_for_one_digit() -> None:
    assert all(len(character) == 1 and digit.isdecimal() for character, digit in name_words().digits.items())
