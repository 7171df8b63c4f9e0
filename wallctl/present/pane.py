"""The X window of a screen at its place on the display, and how canvases come onto it."""

import contextlib
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from wallctl.model.geometry import Rect
from wallctl.model.view import UPRIGHT
from wallctl.present.blit_image import ImageBlitter, Surface
from wallctl.present.blit_shader import ShaderBlitter, renders_in_software
from wallctl.present.fitted import Fitted
from wallctl.present.place import Blitter, WindowPlace
from wallctl.present.x11_focus import Focus
from wallctl.present.x11_place import cover, open_window, withdraw
from wallctl.present.x11_pointer import Pointer


class Pane:
    """A window of one size, on the screen until it is hidden. ``DisplayError`` if none can be had.

    A canvas of another size than the window's is scaled into it, and one of a panel that hangs
    turned is turned back.
    """

    def __init__(self, connection: Any, rect: Rect, place: WindowPlace, title: str) -> None:
        self.rect: Rect | None = rect
        """Where it is on the display; ``None`` while it is hidden."""
        self.size = rect.size
        self._fullscreen = place.fullscreen
        with contextlib.ExitStack() as undo:
            self._window = open_window(connection, rect, title, fullscreen=place.fullscreen)
            undo.callback(self._window.close)
            self._blitter = _make_blitter(self._window, rect, place.blitter)
            undo.callback(self._blitter.close)
            self._undo = undo.pop_all()
        turn = place.turn.back()
        is_plain = place.size == rect.size and turn == UPRIGHT
        self._canvas = Rect(0, 0, place.size.w, place.size.h)
        self._fitted = None if is_plain else Fitted(place.size, rect.size, turn)
        self._drawn = False
        """Whether all of a canvas is on the window."""
        self._focus = Focus(connection._display, self._window._window)
        self._pointer = Pointer(self._window)
        self._focus.take()

    @property
    def blitter(self) -> Blitter:
        """How canvases come onto the window."""
        if isinstance(self._blitter, ShaderBlitter):
            return Blitter.SHADER
        return Blitter.SHARED if self._blitter.shares_memory else Blitter.SENT

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
            self.rect = None
            self.forget()

    def put(self, rect: Rect) -> None:
        """Have the window at another place of the same size, and seen."""
        self.hide()
        cover(self._window, rect, fullscreen=self._fullscreen)
        self.rect = rect

    def tend(self, now_ns: int) -> None:
        """Look after keyboard focus and pointer."""
        if self.rect is not None:
            self._focus.look(now_ns)
            self._pointer.rest(now_ns)

    def pointed(self, now_ns: int) -> None:
        """The mouse moved over the window."""
        self._pointer.moved(now_ns)

    def on_canvas(self, x_px: int, y_px: int) -> tuple[int, int]:
        """The place on the canvas that is shown at a place of the window."""
        return (x_px, y_px) if self._fitted is None else self._fitted.on_canvas(x_px, y_px)

    def close(self) -> None:
        """Take the window away."""
        self._undo.close()


def _make_blitter(window: Any, rect: Rect, wanted: Blitter) -> ShaderBlitter | ImageBlitter:
    """The wanted blitter on a window whose context is current."""
    software = renders_in_software(window.context.get_info().get_renderer())
    if wanted is Blitter.SHADER or (wanted is Blitter.AUTO and not software):
        window.set_vsync(True)
        return ShaderBlitter(window, (rect.w, rect.h))
    info = window.config.get_visual_info()
    surface = Surface(window._x_display, window._view, info, (rect.w, rect.h))
    return ImageBlitter(surface, shared=wanted is not Blitter.SENT)
