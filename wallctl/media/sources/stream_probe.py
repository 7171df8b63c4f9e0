"""What a stream delivers, asked of the camera itself: opened once, and listened to for a moment."""

import contextlib
import time

from av.error import FFmpegError

from wallctl.media.decode.decoder import prepare
from wallctl.media.network.tls import UntrustedError
from wallctl.media.sources.demuxer import Connection, Delivery, is_one_picture, is_worth_a_look
from wallctl.media.sources.failure_reason import SourceError, reason_of
from wallctl.media.sources.kinds import call_of
from wallctl.model.base.geometry import Size
from wallctl.model.planning.cost_model import codec_named
from wallctl.model.planning.plan import Format
from wallctl.model.site.site import Stream
from wallctl.model.site.source_kind import source_kind
from wallctl.model.streams.health import SECOND_NS, Reason

LISTEN_NS = 2 * SECOND_NS
"""Part of a stream, by its own clock, that tells its rate."""
CAME_NS = SECOND_NS
"""Part of a live stream by our clock: some cameras stamp by another one."""
RATE_OFF = 2
"""Least ratio of a rate by stamps to that of arrival that means another clock."""
LONGEST_NS = 6 * SECOND_NS
"""Longest time to listen: keyframes can be far apart."""


def probe_format(stream: Stream) -> Format:
    """The format of a stream. Takes some seconds, a minute with a camera that says nothing.

    Raises ``SourceError`` with the reason why it can't be told.
    """
    try:
        connection = call_of(stream).call()
        try:
            return _listen(connection, stream)
        finally:
            connection.close()
    except UntrustedError:
        raise
    # As the reader's: opening raises a dozen kinds of errors, whose texts hold the URL.
    except Exception as error:  # noqa: BLE001
        if source_kind(stream.url).is_web and is_worth_a_look(error, began=False):
            return _probe_picture(stream, reason_of(error))
        raise SourceError(reason_of(error)) from None


def _probe_picture(stream: Stream, reason: Reason) -> Format:
    """The format of an answer that libav can't read, if it is a picture."""
    from wallctl.media.http.content_sniffer import decode_picture, fetch  # noqa: PLC0415 - see ``web``

    try:
        picture, codec = decode_picture(fetch(stream), 0)
    except SourceError as error:
        known = error.reason is not Reason.BROKEN_DATA
        raise SourceError(error.reason if known else reason) from None
    # As above.
    except Exception:  # noqa: BLE001
        raise SourceError(reason) from None
    return Format(picture.look.size, 1 / stream.refresh_s, codec_named(codec))


def _listen(connection: Connection, stream: Stream) -> Format:
    context = connection.stream.codec_context
    prepare(context)
    began_ns, stamps_ns, came_ns = time.monotonic_ns(), list[int](), list[int]()
    is_live = connection.delivery is Delivery.LIVE
    for coded in connection.packets():
        if coded.stamp_ns is not None:
            stamps_ns.append(coded.stamp_ns)
        if is_live:
            came_ns.append(time.monotonic_ns())
        if not context.width:
            with contextlib.suppress(FFmpegError):  # it begins with a keyframe, sooner or later
                context.decode(coded.packet)
        is_enough = stamps_ns and stamps_ns[-1] - stamps_ns[0] >= LISTEN_NS
        if context.width and is_enough and (not came_ns or came_ns[-1] - came_ns[0] >= CAME_NS):
            break
        if time.monotonic_ns() - began_ns > LONGEST_NS:
            break
    if not context.width or not context.height:
        raise SourceError(Reason.BROKEN_DATA)
    rate_hz = _still_hz(connection, stream, len(stamps_ns)) or find_rate_hz(stamps_ns, came_ns)
    rate_hz = rate_hz or SECOND_NS / connection.interval_ns
    return Format(Size(context.width, context.height), rate_hz, codec_named(context.name))


def _still_hz(connection: Connection, stream: Stream, packets: int) -> float | None:
    """How often an answer is fetched that was one picture."""
    is_still = source_kind(stream.url).is_web and is_one_picture(connection, packets)
    return 1 / stream.refresh_s if is_still else None


def find_rate_hz(stamps_ns: list[int], came_ns: list[int]) -> float | None:
    """The pictures a second of a stream; ``came_ns`` is when each came, empty if that says nothing.

    Stamps tell it best, unless they count another clock than ours; a server's newest pictures come
    at once, so of arrivals the later half counts.
    """
    by_stamps, by_arrival = _rate_hz(stamps_ns), _rate_hz(came_ns[len(came_ns) // 2 :])
    if by_stamps is None or by_arrival is None:
        return by_stamps or by_arrival
    fits = by_arrival < RATE_OFF * by_stamps and by_stamps < RATE_OFF * by_arrival
    return by_stamps if fits else by_arrival


def _rate_hz(stamps_ns: list[int]) -> float | None:
    """How many packets come in a second of the stream's clock; ``None`` if that can't be said."""
    took_ns = max(stamps_ns, default=0) - min(stamps_ns, default=0)
    return (len(stamps_ns) - 1) * SECOND_NS / took_ns if took_ns > 0 else None
