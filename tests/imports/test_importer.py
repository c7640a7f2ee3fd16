"""Imports from the first byte to the commit and back: nothing is half done, nothing of others is overwritten."""

import io
import threading
import zipfile
from collections.abc import Iterator
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest
from importing import NEW, importing, listed, units
from page_data import ALLIANCE

from graph.imports.asking import ask_members
from graph.imports.collect import Request
from graph.imports.collections import Collections
from graph.imports.faults import Conflict, ImportRefused, NotReady, NotStaged, WrongOption
from graph.imports.files import ReadFiles
from graph.imports.importer import Importer
from graph.imports.options import Options
from graph.quads import Quad
from graph.repository import LaterChanges, Repository

PICTURE = ("a.png", b"\x89PNG\r\n\x1a\n" + bytes(64))
BROKEN = "某某第9医院,三级甲等,长春市,二〇二一年十三月,联系人甲,"


@pytest.fixture(scope="module")
def instance(
    tmp_path_factory: pytest.TempPathFactory, started: Path
) -> Iterator[tuple[Repository, Importer]]:
    with importing(tmp_path_factory.mktemp("imports"), started) as made:
        yield made


@pytest.fixture
def repository(instance: tuple[Repository, Importer]) -> Repository:
    return instance[0]


@pytest.fixture
def importer(instance: tuple[Repository, Importer]) -> Iterator[Importer]:
    """The imports of the shared instance; whatever a test commits is taken back, the last first."""
    repository, made = instance
    before = repository.engine.version
    yield made
    for change in repository.journal.changes(since=before, newest_first=True):
        if not change.header.undoes and not repository.undone_by(change.number):
            made.undo(change.number, why="end of the test", who="test")
    for one in made.listed():
        made.discard(one["id"])


def held(repository: Repository) -> set[Quad]:
    return set(repository.quads())


def committed(importer: Importer, *rows: str, title: str = "名单", options: Options = NEW) -> int:
    report = importer.stage([listed(*rows, title=title)], options, who="curator", patience=60)
    done = importer.commit(report["id"], digest=report["digest"], why="test", who="curator")
    return int(done["change"])


def test_a_list_is_staged_looked_at_and_committed(importer: Importer, repository: Repository) -> None:
    before = held(repository)
    report = importer.stage([listed(*units(1, 2))], NEW, who="curator", patience=60)
    assert held(repository) == before
    assert (report["state"], report["by"], report["can_commit"]) == ("staged", "curator", True), report[
        "why_not"
    ]
    assert (report["source"]["title"], report["source"]["dated"]) == ("某省某联盟成员名单", "2026-03")
    assert [(table["kind"], table["rows"]) for table in report["tables"]] == [("members", 2)]
    assert report["plan"]["counts"]["added"] >= 2
    done = importer.commit(report["id"], digest=report["digest"], why="年度名单", who="admin")
    header = repository.journal.last().header
    assert (done["change"], done["added"]) == (repository.journal.last().number, header.added)
    assert (header.who, header.why, header.source) == ("admin", "年度名单", "某省某联盟成员名单")
    after = importer.report(report["id"])
    assert (after["state"], after["change"], after["can_commit"]) == ("committed", done["change"], False)


def test_the_members_show_at_once_after_the_commit(importer: Importer, repository: Repository) -> None:
    committed(importer, *units(3))
    asked = 'SELECT ?u { ?u <http://www.w3.org/2004/02/skos/core#prefLabel> "某某第3医院"@zh }'
    assert repository.engine.select(asked)


def test_contacts_never_come_among_the_public_facts(importer: Importer, repository: Repository) -> None:
    committed(importer, *units(4))
    assert not [quad for quad in repository.quads() if "联系人甲" in quad.object or "80000000" in quad.object]


