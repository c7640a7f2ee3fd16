"""The query library: each question runs as it stands, and answers rightly on the packaged data."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pytest

from graph import media
from graph.oxigraph import OxigraphStore
from graph.quads import Quad, Term, literal, text_of
from ontology.library import QUERIES, queries, query, read_query
from ontology.packaged import BASE, packaged_graphs

DEPARTMENT = f"<{BASE}id/org/fhjlu-neonatology>"
HOSPITAL = f"<{BASE}id/org/fhjlu>"
ALLIANCE = f"<{BASE}id/org/jl-neonatal-alliance>"
JILIN, CHANGCHUN = f"<{BASE}id/area/220000>", f"<{BASE}id/area/220100>"
PROFILE, ROR = f"<{BASE}source/department-profile/6827d68f>", f"<{BASE}source/ror>"
HERE = "http://127.0.0.1:8000/"
SOURCE, OTHER = f"<{HERE}source/list/00000001>", f"<{HERE}source/list/00000002>"
UNIT = f"<{HERE}id/org/a1>"
DATE = "http://www.w3.org/2001/XMLSchema#date"

FAR = re.compile(rf"<{BASE}id/area/(?!15|22|\d\d0000)\d")

Row = dict[str, Term]


@pytest.fixture(scope="module")
def packaged() -> list[Quad]:
    scratch = OxigraphStore()
    quads: list[Quad] = []
    for graph in packaged_graphs():
        stated = scratch.read(graph.content(), graph.media_type, graph=graph.iri)
        quads += stated
        if graph.merged:
            quads += [quad._replace(graph="") for quad in stated]
    return quads


@pytest.fixture(scope="module")
def store(packaged: list[Quad]) -> OxigraphStore:
    """The packaged graphs; no test changes it."""
    held = OxigraphStore()
    held.add(packaged)
    return held


@pytest.fixture
def own(packaged: list[Quad]) -> OxigraphStore:
    """The packaged graphs, with the areas of the home region only, for a test to add to."""
    held = OxigraphStore()
    held.add(quad for quad in packaged if not FAR.match(quad.subject))
    return held


def state(store: OxigraphStore, turtle: str, graph: str = SOURCE) -> None:
    """Add the facts of a merged source."""
    prefixes = f"""@prefix ma: <{BASE}ontology#> . @prefix org: <http://www.w3.org/ns/org#> .
        @prefix schema: <https://schema.org/> . @prefix skos: <http://www.w3.org/2004/02/skos/core#> .
        @prefix skosxl: <http://www.w3.org/2008/05/skos-xl#> . @prefix sosa: <http://www.w3.org/ns/sosa/> .
        @prefix geo: <http://www.w3.org/2003/01/geo/wgs84_pos#> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
        @prefix ind: <{BASE}vocab/indicator/> . @prefix voc: <{BASE}vocab/> . @prefix area: <{BASE}id/area/> .
        @prefix id: <{HERE}id/> . @prefix pid: <{BASE}id/> .
        """
    quads = store.read((prefixes + turtle).encode(), media.TURTLE, graph=graph[1:-1])
    store.add(quads)
    store.add(quad._replace(graph="") for quad in quads)


def rows(store: OxigraphStore, name: str, **values: str | list[str]) -> list[Row]:
    return list(store.select(query(name).bound(values)))


def local(term: Term) -> str:
    return re.split(r"[/#]", text_of(term))[-1]


def column(found: list[Row], name: str) -> list[str]:
    return [local(row[name]) if name in row else "" for row in found]


def day(text: str) -> Term:
    return literal(text, datatype=DATE)


# --- All questions ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", sorted(queries()))
def test_a_question_runs_as_it_stands(name: str, store: OxigraphStore) -> None:
    sink = io.BytesIO()
    store.answer(query(name).text, (media.RESULTS_JSON, media.NTRIPLES), lambda _: sink)
    assert sink.tell() or "CONSTRUCT" in query(name).text


@pytest.mark.parametrize("file", sorted(QUERIES.glob("*.rq")), ids=lambda file: file.stem)
def test_a_question_names_its_blanks_in_both_languages(file: Path) -> None:
    question = read_query(file)
    assert all(question.title.values())
    assert all(question.purpose.values())
    for parameter in question.parameters:
        assert parameter.title["zh"]
        assert parameter.title["en"]
        assert re.search(rf"VALUES \?{parameter.name} \{{", question.text), parameter.name


# --- The alliance -------------------------------------------------------------------------------------------


def test_the_only_known_member_is_the_initiating_department(store: OxigraphStore) -> None:
    (row,) = rows(store, "members-of-alliance")
    assert (row["member"], local(row["role"])) == (DEPARTMENT, "initiator")
    assert row["roleZh"] == '"发起单位"@zh'
    assert "start" not in row
    assert local(row["illustrative"]) == "false"


def test_a_member_shows_its_start_as_the_source_states_it(own: OxigraphStore) -> None:
    state(
        own,
        """id:m1 a ma:AllianceMembership ; org:member id:a1 ; org:organization pid:none ;
             org:role <https://w3id.org/medalliance/vocab/membership-role/member> .""",
    )
    assert len(rows(own, "members-of-alliance")) == 1
    state(
        own,
        f"""<{HERE}id/m2> a ma:AllianceMembership ; org:member {UNIT} ; org:organization {ALLIANCE} ;
             ma:startStated "2021"^^xsd:gYear ; ma:illustrative true .
           {UNIT} skos:prefLabel "示例医院"@zh .""",
    )
    added = next(row for row in rows(own, "members-of-alliance") if row["member"] == UNIT)
    assert (text_of(added["start"]), local(added["illustrative"])) == ("2021", "true")
    assert "role" not in added


