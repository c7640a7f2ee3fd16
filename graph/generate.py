"""A synthetic alliance network of any size, for load tests: the same for the same seed, on every machine.

It has the shape of the real thing: one alliance that everybody belongs to, five more that overlap with it, units in
real counties, memberships with dates of every precision, few centres that many refer to, and gaps. All of it is
invented and flagged as such, and named below ``https://example.org/``, so that nobody takes it for anything else.
"""

from __future__ import annotations

import csv
import gzip
from bisect import bisect
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from functools import cache
from itertools import accumulate
from pathlib import Path
from random import Random
from typing import IO, TypeVar

from ontology.areas import AREA, DATA
from ontology.packaged import BASE
from ontology.terms import DCTERMS, GEO, MA, ORG, PROV, QUDT, RDF, SCHEMA, SKOS, SOSA, UNIT, XSD

GENERATED = "https://example.org/medalliance/generated/"
"""What generated nodes are named under."""

HUB = f"{GENERATED}alliance/hub"
"""The alliance that every generated institution belongs to."""

DOCUMENT = f"{GENERATED}document"
"""The document that generated facts name as their source."""

FURTHER_ALLIANCES = 5

_HOME = ("22", "1504", "1505", "1507", "1522")
_HOME_WEIGHT = 6
"""How much likelier a county of the home region is than another one."""

_STEMS = (
    *(("甲", "Jia"), ("乙", "Yi"), ("丙", "Bing"), ("丁", "Ding"), ("戊", "Wu")),
    *(("己", "Ji"), ("庚", "Geng"), ("辛", "Xin"), ("壬", "Ren"), ("癸", "Gui")),
)
_BRANCHES = (
    *(("子", "zi"), ("丑", "chou"), ("寅", "yin"), ("卯", "mao"), ("辰", "chen"), ("巳", "si")),
    *(("午", "wu"), ("未", "wei"), ("申", "shen"), ("酉", "you"), ("戌", "xu"), ("亥", "hai")),
)
_KINDS = (
    ("人民医院", "People's Hospital", "general-hospital"),
    ("妇幼保健院", "Maternal and Child Health Hospital", "mch-hospital"),
    ("中心医院", "Central Hospital", "general-hospital"),
    ("儿童医院", "Children's Hospital", "childrens-hospital"),
    ("中医医院", "Hospital of Chinese Medicine", "tcm-hospital"),
)
_GRADES = ("3a", "3b", "2a", "2a", "2a", "2b", "2b", "unknown")
_WARDS = ("iiia", "iib", "iia", "iia", "i", "i", "not-assessed", "")
_ROLES = ("council", "core", *("member",) * 12, "cooperating")
_LEVELS = (("provincial", "省级"), ("municipal", "市级"), ("municipal", "市级"), ("county", "县级"))

_T = TypeVar("_T")
_Pair = tuple[str, str]
"""Predicate and object, the object as N-Triples writes it."""


def generated_lines(n: int, seed: int = 0) -> Iterator[bytes]:
    """Yield a network of ``n`` institutions as N-Triples, line by line; about 33 lines for each institution."""
    chance = Random(seed)  # noqa: S311 - it is meant to be predictable
    yield from _nodes(_surroundings(n))
    for number in range(n):
        yield from _nodes(_institution(chance, number))


def write_network(n: int, file: Path, seed: int = 0) -> int:
    """Write a network to a file, compressed when its name ends in ``.gz``; return how many triples it has."""
    count = 0
    with ExitStack() as stack:
        out: IO[bytes] | gzip.GzipFile = stack.enter_context(file.open("wb"))
        if file.suffix == ".gz":
            # Without name and time in it, equal networks are equal files.
            packed = gzip.GzipFile(filename="", mode="wb", fileobj=out, compresslevel=6, mtime=0)
            out = stack.enter_context(packed)
        for line in generated_lines(n, seed):
            out.write(line)
            count += 1
    return count


def _nodes(described: Iterator[tuple[str, list[_Pair]]]) -> Iterator[bytes]:
    for node, pairs in described:
        yield f"<{node}> {_FLAG} .\n".encode()
        for predicate, value in pairs:
            yield f"<{node}> <{predicate}> {value} .\n".encode()


def _surroundings(n: int) -> Iterator[tuple[str, list[_Pair]]]:
    """Yield the document and the alliances; those of networks with fewer than six institutions are fewer."""
    yield (
        DOCUMENT,
        [
            (RDF.type, f"<{MA.SourceDocument}>"),
            (DCTERMS.title, '"合成网络"@zh'),
            (DCTERMS.title, '"Synthetic network"@en'),
        ],
    )
    if n:
        yield HUB, _alliance("示例总联盟", "Example Main Alliance", 0)
    for number in range(min(n, FURTHER_ALLIANCES)):
        zh, en = f"示例分联盟{number + 1}", f"Example Further Alliance {number + 1}"
        yield _further(number), _alliance(zh, en, number)


