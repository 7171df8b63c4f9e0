"""A broadcast: what it sends and when, on invented time, with a server that a test can spoil."""

import itertools
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import cast

import numpy as np
import pytest
from av.error import HTTPUnauthorizedError

from tests.support.credentials import login_file
from tests.support.fakes import FakeClock, Studio
from wallctl.display.capture.broadcast import (
    Aired,
    Broadcaster,
    BroadcastSpec,
    Dial,
    Ports,
    ScreenPart,
    Screens,
)
from wallctl.display.messages import Finish
from wallctl.media.encode.stream_sender import StreamSender
from wallctl.media.scale.planes import Plane, views
from wallctl.media.sources.failure_reason import SourceError
from wallctl.model.base.geometry import Rect, Size
from wallctl.model.site.broadcast import BroadcastState
from wallctl.model.site.credential import Login
from wallctl.model.site.site import Broadcast
from wallctl.model.streams.health import SECOND_NS, Reason
from wallctl.shm.canvas import Canvas
from wallctl.supervisor.channel import Channel, pair

SCREEN, PICTURE = Size(192, 108), Size(96, 54)
BROADCAST = Broadcast("墙", "rtsp://192.0.2.9/wall", PICTURE, 12.5, 500)


class FakeOutlet:
    """Takes pictures, as a real one does; ``error`` is what the next one raises."""

    def __init__(self, station: "Station") -> None:
        self._station = station
        self.planes: list[Plane] = views(
            np.zeros(PICTURE.w * PICTURE.h * 3 // 2, np.uint8), PICTURE
        )

    def may_send(self, now_ns: int) -> bool:
        return not self._station.full

    def send(self, at_ns: int) -> int:
        self._station.take(at_ns, self.planes[0])
        return 1000

    def close(self) -> None:
        self._station.closed += 1


class Station:
    """A broadcast, its clock, and all that it sends and says."""

    def __init__(self) -> None:
        self.studio = Studio(SCREEN)
        self.canvas: Canvas = self.studio.mapped()
        self.clock: FakeClock = self.studio.clock
        ours, theirs = pair()
        self.ends: tuple[socket.socket, socket.socket] = (ours, theirs)
        self._ours: Channel[Aired] = Channel(ours, Aired)
        self.refusals: list[BaseException] = []
        """What the next calls end with."""
        self.takes_ns = 0
        """How long they take."""
        self.calls_ns: list[int] = []
        self.sent: list[tuple[int, int]] = []
        """When each picture was sent, and its mean luma."""
        self.error: BaseException | None = None
        self.full = False
        self.closed = 0
        self._until_ns = 0
        self.spec = BroadcastSpec(
            BROADCAST, (ScreenPart(self.studio.canvas_place, Rect(0, 0, PICTURE.w, PICTURE.h)),)
        )
        ports = Ports(self._dial, lambda: self.clock.now_ns, self._pause, lambda: 0.0)
        self._broadcaster = Broadcaster(
            self.spec, self.studio.arena, Channel(theirs, Finish), ports
        )

    def _dial(self, broadcast: Broadcast) -> StreamSender:
        assert broadcast == BROADCAST
        self.calls_ns.append(self.clock.now_ns)
        if self.refusals:
            self.clock.now_ns += self.takes_ns
            raise self.refusals.pop(0)
        return cast(StreamSender, FakeOutlet(self))

    def take(self, at_ns: int, luma: Plane) -> None:
        if self.error is not None:
            error, self.error = self.error, None
            raise error
        self.sent.append((at_ns, round(float(luma.mean()))))

    def _pause(self, channel: Channel[Finish], seconds: float) -> None:
        del channel
        self.clock.now_ns += max(1, round(seconds * SECOND_NS))
        if self.clock.now_ns >= self._until_ns:
            self._ours.send(Finish())

    def run(self, seconds: float) -> list[Aired]:
        """Let it run so long; what it said."""
        self._until_ns = self.clock.now_ns + round(seconds * SECOND_NS)
        self.run_alone()
        return list(self._ours.drain())

    def run_alone(self) -> None:
        """Let it run until it ends."""
        self._broadcaster.run()

    def paint(self, luma: int) -> None:
        self.canvas.begin()
        self.canvas.pixels[...] = luma
        self.canvas.end(1, 1, self.clock.now_ns)


@pytest.fixture
def station() -> Iterator[Station]:
    station = Station()
    yield station
    for end in station.ends:
        end.close()


def test_pictures_leave_at_their_rate_and_it_says_so(station: Station) -> None:
    station.paint(180)
    said = station.run(4)
    assert 48 <= len(station.sent) <= 51
    assert {luma for _, luma in station.sent} == {180}
    steps = {b - a for (a, _), (b, _) in itertools.pairwise(station.sent)}
    assert steps == {80_000_000}
    assert [one.air for one in said][:2] == [BroadcastState.CONNECTING, BroadcastState.LIVE]
    assert said[-1].fps == 12.5
    assert said[-1].kbps == 100.0
    assert said[-1].reconnects == said[-1].left_out == 0
    assert station.closed == 1


def test_a_canvas_that_is_being_composed_keeps_its_last_picture(station: Station) -> None:
    station.paint(180)
    screens = Screens(station.spec, station.studio.arena)
    out = views(np.zeros(PICTURE.w * PICTURE.h * 3 // 2, np.uint8), PICTURE)
    screens.lay(out)
    station.canvas.begin()
    station.canvas.pixels[...] = 20
    screens.lay(out)
    assert set(np.unique(out[0])) == {180}
    station.canvas.end(2, 1, 0)
    screens.lay(out)
    assert set(np.unique(out[0])) == {20}


@pytest.mark.parametrize(
    ("error", "waits_s"),
    [
        (ConnectionRefusedError, [0.25, 0.5, *[1] * 6]),
        (ConnectionResetError, [0.25, 0.5, 1, 2, *[4] * 4]),
    ],
)
def test_a_server_that_is_away_is_called_for_ever(
    error: type[OSError], waits_s: list[float], station: Station
) -> None:
    """One that takes no call is not burdened by it; one that hangs up is called ever less often."""
    station.refusals = [error() for _ in range(8)]
    said = station.run(60)
    calls_ns = itertools.pairwise(station.calls_ns)
    assert [(after - before) / SECOND_NS for before, after in calls_ns] == waits_s
    assert BroadcastState.FAILED in [one.air for one in said]
    assert said[-1].air is BroadcastState.LIVE
    assert said[-1].reason is Reason.NONE


def test_it_is_heard_each_second_while_it_waits(station: Station) -> None:
    station.refusals = [ConnectionRefusedError() for _ in range(100)]
    assert len(station.run(30)) >= 30


def test_a_line_that_breaks_is_called_again_and_counted(station: Station) -> None:
    station.error = ConnectionResetError()
    said = station.run(3)
    assert len(station.calls_ns) == 2
    assert BroadcastState.FAILED in [one.air for one in said]
    assert said[-1].air is BroadcastState.LIVE
    assert station.closed == 2


def test_a_server_that_takes_nothing_gets_no_old_pictures(station: Station) -> None:
    station.full = True
    said = station.run(3)
    assert station.sent == []
    assert said[-1].left_out > 20
    assert said[-1].air is BroadcastState.CONNECTING


def test_a_login_that_is_refused_is_seldom_tried(station: Station) -> None:
    station.refusals = [HTTPUnauthorizedError(1, "rtsp://u:secret@192.0.2.9") for _ in range(9)]
    said = station.run(100)
    assert len(station.calls_ns) == 2
    assert said[-1].air is BroadcastState.REFUSED
    assert said[-1].reason is Reason.BAD_CREDENTIALS


def test_a_server_that_takes_the_call_and_is_mute_has_not_answered_in_time(
    station: Station,
) -> None:
    station.takes_ns, station.refusals = 2 * SECOND_NS, [ValueError("whatever libav says")]
    assert Reason.TIMED_OUT in [one.reason for one in station.run(5)]


def test_it_ends_with_its_root(station: Station) -> None:
    station.ends[0].close()
    station.run_alone()
    assert station.sent == []


def test_without_its_login_file_nobody_is_called(tmp_path: Path) -> None:
    account = login_file(tmp_path, Login("wall", "hunter2"))
    Path(account.file).unlink()
    with pytest.raises(SourceError) as error:
        Dial()(Broadcast("x", "rtsp://192.0.2.9/x", Size(64, 64), 5, 100, credential=account))
    assert error.value.reason is Reason.LOGIN_UNREADABLE
