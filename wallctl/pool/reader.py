"""The reading half of a worker: connects, reads packets, and tries again for ever."""

import contextlib
import random
import time
import typing
from collections.abc import Callable

from wallctl.frames.ring import Flag
from wallctl.media.calling import Caller
from wallctl.media.connect import SILENCE_US, Connection, Delivery
from wallctl.media.decode import Decoder
from wallctl.media.failure import SourceError, reason_of
from wallctl.media.pattern import INTERVAL_NS, Pattern
from wallctl.media.source_kind import (
    SourceKind,
    is_connectionless,
    pattern_name,
    source_kind,
)
from wallctl.media.still import read_still
from wallctl.model.coding import coding_named
from wallctl.model.health import SECOND_NS, Phase, Reason
from wallctl.model.pace import Pace
from wallctl.model.retry import STEADY_NS, Ended, Retry, after, pause_ns
from wallctl.model.site import Stream
from wallctl.pool.clock import Clock
from wallctl.pool.feed import Feed
from wallctl.pool.status import Status
from wallctl.pool.watchdog import Watchdog

SILENCE_NS = SILENCE_US * 1000 * 9 // 10
"""A wait for a packet that libav's time-out must have ended; only where there is no line."""

_LONG_S = 3600.0


class Ports(typing.NamedTuple):
    """What a reader uses of the world."""

    decoder: Callable[[Connection], Decoder]
    clock: Clock = Clock()
    name: str = ""
    """What a person calls the stream."""
    sleep: Callable[[float], None] = time.sleep
    chance: Callable[[], float] = random.random


