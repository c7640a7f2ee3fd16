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
from api.holdings import hold
from api.instance import open_repository
from api.security import SecurityHeaders
from api.settings import Settings
from api.sparql import PARAMETERS, sparql
from graph.repository import Repository

STATIC = Path(__file__).parent / "static"

ROUTERS = (
    rest.router,
    graph_routes.router,
    lists.router,
    picture_route.router,
    linked_data.router,
    pages.router,
    list_pages.router,
    explore.router,
    query_page.router,
    docs.router,
    help_page.router,
    health.router,
)
"""All addresses but ``/sparql``; the interface is described in this order."""


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
        hold(app, repository.engine, repository.base, repository.changed_between)
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
    for router in ROUTERS:
        app.include_router(router)
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
