"""How many callers are served at once, and who makes room for the next."""

import contextlib
import socket
import threading

MAKES_ROOM_S = 0.1
"""How long a newcomer waits for the room of one that was hung up on."""


class Crowd:
    """The callers who are served now. May be called from several threads."""

    def __init__(self, most: int) -> None:
        self._room = threading.BoundedSemaphore(most)
        self._callers: dict[socket.socket, None] = {}
        """The one that came first stands first."""
        self._lock = threading.Lock()

    def admit(self, caller: socket.socket) -> bool:
        """Whether a newcomer can be served. Where there are too many, the one who has taken
        longest is hung up on: who means well takes milliseconds."""
        if not self._room.acquire(blocking=False):
            self._hang_up_on_the_first()
            if not self._room.acquire(timeout=MAKES_ROOM_S):
                return False
        with self._lock:
            self._callers[caller] = None
        return True

    def leave(self, caller: socket.socket) -> None:
        """One that was admitted is served."""
        with self._lock:
            self._callers.pop(caller, None)
        self._room.release()

    def _hang_up_on_the_first(self) -> None:
        with self._lock:
            first = next(iter(self._callers), None)
            if first is not None:
                del self._callers[first]
                with contextlib.suppress(OSError):
                    first.shutdown(socket.SHUT_RDWR)
