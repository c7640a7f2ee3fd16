"""The W3C test suites over HTTP, against ``serve --bare``: ``make test-w3c W3C=FOLDER``.

The folder holds ``rdf-tests``, ``data-shapes-test-suite`` and the runner ``sparql_http_conformance.py``, which is
loaded from there and asks the server as any client would. What it finds is held against
``tests/data/w3c-expected.toml``: each test that fails has to be named there, with the reason. No answer may be of
class 5xx, and without an allow-list nobody may hear from the server.
"""

from __future__ import annotations

import argparse
import contextlib
import importlib.util
import io
import json
import socket
import sys
import tempfile
import time
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any

import rdflib

from servers import Server, served

EXPECTED = Path(__file__).parent / "data" / "w3c-expected.toml"
PAGE = Path(__file__).parent.parent / "docs" / "reference" / "conformance.md"
RUNNER = "sparql_http_conformance.py"


@dataclass(frozen=True)
class Suite:
    """A suite as it should turn out: what it is called, how many tests pass, and how many the runner skips."""

    name: str
    title: str
    passed: int
    skipped: int
    failures: Mapping[str, str]
    """Test to the name of the reason why it fails."""

    @property
    def total(self) -> int:
        """How many tests count."""
        return self.passed + len(self.failures)


@dataclass(frozen=True)
class Expected:
    """How the suites should turn out, and why tests fail, by language."""

    suites: Mapping[str, Suite]
    reasons: Mapping[str, Mapping[str, str]]

    @classmethod
    def read(cls) -> Expected:
        """Return what the file says."""
        said = tomllib.loads(EXPECTED.read_text(encoding="utf-8"))
        suites = {
            name: Suite(name, one["title"], one["passed"], one.get("skipped", 0), one.get("failures", {}))
            for name, one in said["suites"].items()
        }
        return cls(suites, said["reasons"])


@dataclass
class Outcome:
    """What came of a suite: tests that passed, that failed (with what was seen) and that were skipped."""

    passed: set[str]
    failed: dict[str, str]
    skipped: set[str]
    seconds: float


