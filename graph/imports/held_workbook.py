"""What is held, as a workbook: the sheets of the full template, filled; importing it gives the same facts again."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from graph.engine import Engine
from graph.imports.choices import ChoiceLists, choice_page, choices_of
from graph.imports.held_facts import HeldFacts, HeldSource
from graph.imports.held_rows import HeldCell, HeldRows, HeldSheet, Selection
from graph.imports.held_words import HeldWords
from graph.imports.template import column_looks, column_widths, head_row
from graph.imports.workbook_file import Cell, Page, Properties, Value, Written, workbook_bytes
from graph.imports.writing_texts import marked, sheet_name, text, writing_texts
from graph.names import Names
from graph.quads import Quad, Term
from ontology.workbook import ColumnKind, workbook

_NUMBER = re.compile(r"-?\d{1,15}(\.\d{1,9})?")
_MOST_DIGITS = 15
"""Digits that a number in a workbook keeps; longer ones are written as text."""


@dataclass(frozen=True)
class Told:
    """What the workbook says of itself.

    Attributes:
        language: ``zh`` or ``en``.
        day: the day on which it is made.
        alliance: name of the alliance (empty: everything).
        holds_internal: whether it holds what is not public.
    """

    language: str
    day: date
    alliance: str = ""
    holds_internal: bool = False


def held_rows(
    engine: Engine,
    names: Names,
    language: str,
    selection: Selection | None = None,
    *,
    restricted: Iterable[Quad] = (),
    graph: Term = "",
) -> HeldRows:
    """Return the rows of what is held.

    Args:
        engine, names: the instance.
        language: language of concepts and of free texts.
        selection: which things are wanted; by default all.
        restricted: what the asking person may see besides what is public, in the graphs of its sources.
        graph: the graph of one source, where only that is wanted.

    Raises:
        TooMuchHeld: it is more than can be read at once.
    """
    restricted = list(restricted)
    everything = HeldFacts.of(engine, names, restricted)
    facts = HeldFacts.of(engine, names, restricted, graph) if graph else everything
    book = workbook()
    words = HeldWords(facts, language, book, everything)
    return HeldRows(facts, words, book, selection)


def full_workbook(rows: HeldRows, version: int, told: Told) -> bytes:
    """Return a workbook of what is held (.xlsx): the ten sheets, and the list of members where it says more.

    Args:
        rows: what is held.
        version: the version of the graph.
        told: what the workbook says of itself.
    """
    sheets = rows.sheets()
    kinds = [sheet.kind for sheet in sheets]
    lists = ChoiceLists(kinds, told.language)
    pages = [
        *(held_page(sheet, told.language, lists) for sheet in sheets),
        _about(version, told),
        choice_page(lists, told.language),
    ]
    return workbook_bytes(pages, Properties(told.day, text("held", "title", told.language)))


def held_page(sheet: HeldSheet, language: str, lists: ChoiceLists) -> Page:
    """Return a sheet with what is held; cells on which sources differ are marked and say so."""
    rows = [
        [held_cell(column, row.cells.get(column.key), language) for column in sheet.kind.columns]
        for row in sheet.rows
    ]
    return Page(
        sheet.kind.labels[language],
        [head_row(sheet.kind, language), *rows],
        looks=column_looks(sheet.kind),
        widths=column_widths(sheet.kind, language),
        choices=choices_of(sheet.kind, language, lists, first_row=2),
    )


def held_cell(column: ColumnKind, cell: HeldCell | None, language: str) -> Written:
    """Return a cell of what is held."""
    if cell is None:
        return None
    others = "\n".join(_other_lines(cell, language))
    return Cell(value_of(column, cell.text), "warning" if others else "text", others)


def value_of(column: ColumnKind, said: str) -> Value:
    """Return the value of a cell: a number where it is one that a workbook can keep, else the text."""
    if column.kind not in ("integer", "decimal") or not _NUMBER.fullmatch(said):
        return said
    digits = sum(sign.isdecimal() for sign in said)
    return Decimal(said) if digits <= _MOST_DIGITS else said


def source_line(source: HeldSource, language: str) -> str:
    """Return where a value comes from, and of when that is (empty: nobody knows)."""
    title = source.title(language)
    if not title:
        return ""
    name = "source_dated" if source.dated else "source"
    return text("held", name, language, title=title, dated=source.dated)


def _other_lines(cell: HeldCell, language: str) -> Iterator[str]:
    for said, source in cell.others:
        title = source.title(language) or text("held", "document_without_title", language)
        yield text("held", "other", language, value=said, title=title)
    if cell.others:
        yield source_line(cell.source, language)


def _about(version: int, told: Told) -> Page:
    language, about = told.language, writing_texts()["about"]
    values = {
        "alliance": told.alliance or about["everything"][language],
        "day": told.day.isoformat(),
        "version": str(version),
    }
    rows: list[Sequence[Written]] = [
        [Cell(marked(text("held", "title", language)), "title")],
        *([Cell(row[language], "head"), Cell(values[row["key"]])] for row in about["rows"]),
        [Cell(about["internal" if told.holds_internal else "public"][language], "plain")],
        [Cell(about["disagreeing"][language], "plain")],
    ]
    return Page(sheet_name("about", language), rows, widths=(20, 48), head_row=0)


def rows_as_texts(sheets: Iterable[HeldSheet]) -> Mapping[str, list[dict[str, str]]]:
    """Return what the cells of some sheets say, by sheet: what has to be the same after a way out and back in."""
    return {
        sheet.kind.key: [{key: cell.text for key, cell in row.cells.items()} for row in sheet.rows]
        for sheet in sheets
    }
