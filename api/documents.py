"""RDF documents: made once for each state of the graph, in the format that a client likes best, and kept as bytes."""

from __future__ import annotations

import io
from collections.abc import Callable, Hashable, Iterable, Mapping
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from functools import lru_cache
from http import HTTPStatus
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import Response

from api.answer_cache import AnswerCache, Held, etag_of
from api.documents_first import Prepared, PreparedDocuments
from api.kept_answer import takes_gzip
from api.negotiation import HTML, acceptable
from api.problems import Problem
from api.request_body import content_type, is_held
from graph import media
from graph.engine import Engine, State
from graph.oxigraph import written_quads
from graph.quads import Quad
from graph.repository import Repository
from ontology.prefixes import PREFIXES

SUFFIXES = {"ttl": media.TURTLE, "jsonld": media.JSONLD, "nt": media.NTRIPLES, "rdf": media.RDFXML}
"""What an address may end in to ask for one format."""
VARY = "Accept, Accept-Language"


def media_type_for(request: Request, suffix: str = "") -> str:
    """Return the format of the suffix, or the one that the client likes best.

    Raises:
        Problem: ``not-found`` for another suffix, ``not-acceptable`` where the client likes none.
    """
    if suffix:
        if suffix not in SUFFIXES:
            raise Problem("not-found", what=request.url.path)
        return SUFFIXES[suffix]
    kinds = _acceptable(request.headers.get("accept", ""))
    if not kinds:
        raise Problem("not-acceptable", offered=", ".join((HTML, *media.RDF_TYPES)))
    return kinds[0]


def document(
    request: Request,
    key: Hashable,
    media_type: str,
    quads: Callable[[], Iterable[Quad]],
    *,
    prefixes: Mapping[str, str] = PREFIXES,
    canonical: str = "",
    state: State | None = None,
    quick: bool = False,
) -> Response:
    """Return statements as a document; they are asked for only where the document is not kept yet.

    Args:
        request: who asks.
        key: what is asked for, without format and state.
        media_type: the format.
        quads: returns the statements.
        prefixes: what the document abbreviates.
        canonical: IRI of what it describes.
        state: version and edition that it follows from; by default those of the graph now.
        quick: whether path and Accept alone tell which document this is, so that it may be sent the short way.
    """
    cache: AnswerCache = request.app.state.answers
    engine: Engine = request.app.state.engine
    now = state or (engine.version, engine.edition)

    def made() -> tuple[str, bytes]:
        sink = io.BytesIO()
        written_quads(sorted(quads()), media_type, sink, prefixes)
        return media_type, sink.getvalue()

    whole_key = ("document", key, media_type)
    held = cache.made(whole_key, now, made)
    if not request.url.query and quick:
        _remember(request, now, whole_key, held, canonical)
    return sent(request, held, canonical=canonical)


def sent(request: Request, held: Held, *, canonical: str = "") -> Response:
    """Return a document as the client may have it: whole, packed, or not at all because it has it already."""
    changed = _changed(request, held.version)
    headers = {"ETag": f'"{held.etag}"', **_common(request, changed, canonical)}
    if _has_it(request, held.etag, changed):
        return Response(status_code=304, headers=headers)
    headers["Content-Type"] = content_type(held.media_type)
    if held.is_worth_packing and takes_gzip(request.headers.get("accept-encoding", "").encode("latin-1")):
        headers |= {"Content-Encoding": "gzip", "ETag": f'"{held.etag}-gzip"'}
        return Response(held.packed(), headers=headers)
    return Response(held.body, headers=headers)


def with_links(request: Request, page: Response, *, canonical: str) -> Response:
    """Return a page with links to the same as data, or 304 to whoever holds it."""
    etag = etag_of(bytes(page.body))
    told = {"Link": _links(request, canonical), "ETag": f'"{etag}"', "Cache-Control": "no-cache"}
    if changed := _changed(request, request.app.state.engine.version):
        told["Last-Modified"] = format_datetime(changed, usegmt=True)
    if page.status_code == HTTPStatus.OK:
        if is_held(etag, request.headers.get("if-none-match", "")):
            return Response(status_code=304, headers={**told, "Vary": page.headers["vary"]})
        page.headers.update(told)
    return page


def changed_at(repository: Repository, version: int) -> datetime | None:
    """Return when a version of the graph came to be; ``None``: nothing was changed yet."""
    changes = repository.journal.changes(since=version - 1, limit=1)
    return datetime.fromisoformat(changes[0].header.time).astimezone(UTC) if changes else None


def _common(request: Request, changed: datetime | None, canonical: str) -> dict[str, str]:
    """Return the headers that a document has in any case."""
    headers = {
        "Vary": VARY,
        "Cache-Control": "no-cache",
        "Link": _links(request, canonical),
    }
    if changed:
        headers["Last-Modified"] = format_datetime(changed, usegmt=True)
    return headers


def _remember(request: Request, state: State, key: Hashable, held: Held, canonical: str) -> None:
    """Let the next one who asks the same have it the short way."""
    headers = _common(request, _changed(request, held.version), canonical)
    # The long way gets the last word of ``Vary`` from the middleware that packs.
    headers |= {"Content-Type": content_type(held.media_type), "Vary": f"{VARY}, Accept-Encoding"}
    raw = tuple((name.lower().encode(), value.encode("latin-1")) for name, value in headers.items())
    documents: PreparedDocuments = request.app.state.documents
    asked = request.url.path, request.headers.get("accept", "").encode("latin-1")
    documents.remember(state, asked, Prepared(key, raw))


def _changed(request: Request, version: int) -> datetime | None:
    repository: Repository | None = getattr(request.app.state, "repository", None)
    return _changed_once(repository, version) if repository and version > 0 else None


@lru_cache(maxsize=64)
def _changed_once(repository: Repository, version: int) -> datetime | None:
    return changed_at(repository, version)


@lru_cache(maxsize=1024)
def _acceptable(accept: str) -> tuple[str, ...]:
    return tuple(acceptable(accept, media.RDF_TYPES, media.SYNONYMS))


def _has_it(request: Request, etag: str, changed: datetime | None) -> bool:
    """Tell whether the client says that it has it; what it says of tags counts before what it says of dates."""
    if said := request.headers.get("if-none-match"):
        return is_held(etag, said)
    since = request.headers.get("if-modified-since")
    if not since or changed is None:
        return False
    try:
        return changed <= parsedate_to_datetime(since)
    except (ValueError, TypeError):
        return False


def _links(request: Request, canonical: str) -> str:
    path = request.url.path
    stem, dot, suffix = path.rpartition(".")
    here = quote(stem if dot and suffix in SUFFIXES else path)
    links = [f'<{here}.{name}>; rel="alternate"; type="{kind}"' for name, kind in SUFFIXES.items()]
    if canonical:
        links.append(f'<{canonical}>; rel="canonical"')
    return ", ".join(links)
