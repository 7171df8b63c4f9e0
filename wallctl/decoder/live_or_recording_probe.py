"""Holds back what a web server sends until its pace tells whether it is a recording."""

import typing
from collections.abc import Callable, Iterator

from wallctl.media.sources.demuxer import Coded, Connection, Delivery, is_one_picture
from wallctl.media.sources.failure_reason import SourceError
from wallctl.model.streams.health import Reason
from wallctl.model.streams.live_or_recording import Ahead, Lead, is_whole


class Held(typing.NamedTuple):
    """A packet that was read, and when."""

    coded: Coded
    read_ns: int


class Proof(typing.NamedTuple):
    """How a source delivers, and the packets that were read to find out."""

    delivery: Delivery
    held: tuple[Held, ...]


_DELIVERY = {Lead.LIVE: Delivery.LIVE, Lead.RECORDING: Delivery.RECORDING}


def probe(
    connection: Connection,
    packets: Iterator[Coded],
    now_ns: Callable[[], int],
    on_packet: Callable[[int], None],
) -> Proof:
    """Read until it is known how the source delivers. ``on_packet`` gets each packet's time.

    Raises what reading raises, and SourceError if the answer broke off.
    """
    ahead, held = Ahead(), list[Held]()
    for coded in packets:
        read_ns = now_ns()
        on_packet(read_ns)
        held.append(Held(coded, read_ns))
        lead = ahead.seen(read_ns, coded.stamp_ns, connection.interval_ns, coded.size_bytes)
        if lead is not Lead.UNKNOWN:
            return Proof(_DELIVERY[lead], tuple(held))
    if is_one_picture(connection, len(held)):
        return Proof(Delivery.PICTURE, tuple(held))
    if not is_whole(ahead.media_ns, connection.duration_ns):
        raise SourceError(Reason.ENDED)
    return Proof(Delivery.RECORDING, tuple(held))
