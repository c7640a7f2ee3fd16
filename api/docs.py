"""The API documentation at ``/docs``: Swagger UI from the installed package, without a connection to anywhere."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

from fastapi import APIRouter, FastAPI
from starlette.requests import Request
from starlette.responses import Response
from starlette.staticfiles import StaticFiles

from api.pages import frame
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
