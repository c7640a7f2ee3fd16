"""The workbook to fill in: heads, drop-downs, notes, an example, and how it is done."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from graph.imports.choices import ChoiceLists, choice_page, choices_of
from graph.imports.workbook_file import (
    Cell,
    Look,
    Page,
    Properties,
    Written,
    text_width,
    workbook_bytes,
)
from graph.imports.writing_texts import marked, sheet_name, text, writing_texts
from ontology.workbook import ColumnKind, SheetKind, workbook
from ontology.workbook_hints import column_note, example, needs_note

_EXAMPLE_ROW = 2
_WIDEST = 32


def template(language: str, day: date, *, full: bool = False) -> bytes:
    """Return the workbook to fill in (.xlsx).

    Args:
        language: ``zh`` or ``en``.
        day: the day on which it is made.
        full: the ten sheets instead of the one with twelve columns.
    """
    book = workbook()
    kinds = [kind for kind in book.sheets if not kind.default] if full else [book.default]
    lists = ChoiceLists(kinds, language)
    pages = [
        *(sheet_page(kind, language, lists, [example_row(kind, language)]) for kind in kinds),
        _instructions(kinds, language),
        choice_page(lists, language),
    ]
    return workbook_bytes(pages, Properties(day, text("template", "title", language)))


def sheet_page(kind: SheetKind, language: str, lists: ChoiceLists, rows: Sequence[Sequence[Written]]) -> Page:
    """Return a sheet of one kind: its head with notes, drop-downs, and some rows."""
    return Page(
        kind.labels[language],
        [head_row(kind, language), *rows],
        looks=column_looks(kind),
        widths=column_widths(kind, language),
        choices=choices_of(kind, language, lists, first_row=_EXAMPLE_ROW),
    )


def head_row(kind: SheetKind, language: str, *, is_brief: bool = False) -> list[Written]:
    """Return the head of a sheet; notes say what columns mean, how they are written, who will see them.

    ``is_brief`` leaves out the notes on columns whose name says enough: notes are what takes longest to write.
    """
    return [
        Cell(
            column.labels[language],
            "required" if column.required else "head",
            "" if is_brief and not needs_note(kind, column) else column_note(kind, column, language),
        )
        for column in kind.columns
    ]


def example_row(kind: SheetKind, language: str) -> list[Written]:
    """Return the example row of a sheet: its first cell says that it is one."""
    values = [example(kind, column, language) for column in kind.columns]
    values[0] = text("template", "example", language) + values[0]
    return [Cell(value, "example") for value in values]


def column_looks(kind: SheetKind) -> list[Look]:
    """Return how empty cells of each column look."""
    return [_look(column) for column in kind.columns]


def column_widths(kind: SheetKind, language: str) -> list[int]:
    """Return how wide the columns of a sheet are."""
    return [_width(kind, column, language) for column in kind.columns]


def _look(column: ColumnKind) -> Look:
    """Return how empty cells look: all but numbers keep what is typed as it is typed."""
    return "number" if column.kind in ("integer", "decimal") else "text"


def _width(kind: SheetKind, column: ColumnKind, language: str) -> int:
    texts = (column.labels[language] + " *", example(kind, column, language), *column.options)
    return min(max(map(text_width, texts)) + 2, _WIDEST)


def _described(kind: SheetKind, column: ColumnKind, language: str) -> list[Written]:
    """Return a column as the instructions list it."""
    note = column_note(kind, column, language).replace("\n", " ")
    required = text("template", "required", language) if column.required else ""
    return [Cell(kind.labels[language]), Cell(column.labels[language]), Cell(required), Cell(note)]


def _instructions(kinds: Sequence[SheetKind], language: str) -> Page:
    return Page(
        sheet_name("instructions", language),
        [*_instruction_rows(kinds, language)],
        widths=(20, 26, 8, 100),
        head_row=0,
    )


def _instruction_rows(kinds: Sequence[SheetKind], language: str) -> Iterator[list[Written]]:
    yield [Cell(marked(sheet_name("instructions", language)), "title")]
    for number, line in enumerate(writing_texts()["template"]["instructions"][language], 1):
        yield [Cell(f"{number}. {line}", "plain")]
    yield []
    heads = ("column_sheet", "column_head", "column_required", "column_note")
    yield [Cell(text("template", head, language), "head") for head in heads]
    for kind in kinds:
        for column in kind.columns:
            yield _described(kind, column, language)
