"""The states of the decode scheduler, and what each event makes of them. Pure.

Two machines run side by side: ``Decoding`` says what is done with packets, ``Showing`` what the
taps show. A row of a table holds every event that can come in that state; another raises KeyError.
"""

import enum
import typing


class Decoding(enum.Enum):
    """What is done with the packets of a connection.

    After a gap, packets are missing between the decoder's last and the first kept one: the decoder
    restarts before it takes another.
    """

    PROVING = True, False, False
    """Packets are decoded, whatever is wanted: only a picture proves that the camera works."""
    PROVING_AFTER_GAP = True, False, True
    DECODING = True, True, False
    """Packets are decoded as they come: motion is wanted."""
    DECODING_AFTER_GAP = True, True, True
    KEEPING = False, True, False
    """Packets since the last keyframe are kept: no motion is wanted."""
    KEEPING_AFTER_GAP = False, True, True

    # Plain attributes: the scheduler asks for them with each packet.
    def __init__(self, decodes: bool, is_proven: bool, has_gap: bool) -> None:
        self.decodes: typing.Final = decodes
        """Whether packets are decoded as they come."""
        self.is_proven: typing.Final = is_proven
        """Whether this connection gave a picture."""
        self.has_gap: typing.Final = has_gap
        """Whether the decoder must restart at the first kept packet."""


class DecodeEvent(enum.Enum):
    """What changes how packets are treated."""

    OPENED = enum.auto()
    """A connection is open, with a new decoder."""
    FIRST_PICTURE = enum.auto()
    """The connection gave its first picture. The demand's event follows at once."""
    MOTION_WANTED = enum.auto()
    STILL_WANTED = enum.auto()
    """A demand asks for less than a moving picture."""
    GAP = enum.auto()
    """Packets were dropped that the decoder has not seen."""
    RESTARTED = enum.auto()
    """The decoder forgot what it had."""


class Showing(enum.Enum):
    """What the taps show."""

    NEWEST = enum.auto()
    """The newest decoded picture, or one that the cap prefers to it."""
    WITHHOLDING = enum.auto()
    """Late pictures are withheld, since newer ones come at once."""
    ANNOUNCING = enum.auto()
    """Many packets wait behind a keyframe: its picture is shown at once, marked as old."""


class ShowEvent(enum.Enum):
    """What changes which picture is shown."""

    CONNECTION = enum.auto()
    """A connection begins or ends."""
    LATE_PICTURE = enum.auto()
    """A late picture is decoded and something else is there to show."""
    BACKLOG = enum.auto()
    """New taps wait for a long backlog that begins with a keyframe."""
    FILLED = enum.auto()
    """New taps show the picture before the backlog."""
    SHOWN = enum.auto()
    """A picture is shown in every tap."""


NEXT_DECODING: typing.Final = {
    Decoding.PROVING: {
        DecodeEvent.OPENED: Decoding.PROVING,
        DecodeEvent.FIRST_PICTURE: Decoding.DECODING,
        DecodeEvent.MOTION_WANTED: Decoding.PROVING,
        DecodeEvent.STILL_WANTED: Decoding.PROVING,
        DecodeEvent.GAP: Decoding.PROVING_AFTER_GAP,
    },
    Decoding.PROVING_AFTER_GAP: {
        DecodeEvent.OPENED: Decoding.PROVING,
        # The last connection's end, or a picture that was made without packets.
        DecodeEvent.FIRST_PICTURE: Decoding.DECODING_AFTER_GAP,
        DecodeEvent.MOTION_WANTED: Decoding.PROVING_AFTER_GAP,
        DecodeEvent.STILL_WANTED: Decoding.PROVING_AFTER_GAP,
        DecodeEvent.GAP: Decoding.PROVING_AFTER_GAP,
        DecodeEvent.RESTARTED: Decoding.PROVING,
    },
    Decoding.DECODING: {
        DecodeEvent.OPENED: Decoding.PROVING,
        DecodeEvent.MOTION_WANTED: Decoding.DECODING,
        DecodeEvent.STILL_WANTED: Decoding.KEEPING,
        DecodeEvent.GAP: Decoding.DECODING_AFTER_GAP,
    },
    Decoding.DECODING_AFTER_GAP: {
        DecodeEvent.OPENED: Decoding.PROVING,
        DecodeEvent.MOTION_WANTED: Decoding.DECODING_AFTER_GAP,
        DecodeEvent.STILL_WANTED: Decoding.KEEPING_AFTER_GAP,
        DecodeEvent.GAP: Decoding.DECODING_AFTER_GAP,
        DecodeEvent.RESTARTED: Decoding.DECODING,
    },
    Decoding.KEEPING: {
        DecodeEvent.OPENED: Decoding.PROVING,
        DecodeEvent.MOTION_WANTED: Decoding.DECODING,
        DecodeEvent.STILL_WANTED: Decoding.KEEPING,
        DecodeEvent.GAP: Decoding.KEEPING_AFTER_GAP,
    },
    Decoding.KEEPING_AFTER_GAP: {
        DecodeEvent.OPENED: Decoding.PROVING,
        DecodeEvent.MOTION_WANTED: Decoding.DECODING_AFTER_GAP,
        DecodeEvent.STILL_WANTED: Decoding.KEEPING_AFTER_GAP,
        DecodeEvent.GAP: Decoding.KEEPING_AFTER_GAP,
        DecodeEvent.RESTARTED: Decoding.KEEPING,
    },
}

NEXT_SHOWING: typing.Final = {
    Showing.NEWEST: {
        ShowEvent.CONNECTION: Showing.NEWEST,
        ShowEvent.LATE_PICTURE: Showing.WITHHOLDING,
        ShowEvent.BACKLOG: Showing.ANNOUNCING,
        ShowEvent.FILLED: Showing.NEWEST,
    },
    Showing.WITHHOLDING: {
        ShowEvent.CONNECTION: Showing.NEWEST,
        ShowEvent.LATE_PICTURE: Showing.WITHHOLDING,
        ShowEvent.BACKLOG: Showing.ANNOUNCING,
        ShowEvent.FILLED: Showing.WITHHOLDING,
        ShowEvent.SHOWN: Showing.NEWEST,
    },
    Showing.ANNOUNCING: {
        ShowEvent.CONNECTION: Showing.NEWEST,
        ShowEvent.BACKLOG: Showing.ANNOUNCING,
        ShowEvent.FILLED: Showing.NEWEST,
        ShowEvent.SHOWN: Showing.NEWEST,
    },
}
