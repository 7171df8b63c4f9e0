"""What a worker says of its stream keeps true when somebody sets the machine's clock."""

from tests.support.fakes import MS, SECOND
from wallctl.decoder.status_writer import Status
from wallctl.decoder.worker_clocks import Clock
from wallctl.model.streams.health import Phase, Reason
from wallctl.shm.shared_words import Words
from wallctl.shm.stream_status import Word, clear


class Clocks:
    """Both clocks of a machine; one may be set."""

    def __init__(self) -> None:
        self.now_ns = 50 * SECOND
        self.ahead_ns = 946_684_800 * SECOND
        """A machine with an empty battery begins in the year 2000."""

    def clock(self) -> Clock:
        return Clock(lambda: self.now_ns, lambda: self.now_ns + self.ahead_ns)


def status(clocks: Clocks) -> tuple[Status, Words]:
    words = memoryview(bytearray(256)).cast("q")
    clear(words)
    return Status(words, clocks.clock()), words


def test_times_that_people_read_are_right_after_the_clock_was_set() -> None:
    clocks = Clocks()
    told, words = status(clocks)
    clocks.now_ns += 5 * SECOND
    told.fresh(clocks.now_ns)
    told.failed(Reason.UNREACHABLE)
    clocks.now_ns += 3 * SECOND
    clocks.ahead_ns = 1_800_000_000 * SECOND
    told.beat()
    for word in (Word.SINCE_UNIX_NS, Word.PICTURE_UNIX_NS):
        assert words[word] == clocks.now_ns - 3 * SECOND + clocks.ahead_ns
    assert words[Word.PHASE] == Phase.FAILED
    clocks.ahead_ns -= 7200 * SECOND
    told.beat()
    assert words[Word.SINCE_UNIX_NS] == clocks.now_ns - 3 * SECOND + clocks.ahead_ns


def test_a_clock_that_is_slewed_moves_nothing_that_was_told() -> None:
    clocks = Clocks()
    told, words = status(clocks)
    since = words[Word.SINCE_UNIX_NS]
    for _ in range(100):
        clocks.now_ns += 100 * MS
        clocks.ahead_ns += 50 * MS
        told.beat()
    assert words[Word.SINCE_UNIX_NS] == since
    assert words[Word.PICTURE_UNIX_NS] == 0
