"""The window of one screen: shows canvases on an X display, and hears its keys.

It decides nothing, and its events go past pyglet's event loop, so that a presenter can wait for
them together with its socket. Outputs may come and go: the window is where its screen's output is,
and nowhere while there is none.
"""

import contextlib
import logging
import time
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from msgspec.structs import replace
from numpy.typing import NDArray

from wallctl.display.display_error import DisplayError
from wallctl.display.output_choice import Output
from wallctl.display.window_placement import Blitter, Hold, WindowPlace, seat_of
from wallctl.display.x11.canvas_window import Pane
from wallctl.display.x11.key_handlers import Handler, KeyHandlers
from wallctl.display.x11.mouse import Mouse
from wallctl.display.x11.outputs import close_display, displays, open_display, outputs_of
from wallctl.display.x11.power import Power
from wallctl.display.x11.pyglet_x11 import xlib
from wallctl.display.x11.randr import follow_changes, has_randr
from wallctl.model.base.geometry import Rect
from wallctl.model.operator.key_event import KeyEvent
from wallctl.model.operator.monitor_state import Monitor, MonitorState
from wallctl.model.operator.pointer import PointerEvent

__all__ = [
    "Blitter",
    "DisplayError",
    "Output",
    "Window",
    "WindowPlace",
    "displays",
]

CALM_NS = 100_000_000
"""Outputs change in several steps; they are looked at when no more have come for so long."""
LATEST_NS = 500_000_000
"""And so long after the first at the latest."""
log = logging.getLogger(__name__)


