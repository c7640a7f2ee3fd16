"""Own names: which of the names that sources give a thing is its preferred one, and which is only another."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from graph.engine import Engine
from graph.imports.row_nodes import RowNode
from graph.imports.value_terms import Fact, iri_term
from graph.names import PACKAGED, Names
from graph.quads import Term, iri, literal_parts, text_of
from ontology.library import query
from ontology.terms import MA, RDF, SKOS, SKOSXL

LABEL = iri_term(SKOS.prefLabel)

Held = Mapping[str, Mapping[str, str]]
"""IRI to names by language."""

_FEW = 2000
"""Things that are asked about in one query."""
_KINDS = f"{PACKAGED}vocab/name-kind/"


def held_labels(engine: Engine, names: Names, document: str, iris: Iterable[str]) -> Held:
    """Return the names by language that current sources other than a document give some things.

    Args:
        engine: what is held.
        names: the graphs that the instance keeps for itself.
        document: IRI of the document whose own versions do not count.
        iris: the things.
    """
    found: dict[str, dict[str, str]] = defaultdict(dict)
    listed = [iri(name) for name in dict.fromkeys(iris)]
    question = query("names-elsewhere")
    for start in range(0, len(listed), _FEW):
        few = listed[start : start + _FEW]
        blanks = {"thing": few, "document": iri(document), "catalogue": names.catalogue}
        for row in engine.select(question.bound(blanks)):
            text, language, _ = literal_parts(row["label"])
            if language:
                found[text_of(row["thing"])].setdefault(language, text)
    return found


class OwnNames:
    """The preferred names of the things that rows speak of: what others give, or else the fullest of the rows'."""

    def __init__(self, held: Held) -> None:
        self._held = held
        self._said: dict[tuple[str, str], str] = {}

    def note(self, node: RowNode) -> None:
        """Take note of the names that a row gives a node."""
        for said, value in node.facts:
            if said == LABEL:
                text, language, _ = literal_parts(value)
                place = (node.base, language)
                self._said[place] = min(self._said.get(place, text), text, key=_fullest)

    def split(self, node: RowNode) -> tuple[list[Fact], list[tuple[Fact, ...]]]:
        """Return what is said of a node itself, and the other names that it is given: what is said of each."""
        facts, others = [], []
        for said, value in node.facts:
            text, language, _ = literal_parts(value) if said == LABEL else ("", "", "")
            own = self._own(node, text, language)
            if text == own:
                facts.append((said, value))
            else:
                others.append(tuple(_another_name(node.iri, value, text, own)))
        return facts, others

    def _own(self, node: RowNode, text: str, language: str) -> str:
        if not text:
            return text
        held = self._held.get(text_of(node.iri), {}).get(language)
        return held or self._said.get((node.base, language), text)


def is_short_for(text: str, full: str) -> bool:
    """Tell whether a name is made of characters of a longer one, in their order: 示例一院 of 示例第一医院."""
    rest = iter(full)
    return len(text) < len(full) and all(char in rest for char in text)


def _another_name(thing: Term, value: Term, text: str, own: str) -> Iterator[Fact]:
    yield iri_term(RDF.type), iri_term(MA.NameVariant)
    yield iri_term(MA.appliesTo), thing
    yield iri_term(SKOSXL.literalForm), value
    yield iri_term(MA.kind), iri_term(_KINDS + ("short" if is_short_for(text, own) else "alias"))


def _fullest(text: str) -> tuple[int, str]:
    return -len(text), text
