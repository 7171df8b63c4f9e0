"""What carries a stream's packets: a number in shared memory, and what people call it."""

import enum


class Carrier(enum.IntFlag):
    """How packets come here. Stored as a number in shared memory."""

    NONE = 0
    """Nothing yet, or they are read from a file."""
    TCP = 1
    UDP = 2
    FALLBACK = 4
    """The camera gives nothing over the transport that the site file names; this is the other."""
    RELAYED = 8
    """They go through a relay of the worker's, which logs in and mends the camera's habits."""
    UNPROVEN = 16
    """They are encrypted, and the site lets anybody be the camera (``tls = "insecure"``)."""

    @property
    def transport(self) -> str:
        """``tcp`` or ``udp``, as site files write it; empty if none is known."""
        return "tcp" if self & Carrier.TCP else "udp" if self & Carrier.UDP else ""

    @property
    def other(self) -> str:
        """The transport that this is not; empty if none is known."""
        return {"tcp": "udp", "udp": "tcp"}.get(self.transport, "")