class Window:
    """One screen's window. ``DisplayError`` if there is no display, or nothing on it to show with.

    After ``show`` call ``keys`` before waiting on ``fileno``: what came meanwhile may have been
    read from the connection already.
    """

    def __init__(self, place: WindowPlace, title: str) -> None:
        self._place, self._title = place, title
        self._pane: Pane | None = None
        self._held: Hold | None = None
        """How the pane was asked to be held."""
        self._changes = Changes()
        with contextlib.ExitStack() as undo:
            self._connection = open_display()
            undo.callback(close_display, self._connection)
            undo.callback(self._close_pane)
            self._display = self._connection._display
            changes = follow_changes(self._display)
            self._seat = seat_of(place, outputs_of(self._connection), {})
            self._sit()
            self._undo = undo.pop_all()
        self._mouse = Mouse(place.screen)
        keys = KeyHandlers(self._display, place.screen)
        self._handlers = keys.by_type() | self._event_handlers()
        self._handlers |= dict.fromkeys(changes, self._on_change)
        self._power = Power(self._display)
        if place.keep_awake:
            self._power.keep_awake()
        for lack in self._lacks():
            log.warning("screen %s: %s", place.screen, lack)

    def _lacks(self) -> Iterator[str]:
        """A sentence on each thing that this display can't do, and what is done instead."""
        if not has_randr(self._display):
            yield (
                "The X server has no RANDR: it is taken for one monitor of all its pixels, and no"
                " output can be named."
            )
        if self.blitter is Blitter.SENT and self._place.blitter is not Blitter.SENT:
            yield (
                "The X server shares no memory with the wall (MIT-SHM): pictures are sent to it,"
                " which takes more processor time."
            )
        if self._place.keep_awake and not self._power.suspends:
            yield (
                "The X server can't suspend its screen saver (MIT-SCREEN-SAVER, or libxss1 here):"
                " it is switched off for good."
            )

    @property
    def blitter(self) -> Blitter:
        """How canvases come onto the window; what is wanted, while there is none."""
        return self._place.blitter if self._pane is None else self._pane.blitter

    @property
    def refresh_hz(self) -> float:
        """How often the output shows a new picture."""
        return self._seat.refresh_hz

    @property
    def monitor(self) -> Monitor:
        """How the screen's monitor is, as far as the last ``keys`` could tell."""
        monitor = self._seat.monitor
        fault = self._pane.fault if self._pane is not None else None
        if monitor.state is MonitorState.ABSENT:
            return monitor
        if self._power.asleep:
            why = "Power saving has switched the monitors off."
            return replace(monitor, state=MonitorState.ASLEEP, why=why)
        if fault is None:
            return monitor
        if monitor.state is MonitorState.THERE:
            return replace(monitor, state=fault.state, why=fault.why)
        return replace(monitor, why=f"{monitor.why} {fault.why}")

    @property
    def is_bare(self) -> bool:
        """Whether the next canvas has to be shown whole, even if nothing of it changed."""
        return self._drawable is not None and self._drawable.is_bare

    @property
    def _drawable(self) -> Pane | None:
        """The pane, if something drawn on it now is of use, and does not wait for a refresh that
        no monitor makes."""
        pane = self._pane
        if pane is None or pane.rect is None:
            return None
        return None if self._power.asleep and pane.blitter is Blitter.SHADER else pane

    def show(self, canvas: NDArray[np.uint8], changed: Sequence[Rect]) -> None:
        """Show a canvas: uint8 of shape (height * 3 / 2, width), planar 4:2:0, BT.709 limited.

        ``changed`` are the parts, on even pixels, that differ from what was shown before: all of it
        while ``is_bare``. Without an output nothing happens.

        On return the canvas may be composed again; the X server has its picture. Only the shader
        waits for the output's refresh.
        """
        if self._drawable is not None:
            self._drawable.draw(canvas, changed)
        elif self._pane is not None:
            self._pane.forget()

    def keys(self) -> list[KeyEvent]:
        """What was pressed and released since the last call; also tends focus, pointer, outputs."""
        now_ns = time.monotonic_ns()
        events: list[KeyEvent] = []
        event = xlib.XEvent()
        while xlib.XPending(self._display):
            xlib.XNextEvent(self._display, event)
            handler = self._handlers.get(event.type)
            if handler is not None:
                events += handler(event, now_ns)
        if self._changes.are_over(now_ns):
            self._look(now_ns)
        if self._pane is not None:
            self._pane.tend(now_ns)
        self._power.look(now_ns)
        return events

    def pointed(self) -> list[PointerEvent]:
        """What the pointer had done when ``keys`` was called, since the last call."""
        return self._mouse.taken()

    def fileno(self) -> int:
        """The X connection's descriptor, readable when keys may have come."""
        return int(self._connection.fileno())

    def close(self) -> None:
        """Take the window off the screen and end the connection."""
        self._undo.close()

    def _look(self, now_ns: int) -> None:
        """See where the outputs are now, and go there."""
        if self._pane is not None:
            self._pane.unsettle(now_ns)
        output = self._seat.monitor.output
        held = {self._place.screen: output} if output else {}
        seat = seat_of(self._place, outputs_of(self._connection), held)
        if seat.rect is None:
            seat = replace(seat, refresh_hz=self._seat.refresh_hz)  # ticks go on as they were
        if seat == self._seat:
            return
        self._seat = seat
        self._sit()
        self._changes.note(now_ns)  # a window that is opened swallows events: look once more

    def _sit(self) -> None:
        """Have the window where its seat is."""
        rect, hold, pane = self._seat.rect, self._seat.hold, self._pane
        if rect is None:
            if pane is not None:
                pane.hide()
        elif pane is None or pane.size != rect.size:
            self._close_pane()
            self._pane = Pane(self._connection, rect, hold, self._place, self._title)
        elif pane.rect != rect or self._held is not hold:
            pane.put(rect, hold)
        self._held = hold

    def _close_pane(self) -> None:
        if self._pane is not None:
            self._pane.close()
            self._pane = None

    def _event_handlers(self) -> dict[int, Handler]:
        return {
            xlib.MotionNotify: self._on_motion,
            xlib.ButtonPress: self._on_button,
            xlib.ButtonRelease: self._on_button,
            xlib.Expose: self._on_expose,
        }

    def _on_motion(self, event: Any, now_ns: int) -> list[KeyEvent]:
        if self._pane is not None:
            self._pane.pointed(now_ns)
            at_px = self._pane.on_canvas(event.xmotion.x, event.xmotion.y)
            self._mouse.moved(at_px, now_ns)
        return []

    def _on_button(self, event: Any, now_ns: int) -> list[KeyEvent]:
        button, pressed = event.xbutton, event.type == xlib.ButtonPress
        if self._pane is not None:
            self._pane.pointed(now_ns)
            if pressed:
                self._pane.clicked()
            at_px = self._pane.on_canvas(button.x, button.y)
            self._mouse.turned(button.button, pressed, at_px, now_ns)
        return []

    def _on_expose(self, event: Any, _now_ns: int) -> list[KeyEvent]:
        if self._drawable is not None and event.xexpose.count == 0:
            self._drawable.redraw()
        return []

    def _on_change(self, _event: Any, now_ns: int) -> list[KeyEvent]:
        self._changes.note(now_ns)
        return []


class Changes:
    """Tells when a burst of changes is over."""

    def __init__(self) -> None:
        self._first_ns: int | None = None
        self._last_ns = 0

    def note(self, now_ns: int) -> None:
        """Something changed."""
        self._first_ns = now_ns if self._first_ns is None else self._first_ns
        self._last_ns = now_ns

    def are_over(self, now_ns: int) -> bool:
        """Whether there were changes, and no more are to be waited for; told once."""
        first_ns = self._first_ns
        if first_ns is None:
            return False
        if now_ns - self._last_ns < CALM_NS and now_ns - first_ns < LATEST_NS:
            return False
        self._first_ns = None
        return True
