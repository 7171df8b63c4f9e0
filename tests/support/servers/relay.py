"""A line between a wall and its cameras that can stall or be cut, and that counts calls."""

import contextlib
import select
import socket
import threading
from typing import Self

CHUNK_BYTES = 1 << 16
LOOK_EVERY_S = 0.05


class Relay:
    """Forwards TCP connections to a port of the loopback.

    While it is stalled it reads nothing, so what is sent meanwhile piles up and comes late.
    """

    def __init__(self, to_port: int) -> None:
        self._to = ("127.0.0.1", to_port)
        self._flows = threading.Event()
        self._flows.set()
        self._closing = threading.Event()
        self._lock = threading.Lock()
        self._open: set[socket.socket] = set()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._taker = threading.Thread(target=self._accept, daemon=True)
        self.calls = 0
        """How many connections were made so far."""
        self.most_open = 0
        """How many of them were open at once, at the most."""
        self._mute = 0
        """The calls up to this number hear nothing any more."""

    def __enter__(self) -> Self:
        self._taker.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._closing.set()
        self._flows.set()
        self._taker.join()
        self._listener.close()
        self.cut()

    def url(self, number: int, *, login: str | None = None) -> str:
        """The address of camera ``number``, from 1, through this line."""
        at = f"{login}@" if login else ""
        return f"rtsp://{at}127.0.0.1:{self.port}/cam{number:02d}"

    def stall(self) -> None:
        """Nothing goes through any more; connections stay."""
        self._flows.clear()

    def flow(self) -> None:
        """What piled up goes through at once, and then all else."""
        self._flows.set()

    def mute(self) -> None:
        """The calls made so far stay and carry nothing any more; new ones are served."""
        self._mute = self.calls

    def cut(self) -> None:
        """Hang up on both sides of every connection; new calls are taken."""
        with self._lock:
            for end in self._open:
                with contextlib.suppress(OSError):
                    end.shutdown(socket.SHUT_RDWR)

    def _accept(self) -> None:
        while not self._closing.is_set():
            if not select.select([self._listener], [], [], LOOK_EVERY_S)[0]:
                continue
            caller, _ = self._listener.accept()
            self.calls += 1
            arguments = (caller, self.calls)
            threading.Thread(target=self._connect, args=arguments, daemon=True).start()

    def _connect(self, caller: socket.socket, number: int) -> None:
        with caller, contextlib.suppress(OSError), socket.create_connection(self._to) as camera:
            ends = {caller, camera}
            with self._lock:
                self._open |= ends
                self.most_open = max(self.most_open, len(self._open) // 2)
            try:
                self._forward(caller, camera, number)
            finally:
                with self._lock:
                    self._open -= ends

    def _forward(self, caller: socket.socket, camera: socket.socket, number: int) -> None:
        other = {caller: camera, camera: caller}
        while True:
            self._flows.wait()
            for end in select.select([caller, camera], [], [], LOOK_EVERY_S)[0]:
                data = end.recv(CHUNK_BYTES)
                if not data:
                    return
                if number > self._mute:
                    other[end].sendall(data)
