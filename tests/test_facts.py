"""The 42 facts of the department's profile, found by queries over the packaged graphs."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import pyshacl
import pytest
import rdflib

from graph.oxigraph import OxigraphStore
from graph.quads import Quad, Term, literal_parts, text_of
from ontology.library import query
from ontology.packaged import BASE, packaged_graphs

EXPECTED = Path(__file__).parent / "data" / "facts.csv"
PREFIXES = {"org": "http://www.w3.org/ns/org#", "schema": "https://schema.org/"}
UNIT = "http://qudt.org/vocab/unit/"
DEPARTMENT = f"<{BASE}id/org/fhjlu-neonatology>"
HOSPITAL = f"<{BASE}id/org/fhjlu>"
PROFILE = f"<{BASE}source/department-profile/6827d68f>"
MA = f"{BASE}ontology#"

with EXPECTED.open(encoding="utf-8", newline="") as file:
    FACTS = list(csv.DictReader(file))


@pytest.fixture(scope="module")
def store() -> OxigraphStore:
    """The packaged graphs as an instance holds them: each by name, the merged ones also in the default graph."""
    held = OxigraphStore()
    for graph in packaged_graphs():
        quads = held.read(graph.content(), graph.media_type, graph=graph.iri)
        held.add(quads)
        if graph.merged:
            held.add(quad._replace(graph="") for quad in quads)
    return held


@pytest.fixture(scope="module")
def found(store: OxigraphStore) -> list[dict[str, Term]]:
    """Every fact of the department and its hospital that the profile states."""
    rows = store.select(query("fact-table").bound({"subject": [DEPARTMENT, HOSPITAL]}))
    return [row for row in rows if row["document"] == f"<{BASE}source/department-profile>"]


def department_quads(store: OxigraphStore) -> list[Quad]:
    return list(store.match(graph=PROFILE))


def short(iri: str) -> str:
    for prefix, namespace in PREFIXES.items():
        if iri.startswith(namespace):
            return f"{prefix}:{iri.removeprefix(namespace)}"
    return iri.removeprefix(BASE).removeprefix(UNIT)


def as_expected(row: dict[str, Term]) -> tuple[str, ...]:
    columns = ("subject", "property", "value", "unit", "sentence", "basis")
    subject, property_, value, unit, sentence, basis = (
        short(text_of(row[column])) if column in row else "" for column in columns
    )
    return subject, property_, value, unit, sentence, basis.removeprefix("vocab/basis/")


@pytest.mark.parametrize("fact", FACTS, ids=[row["fact"] for row in FACTS])
def test_each_fact_is_found_once_with_value_sentence_and_basis(
    fact: dict[str, str], found: list[dict[str, Term]]
) -> None:
    wanted = tuple(fact[name] for name in ("subject", "property", "value", "unit", "sentence", "basis"))
    matching = [row for row in found if as_expected(row) == wanted]
    assert len(matching) == 1
    noted = [bool(text_of(matching[0].get(name, '""'))) for name in ("noteZh", "noteEn")]
    assert noted == [fact["noted"] == "yes"] * 2


def test_nothing_but_the_42_facts_is_found(found: list[dict[str, Term]]) -> None:
    assert len(FACTS) == len(found) == 42


def test_8_facts_are_interpreted_and_2_derived(store: OxigraphStore) -> None:
    counted = {
        text_of(row["basis"]): text_of(row["facts"]) for row in store.select(query("fact-counts").text)
    }
    assert counted == {
        f"{BASE}vocab/basis/stated": "32",
        f"{BASE}vocab/basis/interpreted": "8",
        f"{BASE}vocab/basis/derived": "2",
    }


def test_the_alliance_has_exactly_one_participation_with_unknown_period(store: OxigraphStore) -> None:
    (row,) = store.select(query("members-of-alliance").text)
    assert row["member"] == DEPARTMENT
    assert row["role"] == f"<{BASE}vocab/membership-role/initiator>"
    assert {"start", "end", "status"}.isdisjoint(row)
    said = {short(text_of(quad.predicate)) for quad in store.match(row["membership"], graph=PROFILE)}
    assert not [name for name in said if re.search("[Ss]tart|[Ee]nd|valid|Until|status", name)]


def test_the_profile_names_no_city_grade_ward_level_or_status(store: OxigraphStore) -> None:
    quads = department_quads(store)
    predicates = {quad.predicate for quad in quads}
    assert predicates.isdisjoint({f"<{MA}{name}>" for name in ("grade", "wardLevel", "status")})
    areas = {quad.object for quad in quads if "/id/area/" in quad.object}
    assert areas == {f"<{BASE}id/area/{name}>" for name in ("china", "220000", "150000")}
    assert not [quad for quad in quads if "hospital-grade" in quad.object or "ward-level" in quad.object]


def test_the_only_date_in_the_profile_is_1992(store: OxigraphStore) -> None:
    dated = re.compile(r"XMLSchema#(date|gYear|dateTime|gYearMonth)")
    values = {literal_parts(q.object).lexical for q in department_quads(store) if dated.search(q.object)}
    assert values == {"1992"}
    texts = [quad.object for quad in department_quads(store) if re.search(r'"@(zh|en)$', quad.object)]
    years = {year for text in texts for year in re.findall(r"(?<!\d)(?:19|20)\d\d(?!\d)", text)}
    assert years == {"1992"}


def test_the_health_care_specialty_is_not_a_key_clinical_specialty(store: OxigraphStore) -> None:
    kinds = {row["kind"] for row in store.select(query("designations-of-unit").text)}
    assert f"<{BASE}vocab/designation-kind/health-care-specialty>" in kinds
    assert f"<{BASE}vocab/designation-kind/key-clinical-specialty>" not in kinds


def shares(store: OxigraphStore, total: str) -> dict[str, int]:
    rows = store.select(query("breakdowns").text)
    return {
        text_of(row["part"]).rpartition("/")[2] if "part" in row else "not stated": int(text_of(row["value"]))
        for row in rows
        if text_of(row["total"]).endswith(f"/{total}")
    }


def test_135_projects_are_16_national_64_provincial_or_municipal_and_55_without_a_level(
    store: OxigraphStore,
) -> None:
    parts = {"projects-national": 16, "projects-provincial-municipal": 64, "projects-other": 55}
    assert shares(store, "projects") == parts
    assert sum(parts.values()) == 135


def test_72_of_125_nurses_are_worked_out_as_not_stated_and_are_no_fact(store: OxigraphStore) -> None:
    assert shares(store, "nurses") == {"nurses-deputy-chief": 1, "nurses-supervisor": 52, "not stated": 72}
    assert not [quad for quad in department_quads(store) if quad.object.startswith('"72"')]


def test_papers_and_degrees_leave_nothing_unstated(store: OxigraphStore) -> None:
    assert shares(store, "papers") == {"papers-sci": 116, "papers-ei-medl": 59, "papers-chinese-core": 253}
    assert shares(store, "doctors") == {"doctors-doctoral": 14, "doctors-masters": 25}


def test_every_fact_names_its_sentence_and_its_basis(store: OxigraphStore) -> None:
    rows = list(store.select(query("facts-of-source").text))
    assert len(rows) == 42
    assert all({"fact", "sentence", "basis"} <= row.keys() for row in rows)


def test_sentences_follow_one_another_without_overlap(store: OxigraphStore) -> None:
    rows = store.select(
        """PREFIX oa: <http://www.w3.org/ns/oa#> PREFIX schema: <https://schema.org/>
        SELECT ?number ?start ?end WHERE {
          ?sentence schema:position ?number ; oa:hasSelector ?place . ?place oa:start ?start ; oa:end ?end
        } ORDER BY ?number"""
    )
    places = [tuple(int(text_of(row[name])) for name in ("number", "start", "end")) for row in rows]
    assert [number for number, _, _ in places] == list(range(1, 11))
    bounds = [bound for _, start, end in places for bound in (start, end)]
    assert bounds == sorted(bounds)
    assert (bounds[0], bounds[-1]) == (0, 2095)


def test_every_note_and_label_of_the_profile_exists_in_both_languages(store: OxigraphStore) -> None:
    said = [quad for quad in department_quads(store) if re.search(r'"@(zh|en)$', quad.object)]
    counted = Counter((q.subject, q.predicate, q.object.rpartition("@")[2]) for q in said)
    for subject, predicate, _ in counted:
        assert counted[subject, predicate, "zh"] == counted[subject, predicate, "en"], subject


def test_a_chinese_name_that_is_our_translation_says_so(store: OxigraphStore) -> None:
    noted = {q.subject for q in department_quads(store) if "译名待核" in q.object}
    official = ("org/fhjlu", "org/jlu", "org/nhc", "designation/national-neonatal-health-care-specialty")
    named = {q.subject for q in department_quads(store) if q.predicate.endswith("core#prefLabel>")}
    assert named - noted == {f"<{BASE}id/{name}>" for name in official}


def test_the_packaged_data_has_no_violation() -> None:
    data = rdflib.Graph()
    for graph in packaged_graphs():
        if graph.merged:
            data.parse(data=without_most_areas(graph.content()), format="turtle")
    (shapes,) = (graph for graph in packaged_graphs() if graph.kind == "shapes")
    form = rdflib.Graph().parse(data=shapes.content(), format="turtle")
    _, report, _ = pyshacl.validate(data, shacl_graph=form, advanced=False, inference="none")
    assert not list(violations(report))


def without_most_areas(turtle: bytes) -> bytes:
    """Return a document without the counties outside the home region, which would take pyshacl ten seconds more.

    They are written by the same lines of code as those that stay.
    """
    far = re.compile(rb"<https://w3id.org/medalliance/id/area/(?!15|22|\d{4}00)\d")
    return b"\n".join(line for line in turtle.splitlines() if not far.match(line))


def violations(report: rdflib.Graph) -> Iterable[str]:
    shacl = rdflib.Namespace("http://www.w3.org/ns/shacl#")
    for result in report.subjects(shacl.resultSeverity, shacl.Violation):
        yield f"{report.value(result, shacl.focusNode)} {report.value(result, shacl.resultMessage)}"
