"""An input's hand on the wall: raises alarms. Knows no kind of input, nor how the wall hears it."""

import threading
import time
from collections.abc import Callable, Container

from msgspec.structs import replace

from wallctl.alarm_inputs.alarm_signal import AlarmSignal
from wallctl.alarm_inputs.input_error import refusals
from wallctl.alarm_inputs.request_rate import Pace
from wallctl.api.protocol import NAME_MAX_CHARS, Failed
from wallctl.model.base.unicode_rules import on_one_line
from wallctl.model.wall.commands.command import EndAlarm, RaiseAlarm
from wallctl.model.wall.state.alarm_queue import REPEAT_NS

RAISED = AlarmSignal()
MOST_LATEST = 256
"""Alarms whose latest signal is remembered."""

TOO_MANY = Failed("too_many", "too many alarms come over this input: ask slower")
TEXT_LEFT_OUT = "the text is left out: the site writes no caller's text without text = true"

Ask = Callable[[RaiseAlarm | EndAlarm, bool], Failed | None]
"""Has the wall do something, which the site's own table may name; why it did not."""


class Raiser:
    """May be called from several threads."""

    def __init__(
        self,
        ask: Ask,
        now_ns: Callable[[], int] = time.monotonic_ns,
        *,
        known: Container[str] = (),
        may_tell: bool = True,
    ) -> None:
        """``known`` are the names that the site lets the input raise."""
        self.may_tell = may_tell
        """Whether what a caller tells is written on the wall; else its alarms have no text."""
        self._ask = ask
        self._now_ns = now_ns
        self._lock = threading.Lock()
        self._pace = Pace(known)
        self._latest: dict[str, tuple[AlarmSignal, int]] = {}
        """By the names of alarms: what was told last, and when. Other names never get here."""

    def tell(
        self, name: str, signal: AlarmSignal = RAISED, *, by_table: bool = False
    ) -> Failed | None:
        """Raise an alarm of the site or one that shows a source, or say that it is over; why not,
        if the wall refused. ``by_table`` is one that the site names for a contact or a channel.

        The same again within a second counts as done, so a contact that chatters keeps no other
        alarm waiting. A name longer than any is refused here: it might not fit into a message.
        """
        if len(name) > NAME_MAX_CHARS:
            return Failed("unknown_alarm", f"no name has more than {NAME_MAX_CHARS} characters")
        signal = replace(signal, text=self._text(name, signal.text))
        now_ns = self._now_ns()
        with self._lock:
            told, at_ns = self._latest.get(name, (None, 0))
            if told == signal and now_ns - at_ns < REPEAT_NS:
                return None
            if not self._pace.may(name, now_ns):
                return TOO_MANY
        failed = self._ask(_command(name, signal), by_table)
        if failed is None:
            self._remember(name, signal, now_ns)
        return failed

    def _text(self, name: str, told: str) -> str:
        if told and not self.may_tell:
            refusals.heard(f"{TEXT_LEFT_OUT} (of the alarm {name!r})")
            return ""
        return on_one_line(told).strip()[:NAME_MAX_CHARS]

    def _remember(self, name: str, signal: AlarmSignal, now_ns: int) -> None:
        with self._lock:
            self._latest.pop(name, None)
            self._latest[name] = (signal, now_ns)
            if len(self._latest) > MOST_LATEST:
                del self._latest[next(iter(self._latest))]


def _command(name: str, signal: AlarmSignal) -> RaiseAlarm | EndAlarm:
    return RaiseAlarm(name, signal.text or None) if signal.raised else EndAlarm(name)
