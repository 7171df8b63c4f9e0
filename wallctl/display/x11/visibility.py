"""Where a window of the display really is, and which other windows lie above it."""

import ctypes
import itertools
from collections.abc import Iterator
from ctypes import byref, c_int, c_uint
from typing import Any

from wallctl.display.window_check import Over, Sight
from wallctl.display.x11.pyglet_x11 import xlib
from wallctl.display.x11.xlib_bindings import x_errors
from wallctl.model.base.geometry import Rect

_MOST_ABOVE = 64
"""No more windows are asked after: a desktop has some dozens, most of them below or not shown."""
_MOST_WITHIN = 24
"""And so many within a frame: its buttons and edges, and the window that has a title."""
_DEEPEST = 8
_FRAMES = 3
"""A window manager puts a frame or two around a window."""
_LEAST_PX = 8
"""Programs park windows of a pixel in a corner; what is no larger hides nothing."""
_TITLE_CHARS, _TITLE_WORDS = 60, 64
"""A title is cut; it is asked for in words of 32 bits."""


def see(display: Any, window: int) -> Sight:
    """One look at a window. Windows that go meanwhile are none."""
    with x_errors(display):  # any window may be gone by now
        rect = shown_rect(display, window)
        return Sight(None) if rect is None else Sight(rect, tuple(_above(display, window, rect)))


def is_seen_by_nobody(display: Any, window: int) -> bool:
    """Whether a window is not shown, tiny, or beyond the edge of the display.

    A tiny one within another is that one's: so programs hear keys.
    """
    with x_errors(display):  # it may be gone by now
        rect = shown_rect(display, _frame(display, window))
    if rect is None:
        return True
    screen = xlib.XDefaultScreenOfDisplay(display).contents
    all_of_it = Rect(0, 0, screen.width, screen.height)
    return min(rect.w, rect.h) <= _LEAST_PX or not rect.intersects(all_of_it)


def shown_rect(display: Any, window: int) -> Rect | None:
    """A window's pixels on the display; ``None`` if they are not to be seen."""
    told = xlib.XWindowAttributes()
    if not xlib.XGetWindowAttributes(display, window, byref(told)):
        return None
    if told.map_state != xlib.IsViewable or getattr(told, "class") == xlib.InputOnly:
        return None
    x, y, child = c_int(), c_int(), xlib.Window()
    xlib.XTranslateCoordinates(
        *(display, window, told.root, 0, 0), *(byref(x), byref(y), byref(child))
    )
    return Rect(x.value, y.value, told.width, told.height)


def _above(display: Any, window: int, rect: Rect) -> Iterator[Over]:
    frame = _frame(display, window)
    stack, _ = _tree(display, xlib.XDefaultRootWindow(display))
    above = stack[stack.index(frame) + 1 :] if frame in stack else []
    for other in above[-_MOST_ABOVE:]:
        seen = shown_rect(display, other)
        if seen is None or min(seen.w, seen.h) <= _LEAST_PX or not seen.intersects(rect):
            continue
        yield Over(_title(display, other), _common(seen, rect))


def _common(one: Rect, other: Rect) -> Rect:
    x, y = max(one.x, other.x), max(one.y, other.y)
    return Rect(x, y, min(one.right, other.right) - x, min(one.bottom, other.bottom) - y)


def _frame(display: Any, window: int) -> int:
    """What a window manager has put around a window, else the window itself."""
    root = xlib.XDefaultRootWindow(display)
    for _ in range(_DEEPEST):
        parent = _tree(display, window)[1]
        if parent in (0, root):
            break
        window = parent
    return window


def _tree(display: Any, window: int) -> tuple[list[int], int]:
    """The windows within a window, from the lowest to the highest, and the one that it is in."""
    root, parent, count = xlib.Window(), xlib.Window(), c_uint()
    children = ctypes.POINTER(xlib.Window)()
    told = xlib.XQueryTree(
        *(display, window, byref(root), byref(parent), byref(children), byref(count))
    )
    if not told:
        return [], 0
    within = [int(children[i]) for i in range(count.value)]
    if children:
        xlib.XFree(children)
    return within, parent.value or 0


def _title(display: Any, window: int) -> str:
    """What a window calls itself, or the one that a frame is around; clean, and not too long."""
    level = [window]
    for _ in range(_FRAMES):
        for one, name in itertools.product(level, (b"_NET_WM_NAME", b"WM_NAME")):
            text = _text(display, one, name)
            if text:
                return text
        level = [inner for one in level for inner in reversed(_tree(display, one)[0])]
        level = level[:_MOST_WITHIN]
    return "?"


def _text(display: Any, window: int, name: bytes) -> str:
    atom = xlib.XInternAtom(display, name, True)
    kind, bits, count, left = xlib.Atom(), c_int(), ctypes.c_ulong(), ctypes.c_ulong()
    data = ctypes.POINTER(ctypes.c_ubyte)()
    refused = xlib.XGetWindowProperty(
        *(display, window, atom, 0, _TITLE_WORDS, False, xlib.AnyPropertyType),
        *(byref(kind), byref(bits), byref(count), byref(left), byref(data)),
    )
    if refused or not count.value:
        return ""
    told = ctypes.string_at(data, count.value) if bits.value == 8 else b""
    xlib.XFree(data)
    text = told.decode(errors="replace")
    shown = "".join(char if char.isprintable() else " " for char in text)
    return " ".join(shown.split())[:_TITLE_CHARS]
