"""Opening the imports of an instance: from settings to an importer."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from api.settings import Settings
from graph.imports.collections import Collections
from graph.imports.importer import Importer
from graph.imports.known_names import KnownNamesCache
from graph.imports.staging import Staging, StagingLimits
from graph.repository import Repository


def importer_of(
    repository: Repository,
    settings: Settings,
    collections: Collections | None = None,
    today: Callable[[], date] | None = None,
) -> Importer:
    """Return the imports of an instance; to be closed before it."""
    limits = StagingLimits(settings.imports_waiting, settings.import_bytes, settings.import_days)
    return Importer(
        repository,
        Staging(repository.directory.path / "staging.sqlite", limits),
        KnownNamesCache(repository.engine),
        collections,
        area=settings.area,
        today=today or settings.today,
    )
