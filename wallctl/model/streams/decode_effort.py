"""How much of a stream is decoded: from packets that are only kept to every picture shown.

One scale for two questions. A source that no tile shows is kept at the effort of its *policy*; a
tile on a machine that can't decode everything is given less, step by step
(``wallctl.model.planning.shedding_ladder``).
"""

import enum


class Effort(enum.IntEnum):
    """What a worker does with packets. More is more. Stored as a number in shared memory."""

    NONE = 0
    """Keeps those since the last keyframe, and decodes nothing."""
    KEYS = 1
    """Decodes keyframes, and keeps what follows each."""
    REFERENCE = 2
    """Decodes what other pictures are made from, so none that may be left out."""
    UNFILTERED = 3
    """Decodes all, without smoothing the edges of blocks."""
    CAPPED = 4
    """Decodes all, and shows at most ``CAP_HZ`` a second."""
    FULL = 5
    """Decodes and shows all."""

    @property
    def moves(self) -> bool:
        """Whether pictures follow each other as the camera sends them."""
        return self > Effort.KEYS


CAP_HZ = 12.5
"""Half of what most cameras send: still seen as motion, and half the work of showing it."""
