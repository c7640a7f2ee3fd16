"""Draws an answer that a page holds already, so that it is not asked for anew; and tells how to ask it elsewhere."""

from __future__ import annotations

import json
from typing import Annotated

from fastapi import APIRouter, Depends, Query
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from api.access import needs
from api.answer_pictures import Way, drawn
from api.answer_rows import Rows, rows_of_results
from api.problems import Problem
from api.snippets import snippets
from api.sparql import body_bytes, body_text
from api.templating import page, view_of

router = APIRouter(include_in_schema=False, dependencies=[Depends(needs("read", changes=False))])

MOST_BYTES = 4 << 20
"""The largest answer that is drawn; the page sends no more rows than pictures hold."""
MOST_ROWS = 5_000


@router.post("/query/drawing")
async def drawing(request: Request, view: Annotated[Way, Query()]) -> Response:
    """Return a piece of the page with the rows in the body (SPARQL results in JSON) drawn in one way."""
    _expect(request, "application/json")
    rows = _rows(await body_bytes(request, MOST_BYTES))
    return await run_in_threadpool(_drawing, request, rows, view)


@router.post("/query/snippets")
async def program_texts(request: Request) -> Response:
    """Return a piece of the page with program texts that ask the query in the body."""
    _expect(request, "application/sparql-query")
    text = await body_text(request, request.app.state.settings.query_bytes)
    return page(request, "_query_snippets.html", snippets=snippets(str(request.url_for("sparql")), text))


def _expect(request: Request, media_type: str) -> None:
    """Refuse what a form of another site could send."""
    sent = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if sent != media_type:
        raise Problem("unsupported-media-type", media_type=sent, accepted=media_type)


def _rows(data: bytes) -> Rows:
    try:
        rows = rows_of_results(json.loads(data))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as fault:
        raise Problem("malformed-request", message="no SPARQL results in JSON") from fault
    return Rows(rows.columns, rows.rows[:MOST_ROWS], rows.is_graph)


def _drawing(request: Request, rows: Rows, way: Way) -> Response:
    made = drawn(request.app.state.engine, rows, way, view_of(request))
    return page(request, "_query_drawing.html", drawn=made)
