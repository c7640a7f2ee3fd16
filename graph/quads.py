"""Quads as N-Triples text: the one form in which facts travel between engine, journal, rules and checks.

A term is the text that N-Triples would write: ``<http://example.org/a>``, ``"label"@zh``,
``"150"^^<http://www.w3.org/2001/XMLSchema#integer>``, ``_:b0``. It can be compared, hashed, sorted, stored
and sent without knowing any RDF library.

RDF 1.2 occurs in plain datasets only: triple terms, ``<<( <urn:a> <urn:b> "c" )>>``, and literals with a direction,
``"label"@ar--rtl``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

Term = str
"""One RDF term in N-Triples syntax."""

DEFAULT_GRAPH = ""
"""The graph name of a quad in the default graph."""

XSD = "http://www.w3.org/2001/XMLSchema#"

_TERM = (
    r"<[^<>\"{}|^`\\\x00-\x20]*>|_:[^\s<>\"]+"
    r"|\"(?:[^\"\\\n\r]|\\.)*\"(?:@[A-Za-z0-9-]+|\^\^<[^<>\s]*>)?"
)
_LINE = re.compile(rf"\s*({_TERM})\s+({_TERM})\s+({_TERM}|<<\(.*\)>>)(?:\s+({_TERM}))?\s*\.\s*")
_TRIPLE = re.compile(rf"<<\( ({_TERM}) ({_TERM}) ({_TERM}|<<\(.*\)>>) \)>>")
_LITERAL = re.compile(r'"((?:[^"\\]|\\.)*)"(?:@([A-Za-z0-9-]+)|\^\^<([^>]*)>)?', re.DOTALL)
_ESCAPE = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))", re.DOTALL)
_PLAIN = {"t": "\t", "b": "\b", "n": "\n", "r": "\r", "f": "\f"}
# As canonical N-Triples writes them, so that equal terms are equal texts.
_ESCAPED = {code: f"\\u{code:04X}" for code in (*range(0x20), 0x7F, 0xFFFE, 0xFFFF)} | {
    ord(char): f"\\{letter}" for char, letter in zip('\t\b\n\r\f"\\', 'tbnrf"\\', strict=True)
}
_UNSAFE_IN_IRI = re.compile(r"[<>\"{}|^`\\\x00-\x20]")


class Quad(NamedTuple):
    """One fact: subject, predicate and object as terms, and the graph that states it (``""``: default)."""

    subject: Term
    predicate: Term
    object: Term
    graph: Term = DEFAULT_GRAPH

    def __str__(self) -> str:
        return " ".join(part for part in self if part) + " ."


@dataclass(frozen=True)
class Delta:
    """Quads that a change adds and removes; the two sets never overlap."""

    added: frozenset[Quad] = field(default_factory=frozenset)
    removed: frozenset[Quad] = field(default_factory=frozenset)

    def __bool__(self) -> bool:
        return bool(self.added or self.removed)

    def inverse(self) -> Delta:
        """Return the change that takes this one back."""
        return Delta(self.removed, self.added)

    def then(self, later: Delta) -> Delta:
        """Return the net effect of this change followed by a later one."""
        if not (self and later):  # hashing hundreds of thousands of quads anew takes seconds
            return self or later
        return Delta(
            (self.added - later.removed) | (later.added - self.removed),
            (self.removed - later.added) | (later.removed - self.added),
        )


def iri(value: str) -> Term:
    """Return the term of an IRI.

    Raises:
        ValueError: the text holds a character that no IRI may hold.
    """
    if _UNSAFE_IN_IRI.search(value):
        raise ValueError(f"not an IRI: {value!r}")
    return f"<{value}>"


def literal(value: str, *, language: str = "", datatype: str = "") -> Term:
    """Return the term of a literal; every value that goes into a query text is written by this function."""
    text = value.translate(_ESCAPED)
    if language:
        if not re.fullmatch(r"[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*", language):
            raise ValueError(f"not a language tag: {language!r}")
        return f'"{text}"@{language.lower()}'
    if datatype and datatype != XSD + "string":
        return f'"{text}"^^{iri(datatype)}'
    return f'"{text}"'


def is_iri(term: Term) -> bool:
    """Tell whether a term is an IRI."""
    return term[:1] == "<" and term[1:2] != "<"


def is_triple(term: Term) -> bool:
    """Tell whether a term is a triple (RDF 1.2)."""
    return term.startswith("<<(")


def is_rdf12(term: Term) -> bool:
    """Tell whether RDF 1.1 lacks such a term: a triple, or a literal with a direction."""
    return is_triple(term) or term.endswith(("--ltr", "--rtl"))


def triple_term(subject: Term, predicate: Term, object_: Term) -> Term:
    """Return the term that is a triple (RDF 1.2)."""
    return f"<<( {subject} {predicate} {object_} )>>"


def triple_parts(term: Term) -> tuple[Term, Term, Term]:
    """Return subject, predicate and object of a triple term; raises ValueError for any other term."""
    match = _TRIPLE.fullmatch(term)
    if not match:
        raise ValueError(f"not a triple term: {term}")
    subject, predicate, object_ = match.groups()
    return subject, predicate, object_


def terms_in(term: Term) -> Iterator[Term]:
    """Yield a term; of a triple term instead those that it is made of, at any depth."""
    if is_triple(term):
        for part in triple_parts(term):
            yield from terms_in(part)
    else:
        yield term


def with_terms(term: Term, changed: Callable[[Term], Term]) -> Term:
    """Return a term changed; of a triple term, with its parts changed at any depth.

    >>> with_terms("<<( _:a <urn:p> _:a )>>", lambda part: "<urn:a>" if part == "_:a" else part)
    '<<( <urn:a> <urn:p> <urn:a> )>>'
    """
    if not is_triple(term):
        return changed(term)
    return triple_term(*(with_terms(part, changed) for part in triple_parts(term)))


def iri_value(term: Term) -> str:
    """Return the IRI inside an IRI term."""
    if not is_iri(term):
        raise ValueError(f"not an IRI term: {term}")
    return term[1:-1]


class LiteralParts(NamedTuple):
    """The lexical form, language tag and datatype IRI of a literal (one of the last two is empty).

    A direction (RDF 1.2) is the end of the language tag: ``ar--rtl``.
    """

    lexical: str
    language: str
    datatype: str


def literal_parts(term: Term) -> LiteralParts:
    """Split a literal term; raises ValueError for any other term."""
    match = _LITERAL.fullmatch(term)
    if not match:
        raise ValueError(f"not a literal term: {term}")
    text, language, datatype = match.groups()
    lexical = _ESCAPE.sub(_unescaped, text) if "\\" in text else text
    return LiteralParts(lexical, language or "", datatype or ("" if language else XSD + "string"))


def text_of(term: Term) -> str:
    """Return what a reader would see of a term: the IRI, or the lexical form of a literal."""
    if is_iri(term):
        return term[1:-1]
    return literal_parts(term).lexical if term.startswith('"') else term


def nquads(quads: Iterable[Quad]) -> bytes:
    """Return quads as N-Quads, one line each, in the order given."""
    return "".join(f"{quad}\n" for quad in quads).encode()


def read_nquads(data: bytes) -> Iterator[Quad]:
    """Yield the quads of N-Quads that this package wrote (one quad a line, no comments).

    Raises:
        ValueError: a line is not a quad; the message gives its number.
    """
    for number, line in enumerate(data.decode().split("\n"), 1):
        if not line:
            continue
        match = _LINE.fullmatch(line)
        if not match:
            raise ValueError(f"line {number} is not a quad: {line[:200]}")
        subject, predicate, object_, graph = match.groups()
        yield Quad(subject, predicate, object_, graph or DEFAULT_GRAPH)


def _unescaped(match: re.Match[str]) -> str:
    short, long, plain = match.groups()
    if plain is None:
        return chr(int(short or long, 16))
    return _PLAIN.get(plain, str(plain))
