"""The administrative divisions of China as facts: written from the tables in ``ontology/data``.

A division is named by its GB/T 2260 code; ``area/jilin`` and codes out of use are aliases, so that an address
once given out keeps leading somewhere.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path
from types import MappingProxyType

DATA = Path(__file__).parent / "data"
TABLES = (DATA / "adjacency.csv", DATA / "areas.csv", DATA / "former-codes.csv")
"""The tables that the facts are written from."""

ID = "https://w3id.org/medalliance/id/"
AREA = ID + "area/"
CHINA = AREA + "china"

_MA = "https://w3id.org/medalliance/ontology#"
_LEVEL = "https://w3id.org/medalliance/vocab/area-level/"
_SKOS = "http://www.w3.org/2004/02/skos/core#"
_GEO = "http://www.w3.org/2003/01/geo/wgs84_pos#"
_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
_SEE_ALSO = "http://www.w3.org/2000/01/rdf-schema#seeAlso"
_PLACE = "https://schema.org/Place"
_DIVISION = "https://schema.org/AdministrativeArea"
_WITHIN = "https://schema.org/containedInPlace"
_DECIMAL = "http://www.w3.org/2001/XMLSchema#decimal"
_GEONAMES = "https://sws.geonames.org/"


@dataclass(frozen=True)
class Division:
    """One division.

    Attributes:
        code: its GB/T 2260 code.
        zh, en: its names (no English one is known of most counties).
        level: ``province``, ``prefecture`` or ``county``.
        parent: code of the division above it (empty: a province).
        points: longitude and latitude of the points known of it, in WGS-84: inside it, and its seat.
    """

    code: str
    zh: str
    en: str
    level: str
    parent: str
    points: tuple[tuple[float, float], ...]


@dataclass(frozen=True)
class FormerCode:
    """A code out of use: the division that had it, the year of the change, and a note in both languages."""

    code: str
    former: str
    since: str
    note: Mapping[str, str]


def area_triples() -> bytes:
    """Return all divisions, who borders whom, and former codes, as N-Triples."""
    return "".join((*_divisions(), *_borders(), *_former_codes())).encode()


@cache
def aliases() -> Mapping[str, str]:
    """Return the old names of areas: path below ``/id/`` to path below ``/id/``."""
    named = {row["alias"]: row["canonical"] for row in _rows("aliases.csv")}
    recoded = {f"area/{row['former_code']}": f"area/{row['code']}" for row in _rows("former-codes.csv")}
    return MappingProxyType({**named, **recoded})


@cache
def divisions() -> Mapping[str, Division]:
    """Return all divisions by their codes."""
    return MappingProxyType({row["code"]: _division(row) for row in _rows("areas.csv")})


@cache
def former_codes() -> Mapping[str, FormerCode]:
    """Return the codes out of use."""
    return MappingProxyType(
        {
            row["former_code"]: FormerCode(
                row["code"], row["former_code"], row["since"], {"zh": row["note_zh"], "en": row["note_en"]}
            )
            for row in _rows("former-codes.csv")
        }
    )


@cache
def former_names() -> Mapping[str, str]:
    """Return names out of use, to the codes of the divisions that had them."""
    return MappingProxyType({row["former_name"]: row["code"] for row in _rows("former-names.csv")})


@cache
def short_names() -> Mapping[str, str]:
    """Return short names in use that do not follow from the full ones, to the codes of their divisions."""
    return MappingProxyType({row["short_name"]: row["code"] for row in _rows("short-names.csv")})


def tables_digest() -> str:
    """Return the SHA-256 of the tables, the same whatever line ends a checkout gave them."""
    return sha256(b"".join(table.read_bytes().replace(b"\r\n", b"\n") for table in TABLES)).hexdigest()


def _division(row: Mapping[str, str]) -> Division:
    points = ((row["lng"], row["lat"]), (row["seat_lng"], row["seat_lat"]))
    return Division(
        code=row["code"],
        zh=row["name_zh"],
        en=row["name_en"],
        level=row["level"],
        parent=row["parent"],
        points=tuple((float(lng), float(lat)) for lng, lat in points if lng),
    )


def _divisions() -> Iterator[str]:
    for row in _rows("areas.csv"):
        area = AREA + row["code"]
        yield _link(area, _TYPE, _DIVISION)
        yield from _labels(area, row["name_zh"], row["name_en"])
        yield _typed(area, _SKOS + "notation", row["code"], _MA + "GB2260")
        yield _link(area, _MA + "areaLevel", _LEVEL + row["level"])
        yield _link(area, _WITHIN, AREA + row["parent"] if row["parent"] else CHINA)
        if row["lng"]:
            yield from _position(area, row["lat"], row["lng"])
        if row["seat_lng"]:
            yield from _seat(area, row)
        if row["geonames_id"]:
            yield _link(area, _SEE_ALSO, f"{_GEONAMES}{row['geonames_id']}/")


def _seat(area: str, row: Mapping[str, str]) -> Iterator[str]:
    seat = area + "#seat"
    yield _link(area, _MA + "seat", seat)
    yield _link(seat, _TYPE, _PLACE)
    yield from _labels(seat, f"{row['name_zh']}驻地", f"Seat of {row['name_en']}")
    yield from _position(seat, row["seat_lat"], row["seat_lng"])


def _borders() -> Iterator[str]:
    for row in _rows("adjacency.csv"):
        one, other = AREA + row["code"], AREA + row["neighbour_code"]
        yield _link(one, _MA + "borders", other)
        yield _link(other, _MA + "borders", one)


def _former_codes() -> Iterator[str]:
    for row in _rows("former-codes.csv"):
        area = AREA + row["code"]
        yield _typed(area, _MA + "formerCode", row["former_code"], _MA + "GB2260")
        yield _said(area, _SKOS + "historyNote", row["note_zh"], "zh")
        yield _said(area, _SKOS + "historyNote", row["note_en"], "en")


def _labels(thing: str, zh: str, en: str) -> Iterable[str]:
    yield _said(thing, _SKOS + "prefLabel", zh, "zh")
    if en:
        yield _said(thing, _SKOS + "prefLabel", en, "en")


def _position(thing: str, latitude: str, longitude: str) -> Iterable[str]:
    yield _typed(thing, _GEO + "lat", latitude, _DECIMAL)
    yield _typed(thing, _GEO + "long", longitude, _DECIMAL)


def _link(subject: str, predicate: str, object_: str) -> str:
    return f"<{subject}> <{predicate}> <{object_}> .\n"


def _said(subject: str, predicate: str, text: str, language: str) -> str:
    # JSON escapes what N-Triples asks to be escaped, in the same way.
    return f"<{subject}> <{predicate}> {json.dumps(text, ensure_ascii=False)}@{language} .\n"


def _typed(subject: str, predicate: str, text: str, datatype: str) -> str:
    return f'<{subject}> <{predicate}> "{text}"^^<{datatype}> .\n'


def _rows(table: str) -> Iterator[dict[str, str]]:
    with (DATA / table).open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)
