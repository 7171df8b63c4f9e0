"""How long a camera may say nothing before its line is given up. Pure: the caller looks and cuts.

A line that fell silent is kept while the camera's server is merely standing still: when it goes on,
so does the line, at once, where a new call would be one of many that wait for it. Whether it stands
still is asked over another line. libav can do none of this: it has one time-out for every read.
"""

import enum

import msgspec

from wallctl.model.health import SECOND_NS, offline_after_ns

REACH_NS = 3 * SECOND_NS
"""Called, and no machine took the call: two lost SYNs."""
FETCH_NS = 10 * SECOND_NS
"""It took the call and sends no packet yet: a platform may have to fetch the stream first."""
SEGMENT_NS = 15 * SECOND_NS
"""A segmented stream delivers seconds at once, and then nothing for as long."""
GRACE_NS = SECOND_NS
"""The server answers again; its pictures follow within so long, or never."""
HOLD_NS = 60 * SECOND_NS
"""The longest that a line is kept through a silence."""
FRUITLESS_NS = 10 * SECOND_NS
"""Packets of a connection that gave no picture yet, from its first keyframe on."""
MOST_REORDERED = 16
"""No codec holds back more pictures than this; a slow camera's take long to come out."""
WEDGED_NS = 5 * SECOND_NS
"""A line was cut, and the reading of it goes on for so long: it does not listen any more."""


class Echo(enum.Enum):
    """What came of asking a silent camera's server something over another line."""

    PENDING = "pending"
    GIVEN = "given"
    """It answered: it is well, and our line is not."""
    GONE = "gone"
    """It refused, hung up, or can't be asked."""


class Call(msgspec.Struct, frozen=True):
    """One connection, as it stands. Times are CLOCK_MONOTONIC ns."""

    dialled_ns: int
    taken: bool = False
    """Whether the other machine has taken the call."""
    segmented: bool = False
    packet_ns: int | None = None
    """When the newest packet came, if one did."""
    echo: Echo | None = None
    echo_ns: int = 0
    """Since when ``echo`` is what it is."""


def is_silent(call: Call, interval_ns: int, now_ns: int) -> bool:
    """Whether a line that carried packets carries none any more; ``interval_ns`` parted them."""
    if call.packet_ns is None:
        return False
    limit_ns = offline_after_ns(interval_ns)
    return now_ns - call.packet_ns > (max(SEGMENT_NS, limit_ns) if call.segmented else limit_ns)


def is_hopeless(call: Call, interval_ns: int, now_ns: int) -> bool:
    """Whether to hang up. For a silent line, ``echo`` must have been asked for."""
    if call.packet_ns is None:
        return now_ns - call.dialled_ns > (FETCH_NS if call.taken else REACH_NS)
    if not is_silent(call, interval_ns, now_ns):
        return False
    match call.echo:
        case Echo.PENDING:
            return now_ns - call.packet_ns > HOLD_NS
        case Echo.GIVEN:
            return now_ns - call.echo_ns > GRACE_NS
        case _:
            return True


def is_fruitless(packets: int, for_ns: int, interval_ns: int, proven: bool) -> bool:
    """Whether to call again, since so many packets in a row gave no picture for a time.

    A connection that gave one before (``proven``) is called again when its tile is offline: its
    camera may have begun to send something else.
    """
    limit_ns = offline_after_ns(interval_ns)
    if proven:
        return packets > 1 and for_ns > limit_ns
    return packets > MOST_REORDERED and for_ns > max(FRUITLESS_NS, limit_ns)
