"""A broadcast process: canvases become one stream for people elsewhere, whatever its server does.

It reads canvases where presenters compose them, between two passes, and never makes one wait. It
sends what the wall shows and nothing else: what is hidden there is hidden in the stream. It tries
again for ever; the controller is told each second how it fares.
"""

import logging
import random
import select
import time
import typing
from collections.abc import Callable
from pathlib import Path

import msgspec

from wallctl.config.logins import LoginError, with_own_login
from wallctl.display.messages import Finish
from wallctl.media.encode.mosaic import Inset
from wallctl.media.encode.muxers import TIMEOUT_US
from wallctl.media.encode.stream_sender import StreamSender
from wallctl.media.scale.planes import Plane
from wallctl.media.sources.failure_reason import SourceError, reason_of
from wallctl.model.base.geometry import Rect
from wallctl.model.site.broadcast import BroadcastState
from wallctl.model.site.broadcast_kind import broadcast_kind
from wallctl.model.site.site import Broadcast
from wallctl.model.streams.health import SECOND_NS, Reason
from wallctl.model.streams.retry import Ended, Retry, after, pause_ns
from wallctl.shm.arena import Arena
from wallctl.shm.canvas import Canvas, CanvasPlace
from wallctl.storage.broadcast_folder import BroadcastFolder, FolderError
from wallctl.supervisor.channel import Channel

log = logging.getLogger(__name__)

TELL_NS = SECOND_NS
AFTER_TICK_NS = 5_000_000
"""Presenters compose at whole ticks: a little later their canvases are new, and at rest."""
TRIES, BETWEEN_TRIES_S = 4, 0.002
"""A canvas is composed for 2 ms of 20. One that can't be had keeps its last picture."""
MUTE_NS = TIMEOUT_US * 900
"""A first answer that took so long did not come."""


class ScreenPart(msgspec.Struct, frozen=True):
    """A canvas, and where it stands in the broadcast's picture."""

    canvas: CanvasPlace
    rect: Rect


class BroadcastSpec(msgspec.Struct, frozen=True):
    """What a broadcast is born with."""

    broadcast: Broadcast
    parts: tuple[ScreenPart, ...]


class Aired(msgspec.Struct, frozen=True, tag=True):
    """How a broadcast fares; said each second, and when that changes."""

    air: BroadcastState
    reason: Reason = Reason.NONE
    fps: float = 0.0
    """Pictures sent in the last second."""
    kbps: float = 0.0
    sent: int = 0
    """Pictures since the process began."""
    left_out: int = 0
    """Pictures that were left out since the server, or this machine, was too slow for them."""
    reconnects: int = 0


def pause(channel: Channel[Finish], seconds: float) -> None:
    """Wait for so long, or until something is said."""
    waiting = select.poll()
    waiting.register(channel, select.POLLIN)
    waiting.poll(max(0.0, seconds * 1000))


class Dial:
    """Opens outlets; says once what is wrong with the folder of a playlist."""

    def __init__(self) -> None:
        self._said = ""

    def __call__(self, broadcast: Broadcast) -> StreamSender:
        """Connect, with the login as its file has it now. Raises what ``StreamSender`` raises."""
        if broadcast_kind(broadcast.url).writes_files:
            return self._on_shelf(broadcast)
        try:
            return StreamSender(with_own_login(broadcast))
        except LoginError:
            raise SourceError(Reason.LOGIN_UNREADABLE) from None

    def _on_shelf(self, broadcast: Broadcast) -> StreamSender:
        try:
            return self._written(broadcast, BroadcastFolder(Path(broadcast.url)))
        except FolderError as error:
            if str(error) != self._said:
                self._said = str(error)
                log.warning("broadcast %s is not written: %s", broadcast.name, error)
            raise SourceError(Reason.FORBIDDEN) from None

    def _written(self, broadcast: Broadcast, folder: BroadcastFolder) -> StreamSender:
        try:
            return StreamSender(broadcast, folder)
        except BaseException:
            folder.close()
            raise


class Ports(typing.NamedTuple):
    """What a broadcast uses of the world."""

    dial: Callable[[Broadcast], StreamSender] = Dial()
    now_ns: Callable[[], int] = time.monotonic_ns
    pause: Callable[[Channel[Finish], float], None] = pause
    chance: Callable[[], float] = random.random


class Screens:
    """The canvases of a broadcast, laid into one picture."""

    def __init__(self, spec: BroadcastSpec, arena: Arena) -> None:
        self._parts = [
            (Canvas(arena, part.canvas), Inset(part.canvas.size, part.rect)) for part in spec.parts
        ]

    def lay(self, into: list[Plane]) -> None:
        """Bring the picture up to date, each canvas whole or as it was."""
        for canvas, inset in self._parts:
            for _ in range(TRIES):
                if inset.lay(canvas.copy_to, into):
                    break
                time.sleep(BETWEEN_TRIES_S)


