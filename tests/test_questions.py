"""The questions of partners, coordinators and trainees: each answers what a small graph with known facts says."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import pytest
from list_data import demo_engine
from page_data import PACKAGED, state

from graph.local import LocalEngine
from graph.quads import is_iri, text_of
from graph.question_values import WrongValue, as_texts, check_known, filled
from ontology.library import UNDEF, Parameter, Query, offered, partner_questions, query
from samples import BASE

TODAY = date(2026, 11, 23)
ALLIANCE = "_org/alliance"

FACTS = f"""
@prefix area: <{PACKAGED}id/area/> . @prefix geo: <http://www.w3.org/2003/01/geo/wgs84_pos#> .
@prefix skosxl: <http://www.w3.org/2008/05/skos-xl#> . @prefix id: <{BASE}id/> .

<id/org/alliance> a ma:MedicalAlliance, org:Organization ; skos:prefLabel "某某联盟"@zh .
<id/org/other-alliance> a ma:MedicalAlliance, org:Organization ; skos:prefLabel "另一联盟"@zh .

<id/org/a> a org:FormalOrganization, schema:Hospital, org:Organization ;
  skos:prefLabel "某某甲医院"@zh, "Hospital A"@en ;
  schema:location area:220602 ; geo:lat 41.9 ; geo:long 126.4 ; org:identifier "12345678-9"^^ma:Licence ;
  ma:verifiedOn "2026-11-01"^^xsd:date .
<id/org/a-neo> a ma:ClinicalDepartment, org:Organization ; org:unitOf <id/org/a> ;
  skos:prefLabel "某某甲医院新生儿科"@zh ; ma:wardLevel voc:ward-level\\/iiia .
<id/org/b> a org:FormalOrganization, org:Organization ; skos:prefLabel "某某乙医院"@zh ; schema:location area:220681 ;
  geo:lat 41.8 ; geo:long 126.9 ; ma:verifiedOn "2020-01-01"^^xsd:date .
<id/org/b-neo> a ma:ClinicalDepartment, org:Organization ; org:unitOf <id/org/b> .
<id/org/c> a org:FormalOrganization, org:Organization ; skos:prefLabel "某某丙医院"@zh ;
  ma:status voc:organization-status\\/merged ; dct:isReplacedBy <id/org/b> .

<id/membership/a> a ma:AllianceMembership ; org:member <id/org/a> ; org:organization <id/org/alliance> ;
  org:role voc:membership-role\\/lead ; ma:validFrom "2020-01-01"^^xsd:date ; ma:basis voc:basis\\/stated .
<id/membership/b> a ma:AllianceMembership ; org:member <id/org/b> ; org:organization <id/org/alliance> ;
  org:role voc:membership-role\\/member ; ma:validFrom "2021-06-01"^^xsd:date ; ma:validUntil "2026-01-31"^^xsd:date .
<id/membership/c> a ma:AllianceMembership ; org:member <id/org/c> ; org:organization <id/org/alliance> .
<id/membership/a-other> a ma:AllianceMembership ; org:member <id/org/a> ; org:organization <id/org/other-alliance> ;
  ma:validFrom "2022-01-01"^^xsd:date .
<id/agreement/a> a ma:Agreement ; ma:governs <id/membership/a> ; ma:documentNumber "某〔2020〕1号" ;
  ma:validUntil "2026-12-31"^^xsd:date .

<id/designation/a> a ma:Designation ; ma:heldBy <id/org/a-neo> ; ma:kind voc:designation-kind\\/critical-care-centre ;
  ma:level voc:level\\/municipal ; ma:validFrom "2022-01-01"^^xsd:date ; ma:validUntil "2027-01-15"^^xsd:date .
<id/designation/b> a ma:Designation ; ma:heldBy <id/org/b-neo> ; ma:kind voc:designation-kind\\/critical-care-centre ;
  ma:level voc:level\\/municipal .
