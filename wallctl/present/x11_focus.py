"""The keyboard focus: a wall without a window manager has to take it by itself."""

import ctypes
from typing import Any

from wallctl.present.x11_extensions import x_errors
from wallctl.present.x11_pyglet import xlib

LOOK_EVERY_NS = 500_000_000
_POINTER_ROOT = 1
_NOBODY = (0, _POINTER_ROOT)
"""``None`` and ``PointerRoot``: no window has the focus."""
_PARKED_PX = 1
"""A window manager that gives the focus to no window gives it to one of its own, of this size."""


class Focus:
    """Keeps the focus from being nobody's. Another window that has it keeps it.

    So of several wall windows any one may have it, and when its presenter ends another takes over.
    """

    def __init__(self, display: Any, window: int) -> None:
        self._display, self._window = display, window
        self._looked_ns = 0
        self._root = xlib.XDefaultRootWindow(display)

    def take(self) -> None:
        """Have the keyboard on return, whoever had it. The window must be on the screen."""
        xlib.XSetInputFocus(self._display, self._window, _POINTER_ROOT, xlib.CurrentTime)
        xlib.XSync(self._display, False)

    def look(self, now_ns: int) -> None:
        """Take the focus if it is nobody's; asks the server twice a second at most."""
        if now_ns - self._looked_ns < LOOK_EVERY_NS:
            return
        self._looked_ns = now_ns
        owner = self._owner()
        if owner in (*_NOBODY, self._root) or self._is_parked(owner):
            self.take()

    def _owner(self) -> int:
        owner, reverts_to = xlib.Window(), ctypes.c_int()
        xlib.XGetInputFocus(self._display, ctypes.byref(owner), ctypes.byref(reverts_to))
        return owner.value or 0

    def _is_parked(self, owner: int) -> bool:
        """Whether the focus is where nobody can see it."""
        told = xlib.XWindowAttributes()
        with x_errors(self._display):  # it may be gone by now
            known = xlib.XGetWindowAttributes(self._display, owner, ctypes.byref(told))
        return bool(known) and max(told.width, told.height) <= _PARKED_PX
