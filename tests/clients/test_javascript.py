"""Comunica, fetch-sparql-endpoint and sparql-http-client before running servers.

The scenarios stand in the ``*.test.mjs`` files, as tests of Node's own runner. Each file is run once; each of its
scenarios is a test here and shows what Node said about it.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest
from partners import Partner

pytestmark = pytest.mark.clients

HERE = Path(__file__).parent
SCENARIO = re.compile(r'^test\("(.+?)",', re.MULTILINE)
SCENARIOS = [
    (file.name, name)
    for file in sorted(HERE.glob("*.test.mjs"))
    for name in SCENARIO.findall(file.read_text("utf-8"))
]
PATIENCE = 120
"""Seconds for one file."""

Outcome = dict[str, str | bool | float]


@pytest.fixture(scope="session")
def outcomes(instance: Partner, bare_server: Partner) -> Callable[[str], dict[str, Outcome]]:
    """Runs a file of scenarios, once, and tells what became of each."""
    node = shutil.which("node")
    if node is None or not (HERE / "node_modules").is_dir():
        pytest.fail("the JavaScript clients are not installed; make test-clients does it")
    told = {
        "INSTANCE": instance.address,
        "TOKEN": instance.token,
        "BARE": bare_server.address,
        "BARE_TOKEN": bare_server.token,
    }

    @cache
    def run(name: str) -> dict[str, Outcome]:
        done = subprocess.run(
            [node, "--test", "--test-reporter=./reporter.mjs", name],
            cwd=HERE,
            env=os.environ | told,
            capture_output=True,
            encoding="utf-8",
            timeout=PATIENCE,
            check=False,
        )
        found = {one["name"]: one for one in map(json.loads, done.stdout.splitlines())}
        assert found, done.stderr
        return found

    return run


@pytest.mark.parametrize(("file", "scenario"), SCENARIOS)
def test_a_javascript_client_finds_what_it_expects(
    outcomes: Callable[[str], dict[str, Outcome]], file: str, scenario: str
) -> None:
    outcome = outcomes(file)[scenario]
    assert outcome["passed"], outcome["why"]
