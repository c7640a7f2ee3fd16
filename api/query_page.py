"""The query page: write SPARQL, see the rows. Complete without scripts."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, Depends
from starlette.requests import Request
from starlette.responses import Response

from api.access import needs
from api.i18n import language_of
from api.pages import frame
from api.problems import Problem, problem_of
from api.templating import page
from graph import media
from graph.engine import MEGABYTE, Answer, Engine, Limits
from graph.guard import precheck
from ontology.library import queries

router = APIRouter(include_in_schema=False, dependencies=[Depends(needs("read"))])

SHOWN = 500
"""Rows on the page; the download has all."""

FIRST = """PREFIX ma: <https://w3id.org/medalliance/ontology#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>

SELECT ?designation ?name {
  ?unit ma:holdsDesignation ?designation .
  ?designation skos:prefLabel ?name
}
LIMIT 100"""
"""What the page opens with."""


@dataclass(frozen=True)
class Table:
    """The rows of an answer as a reader sees them: column names, cells (kind, text, language), and what is left."""

    columns: list[str]
    rows: list[list[dict[str, str] | None]]
    left_out: int


@router.get("/query")
def query_page(request: Request, query: str = "", example: str = "") -> Response:
    """Return the page, with the answer when there is a query."""
    examples = queries()
    text = query or (examples[example].text if example in examples else FIRST)
    table, boolean, document, problem = None, None, "", None
    if query:
        try:
            table, boolean, document = _answered(request, query)
        except Exception as fault:  # noqa: BLE001 - every fault of a query is shown on the page it came from
            problem = problem_of(fault, request.app.state.settings.query_seconds)
    status = problem.status if problem else 200
    body = problem.body(language_of(request)) if problem else None
    return page(
        request,
        "query.html",
        status,
        text=text,
        asked=bool(query),
        table=table,
        boolean=boolean,
        document=document,
        problem=body,
        examples=examples,
        **frame(request),
    )


def _answered(request: Request, text: str) -> tuple[Table | None, bool | None, str]:
    settings = request.app.state.settings
    engine: Engine = request.app.state.engine
    precheck(text, max_bytes=settings.query_bytes, max_depth=settings.query_depth)
    limits = Limits(settings.query_seconds, settings.query_memory * MEGABYTE)
    answer = engine.answer(text, (media.RESULTS_JSON, media.TURTLE), limits=limits)
    data = _bounded(answer, settings.answer_bytes)
    if answer.media_type == media.TURTLE:
        return None, None, data.decode()
    said: dict[str, Any] = json.loads(data)
    if "boolean" in said:
        return None, bool(said["boolean"]), ""
    columns = said["head"]["vars"]
    bindings = said["results"]["bindings"]
    rows = [[row.get(name) for name in columns] for row in bindings[:SHOWN]]
    return Table(columns, rows, max(0, len(bindings) - SHOWN)), None, ""


def _bounded(answer: Answer, limit: int) -> bytes:
    """Return the whole answer; one too large for a page is a problem, not a cut."""
    parts, size = [], 0
    for part in answer:
        parts.append(part)
        size += len(part)
        if size > limit:
            answer.close()
            raise Problem("answer-too-large", limit=limit)
    return b"".join(parts)
