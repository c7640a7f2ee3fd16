"""Members in groups: each unit once in every group that it belongs to, with what ties the group to alliances."""

from __future__ import annotations

from collections import Counter
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from page_data import PACKAGED, member, packaged_engine, state, with_quads

from graph.exploration import Exploration
from graph.groups import LIST, MOST_GROUPS, Groups, Members, member_facets
from graph.tables import TableCache
from samples import BASE

TODAY = date(2026, 11, 24)
ROLES = ("member", "council", "lead")
ROLE = f"{PACKAGED}vocab/membership-role/"

Row = tuple[int, int, str, int]
"""A membership: unit, alliance, role (empty: not stated), and the year in which it began (0: not stated)."""


def turtle(rows: list[Row]) -> str:
    """Return memberships of units of which every third is invented."""
    lines = []
    for unit in {row[0] for row in rows}:
        flag = "; ma:illustrative true" if unit % 3 == 0 else ""
        lines.append(f'<id/org/u{unit}> a org:FormalOrganization ; skos:prefLabel "{unit}院"@zh {flag} .')
    for number, (unit, alliance, role, year) in enumerate(rows):
        said = f"; org:role <{ROLE}{role}>" if role else ""
        said += (
            f'; ma:earliestStart "{year}-01-01"^^xsd:date ; ma:latestStart "{year}-12-31"^^xsd:date'
            if year
            else ""
        )
        flag = "; ma:illustrative true" if unit % 3 == 0 else ""
        lines.append(
            f"<id/membership/m{number}> a ma:AllianceMembership ; org:member <id/org/u{unit}> ;"
            f" org:organization <id/org/a{alliance}> {said} {flag} ."
        )
    return "\n".join(lines)


def members_of(text: str) -> Members:
    return Members(TableCache(state(with_quads(()), text)).current()[LIST], TODAY)


rows = st.lists(
    st.tuples(
        st.integers(0, 6), st.integers(0, 2), st.sampled_from(["", *ROLES]), st.sampled_from([0, 2020, 2030])
    ),
    max_size=12,
)


def expected(listed: list[Row]) -> dict[str, tuple[set[str], set[tuple[str, str]]]]:
    """Return units and ties by role, worked out row by row."""
    found: dict[str, tuple[set[str], set[tuple[str, str]]]] = {}
    for unit, alliance, role, year in listed:
        if year <= TODAY.year:
            units, ties = found.setdefault(ROLE + role if role else "", (set(), set()))
            units.add(f"{BASE}id/org/u{unit}")
            ties.add((f"{BASE}id/org/a{alliance}", f"{BASE}id/org/u{unit}"))
    return found


@settings(max_examples=25)
@given(rows)
def test_groups_are_what_going_through_the_list_row_by_row_gives(listed: list[Row]) -> None:
    groups = members_of(turtle(listed)).groups(Exploration(group="role")).listed
    worked_out = expected(listed)
    assert {g.value: set(g.units) for g in groups} == {
        value: units for value, (units, _) in worked_out.items()
    }
    assert {g.value: g.ties for g in groups} == {
        value: Counter(alliance for alliance, _ in ties) for value, (_, ties) in worked_out.items()
    }
    for group in groups:
        assert group.illustrative == sum(int(name[-1]) % 3 == 0 for name in group.units)


ROWS: list[Row] = [(1, 0, "member", 2020), (1, 1, "council", 0), (2, 0, "", 2020), (3, 0, "member", 2030)]


@pytest.fixture(scope="module")
def members() -> Members:
    return members_of(turtle(ROWS))


def by_value(groups: Groups) -> dict[str, list[str]]:
    return {group.value.removeprefix(ROLE): [name[-2:] for name in group.units] for group in groups.listed}


def test_what_is_not_stated_is_a_group_of_its_own_and_the_last(members: Members) -> None:
    assert [group.value for group in members.groups(Exploration(group="role")).listed][-1] == ""


def test_who_is_no_member_yet_stands_in_no_group_unless_asked_for(members: Members) -> None:
    assert by_value(members.groups(Exploration(group="role"))) == {
        "council": ["u1"],
        "member": ["u1"],
        "": ["u2"],
    }
    everyone = members.groups(Exploration(group="role", held=("yes", "unknown", "no")))
    assert by_value(everyone)["member"] == ["u1", "u3"]
    later = members.groups(Exploration(group="role", as_of=date(2031, 1, 1)))
    assert by_value(later)["member"] == ["u1", "u3"]


def test_what_cannot_be_told_can_be_asked_for_by_itself(members: Members) -> None:
    assert by_value(members.groups(Exploration(group="role", held=("unknown",)))) == {"council": ["u1"]}


def test_facets_narrow_the_groups_and_name_the_units_that_do_not_fit(members: Members) -> None:
    asked = Exploration(group="role", facets={"role": (ROLE + "council",)})
    assert by_value(members.groups(asked)) == {"council": ["u1"]}
    leaves_out = members.leaves_out(asked)
    units = [f"{BASE}id/org/u{number}" for number in range(5)]
    assert [name[-2:] for name in units if leaves_out(name)] == ["u2", "u3"]
    assert not any(map(members.leaves_out(Exploration(group="role")), units))


def test_only_what_is_real_leaves_invented_units_out(members: Members) -> None:
    asked = Exploration(group="role", real_only=True, held=("yes", "unknown", "no"))
    assert by_value(members.groups(asked))["member"] == ["u1"]


def test_choices_are_counted_with_what_is_not_stated(members: Members) -> None:
    counted = {value.removeprefix(ROLE): count for value, _, count in members.choices("role", Exploration())}
    assert counted == {"council": 1, "member": 1, "": 1}


def test_all_units_are_named_whatever_the_date(members: Members) -> None:
    assert [name[-2:] for name in members.units()] == ["u1", "u2", "u3"]


def test_every_facet_of_the_list_can_group_it() -> None:
    members = members_of(turtle(ROWS))
    for column in member_facets():
        groups = members.groups(Exploration(group=column.name)).listed
        assert {name for group in groups for name in group.units} == {f"{BASE}id/org/u1", f"{BASE}id/org/u2"}


def test_the_departments_city_is_known_from_its_hospital_and_another_members_is_not() -> None:
    table = TableCache(state(packaged_engine(), member(1))).current()[LIST]
    groups = Members(table, TODAY).groups(Exploration(group="prefecture")).listed
    assert [(group.value, group.size) for group in groups] == [(f"{PACKAGED}id/area/220100", 1), ("", 1)]
    assert all(group.ties == {f"{PACKAGED}id/org/jl-neonatal-alliance": 1} for group in groups)


def test_of_very_many_groups_the_largest_are_shown_and_those_that_are_opened() -> None:
    rows: list[Row] = [(number, number, "member", 2020) for number in range(70)]
    rows += [(number, 80, "member", 2020) for number in range(5)]
    members = members_of(turtle(rows))
    found = members.groups(Exploration(group="alliance"))
    assert (len(found.listed), found.left_out) == (MOST_GROUPS, 11)
    assert f"{BASE}id/org/a80" in {group.value for group in found.listed}
    small = f"{BASE}id/org/a69"
    assert small not in {group.value for group in found.listed}
    opened = members.groups(Exploration(group="alliance", opened=(small,)))
    assert small in {group.value for group in opened.listed}
