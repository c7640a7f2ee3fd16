"""Importing on the command line: the same words on a stopped instance and through its server."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from importing import listed, units

from api.progress import STEPS
from servers import Server, command, served

BROKEN = "某某第9医院,三级甲等,长春市,二〇二一年十三月,,"


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory, started: Path) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("running")
    shutil.copy(started, folder)
    with served(folder) as made:
        yield made


def write(folder: Path, file: tuple[str, bytes]) -> str:
    path = folder / file[0]
    path.write_bytes(file[1])
    return str(path)


def without_progress(said: str) -> list[str]:
    """Return what was said besides the steps of the work: how many are seen depends on how long they take."""
    steps = tuple(name for names in STEPS.values() for name in names.values())
    return [line for line in said.splitlines() if not line.startswith(steps)]


def test_a_list_is_looked_at_imported_and_taken_back(tmp_path: Path, running: Server) -> None:
    file = write(tmp_path, listed(*units(1, 2), title="甲"))
    looked = command("import", file, "--dry-run", data=running.data)
    waiting = "Names to decide: 0 are like units on record, 2 are like none"
    assert (looked.returncode, waiting in looked.stdout) == (1, True), looked
    done = command("import", file, "--accept-new", "--why", "年度名单", data=running.data)
    assert (done.returncode, "Change 2:" in done.stdout) == (0, True), done
    again = command("import", file, "--accept-new", data=running.data)
    assert (again.returncode, "nothing was changed" in again.stdout) == (0, True), again
    undone = command("undo", "2", "--why", "发错了", data=running.data)
    assert (undone.returncode, "Change 3 takes change 2 back" in undone.stdout) == (0, True), undone


def test_a_stopped_instance_and_a_running_one_say_the_same(
    tmp_path: Path, running: Server, started: Path
) -> None:
    data = tmp_path / "data"
    data.mkdir()
    shutil.copy(started, data)
    file = write(tmp_path, listed(*units(3), BROKEN, title="乙", name="乙.csv"))
    for arguments in (
        ("import", file, "--accept-new", "--why", "x"),
        ("import", file, "--accept-new", "--leave-out-errors", "--lang", "zh"),
    ):
        own, through = (command(*arguments, data=folder) for folder in (data, running.data))
        assert own.returncode == through.returncode
        assert without_progress(own.stderr) == without_progress(through.stderr)
        told = [one.stdout.splitlines() for one in (own, through)]
        assert told[0][:-1] == told[1][:-1]
    undone = command("undo", "2", data=data)
    assert (undone.returncode, "Change 3 takes change 2 back" in undone.stdout) == (0, True), undone


def test_an_error_is_told_with_its_cell_and_what_to_do(tmp_path: Path, running: Server) -> None:
    file = write(tmp_path, listed(*units(5), BROKEN, title="丙", name="丙.csv"))
    refused = command("import", file, "--accept-new", "--lang", "zh", data=running.data)
    assert refused.returncode == 1
    for word in ("第 4 行", "D 列“加入时间”", "二〇二一年十三月", "处理：", "错误 1 处"):
        assert word in refused.stdout, refused
    assert "没有写入任何内容" in refused.stderr


def test_a_file_that_cannot_be_read_is_one_plain_refusal(tmp_path: Path, running: Server) -> None:
    file = write(tmp_path, ("a.png", b"\x89PNG\r\n\x1a\n" + bytes(64)))
    refused = command("import", file, data=running.data)
    assert (refused.returncode, refused.stdout) == (1, "")
    assert "a.png" in refused.stderr
    assert "Nothing was written" in refused.stderr
    assert "Traceback" not in refused.stderr


def test_a_dry_run_needs_no_instance_and_makes_none(tmp_path: Path) -> None:
    file = write(tmp_path, listed(*units(6)))
    looked = command("import", file, "--dry-run", "--accept-new", data=tmp_path / "none")
    assert (looked.returncode, "nothing was kept" in looked.stdout) == (0, True), looked
    assert not (tmp_path / "none").exists()


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("import",), 2, "Missing argument"),
        (("import", "missing.xlsx"), 1, "Cannot read"),
        (("import", "README.md", "--lang", "fr"), 2, "fr"),
        (("import", "README.md", "--area", "Jilin"), 1, "area"),
        (("undo", "99"), 1, "nothing to undo"),
        (("undo", "none"), 2, "Invalid value"),
    ],
)
def test_a_mistake_is_told_plainly(
    running: Server, arguments: tuple[str, ...], code: int, words: str
) -> None:
    said = command(*arguments, data=running.data)
    assert (said.returncode, words in said.stderr) == (code, True), said
    assert "Traceback" not in said.stderr
