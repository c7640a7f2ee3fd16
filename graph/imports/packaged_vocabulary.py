"""The vocabularies as they come with the program, for whoever has no graph at hand."""

from __future__ import annotations

from functools import cache

from graph.imports.vocabulary import Vocabulary
from graph.local import LocalEngine
from graph.media import TURTLE
from graph.oxigraph import OxigraphStore
from ontology.packaged import packaged_graphs


@cache
def packaged_vocabulary() -> Vocabulary:
    """Return the vocabularies that come with the program."""
    store = OxigraphStore()
    for graph in packaged_graphs():
        if graph.kind == "vocabulary" and graph.media_type == TURTLE:
            store.add(quad._replace(graph="") for quad in store.read(graph.content(), TURTLE))
    return Vocabulary.of(LocalEngine(store))
