"""The keyboard focus: a wall without a window manager has to take it by itself."""

import ctypes
from typing import Any

from wallctl.display.x11.pyglet_x11 import xlib
from wallctl.display.x11.visibility import is_seen_by_nobody

LOOK_EVERY_NS = 500_000_000
_POINTER_ROOT = 1
_NOBODY = (0, _POINTER_ROOT)
"""``None`` and ``PointerRoot``: no window has the focus."""


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
        # a window manager that gives it to no window parks it on one of its own, out of sight
        if owner in (*_NOBODY, self._root) or is_seen_by_nobody(self._display, owner):
            self.take()

    def _owner(self) -> int:
        owner, reverts_to = xlib.Window(), ctypes.c_int()
        xlib.XGetInputFocus(self._display, ctypes.byref(owner), ctypes.byref(reverts_to))
        return owner.value or 0
