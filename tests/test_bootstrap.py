"""The set-up: what is made once stays, what no longer fits is made again, and what is missing is said plainly."""

import ast
import json
import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import bootstrap

ROOT = Path(__file__).resolve().parent.parent
EVERYDAY = bootstrap.EVERYDAY
names = st.from_regex(r"[a-z]{1,4}", fullmatch=True)
folders = st.dictionaries(names, st.binary(max_size=6), max_size=4)


def filled(folder: Path, files: dict[str, bytes]) -> Path:
    folder.mkdir(parents=True)
    for name, content in files.items():
        (folder / name).write_bytes(content)
    return folder


def step(tmp_path: Path, work: list[str], inputs: tuple[Path, ...] = ()) -> bootstrap.Step:
    made = tmp_path / "made"
    made.mkdir(exist_ok=True)
    return bootstrap.Step("一步 · a step", inputs, made / ".made", lambda: work.append("done"))


def test_a_step_is_done_once(tmp_path: Path) -> None:
    work: list[str] = []
    assert [step(tmp_path, work).ensure(), step(tmp_path, work).ensure()] == [True, False]
    assert work == ["done"]


def test_a_step_is_done_again_when_a_file_it_depends_on_changed(tmp_path: Path) -> None:
    work: list[str] = []
    source = tmp_path / "source"
    source.write_text("one", "utf-8")
    step(tmp_path, work, (source,)).ensure()
    source.write_text("two", "utf-8")
    assert step(tmp_path, work, (source,)).ensure()


def test_a_step_is_done_again_when_what_it_made_is_gone(tmp_path: Path) -> None:
    work: list[str] = []
    step(tmp_path, work).ensure()
    (tmp_path / "made" / ".made").unlink()
    assert step(tmp_path, work).ensure()


def test_a_step_that_failed_counts_as_not_done(tmp_path: Path) -> None:
    def fail() -> None:
        raise bootstrap.Failure("no")

    failing = bootstrap.Step("一步 · a step", (), tmp_path / ".made", fail)
    with pytest.raises(bootstrap.Failure):
        failing.ensure()
    assert not failing.is_done()


def test_moving_the_checkout_makes_every_step_new(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = bootstrap.digest_of([])
    monkeypatch.setattr(bootstrap, "ROOT", tmp_path)
    assert bootstrap.digest_of([]) != before


def environment_made_by(python: Path, venv: Path) -> None:
    venv.mkdir(exist_ok=True)
    (venv / "pyvenv.cfg").write_text(f"home = x\nexecutable = {python}\nversion = 3.11.2\n", "utf-8")


def test_another_python_may_take_its_turn_without_making_anything_new(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bootstrap, "VENV", tmp_path / "venv")
    environment_made_by(Path(sys.executable), tmp_path / "venv")
    before = bootstrap.digest_of([])
    monkeypatch.setattr(sys, "executable", str(tmp_path / "another"))
    assert bootstrap.digest_of([]) == before


def test_a_python_that_is_gone_makes_every_step_new(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bootstrap, "VENV", tmp_path / "venv")
    python = tmp_path / "python3.11"
    python.touch()
    environment_made_by(python, tmp_path / "venv")
    before = bootstrap.digest_of([])
    python.unlink()
    assert bootstrap.digest_of([]) != before


@given(first=folders, second=folders)
@example(first={"a": b"b"}, second={"ab": b""})
@example(first={"a": b"", "b": b""}, second={"a": b"\0src/b"})
def test_two_folders_have_one_digest_only_when_they_hold_the_same(
    tmp_path_factory: pytest.TempPathFactory, first: dict[str, bytes], second: dict[str, bytes]
) -> None:
    place = tmp_path_factory.mktemp("digest")
    digests = [
        bootstrap.digest_of([filled(place / n / "src", files)])
        for n, files in zip("ab", (first, second), strict=True)
    ]
    assert (digests[0] == digests[1]) == (first == second)


def test_each_stamp_lies_in_the_folder_that_its_step_makes() -> None:
    made = {bootstrap.VENV, bootstrap.MODULES, bootstrap.BUILT}
    stamps = [step.stamp for step in bootstrap.steps()]
    assert {stamp.parent for stamp in stamps} == made
    assert len(set(stamps)) == len(stamps)


def test_packages_come_from_the_folder_of_wheels_where_there_is_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bootstrap, "WHEELS", tmp_path / "wheels")
    assert (bootstrap.wheel_source(), bootstrap.npm_source()) == ([], [])
    filled(tmp_path / "wheels" / "npm", {"registry.txt": b"https://registry.example/\n"})
    assert bootstrap.wheel_source() == ["--no-index", "--find-links", str(tmp_path / "wheels")]
    assert bootstrap.npm_source()[0] == "--offline"
    assert bootstrap.npm_source()[-1] == "https://registry.example/"


