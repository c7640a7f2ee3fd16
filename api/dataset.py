"""The graph as a data set: VoID, DCAT, example queries, and files to take away."""

from __future__ import annotations

import base64
from typing import Any

from fastapi import APIRouter, Depends
from starlette.requests import Request
from starlette.responses import FileResponse, RedirectResponse, Response

from api.access import needs
from api.documents import document, media_type_for
from api.negotiation import prefers_html
from api.pages import frame
from api.problems import Problem
from api.published import Published, site_of
from api.rest import as_json
from api.templating import page
from graph.background import Followed, StillMaking
from graph.current import V
from graph.dcat import Said, dcat_quads, sources_said
from graph.dump_process import Written
from graph.dumps import Dumps
from graph.example_queries import example_quads
from graph.names import Names
from graph.quads import text_of
from graph.void import DESCRIPTION_PREFIXES, void_quads
from ontology.library import offered

router = APIRouter(dependencies=[Depends(needs("read"))])

WHOLE = ("all.nq.gz", "all.trig.gz")
"""Files with all of it, named graphs kept apart."""


@router.get("/.well-known/void", tags=["linked data"], summary="The data set in numbers (VoID)")
@router.get("/.well-known/void.{suffix}", include_in_schema=False)
@router.get("/void", include_in_schema=False)
@router.get("/void.{suffix}", include_in_schema=False)
def void(request: Request, suffix: str = "") -> Response:
    """Return what the graph holds in numbers, by class, property and named graph.

    It is counted in the background; ``owl:versionInfo`` tells the change that it was counted after.
    """
    published, site = _published(request), site_of(request)
    media_type = media_type_for(request, suffix)
    counted = _latest(published.counts)
    dumps = [] if published.is_plain else [site.at(f"download/{name}") for name in WHOLE]
    return document(
        request,
        ("void", site),
        media_type,
        lambda: void_quads(counted, site, published.about(counted.version).with_dumps(dumps)),
        prefixes=DESCRIPTION_PREFIXES,
        canonical=site.void,
        state=(counted.version, request.app.state.engine.edition),
    )


@router.get(
    "/dataset", tags=["linked data"], summary="The data set: version, sources, licences, files (DCAT)"
)
@router.get("/dataset.{suffix}", include_in_schema=False)
def dataset(request: Request, suffix: str = "") -> Response:
    """Return what is published, as a page or as RDF: version, dates, sources and licences, files and digests."""
    published, site = _published(request), site_of(request)
    if not suffix and prefers_html(request):
        return _dataset_page(request, published)
    media_type = media_type_for(request, suffix)
    dumps = _dumps(published)
    summaries = request.app.state.summaries
    return document(
        request,
        ("dataset", site),
        media_type,
        lambda: dcat_quads(published.publication(dumps, summaries.current()), site),
        prefixes=DESCRIPTION_PREFIXES,
        canonical=site.dataset,
        state=(dumps.version, request.app.state.engine.edition),
    )


@router.get(
    "/sparql/.well-known/sparql-examples", tags=["linked data"], summary="Example queries (SHACL executables)"
)
@router.get("/sparql/.well-known/sparql-examples.{suffix}", include_in_schema=False)
def examples(request: Request, suffix: str = "") -> Response:
    """Return the questions of the library, as tools for writing queries read them."""
    if not suffix and prefers_html(request):
        return RedirectResponse("/query", 303, headers={"Vary": "Accept"})
    graph, endpoint = text_of(Names(request.app.state.base).examples), site_of(request).at("sparql")
    return document(
        request,
        ("examples", endpoint),
        media_type_for(request, suffix),
        lambda: example_quads(offered().values(), graph, endpoint),
        prefixes=DESCRIPTION_PREFIXES,
        canonical=graph,
    )


@router.get("/download/", tags=["linked data"], summary="Files with all of it, and with each graph")
def downloads(request: Request) -> Response:
    """Return the files that can be taken away, as a page or as JSON: name, size, SHA-256, graph."""
    published = _published(request)
    dumps = _dumps(published)
    if prefers_html(request):
        return page(request, "downloads.html", dumps=dumps, sources=_sources(request), **frame(request))
    files = [{**_file_json(one), "href": f"/download/{one.name}"} for one in dumps.files]
    return as_json(request, {"version": dumps.version, "files": files})


@router.get("/download", include_in_schema=False)
def downloads_without_slash() -> Response:
    """Lead to the list."""
    return RedirectResponse("/download/", 301)


@router.get("/download/{name}", tags=["linked data"], summary="A file, or its SHA-256 (name.sha256)")
def download(request: Request, name: str) -> Response:
    """Return a file of the list, whole or a part of it; with ``.sha256`` behind its name, its digest."""
    dumps = _dumps(_published(request))
    file = dumps.file(name.removesuffix(".sha256"))
    if file is None:
        raise Problem("not-found", what=request.url.path)
    if name.endswith(".sha256"):
        return Response(f"{file.sha256}  {file.name}\n", media_type="text/plain")
    digest = base64.b64encode(bytes.fromhex(file.sha256)).decode()
    etag = f'"{file.sha256[:32]}"'
    headers = {
        "ETag": etag,
        "Repr-Digest": f"sha-256=:{digest}:",
        "Cache-Control": "no-cache",
        "X-Graph-Version": str(dumps.version),
    }
    if request.headers.get("if-none-match") in (etag, "*"):
        return Response(status_code=304, headers=headers)
    return FileResponse(
        dumps.folder / file.name, headers=headers, media_type="application/gzip", filename=file.name
    )


def _dataset_page(request: Request, published: Published) -> Response:
    return page(
        request,
        "dataset.html",
        dumps=_dumps(published),
        counted=published.counts.held(),
        issued=published.date(1),
        modified=published.date(request.app.state.engine.version),
        sources=_sources(request),
        examples=len(offered()),
        **frame(request),
    )


def _published(request: Request) -> Published:
    """Return the published side; an application that only reads a graph has none."""
    published: Published | None = getattr(request.app.state, "published", None)
    if published is None:
        raise Problem("not-found", what=request.url.path)
    return published


def _dumps(published: Published) -> Dumps:
    """Return the files; a plain dataset has none, it is not published."""
    if published.is_plain:
        raise Problem("not-found", what="/download/")
    return _latest(published.dumps)


def _latest(followed: Followed[V]) -> V:
    """Return what a thread has made of the graph; who asks first does not wait for ever."""
    try:
        return followed.latest()
    except StillMaking as fault:
        raise Problem("being-made", headers={"Retry-After": "30"}) from fault


def _sources(request: Request) -> dict[str, Said]:
    return sources_said(request.app.state.engine, Names(request.app.state.base))


def _file_json(file: Written) -> dict[str, Any]:
    return {
        "name": file.name,
        "media_type": file.media_type,
        "graph": file.graph or None,
        "statements": file.statements,
        "bytes": file.size,
        "sha256": file.sha256,
    }
