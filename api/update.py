"""SPARQL 1.1 Protocol: updates over HTTP (https://www.w3.org/TR/sparql11-protocol/#update-operation)."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import parse_qsl, unquote

from fastapi import APIRouter, Depends
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from api.access import identity_of, needs
from api.problems import Problem
from api.rest import as_json, recorded_json
from api.settings import Settings
from api.sparql import FORM, body_text
from graph.engine import Limits, MemoryLimitReached, TimeLimitReached, limits_of_document
from graph.guard import TooLarge
from graph.nodes import is_iri_text
from graph.repository import Recorded, Repository
from graph.settle import UpdateRequest

router = APIRouter(dependencies=[Depends(needs("update"))])

UPDATE = "application/sparql-update"
PARAMETERS = [
    {"name": name, "in": "query", "schema": {"type": "string"}, "description": description}
    for name, description in (
        ("using-graph-uri", "条件的默认图 · default graph of conditions; may be repeated"),
        ("using-named-graph-uri", "条件的命名图 · named graph of conditions; may be repeated"),
        ("why", "原因，记入历史 · the reason, for the history"),
    )
]
"""The parameters of the protocol that may stand in the address, for the description of the interface."""


@dataclass(frozen=True)
class Order:
    """An update as the protocol carries it, and what the history is to say of it."""

    request: UpdateRequest
    why: str


@router.post(
    "/update",
    name="update",
    tags=["changes"],
    summary="SPARQL 1.1 updates",
    openapi_extra={
        "parameters": PARAMETERS,
        "requestBody": {
            "required": True,
            "content": {kind: {"schema": {"type": "string"}} for kind in (UPDATE, FORM)},
        },
    },
)
async def update(request: Request) -> Response:
    """Carry out an update as one change: whole or not at all, and seen by every answer that begins afterwards.

    The answer tells the number of the change (``null``: nothing changed) and the version of the graph.
    """
    settings: Settings = request.app.state.settings
    order = _order(request, await _parameters(request, settings), settings)
    return await run_in_threadpool(_carried_out, request, order, settings)


def _carried_out(request: Request, order: Order, settings: Settings) -> Response:
    repository: Repository = request.app.state.repository
    try:
        recorded = repository.update(
            order.request,
            who=who_writes(request),
            why=order.why,
            limits=limits_of_update(len(order.request.text), settings),
        )
    except (TimeLimitReached, MemoryLimitReached) as fault:
        raise Problem("update-too-heavy", limit=f"{settings.update_seconds:g}") from fault
    return as_json(request, written_json(recorded, repository.engine.version))


def written_json(recorded: Recorded, version: int) -> dict[str, object]:
    """Return what became of a write, as JSON: besides what others tell, the version that has it."""
    change = recorded.change
    return {**recorded_json(recorded), "version": change.number if change else version}


def who_writes(request: Request) -> str:
    """Return who writes, as it stands in the history."""
    return identity_of(request).name or "this machine"


def reason(request: Request, parameters: list[tuple[str, str]]) -> str:
    """Return why somebody writes: the parameter ``why``, or the header ``X-Why`` (percent-encoded UTF-8)."""
    given = [value for name, value in parameters if name == "why"]
    return (given[-1] if given else unquote(request.headers.get("x-why", "")))[:2000]


def absolute(graph: str) -> str:
    """Return the name of a graph; raises Problem for what is no IRI, or is relative."""
    scheme, colon, rest = graph.partition(":")
    if not (colon and rest and scheme.isascii() and scheme[:1].isalpha()) or not is_iri_text(graph):
        raise Problem(
            "malformed-request", message=f"the name of a graph is an absolute IRI, not {graph[:200]}"
        )
    return graph


def limits_of_update(size: int, settings: Settings) -> Limits:
    """Return what an update of so many characters may use: the time that is set, and memory by its size."""
    return Limits(settings.update_seconds, limits_of_document(size).memory)


async def _parameters(request: Request, settings: Settings) -> list[tuple[str, str]]:
    """Return the parameters of the request, wherever the protocol puts them."""
    parameters = list(request.query_params.multi_items())
    if any(name == "update" for name, _ in parameters):
        raise Problem(
            "malformed-request", message="an update belongs in the content of a POST, not in the address"
        )
    content_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if content_type not in (FORM, UPDATE):
        raise Problem("unsupported-media-type", media_type=content_type, accepted=f"{FORM}, {UPDATE}")
    # A form writes up to three bytes for one.
    text = await body_text(request, settings.update_bytes * (3 if content_type == FORM else 1) + 65_536)
    if content_type == UPDATE:
        return [*parameters, ("update", text)]
    try:
        return [*parameters, *parse_qsl(text, keep_blank_values=True, errors="strict")]
    except ValueError as fault:
        raise Problem("malformed-request", message="the form is not UTF-8") from fault


def _order(request: Request, parameters: list[tuple[str, str]], settings: Settings) -> Order:
    texts = [value for name, value in parameters if name == "update"]
    if len(texts) != 1:
        raise Problem("missing-update")
    if len(texts[0].encode()) > settings.update_bytes:
        raise TooLarge(settings.update_bytes)
    using = tuple(absolute(value) for name, value in parameters if name == "using-graph-uri")
    named = tuple(absolute(value) for name, value in parameters if name == "using-named-graph-uri")
    asked = UpdateRequest(texts[0], using, named, str(request.url_for("update")))
    return Order(asked, reason(request, parameters))
