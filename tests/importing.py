"""Small lists and an instance to import them into, shared by the tests of imports."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from page_data import packaged_engine

from engines import nursery
from graph.data_directory import DataDirectory
from graph.imports.collections import Collections
from graph.imports.draft import Drafting
from graph.imports.importer import Importer
from graph.imports.known_names import KnownNames, KnownNamesCache
from graph.imports.options import Options
from graph.imports.sources import Surroundings
from graph.imports.staging import Remembered, Staging
from graph.journal import Journal
from graph.local import LocalEngine
from graph.names import Names
from graph.repository import Repository
from graph.restricted import RestrictedFacts
from graph.sealing import KeyRing
from samples import BASE, NAMES

HEAD = "单位名称,医院等级,所在市县,加入时间,联系人,办公电话"
NEW = Options(accept_new=True)


def listed(
    *rows: str, title: str = "某省某联盟成员名单（2026年3月）", name: str = "名单.csv"
) -> tuple[str, bytes]:
    """Return a list as a CSV file: a title row, a head, and rows."""
    lines = [f"{title}{',' * HEAD.count(',')}", HEAD, *rows]
    return name, "\n".join(lines).encode()


def units(*numbers: int, place: str = "长春市") -> Sequence[str]:
    """Return rows of invented units."""
    return [f"某某第{number}医院,三级甲等,{place},2021.3,联系人甲,0431-80000000" for number in numbers]


@contextmanager
def importing(folder: Path, started: Path) -> Iterator[tuple[Repository, Importer]]:
    """Yield an instance with the packaged data in a folder, and its imports."""
    folder.mkdir(exist_ok=True)
    if not (folder / "journal.sqlite").exists():
        shutil.copy(started, folder)
    repository = Repository(DataDirectory(folder), nursery, base=BASE, workers=1)
    collections = Collections(folder)
    importer = Importer(
        repository,
        Staging(folder / "staging.sqlite"),
        KnownNamesCache(repository.engine),
        collections,
        area="220000",
        today=lambda: date(2026, 11, 23),
    )
    try:
        yield repository, importer
    finally:
        importer.close()
        collections.close()
        repository.close()


@dataclass(frozen=True)
class Here:
    """An instance in this process, for drafts: nothing is ever written to it."""

    engine: LocalEngine
    journal: Journal
    restricted: RestrictedFacts
    names: Names = NAMES
    base: str = BASE


@contextmanager
def drafting(folder: Path, **more: Any) -> Iterator[Drafting]:
    """Yield what drafts are made with, over the packaged data."""
    engine = packaged_engine()
    journal, keys = Journal(folder / "journal.sqlite"), KeyRing(folder / "keys.sqlite")
    held = Here(engine, journal, RestrictedFacts(journal, keys))
    around = Surroundings.of(engine, NAMES, "220000", date(2026, 11, 23))
    known = KnownNames.of(engine)
    said: dict[str, Any] = {
        "remembered": lambda _: Remembered(),
        "seed": b"seed",
        "report": untold,
        "checked": False,
    }
    yield Drafting(held, known, around, **said | more)
    journal.close()
    keys.close()


def untold(_what: str, _done: int, _of: int) -> None:
    """Tell nobody about progress."""
