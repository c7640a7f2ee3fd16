"""The query library over REST: which questions there are, their answers, and what may be chosen for their blanks."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Query
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from api.access import LARGEST_QUESTION, needs
from api.answering import Given, answered_in_thread
from api.i18n import language_of
from api.negotiation import acceptable
from api.problems import Problem
from api.question_choices import MOST, choices
from api.question_rows import (
    Binding,
    columns_of,
    csv_bytes,
    geojson,
    is_placed,
    row_json,
    tsv_bytes,
    xlsx_bytes,
)
from api.rest import as_json
from api.sparql import body_bytes, tagged
from api.spreadsheet import MEDIA_TYPE as XLSX
from graph import media
from graph.quads import text_of
from graph.question_values import EXPECTED, Filled, WrongValue, as_texts, check_known, filled, given_by
from graph.tsv import rows
from ontology.library import AUDIENCES, Parameter, offered
from ontology.library import Query as Asked

router = APIRouter(prefix="/api/v1/questions", tags=["questions"])

JSON, GEOJSON, SPARQL = "application/json", "application/geo+json", "application/sparql-query"
PREFIX = "/api/v1/questions"

ROWS = {
    "json": JSON,
    "sparql-json": media.RESULTS_JSON,
    "xml": media.RESULTS_XML,
    "csv": media.CSV,
    "tsv": media.TSV,
    "xlsx": XLSX,
    "geojson": GEOJSON,
    "rq": SPARQL,
}
"""What ``format=`` may say of rows; ``geojson`` where there are coordinates."""
GRAPHS = {
    "ttl": media.TURTLE,
    "jsonld": media.JSONLD,
    "nt": media.NTRIPLES,
    "rdf": media.RDFXML,
    "trig": media.TRIG,
    "nq": media.NQUADS,
    "rq": SPARQL,
}
"""What ``format=`` may say of a graph."""
ENDINGS = {kind: name for name, kind in (*ROWS.items(), *GRAPHS.items())}

OWN = ("limit", "offset", "format", "lang")
"""Parameters that every question has beside its own."""

LIMIT = 100
MOST_ROWS = 10_000
"""Rows that one page can have; files without a limit hold all."""

VARY = "Accept, Accept-Language"


@dataclass(frozen=True)
class Page:
    """Which rows are wanted; ``limit`` 0: all of them."""

    limit: int = 0
    offset: int = 0

    @property
    def clause(self) -> str:
        """How SPARQL says it."""
        return (f"LIMIT {self.limit}\n" if self.limit else "") + (
            f"OFFSET {self.offset}\n" if self.offset else ""
        )


@dataclass(frozen=True)
class Asking:
    """A question with its values, the media type wanted, the page wanted, and how the request wrote its values."""

    filled: Filled
    media_type: str
    page: Page
    address: str


@router.get("", summary="The questions one can ask by name", dependencies=[Depends(needs("read"))])
def questions(
    request: Request,
    audience: Annotated[str, Query(description=f"为谁 · for whom: {', '.join(AUDIENCES)}")] = "",
) -> Response:
    """Return the questions of the query library: titles, parameters and where they are asked."""
    listed = [
        one for one in offered().values() if not audience or audience in {who.name for who in one.audiences}
    ]
    return as_json(request, {"total": len(listed), "items": [question_json(one) for one in listed]})


@router.get(
    "/{name}/choices/{parameter}", summary="What may be chosen", dependencies=[Depends(needs("read"))]
)
def question_choices(
    request: Request,
    name: str,
    parameter: str,
    q: Annotated[str, Query(max_length=200, description="名称或代码的一部分 · part of a name or code")] = "",
    limit: Annotated[int, Query(ge=1, le=1000, description="条数上限 · most entries")] = MOST,
) -> Response:
    """Return values for a parameter of a question: things, concepts or areas with their names."""
    found = next((one for one in _question(name).parameters if one.name == parameter and one.is_chosen), None)
    if found is None:
        raise Problem("not-found", what=request.url.path)
    chosen = choices(request.app.state.engine, found, q, limit, request.app.state.base)
    items = [asdict(one) for one in chosen.items]
    return as_json(request, {"parameter": parameter, "total": chosen.total, "items": items})


@router.get(
    "/{name}",
    summary="The answer to a question",
    dependencies=[Depends(needs("read"))],
    include_in_schema=False,
)
def answer(request: Request, name: str) -> Response:
    """Return the answer to a question whose values stand in the address."""
    return _answer(request, _asking(request, name, request.query_params.multi_items()))


@router.post(
    "/{name}",
    summary="The answer to a question with many values",
    dependencies=[Depends(needs("read", changes=False))],
    include_in_schema=False,
)
async def answer_to_values(request: Request, name: str) -> Response:
    """Return the answer to a question whose values stand in the body: a JSON object of values or lists of values."""
    body = await body_bytes(request, LARGEST_QUESTION)
    pairs = [(key, value) for key, value in request.query_params.multi_items() if key in OWN]
    pairs += _values_in(body)
    return await run_in_threadpool(lambda: _answer(request, _asking(request, name, pairs)))


def question_json(one: Asked) -> dict[str, Any]:
    """Return a question as JSON: what it is about, its parameters, and where it is asked."""
    address = f"{PREFIX}/{one.name}"
    return {
        "name": one.name,
        "title": one.title,
        "purpose": one.purpose,
        "audiences": [asdict(who) for who in one.audiences],
        "form": one.form,
        "parameters": [_parameter_json(one, parameter) for parameter in one.parameters],
        "columns": [column.name for column in columns_of(one)],
        "formats": list(formats_of(one)),
        "href": address,
        "sparql": one.text,
        "page": f"/query?{urlencode({'question': one.name})}",
    }


def formats_of(one: Asked) -> Mapping[str, str]:
    """Return what ``format=`` may say for a question, with the media types."""
    if one.form not in ("SELECT", "ASK"):
        return GRAPHS
    left_out = () if is_placed(one) else ("geojson",)
    return {name: kind for name, kind in ROWS.items() if name not in left_out}


def _parameter_json(one: Asked, parameter: Parameter) -> dict[str, Any]:
    chosen = f"{PREFIX}/{one.name}/choices/{parameter.name}" if parameter.is_chosen else None
    return {
        "name": parameter.name,
        "title": parameter.title,
        "kind": parameter.kind,
        "of": parameter.of or None,
        "required": parameter.is_required,
        "repeatable": parameter.is_many,
        "default": parameter.default or None,
        "expected": EXPECTED[parameter.kind] or None,
        "choices": chosen,
    }


def _question(name: str) -> Asked:
    try:
        return offered()[name]
    except KeyError:
        raise Problem("not-found", what=name) from None


def _values_in(body: bytes) -> list[tuple[str, str]]:
    try:
        said = json.loads(body or b"{}")
        return [(str(name), text) for name, value in said.items() for text in as_texts(value)]
    except (ValueError, AttributeError, RecursionError) as fault:
        message = "a JSON object of values or lists of values is expected"
        raise Problem("malformed-request", message=message) from fault


def _asking(request: Request, name: str, pairs: Sequence[tuple[str, str]]) -> Asking:
    asked = _question(name)
    own = {key: value for key, value in pairs if key in OWN}
    given = given_by([(key, value) for key, value in pairs if key not in OWN])
    found = filled(asked, given, request.app.state.base, request.app.state.today())
    check_known(request.app.state.engine, found)
    kind = _media_type(request, asked, own.get("format", ""))
    usual = LIMIT if kind == JSON else 0
    page = Page(_number("limit", own, usual, 1, MOST_ROWS), _number("offset", own, 0, 0, 10**9))
    return Asking(found, kind, page, urlencode([(key, value) for key, value in pairs if key not in OWN]))


def _number(name: str, own: Mapping[str, str], usual: int, least: int, most: int) -> int:
    text = own.get(name, "")
    if not text:
        return usual
    if not re.fullmatch(r"\d{1,9}", text, re.ASCII) or not least <= int(text) <= most:
        raise WrongValue("parameter-malformed", name, text[:100], f"{least} … {most}")
    return int(text)


def _media_type(request: Request, asked: Asked, wished: str) -> str:
    offered_here = formats_of(asked)
    if wished:
        accepted = [offered_here[wished]] if wished in offered_here else []
    else:
        accepted = acceptable(
            request.headers.get("accept", ""), offered_here.values(), media.SYNONYMS | {JSON: JSON}
        )
    if not accepted:
        raise Problem("not-acceptable", offered=", ".join(offered_here))
    return accepted[0]


def _answer(request: Request, asking: Asking) -> Response:
    response = _representation(request, asking)
    address = f"{PREFIX}/{asking.filled.query.name}?{asking.address}{'&' if asking.address else ''}"
    response.headers.append("Link", f'<{address}format=rq>; rel="describedby"; type="{SPARQL}"')
    return response


def _representation(request: Request, asking: Asking) -> Response:
    kind, text = asking.media_type, asking.filled.text
    if kind == SPARQL:
        return tagged(request, text.encode(), SPARQL, VARY)
    if kind in (media.RESULTS_JSON, media.RESULTS_XML) or kind in media.RDF_TYPES:
        whole = _whole(request, text + asking.page.clause, kind)
        return tagged(request, whole.body, whole.media_type, VARY)
    if asking.filled.query.form == "ASK":
        whole = _whole(request, text, media.RESULTS_JSON)
        return as_json(request, {**_told(asking), "boolean": json.loads(whole.body)["boolean"]})
    # The engine chooses the page: all rows may be more than an answer can hold.
    found = rows(_whole(request, text + asking.page.clause, media.TSV).body)
    return _json_page(request, asking, found) if kind == JSON else _file(request, asking, found)


def _total(request: Request, asking: Asking, shown: int) -> int:
    """Return how many rows there are; they are counted only where the page does not tell."""
    page = asking.page
    if 0 < shown < page.limit or not (shown or page.offset):
        return page.offset + shown
    (counted,) = rows(_whole(request, asking.filled.counting, media.TSV).body)
    return int(text_of(counted["total"]))


def _whole(request: Request, text: str, kind: str) -> Given:
    return answered_in_thread(request, text, (kind,))


def _told(asking: Asking) -> dict[str, Any]:
    """Return what every answer in JSON says of its question."""
    one = asking.filled.query
    link = f"{PREFIX}/{one.name}?{asking.address}{'&' if asking.address else ''}format=rq"
    page = urlencode(
        [("question", one.name), *((name, v) for name, vs in asking.filled.values.items() for v in vs)]
    )
    return {
        "question": one.name,
        "title": one.title,
        "parameters": {name: list(values) for name, values in asking.filled.values.items()},
        "links": {"sparql": link, "page": f"/query?{page}"},
        "sparql": asking.filled.text,
    }


def _json_page(request: Request, asking: Asking, shown: Sequence[Binding]) -> Response:
    page, columns = asking.page, columns_of(asking.filled.query)
    total = _total(request, asking, len(shown))
    body = {
        **_told(asking),
        "columns": [column.name for column in columns],
        "total": total,
        "limit": page.limit,
        "offset": page.offset,
        "items": [row_json(row, columns) for row in shown],
    }
    response = as_json(request, body)
    if shown and page.offset + len(shown) < total:
        following = request.url.include_query_params(offset=page.offset + page.limit, limit=page.limit)
        response.headers.append("Link", f'<{following.path}?{following.query}>; rel="next"')
    return response


def _file(request: Request, asking: Asking, shown: Sequence[Binding]) -> Response:
    one, kind = asking.filled.query, asking.media_type
    if kind == GEOJSON:
        return tagged(
            request, json.dumps(geojson(shown, columns_of(one)), ensure_ascii=False).encode(), kind, VARY
        )
    made: Mapping[str, Callable[[], bytes]] = {
        media.CSV: lambda: csv_bytes(one.columns, shown),
        media.TSV: lambda: tsv_bytes(one.columns, shown),
        XLSX: lambda: xlsx_bytes(
            one.title[language_of(request)], one.columns, shown, _about(request, asking)
        ),
    }
    response = tagged(request, made[kind](), kind, VARY)
    response.headers["Content-Disposition"] = f'attachment; filename="{one.name}.{ENDINGS[kind]}"'
    return response


def _about(request: Request, asking: Asking) -> list[tuple[str, str]]:
    one, language = asking.filled.query, language_of(request)
    values = [(name, ", ".join(values)) for name, values in asking.filled.values.items()]
    return [
        ("question", one.name),
        ("purpose", one.purpose[language]),
        *values,
        ("sparql", asking.filled.text),
    ]
