"""Literals that are kept otherwise than they were written, and what is said of them.

The engine keeps numbers, dates and the like by value: ``"007"^^xsd:integer`` becomes ``7``, ``1.50`` becomes ``1.5``.
Strings stay as they are, so codes, phone numbers and postcodes belong into strings. Language tags are kept in small
letters, which means the same and is not spoken of.

>>> finding = rewriting_finding(Quad("<urn:a>", "<urn:b>", '"007"^^<urn:x#integer>', ""), '"7"^^<urn:x#integer>')
>>> finding.message["en"]
'The value of urn:b is written as "007"^^integer, kept as "7"^^integer.'
"""

from __future__ import annotations

from graph.findings import Finding
from graph.quads import Quad, Term, literal_parts

REWRITTEN = "literal-rewritten"
"""The name of what is found, as names of checks go."""

_REMEDY = {
    "zh": "如果须保留原样（编号、电话、邮编等），请写成字符串；否则无须处理。",
    "en": "If it has to stay as it is written (a code, a phone number, a postcode), write it as a string.",
}


def rewriting_finding(written: Quad, kept: Term) -> Finding:
    """Return the warning that a literal is kept otherwise than it was written."""
    path = written.predicate[1:-1]
    before, after = _shown(written.object), _shown(kept)
    message = {
        "zh": f"{path} 的值写作 {before}，将保存为 {after}。",
        "en": f"The value of {path} is written as {before}, kept as {after}.",
    }
    return Finding(
        REWRITTEN,
        "warning",
        written.subject,
        written.object,
        written.graph,
        message,
        _REMEDY,
        path,
    )


def _shown(term: Term) -> str:
    """Return a literal as people write it, with the last part of its datatype's name."""
    lexical, _, datatype = literal_parts(term)
    return f'"{lexical}"^^{datatype.rpartition("#")[2]}'
