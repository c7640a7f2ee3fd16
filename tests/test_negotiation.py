"""Which answer a client wants most."""

import pytest

from api.negotiation import acceptable
from graph import media

OFFERED = (media.TURTLE, media.JSONLD, media.NTRIPLES, media.RDFXML)


@pytest.mark.parametrize(
    ("accept", "first"),
    [
        ("", media.TURTLE),
        ("*/*", media.TURTLE),
        ("application/ld+json", media.JSONLD),
        ("text/turtle;q=0.5, application/rdf+xml", media.RDFXML),
        ("application/*", media.JSONLD),
        ("application/*;q=0.2, text/turtle;q=0.1", media.JSONLD),
        ("text/html, application/n-triples;q=0.9, */*;q=0.1", media.NTRIPLES),
        ("APPLICATION/LD+JSON", media.JSONLD),
        ("application/json", media.JSONLD),
        ("text/turtle;q=abc, application/n-triples;q=0.1", media.NTRIPLES),
    ],
)
def test_the_most_wanted_type_comes_first(accept: str, first: str) -> None:
    assert acceptable(accept, OFFERED, media.SYNONYMS)[0] == first


@pytest.mark.parametrize("accept", ["image/png", "text/turtle;q=0, image/png", "*/*;q=0"])
def test_nothing_fits_when_nothing_is_wanted(accept: str) -> None:
    assert acceptable(accept, OFFERED) == []


def test_the_most_specific_range_decides() -> None:
    assert media.TURTLE not in acceptable("text/turtle;q=0, text/*", OFFERED)
