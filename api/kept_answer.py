"""Sending an answer that is kept: packed where that is wanted and worth it, 304 where the client holds it."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from functools import lru_cache

from starlette.types import Send

from api.answer_cache import Held
from api.negotiation import acceptable
from api.request_body import is_held

Header = tuple[bytes, bytes]

LARGE = 65_536
"""Bytes whose packing would keep an event loop too long."""


def takes_gzip(accept_encoding: bytes) -> bool:
    """Tell whether a client takes packed content."""
    return b"gzip" in accept_encoding and _wants_gzip(accept_encoding)


@lru_cache(maxsize=256)
def _wants_gzip(accept_encoding: bytes) -> bool:
    return bool(acceptable(accept_encoding.decode("latin-1"), ["gzip"]))


async def send_kept(
    send: Send,
    held: Held,
    headers: Mapping[bytes, bytes],
    told: Iterable[Header],
    of_body: Iterable[Header] = (),
    *,
    method: str = "GET",
) -> None:
    """Send an answer.

    Args:
        send: where to.
        held: the answer.
        headers: what the request says.
        told: headers of the answer, whatever becomes of it.
        of_body: further ones where the content is sent.
        method: how it was asked for; HEAD gets no content, and what POST brings is always answered in full.
    """
    is_packed = held.is_worth_packing and takes_gzip(headers.get(b"accept-encoding", b""))
    etag = f'"{held.etag}-gzip"' if is_packed else f'"{held.etag}"'
    said = [*told, (b"etag", etag.encode())]
    wanted_if = headers.get(b"if-none-match", b"") if method != "POST" else b""
    if wanted_if and is_held(held.etag, wanted_if.decode("latin-1")):
        await send({"type": "http.response.start", "status": 304, "headers": said})
        await send({"type": "http.response.body", "body": b""})
        return
    body = await _packed(held) if is_packed else held.body
    if is_packed:
        said.append((b"content-encoding", b"gzip"))
    said += [*of_body, (b"content-length", b"%d" % len(body))]
    await send({"type": "http.response.start", "status": 200, "headers": said})
    await send({"type": "http.response.body", "body": b"" if method == "HEAD" else body})


async def _packed(held: Held) -> bytes:
    is_quick = held.is_packed or held.size < LARGE
    return held.packed() if is_quick else await asyncio.to_thread(held.packed)
