"""The explorer: one state in the address; a page, the JSON for the canvas, a still picture and files made from it."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Annotated, Literal
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Query
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from api.access import needs
from api.explore_files import graphml_file, one_file, relations_csv, things_csv, turtle
from api.explore_json import view_json
from api.explore_page import page_data
from api.explore_rows import Wording
from api.explore_svg import still
from api.explorer import Explorer, Shown, address
from api.i18n import language_of
from api.pages import frame
from api.sparql import tagged
from api.templating import View, page, rendered, view_of

router = APIRouter(dependencies=[Depends(needs("read"))])

Format = Literal["json", "svg", "csv", "ttl", "graphml", "html"]

_TYPED = {"q": "add", "qf": "from", "qt": "to"}
"""Fields into which names are typed, and the parameters that take the keys of what is meant."""

_CANDIDATES = 20

_MEDIA = {
    "svg": "image/svg+xml",
    "csv": "text/csv; charset=utf-8; header=present",
    "ttl": "text/turtle; charset=utf-8",
    "graphml": "application/graphml+xml",
}


@router.get("/explore", include_in_schema=False)
def explore(request: Request) -> Response:
    """Return the page of a view; complete without scripts."""
    if texts := _texts(request):
        return RedirectResponse(_by_name(request, texts), 303)
    explorer, shown, view = _seen(request)
    missed = request.query_params.get("missed", "")
    said = page_data(request, explorer, shown, view)
    return page(request, "explore.html", missed=missed, **said, **frame(request))


@router.get("/explore.svg", include_in_schema=False)
def explore_still(request: Request) -> Response:
    """Return the still picture of a view."""
    explorer, shown, view = _seen(request)
    return _still(request, shown, Wording(explorer, shown, view))


@router.get("/api/v1/graph/view", tags=["core"], summary="A view of the explorer")
def graph_view(
    request: Request,
    format: Annotated[  # noqa: A002 - the word that addresses use
        Format, Query(description="格式 · json, svg, csv, ttl, graphml, html")
    ] = "json",
    part: Annotated[
        Literal["things", "relations"], Query(description="CSV 的内容 · what the CSV lists")
    ] = "relations",
) -> Response:
    """Return the things and relations that the explorer shows for an address, with positions.

    The parameters are those of the page ``/explore``; see docs/reference/explorer.md.
    """
    explorer, shown, view = _seen(request)
    if format == "json":
        body = explorer.body(shown, f"{view.language} {view.asked}", lambda: _json(explorer, shown, view))
        return tagged(request, body, "application/json", "Accept, Accept-Language")
    wording = Wording(explorer, shown, view)
    if format == "svg":
        return _still(request, shown, wording)
    if format == "html":
        drawn_on = request.app.state.today()
        drawn = one_file(explorer, shown, wording, view, drawn_on, str(request.url))
        return Response(drawn.html, media_type="text/html", headers={"Content-Security-Policy": drawn.policy})
    made: Mapping[str, Callable[[], bytes]] = {
        "csv": lambda: things_csv(wording, view) if part == "things" else relations_csv(shown, wording, view),
        "ttl": lambda: turtle(request.app.state.engine, shown),
        "graphml": lambda: graphml_file(shown, wording, view),
    }
    name = f"{part}.csv" if format == "csv" else f"graph.{format}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Vary": "Accept-Language"}
    return Response(made[format](), media_type=_MEDIA[format], headers=headers)


def _json(explorer: Explorer, shown: Shown, view: View) -> bytes:
    body = view_json(shown, Wording(explorer, shown, view), view, address(shown, view))
    return json.dumps(body, ensure_ascii=False).encode()


def _texts(request: Request) -> Mapping[str, str]:
    """Return what was typed into fields for names, by the parameter that takes what is meant."""
    asked = request.query_params
    return {
        target: text
        for field, target in _TYPED.items()
        if (text := asked.get(field, "").strip()) and not asked.get(target)
    }


def _by_name(request: Request, texts: Mapping[str, str]) -> str:
    """Return the address with the things that are called so; what nothing is called is told there."""
    explorer: Explorer = request.app.state.explorer
    kept = [
        (name, value) for name, value in request.query_params.multi_items() if name not in {*_TYPED, "missed"}
    ]
    for target, text in texts.items():
        found = _found(request, text)
        kept.append((target, explorer.addresses.key(found)) if found else ("missed", text))
    return f"/explore?{urlencode(kept, safe='/:~@,')}"


def _found(request: Request, text: str) -> str:
    """Return the thing in the graph that is called most like a text, empty when there is none."""
    hits = request.app.state.search.current().search(text, language_of(request), limit=_CANDIDATES)
    projection = request.app.state.explorer.projection()
    return next((one.thing for one in hits.items if one.thing in projection), "")


def _seen(request: Request) -> tuple[Explorer, Shown, View]:
    explorer: Explorer = request.app.state.explorer
    shown = explorer.shown(explorer.addresses.read(request.query_params))
    return explorer, shown, view_of(request)


def _still(request: Request, shown: Shown, wording: Wording) -> Response:
    drawn = still(wording.thing_rows(), wording.relation_rows())
    text = rendered(request, "explore.svg", drawn=drawn, shown=shown)
    return Response(text, media_type=_MEDIA["svg"], headers={"Vary": "Accept-Language"})
