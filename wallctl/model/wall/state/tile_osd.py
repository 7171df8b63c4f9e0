"""What is told over the pictures of all tiles while people want it; each has a command. Pure."""

import enum


class Readout(enum.Enum):
    """Some of what is known of streams."""

    INFO = "info"
    """All of it, as a panel on each tile."""
    HEALTH = "health"
    """A line on each tile: whether pictures are missing, for want of time or by the network."""
