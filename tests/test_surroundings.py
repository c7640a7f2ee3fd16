"""What is drawn around a thing."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

import pytest
from page_data import ALLIANCE, DEPARTMENT, MEMBERSHIP, PACKAGED, PROFILE, member, packaged_engine, state

from api.drawing import MOST_NODES, Group, Spoke
from api.i18n import translator
from api.surroundings import home_groups, neighbourhood
from api.templating import View
from graph.cards import Card, card
from graph.local import LocalEngine
from graph.summary import summary
from samples import BASE

ZH, EN = (View(translator(language), BASE, "", "/") for language in ("zh", "en"))


def shown(engine: LocalEngine, name: str = DEPARTMENT) -> Card:
    found = card(engine, name)
    assert found is not None
    return found


def home(engine: LocalEngine, view: View = ZH) -> tuple[Group, ...]:
    return home_groups(shown(engine), summary(engine).alliances, view)


def labels(groups: tuple[Group, ...]) -> list[str]:
    return [spoke.label for group in groups for spoke in group.spokes]


def spoke(groups: tuple[Group, ...], part: str) -> Spoke:
    return next(one for group in groups for one in group.spokes if part in one.label)


@pytest.fixture(scope="module")
def packaged() -> LocalEngine:
    """The packaged graph; no test changes it."""
    return packaged_engine()


def test_totals_stand_with_their_parts_and_what_is_not_stated(packaged: LocalEngine) -> None:
    said = labels(home(packaged))
    assert "科研教学项目数 135：国家级 16 · 省市级 64 · 未载明 55" in said
    assert "护士数 125：副主任护师 1 · 主管护师数（待核） 52 · 未载明 72" in said
    assert (
        "research and teaching projects 135: national 16 · provincial and municipal 64 · not stated 55"
        in labels(home(packaged, EN))
    )


def test_the_alliance_comes_first_and_its_line_leads_to_the_sentence(packaged: LocalEngine) -> None:
    groups = home(packaged)
    assert groups[0].heading == "发起的联盟"
    (alliance,) = groups[0].spokes
    assert alliance.href == "/explore?expand=org/jl-neonatal-alliance&select=org/jl-neonatal-alliance"
    assert alliance.source == "第 2 句"
    assert parse_qs(urlsplit(alliance.source_href).query)["iri"] == [f"{PROFILE}#s2"]
    assert "吉林大学第一医院新生儿科简介" in alliance.source_title


def test_the_alliance_is_told_once(packaged: LocalEngine) -> None:
    assert len([label for label in labels(home(packaged)) if "联盟" in label]) == 1


def test_all_designations_programmes_and_services_are_drawn(packaged: LocalEngine) -> None:
    families = [one.family for group in home(packaged) for one in group.spokes]
    assert {name: families.count(name) for name in ("designation", "programme", "membership", "figure")} == {
        "designation": 7,
        "programme": 3,
        "membership": 2,
        "figure": 4,
    }
    assert len(families) < MOST_NODES


def test_what_is_ambiguous_is_drawn_differently(packaged: LocalEngine) -> None:
    groups = home(packaged)
    assert spoke(groups, "三级中心").unsure
    assert not spoke(groups, "危重新生儿救治中心").unsure


def test_every_line_of_the_home_picture_leads_to_a_source(packaged: LocalEngine) -> None:
    assert all(one.source and one.source_href for group in home(packaged) for one in group.spokes)


def test_members_are_drawn_as_numbers_by_role() -> None:
    engine = state(packaged_engine(), "".join(member(number) for number in range(40)) + member(99, "council"))
    first = home(engine)[0]
    assert [one.label for one in first.spokes] == [
        "吉林省新生儿专科医疗联盟",
        "成员单位 40",
        "理事单位 1",
        "发起单位 1",
    ]


def test_members_that_are_invented_are_counted_apart() -> None:
    engine = state(packaged_engine(), member(1) + member(2, more="; ma:illustrative true"))
    (said,) = (one.label for one in home(engine)[0].spokes if one.label.startswith("成员单位"))
    assert said == "成员单位 真实 1 · 示例 1"


def test_things_on_the_home_page_lead_to_the_explorer_and_on_other_pages_to_their_own(
    packaged: LocalEngine,
) -> None:
    explored = {one.family for group in home(packaged) for one in group.spokes if "/explore?" in one.href}
    assert explored == {"alliance", "area", "organization", "designation", "programme"}
    around = neighbourhood(shown(packaged), ZH)
    assert not [one.href for group in around for one in group.spokes if "/explore" in one.href]


def test_a_hub_is_drawn_with_a_few_things_and_the_number_of_the_others() -> None:
    engine = state(packaged_engine(), "".join(member(number) for number in range(60)))
    groups = neighbourhood(shown(engine, ALLIANCE), ZH)
    assert len(labels(groups)) < MOST_NODES
    taken = next(group for group in groups if group.heading == "参加单位")
    assert len(taken.spokes) + taken.more == 61
    assert taken.href == "/id/org/jl-neonatal-alliance"


def test_concepts_are_told_beside_the_picture(packaged: LocalEngine) -> None:
    assert "发起单位" not in labels(neighbourhood(shown(packaged, MEMBERSHIP), ZH))
    assert {
        one.family for group in neighbourhood(shown(packaged, MEMBERSHIP), ZH) for one in group.spokes
    } == {
        "alliance",
        "organization",
    }


def test_an_invented_thing_is_marked_in_the_picture() -> None:
    engine = state(packaged_engine(), member(1, more="; ma:illustrative true"))
    membership = f"{BASE}id/membership/m1"
    assert spoke(neighbourhood(shown(engine, membership), ZH), "第1医院").illustrative


def test_every_line_of_an_invented_thing_is_dashed_though_what_it_leads_to_is_real() -> None:
    engine = state(
        packaged_engine(),
        f"<id/org/x> a schema:Hospital ; ma:illustrative true ; schema:location <{PACKAGED}id/area/220100> .",
    )
    area = spoke(neighbourhood(shown(engine, f"{BASE}id/org/x"), ZH), "长春市")
    assert (area.illustrative, area.invented_line) == (False, True)


def test_links_of_a_picture_keep_the_language(packaged: LocalEngine) -> None:
    groups = neighbourhood(shown(packaged), replace(EN, asked="en"))
    assert all("lang=en" in one.href for group in groups for one in group.spokes)
