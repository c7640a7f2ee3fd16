"""The values of a question as people and addresses write them, read into RDF terms and bound in its text."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Literal

from graph.engine import Engine
from graph.keys import iri_of
from graph.names import PACKAGED
from graph.quads import XSD, Term, iri, iri_value, literal, text_of
from ontology.areas import AREA
from ontology.library import UNDEF, Parameter, Query, query

EXPECTED: Mapping[str, str] = {
    "iri": "https://…, org/…",
    "concept": "",
    "area": "220000, 2206, 22",
    "text": "…",
    "integer": "12",
    "number": "43.87",
    "date": "YYYY-MM-DD, today, today-30",
    "instant": "2026-01-31T08:00:00Z",
    "boolean": "true, false",
}
"""What a value of each kind looks like; the same in every language."""

MOST_TEXT = 1000
"""Characters that one value can have."""

Reason = Literal[
    "parameter-unknown",
    "parameter-missing",
    "parameter-repeated",
    "parameter-malformed",
    "parameter-not-held",
]

_DAY = re.compile(r"(\d{4}-\d{2}-\d{2})|today(?:([+-]\d{1,5}))?")
_BOOLEAN = {"true": "true", "1": "true", "yes": "true", "false": "false", "0": "false", "no": "false"}
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")


class WrongValue(ValueError):
    """A parameter of a question that makes no sense: which, what was given, and what is expected."""

    def __init__(self, reason: Reason, parameter: str, given: str = "", expected: str = "") -> None:
        super().__init__(f"{parameter}: {given}")
        self.reason, self.parameter, self.given, self.expected = reason, parameter, given, expected


@dataclass(frozen=True)
class Filled:
    """A question with its blanks filled.

    Attributes:
        query: the question.
        terms: the terms of each parameter that has a value, given or by default.
    """

    query: Query
    terms: Mapping[str, tuple[Term, ...]]

    @property
    def text(self) -> str:
        """The SPARQL text; parameters without a value are open."""
        return self.query.bound(
            {one.name: self.terms.get(one.name, (UNDEF,)) for one in self.query.parameters}
        )

    @property
    def counting(self) -> str:
        """The SPARQL text that counts the rows, as ``total``; for SELECT only."""
        prologue, body = self.query.split(self.text)
        return f"{prologue}SELECT (COUNT(*) AS ?total) {{ {{\n{body}}} }}\n"

    @property
    def values(self) -> Mapping[str, tuple[str, ...]]:
        """The values as texts: IRIs, and lexical forms."""
        return {name: tuple(map(text_of, terms)) for name, terms in self.terms.items()}


def filled(asked: Query, given: Mapping[str, Sequence[str]], base: str, today: date) -> Filled:
    """Return a question with what was given.

    Args:
        asked: the question.
        given: the texts of each parameter; blank ones count as not given.
        base: the IRI base of the instance, for short names.
        today: what ``today`` means.

    Raises:
        WrongValue: a name is no parameter, a value is missing, cannot be read, or is one too many.
    """
    known = {one.name for one in asked.parameters}
    for name, texts in given.items():
        if name not in known:
            raise WrongValue("parameter-unknown", name, ", ".join(texts), ", ".join(sorted(known)))
    reading = _Reading(base, today)
    found = ((one, reading.terms(one, given.get(one.name, ()))) for one in asked.parameters)
    return Filled(asked, {one.name: terms for one, terms in found if terms})


def check_known(engine: Engine, asked: Filled) -> None:
    """Raise WrongValue when a thing, concept or area that a question names is not in the graph.

    An answer about something that nobody knows would look like an answer: "no" for a member that was mistyped.
    """
    for parameter in asked.query.parameters:
        wanted = asked.terms.get(parameter.name, ())
        if parameter.is_chosen and wanted:
            group = group_of(parameter)
            rows = engine.select(query("choices-held").bound({"thing": wanted, "group": group}))
            held = {row["thing"] for row in rows}
            for term in wanted:
                if term not in held:
                    raise WrongValue("parameter-not-held", parameter.name, text_of(term), text_of(group))


def group_of(parameter: Parameter) -> Term:
    """Return what the values of a parameter belong to: a class, or a concept scheme."""
    if parameter.kind == "concept":
        return iri(f"{PACKAGED}vocab/{parameter.of}")
    if parameter.kind == "area":
        return iri("https://schema.org/AdministrativeArea")
    return iri(parameter.of)


@dataclass(frozen=True)
class _Reading:
    """How texts are read in one instance on one day."""

    base: str
    today: date

    def terms(self, parameter: Parameter, texts: Sequence[str]) -> tuple[Term, ...]:
        """Return the terms that texts mean, each once; the default where there are none."""
        stated = [text.strip() for text in texts if text.strip()]
        wanted = stated or ([parameter.default] if parameter.default else [])
        if not wanted and not parameter.is_optional:
            raise WrongValue("parameter-missing", parameter.name, expected=EXPECTED[parameter.kind])
        if len(wanted) > 1 and not parameter.is_many:
            raise WrongValue("parameter-repeated", parameter.name, ", ".join(wanted))
        return tuple(dict.fromkeys(self._term(parameter, text) for text in wanted))

    def _term(self, parameter: Parameter, text: str) -> Term:
        read: Mapping[str, Callable[[str], Term]] = {
            "iri": self._thing,
            "concept": lambda code: self._concept(parameter.of, code),
            "area": self._area,
            "text": literal,
            "integer": _integer,
            "number": _number,
            "date": self._date,
            "instant": _instant,
            "boolean": _boolean,
        }
        try:
            if len(text) > MOST_TEXT:
                raise ValueError
            return read[parameter.kind](text)
        except (ValueError, OverflowError):
            expected = EXPECTED[parameter.kind] or f"vocab/{parameter.of}/…"
            raise WrongValue("parameter-malformed", parameter.name, text[:MOST_TEXT], expected) from None

    def _thing(self, text: str) -> Term:
        name = iri(iri_of(text, self.base))
        if not _SCHEME.match(iri_value(name)):
            raise ValueError(text)
        return name

    def _concept(self, scheme: str, code: str) -> Term:
        is_code = "/" not in code and ":" not in code
        return iri(f"{PACKAGED}vocab/{scheme}/{code}") if is_code else self._thing(code)

    def _area(self, code: str) -> Term:
        if re.fullmatch(r"\d{2}|\d{4}|\d{6}", code):
            return iri(f"{AREA}{code:0<6}")
        if code.isdecimal():
            raise ValueError(code)
        return self._thing(code)

    def _date(self, text: str) -> Term:
        said = _DAY.fullmatch(text)
        if not said:
            raise ValueError(text)
        day = date.fromisoformat(said[1]) if said[1] else self.today + timedelta(days=int(said[2] or 0))
        return literal(day.isoformat(), datatype=f"{XSD}date")


def _integer(text: str) -> Term:
    if not re.fullmatch(r"[+-]?\d{1,18}", text, re.ASCII):
        raise ValueError(text)
    return literal(str(int(text)), datatype=f"{XSD}integer")


def _number(text: str) -> Term:
    if not re.fullmatch(r"[+-]?\d{1,15}(\.\d{1,15})?", text, re.ASCII):
        raise ValueError(text)
    return literal(text.removeprefix("+"), datatype=f"{XSD}decimal")


def _instant(text: str) -> Term:
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError(text)
    said = moment.astimezone(UTC).isoformat().replace("+00:00", "Z")
    return literal(said, datatype=f"{XSD}dateTime")


def _boolean(text: str) -> Term:
    if text.lower() not in _BOOLEAN:
        raise ValueError(text)
    return literal(_BOOLEAN[text.lower()], datatype=f"{XSD}boolean")


def given_by(pairs: Sequence[tuple[str, str]]) -> Mapping[str, list[str]]:
    """Return the values of each name, in the order given."""
    found: dict[str, list[str]] = {}
    for name, value in pairs:
        found.setdefault(name, []).append(value)
    return found


def as_texts(value: object) -> Iterator[str]:
    """Yield a value of JSON as texts: a list gives each of its members, null none.

    Raises:
        ValueError: it is an object, or a list holds a list.
    """
    if value is None:
        return
    if isinstance(value, list):
        for one in value:
            if isinstance(one, list):
                raise ValueError("a list in a list")
            yield from as_texts(one)
    elif isinstance(value, bool):
        yield str(value).lower()
    elif isinstance(value, str | int | float):
        yield str(value)
    else:
        raise ValueError("an object")
