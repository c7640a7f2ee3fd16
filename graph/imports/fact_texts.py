"""Facts in words: what a fact is called and what it says, in both languages, for people who read a preview."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from graph.engine import Engine
from graph.imports.positions import LATITUDE, LONGITUDE
from graph.imports.value_terms import Fact, iri_term
from graph.imports.writing import BASIS, TYPE
from graph.quads import Term, iri_value, is_iri, literal_parts, text_of
from ontology.library import query
from ontology.terms import SOSA
from ontology.workbook import ColumnKind, SheetKind, Workbook

LANGUAGES = ("zh", "en")

Text = Mapping[str, str]
"""A text by language."""

_INDICATOR = iri_term(SOSA.observedProperty)
_RESULT = iri_term(SOSA.hasSimpleResult)
_FEW = 2000
"""Things whose names are asked for in one query."""


class Labels:
    """The names of things by language, asked for many at once."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._known: dict[Term, dict[str, str]] = {}

    def learn(self, terms: Iterable[Term]) -> None:
        """Ask for the names of things that are not known yet."""
        asked = [term for term in dict.fromkeys(terms) if is_iri(term) and term not in self._known]
        for start in range(0, len(asked), _FEW):
            few = asked[start : start + _FEW]
            self._known |= {term: {} for term in few}
            for row in self._engine.select(query("labels").bound({"thing": few})):
                self.tell(row["thing"], row["label"])

    def tell(self, thing: Term, label: Term) -> None:
        """Take a name of a thing, unless it has one in that language."""
        text, language, _ = literal_parts(label)
        for one in (language,) if language else LANGUAGES:
            self._known.setdefault(thing, {}).setdefault(one, text)

    def of(self, thing: Term) -> Text:
        """Return the names of a thing in the languages that it has any in; without a language, in both."""
        return self._known.get(thing, {})

    def text(self, term: Term) -> Text:
        """Return what a reader sees of a value, in both languages."""
        if not is_iri(term):
            return dict.fromkeys(LANGUAGES, text_of(term))
        held = self.of(term)
        fallback = next(iter(held.values()), iri_value(term))
        return {language: held.get(language, fallback) for language in LANGUAGES}


@dataclass(frozen=True)
class _Naming:
    """What a property of a class is called where the node has some constants."""

    constants: frozenset[Fact]
    label: Text


class FactNames:
    """What facts are called: by the columns of the workbook, by the indicator, or by the property."""

    def __init__(self, book: Workbook, labels: Labels) -> None:
        self._labels = labels
        self._namings: dict[Fact, list[_Naming]] = defaultdict(list)
        self._constants: set[Fact] = set()
        for sheet in book.sheets:
            self._learn(sheet)

    def told(self, facts: Iterable[Fact], links: Iterable[Term]) -> Iterator[Fact]:
        """Yield the facts of a node that say something to a reader."""
        listed, types = tuple(facts), frozenset(_types(facts))
        silent = {TYPE, BASIS, LATITUDE, LONGITUDE, *links}
        for said, value in listed:
            if said not in silent and not any((type_, said) in self._constants for type_ in types):
                yield said, value

    def name(self, facts: Iterable[Fact], said: Term) -> Text:
        """Return what one property of a node is called, from all that is said of the node."""
        listed = frozenset(facts)
        fitting = [
            naming
            for type_ in _types(listed)
            for naming in self._namings.get((type_, said), ())
            if naming.constants <= listed
        ]
        best = max(fitting, key=lambda naming: len(naming.constants), default=None)
        indicator = next((value for property_, value in listed if property_ == _INDICATOR), "")
        if said == _RESULT and indicator and not (best and best.constants):
            return self._labels.text(indicator)
        return best.label if best else self._labels.text(said)

    def _learn(self, sheet: SheetKind) -> None:
        for part in sheet.parts:
            self._constants |= {(iri_term(part.type), iri_term(said)) for said in part.constants}
        # A column that names another thing is headed by its id, which is no name for what is said.
        for column in (one for one in sheet.columns if one.to in ("", "area")):
            on = [part for part in sheet.parts if part.key in column.on]
            for type_, constants in [(part.type, part.constants) for part in on] or self._types(sheet):
                held = frozenset((iri_term(said), iri_term(value)) for said, value in constants.items())
                for said in {column.property, column.otherwise, column.mobile} - {""}:
                    self._namings[iri_term(type_), iri_term(said)].append(_Naming(held, _plain(column)))

    @staticmethod
    def _types(sheet: SheetKind) -> list[tuple[str, Mapping[str, str]]]:
        return [(type_, {}) for type_ in (sheet.type, *(variant.type for variant in sheet.variants))]


def _plain(column: ColumnKind) -> Text:
    """Return the head of a column, without what it says on how several values are parted."""
    if not column.many:
        return column.labels
    return {language: label.partition("(")[0].strip() for language, label in column.labels.items()}


def _types(facts: Iterable[Fact]) -> Iterator[Term]:
    return (value for said, value in facts if said == TYPE)
