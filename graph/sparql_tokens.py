r"""SPARQL text cut into tokens, with the place of each: what the query guard and update capture read.

Parsing SPARQL is the engine's business. What is needed beside it is to know what is a keyword, and what only
looks like one inside a string, an IRI, a comment or a name. One regular expression says that, except for one
ambiguity of SPARQL: in ``FILTER(?a<?b&&?c>?d)`` the characters from ``<`` to ``>`` also make an IRI. Engines
that parse without tokens read a comparison there, because two operands never stand side by side in an
expression. Whoever looks for forbidden keywords must read the same, otherwise ``FILTER(?a<1)SERVICE:x#>`` hides
one; so the tokeniser keeps track of which brackets hold expressions.

>>> [token.text for token in tokens("SELECT * { ?s a:b.c '{' } # }")]
['SELECT', '*', '{', '?s', 'a:b.c', "'{'", '}']
>>> [token.text for token in tokens("FILTER(?a<?b&&?c>?d)")][:6]
['FILTER', '(', '?a', '<', '?b', '&&']
"""

from __future__ import annotations

import re
from collections.abc import Generator, Iterator
from enum import IntEnum
from typing import NamedTuple


class Token(NamedTuple):
    """A piece of SPARQL text other than white space and comments.

    ``kind`` is one of string, iri, variable, blank, name, number, language, word, mark (punctuation) and unknown
    (what SPARQL cannot contain, for example the quote that opens a string without end). ``expression`` tells
    whether the token stands between brackets that hold an expression; the opening bracket counts as inside.
    """

    kind: str
    text: str
    start: int
    expression: bool = False

    @property
    def end(self) -> int:
        """The offset behind the token."""
        return self.start + len(self.text)


class Place(NamedTuple):
    """A line and a column of a text, both counted from 1."""

    line: int
    column: int


def place_of(text: str, offset: int) -> Place:
    """Return the line and column of an offset."""
    return Place(text.count("\n", 0, offset) + 1, offset - text.rfind("\n", 0, offset))


def offset_of(text: str, place: Place) -> int:
    """Return the offset of a place; the reverse of ``place_of``."""
    start = 0
    for _ in range(place.line - 1):
        start = text.find("\n", start) + 1
    return start + place.column - 1


OPENING = {"(": ")", "{": "}", "[": "]", "{|": "|}", "<<": ">>", "<<(": ")>>"}
"""Every opening bracket and what closes it."""

# The character classes are those of the SPARQL grammar; Python's \w has other letters (it lacks 、 and has ²).
_LETTERS = (
    "A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c\u200d\u2070-\u218f"
    "\u2c00-\u2fef\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff"
)
_JOINERS = "0-9\u00b7\u0300-\u036f\u203f-\u2040"
_CHARS = rf"{_LETTERS}_{_JOINERS}\-"
_ESCAPED = r"%[0-9A-Fa-f]{2}|\\[_~.\-!$&'()*+,;=/?#@%]"
_NO_DOT = r"(?:(?<!\.)|(?<=\\\.))"
_CODE = r"\\(?:u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8})"
# Other escapes than these end the attempt to read a string, as they do in an engine: """a" :x\- ... is no string.
_IN_STRING = rf"(?:\\[tbnrf\\\"']|{_CODE})"
_IN_IRI = r"[^<>\"{}|^`\\\x00-\x20]"
_PREFIX = rf"[{_LETTERS}][{_CHARS}.]*(?<!\.)"
_LOCAL = rf"(?:[{_LETTERS}_:0-9]|{_ESCAPED})[{_CHARS}.:]*(?:(?:{_ESCAPED})[{_CHARS}.:]*)*{_NO_DOT}"

