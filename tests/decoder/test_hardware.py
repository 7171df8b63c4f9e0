"""What one life of a worker leaves to the next of its hardware, and what people read of it."""

import logging
from pathlib import Path

import pytest

from tests.support.fakes import FakeClock
from tests.support.servers.clips import moving_clip
from wallctl.decoder.decode_scheduler import DecodeScheduler
from wallctl.decoder.hw_failures import OPENING_NS, HardwareNotes
from wallctl.decoder.reader import Reader
from wallctl.decoder.reader_dependencies import Dependencies
from wallctl.decoder.status_writer import Status
from wallctl.decoder.tap_outputs import Taps
from wallctl.decoder.watchdog import Watchdog
from wallctl.decoder.worker_clocks import Clock
from wallctl.media.decode.decoder import Decoder
from wallctl.media.network.libav_sockets import TcpConnections
from wallctl.media.sources.demuxer import Connection
from wallctl.model.site.decoder_preference import DecodedBy, HardwareFailure
from wallctl.model.site.site import Stream
from wallctl.node.child_kinds import CHILD_KINDS, WORKER
from wallctl.shm.arena import Arena
from wallctl.shm.shared_words import Words
from wallctl.shm.stream_status import WORDS, clear, read

SILENT_NS = CHILD_KINDS[WORKER].silent_ns or 0

CUDA = DecodedBy.CUDA


class StopError(BaseException):
    """Ends a reader, which otherwise reads for ever."""


class Worker:
    """One life of a worker; all lives share the words."""

    def __init__(self, words: Words, now_ns: FakeClock) -> None:
        self.status = Status(words, Clock(now_ns, now_ns.unix_ns))
        self.notes = HardwareNotes(words, self.status, "东门/main")


@pytest.fixture
def words() -> Words:
    words = [0] * WORDS
    clear(words)
    return words


@pytest.fixture
def now_ns() -> FakeClock:
    return FakeClock()


def test_a_worker_that_dies_with_a_device_is_the_last_to_use_one(
    words: Words, now_ns: FakeClock, caplog: pytest.LogCaptureFixture
) -> None:
    first = Worker(words, now_ns).notes
    first.holds(CUDA)
    first.decoded_by(CUDA)
    assert read(words).decoded_by is CUDA
    for _ in range(2):
        later = Worker(words, now_ns).notes
        assert later.failure is HardwareFailure.CRASHED
        assert read(words).decoded_by is DecodedBy.NONE
    assert caplog.messages == [
        "东门/main is decoded in software, not by cuda, with which its process died"
    ]


def test_a_worker_that_dies_between_two_connections_says_nothing_of_the_device(
    words: Words, now_ns: FakeClock
) -> None:
    first = Worker(words, now_ns).notes
    first.holds(CUDA)
    first.holds(DecodedBy.NONE)
    assert Worker(words, now_ns).notes.failure is HardwareFailure.NONE


@pytest.mark.parametrize("why", [one for one in HardwareFailure if one is not HardwareFailure.NONE])
def test_every_failure_is_kept_and_told_in_a_sentence(
    why: HardwareFailure, words: Words, now_ns: FakeClock, caplog: pytest.LogCaptureFixture
) -> None:
    first = Worker(words, now_ns).notes
    first.holds(CUDA)
    first.failed(CUDA, why)
    assert Worker(words, now_ns).notes.failure is why
    [record] = caplog.records
    assert record.levelno == logging.WARNING
    assert record.getMessage().startswith("东门/main is decoded in software, not by cuda, ")


def test_whatever_ends_a_connection_its_decoder_lets_go_of_the_device(
    words: Words, tmp_path: Path
) -> None:
    clip = moving_clip(tmp_path / "clip.mp4", seconds=0.2)
    status = Status(words, Clock())
    opened, closed = list[Decoder](), list[Decoder]()

    class Closing(Decoder):
        def close(self) -> None:
            super().close()
            closed.append(self)

    def decoder(connection: Connection) -> Decoder:
        if len(opened) == 2:
            raise StopError
        opened.append(Closing(connection.stream))
        return opened[-1]

    stream = Stream("main", str(clip))
    scheduler = DecodeScheduler(Taps(Arena.create(1 << 20)), status, Clock())
    ports = Dependencies(decoder, sleep=lambda _: None)
    with pytest.raises(StopError):
        Reader(
            stream, scheduler, status, Watchdog(stream.url, TcpConnections(), status), ports
        ).run()
    assert closed == opened


def test_a_worker_that_opens_a_device_is_not_taken_for_one_that_hangs(
    words: Words, now_ns: FakeClock
) -> None:
    worker = Worker(words, now_ns)
    worker.notes.holds(CUDA)
    worker.status.beat()  # the other thread had its turn once more
    now_ns.now_ns += OPENING_NS
    assert now_ns.now_ns - read(words).heartbeat_ns < SILENT_NS
    now_ns.now_ns += SILENT_NS + 1
    assert now_ns.now_ns - read(words).heartbeat_ns > SILENT_NS
    worker.status.beat()
    assert read(words).heartbeat_ns == now_ns.now_ns
