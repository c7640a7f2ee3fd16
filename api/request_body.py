"""Bodies: reading what a request brings within a bound, and answering with bytes that have a tag."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from api.answer_cache import etag_of
from api.problems import Problem


async def body_text(request: Request, limit: int) -> str:
    """Return the body of a request as text; raises Problem when it is too large or not UTF-8."""
    try:
        return (await body_bytes(request, limit)).decode()
    except UnicodeDecodeError as fault:
        raise Problem("malformed-request", message="the content is not UTF-8") from fault


async def body_bytes(request: Request, limit: int) -> bytes:
    """Return the body of a request; raises Problem when it is larger than ``limit`` bytes."""
    parts, size = [], 0
    async for part in request.stream():
        size += len(part)
        if size > limit:
            raise Problem("body-too-large", limit=limit)
        parts.append(part)
    return b"".join(parts)


def tagged(request: Request, body: bytes, media_type: str, vary: str = "Accept") -> Response:
    """Return bytes with a strong ETag, or 304 when the client holds them."""
    etag = etag_of(body)
    headers = {"ETag": f'"{etag}"', "Vary": vary, "Cache-Control": "no-cache"}
    if request.method in ("GET", "HEAD") and is_held(etag, request.headers.get("if-none-match", "")):
        return Response(status_code=304, headers=headers)
    return Response(body, headers={**headers, "Content-Type": content_type(media_type)})


def is_held(etag: str, if_none_match: str) -> bool:
    """Tell whether a client holds what a tag names, packed or not."""
    held = [tag.strip().removeprefix("W/") for tag in if_none_match.split(",")]
    return held == ["*"] or any(tag in (f'"{etag}"', f'"{etag}-gzip"') for tag in held)


def content_type(media_type: str) -> str:
    """Return what ``Content-Type`` says of a media type."""
    return f"{media_type}; charset=utf-8" if media_type.startswith("text/") else media_type
