"""Search: things by what they are called, from an index of names, or by reading every name where there is none."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import get_args

from graph.engine import Engine
from graph.nodes import Named, Nodes
from graph.quads import literal, literal_parts, text_of
from graph.search_index import FoundNames, SearchIndex, Way
from ontology.library import query

LONGEST = 200
"""Characters of a question that are looked at."""
MOST_WORDS = 8


@dataclass(frozen=True)
class Hit:
    """One thing found, the property and text that matched, how well (0: the whole text), and in which way.

    ``context`` tells things of one name apart: the vocabulary of a concept, the class of anything else.
    """

    entity: Named
    context: Named | None
    property: Named
    matched: str
    language: str
    rank: int
    way: str = "words"


@dataclass(frozen=True)
class Hits:
    """The best hits, how many things were found in all (``at_least``: there may be more), or else what to try."""

    hits: tuple[Hit, ...]
    found: int
    at_least: bool
    suggestions: tuple[str, ...] = ()


_WAYS = get_args(Way)
_PLAIN_WAYS = ("exact", "prefix", "words", "words")  # by rank
_AFTER_THINGS = {"term", "source", "claim", "other"}  # people look for units first, for words second
_MOST_ROWS = 400  # the query's own limit


def search(
    engine: Engine,
    text: str,
    *,
    families: Collection[str] = (),
    limit: int = 20,
    offset: int = 0,
    real: bool = False,
    index: SearchIndex | None = None,
    language: str = "zh",
) -> Hits:
    """Return what is called so, the closest first; each thing once, with its best match.

    Upper and lower case are the same. Without an index a query reads every name (8 ms for 60,000 names), and finds
    only what holds the words as they are written.

    Args:
        engine: where to look.
        text: words to look for, in any order.
        families: only things of these families (organization, alliance, designation, area, …); none: of all.
        limit: how many hits to return.
        offset: how many hits to leave out.
        real: whether illustrative things are left out.
        index: the names of this engine.
        language: the language in which a thing is told, where several of its names fit equally.
    """
    if index is not None:
        found = index.search(text, language, families=families, real=real, limit=limit, offset=offset)
        return _indexed(engine, found)
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
    told = [hit for hit in hits if not (real and hit.entity.illustrative)]
    fitting = [hit for hit in told if not families or hit.entity.family in families]
    fitting.sort(key=lambda hit: hit.entity.family in _AFTER_THINGS)
    return Hits(tuple(fitting[offset : offset + limit]), len(fitting), at_least=len(rows) >= _MOST_ROWS)


def _indexed(engine: Engine, found: FoundNames) -> Hits:
    nodes = Nodes(engine)
    nodes.read({name for one in found.items for name in (one.thing, one.property)})
    contexts = {one.thing: _context(nodes, one.thing) for one in found.items}
    nodes.read(filter(None, contexts.values()))
    hits = [
        Hit(
            entity=nodes.named(one.thing),
            context=nodes.named(contexts[one.thing]) if contexts[one.thing] else None,
            property=nodes.named(one.property),
            matched=one.text,
            language=one.language,
            rank=_WAYS.index(one.way),
            way=one.way,
        )
        for one in found.items
    ]
    return Hits(tuple(hits), found.seen, found.at_least, found.suggestions)


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
        way=_PLAIN_WAYS[int(text_of(row["rank"]))],
    )
