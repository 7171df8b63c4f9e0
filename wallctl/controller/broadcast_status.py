"""Broadcasts as status tells them: what people want of each, and what its node says."""

from collections.abc import Mapping

import msgspec

from wallctl.display.capture.broadcast import Aired
from wallctl.model.site.broadcast import BroadcastState, is_on
from wallctl.model.site.site import Broadcast, Site


class BroadcastStatus(msgspec.Struct, frozen=True):
    """One broadcast as status tells it. Where it goes is nobody's business."""

    broadcast: str
    screen: str | None
    air: str
    reason: str
    width_px: int
    height_px: int
    fps: float
    kbps: float
    sent: int
    left_out: int
    reconnects: int


_CONNECTING = Aired(BroadcastState.CONNECTING)
"""Said of one of which the node has said nothing yet."""


def broadcasts(
    site: Site, switched: Mapping[str, bool], aired: Mapping[str, Aired]
) -> list[BroadcastStatus]:
    """All broadcasts of a site; ``aired`` is what those that run say of themselves."""
    return [
        _status(one, aired.get(one.name, _CONNECTING) if is_on(one, switched) else _OFF)
        for one in site.broadcasts
    ]


_OFF = Aired(BroadcastState.OFF)


def _status(broadcast: Broadcast, aired: Aired) -> BroadcastStatus:
    return BroadcastStatus(
        broadcast=broadcast.name,
        screen=broadcast.screen,
        air=aired.air.value,
        reason=aired.reason.name.lower(),
        width_px=broadcast.size.w,
        height_px=broadcast.size.h,
        fps=aired.fps,
        kbps=aired.kbps,
        sent=aired.sent,
        left_out=aired.left_out,
        reconnects=aired.reconnects,
    )