class Broadcaster:
    """Keeps one broadcast on the air."""

    def __init__(
        self,
        spec: BroadcastSpec,
        arena: Arena,
        channel: Channel[Finish],
        ports: Ports = Ports(),  # noqa: B008 - a tuple of functions
    ) -> None:
        self._broadcast = spec.broadcast
        self._screens = Screens(spec, arena)
        self._channel = channel
        self._ports = ports
        self._now_ns = ports.now_ns
        self._period_ns = round(SECOND_NS / spec.broadcast.rate_hz)
        self._told = Aired(BroadcastState.CONNECTING)
        self._told_ns = 0
        self._sent = self._left_out = self._connections = 0
        self._since: tuple[int, int] = (0, 0)
        """Pictures and bytes since it was told last."""
        self._live_ns: int | None = None
        """Since when this attempt sends."""
        self._finished = False

    def run(self) -> None:
        """Send until told to finish, or until the controller's channel closes."""
        retry = Retry()
        self._tell(BroadcastState.CONNECTING)
        while not self._finished:
            ended = self._attempt()
            if self._finished:
                break
            retry = after(retry, ended)
            refused = retry.last is Reason.BAD_CREDENTIALS
            self._tell(BroadcastState.REFUSED if refused else BroadcastState.FAILED, retry.last)
            self._rest_until(self._now_ns() + pause_ns(retry, self._ports.chance()))

    def _attempt(self) -> Ended:
        """One attempt, from dialling to whatever ends it."""
        began_ns = self._now_ns()
        self._live_ns = None
        try:
            outlet = self._ports.dial(self._broadcast)
            try:
                self._send_all(outlet)
            finally:
                outlet.close()
            reason = Reason.ENDED
        # As the reader's: libav raises more than its own errors, and whatever it was, the answer is
        # to say why, to wait, and to try again. Never logged: the text holds the URL.
        except Exception as error:  # noqa: BLE001
            reason = reason_of(error)
        now_ns = self._now_ns()
        if self._live_ns is not None:
            return Ended(reason, now_ns - self._live_ns)
        # a server that takes the call and then says nothing ends libav's opening as broken data
        mute = reason is Reason.BROKEN_DATA and now_ns - began_ns > MUTE_NS
        return Ended(Reason.TIMED_OUT if mute else reason)

    def _send_all(self, outlet: StreamSender) -> None:
        """Picture after picture, each when it is due."""
        began_ns = due_ns = self._due_after(self._now_ns())
        while self._rest_until(due_ns):
            now_ns = self._now_ns()
            if outlet.may_send(now_ns):
                self._screens.lay(outlet.planes)
                size = outlet.send(due_ns - began_ns)
                self._count(size)
            else:
                self._left_out += 1
            self._tell(
                BroadcastState.LIVE if self._live_ns is not None else BroadcastState.CONNECTING
            )
            before_ns, due_ns = due_ns, self._due_after(max(due_ns, self._now_ns()))
            self._left_out += (due_ns - before_ns) // self._period_ns - 1

    def _due_after(self, now_ns: int) -> int:
        """When the next picture is due: soon after a tick of the presenters."""
        turn = (now_ns - AFTER_TICK_NS) // self._period_ns + 1
        return turn * self._period_ns + AFTER_TICK_NS

    def _count(self, size_bytes: int) -> None:
        if self._live_ns is None:
            self._live_ns = self._now_ns()
            self._connections += 1
        self._sent += 1
        pictures, total = self._since
        self._since = (pictures + 1, total + size_bytes)

    def _rest_until(self, due_ns: int) -> bool:
        """Wait, and listen meanwhile; whether the broadcast is to go on."""
        while self._may_go_on() and (now_ns := self._now_ns()) < due_ns:
            self._tell(self._told.air, self._told.reason)
            self._ports.pause(self._channel, min(due_ns - now_ns, TELL_NS) / SECOND_NS)
        return not self._finished

    def _may_go_on(self) -> bool:
        """Whether nobody has said that it is to finish."""
        try:
            self._finished |= any(True for _ in self._channel.drain())
        except EOFError:  # root is gone
            self._finished = True
        return not self._finished

    def _tell(self, air: BroadcastState, reason: Reason = Reason.NONE) -> None:
        """Tell the controller, if it is news or a second has passed."""
        now_ns = self._now_ns()
        news = (air, reason) != (self._told.air, self._told.reason)
        if not news and now_ns - self._told_ns < TELL_NS:
            return
        seconds = max(now_ns - self._told_ns, 1) / SECOND_NS if self._told_ns else 1.0
        pictures, size = self._since
        self._told_ns, self._since = now_ns, (0, 0)
        self._told = Aired(
            air=air,
            reason=reason,
            fps=round(pictures / seconds, 1),
            kbps=round(size * 8 / 1000 / seconds, 1),
            sent=self._sent,
            left_out=self._left_out,
            reconnects=max(0, self._connections - 1),
        )
        self._channel.send(self._told)
