"""Frames arrive whole, whatever the channel makes of them."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.frames import (
    DONE,
    PIECE,
    ChannelClosed,
    FrameCutter,
    FrameSink,
    Outbox,
    frame,
    read_frame,
    write_frame,
)


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
    outbox = Outbox(channel.write, size=9)
    sink = FrameSink(outbox)
    for piece in (b"ab", b"cdefgh", b"i"):
        sink.write(piece)
    write_frame(outbox, DONE)
    outbox.flush()
    channel.seek(0)
    got = b""
    while (found := read_frame(channel.read))[0] == PIECE:
        got += found[1]
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


def test_small_frames_go_out_together() -> None:
    sent: list[bytes] = []
    outbox = Outbox(sent.append)
    write_frame(outbox, PIECE, b"a")
    write_frame(outbox, DONE)
    assert not sent
    outbox.flush()
    outbox.flush()
    assert sent == [frame(PIECE, b"a") + frame(DONE)]


@given(st.lists(st.binary(max_size=40), max_size=8), st.integers(1, 30))
def test_frames_are_cut_from_pieces_of_any_size(contents: list[bytes], size: int) -> None:
    stream = b"".join(frame(PIECE, content) for content in contents)
    cutter, found = FrameCutter(), []
    for at in range(0, len(stream), size):
        cutter.feed(stream[at : at + size])
        while one := cutter.next():
            found.append(one)
    assert found == [(PIECE, content) for content in contents]
    assert cutter.waiting == 0
