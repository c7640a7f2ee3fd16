"""Frames: how the server and its worker processes speak over a pipe or socket.

A frame is one byte that says what it is, four bytes of length, and the content.
"""

from __future__ import annotations

import io
import struct
from collections.abc import Callable
from typing import TYPE_CHECKING

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

GATHERED = 1 << 16
"""Bytes that are gathered before they are sent."""

READ = 1 << 13
"""Bytes that are asked for at a time: most orders are smaller, and room for more has to be made each time."""


class ChannelClosed(Exception):
    """The other side is gone."""


def frame(kind: bytes, content: bytes = b"") -> bytes:
    """Return one frame as it is sent."""
    return _HEAD.pack(kind, len(content)) + content


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


class FrameCutter:
    """Cuts bytes into frames as they come in, for whoever must not wait for the rest of a frame."""

    def __init__(self) -> None:
        self._data = bytearray()
        self._at = 0

    @property
    def waiting(self) -> int:
        """Bytes that came in and were not taken out."""
        return len(self._data) - self._at

    def feed(self, data: bytes | memoryview) -> None:
        """Take bytes that came in."""
        if self._at:
            del self._data[: self._at]
            self._at = 0
        self._data += data

    def next(self) -> tuple[bytes, bytes] | None:
        """Return the kind and content of the next frame; ``None`` while it is not there."""
        start = self._at + _HEAD.size
        if len(self._data) < start:
            return None
        kind, length = _HEAD.unpack_from(self._data, self._at)
        if len(self._data) < start + length:
            return None
        self._at = start + length
        return kind, bytes(memoryview(self._data)[start : self._at])


class FrameReader:
    """Reads frames, as much at a time as the channel gives."""

    def __init__(self, read: Callable[[int], bytes | None]) -> None:
        """Take what returns as many bytes as are there, up to a number."""
        self._read, self._cutter = read, FrameCutter()

    def frame(self) -> tuple[bytes, bytes]:
        """Return the kind and content of the next frame; raises ChannelClosed when the other side is gone."""
        while (found := self._cutter.next()) is None:
            try:
                data = self._read(READ)
            except (OSError, ValueError) as fault:
                raise ChannelClosed from fault
            if not data:
                raise ChannelClosed
            self._cutter.feed(data)
        return found


class Outbox:
    """Gathers what is written, so that a small answer goes out in one piece, and a large one in few."""

    def __init__(self, write: Callable[[bytes], object], size: int = GATHERED) -> None:
        self._write, self._size = write, size
        self._held: list[bytes] = []
        self._holds = 0

    def __call__(self, data: bytes) -> None:
        """Take bytes; what is gathered goes out once it is large."""
        self._held.append(data)
        self._holds += len(data)
        if self._holds >= self._size:
            self.flush()

    def flush(self) -> None:
        """Send what is gathered; raises ChannelClosed when the other side is gone."""
        if self._held:
            data = self._held[0] if len(self._held) == 1 else b"".join(self._held)
            self._held.clear()
            self._holds = 0
            try:
                self._write(data)
            except (OSError, ValueError) as fault:
                raise ChannelClosed from fault


class FrameSink(io.RawIOBase):
    """A binary file whose writes go out as ``PIECE`` frames."""

    def __init__(self, write: Callable[[bytes], object]) -> None:
        super().__init__()
        self._write_out = write

    def writable(self) -> bool:
        """It can be written to."""
        return True

    def write(self, data: ReadableBuffer) -> int:
        """Send bytes as one frame."""
        content = bytes(data)
        write_frame(self._write_out, PIECE, content)
        return len(content)