def _alliance(zh: str, en: str, initiator: int) -> list[_Pair]:
    return [
        (RDF.type, f"<{MA.MedicalAlliance}>"),
        *_labels(zh, en),
        (MA.kind, _concept("alliance-kind/specialty-alliance")),
        (MA.initiatedBy, _unit(initiator)),
    ]


def _institution(chance: Random, number: int) -> Iterator[tuple[str, list[_Pair]]]:
    """Yield one institution and what belongs to it; it refers only to institutions before it."""
    zh, en, kind = _name(number)
    yield f"{GENERATED}org/{number}", _hospital(chance, number, zh, en, kind)
    yield f"{GENERATED}org/{number}-neonatology", _department(chance, number, zh, en)
    role = "initiator" if number == 0 else _one(chance, _ROLES)
    yield f"{GENERATED}membership/{number}", _membership(chance, number, HUB, role)
    if number < FURTHER_ALLIANCES or chance.random() < 0.1:
        further = number if number < FURTHER_ALLIANCES else int(chance.random() * FURTHER_ALLIANCES)
        yield (
            f"{GENERATED}membership/{number}-further",
            _membership(chance, number, _further(further), "member"),
        )
    if chance.random() < 0.15:
        yield f"{GENERATED}designation/{number}", _designation(chance, number, zh, en)
    if chance.random() < 0.04:
        yield from _programme(number, zh, en)
    if number and chance.random() < 0.2:
        yield f"{GENERATED}referral/{number}", _referral(chance, number)
    if chance.random() < 0.3:
        yield f"{GENERATED}statistic/{number}", _beds(chance, number)


