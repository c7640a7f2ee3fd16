"""What the home page says."""

from __future__ import annotations

from page_data import ALLIANCE, DEPARTMENT, MEMBERSHIP, PACKAGED, PROFILE, member, packaged_engine, state

from graph.local import LocalEngine
from graph.oxigraph import OxigraphStore
from graph.summary import Count, SummaryCache, holds_illustrative, illustrative_count, site_name, summary

OTHER = """
<id/org/demo> a ma:MedicalAlliance ; skos:prefLabel "示例联盟"@zh ; ma:illustrative true .
<id/org/ex-1> skos:prefLabel "示例医院"@zh ; ma:illustrative true .
<id/membership/ex-1> a ma:AllianceMembership ; org:organization <id/org/demo> ; org:member <id/org/ex-1> ;
  org:role <https://w3id.org/medalliance/vocab/membership-role/member> ; ma:illustrative true .
"""


def test_the_first_alliance_has_its_initiating_unit_facts_and_no_members() -> None:
    (told,) = summary(packaged_engine()).alliances
    assert told.alliance.iri == ALLIANCE
    assert [unit.iri for unit in told.initiators] == [DEPARTMENT]
    assert told.initiations == (MEMBERSHIP,)
    assert told.kind is not None
    assert told.kind.labels["zh"] == "专科联盟"
    assert told.members == Count()
    assert [source.document.iri for source in told.sources] == [PROFILE]


def test_facts_are_counted_by_basis() -> None:
    (told,) = summary(packaged_engine()).alliances
    numbers = [told.facts(basis).real for basis in ("", "stated", "derived", "interpreted")]
    assert numbers == [42, 32, 2, 8]


def test_a_fact_more_counts_one_more() -> None:
    engine = state(
        packaged_engine(),
        f"<id/s/1> a ma:Claim ; ma:basis <{PACKAGED}vocab/basis/interpreted> ; "
        f"prov:wasDerivedFrom <{PROFILE}#s1>, <{PROFILE}#s2> .",
    )
    (told,) = summary(engine).alliances
    assert (told.facts(), told.facts("interpreted")) == (Count(43), Count(9))


def test_documents_are_listed_with_their_facts_the_largest_first() -> None:
    known = summary(packaged_engine())
    assert [(one.document.iri, one.facts.real) for one in known.documents] == [
        (PROFILE, 42),
        (f"{PACKAGED}source/ror", 1),
    ]
    assert known.facts == Count(43)
    assert sum(known.by_basis(basis).total for basis in known.bases) == 43
    assert {basis.labels["zh"] for basis in known.bases.values()} >= {"原文所述", "推算"}


def test_members_do_not_count_the_initiating_unit_and_roles_do() -> None:
    engine = state(packaged_engine(), member(1) + member(2) + member(3, "council"))
    (told,) = summary(engine).alliances
    assert told.members == Count(3)
    assert {role.iri.rsplit("/", 1)[-1]: number.real for role, number in told.roles} == {
        "member": 2,
        "council": 1,
        "initiator": 1,
    }


def test_one_unit_in_two_roles_is_one_member() -> None:
    engine = state(packaged_engine(), member(1) + member(1, "council").replace("/m1>", "/m1b>"))
    assert summary(engine).alliances[0].members == Count(1)


def test_real_alliances_come_before_illustrative_ones() -> None:
    engine = state(packaged_engine(), OTHER)
    known = summary(engine)
    assert [one.alliance.illustrative for one in known.alliances] == [False, True]
    assert site_name(engine)["zh"] == "吉林省新生儿专科医疗联盟"


def test_what_is_real_and_what_is_illustrative_is_counted_apart() -> None:
    engine = state(
        packaged_engine(), member(1) + member(2, more="; ma:illustrative true") + member(3, "council") + OTHER
    )
    real, invented = summary(engine).alliances
    assert real.members == Count(2, 1)
    assert invented.members == Count(0, 1)
    roles = {role.iri.rsplit("/", 1)[-1]: number for role, number in real.roles}
    assert roles == {"member": Count(1, 1), "council": Count(1), "initiator": Count(1)}
    totals = summary(engine).totals
    assert totals["members"] == Count(2, 2)
    assert (totals["designations"].illustrative, totals["designations"].real) == (0, 7)
    assert (illustrative_count(engine), holds_illustrative(engine)) == (4, True)


def test_only_what_is_real_can_be_told() -> None:
    engine = state(
        packaged_engine(),
        member(1) + member(2, more="; ma:illustrative true") + OTHER + "<source/list> ma:illustrative true .",
    )
    whole = summary(engine)
    real = whole.real()
    assert [one.alliance.iri for one in real.alliances] == [ALLIANCE]
    assert real.alliances[0].members == Count(1)
    assert not any(document.document.illustrative for document in real.documents)
    assert (whole.facts.total, real.facts) == (45, Count(43))
    assert {count.illustrative for count in real.totals.values()} == {0}
    assert summary(packaged_engine()).real() == summary(packaged_engine())


def test_a_summary_is_made_once_for_each_version() -> None:
    engine = packaged_engine()
    cache = SummaryCache(engine)
    assert cache.current() is cache.current()
    before = cache.current()
    state(engine, member(1))
    engine.version += 1
    assert cache.current() is not before
    assert cache.current().alliances[0].members == Count(1)


def test_an_empty_graph_has_nothing_to_say() -> None:
    empty = LocalEngine(OxigraphStore())
    known = summary(empty)
    assert (known.alliances, known.documents, known.facts) == ((), (), Count())
    assert set(known.totals.values()) == {Count()}
    assert (illustrative_count(empty), holds_illustrative(empty)) == (0, False)
    assert site_name(empty) == {}
