"""A wall that only hears alarms, for those who raise them."""

import threading
from pathlib import Path
from types import TracebackType
from typing import Self

from wallctl.control.protocol import Answer, Done, Failed, Receipt
from wallctl.control.server import Server
from wallctl.model import command as c

Reply = Done | Answer | Failed


class Wall:
    """Hears alarms while it is entered, and answers as it is told to."""

    def __init__(self, folder: Path) -> None:
        self.heard: list[c.Command] = []
        self.answer: Reply = Done(1, Receipt(12.5))
        self._server = Server(f"ipc://{folder}/test.sock")
        self.endpoint = self._server.endpoint
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._ended.set()
        self._thread.join(5)
        self._server.close()

    def _run(self) -> None:
        while not self._ended.is_set():
            self._server.wait(10)
            for incoming in self._server.take():
                self.heard.append(incoming.command)
                self._server.reply(incoming.ticket, self.answer)
