"""Where alarms come from besides commands: each input in a process of its own."""

from collections.abc import Sequence

import msgspec

from wallctl.app.crew import INPUT, Crew
from wallctl.app.dying import DyingStatus
from wallctl.app.setup import Setup
from wallctl.control.inputs.run import Listening
from wallctl.model.site import HttpInput, Input, LineInput, MqttInput

BEGINS = Listening("it has not begun yet")


class InputStatus(msgspec.Struct, frozen=True):
    """One input as status tells it."""

    input: str
    """``http``, ``mqtt``, or the path of a line."""
    listening: bool
    why: str
    """Why it does not."""


class Inputs:
    """Which of them run, and what they said last."""

    def __init__(self, setup: Setup, crew: Crew) -> None:
        self._setup = setup
        self._crew = crew
        self._begun: dict[str, Input] = {}
        """What each was begun with, as far as it is known."""
        self._told: dict[str, Listening] = {}

    def refresh(self) -> None:
        """Start what the site has, and end what it has no more, or otherwise."""
        wanted = {member(one): one for one in self._setup.site.inputs}
        there = {name for name, one in self._crew.members.items() if one.kind == INPUT}
        for name in there | self._begun.keys():
            now = wanted.get(name)
            if now is None or self._begun.get(name, now) != now:
                self._end(name)
        for name, one in wanted.items():
            self._begun[name] = one
            self._crew.start(name, INPUT, msgspec.msgpack.encode(one))

    def hear(self, name: str, told: Listening) -> None:
        """Note what an input says of itself."""
        self._told[name] = told

    def died(self, name: str) -> None:
        """An input is gone; root starts it again."""
        self._told.pop(name, None)

    def status(self, dying: Sequence[DyingStatus] = ()) -> list[InputStatus]:
        """How all of them fare; ``dying`` are the processes that die over and over."""
        begins = {one.name: Listening(_why(one)) for one in dying if one.process == INPUT}
        found = []
        for one in self._setup.site.inputs:
            now = self._told.get(member(one)) or begins.get(called(one), BEGINS)
            found.append(InputStatus(called(one), not now.why, now.why))
        return found

    def _end(self, name: str) -> None:
        self._crew.retire(name)
        self._begun.pop(name, None)
        self._told.pop(name, None)


def _why(dying: DyingStatus) -> str:
    return f"its process has died {dying.deaths} times since {dying.since}: {dying.why}"


def called(one: Input) -> str:
    """What people call an input."""
    match one:
        case HttpInput():
            return "http"
        case MqttInput():
            return "mqtt"
        case LineInput():
            return one.path


def member(one: Input) -> str:
    """The name of an input's process in the crew."""
    return f"{INPUT}:{called(one)}"
