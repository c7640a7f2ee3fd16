"""The SPARQL of a list gives the rows of the list."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from list_data import AREAS, DAY, HUB, OTHER, VOC, Member, Network, area, demo_engine, networks
from page_data import PACKAGED

from graph.facets import NOT_STATED, Selection, listing
from graph.guard import precheck
from graph.list_sparql import sparql_of
from graph.local import LocalEngine
from graph.tables import Tables
from ontology.lists import lists

AREA = f"{PACKAGED}id/area/"


@pytest.fixture(scope="module")
def engine() -> LocalEngine:
    return demo_engine()


@pytest.fixture(scope="module")
def tables(engine: LocalEngine) -> Tables:
    return Tables.of(engine)


def is_the_list(engine: LocalEngine, tables: Tables, name: str, selection: Selection) -> bool:
    found = listing(tables[name], selection, DAY)
    text = sparql_of(found, "zh")
    precheck(text, max_bytes=64_000, max_depth=64)
    rows = engine.select(text)
    wanted = {tables[name].name(row) for row in found.rows().tolist()}
    return len(rows) == len(wanted) and {row["row"] for row in rows} == wanted


@pytest.mark.parametrize("name", sorted(lists()))
def test_the_whole_list(engine: LocalEngine, tables: Tables, name: str) -> None:
    assert is_the_list(engine, tables, name, Selection())


@pytest.mark.parametrize(
    ("name", "selection"),
    [
        (
            "members",
            Selection({"held": ("yes", "unknown"), "grade": (f"{VOC}hospital-grade/3a", NOT_STATED)}),
        ),
        ("members", Selection({"area": (f"{AREA}220000",), "held": ("no",)})),
        ("members", Selection({"tier": (NOT_STATED,)}, real_only=True)),
        ("members", Selection(text="示例 医院")),
        ("members", Selection(text="slyy")),
        ("members", Selection(text="shili")),
        ("units", Selection({"kind": ("hospital",), "ward": (f"{VOC}ward-level/iiic",)})),
        ("units", Selection({"prefecture": (NOT_STATED,)})),
        ("programmes", Selection({"open": ("yes",)})),
        ("programmes", Selection({"housing": (NOT_STATED,)}, text="示例")),
        ("projects", Selection({"funder": ("示例科学基金",)})),
        ("projects", Selection({"funder": (NOT_STATED,)})),
        ("designations", Selection({"authority": ("示例卫生健康委员会",)})),
        ("designations", Selection(text="'; DROP TABLE \\ \"")),
        ("areas", Selection({"within": (f"{AREA}220100",)})),
    ],
    ids=str,
)
def test_what_was_chosen(engine: LocalEngine, tables: Tables, name: str, selection: Selection) -> None:
    assert is_the_list(engine, tables, name, selection)


def test_what_sparql_cannot_say_has_no_query_when_the_rows_are_too_many(
    tables: Tables, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("graph.list_sparql.MOST_NAMED", 1)
    assert sparql_of(listing(tables["programmes"], Selection({"open": ("yes",)}), DAY), "zh") == ""


def test_rows_come_with_their_names_in_the_readers_language(engine: LocalEngine, tables: Tables) -> None:
    found = listing(tables["members"], Selection({"unit": (f"{PACKAGED}id/org/EX-002",)}), DAY)
    for language, name in (("zh", '"示例第二医院"@zh'), ("en", '"Example Second Hospital"@en')):
        rows = engine.select(sparql_of(found, language))
        assert {row["name"] for row in rows} == {name}


choices = st.dictionaries(
    st.sampled_from(
        ("alliance", "role", "prefecture", "county", "area", "grade", "ward", "tier", "designation", "status")
    ),
    st.lists(
        st.sampled_from(
            (
                *(NOT_STATED, HUB, OTHER, *map(area, AREAS), f"{VOC}membership-role/council"),
                *(f"{VOC}hospital-grade/3a", f"{VOC}ward-level/iiia", f"{VOC}level/provincial"),
                f"{VOC}designation-kind/training-base",
            )
        ),
        min_size=1,
        max_size=3,
    ).map(tuple),
    max_size=3,
)


@settings(max_examples=40)
@given(networks, choices, st.sampled_from((("yes",), ("unknown", "no"), ())), st.booleans())
def test_any_choice_of_members(
    members: dict[int, Member], chosen: dict[str, tuple[str, ...]], held: tuple[str, ...], real: bool
) -> None:
    network = Network()
    network.become(members)
    values = {**chosen, **({"held": held} if held else {})}
    assert is_the_list(
        network.engine, Tables.of(network.engine), "members", Selection(values, real_only=real)
    )
