"""The one door to pyglet, which reads its options when it is imported.

Importing this without the X or GL libraries raises ``DisplayError``, so a headless wall must not
import it.
"""

import pyglet

from wallctl.present.display_error import DisplayError

pyglet.options.debug_gl = False  # it would ask for an error after every single GL call
pyglet.options.shadow_window = False  # it would open a display on import

try:
    from pyglet import gl, window
    from pyglet.display.xlib import NoSuchDisplayException, XlibDisplay
    from pyglet.gl import ContextException
    from pyglet.graphics.shader import Shader, ShaderProgram
    from pyglet.libs.x11 import xlib
    from pyglet.window import NoSuchConfigException, WindowException
except ImportError as missing:
    raise DisplayError(
        f"This machine lacks a library that windows need ({missing}): install libx11-6 and"
        " libgl1, or run the wall headless."
    ) from missing

try:
    from pyglet.libs.x11 import xrandr
except ImportError:  # without it a display is one output
    xrandr = None

NO_WINDOW = (NoSuchConfigException, WindowException, ContextException, gl.GLException)
"""What pyglet raises when a display has nothing that a window could be made of."""

__all__ = [
    "NO_WINDOW",
    "NoSuchDisplayException",
    "Shader",
    "ShaderProgram",
    "XlibDisplay",
    "gl",
    "window",
    "xlib",
    "xrandr",
]
