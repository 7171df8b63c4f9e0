"""What a web server sends is held back until its pace tells what it is."""

import typing
from collections.abc import Iterator

import pytest

from tests.support.fakes import SECOND
from wallctl.decoder.live_or_recording_probe import Proof, probe
from wallctl.media.sources.demuxer import Coded, Connection, Delivery
from wallctl.media.sources.failure_reason import SourceError
from wallctl.model.streams.health import Reason

FRAME_NS = SECOND // 25


class FakeAnswer:
    """A web server's answer: so many pictures, each read so long after the one before."""

    interval_ns = FRAME_NS

    def __init__(self, frames: int, wait_ns: int, cached: int = 0) -> None:
        self.duration_ns: int | None = None
        self.holds_pictures = self.may_be_one = False
        self.heard: list[int] = []
        self.now_ns = 1000 * SECOND
        self._frames, self._wait_ns, self._cached = frames, wait_ns, cached

    def packets(self) -> Iterator[Coded]:
        for number in range(self._frames):
            self.now_ns += self._wait_ns if number >= self._cached else 0
            coded = Coded(typing.cast("typing.Any", None), number == 0, 5000, number * FRAME_NS)
            yield coded

    def probe(self) -> Proof:
        return probe(
            typing.cast(Connection, self), self.packets(), lambda: self.now_ns, self.heard.append
        )


def test_a_live_stream_is_handed_on_as_it_came() -> None:
    answer = FakeAnswer(1000, FRAME_NS, cached=50)
    answer.duration_ns = 210 * SECOND
    proof = answer.probe()
    assert proof.delivery is Delivery.LIVE
    assert len(proof.held) < 100
    assert [one.read_ns for one in proof.held] == answer.heard
    assert [one.coded.stamp_ns for one in proof.held] == [
        i * FRAME_NS for i in range(len(proof.held))
    ]


def test_a_recording_is_known_before_it_is_read_to_its_end() -> None:
    proof = FakeAnswer(100_000, FRAME_NS // 50).probe()
    assert proof.delivery is Delivery.RECORDING
    assert len(proof.held) < 500


def test_a_short_recording_is_one_if_it_is_whole() -> None:
    answer = FakeAnswer(100, FRAME_NS // 50)
    answer.duration_ns = 4 * SECOND
    assert answer.probe().delivery is Delivery.RECORDING


@pytest.mark.parametrize("frames", [0, 7])
def test_what_breaks_off_is_no_recording(frames: int) -> None:
    answer = FakeAnswer(frames, FRAME_NS // 50)
    answer.duration_ns = 210 * SECOND
    with pytest.raises(SourceError) as caught:
        answer.probe()
    assert caught.value.reason is Reason.ENDED


@pytest.mark.parametrize(("frames", "delivery"), [(1, Delivery.PICTURE), (9, Delivery.RECORDING)])
def test_an_answer_of_one_picture_is_that(frames: int, delivery: Delivery) -> None:
    answer = FakeAnswer(frames, FRAME_NS // 50)
    answer.holds_pictures = True
    assert answer.probe().delivery is delivery


@pytest.mark.parametrize(("frames", "delivery"), [(1, Delivery.PICTURE), (2, Delivery.RECORDING)])
def test_a_row_of_one_is_a_picture(frames: int, delivery: Delivery) -> None:
    answer = FakeAnswer(frames, FRAME_NS // 50)
    answer.may_be_one = True
    assert answer.probe().delivery is delivery