def test_names_without_a_match_wait_until_somebody_decides(importer: Importer) -> None:
    report = importer.stage([listed(*units(5, 6))], who="curator", patience=60)
    assert not report["can_commit"]
    assert [one["code"] for one in report["why_not"]] == ["commit-kept-back"]
    keys = [one["key"] for one in report["resolutions"] if one["kept_back"] and one["to"] == "organization"]
    assert len(keys) == 2
    with pytest.raises(NotReady) as caught:
        importer.commit(report["id"], digest=report["digest"], why="", who="curator")
    assert caught.value.report["why_not"]
    report = importer.decide(report["id"], {"decisions": {keys[0]: "new"}}, patience=60)
    assert (report["can_commit"], report["plan"]["counts"]["kept-back"]) == (True, 1)
    report = importer.decide(report["id"], {"accept_new": True}, patience=60)
    assert report["plan"]["counts"]["kept-back"] == 0


def test_the_same_file_twice_changes_nothing(importer: Importer, repository: Repository) -> None:
    committed(importer, *units(7), title="甲")
    before = held(repository)
    report = importer.stage([listed(*units(7), title="甲")], NEW, who="curator", patience=60)
    assert (report["plan"]["added"], report["plan"]["removed"]) == (0, 0)
    done = importer.commit(report["id"], digest=report["digest"], why="", who="curator")
    assert (done["change"], held(repository)) == (None, before)


def test_a_new_version_replaces_the_earlier_one(importer: Importer, repository: Repository) -> None:
    committed(importer, *units(8, 9), title="乙（2026年3月）")
    report = importer.stage([listed(*units(9, 10), title="乙（2026年4月）")], NEW, who="curator", patience=60)
    assert report["source"]["replaces"] == "乙"
    assert report["plan"]["withdrawn"] == ["乙"]
    assert report["plan"]["counts"]["left"] >= 1
    apart = importer.decide(report["id"], {"supersedes": "none"}, patience=60)
    assert (apart["source"]["replaces"], apart["plan"]["withdrawn"]) == ("", [])


def test_what_was_committed_is_taken_back_without_a_trace(importer: Importer, repository: Repository) -> None:
    before = held(repository)
    number = committed(importer, *units(11))
    assert held(repository) != before
    done = importer.undo(number, why="发错了", who="admin")
    assert held(repository) == before
    (one,) = [one for one in importer.listed() if one["change"] == number]
    assert (one["state"], one["undone_by"]) == ("undone", done["change"])


def test_a_change_that_others_stand_on_is_not_taken_back_by_itself(importer: Importer) -> None:
    first = committed(importer, *units(12), title="丙")
    second = committed(importer, *units(12, 13), title="丙")
    with pytest.raises(LaterChanges) as caught:
        importer.undo(first, why="", who="admin")
    assert caught.value.numbers == (second,)


