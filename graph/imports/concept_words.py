"""Concepts as words: what a cell says for a concept, so that reading the cell gives the concept again."""

from __future__ import annotations

from functools import cache

from graph.imports.packaged_vocabulary import packaged_vocabulary
from ontology.workbook import ColumnKind

MOST_OFFERED = 60
"""A scheme with more concepts is written, not chosen from."""


@cache
def offered(column: ColumnKind, language: str) -> tuple[str, ...]:
    """Return the words that a drop-down of a column offers: its options, or all concepts of a small scheme."""
    if column.kind != "concept":
        return ()
    vocabulary = packaged_vocabulary()
    listed = list(dict.fromkeys(vocabulary.concepts.get(column.scheme, {}).values()))
    concepts = [vocabulary.concept(column.scheme, option) for option in column.options] or listed
    if len(concepts) > MOST_OFFERED:
        return ()
    return tuple(dict.fromkeys(concept_word(column, concept, language) for concept in concepts if concept))


@cache
def concept_word(column: ColumnKind, concept: str, language: str) -> str:
    """Return what a cell says for a concept (IRI): the word of the drop-down, or else its preferred label."""
    vocabulary = packaged_vocabulary()
    for option in column.options if language == "zh" else ():
        if vocabulary.concept(column.scheme, option) == concept:
            return option
    label = vocabulary.labels.get(concept)
    words = (label.zh, label.en) if label else ()
    if language == "en":
        words = words[::-1]
    meant = (word for word in words if word and vocabulary.concept(column.scheme, word) == concept)
    return next(meant, concept.rpartition("/")[2])