@pytest.mark.parametrize(
    ("period", "date", "answer"),
    [
        ("", "2026-11-01", "unknown"),
        ('ma:validFrom "2021-03-01"^^xsd:date', "2026-11-01", "yes"),
        ('ma:validFrom "2021-03-01"^^xsd:date', "2021-02-28", "no"),
        (
            'ma:earliestStart "2021-01-01"^^xsd:date ; ma:latestStart "2021-12-31"^^xsd:date',
            "2021-06-01",
            "unknown",
        ),
        (
            'ma:earliestStart "2021-01-01"^^xsd:date ; ma:latestStart "2021-12-31"^^xsd:date',
            "2020-12-31",
            "no",
        ),
        (
            'ma:earliestStart "2021-01-01"^^xsd:date ; ma:latestStart "2021-12-31"^^xsd:date',
            "2022-01-01",
            "yes",
        ),
        ('ma:validFrom "2021-03-01"^^xsd:date ; ma:validUntil "2023-03-01"^^xsd:date', "2023-03-01", "yes"),
        ('ma:validFrom "2021-03-01"^^xsd:date ; ma:validUntil "2023-03-01"^^xsd:date', "2023-03-02", "no"),
        (
            'ma:validFrom "2020-01-01"^^xsd:date ; ma:earliestEnd "2023-01-01"^^xsd:date ; '
            'ma:latestEnd "2023-12-31"^^xsd:date',
            "2023-06-01",
            "unknown",
        ),
        (
            f'ma:validFrom "2020-01-01"^^xsd:date ; ma:status <{BASE}vocab/status/ended>',
            "2026-11-01",
            "unknown",
        ),
        ('ma:validUntil "2023-03-01"^^xsd:date', "2020-01-01", "unknown"),
    ],
)
def test_membership_on_a_date_is_yes_no_or_unknown(
    period: str, date: str, answer: str, own: OxigraphStore
) -> None:
    state(own, f"<{HERE}id/m> a ma:AllianceMembership ; org:member {UNIT} ; org:organization {ALLIANCE} .")
    if period:
        state(own, f"<{HERE}id/m> {period} .")
    (row,) = rows(own, "is-member-on-date", member=UNIT, date=day(date))
    assert (text_of(row["answer"]), text_of(row["memberships"])) == (answer, "1")


def test_the_departments_membership_is_unknown_on_any_date(store: OxigraphStore) -> None:
    for date in ("1980-01-01", "2026-11-01"):
        (row,) = rows(store, "is-member-on-date", date=day(date))
        assert text_of(row["answer"]) == "unknown"


