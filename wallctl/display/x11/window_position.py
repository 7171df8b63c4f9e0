"""Having a wall's window at its exact place, with and without a window manager.

Without one nothing moves a window that is moved before it is shown. With one, the hints say: this
place is meant by a person, no frame, above all others, and, where that is its place, the whole of
a monitor. What a window manager makes of that is for ``standing`` to judge; a window that stands
free is none of its business.
"""

import ctypes
from typing import Any

from wallctl.display.window_placement import Hold
from wallctl.display.x11.plain_window import XWindow
from wallctl.display.x11.pyglet_x11 import xlib
from wallctl.model.base.geometry import Rect

_ATOM_TYPE, _CARDINAL_TYPE = 4, 6
_CLASS = b"wallctl"
"""By this name the rules of a window manager know the wall's windows."""
_MOTIF_WORDS, _MOTIF_DECORATIONS = 5, 1 << 1


def introduce(window: XWindow, title: str) -> None:
    """Tell a window manager who this is; it may close nothing by itself.

    No protocol but closing, which is then ignored: pyglet offers resize counters too, and a
    compositor would wait for an answer that nobody gives.
    """
    name = title.encode()
    xlib.Xutf8SetWMProperties(window.display, window.id, name, name, None, 0, None, None, None)
    _set(window, b"_NET_WM_NAME", _atom(window, b"UTF8_STRING"), name)
    hint = xlib.XClassHint(ctypes.c_char_p(_CLASS), ctypes.c_char_p(_CLASS))
    xlib.XSetClassHint(window.display, window.id, ctypes.byref(hint))
    closing = xlib.Atom(_atom(window, b"WM_DELETE_WINDOW"))
    xlib.XSetWMProtocols(window.display, window.id, ctypes.byref(closing), 1)


def cover(window: XWindow, rect: Rect, hold: Hold) -> None:
    """Have a window that is not on the screen cover ``rect``, and be seen above all others."""
    wanted = xlib.XSetWindowAttributes()
    wanted.override_redirect = hold is Hold.FREE
    xlib.XChangeWindowAttributes(
        window.display, window.id, xlib.CWOverrideRedirect, ctypes.byref(wanted)
    )
    _hint_place(window, rect)
    if hold is not Hold.BORDERED:
        _hint_bare(window)
        state = b"_NET_WM_STATE_FULLSCREEN" if hold is Hold.FULLSCREEN else b"_NET_WM_STATE_ABOVE"
        _set(window, b"_NET_WM_STATE", _ATOM_TYPE, _atom(window, state))
        _set(window, b"_NET_WM_BYPASS_COMPOSITOR", _CARDINAL_TYPE, 1)
    xlib.XMoveResizeWindow(window.display, window.id, rect.x, rect.y, rect.w, rect.h)
    xlib.XMapRaised(window.display, window.id)
    xlib.XFlush(window.display)


def move(window: XWindow, rect: Rect) -> None:
    """Bring a window that stands free back to its place."""
    xlib.XMoveResizeWindow(window.display, window.id, rect.x, rect.y, rect.w, rect.h)
    xlib.XMapRaised(window.display, window.id)
    xlib.XFlush(window.display)


def withdraw(window: XWindow) -> None:
    """Take a window off the screen, and out of a window manager's hands."""
    xlib.XWithdrawWindow(window.display, window.id, xlib.XDefaultScreen(window.display))


def is_left_alone(window: XWindow) -> bool:
    """Whether no frame of a window manager is around a window."""
    root, parent, count = xlib.Window(), xlib.Window(), ctypes.c_uint()
    within = ctypes.POINTER(xlib.Window)()
    told = xlib.XQueryTree(
        *(window.display, window.id, ctypes.byref(root), ctypes.byref(parent)),
        *(ctypes.byref(within), ctypes.byref(count)),
    )
    if count.value:
        xlib.XFree(within)
    return not told or parent.value == root.value


def _hint_place(window: XWindow, rect: Rect) -> None:
    hints = xlib.XSizeHints()
    hints.flags = xlib.USPosition | xlib.USSize
    hints.x, hints.y, hints.width, hints.height = rect.x, rect.y, rect.w, rect.h
    xlib.XSetWMNormalHints(window.display, window.id, ctypes.byref(hints))


def _hint_bare(window: XWindow) -> None:
    motif = _atom(window, b"_MOTIF_WM_HINTS")
    words = (ctypes.c_ulong * _MOTIF_WORDS)(_MOTIF_DECORATIONS)
    _put(window, motif, motif, words)


def _set(window: XWindow, name: bytes, kind: int, value: int | bytes) -> None:
    if isinstance(value, bytes):
        _put(window, _atom(window, name), kind, (ctypes.c_ubyte * len(value))(*value), 8)
    else:
        _put(window, _atom(window, name), kind, (ctypes.c_ulong * 1)(value))


def _put(window: XWindow, name: int, kind: int, values: Any, bits: int = 32) -> None:
    xlib.XChangeProperty(
        *(window.display, window.id, name, kind, bits, xlib.PropModeReplace),
        *(ctypes.cast(values, ctypes.POINTER(ctypes.c_ubyte)), len(values)),
    )


def _atom(window: XWindow, name: bytes) -> int:
    made: int = xlib.XInternAtom(window.display, name, False)
    return made
