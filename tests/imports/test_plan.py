"""The plan tells thing by thing what an import would do, and changes exactly when that does."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from import_rows import (
    SOURCE,
    Instance,
    area,
    concept,
    day,
    document,
    instance,
    known,
    meant,
    phone,
    row,
    version,
)

from graph.imports import comparison
from graph.imports.plan import EntityChange, FactChange, Plan
from graph.imports.records import Record
from samples import HOSTILE

ROWS = [
    row(
        3,
        name_zh="示例第一医院",
        grade=concept("hospital-grade/3a"),
        place=area(),
        department="新生儿科",
        beds=30,
        contact="联系人甲",
    ),
    row(4, name_zh="示例第二医院", beds=12, start=day("2021-03")),
]


@pytest.fixture(params=["whole", "large"])
def here(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Instance]:
    """An instance; plans are made in both ways."""
    if request.param == "large":
        monkeypatch.setattr(comparison, "LARGE", 0)
    with instance(tmp_path) as made:
        yield made


def named(plan: Plan, name: str) -> EntityChange:
    (found,) = [one for one in plan.entities if one.labels.get("zh") == name]
    return found


def fact(change: EntityChange, name: str) -> FactChange:
    (found,) = [one for one in change.facts if one.property["zh"] == name]
    return found


def whats(plan: Plan) -> dict[str, str]:
    return {one.labels.get("zh", ""): one.what for one in plan.entities}


def test_what_is_new_is_told_in_words_with_its_rows(here: Instance) -> None:
    plan = here.planned(ROWS)
    assert whats(plan) == {"示例第一医院": "added", "新生儿科": "added", "示例第二医院": "added"}
    assert [one.labels["zh"] for one in plan.entities] == ["示例第一医院", "新生儿科", "示例第二医院"]
    unit = named(plan, "示例第一医院")
    assert unit.rows == (("名单.xlsx#1.1", 3),)
    assert fact(unit, "医院等级").after == {"zh": "三级甲等", "en": "grade 3A"}
    assert fact(unit, "医院等级").before == {}
    assert fact(unit, "所在市县").after["zh"] == "长春市"
    assert fact(unit, "联系人").restricted
    assert not fact(unit, "单位名称").restricted
    department = named(plan, "新生儿科")
    assert fact(department, "新生儿床位").after == {"zh": "30", "en": "30"}
    assert fact(department, "所属机构").after["zh"] == "示例第一医院"
    assert plan.counts == {"added": 3, "changed": 0, "left": 0, "kept-back": 0, "same": 0, "disagreeing": 0}
    assert (plan.omitted, plan.removed, plan.withdrawn) == (0, 0, ())
    assert plan.added > 20


def test_the_next_version_tells_what_changes_what_stays_and_what_is_gone(here: Instance) -> None:
    here.bring(ROWS)
    new = row(5, name_zh="示例第三医院")
    changed = row(3, **{**ROWS[0].values, "grade": concept("hospital-grade/2a"), "contact": "联系人乙"})
    plan = here.planned([changed, new], source=version("b"))
    assert whats(plan) == {
        "示例第一医院": "changed",
        "新生儿科": "same",
        "示例第二医院": "left",
        "示例第三医院": "added",
    }
    unit = named(plan, "示例第一医院")
    assert [one.property["zh"] for one in unit.facts] == ["医院等级", "联系人"]
    assert (fact(unit, "医院等级").before["zh"], fact(unit, "医院等级").after["zh"]) == (
        "三级甲等",
        "二级甲等",
    )
    assert (fact(unit, "联系人").before["zh"], fact(unit, "联系人").after["zh"]) == ("联系人甲", "联系人乙")
    assert named(plan, "新生儿科").facts == ()
    assert fact(named(plan, "示例第二医院"), "新生儿床位").before == {"zh": "12", "en": "12"}
    assert plan.withdrawn == (SOURCE.title,)


def test_the_same_file_again_is_the_same(here: Instance) -> None:
    here.bring(ROWS)
    plan = here.planned(ROWS)
    assert set(whats(plan).values()) == {"same"}
    assert [one for one in plan.entities if one.facts] == []


def test_a_figure_that_moves_to_another_indicator_is_a_change(here: Instance) -> None:
    here.bring([row(3, name_zh="示例第一医院", beds=30, beds_nicu=8)])
    plan = here.planned([row(3, name_zh="示例第一医院", beds=8, beds_nicu=30)], source=version("b"))
    unit = named(plan, "示例第一医院")
    assert [(one.property["zh"], one.before["zh"], one.after["zh"]) for one in unit.facts] == [
        ("新生儿床位", "30", "8"),
        ("NICU床位", "8", "30"),
    ]


def test_what_another_source_says_otherwise_is_told_and_kept(here: Instance) -> None:
    here.bring(
        [row(3, name_zh="示例第一医院", grade=concept("hospital-grade/3a"), beds=30, start=day("2021"))]
    )
    unit = here.journal.identity(SOURCE.document, "organization|示例第一医院|")
    other = document("别的名单")
    rows = [row(9, name_zh="示例第一医院", grade=concept("hospital-grade/2a"), beds=40, start=day("2021-03"))]
    plan = here.planned(rows, [known(one, str(unit)) for one in meant(*rows)], other)
    found = named(plan, "示例第一医院")
    assert found.what == "changed"
    assert {(one.property["zh"], one.before["zh"], one.after["zh"]) for one in found.disagreements} == {
        ("医院等级", "三级甲等", "二级甲等"),
        ("新生儿床位", "30", "40"),
    }
    assert {one.source["en"] for one in found.disagreements} == {SOURCE.title}
    assert plan.counts["disagreeing"] == 1


def test_names_that_wait_are_told(here: Instance) -> None:
    waiting = [replace(one, how="ambiguous", is_new=False, kept_back=True) for one in meant(ROWS[1])]
    plan = here.planned(ROWS, [*meant(ROWS[0]), *waiting])
    kept = named(plan, "示例第二医院")
    assert (kept.what, kept.iri, kept.rows) == ("kept-back", "", (("名单.xlsx#1.1", 4),))
    assert plan.counts["kept-back"] == 1


def test_the_digest_changes_with_the_plan_and_not_with_names_of_new_things(here: Instance) -> None:
    first = here.planned(ROWS)
    assert here.planned(ROWS).digest == first.digest
    assert {one.iri for one in here.planned(ROWS).entities} != {one.iri for one in first.entities}
    others: list[list[Record]] = [
        ROWS[:1],
        [row(7, **ROWS[0].values), ROWS[1]],
        [row(3, **{**ROWS[0].values, "beds": 31}), ROWS[1]],
        [row(3, **{**ROWS[0].values, "contact": "联系人乙"}), ROWS[1]],
    ]
    digests = [here.planned(rows).digest for rows in others]
    assert len({first.digest, *digests}) == 5
    here.bring([row(3, name_zh="示例第九医院")], source=document("other"))
    assert (here.planned(ROWS).digest, here.planned(ROWS).version) == (first.digest, first.version + 1)


def test_of_very_many_things_the_first_are_told_and_all_are_counted(
    here: Instance, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("graph.imports.plan.MOST_LISTED", 3)
    rows = [row(number, name_zh=f"示例第{number}医院", beds=number) for number in range(3, 13)]
    plan = here.planned(rows)
    assert [one.labels["zh"] for one in plan.entities] == ["示例第3医院", "示例第4医院", "示例第5医院"]
    assert (plan.counts["added"], plan.omitted) == (10, 7)
    more = here.planned([*rows[:-1], row(12, name_zh="示例第12医院", beds=99)])
    assert more.digest != plan.digest


@pytest.mark.parametrize("label", HOSTILE)
def test_hostile_names_stay_text_in_a_plan(tmp_path: Path, label: str) -> None:
    with instance(tmp_path) as here:
        plan = here.planned([row(3, name_zh=label, note=label, phone=phone(label))])
        (unit,) = plan.entities
        assert unit.labels == {"zh": label}
        assert fact(unit, "备注").after == {"zh": label, "en": label}
