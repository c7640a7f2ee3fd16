"""Plain search by name, alias and code."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from page_data import ALLIANCE, DEPARTMENT, HOSPITAL, PACKAGED, member, packaged_engine, state

from graph.search import LONGEST, search
from graph.search_index import SearchIndex
from samples import BASE, HOSTILE

ENGINE = packaged_engine()


def found(text: str) -> list[str]:
    return [hit.entity.iri for hit in search(ENGINE, text, limit=400).hits]


def test_a_part_of_a_name_is_enough_in_chinese_and_english() -> None:
    assert DEPARTMENT in found("新生儿科")
    assert DEPARTMENT in found("Neonatology Dep")


def test_upper_and_lower_case_are_the_same() -> None:
    assert found("JILIN university") == found("jilin UNIVERSITY")
    assert HOSPITAL in found("first hospital")


def test_words_may_come_in_any_order() -> None:
    assert ALLIANCE in found("alliance neonatal")
    assert DEPARTMENT in found("新生儿 吉林")


def test_every_word_must_occur() -> None:
    assert found("alliance neonatal zebra") == []


def test_codes_and_identifiers_are_found() -> None:
    assert found("220000") == [f"{PACKAGED}id/area/220000"]
    assert found("grid.430605.4") == [HOSPITAL]


def test_an_alias_is_found_and_says_what_matched() -> None:
    engine = state(packaged_engine(), 'p:fhjlu skos:altLabel "吉大一院"@zh .')
    (hit,) = search(engine, "吉大一院").hits
    assert (hit.entity.iri, hit.matched, hit.language) == (HOSPITAL, "吉大一院", "zh")
    assert hit.property.iri.endswith("altLabel")


def test_the_whole_name_comes_first_then_the_beginning() -> None:
    engine = state(
        packaged_engine(), '<id/a/1> skos:prefLabel "长春"@zh . <id/a/2> skos:prefLabel "长春附属医院"@zh .'
    )
    shown = [hit.entity.labels["zh"] for hit in search(engine, "长春").hits]
    places = [shown.index(name) for name in ("长春市", "长春市驻地")]
    assert places == sorted(places)
    assert [hit.rank for hit in search(engine, "长春市").hits] == [0, 1]


def test_things_come_before_words_of_the_vocabulary() -> None:
    families = [hit.entity.family for hit in search(ENGINE, "新生儿", limit=100).hits]
    assert families.index("term") > families.index("organization")
    assert "organization" not in families[families.index("term") :]


def test_only_one_family_may_be_asked_for() -> None:
    assert {hit.entity.family for hit in search(ENGINE, "吉林", families=["area"]).hits} == {"area"}


def test_things_of_one_name_are_told_apart() -> None:
    hits = [
        hit for hit in search(ENGINE, "新生儿外科", limit=100).hits if hit.entity.labels["zh"] == "新生儿外科"
    ]
    contexts = [hit.context.labels["zh"] for hit in hits if hit.context]
    assert len(hits) == len(set(contexts)) == 2


def test_each_thing_is_found_once() -> None:
    assert len(found("新生儿")) == len(set(found("新生儿")))


def test_pages_follow_each_other() -> None:
    whole = found("新生儿")
    parts = [
        hit.entity.iri
        for start in range(0, len(whole), 7)
        for hit in search(ENGINE, "新生儿", limit=7, offset=start).hits
    ]
    assert parts == whole
    assert search(ENGINE, "新生儿", limit=1).found == len(whole)


def test_a_long_list_says_that_there_may_be_more() -> None:
    engine = state(packaged_engine(), "".join(member(number) for number in range(450)))
    assert search(engine, "第").at_least
    assert not search(engine, "zebra").at_least


def test_an_index_finds_more_than_the_words_as_written() -> None:
    index = SearchIndex.of(ENGINE)
    for text in ("jldxdyyy", "jilindaxuediyiyiyuan", "吉林大學第一醫院", "吉大一院"):
        hit = search(ENGINE, text, index=index).hits[0]
        assert (hit.entity.iri, hit.matched) == (HOSPITAL, "吉林大学第一医院")
        assert search(ENGINE, text).hits == ()


def test_with_or_without_an_index_a_whole_name_is_told_the_same() -> None:
    index = SearchIndex.of(ENGINE)
    for text in ("吉林大学第一医院", "220000", "Jilin University"):
        plain, indexed = search(ENGINE, text).hits[0], search(ENGINE, text, index=index).hits[0]
        assert (plain.entity, plain.context, plain.property) == (
            indexed.entity,
            indexed.context,
            indexed.property,
        )
        assert plain.way == indexed.way == "exact"


def test_an_index_says_what_to_try_and_whether_there_is_more() -> None:
    index = SearchIndex.of(ENGINE)
    assert "吉林大学第一医院新生儿科" in search(ENGINE, "吉林大学新生儿学系", index=index).suggestions
    assert search(ENGINE, "新生儿", limit=2, index=index).at_least
    families = {hit.entity.family for hit in search(ENGINE, "吉林", families=["area"], index=index).hits}
    assert families == {"area"}


@pytest.mark.parametrize("text", ["", "   ", "\n\t"])
def test_nothing_asked_is_nothing_found(text: str) -> None:
    assert search(ENGINE, text).found == 0


@pytest.mark.parametrize("label", HOSTILE)
def test_a_hostile_text_is_only_text_to_find(label: str) -> None:
    written = label.replace("\\", "\\\\").replace('"', '\\"')
    engine = state(packaged_engine(), f'<id/x/1> skos:prefLabel "{written}"@zh .')
    assert [hit.entity.iri for hit in search(engine, label).hits] == [f"{BASE}id/x/1"]


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=2 * LONGEST))
def test_any_text_can_be_asked_and_every_hit_holds_all_its_words(text: str) -> None:
    words = text[:LONGEST].lower().split()
    for hit in search(ENGINE, text, limit=5).hits:
        assert all(word in hit.matched.lower() for word in words[:8])
