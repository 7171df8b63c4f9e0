"""Whether a screen's window is where its screen is, and seen: judged from looks at the display.

A window manager may tile, put two windows on one output, or shrink a window over two outputs to
one of them. A window is first given to the window manager, since keyboard focus and the other
windows of a desktop need that. If it is then at a wrong place, it is taken away from the manager.
Pure: looks and times are arguments.
"""

import enum
from collections.abc import Sequence
from typing import NamedTuple

from wallctl.display.window_placement import Hold, told
from wallctl.model.base.geometry import Rect
from wallctl.model.operator.monitor_state import MonitorState

LOOK_EVERY_NS = 500_000_000
SETTLE_NS = 900_000_000
"""How long a window manager has to place a window; on a busy machine some take half of it."""
COVERED_NS = 2_000_000_000
"""A notice that goes sooner is nothing to tell."""
RETOLD_NS = 30_000_000_000
"""How often the cover of a window is reported: its title may change every second."""
MOST_RETURNS = 3
"""So often a window that was moved is put back through the window manager."""
_ODD_PX = 1
"""An output may be a pixel larger than a canvas can be."""


class Over(NamedTuple):
    """Another window above, and which part of the wall's window it lies over."""

    title: str
    rect: Rect


class Sight(NamedTuple):
    """One look at a window: where it is on the display, and what lies above it."""

    rect: Rect | None
    """``None`` while the display does not show it."""
    over: tuple[Over, ...] = ()


class Step(enum.Enum):
    """What is to be done about a window."""

    NOTHING = enum.auto()
    AGAIN = enum.auto()
    """Put it to its place once more."""
    FREE = enum.auto()
    """Put it there past the window manager."""


class Fault(NamedTuple):
    """Why a screen's pixels are not what is seen at its place."""

    state: MonitorState
    why: str


class Standing:
    """Judges one window from when it is put somewhere until it is taken off the display."""

    def __init__(self, rect: Rect, hold: Hold, now_ns: int) -> None:
        self._rect, self._hold = rect, hold
        self._put_ns = now_ns
        self._was_right = False
        self._settled = False
        """Whether it was right when the window manager had come to rest; who hides it then is a
        person that wants to see something else."""
        self._returns = 0
        self._covered_ns: int | None = None
        self._told_ns = 0
        self.fault: Fault | None = None
        """What is wrong and can't be put right from here."""

    def unsettle(self, now_ns: int) -> None:
        """The outputs have changed, and a window manager may move windows about for that."""
        self._put_ns, self._settled = now_ns, False

    def look(self, sight: Sight, now_ns: int) -> Step:
        """What is to be done; the window is taken to be put at this time, if it is to be put."""
        rests = now_ns - self._put_ns >= SETTLE_NS
        if self._is_right(sight.rect):
            self._was_right, self._settled = True, self._settled or rests
            self._note_cover(sight.over, now_ns)
            return Step.NOTHING
        self._covered_ns = None
        if not rests:
            return Step.NOTHING
        return self._astray(sight.rect, now_ns)

    def _is_right(self, seen: Rect | None) -> bool:
        if seen is None:
            return False
        wider, higher = seen.w - self._rect.w, seen.h - self._rect.h
        at = (seen.x, seen.y) == (self._rect.x, self._rect.y)
        return at and 0 <= wider <= _ODD_PX and 0 <= higher <= _ODD_PX

    def _astray(self, seen: Rect | None, now_ns: int) -> Step:
        is_free = self._hold is Hold.FREE
        if is_free and self._returns:
            self.fault = _astray(seen, self._rect)
        if seen is None and self._settled and not is_free:
            self.fault = _astray(seen, self._rect)  # somebody has looked at something else
            return Step.NOTHING
        self._put_ns = now_ns
        returns, self._was_right, self._settled = is_free or self._was_right, False, False
        if returns and (is_free or self._returns < MOST_RETURNS):
            self._returns += 1
            return Step.AGAIN
        self._hold, self._returns = Hold.FREE, 0
        return Step.FREE

    def _note_cover(self, over: Sequence[Over], now_ns: int) -> None:
        if not over:
            self._covered_ns = self.fault = None
            return
        if self._covered_ns is None:
            self._covered_ns, self.fault = now_ns, None
        is_due = now_ns - self._covered_ns >= COVERED_NS
        if is_due and (self.fault is None or now_ns - self._told_ns >= RETOLD_NS):
            self._told_ns = now_ns
            self.fault = Fault(MonitorState.COVERED, _covered(over, self._rect))


def _astray(seen: Rect | None, place: Rect) -> Fault:
    if seen is None:
        why = "The window manager does not show it: it is minimized, or on another workspace."
    else:
        why = f"The window manager has it at {told(seen)}; its place is {told(place)}."
    return Fault(MonitorState.ELSEWHERE, why)


def _covered(over: Sequence[Over], place: Rect) -> str:
    most = max(over, key=lambda one: one.rect.w * one.rect.h)
    more = f", and {len(over) - 1} more" if len(over) > 1 else ""
    part = "it" if most.rect.size == place.size else f"{told(most.rect)} of the display"
    return f"The window {most.title!r} lies over {part}{more}."
