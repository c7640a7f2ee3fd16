"""The same query from elsewhere: program texts for curl, Python, R and JavaScript, whatever the query holds."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

from graph import media
from graph.sparql_tokens import tokens

FILE = Path(__file__).parent / "snippets.toml"

Shape = Literal["rows", "boolean", "graph"]
"""What an answer is: rows of values, yes or no, or a graph."""

_SHAPES: Mapping[str, Shape] = {
    "SELECT": "rows",
    "ASK": "boolean",
    "CONSTRUCT": "graph",
    "DESCRIBE": "graph",
}
_BLANK = re.compile(r"«(\w+)»")
_PLAIN = re.compile(r'[^"\\\x00-\x1f\x7f\u2028\u2029]*')


@dataclass(frozen=True)
class Snippet:
    """A program text that asks a query: an id, what it is called, and the text."""

    name: str
    title: str
    text: str


@dataclass(frozen=True)
class _Language:
    """How a language writes a string, and which media type its programs ask for."""

    quoted: Callable[[str], str]
    accept: Mapping[Shape, str]


def snippets(endpoint: str, query: str) -> list[Snippet]:
    """Return program texts that ask a query of an endpoint."""
    shape = answer_shape(query)
    return [
        Snippet(name, said["title"], _filled(said[shape].strip(), _blanks(name, endpoint, query, shape)))
        for name, said in _templates().items()
    ]


def answer_shape(query: str) -> Shape:
    """Return what the answer to a query will be; rows where its form cannot be told.

    >>> answer_shape("PREFIX ask: <http://select/> # describe\\nCONSTRUCT { ?s ?p ?o } { ?s ?p ?o }")
    'graph'
    """
    words = (token.text.upper() for token in tokens(query) if token.kind == "word")
    return next((_SHAPES[word] for word in words if word in _SHAPES), "rows")


def shell_string(text: str) -> str:
    """Return a text as one word of a shell."""
    return "'" + text.replace("'", "'\\''") + "'"


def python_string(text: str) -> str:
    """Return a text as a Python string, over several lines where it has them."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\r", "\\r").replace("\0", "\\0")
    if "\n" not in text:
        return f'"{escaped}"'
    # Only three quotes in a row, or one before the end, would close the string.
    readable = re.sub(r'(?:\\"){3,}|\\"$', lambda found: found[0].replace('\\"', "\0"), escaped)
    return '"""' + readable.replace('\\"', '"').replace("\0", '\\"') + '"""'


def r_string(text: str) -> str:
    """Return a text as a string of R, a raw one (R 4.0 or newer) where a plain one would need escapes."""
    if _PLAIN.fullmatch(text):
        return f'"{text}"'
    dashes = ""
    while f'){dashes}"' in text:
        dashes += "-"
    return f'r"{dashes}({text}){dashes}"'


def javascript_string(text: str) -> str:
    """Return a text as a string of JavaScript, over several lines where it has them."""
    if _PLAIN.fullmatch(text):
        return f'"{text}"'
    escaped = text.replace("\\", "\\\\").replace("`", "\\`").replace("${", "\\${").replace("\r", "\\r")
    return f"`{escaped}`"


def _blanks(name: str, endpoint: str, query: str, shape: Shape) -> Mapping[str, str]:
    language = _LANGUAGES[name]
    accept = language.accept[shape]
    if name == "curl":  # its arguments carry a name each
        accept, query = f"Accept: {accept}", f"query={query}"
    values = {"endpoint": endpoint, "query": query, "accept": accept}
    return {blank: language.quoted(value) for blank, value in values.items()}


def _filled(template: str, blanks: Mapping[str, str]) -> str:
    """Return a text with its blanks filled, in one pass: what is filled in is never looked at again."""
    return _BLANK.sub(lambda blank: blanks[blank[1]], template)


@cache
def _templates() -> Mapping[str, Mapping[str, str]]:
    return tomllib.loads(FILE.read_text(encoding="utf-8"))


_TABLE: Mapping[Shape, str] = {"rows": media.CSV, "boolean": media.RESULTS_JSON, "graph": media.TURTLE}
_OBJECTS: Mapping[Shape, str] = {**_TABLE, "rows": media.RESULTS_JSON}
_LANGUAGES: Mapping[str, _Language] = {
    "curl": _Language(shell_string, _TABLE),
    "sparqlwrapper": _Language(python_string, _OBJECTS),
    "rdflib": _Language(python_string, _OBJECTS),
    "r": _Language(r_string, _TABLE),
    "javascript": _Language(javascript_string, _OBJECTS),
}
