"""Values as terms: what one cell says of a thing, as property and object."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from functools import cache

from graph.imports.records import Area, Concept, Day, Named, Number, Otherwise, Phone, Text, Value
from graph.quads import Term, iri, literal
from ontology.terms import SKOS, XSD
from ontology.workbook import ColumnKind

Fact = tuple[Term, Term]
"""A property and a value, as terms."""
Meaning = Callable[[Named], Term | None]
"""What a name stands for; ``None``: nothing on record, so that the text is all there is."""

_NOTE = iri(SKOS.note)
_DATES = {4: XSD.gYear, 7: XSD.gYearMonth, 10: XSD.date}
_YEAR = 4


def facts_of(
    column: ColumnKind, values: Sequence[Value], meaning: Meaning, property_: str = ""
) -> Iterator[Fact]:
    """Yield what the values of one cell say.

    Args:
        column: the column of the cell.
        values: its values.
        meaning: what a name in it stands for.
        property_: the property to say it by, where it is another one than the column's.
    """
    said = iri_term(property_ or column.property)
    for value in values:
        match value:
            case Text(text):
                yield said, text_term(column, text)
            case Day(text):
                yield said, day_term(text[:_YEAR] if column.precision == "year" else text)
            case Number(number):
                yield said, number_term(number)
            case Concept(name) | Area(name):
                yield said, iri_term(name)
            case Named(text):
                thing = meaning(value)
                yield (said, thing) if thing else _otherwise(column, text)
            case Otherwise(text):
                yield _otherwise(column, text)
            case Phone(text, is_mobile):
                yield (
                    iri_term(column.mobile if is_mobile and column.mobile else column.property),
                    literal(text),
                )


def is_note(fact: Fact) -> bool:
    """Tell whether a fact is a note, which belongs to the thing of a row and not to its parts."""
    return fact[0] == _NOTE


def text_term(column: ColumnKind, text: str) -> Term:
    """Return a text as its column writes texts."""
    return literal(text, language=column.language, datatype=column.datatype)


@cache
def day_term(text: str) -> Term:
    """Return a year, month or day with the datatype that fits its precision."""
    return literal(text, datatype=_DATES[len(text)])


def number_term(number: Decimal) -> Term:
    """Return a number as the engine writes it: a whole one is the same whatever its column may hold else."""
    plain = format(number.normalize(), "f") if number else "0"
    return literal(plain, datatype=XSD.decimal if "." in plain else XSD.integer)


@cache
def iri_term(name: str) -> Term:
    """Return the term of an IRI; the same few come again and again."""
    return iri(name)


def _otherwise(column: ColumnKind, text: str) -> Fact:
    """Return the text for which nothing fits; a note begins with the name of its column, to tell notes apart."""
    said = iri_term(column.otherwise or SKOS.note)
    return said, literal(f"{column.zh}：{text}") if said == _NOTE else literal(text, language=column.language)
