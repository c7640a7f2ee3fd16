"""HEAD: the headers of a GET, and nothing more; what nobody will read is not worked out."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.types import Message

from api.heads import Heads
from servers import Server


async def asked(app, method: str = "HEAD") -> list[Message]:
    sent: list[Message] = []
    scope = {"type": "http", "method": method, "path": "/", "headers": [], "query_string": b""}

    async def receive() -> Message:
        if not sent:
            return {"type": "http.request", "body": b"", "more_body": False}
        await asyncio.Event().wait()
        raise AssertionError

    async def send(message: Message) -> None:
        sent.append(message)

    await asyncio.wait_for(Heads(app)(scope, receive, send), 5)
    return sent


def body_of(sent: list[Message]) -> bytes:
    return b"".join(message.get("body", b"") for message in sent)


async def whole(scope, receive, send) -> None:
    await Response(f"{scope['method']} here", headers={"X-Mark": "1"})(scope, receive, send)


def test_the_application_sees_a_get_and_the_client_no_content() -> None:
    head, get = (asyncio.run(asked(whole, method)) for method in ("HEAD", "GET"))
    assert head[0] == get[0]
    assert (b"content-length", b"8") in head[0]["headers"]
    assert (body_of(head), body_of(get)) == (b"", b"GET here")


def test_a_stream_stops_once_its_head_is_out() -> None:
    given = []

    async def endless() -> AsyncIterator[bytes]:
        while True:
            given.append(1)
            yield b"x" * 100
            await asyncio.sleep(0)

    async def app(scope, receive, send) -> None:
        await Request(scope, receive).body()
        await StreamingResponse(endless())(scope, receive, send)

    sent = asyncio.run(asked(app))
    assert [message["type"] for message in sent] == ["http.response.start", "http.response.body"]
    assert len(given) < 100


@pytest.mark.parametrize(
    "target",
    ["/", "/healthz", "/shapes.ttl", "/id/org/fhjlu-neonatology", "/dataset.ttl", "/api/v1/alliances", "/query",
     "/sparql", "/static/icon.svg", "/openapi.json", "/graph-store?default"],
)  # fmt: skip
def test_whatever_can_be_fetched_can_be_asked_for_its_head(server: Server, target: str) -> None:
    accept = {"Accept": "text/html, text/turtle;q=0.9, */*;q=0.1"}
    get, head = (server.ask(method, target, accept) for method in ("GET", "HEAD"))
    assert (head.status, head.body) == (get.status, b"")
    skipped = {
        "date",
        "content-length",
        "transfer-encoding",
        "server-timing",
        "cache-status",
        "etag",
        "x-request-id",
    }
    assert {k: v for k, v in head.headers.items() if k not in skipped} == {
        k: v for k, v in get.headers.items() if k not in skipped
    }
    if "content-length" in get.headers and get.status == 200:
        assert "content-length" in head.headers


def test_what_cannot_be_fetched_has_no_head(server: Server) -> None:
    assert server.ask("HEAD", "/api/v1/changes").status == 405
    assert server.ask("HEAD", "/id/org/nobody").status == 404