def test_a_unit_without_membership_is_no_member_and_has_none_recorded(store: OxigraphStore) -> None:
    (row,) = rows(store, "is-member-on-date", member=HOSPITAL)
    assert (text_of(row["answer"]), text_of(row["memberships"])) == ("no", "0")


def test_a_withdrawn_record_makes_nobody_a_member(own: OxigraphStore) -> None:
    state(
        own,
        f"""<{HERE}id/m> a ma:AllianceMembership ; org:member {UNIT} ; org:organization {ALLIANCE} ;
          ma:validFrom "2020-01-01"^^xsd:date ; ma:status <{BASE}vocab/status/withdrawn> .""",
    )
    (row,) = rows(own, "is-member-on-date", member=UNIT)
    assert (text_of(row["answer"]), text_of(row["memberships"])) == ("no", "0")


def test_the_subgraph_of_the_alliance_holds_members_designations_programmes_and_coverage(
    store: OxigraphStore,
) -> None:
    subjects = {local(quad.subject) for quad in store.construct(query("alliance-subgraph").text)}
    assert {"jl-neonatal-alliance", "fhjlu-neonatology", "jl-neonatal-qcc", "mch-capacity"} <= subjects
    assert subjects.isdisjoint({"fhjlu", "220000", "beds"})
    assert len(subjects) == 1 + 1 + 1 + 7 + 3 + 2


def test_members_are_counted_by_prefecture_and_role(own: OxigraphStore) -> None:
    (row,) = rows(own, "members-per-area-and-role")
    assert (local(row["prefecture"]), local(row["role"]), text_of(row["members"])) == (
        "220100",
        "initiator",
        "1",
    )
    state(
        own,
        f"""<{HERE}id/m> a ma:AllianceMembership ; org:member {UNIT} ; org:organization {ALLIANCE} ;
          org:role <{BASE}vocab/membership-role/member> .""",
    )
    unplaced = next(row for row in rows(own, "members-per-area-and-role") if "prefecture" not in row)
    assert (local(unplaced["role"]), text_of(unplaced["members"])) == ("member", "1")


# --- One unit -----------------------------------------------------------------------------------------------


def test_the_department_holds_seven_designations(store: OxigraphStore) -> None:
    found = rows(store, "designations-of-unit")
    assert sorted(zip(column(found, "designation"), column(found, "level"), strict=True)) == [
        ("jl-critical-neonatal-centre", "provincial"),
        ("jl-mch-capacity-training-base", "provincial"),
        ("jl-neonatal-qcc", "provincial"),
        ("jl-resident-training-base", "provincial"),
        ("jl-tertiary-center", "provincial"),
        ("national-neonatal-health-care-specialty", "national"),
        ("national-training-base", "national"),
    ]
    assert not any("start" in row or "end" in row for row in found)


def test_three_designations_are_training_bases(store: OxigraphStore) -> None:
    found = rows(store, "designations-by-kind")
    assert column(found, "designation") == [
        "national-training-base",
        "jl-mch-capacity-training-base",
        "jl-resident-training-base",
    ]
    assert {row["holder"] for row in found} == {DEPARTMENT}
    assert (
        rows(store, "designations-by-kind", kind=f"<{BASE}vocab/designation-kind/key-clinical-specialty>")
        == []
    )


def test_designations_without_dates_are_unknown_and_ended_ones_are_left_out(own: OxigraphStore) -> None:
    found = rows(own, "designations-on-date")
    assert column(found, "valid") == ["unknown"] * 7
    state(
        own,
        f"""<{HERE}id/d1> a ma:Designation ; ma:heldBy {UNIT} ; ma:validFrom "2020-01-01"^^xsd:date .
            <{HERE}id/d2> a ma:Designation ; ma:heldBy {UNIT} ; ma:validUntil "2025-12-31"^^xsd:date .""",
    )
    added = [row for row in rows(own, "designations-on-date") if row["holder"] == UNIT]
    assert [(local(row["designation"]), text_of(row["valid"])) for row in added] == [("d1", "yes")]


