"""Records: what the rows of a table say once cells are understood and before names are matched with what is held."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import NamedTuple


class Text(NamedTuple):
    """A text as it is to be kept: trimmed, full-width letters and digits made plain where the column asks for it."""

    text: str


class Day(NamedTuple):
    """A date with the precision that was stated: ``2021``, ``2021-03`` or ``2021-03-05``."""

    text: str


class Number(NamedTuple):
    """A whole or decimal number."""

    number: Decimal


class Concept(NamedTuple):
    """A concept of a scheme (full IRI)."""

    iri: str


class Area(NamedTuple):
    """An administrative division (full IRI), from a name, a code or a former code."""

    iri: str


class Named(NamedTuple):
    """Something meant by name or id, to be found by reconciliation."""

    text: str
    to: str
    """What it names: organization, department, alliance or programme."""


class Otherwise(NamedTuple):
    """A text for which no concept, area or thing fits, kept by the column's ``otherwise`` property."""

    text: str


class Phone(NamedTuple):
    """A telephone number, and whether it is a mobile one, which is personal."""

    text: str
    is_mobile: bool


Value = Text | Day | Number | Concept | Area | Named | Otherwise | Phone


@dataclass(frozen=True)
class Record:
    """One row, understood.

    Attributes:
        table: key of its table.
        file, sheet, sheet_number: where it stands.
        row: row of the sheet, from 1.
        kind: key of the sheet in ``ontology/workbook.toml`` that says what the row describes.
        values: column key to its values, in the order of the workbook; columns without a value are left out.
        columns: column key to the column of the sheet, from 1.
    """

    table: str
    file: str
    sheet: str
    sheet_number: int
    row: int
    kind: str
    values: Mapping[str, tuple[Value, ...]]
    columns: Mapping[str, int] = field(default_factory=dict)