<id/designation/b-old> a ma:Designation ; ma:heldBy <id/org/b-neo> ; ma:kind voc:designation-kind\\/training-base ;
  ma:validUntil "2019-12-31"^^xsd:date .

<id/capability/a1> a ma:Capability ; schema:provider <id/org/a> ; ma:technique voc:technique\\/hfov ;
  ma:availability voc:availability\\/around-the-clock .
<id/capability/a2> a ma:Capability ; schema:provider <id/org/a-neo> ; ma:technique voc:technique\\/ecmo ;
  ma:availability voc:availability\\/no .
<id/capability/a3> a ma:Capability ; schema:provider <id/org/a-neo> ; ma:technique voc:technique\\/ino ;
  ma:availability voc:availability\\/unknown .
<id/capability/b1> a ma:Capability ; schema:provider <id/org/b-neo> ; ma:technique voc:technique\\/hfov ;
  ma:availability voc:availability\\/yes .

<id/programme/p> a ma:TrainingProgramme ; skos:prefLabel "某某进修"@zh ; schema:provider <id/org/a-neo> ;
  ma:kind voc:programme-kind\\/advanced-placement ; ma:durationMonths 6.0 ; schema:teaches voc:technique\\/hfov .
<id/intake/open> a ma:ProgrammeIntake ; ma:intakeOf <id/programme/p> ;
  ma:earliestOpening "2026-11-01"^^xsd:date ; ma:latestOpening "2026-11-01"^^xsd:date ;
  ma:earliestClosing "2026-11-30"^^xsd:date ; ma:latestClosing "2026-11-30"^^xsd:date .
<id/intake/month> a ma:ProgrammeIntake ; ma:intakeOf <id/programme/p> ; ma:latestOpening "2026-10-31"^^xsd:date ;
  ma:earliestClosing "2026-11-01"^^xsd:date ; ma:latestClosing "2026-11-30"^^xsd:date .
<id/intake/over> a ma:ProgrammeIntake ; ma:intakeOf <id/programme/p> ; ma:latestClosing "2026-10-31"^^xsd:date .
<id/intake/endless> a ma:ProgrammeIntake ; ma:intakeOf <id/programme/p> ;
  ma:earliestOpening "2026-01-01"^^xsd:date ; ma:latestOpening "2026-01-01"^^xsd:date .
<id/programme/silent> a ma:TrainingProgramme ; schema:provider <id/org/b-neo> ;
  ma:kind voc:programme-kind\\/advanced-placement .

<id/project/x> a ma:Project ; skos:prefLabel "某某项目"@zh ; ma:ledBy <id/org/a> ; ma:partner <id/org/b> .

<id/referral/1> a ma:ReferralArrangement ; ma:refersFrom <id/org/b-neo> ; ma:refersTo <id/org/a-neo> ;
  ma:kind voc:referral-kind\\/up ; ma:year "2025"^^xsd:gYear ; ma:annualCases 12 .
<id/referral/2> a ma:ReferralArrangement ; ma:refersFrom <id/org/b-neo> ; ma:refersTo <id/org/a-neo> ;
  ma:kind voc:referral-kind\\/up ; ma:year "2024"^^xsd:gYear ; ma:suppressed true .

<id/name/a-old> a ma:NameVariant ; ma:appliesTo <id/org/a> ; skosxl:literalForm "某某旧名"@zh ;
  ma:kind voc:name-kind\\/former ; ma:endStated "2015"^^xsd:gYear .

<id/stat/a> a ma:Statistic ; sosa:hasFeatureOfInterest <id/org/a-neo> ; ma:asOf "2025-12-31"^^xsd:date ;
  sosa:observedProperty voc:indicator\\/beds-open ; sosa:hasSimpleResult 60 .
"""

OTHER_SOURCE = """
<id/stat/a-other> a ma:Statistic ; sosa:hasFeatureOfInterest <id/org/a-neo> ; ma:asOf "2025-12-31"^^xsd:date ;
  sosa:observedProperty voc:indicator\\/beds-open ; sosa:hasSimpleResult 58 .
