"""Whether an input listens, as it tells the controller."""

import threading
import typing
from collections.abc import Callable

import msgspec

REPEAT_S = 2.0
_NEVER = threading.Event()


class Listening(msgspec.Struct, frozen=True, tag=True):
    """An input says that it listens, or why it does not."""

    why: str = ""


class Voice:
    """Says again, every so often, what was said last: a controller may have been born since."""

    def __init__(self, tell: Callable[[Listening], object]) -> None:
        self._tell = tell
        self._last = Listening("it begins")

    def say(self, what: Listening) -> None:
        """Say something new."""
        self._last = what
        self._tell(what)

    def repeat(self, pause: Callable[[float], object] = _NEVER.wait) -> typing.NoReturn:
        """Say the last again, without end."""
        while True:
            pause(REPEAT_S)
            self._tell(self._last)
