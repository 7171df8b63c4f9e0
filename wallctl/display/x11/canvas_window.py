"""The X window of a screen at its place on the display, and how canvases come onto it."""

import contextlib
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from wallctl.display.compositor.canvas_fit import Fitted
from wallctl.display.display_error import DisplayError
from wallctl.display.window_check import LOOK_EVERY_NS, Fault, Standing, Step
from wallctl.display.window_placement import Blitter, Hold, WindowPlace
from wallctl.display.x11.blit_image import ImageBlitter, Surface
from wallctl.display.x11.cursor_hiding import Pointer
from wallctl.display.x11.focus import Focus
from wallctl.display.x11.plain_window import PlainWindow, XWindow
from wallctl.display.x11.visibility import see
from wallctl.display.x11.window_position import cover, introduce, is_left_alone, move, withdraw
from wallctl.model.base.geometry import Rect
from wallctl.model.site.framing import UPRIGHT

LEAVE_NS = 1_000_000_000
"""How long a window manager may take to let go of a window."""

if TYPE_CHECKING:
    from wallctl.display.x11.blit_shader import ShaderBlitter


class Pane:
    """A window of one size, on the screen until it is hidden. ``DisplayError`` if none can be had.

    A canvas of another size than the window's is scaled into it, and one of a panel that hangs
    turned is turned back.
    """

    def __init__(
        self, connection: Any, rect: Rect, hold: Hold, place: WindowPlace, title: str
    ) -> None:
        self.rect: Rect | None = rect
        """Where it is on the display; ``None`` while it is hidden."""
        self.size = rect.size
        self._hold = hold
        with contextlib.ExitStack() as undo:
            self._window, self._blitter = _made(connection, rect, place, title)
            undo.callback(self._window.close)
            undo.callback(self._blitter.close)
            self._undo = undo.pop_all()
        introduce(self._window, title)
        cover(self._window, rect, hold)
        turn = place.turn.back()
        is_plain = place.size == rect.size and turn == UPRIGHT
        self._canvas = Rect(0, 0, place.size.w, place.size.h)
        self._fitted = None if is_plain else Fitted(place.size, rect.size, turn)
        self._drawn = False
        """Whether all of a canvas is on the window."""
        self._focus = Focus(self._window.display, self._window.id)
        self._pointer = Pointer(self._window)
        self._focus.take()
        self._standing: Standing | None = None
        self._looked_ns = 0
        self._left_ns: int | None = None
        """When the window was taken off the screen to come back at once."""

    @property
    def blitter(self) -> Blitter:
        """How canvases come onto the window."""
        return self._blitter.kind

    @property
    def fault(self) -> Fault | None:
        """Why its pixels are not what is seen at its place; ``None`` if they are."""
        return self._standing.fault if self._standing is not None else None

    @property
    def is_bare(self) -> bool:
        """Whether it is to be drawn whole."""
        return not self._drawn

    def draw(self, canvas: NDArray[np.uint8], changed: Sequence[Rect]) -> None:
        """Put on the window what changed of a canvas, all of it if it is bare."""
        if self._fitted is None:
            self._blitter.draw(canvas, changed)
        else:
            parts = self._fitted.write(canvas, changed if self._drawn else [self._canvas])
            whole = Rect(0, 0, self.size.w, self.size.h)
            self._blitter.draw(self._fitted.pixels, parts if self._drawn else [whole])
        self._drawn = True

    def redraw(self) -> None:
        """Put the last canvas on the window again, if there was one."""
        if self._drawn:
            self._blitter.redraw()

    def forget(self) -> None:
        """What is on the window grows old: the next canvas is drawn whole."""
        self._drawn = False

    def hide(self) -> None:
        """Take the window off the screen."""
        if self.rect is not None:
            withdraw(self._window)
            self.rect = self._standing = self._left_ns = None
            self.forget()

    def put(self, rect: Rect, hold: Hold) -> None:
        """Have the window at another place of the same size, and seen."""
        self.hide()
        self._hold = hold
        cover(self._window, rect, hold)
        self.rect = rect

    def tend(self, now_ns: int) -> None:
        """Look after keyboard focus and pointer, and whether it stands where it belongs."""
        if self.rect is None:
            return
        if self._left_ns is not None:
            self._come_back(self.rect, self._left_ns, now_ns)
            return
        self._focus.look(now_ns)
        self._pointer.rest(now_ns)
        is_users = self._hold is Hold.BORDERED  # whose desktop it is moves and covers it at will
        if not is_users and now_ns - self._looked_ns >= LOOK_EVERY_NS:
            self._looked_ns = now_ns
            self._stand(self.rect, now_ns)

    def _stand(self, rect: Rect, now_ns: int) -> None:
        """See where the window is, and bring it to its place if it is not there."""
        if self._standing is None:
            self._standing = Standing(rect, self._hold, now_ns)
        step = self._standing.look(see(self._window.display, self._window.id), now_ns)
        if step is Step.AGAIN and self._hold is Hold.FREE:
            move(self._window, rect)
        elif step is not Step.NOTHING:
            self._hold = Hold.FREE if step is Step.FREE else self._hold
            self._left_ns = now_ns
            withdraw(self._window)

    def _come_back(self, rect: Rect, left_ns: int, now_ns: int) -> None:
        """Be seen again, once the window manager has let go of the window."""
        if now_ns - left_ns < LEAVE_NS and not is_left_alone(self._window):
            return
        self._left_ns = None
        cover(self._window, rect, self._hold)
        self.forget()
        if self._hold is Hold.FREE:
            self._focus.take()

    def unsettle(self, now_ns: int) -> None:
        """The outputs have changed: a window manager may have the window elsewhere now."""
        if self._standing is not None:
            self._standing.unsettle(now_ns)

    def pointed(self, now_ns: int) -> None:
        """The mouse moved over the window."""
        self._pointer.moved(now_ns)

    def clicked(self) -> None:
        """The mouse was pressed on the window: no window manager gives it the keyboard for that,
        if it stands free."""
        if self._hold is Hold.FREE:
            self._focus.take()

    def on_canvas(self, x_px: int, y_px: int) -> tuple[int, int]:
        """The place on the canvas that is shown at a place of the window."""
        return (x_px, y_px) if self._fitted is None else self._fitted.on_canvas(x_px, y_px)

    def close(self) -> None:
        """Take the window away."""
        self._undo.close()


