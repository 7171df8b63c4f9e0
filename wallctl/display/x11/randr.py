"""Calls of XRandR that pyglet has no binding for: changes of the outputs, and their properties."""

import ctypes
from ctypes import POINTER, byref, c_int, c_long, c_ubyte, c_ulong
from typing import Any

from wallctl.display.x11.pyglet_x11 import xlib

Bytes = POINTER(c_ubyte)
_SCREEN_CHANGED, _CRTC_CHANGED, _OUTPUT_CHANGED, _PROPERTY_CHANGED = 1, 2, 4, 8
_SCREEN_EVENT, _OTHER_EVENT = 0, 1


def _xrandr() -> ctypes.CDLL | None:
    try:
        library = ctypes.CDLL("libXrandr.so.2")
    except OSError:
        return None
    display = POINTER(xlib.Display)
    library.XRRQueryExtension.argtypes = [display, POINTER(c_int), POINTER(c_int)]
    library.XRRSelectInput.argtypes = [display, c_ulong, c_int]
    library.XRRSelectInput.restype = None
    library.XRRGetOutputProperty.argtypes = [
        *(display, c_ulong, c_ulong, c_long, c_long, c_int, c_int, c_ulong),
        *(POINTER(c_ulong), POINTER(c_int), POINTER(c_ulong), POINTER(c_ulong), POINTER(Bytes)),
    ]
    return library


XRANDR = _xrandr()
"""libXrandr, or ``None`` where it is missing."""


def has_randr(display: Any) -> bool:
    """Whether the server has the extension; asking it anything else without that complains."""
    return XRANDR is not None and bool(
        XRANDR.XRRQueryExtension(display, byref(c_int()), byref(c_int()))
    )


def follow_changes(display: Any) -> frozenset[int]:
    """Have the server tell every change of outputs and monitors; the types of these events."""
    first = c_int()
    if XRANDR is None or not XRANDR.XRRQueryExtension(display, byref(first), byref(c_int())):
        return frozenset()
    wanted = _SCREEN_CHANGED | _CRTC_CHANGED | _OUTPUT_CHANGED | _PROPERTY_CHANGED
    XRANDR.XRRSelectInput(display, xlib.XDefaultRootWindow(display), wanted)
    return frozenset({first.value + _SCREEN_EVENT, first.value + _OTHER_EVENT})
