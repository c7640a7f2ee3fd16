"""Answers that are kept, as they are sent: packed for who takes that, nothing for who holds them."""

import asyncio
import gzip

import pytest

from api.answer_cache import Held
from api.kept_answer import LARGE, send_kept, takes_gzip

TOLD = [(b"vary", b"Accept-Encoding")]
OF_BODY = [(b"content-type", b"text/turtle")]


def sent(
    held: Held, headers: dict[bytes, bytes], method: str = "GET"
) -> tuple[int, dict[bytes, bytes], bytes]:
    messages = []

    async def send(message) -> None:
        messages.append(message)

    asyncio.run(send_kept(send, held, headers, TOLD, OF_BODY, method=method))
    start, body = messages
    return start["status"], dict(start["headers"]), body["body"]


def held(size: int) -> Held:
    return Held(b"x" * size, "text/turtle", (1, 0))


@pytest.mark.parametrize(
    ("said", "takes"),
    [(b"gzip", True), (b"br, gzip;q=0.5", True), (b"gzip;q=0", False), (b"br", False), (b"", False)],
)
def test_only_who_takes_it_gets_packed_content(said: bytes, takes: bool) -> None:
    assert takes_gzip(said) is takes
    status, headers, body = sent(held(5000), {b"accept-encoding": said})
    assert (status, headers.get(b"content-encoding") == b"gzip") == (200, takes)
    assert (gzip.decompress(body) if takes else body) == b"x" * 5000
    assert headers[b"content-length"] == b"%d" % len(body)
    assert headers[b"etag"].endswith(b'-gzip"') is takes


@pytest.mark.parametrize("size", [10, LARGE, LARGE * 2])
def test_what_is_packed_is_what_was_kept_whatever_its_size(size: int) -> None:
    _, headers, body = sent(held(size), {b"accept-encoding": b"gzip"})
    is_packed = b"content-encoding" in headers
    assert (gzip.decompress(body) if is_packed else body) == b"x" * size


def test_who_holds_it_gets_nothing_but_who_posts_gets_it_again() -> None:
    kept = held(5000)
    for tag in (f'"{kept.etag}"', f'W/"{kept.etag}-gzip"', "*"):
        asked = {b"if-none-match": tag.encode()}
        status, headers, body = sent(kept, asked)
        assert (status, body, headers[b"vary"]) == (304, b"", b"Accept-Encoding")
        assert b"content-type" not in headers
        assert sent(kept, asked, "POST")[0] == 200
    assert sent(kept, {b"if-none-match": b'"other"'})[0] == 200


def test_a_head_has_the_headers_of_the_whole() -> None:
    status, headers, body = sent(held(5000), {}, "HEAD")
    assert (status, body, headers[b"content-length"]) == (200, b"", b"5000")