def _name(number: int) -> tuple[str, str, str]:
    """Return names that no two numbers share, and the type of institution that they tell."""
    stem, stem_en = _STEMS[number % 10]
    branch, branch_en = _BRANCHES[number % 12]
    rest, kind = divmod(number // 60, len(_KINDS))
    zh, en, type_ = _KINDS[kind]
    ordinal = f"第{rest + 1}" if rest else ""
    ordinal_en = f" No. {rest + 1}" if rest else ""
    return f"示例{stem}{branch}{ordinal}{zh}", f"Example {stem_en}{branch_en}{ordinal_en} {en}", type_


def _hospital(chance: Random, number: int, zh: str, en: str, kind: str) -> list[_Pair]:
    code, longitude, latitude = _county(chance)
    return [
        (RDF.type, f"<{ORG.FormalOrganization}>"),
        (RDF.type, f"<{SCHEMA.Hospital}>"),
        *_labels(zh, en),
        (ORG.identifier, f'"EX-{number:06d}"^^<{MA.Local}>'),
        (MA.organizationType, _concept(f"organization-type/{kind}")),
        (MA.grade, _concept(f"hospital-grade/{_one(chance, _GRADES)}")),
        (SCHEMA.location, f"<{AREA}{code}>"),
        (GEO.lat, _decimal(latitude + chance.random() / 50 - 0.01)),
        (GEO.long, _decimal(longitude + chance.random() / 50 - 0.01)),
    ]


def _department(chance: Random, number: int, zh: str, en: str) -> list[_Pair]:
    ward = _one(chance, _WARDS)
    return [
        (RDF.type, f"<{MA.ClinicalDepartment}>"),
        *_labels(f"{zh}新生儿科", f"{en}, Neonatology"),
        (ORG.unitOf, _unit(number)),
        *([(MA.wardLevel, _concept(f"ward-level/{ward}"))] if ward else []),
    ]


def _membership(chance: Random, number: int, alliance: str, role: str) -> list[_Pair]:
    start = 2012 + int(chance.random() * 12)
    fate = chance.random()
    status = "left" if fate < 0.05 else "pending" if fate < 0.07 else "active"
    end = _date(chance, start + 1) if status == "left" else ""
    begun = _date(chance, start) if chance.random() < 0.9 else ""
    return [
        (RDF.type, f"<{MA.AllianceMembership}>"),
        (ORG.member, _unit(number)),
        (ORG.organization, f"<{alliance}>"),
        (ORG.role, _concept(f"membership-role/{role}")),
        *([(MA.startStated, begun)] if begun else []),
        *([(MA.endStated, end)] if end else []),
        (MA.status, _concept(f"status/{status}")),
        *_SOURCED,
    ]


def _designation(chance: Random, number: int, zh: str, en: str) -> list[_Pair]:
    level, level_zh = _one(chance, _LEVELS)
    year = 2015 + int(chance.random() * 11)
    return [
        (RDF.type, f"<{MA.Designation}>"),
        *_labels(f"{zh}{level_zh}危重新生儿救治中心", f"{en}, {level} critical neonatal care centre"),
        (MA.heldBy, _unit(number, "-neonatology")),
        (MA.kind, _concept("designation-kind/critical-care-centre")),
        (MA.level, _concept(f"level/{level}")),
        (MA.documentNumber, f'"示例〔{year}〕{number}号"'),
        (MA.startStated, _date(chance, year)),
        (MA.status, _concept("status/active")),
        *_SOURCED,
    ]


def _programme(number: int, zh: str, en: str) -> Iterator[tuple[str, list[_Pair]]]:
    programme = f"{GENERATED}programme/{number}"
    yield (
        programme,
        [
            (RDF.type, f"<{MA.TrainingProgramme}>"),
            *_labels(f"{zh}新生儿科进修", f"{en}, placement in neonatology"),
            (SCHEMA.provider, _unit(number, "-neonatology")),
            (MA.kind, _concept("programme-kind/advanced-placement")),
            (MA.durationMonths, f'"6"^^<{XSD.decimal}>'),
            *_SOURCED,
        ],
    )
    yield (
        f"{GENERATED}intake/{number}",
        [
            (RDF.type, f"<{MA.ProgrammeIntake}>"),
            (MA.intakeOf, f"<{programme}>"),
            (SCHEMA.applicationDeadline, f'"2026-12"^^<{XSD.gYearMonth}>'),
            (SCHEMA.maximumEnrollment, _integer(5)),
            *_SOURCED,
        ],
    )


def _referral(chance: Random, number: int) -> list[_Pair]:
    # One in ten is a centre for those after it; the product makes the first of them the busiest.
    centre = int(chance.random() * chance.random() * ((number + 9) // 10))
    cases = int(chance.random() * 60)
    counted = (
        (MA.suppressed, f'"true"^^<{XSD.boolean}>') if 0 < cases < 5 else (MA.annualCases, _integer(cases))
    )
    return [
        (RDF.type, f"<{MA.ReferralArrangement}>"),
        (MA.refersFrom, _unit(number, "-neonatology")),
        (MA.refersTo, _unit(centre, "-neonatology")),
        (MA.kind, _concept("referral-kind/up")),
        counted,
        (MA.year, f'"2025"^^<{XSD.gYear}>'),
        *_SOURCED,
    ]


def _beds(chance: Random, number: int) -> list[_Pair]:
    return [
        (RDF.type, f"<{MA.Statistic}>"),
        (SOSA.hasFeatureOfInterest, _unit(number, "-neonatology")),
        (SOSA.observedProperty, _concept("indicator/beds-open")),
        (SOSA.hasSimpleResult, _integer(6 + int(chance.random() * 90))),
        (QUDT.hasUnit, f"<{UNIT.NUM}>"),
        (MA.asOf, f'"2025-12-31"^^<{XSD.date}>'),
        *_SOURCED,
    ]


def _county(chance: Random) -> tuple[str, float, float]:
    counties, bounds = _counties()
    return counties[bisect(bounds, chance.random() * bounds[-1])]


@cache
def _counties() -> tuple[tuple[tuple[str, float, float], ...], tuple[int, ...]]:
    """Return code, longitude and latitude of each county, and the sums of their weights."""
    with (DATA / "areas.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["level"] == "county" and row["lng"]]
    counties = tuple((row["code"], float(row["lng"]), float(row["lat"])) for row in rows)
    weights = (_HOME_WEIGHT if row["code"].startswith(_HOME) else 1 for row in rows)
    return counties, tuple(accumulate(weights))


def _date(chance: Random, year: int) -> str:
    """Return a date of that year, known to the day, the month or the year."""
    known = chance.random()
    month, day = 1 + int(chance.random() * 12), 1 + int(chance.random() * 28)
    if known < 0.6:
        return f'"{year}-{month:02d}-{day:02d}"^^<{XSD.date}>'
    if known < 0.85:
        return f'"{year}-{month:02d}"^^<{XSD.gYearMonth}>'
    return f'"{year}"^^<{XSD.gYear}>'


def _one(chance: Random, choices: Sequence[_T]) -> _T:
    # Only Random.random is promised to give the same numbers in every version of Python.
    return choices[int(chance.random() * len(choices))]


def _labels(zh: str, en: str) -> tuple[_Pair, _Pair]:
    return (SKOS.prefLabel, f'"{zh}"@zh'), (SKOS.prefLabel, f'"{en}"@en')


def _concept(path: str) -> str:
    return f"<{BASE}vocab/{path}>"


def _unit(number: int, part: str = "") -> str:
    return f"<{GENERATED}org/{number}{part}>"


def _further(number: int) -> str:
    return f"{GENERATED}alliance/{number + 1}"


def _integer(value: int) -> str:
    return f'"{value}"^^<{XSD.integer}>'


def _decimal(value: float) -> str:
    # Without zeros at the end, as the engine keeps it.
    return f'"{value:.4f}'.rstrip("0").rstrip(".") + f'"^^<{XSD.decimal}>'


_FLAG = f'<{MA.illustrative}> "true"^^<{XSD.boolean}>'
_SOURCED: tuple[_Pair, ...] = (
    (PROV.wasDerivedFrom, f"<{DOCUMENT}>"),
    (MA.basis, _concept("basis/stated")),
)
