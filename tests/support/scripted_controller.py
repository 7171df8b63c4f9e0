"""A wall that is played by a thread: it hears what an input wishes for, and answers as told."""

import threading
from collections.abc import Callable, Iterator
from typing import Self

import pytest

from wallctl.alarm_inputs.alarm_client import Raiser
from wallctl.alarm_inputs.messages import Answered, Wish, Wishes
from wallctl.api.protocol import Failed
from wallctl.model.wall.commands import command as c
from wallctl.supervisor.channel import Channel, pair

Answer = Callable[[c.Command], Failed | None]


def done(_command: c.Command) -> None:
    """The answer of a wall that does everything."""


class Wall:
    """Plays while it is entered, at the other end of an input's real channel."""

    def __init__(self) -> None:
        self.heard: list[c.Command] = []
        self.wishes: list[Wish] = []
        self.answer: Answer = done
        self.is_away = False
        """Whether it is being started again, and hears nothing."""
        ours, theirs = pair()
        self._channel: Channel[Wish] = Channel(ours, Wish)
        self._input: Channel[Answered] = Channel(theirs, Answered)
        self.ask = Wishes(self._input).ask
        self.raiser = Raiser(self.ask)
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._thread.join(5)
        self._channel.close()
        self._input.close()

    def _run(self) -> None:
        while not self._ended.wait(0.001):
            if not self.is_away:
                self._hear()

    def _hear(self) -> None:
        for wish in self._channel.drain():
            self.wishes.append(wish)
            self.heard.append(wish.command)
            self._channel.send(Answered(wish.number, self.answer(wish.command)))


@pytest.fixture
def wall() -> Iterator[Wall]:
    with Wall() as wall:
        yield wall


@pytest.fixture
def raiser(wall: Wall) -> Raiser:
    """Raises alarms at that wall."""
    return wall.raiser
