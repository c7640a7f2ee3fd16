"""Entity cards: what is known of one thing, with sources, and what is not."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from page_data import (
    ALLIANCE,
    DEPARTMENT,
    HOSPITAL,
    MA,
    MEMBERSHIP,
    ORG,
    PACKAGED,
    PROFILE,
    SKOS,
    member,
    packaged_engine,
    state,
)

from graph.cards import Card, Item, Relation, Text, card, card_json, relation_page
from graph.local import LocalEngine
from graph.nodes import Named
from graph.oxigraph import OxigraphStore
from samples import BASE, HOSTILE

GOLDEN = Path(__file__).parent / "golden" / "department-card.json"


@pytest.fixture(scope="module")
def packaged() -> LocalEngine:
    """The packaged graph; no test changes it."""
    return packaged_engine()


def known(engine: LocalEngine, name: str) -> Card:
    found = card(engine, name)
    assert found is not None
    return found


def relation(shown: Card, property_: str, direction: str) -> Relation:
    return next(one for one in shown.relations if (one.property.iri, one.direction) == (property_, direction))


def names(items: tuple[Item, ...]) -> list[str]:
    return [item.entity.labels["zh"] for item in items]


def test_illustrative_things_around_a_real_one_can_be_left_out_and_are_counted() -> None:
    invented = "; ma:illustrative true"
    engine = state(
        packaged_engine(),
        "".join(member(number, more=invented).replace(" .\n", f"{invented} .\n") for number in range(30))
        + member(31),
    )
    state(
        engine, "".join(f"<id/membership/m{number}> ma:illustrative true ." for number in range(30)), "flags"
    )
    organization = ORG + "organization"
    whole, real = known(engine, ALLIANCE), card(engine, ALLIANCE, real=True)
    assert real is not None
    assert (relation(whole, organization, "in").total, whole.hidden) == (32, 0)
    listed = relation(real, organization, "in")
    assert (listed.total, len(listed.items), real.hidden) == (2, 2, 30)
    assert not any(item.entity.illustrative for item in listed.items)
    page = relation_page(engine, ALLIANCE, "in", organization, "", real=True)
    assert (page.total, page.hidden, len(page.items)) == (2, 30, 2)


def test_what_surrounds_an_illustrative_thing_is_always_shown() -> None:
    invented = "; ma:illustrative true"
    engine = state(packaged_engine(), member(1, more=invented) + "<id/membership/m1> ma:illustrative true .")
    unit = f"{BASE}id/org/u1"
    assert card(engine, unit, real=True) == card(engine, unit)


def test_the_card_of_the_department_is_the_golden_one(packaged: LocalEngine) -> None:
    written = json.dumps(card_json(known(packaged, DEPARTMENT)), ensure_ascii=False, indent=1, sort_keys=True)
    if os.environ.get("UPDATE_GOLDEN") == "1":
        GOLDEN.write_text(written + "\n", encoding="utf-8")
    assert json.loads(written) == json.loads(GOLDEN.read_text(encoding="utf-8"))


def test_each_fact_of_the_department_names_document_sentence_and_basis(packaged: LocalEngine) -> None:
    facts = {
        fact.property.iri.rsplit("/", 1)[-1].rsplit("#", 1)[-1]: fact
        for fact in known(packaged, DEPARTMENT).facts
    }
    assert set(facts) == {"unitOf", "foundingDate", "location"}
    assert isinstance(facts["foundingDate"].value, Text)
    assert facts["foundingDate"].value.text == "1992"
    told = facts["location"].provenance
    assert told.basis is not None
    assert told.basis.iri == f"{PACKAGED}vocab/basis/interpreted"
    (source,) = told.sources
    assert (source.document.iri, source.sentence, source.date) == (PROFILE, 1, "")
    assert source.graph == f"{PROFILE}/6827d68f"
    assert told.notes
    assert set(told.notes) == {"zh", "en"}


def test_designations_come_in_the_order_of_the_text_with_their_own_source(packaged: LocalEngine) -> None:
    held = relation(known(packaged, DEPARTMENT), MA + "holdsDesignation", "out")
    assert held.total == len(held.items) == 7
    assert names(held.items)[-1] == "吉林省三级中心"
    assert [item.provenance.sources[0].sentence for item in held.items] == [2, 2, 2, 2, 2, 2, 3]


def test_a_relation_that_both_ends_state_is_shown_once(packaged: LocalEngine) -> None:
    shown = {one.property.iri for one in known(packaged, DEPARTMENT).relations}
    assert MA + "holdsDesignation" in shown
    assert MA + "heldBy" not in shown


def test_a_membership_is_called_after_alliance_role_and_member(packaged: LocalEngine) -> None:
    assert known(packaged, MEMBERSHIP).named.labels == {
        "zh": "吉林省新生儿专科医疗联盟 · 发起单位 · 吉林大学第一医院新生儿科",
        "en": "Jilin Province Neonatal Specialty Medical Alliance · initiating unit · "
        "Neonatology Department of the First Hospital of Jilin University",
    }


def test_on_a_things_own_page_names_leave_the_thing_out(packaged: LocalEngine) -> None:
    taken = relation(known(packaged, DEPARTMENT), ORG + "member", "in")
    assert names(taken.items) == ["吉林省新生儿专科医疗联盟 · 发起单位"]


def test_claims_stand_apart_from_facts(packaged: LocalEngine) -> None:
    shown = known(packaged, DEPARTMENT)
    assert len(shown.claims) == 5
    assert not [one for one in shown.relations if one.property.iri == MA + "claimedAbout"]


def test_a_document_lists_its_facts_in_the_order_of_its_sentences(packaged: LocalEngine) -> None:
    drawn = next(
        one for one in known(packaged, PROFILE).relations if one.property.iri.endswith("wasDerivedFrom")
    )
    sentences = [item.provenance.sources[0].sentence or 0 for item in drawn.items]
    assert drawn.total == len(drawn.items) == 42
    assert sentences == sorted(sentences)


def test_identifiers_name_their_scheme_and_who_says_so(packaged: LocalEngine) -> None:
    found = {one.scheme.iri: one for one in known(packaged, HOSPITAL).identifiers if one.scheme}
    ror = found[MA + "ROR"]
    assert ror.value == "https://ror.org/034haf133"
    assert [source.document.iri for source in ror.provenance.sources] == [f"{PACKAGED}source/ror"]


def test_completeness_tells_what_is_missing(packaged: LocalEngine) -> None:
    def asked(name: str) -> dict[str, bool]:
        return {one.labels["en"]: one.known for one in known(packaged, name).completeness.questions}

    assert asked(ALLIANCE) == {
        "members (besides the initiating unit)": False,
        "initiating unit": True,
        "lead unit": False,
        "founding date": False,
        "area": False,
        "charter or agreement": False,
        "contact": False,
    }
    assert asked(DEPARTMENT)["city"] is False
    assert asked(HOSPITAL)["city"] is True
    assert asked(DEPARTMENT)["beds"] is True


@pytest.mark.parametrize(
    "name",
    [
        ALLIANCE,
        MEMBERSHIP,
        f"{PACKAGED}id/designation/jl-tertiary-center",
        f"{PACKAGED}id/programme/neonatal-resident",
        f"{PACKAGED}id/area/220000",
        f"{PACKAGED}id/stat/department-profile/doctors-masters",
        f"{PACKAGED}id/claim/mission",
        f"{PACKAGED}id/coverage/jilin",
        f"{PROFILE}#s6",
        f"{PACKAGED}ontology",
        MA + "Designation",
        MA + "heldBy",
        f"{PACKAGED}vocab/level",
        f"{PACKAGED}vocab/level/provincial",
        f"{PACKAGED}vocab/indicator/beds",
        f"{PACKAGED}vocab/breakdown/projects-by-level",
        ORG + "Organization",
        SKOS + "Concept",
    ],
)
def test_every_kind_of_thing_has_a_card_that_is_json(packaged: LocalEngine, name: str) -> None:
    written = card_json(known(packaged, name))
    assert written["iri"] == name
    assert written["labels"]
    assert json.loads(json.dumps(written)) == written
    assert "described" not in json.dumps(written)


@pytest.mark.parametrize(
    "name", ["http://example.org/nothing", "", "no iri", "<script>", 'x:"', "x y:z", *HOSTILE]
)
def test_what_the_graph_does_not_know_has_no_card(packaged: LocalEngine, name: str) -> None:
    assert card(packaged, name) is None


def test_a_triple_of_two_sources_names_both() -> None:
    engine = state(packaged_engine(), "p:fhjlu-neonatology org:unitOf p:fhjlu .")
    unit_of = next(fact for fact in known(engine, DEPARTMENT).facts if fact.property.iri == ORG + "unitOf")
    assert {source.document.iri for source in unit_of.provenance.sources} == {PROFILE, f"{BASE}source/list"}


def test_a_hub_is_counted_and_read_page_by_page() -> None:
    engine = state(packaged_engine(), "".join(member(number) for number in range(60)))
    shown = relation(known(engine, ALLIANCE), ORG + "organization", "in")
    assert (shown.total, len(shown.items)) == (61, 25)
    seen = [item.entity.iri for item in shown.items]
    while shown.after:
        shown = relation_page(engine, ALLIANCE, "in", ORG + "organization", shown.after)
        seen += [item.entity.iri for item in shown.items]
    assert len(seen) == len(set(seen)) == 61


def test_an_item_carries_its_period_and_source() -> None:
    engine = state(packaged_engine(), member(3))
    items = relation(known(engine, ALLIANCE), ORG + "organization", "in").items
    told = next(item.provenance for item in items if item.entity.iri == f"{BASE}id/membership/m3")
    assert (told.period.start, told.period.end) == ("2020-04", "")
    assert [source.document.iri for source in told.sources] == [f"{BASE}source/list"]


def test_the_timeline_is_in_order_and_says_whose_date_it_is() -> None:
    engine = state(packaged_engine(), member(3) + member(1))
    events = known(engine, ALLIANCE).timeline
    assert [(event.date, event.role, event.about.iri) for event in events] == [
        ("2020-02", "start", f"{BASE}id/membership/m1"),
        ("2020-04", "start", f"{BASE}id/membership/m3"),
    ]


def test_an_invented_unit_is_flagged_wherever_it_shows() -> None:
    engine = state(packaged_engine(), member(1, more="; ma:illustrative true"))
    shown = known(engine, f"{BASE}id/org/u1")
    assert shown.illustrative
    linked = next(
        fact for fact in known(engine, f"{BASE}id/membership/m1").facts if fact.property.iri == ORG + "member"
    )
    assert isinstance(linked.value, Named)
    assert linked.value.illustrative


def test_the_day_of_verification_is_the_latest_one() -> None:
    engine = state(
        packaged_engine(),
        member(1, more='; ma:verifiedOn "2026-03-01"^^xsd:date, "2025-01-01"^^xsd:date'),
    )
    assert known(engine, f"{BASE}id/org/u1").last_verified == "2026-03-01"
    assert known(engine, DEPARTMENT).last_verified == ""


def test_a_further_name_is_an_alias() -> None:
    engine = state(packaged_engine(), 'p:fhjlu-neonatology skos:altLabel "吉大一院新生儿科"@zh .')
    assert [alias.text for alias in known(engine, DEPARTMENT).aliases] == ["吉大一院新生儿科"]


def test_a_graph_without_any_vocabulary_still_gives_cards() -> None:
    store = OxigraphStore()
    store.add(store.read(b"<x:a> <x:b> <x:c>, 'text' .", "text/turtle"))
    shown = known(LocalEngine(store), "x:a")
    assert {in_words(fact.value) for fact in shown.facts} | {
        item.entity.iri for one in shown.relations for item in one.items
    } == {"text", "x:c"}


def in_words(value: Text | Named) -> str:
    return value.text if isinstance(value, Text) else value.iri