def test_a_commit_asked_for_twice_is_made_once(importer: Importer, repository: Repository) -> None:
    report = importer.stage([listed(*units(14))], NEW, who="curator", patience=60)
    answers: list[object] = []

    def commit() -> None:
        answers.append(importer.commit(report["id"], digest=report["digest"], why="", who="curator"))

    threads = [threading.Thread(target=commit) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [answers[0]] * 3
    assert repository.engine.version == answers[0]["change"]  # type: ignore[index]


def test_two_imports_at_once_do_not_trample_each_other(importer: Importer, repository: Repository) -> None:
    first = importer.stage([listed(*units(15), title="丁（2026年1月）")], NEW, who="甲", patience=60)
    second = importer.stage([listed(*units(15, 16), title="丁（2026年2月）")], NEW, who="乙", patience=60)
    done = importer.commit(first["id"], digest=first["digest"], why="一月", who="甲")
    with pytest.raises(Conflict) as caught:
        importer.commit(second["id"], digest=second["digest"], why="二月", who="乙")
    (change,) = caught.value.changes
    assert (change["number"], change["who"], change["why"]) == (done["change"], "甲", "一月")
    assert "某某第15医院" in {thing["labels"].get("zh") for thing in change["things"]}
    assert repository.engine.version == done["change"]
    again = importer.report(second["id"], patience=60)
    assert again["digest"] == caught.value.digest
    importer.commit(second["id"], digest=again["digest"], why="二月", who="乙")


def test_a_change_of_something_else_does_not_stand_in_the_way(importer: Importer) -> None:
    report = importer.stage([listed(*units(17), title="戊")], NEW, who="甲", patience=60)
    committed(importer, *units(18), title="己")
    importer.commit(report["id"], digest=report["digest"], why="", who="甲")


def test_a_dry_run_keeps_nothing(importer: Importer, repository: Repository, instance: object) -> None:
    before, staged = held(repository), importer.listed()
    report = importer.dry_run([listed(*units(19))], NEW)
    assert (report["id"], report["state"], report["can_commit"]) == ("", "staged", True)
    assert (held(repository), importer.listed()) == (before, staged)
    folder = repository.directory.path
    assert not [file for file in folder.iterdir() if "某某第19医院".encode() in file.read_bytes()]


def test_a_file_that_cannot_be_read_leaves_nothing_behind(importer: Importer, repository: Repository) -> None:
    before, staged = held(repository), importer.listed()
    for work in (importer.dry_run, lambda files: importer.stage(files, who="curator", patience=60)):
        with pytest.raises(ImportRefused) as caught:
            work([PICTURE])
        assert caught.value.remarks[0].severity == "error"
    assert (held(repository), importer.listed()) == (before, staged)


def test_errors_stand_in_the_way_until_they_are_left_out(importer: Importer, repository: Repository) -> None:
    report = importer.stage([listed(*units(20), BROKEN, title="庚")], NEW, who="curator", patience=60)
    assert (report["remarks"]["errors"], report["can_commit"]) == (1, False)
    (error,) = [one for one in report["remarks"]["items"] if one["severity"] == "error"]
    assert (error["row"], error["field"], error["value"]) == (4, "加入时间", "二〇二一年十三月")
    version = repository.engine.version
    with pytest.raises(NotReady):
        importer.commit(report["id"], digest=report["digest"], why="", who="curator")
    assert repository.engine.version == version
    report = importer.decide(report["id"], {"leave_out_errors": True}, patience=60)
    assert report["can_commit"]
    importer.commit(report["id"], digest=report["digest"], why="", who="curator")


def test_several_files_are_one_change(importer: Importer, repository: Repository) -> None:
    files = [listed(*units(21), title="辛"), listed(*units(22), title="壬", name="另一份.csv"), PICTURE]
    report = importer.stage(files, NEW, who="curator", patience=60)
    assert [source["title"] for source in report["sources"]] == ["辛", "壬"]
    assert report["remarks"]["errors"] == 1
    report = importer.decide(report["id"], {"leave_out_errors": True}, patience=60)
    importer.commit(report["id"], digest=report["digest"], why="", who="curator")
    assert repository.journal.last().header.source == "辛, 壬"


def test_what_is_decided_about_columns_is_remembered_for_the_next_version(importer: Importer) -> None:
    name, data = listed(*units(23), title="癸（2026年1月）")
    odd = data.replace("加入时间".encode(), "来了多久".encode())
    report = importer.stage([(name, odd)], NEW, who="curator", patience=60)
    (table,) = report["tables"]
    (column,) = [one for one in table["columns"] if one["heading"] == "来了多久"]
    assert column["key"] == ""
    choice = {table["key"]: {"kind": "members", "columns": {str(column["column"]): "start"}}}
    report = importer.decide(report["id"], {"mapping": choice}, patience=60)
    importer.commit(report["id"], digest=report["digest"], why="", who="curator")
    later = importer.dry_run([(name, odd.replace("1月".encode(), "2月".encode()))], NEW)
    (column,) = [one for one in later["tables"][0]["columns"] if one["heading"] == "来了多久"]
    assert (column["key"], column["recognised_by"]) == ("start", "remembered")


def test_long_work_is_told_about_and_goes_on(importer: Importer, monkeypatch: pytest.MonkeyPatch) -> None:
    going = threading.Event()
    read = importer._files_of

    def slow(staged: object, tell: object) -> ReadFiles:
        tell("read", 7, 0)  # type: ignore[operator]
        going.wait(30)
        return read(staged, tell)  # type: ignore[arg-type]

    monkeypatch.setattr(importer, "_files_of", slow)
    report = importer.stage([listed(*units(24))], NEW, who="curator", patience=0.2)
    assert (report["state"], report["progress"]) == ("reading", {"what": "read", "done": 7, "of": 0})
    going.set()
    assert importer.report(report["id"], patience=60)["state"] == "staged"


def test_an_import_is_taken_up_again_after_a_restart(tmp_path: Path, started: Path) -> None:
    with importing(tmp_path / "data", started) as (_, importer):
        before = importer.stage([listed(*units(1))], NEW, who="curator", patience=60)
    with importing(tmp_path / "data", started) as (repository, importer):
        after = importer.report(before["id"], patience=60)
        assert after == before
        done = importer.commit(after["id"], digest=before["digest"], why="", who="curator")
        assert done["change"] == repository.engine.version
    with importing(tmp_path / "data", started) as (_, importer):
        assert importer.commit(after["id"], digest="", why="", who="curator") == done


def test_a_discarded_import_is_gone_for_good(importer: Importer) -> None:
    report = importer.stage([listed(*units(25))], NEW, who="curator", patience=60)
    importer.discard(report["id"])
    importer.discard(report["id"])
    assert importer.report(report["id"])["state"] == "discarded"
    with pytest.raises(NotStaged):
        importer.decide(report["id"], {"accept_new": False})
    with pytest.raises(NotReady):
        importer.commit(report["id"], digest=report["digest"], why="", who="curator")


def test_what_makes_no_sense_is_refused_and_changes_nothing(importer: Importer) -> None:
    report = importer.stage([listed(*units(26))], NEW, who="curator", patience=60)
    with pytest.raises(WrongOption):
        importer.decide(report["id"], {"accept_new": "perhaps"})
    assert importer.report(report["id"])["options"]["accept_new"] is True
    for ask in (importer.report, importer.draft):
        with pytest.raises(NotStaged):
            ask("none")


def test_the_corrected_copy_is_a_workbook_and_several_come_as_a_zip(importer: Importer) -> None:
    report = importer.stage([listed(BROKEN)], NEW, who="curator", patience=60)
    one = importer.corrected(report["id"], "zh")
    assert (one.name, one.data[:2]) == ("名单 (标出问题).xlsx", b"PK")
    report = importer.stage(
        [listed(BROKEN), listed(*units(27), name="b.csv")], NEW, who="curator", patience=60
    )
    assert importer.corrected(report["id"], "en").name == "problems marked.zip"


def test_a_workbook_that_comes_back_unchanged_changes_nothing(
    importer: Importer, repository: Repository
) -> None:
    committed(importer, *units(28), title="名单二十八")
    with closing(Collections(repository.directory.path)) as register:
        asked = Request(ALLIANCE, "zh", date(2026, 11, 23))
        made = ask_members(repository.engine, repository.names, asked, register=register, who="curator")
        (unit,) = [one for one in made.units if one.labels.get("zh") == "某某第28医院"]
        with zipfile.ZipFile(io.BytesIO(made.archive)) as archive:
            returned = [("改了名.xlsx", archive.read(unit.file))]
        report = importer.stage(returned, who="curator", patience=60)
        codes = {one["code"] for one in report["remarks"]["items"]}
        assert "collect-unchanged" in codes
        assert (report["can_commit"], report["why_not"][0]["code"]) == (False, "commit-unchanged")
        (round_,) = register.listed()
        assert [one.unit for one in round_.asked if one.returned] == [unit.iri]
        importer.discard(report["id"])
        (round_,) = register.listed()
        assert not [one.unit for one in round_.asked if one.returned]


def test_a_department_of_one_file_is_the_same_in_another(importer: Importer) -> None:
    members = "单位名称,科室名称\n某某第29医院,新生儿科"
    able = "科室,能力项,是否开展\n某某第29医院新生儿科,亚低温治疗,是"
    files = [("成员.csv", members.encode()), ("能力.csv", able.encode())]
    report = importer.dry_run(files, NEW)
    assert report["remarks"]["errors"] == 0
    labels = [one["labels"].get("zh") for one in report["plan"]["entities"]]
    assert labels.count("新生儿科") <= 2
    assert not [one for one in report["findings"] if one["severity"] == "violation"]
