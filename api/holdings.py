"""What the service holds while it runs: everything that is made of the graph and kept in step with it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from zoneinfo import ZoneInfo

from fastapi import FastAPI

from api.explorer import Explorer
from api.settings import Settings
from graph.current import Changes, unnamed
from graph.edges import EdgeBook
from graph.engine import Engine
from graph.imports.collections import Collections
from graph.imports.importer import Importer
from graph.imports.known_names import KnownNamesCache
from graph.imports.staging import Staging, StagingLimits
from graph.projection import ProjectionCache
from graph.repository import Repository
from graph.search_index import SearchCache
from graph.summary import SummaryCache
from graph.tables import TableCache


def hold(app: FastAPI, engine: Engine, base: str, changes: Changes = unnamed) -> None:
    """Put on ``app.state`` what handlers ask: the engine, and what is made of its graph.

    Args:
        app: the service; ``app.state.today`` tells its date.
        engine: the graph.
        base: the instance's own base.
        changes: tells what changed between two versions.
    """
    app.state.engine, app.state.base = engine, base
    app.state.search = SearchCache(engine, changes)
    app.state.projections = ProjectionCache(engine, changes)
    app.state.tables = TableCache(engine, changes)
    app.state.summaries = SummaryCache(engine)
    app.state.edges = EdgeBook(engine)
    app.state.explorer = Explorer(
        engine, app.state.projections, app.state.tables, app.state.edges, base, app.state.today
    )


def hold_repository(app: FastAPI, repository: Repository, settings: Settings) -> None:
    """Put on ``app.state`` what handlers ask of an instance, besides what ``hold`` puts there: what may change it."""
    hold(app, repository.engine, repository.base, repository.changed_between)
    app.state.repository = repository
    app.state.collections = Collections(repository.directory.path)
    app.state.importer = importer_of(repository, settings, app.state.collections, app.state.today)


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
        today=today or (lambda: today_in(settings.timezone)),
    )


def today_in(timezone: str) -> date:
    """Return the civil date where the alliance is, not where the machine's clock thinks it is."""
    return datetime.now(ZoneInfo(timezone)).date()
