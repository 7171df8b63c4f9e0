"""How long a camera may say nothing before its line is given up. Pure: the caller looks and cuts.

A line that fell silent is kept while the camera's server is merely standing still: when it goes on,
so does the line, at once, where a new call would be one of many that wait for it. Whether it stands
still is asked over another line. libav can do none of this: it has one time-out for every read.

Some cameras are silent by nature: one picture in 8 s, or in 5 s while nothing moves. A wall
that hangs up on them never learns their pace. So a camera's first silences are borne for longer,
and each hang-up is followed by more patience, until the camera itself ends a silence.
"""

import enum

import msgspec
from msgspec.structs import replace

from wallctl.model.streams.health import SECOND_NS, UNPACED_NS, offline_after_ns

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


TRIAL_PACKETS = 4
"""A connection that gave so many packets without a long silence needs no more patience."""
REMEMBERED_NS = 3600 * SECOND_NS
"""For so long it is remembered how long a camera was silent and well."""


class Echo(enum.Enum):
    """What came of asking a silent camera's server something over another line."""

    PENDING = "pending"
    GIVEN = "given"
    """It answered: it is well, and our line is not."""
    GONE = "gone"
    """It refused, or hung up."""
    UNASKED = "unasked"
    """It can't be asked."""


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
    borne_ns: int = 0
    """For how long it may be silent in any case, while its server is well."""
    listens: bool = False
    """Whether no machine is called: packets come, or they don't."""


def is_silent(call: Call, interval_ns: int, now_ns: int) -> bool:
    """Whether a line that carried packets carries none any more; ``interval_ns`` parted them."""
    if call.packet_ns is None:
        return False
    limit_ns = offline_after_ns(interval_ns)
    return now_ns - call.packet_ns > (max(SEGMENT_NS, limit_ns) if call.segmented else limit_ns)


def is_mute(call: Call, now_ns: int) -> bool:
    """Whether a line that never carried a packet is kept only if its server is well."""
    is_due = now_ns - call.dialled_ns > FETCH_NS - GRACE_NS
    return call.packet_ns is None and call.taken and is_due and call.borne_ns > FETCH_NS


def is_hopeless(call: Call, interval_ns: int, now_ns: int) -> bool:
    """Whether to hang up. For a line that is silent or mute, ``echo`` must have been asked for."""
    if call.packet_ns is None:
        called_ns = now_ns - call.dialled_ns
        if call.listens or (call.taken and call.echo is Echo.GIVEN):
            return called_ns > max(FETCH_NS, call.borne_ns)
        return called_ns > (FETCH_NS if call.taken else REACH_NS)
    return is_silent(call, interval_ns, now_ns) and _is_lost(call, now_ns - call.packet_ns, now_ns)


def _is_lost(call: Call, silent_ns: int, now_ns: int) -> bool:
    match call.echo:
        case Echo.PENDING:
            return silent_ns > HOLD_NS
        case Echo.GIVEN:
            return now_ns - call.echo_ns > GRACE_NS and silent_ns > call.borne_ns
        case Echo.UNASKED:
            return silent_ns > call.borne_ns
        case _:
            return True


class Forbearance(msgspec.Struct, frozen=True):
    """What is known of a camera's silences, over all of its connections."""

    borne_ns: int = 0
    """How long the next silence is borne, since the last was perhaps cut too soon."""
    trials: int = 0
    """For so many more packets."""
    known_ns: int = 0
    """How long the camera was silent, and well: it ended the silence itself."""
    known_at_ns: int = 0

    def silence_ns(self, now_ns: int) -> int:
        """For how long to bear a silence while the camera's server is well."""
        remembered = self.known_ns and now_ns - self.known_at_ns < REMEMBERED_NS
        known_ns = min(2 * self.known_ns, HOLD_NS) if remembered else 0
        return max(self.borne_ns, known_ns)


UNKNOWN = Forbearance(FETCH_NS, TRIAL_PACKETS)
"""Of a camera whose pace is still to be learned: it may be a slow one."""


def after_cut(before: Forbearance, silent_ns: int, now_ns: int) -> Forbearance:
    """A silence was not borne any longer: the next one is, twice as long."""
    borne_ns = 2 * max(silent_ns, before.silence_ns(now_ns))
    return replace(before, borne_ns=min(borne_ns, HOLD_NS), trials=TRIAL_PACKETS)


def after_packet(before: Forbearance, call: Call, interval_ns: int, now_ns: int) -> Forbearance:
    """A packet came, after the one that ``call`` tells of, if there was one.

    A server that stood still sends what piled up as soon as it answers again; that is no silence of
    the camera's.
    """
    if before == UNKNOWN and 0 < interval_ns < UNPACED_NS:
        return Forbearance()  # its pace is known, and it is no slow one
    if call.packet_ns is None:
        return before
    natural = call.echo is Echo.UNASKED or (
        call.echo is Echo.GIVEN and now_ns - call.echo_ns > GRACE_NS
    )
    if natural and is_silent(call, interval_ns, now_ns):
        return Forbearance(known_ns=now_ns - call.packet_ns, known_at_ns=now_ns)
    if before.trials > 1:
        return replace(before, trials=before.trials - 1)
    return replace(before, borne_ns=0, trials=0) if before.trials else before


def is_fruitless(packets: int, for_ns: int, interval_ns: int, proven: bool) -> bool:
    """Whether to call again, since so many packets in a row gave no picture for a time.

    A connection that gave one before (``proven``) is called again when its tile is offline: its
    camera may have begun to send something else.
    """
    limit_ns = offline_after_ns(interval_ns)
    if proven:
        return packets > 1 and for_ns > limit_ns
    return packets > MOST_REORDERED and for_ns > max(FRUITLESS_NS, limit_ns)
