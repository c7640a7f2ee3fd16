"""Validation: whoever sends shapes gets the report on a graph (the convention of Apache Jena Fuseki)."""

from __future__ import annotations

import io
from typing import Annotated

from fastapi import APIRouter, Depends, Query
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from api.access import needs
from api.budgets import metered
from api.negotiation import acceptable
from api.problems import Problem
from api.settings import Settings
from api.sparql import body_bytes, tagged
from graph import media
from graph.engine import MEGABYTE, Limits
from graph.oxigraph import written_quads
from graph.quads import Quad, Term, iri
from graph.shacl_report import GraphUnknown, MalformedShapes, Validation
from graph.store import SyntaxFault
from ontology.prefixes import PREFIXES

router = APIRouter(dependencies=[Depends(needs("read", changes=False))])

DEFAULT = ("default", "union")
"""What ``graph=`` may say for the default graph, which is the merge of the public ones."""


@router.post("/shacl", tags=["linked data"], summary="Validate a graph by shapes")
async def validate(
    request: Request,
    graph: Annotated[
        str, Query(description="default、union，或图的 IRI · or the IRI of a graph")
    ] = "default",
) -> Response:
    """Return the validation report on a graph by the SHACL shapes in the body.

    Core and SPARQL constraints are carried out. Nothing is fetched because of the shapes: no imports, no scripts.
    """
    settings: Settings = request.app.state.settings
    offered = acceptable(request.headers.get("accept", ""), media.RDF_TYPES, media.SYNONYMS)
    if not offered:
        raise Problem("not-acceptable", offered=", ".join(media.RDF_TYPES))
    kind = _media_type(request)
    shapes = await body_bytes(request, settings.shapes_bytes)
    if not shapes.strip():
        raise Problem("malformed-shapes", message="0 B")
    term = _graph_term(graph)
    limits = Limits(settings.shacl_seconds, settings.query_memory * MEGABYTE)
    with metered(request, f"SHACL {graph}"):
        quads = await run_in_threadpool(_report, request.app.state.validation, term, shapes, kind, limits)
    sink = io.BytesIO()
    written_quads(sorted(quads), offered[0], sink, PREFIXES)
    return tagged(request, sink.getvalue(), offered[0])


def _report(validation: Validation, graph: Term, shapes: bytes, kind: str, limits: Limits) -> list[Quad]:
    try:
        return validation.report(graph, shapes, kind, limits)
    except GraphUnknown as fault:
        raise Problem("graph-missing", graph=fault.graph) from fault
    except MalformedShapes as fault:
        raise Problem("malformed-shapes", message=str(fault)) from fault
    except SyntaxFault as fault:
        raise Problem(
            "malformed-document", line=fault.line, column=fault.column, message=fault.message
        ) from fault


def _graph_term(graph: str) -> Term:
    if graph in DEFAULT:
        return ""
    try:
        return iri(graph)
    except ValueError as fault:
        raise Problem("malformed-request", message=f"graph={graph}") from fault


def _media_type(request: Request) -> str:
    """Return the format of the body; a client that does not say sends Turtle."""
    said = request.headers.get("content-type", "").partition(";")[0].strip().lower() or media.TURTLE
    kind = said if said in media.RDF_TYPES else media.SYNONYMS.get(said, "")
    if not kind:
        raise Problem("unsupported-media-type", media_type=said, accepted=", ".join(media.RDF_TYPES))
    return kind
