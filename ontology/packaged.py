"""What every instance starts with: ontology, vocabularies, shapes, and the packaged sources, each as one graph."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Literal

from ontology.areas import DATA, area_triples, tables_digest

BASE = "https://w3id.org/medalliance/"
TURTLE = "text/turtle"

DEPARTMENT_PROFILE = "6827d68f245e8230f3989cd7a06d225068c9c05a904556e7ae1329ae92aebe05"
"""SHA-256 of the department's profile; the document itself is not packaged, only what it states."""

Kind = Literal["ontology", "vocabulary", "shapes", "source", "reference"]

_ONTOLOGY = Path(__file__).parent
CONTEXT = _ONTOLOGY / "context.jsonld"
"""The JSON-LD context."""


@dataclass(frozen=True)
class PackagedGraph:
    """One graph that comes with the program.

    Attributes:
        name: short name, for progress lines and messages.
        iri: name of the graph.
        kind: what it holds; ``reference`` is a source that gives meaning to others.
        merged: whether its triples belong to the default graph.
        document: IRI of the source document that it is one version of, if it is a source.
        parts: what its content is made of.
    """

    name: str
    iri: str
    kind: Kind
    merged: bool
    document: str | None
    parts: tuple[Callable[[], bytes], ...]

    @property
    def media_type(self) -> str:
        """The media type of the content."""
        return TURTLE

    def content(self) -> bytes:
        """Return the whole graph as one Turtle document."""
        # Turtle documents one after the other are one Turtle document; N-Triples are Turtle, too.
        return b"\n".join(part() for part in self.parts)


def packaged_graphs() -> tuple[PackagedGraph, ...]:
    """Return the packaged graphs, those that give meaning to others first."""
    return (
        _own("ontology", "ontology", _files("ontology.ttl", "alignment.ttl")),
        _own("vocab", "vocabulary", _files("vocabularies.ttl")),
        _own("shapes", "shapes", _files("shapes/core.ttl", "shapes/sparql.ttl"), merged=False),
        _source("divisions", tables_digest(), (*_files("data/divisions.ttl"), area_triples), "reference"),
        _source("department-profile", DEPARTMENT_PROFILE, _files("data/department.ttl")),
        _source("ror", _digest(DATA / "ror.ttl"), _files("data/ror.ttl")),
    )


def _own(
    name: str, kind: Kind, parts: tuple[Callable[[], bytes], ...], *, merged: bool = True
) -> PackagedGraph:
    return PackagedGraph(name, BASE + name, kind, merged, None, parts)


def _source(
    name: str, digest: str, parts: tuple[Callable[[], bytes], ...], kind: Kind = "source"
) -> PackagedGraph:
    document = f"{BASE}source/{name}"
    return PackagedGraph(name, f"{document}/{digest[:8]}", kind, True, document, parts)


def _files(*names: str) -> tuple[Callable[[], bytes], ...]:
    return tuple((_ONTOLOGY / name).read_bytes for name in names)


def _digest(file: Path) -> str:
    return sha256(file.read_bytes().replace(b"\r\n", b"\n")).hexdigest()
