"""Where alarms come from besides commands: each input in a process of its own."""

from collections.abc import Callable, Sequence

import msgspec

from wallctl.alarm_inputs.listen_status import Listening
from wallctl.alarm_inputs.messages import Answered, Wish
from wallctl.api.protocol import Failed
from wallctl.controller.failing_processes import DyingStatus
from wallctl.model.site.alarm_input import Input
from wallctl.node.child_kinds import INPUT
from wallctl.node.child_processes import ChildProcesses
from wallctl.node.setup import Setup

BEGINS = Listening("it has not begun yet")


class InputStatus(msgspec.Struct, frozen=True):
    """One input as status tells it."""

    input: str
    """``http``, ``mqtt``, or the path of a line."""
    listening: bool
    why: str
    """Why it does not."""


Do = Callable[[Input, Wish, int], Failed | None]
"""Does at a time what an input asks for; why it can't be done."""


class AlarmInputs:
    """Which of them run, what they said last, and what they were answered last."""

    def __init__(
        self, setup: Setup, crew: ChildProcesses, do: Do, answered: dict[str, Answered]
    ) -> None:
        self._setup = setup
        self._crew = crew
        self._do = do
        self.answered = dict(answered)
        """By their names. Each asks for one thing after the other, so it remembers no more."""
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

    def grant(self, name: str, wish: Wish, now_ns: int) -> None:
        """Do what an input asks for, unless that is done already, and answer."""
        given = next((one for one in self._setup.site.inputs if member(one) == name), None)
        last = self.answered.get(name)
        if given is None or (last is not None and wish.number < last.number):
            return  # nobody waits for an answer
        if last is None or wish.number > last.number:
            # Noted before it is done: what is kept for the next controller has both or neither.
            self.answered[name] = Answered(wish.number)
            last = Answered(wish.number, self._do(given, wish, now_ns))
            self.answered[name] = last
        self._crew.send(name, last)

    def died(self, name: str) -> None:
        """An input is gone; root starts it again."""
        self._told.pop(name, None)

    def status(self, dying: Sequence[DyingStatus] = ()) -> list[InputStatus]:
        """How all of them fare; ``dying`` are the processes that die over and over."""
        begins = {one.name: Listening(_why(one)) for one in dying if one.process == INPUT}
        found = []
        for one in self._setup.site.inputs:
            now = self._told.get(member(one)) or begins.get(one.label, BEGINS)
            found.append(InputStatus(one.label, not now.why, now.why))
        return found

    def _end(self, name: str) -> None:
        self._crew.retire(name)
        self._begun.pop(name, None)
        self._told.pop(name, None)
        self.answered.pop(name, None)


def _why(dying: DyingStatus) -> str:
    return f"its process has died {dying.deaths} times since {dying.since}: {dying.why}"


def member(one: Input) -> str:
    """The name of an input's process in the crew."""
    return f"{INPUT}:{one.label}"
