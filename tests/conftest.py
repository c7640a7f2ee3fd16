"""Fixtures: the smallest data that has what a test needs.

``engine`` runs a test on every engine: a new one added to ``ENGINES`` gets all contract tests free. ``repository`` is
an instance with the packaged data, shared by tests that only read; tests that write open their own with ``opened``.
``server`` is a real one in a process of its own. A test writes its own three lines of Turtle rather than adding a
fixture here.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import httpx
import hypothesis
import pytest
from written_to import plain_dataset, whole_instance

from engines import ENGINES, nursery
from graph.data_directory import DataDirectory
from graph.engine import Engine
from graph.repository import Repository
from graph.settle import Knowledge
from samples import BASE, NAMES
from servers import Server, served

# A slow machine is not a fault; and what is tried every day need not be tried a hundred times each time.
hypothesis.settings.register_profile("suite", deadline=None, max_examples=50)
hypothesis.settings.load_profile("suite")


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest) -> Iterator[Engine]:
    """An empty engine of each kind, with names but without rules and checks."""
    made = ENGINES[request.param](Knowledge(NAMES))
    yield made
    made.close()


@pytest.fixture(scope="session")
def started(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The journal of an instance that was just started, to be copied: starting one anew takes seconds."""
    folder = tmp_path_factory.mktemp("started")
    Repository(DataDirectory(folder), nursery, base=BASE).close()
    return folder / "journal.sqlite"


@pytest.fixture
def opened(tmp_path: Path, started: Path) -> Iterator[Callable[..., Repository]]:
    """Opens instances in the test's own folder; all are closed at the end."""
    with ExitStack() as stack:

        def open_one(name: str = "data", *, plain: bool = False) -> Repository:
            folder = tmp_path / name
            if not folder.exists():
                folder.mkdir()
                if not plain:
                    shutil.copy(started, folder)
            made = Repository(DataDirectory(folder), nursery, base=BASE, plain=plain, workers=2)
            stack.callback(made.close)
            return made

        yield open_one


@pytest.fixture(scope="session")
def repository(tmp_path_factory: pytest.TempPathFactory, started: Path) -> Iterator[Repository]:
    """One instance with the packaged data, for tests that only read."""
    folder = tmp_path_factory.mktemp("shared")
    shutil.copy(started, folder)
    made = Repository(DataDirectory(folder), nursery, base=BASE, workers=2)
    yield made
    made.close()


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory, started: Path) -> Iterator[Server]:
    """A real server in a process of its own, with the packaged data, for tests that only read."""
    folder = tmp_path_factory.mktemp("served")
    shutil.copy(started, folder)
    with served(folder) as made:
        yield made


@pytest.fixture(scope="session")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """A plain dataset in this process, for tests that write; each module empties it before each test."""
    with plain_dataset(tmp_path_factory.mktemp("plain"), update_bytes=100_000) as client:
        yield client


@pytest.fixture(scope="session")
def instance(tmp_path_factory: pytest.TempPathFactory, started: Path) -> Iterator[httpx.Client]:
    """An instance in this process with the packaged data, for tests that write and clean up behind themselves."""
    with whole_instance(tmp_path_factory.mktemp("instance"), started) as client:
        yield client
