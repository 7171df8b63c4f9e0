"""What a stream delivers, asked of the camera itself: opened once, and listened to for a moment."""

import contextlib
import time

from av.error import FFmpegError

from wallctl.media.connect import Connection, connect
from wallctl.media.decode import prepare
from wallctl.media.failure import SourceError, reason_of
from wallctl.model.cost import codec_named
from wallctl.model.geometry import Size
from wallctl.model.health import SECOND_NS, Reason
from wallctl.model.plan import Format
from wallctl.model.site import Stream

LISTEN_NS = 2 * SECOND_NS
"""So much of a stream, by its own clock, tells its rate."""
LONGEST_NS = 6 * SECOND_NS
"""For so long it is listened to, were nothing known by then: keyframes can be far apart."""


def asked(stream: Stream) -> Format:
    """The format of a stream. Takes some seconds, a minute with a camera that says nothing.

    Raises ``SourceError`` with the reason why it can't be told.
    """
    try:
        connection = connect(stream)
        try:
            return _heard(connection)
        finally:
            connection.close()
    # As the reader's: opening raises a dozen kinds of errors, whose texts hold the URL.
    except Exception as error:  # noqa: BLE001
        raise SourceError(reason_of(error)) from None


def _heard(connection: Connection) -> Format:
    context = connection.stream.codec_context
    prepare(context)
    began_ns, stamps_ns = time.monotonic_ns(), list[int]()
    for coded in connection.packets():
        if coded.stamp_ns is not None:
            stamps_ns.append(coded.stamp_ns)
        if not context.width:
            with contextlib.suppress(FFmpegError):  # it begins with a keyframe, sooner or later
                context.decode(coded.packet)
        if context.width and stamps_ns and stamps_ns[-1] - stamps_ns[0] >= LISTEN_NS:
            break
        if time.monotonic_ns() - began_ns > LONGEST_NS:
            break
    if not context.width or not context.height:
        raise SourceError(Reason.BROKEN_DATA)
    rate_hz = _rate_hz(stamps_ns) or SECOND_NS / connection.interval_ns
    return Format(Size(context.width, context.height), rate_hz, codec_named(context.name))


def _rate_hz(stamps_ns: list[int]) -> float | None:
    """How many packets come in a second of the stream's clock; ``None`` if that can't be said."""
    took_ns = max(stamps_ns, default=0) - min(stamps_ns, default=0)
    return (len(stamps_ns) - 1) * SECOND_NS / took_ns if took_ns > 0 else None
