"""Content negotiation: which of the offered media types a client wants most (RFC 9110, section 12.5.1)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from starlette.requests import Request

from graph import media

HTML = "text/html"

FORMAT_NAMES = {
    "json": media.RESULTS_JSON,
    "xml": media.RESULTS_XML,
    "csv": media.CSV,
    "tsv": media.TSV,
    "turtle": media.TURTLE,
    "ttl": media.TURTLE,
    "n3": media.TURTLE,
    "nt": media.NTRIPLES,
    "ntriples": media.NTRIPLES,
    "nq": media.NQUADS,
    "nquads": media.NQUADS,
    "trig": media.TRIG,
    "rdf": media.RDFXML,
    "rdfxml": media.RDFXML,
    "rdf+xml": media.RDFXML,
    "jsonld": media.JSONLD,
    "json-ld": media.JSONLD,
}
"""What ``format=`` may say."""


def acceptable(accept: str, offered: Iterable[str], synonyms: dict[str, str] | None = None) -> list[str]:
    """Return the offered media types that an Accept header takes, the most wanted first.

    Among equals the order of the offer counts. An empty header takes everything.

    Args:
        accept: the header's text.
        offered: media types on offer, the preferred first.
        synonyms: names that clients use for an offered type, which count as that type.
    """
    listed = list(offered)
    if not accept.strip():
        return listed
    ranges = _ranges(accept)
    named = dict(ranges)
    # A synonym counts when it is named; ranges such as application/* are for registered names.
    by_synonym: dict[str, float] = {}
    for synonym, kind in (synonyms or {}).items():
        by_synonym[kind] = max(by_synonym.get(kind, 0.0), named.get(synonym, 0.0))
    weighed = [(max(_quality(kind, ranges), by_synonym.get(kind, 0.0)), kind) for kind in listed]
    return [kind for quality, kind in sorted(weighed, key=lambda pair: -pair[0]) if quality > 0]


def prefers_html(request: Request) -> bool:
    """Tell whether a request comes from somebody who wants a page: HTML named, and nothing more wanted."""
    accept = request.headers.get("accept", "")
    if HTML not in accept and "application/xhtml+xml" not in accept:
        return False
    offered: Sequence[str] = (HTML, *media.RDF_TYPES, *media.ROW_TYPES, "application/problem+json")
    return acceptable(accept, offered)[:1] == [HTML]


def _ranges(accept: str) -> list[tuple[str, float]]:
    ranges = []
    for part in accept.split(","):
        name, *parameters = (piece.strip() for piece in part.split(";"))
        quality = 1.0
        for parameter in parameters:
            key, _, value = parameter.partition("=")
            if key.strip().lower() == "q":
                quality = _number(value)
        if name:
            ranges.append((name.lower(), quality))
    return ranges


def _number(text: str) -> float:
    try:
        return min(max(float(text), 0.0), 1.0)
    except ValueError:
        return 0.0


def _quality(name: str, ranges: list[tuple[str, float]]) -> float:
    """Return the quality of one media type: the most specific range that covers it decides."""
    family = name.partition("/")[0] + "/*"
    for wanted in (name, family, "*/*"):
        found = [quality for covered, quality in ranges if covered == wanted]
        if found:
            return max(found)
    return 0.0