def test_a_missing_network_is_said_plainly(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bootstrap, "WHEELS", tmp_path / "wheels")
    output = "Retrying: NewConnectionError\nERROR: No matching distribution found for rich==15.0.0\n"
    sentence = bootstrap.why_it_failed(["pip", "install"], output)
    assert "没有网络" in sentence
    assert "docs/howto/install-offline.md" in sentence
    (tmp_path / "wheels").mkdir()
    assert "does not fit this version or machine" in bootstrap.why_it_failed(["pip"], output)


def test_another_failure_shows_the_end_of_what_the_program_said() -> None:
    with pytest.raises(bootstrap.Failure, match=r"last words\n(.|\n)*this program failed: .*python"):
        bootstrap.call([sys.executable, "-c", "import sys; sys.exit('last words')"])


def test_a_python_without_venv_is_told_which_package_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(bootstrap.Failure, match="apt-get install -y python3-venv"):
        bootstrap.make_environment()


def test_an_older_python_can_read_far_enough_to_be_told() -> None:
    source = (ROOT / "bootstrap.py").read_text("utf-8")
    tree = ast.parse(source, feature_version=(3, 7))
    before_the_check = tree.body[:2]
    assert [type(node) for node in before_the_check] == [ast.Expr, ast.Import]
    assert ast.unparse(tree.body[2]).startswith("if sys.version_info < (3, 11):\n    sys.exit(")


def old_node(folder: Path, version: str) -> str:
    for name in ("node", "npm"):
        program = folder / name
        program.write_text(f"#!/bin/sh\necho {version}\n", "utf-8")
        program.chmod(0o755)
    return str(folder)


@pytest.mark.parametrize(
    ("version", "is_used"), [("v12.22.12", False), ("v18.20.4", True), ("v24.1.0", True)]
)
def test_the_machine_s_node_is_used_unless_it_is_too_old(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, version: str, is_used: bool
) -> None:
    monkeypatch.setenv("PATH", old_node(tmp_path, version) + os.pathsep + os.defpath)
    assert (bootstrap.machine_node() is not None) == is_used


