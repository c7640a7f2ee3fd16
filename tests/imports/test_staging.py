"""Staged imports wait safely: private, sealed, bounded, across restarts, and gone when they are done."""

import stat
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from graph.imports.faults import NotStaged, StagingFull
from graph.imports.options import Options
from graph.imports.staging import Remembered, Staging, StagingLimits

SECRET = "联系人甲 0431-00000000".encode()
FILES = [("名单.xlsx", SECRET * 50), ("b.csv", b"a,b\n")]


class Clock:
    """A clock that a test puts forward."""

    def __init__(self) -> None:
        self.time = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        self.time += timedelta(seconds=1)
        return self.time


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def staging(tmp_path: Path, clock: Clock) -> Iterator[Staging]:
    made = Staging(tmp_path / "staging.sqlite", StagingLimits(imports=3, size=20_000, days=14), clock)
    yield made
    made.close()


def contents(folder: Path) -> bytes:
    return b"".join(file.read_bytes() for file in sorted(folder.iterdir()))


def test_files_and_options_come_back_as_they_were_given(staging: Staging) -> None:
    options = Options(why="年度名单", accept_new=True).revised({"mapping": {"a#1.1": {"columns": {"2": ""}}}})
    made = staging.add(FILES, options, by="curator", base=7)
    assert staging.get(made.id) == made
    assert (made.state, made.by, made.base, made.options) == ("staged", "curator", 7, options)
    assert staging.files(made.id) == FILES
    assert [(note.name, note.size) for note in made.files] == [("名单.xlsx", len(FILES[0][1])), ("b.csv", 4)]


def test_an_import_survives_a_restart(tmp_path: Path) -> None:
    first = Staging(tmp_path / "staging.sqlite")
    made = first.add(FILES, Options(), by="a", base=1)
    first.close()
    second = Staging(tmp_path / "staging.sqlite")
    assert (second.get(made.id), second.files(made.id)) == (made, FILES)
    second.close()


def test_nobody_else_may_read_the_files_of_staging(tmp_path: Path, staging: Staging) -> None:
    staging.add(FILES, Options(), by="a", base=1)
    modes = {file.name: stat.S_IMODE(file.stat().st_mode) for file in tmp_path.iterdir()}
    assert modes == {"staging.sqlite": 0o600, "staging-keys.sqlite": 0o600}


def test_what_is_uploaded_never_lies_readable_on_the_disk(tmp_path: Path, staging: Staging) -> None:
    staging.add([("a.csv", SECRET)], Options(), by="a", base=1)
    assert SECRET not in contents(tmp_path)


@pytest.mark.parametrize("state", ["committed", "discarded", "refused"])
def test_the_files_are_deleted_when_an_import_is_finished(staging: Staging, state: str) -> None:
    made = staging.add(FILES, Options(), by="a", base=1)
    done = staging.finish(made.id, state, {"id": made.id}, change=3)  # type: ignore[arg-type]
    assert (done.state, done.change, done.files) == (state, 3, made.files)
    assert staging.last_report(made.id) == {"id": made.id}
    with pytest.raises(NotStaged):
        staging.files(made.id)


def test_what_was_deleted_cannot_be_opened_from_an_older_copy(tmp_path: Path, clock: Clock) -> None:
    first = Staging(tmp_path / "staging.sqlite", now=clock)
    made = first.add(FILES, Options(), by="a", base=1)
    older = (tmp_path / "staging.sqlite").read_bytes()
    first.finish(made.id, "discarded", {})
    first.close()
    (tmp_path / "staging.sqlite").write_bytes(older)
    second = Staging(tmp_path / "staging.sqlite", now=clock)
    with pytest.raises(NotStaged):
        second.files(made.id)
    second.close()


def test_an_import_that_waits_too_long_loses_its_files(staging: Staging, clock: Clock) -> None:
    old = staging.add(FILES, Options(), by="a", base=1)
    clock.time += timedelta(days=13)
    assert [one.state for one in staging.listed()] == ["staged"]
    clock.time += timedelta(days=2)
    new = staging.add(FILES, Options(), by="a", base=1)
    assert [(one.id, one.state) for one in staging.listed()] == [(new.id, "staged"), (old.id, "expired")]
    with pytest.raises(NotStaged):
        staging.files(old.id)


def test_only_so_many_imports_may_wait(staging: Staging) -> None:
    made = [staging.add(FILES, Options(), by="a", base=1) for _ in range(3)]
    with pytest.raises(StagingFull) as caught:
        staging.add(FILES, Options(), by="a", base=1)
    assert (caught.value.limit, caught.value.most) == ("imports", 3)
    staging.finish(made[0].id, "discarded", {})
    staging.add(FILES, Options(), by="a", base=1)


def test_only_so_many_bytes_may_wait(staging: Staging) -> None:
    staging.add([("a", bytes(15_000))], Options(), by="a", base=1)
    with pytest.raises(StagingFull) as caught:
        staging.add([("b", bytes(6_000))], Options(), by="a", base=1)
    assert caught.value.limit == "bytes"
    assert len(staging.listed()) == 1


def test_each_revision_of_what_was_said_is_counted(staging: Staging) -> None:
    made = staging.add(FILES, Options(), by="a", base=1)
    revised = staging.revise(made.id, made.options.revised({"accept_new": True}))
    assert (revised.revision, revised.options.accept_new) == (1, True)


def test_a_finished_import_is_not_revised(staging: Staging) -> None:
    made = staging.add(FILES, Options(), by="a", base=1)
    staging.finish(made.id, "discarded", {})
    with pytest.raises(NotStaged):
        staging.revise(made.id, Options())


def test_an_import_that_was_forgotten_leaves_no_trace(staging: Staging) -> None:
    made = staging.add(FILES, Options(), by="a", base=1)
    staging.forget(made.id)
    assert staging.listed() == []
    for ask in (staging.get, staging.files, staging.last_report):
        with pytest.raises(NotStaged):
            ask(made.id)


def test_an_import_that_was_taken_back_says_by_which_change(staging: Staging) -> None:
    made = staging.add(FILES, Options(), by="a", base=1)
    staging.finish(made.id, "committed", {}, change=4)
    staging.undone(4, by=5)
    assert (staging.get(made.id).state, staging.get(made.id).undone_by) == ("undone", 5)


def test_columns_are_remembered_for_each_document(staging: Staging) -> None:
    staging.remember("urn:a", Remembered({"members": {"单位": "name_zh", "其他": ""}}, {"Sheet1": "members"}))
    staging.remember("urn:a", Remembered({"members": {"其他": "note"}}, {}))
    assert staging.remembered("urn:a") == Remembered(
        {"members": {"单位": "name_zh", "其他": "note"}}, {"Sheet1": "members"}
    )
    assert staging.remembered("urn:b") == Remembered()


def test_an_import_is_called_what_its_document_is_called(staging: Staging) -> None:
    made = staging.add(FILES, Options(), by="a", base=1)
    assert made.title == "名单.xlsx"
    staging.entitle(made.id, "成员名单")
    assert staging.get(made.id).title == "成员名单"


def test_an_import_that_was_taken_back_and_done_again_is_in_force(staging: Staging) -> None:
    made = staging.add(FILES, Options(), by="a", base=1)
    staging.finish(made.id, "committed", {}, change=4)
    staging.undone(4, by=5)
    staging.redone(4)
    assert (staging.get(made.id).state, staging.get(made.id).undone_by) == ("committed", None)
