"""How many pictures libav keeps back while it looks for their end.

Its parser knows that a picture is whole when the next one begins; a transport stream has its own
packets that end so, too. At 25 pictures a second that is not seen. At one a second the newest
picture is a second old when it is given out, and the figures say so.
"""

import types

_HELD: types.MappingProxyType[str, int] = types.MappingProxyType(
    {"rtsp": 1, "sdp": 1, "rtp": 1, "mpegts": 2}
)
"""By libav's name of the format; all others give a picture out when it is there."""
_WHOLE = frozenset({"mjpeg"})
"""Codecs whose pictures say where they end."""


def pictures_held(format_name: str, codec: str) -> int:
    """How many later pictures must have begun before one is given out."""
    return 0 if codec in _WHOLE else _HELD.get(format_name, 0)
