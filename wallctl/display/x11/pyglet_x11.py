"""The one door to pyglet's bindings of X, which read its options when they are imported.

Importing this without the X library raises ``DisplayError``, so a headless wall must not import
it. OpenGL has a door of its own, ``x11_gl``: a wall without a GPU shows its pictures without it.
"""

import pyglet

from wallctl.display.display_error import DisplayError

pyglet.options.debug_gl = False  # it would ask for an error after every single GL call
pyglet.options.shadow_window = False  # it would open a display on import

try:
    from pyglet.display.xlib import NoSuchDisplayException, XlibDisplay, XlibScreen
    from pyglet.libs.x11 import xlib
except ImportError as missing:
    raise DisplayError(
        f"This machine lacks a library that windows need ({missing}): install libx11-6, or run"
        " the wall headless."
    ) from missing

try:
    from pyglet.libs.x11 import xrandr
except ImportError:  # without it a display is one output
    xrandr = None

__all__ = ["NoSuchDisplayException", "XlibDisplay", "XlibScreen", "xlib", "xrandr"]
