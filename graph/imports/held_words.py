"""Values as cells say them: the inverse of how cells are read."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from functools import cache

from graph.imports.area_names import area_in, called
from graph.imports.concept_words import concept_word
from graph.imports.held_facts import HeldFacts
from graph.imports.records import Area
from graph.quads import Term, is_iri, literal_parts, text_of
from ontology.areas import AREA, divisions
from ontology.terms import MA, ORG, SKOS
from ontology.workbook import ColumnKind, Workbook

SEPARATOR = "；"
"""What stands between several values in a cell."""


@cache
def area_word(code: str) -> str:
    """Return the name of a division (code): its own, or the whole path where several share it, or its code."""
    if code not in divisions():
        return code
    names = (divisions()[code].zh, called(code)["zh"])
    return next((name for name in names if area_in(name).values == (Area(AREA + code),)), code)


def code_of(thing: Term) -> str:
    """Return the last part of the IRI of a thing: for a division its code."""
    return text_of(thing).rpartition("/")[2]


class HeldWords:
    """What cells say for things, concepts and literals.

    A reference is written by the number that a source gave the thing, where no other has it; else by its name, where
    no other has it; else by the name that the graph gave it.
    """

    def __init__(
        self,
        facts: HeldFacts,
        language: str,
        book: Workbook,
        names: HeldFacts | None = None,
    ) -> None:
        """Prepare for some facts.

        Args:
            facts: what is said, for the numbers of things.
            language: language of concepts and of free texts.
            book: tells which columns refer to things.
            names: what is held, for the names of things; by default what is said.
        """
        self.facts, self.language = facts, language
        self.names = names or facts
        self._numbers: dict[Term, str] = {}
        self._bearers: dict[str, set[Term]] = defaultdict(set)
        for thing in self.names.things(ORG.FormalOrganization, MA.ClinicalDepartment):
            self._bearers[self.names.label(thing, "zh")].add(thing)
        self._referring = {
            column.property
            for kind in book.sheets
            for column in kind.columns
            if column.to in ("organization", "department") and column.property != ORG.unitOf
        }

    def text(self, column: ColumnKind, value: Term) -> str | None:
        """Return what a cell of a column says for a value; ``None``: the column cannot say it."""
        if is_iri(value):
            return self._named(column, value)
        parts = literal_parts(value)
        if column.kind in ("concept", "reference") and not column.otherwise:
            return None
        if column.datatype and parts.datatype not in ("", column.datatype):
            return None
        if column.language and parts.language not in ("", column.language):
            return None
        return _plain_number(parts.lexical) if column.kind in ("integer", "decimal") else parts.lexical

    def local_id(self, thing: Term) -> str:
        """Return the number by which rows refer to a thing (empty: none is needed).

        Where no source gave one, a name that does not tell things apart makes one necessary.
        """
        if thing not in self._numbers:
            self._numbers[thing] = self._number(thing)
        return self._numbers[thing]

    def _number(self, thing: Term) -> str:
        given = self._given_id(thing)
        if given or not self._is_referred_to(thing):
            return given
        is_department = self.names.is_a(thing, MA.ClinicalDepartment)
        return code_of(thing) if is_department or not self._has_name_alone(thing) else ""

    def reference(self, thing: Term) -> str:
        """Return what a cell says that refers to a thing."""
        return self.local_id(thing) or self.names.label(thing, "zh") or text_of(thing)

    def _named(self, column: ColumnKind, value: Term) -> str | None:
        if column.kind == "concept":
            return concept_word(column, text_of(value), self.language)
        if column.to == "area":
            # The column of codes keeps what is no division as a note, the column of places as an address.
            return code_of(value) if column.otherwise == SKOS.note else area_word(code_of(value))
        return self.reference(value) if column.kind == "reference" else None

    def _given_id(self, thing: Term) -> str:
        alone = (text for text in self.facts.local_ids_of(thing) if self.facts.local_ids[text] == (thing,))
        return next(alone, "")

    def _is_referred_to(self, thing: Term) -> bool:
        return any(self.facts.pointing(property_, thing) for property_ in self._referring)

    def _has_name_alone(self, thing: Term) -> bool:
        label = self.names.label(thing, "zh")
        return bool(label) and self._bearers[label] <= {thing}


def in_language(values: Iterable[Term], language: str) -> list[Term]:
    """Return the texts in a language; where there is none, those in the first that there is."""
    listed = list(values)
    languages = [literal_parts(value).language if not is_iri(value) else "" for value in listed]
    wanted = next((one for one in (language, "zh", "") if one in languages), next(iter(languages), ""))
    return [value for value, one in zip(listed, languages, strict=True) if one == wanted or is_iri(value)]


def _plain_number(text: str) -> str:
    return text.rstrip("0").rstrip(".") if "." in text else text
