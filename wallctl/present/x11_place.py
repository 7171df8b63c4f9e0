"""Making a wall's window at its exact place, with and without a window manager.

Without one nothing moves a window that is moved before it is shown. With one, the hints say: this
place is meant by a person, no frame, and the whole of the monitor that it is on.
"""

import ctypes
from typing import Any

from wallctl.model.geometry import Rect
from wallctl.present.display_error import DisplayError
from wallctl.present.x11_pyglet import NO_WINDOW, gl, window, xlib

_ATOM_TYPE, _CARDINAL_TYPE = 4, 6
_OUTER_EVENTS = (
    xlib.KeyPressMask | xlib.KeyReleaseMask | xlib.FocusChangeMask | xlib.StructureNotifyMask
)
_INNER_EVENTS = (
    xlib.KeyPressMask | xlib.KeyReleaseMask | xlib.PointerMotionMask | xlib.ExposureMask
    | xlib.ButtonPressMask | xlib.ButtonReleaseMask
)  # fmt: skip


def open_window(connection: Any, rect: Rect, title: str, *, fullscreen: bool) -> Any:
    """A pyglet window that covers ``rect`` of the display and is on the screen already.

    Its GL context is current. Raises ``DisplayError`` if the display has nothing to make one of.
    """
    try:
        made = _hidden_window(connection, rect, title, fullscreen=fullscreen)
    except NO_WINDOW as refused:
        raise DisplayError(
            f"The X display can't make a window with OpenGL 3.3 ({refused}): install the Mesa"
            " drivers (libgl1-mesa-dri), or run the wall headless."
        ) from refused
    _hint(made, rect, fullscreen=fullscreen)
    made.set_visible(True)
    made._mapped = False  # at its end pyglet would wait until one that was withdrawn is unmapped
    _select_events(made)
    return made


def withdraw(made: Any) -> None:
    """Take a window off the screen, and out of a window manager's hands."""
    xlib.XWithdrawWindow(made._x_display, made._window, made._x_screen_id)


def cover(made: Any, rect: Rect, *, fullscreen: bool) -> None:
    """Have a window that was withdrawn cover ``rect``, which has its size, and be seen again."""
    _hint(made, rect, fullscreen=fullscreen)
    xlib.XMapRaised(made._x_display, made._window)
    xlib.XFlush(made._x_display)


def _hidden_window(connection: Any, rect: Rect, title: str, *, fullscreen: bool) -> Any:
    screen = connection.get_default_screen()
    config = screen.get_best_config(gl.Config(double_buffer=True, major_version=3, minor_version=3))
    return window.Window(
        rect.w,
        rect.h,
        title,
        resizable=True,  # a window of one size is not made fullscreen by some window managers
        style=window.Window.WINDOW_STYLE_BORDERLESS if fullscreen else None,
        visible=False,
        vsync=False,
        context=config.create_context(None),
        display=connection,
        screen=screen,
    )


def _hint(made: Any, rect: Rect, *, fullscreen: bool) -> None:
    _hint_place(made, rect)
    if fullscreen:
        _hint_fullscreen(made)


def _hint_place(made: Any, rect: Rect) -> None:
    hints = xlib.XSizeHints()
    hints.flags = xlib.USPosition | xlib.USSize
    hints.x, hints.y, hints.width, hints.height = rect.x, rect.y, rect.w, rect.h
    xlib.XSetWMNormalHints(made._x_display, made._window, ctypes.byref(hints))
    xlib.XMoveWindow(made._x_display, made._window, rect.x, rect.y)


def _hint_fullscreen(made: Any) -> None:
    fullscreen = xlib.XInternAtom(made._x_display, b"_NET_WM_STATE_FULLSCREEN", False)
    _set_property(made, b"_NET_WM_STATE", _ATOM_TYPE, fullscreen)
    _set_property(made, b"_NET_WM_BYPASS_COMPOSITOR", _CARDINAL_TYPE, 1)


def _set_property(made: Any, name: bytes, kind: int, value: int) -> None:
    number = ctypes.c_ulong(value)
    xlib.XChangeProperty(
        *(made._x_display, made._window, xlib.XInternAtom(made._x_display, name, False)),
        *(kind, 32, xlib.PropModeReplace),
        *(ctypes.cast(ctypes.pointer(number), ctypes.POINTER(ctypes.c_ubyte)), 1),
    )


def _select_events(made: Any) -> None:
    """Only what ``Window`` handles; and no protocol but closing, which is then ignored.

    pyglet offers resize counters too; a compositor would wait for an answer that nobody gives.
    """
    xlib.XSelectInput(made._x_display, made._window, _OUTER_EVENTS)
    xlib.XSelectInput(made._x_display, made._view, _INNER_EVENTS)
    closing = xlib.Atom(xlib.XInternAtom(made._x_display, b"WM_DELETE_WINDOW", False))
    xlib.XSetWMProtocols(made._x_display, made._window, ctypes.byref(closing), 1)
