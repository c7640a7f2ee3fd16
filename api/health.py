"""Is the service alive, and is it ready."""

from __future__ import annotations

from fastapi import APIRouter, Depends
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from api.access import needs
from graph.repository import Repository

router = APIRouter(tags=["operation"], dependencies=[Depends(needs("open"))])


@router.get("/healthz", summary="Alive")
def alive() -> dict[str, str]:
    """Return 200 as long as the process answers."""
    return {"status": "ok"}


@router.get("/readyz", summary="Ready")
def ready(request: Request) -> Response:
    """Return the version served, and whether journal and graph agree on it; 503 when they do not."""
    repository: Repository = request.app.state.repository
    journaled = repository.journal.last()
    served = repository.engine.version
    rows = repository.engine.select("SELECT * { ?s ?p ?o } LIMIT 1")
    is_ready = served == journaled.number and (bool(rows) or journaled.quads == 0)
    body = {
        "status": "ready" if is_ready else "behind",
        "version": served,
        "journal": journaled.number,
        "quads": journaled.quads,
        "workers": request.app.state.settings.workers,
    }
    return JSONResponse(body, 200 if is_ready else 503)
