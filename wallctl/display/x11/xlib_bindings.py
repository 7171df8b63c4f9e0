"""Calls of X that pyglet has no binding for: MIT-SHM, DPMS and repeats, and the kernel's segments.

Thin on purpose: what the calls are good for is told where they are used. A display is the pointer
that pyglet holds.
"""

import contextlib
import ctypes
from collections.abc import Iterator
from ctypes import POINTER, c_int, c_size_t, c_ubyte, c_uint, c_ulong, c_ushort, c_void_p
from typing import Any

from wallctl.display.x11.pyglet_x11 import xlib

IPC_PRIVATE, IPC_CREAT, IPC_RMID = 0, 0o1000, 0
OWNER_ONLY = 0o600
Z_PIXMAP = 2


class SegmentInfo(ctypes.Structure):
    """``XShmSegmentInfo``: a shared memory segment as both sides know it."""

    _fields_ = (
        ("shmseg", c_ulong),
        ("shmid", c_int),
        ("shmaddr", c_void_p),
        ("read_only", c_int),
    )


def _xext() -> ctypes.CDLL | None:
    try:
        library = ctypes.CDLL("libXext.so.6")
    except OSError:
        return None
    display, segment = POINTER(xlib.Display), POINTER(SegmentInfo)
    library.XShmQueryExtension.argtypes = [display]
    library.XShmAttach.argtypes = library.XShmDetach.argtypes = [display, segment]
    library.XShmCreateImage.restype = POINTER(xlib.XImage)
    library.XShmCreateImage.argtypes = [
        *(display, POINTER(xlib.Visual), c_uint, c_int, c_void_p, segment, c_uint, c_uint)
    ]
    library.XShmPutImage.argtypes = [
        *(display, xlib.Drawable, xlib.GC, POINTER(xlib.XImage)),
        *(c_int, c_int, c_int, c_int, c_uint, c_uint, c_int),
    ]
    library.DPMSQueryExtension.argtypes = [display, POINTER(c_int), POINTER(c_int)]
    library.DPMSDisable.argtypes = [display]
    library.DPMSForceLevel.argtypes = [display, c_ushort]
    library.DPMSInfo.argtypes = [display, POINTER(c_ushort), POINTER(c_ubyte)]
    return library


def _x11() -> ctypes.CDLL:
    library = ctypes.CDLL("libX11.so.6")
    library.XkbSetDetectableAutoRepeat.argtypes = [POINTER(xlib.Display), c_int, c_void_p]
    return library


def _libc() -> ctypes.CDLL:
    library = ctypes.CDLL(None, use_errno=True)
    library.shmget.argtypes = [c_int, c_size_t, c_int]
    library.shmat.argtypes, library.shmat.restype = [c_int, c_void_p, c_int], c_void_p
    library.shmdt.argtypes = [c_void_p]
    library.shmctl.argtypes = [c_int, c_int, c_void_p]
    return library


XEXT = _xext()
"""libXext, or ``None`` where it is missing."""
LIBC = _libc()
_X11 = _x11()


@contextlib.contextmanager
def x_errors(display: Any) -> Iterator[list[int]]:
    """The codes of the errors that the requests inside were answered with, known at its end."""
    codes: list[int] = []

    def note(_display: Any, event: Any) -> int:
        codes.append(event.contents.error_code)
        return 0

    handler = xlib.XErrorHandler(note)
    before = xlib.XSetErrorHandler(handler)
    try:
        yield codes
    finally:
        xlib.XSync(display, False)
        xlib.XSetErrorHandler(before)


def report_repeats(display: Any) -> bool:
    """Let a held key send presses only, and one release at its end; whether the server does."""
    return bool(_X11.XkbSetDetectableAutoRepeat(display, True, None))
