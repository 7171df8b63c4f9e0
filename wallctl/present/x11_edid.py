"""What the monitor behind an XRandR output says of itself, as raw bytes.

pyglet has no binding for the properties of outputs.
"""

import ctypes
from ctypes import POINTER, byref, c_int, c_long, c_ubyte, c_ulong
from typing import Any

from wallctl.present.x11_pyglet import xlib

_MOST_WORDS = 8192
"""256 blocks of 128 bytes, more than which EDID can't count, in words of 32 bits."""
_BYTE_BITS = 8
_Bytes = POINTER(c_ubyte)


def _xrandr() -> ctypes.CDLL | None:
    try:
        library = ctypes.CDLL("libXrandr.so.2")
    except OSError:
        return None
    library.XRRGetOutputProperty.argtypes = [
        *(POINTER(xlib.Display), c_ulong, c_ulong, c_long, c_long, c_int, c_int, c_ulong),
        *(POINTER(c_ulong), POINTER(c_int), POINTER(c_ulong), POINTER(c_ulong), POINTER(_Bytes)),
    ]
    return library


_XRANDR = _xrandr()


def read_edid(display: Any, output: int) -> bytes:
    """The EDID of an output, by its XRandR id; empty if it has none or the server can't tell."""
    atom = xlib.XInternAtom(display, b"EDID", True)
    if _XRANDR is None or not atom:
        return b""
    kind, bits, count, left, data = c_ulong(), c_int(), c_ulong(), c_ulong(), _Bytes()
    refused = _XRANDR.XRRGetOutputProperty(
        *(display, output, atom, 0, _MOST_WORDS, False, False, xlib.AnyPropertyType),
        *(byref(kind), byref(bits), byref(count), byref(left), byref(data)),
    )
    if refused:
        return b""
    told = ctypes.string_at(data, count.value) if bits.value == _BYTE_BITS else b""
    xlib.XFree(data)
    return told
