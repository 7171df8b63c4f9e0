"""How a source is called: what every kind of it offers to the reader."""

import typing
from collections.abc import Callable

from wallctl.media.sources.demuxer import Connection
from wallctl.model.streams.health import Reason
from wallctl.model.streams.transport import Carrier


class Call(typing.Protocol):
    """Calls one source, and remembers between calls how it wants to be called."""

    @property
    def carrier(self) -> Carrier:
        """What carries the packets of the newest call that came through."""

    @property
    def silence_ns(self) -> int:
        """The silence after which libav ends a read, where nobody else watches it; else 0."""

    def call(
        self, answered: Callable[[], None] = lambda: None, form: str | None = None
    ) -> Connection:
        """Open the source; ``answered`` is called when it has, and will be called again. ``form``
        is libav's name of the format, where libav can't tell.

        Raises ``SourceError``, what libav and sockets raise, and then some.
        """

    def fruitless(self, reason: Reason, packets: int) -> Reason:
        """The newest call gave no picture: the reason for people. The next call may differ."""

    def brief(self) -> None:
        """The newest call gave pictures for a short time only."""


class SameCall:
    """Calls a source in the same way each time."""

    def __init__(self, opens: Callable[[str | None], Connection], carrier: Carrier) -> None:
        self._opens = opens
        self.carrier = carrier
        self.silence_ns = 0

    def call(
        self, answered: Callable[[], None] = lambda: None, form: str | None = None
    ) -> Connection:
        """Open the source."""
        del answered
        return self._opens(form)

    def fruitless(self, reason: Reason, packets: int) -> Reason:
        """The reason stands as it is."""
        del packets
        return reason

    def brief(self) -> None:
        """There is no other way to call it."""
