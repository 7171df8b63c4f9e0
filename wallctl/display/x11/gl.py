"""X windows that OpenGL draws on, and the one door to pyglet's bindings of OpenGL.

Importing this without the GL library raises ``DisplayError``.
"""

from typing import Any

from wallctl.display.display_error import DisplayError
from wallctl.display.x11.plain_window import INNER_EVENTS, OUTER_EVENTS
from wallctl.display.x11.pyglet_x11 import XlibScreen, xlib
from wallctl.model.base.geometry import Rect

try:
    from pyglet import gl, window
    from pyglet.gl import ContextException
    from pyglet.graphics.shader import Shader, ShaderProgram
    from pyglet.window import NoSuchConfigException, WindowException
except ImportError as missing:
    raise DisplayError(
        f"This machine lacks a library that the shader needs ({missing}): install libgl1, or"
        " choose --blitter shared."
    ) from missing

__all__ = ["GlWindow", "Shader", "ShaderProgram", "gl"]

_NO_WINDOW = (NoSuchConfigException, WindowException, ContextException, gl.GLException)
"""What pyglet raises when a display has nothing that a GL window could be made of."""
_SOFTWARE = ("llvmpipe", "softpipe", "swrast", "software rasterizer")


class GlWindow:
    """A window with a GL context, which is current once this is made; not on the screen yet.

    Raises ``DisplayError`` if the display has no OpenGL 3.3.
    """

    def __init__(self, connection: Any, rect: Rect, title: str, *, bordered: bool) -> None:
        self.display = connection._display
        try:
            self._made = _made(connection, rect, title, bordered=bordered)
        except _NO_WINDOW as refused:
            raise DisplayError(
                f"The X display can't make a window with OpenGL 3.3 ({str(refused) or 'no GLX'}):"
                " install the Mesa drivers (libgl1-mesa-dri), or choose --blitter shared."
            ) from refused
        self.id: int = self._made._window
        self.view: int = self._made._view
        xlib.XSelectInput(self.display, self.id, OUTER_EVENTS)
        xlib.XSelectInput(self.display, self.view, INNER_EVENTS)

    @property
    def renders_in_software(self) -> bool:
        """Whether its GL computes on the CPU."""
        return renders_in_software(self._made.context.get_info().get_renderer())

    def wait_for_refreshes(self) -> None:
        """Have each ``flip`` wait for the output's refresh."""
        self._made.set_vsync(True)

    def switch_to(self) -> None:
        """Make its context current."""
        self._made.switch_to()

    def flip(self) -> None:
        """Show what was drawn."""
        self._made.flip()

    def show_pointer(self, shown: bool) -> None:
        """Have the mouse pointer seen over it, or not."""
        self._made.set_mouse_visible(shown)

    def close(self) -> None:
        """Take it away."""
        self._made.close()


def _made(connection: Any, rect: Rect, title: str, *, bordered: bool) -> Any:
    # not the default screen: pyglet looks for that in XRandR, which a server may lack
    screen = XlibScreen(connection, 0, 0, rect.w, rect.h)
    config = screen.get_best_config(gl.Config(double_buffer=True, major_version=3, minor_version=3))
    return window.Window(
        rect.w,
        rect.h,
        title,
        resizable=True,  # a window of one size is not made fullscreen by some window managers
        style=None if bordered else window.Window.WINDOW_STYLE_BORDERLESS,
        visible=False,
        vsync=False,
        context=config.create_context(None),
        display=connection,
        screen=screen,
    )


def renders_in_software(renderer: str) -> bool:
    """Whether a GL renderer's name is one of those that compute on the CPU."""
    return any(name in renderer.lower() for name in _SOFTWARE)
