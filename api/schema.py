"""What the graph can be asked about, for editors that complete queries, and the names of many things at once."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from functools import lru_cache
from typing import Any

from fastapi import APIRouter, Depends
from pydantic import BaseModel, Field
from starlette.requests import Request
from starlette.responses import Response

from api.access import needs
from api.rest import as_json
from api.sparql import tagged
from api.templating import View, view_of
from graph.engine import Engine
from graph.nodes import Named, Nodes, is_iri_text
from graph.pinyin import syllables
from graph.vocabulary import Vocabulary, VocabularyCache

router = APIRouter(prefix="/api/v1", tags=["core"])

MOST_NAMES = 500
"""How many things one request may ask the names of."""


class Things(BaseModel):
    """Things whose names are wanted."""

    iris: list[str] = Field(max_length=MOST_NAMES, description="资源 IRI · IRIs of things")


@router.get(
    "/schema",
    summary="Classes, properties, concepts, prefixes and graphs",
    dependencies=[Depends(needs("read"))],
)
def schema(request: Request) -> Response:
    """Return what the graph can be asked about: classes and properties with names in both languages, definitions,
    numbers, domains and ranges; the concepts of the vocabularies; prefixes; named graphs. The most used come first;
    ``keys`` are the Chinese name in pinyin and in initials. It changes with the version of the graph only."""
    cache: VocabularyCache = request.app.state.vocabulary
    return tagged(request, _written(cache.current()), "application/json")


@router.post("/names", summary="Names of many things", dependencies=[Depends(needs("read", changes=False))])
def names(request: Request, things: Things) -> Response:
    """Return what things are called in both languages, of which kind they are, and where their pages are.

    What the graph says nothing of comes back too, with ``described`` false.
    """
    engine: Engine = request.app.state.engine
    wanted = [iri for iri in dict.fromkeys(things.iris) if is_iri_text(iri)]
    nodes = Nodes(engine)
    nodes.read(wanted)
    view = view_of(request)
    return as_json(request, {"items": [name_json(nodes.named(iri), view) for iri in wanted]})


def name_json(named: Named, view: View) -> dict[str, Any]:
    """Return a thing with its names and its page, as JSON."""
    return {
        "iri": named.iri,
        "labels": named.labels,
        "kind": named.family,
        "href": view.href(named.iri),
        "described": named.described,
        "illustrative": named.illustrative,
    }


def schema_json(words: Vocabulary) -> dict[str, Any]:
    """Return the words of the graph as JSON."""
    return {
        "version": words.version,
        "prefixes": words.prefixes,
        "classes": [_word(asdict(word)) for word in words.classes],
        "properties": [_word(asdict(word)) for word in words.properties],
        "concepts": [_word(asdict(word)) for word in words.concepts],
        "graphs": [asdict(word) for word in words.graphs],
    }


def pinyin_keys(text: str) -> tuple[str, ...]:
    """Return a Chinese text in pinyin and in initials, as people type it; nothing for other texts.

    >>> pinyin_keys("专科联盟")
    ('zhuankelianmeng', 'zklm')
    >>> pinyin_keys("alliance")
    ()
    """
    read = syllables(text)
    if "".join(read) == text:
        return ()
    letters = [syllable for syllable in read if syllable.isalnum()]
    return "".join(letters).lower(), "".join(syllable[0] for syllable in letters).lower()


def _word(word: Mapping[str, Any]) -> dict[str, Any]:
    return {**word, "keys": pinyin_keys(word["labels"].get("zh", ""))}


@lru_cache(maxsize=2)
def _written(words: Vocabulary) -> bytes:
    return json.dumps(schema_json(words), ensure_ascii=False, separators=(",", ":")).encode()
