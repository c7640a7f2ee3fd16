"""An answer as rows of cells, whatever its form was: what tables show and pictures are drawn from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from graph.quads import iri_value, is_iri, literal_parts, read_nquads
from ontology.terms import XSD

Kind = Literal["iri", "blank", "literal", "triple"]

TRIPLE = ("subject", "predicate", "object")
"""The columns of a graph."""

_NUMBERS = (
    "integer decimal double float int long short byte nonNegativeInteger positiveInteger nonPositiveInteger"
    " negativeInteger unsignedInt unsignedLong unsignedShort unsignedByte"
)
NUMBERS = frozenset(XSD.integer.replace("integer", name) for name in _NUMBERS.split())
"""Datatypes whose values are numbers."""


@dataclass(frozen=True)
class Cell:
    """One value: its kind, its text (of an IRI the IRI), and of a literal its language or datatype."""

    kind: Kind
    text: str
    language: str = ""
    datatype: str = ""

    @property
    def number(self) -> float | None:
        """The value as a number, where it is one."""
        if self.datatype not in NUMBERS:
            return None
        try:
            value = float(self.text)
        except ValueError:
            return None
        return value if abs(value) < float("inf") else None


@dataclass(frozen=True)
class Rows:
    """Named columns and rows of cells (``None``: no value); ``is_graph`` when the rows are the triples of a graph."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Cell | None, ...], ...]
    is_graph: bool = False

    def column(self, place: int) -> Iterator[Cell]:
        """Yield the values of a column."""
        return (cell for row in self.rows if (cell := row[place]) is not None)

    def iris(self, most: int | None = None) -> list[str]:
        """Return the different IRIs of the first rows, in order."""
        cells = (cell for row in self.rows[:most] for cell in row)
        return list(dict.fromkeys(cell.text for cell in cells if cell is not None and cell.kind == "iri"))


def rows_of_results(said: Mapping[str, Any]) -> Rows:
    """Return the rows of an answer in the SPARQL results format for JSON.

    Raises:
        KeyError, TypeError, AttributeError: it is something else.
    """
    columns = tuple(str(name) for name in said["head"]["vars"])
    bindings = said["results"]["bindings"]
    rows = tuple(tuple(_cell(row.get(name)) for name in columns) for row in bindings)
    return Rows(columns, rows, bool(said["head"].get("graph", False)))


def rows_of_graph(triples: bytes) -> Rows:
    """Return the triples of an answer in N-Triples as rows.

    Raises:
        ValueError: it holds terms that a row cannot show.
    """
    quads = read_nquads(triples)
    return Rows(
        TRIPLE, tuple(tuple(_cell_of_term(term) for term in quad[:3]) for quad in quads), is_graph=True
    )


def _cell(said: Mapping[str, Any] | None) -> Cell | None:
    if said is None:
        return None
    match said["type"]:
        case "uri":
            return Cell("iri", str(said["value"]))
        case "bnode":
            return Cell("blank", str(said["value"]))
        case "triple":
            return Cell("triple", _triple_text(said["value"]))
        case _:
            return Cell(
                "literal", str(said["value"]), str(said.get("xml:lang", "")), str(said.get("datatype", ""))
            )


def _triple_text(said: Mapping[str, Any]) -> str:
    parts = [_cell(said[name]) for name in TRIPLE]
    return f"<<( {' '.join(part.text for part in parts if part)} )>>"


def _cell_of_term(term: str) -> Cell:
    if is_iri(term):
        return Cell("iri", iri_value(term))
    if term.startswith("_:"):
        return Cell("blank", term[2:])
    if term.startswith("<<"):
        return Cell("triple", term)
    parts = literal_parts(term)
    return Cell(
        "literal", parts.lexical, parts.language, "" if parts.datatype == XSD.string else parts.datatype
    )
