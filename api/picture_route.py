"""``/picture``: the graph around a thing as one HTML file that works offline and can be sent by mail."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Query
from starlette.requests import Request
from starlette.responses import Response

from api.access import needs
from api.graph_routes import Asked, Thing, known_things
from api.i18n import language_of
from api.picture import picture
from graph.edges import relation_labels
from graph.engine import Engine
from graph.layout import positions

router = APIRouter(tags=["core"], dependencies=[Depends(needs("read"))])


@router.get("/api/v1/picture", summary="The graph around a thing as one offline HTML file")
@router.get("/picture", include_in_schema=False)
def drawn(
    request: Request,
    iri: Thing,
    filters: Asked,
    hops: Annotated[int, Query(ge=1, le=3, description="步数 · steps")] = 1,
    limit: Annotated[int, Query(ge=1, le=300, description="节点上限 · most nodes")] = 60,
) -> Response:
    """Return the picture of what surrounds a thing: by default of the relations that hold today, or may hold."""
    engine: Engine = request.app.state.engine
    with known_things():
        around = request.app.state.projections.current().neighbourhood(
            iri, hops=hops, limit=limit, filters=filters
        )
    drawing = picture(
        around,
        request.app.state.edges.described(around.edges, around.version),
        positions(around),
        language_of(request),
        drawn_on=request.app.state.today(),
        relations=relation_labels(engine, (counted.relation for counted in around.left_out)),
        address=str(request.url),
    )
    headers = {"Content-Security-Policy": drawing.policy, "Vary": "Accept-Language"}
    return Response(drawing.html, media_type="text/html", headers=headers)
