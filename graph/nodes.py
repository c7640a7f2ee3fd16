"""What is said of a handful of things, read together: what they are called, of which kind they are, and when."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from graph.engine import Engine
from graph.quads import Term, iri, is_iri, literal_parts, text_of
from ontology.display import Display, Labels, display
from ontology.library import query

LANGUAGES = ("zh", "en")

_ROUNDS = 4  # a name may be made of names that are made of names; beyond this it would not fit a line
_BATCH = 300
_READ = (
    *(
        "label",
        "kind",
        "illustrative",
        "start",
        "end",
        "at",
        "verified",
        "basis",
        "editorial",
        "note",
        "document",
    ),
    *(
        "sentence",
        "subject",
        "predicate",
        "object",
        "indicator",
        "value",
        "unit",
        "definition",
        "description",
    ),
    "scheme",
)


@dataclass(frozen=True)
class Named:
    """A thing by its IRI, with what it is called by language, its main class and that class's family."""

    iri: str
    labels: Labels
    kind: str = ""
    family: str = "other"
    illustrative: bool = False
    described: bool = field(default=False, metadata={"internal": True})
    """Whether the graph says anything of it, so that it has a page worth opening."""


@dataclass(frozen=True)
class Period:
    """When a thing held, as its source states it; empty strings where nothing is stated."""

    start: str = ""
    end: str = ""
    at: str = ""

    def __bool__(self) -> bool:
        return bool(self.start or self.end or self.at)


NO_PERIOD = Period()
"""Nothing is stated."""


