"""Lists as tables: what stands in them, how they follow changes, and that choosing is what plain reckoning says."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from list_data import (
    AREAS,
    DAY,
    HUB,
    OTHER,
    VOC,
    Member,
    Network,
    above,
    area,
    demo_engine,
    member_models,
    networks,
)
from page_data import PACKAGED, packaged_engine

from graph.facets import NOT_STATED, Selection, dated_table, listing
from graph.quads import iri, text_of
from graph.register import folded_text, text_key
from graph.tables import Table, TableCache, Tables
from graph.times import HELD, Bounds, held_on
from graph.times import NOT_STATED as NO_DAY
from ontology.lists import lists

ORG = f"{PACKAGED}id/org/"
CELLS = ("alliance", "role", "prefecture", "county", "area", "grade", "ward", "tier", "designation", "status")


@pytest.fixture(scope="module")
def demo() -> Tables:
    return Tables.of(demo_engine())


def cells(table: Table, name: str) -> dict[str, set[str]]:
    """Return the cells of a thing, as the last parts of the names in them."""
    row = table.row_of(iri(name))
    return {
        column: {text_of(term).rsplit("/", 1)[-1] for term in table.terms(row, column)}
        for column in table.columns
    }


def content(table: Table) -> dict[str, dict[str, frozenset[str]]]:
    return {
        text_of(table.name(row)): {column: frozenset(table.terms(row, column)) for column in table.columns}
        for row in range(len(table))
    }


def names(table: Table, rows: Iterable[int]) -> list[str]:
    return [text_of(table.name(row)) for row in rows]


# --- What stands in lists -----------------------------------------------------------------------------------


def test_every_column_is_read_or_looked_up_or_worked_out(demo: Tables) -> None:
    for name, one in lists().items():
        worked_out = {column.name for column in one.columns.values() if column.is_computed}
        assert set(one.columns) - set(demo[name].columns) == worked_out


def test_units_are_hospitals_departments_and_other_organizations_but_no_alliances(demo: Tables) -> None:
    units = demo["units"]
    kinds = Counter(text_key(term) for row in range(len(units)) for term in units.terms(row, "kind"))
    assert kinds.keys() == {"hospital", "department", "organization"}
    assert units.row_of(iri(f"{ORG}EX-A1")) == -1
    assert all(len(units.terms(row, "kind")) == 1 for row in range(len(units)))


def test_a_department_takes_grade_and_place_from_its_hospital(demo: Tables) -> None:
    hospital, department = (cells(demo["units"], f"{ORG}EX-001{part}") for part in ("", "-neonatology"))
    for column in ("grade", "county", "prefecture", "type"):
        assert department[column] == hospital[column] != set(), column


def test_a_hospital_counts_the_designations_and_ward_levels_of_its_departments(demo: Tables) -> None:
    hospital = cells(demo["units"], f"{ORG}EX-001")
    assert hospital["tier"] == {"provincial"}
    assert hospital["ward"] == {"iiic"}
    assert "quality-control-centre" in hospital["designation"]


def test_a_membership_shows_what_the_list_of_units_says_of_its_member(demo: Tables) -> None:
    members, units = demo["members"], demo["units"]
    for row in range(len(members)):
        (unit,) = members.terms(row, "unit")
        for column in ("prefecture", "county", "grade", "ward", "tier", "designation"):
            assert members.terms(row, column) == units.terms(units.row_of(unit), column)


def test_the_department_of_the_real_profile_is_the_only_real_member(demo: Tables) -> None:
    found = listing(demo["members"], Selection(real_only=True), DAY)
    (row,) = found.rows().tolist()
    assert text_of(demo["members"].terms(row, "unit")[0]) == f"{ORG}fhjlu-neonatology"
    assert found.total == 1 and found.illustrative == 0  # noqa: PT018


def test_a_text_in_two_languages_is_one_value(demo: Tables) -> None:
    projects = demo["projects"]
    facet = listing(projects, Selection(), DAY).facet("funder")
    first = facet.values[0]
    assert set(first.labels) == {"zh", "en"}
    chosen = listing(projects, Selection({"funder": (first.key,)}), DAY)
    assert chosen.total == first.count > 0


def test_whether_one_can_apply_follows_from_the_windows_on_record(demo: Tables) -> None:
    programmes = demo["programmes"]
    row = programmes.row_of(iri(f"{PACKAGED}id/programme/EX-T01"))
    answers = {
        day: dated_table(programmes, date.fromisoformat(day)).answer(row, "open")
        for day in ("2025-11-30", "2026-01-15", "2026-02-01", "2026-11-01", "2027-01-31", "2027-02-01")
    }
    assert list(answers.values()) == ["no", "yes", "no", "yes", "yes", "no"]
    deadline = dated_table(programmes, date(2026, 2, 1)).deadlines[row]
    assert deadline.stated == "2026-07-31"


def test_a_programme_without_intakes_may_be_open(demo: Tables) -> None:
    programmes = demo["programmes"]
    row = programmes.row_of(iri(f"{PACKAGED}id/programme/neonatal-resident"))
    assert dated_table(programmes, DAY).answer(row, "open") == "unknown"
    assert row not in dated_table(programmes, DAY).deadlines


def test_areas_lie_in_all_areas_above_them(demo: Tables) -> None:
    found = cells(demo["areas"], f"{PACKAGED}id/area/220112")
    assert found["within"] == {"220100", "220000", "100000"} or {"220100", "220000"} <= found["within"]
    assert (found["prefecture"], found["county"]) == ({"220100"}, {"220112"})
    prefecture = cells(demo["areas"], f"{PACKAGED}id/area/220100")
    assert (prefecture["prefecture"], prefecture["county"]) == ({"220100"}, set())


# --- Order ---------------------------------------------------------------------------------------------------


def test_names_sort_by_pinyin_with_numbers_by_size() -> None:
    network = Network()
    wanted = ["安康医院", "长春医院", "重庆医院", "第2医院", "第10医院"]
    network.become({n: Member(n, label) for n, label in enumerate(wanted[::-1])})
    units = Tables.of(network.engine)["units"]
    hospitals = listing(units, Selection({"kind": ("hospital",)}), DAY)
    said = [units.register.labels(int(units.rows[row]))["zh"] for row in hospitals.rows().tolist()]
    assert said == wanted
    assert [*reversed(said)] == [
        units.register.labels(int(units.rows[row]))["zh"] for row in hospitals.rows(descending=True).tolist()
    ]


@pytest.mark.parametrize("name", sorted(lists()))
def test_a_list_can_be_sorted_by_every_column_and_what_is_not_stated_comes_last(
    demo: Tables, name: str
) -> None:
    table = demo[name]
    found = listing(table, Selection(), DAY)
    for column in table.definition.visible:
        for language in ("zh", "en"):
            up = found.rows(column.name, language).tolist()
            down = found.rows(column.name, language, descending=True).tolist()
            assert sorted(up) == sorted(down) == list(range(len(table)))
            if not column.is_computed:
                empty = [bool(table.columns[column.name].empty[row]) for row in up]
                assert empty == sorted(empty)
                assert empty == [bool(table.columns[column.name].empty[row]) for row in down]


def test_numbers_sort_by_their_size_and_dates_by_time(demo: Tables) -> None:
    programmes = demo["programmes"]
    for column, weigh in (("months", float), ("fee", float), ("verified", str)):
        rows = listing(programmes, Selection(), DAY).rows(column).tolist()
        values = [
            min(weigh(text_key(t)) for t in programmes.terms(r, column))
            for r in rows
            if programmes.terms(r, column)
        ]
        assert values == sorted(values)


def test_only_columns_that_are_seen_can_be_sorted_by(demo: Tables) -> None:
    for name in ("place", "nothing"):
        with pytest.raises(KeyError):
            listing(demo["units"], Selection(), DAY).rows(name)


# --- Choosing is what plain reckoning says -------------------------------------------------------------------


def expected_cells(one: Member, place: int) -> Mapping[str, set[str]]:
    """Return the cells of a membership by the model alone."""
    alliance, role, _, _, state = one.roles[place]
    levels = {AREAS[name][0]: area(name) for name in above(one.place)}
    valid = [(kind, level) for kind, level, over in one.kinds if over != "revoked"]
    return {
        "alliance": {alliance},
        "role": {f"{VOC}membership-role/{role}"} if role else set(),
        "prefecture": {levels["prefecture"]} if "prefecture" in levels else set(),
        "county": {levels["county"]} if "county" in levels else set(),
        "area": {area(name) for name in above(one.place)},
        "grade": {f"{VOC}hospital-grade/{one.grade}"} if one.grade not in ("", "unknown") else set(),
        "ward": {f"{VOC}ward-level/{one.ward}"} if one.ward not in ("", "unknown") else set(),
        "tier": {f"{VOC}level/{level}" for kind, level in valid if kind == "critical-care-centre"},
        "designation": {f"{VOC}designation-kind/{kind}" for kind, _ in valid},
        "status": {f"{VOC}status/{state}"} if state else set(),
        "held": {held_on(bounds(one, place), DAY)},
    }


def bounds(one: Member, place: int) -> Bounds:
    _, _, first, last, state = one.roles[place]
    start, end = (date.fromisoformat(day).toordinal() if day else NO_DAY for day in (first, last))
    return Bounds(start, start, end, end, state == "left", state in ("pending", "withdrawn"))


def fits(found: Mapping[str, set[str]], choices: Mapping[str, tuple[str, ...]]) -> bool:
    return all(
        any(key in found[column] if key else not found[column] for key in keys)
        for column, keys in choices.items()
    )


choices = st.dictionaries(
    st.sampled_from((*CELLS, "held")),
    st.lists(
        st.sampled_from(
            (
                *(NOT_STATED, HUB, OTHER, *map(area, AREAS), *HELD),
                *(f"{VOC}membership-role/council", f"{VOC}hospital-grade/3a", f"{VOC}ward-level/iiia"),
                *(f"{VOC}level/provincial", f"{VOC}designation-kind/training-base", f"{VOC}status/active"),
            )
        ),
        min_size=1,
        max_size=4,
    ).map(tuple),
    max_size=4,
)


@settings(max_examples=60)
@given(
    networks,
    choices,
    st.sampled_from(("", "医院", "changchun", "ccyy", "第 10", "<script>", "无")),
    st.booleans(),
)
def test_rows_and_counts_are_those_of_plain_reckoning(
    members: dict[int, Member], chosen: dict[str, tuple[str, ...]], text: str, real: bool
) -> None:
    network = Network()
    network.become(members)
    table = Tables.of(network.engine)["members"]
    rows = {
        one.membership(place): (expected_cells(one, place), one)
        for one in members.values()
        for place in range(len(one.roles))
    }
    read = {text_of(table.name(row)): row for row in range(len(table))}
    assert read.keys() == rows.keys()
    for name, (wanted, _) in rows.items():
        for column in CELLS:
            assert {text_of(term) for term in table.terms(read[name], column)} == wanted[column], column
    base = {
        name: found
        for name, (found, one) in rows.items()
        if not (real and one.invented) and all(word in searched(one) for word in folded_text(text).split())
    }
    found = listing(table, Selection(chosen, text=text, real_only=real), DAY)
    wanted_rows = {name for name, cells_ in base.items() if fits(cells_, chosen)}
    assert set(names(table, np.flatnonzero(found.mask).tolist())) == wanted_rows
    assert sorted(names(table, found.rows().tolist())) == sorted(wanted_rows)
    assert found.total == len(wanted_rows)
    assert found.illustrative == sum(rows[name][1].invented for name in wanted_rows)
    for facet in found.facets:
        others = {column: keys for column, keys in chosen.items() if column != facet.column.name}
        left = [cells_[facet.column.name] for cells_ in base.values() if fits(cells_, others)]
        counts = Counter(key for values in left for key in values or {NOT_STATED})
        assert {value.key: value.count for value in facet.values if value.count} == counts
        assert {value.key for value in facet.selected} >= set(chosen.get(facet.column.name, ())) & set(counts)


def searched(one: Member) -> str:
    """Return what words may be found in: the name, its pinyin and initials."""
    said = {
        "长春医院": "changchunyiyuan ccyy",
        "重庆医院": "chongqingyiyuan cqyy",
        "安康医院": "ankangyiyuan akyy",
    }
    return f"{folded_text(one.label)} {said.get(one.label, '')}"


# --- In step with changes ------------------------------------------------------------------------------------


@settings(max_examples=60)
@given(
    networks,
    st.lists(st.lists(member_models | st.integers(0, 5), min_size=1, max_size=2), min_size=1, max_size=3),
)
def test_tables_that_followed_changes_are_those_made_anew(
    members: dict[int, Member], steps: list[list[Member | int]]
) -> None:
    network = Network()
    network.become(members)
    cache = TableCache(network.engine, network.changes)
    before = cache.current()
    for step in steps:
        now = dict(network.members)
        for change in step:
            if isinstance(change, Member):
                now[change.number] = change
            else:
                now.pop(change, None)
        network.become(now)
        followed, anew = cache.current(), Tables.of(network.engine)
        for name in lists():
            assert content(followed[name]) == content(anew[name])
            assert seen(followed[name]) == seen(anew[name])
    if any(steps):
        assert cache.current() is not before


def seen(table: Table) -> tuple[object, ...]:
    """Return what a reader sees of a table: order in both languages, facets, names, and what is invented."""
    found = listing(table, Selection(), DAY)
    orders = [names(table, found.rows(language=language).tolist()) for language in ("zh", "en")]
    facets = [[(value.key, value.labels, value.count) for value in facet.values] for facet in found.facets]
    invented = names(table, np.flatnonzero(table.illustrative).tolist())
    said = [table.register.labels(int(table.rows[row])) for row in found.rows().tolist()]
    return orders, facets, sorted(invented), said


def test_tables_are_held_until_the_version_changes() -> None:
    network = Network()
    network.become({1: Member(1, "甲", roles=((HUB, "member", "", "", ""),))})
    asked: list[tuple[int, int]] = []

    def changes(after: int, upto: int) -> set[str]:
        asked.append((after, upto))
        return network.changes(after, upto)

    cache = TableCache(network.engine, changes)
    first = cache.current()
    assert cache.current() is first
    network.become({**network.members, 2: Member(2, "乙", roles=((HUB, "", "", "", ""),))})
    second = cache.current()
    assert (len(first["members"]), len(second["members"])) == (1, 2)
    assert asked == [(1, 2)]
    assert second.version == network.engine.version


def test_a_table_of_an_older_version_goes_on_answering() -> None:
    network = Network()
    network.become({1: Member(1, "甲", roles=((HUB, "member", "", "", ""),))})
    cache = TableCache(network.engine, network.changes)
    old = cache.current()["members"]
    network.become({2: Member(2, "乙", roles=((OTHER, "council", "", "", ""),))})
    cache.current()
    assert [value.key for value in listing(old, Selection(), DAY).facet("alliance").values] == [HUB]


def test_tables_are_made_anew_when_nobody_tells_what_changed_or_too_much_did(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    network = Network()
    network.become({1: Member(1, "甲", roles=((HUB, "member", "", "", ""),))})
    untold = TableCache(network.engine)
    told = TableCache(network.engine, network.changes)
    untold.current(), told.current()
    monkeypatch.setattr("graph.tables._MANY_ROWS", 1)
    network.become({2: Member(2, "乙", roles=((OTHER, "council", "", "", ""),))})
    assert content(untold.current()["members"]) == content(told.current()["members"])
    assert content(told.current()["members"]).keys() == {"https://example.org/membership/2-0"}


def test_an_empty_graph_has_empty_lists() -> None:
    tables = Tables.of(Network().engine)
    assert {name: len(tables[name]) for name in lists() if name != "areas"} == dict.fromkeys(
        ("units", "members", "designations", "programmes", "projects"), 0
    )
    found = listing(tables["members"], Selection({"role": (f"{VOC}membership-role/council",)}), DAY)
    assert found.total == 0
    assert [value.count for value in found.facet("role").values] == [0]


def test_the_packaged_data_alone_has_one_member_and_its_designations() -> None:
    tables = Tables.of(packaged_engine())
    assert len(tables["members"]) == 1
    assert len(tables["designations"]) == 7
    assert len(tables["programmes"]) == 3
