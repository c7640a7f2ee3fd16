"""What the service holds while it runs: everything that is made of the graph and kept in step with it."""

from __future__ import annotations

from fastapi import FastAPI

from api.explorer import Explorer
from api.importer import importer_of
from api.published import Published
from api.settings import Settings
from graph.current import Changes, unnamed
from graph.edges import EdgeBook
from graph.engine import Engine
from graph.imports.collections import Collections
from graph.partitions import PartitionCache
from graph.projection import ProjectionCache
from graph.repository import Repository
from graph.search_index import SearchCache
from graph.shacl_report import Validation
from graph.summary import SummaryCache
from graph.tables import TableCache
from graph.vocabulary import VocabularyCache


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
    app.state.validation = Validation(engine)
    app.state.partitions = PartitionCache(engine)
    app.state.vocabulary = VocabularyCache(engine, app.state.partitions, base)
    app.state.explorer = Explorer(
        engine, app.state.projections, app.state.tables, app.state.edges, base, app.state.today
    )


def hold_repository(app: FastAPI, repository: Repository, settings: Settings) -> None:
    """Put on ``app.state`` what handlers ask of an instance, besides what ``hold`` puts there: what may change it."""
    hold(app, repository.engine, repository.base, repository.changed_between)
    app.state.repository = repository
    app.state.collections = Collections(repository.directory.path)
    app.state.published = Published(repository, settings.title)
    app.state.importer = importer_of(repository, settings, app.state.collections, app.state.today)
