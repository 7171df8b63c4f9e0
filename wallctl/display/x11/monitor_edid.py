"""What the monitor behind an XRandR output says of itself, as raw bytes.

pyglet has no binding for the properties of outputs.
"""

import ctypes
from ctypes import byref, c_int, c_ulong
from typing import Any

from wallctl.display.x11.pyglet_x11 import xlib
from wallctl.display.x11.randr import XRANDR, Bytes

_MOST_WORDS = 8192
"""256 blocks of 128 bytes, more than which EDID can't count, in words of 32 bits."""
_BYTE_BITS = 8


def read_edid(display: Any, output: int) -> bytes:
    """The EDID of an output, by its XRandR id; empty if it has none or the server can't tell."""
    atom = xlib.XInternAtom(display, b"EDID", True)
    if XRANDR is None or not atom:
        return b""
    kind, bits, count, left, data = c_ulong(), c_int(), c_ulong(), c_ulong(), Bytes()
    refused = XRANDR.XRRGetOutputProperty(
        *(display, output, atom, 0, _MOST_WORDS, False, False, xlib.AnyPropertyType),
        *(byref(kind), byref(bits), byref(count), byref(left), byref(data)),
    )
    if refused:
        return b""
    told = ctypes.string_at(data, count.value) if bits.value == _BYTE_BITS else b""
    xlib.XFree(data)
    return told
