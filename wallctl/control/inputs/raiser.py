"""An input's hand on the wall: raises alarms over the control channel. Knows no kind of input."""

import threading
import time
from collections.abc import Callable

from msgspec.structs import replace

from wallctl.control.client import Client
from wallctl.control.endpoint import ControlError
from wallctl.control.inputs.alarm_signal import AlarmSignal
from wallctl.control.protocol import NAME_MAX_CHARS, SUPERSEDED, Failed
from wallctl.model.alarm_queue import REPEAT_NS
from wallctl.model.command import CommandError, EndAlarm, RaiseAlarm
from wallctl.model.command_text import to_text
from wallctl.model.spelling import on_one_line

RAISED = AlarmSignal()
NO_WALL = "no_wall"
SILENT_NS = 10_000_000_000
"""How long an endpoint that did not answer is left alone."""
TRIES = 3
"""A controller that was killed is back within a second; an alarm waits for it."""


class Raiser:
    """May be called from several threads; each call is made to its end before the next."""

    def __init__(
        self,
        endpoint: str,
        clock: Callable[[], int] = time.monotonic_ns,
        otherwise: Callable[[str], bool] | None = None,
    ) -> None:
        """``otherwise`` takes a command's words where the endpoint does not answer: whether it
        could. There is no other reply, so the endpoint comes first."""
        self.endpoint = endpoint
        self._clock = clock
        self._otherwise = otherwise
        self._silent_until_ns = 0
        """The endpoint is not tried before: callers wait no longer than they must."""
        self._lock = threading.Lock()
        self._client: Client | None = None
        self._latest: dict[str, tuple[AlarmSignal, int]] = {}
        """By the names of alarms: what was told last, and when. Other names never get here."""

    def tell(self, name: str, signal: AlarmSignal = RAISED) -> Failed | None:
        """Raise an alarm of the site or one that shows a source, or say that it is over; why not,
        if the wall refused.

        The same again within a second counts as done, so a contact that chatters keeps no other
        alarm waiting. A name longer than any is refused here: it might not fit into a message.
        """
        if len(name) > NAME_MAX_CHARS:
            return Failed("unknown_alarm", f"no name has more than {NAME_MAX_CHARS} characters")
        signal = replace(signal, text=on_one_line(signal.text).strip()[:NAME_MAX_CHARS])
        with self._lock:
            now_ns = self._clock()
            told, at_ns = self._latest.get(name, (None, 0))
            if told == signal and now_ns - at_ns < REPEAT_NS:
                return None
            failed = self._asked(_command(name, signal))
            if failed is None:
                self._latest[name] = (signal, now_ns)
            return failed

    def close(self) -> None:
        """Close the connection."""
        if self._client is not None:
            self._client.close()
            self._client = None

    def _asked(self, command: RaiseAlarm | EndAlarm) -> Failed | None:
        if self._otherwise is None:
            return self._asked_there(command, TRIES)
        if self._clock() >= self._silent_until_ns:
            failed = self._asked_there(command, 1)
            if failed is None or failed.code != NO_WALL:
                return failed
            self._silent_until_ns = self._clock() + SILENT_NS
        if self._otherwise(to_text(command)):
            return None
        return Failed(NO_WALL, "the wall takes no alarm now: try again")

    def _asked_there(self, command: RaiseAlarm | EndAlarm, tries: int) -> Failed | None:
        why = ""
        for _ in range(tries):
            try:
                self._client = self._client or Client(self.endpoint)
                self._client.send(command)
            except CommandError as error:
                return None if error.code == SUPERSEDED.code else Failed.of(error)
            except ControlError as error:
                why = str(error)
                self.close()
            else:
                return None
        return Failed(NO_WALL, why)


def _command(name: str, signal: AlarmSignal) -> RaiseAlarm | EndAlarm:
    return RaiseAlarm(name, signal.text or None) if signal.raised else EndAlarm(name)
