"""The help page: what is here, how to search, how to read the marks, the limits, how to begin with real data."""

from __future__ import annotations

from fastapi import APIRouter, Depends
from starlette.requests import Request
from starlette.responses import Response

from api.access import needs
from api.pages import frame
from api.templating import page
from graph.search_index import LONGEST, MOST_WORDS
from graph.summary import Summary, illustrative_count

router = APIRouter(include_in_schema=False, dependencies=[Depends(needs("read"))])


@router.get("/help")
def help_page(request: Request) -> Response:
    """Return the page."""
    around = frame(request)
    known: Summary = request.app.state.summaries.current()
    invented = [one for one in known.alliances if one.alliance.illustrative]
    documents = [one for one in known.documents if one.document.illustrative]
    settings = request.app.state.settings
    return page(
        request,
        "help.html",
        address=f"{request.url.scheme}://{request.url.netloc}",
        invented=invented,
        documents=documents,
        number=illustrative_count(request.app.state.engine) if around["illustrative"] else 0,
        seconds=settings.query_seconds,
        kilobytes=settings.query_bytes // 1024,
        words=MOST_WORDS,
        characters=LONGEST,
        **around,
    )
