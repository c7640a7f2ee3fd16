"""HEAD: wherever something can be fetched, its headers can be asked for alone (RFC 9110, section 9.3.2)."""

from __future__ import annotations

import asyncio

from starlette.types import ASGIApp, Message, Receive, Scope, Send


class Heads:
    """Middleware that answers HEAD as GET is answered, and keeps the content back.

    Whoever asked for the head alone hangs up, as the application sees it, once the head is out: so an answer that is
    still being worked out stops.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, a HEAD as a GET."""
        if scope["type"] != "http" or scope["method"] != "HEAD":
            await self.app(scope, receive, send)
            return
        answer = _Head(receive, send)
        await self.app({**scope, "method": "GET"}, answer.receive, answer.send)


class _Head:
    """What goes back and forth while a HEAD is answered."""

    def __init__(self, receive: Receive, send: Send) -> None:
        self._receive, self._send = receive, send
        self._is_out = asyncio.Event()

    async def send(self, message: Message) -> None:
        """Send the head, then an empty content, once."""
        if message["type"] == "http.response.start":
            await self._send(message)
        elif not self._is_out.is_set():
            self._is_out.set()
            await self._send({"type": "http.response.body", "body": b""})

    async def receive(self) -> Message:
        """Return what the client sends, or that it is gone, once it has the head."""
        coming = asyncio.ensure_future(self._receive())
        over = asyncio.ensure_future(self._is_out.wait())
        try:
            await asyncio.wait((coming, over), return_when=asyncio.FIRST_COMPLETED)
            return coming.result() if coming.done() else {"type": "http.disconnect"}
        finally:
            coming.cancel()
            over.cancel()
