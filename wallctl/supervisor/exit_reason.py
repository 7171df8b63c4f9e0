"""How a child ended, and why."""

import os
import signal

from wallctl.model.base.unicode_rules import on_one_line
from wallctl.supervisor.child_setup import NOT_NOW, REASON_BYTES
from wallctl.supervisor.restart_policy import Death

_SIGNALS = {number.value: number.name for number in signal.Signals}


def death(code: int) -> Death:
    """How a child ended. ``code`` is its exit code, or minus the signal that ended it."""
    if code == -signal.SIGKILL:
        return Death.KILLED
    return Death.WAITING if code == NOT_NOW else Death.FAILED


def reason(said: int, pid: int, code: int) -> str:
    """Why a child ended, in one sentence; ``said`` is the file in which a failing child says it."""
    text = os.pread(said, REASON_BYTES, 0).decode(errors="replace")
    whose, _, why = text.partition("\n")[0].partition(" ")
    if whose == str(pid) and code > 0:
        return on_one_line(why)
    return f"ended by {signal_name(-code)}" if code < 0 else f"exit code {code}"


def signal_name(number: int) -> str:
    """What people call a signal."""
    return _SIGNALS.get(number, f"signal {number}")