@dataclass
class Heard:
    """What the server answered, counted by class of status, and the answers of class 5xx."""

    classes: dict[int, int] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)

    def note(self, method: str, target: str, status: int) -> None:
        """Count an answer."""
        self.classes[status // 100] = self.classes.get(status // 100, 0) + 1
        if status >= 500:
            self.faults.append(f"{method} {target[:100]} -> {status}")


def regressions(suite: Suite, outcome: Outcome) -> list[str]:
    """Return what is worse than expected."""
    said = [
        f"{name}: {seen[:200]}" for name, seen in sorted(outcome.failed.items()) if name not in suite.failures
    ]
    if len(outcome.passed) < suite.passed and not said:
        said.append(f"{len(outcome.passed)} tests passed, not {suite.passed}")
    return said


def surprises(suite: Suite, outcome: Outcome) -> list[str]:
    """Return the tests that pass although they are listed as failing."""
    return sorted(suite.failures.keys() & outcome.passed)


def page(expected: Expected) -> str:
    """Return the page of the documentation that tells the figures and the known failures."""
    return "\n".join(_page(expected))


def _page(expected: Expected) -> Iterator[str]:
    yield "# 符合标准的程度 · Conformance\n"
    yield "`make test-w3c W3C=目录` 通过 HTTP 对 `serve --bare` 运行 W3C 测试集（`.ci/run` 也运行它）。本页由"
    yield "`tests/data/w3c-expected.toml` 生成；结果比它差，命令即以失败结束。\n"
    yield "`make test-w3c W3C=FOLDER` runs the suites of the W3C over HTTP against `serve --bare`; so does `.ci/run`."
    yield "This page is made from `tests/data/w3c-expected.toml`; the command fails when anything is worse.\n"
    yield "| 测试集 · suite | 通过 · passed | 计入 · counted | 略过 · skipped |"
    yield "|---|---:|---:|---:|"
    for suite in expected.suites.values():
        yield f"| {suite.title} (`{suite.name}`) | {suite.passed} | {suite.total} | {suite.skipped} |"
    yield ""
    yield "整个过程中没有 5xx 应答；不设允许名单时，联邦查询不产生任何外联。略过的是需要第三方主机的语法测试，"
    yield "或运行程序不支持的格式。\n"
    yield "No answer is of class 5xx over all of it; without an allow-list federated queries open no connection."
    yield "Skipped are syntax tests that need hosts of third parties, and formats that the runner does not send.\n"
    yield "## 已知的失败 · Known failures\n"
    for reason, said in expected.reasons.items():
        named = [
            test
            for suite in expected.suites.values()
            for test, why in suite.failures.items()
            if why == reason
        ]
        if named:
            yield f"- {said['zh']}"
            yield f"  {said['en']}"
            yield f"  {', '.join(f'`{test}`' for test in named)}"
    yield ""


# Running ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Bench:
    """A server under test, and the runner that tests it."""

    runner: ModuleType
    folder: Path
    server: Server
    heard: Heard
    mock_port: int

    def outcome(self, suite: str) -> Outcome:
        """Run a suite."""
        at = self.server.address
        with tempfile.TemporaryDirectory() as folder:
            told = Path(folder) / "told.json"
            arguments = [
                *(
                    "--tests",
                    str(self.folder / "rdf-tests"),
                    "--shapes",
                    str(self.folder / "data-shapes-test-suite"),
                ),
                *(
                    "--query-url",
                    f"{at}/sparql",
                    "--update-url",
                    f"{at}/update",
                    "--shacl-url",
                    f"{at}/shacl",
                ),
                *("--gsp-url", f"{at}/graph-store", "--gsp-direct", "--json", str(told), "--suite", suite),
                *(("--mock-port", str(self.mock_port)) if self.mock_port else ()),
            ]
            started = time.monotonic()
            _run(self.runner, arguments, self.heard)
            seconds = time.monotonic() - started
            found: Mapping[str, Sequence[str]] = json.loads(told.read_text())[suite]
        return Outcome(
            {name for name, (state, _) in found.items() if state == "passed"},
            {name: seen for name, (state, seen) in found.items() if state == "failed"},
            {name for name, (state, _) in found.items() if state == "skipped"},
            seconds,
        )


def _loaded(folder: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location("sparql_http_conformance", folder / RUNNER)
    if spec is None or spec.loader is None:
        raise FileNotFoundError(folder / RUNNER)
    runner = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(runner)
    return runner


def _run(runner: Any, arguments: Sequence[str], heard: Heard) -> None:
    """Run the runner as its command line does, counting what the server answers."""
    plain = runner.Http

    class Listening(plain):  # type: ignore[misc]
        def __call__(self, method: str, url: str, headers: object = None, body: object = None) -> Any:
            answer = super().__call__(method, url, headers, body)
            heard.note(method, url, answer[0])
            return answer

    given = sys.argv
    sys.argv, runner.Http = [RUNNER, *arguments], Listening
    try:
        with contextlib.suppress(SystemExit), contextlib.redirect_stdout(io.StringIO()):
            runner.main()
    finally:
        sys.argv, runner.Http = given, plain


@contextlib.contextmanager
def _bench(folder: Path, heard: Heard, *, mock: bool = False, allowed: bool = False) -> Iterator[Bench]:
    """Start a server for one or more suites, and another endpoint for it to ask, if there is to be one."""
    port = _free_port() if mock else 0
    env = _allowing(port) if allowed else {}
    with tempfile.TemporaryDirectory() as data, served(Path(data) / "data", "--bare", env=env) as server:
        runner: Any = _loaded(folder)
        runner.MOCK["graphs"]["/g"] = (
            rdflib.Graph()
        )  # the endpoint that the syntax tests name, which states nothing
        yield Bench(runner, folder, server, heard, port)


def _allowing(port: int) -> Mapping[str, str]:
    """Return settings that let a server ask the endpoint on a port, and take relative names for names there."""
    there = f"http://127.0.0.1:{port}/"
    return {"MEDALLIANCE_REMOTE": f"{there} http://invalid.endpoint.org/", "MEDALLIANCE_BASE": there}


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def say(line: str) -> None:
    """Tell something at once, also into a pipe."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def run(folder: Path, names: Sequence[str]) -> int:
    """Run suites, say what came of them, and return 0 when nothing is worse than expected."""
    expected, heard, worse = Expected.read(), Heard(), []
    chosen = [suite for suite in expected.suites.values() if not names or suite.name in names]
    with _bench(folder, heard) as bench:
        for suite in chosen:
            if suite.name != "federation":
                worse += _told(suite, bench.outcome(suite.name))
    for suite in chosen:
        if suite.name == "federation":
            with _bench(folder, heard, mock=True, allowed=True) as bench:
                worse += _told(suite, bench.outcome(suite.name))
            with _bench(folder, heard, mock=True) as bench:
                bench.outcome(suite.name)
                reached = int(bench.runner.MOCK["hits"])
            say(f"federation without an allow-list: {reached} connections to other servers")
            worse += [f"federation: {reached} connections without an allow-list"] if reached else []
    answered = ", ".join(f"{count} of class {kind}xx" for kind, count in sorted(heard.classes.items()))
    say(f"answers: {answered}; {len(heard.faults)} of class 5xx")
    worse += heard.faults
    for line in worse:
        say(f"WORSE {line}")
    return int(bool(worse))


def _told(suite: Suite, outcome: Outcome) -> list[str]:
    counted = len(outcome.passed) + len(outcome.failed)
    say(
        f"{suite.name}: {len(outcome.passed)}/{counted} passed, {len(outcome.skipped)} skipped,"
        f" {len(outcome.failed.keys() & suite.failures.keys())} known failures ({outcome.seconds:.1f} s)"
    )
    for name in surprises(suite, outcome):
        say(f"  passes now, take it out of {EXPECTED.name}: {name}")
    return [f"{suite.name}: {line}" for line in regressions(suite, outcome)]


def main() -> int:
    """Run the suites, or write the page of the documentation."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--w3c", type=Path, help="the folder of the suites and their runner")
    parser.add_argument("--suite", nargs="+", default=[], help="only these")
    parser.add_argument("--write-page", action="store_true", help=f"write {PAGE.name} and end")
    given = parser.parse_args()
    if given.write_page:
        PAGE.write_text(page(Expected.read()), encoding="utf-8")
        return 0
    if given.w3c is None or not (given.w3c / RUNNER).is_file():
        parser.error(f"{RUNNER}: not in {given.w3c}; give the folder as W3C=FOLDER")
    return run(given.w3c.resolve(), given.suite)


if __name__ == "__main__":
    sys.exit(main())
