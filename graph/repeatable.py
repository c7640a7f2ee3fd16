"""Whether a query gives the same answer as long as the graph stays the same, so that the answer may be kept.

It is a look at the text, cheap for most queries and on the safe side for all: a query that may be one that changes
from one time to the next is not repeatable.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from graph.sparql_tokens import Token, tokens

_WORDS = ("now", "rand", "uuid", "bnode", "service", "construct", "\\u")
# What may stand between a function and its bracket is white space or a comment. \u is a way to write any letter.
_SUSPICIOUS = re.compile(
    r"(?:now|rand|uuid|bnode)[\s#]*\(|(?:now|rand|uuid|bnode)\s*#|service|construct|\\u", re.I
)
_VOLATILE = re.compile("NOW|RAND|UUID|BNODE|SERVICE", re.I)
_OPENING, _CLOSING = frozenset("{[("), frozenset("}])")


def is_repeatable(text: str) -> bool:
    """Tell whether a query names nothing that differs from time to time.

    That is NOW, RAND, UUID, STRUUID, BNODE, SERVICE, and a CONSTRUCT whose template makes blank nodes.

    >>> is_repeatable("SELECT ?now { ?now ?p 'NOW()' }")
    True
    >>> is_repeatable("SELECT (NOW() AS ?t) {}")
    False
    >>> is_repeatable("CONSTRUCT { ?s ?p [] } { ?s ?p ?o }")
    False
    """
    lowered = text.lower()
    if not any(word in lowered for word in _WORDS) or not _SUSPICIOUS.search(text):
        return True
    return not any(_differing(tokens(text)))


def _differing(read: Iterator[Token]) -> Iterator[bool]:
    """Yield for each token whether it makes the answer differ from time to time."""
    is_constructing, depth = False, 0
    for token in read:
        if token.kind == "word":
            yield _VOLATILE.search(token.text) is not None
            is_constructing = is_constructing or "CONSTRUCT" in token.text.upper()
        elif token.kind == "name":
            # Engines that parse without tokens read SERVICE:x as a keyword and a name.
            yield _VOLATILE.search(token.text.partition(":")[0]) is not None
        elif token.kind == "unknown" or (is_constructing and token.kind == "blank"):
            yield True
        elif is_constructing and token.kind == "mark":
            yield token.text in ("[", "(", "<<") and depth > 0
            depth += (token.text == "{") - (token.text == "}")
            is_constructing = not (token.text == "}" and depth == 0)
    yield False
