"""Drafts: all that follows from files and decisions, the same whenever it is asked for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from importing import NEW, drafting, listed, units, untold

from graph.imports.draft import Draft, Drafting, drafted, joined
from graph.imports.files import read_files
from graph.imports.options import Options
from graph.imports.plan import EntityChange, Plan
from samples import BASE


@pytest.fixture(scope="module")
def work(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Drafting]:
    with drafting(tmp_path_factory.mktemp("draft")) as made:
        yield made


def draft_of(work: Drafting, *files: tuple[str, bytes], options: Options = NEW) -> Draft:
    return drafted(read_files(files, untold), options, work)


def minted(draft: Draft) -> set[str]:
    return {one.iri for one in draft.identities if one.iri.startswith(BASE)}


def test_the_same_files_and_decisions_give_the_same_draft(work: Drafting) -> None:
    first, second = (draft_of(work, listed(*units(1, 2))) for _ in range(2))
    assert first.plan == second.plan
    assert [one.proposal for one in first.plans] == [one.proposal for one in second.plans]
    assert first.identities == second.identities


def test_another_seed_gives_other_names(work: Drafting) -> None:
    first = minted(draft_of(work, listed(*units(1))))
    second = minted(draft_of(replace(work, seed=b"other"), listed(*units(1))))
    assert first
    assert first.isdisjoint(second)


def test_files_of_one_import_know_the_units_of_each_other(work: Drafting) -> None:
    files = listed(*units(1), title="甲", name="a.csv"), listed(*units(1), title="乙", name="b.csv")
    draft = draft_of(work, *files)
    assert len([one for one in draft.resolutions if one.mention.to == "organization"]) == 1
    assert len(draft.plans) == 2
    (entity,) = [one for one in draft.plan.entities if one.labels.get("zh") == "某某第1医院"]
    assert {table for table, _ in entity.rows} == {"a.csv#1.1", "b.csv#1.1"}


def test_a_column_that_fewer_may_see_is_not_public(work: Drafting) -> None:
    table = "名单.csv#1.1"
    stricter = NEW.revised({"mapping": {table: {"visibility": {"grade": "internal"}}}})
    open_, closed = (draft_of(work, listed(*units(1)), options=one) for one in (NEW, stricter))
    assert closed.plan.added < open_.plan.added
    assert len(closed.restricted.added) > len(open_.restricted.added)


def test_a_table_that_is_not_used_says_nothing(work: Drafting) -> None:
    unused = NEW.revised({"mapping": {"名单.csv#1.1": {"used": False}}})
    assert draft_of(work, listed(*units(1)), options=unused).records == 0


def test_a_new_alliance_comes_with_the_import(work: Drafting) -> None:
    draft = draft_of(work, listed(*units(1)), options=Options(alliance="某市新联盟", accept_new=True))
    labels = {quad.object for quad in draft.proposal.added}
    assert '"某市新联盟"@zh' in labels
    source = draft.sources.by_file["名单.csv"]
    assert draft.sources.labels[source.alliance]["zh"] == "某市新联盟"


def test_remarks_stand_in_reading_order(work: Drafting) -> None:
    bad = "某某第9医院,三级甲,长春市,二〇二一年十三月,,"
    draft = draft_of(work, listed(bad, bad.replace("9", "8")), listed(bad, title="乙", name="b.csv"))
    places = [(one.file, one.row, one.column) for one in draft.remarks if one.row]
    assert places == sorted(places, key=lambda one: (one[0] != "名单.csv", one[1], one[2]))


def test_progress_is_told_step_by_step(work: Drafting) -> None:
    told: list[str] = []
    draft_of(replace(work, report=lambda what, _done, _of: told.append(what)), listed(*units(1)))
    assert list(dict.fromkeys(told)) == ["check", "match", "plan"]


def entity(what: str, iri: str, row: int) -> EntityChange:
    return EntityChange(what, iri, {"zh": iri}, (("t", row),))  # type: ignore[arg-type]


def test_plans_of_several_files_are_told_as_one() -> None:
    first = Plan(1, "a", (entity("same", "<urn:a>", 1),), 3, 1, ("旧",), {"same": 1})
    second = Plan(1, "b", (entity("changed", "<urn:a>", 2), entity("added", "<urn:b>", 3)), 4, 0)
    both = joined([first, second], 1)
    assert (both.added, both.removed, both.withdrawn) == (7, 1, ("旧",))
    assert [(one.what, len(one.rows)) for one in both.entities] == [("changed", 2), ("added", 1)]
    assert both.digest not in (first.digest, second.digest)
    assert joined([first], 1) == first


def test_nothing_is_planned_of_no_files() -> None:
    assert joined([], 3) == replace(joined([], 3), entities=(), added=0, removed=0)
