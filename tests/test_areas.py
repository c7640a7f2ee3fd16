"""The administrative divisions of China."""

from __future__ import annotations

import csv
import math
from collections import Counter
from pathlib import Path

import pytest

from graph import media
from graph.oxigraph import OxigraphStore
from graph.quads import Quad, literal_parts
from ontology.areas import AREA, DATA, aliases, area_triples, tables_digest

MA = "https://w3id.org/medalliance/ontology#"
GEO = "http://www.w3.org/2003/01/geo/wgs84_pos#"
LABEL = "<http://www.w3.org/2004/02/skos/core#prefLabel>"
WITHIN = "<https://schema.org/containedInPlace>"


@pytest.fixture(scope="module")
def areas() -> OxigraphStore:
    store = OxigraphStore()
    store.add(store.read(area_triples(), media.NTRIPLES))
    return store


def rows(table: str) -> list[dict[str, str]]:
    with (DATA / table).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def area(code: str) -> str:
    return f"<{AREA}{code}>"


def names(store: OxigraphStore, node: str) -> set[str]:
    return {quad.object for quad in store.match(node, LABEL)}


def number(store: OxigraphStore, node: str, property_: str) -> float:
    (quad,) = store.match(node, f"<{property_}>")
    return float(literal_parts(quad.object).lexical)


def test_every_province_prefecture_and_county_is_there_once() -> None:
    listed = rows("areas.csv")
    assert Counter(row["level"] for row in listed) == {"province": 34, "prefecture": 333, "county": 2851}
    assert len({row["code"] for row in listed}) == len(listed)


def test_every_line_of_the_tables_is_read(areas: OxigraphStore) -> None:
    codes = {quad.object for quad in areas.match(None, "<http://www.w3.org/2004/02/skos/core#notation>")}
    assert codes == {f'"{row["code"]}"^^<{MA}GB2260>' for row in rows("areas.csv")}


def test_every_chain_of_areas_ends_at_china_within_three_steps(areas: OxigraphStore) -> None:
    parents = {quad.subject: quad.object for quad in areas.match(None, WITHIN)}
    for start in parents:
        node, steps = start, 0
        while node in parents and steps < 4:
            node, steps = parents[node], steps + 1
        assert node == area("china"), start


def test_an_area_lies_in_an_area_whose_code_begins_alike() -> None:
    assert all(row["code"][:2] == row["parent"][:2] for row in rows("areas.csv") if row["parent"])


def test_jilin_province_is_not_jilin_city(areas: OxigraphStore) -> None:
    assert names(areas, area("220000")) == {'"吉林省"@zh', '"Jilin Province"@en'}
    assert names(areas, area("220200")) == {'"吉林市"@zh', '"Jilin City"@en'}
    assert Quad(area("220200"), WITHIN, area("220000")) in areas


def test_every_province_has_an_english_name() -> None:
    assert all(row["name_en"] for row in rows("areas.csv") if row["level"] == "province")


def test_points_lie_in_china(areas: OxigraphStore) -> None:
    for quad in areas.match(None, f"<{GEO}lat>"):
        assert 3 < float(literal_parts(quad.object).lexical) < 54
    for quad in areas.match(None, f"<{GEO}long>"):
        assert 73 < float(literal_parts(quad.object).lexical) < 136


def test_the_seat_of_changchun_is_a_place_of_its_own(areas: OxigraphStore) -> None:
    (quad,) = areas.match(area("220100"), f"<{MA}seat>")
    assert quad.object == f"<{AREA}220100#seat>"
    assert names(areas, quad.object) == {'"长春市驻地"@zh', '"Seat of Changchun"@en'}
    assert number(areas, quad.object, GEO + "lat") == pytest.approx(43.884, abs=0.001)
    assert number(areas, quad.object, GEO + "long") == pytest.approx(125.318, abs=0.001)


def test_a_seat_moved_to_gcj_02_is_the_published_point() -> None:
    seats = [row for row in rows("areas.csv") if row["seat_lng"]]
    assert len(seats) == 13
    for row in seats:
        longitude, latitude = gcj_02(float(row["seat_lng"]), float(row["seat_lat"]))
        assert longitude == pytest.approx(float(row["seat_lng_gcj02"]), abs=1e-5), row["name_zh"]
        assert latitude == pytest.approx(float(row["seat_lat_gcj02"]), abs=1e-5), row["name_zh"]


def test_borders_go_both_ways(areas: OxigraphStore) -> None:
    borders = {(quad.subject, quad.object) for quad in areas.match(None, f"<{MA}borders>")}
    assert borders == {(other, one) for one, other in borders}
    assert (area("220100"), area("220200")) in borders
    assert len(borders) == 2 * len(rows("adjacency.csv"))


def test_gongzhuling_keeps_its_former_code(areas: OxigraphStore) -> None:
    assert Quad(area("220184"), f"<{MA}formerCode>", f'"220381"^^<{MA}GB2260>') in areas
    assert Quad(area("220184"), WITHIN, area("220100")) in areas


def test_aliases_lead_to_areas_in_use() -> None:
    codes = {row["code"] for row in rows("areas.csv")}
    assert aliases()["area/jilin"] == "area/220000"
    assert aliases()["area/inner-mongolia"] == "area/150000"
    assert aliases()["area/220381"] == "area/220184"
    assert {name.removeprefix("area/") for name in aliases().values()} <= codes
    assert not {name.removeprefix("area/") for name in aliases()} & codes


def test_line_ends_of_a_checkout_do_not_change_the_version(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    before = tables_digest()
    copies = []
    for table in ("adjacency.csv", "areas.csv", "former-codes.csv"):
        copy = tmp_path / table
        copy.write_bytes((DATA / table).read_bytes().replace(b"\n", b"\r\n"))
        copies.append(copy)
    monkeypatch.setattr("ontology.areas.TABLES", tuple(copies))
    assert tables_digest() == before


def gcj_02(longitude: float, latitude: float) -> tuple[float, float]:
    """Return a WGS-84 point as GCJ-02 has it, by the formula in common use."""
    x, y = longitude - 105, latitude - 35
    wave = (20 * math.sin(6 * x * math.pi) + 20 * math.sin(2 * x * math.pi)) * 2 / 3
    north = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * math.sqrt(abs(x)) + wave
    north += (20 * math.sin(y * math.pi) + 40 * math.sin(y / 3 * math.pi)) * 2 / 3
    north += (160 * math.sin(y / 12 * math.pi) + 320 * math.sin(y * math.pi / 30)) * 2 / 3
    east = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * math.sqrt(abs(x)) + wave
    east += (20 * math.sin(x * math.pi) + 40 * math.sin(x / 3 * math.pi)) * 2 / 3
    east += (150 * math.sin(x / 12 * math.pi) + 300 * math.sin(x / 30 * math.pi)) * 2 / 3
    major, flatness = 6378245.0, 0.00669342162296594323
    turn = math.radians(latitude)
    bend = 1 - flatness * math.sin(turn) ** 2
    return (
        longitude + math.degrees(east / (major / math.sqrt(bend) * math.cos(turn))),
        latitude + math.degrees(north / (major * (1 - flatness) / (bend * math.sqrt(bend)))),
    )
