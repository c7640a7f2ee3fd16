"""Positions: the WGS-84 coordinates of a place whose coordinates are stated in a system that is named."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal

from graph.imports.coordinates import wgs84
from graph.imports.value_terms import Fact, iri_term, number_term
from graph.quads import Term, text_of
from ontology.terms import GEO, MA

LATITUDE, LONGITUDE = iri_term(GEO.lat), iri_term(GEO.long)

_STATED = tuple(map(iri_term, (MA.longitudeStated, MA.latitudeStated, MA.crs)))


def position(facts: Iterable[Fact]) -> Iterator[Fact]:
    """Yield the position of a place in WGS-84, where what is said of it tells."""
    said: dict[Term, Term] = dict(facts)
    longitude, latitude, crs = (said.get(property_, "") for property_ in _STATED)
    if longitude and latitude and crs:
        system = text_of(crs).rpartition("/")[2]
        east, north = wgs84(Decimal(text_of(longitude)), Decimal(text_of(latitude)), system)
        yield LATITUDE, number_term(north)
        yield LONGITUDE, number_term(east)
