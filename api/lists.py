"""Lists over REST: rows with facets, filters, order and pages, as JSON, CSV, Excel or Turtle."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from importlib.metadata import version
from typing import Any

from fastapi import APIRouter, Depends
from starlette.datastructures import URL
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from api.access import needs
from api.i18n import language_of
from api.list_cells import cell_json
from api.list_files import MOST_ROWS, ListFile, csv_bytes, turtle_pieces, xlsx_bytes
from api.list_state import Addressing, ListState, Parameters
from api.negotiation import acceptable
from api.problems import Problem
from api.rest import as_json
from api.sparql import tagged
from api.spreadsheet import MEDIA_TYPE as XLSX
from graph.engine import Engine
from graph.facets import NOT_STATED, Facet, FacetValue, Listing, listing
from graph.keys import iri_of
from graph.media import CSV, TURTLE
from graph.nodes import local_name
from graph.quads import text_of
from graph.tables import Tables
from ontology.library import query
from ontology.lists import ListColumn, lists

router = APIRouter(prefix="/api/v1", tags=["lists"], dependencies=[Depends(needs("read"))])

JSON = "application/json"
FORMATS = {"json": JSON, "csv": CSV, "xlsx": XLSX, "ttl": TURTLE, "turtle": TURTLE}
"""What ``format=`` may say."""
ENDINGS = {CSV: "csv", XLSX: "xlsx", TURTLE: "ttl"}

VARY = "Accept, Accept-Language"

FACET_VALUES = 50
"""Values of a facet that an answer names, unless more are asked for."""

_COMMON = (
    ("q", "名称（中文、拼音、首字母、英文）· words: Chinese, pinyin, initials, English"),
    ("as_of", "日期 YYYY-MM-DD，默认今天 · date, today by default"),
    ("real", "1：不含示例 · 1: without what is illustrative"),
    ("sort", "列名，前加 - 为倒序 · column, with - before it for the other way round"),
    ("limit", "条数上限 · most rows"),
    ("offset", "跳过条数 · rows to leave out"),
    ("facet_limit", "每个筛选项列出的取值数 · values named of each facet"),
    ("format", "json csv xlsx ttl；文件含全部所选行 · files hold all rows that were chosen"),
    ("lang", "zh en"),
)


def _parameters(name: str) -> dict[str, Any]:
    """Return the parameters of a list for the description of the interface."""
    columns = [c for c in lists()[name].columns.values() if c.is_facet or c.name in ("area", "within")]
    many = "可重复，unknown 为未载明 · may be repeated; unknown: not stated"
    described = [(c.name, f"{c.labels['zh']} · {c.labels['en']}；{many}") for c in columns]
    named = [
        {"name": key, "in": "query", "schema": {"type": "string"}, "description": text}
        for key, text in (*described, *_COMMON)
    ]
    return {"parameters": named}


@router.get("/members", summary="Members of all alliances", openapi_extra=_parameters("members"))
def members(request: Request) -> Response:
    """Return the memberships on record; those that do not hold on the date only when asked for (``held=no``)."""
    return list_answer(request, "members")


@router.get(
    "/alliances/{id:path}/members", summary="Members of one alliance", openapi_extra=_parameters("members")
)
def members_of(request: Request, id: str) -> Response:  # noqa: A002 - the name that the address has
    """Return the memberships in one alliance, named by its short name, its local name or its IRI."""
    alliance = _alliance(request, id)
    if alliance is None:
        raise Problem("not-found", what=id)
    return list_answer(request, "members", [("alliance", alliance)])


@router.get("/units", summary="Hospitals, departments and other units", openapi_extra=_parameters("units"))
def units(request: Request) -> Response:
    """Return hospitals, departments and other organizations, whether they are members or not."""
    return list_answer(request, "units")


@router.get("/designations", summary="Designations", openapi_extra=_parameters("designations"))
def designations(request: Request) -> Response:
    """Return the designations; those that are not valid on the date only when asked for (``held=no``)."""
    return list_answer(request, "designations")


@router.get("/programmes", summary="Training programmes", openapi_extra=_parameters("programmes"))
def programmes(request: Request) -> Response:
    """Return the training programmes, and whether one can apply on the date."""
    return list_answer(request, "programmes")


@router.get("/projects", summary="Projects", openapi_extra=_parameters("projects"))
def projects(request: Request) -> Response:
    """Return the projects."""
    return list_answer(request, "projects")


@router.get("/areas", summary="Administrative areas", openapi_extra=_parameters("areas"))
def areas(request: Request) -> Response:
    """Return the administrative areas; ``within`` takes the code of an area that they lie in."""
    return list_answer(request, "areas")


def list_answer(request: Request, name: str, fixed: Parameters = ()) -> Response:
    """Return a list as the request wants it.

    Args:
        request: its parameters are the filters, order and page.
        name: the list.
        fixed: parameters that the address itself gives.
    """
    tables: Tables = request.app.state.tables.current()
    addressing = Addressing(tables[name], request.app.state.base, request.app.state.today())
    try:
        state = addressing.read([*request.query_params.multi_items(), *fixed])
    except ValueError as fault:
        raise Problem("malformed-request", message=str(fault)) from fault
    media_type = _media_type(request)
    found = listing(tables[name], state.selection, state.day)
    if media_type == JSON:
        return _page(request, addressing, state, found)
    return _file(
        request, ListFile(found, addressing, state, language_of(request), str(request.url)), media_type
    )


def _media_type(request: Request) -> str:
    wished = request.query_params.get("format", "")
    if wished:
        accepted = [FORMATS[wished]] if wished in FORMATS else []
    else:
        accepted = acceptable(request.headers.get("accept", ""), dict.fromkeys(FORMATS.values()))
    if not accepted:
        raise Problem("not-acceptable", offered=", ".join(dict.fromkeys(FORMATS)))
    return accepted[0]


def _page(request: Request, addressing: Addressing, state: ListState, found: Listing) -> Response:
    """Return one page of a list as JSON, with the facets and a link to the next page."""
    language = language_of(request)
    rows = found.rows(state.sort, language, descending=state.descending)
    shown = rows[state.offset : state.offset + state.limit].tolist()
    body = {
        "list": found.table.definition.name,
        "version": found.table.version,
        "as_of": state.day.isoformat(),
        "total": found.total,
        "split": {"real": found.total - found.illustrative, "illustrative": found.illustrative},
        "limit": state.limit,
        "offset": state.offset,
        "facets": [facet_json(addressing, facet, _facet_limit(request)) for facet in found.facets],
        "items": [row_json(found, row, language) for row in shown],
    }
    response = as_json(request, body)
    if state.offset + len(shown) < found.total and shown:
        following = URL(str(request.url)).include_query_params(
            offset=state.offset + state.limit, limit=state.limit
        )
        response.headers["Link"] = f'<{following.path}?{following.query}>; rel="next"'
    return response


def row_json(found: Listing, row: int, language: str) -> Mapping[str, Any]:
    """Return a row as JSON: what it is about, what that is called, and its cells."""
    table = found.table
    title = table.numbers(row, table.definition.title, language)
    cells = {c.name: cell_json(found, row, c, language) for c in table.definition.visible if c.type != "self"}
    return {
        "iri": text_of(table.name(row)),
        "labels": table.register.labels(title[0]) if title else {},
        "illustrative": bool(table.illustrative[row]),
        **cells,
    }


def facet_json(addressing: Addressing, facet: Facet, most: int = FACET_VALUES) -> Mapping[str, Any]:
    """Return a facet as JSON; values beyond the most frequent are only counted, but for those that were chosen."""
    stated = [value for value in facet.values if value.key != NOT_STATED]
    shown = [*stated[:most], *(value for value in stated[most:] if value.selected)]
    shown += [value for value in facet.values if value.key == NOT_STATED]
    return {
        "name": facet.column.name,
        "labels": facet.column.labels,
        "values": [_value_json(addressing, facet.column, value) for value in shown],
        "more": len(facet.values) - len(shown),
    }


def _value_json(addressing: Addressing, column: ListColumn, value: FacetValue) -> Mapping[str, Any]:
    return {
        "value": addressing.named(column.name, value.key),
        "iri": value.key if ":" in value.key else None,
        "labels": addressing.labels(column, value.key),
        "illustrative": addressing.is_illustrative(value.key),
        "count": value.count,
        "selected": value.selected,
    }


def _facet_limit(request: Request) -> int:
    asked = request.query_params.get("facet_limit", "")
    return int(asked) if asked.isdecimal() else FACET_VALUES


def _file(request: Request, file: ListFile, media_type: str) -> Response:
    """Return all rows that were chosen as a file, or 304 when the client holds it."""
    if file.listing.total > MOST_ROWS:
        raise Problem("too-many-rows", rows=file.listing.total, limit=MOST_ROWS)
    name = f"{file.listing.table.definition.name}-{file.state.day.isoformat()}.{ENDINGS[media_type]}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    response = _csv(request, file) if media_type == CSV else _prepared(request, file, media_type)
    response.headers.update(headers)
    return response


def _csv(request: Request, file: ListFile) -> Response:
    return tagged(request, csv_bytes(file), CSV, VARY)


def _prepared(request: Request, file: ListFile, media_type: str) -> Response:
    """Return a file that takes long to make, unless the client holds one that says the same."""
    headers = {"ETag": _tag(request, file, media_type), "Vary": VARY, "Cache-Control": "no-cache"}
    if headers["ETag"] in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    engine: Engine = request.app.state.engine
    if media_type == XLSX:
        return Response(xlsx_bytes(file, engine), headers=headers, media_type=XLSX)
    return StreamingResponse(turtle_pieces(file, engine), headers=headers, media_type=TURTLE)


def _tag(request: Request, file: ListFile, media_type: str) -> str:
    """Return the tag of a file: what makes two files say something else makes their tags differ."""
    table = file.listing.table
    said = (
        version("medalliance"),
        table.version,
        media_type,
        file.language,
        file.state.day,
        str(request.url),
    )
    return f'W/"{hashlib.sha256(repr(said).encode()).hexdigest()[:32]}"'


def _alliance(request: Request, asked: str) -> str | None:
    """Return the alliance that an address means, ``None`` when there is none."""
    engine: Engine = request.app.state.engine
    known = sorted({text_of(row["alliance"]) for row in engine.select(query("home-alliances").text)})
    whole = iri_of(asked, request.app.state.base)
    by_end = {local_name(name): name for name in reversed(known)}
    return whole if whole in known else by_end.get(asked)
