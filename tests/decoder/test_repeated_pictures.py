"""A worker's reader and a recorder that hands out the last picture of a dead camera for ever."""

import contextlib
import itertools
import socket
from collections.abc import Callable

import pytest

from tests.support.fakes import SECOND, FakeClock
from tests.support.servers.web_camera import Answer, WebCamera, head, picture, whole
from wallctl.decoder.decode_scheduler import DecodeScheduler
from wallctl.decoder.reader import Reader
from wallctl.decoder.reader_dependencies import Dependencies
from wallctl.decoder.status_writer import Status
from wallctl.decoder.tap_outputs import Taps
from wallctl.decoder.watchdog import Watchdog
from wallctl.decoder.worker_clocks import Clock
from wallctl.media.decode.decoder import Decoder
from wallctl.media.network.libav_sockets import TcpConnections
from wallctl.model.site.site import Stream
from wallctl.model.streams.health import Phase, Reason, TileState, reason_told, tile_state
from wallctl.shm.arena import Arena
from wallctl.shm.shared_words import Words
from wallctl.shm.stream_status import WORDS, StreamFacts, Word, clear, read

LAST = picture(grey=90)


class StopError(BaseException):
    """Ends a reader, which otherwise reads for ever."""


class Work:
    """A reader whose clock is the test's. ``slept`` is called with the seconds of each pause."""

    def __init__(
        self,
        url: str,
        now_ns: FakeClock,
        slept: Callable[[float], None],
        words: Words | None = None,
    ) -> None:
        self.words = words or [0] * WORDS
        clear(self.words)
        self._now_ns = now_ns
        clock = Clock(now_ns, now_ns.unix_ns)
        status = Status(self.words, clock)
        ports = Dependencies(lambda opened: Decoder(opened.stream), clock, sleep=slept)
        scheduler = DecodeScheduler(Taps(Arena.create(1 << 20)), status, clock)
        watchdog = Watchdog(url, TcpConnections(), status)
        self.run = Reader(
            Stream("main", url, refresh_s=1.0), scheduler, status, watchdog, ports
        ).run

    def facts(self) -> StreamFacts:
        return read(self.words)

    def state(self) -> TileState:
        return tile_state(self.facts().facts, self._now_ns.now_ns)


def snapshots(coming: list[bytes], least: int) -> Work:
    """Play a camera that gives one picture after the other, a second apart, then its last one, for
    ``least`` fetches in all."""
    now_ns, fetches = FakeClock(), itertools.count()
    coming_now = iter(coming)

    def answer(peer: socket.socket) -> None:
        whole(next(coming_now, coming[-1]), "Content-Type: image/jpeg")(peer)

    def slept(seconds: float) -> None:
        if next(fetches) == least:
            raise StopError
        now_ns.now_ns += int(seconds * SECOND)

    with WebCamera(answer) as camera:
        work = Work(camera.url("snap.jpg"), now_ns, slept)
        with contextlib.suppress(StopError):
            work.run()
    return work


def test_a_recorder_that_repeats_the_last_picture_is_stale_and_says_why() -> None:
    work = snapshots([picture(grey=60), LAST], 14)
    assert work.state() is TileState.STALE
    facts = work.facts().facts
    assert facts.phase is Phase.REPEATING
    assert reason_told(facts.reason, work.state()) is Reason.REPEATED


def test_the_time_that_people_see_is_that_of_the_first_of_the_same_pictures() -> None:
    work = snapshots([picture(grey=60 + i) for i in range(5)], 30)
    first_ns = FakeClock().unix_ns() + 4 * SECOND
    assert abs(work.facts().picture_unix_ns - first_ns) < 2 * SECOND


def test_it_stays_stale_for_as_long_as_it_repeats() -> None:
    assert snapshots([LAST], 500).state() is TileState.STALE


def test_a_picture_that_is_the_same_for_a_moment_lives() -> None:
    work = snapshots([LAST], 8)
    assert work.state() is TileState.LIVE
    assert work.facts().facts.reason is Reason.NONE


def test_it_lives_as_soon_as_the_picture_changes() -> None:
    work = snapshots([LAST] * 20 + [picture(grey=60 + i) for i in range(3)], 23)
    assert work.state() is TileState.LIVE
    assert work.facts().facts.reason is Reason.NONE


def pushed(pictures: list[bytes]) -> Answer:
    """A stream of JPEGs."""

    def answer(peer: socket.socket) -> None:
        peer.sendall(head("Content-Type: multipart/x-mixed-replace;boundary=frame"))
        for jpeg in pictures:
            lead = f"--frame\r\nContent-Type: image/jpeg\r\nContent-Length: {len(jpeg)}\r\n\r\n"
            peer.sendall(lead.encode() + jpeg + b"\r\n")

    return answer


class Noting(list[int]):
    """Words that note each phase."""

    def __init__(self) -> None:
        super().__init__([0] * WORDS)
        self.phases: list[int] = []

    def __setitem__(self, index: int, value: int) -> None:  # type: ignore[override]
        super().__setitem__(index, value)
        if index == Word.PHASE and self.phases[-1:] != [value]:
            self.phases.append(value)


BEFORE, AFTER = (Phase.CONNECTING, Phase.LIVE), (Phase.FAILED,)


@pytest.mark.parametrize(
    ("pictures", "phases"),
    [
        ([picture(grey=60 + i) for i in range(100)], ()),
        ([picture(grey=60), *[LAST] * 99], (Phase.REPEATING,)),
        ([LAST] * 100 + [picture(grey=60)] * 2, (Phase.REPEATING, Phase.LIVE)),
    ],
    ids=["changes", "stops", "goes on"],
)
def test_a_stream_of_pictures_says_it_too(pictures: list[bytes], phases: tuple[Phase, ...]) -> None:
    def slept(_: float) -> None:
        raise StopError

    words = Noting()
    with WebCamera(pushed(pictures)) as camera, contextlib.suppress(StopError):
        Work(camera.url(), FakeClock(SECOND // 25), slept, words).run()
    assert tuple(words.phases) == (*BEFORE, *phases, *AFTER)
