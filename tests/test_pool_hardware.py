"""What one life of a worker leaves to the next of its hardware, and what people read of it."""

import logging

import pytest

from tests.fakes import FakeClock
from wallctl.app.decoding import HUNG_NS
from wallctl.frames.stream_block import WORDS, clear, read
from wallctl.frames.words import Words
from wallctl.model.hardware import DecodedBy, Failure
from wallctl.pool.clock import Clock
from wallctl.pool.hardware_notes import OPENING_NS, HardwareNotes
from wallctl.pool.status import Status

CUDA = DecodedBy.CUDA


class Worker:
    """One life of a worker; all lives share the words."""

    def __init__(self, words: Words, now_ns: FakeClock) -> None:
        self.status = Status(words, Clock(now_ns, now_ns.unix_ns), 40_000_000)
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
        assert later.failure is Failure.CRASHED
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
    assert Worker(words, now_ns).notes.failure is Failure.NONE


@pytest.mark.parametrize("why", [one for one in Failure if one is not Failure.NONE])
def test_every_failure_is_kept_and_told_in_a_sentence(
    why: Failure, words: Words, now_ns: FakeClock, caplog: pytest.LogCaptureFixture
) -> None:
    first = Worker(words, now_ns).notes
    first.holds(CUDA)
    first.failed(CUDA, why)
    assert Worker(words, now_ns).notes.failure is why
    [record] = caplog.records
    assert record.levelno == logging.WARNING
    assert record.getMessage().startswith("东门/main is decoded in software, not by cuda, ")


def test_a_worker_that_opens_a_device_is_not_taken_for_one_that_hangs(
    words: Words, now_ns: FakeClock
) -> None:
    worker = Worker(words, now_ns)
    worker.notes.holds(CUDA)
    worker.status.beat()  # the other thread had its turn once more
    now_ns.now_ns += OPENING_NS
    assert now_ns.now_ns - read(words).heartbeat_ns < HUNG_NS
    now_ns.now_ns += HUNG_NS + 1
    assert now_ns.now_ns - read(words).heartbeat_ns > HUNG_NS
    worker.status.beat()
    assert read(words).heartbeat_ns == now_ns.now_ns