def _made(
    connection: Any, rect: Rect, place: WindowPlace, title: str
) -> tuple[XWindow, "ImageBlitter | ShaderBlitter"]:
    """A window that is not on the screen yet, and the blitter for it that is wanted."""
    if place.blitter in {Blitter.AUTO, Blitter.SHADER}:
        shader = _with_shader(connection, rect, place, title)
        if shader is not None:
            return shader
    window = PlainWindow(connection, rect)
    try:
        surface = Surface(window, rect.size)
        return window, ImageBlitter(surface, shared=place.blitter is not Blitter.SENT)
    except BaseException:
        window.close()
        raise


def _with_shader(
    connection: Any, rect: Rect, place: WindowPlace, title: str
) -> "tuple[XWindow, ShaderBlitter] | None":
    """A window with a shader; ``None`` if another blitter does better, and may be taken.

    Raises ``DisplayError`` if the shader is wanted and can't be had.
    """
    is_wanted = place.blitter is Blitter.SHADER
    try:
        # Only here: pictures come onto the screen without OpenGL, so it may be missing.
        from wallctl.display.x11.blit_shader import ShaderBlitter  # noqa: PLC0415
        from wallctl.display.x11.gl import GlWindow  # noqa: PLC0415

        window = GlWindow(connection, rect, title, bordered=not place.fullscreen)
    except DisplayError:
        if is_wanted:
            raise
        return None
    if window.renders_in_software and not is_wanted:
        window.close()
        return None
    window.wait_for_refreshes()
    return window, ShaderBlitter(window, (rect.w, rect.h))
