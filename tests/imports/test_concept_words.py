"""Concepts as words: what a cell says for a concept means that concept again."""

from __future__ import annotations

import pytest

from graph.imports.concept_words import concept_word, offered
from graph.imports.packaged_vocabulary import packaged_vocabulary
from ontology.workbook import workbook

CONCEPTS = [
    (kind.key, column) for kind in workbook().sheets for column in kind.columns if column.kind == "concept"
]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_concept_has_a_word_that_means_it(language: str) -> None:
    words = packaged_vocabulary()
    for key, column in CONCEPTS:
        for concept in words.concepts[column.scheme].values():
            assert words.concept(column.scheme, concept_word(column, concept, language)) == concept, key


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_drop_down_offers_the_same_concepts_in_both_languages(language: str) -> None:
    words = packaged_vocabulary()
    for _, column in CONCEPTS:
        if column.options:
            meant = [words.concept(column.scheme, word) for word in offered(column, language)]
            assert meant == [words.concept(column.scheme, option) for option in column.options]


def test_a_small_scheme_without_options_is_offered_whole() -> None:
    programmes = workbook().sheet("programmes")
    assert set(offered(programmes.column("employment"), "zh")) == {"单位人", "社会人", "均可", "未知"}


def test_what_is_no_concept_offers_nothing() -> None:
    assert offered(workbook().default.column("name_zh"), "zh") == ()
