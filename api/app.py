"""The application: what it is made of, in one place."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import date, datetime
from importlib.metadata import version
from pathlib import Path
from zoneinfo import ZoneInfo

from fastapi import FastAPI
from fastapi.middleware.gzip import GZipMiddleware
from starlette.staticfiles import StaticFiles

from api import (
    docs,
    explore,
    graph_routes,
    health,
    help_page,
    linked_data,
    list_pages,
    lists,
    pages,
    picture_route,
    query_page,
    rest,
)
from api.errors import HANDLED, handler
from api.explorer import Explorer
from api.instance import open_repository
from api.security import SecurityHeaders
from api.settings import Settings
from api.sparql import PARAMETERS, sparql
from graph.edges import EdgeBook
from graph.projection import ProjectionCache
from graph.repository import Repository
from graph.search_index import SearchCache
from graph.summary import SummaryCache
from graph.tables import TableCache

STATIC = Path(__file__).parent / "static"


def create_app(settings: Settings, opened: Callable[[], Repository] | None = None) -> FastAPI:
    """Return the service for one instance.

    Args:
        settings: what is set.
        opened: returns the repository when the service starts; by default the one that the settings name.
    """

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        repository = opened() if opened else open_repository(settings)
        app.state.repository = repository
        app.state.engine = repository.engine
        app.state.base = repository.base
        app.state.projections = ProjectionCache(repository.engine, repository.changed_between)
        app.state.search = SearchCache(repository.engine, repository.changed_between)
        app.state.summaries = SummaryCache(repository.engine)
        app.state.tables = TableCache(repository.engine, repository.changed_between)
        app.state.edges = EdgeBook(repository.engine)
        app.state.explorer = Explorer(
            repository.engine,
            app.state.projections,
            app.state.tables,
            app.state.edges,
            repository.base,
            app.state.today,
        )
        app.state.changes = lambda: _latest_changes(repository)
        yield
        repository.close()

    app = FastAPI(
        title="medalliance",
        version=version("medalliance"),
        summary="专科联盟知识图谱 · Knowledge graph of a specialty medical alliance",
        openapi_tags=rest.TAGS,
        docs_url=None,
        redoc_url=None,
        lifespan=lifespan,
    )
    app.state.settings = settings
    app.state.control_secret = ""
    app.state.today = lambda: _today(settings)

    app.add_api_route(
        "/sparql",
        sparql,
        methods=["GET", "POST"],
        name="sparql",
        tags=["core"],
        summary="SPARQL 1.1 queries",
        openapi_extra={"parameters": PARAMETERS},
    )
    app.include_router(rest.router)
    app.include_router(graph_routes.router)
    app.include_router(lists.router)
    app.include_router(picture_route.router)
    app.include_router(linked_data.router)
    app.include_router(pages.router)
    app.include_router(list_pages.router)
    app.include_router(explore.router)
    app.include_router(query_page.router)
    app.include_router(docs.router)
    app.include_router(help_page.router)
    app.include_router(health.router)
    docs.mount_assets(app)
    app.mount("/static", StaticFiles(directory=STATIC), name="static")

    app.add_middleware(GZipMiddleware, minimum_size=1024)
    app.add_middleware(SecurityHeaders)
    handle = handler(pages.problem_page, settings.query_seconds)
    for kind in HANDLED:
        app.add_exception_handler(kind, handle)
    return app


def _latest_changes(repository: Repository) -> list[tuple[int, str, str, int, int]]:
    """Return number, time, reason and size of the latest changes, the newest first."""
    listed = repository.journal.changes(newest_first=True, limit=5)
    return [(c.number, c.header.time, c.header.why, c.header.added, c.header.removed) for c in listed]


def _today(settings: Settings) -> date:
    """Return the civil date where the alliance is, not where the machine's clock thinks it is."""
    return datetime.now(ZoneInfo(settings.timezone)).date()
