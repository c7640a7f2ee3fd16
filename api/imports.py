"""REST of imports: spreadsheets staged, looked at, decided, committed as one change, and taken back."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Annotated, Any, Literal
from urllib.parse import quote

from fastapi import APIRouter, Body, Depends, Query
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from api.access import identity_of, needs
from api.i18n import language_of
from api.problems import Problem
from api.rest import Limit, Offset, as_json, listed
from api.uploads import Upload, upload_of
from graph.imports.importer import Importer
from graph.imports.options import Options

router = APIRouter(prefix="/api/v1", tags=["imports"], dependencies=[Depends(needs("import"))])
history = APIRouter(prefix="/api/v1", tags=["changes"], dependencies=[Depends(needs("update"))])
"""Taking back any change at all, not only an import, is more than importing."""

TEXTS = ("why", "alliance", "area", "source", "dated", "crs", "supersedes")
FLAGS = ("accept_new", "leave_out_errors")
OBJECTS = ("mapping", "decisions", "sources")
"""Fields of an upload: texts, yes or no, and JSON."""

_UPLOAD = {
    "type": "object",
    "required": ["file"],
    "properties": {
        "file": {
            "type": "array",
            "items": {"type": "string", "format": "binary"},
            "description": "表格文件，可多个，也可打成 zip · spreadsheets, one or more, or a zip of them",
        },
        "dry_run": {"type": "boolean", "description": "只看报告，什么也不保存 · only report, keep nothing"},
        "why": {"type": "string", "description": "原因，写入变更记录 · why; goes into the history"},
        "alliance": {
            "type": "string",
            "description": "联盟的名称或 IRI；none 为不属于任何联盟 · name or IRI of the alliance; none: of none",
        },
        "area": {"type": "string", "description": "行政区划代码 · division code (GB/T 2260)"},
        "source": {"type": "string", "description": "资料标题 · title of the document"},
        "dated": {"type": "string", "description": "资料日期 2026、2026-03 · date of the document"},
        "crs": {"type": "string", "enum": ["", "wgs84", "gcj02", "bd09"]},
        "supersedes": {
            "type": "string",
            "description": "它是哪份资料（IRI）的新版本；none 为不是 · document of which it is a new version; none",
        },
        "accept_new": {
            "type": "boolean",
            "description": "没有对应单位的名称作为新单位 · names without a match are new units",
        },
        "leave_out_errors": {"type": "boolean", "description": "有错的不写入 · leave out what is wrong"},
        "mapping": {"type": "string", "description": "JSON，同 decisions 中的 mapping · as in decisions"},
        "decisions": {"type": "string", "description": "JSON，同 decisions 中的 decisions · as in decisions"},
        "sources": {"type": "string", "description": "JSON，各文件的标题与日期 · JSON, titles by file"},
    },
}
_DECISIONS = {
    "decisions": {"organization|吉林示例医院|220100": "new"},
    "mapping": {"名单.xlsx#1.1": {"kind": "members", "columns": {"2": "name_zh"}, "used": True}},
    "source": {"title": "成员单位一览表", "dated": "2026-03"},
    "accept_new": False,
    "leave_out_errors": False,
}


@router.post(
    "/imports",
    status_code=201,
    summary="Stage spreadsheets, or (dry_run) only report what is in them",
    openapi_extra={
        "requestBody": {"required": True, "content": {"multipart/form-data": {"schema": _UPLOAD}}}
    },
)
async def stage(request: Request) -> Response:
    """Read the files, check every cell, match the names, and plan what would change; nothing is changed yet.

    The answer is the report. For large files its state is `reading` or `checking` at first: ask for it again. With
    `dry_run` nothing is kept and the answer is 200.
    """
    upload = await upload_of(request)
    if not upload.files:
        raise Problem("malformed-request", message="file")
    options = options_of(upload)
    if is_true(upload.fields.get("dry_run", "")):
        return as_json(request, await run_in_threadpool(_importer(request).dry_run, upload.files, options))
    who = identity_of(request).name
    report = await run_in_threadpool(_importer(request).stage, upload.files, options, who=who)
    response = as_json(request, report, status=201)
    response.headers["Location"] = request.url_for("staged_import", id=report["id"]).path
    return response


@router.get("/imports", summary="All imports, the newest first")
def imports(request: Request, limit: Limit = 100, offset: Offset = 0) -> Response:
    """Return what waits, what was committed, and what was discarded; the files of a finished import are deleted."""
    found = _importer(request).listed()
    return listed(request, found[offset : offset + limit], len(found), limit, offset)


@router.get("/imports/{id}", name="staged_import", summary="The report of an import")
def staged_import(
    request: Request,
    id: str,  # noqa: A002 - what the address calls it
    part: Annotated[
        Literal["", "remarks", "resolutions", "entities", "tables"],
        Query(description="只取这一列表，可翻页 · only this list, page by page"),
    ] = "",
    show: Annotated[str, Query(description="只取这一类 · only these: error, warning, open, added, …")] = "",
    limit: Limit = 200,
    offset: Offset = 0,
) -> Response:
    """Return the report: files, tables, columns, problems by cell, names, and what would be added, changed and left.

    Lists are cut after 200 entries, with their totals; `part` returns any stretch of one of them.
    """
    if not part:
        return as_json(request, _importer(request).report(id))
    found = _importer(request).part(id, part, offset, limit, show)
    return listed(request, found["items"], found["total"], limit, offset)


@router.post("/imports/{id}/decisions", summary="Say what names, columns and the document are")
def decide(
    request: Request,
    id: str,  # noqa: A002
    said: Annotated[dict[str, Any], Body(openapi_examples={"decisions": {"value": _DECISIONS}})],
) -> Response:
    """Take in decisions and return the report with them; what is not named stays as it was.

    A name stands for an IRI, is `new`, or is left for `later`. A column means a key of the workbook, or nothing.
    """
    return as_json(request, _importer(request).decide(id, said))


@router.post("/imports/{id}/commit", status_code=201, summary="Write an import as one change")
def commit(
    request: Request,
    id: str,  # noqa: A002
    digest: Annotated[str, Body(description="报告中的 digest · the digest of the report that was seen")],
    why: Annotated[str, Body(max_length=1000, description="原因 · why")] = "",
) -> Response:
    """Write what the report promises, whole or not at all. When the graph changed so that it would be something else,
    the answer is 409 with the changes of others and the new digest. Asked twice, it answers the same twice."""
    done = _importer(request).commit(id, digest=digest, why=why, who=identity_of(request).name)
    return as_json(request, done, status=201)


@router.delete("/imports/{id}", status_code=204, summary="Give an import up")
def discard(request: Request, id: str) -> Response:  # noqa: A002
    """Delete the files of a waiting import."""
    _importer(request).discard(id)
    return Response(status_code=204)


@router.get("/imports/{id}/corrected.xlsx", summary="The files with every problem marked in its cell")
def corrected(request: Request, id: str) -> Response:  # noqa: A002
    """Return a workbook to correct and send back: problem cells are filled, a column 问题 says what is wrong."""
    name, content = _importer(request).corrected(id, language_of(request))
    headers = {"Content-Disposition": attachment(name), "Cache-Control": "no-store"}
    return Response(
        content, headers=headers, media_type=XLSX if name.endswith(".xlsx") else "application/zip"
    )


@history.post("/changes/{number}/undo", status_code=201, summary="Take a change back")
def undo(
    request: Request,
    number: int,
    why: Annotated[str, Body(embed=True, max_length=1000, description="原因 · why")] = "",
) -> Response:
    """Make a new change that restores what was before; 409 when later changes speak of the same facts."""
    done = _importer(request).undo(number, why=why, who=identity_of(request).name)
    return as_json(request, done, status=201)


XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def attachment(name: str) -> str:
    """Return the header that gives a download its name, also one that is not in Latin letters."""
    plain = f"corrected.{name.rpartition('.')[2]}"
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name)}"


def options_of(upload: Upload) -> Options:
    """Return what the fields of an upload say of it.

    Raises:
        Problem, WrongOption: a field has no meaning.
    """
    fields: Mapping[str, str] = upload.fields
    said: dict[str, Any] = {name: fields[name] for name in TEXTS if fields.get(name)}
    said |= {name: is_true(fields[name]) for name in FLAGS if fields.get(name)}
    said |= {name: _json(name, fields[name]) for name in OBJECTS if fields.get(name)}
    return Options.of(said)


def is_true(said: str) -> bool:
    """Tell whether a field says yes."""
    return said.strip().lower() in ("1", "true", "yes", "on")


def _json(name: str, said: str) -> Any:
    try:
        return json.loads(said)
    except (ValueError, RecursionError) as fault:
        raise Problem("malformed-request", message=f"{name}: JSON") from fault


def _importer(request: Request) -> Importer:
    importer: Importer = request.app.state.importer
    return importer
