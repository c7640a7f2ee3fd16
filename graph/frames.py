"""Frames: how the server and its worker processes speak over a pipe or socket.

A frame is one byte that says what it is, four bytes of length, and the content.
"""

from __future__ import annotations

import io
import struct
from collections.abc import Callable
from typing import TYPE_CHECKING, BinaryIO

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

_HEAD = struct.Struct("<cI")

REQUEST = b"Q"
"""To a worker: a pickled request."""
STARTED = b"T"
"""From a worker: an answer begins; the content is its media type."""
PIECE = b"B"
"""From a worker: bytes of the answer."""
DONE = b"E"
"""From a worker: the answer is complete."""
FAULT = b"X"
"""From a worker: the request failed; the content is JSON."""


class ChannelClosed(Exception):
    """The other side is gone."""


def write_frame(write: Callable[[bytes], object], kind: bytes, content: bytes = b"") -> None:
    """Write one frame.

    Raises:
        ChannelClosed: the other side is gone.
    """
    try:
        write(_HEAD.pack(kind, len(content)) + content)
    except (OSError, ValueError) as fault:
        raise ChannelClosed from fault


def read_frame(read: Callable[[int], bytes | None]) -> tuple[bytes, bytes]:
    """Return the kind and content of the next frame.

    Raises:
        ChannelClosed: the other side is gone.
    """
    kind, length = _HEAD.unpack(_read_exactly(read, _HEAD.size))
    return kind, _read_exactly(read, length)


def _read_exactly(read: Callable[[int], bytes | None], size: int) -> bytes:
    parts = []
    while size:
        try:
            part = read(size)
        except (OSError, ValueError) as fault:
            raise ChannelClosed from fault
        if not part:
            raise ChannelClosed
        parts.append(part)
        size -= len(part)
    return parts[0] if len(parts) == 1 else b"".join(parts)


class FrameSink(io.RawIOBase):
    """A binary file whose writes go out as ``PIECE`` frames."""

    def __init__(self, write: Callable[[bytes], object]) -> None:
        super().__init__()
        self._write = write

    def writable(self) -> bool:
        """It can be written to."""
        return True

    def write(self, data: ReadableBuffer) -> int:
        """Send bytes as one frame."""
        content = bytes(data)
        write_frame(self._write, PIECE, content)
        return len(content)


def buffered_sink(write: Callable[[bytes], object], size: int = 1 << 16) -> BinaryIO:
    """Return a file that sends what is written to it in frames of about ``size`` bytes."""
    return io.BufferedWriter(FrameSink(write), size)
