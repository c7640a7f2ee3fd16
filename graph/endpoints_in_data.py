"""``SERVICE ?endpoint``: which endpoints a query would ask, found by asking it without those clauses first.

Leaving a clause out of a group gives all solutions that it had with the clause and perhaps more, as long as nothing
in the group takes solutions away. So such clauses may stand in the outermost group only, without FILTER or MINUS
beside them (these may stand in a group of their own).

>>> from graph.guard import service_clauses
>>> text = "SELECT ?t FROM <urn:g> { ?p <urn:at> ?e SERVICE ?e { ?x <urn:title> ?t } } LIMIT 5"
>>> (clause,) = service_clauses(text, ["?e"])
>>> endpoints_query(text, [clause], clause)
'SELECT DISTINCT ?e FROM <urn:g> { ?p <urn:at> ?e  }'
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from graph.guard import RemoteAccess, ServiceClause
from graph.sparql_tokens import Token, place_of, tokens

_FORMS = frozenset(("SELECT", "CONSTRUCT", "DESCRIBE", "ASK"))
_TAKING_AWAY = re.compile("FILTER|MINUS")


class Extent(NamedTuple):
    """The characters from ``start`` to ``stop``."""

    start: int
    stop: int


def extent(text: str, clause: ServiceClause) -> Extent:
    """Return where a clause stands, from its keyword to the brace that closes it."""
    depth = 0
    for token in tokens(text[clause.endpoint.end :]):
        depth += (token.text == "{") - (token.text == "}")
        if depth <= 0:
            return Extent(clause.keyword.start, clause.endpoint.end + token.end)
    return Extent(clause.keyword.start, len(text))


def endpoints_query(text: str, clauses: Sequence[ServiceClause], clause: ServiceClause) -> str:
    """Return the query for the endpoints of one clause.

    Args:
        text: the whole query.
        clauses: all its clauses with variables, in order.
        clause: the one in question.

    Raises:
        RemoteAccess: the clause stands where its endpoints cannot be told so.
    """
    form = dataset = group = None
    for depth, token in _with_depth(text):
        word = token.text.upper() if token.kind == "word" else ""
        if depth == 0 and word in _FORMS:
            form = form or token
        elif depth == 0 and word == "FROM":
            dataset = dataset or token
        elif depth == 0 and token.text == "{":
            group = token
        elif (depth == 1 and _TAKING_AWAY.search(word)) or (
            depth != 1 and token.start == clause.keyword.start
        ):
            raise _refused(text, clause)
        if depth == 1 and token.text == "}" and token.start > clause.keyword.start:
            break
    else:
        raise _refused(text, clause)
    if form is None or group is None:
        raise _refused(text, clause)
    head = f"{text[: form.start]}SELECT DISTINCT {clause.endpoint.text} "
    return (
        head + text[(dataset or group).start : group.start] + _without(text, clauses, group.start, token.end)
    )


def _with_depth(text: str) -> Iterator[tuple[int, Token]]:
    """Yield each token with the number of braces open before it."""
    depth = 0
    for token in tokens(text):
        yield depth, token
        depth += (token.text == "{") - (token.text == "}")


def _without(text: str, clauses: Sequence[ServiceClause], start: int, stop: int) -> str:
    """Return a part of the text without some clauses."""
    pieces = []
    for one in clauses:
        left_out = extent(text, one)
        pieces.append(text[start : left_out.start])
        start = left_out.stop
    return "".join([*pieces, text[start:stop]])


def _refused(text: str, clause: ServiceClause) -> RemoteAccess:
    return RemoteAccess("SERVICE", place_of(text, clause.keyword.start))
