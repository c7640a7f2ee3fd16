"""The source of an import: the document that the rows come from, and what holds for all of them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Source:
    """A document in one version, and what the whole of it says.

    Attributes:
        document: IRI of the document, the same for all its versions.
        graph: IRI of the graph of this version.
        title: what people call it.
        digest: SHA-256 of the file, in hexadecimal.
        file: name of the file.
        dated: the date that the document bears, with its precision (empty: unknown).
        alliance: IRI of the alliance that its members are in (empty: none).
        area: IRI of the division that it is about (empty: none); place names are looked up there first.
        crs: coordinate system of coordinates that name none: ``wgs84``, ``gcj02``, ``bd09`` (empty: not declared).
        received: day on which it came (ISO).
    """

    document: str
    graph: str
    title: str
    digest: str
    file: str
    dated: str = ""
    alliance: str = ""
    area: str = ""
    crs: str = ""
    received: str = ""
