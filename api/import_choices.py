"""What may be chosen on the pages of an import: kinds of tables, columns, alliances, areas; and units on record."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request

from api.import_view import VISIBILITIES, Option
from graph.engine import Engine
from graph.nodes import Nodes
from graph.quads import iri, text_of
from graph.summary import AllianceSummary, Summary
from ontology.areas import AREA
from ontology.display import Labels
from ontology.library import query
from ontology.workbook import workbook

_SCHEME = {"zh": "schemeZh", "en": "schemeEn"}

PROVINCE = "https://w3id.org/medalliance/vocab/area-level/province"


@dataclass(frozen=True)
class Choices:
    """The drop-downs of the page of columns."""

    alliances: Sequence[Option]
    areas: Sequence[Option]

    @classmethod
    def of(cls, request: Request, report: Mapping[str, Any]) -> Choices:
        """Return the choices for one import."""
        source = report["source"]
        area = area_code(source["area"])
        listed = provinces(request.app.state.engine)
        if area and area not in dict(listed):
            listed = [(area, area_labels(request.app.state.engine, area)), *listed]
        return cls(
            [Option(one.alliance.iri, one.alliance.labels) for one in real_alliances(request)],
            [Option(code, labels, code == area) for code, labels in listed],
        )

    @property
    def kinds(self) -> list[Option]:
        """The kinds of tables."""
        return [Option(one.key, one.labels) for one in workbook().sheets]

    def columns(self, kind: str) -> list[Option]:
        """Return what a column of a kind of table may be."""
        if not workbook().has_sheet(kind):
            return []
        return [Option(one.key, one.labels) for one in workbook().sheet(kind).columns]

    def visibilities(self, kind: str, column: str) -> tuple[str, ...]:
        """Return who may be let see a column: whom its kind allows, or fewer; not of what every row must have."""
        sheet = workbook().sheet(kind)
        if sheet.column(column).required:
            return (sheet.visibility_of(column),)
        return VISIBILITIES[VISIBILITIES.index(sheet.visibility_of(column)) :]


class HeldUnits:
    """What is on record of some units: their names and codes, read together when first asked for."""

    def __init__(self, engine: Engine, units: Iterable[str]) -> None:
        self._nodes = Nodes(engine)
        listed = sorted({unit for unit in units if unit.startswith("http")})
        self._nodes.read(listed)
        self._codes: dict[str, dict[str, Labels]] = {}
        for row in _identifiers(engine, listed):
            scheme = {tag: text_of(row[name]) for tag, name in _SCHEME.items() if name in row}
            self._codes.setdefault(text_of(row["unit"]), {})[text_of(row["identifier"])] = scheme

    def labels(self, unit: str) -> Labels:
        """Return what a unit is called."""
        return self._nodes.labels(unit)

    def codes(self, unit: str) -> list[tuple[Labels, str]]:
        """Return its codes, each with what its scheme is called."""
        return [(scheme, code) for code, scheme in self._codes.get(unit, {}).items()]


def _identifiers(engine: Engine, units: Sequence[str]) -> list[dict[str, str]]:
    if not units:
        return []
    return engine.select(query("identifiers-of-unit").bound({"unit": [iri(unit) for unit in units]}))


def real_alliances(request: Request) -> Sequence[AllianceSummary]:
    """Return the alliances on record that are not invented."""
    known: Summary = request.app.state.summaries.current()
    return known.real().alliances


def provinces(engine: Engine) -> list[tuple[str, Labels]]:
    """Return code and names of the provinces."""
    rows = engine.select(query("areas-of-level").bound({"level": iri(PROVINCE)}))
    nodes = Nodes(engine)
    found = [text_of(row["area"]) for row in rows]
    nodes.read(found)
    return [(area_code(area), nodes.labels(area)) for area in found]


def area_labels(engine: Engine, code: str) -> Labels:
    """Return what the area of a code is called; empty for none."""
    if not code.isdecimal():
        return {}
    nodes = Nodes(engine)
    nodes.read([AREA + code])
    named = nodes.named(AREA + code)
    return named.labels if named.described else {}


def area_code(area: str) -> str:
    """Return the code of an area, given by its code or IRI."""
    return area.rpartition("/")[2]
