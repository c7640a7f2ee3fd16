"""A client that speaks to an application in this process: no server, no port, no waiting."""

from __future__ import annotations

import asyncio
from contextlib import nullcontext

import httpx
from fastapi import FastAPI

ORIGIN = "http://127.0.0.1:8000"


class InProcess(httpx.BaseTransport):
    """Gives requests to an application and its answers back."""

    def __init__(self, app: FastAPI, *, lifespan: bool = False) -> None:
        self._transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        self._runner = asyncio.Runner()
        self._started = app.router.lifespan_context(app) if lifespan else nullcontext()
        self._runner.run(self._started.__aenter__())

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        return self._runner.run(self._answered(request))

    async def _answered(self, request: httpx.Request) -> httpx.Response:
        sent = httpx.Request(request.method, request.url, headers=request.headers, content=request.read())
        reply = await self._transport.handle_async_request(sent)
        content = await reply.aread()  # unpacked
        kept = [pair for pair in reply.headers.raw if pair[0].lower() != b"content-encoding"]
        return httpx.Response(reply.status_code, headers=kept, content=content)

    def close(self) -> None:
        self._runner.run(self._started.__aexit__(None, None, None))
        self._runner.close()


def client_of(app: FastAPI, origin: str = ORIGIN, *, lifespan: bool = False, **headers: str) -> httpx.Client:
    """Return a client of an application; it has to be closed.

    With ``lifespan`` the application starts first, and ends with the client.
    """
    return httpx.Client(transport=InProcess(app, lifespan=lifespan), base_url=origin, headers=headers)
