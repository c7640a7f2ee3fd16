"""The API documentation at ``/docs``: Swagger UI from the installed package, without a connection to anywhere."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path
from typing import Any

from fastapi import APIRouter, Depends, FastAPI
from fastapi.routing import iter_route_contexts
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.staticfiles import StaticFiles

from api.access import declared, needs
from api.i18n import language_of
from api.negotiation import prefers_html
from api.pages import frame, problem_page
from api.problems import Problem, kinds
from api.templating import page

router = APIRouter(include_in_schema=False)

ASSETS = "/static/swagger"


@router.get("/docs", dependencies=[Depends(needs("read"))])
def api_docs(request: Request) -> Response:
    """Return the page that shows the API and lets one try it."""
    return page(request, "docs.html", assets=ASSETS, **frame(request))


def mount_assets(app: FastAPI) -> None:
    """Serve the scripts and styles of Swagger UI from the package that brings them."""
    folder = Path(str(files("fastapi_offline"))) / "static"
    app.mount(ASSETS, StaticFiles(directory=folder), name="swagger")


def describe_permissions(app: FastAPI) -> None:
    """Let the description of the interface say which addresses need a token, and with which permission."""
    described = app.openapi

    def with_permissions() -> dict[str, Any]:
        is_new = app.openapi_schema is None
        schema = described()
        if is_new:
            _add_permissions(app, schema)
        return schema

    app.openapi = with_permissions  # type: ignore[method-assign] # as FastAPI's own docs do it


def _add_permissions(app: FastAPI, schema: dict[str, Any]) -> None:
    told = "令牌 · a token, see docs/howto/accounts.md"
    schemes = schema.setdefault("components", {}).setdefault("securitySchemes", {})
    schemes["token"] = {"type": "http", "scheme": "bearer", "description": told}
    for route in iter_route_contexts(app.routes):
        operations = schema["paths"].get(route.path_format, {})
        for demand in declared(route):
            if demand.scope not in ("open", "read"):
                for method in route.methods or ():
                    operations.get(method.lower(), {})["security"] = [{"token": [demand.scope]}]


@router.get("/problems/{name}", dependencies=[Depends(needs("open"))])
def problem(request: Request, name: str) -> Response:
    """Return what a kind of problem means: where the ``type`` of an error leads."""
    if name not in kinds():
        raise Problem("not-found", what=request.url.path)
    body = Problem(name).body(language_of(request))
    if prefers_html(request):
        return HTMLResponse(problem_page(request, body))
    return JSONResponse(body)
