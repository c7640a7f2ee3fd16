"""What an address of the query page asks: a text, an example, or a guided question with its values."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from starlette.requests import Request

from api.i18n import language_of
from api.problems import Problem, problem_of
from api.query_examples import query_examples
from api.question_choices import Choice, choices
from graph.engine import Engine
from graph.nodes import in_language
from graph.question_values import WrongValue, check_known, filled
from ontology.library import Parameter, Query, offered

MOST_CHOICES = 300
"""Choices in a list; of more, one types the name."""


_HEADER = re.compile(r"^#\s*(?:(?:title|purpose)@\w+|audience|parameter\b[^:\n]*):[^\n]*\n", re.MULTILINE)


@dataclass(frozen=True)
class Blank:
    """One blank of a guided question: what may be chosen, and what was.

    ``listed`` tells whether ``choices`` are all there are; else a name, a code or an address is typed.
    """

    parameter: Parameter
    values: tuple[str, ...]
    choices: tuple[Choice, ...] = ()
    listed: bool = False
    chosen: tuple[Choice, ...] = ()
    """Of what was typed, the things that it stands for."""


@dataclass(frozen=True)
class Guided:
    """A question with its blanks as the address fills them."""

    query: Query
    blanks: tuple[Blank, ...]
    wrong: str = ""
    """The parameter whose value does not fit (empty: none)."""


@dataclass(frozen=True)
class Said:
    """What an address says: the text to show, whether it is to be answered, and the question it belongs to."""

    text: str = ""
    is_asked: bool = False
    guided: Guided | None = None
    fault: Problem | None = None


def asked(request: Request, query: str, example: str) -> Said:
    """Return what an address asks; a text of its own goes before a question, and that before an example."""
    question = offered().get(request.query_params.get("question", ""))
    if question:
        return _guided(request, question, query)
    if query:
        return Said(query, is_asked=True)
    if example in query_examples():
        return Said(query_examples()[example].text)
    if example in offered():
        return Said(without_header(offered()[example], offered()[example].text, language_of(request)))
    return Said()


def without_header(question: Query, text: str, language: str) -> str:
    """Return the text of a question as somebody would write it: its title, and no header for the library."""
    body = _HEADER.sub("", text).lstrip("\n")
    return f"# {in_language(question.title, language)}\n{body}"


def _guided(request: Request, question: Query, text: str) -> Said:
    engine: Engine = request.app.state.engine
    base, today = request.app.state.base, request.app.state.today()
    given = _given(request, question, engine, base)
    is_sent = bool(given) or "ask" in request.query_params
    try:
        made = filled(question, given, base, today)
        check_known(engine, made)
    except WrongValue as fault:
        blanks = _blanks(question, engine, {**_days(question, today), **given}, base)
        guided = Guided(question, blanks, fault.parameter if is_sent else "")
        shown = text or without_header(question, question.text, language_of(request))
        return Said(
            shown, is_asked=bool(text), guided=guided, fault=problem_of(fault, 0) if is_sent else None
        )
    guided = Guided(question, _blanks(question, engine, {**_days(question, today), **given}, base))
    shown = text or without_header(question, made.text, language_of(request))
    return Said(shown, is_asked=bool(text) or is_sent, guided=guided)


def _days(question: Query, today: date) -> Mapping[str, Sequence[str]]:
    """Return the days that count where none was given, as they are today."""
    alone = replace(
        question, parameters=tuple(one for one in question.parameters if one.kind == "date" and one.default)
    )
    return filled(alone, {}, "", today).values


def _given(request: Request, question: Query, engine: Engine, base: str) -> Mapping[str, Sequence[str]]:
    found: dict[str, list[str]] = {}
    for one in question.parameters:
        texts = (text.strip() for text in request.query_params.getlist(f"p.{one.name}"))
        found[one.name] = [_chosen(engine, one, text, base) for text in texts if text]
    return {name: values for name, values in found.items() if values}


def _chosen(engine: Engine, one: Parameter, text: str, base: str) -> str:
    """Return the value that a typed name stands for, where it stands for one; else the text."""
    if not one.is_chosen or text.isascii():
        return text
    fits = choices(engine, one, q=text, limit=MOST_CHOICES, base=base).items
    same = [choice for choice in fits if text in choice.labels.values()] or list(fits)
    return same[0].value if len(same) == 1 else text


def _blanks(
    question: Query, engine: Engine, given: Mapping[str, Sequence[str]], base: str
) -> tuple[Blank, ...]:
    return tuple(_blank(engine, one, given, base) for one in question.parameters)


def _blank(engine: Engine, one: Parameter, given: Mapping[str, Sequence[str]], base: str) -> Blank:
    values = tuple(given.get(one.name) or ([one.default] if one.default else []))
    if not one.is_chosen:
        return Blank(one, values)
    found = choices(engine, one, limit=MOST_CHOICES, base=base)
    if found.total <= len(found.items):
        return Blank(one, values, found.items, listed=True)
    fits = (choice for value in values for choice in choices(engine, one, q=value, base=base).items)
    chosen = tuple(choice for choice in fits if choice.value in values or choice.iri in values)
    return Blank(one, values, found.items, chosen=chosen)
