"""Ends a connection that says nothing, from the thread beside the one that waits for it.

Not for recordings: they are read when they are due.
"""

import contextlib
import threading
from collections.abc import Iterator
from typing import Protocol

from msgspec.structs import replace

from wallctl.decoder.status_writer import Status
from wallctl.model.streams.health import stale_after_ns
from wallctl.model.streams.silence_timeout import (
    UNKNOWN,
    WEDGED_NS,
    Call,
    Echo,
    after_cut,
    after_packet,
    is_hopeless,
    is_mute,
    is_silent,
)

ASLEEP_NS = 1_000_000_000
"""Time between two looks that means that this process was stopped: the camera is not to blame."""


class Probe(Protocol):
    """A question to the camera's server; see ``wallctl.media.rtsp.ping``."""

    def echo(self) -> Echo:
        """What came of it so far."""

    def close(self) -> None:
        """Hang up."""


class Line(Protocol):
    """The camera's connections; see ``wallctl.media.network.libav_sockets``."""

    def is_taken(self) -> bool:
        """Whether the other machine has taken the call."""

    def guard(self) -> None:
        """Have the kernel end them when the other machine is gone."""

    def ask(self, url: str) -> Probe | None:
        """Ask the camera's server something over another line, where that can be."""

    def cut(self) -> None:
        """End them."""


class WedgedError(Exception):
    """The reading thread does not come back from libav; only a new process helps."""


class Watchdog:
    """Watches one connection at a time. The lock keeps a cut from hitting the next one."""

    def __init__(self, url: str, line: Line, status: Status) -> None:
        self._url = url
        self._line = line
        self._status = status
        self._lock = threading.Lock()
        self._call: Call | None = None
        self._packet_ns: int | None = None
        self._looked_ns = 0
        self._guarded = False
        self._probe: Probe | None = None
        self._cut_ns: int | None = None
        self._forbearance = UNKNOWN

    @property
    def gave_up(self) -> bool:
        """Whether the newest connection was ended by this."""
        return self._cut_ns is not None

    @contextlib.contextmanager
    def call(self, now_ns: int, *, listens: bool = False) -> Iterator[None]:
        """Watch one connection, from dialling to its close. ``listens``: no machine is called."""
        with self._lock:
            borne_ns = self._forbearance.silence_ns(now_ns)
            self._call = Call(now_ns, taken=listens, borne_ns=borne_ns, listens=listens)
            self._packet_ns = self._cut_ns = None
            self._looked_ns, self._guarded = now_ns, False
        try:
            yield
        finally:
            self.leave()

    def leave(self) -> None:
        """Stop watching: the connection ends, or is a recording."""
        with self._lock:
            self._call = None
            self._close_probe()

    def answered(self, now_ns: int) -> None:
        """Note that the camera has answered. It is called again for its packets."""
        with self._lock:
            if self._call is not None:
                self._call = replace(self._call, dialled_ns=now_ns, taken=False)

    def segmented(self) -> None:
        """Note that the connection delivers seconds at once."""
        with self._lock:
            if self._call is not None:
                self._call = replace(self._call, segmented=True)

    def packet(self, now_ns: int) -> None:
        """Note a packet."""
        self._packet_ns = now_ns

    def look(self, now_ns: int) -> None:
        """Hang up if it is time. Raises WedgedError if that did not help."""
        with self._lock:
            if self._call is None:
                return
            if self._cut_ns is not None:
                if now_ns - self._cut_ns > WEDGED_NS:
                    raise WedgedError
                return
            if now_ns - self._looked_ns > ASLEEP_NS:
                self._excuse(now_ns)
            self._looked_ns = now_ns
            self._call = call = self._update(self._call, now_ns)
            if is_hopeless(call, self._status.interval_ns, now_ns):
                self._cut_ns = now_ns
                self._line.cut()
                if call.taken or call.packet_ns is not None:
                    since_ns = call.dialled_ns if call.packet_ns is None else call.packet_ns
                    self._forbearance = after_cut(self._forbearance, now_ns - since_ns, now_ns)

    def _update(self, call: Call, now_ns: int) -> Call:
        """Update what is known of the connection. The system is asked only while nothing comes."""
        interval_ns = self._status.interval_ns
        if self._packet_ns is None:
            call = call if call.taken else replace(call, taken=self._line.is_taken())
            return self._ask(call, now_ns) if is_mute(call, now_ns) else call
        if self._packet_ns != call.packet_ns:
            call = self._note_packet(call, self._packet_ns)
        if not self._guarded and now_ns - self._packet_ns > stale_after_ns(interval_ns):
            self._guarded = True
            self._line.guard()
        if not is_silent(call, interval_ns, now_ns):
            self._close_probe()
            return replace(call, echo=None)
        return self._ask(call, now_ns)

    def _note_packet(self, call: Call, packet_ns: int) -> Call:
        """Update the connection after a packet, and learn from the silence before it."""
        learned = after_packet(self._forbearance, call, self._status.interval_ns, packet_ns)
        if learned is not self._forbearance:
            self._forbearance = learned
            call = replace(call, borne_ns=learned.silence_ns(packet_ns))
        return replace(call, packet_ns=packet_ns)

    def _ask(self, call: Call, now_ns: int) -> Call:
        if call.echo is None:
            self._probe = self._line.ask(self._url)
        echo = self._probe.echo() if self._probe is not None else Echo.UNASKED
        return call if echo is call.echo else replace(call, echo=echo, echo_ns=now_ns)

    def _close_probe(self) -> None:
        if self._probe is not None:
            self._probe.close()
            self._probe = None

    def _excuse(self, now_ns: int) -> None:
        """Forgive the camera the time in which this process was stopped."""
        assert self._call is not None
        self._call = replace(self._call, dialled_ns=now_ns)
        if self._packet_ns is not None:
            self._packet_ns = now_ns
            self._call = replace(self._call, packet_ns=now_ns)
