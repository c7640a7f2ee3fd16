"""Frames arrive whole, whatever the channel makes of them."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.frames import DONE, PIECE, ChannelClosed, buffered_sink, read_frame, write_frame


class Dribble(io.BytesIO):
    """A channel that gives a byte at a time."""

    def read(self, size: int | None = -1) -> bytes:
        return super().read(min(1, size or 0))


@given(st.lists(st.binary(max_size=50), max_size=5))
def test_frames_come_out_as_they_went_in(contents: list[bytes]) -> None:
    channel = Dribble()
    for content in contents:
        write_frame(channel.write, PIECE, content)
    channel.seek(0)
    assert [read_frame(channel.read) for _ in contents] == [(PIECE, content) for content in contents]


def test_a_sink_sends_all_that_is_written() -> None:
    channel = io.BytesIO()
    sink = buffered_sink(channel.write, size=4)
    for piece in (b"ab", b"cdefgh", b"i"):
        sink.write(piece)
    sink.flush()
    write_frame(channel.write, DONE)
    channel.seek(0)
    got = b""
    while (frame := read_frame(channel.read))[0] == PIECE:
        got += frame[1]
    assert got == b"abcdefghi"


def test_a_channel_that_ends_inside_a_frame_is_closed() -> None:
    channel = io.BytesIO()
    write_frame(channel.write, PIECE, b"whole")
    with pytest.raises(ChannelClosed):
        read_frame(io.BytesIO(channel.getvalue()[:-1]).read)


def test_writing_to_a_closed_channel_says_so() -> None:
    channel = io.BytesIO()
    channel.close()
    with pytest.raises(ChannelClosed):
        write_frame(channel.write, PIECE, b"x")