class Nodes:
    """What an engine says of some things; each is read once.

    Reading takes one query for a set of things, however many they are, and one more for the things that their
    names are made of.
    """

    def __init__(self, engine: Engine, table: Display | None = None) -> None:
        self.table = table or display()
        self._engine = engine
        self._said: dict[str, dict[str, list[Term]]] = {}
        name_parts = {iri for parts in self.table.names.values() for part in parts for iri in part}
        self._properties = sorted(self.table.role(*_READ) | name_parts)

    def read(self, iris: Iterable[str]) -> None:
        """Read what is said of these things, unless it is known already."""
        wanted = {name for name in iris if name not in self._said}
        for _ in range(_ROUNDS):
            if not wanted:
                return
            self._fetch(sorted(wanted))
            wanted = {other for name in wanted for other in self._needed(name) if other not in self._said}

    def terms(self, name: str, *roles: str) -> list[Term]:
        """Return what a thing has for the properties of these roles, in the order of the table."""
        said = self._said.get(name, {})
        properties = [iri for role in roles for iri in self.table.properties[role]]
        return [term for property_ in properties for term in said.get(property_, ())]

    def linked(self, name: str, *roles: str) -> list[str]:
        """Return the IRIs that a thing points at by the properties of these roles."""
        return [text_of(term) for term in self.terms(name, *roles) if is_iri(term)]

    def text(self, name: str, *roles: str) -> str:
        """Return the first value of a thing for these roles as text, empty when there is none."""
        return next((text_of(term) for term in self.terms(name, *roles)), "")

    def texts(self, name: str, *roles: str) -> Labels:
        """Return what a thing has for these roles by language, several values of one language joined."""
        found: dict[str, list[str]] = {}
        for term in self.terms(name, *roles):
            language, text = _spoken(term)
            found.setdefault(language, []).append(text)
        return {language: " ".join(texts) for language, texts in found.items()}

    def labelled(self, name: str, role: str) -> Labels:
        """Return the first text of each language that a thing has for a role."""
        return first_labels(self.terms(name, role))

    def kind(self, name: str) -> str:
        """Return the class that tells most of a thing."""
        return self.table.main_kind(self.linked(name, "kind"))

    def period(self, name: str) -> Period:
        """Return when a thing held, as stated."""
        return Period(self.text(name, "start"), self.text(name, "end"), self.text(name, "at"))

    def is_illustrative(self, name: str) -> bool:
        """Tell whether a thing is marked as invented."""
        return self.text(name, "illustrative") == "true"

    def named(self, name: str, without: str = "") -> Named:
        """Return a thing with its names; ``without`` leaves one thing out of a name that is put together."""
        kind = self.kind(name)
        return Named(
            iri=name,
            labels=self.labels(name, without),
            kind=kind,
            family=self.table.family(kind),
            illustrative=self.is_illustrative(name),
            described=bool(self._said.get(name)),
        )

    def labels(self, name: str, without: str = "") -> Labels:
        """Return what a thing is called: as labelled, as the table calls it, put together, or its last part."""
        return (
            first_labels(self.terms(name, "label"))
            or self.table.labels.get(name, {})
            or self._composed(name, without)
            or {"": self._fallback(name)}
        )

    def _fallback(self, name: str) -> str:
        """Return the last part of a name of ours, and a name from elsewhere in short or as it is."""
        return local_name(name) if self._said.get(name) else self.table.compact(name)

    def _composed(self, name: str, without: str, depth: int = 0) -> Labels:
        parts = self.table.names.get(self.kind(name), ())
        if not parts or depth > _ROUNDS:
            return {}
        composed = {}
        for language in LANGUAGES:
            words = (self._words(name, part, language, without, depth) for part in parts)
            composed[language] = " · ".join(word for word in words if word)
        return composed if any(composed.values()) else {}

    def _words(self, name: str, part: Sequence[str], language: str, without: str, depth: int) -> str:
        said = self._said.get(name, {})
        words: list[str] = []
        for property_ in part:
            terms = [term for term in said.get(property_, ()) if term != f"<{without}>"]
            wording = self.table.wording.get(property_, {}).get(language, "{}")
            words += [wording.replace("{}", word) for word in self._word(terms, language, depth)]
        return " ".join(words)

    def _word(self, terms: list[Term], language: str, depth: int) -> list[str]:
        if terms and not is_iri(terms[0]):
            labels = first_labels(terms)
            return [in_language(labels, language)] if labels else []
        iris = [text_of(term) for term in terms if text_of(term) not in self.table.plain_units]
        return [self._label(other, language, depth) for other in iris[:2]]

    def _label(self, name: str, language: str, depth: int) -> str:
        labels = first_labels(self.terms(name, "label")) or self.table.labels.get(name, {})
        labels = labels or self._composed(name, "", depth + 1) or {"": self._fallback(name)}
        return in_language(labels, language)

    def _needed(self, name: str) -> list[str]:
        """Return what else must be read to name a thing."""
        needed = self.linked(name, "document", "unit", "indicator", "basis")
        if not self.terms(name, "label"):
            said = self._said[name]
            parts = self.table.names.get(self.kind(name), ())
            needed += [text_of(t) for part in parts for iri in part for t in said.get(iri, ()) if is_iri(t)]
        return needed

    def _fetch(self, names: Sequence[str]) -> None:
        values = query("entity-values")
        properties = [iri(name) for name in self._properties]
        for begin in range(0, len(names), _BATCH):
            batch = [iri(name) for name in names[begin : begin + _BATCH]]
            self._said.update({name: {} for name in names[begin : begin + _BATCH]})
            rows = self._engine.select(values.bound({"this": batch, "property": properties}))
            for row in sorted(rows, key=lambda row: row["value"]):
                said = self._said[text_of(row["this"])]
                said.setdefault(text_of(row["property"]), []).append(row["value"])


def is_iri_text(text: str) -> bool:
    """Tell whether a text from outside can be an IRI at all."""
    try:
        return bool(iri(text)) and ":" in text
    except ValueError:
        return False


def first_labels(terms: Iterable[Term]) -> Labels:
    """Return the first text of each language; a text without a language goes under the empty string."""
    labels: dict[str, str] = {}
    for term in terms:
        if not is_iri(term):
            labels.setdefault(*_spoken(term))
    return labels


def in_language(labels: Mapping[str, str], language: str) -> str:
    """Return a text in a language, or in another one when it has none."""
    for choice in (language, "", *LANGUAGES):
        if labels.get(choice):
            return labels[choice]
    return next(iter(labels.values()), "")


def local_name(name: str) -> str:
    """Return the last part of an IRI, or the whole when it has no parts."""
    return re.split(r"[/#:]", name.rstrip("/#"))[-1] or name


def _spoken(term: Term) -> tuple[str, str]:
    """Return the language (zh, en, another, or none) and text of a term."""
    if not term.startswith('"'):
        return "", text_of(term)
    parts = literal_parts(term)
    return parts.language.lower().split("-")[0], parts.lexical