def test_the_department_runs_three_programmes_each_on_a_base(store: OxigraphStore) -> None:
    found = rows(store, "programmes-of-unit")
    assert {local(row["programme"]): (local(row["kind"]), local(row["base"])) for row in found} == {
        "neonatal-perinatal-specialist": ("specialist-training", "national-training-base"),
        "neonatal-resident": ("resident-training", "jl-resident-training-base"),
        "mch-capacity": ("capacity-building", "jl-mch-capacity-training-base"),
    }


def test_the_department_has_twenty_figures_without_a_date(store: OxigraphStore) -> None:
    found = rows(store, "statistics-of-unit")
    assert len(found) == len({row["statistic"] for row in found}) == 20
    beds = next(row for row in found if local(row["indicator"]) == "beds")
    assert (text_of(beds["value"]), local(beds["measure"]), text_of(beds["sentence"])) == ("150", "NUM", "7")
    assert not any("asOf" in row for row in found)


def test_a_part_of_another_date_does_not_count(own: OxigraphStore) -> None:
    state(
        own,
        f"""id:s1 a ma:Statistic ; sosa:hasFeatureOfInterest {UNIT} ; sosa:observedProperty ind:nurses ;
              sosa:hasSimpleResult 60 ; ma:asOf "2025-01-01"^^xsd:date .
            id:s2 a ma:Statistic ; sosa:hasFeatureOfInterest {UNIT} ; sosa:observedProperty ind:nurses-deputy-chief ;
              sosa:hasSimpleResult 4 ; ma:asOf "2025-01-01"^^xsd:date .
            id:s3 a ma:Statistic ; sosa:hasFeatureOfInterest {UNIT} ; sosa:observedProperty ind:nurses-supervisor ;
              sosa:hasSimpleResult 9 .""",
    )
    found = rows(own, "breakdowns", unit=UNIT)
    assert [(text_of(row["partEn"]), text_of(row["value"])) for row in found] == [
        ("deputy chief nurses", "4"),
        ("not stated", "56"),
    ]


def test_what_the_department_says_of_itself_is_five_claims(store: OxigraphStore) -> None:
    found = rows(store, "claims-of-unit")
    assert sorted(zip(column(found, "kind"), column(found, "sentence"), strict=True)) == [
        ("conformance", "7"),
        ("mission", "8"),
        ("ranking", "1"),
        ("ranking", "1"),
        ("ranking", "7"),
    ]


def test_the_department_serves_all_of_jilin_and_part_of_inner_mongolia(store: OxigraphStore) -> None:
    found = rows(store, "coverage-of-unit")
    assert list(zip(column(found, "area"), column(found, "extent"), strict=True)) == [
        ("150000", "part"),
        ("220000", "whole"),
    ]


def test_identifiers_come_with_scheme_and_source(store: OxigraphStore) -> None:
    found = rows(store, "identifiers-of-unit")
    assert list(zip(column(found, "scheme"), [text_of(row["identifier"]) for row in found], strict=True)) == [
        ("GRID", "grid.430605.4"),
        ("ISNI", "0000 0004 1758 4110"),
        ("ROR", "https://ror.org/034haf133"),
        ("Wikidata", "Q30288939"),
    ]
    assert all("/source/ror/" in row["source"] for row in found)
    assert rows(store, "identifiers-of-unit", unit=DEPARTMENT) == []


@pytest.mark.parametrize(
    "identifier",
    [
        "034haf133",
        "https://ror.org/034haf133",
        "grid.430605.4",
        "0000000417584110",
        "0000 0004 1758 4110",
        "Q30288939",
    ],
)
def test_a_unit_is_found_by_each_of_its_identifiers(identifier: str, store: OxigraphStore) -> None:
    (row,) = rows(store, "unit-by-identifier", identifier=literal(identifier))
    assert row["unit"] == HOSPITAL


@pytest.mark.parametrize("identifier", ["Q3028893", "", '" } SELECT * { ?s ?p ?o'])
def test_what_is_no_identifier_finds_no_unit(identifier: str, store: OxigraphStore) -> None:
    assert rows(store, "unit-by-identifier", identifier=literal(identifier)) == []


