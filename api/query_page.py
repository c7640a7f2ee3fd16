"""The query page: write SPARQL, see the answer as rows, graph, map or chart. Complete without scripts."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from time import perf_counter
from typing import Any

from fastapi import APIRouter, Depends
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from api.access import needs
from api.answer_pictures import WAYS, Drawn, drawn, names_of
from api.answer_rows import Rows, rows_of_graph, rows_of_results
from api.answering import Given, answered
from api.budgets import limits_of
from api.i18n import language_of
from api.pages import frame
from api.presence import Presence
from api.problems import Problem, problem_of
from api.query_asked import Said, asked
from api.query_examples import query_examples
from api.snippets import Shape, answer_shape, snippets
from api.templating import page, view_of
from graph import media
from graph.engine import Engine
from graph.nodes import Named
from ontology.library import AUDIENCES, Query, offered

router = APIRouter(include_in_schema=False, dependencies=[Depends(needs("read"))])

SHOWN = 500
"""Rows on the page; the download has all."""
MOST_TEXT = 200_000
"""Characters of an answer shown as it is; the download has all."""
HELD = 300_000
"""The largest answer, in bytes, that goes into the page for its script; a larger one the script asks for itself."""
VIEWS = ("table", *WAYS, "raw")
RAW: Mapping[Shape, Mapping[str, tuple[str, str]]] = {
    "rows": {
        "json": ("JSON", media.RESULTS_JSON),
        "csv": ("CSV", media.CSV),
        "tsv": ("TSV", media.TSV),
        "xml": ("XML", media.RESULTS_XML),
    },
    "boolean": {"json": ("JSON", media.RESULTS_JSON), "xml": ("XML", media.RESULTS_XML)},
    "graph": {
        "turtle": ("Turtle", media.TURTLE),
        "nt": ("N-Triples", media.NTRIPLES),
        "jsonld": ("JSON-LD", media.JSONLD),
        "rdf": ("RDF/XML", media.RDFXML),
        "trig": ("TriG", media.TRIG),
    },
}
"""Shape of an answer to the formats it can be had in: what the address calls them, what people do, media type."""

FIRST = """PREFIX ma: <https://w3id.org/medalliance/ontology#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>