class Reader:
    """Keeps one stream coming."""

    def __init__(
        self, stream: Stream, feed: Feed, status: Status, watchdog: Watchdog, ports: Ports
    ) -> None:
        self._stream = stream
        self._caller = Caller(stream, ports.name)
        self._feed = feed
        self._status = status
        self._watchdog = watchdog
        self._ports = ports
        self._now_ns = ports.clock.monotonic_ns
        self._kind = source_kind(stream.url)
        self._has_line = self._kind is SourceKind.LIVE and not is_connectionless(stream.url)
        self._pace = Pace()
        self._live_ns: int | None = None
        """Since when this attempt gives pictures."""
        self._packets = 0
        """How many this connection gave."""

    def run(self) -> typing.NoReturn:
        """Read until the process ends."""
        retry = Retry()
        if self._status.was_refused:  # a killed worker must not cost another try of the account
            retry = after(retry, Ended(Reason.BAD_CREDENTIALS))
            self._rest(retry)
        while True:
            retry = after(retry, self._attempt())
            self._status.failed(retry.last)
            self._rest(retry)

    def _rest(self, retry: Retry) -> None:
        self._ports.sleep(pause_ns(retry, self._ports.chance()) / SECOND_NS)

    def _attempt(self) -> Ended:
        """One attempt, from dialling to whatever ends it."""
        self._status.attempt()
        self._live_ns = None
        began_ns = self._now_ns()
        try:
            self._read()
            reason = Reason.ENDED
        # The one broad catch of the worker. av.open raises more than libav's errors, by damage in
        # real files: UnicodeDecodeError, IndexError, EOFError, ValueError ... Whatever it was, the
        # answer is the same: say why, wait, try again. Never logged: the text holds the URL.
        except Exception as error:  # noqa: BLE001
            reason = reason_of(error)
        now_ns = self._now_ns()
        if self._watchdog.gave_up:
            reason = Reason.TIMED_OUT
        if self._live_ns is not None:
            live_ns = now_ns - self._live_ns
            if live_ns < STEADY_NS:
                self._caller.brief()
            return Ended(reason, live_ns)
        return Ended(self._told_apart(reason, now_ns - began_ns))

    def _told_apart(self, reason: Reason, took_ns: int) -> Reason:
        """What the error alone does not tell of an attempt that gave no picture."""
        if self._kind is not SourceKind.LIVE:
            return Reason.BROKEN_DATA if reason is Reason.ENDED else reason
        # A camera that accepts and then says nothing ends libav's opening as broken data.
        mute = reason is Reason.BROKEN_DATA and took_ns > SILENCE_NS
        if mute and not self._packets:
            reason = Reason.TIMED_OUT
        # The system's word for a firewall that lets no call out.
        if reason is Reason.FILE_MISSING:
            reason = Reason.UNREACHABLE
        return self._caller.fruitless(reason, self._packets)

    def _read(self) -> None:
        match self._kind:
            case SourceKind.LIVE | SourceKind.FILE:
                while self._read_once() is Delivery.RECORDING:
                    self._after_the_end()
            case SourceKind.STILL:
                self._show_still()
            case SourceKind.PATTERN:
                self._play_pattern()

    def _after_the_end(self) -> None:
        """A recording is played over and over: opening it again takes less than a picture's time.

        One of a single picture is a still image by another name.
        """
        if not self._feed.proven:
            raise SourceError(Reason.BROKEN_DATA)
        if self._packets == 1:
            self._feed.hold()
            self._wait_for_ever()

    def _read_once(self) -> Delivery:
        """One connection. A live one that ends has failed: what its decoder holds is the past."""
        self._packets = 0
        with self._watched(), contextlib.ExitStack() as ending:
            connection = self._caller.call(lambda: self._watchdog.answered(self._now_ns()))
            ending.callback(connection.close)
            delivery = connection.delivery
            if delivery is Delivery.RECORDING:
                self._watchdog.leave()
            elif delivery is Delivery.SEGMENTS:
                self._watchdog.segmented()
            self._status.coding(coding_named(connection.codec))
            decoder = self._ports.decoder(connection)
            ending.callback(decoder.close)
            ending.callback(self._feed.detach)
            self._feed.attach(decoder, live=delivery is Delivery.LIVE, held=connection.held)
            self._read_packets(connection)
            if delivery is Delivery.RECORDING:
                self._feed.finish()
        return delivery

    def _watched(self) -> contextlib.AbstractContextManager[None]:
        return self._watchdog.call(self._now_ns()) if self._has_line else contextlib.nullcontext()

    def _read_packets(self, connection: Connection) -> None:
        offer, heard, now_ns = self._feed.offer, self._watchdog.packet, self._now_ns
        paced, arrival_ns = connection.delivery is not Delivery.LIVE, now_ns()
        for coded in connection.packets():
            self._packets += 1
            before_ns, arrival_ns = arrival_ns, now_ns()
            if paced:
                arrival_ns = self._wait_for(coded.stamp_ns, connection.interval_ns)
            elif not self._has_line and arrival_ns - before_ns > SILENCE_NS:
                self._check_silence(arrival_ns - before_ns)
            heard(arrival_ns)
            offer(coded, arrival_ns)
            if self._live_ns is None and self._feed.proven:
                self._live_ns = arrival_ns

    def _check_silence(self, waited_ns: int) -> None:
        """Give a silent camera up now.

        libav hides its first time-out: it gives out the packet that its parser held back, and only
        the next read, 3 s later, fails. A camera that is this slow by nature goes on.
        """
        if waited_ns > 3 * self._status.interval_ns:
            raise SourceError(Reason.TIMED_OUT)

    def _wait_for(self, stamp_ns: int | None, interval_ns: int) -> int:
        """Sleep until a recording's packet is due; the time then."""
        now_ns = self._now_ns()
        due_ns = self._pace.due_ns(stamp_ns, interval_ns, now_ns)
        self._status.behind(max(0, now_ns - due_ns))
        if due_ns > now_ns:
            self._ports.sleep((due_ns - now_ns) / SECOND_NS)
            return self._now_ns()
        return now_ns

    def _show_still(self) -> typing.NoReturn:
        picture = read_still(self._stream, self._now_ns())
        self._feed.show(picture, Phase.STILL, Flag.STILL)
        self._wait_for_ever()

    def _wait_for_ever(self) -> typing.NoReturn:
        while True:  # the control thread fills new taps
            self._ports.sleep(_LONG_S)

    def _play_pattern(self) -> typing.NoReturn:
        pattern = Pattern(pattern_name(self._stream.url))
        while True:
            now_ns = self._wait_for(None, INTERVAL_NS)
            if self._feed.rest():
                continue
            number = self._status.decoded + 1
            self._feed.show(pattern.picture(number, now_ns), Phase.LIVE)
