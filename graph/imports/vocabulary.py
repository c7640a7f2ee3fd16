"""The words of the vocabularies: which concept a cell means, and which are the nearest where it means none."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from graph.closeness import likeness
from graph.engine import Engine
from graph.pinyin import syllables
from graph.quads import iri_value, literal_parts
from ontology.library import query
from ontology.workbook import workbook

NEAR = 45
"""Labels less alike than this, of 100, are no suggestion."""


class Label(NamedTuple):
    """A concept and what it is called."""

    iri: str
    zh: str
    en: str


@dataclass(frozen=True)
class Vocabulary:
    """All concepts of all schemes by their labels and notations.

    Attributes:
        concepts: name of a scheme to its labels, as ``word``, to the concept.
        labels: concept to what it is called.
    """

    concepts: Mapping[str, Mapping[str, str]]
    labels: Mapping[str, Label]
    groups: tuple[frozenset[str], ...] = field(default=())
    """Words that mean the same wherever a scheme knows one of them: √ is 是."""

    @classmethod
    def of(cls, engine: Engine) -> Vocabulary:
        """Return the vocabularies that an engine holds."""
        concepts: dict[str, dict[str, str]] = {}
        names: dict[str, dict[str, str]] = {}
        for row in engine.select(query("concept-labels").text):
            iri, scheme = iri_value(row["concept"]), iri_value(row["scheme"]).rpartition("/")[2]
            said = literal_parts(row["label"])
            concepts.setdefault(scheme, {}).setdefault(word(said.lexical), iri)
            if row["property"].endswith("#prefLabel>"):
                names.setdefault(iri, {})[said.language] = said.lexical
        labels = {iri: Label(iri, said.get("zh", ""), said.get("en", "")) for iri, said in names.items()}
        marks = workbook().cells
        groups = tuple(frozenset(map(word, group)) for group in (marks.yes, marks.no))
        return cls(concepts, labels, groups)

    def concept(self, scheme: str, text: str) -> str | None:
        """Return the concept of a scheme that a text is a label, notation or usual mark of."""
        known, said = self.concepts.get(scheme, {}), word(text)
        if said in known:
            return known[said]
        alike = {known[one] for group in self.groups if said in group for one in group if one in known}
        return alike.pop() if len(alike) == 1 else None

    def nearest(self, scheme: str, text: str, options: Sequence[str] = (), most: int = 3) -> list[Label]:
        """Return the concepts of a scheme that a text resembles most, by its characters or as it is read.

        Where none does, those of the column's drop-down, whose words they are told by.
        """
        known, said = self.concepts.get(scheme, {}), word(text)
        best: dict[str, float] = {}
        for label, iri in known.items():
            score = max(likeness(said, label), likeness(_read(said), _read(label)) - 10)
            if len(label) > 1 and label in said:
                score = max(score, 80 + len(label))
            best[iri] = max(best.get(iri, 0), score)
        near = [iri for iri in sorted(best, key=lambda iri: -best[iri]) if best[iri] >= NEAR][:most]
        chosen = near or [known[word(option)] for option in options if word(option) in known]
        usual = {known[word(option)]: option for option in reversed(options) if word(option) in known}
        return [self.labels[iri]._replace(zh=usual.get(iri, self.labels[iri].zh)) for iri in chosen]


def word(text: str) -> str:
    """Return a label as it is compared: half width, small letters, without spaces, brackets and full stops."""
    return re.sub(r"[\s()（）“”\"。]", "", unicodedata.normalize("NFKC", text)).casefold()


def said_as(labels: Sequence[Label]) -> Mapping[str, str]:
    """Return labels as one phrase in each language."""
    return {
        "zh": "、".join(label.zh or label.en for label in labels),
        "en": ", ".join(label.en or label.zh for label in labels),
    }


def _read(text: str) -> str:
    return "".join(syllables(text))
