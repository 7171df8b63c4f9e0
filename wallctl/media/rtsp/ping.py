"""Asks an RTSP server one harmless question, to learn whether it is alive. Never waits."""

import socket
from typing import Any

from wallctl.model.streams.silence_timeout import Echo

_QUESTION = "OPTIONS {url} RTSP/1.0\r\nCSeq: 1\r\nUser-Agent: wallctl\r\n\r\n"
"""Any answer will do, even that a login is missing; so the question carries none."""


class Probe:
    """A connection of its own to the server at ``address``; ``url`` holds no login."""

    def __init__(self, family: int, address: tuple[Any, ...], url: str) -> None:
        self._socket = socket.socket(family, socket.SOCK_STREAM)
        self._socket.setblocking(False)
        self._address = address
        self._question = _QUESTION.format(url=url).encode()
        self._asked = False
        self._echo = Echo.PENDING

    def echo(self) -> Echo:
        """What the server has answered so far."""
        if self._echo is Echo.PENDING:
            try:
                self._echo = self._exchange()
            except BlockingIOError:
                return Echo.PENDING
            except OSError:
                self._echo = Echo.GONE
        return self._echo

    def close(self) -> None:
        """Hang up."""
        self._socket.close()

    def _exchange(self) -> Echo:
        """Continue where it stopped: each step raises BlockingIOError until it can be done."""
        if not self._asked:
            self._socket.connect(self._address)
            self._socket.send(self._question)
            self._asked = True
        return Echo.GIVEN if self._socket.recv(1) else Echo.GONE
