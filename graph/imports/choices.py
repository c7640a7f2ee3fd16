"""Drop-downs: the words that a column offers, kept on a hidden sheet of the workbook."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from graph.imports.concept_words import offered
from graph.imports.grid import column_letter
from graph.imports.workbook_file import Cell, Choice, Page, Written
from graph.imports.writing_texts import marked, sheet_name, text
from ontology.workbook import ColumnKind, SheetKind

LAST_ROW = 5000
"""The last row in which a drop-down is offered."""


class ChoiceLists:
    """The drop-downs of some sheets, each list once, in one language."""

    def __init__(self, kinds: Sequence[SheetKind], language: str) -> None:
        listed = (offered(column, language) for kind in kinds for column in kind.columns)
        self.lists: tuple[tuple[str, ...], ...] = tuple(dict.fromkeys(filter(None, listed)))
        self._places = {words: place for place, words in enumerate(self.lists, 1)}

    def cells_of(self, column: ColumnKind, language: str) -> str:
        """Return the cells that hold what a column offers (empty: it offers nothing)."""
        words = offered(column, language)
        if not words:
            return ""
        letter = column_letter(self._places[words])
        return f"'{sheet_name('choices', language)}'!${letter}$2:${letter}${len(words) + 1}"


def choices_of(kind: SheetKind, language: str, lists: ChoiceLists, first_row: int) -> list[Choice]:
    """Return the drop-downs of a sheet; other values are taken, with a word of warning."""
    return [
        Choice(
            place,
            first_row,
            LAST_ROW,
            cells,
            column.labels[language],
            text("template", "other_value", language),
        )
        for place, column in enumerate(kind.columns, 1)
        if (cells := lists.cells_of(column, language)) and not column.many
    ]


def choice_page(lists: ChoiceLists, language: str) -> Page:
    """Return the hidden sheet that holds what drop-downs offer, a column each, below the mark of the sheet."""
    return Page(sheet_name("choices", language), list(_rows(lists, language)), head_row=0, hidden=True)


def _rows(lists: ChoiceLists, language: str) -> Iterator[list[Written]]:
    yield [Cell(marked(sheet_name("choices", language)), "plain")]
    for place in range(max(map(len, lists.lists), default=0)):
        yield [Cell(words[place] if place < len(words) else None, "plain") for words in lists.lists]
