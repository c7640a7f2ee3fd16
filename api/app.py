"""The application: what it is made of, in one place."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from importlib.metadata import version
from pathlib import Path

from fastapi import Depends, FastAPI
from fastapi.middleware.gzip import GZipMiddleware
from starlette.staticfiles import StaticFiles

from api import (
    account,
    alliance_sheet,
    collect_pages,
    confirm_pages,
    dataset,
    docs,
    explore,
    graph_routes,
    graph_store,
    health,
    help_page,
    import_pages,
    imports,
    linked_data,
    list_pages,
    lists,
    pages,
    picture_route,
    query_drawing,
    query_page,
    question_description,
    questions,
    rest,
    review_pages,
    schema,
    shacl,
    signin,
    update,
    workbooks,
)
from api.access import Admission, Gate, check_declared, is_this_machine, needs
from api.accounts import FILE, Accounts
from api.answer_cache import AnswerCache
from api.budgets import budgets_of
from api.credentials import Credentials, FirstRun
from api.documents_first import DocumentsFirst, PreparedDocuments
from api.errors import HANDLED, handler
from api.heads import Heads
from api.holdings import hold_repository
from api.instance import allow_list, open_repository
from api.passwords import Passwords
from api.security import SecurityHeaders
from api.settings import Settings
from api.slow_log import SlowLog
from api.sparql import PARAMETERS, PATH, Declared, Sparql, SparqlFirst
from graph.engine import MEGABYTE
from graph.repository import Repository

STATIC = Path(__file__).parent / "static"

ROUTERS = (
    rest.router,
    schema.router,
    rest.changes,
    imports.router,
    imports.history,
    graph_routes.router,
    lists.router,
    questions.router,
    picture_route.router,
    linked_data.router,
    dataset.router,
    shacl.router,
    update.router,
    graph_store.reading,
    graph_store.writing,
    pages.router,
    list_pages.router,
    alliance_sheet.router,
    review_pages.router,
    import_pages.router,
    confirm_pages.router,
    collect_pages.router,
    explore.router,
    query_page.router,
    query_drawing.router,
    docs.router,
    help_page.router,
    health.router,
    signin.router,
    account.router,
    workbooks.reading,
    workbooks.asking,
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
        hold_repository(app, repository, settings)
        app.state.changes = lambda: _latest_changes(repository)
        yield
        app.state.published.close()
        app.state.importer.close()
        app.state.collections.close()
        app.state.accounts.close()
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
    app.state.today = settings.today
    furnish(app, settings)
    return app


def furnish(app: FastAPI, settings: Settings, accounts: Accounts | None = None) -> None:
    """Give an application its addresses, who may use them, and how errors are told.

    Args:
        app: the application.
        settings: what is set.
        accounts: who may sign in; by default whom the data directory names.

    Raises:
        Undeclared: an address does not say who may use it.
    """
    app.state.settings = settings
    app.state.remote = allow_list(settings)
    app.state.control_secret = ""
    app.state.answers = AnswerCache(settings.cache_megabytes * MEGABYTE)
    app.state.documents = PreparedDocuments()
    app.state.budgets = budgets_of(settings)
    app.state.slow_log = SlowLog(settings.data, settings.slow_seconds)
    admit(app, accounts or _accounts(settings))

    sparql = Sparql(settings, Gate(closed=settings.sign_in), pages.problem_page)
    app.state.sparql = sparql
    for method in ("GET", "POST"):
        app.add_api_route(
            PATH,
            lambda: Declared(sparql),
            methods=[method],
            name="sparql",
            operation_id=f"sparql_{method.lower()}",
            tags=["core"],
            summary="SPARQL 1.1 queries",
            openapi_extra={"parameters": PARAMETERS},
            dependencies=[Depends(needs("read", changes=False))],
        )
    for router in ROUTERS:
        app.include_router(router)
    docs.mount_assets(app)
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    check_declared(app.routes)
    question_description.describe_questions(app)
    docs.describe_permissions(app)

    app.add_middleware(
        Admission,
        closed=settings.sign_in,
        trusting=settings.bare and is_this_machine(settings.host),
        page=pages.problem_page,
    )
    app.add_middleware(GZipMiddleware, minimum_size=1024)
    app.add_middleware(SecurityHeaders)
    app.add_middleware(SparqlFirst, sparql=sparql)
    app.add_middleware(DocumentsFirst, closed=settings.sign_in)
    app.add_middleware(Heads)
    handle = handler(pages.problem_page, settings)
    for kind in HANDLED:
        app.add_exception_handler(kind, handle)


def admit(app: FastAPI, accounts: Accounts, passwords: Passwords | None = None) -> None:
    """Let people sign in to an application, and its first administrator be made where there is none."""
    settings: Settings = app.state.settings
    app.state.accounts = accounts
    app.state.credentials = Credentials(accounts, passwords or Passwords())
    is_changeable = not (settings.bare or settings.read_only)
    app.state.first_run = FirstRun(app.state.credentials, wanted=is_changeable)


def _accounts(settings: Settings) -> Accounts:
    return Accounts(
        settings.data / FILE,
        lasting=timedelta(hours=settings.session_hours),
        idle=timedelta(minutes=settings.session_idle_minutes),
    )


def _latest_changes(repository: Repository) -> list[tuple[int, str, str, int, int]]:
    """Return number, time, reason and size of the latest changes, the newest first."""
    listed = repository.journal.changes(newest_first=True, limit=5)
    return [(c.number, c.header.time, c.header.why, c.header.added, c.header.removed) for c in listed]
