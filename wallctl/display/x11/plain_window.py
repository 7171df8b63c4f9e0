"""Windows of an X display: what all of them offer, and the plain one that needs no extension."""

import ctypes
from typing import Any, Protocol

from wallctl.display.display_error import DisplayError
from wallctl.display.x11.pyglet_x11 import xlib
from wallctl.model.base.geometry import Rect

OUTER_EVENTS = (
    xlib.KeyPressMask | xlib.KeyReleaseMask | xlib.FocusChangeMask | xlib.StructureNotifyMask
)
"""What ``Window`` wants to know of the window that a window manager sees."""
INNER_EVENTS = (
    xlib.KeyPressMask | xlib.KeyReleaseMask | xlib.PointerMotionMask | xlib.ExposureMask
    | xlib.ButtonPressMask | xlib.ButtonReleaseMask
)  # fmt: skip
"""What it wants to know of the window that is drawn on."""

BGRA_MASKS = (0xFF0000, 0x00FF00, 0x0000FF)
BGRA_DEPTHS = (24, 32)
_MASKS_KNOWN = xlib.VisualRedMaskMask | xlib.VisualGreenMaskMask | xlib.VisualBlueMaskMask
_KINDS_KNOWN = xlib.VisualScreenMask | xlib.VisualDepthMask | xlib.VisualClassMask


class XWindow(Protocol):
    """A window of the display; it may be drawn on, and is on the screen once it is mapped."""

    display: Any
    id: int
    """The window that a window manager sees."""
    view: int
    """The one that is drawn on: the same, or one that fills it."""

    def show_pointer(self, shown: bool) -> None:
        """Have the mouse pointer seen over it, or not."""

    def close(self) -> None:
        """Take it away."""


class PlainWindow:
    """A window of 24 bit RGB, for the X server to copy pictures to.

    Raises ``DisplayError`` if the display has no such pixels.
    """

    def __init__(self, connection: Any, rect: Rect) -> None:
        self.display = connection._display
        number = xlib.XDefaultScreen(self.display)
        self.visual_info = _bgra_visual(self.display, number)
        root = xlib.XRootWindow(self.display, number)
        visual = self.visual_info.visual
        wanted = xlib.XSetWindowAttributes()
        wanted.colormap = xlib.XCreateColormap(self.display, root, visual, xlib.AllocNone)
        wanted.bit_gravity = xlib.StaticGravity
        self.id = self.view = xlib.XCreateWindow(
            *(self.display, root, rect.x, rect.y, rect.w, rect.h, 0),
            *(self.visual_info.depth, xlib.InputOutput, visual),
            xlib.CWColormap | xlib.CWBitGravity | xlib.CWBackPixel | xlib.CWBorderPixel,
            ctypes.byref(wanted),
        )
        xlib.XSelectInput(self.display, self.id, OUTER_EVENTS | INNER_EVENTS)
        self._no_pointer = _empty_cursor(self.display, self.id)

    def show_pointer(self, shown: bool) -> None:
        """Have the mouse pointer seen over it, or not."""
        if shown:
            xlib.XUndefineCursor(self.display, self.id)
        else:
            xlib.XDefineCursor(self.display, self.id, self._no_pointer)

    def close(self) -> None:
        """Take it away."""
        xlib.XFreeCursor(self.display, self._no_pointer)
        xlib.XDestroyWindow(self.display, self.id)
        xlib.XSync(self.display, False)


def _bgra_visual(display: Any, number: int) -> Any:
    """A visual whose pixels are what the wall writes, of the least depth."""
    wanted = xlib.XVisualInfo()
    wanted.screen = number
    setattr(wanted, "class", xlib.TrueColor)  # a word of Python's
    wanted.red_mask, wanted.green_mask, wanted.blue_mask = BGRA_MASKS
    for depth in BGRA_DEPTHS:
        wanted.depth, count = depth, ctypes.c_int()
        known = _KINDS_KNOWN | _MASKS_KNOWN
        found = xlib.XGetVisualInfo(display, known, ctypes.byref(wanted), ctypes.byref(count))
        if count.value:
            visual = xlib.XVisualInfo.from_buffer_copy(found[0])
            xlib.XFree(found)
            return visual
    depth = xlib.XDefaultDepth(display, number)
    raise DisplayError(
        f"The display's pixels are not 24 bit RGB (depth {depth}): set the X server to depth 24."
    )


def _empty_cursor(display: Any, window: int) -> int:
    """A pointer of no pixels."""
    nothing = xlib.XCreateBitmapFromData(display, window, bytes(8), 8, 8)
    black = xlib.XColor()
    made: int = xlib.XCreatePixmapCursor(
        *(display, nothing, nothing, ctypes.byref(black), ctypes.byref(black), 0, 0)
    )
    xlib.XFreePixmap(display, nothing)
    return made
