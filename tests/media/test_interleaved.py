"""What comes over a playing line: all packets, in order, untouched, and nothing else."""

import itertools
import struct

from hypothesis import given
from hypothesis import strategies as st

from wallctl.media.rtsp.interleaved import Interleaved
from wallctl.media.rtsp.relay import channels

ANSWER = b"RTSP/1.0 401 No\r\nCSeq: 4\r\nWWW-Authenticate: Basic\r\nContent-Length: 2\r\n\r\n$x"

packets = st.binary(max_size=40).map(
    lambda body: b"$" + struct.pack(">BHB", 0, 1 + len(body), 0x80) + body
)
things = st.lists(packets | st.just(ANSWER), min_size=1, max_size=12)
stray = st.text("\0\1\2R\xff", max_size=7).map(lambda text: text.encode("latin1"))


def fed(data: bytes, cuts: list[int]) -> tuple[bytes, list[int]]:
    reader, out, answers = Interleaved(frozenset({0, 1})), b"", list[int]()
    places = sorted({0, len(data), *(cut % (len(data) + 1) for cut in cuts)})
    for start, end in itertools.pairwise(places):
        whole, found = reader.feed(data[start:end])
        out += whole
        answers += [answer.status for answer in found]
    return out, answers


@given(things, st.lists(st.integers(0, 10**6), max_size=9))
def test_what_belongs_there_passes_however_it_is_cut(found: list[bytes], cuts: list[int]) -> None:
    data = b"".join(found)
    assert fed(data, cuts) == (data, [401] * found.count(ANSWER))


@given(things, st.lists(stray, min_size=12, max_size=12), st.lists(st.integers(0, 10**6)))
def test_stray_bytes_are_left_out(
    found: list[bytes], between: list[bytes], cuts: list[int]
) -> None:
    data = b"".join(b for pair in zip(between, found, strict=False) for b in pair)
    assert fed(data + b"$", cuts)[0] == b"".join(found)


@given(st.lists(st.binary(max_size=99), max_size=9))
def test_no_bytes_are_too_odd(parts: list[bytes]) -> None:
    reader = Interleaved()
    for part in parts:
        reader.feed(part)


def test_a_sign_of_another_channel_begins_no_packet() -> None:
    good = b"$" + struct.pack(">BHB", 1, 1, 0x80)
    bad = b"$" + struct.pack(">BHB", 9, 9000, 0x80)
    assert fed(bad + good, [])[0] == good


def test_the_channels_of_an_answer() -> None:
    assert channels("RTP/AVP/TCP;unicast;interleaved=4-5;ssrc=1") == {4, 5}
    assert channels("RTP/AVP/TCP;interleaved=2") == {2}
    assert channels("RTP/AVP;client_port=5000-5001") == frozenset()
