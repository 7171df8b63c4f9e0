"""RTSP cameras: each is called as it wants to be, and that is remembered between calls.

A camera is asked for its description first (``wallctl.media.rtsp.describe``). libav then opens what
was found; where there is a login or encryption, or libav can't talk to the camera, a relay stands
between both (``wallctl.media.rtsp.relay``).
"""

import errno
import logging
from collections.abc import Callable

import msgspec
from av.error import FFmpegError

from wallctl.media.network.camera_address import address_of
from wallctl.media.network.dns import Names
from wallctl.media.rtsp.describe import Described, describe
from wallctl.media.rtsp.relay import Refusal, Relay
from wallctl.media.rtsp.sdp import videos
from wallctl.media.sources.demuxer import Connection, Opening, open_url
from wallctl.media.sources.failure_reason import SourceError, reason_of, reason_of_status
from wallctl.model.site.site import Stream, Transport
from wallctl.model.streams.health import UNTAKEN, Reason
from wallctl.model.streams.transport import Carrier

_SILENCE_US = 65_000_000
"""Longer than the watchdog's patience with a line."""


def _options(source: Stream) -> dict[str, str]:
    return {
        "timeout": str(_SILENCE_US),
        "rtsp_transport": "tcp" if source.transport is Transport.TCP else "udp",
        "allowed_media_types": "video",
        # The description tells the codec, and mostly the size. Probing for more takes eight
        # pictures of an H.264 stream, to guess its reordering: 0.65 s at 12.5 a second, not 0.09.
        "probesize": "32",
    }


OPENING = Opening(("rtp", "udp", "tcp"), ("rtsp",), _options)

_NOT_OF_TRANSPORT = frozenset({401, 403, 404, 429, 453, 454, 503})
"""Answers to SETUP that the other transport gets, too."""

_SILENT = (Reason.TIMED_OUT, Reason.ENDED, *UNTAKEN)
"""Failures of the line: the camera can't say more about them."""

log = logging.getLogger(__name__)


class RtspCall:
    """Calls one camera."""

    def __init__(self, source: Stream, name: str = "") -> None:
        """``name`` is what a person calls the stream; without it nothing is logged."""
        self._source = source
        self._name = name
        self._names = Names()
        self._way = source.transport
        """What carries the packets: the other one where the camera gives nothing over it."""
        self._relayed = False
        self._relay_helps = True
        """Not where a call by relay was as short: packets that need none shall take no detour."""
        self._track = 0
        self._opened = False
        self.silence_ns = 0

    def call(
        self, answered: Callable[[], None] = lambda: None, form: str | None = None
    ) -> Connection:
        """Open the source; ``answered`` is called when the camera has, and will be called again.

        Raises ``SourceError``, what libav and sockets raise, and then some.
        """
        del form
        self._opened = False
        connection = self._call(answered)
        self._opened = True
        return connection

    @property
    def carrier(self) -> Carrier:
        """What carries the packets of the newest call that came through."""
        carrier = Carrier.UDP if self._way is Transport.UDP else Carrier.TCP
        if address_of(self._source).is_blind:
            carrier |= Carrier.UNPROVEN
        if self._way is not self._source.transport:
            carrier |= Carrier.FALLBACK
        return carrier | Carrier.RELAYED if self._relayed else carrier

    def fruitless(self, reason: Reason, packets: int) -> Reason:
        """The newest call gave no picture: the reason for people. The next call differs."""
        if not self._opened:
            return reason
        if self._way is Transport.UDP:
            if packets or reason is not Reason.TIMED_OUT:
                return reason
            self._way = Transport.TCP
            return Reason.NO_TRANSPORT
        self._relayed = not self._relayed
        # Over TCP nothing is damaged on its way: the camera sends what can't be decoded.
        return Reason.UNSUPPORTED if reason is Reason.BROKEN_DATA else reason

    def brief(self) -> None:
        """The newest call gave pictures for a short time only: see whether a relay helps."""
        if self._way is Transport.UDP:
            return
        self._relay_helps &= not self._relayed
        self._relayed = self._relay_helps

    def _call(self, answered: Callable[[], None]) -> Connection:
        found = describe(self._source, self._names.check)
        answered()
        try:
            return self._over_this_way(found)
        except _WayClosedError:
            self._way = _other(self._way)
        try:
            connection = self._over_this_way(found)
        except _WayClosedError as closed:
            self._way = self._source.transport
            raise SourceError(closed.reason) from None
        if self._name:
            refused, used = _other(self._way).value, self._way.value
            log.warning("%s refuses %s; %s is used", self._name, refused, used)
        return connection

    def _over_this_way(self, found: Described) -> Connection:
        if found.libav_gets_in and not self._relayed:
            try:
                return self._direct(found)
            except FFmpegError as error:
                if reason_of(error) in _SILENT:
                    raise
                if error.errno == errno.EPROTONOSUPPORT:
                    raise _WayClosedError(461) from None
        return self._through_relay(found)

    def _direct(self, found: Described) -> Connection:
        return open_url(found.address.url, self._wanted, OPENING)

    @property
    def _wanted(self) -> Stream:
        return msgspec.structs.replace(self._source, transport=self._way)

    def _through_relay(self, found: Described) -> Connection:
        """By relay, for as many tracks of video as the camera describes."""
        refusals = list[Refusal]()
        while True:
            relay = Relay(found.address, self._track)
            try:
                connection = open_url(relay.url, self._wanted, OPENING, relay)
            except Exception:
                if relay.refusal is None:
                    raise
            else:
                self._relayed = True
                return connection
            refusals.append(relay.refusal)
            if not self._next_track(relay.refusal, found):
                break
        # Each track that is refused for the transport may be given over the other one.
        raise _make_error(next((one for one in refusals if _is_of_transport(one)), refusals[-1]))

    def _next_track(self, refusal: Refusal, found: Described) -> bool:
        self._track += 1
        if refusal.method != "SETUP" or self._track >= len(videos(found.description)):
            self._track = 0
        return self._track > 0


class _WayClosedError(Exception):
    """The camera does not send over the transport that was asked for."""

    def __init__(self, status: int) -> None:
        super().__init__()
        reason = reason_of_status(status)
        self.reason = Reason.NO_TRANSPORT if reason is Reason.UNSUPPORTED else reason


def _is_of_transport(refusal: Refusal) -> bool:
    """Whether the camera may grant the same over the other transport."""
    return refusal.method == "SETUP" and refusal.status not in _NOT_OF_TRANSPORT


def _make_error(refusal: Refusal) -> Exception:
    """What is to be raised where a camera does not grant a request."""
    if _is_of_transport(refusal):
        return _WayClosedError(refusal.status)
    return SourceError(reason_of_status(refusal.status))


def _other(transport: Transport) -> Transport:
    return Transport.UDP if transport is Transport.TCP else Transport.TCP
