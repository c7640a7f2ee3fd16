"""``/picture``: the graph around a thing as one HTML file that works offline and can be sent by mail."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import Response

from api.i18n import language_of
from api.picture import picture
from api.problems import Problem
from graph.edges import described_edges, relation_labels
from graph.engine import Engine
from graph.layout import positions
from graph.projection import UnknownNode

router = APIRouter(tags=["core"])

Thing = Annotated[str, Query(description="资源 IRI · IRI of the thing")]


@router.get("/api/v1/picture", summary="The graph around a thing as one offline HTML file")
@router.get("/picture", include_in_schema=False)
def drawn(
    request: Request,
    iri: Thing,
    hops: Annotated[int, Query(ge=1, le=3, description="步数 · steps")] = 1,
    limit: Annotated[int, Query(ge=1, le=300, description="节点上限 · most nodes")] = 60,
) -> Response:
    """Return the picture of what surrounds a thing."""
    engine: Engine = request.app.state.engine
    try:
        around = request.app.state.projections.current().neighbourhood(iri, hops=hops, limit=limit)
    except UnknownNode as fault:
        raise Problem("not-found", what=iri) from fault
    drawing = picture(
        around,
        described_edges(engine, around.edges),
        positions(around),
        language_of(request),
        drawn_on=request.app.state.today(),
        relations=relation_labels(engine, (counted.relation for counted in around.left_out)),
        address=str(request.url),
    )
    headers = {"Content-Security-Policy": drawing.policy, "Vary": "Accept-Language"}
    return Response(drawing.html, media_type="text/html", headers=headers)
