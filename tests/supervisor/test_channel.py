"""Channels between processes: whole messages and descriptors, and nobody is held up."""

import os

import msgspec
import pytest

from wallctl.supervisor.channel import BUFFER_BYTES, Channel, pair


class Note(msgspec.Struct, frozen=True, tag=True):
    text: str


def test_a_channel_gives_whole_messages_in_order_and_tells_the_end() -> None:
    ours, theirs = pair()
    here: Channel[Note] = Channel(ours, Note)
    there: Channel[Note] = Channel(theirs, Note)
    assert there.receive() is None
    for text in ("", "窗口", "x" * 100_000):
        assert here.send(Note(text))
    assert [note.text for note in there.drain()] == ["", "窗口", "x" * 100_000]
    here.close()
    with pytest.raises(EOFError):
        there.receive()
    assert not there.send(Note("too late"))
    there.close()


def test_a_channel_hands_descriptors_over() -> None:
    ours, theirs = pair()
    here: Channel[Note] = Channel(ours, Note)
    there: Channel[Note] = Channel(theirs, Note)
    fd = os.memfd_create("handed")
    os.write(fd, b"over")
    assert here.send(Note("take"), [fd])
    os.close(fd)
    got = there.receive()
    assert got is not None
    assert os.pread(got[1][0], 9, 0) == b"over"
    os.close(got[1][0])
    here.close()
    there.close()


def test_a_reader_that_sleeps_never_blocks_the_sender() -> None:
    ours, theirs = pair()
    here: Channel[Note] = Channel(ours, Note)
    sent = 0
    while here.send(Note("x" * 1000)):
        sent += 1
        assert sent < BUFFER_BYTES
    assert sent > 10
    there: Channel[Note] = Channel(theirs, Note)
    assert len(list(there.drain())) == sent
    assert here.send(Note("again"))
    here.close()
    there.close()