def test_a_former_name_comes_with_its_period(own: OxigraphStore) -> None:
    assert [text_of(row["language"]) for row in rows(own, "names-of-entity")] == ["zh", "en"]
    state(
        own,
        f"""id:n1 a ma:NameVariant ; ma:appliesTo {DEPARTMENT} ; skosxl:literalForm "示例旧名"@zh ;
              ma:startStated "1992"^^xsd:gYear ; ma:endStated "2001-05"^^xsd:gYearMonth .""",
    )
    (former,) = [row for row in rows(own, "names-of-entity") if "示例旧名" in row["name"]]
    assert (text_of(former["start"]), text_of(former["end"]), former["source"]) == ("1992", "2001-05", SOURCE)


# --- Sources ------------------------------------------------------------------------------------------------


def test_two_sources_speak_of_the_hospital(store: OxigraphStore) -> None:
    found = rows(store, "sources-of-entity")
    assert {local(row["document"]): text_of(row["statements"]) for row in found} == {
        "department-profile": "5",
        "ror": "5",
    }


def test_a_withdrawn_source_no_longer_speaks(own: OxigraphStore) -> None:
    own.add([Quad(HOSPITAL, "<https://schema.org/name>", '"x"', OTHER)])
    assert OTHER not in {row["source"] for row in rows(own, "sources-of-entity")}


def test_a_triple_leads_to_its_graph_sentence_and_basis(store: OxigraphStore) -> None:
    (row,) = rows(store, "provenance-of-triple")
    assert (row["graph"], text_of(row["sentence"]), local(row["basis"])) == (PROFILE, "1", "stated")


def test_a_triple_of_two_sources_leads_to_both(own: OxigraphStore) -> None:
    state(own, f"{DEPARTMENT} org:unitOf {HOSPITAL} .")
    assert {row["graph"] for row in rows(own, "provenance-of-triple")} == {PROFILE, SOURCE}


def test_the_profile_states_42_facts_and_ror_one(store: OxigraphStore) -> None:
    assert len(rows(store, "facts-of-source")) == 42
    assert column(rows(store, "facts-of-source", document=ROR), "fact") == ["ror-fhjlu-location"]


def test_facts_of_both_subjects_carry_labels_in_both_languages(store: OxigraphStore) -> None:
    found = rows(store, "fact-table", subject=[DEPARTMENT, HOSPITAL])
    assert len(found) == 43
    assert not [row["fact"] for row in found if "propertyZh" not in row or "propertyEn" not in row]


def test_illustrative_facts_are_left_out(own: OxigraphStore) -> None:
    assert len(rows(own, "non-illustrative-facts")) == 43
    state(own, f"id:x a ma:Claim ; ma:basis <{BASE}vocab/basis/stated> ; ma:illustrative true .")
    assert len(rows(own, "non-illustrative-facts")) == 43


def test_facts_without_a_date_are_all_figures_designations_programmes_and_the_membership(
    own: OxigraphStore,
) -> None:
    assert len(rows(own, "facts-without-date")) == 20 + 7 + 3 + 1
    state(
        own,
        f"""id:s1 a ma:Statistic ; sosa:hasFeatureOfInterest {UNIT} ; ma:asOf "2025-01-01"^^xsd:date .
            id:s2 a ma:Designation ; ma:heldBy {UNIT} ; ma:startStated "2020"^^xsd:gYear .""",
    )
    assert len(rows(own, "facts-without-date")) == 31


# --- Disagreements ------------------------------------------------------------------------------------------


def test_the_packaged_sources_do_not_disagree(store: OxigraphStore) -> None:
    assert rows(store, "disagreements") == []


def figure(value: str, more: str = "") -> str:
    return f"""<{HERE}id/stat/beds> a ma:Statistic ; sosa:hasFeatureOfInterest {DEPARTMENT} ;
        sosa:observedProperty ind:beds ; sosa:hasSimpleResult {value} {more} ."""


def test_two_bed_counts_of_the_same_date_are_one_disagreement(own: OxigraphStore) -> None:
    state(own, figure("160"))
    (row,) = rows(own, "disagreements")
    assert (row["subject"], local(row["property"])) == (DEPARTMENT, "beds")
    assert {row["source"], row["otherSource"]} == {PROFILE, SOURCE}
    assert {text_of(row["value"]), text_of(row["otherValue"])} == {"150", "160"}


