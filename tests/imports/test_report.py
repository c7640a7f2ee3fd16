"""The report of an import: one shape that pages and programs rely on, bounded, bilingual, and safe to keep."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from importing import NEW, drafting, listed, units, untold

from graph.imports.draft import Draft, Drafting, drafted
from graph.imports.files import read_files
from graph.imports.options import Options
from graph.imports.report import MOST, About, head, iris_of, lasting, part, report
from graph.imports.staging import FileNote
from samples import HOSTILE

GOLDEN = Path(__file__).parent.parent / "golden" / "import-report.json"
ROWS = (
    *units(1),
    "某某第2医院,三级甲,长春市,2021.3.5,,",
    "某某第3医院,,,二〇二一年十三月,联系人乙,13900000000",
    "吉大一院,三级甲等,长春市,2021,,",
    "合计,,,,,",
)
ABOUT = About("abc", "staged", "2026-11-23T08:00:00+00:00", "curator", files=(FileNote("名单.csv", "00", 9),))


@pytest.fixture(scope="module")
def work(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Drafting]:
    with drafting(tmp_path_factory.mktemp("report")) as made:
        yield made


def draft_of(work: Drafting, *rows: str, options: Options = NEW) -> Draft:
    return drafted(read_files([listed(*rows)], untold), options, work)


@pytest.fixture(scope="module")
def said(work: Drafting) -> dict[str, Any]:
    return report(draft_of(work, *ROWS), ABOUT)


def test_the_report_is_the_golden_one(said: dict[str, Any]) -> None:
    """Refresh it by deleting the file and running the test twice; then look at the difference."""
    text = json.dumps(said, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    if not GOLDEN.exists():
        GOLDEN.write_text(text, encoding="utf-8")
        pytest.fail("the golden report was missing and has been written")
    assert said == json.loads(GOLDEN.read_text(encoding="utf-8"))


def test_each_problem_names_its_cell_what_is_wrong_and_what_to_do(said: dict[str, Any]) -> None:
    problems = {
        (one["row"], one["column"]): one for one in said["remarks"]["items"] if one["severity"] == "error"
    }
    error = problems[5, 4]
    assert (error["sheet"], error["field"], error["value"]) == ("名单", "加入时间", "二〇二一年十三月")
    for one in said["remarks"]["items"]:
        assert all([*one["what"].values(), *one["remedy"].values()]), one


def test_what_the_list_leaves_blank_is_counted(said: dict[str, Any]) -> None:
    blanks = {one["key"]: (one["blank"], one["of"]) for one in said["unknown"]}
    assert blanks["grade"][1] == said["tables"][0]["rows"]
    assert blanks["role"] == (4, 4)
    assert blanks["place"] == (1, 4)


def test_rows_that_are_no_records_are_told_with_the_reason(said: dict[str, Any]) -> None:
    assert said["tables"][0]["left_out"] == [{"row": 7, "reason": "total"}]


def test_errors_stand_in_the_way_unless_they_are_left_out(work: Drafting) -> None:
    draft = draft_of(work, *ROWS)
    assert [one["code"] for one in report(draft, ABOUT)["why_not"]] == ["commit-errors"]
    left = About("abc", "staged", "", "", Options(leave_out_errors=True))
    assert report(draft, left)["can_commit"]


def test_an_empty_list_cannot_be_committed(work: Drafting) -> None:
    said = report(draft_of(work), ABOUT)
    assert (said["can_commit"], [one["code"] for one in said["why_not"]]) == (False, ["commit-no-rows"])


def test_long_lists_are_cut_and_had_page_by_page(work: Drafting) -> None:
    count = MOST["resolutions"] + 50
    draft = draft_of(work, *units(*range(count)), options=Options())
    said = report(draft, ABOUT)
    assert (len(said["resolutions"]), said["resolutions_total"] >= count) == (MOST["resolutions"], True)
    assert said["resolution_counts"]["unlike"] == count
    pages = [part(draft, ABOUT, "resolutions", offset, 100, "unlike")["items"] for offset in (0, 100, 200)]
    keys = [one["key"] for page in pages for one in page]
    assert len(keys) == len(set(keys)) == count
    assert len(json.dumps(said)) < 1_000_000


@pytest.mark.parametrize(
    ("which", "shows"),
    [
        ("remarks", ("error", "warning", "info")),
        ("resolutions", ("open", "unlike", "decided", "found")),
        ("tables", ("",)),
    ],
)
def test_each_entry_is_of_one_kind(work: Drafting, which: str, shows: tuple[str, ...]) -> None:
    draft = draft_of(work, *ROWS, options=Options())
    totals = [part(draft, ABOUT, which, 0, 1000, show)["total"] for show in shows]
    assert sum(totals) == part(draft, ABOUT, which, 0, 1000)["total"]


def test_an_unknown_list_is_not_there(work: Drafting) -> None:
    with pytest.raises(KeyError):
        part(draft_of(work), ABOUT, "secrets", 0, 10)


def test_what_is_kept_when_the_files_are_gone_holds_no_cell(said: dict[str, Any]) -> None:
    kept = json.dumps(lasting(said), ensure_ascii=False)
    assert "13900000000" in json.dumps(said, ensure_ascii=False)
    for secret in ("13900000000", "联系人甲", "联系人乙", "0431-80000000"):
        assert secret not in kept


def test_an_import_under_work_has_the_same_head(said: dict[str, Any]) -> None:
    assert head(ABOUT).items() <= said.items()


def test_all_that_is_named_by_iri_can_be_given_its_name(work: Drafting) -> None:
    named = iris_of(draft_of(work, *ROWS))
    assert "https://w3id.org/medalliance/id/area/220000" in named
    assert "" not in named


@pytest.mark.parametrize("label", HOSTILE)
def test_hostile_labels_stay_what_they_are(work: Drafting, label: str) -> None:
    cell = '"' + label.replace('"', '""') + '"'
    said = report(draft_of(work, f"某某医院,{cell},,,,"), ABOUT)
    values = [one["value"] for one in said["remarks"]["items"] if one["column"] == 2]
    assert values
    assert all(value in label for value in values)
