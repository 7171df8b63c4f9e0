"""Names of machines become addresses, within a bounded time.

The system's resolver can't be interrupted: asked by libav, a name server that says nothing would
keep a worker's reading thread for longer than its supervisor waits.
"""

import socket
import threading

from wallctl.media.sources.failure_reason import SourceError
from wallctl.model.streams.health import Reason

WAIT_S = 3.0
"""As long as a camera may take to accept a call."""


class Names:
    """Looks names up. A lookup that goes on is waited for again: there is never a second one."""

    def __init__(self, wait_s: float = WAIT_S) -> None:
        self._wait_s = wait_s
        self._pending: _Lookup | None = None

    def check(self, host: str) -> None:
        """Raise ``SourceError`` if a name has no address, or none within the time."""
        if not host or _is_address(host):
            return
        pending = self._pending
        if pending is None or pending.host != host or not pending.is_alive():
            pending = self._pending = _Lookup(host)
            pending.start()
        pending.join(self._wait_s)
        if pending.is_alive() or not pending.known:
            raise SourceError(Reason.NAME_UNKNOWN)


class _Lookup(threading.Thread):
    """One question to the resolver."""

    def __init__(self, host: str) -> None:
        super().__init__(name="lookup", daemon=True)
        self.host = host
        self.known = False

    def run(self) -> None:
        try:
            self.known = bool(socket.getaddrinfo(self.host, None, type=socket.SOCK_STREAM))
        except (OSError, UnicodeError):  # a label that is empty or too long
            self.known = False


def _is_address(host: str) -> bool:
    for family in (socket.AF_INET, socket.AF_INET6):
        try:
            socket.inet_pton(family, host.partition("%")[0])
        except OSError:
            continue
        return True
    return False
