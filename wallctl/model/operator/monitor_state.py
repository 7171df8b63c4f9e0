"""The state of a screen's monitor, as status, events and the log report it."""

import enum

import msgspec

from wallctl.model.base.geometry import Size


class MonitorState(enum.Enum):
    """What happens to a canvas after it is composed."""

    STARTING = "starting"
    """Nothing is known yet."""
    HEADLESS = "headless"
    """It is shown nowhere: the wall runs without windows."""
    THERE = "there"
    ABSENT = "absent"
    """No output, or no display at all; the canvas is composed all the same."""
    ASLEEP = "asleep"
    """Power saving has switched it off."""
    WRONG_SIZE = "wrong_size"
    """Its mode is not the screen's size: the canvas is scaled to it, and marked."""
    CUT = "cut"
    """Part of its place lies on no output that is switched on."""
    COVERED = "covered"
    """Another window lies over it, all or in part."""
    ELSEWHERE = "elsewhere"
    """A window manager has its window at another place or of another size, or does not show it."""


class Monitor(msgspec.Struct, frozen=True):
    """The monitor of one screen."""

    state: MonitorState = MonitorState.STARTING
    output: str = ""
    """The XRandR name of where the screen hangs now; empty if nowhere, or unknown."""
    mode: Size | None = None
    """The pixels of that output."""
    why: str = ""
    """What is wrong, in one sentence; empty if nothing is."""
