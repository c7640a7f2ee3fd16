"""Where things lie: their own coordinates, else those of the hospital or area that they belong to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from graph.engine import Engine
from graph.focus import batches
from graph.quads import iri, iri_value, text_of
from ontology.library import query


def places_of(engine: Engine, names: Iterable[str]) -> Mapping[str, tuple[float, float]]:
    """Return longitude and latitude, in degrees, of those of some things for which any are known."""
    found: dict[str, tuple[float, float]] = {}
    for batch in batches(iri(name) for name in names):
        for row in engine.select(query("graph-places").bound({"node": batch})):
            at = float(text_of(row["long"])), float(text_of(row["lat"]))
            found.setdefault(iri_value(row["node"]), at)  # the nearest comes first
    return found
