"""Screen saver and power saving of a display: kept off while a wall runs, seen where they act."""

import ctypes
from ctypes import POINTER, byref, c_int, c_ubyte, c_ushort
from typing import Any

from wallctl.display.x11.pyglet_x11 import xlib
from wallctl.display.x11.xlib_bindings import XEXT

LOOK_EVERY_NS = 1_000_000_000
LOOK_ASLEEP_EVERY_NS = 200_000_000
"""One that sleeps is looked at more often: its first picture must be a new one."""
_ON = 0
"""The DPMS level of a monitor that is awake."""


def _xss() -> ctypes.CDLL | None:
    try:
        library = ctypes.CDLL("libXss.so.1")
    except OSError:
        return None
    display = POINTER(xlib.Display)
    library.XScreenSaverQueryExtension.argtypes = [display, POINTER(c_int), POINTER(c_int)]
    library.XScreenSaverSuspend.argtypes = [display, c_int]
    library.XScreenSaverSuspend.restype = None
    return library


_XSS = _xss()


class Power:
    """The power saving of one display, through a connection of its own window."""

    def __init__(self, display: Any, dpms: ctypes.CDLL | None = XEXT) -> None:
        self._display = display
        has_dpms = dpms is not None and dpms.DPMSQueryExtension(
            display, byref(c_int()), byref(c_int())
        )
        self._dpms = dpms if has_dpms else None
        self.asleep = False
        """Whether power saving has switched the monitors off, when it was last looked at."""
        self._looked_ns: int | None = None

    @property
    def suspends(self) -> bool:
        """Whether the server can forget by itself that monitors were kept awake."""
        return _XSS is not None and bool(
            _XSS.XScreenSaverQueryExtension(self._display, byref(c_int()), byref(c_int()))
        )

    def keep_awake(self) -> None:
        """Wake the monitors, and keep them awake until this connection ends.

        The server counts who asks for that, and forgets who is gone, even one that was killed: the
        settings of the display are as before. Only a server without that extension has its timers
        taken away, for good.
        """
        xlib.XResetScreenSaver(self._display)
        if self._dpms is not None and self._is_asleep():
            self._dpms.DPMSForceLevel(self._display, _ON)
        if _XSS is not None and self.suspends:
            _XSS.XScreenSaverSuspend(self._display, True)
            return
        xlib.XSetScreenSaver(self._display, 0, 0, 0, 0)
        if self._dpms is not None:
            self._dpms.DPMSDisable(self._display)

    def look(self, now_ns: int) -> None:
        """See whether the monitors sleep; asks the server now and then."""
        every_ns = LOOK_ASLEEP_EVERY_NS if self.asleep else LOOK_EVERY_NS
        if self._dpms is None or (
            self._looked_ns is not None and now_ns - self._looked_ns < every_ns
        ):
            return
        self._looked_ns = now_ns
        self.asleep = self._is_asleep()

    def _is_asleep(self) -> bool:
        assert self._dpms is not None
        level, enabled = c_ushort(_ON), c_ubyte()
        told = self._dpms.DPMSInfo(self._display, byref(level), byref(enabled))
        return bool(told and enabled.value and level.value != _ON)