class Suite:
    """Stands for pytest: remembers what was asked and answers with given exit codes."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, browser: str | None, codes: Sequence[int]) -> None:
        self.asked: list[list[str]] = []
        self.codes = list(codes)
        monkeypatch.setattr(bootstrap, "set_up", lambda arguments: 0)
        monkeypatch.setattr(bootstrap, "chromium", lambda: browser)
        monkeypatch.setattr(bootstrap, "pytest", self.answer)

    def answer(self, arguments: Sequence[str], given: Mapping[str, str] = os.environ) -> int:
        self.asked.append(list(arguments))
        self.programs = given.get("PATH", "")
        return self.codes.pop(0)


@pytest.mark.parametrize("codes", [(0, 0), (1, 0), (0, 1), (5, 0), (0, 5)])
def test_both_parts_are_run_and_each_failure_counts(
    monkeypatch: pytest.MonkeyPatch, codes: tuple[int, int]
) -> None:
    suite = Suite(monkeypatch, "chromium", codes)
    assert bootstrap.run_tests([]) == max(codes)
    assert [arguments[-2:] for arguments in suite.asked] == [["-m", EVERYDAY], ["-m", "web"]]


@pytest.mark.parametrize(("required", "code"), [("", 0), ("0", 0), ("1", 1)])
def test_without_a_browser_the_last_line_names_the_command_that_installs_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], required: str, code: int
) -> None:
    suite = Suite(monkeypatch, None, [0])
    monkeypatch.setenv("REQUIRE_BROWSER", required)
    assert bootstrap.run_tests([]) == code
    assert [arguments[-2:] for arguments in suite.asked] == [["-m", EVERYDAY]]
    assert capsys.readouterr().out.splitlines()[-1].endswith(bootstrap.INSTALL_BROWSER)


def test_arguments_say_exactly_which_tests_to_run(monkeypatch: pytest.MonkeyPatch) -> None:
    suite = Suite(monkeypatch, "chromium", [0])
    assert bootstrap.run_tests(["-k", "label"]) == 0
    assert suite.asked == [["-k", "label"]]


def test_the_browser_s_part_alone_needs_a_browser(monkeypatch: pytest.MonkeyPatch) -> None:
    Suite(monkeypatch, None, [])
    assert bootstrap.main(["test-web"]) == 1


def test_the_browser_named_in_the_environment_comes_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHROMIUM", sys.executable)
    assert bootstrap.chromium() == sys.executable


def test_the_hostile_files_alone_are_run_with_those_that_are_large(monkeypatch: pytest.MonkeyPatch) -> None:
    suite = Suite(monkeypatch, None, [0])
    assert bootstrap.run_hostile_tests(["-k", "zip"]) == 0
    assert suite.asked == [[*bootstrap.ALL_CORES, "tests/hostile", "-k", "zip"]]


def test_the_clients_are_installed_before_they_are_put_before_a_server(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    suite, work = Suite(monkeypatch, None, [0]), []
    monkeypatch.setattr(bootstrap, "clients", lambda: step(tmp_path, work))
    monkeypatch.setattr(bootstrap, "machine_node", lambda: None)
    monkeypatch.setattr(bootstrap, "installed_node", lambda: bootstrap.Node((), (), {"PATH": "/with/node"}))
    assert bootstrap.run_client_tests(["-k", "comunica"]) == 0
    assert (work, suite.asked) == (["done"], [["tests/clients", "-k", "comunica"]])
    assert suite.programs == "/with/node"


def test_every_kind_of_test_but_the_everyday_one_has_a_target_of_its_own() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    kinds = {marker.partition(":")[0] for marker in project["tool"]["pytest"]["ini_options"]["markers"]}
    assert kinds == set(bootstrap.APART)
    assert {f"test-{kind}" for kind in kinds} <= set(bootstrap.COMMANDS)


def test_an_unknown_command_is_answered_with_the_known_ones() -> None:
    done = subprocess.run(
        [sys.executable, "bootstrap.py", "fly"], cwd=ROOT, capture_output=True, encoding="utf-8", check=False
    )
    assert done.returncode == 2
    assert all(f"  {name}" in done.stdout for name in bootstrap.COMMANDS)


def test_make_knows_every_command_and_no_other() -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    targets = re.findall(r"^(?!\.)([a-z0-9 -]+):$", makefile, re.MULTILINE)
    assert targets == [" ".join(bootstrap.COMMANDS)]
    assert f".PHONY: {targets[0]}\n" in makefile


def test_every_command_is_described_in_both_languages() -> None:
    for command in bootstrap.COMMANDS.values():
        assert re.fullmatch(r"[^ ]*[\u4e00-\u9fff].* · [a-zA-Z', ]+", command.title)


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-node.lock", "requirements-bench.lock"])
def test_every_locked_package_has_a_version_and_hashes(name: str) -> None:
    text = (ROOT / name).read_text("utf-8").replace("\\\n", " ")
    locked = [line for line in text.splitlines() if line and not line.lstrip().startswith("#")]
    assert locked
    assert all(re.match(r"[a-z0-9_.-]+==\S+ .*--hash=sha256:[0-9a-f]{64}", line) for line in locked)
    assert "://" not in text


@pytest.mark.parametrize("folder", ["api/web", "tests/clients"])
def test_a_lock_of_javascript_packages_names_no_registry_and_a_digest_for_each(folder: str) -> None:
    locked = json.loads((ROOT / folder / "package-lock.json").read_text("utf-8"))["packages"]
    packages = [package for place, package in locked.items() if place]
    assert packages
    assert all(package["integrity"].startswith("sha512-") for package in packages)
    told = [{key: said for key, said in package.items() if key != "funding"} for package in packages]
    assert "://" not in json.dumps(told)


def test_javascript_clients_are_asked_for_by_their_exact_versions() -> None:
    asked = json.loads((ROOT / "tests/clients/package.json").read_text("utf-8"))["devDependencies"]
    assert all(re.fullmatch(r"\d+\.\d+\.\d+", version) for version in asked.values())