"""


@pytest.fixture(scope="module")
def engine() -> LocalEngine:
    """The illustrative network, a few facts of a list, and a figure of another source that differs."""
    return state(state(demo_engine(), FACTS, "list"), OTHER_SOURCE, "survey")


def answered(engine: LocalEngine, name: str, **given: str | Sequence[str]) -> list[dict[str, str]]:
    """Return the rows of a question, with the last parts of names, and texts of values."""
    texts = {key: [value] if isinstance(value, str) else list(value) for key, value in given.items()}
    asked = filled(query(name), texts, BASE, TODAY)
    check_known(engine, asked)
    return [{key: said(term) for key, term in row.items()} for row in engine.select(asked.text)]


def said(term: str) -> str:
    return (
        text_of(term).removeprefix(f"{BASE}id/").removeprefix(f"{PACKAGED}vocab/")
        if is_iri(term)
        else text_of(term)
    )


def pairs(rows: list[dict[str, str]], *names: str) -> set[tuple[str, ...]]:
    return {tuple(row.get(name, "") for name in names) for row in rows}


# --- Partners ------------------------------------------------------------------------------------------------


def test_3_a_unit_is_found_by_its_licence_number_among_many(engine: LocalEngine) -> None:
    rows = answered(engine, "unit-by-identifier", identifier=["12345678-9", "034HAF133", "nobody"])
    assert pairs(rows, "identifier", "unit") == {
        ("12345678-9", "org/a"),
        ("034HAF133", "https://w3id.org/medalliance/id/org/fhjlu"),
    }
    assert {row["illustrative"] for row in rows} == {"false"}


def test_4_names_come_with_language_kind_and_period(engine: LocalEngine) -> None:
    rows = answered(engine, "names-of-entity", entity="_org/a")
    assert pairs(rows, "name", "language", "end") == {
        ("某某甲医院", "zh", ""),
        ("Hospital A", "en", ""),
        ("某某旧名", "zh", "2015"),
    }


def test_5_designations_are_valid_or_unknown_on_a_date(engine: LocalEngine) -> None:
    chosen = {"kind": "critical-care-centre", "holder": ["_org/a-neo", "_org/b-neo"]}
    assert pairs(answered(engine, "designations-on-date", **chosen), "designation", "valid") == {
        ("designation/a", "yes"),
        ("designation/b", "unknown"),
    }
    later = answered(engine, "designations-on-date", date="2027-02-01", **chosen)
    assert pairs(later, "designation", "valid") == {("designation/b", "unknown")}
    every = answered(engine, "designations-on-date", date="2019-06-01")
    assert ("designation/b-old", "unknown") in pairs(every, "designation", "valid")
    assert "true" in {row["illustrative"] for row in every}


def test_6_units_of_a_prefecture_include_those_of_its_counties(engine: LocalEngine) -> None:
    found = pairs(answered(engine, "units-in-area", area="2206"), "unit", "through")
    assert {("org/a", ""), ("org/a-neo", "org/a"), ("org/b", "")} <= found
    assert ("org/a", "") not in pairs(answered(engine, "units-in-area", area="220681"), "unit", "through")


def test_7_units_of_a_tier_offer_do_not_tell_or_are_left_out(engine: LocalEngine) -> None:
    rows = [
        row
        for row in answered(engine, "capabilities-of-tier", tier="municipal")
        if row["unit"].startswith("org/")
    ]
    assert pairs(rows, "unit", "technique", "offered", "valid") == {
        ("org/a-neo", "technique/hfov", "yes", "yes"),
        ("org/a-neo", "technique/ino", "unknown", "yes"),
        ("org/b-neo", "technique/hfov", "yes", "unknown"),
    }
    ecmo = answered(engine, "capabilities-of-tier", tier="municipal", technique="ecmo")
    own = {(row["unit"], row["offered"]) for row in ecmo if row["unit"].startswith("org/")}
    assert own == {("org/b-neo", "unknown")}, "who says no is no unknown"


def test_8_intakes_are_open_unknown_or_left_out(engine: LocalEngine) -> None:
    rows = answered(engine, "open-programmes", kind="advanced-placement")
    own = [row for row in rows if row["programme"].startswith("programme/")]
    assert pairs(own, "programme", "intake", "open") == {
        ("programme/p", "intake/open", "yes"),
        ("programme/p", "intake/month", "unknown"),
        ("programme/p", "intake/endless", "unknown"),
        ("programme/silent", "", "unknown"),
    }
    later = answered(engine, "open-programmes", kind="advanced-placement", date="2026-12-01")
    assert pairs(
        [row for row in later if row["programme"].startswith("programme/")], "programme", "intake"
    ) == {
        ("programme/p", "intake/endless"),
        ("programme/silent", ""),
    }


@pytest.mark.parametrize(
    ("member", "day", "answer", "memberships"),
    [
        ("a", "2026-01-01", "yes", "1"),
        ("a", "2019-12-31", "no", "1"),
        ("b", "2026-02-01", "no", "1"),
        ("c", "2026-01-01", "unknown", "1"),
        ("a-neo", "2026-01-01", "no", "0"),
    ],
)
def test_9_a_unit_is_a_member_is_not_or_nobody_can_tell(
    engine: LocalEngine, member: str, day: str, answer: str, memberships: str
) -> None:
    (row,) = answered(engine, "is-member-on-date", member=f"_org/{member}", alliance=ALLIANCE, date=day)
    assert (row["answer"], row["memberships"], row["illustrative"]) == (answer, memberships, "false")


def test_9_an_invented_membership_is_flagged(engine: LocalEngine) -> None:
    (row,) = answered(engine, "is-member-on-date", member="org/EX-001", alliance="org/EX-A1")
    assert (row["answer"], row["illustrative"]) == ("yes", "true")


def test_10_an_alliance_comes_whole_and_without_others(engine: LocalEngine) -> None:
    asked = filled(query("alliance-subgraph"), {"alliance": [ALLIANCE]}, BASE, TODAY)
    subjects = {said(quad.subject) for quad in engine.construct(asked.text)}
    assert subjects == {
        *("org/alliance", "membership/a", "membership/b", "membership/c"),
        *("org/a", "org/a-neo", "org/b", "org/b-neo", "org/c"),
        *("designation/a", "designation/b", "designation/b-old"),
        *("programme/p", "programme/silent", "intake/open", "intake/month", "intake/over", "intake/endless"),
        *("capability/a1", "capability/a2", "capability/a3", "capability/b1"),
    }


def test_11_members_are_counted_by_prefecture_role_and_certainty(engine: LocalEngine) -> None:
    rows = answered(engine, "members-per-area-and-role", alliance=ALLIANCE, date="2026-01-01")
    found = {(r.get("prefectureZh", ""), r.get("role", ""), r["held"]): r["members"] for r in rows}
    assert found == {
        ("白山市", "membership-role/lead", "yes"): "1",
        ("白山市", "membership-role/member", "yes"): "1",
        ("", "", "unknown"): "1",
    }


def test_12_facts_of_a_source_and_facts_that_are_not_illustrative(engine: LocalEngine) -> None:
    document = f"{PACKAGED}source/department-profile"
    assert len({row["fact"] for row in answered(engine, "facts-of-source", document=document)}) == 42
    assert "membership/a" in {row["fact"] for row in answered(engine, "non-illustrative-facts")}
    assert not any("EX-" in row["fact"] for row in answered(engine, "non-illustrative-facts"))


def test_13_a_triple_leads_to_the_graphs_that_state_it(engine: LocalEngine) -> None:
    given = {"subject": "_stat/a", "predicate": "http://www.w3.org/ns/sosa/hasSimpleResult"}
    (row,) = answered(engine, "provenance-of-triple", value="60", **given)
    assert "/source/list/" in row["graph"]
    assert answered(engine, "provenance-of-triple", value="61", **given) == []
    whole = answered(engine, "provenance-of-triple", **given)
    assert [row["stated"] for row in whole] == ["60"]


def test_14_a_merged_unit_leads_to_its_successor_and_others_to_nobody(engine: LocalEngine) -> None:
    rows = answered(engine, "successors-of-unit", unit=["_org/c", "_org/a"])
    assert pairs(rows, "unit", "status", "successor", "isLast") == {
        ("org/c", "organization-status/merged", "org/b", "true"),
        ("org/a", "", "", ""),
    }


def test_15_coordinates_are_the_units_own_or_its_areas(engine: LocalEngine) -> None:
    found = {row["unit"]: row for row in answered(engine, "units-with-coordinates")}
    assert (found["org/a"]["latitude"], found["org/a"]["precision"]) == ("41.9", "own")
    assert "org/c" not in found


def test_16_the_nearest_come_first_with_their_distance(engine: LocalEngine) -> None:
    given = {"latitude": "41.9", "longitude": "126.5", "technique": "hfov"}
    rows = answered(engine, "nearest-with-technique", **given)
    own = [row for row in rows if row["unit"].startswith("org/")]
    assert [row["unit"] for row in own] == ["org/a", "org/b-neo"]
    kilometres = [float(row["kilometres"]) for row in own]
    assert kilometres == [pytest.approx(8.3, abs=0.1), pytest.approx(34.9, abs=0.3)]
    assert [row["precision"] for row in own] == ["own", "institution"]
    near = answered(engine, "nearest-with-technique", within="10", **given)
    assert {row["unit"] for row in near if row["unit"].startswith("org/")} == {"org/a"}
    assert all(float(row["kilometres"]) <= 10 for row in near)


def test_17_codes_come_with_names_in_both_languages(engine: LocalEngine) -> None:
    rows = answered(engine, "concepts-of-scheme", scheme="vocab/level")
    assert ("county", "县级", "county", "级别") in pairs(rows, "code", "conceptZh", "conceptEn", "schemeZh")
    assert len({row["scheme"] for row in answered(engine, "concepts-of-scheme")}) > 30


def test_21_partners_of_a_project(engine: LocalEngine) -> None:
    rows = answered(engine, "units-of-project", project="_project/x")
    assert pairs(rows, "part", "unit") == {("lead", "org/a"), ("partner", "org/b")}


def test_22_small_numbers_of_referrals_are_withheld(engine: LocalEngine) -> None:
    rows = answered(engine, "referral-totals", **{"from": "_org/b-neo"})
    assert pairs(rows, "yearStated", "cases", "suppressed") == {("2025", "12", "false"), ("2024", "", "true")}
    only = answered(engine, "referral-totals", year="2024", **{"from": "_org/b-neo"})
    assert pairs(only, "referral") == {("referral/2",)}


def test_23_old_data_and_data_of_no_age(engine: LocalEngine) -> None:
    found = {
        row["unit"]: (row["older"], row.get("last", ""))
        for row in answered(engine, "units-not-verified-since")
    }
    assert (found["org/b"], found["org/c"]) == (("yes", "2020-01-01"), ("unknown", ""))
    assert "org/a" not in found


def test_25_contradictions_on_a_property_keep_both_sides(engine: LocalEngine) -> None:
    rows = answered(engine, "contradictions", about="vocab/indicator/beds-open")
    own = [row for row in rows if row["subject"] == "org/a-neo"]
    assert [{row["value"], row["otherValue"]} for row in own] == [{"58", "60"}]
    assert answered(engine, "contradictions", about="https://schema.org/foundingDate") == []


def test_each_question_of_partners_is_answered_somewhere_or_said_to_be_missing() -> None:
    listed = partner_questions()
    assert [one.number for one in listed] == list(range(1, 26))
    assert [one.number for one in listed if one.later] == [1, 2, 20]
    for one in listed:
        assert bool(one.queries or one.addresses) is not bool(one.later), one


# --- Coordinators and trainees -------------------------------------------------------------------------------


def test_members_on_a_date_are_sure_or_unknown(engine: LocalEngine) -> None:
    rows = answered(engine, "members-on-date", alliance=ALLIANCE)
    assert pairs(rows, "member", "held") == {("org/a", "yes"), ("org/c", "unknown")}
    assert pairs(answered(engine, "members-on-date", alliance=ALLIANCE, role="lead"), "member") == {
        ("org/a",)
    }


def test_who_joined_and_who_left(engine: LocalEngine) -> None:
    rows = answered(engine, "joined-or-left", alliance=ALLIANCE, since="2021-01-01", until="2026-06-30")
    assert pairs(rows, "what", "member", "certainty") == {
        ("joined", "org/b", "sure"),
        ("left", "org/b", "sure"),
    }


def test_agreements_and_designations_that_end_soon(engine: LocalEngine) -> None:
    assert ("agreement/a", "org/a", "sure") in pairs(
        answered(engine, "agreements-ending"), "agreement", "member", "certainty"
    )
    assert "agreement/a" not in {
        r["agreement"] for r in answered(engine, "agreements-ending", until="today+30")
    }
    assert "designation/a" in {r["designation"] for r in answered(engine, "designations-ending")}


def test_areas_without_a_member_are_none_or_unknown(engine: LocalEngine) -> None:
    rows = answered(engine, "areas-without-member", alliance=ALLIANCE, within="2206", date="2026-01-01")
    codes = {row["code"] for row in rows}
    assert {"220602", "220681"}.isdisjoint(codes)
    assert "220605" in codes
    assert {row["unplaced"] for row in rows} == {"1"}
    later = answered(engine, "areas-without-member", alliance=ALLIANCE, within="2206")
    assert "220681" in {row["code"] for row in later}


def test_areas_without_a_centre_are_none_or_unknown(engine: LocalEngine) -> None:
    found = {row["code"]: row["centres"] for row in answered(engine, "areas-without-centre", within="2206")}
    assert (found["220605"], found["220681"], found.get("220602")) == ("none", "unknown", None)


def test_members_of_another_alliance_too(engine: LocalEngine) -> None:
    rows = answered(engine, "members-elsewhere", alliance=ALLIANCE)
    assert pairs(rows, "member", "other", "otherHeld") == {("org/a", "org/other-alliance", "yes")}


def test_ward_levels_and_beds_of_members_are_blank_where_nobody_states_them(engine: LocalEngine) -> None:
    wards = answered(engine, "members-by-ward-level", alliance=ALLIANCE)
    assert pairs(wards, "member", "wardLevel") == {("org/a", "ward-level/iiia"), ("org/c", "")}
    beds = answered(engine, "beds-of-members", alliance=ALLIANCE)
    assert pairs(beds, "member", "value") == {("org/a", "60"), ("org/a", "58"), ("org/c", "")}


def test_who_refers_without_getting_anybody_back_and_who_shares_a_project(engine: LocalEngine) -> None:
    assert pairs(answered(engine, "refer-without-return", to="_org/a-neo"), "unit", "cases") == {
        ("org/b-neo", "12"),
        ("org/b-neo", ""),
    }
    assert pairs(answered(engine, "shared-projects", unit="_org/b-neo"), "project", "other") == {
        ("project/x", "org/a")
    }


def test_programmes_with_their_terms(engine: LocalEngine) -> None:
    rows = answered(engine, "programmes-by-terms", technique="hfov", kind="advanced-placement")
    own = [row for row in rows if row["programme"] == "programme/p"]
    assert pairs(own, "months", "fee") == {("6.0", "")} or pairs(own, "months", "fee") == {("6", "")}
    assert "programme/silent" not in {row["programme"] for row in rows}


# --- Values ---------------------------------------------------------------------------------------------------


def one(kind: str, **more: object) -> Query:
    parameter = Parameter("x", kind, {"zh": "", "en": ""}, **more)
    return Query("q", {}, {}, (parameter,), "SELECT ?x { VALUES ?x { UNDEF } }")


@pytest.mark.parametrize(
    ("kind", "given", "term"),
    [
        ("iri", "org/a", f"<{PACKAGED}id/org/a>"),
        ("iri", "_org/a", f"<{BASE}id/org/a>"),
        ("iri", "urn:x:1", "<urn:x:1>"),
        ("area", "22", f"<{PACKAGED}id/area/220000>"),
        ("area", "area/220000", f"<{PACKAGED}id/area/220000>"),
        ("text", 'a"b\\', '"a\\"b\\\\"'),
        ("integer", "+07", '"7"^^<http://www.w3.org/2001/XMLSchema#integer>'),
        ("number", "-1.5", '"-1.5"^^<http://www.w3.org/2001/XMLSchema#decimal>'),
        ("date", "today+8", '"2026-12-01"^^<http://www.w3.org/2001/XMLSchema#date>'),
        ("date", "2024-02-29", '"2024-02-29"^^<http://www.w3.org/2001/XMLSchema#date>'),
        (
            "instant",
            "2026-01-31T08:00:00+08:00",
            '"2026-01-31T00:00:00Z"^^<http://www.w3.org/2001/XMLSchema#dateTime>',
        ),
        ("boolean", "yes", '"true"^^<http://www.w3.org/2001/XMLSchema#boolean>'),
    ],
)
def test_a_value_becomes_the_term_that_it_means(kind: str, given: str, term: str) -> None:
    assert filled(one(kind), {"x": [given]}, BASE, TODAY).terms == {"x": (term,)}


@pytest.mark.parametrize(
    ("kind", "given"),
    [
        ("iri", "a b:c"),
        ("iri", "x> } #"),
        ("area", "123"),
        ("integer", "1.5"),
        ("integer", "１２"),
        ("number", "1e5"),
        ("number", "NaN"),
        ("date", "2023-02-29"),
        ("date", "today+99999999"),
        ("date", "today+9999999"),
        ("instant", "2026-01-31T08:00:00"),
        ("boolean", "maybe"),
        ("text", "x" * 1001),
    ],
)
def test_what_cannot_be_read_is_told_with_what_is_expected(kind: str, given: str) -> None:
    with pytest.raises(WrongValue) as fault:
        filled(one(kind), {"x": [given]}, BASE, TODAY)
    assert (fault.value.reason, fault.value.parameter) == ("parameter-malformed", "x")
    assert fault.value.expected


def test_a_blank_is_no_value_and_a_default_counts_instead() -> None:
    assert filled(one("date", default="today-1"), {"x": [" "]}, BASE, TODAY).values == {"x": ("2026-11-22",)}
    assert f"VALUES ?x {{ {UNDEF} }}" in filled(one("text", is_optional=True), {}, BASE, TODAY).text
    with pytest.raises(WrongValue, match="x"):
        filled(one("text"), {"x": [""]}, BASE, TODAY)


def test_several_values_are_kept_once_each_where_several_may_be_given() -> None:
    terms = filled(one("integer", is_many=True), {"x": ["1", "2", "01"]}, BASE, TODAY).terms["x"]
    assert [text_of(term) for term in terms] == ["1", "2"]


def test_json_values_become_texts() -> None:
    assert list(as_texts([1, 2.5, True, None, "x"])) == ["1", "2.5", "true", "x"]
    for wrong in ({}, [[]]):
        with pytest.raises(ValueError, match="a"):
            list(as_texts(wrong))


def test_every_example_value_belongs_to_its_parameter() -> None:
    for question in offered().values():
        for parameter in question.parameters:
            assert parameter.is_required or parameter.is_optional or parameter.default
            if parameter.default:
                filled(one(parameter.kind, of=parameter.of), {"x": [parameter.default]}, BASE, TODAY)
