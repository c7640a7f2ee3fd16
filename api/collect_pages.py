"""Collecting from the members: workbooks to send out, who has returned theirs, and where those are dropped."""

from __future__ import annotations

from urllib.parse import quote

from fastapi import APIRouter, Depends
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from api.access import needs
from api.import_choices import real_alliances
from api.pages import frame
from api.templating import page, view_of
from api.uploads import form_of
from api.workbooks import PRIVATE, ZIP, collected, rounds
from graph.imports.writing_texts import text

router = APIRouter(include_in_schema=False, dependencies=[Depends(needs("import"))])

ROUNDS = 10
"""Rounds of asking that are shown."""


@router.get("/collect")
def collect_page(request: Request, show: str = "") -> Response:
    """Return who was asked and who has returned, with the form to ask and the place to drop what came back."""
    alliances = [one.alliance for one in real_alliances(request) if one.members.real or one.initiators]
    return page(
        request,
        "collect.html",
        alliances=alliances,
        rounds=rounds(request)[:ROUNDS],
        show=show if show == "waiting" else "",
        area=request.app.state.settings.area,
        **frame(request),
    )


@router.post("/collect")
async def ask(request: Request) -> Response:
    """Return the archive of workbooks to send out, one for each member; who was asked is noted."""
    form = await form_of(request)
    said = {name: str(form.get(name, "")).strip() for name in ("alliance", "until", "to")}
    language = view_of(request).language
    made = await run_in_threadpool(
        collected, request, said["alliance"], said["until"][:40], said["to"][:200], language
    )
    name = f"{text('collect', 'title', language)} {request.app.state.today()}.zip"
    headers = {
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(name)}",
        "Cache-Control": PRIVATE,
    }
    return Response(made.archive, media_type=ZIP, headers=headers)
