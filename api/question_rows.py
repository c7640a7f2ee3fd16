"""Answers of questions as rows that programs read without knowing RDF, and as files.

A thing and its names, which SPARQL gives as ``member``, ``memberZh`` and ``memberEn``, are one cell with labels;
numbers and booleans are numbers and booleans; what is not known is ``null``.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from math import isfinite
from typing import Any

from api.spreadsheet import Cell, Sheet, neutral, workbook
from graph.quads import XSD, Term, is_iri, literal_parts, text_of
from ontology.library import Query

Binding = Mapping[str, Term]
"""One solution: what is not bound is absent."""
Plain = str | int | float | bool | None

LATITUDE, LONGITUDE = ("latitude", "lat"), ("longitude", "long")
"""Columns that place a row on the map."""

_ENDS = {"Zh": "zh", "En": "en"}
_WHOLE = {f"{XSD}{name}" for name in ("integer", "int", "long", "nonNegativeInteger", "positiveInteger")}
_BROKEN = {f"{XSD}{name}" for name in ("decimal", "double", "float")}


@dataclass(frozen=True)
class Column:
    """A column of rows: its name, and the variables that hold its names by language (none: a plain value)."""

    name: str
    labels: Mapping[str, str]


def columns_of(asked: Query) -> tuple[Column, ...]:
    """Return the columns of a question, those that only name another one left out."""
    variables = asked.columns
    named = {
        name: {tag: name + end for end, tag in _ENDS.items() if name + end in variables} for name in variables
    }
    inner = {variable for found in named.values() for variable in found.values()}
    return tuple(Column(name, named[name]) for name in variables if name not in inner)


def row_json(binding: Binding, columns: Sequence[Column]) -> dict[str, Any]:
    """Return one row as JSON: a cell for each column, null where nothing is known."""
    return {column.name: _cell(binding, column) for column in columns}


def _cell(binding: Binding, column: Column) -> Any:
    value = plain(binding.get(column.name))
    if not column.labels:
        return value
    if value is None:
        return None
    labels = {tag: text_of(binding[name]) for tag, name in column.labels.items() if name in binding}
    return {"value": value, "labels": labels}


def plain(term: Term | None) -> Plain:
    """Return what a term says, without its datatype; ``None`` where there is none."""
    if term is None:
        return None
    if is_iri(term) or not term.startswith('"'):
        return text_of(term)
    text, _, kind = literal_parts(term)
    if kind == f"{XSD}boolean":
        return text == "true"
    if kind in _WHOLE:
        return int(text)
    if kind in _BROKEN:
        number = float(text)
        return number if isfinite(number) else text
    return text


def csv_bytes(header: Sequence[str], rows: Sequence[Binding]) -> bytes:
    """Return rows as CSV with a mark for UTF-8 and without formulas; a column for each variable."""
    written = io.StringIO(newline="")
    written.write("\ufeff")
    writer = csv.writer(written)
    writer.writerow(header)
    for row in rows:
        writer.writerow([neutral(_text(row.get(name))) for name in header])
    return written.getvalue().encode()


def tsv_bytes(header: Sequence[str], rows: Sequence[Binding]) -> bytes:
    """Return rows as plain text between tabs; line ends and tabs inside values are blanks."""
    lines = ["\t".join(header)]
    lines += ["\t".join(neutral(" ".join(_text(row.get(name)).split())) for name in header) for row in rows]
    return ("\n".join(lines) + "\n").encode()


def xlsx_bytes(
    title: str, header: Sequence[str], rows: Sequence[Binding], about: Sequence[tuple[str, str]]
) -> bytes:
    """Return rows as an Excel workbook; its second sheet says what was asked."""
    cells = ([_excel(row.get(name)) for name in header] for row in rows)
    sheets = [
        Sheet(title, header, cells),
        Sheet("about", ("name", "value"), about, has_filter=False),
    ]
    return workbook(sheets, date.today())


def geojson(rows: Sequence[Binding], columns: Sequence[Column]) -> dict[str, Any]:
    """Return rows as a GeoJSON collection; a row without coordinates is a feature without geometry."""
    return {"type": "FeatureCollection", "features": list(_features(rows, columns))}


def is_placed(asked: Query) -> bool:
    """Tell whether a question gives coordinates."""
    return all(set(names) & set(asked.columns) for names in (LATITUDE, LONGITUDE))


def _features(rows: Sequence[Binding], columns: Sequence[Column]) -> Iterator[dict[str, Any]]:
    for row in rows:
        at = [
            next((plain(row[name]) for name in names if name in row), None) for names in (LONGITUDE, LATITUDE)
        ]
        point = None if None in at else {"type": "Point", "coordinates": at}
        yield {"type": "Feature", "geometry": point, "properties": row_json(row, columns)}


def _text(term: Term | None) -> str:
    return text_of(term) if term else ""


def _excel(term: Term | None) -> Cell:
    value = plain(term)
    if term is None or isinstance(value, bool):
        return _text(term)
    return Decimal(text_of(term)) if isinstance(value, int | float) else str(value)
