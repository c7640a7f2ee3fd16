"""Lists as files: CSV, Excel and Turtle, all rows that were chosen, with the date, the filters and the sources."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from api.i18n import Translator, translator
from api.list_cells import Value, cell_number, cell_text, column_values
from api.list_state import Addressing, ListState
from api.spreadsheet import Cell, Sheet, neutral, workbook
from graph.engine import OWN_WORK, Engine
from graph.facets import Listing
from graph.media import NTRIPLES
from graph.nodes import LANGUAGES, Nodes, in_language
from graph.quads import Term, is_iri, text_of
from graph.register import Ints
from ontology.library import query
from ontology.lists import ListColumn

MOST_ROWS = 100_000
"""Rows that a file can have."""

_BATCH = 1000
_BYTE_ORDER_MARK = "\ufeff"  # so that Excel takes the text for UTF-8


@dataclass(frozen=True)
class ListFile:
    """A list to be written: its rows in order, in one language."""

    listing: Listing
    addressing: Addressing
    state: ListState
    language: str
    address: str
    """Where the list can be seen again."""

    @property
    def translator(self) -> Translator:
        """Who says sentences in the language of the file."""
        return translator(self.language)

    @property
    def columns(self) -> tuple[ListColumn, ...]:
        """The columns of the file."""
        return self.listing.table.definition.visible

    def rows(self) -> Ints:
        """Return the rows in order."""
        return self.listing.rows(self.state.sort, self.language, descending=self.state.descending)

    def header(self) -> list[str]:
        """Return the names of the columns."""
        said = self.translator
        other = said.text("English name") if self.language == "zh" else said.text("Chinese name")
        names = [in_language(column.labels, self.language) for column in self.columns]
        place = self._title_place + 1
        return [*names[:place], other, *names[place:], said.text("Illustrative"), said.text("Identifier")]

    def table_rows(self) -> Iterator[list[Cell]]:
        """Yield the cells of each row, in the order of the header."""
        rows, table, place = self.rows().tolist(), self.listing.table, self._title_place
        invented = table.illustrative.tolist()
        mark = self.translator.text("illustrative")
        values = [list(column_values(self.listing, rows, column, self.language)) for column in self.columns]
        texts = [self._cells(column, found) for column, found in zip(self.columns, values, strict=True)]
        texts.insert(place + 1, [_other_names(found, self.language) for found in values[place]])
        texts.append([mark if invented[row] else "" for row in rows])
        texts.append([text_of(table.name(row)) for row in rows])
        return (list(cells) for cells in zip(*texts, strict=True))

    @property
    def _title_place(self) -> int:
        title = self.listing.table.definition.title
        return next(place for place, column in enumerate(self.columns) if column.name == title)

    def _cells(self, column: ListColumn, values: Sequence[Sequence[Value]]) -> list[Cell]:
        """Return the cells of one column: numbers as numbers, all else as text."""
        texts: list[Cell] = [cell_text(found, self.language) for found in values]
        if column.type == "number":
            texts = [
                text if (number := cell_number(found)) is None else number
                for text, found in zip(texts, values, strict=True)
            ]
        return texts


def csv_bytes(file: ListFile) -> bytes:
    """Return a list as CSV that spreadsheets open as it is meant: UTF-8 with a mark, no formulas."""
    written = io.StringIO(newline="")
    written.write(_BYTE_ORDER_MARK)
    writer = csv.writer(written)
    writer.writerow(file.header())
    for cells in file.table_rows():
        writer.writerow([neutral(c) if isinstance(c, str) else c for c in cells])
    return written.getvalue().encode()


def xlsx_bytes(file: ListFile, engine: Engine) -> bytes:
    """Return a list as an Excel workbook; its second sheet says what the list is, of when, and from where."""
    said = file.translator
    title = in_language(file.listing.table.definition.labels, file.language)
    header = said.text("What"), said.text("Value")
    sheets = [
        Sheet(title, file.header(), file.table_rows()),
        Sheet(said.text("About this list"), header, _about(file, engine), has_filter=False),
    ]
    return workbook(sheets, file.state.day)


def turtle_pieces(file: ListFile, engine: Engine) -> Iterator[bytes]:
    """Yield all that is stated of the rows, and of the things that name them, as Turtle."""
    yield "".join(f"# {name}: {_one_line(value)}\n" for name, value in _told(file)).encode()
    things = _things(file)
    for start in range(0, len(things), _BATCH):
        text = query("list-triples").bound({"this": things[start : start + _BATCH]})
        # N-Triples is Turtle, and parts of it can be put together.
        yield from engine.answer(text, (NTRIPLES,), limits=OWN_WORK)


def _about(file: ListFile, engine: Engine) -> Iterator[tuple[str, str]]:
    """Yield what a reader should know of a list: its filters, date, version, sources, and what is invented."""
    yield from _told(file)
    for document in _sources(file, engine):
        yield file.translator.text("Source"), document
    yield file.translator.text("Empty cells"), file.translator.text("No source states it.")


def _told(file: ListFile) -> Iterator[tuple[str, str]]:
    said, listing = file.translator, file.listing
    yield said.text("List"), in_language(listing.table.definition.labels, file.language)
    yield said.text("Rows"), str(listing.total)
    for column, labels in file.addressing.chosen(file.state):
        values = [Value(one) for one in labels]
        yield in_language(column.labels, file.language), cell_text(values, file.language)
    if file.state.selection.text:
        yield said.text("Words"), file.state.selection.text
    if file.state.selection.real_only:
        yield said.text("Illustrative"), said.text("left out")
    yield said.text("Date"), file.state.day.isoformat()
    yield said.text("State of the graph"), str(listing.table.version)
    yield said.text("Address"), file.address
    if listing.illustrative:
        yield (
            said.text("Illustrative"),
            file.translator.plural(
                "{number} row is illustrative: invented for demonstration, no real institution is meant.",
                "{number} rows are illustrative: invented for demonstration, no real institution is meant.",
                listing.illustrative,
            ),
        )


def _things(file: ListFile) -> list[Term]:
    """Return the rows of a file and the things that name them, each once."""
    table = file.listing.table
    title = table.columns[table.definition.title]
    listed = table.register.terms.listed
    rows = file.rows().tolist()
    numbers = [number for row in rows for number in (int(table.rows[row]), *title.of_row(row))]
    return [term for number in dict.fromkeys(numbers) if is_iri(term := listed[number])]


def _sources(file: ListFile, engine: Engine) -> list[str]:
    """Return the titles of the documents that the rows are drawn from."""
    rows = [file.listing.table.name(row) for row in file.rows().tolist()]
    found = {
        text_of(solution["document"])
        for start in range(0, len(rows), _BATCH)
        for solution in engine.select(query("list-sources").bound({"this": rows[start : start + _BATCH]}))
    }
    nodes = Nodes(engine)
    nodes.read(found)
    titles = {in_language(nodes.labels(document), file.language): document for document in sorted(found)}
    return [f"{title} ({document})" for title, document in sorted(titles.items())]


def _other_names(values: Iterable[Value], language: str) -> str:
    other = next(name for name in LANGUAGES if name != language)
    return cell_text(
        [Value({"": value.labels[other]}) for value in values if other in value.labels], language
    )


def _one_line(text: str) -> str:
    return " ".join(text.split())