SELECT ?designation ?name {
  ?unit ma:holdsDesignation ?designation .
  ?designation skos:prefLabel ?name
}
LIMIT 100"""
"""What the page opens with."""


@dataclass(frozen=True)
class Shown:
    """An answer as the page shows it.

    Attributes:
        shape: rows, boolean or graph.
        rows: the rows (of a graph its triples); for yes or no there are none.
        names: what the things in the shown rows are called, by IRI.
        boolean: yes or no, where that is the answer.
        drawn: the picture, where the view is one.
        text: the answer as it is, where the view is raw; ``cut`` tells whether it goes on.
        milliseconds: how long the answer took.
        held: the answer for the page's script (empty: it is too large).
    """

    shape: Shape
    rows: Rows
    names: Mapping[str, Named]
    milliseconds: int
    boolean: bool | None = None
    drawn: Drawn | None = None
    text: str = ""
    cut: bool = False
    held: str = ""

    @property
    def left_out(self) -> int:
        """How many rows the page does not show."""
        return max(0, len(self.rows.rows) - SHOWN)


@dataclass(frozen=True)
class Fault:
    """Why there is no answer: the problem as it is told, and the text with the line in question marked."""

    body: Mapping[str, Any]
    status: int
    lines: Sequence[tuple[int, str, bool]] = ()
    """Number, text and whether it is the one, of the lines around the place."""


@dataclass(frozen=True)
class _Answered:
    """What came back: the answer, the same as raw text where that is asked for, and how long it took."""

    given: Given
    raw: str
    milliseconds: int


@router.get("/query")
async def query_page(request: Request, query: str = "", example: str = "", view: str = "table") -> Response:
    """Return the page, with the answer when there is a query; who hangs up ends the work on it."""
    said = await run_in_threadpool(asked, request, query, example)
    way = view if view in VIEWS else "table"
    if not said.is_asked:
        return await run_in_threadpool(_page, request, said, way, said.fault)
    answer: _Answered | Problem | None = None
    with Presence(request.receive):
        answer = await _answered(request, said.text, way)
    return await run_in_threadpool(_page, request, said, way, answer)


async def _answered(request: Request, text: str, way: str) -> _Answered | Problem:
    """Return the answer to a query, or why there is none: every fault is shown on the page it came from."""
    began = perf_counter()
    try:
        given = await answered(request, text, (media.RESULTS_JSON, media.NTRIPLES))
        milliseconds = round((perf_counter() - began) * 1000)
        raw = ""
        if way == "raw":
            shape = answer_shape(text)
            _, kind = RAW[shape][_format(request, shape)]
            raw = (await answered(request, text, (kind,))).body.decode()
    except Exception as fault:  # noqa: BLE001 - see above
        return problem_of(fault, limits_of(request).seconds)
    return _Answered(given, raw, milliseconds)


def _page(request: Request, said: Said, way: str, answer: _Answered | Problem | None) -> Response:
    """Return the page, with an answer or a fault where there is one."""
    shown = _shown(request, answer, way) if isinstance(answer, _Answered) else None
    told = _fault(request, said.text, answer) if isinstance(answer, Problem) else None
    shape = answer_shape(said.text)
    return page(
        request,
        "query.html",
        told.status if told else 200,
        text=said.text or FIRST,
        asked=said.is_asked,
        shown=shown,
        fault=told,
        way=way,
        views=VIEWS,
        formats=RAW[shape],
        format=_format(request, shape),
        most=SHOWN,
        guided=said.guided,
        questions=_by_audience(),
        examples=query_examples(),
        snippets=snippets(str(request.url_for("sparql")), said.text or FIRST),
        seconds=limits_of(request).seconds,
        **frame(request),
    )


def _shown(request: Request, answer: _Answered, way: str) -> Shown:
    engine: Engine = request.app.state.engine
    shown = _read(answer.given.media_type, answer.given.body, answer.milliseconds)
    if way == "raw":
        return replace(shown, text=answer.raw[:MOST_TEXT], cut=len(answer.raw) > MOST_TEXT)
    for picture in WAYS:
        if way == picture and shown.boolean is None:
            return replace(shown, drawn=drawn(engine, shown.rows, picture, view_of(request)))
    return replace(shown, names=names_of(engine, shown.rows.iris(SHOWN)))


def _read(media_type: str, body: bytes, milliseconds: int) -> Shown:
    held = body.decode() if len(body) <= HELD else ""
    if media_type == media.NTRIPLES:
        return Shown("graph", rows_of_graph(body), {}, milliseconds, held=held)
    said = json.loads(body)
    if "boolean" in said:
        return Shown("boolean", Rows((), ()), {}, milliseconds, boolean=bool(said["boolean"]), held=held)
    return Shown("rows", rows_of_results(said), {}, milliseconds, held=held)


def _format(request: Request, shape: Shape) -> str:
    wished = request.query_params.get("format", "")
    return wished if wished in RAW[shape] else next(iter(RAW[shape]))


def _fault(request: Request, text: str, problem: Problem) -> Fault:
    body = problem.body(language_of(request))
    number = body.get("line")
    listed = text.split("\n")
    if not isinstance(number, int) or not 1 <= number <= len(listed):
        return Fault(body, problem.status)
    around = range(max(1, number - 2), min(len(listed), number + 2) + 1)
    return Fault(body, problem.status, [(one, listed[one - 1][:500], one == number) for one in around])


def _by_audience() -> Mapping[str, Sequence[Query]]:
    """Return the questions to choose from, by who asks them; each is listed once."""
    listed: dict[str, list[Query]] = {name: [] for name in AUDIENCES}
    for one in offered().values():
        listed[one.audiences[0].name].append(one)
    return {name: ones for name, ones in listed.items() if ones}
