"""Uploads: files that a form or a program sends, read into memory and never onto the disk: they hold contacts."""

from __future__ import annotations

import sys
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass, field

from starlette.datastructures import FormData, UploadFile
from starlette.formparsers import FormParser, MultiPartException, MultiPartParser
from starlette.requests import Request

from api.problems import Problem
from api.settings import Settings

FIELDS = 1000
"""Most fields of a form."""
FIELD_BYTES = 4 * 1024 * 1024
"""Largest field that is not a file."""


@dataclass(frozen=True)
class Upload:
    """What was sent: files with the names that they had, in order, and fields by name (the last of each name)."""

    files: list[tuple[str, bytes]] = field(default_factory=list)
    fields: dict[str, str] = field(default_factory=dict)


async def upload_of(request: Request) -> Upload:
    """Return the files and fields of a multipart request.

    Raises:
        Problem: it is too large (``body-too-large``), no multipart (``unsupported-media-type``) or malformed.
    """
    if not _is_multipart(request):
        kind = request.headers.get("content-type", "")
        raise Problem("unsupported-media-type", media_type=kind, accepted="multipart/form-data")
    upload = Upload()
    for name, value in (await form_of(request)).multi_items():
        if isinstance(value, UploadFile):
            if value.filename:  # a form sends an empty one when no file was chosen
                upload.files.append((value.filename, await value.read()))
        else:
            upload.fields[name] = value
    return upload


async def form_of(request: Request, *, limit: int | None = None) -> FormData:
    """Return the form of a request, read once however often it is asked for; files stay in memory.

    Args:
        request: what was sent.
        limit: bytes that it may have when it is read here; by default those of the settings for uploads, else 4 MB.

    Raises:
        Problem: it is too large (``body-too-large``) or malformed (``malformed-request``).
    """
    kept: FormData | None = getattr(request.state, "form", None)
    if kept is None:
        kept = await _read(request, limit)
        request.state.form = kept
        if stack := request.scope.get("fastapi_middleware_astack"):
            stack.push_async_callback(kept.close)  # when the request is answered
    return kept


class _InMemory(MultiPartParser):
    """A reader of multipart forms that never puts a file on the disk."""

    spool_max_size = sys.maxsize


async def _read(request: Request, limit: int | None) -> FormData:
    settings: Settings = request.app.state.settings
    usual = settings.body_bytes if _is_multipart(request) else FIELD_BYTES
    async with aclosing(_bounded(request, limit or usual)) as stream:
        try:
            return await _parser(request, stream, settings.import_files).parse()
        except MultiPartException as fault:
            raise Problem("malformed-request", message=fault.message) from fault


def _parser(
    request: Request, stream: AsyncGenerator[bytes, None], files: int
) -> MultiPartParser | FormParser:
    if _is_multipart(request):
        return _InMemory(
            request.headers, stream, max_files=files, max_fields=FIELDS, max_part_size=FIELD_BYTES
        )
    return FormParser(request.headers, stream, max_fields=FIELDS, max_part_size=FIELD_BYTES)


async def _bounded(request: Request, limit: int) -> AsyncGenerator[bytes, None]:
    """Yield the body of a request; raises Problem when it is larger than ``limit`` bytes."""
    size = 0
    async for part in request.stream():
        size += len(part)
        if size > limit:
            raise Problem("body-too-large", limit=limit)
        yield part


def _is_multipart(request: Request) -> bool:
    kind = request.headers.get("content-type", "").partition(";")[0]
    return kind.strip().lower() == "multipart/form-data"
