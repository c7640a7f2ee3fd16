"""Workbooks over REST: empty ones to fill in, one with what is held, and those that members are asked to check."""

from __future__ import annotations

from collections.abc import Collection as SomeOf
from dataclasses import asdict
from typing import Annotated, Any, Literal
from urllib.parse import quote

from fastapi import APIRouter, Body, Depends, Query
from starlette.requests import Request
from starlette.responses import Response

from api.access import Identity, identity_of, needs
from api.i18n import language_of
from api.problems import Problem
from api.rest import Limit, Offset, listed
from api.spreadsheet import MEDIA_TYPE
from graph.imports.asking import alliance_called, ask_members
from graph.imports.collect import Collected
from graph.imports.collect import Request as Asking
from graph.imports.collections import Collection, Collections
from graph.imports.held_facts import TooMuchHeld
from graph.imports.held_rows import HeldRows, Selection
from graph.imports.held_workbook import Told, full_workbook, held_rows
from graph.imports.template import template
from graph.imports.writing_texts import text
from graph.names import Names
from graph.quads import Quad, iri
from ontology.workbook import Visibility, workbook

reading = APIRouter(prefix="/api/v1", tags=["workbooks"], dependencies=[Depends(needs("read"))])
asking = APIRouter(prefix="/api/v1", tags=["workbooks"], dependencies=[Depends(needs("import"))])

ZIP = "application/zip"
PRIVATE = "private, no-store"
"""How long files may be kept on the way that may hold what is not public."""

Language = Annotated[Literal["zh", "en"] | None, Query(description="语言 · language")]
Alliance = Annotated[str, Query(description="联盟的名称或 IRI · short name or IRI of the alliance")]


@reading.get(
    "/template.xlsx",
    summary="The workbook to fill in",
    response_class=Response,
    responses={200: {"content": {MEDIA_TYPE: {}}}},
)
def empty_workbook(
    request: Request,
    full: Annotated[bool, Query(description="全部十张表 · all ten sheets")] = False,
    lang: Language = None,
) -> Response:
    """Return one sheet of twelve columns, of which one is required, or all ten sheets."""
    language = lang or language_of(request)
    kind = workbook().default.labels[language] if not full else text("template", "title", language)
    return _file(template(language, request.app.state.today(), full=full), MEDIA_TYPE, f"{kind}.xlsx")


@reading.get(
    "/workbook.xlsx",
    summary="What is held, as a workbook",
    response_class=Response,
    responses={200: {"content": {MEDIA_TYPE: {}}}},
)
def held_workbook(request: Request, alliance: Alliance = "", lang: Language = None) -> Response:
    """Return what the sources state, in the ten sheets; imported into an empty instance it gives the same facts.

    What is not public is in it only for those who may see it. Nothing illustrative is in it.
    """
    language = lang or language_of(request)
    asked = _alliance(request, alliance) if alliance else ""
    rows = _held(request, language, Selection(asked))
    told = Told(
        language,
        request.app.state.today(),
        rows.facts.label(iri(asked), language) if asked else "",
        holds_internal=identity_of(request).may("internal"),
    )
    name = f"{text('held', 'title', language)} {told.day}.xlsx"
    answer = _file(full_workbook(rows, request.app.state.engine.version, told), MEDIA_TYPE, name)
    answer.headers["Cache-Control"] = PRIVATE
    return answer


@asking.get("/collections", summary="Who was asked for data, and who has returned it since when")
def collections(request: Request, limit: Limit = 100, offset: Offset = 0) -> Response:
    """Return the rounds of asking, the newest first, with every unit and what came back."""
    found = [_described(one) for one in rounds(request)]
    return listed(request, found[offset : offset + limit], len(found), limit, offset)


@asking.post(
    "/collections",
    summary="Make a workbook for every member",
    response_class=Response,
    responses={200: {"content": {ZIP: {}}}},
)
def new_collection(
    request: Request,
    alliance: Annotated[str, Body(description="联盟的名称或 IRI · name or IRI of the alliance")] = "",
    until: Annotated[str, Body(max_length=40, description="最迟返回日期 · by when")] = "",
    to: Annotated[str, Body(max_length=200, description="返回给谁 · to whom")] = "",
    lang: Annotated[Literal["zh", "en"] | None, Body(description="语言 · language")] = None,
) -> Response:
    """Return an archive (zip) with a workbook for every member: what is held, blanks marked; note who was asked."""
    language = lang or language_of(request)
    made = collected(request, alliance, until, to, language)
    answer = _file(made.archive, ZIP, f"{text('collect', 'title', language)} {request.app.state.today()}.zip")
    answer.headers["Cache-Control"] = PRIVATE
    return answer


def collected(request: Request, alliance: str, until: str, to: str, language: str) -> Collected:
    """Make a workbook for every member of an alliance, and note who is asked.

    Args:
        request: who asks; the workbooks hold what they may see.
        alliance: short name or IRI of the alliance.
        until: by when answers are wanted (empty: not said).
        to: to whom they go (empty: not said).
        language: ``zh`` or ``en``.

    Raises:
        Problem: ``not-found``, ``nobody-to-ask`` or ``workbook-too-large``.
    """
    state = request.app.state
    asked = Asking(_alliance(request, alliance), language, state.today(), until, to)
    try:
        made = ask_members(
            state.engine,
            Names(state.base),
            asked,
            restricted=visible_quads(request),
            register=_register(request),
            who=identity_of(request).name,
        )
    except TooMuchHeld as fault:
        raise Problem("workbook-too-large", quads=fault.args[0]) from fault
    if not made.units:
        raise Problem("nobody-to-ask", what=alliance)
    return made


def rounds(request: Request) -> list[Collection]:
    """Return the rounds of asking, the newest first."""
    register = _register(request)
    return register.listed() if register else []


def visible_quads(request: Request) -> list[Quad]:
    """Return what is not public, as far as the asking person may see it."""
    repository = getattr(request.app.state, "repository", None)
    visible = visibilities(identity_of(request))
    if repository is None or not visible:
        return []
    return [quad for fact in repository.restricted.all() if fact.visibility in visible for quad in fact.quads]


def visibilities(identity: Identity) -> SomeOf[Visibility]:
    """Return what somebody may see beside what is public."""
    kinds: tuple[Visibility, ...] = ("alliance", "internal")
    return [
        kind
        for kind in kinds
        if identity.may("internal") or (kind == "alliance" and identity.may("alliance"))
    ]


def _held(request: Request, language: str, selection: Selection) -> HeldRows:
    names = Names(request.app.state.base)
    try:
        return held_rows(
            request.app.state.engine, names, language, selection, restricted=visible_quads(request)
        )
    except TooMuchHeld as fault:
        raise Problem("workbook-too-large", quads=fault.args[0]) from fault


def _alliance(request: Request, asked: str) -> str:
    found = alliance_called(request.app.state.engine, asked)
    if not found:
        raise Problem("not-found", what=asked)
    return found


def _register(request: Request) -> Collections | None:
    register: Collections | None = getattr(request.app.state, "collections", None)
    return register


def _described(one: Collection) -> dict[str, Any]:
    counts = {"units": len(one.asked), "returned": len(one.asked) - len(one.waiting)}
    return {**asdict(one), **counts}


def _file(content: bytes, media_type: str, name: str) -> Response:
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(name)}"}
    return Response(content, media_type=media_type, headers=headers)
