"""REST, version 1: search, cards, lists and the graph around a thing, as JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from itertools import groupby
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import URL
from starlette.requests import Request
from starlette.responses import Response

from api.access import identity_of, needs
from api.i18n import language_of
from api.problems import Problem, document_faults
from api.sparql import body_bytes, tagged
from api.templating import View, view_of
from graph.cards import card, card_json
from graph.engine import Engine
from graph.keys import key_of
from graph.media import RDF_TYPES, SYNONYMS, media_type_of_file
from graph.quads import text_of
from graph.repository import Recorded, Repository, SourceFile
from graph.search import Hit, search
from ontology.library import query

router = APIRouter(prefix="/api/v1", dependencies=[Depends(needs("read"))])
changes = APIRouter(prefix="/api/v1", dependencies=[Depends(needs("update"))])

TAGS = [
    {
        "name": "core",
        "description": "查询、检索、资源、邻域与图片 · Ask, search, look at a thing and around it",
    },
    {"name": "lists", "description": "列表 · Lists"},
    {"name": "workbooks", "description": "工作簿 · Workbooks"},
    {"name": "questions", "description": "查询库：有名的问题 · The query library: questions by name"},
    {"name": "linked data", "description": "关联数据 · Linked data"},
    {"name": "imports", "description": "导入表格 · Imports of spreadsheets"},
    {"name": "changes", "description": "修改 · Changes"},
    {"name": "operation", "description": "运行状态 · Operation"},
]

Limit = Annotated[int, Query(ge=1, le=1000, description="条数上限 · most entries")]
Offset = Annotated[int, Query(ge=0, description="跳过条数 · entries to leave out")]


@router.get("/search", tags=["core"], summary="Things by name, alias or code")
def found(
    request: Request,
    q: Annotated[str, Query(max_length=500, description="名称、别名或编码 · name, alias or code")] = "",
    kind: Annotated[
        list[str] | None, Query(description="只看这些种类 · only these kinds: organization, area, …")
    ] = None,
    real: Annotated[bool, Query(description="不含示例 · without what is illustrative")] = False,
    limit: Limit = 20,
    offset: Offset = 0,
) -> Response:
    """Return the things whose name, alias or code is like ``q``, the closest first, and how each name fits.

    Chinese, pinyin, initials, English, former names and typos are understood; ``suggestions`` are near names where
    nothing was found.
    """
    hits = search(
        _engine(request),
        q,
        families=kind or (),
        real=real,
        limit=limit,
        offset=offset,
        index=request.app.state.search.current(),
        language=language_of(request),
    )
    view = view_of(request)
    items = [hit_json(hit, view) for hit in hits.hits]
    more = {"suggestions": hits.suggestions}
    return listed(request, items, hits.found, limit, offset, at_least=hits.at_least, more=more)


def hit_json(hit: Hit, view: View) -> dict[str, Any]:
    """Return a hit as JSON: the thing with its page and short name, what tells it apart, and how its name fits."""
    thing, context = hit.entity, hit.context
    return {
        "iri": thing.iri,
        "key": key_of(thing.iri, view.base),
        "href": view.href(thing.iri),
        "labels": thing.labels,
        "kind": thing.family,
        "context": {"iri": context.iri, "labels": context.labels} if context else None,
        "matched": {
            "text": hit.matched,
            "language": hit.language,
            "property": hit.property.iri,
            "labels": hit.property.labels,
            "way": hit.way,
        },
        "illustrative": thing.illustrative,
    }


@router.get("/entities", tags=["core"], summary="The card of one thing")
def entity(
    request: Request, iri: Annotated[str, Query(description="资源 IRI · IRI of the thing")]
) -> Response:
    """Return all that is known of a thing: each fact with source, date and basis, and what is not known."""
    shown = card(_engine(request), iri)
    if shown is None:
        raise Problem("not-found", what=iri)
    return as_json(request, card_json(shown))


@router.get("/alliances", tags=["lists"], summary="The alliances")
def alliances(request: Request, limit: Limit = 100, offset: Offset = 0) -> Response:
    """Return the alliances with their names, initiating units and numbers of memberships on record."""
    rows = _engine(request).select(query("alliance-list").text)
    items = [_alliance(list(group)) for _, group in groupby(rows, key=lambda row: row["alliance"])]
    return listed(request, items[offset : offset + limit], len(items), limit, offset)


@changes.post("/changes", tags=["changes"], summary="Load an RDF document as one change", status_code=201)
async def change(
    request: Request,
    name: Annotated[str, Query(description="文件名 · file name")],
    why: Annotated[str, Query(description="原因 · why")] = "",
    graph: Annotated[str, Query(description="目标图 · graph to load into")] = "",
    checked: Annotated[bool, Query(description="是否检查 · whether to check")] = True,
) -> Response:
    """Load the document in the body, checked, whole or not at all. Needs a token with the scope ``update``."""
    limit = request.app.state.settings.body_bytes
    data = await body_bytes(request, limit)
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    media_type = kind if kind in RDF_TYPES else media_type_of_file(name) or SYNONYMS.get(kind, "")
    if not media_type:
        raise Problem("unsupported-media-type", media_type=kind, accepted=", ".join(RDF_TYPES))
    repository: Repository = request.app.state.repository
    with document_faults():
        recorded = await run_in_threadpool(
            repository.load,
            [SourceFile(name, data, media_type)],
            who=identity_of(request).name,
            why=why,
            graph=graph,
            checked=checked,
        )
    return as_json(request, recorded_json(recorded), status=201)


def recorded_json(recorded: Recorded) -> dict[str, Any]:
    """Return what became of a proposal, as JSON."""
    change = recorded.change
    return {
        "change": change.number if change else None,
        "added": change.header.added if change else 0,
        "removed": change.header.removed if change else 0,
        "quads": change.quads if change else None,
        "findings": [asdict(finding) for finding in recorded.findings],
        "disagreements": [asdict(one) for one in recorded.disagreements],
    }


def listed(
    request: Request,
    items: Sequence[Any],
    total: int,
    limit: int,
    offset: int,
    *,
    at_least: bool = False,
    more: Mapping[str, Any] | None = None,
) -> Response:
    """Return one page of a list, with the total and a link to the next page."""
    body = {"total": total, "at_least": at_least, "limit": limit, "offset": offset, **(more or {})}
    body["items"] = list(items)
    response = as_json(request, body)
    if offset + len(items) < total and items:
        following = URL(str(request.url)).include_query_params(offset=offset + limit, limit=limit)
        response.headers["Link"] = f'<{following.path}?{following.query}>; rel="next"'
    return response


def as_json(request: Request, body: object, *, status: int = 200) -> Response:
    """Return JSON with a strong ETag."""
    content = json.dumps(body, ensure_ascii=False).encode()
    response = tagged(request, content, "application/json", "Accept, Accept-Language")
    if status != 200:
        response.status_code = status
    return response


def _alliance(rows: list[dict[str, str]]) -> dict[str, Any]:
    first = rows[0]
    return {
        "iri": text_of(first["alliance"]),
        "labels": {tag: text_of(first[tag]) for tag in ("zh", "en") if tag in first},
        "kind": text_of(first["kind"]) if "kind" in first else None,
        "initiators": sorted({text_of(row["initiator"]) for row in rows if "initiator" in row}),
        "memberships": int(text_of(first["memberships"])),
        "illustrative": "illustrative" in first,
    }


def _engine(request: Request) -> Engine:
    engine: Engine = request.app.state.engine
    return engine
