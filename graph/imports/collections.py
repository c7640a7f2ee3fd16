"""Who was asked for data, and who has returned it since when: a small register beside the journal."""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from graph.imports.collect import AskedUnit
from graph.imports.collect_id import CollectId

FILE = "collections.sqlite"
"""Name of the file in the data directory."""

_SCHEMA = """
CREATE TABLE IF NOT EXISTS collection (
    id TEXT PRIMARY KEY, alliance TEXT NOT NULL, made TEXT NOT NULL, who TEXT NOT NULL, until TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS asked (
    collection TEXT NOT NULL REFERENCES collection, unit TEXT NOT NULL, labels TEXT NOT NULL, file TEXT NOT NULL,
    PRIMARY KEY (collection, unit)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS returned (
    collection TEXT NOT NULL, unit TEXT NOT NULL, time TEXT NOT NULL, import TEXT NOT NULL, changed INTEGER NOT NULL,
    PRIMARY KEY (collection, unit, import)
) WITHOUT ROWID;
"""


@dataclass(frozen=True)
class Return:
    """A workbook that came back: when (UTC, ISO 8601), by which import, how many cells were changed."""

    time: str
    import_id: str
    changed: int


@dataclass(frozen=True)
class Asked:
    """A unit that was asked: the workbook it was sent, and what came back, the latest first."""

    unit: str
    labels: Mapping[str, str]
    file: str
    returned: tuple[Return, ...] = ()


@dataclass(frozen=True)
class Collection:
    """One round of asking.

    Attributes:
        id: its id, as the workbooks hold it.
        alliance: IRI of the alliance whose members were asked.
        made: when (UTC, ISO 8601).
        who: who asked.
        until: by when an answer was asked for (empty: not said).
        asked: the units, in the order of their names.
    """

    id: str
    alliance: str
    made: str
    who: str
    until: str
    asked: tuple[Asked, ...] = field(default=())

    @property
    def waiting(self) -> tuple[Asked, ...]:
        """The units that have not returned anything."""
        return tuple(one for one in self.asked if not one.returned)


class Collections:
    """The register of one instance. Safe to use from several threads."""

    def __init__(self, folder: Path) -> None:
        """Open the register in a data directory, or start one."""
        self._lock = threading.Lock()
        self._db = sqlite3.connect(folder / FILE, isolation_level=None, check_same_thread=False)
        self._db.executescript(_SCHEMA)

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._db.close()

    def remember(self, collection: Collection, units: Sequence[AskedUnit]) -> None:
        """Note that workbooks were made for some units."""
        head = (collection.id, collection.alliance, collection.made, collection.who, collection.until)
        rows = [
            (collection.id, unit.iri, json.dumps(dict(unit.labels), ensure_ascii=False), unit.file)
            for unit in units
        ]
        with self._lock, self._db:
            self._db.execute("BEGIN")
            self._db.execute("INSERT INTO collection VALUES (?, ?, ?, ?, ?)", head)
            self._db.executemany("INSERT INTO asked VALUES (?, ?, ?, ?)", rows)

    def came_back(self, one: CollectId, time: str, import_id: str, changed: int) -> None:
        """Note that a workbook came back; the same import notes it once."""
        row = (one.collection, one.organization, time, import_id, changed)
        with self._lock:
            self._db.execute("INSERT OR REPLACE INTO returned VALUES (?, ?, ?, ?, ?)", row)

    def forget_import(self, import_id: str) -> None:
        """Note that an import was discarded: what came with it counts as not returned."""
        with self._lock:
            self._db.execute("DELETE FROM returned WHERE import = ?", (import_id,))

    def asked(self, one: CollectId) -> Asked | None:
        """Return the unit that a workbook was made for; ``None`` when it was not sent from here."""
        for collection in self.listed():
            if collection.id == one.collection:
                return next((unit for unit in collection.asked if unit.unit == one.organization), None)
        return None

    def listed(self) -> list[Collection]:
        """Return all rounds with who was asked and who has returned, the newest first."""
        with self._lock:
            heads = self._db.execute("SELECT * FROM collection ORDER BY made DESC, id").fetchall()
            asked = self._db.execute("SELECT * FROM asked ORDER BY file").fetchall()
            returned = self._db.execute("SELECT * FROM returned ORDER BY time DESC").fetchall()
        back: dict[tuple[str, str], list[Return]] = {}
        for collection, unit, *said in returned:
            back.setdefault((collection, unit), []).append(Return(*said))
        units: dict[str, list[Asked]] = {}
        for collection, unit, labels, file in asked:
            came = tuple(back.get((collection, unit), ()))
            units.setdefault(collection, []).append(Asked(unit, json.loads(labels), file, came))
        return [
            Collection(id_, alliance, made, who, until, tuple(units.get(id_, ())))
            for id_, alliance, made, who, until in heads
        ]
