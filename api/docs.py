"""The API documentation at ``/docs``: Swagger UI from the installed package, without a connection to anywhere."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

from fastapi import APIRouter, FastAPI
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.staticfiles import StaticFiles

from api.i18n import language_of
from api.negotiation import prefers_html
from api.pages import frame, problem_page
from api.problems import Problem, kinds
from api.templating import page

router = APIRouter(include_in_schema=False)

ASSETS = "/static/swagger"


@router.get("/docs")
def api_docs(request: Request) -> Response:
    """Return the page that shows the API and lets one try it."""
    return page(request, "docs.html", assets=ASSETS, **frame(request))


def mount_assets(app: FastAPI) -> None:
    """Serve the scripts and styles of Swagger UI from the package that brings them."""
    folder = Path(str(files("fastapi_offline"))) / "static"
    app.mount(ASSETS, StaticFiles(directory=folder), name="swagger")


@router.get("/problems/{name}")
def problem(request: Request, name: str) -> Response:
    """Return what a kind of problem means: where the ``type`` of an error leads."""
    if name not in kinds():
        raise Problem("not-found", what=request.url.path)
    body = Problem(name).body(language_of(request))
    if prefers_html(request):
        return HTMLResponse(problem_page(request, body))
    return JSONResponse(body)
