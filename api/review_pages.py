"""The page on which a coordinator reviews an alliance before a council."""

from __future__ import annotations

from fastapi import APIRouter, Depends
from starlette.requests import Request
from starlette.responses import Response

from api.access import needs
from api.pages import frame
from api.review_view import Asked, Review
from api.templating import page, view_of
from graph.keys import iri_of
from graph.summary import Summary

router = APIRouter(include_in_schema=False, dependencies=[Depends(needs("read"))])


@router.get("/alliance-review")
def alliance_review(request: Request, alliance: str = "") -> Response:
    """Return the review of an alliance; of the one with the most members unless asked otherwise."""
    view = view_of(request)
    known: Summary = request.app.state.summaries.current()
    choices = [one.alliance for one in known.real().alliances]
    asked = iri_of(alliance, view.base) if alliance else ""
    chosen = next((one for one in choices if one.iri == asked), None) or next(iter(choices), None)
    about = Asked.of(request.query_params, request.app.state.today())
    found = Review(request, chosen, about) if chosen else None
    return page(request, "alliance-review.html", review=found, choices=choices, asked=about, **frame(request))
