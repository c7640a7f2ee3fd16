"""What may go wrong with an import as a whole; each says what there is to know about it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

from graph.imports.remarks import Remark

Json = dict[str, Any]


class ImportFault(Exception):
    """Something that stands in the way of an import."""


class WrongOption(ImportFault):
    """Something was said of an import that has no meaning: names it and what was said."""

    def __init__(self, name: str, value: object) -> None:
        super().__init__(f"{name} = {value}")
        self.name, self.value = name, value


class NotStaged(ImportFault):
    """There is no such import, or it does not wait any more; ``name`` is what it was called."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


class StagingFull(ImportFault):
    """Too many imports wait, or their files are too large together; ``limit`` says which limit was reached."""

    def __init__(self, limit: Literal["imports", "bytes"], most: int) -> None:
        super().__init__(f"{most} {limit}")
        self.limit, self.most = limit, most


class ImportRefused(ImportFault):
    """Nothing in the files can be read; ``remarks`` say why."""

    def __init__(self, remarks: Sequence[Remark]) -> None:
        super().__init__(f"{len(remarks)} remarks")
        self.remarks = tuple(remarks)


class NotReady(ImportFault):
    """An import cannot be committed as it is; ``report`` says why not."""

    def __init__(self, report: Json) -> None:
        super().__init__(str(report["state"]))
        self.report = report


class Conflict(ImportFault):
    """What would be written is no longer what was seen.

    Attributes:
        digest: of the plan as it is now.
        version: of the graph now.
        changes: what others have changed since: number, time, who, why, source, added, removed, things.
    """

    def __init__(self, digest: str, version: int, changes: list[Json]) -> None:
        super().__init__(f"version {version}")
        self.digest, self.version, self.changes = digest, version, changes
