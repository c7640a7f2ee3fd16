"""Servers that programs of partners are put before.

``instance`` is a real instance with the packaged facts and the invented ones of ``facts.ttl``; ``bare`` is a plain
dataset to write to, emptied before each test. Both are processes of their own, started once.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from partners import FACTS, Partner, token_in

from servers import command, served


@pytest.fixture(scope="session")
def instance(tmp_path_factory: pytest.TempPathFactory, started: Path) -> Iterator[Partner]:
    """An instance with the packaged facts and ours; what a test writes to it, it takes away again."""
    folder = tmp_path_factory.mktemp("instance")
    shutil.copy(started, folder)
    loaded = command("load", str(FACTS), data=folder)
    assert loaded.returncode == 0, loaded.stderr
    token = token_in(folder)
    with served(folder) as server:
        yield Partner(server, token)


@pytest.fixture(scope="session")
def bare_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Partner]:
    """A plain dataset; tests use ``bare``, which is empty."""
    folder = tmp_path_factory.mktemp("bare")
    token = token_in(folder)
    with served(folder, "--bare") as server:
        yield Partner(server, token)


@pytest.fixture
def bare(bare_server: Partner) -> Partner:
    """A plain dataset that holds nothing."""
    headers = {"Content-Type": "application/sparql-update", **bare_server.bearer}
    emptied = bare_server.server.ask("POST", "/update", headers, b"DROP ALL")
    assert emptied.status in (200, 204), emptied.text
    return bare_server
