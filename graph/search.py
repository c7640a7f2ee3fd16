"""Plain search: things whose name, alias or code holds all the words asked for."""

from __future__ import annotations

import re
from dataclasses import dataclass

from graph.engine import Engine
from graph.nodes import Named, Nodes
from graph.quads import literal, literal_parts, text_of
from ontology.library import query

LONGEST = 200
"""Characters of a question that are looked at."""
MOST_WORDS = 8


@dataclass(frozen=True)
class Hit:
    """One thing found, the property and text that matched, and how well (0: the whole text; 3: scattered words).

    ``context`` tells things of one name apart: the vocabulary of a concept, the class of anything else.
    """

    entity: Named
    context: Named | None
    property: Named
    matched: str
    language: str
    rank: int


@dataclass(frozen=True)
class Hits:
    """The best hits, and how many things were found in all (``at_least``: there may be more)."""

    hits: tuple[Hit, ...]
    found: int
    at_least: bool


_AFTER_THINGS = {"term", "source", "claim", "other"}  # people look for units first, for words second
_MOST_ROWS = 400  # the query's own limit


def search(engine: Engine, text: str, *, family: str = "", limit: int = 20, offset: int = 0) -> Hits:
    """Return what is called so, the closest first; each thing once, with its best match.

    Upper and lower case are the same. The query reads every name (8 ms for 60,000 names).

    Args:
        engine: where to look.
        text: words to look for, in any order.
        family: only things of this family (organization, alliance, designation, area, …).
        limit: how many hits to return.
        offset: how many hits to leave out.
    """
    words = re.findall(r"\S+", text[:LONGEST].lower())[:MOST_WORDS]
    if not words:
        return Hits((), 0, at_least=False)
    asked = {"text": literal(" ".join(words)), "word": [literal(word) for word in words]}
    rows = engine.select(query("search-labels").bound(asked))
    best = {row["thing"]: row for row in reversed(rows)}
    things = list(dict.fromkeys(row["thing"] for row in rows))
    nodes = Nodes(engine)
    nodes.read({text_of(thing) for thing in things} | {text_of(row["property"]) for row in best.values()})
    nodes.read(filter(None, (_context(nodes, text_of(thing)) for thing in things)))
    hits = [_hit(nodes, best[thing]) for thing in things]
    fitting = [hit for hit in hits if not family or hit.entity.family == family]
    fitting.sort(key=lambda hit: hit.entity.family in _AFTER_THINGS)
    return Hits(tuple(fitting[offset : offset + limit]), len(fitting), at_least=len(rows) >= _MOST_ROWS)


def _context(nodes: Nodes, thing: str) -> str:
    return next(iter(nodes.linked(thing, "scheme")), "") or nodes.kind(thing)


def _hit(nodes: Nodes, row: dict[str, str]) -> Hit:
    parts = literal_parts(row["label"])
    context = _context(nodes, text_of(row["thing"]))
    return Hit(
        entity=nodes.named(text_of(row["thing"])),
        context=nodes.named(context) if context else None,
        property=nodes.named(text_of(row["property"])),
        matched=parts.lexical,
        language=parts.language,
        rank=int(text_of(row["rank"])),
    )
