"""Corrections: what a unit writes in place of a fact on record, read as a cell of the column of such facts."""

from __future__ import annotations

from dataclasses import dataclass

from graph.imports.confirmable import Confirmable
from graph.imports.records import Named, Otherwise
from graph.imports.remarks import Remark
from graph.imports.understanding import Context, reader
from graph.imports.value_terms import Fact, facts_of
from graph.quads import Term, iri


@dataclass(frozen=True)
class Correction:
    """What is to be stated instead of a fact, or (``remark``) why nothing can be."""

    facts: tuple[Fact, ...] = ()
    remark: Remark | None = None


def is_correctable(fact: Confirmable) -> bool:
    """Tell whether another value can be written: not where it is another unit, which a list has to name."""
    return fact.column.kind != "reference" or fact.column.to == "area"


def correction(fact: Confirmable, text: str, context: Context) -> Correction:
    """Return what a text states instead of a fact; of a concept the text is its IRI."""
    column = fact.column
    if not text or not is_correctable(fact):
        return _refused("confirm-empty", fact, text)
    if column.kind == "concept":
        is_known = text.startswith(f"{column.scheme_iri}/") and text in context.vocabulary.labels
        return (
            Correction(((iri(fact.said), iri(text)),)) if is_known else _refused("confirm-empty", fact, text)
        )
    found = reader(column, context)(text)
    faults = [note for note in found.notes if note.severity == "error"]
    if faults or not found.values:
        notes = faults or list(found.notes)
        return (
            _refused(notes[0].code, fact, text, notes[0].said)
            if notes
            else _refused("confirm-empty", fact, text)
        )
    if any(isinstance(value, Otherwise) for value in found.values):
        return _refused("confirm-unknown-place", fact, text)
    return Correction(tuple(facts_of(column, found.values, _nothing_on_record)))


def _nothing_on_record(_: Named) -> Term | None:
    return None


def _refused(code: str, fact: Confirmable, text: str, said: object = None) -> Correction:
    filled = said if isinstance(said, dict) else {}
    return Correction(remark=Remark(code, "error", heading=fact.column.zh, value=text, said=filled))
