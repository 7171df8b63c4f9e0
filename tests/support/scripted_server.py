"""A wall that is played by a thread: it hears what it is asked, and answers as it is told to."""

import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Self

import pytest

from tests.support.server_harness import Served
from wallctl.api.protocol import Done, Receipt, Reply
from wallctl.model.wall.commands import command as c

DONE = Done(1, Receipt(12.5, (("left/3", "connecting"),)))


class Wall:
    """Plays while it is entered, with the real server."""

    def __init__(self, folder: Path) -> None:
        self.heard: list[c.Command] = []
        self.answer: Callable[[c.Command], Reply] = lambda _command: DONE
        self._server = Served(f"ipc://{folder}/test.sock")
        self.endpoint = self._server.endpoint
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._thread.join(5)
        self._server.close()

    def _run(self) -> None:
        while not self._ended.is_set():
            self._server.wait(10)
            for incoming in self._server.take():
                self.heard.append(incoming.command)
                self._server.reply(incoming.ticket, self.answer(incoming.command))


@pytest.fixture
def wall(tmp_path: Path) -> Iterator[Wall]:
    with Wall(tmp_path) as wall:
        yield wall
