"""What names on lists stand for. Golden cases are in tests/data/reconciliation-golden.csv: names that resolve, names
that stay open with their first candidate, and look-alikes that must stay apart."""

import csv
import random
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from page_data import DEPARTMENT, HOSPITAL, packaged_engine

from graph.imports.known_names import Areas, Held, Identifier, KnownNames, Name, NameKind
from graph.imports.mentions import mentions_of
from graph.imports.reconciliation import remembrance, resolved
from graph.imports.records import Named, Record, Text
from graph.imports.resolution import LATER, NEW, Mention, Resolution
from graph.imports.written_names import identifier_key, normalised
from ontology.areas import AREA, CHINA, DATA
from ontology.workbook import workbook
from samples import HOSTILE

GOLDEN = Path(__file__).parent.parent / "data/reconciliation-golden.csv"
SCHEMES = {"": "USCC", "L": "Licence"}


@dataclass(frozen=True)
class Case:
    """One line of the golden file."""

    line: int
    list: str
    name: str
    place: str
    area: str
    held: str
    how: str
    first: str


def cases() -> list[Case]:
    with GOLDEN.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return [Case(line, **row) for line, row in enumerate(rows, 2) if not row["list"].startswith("#")]


@cache
def areas() -> Areas:
    above, labels = {}, {}
    with (DATA / "areas.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            area = AREA + row["code"]
            above[area] = AREA + row["parent"] if row["parent"] else CHINA
            labels[area] = {"zh": row["name_zh"], "en": row["name_en"]}
    return Areas(above, labels)


def held(number: int, said: str) -> Held:
    """Return the thing that a golden line holds: name~alias^former name#identifier@place."""
    name, *more = re.split(r"(?=[~^#@])", said)
    kinds: Mapping[str, NameKind] = {"~": "alias", "^": "former"}
    others = [Name(part[1:], normalised(part[1:]), kinds[part[0]]) for part in more if part[0] in kinds]
    return Held(
        iri=f"https://example.org/id/org/{number}",
        to="organization",
        labels={"zh": name},
        names=(Name(name, normalised(name), "name"), *others),
        identifiers=tuple(identifier(part[1:]) for part in more if part[0] == "#"),
        places=frozenset(AREA + part[1:] for part in more if part[0] == "@"),
    )


def identifier(said: str) -> Identifier:
    scheme, _, value = said.rpartition(":")
    return Identifier(SCHEMES[scheme], identifier_key(value))


def known(said: str, more: Sequence[Held] = ()) -> KnownNames:
    listed = [held(number, one) for number, one in enumerate(said.split(";")) if one]
    return KnownNames([*listed, *more], areas())


def mention(said: str, place: str = "") -> Mention:
    name, *identifiers = said.split("#")
    found = [identifier(one) for one in identifiers]
    return Mention(
        key=f"organization|{normalised(name)}|{place}",
        to="organization",
        text=name,
        identifiers=dict(found),
        area=AREA + place if place else "",
        defining=True,
    )


def told(thing: Held) -> str:
    """Return how a golden line calls a thing: its name, with its place where others have the same name."""
    place = min(thing.places, default="").removeprefix(AREA)
    return f"{thing.labels['zh']}@{place}"


@pytest.mark.parametrize("case", cases(), ids=lambda case: f"{case.line}-{case.name}")
def test_a_name_stands_for_what_the_golden_list_says(case: Case) -> None:
    names = known(case.held)
    (found,) = resolved([mention(case.name, case.place)], names, area=AREA + case.area if case.area else "")
    assert found.how == case.how
    assert bool(found.iri) == (case.list == "valid")
    assert found.kept_back == (case.list != "valid")
    first = found.iri or next((one.iri for one in found.candidates), "")
    if case.first or case.how == "new":
        assert told(names.get(first) or held(0, "")).startswith(case.first), found.candidates
        assert bool(first) == bool(case.first)


def test_the_golden_list_is_long_enough_and_holds_all_kinds() -> None:
    listed = cases()
    assert len(listed) >= 80
    assert {case.how for case in listed} == {"identifier", "name", "alias", "candidates", "ambiguous", "new"}
    assert sum(case.list == "apart" for case in listed) >= 15


# --- Decisions ----------------------------------------------------------------------------------------------

JLU1 = "吉林大学第一医院@220100"
OPEN = mention("吉大一院")
HELD = "https://example.org/id/org/0"
MINTED = "http://127.0.0.1:8000/id/org/abc"
DOCUMENT = "http://127.0.0.1:8000/source/list"


def one(mention_: Mention, names: KnownNames, **said: object) -> Resolution:
    (found,) = resolved([mention_], names, **said)  # type: ignore[arg-type]
    return found


def test_a_decision_wins_over_everything() -> None:
    names = known(f"{JLU1};吉林大学第二医院")
    exact = mention("吉林大学第一医院", "220100")
    other = "https://example.org/id/org/1"
    found = one(exact, names, decisions={exact.key: other}, remembered=lambda *_: HELD, documents=[DOCUMENT])
    assert (found.how, found.iri, found.kept_back) == ("decided", other, False)


def test_a_name_may_be_decided_to_be_new_or_to_wait() -> None:
    new = one(OPEN, known(JLU1), decisions={OPEN.key: NEW})
    later = one(OPEN, known(JLU1), decisions={OPEN.key: LATER}, accept_new=True)
    assert (new.how, new.iri, new.is_new, new.kept_back) == ("decided", "", True, False)
    assert (later.how, later.iri, later.is_new, later.kept_back) == ("decided", "", False, True)
    assert [candidate.iri for candidate in new.candidates] == [HELD]


@pytest.mark.parametrize("decision", ["https://example.org/nothing", "", "organization|nobody|", *HOSTILE])
def test_a_decision_for_what_is_not_there_counts_as_none(decision: str) -> None:
    assert one(OPEN, known(JLU1), decisions={OPEN.key: decision}) == one(OPEN, known(JLU1))


def test_what_was_decided_about_a_document_is_remembered() -> None:
    table = {(DOCUMENT, OPEN.key): HELD}
    found = one(OPEN, known(JLU1), remembered=lambda *key: table.get(key), documents=["other", DOCUMENT])
    assert (found.how, found.iri) == ("decided", HELD)


def test_what_was_minted_and_is_held_no_longer_keeps_its_name() -> None:
    table = {(DOCUMENT, OPEN.key): MINTED}
    found = one(OPEN, known(JLU1), remembered=lambda *key: table.get(key), documents=[DOCUMENT])
    assert (found.how, found.iri) == ("decided", MINTED)


def test_a_decision_about_a_name_holds_for_other_documents() -> None:
    decided = one(OPEN, known(JLU1), decisions={OPEN.key: HELD})
    table = {(scheme, key): iri for scheme, key, iri in remembrance([decided], [DOCUMENT])}
    found = one(OPEN, known(JLU1), remembered=lambda *key: table.get(key), documents=["another"])
    assert (found.how, found.iri) == ("decided", HELD)


def test_a_decision_about_a_name_that_means_something_else_elsewhere_holds_for_its_document_only() -> None:
    relative = mention("市中心医院")
    decided = one(relative, known("松原市中心医院@220700"), decisions={relative.key: HELD})
    assert remembrance([decided], [DOCUMENT]) == [(DOCUMENT, relative.key, HELD)]


def test_a_remembered_name_does_not_stand_for_a_unit_with_another_code() -> None:
    names = known("吉林大学第一医院#12220000423204390H")
    coded = replace(OPEN, identifiers={"USCC": "122201004232043902"})
    assert (
        one(coded, names, remembered=lambda scheme, _: HELD if scheme == "name" else None).how == "candidates"
    )


def test_only_what_was_decided_is_remembered() -> None:
    exact = resolved([mention("吉林大学第一医院"), OPEN], known(JLU1))
    assert remembrance(exact, [DOCUMENT]) == []


def test_open_names_become_new_when_the_reader_accepts_that_but_ties_do_not() -> None:
    listed = [OPEN, mention("某某医院"), mention("人民医院")]
    found = resolved(listed, known(f"{JLU1};人民医院@220182;人民医院@220183"), accept_new=True)
    assert [(one.how, one.is_new, one.kept_back) for one in found] == [
        ("candidates", True, False),
        ("new", True, False),
        ("ambiguous", False, True),
    ]
    assert found[0].candidates  # they stay apart, and are noted


def test_an_id_that_no_sheet_explains_is_not_accepted_as_the_name_of_a_new_unit() -> None:
    named = replace(mention("JL-0017"), defining=False)
    assert one(named, known(JLU1), accept_new=True).kept_back


def test_a_text_that_may_stay_one_asks_nothing() -> None:
    named = replace(mention("示例省卫生健康委员会"), defining=False, may_stay_text=True)
    found = one(named, known(JLU1), accept_new=True)
    assert (found.how, found.iri, found.is_new, found.kept_back) == ("new", "", False, False)


# --- Other rows of the same file ----------------------------------------------------------------------------


def test_another_row_with_a_similar_name_is_offered() -> None:
    first, second = resolved([mention("示例县妇幼保健院"), mention("示例县妇幼保建院")], known(""))
    assert first.how == second.how == "candidates"
    assert [(one.iri, one.reasons) for one in first.candidates] == [
        (second.mention.key, ("pinyin", "same-file"))
    ]


def test_two_rows_may_be_decided_to_be_the_same() -> None:
    one_, other = mention("示例县妇幼保健院"), mention("示例县妇幼保建院")
    decisions = {other.key: one_.key, one_.key: NEW}
    first, second = resolved([one_, other], known(""), decisions=decisions)
    assert (second.how, second.same_as, second.is_new, second.kept_back) == ("decided", one_.key, True, False)
    assert not first.same_as


def test_rows_that_wait_for_each_other_count_as_undecided() -> None:
    one_, other = mention("示例县妇幼保健院"), mention("示例县妇幼保建院")
    found = resolved([one_, other], known(""), decisions={other.key: one_.key, one_.key: other.key})
    assert [(one.same_as, one.kept_back) for one in found] == [("", True), ("", True)]


def test_one_held_unit_is_not_taken_for_two_rows_that_the_file_tells_apart() -> None:
    listed = [mention("人民医院", "220182"), mention("人民医院", "220183")]
    assert [one.how for one in resolved(listed, known("人民医院"))] == ["ambiguous", "ambiguous"]
    assert [one.how for one in resolved(listed, known("人民医院@220183"))] == ["candidates", "name"]


# --- What is held -------------------------------------------------------------------------------------------


@cache
def packaged() -> KnownNames:
    return KnownNames.of(packaged_engine())


def members(*rows: tuple[str, str]) -> list[Record]:
    return [
        Record("t", "f", "s", 1, number, "members", {"name_zh": (Text(name),), "department": (Text(of),)})
        for number, (name, of) in enumerate(rows, 2)
    ]


@pytest.mark.parametrize("department", ["新生儿科", "吉林大学第一医院新生儿科", "新生兒科"])
def test_the_packaged_hospital_and_its_department_are_found_by_their_names(department: str) -> None:
    found = resolved(mentions_of(members(("吉林大学第一医院", department)), workbook()), packaged())
    assert [(one.how, one.iri) for one in found] == [("name", HOSPITAL), ("name", DEPARTMENT)]


def test_a_department_that_nobody_holds_is_new_within_its_organization() -> None:
    found = resolved(mentions_of(members(("吉林大学第一医院", "儿科重症监护室")), workbook()), packaged())
    assert [(one.how, one.is_new, one.kept_back) for one in found][1] == ("new", True, False)


def test_a_similar_department_of_the_organization_is_noted() -> None:
    found = resolved(mentions_of(members(("吉林大学第一医院", "新生儿内科")), workbook()), packaged())
    assert (found[1].how, found[1].is_new) == ("candidates", True)
    assert [one.iri for one in found[1].candidates] == [DEPARTMENT]


def test_a_department_waits_with_its_organization() -> None:
    mentions = mentions_of(members(("吉大一院", "新生儿科")), workbook())
    assert [one.kept_back for one in resolved(mentions, packaged())] == [True, True]
    decided = resolved(mentions, packaged(), decisions={mentions[0].key: HOSPITAL})
    assert [(one.how, one.iri) for one in decided] == [("decided", HOSPITAL), ("name", DEPARTMENT)]
    accepted = resolved(mentions, packaged(), accept_new=True)
    assert [(one.is_new, one.kept_back) for one in accepted] == [(True, False), (True, False)]


def test_a_department_without_likeness_is_no_question_of_its_own() -> None:
    listed = members(
        ("某某医院", "新生儿科"), ("吉林大学第一医院", "新生儿科"), ("吉林大学第一医院", "急诊科")
    )
    found = resolved(mentions_of(listed, workbook()), packaged())
    assert [one.follows for one in found] == [False, True, False, False, True]


def test_a_reference_finds_a_department_by_the_names_of_both() -> None:
    named = Record(
        "t", "f", "s", 1, 2, "capabilities", {"dept_id": (Named("吉林大学第一医院新生儿科", "department"),)}
    )
    assert [one.iri for one in resolved(mentions_of([named], workbook()), packaged())] == [DEPARTMENT]


# --- Laws ---------------------------------------------------------------------------------------------------

NAMES = (
    "人民医院",
    "示例县人民医院",
    "示例县中医院",
    "吉林大学第一医院",
    "吉大一院",
    "吉林大学第二医院",
    "吉林大学第一医院东院",
)
PLACES = ("", "220100", "220182", "220200", "150500")
mentions_in_lists = st.lists(
    st.builds(mention, st.sampled_from(NAMES), st.sampled_from(PLACES)),
    unique_by=lambda one: one.key,
    max_size=8,
)
held_things = st.lists(
    st.builds(
        lambda name, alias, place: f"{name}{'~' + alias if alias else ''}{'@' + place if place else ''}",
        st.sampled_from(NAMES),
        st.sampled_from(("", *NAMES)),
        st.sampled_from(PLACES),
    ),
    max_size=6,
).map(";".join)


def told_of(found: Sequence[Resolution]) -> dict[str, tuple[object, ...]]:
    return {
        one.mention.key: (one.how, one.iri, one.is_new, one.kept_back, {c.iri for c in one.candidates[:1]})
        for one in found
    }


@given(mentions_in_lists, held_things, st.randoms())
def test_the_order_of_rows_changes_nothing(listed: list[Mention], said: str, chance: random.Random) -> None:
    shuffled = list(listed)
    chance.shuffle(shuffled)
    assert told_of(resolved(listed, known(said))) == told_of(resolved(shuffled, known(said)))


@given(mentions_in_lists, held_things)
def test_an_unrelated_unit_changes_no_exact_match(listed: list[Mention], said: str) -> None:
    unrelated = replace(held(99, "全然无关的医疗机构@110100"), iri="https://example.org/unrelated")
    before = [(one.how, one.iri) for one in resolved(listed, known(said)) if one.iri]
    after = [(one.how, one.iri) for one in resolved(listed, known(said, [unrelated])) if one.iri]
    assert before == after


@given(mentions_in_lists, held_things)
def test_different_names_never_mean_one_unit_but_by_an_alias(listed: list[Mention], said: str) -> None:
    names: dict[str, set[str]] = {}
    for one in resolved(listed, known(said)):
        if one.how == "name":
            names.setdefault(one.iri, set()).add(normalised(one.mention.text))
    assert all(len(called) == 1 for called in names.values())


@given(mentions_in_lists, held_things)
def test_no_name_means_a_unit_in_another_place(listed: list[Mention], said: str) -> None:
    names = known(said)
    for one in resolved(listed, names):
        thing = names.get(one.iri)
        if thing and one.mention.area and thing.places:
            assert any(areas().agree(one.mention.area, place) for place in thing.places)


@given(mentions_in_lists, held_things, st.data())
def test_a_decision_always_wins_and_deciding_again_changes_nothing(
    listed: list[Mention], said: str, data: st.DataObject
) -> None:
    names = known(said)
    choices = [NEW, LATER, *(f"https://example.org/id/org/{number}" for number in range(len(names)))]
    decisions = {one.key: data.draw(st.sampled_from(choices)) for one in listed if data.draw(st.booleans())}
    found = resolved(listed, names, decisions=decisions)
    for one in found:
        decision = decisions.get(one.mention.key)
        if decision is not None:
            assert one.how == "decided"
            assert one.iri == ("" if decision in (NEW, LATER) else decision)
    table = {(scheme, key): iri for scheme, key, iri in remembrance(found, [DOCUMENT])}
    again = resolved(
        listed, names, decisions=decisions, remembered=lambda *key: table.get(key), documents=[DOCUMENT]
    )
    assert told_of(again) == told_of(found)


@given(mentions_in_lists, held_things)
def test_nothing_illustrative_is_ever_meant_or_offered(listed: list[Mention], said: str) -> None:
    invented = [held(number, one).iri for number, one in enumerate(said.split(";")) if one]
    names = KnownNames([], areas(), invented)
    decisions = {one.key: invented[0] for one in listed[:2] if invented}
    remembered = invented[0] if invented else None
    found = resolved(
        listed, names, decisions=decisions, remembered=lambda *_: remembered, documents=[DOCUMENT]
    )
    offered = {candidate.iri for one in found for candidate in one.candidates}
    assert not {one.iri for one in found} & set(invented)
    assert not offered & set(invented)
