"""Questions that shapes ask in SPARQL (``sh:sparql``), made to look at many nodes at once.

SHACL runs such a query once per node, with ``$this`` bound beforehand, everywhere in the query. Run once for all
nodes, the same rows come out when the pattern that binds ``?this`` stands in every group that is evaluated by
itself: that of each SELECT, the branches of a UNION, groups in braces. What cannot be carried over is refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from graph.shape_model import UnsupportedShape

_TOKEN = re.compile(
    r"(?P<text>\"\"\"(?:[^\"\\]|\\.|\"(?!\"\"))*\"\"\"|'''(?:[^'\\]|\\.|'(?!''))*'''"
    r"|\"(?:[^\"\\\n\r]|\\.)*\"|'(?:[^'\\\n\r]|\\.)*')"
    r"|(?P<iri><[^<>\"{}|^`\\\x00-\x20]*>)"
    r"|(?P<comment>#[^\n\r]*)"
    r"|(?P<space>\s+)"
    r"|(?P<variable>[?$]\w+)"
    r"|(?P<name>[A-Za-z_][\w.-]*?:[\w.%-]*|:[\w.%-]+|_:\w+)"
    r"|(?P<word>[A-Za-z]\w*)"
    r"|(?P<mark>.)",
    re.DOTALL,
)
_REFUSED_WORDS = frozenset(("MINUS", "VALUES", "SERVICE", "FROM", "LIMIT", "OFFSET", "CONSTRUCT", "DESCRIBE"))
_REFUSED_VARIABLES = frozenset(("shapesGraph", "currentShape"))
_JOINED_WITH_WHAT_IS_OUTSIDE = frozenset(("OPTIONAL", "EXISTS", "GRAPH"))
_AGGREGATES = frozenset(("COUNT", "SUM", "MIN", "MAX", "AVG", "SAMPLE", "GROUP_CONCAT"))


@dataclass(frozen=True)
class Token:
    """A piece of a query: its kind (``word``, ``variable``, ``mark``, …) and its text."""

    kind: str
    text: str

    @property
    def word(self) -> str:
        """The keyword in capitals, or a mark; empty for anything else."""
        return self.text.upper() if self.kind in ("word", "mark") else ""


def question_query(select: str, path: str, given: str, shape: str) -> str:
    """Return the query of a question for all nodes that ``given`` binds to ``?this``.

    Args:
        select: the query of the shape, with its prefixes.
        path: what ``$PATH`` stands for, in SPARQL syntax; empty in a node shape.
        given: pattern that binds ``?this``.
        shape: name of the shape, for errors.

    Raises:
        UnsupportedShape: the query holds something that means something else when asked of many nodes at once.
    """
    tokens = [_resolved(token, path, shape) for token in tokenised(select)]
    _refuse_what_cannot_be_shared(tokens, shape)
    if any(token.word in _AGGREGATES for token in tokens):
        # A node aimed at twice must not be counted twice.
        given = f"{{ SELECT DISTINCT ?this {{\n{given}\n}} }}"
    openings = frozenset(_groups_of_their_own(tokens))
    return "".join(
        f"{token.text}\n{given}\n" if place in openings else token.text for place, token in enumerate(tokens)
    )


def tokenised(query: str) -> list[Token]:
    """Return the pieces of a query; comments are left out."""
    pieces = (Token(str(match.lastgroup), match[0]) for match in _TOKEN.finditer(query))
    return [piece for piece in pieces if piece.kind != "comment"]


def undeclared_prefixes(query: str) -> set[str]:
    """Return the prefixes that a query uses without saying what they stand for."""
    tokens = [token for token in tokenised(query) if token.kind != "space"]
    declared = {name.text.rstrip(":") for word, name in pairwise(tokens) if word.word == "PREFIX"}
    used = {token.text.partition(":")[0] for token in tokens if token.kind == "name"}
    return used - declared - {"_"}


def _resolved(token: Token, path: str, shape: str) -> Token:
    if token.kind != "variable":
        return token
    name = token.text[1:]
    if name in _REFUSED_VARIABLES:
        raise UnsupportedShape(shape, f"${name} in sh:sparql")
    if name == "PATH":
        if not path:
            raise UnsupportedShape(shape, "$PATH in the sh:sparql of a node shape")
        return Token("mark", f"({path})")
    return Token("variable", "?this") if name == "this" else token


def _refuse_what_cannot_be_shared(tokens: list[Token], shape: str) -> None:
    solid = [token for token in tokens if token.kind != "space"]
    for token in solid:
        if token.kind == "word" and token.word in _REFUSED_WORDS:
            raise UnsupportedShape(shape, f"{token.word} in sh:sparql")
    for before, token in pairwise(solid):
        if before.word == "AS" and token.text == "?this":
            raise UnsupportedShape(shape, "sh:sparql binds $this")
    for head in _select_heads(solid):
        if not any(token.text == "?this" for token in head):
            raise UnsupportedShape(shape, "a SELECT of sh:sparql leaves $this out")


def _select_heads(solid: list[Token]) -> Iterator[list[Token]]:
    """Yield what stands between each SELECT and its group."""
    for place, token in enumerate(solid):
        if token.word == "SELECT":
            end = next(n for n in range(place, len(solid)) if solid[n].word in ("{", "WHERE"))
            yield solid[place:end]


def _groups_of_their_own(tokens: list[Token]) -> Iterator[int]:
    """Yield the places of the opening braces whose groups are evaluated before they are joined."""
    solid = [place for place, token in enumerate(tokens) if token.kind != "space"]
    after_select, before = False, ""
    in_graph: list[bool] = []
    for place, following in zip(solid, [*solid[1:], solid[-1]], strict=True):
        token = tokens[place]
        if token.word == "SELECT":
            after_select = True
        elif token.word == "{":
            # What stands in GRAPH is asked of another graph, where the nodes need not be aimed at.
            in_graph.append(before == "GRAPH" or any(in_graph))
            joined = before in _JOINED_WITH_WHAT_IS_OUTSIDE or tokens[following].word == "SELECT"
            if not in_graph[-1] and (after_select or not joined):
                yield place
            after_select = False
        elif token.word == "}" and in_graph:
            in_graph.pop()
        if before != "GRAPH" or token.kind == "mark":
            before = token.word