_TOKEN = re.compile(
    rf"""
    (?:[ \t\r\n]++|\#[^\r\n]*+)*+ (?:
    (?P<string>
        \"\"\"[^"\\]*(?:(?:{_IN_STRING}|"(?!""))[^"\\]*)*\"\"\" | "[^"\\\r\n]*(?:{_IN_STRING}[^"\\\r\n]*)*"
      | '''[^'\\]*(?:(?:{_IN_STRING}|'(?!''))[^'\\]*)*''' | '[^'\\\r\n]*(?:{_IN_STRING}[^'\\\r\n]*)*')
  | (?P<iri><{_IN_IRI}*(?:{_CODE}{_IN_IRI}*)*>)
  | (?P<variable>[?$][{_LETTERS}_0-9][{_LETTERS}_{_JOINERS}]*)
  | (?P<blank>_:[{_LETTERS}_0-9][{_CHARS}.]*(?<!\.))
  | (?P<name>(?:{_PREFIX})?:(?:{_LOCAL})?)
  | (?P<word>[A-Za-z][A-Za-z0-9_]*)
  | (?P<number>(?:[0-9]+\.[0-9]*|\.?[0-9]+)[eE][+-]?[0-9]+|[0-9]*\.[0-9]+|[0-9]+)
  | (?P<language>@[A-Za-z]+(?:-[A-Za-z0-9]+)*(?:--(?:ltr|rtl))?)
  | (?P<mark><<\(|\)>>|<<|>>|\{{\||\|\}}|\|\||&&|\^\^|[<>!]=|[{{}}()\[\].,;=<>!+\-*/|^?~&])
  | (?P<end>\Z)
  | (?P<unknown>.))
    """,
    re.DOTALL | re.VERBOSE,
)


class _Clause(IntEnum):
    """Whether the next round bracket opens an expression."""

    NONE = 0
    ONE = 1  # FILTER and BIND take one
    SEVERAL = 2  # SELECT, HAVING and BY take any number, until a group begins


# Not whole words: engines without tokens also read SELECTDISTINCT(…), FILTERSTRLEN(…) and NOTtrue.
_CLAUSE = re.compile("(FILTER|BIND)|(SELECT|HAVING|BY)", re.IGNORECASE)
_OPERAND_WORD = re.compile("(?:TRUE|FALSE)$", re.IGNORECASE)
_OPERANDS = frozenset(("string", "iri", "variable", "blank", "name", "number", "language"))
_OPENING = frozenset(OPENING)
_CLOSING = frozenset(OPENING.values())


class _Context:
    """What a token may be where the reader stands: inside an expression, behind an operand."""

    def __init__(self) -> None:
        self.expression = False
        self.after_operand = False
        self._clause = _Clause.NONE
        self._outer: list[tuple[bool, _Clause]] = []

    def passed(self, kind: str, text: str) -> None:
        """Go past a token."""
        self.after_operand = kind in _OPERANDS
        if kind == "mark":
            if text in _OPENING:
                self._opened(text)
            elif text in _CLOSING:
                self._closed()
        elif kind == "word":
            if keyword := _CLAUSE.search(text):
                self._clause = _Clause(keyword.lastindex or 0)
            self.after_operand = _OPERAND_WORD.search(text) is not None

    def _opened(self, bracket: str) -> None:
        self._outer.append((self.expression, self._clause if bracket == "(" else _Clause.NONE))
        self.expression = bracket == "(" and (self.expression or self._clause is not _Clause.NONE)
        self._clause = _Clause.NONE

    def _closed(self) -> None:
        self.after_operand = True
        if self._outer:
            self.expression, clause = self._outer.pop()
            self._clause = _Clause.NONE if clause is _Clause.ONE else clause


def tokens(text: str) -> Iterator[Token]:
    """Yield the tokens of a query or an update; white space and comments are left out."""
    context = _Context()
    start: int | None = 0
    while start is not None:
        start = yield from _up_to_a_comparison(text, start, context)


def _up_to_a_comparison(text: str, start: int, context: _Context) -> Generator[Token, None, int | None]:
    """Yield tokens up to a ``<`` that compares, and return where to go on: behind it an IRI may begin."""
    for match in _TOKEN.finditer(text, start):
        kind = match.lastgroup or "unknown"
        if kind == "end":
            return None
        found, at = match[kind], match.start(kind)
        if found[0] == "<" and context.expression and context.after_operand:
            comparison = "<=" if text.startswith("<=", at) else "<"
            context.passed("mark", comparison)
            yield Token("mark", comparison, at, True)
            return at + len(comparison)
        context.passed(kind, found)
        yield Token(kind, found, at, context.expression)
    return None