@pytest.mark.parametrize(
    ("value", "more"), [("150", ""), ("150.0", ""), ("160", '; ma:asOf "2025-01-01"^^xsd:date')]
)
def test_equal_figures_and_figures_of_different_dates_agree(
    value: str, more: str, own: OxigraphStore
) -> None:
    state(own, figure(value, more))
    assert rows(own, "disagreements") == []


def test_two_founding_years_disagree_and_a_more_precise_date_does_not(own: OxigraphStore) -> None:
    state(own, f'{DEPARTMENT} schema:foundingDate "1992-05-01"^^xsd:date .')
    assert rows(own, "disagreements") == []
    state(own, f'{DEPARTMENT} schema:foundingDate "1993"^^xsd:gYear .', OTHER)
    assert {local(row["property"]) for row in rows(own, "disagreements")} == {"foundingDate"}


def test_two_open_grades_disagree_and_an_ended_one_does_not(own: OxigraphStore) -> None:
    state(own, f"id:g1 ma:appliesTo {UNIT} ; ma:assignedGrade <{BASE}vocab/hospital-grade/3a> .")
    state(
        own,
        f"""id:g2 ma:appliesTo {UNIT} ; ma:assignedGrade <{BASE}vocab/hospital-grade/2a> ;
              ma:endStated "2019"^^xsd:gYear .""",
        OTHER,
    )
    assert rows(own, "disagreements") == []
    state(own, f"id:g3 ma:appliesTo {UNIT} ; ma:assignedGrade <{BASE}vocab/hospital-grade/3b> .", OTHER)
    (row,) = rows(own, "disagreements")
    assert {local(row["value"]), local(row["otherValue"])} == {"3a", "3b"}


def test_a_derived_value_is_no_source_to_disagree_with(own: OxigraphStore) -> None:
    state(own, f"{UNIT} ma:grade <{BASE}vocab/hospital-grade/3a> .")
    state(own, f"{UNIT} ma:grade <{BASE}vocab/hospital-grade/3b> .", OTHER)
    assert len(rows(own, "disagreements")) == 1
    own.add(
        [
            Quad(
                OTHER,
                f"<{BASE}ontology#graphKind>",
                f"<{BASE}vocab/graph-kind/derived>",
                f"<{HERE}graph/catalogue>",
            )
        ]
    )
    assert rows(own, "disagreements") == []


# --- Places and concepts ------------------------------------------------------------------------------------


def test_nine_prefectures_and_sixty_counties_lie_within_jilin(store: OxigraphStore) -> None:
    found = rows(store, "areas-within")
    levels = column(found, "level")
    assert (levels.count("prefecture"), levels.count("county"), len(found)) == (9, 60, 69)
    assert {"220184", "222401"} <= {text_of(row["code"]) for row in found}


def test_the_hospital_is_in_changchun_and_its_department_with_it(store: OxigraphStore) -> None:
    found = rows(store, "units-in-area", area=CHANGCHUN)
    assert [(row["unit"], row.get("through")) for row in found] == [(HOSPITAL, None), (DEPARTMENT, HOSPITAL)]
    assert {row["unit"] for row in rows(store, "units-in-area", area=JILIN)} == {HOSPITAL, DEPARTMENT}
    assert rows(store, "units-in-area", area=f"<{BASE}id/area/220200>") == []


def test_own_coordinates_go_before_those_of_the_area(own: OxigraphStore) -> None:
    assert column(rows(own, "units-with-coordinates"), "precision") == ["area", "area"]
    state(own, f"{HOSPITAL} geo:lat 43.87 ; geo:long 125.31 .")
    (row,) = [row for row in rows(own, "units-with-coordinates") if row["unit"] == HOSPITAL]
    assert (text_of(row["precision"]), text_of(row["latitude"])) == ("own", "43.87")


def test_a_scheme_lists_its_concepts_in_both_languages(store: OxigraphStore) -> None:
    found = rows(store, "concepts-of-scheme")
    assert {"training-base", "quality-control-centre", "key-clinical-specialty"} <= set(column(found, "code"))
    assert all("conceptZh" in row and "conceptEn" in row for row in found)
