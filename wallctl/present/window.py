"""The window of one screen: shows canvases on an X display, and hears its keys.

It decides nothing, and its events go past pyglet's event loop, so that a presenter can wait for
them together with its socket.
"""

import contextlib
import time
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from wallctl.model.geometry import Rect
from wallctl.model.keys import KeyEvent
from wallctl.present.blit_image import ImageBlitter, Surface
from wallctl.present.blit_shader import ShaderBlitter, renders_in_software
from wallctl.present.display_error import DisplayError
from wallctl.present.outputs import Output, find_output
from wallctl.present.place import Blitter, WindowPlace
from wallctl.present.x11_extensions import report_repeats, stay_awake, symbols_of
from wallctl.present.x11_focus import Focus
from wallctl.present.x11_keyboard import Keyboard
from wallctl.present.x11_outputs import (
    USUAL_HZ,
    close_display,
    displays,
    open_display,
    outputs_of,
)
from wallctl.present.x11_place import open_window
from wallctl.present.x11_pointer import Pointer
from wallctl.present.x11_pyglet import xlib

__all__ = [
    "Blitter",
    "DisplayError",
    "Output",
    "Window",
    "WindowPlace",
    "displays",
]

_NOTIFY_INFERIOR = 2
"""The detail of a focus change that stays within the window."""


class Window:
    """One screen's window. ``DisplayError`` if there is no display or no such output.

    After ``show`` call ``keys`` before waiting on ``fileno``: what came meanwhile may have been
    read from the connection already.
    """

    def __init__(self, place: WindowPlace, title: str) -> None:
        with contextlib.ExitStack() as undo:
            self._connection = open_display()
            undo.callback(close_display, self._connection)
            rect, self.refresh_hz = _resolve(place, outputs_of(self._connection))
            window = open_window(self._connection, rect, title, fullscreen=place.fullscreen)
            undo.callback(window.close)
            self._blitter = _make_blitter(window, rect, place.blitter)
            undo.callback(self._blitter.close)
            self._undo = undo.pop_all()
        self._display = self._connection._display
        self._focus = Focus(self._display, window._window)
        self._pointer = Pointer(window)
        self._keyboard = Keyboard(place.screen, lambda code: symbols_of(self._display, code))
        self._handlers = self._event_handlers()
        self._shown = False
        report_repeats(self._display)
        stay_awake(self._display)
        self._focus.take()

    @property
    def blitter(self) -> Blitter:
        """How canvases come onto the window, as chosen."""
        if isinstance(self._blitter, ShaderBlitter):
            return Blitter.SHADER
        return Blitter.SHARED if self._blitter.shares_memory else Blitter.SENT

    def show(self, canvas: NDArray[np.uint8], changed: Sequence[Rect]) -> None:
        """Show a canvas: uint8 of shape (height * 3 / 2, width), planar 4:2:0, BT.709 limited.

        ``changed`` are the parts, on even pixels, that differ from what was shown before: at first
        all of it.

        On return the canvas may be composed anew; the X server has its picture. Only the shader
        waits for the output's refresh.
        """
        self._blitter.draw(canvas, changed)
        self._shown = True

    def keys(self) -> list[KeyEvent]:
        """What was pressed and released since the last call; also tends focus and pointer."""
        now_ns = time.monotonic_ns()
        events: list[KeyEvent] = []
        event = xlib.XEvent()
        while xlib.XPending(self._display):
            xlib.XNextEvent(self._display, event)
            handler = self._handlers.get(event.type)
            if handler is not None:
                events += handler(event, now_ns)
        self._focus.look(now_ns)
        self._pointer.rest(now_ns)
        return events

    def fileno(self) -> int:
        """The X connection's descriptor, readable when keys may have come."""
        return int(self._connection.fileno())

    def close(self) -> None:
        """Take the window off the screen and end the connection."""
        self._undo.close()

    def _event_handlers(self) -> dict[int, Callable[[Any, int], list[KeyEvent]]]:
        return {
            xlib.KeyPress: lambda e, ns: self._keyboard.down(e.xkey.keycode, e.xkey.state, ns),
            xlib.KeyRelease: lambda e, ns: self._keyboard.up(e.xkey.keycode, ns),
            xlib.FocusOut: self._on_focus_out,
            xlib.MotionNotify: self._on_motion,
            xlib.Expose: self._on_expose,
            xlib.MappingNotify: self._on_mapping,
        }

    def _on_focus_out(self, event: Any, now_ns: int) -> list[KeyEvent]:
        stays = event.xfocus.detail == _NOTIFY_INFERIOR
        return [] if stays else self._keyboard.let_go(now_ns)

    def _on_motion(self, _event: Any, now_ns: int) -> list[KeyEvent]:
        self._pointer.moved(now_ns)
        return []

    def _on_expose(self, event: Any, _now_ns: int) -> list[KeyEvent]:
        if self._shown and event.xexpose.count == 0:
            self._blitter.redraw()
        return []

    def _on_mapping(self, event: Any, _now_ns: int) -> list[KeyEvent]:
        xlib.XRefreshKeyboardMapping(event.xmapping)
        return []


def _resolve(place: WindowPlace, outputs: tuple[Output, ...]) -> tuple[Rect, float]:
    """The window's pixels on the display, and the refresh rate there."""
    output = find_output(outputs, place.output, place.edid)
    if output is not None:
        return Rect(output.x_px, output.y_px, place.width_px, place.height_px), output.refresh_hz
    under = (o.refresh_hz for o in outputs if o.holds(place.x_px, place.y_px))
    rect = Rect(place.x_px, place.y_px, place.width_px, place.height_px)
    return rect, next(under, USUAL_HZ)


def _make_blitter(window: Any, rect: Rect, wanted: Blitter) -> ShaderBlitter | ImageBlitter:
    """The wanted blitter on a window whose context is current."""
    software = renders_in_software(window.context.get_info().get_renderer())
    if wanted is Blitter.SHADER or (wanted is Blitter.AUTO and not software):
        window.set_vsync(True)
        return ShaderBlitter(window, (rect.w, rect.h))
    info = window.config.get_visual_info()
    surface = Surface(window._x_display, window._view, info, (rect.w, rect.h))
    return ImageBlitter(surface, shared=wanted is not Blitter.SENT)
