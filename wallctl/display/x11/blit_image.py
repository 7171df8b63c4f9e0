"""Canvases onto an X window without a GPU: converted here, copied by the X server.

The image lies in memory that the server shares (MIT-SHM), or is sent through the connection where
it can't: a display on another machine, or a server without the extension.
"""

import ctypes
from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from wallctl.display.drawing.sprite import planes
from wallctl.display.window_placement import Blitter
from wallctl.display.x11.dirty_parts import PartsConverter, joined
from wallctl.display.x11.plain_window import PlainWindow
from wallctl.display.x11.pyglet_x11 import xlib
from wallctl.display.x11.xlib_bindings import (
    IPC_CREAT,
    IPC_PRIVATE,
    IPC_RMID,
    LIBC,
    OWNER_ONLY,
    XEXT,
    Z_PIXMAP,
    SegmentInfo,
    x_errors,
)
from wallctl.media.scale.canvas_to_rgb import BGRA_BYTES
from wallctl.model.base.geometry import Rect, Size

_FAILED = ctypes.c_void_p(-1).value


class Surface:
    """What a blitter draws on: an X window of a size, with the visual it was made with."""

    def __init__(self, window: PlainWindow, size: Size) -> None:
        self.display = window.display
        self.drawable = window.view
        self.visual = window.visual_info.visual
        self.depth: int = window.visual_info.depth
        self.width_px, self.height_px = size.w, size.h


class _Image(Protocol):
    """An X image whose pixels can be written."""

    pixels: NDArray[np.uint8]

    def put(self, parts: Sequence[Rect]) -> None: ...
    def wait(self) -> None: ...
    def close(self) -> None: ...


class ImageBlitter:
    """Converts a canvas into an image and has the server put it on the window."""

    def __init__(self, surface: Surface, *, shared: bool = True) -> None:
        self._image = (_shared_image(surface) if shared else None) or _SentImage(surface)
        self._whole = Rect(0, 0, surface.width_px, surface.height_px)
        self._converter = PartsConverter(self._whole.size)

    @property
    def kind(self) -> Blitter:
        """Whether the server reads the image from shared memory, or is sent it."""
        return Blitter.SHARED if isinstance(self._image, _SharedImage) else Blitter.SENT

    def draw(self, canvas: NDArray[np.uint8], changed: Sequence[Rect]) -> None:
        """Put what changed of a canvas on the window; the server has it when this returns."""
        self._image.wait()
        whole, parts = planes(canvas), joined(changed)
        for part in parts:
            self._converter.convert(whole, part, self._image.pixels)
        self._image.put(parts)

    def redraw(self) -> None:
        """Put the last canvas on the window again."""
        self._image.put((self._whole,))

    def close(self) -> None:
        """Give the image back. The window must still exist."""
        self._image.close()


def _shared_image(surface: Surface) -> "_Image | None":
    """An image in shared memory, or ``None`` where the server or the kernel says no."""
    if XEXT is None or not XEXT.XShmQueryExtension(surface.display):
        return None
    try:
        return _SharedImage(XEXT, surface)
    except OSError:
        return None


class _SharedImage:
    """An image in a segment that the server maps. ``OSError`` if it can't have one.

    One segment is enough: the server handles requests in order, so after a round trip it has read
    all that was put before. A tick ago was long ago, so the round trip does not wait.

    All parts are put by one request, clipped to them, so that nobody sees half a pass: no other
    request comes between. The server copies no more than the parts.
    """

    def __init__(self, xext: ctypes.CDLL, surface: Surface) -> None:
        self._xext, self._surface = xext, surface
        self._info = SegmentInfo()
        self._map_segment(surface.width_px * surface.height_px * BGRA_BYTES)
        self._attach()
        self._gc = xlib.XCreateGC(surface.display, surface.drawable, 0, None)
        self._image = xext.XShmCreateImage(
            surface.display,
            surface.visual,
            surface.depth,
            Z_PIXMAP,
            self._info.shmaddr,
            ctypes.byref(self._info),
            surface.width_px,
            surface.height_px,
        )
        self.pixels = _pixels(self._info.shmaddr, surface)

    def _map_segment(self, length: int) -> None:
        self._info.shmid = LIBC.shmget(IPC_PRIVATE, length, IPC_CREAT | OWNER_ONLY)
        if self._info.shmid == -1:
            raise OSError(ctypes.get_errno(), "no shared memory segment")
        self._info.shmaddr = LIBC.shmat(self._info.shmid, None, 0)
        if self._info.shmaddr == _FAILED:
            LIBC.shmctl(self._info.shmid, IPC_RMID, None)
            raise OSError(ctypes.get_errno(), "the shared memory segment can't be mapped")

    def _attach(self) -> None:
        with x_errors(self._surface.display) as errors:
            self._xext.XShmAttach(self._surface.display, ctypes.byref(self._info))
        LIBC.shmctl(self._info.shmid, IPC_RMID, None)  # it lives until both sides let go
        if errors:
            LIBC.shmdt(self._info.shmaddr)
            raise OSError(0, "the X server can't map the segment")

    def put(self, parts: Sequence[Rect]) -> None:
        surface = self._surface
        size = (surface.width_px, surface.height_px)
        clip = (xlib.XRectangle * len(parts))(*((p.x, p.y, p.w, p.h) for p in parts))
        xlib.XSetClipRectangles(*(surface.display, self._gc, 0, 0, clip, len(parts), xlib.Unsorted))
        self._xext.XShmPutImage(
            *(surface.display, surface.drawable, self._gc, self._image),
            *(0, 0, 0, 0, *size, False),
        )
        xlib.XFlush(surface.display)

    def wait(self) -> None:
        xlib.XSync(self._surface.display, False)

    def close(self) -> None:
        display = self._surface.display
        self._xext.XShmDetach(display, ctypes.byref(self._info))
        xlib.XFreeGC(display, self._gc)
        xlib.XSync(display, False)
        xlib.XFree(self._image)
        self.pixels = np.empty((0, 0, BGRA_BYTES), np.uint8)
        LIBC.shmdt(self._info.shmaddr)


class _SentImage:
    """An image of which parts are sent through the connection, one after the other."""

    def __init__(self, surface: Surface) -> None:
        self._surface = surface
        self.pixels = np.zeros((surface.height_px, surface.width_px, BGRA_BYTES), np.uint8)
        self._gc = xlib.XCreateGC(surface.display, surface.drawable, 0, None)
        self._image = xlib.XCreateImage(
            *(surface.display, surface.visual, surface.depth, Z_PIXMAP, 0),
            ctypes.cast(self.pixels.ctypes.data, ctypes.c_char_p),
            *(surface.width_px, surface.height_px, 8 * BGRA_BYTES, 0),
        )

    def put(self, parts: Sequence[Rect]) -> None:
        surface = self._surface
        for part in parts:
            xlib.XPutImage(
                *(surface.display, surface.drawable, self._gc, self._image),
                *(part.x, part.y, part.x, part.y, part.w, part.h),
            )
        xlib.XFlush(surface.display)

    def wait(self) -> None:
        """Nothing to wait for: what was put has been copied."""

    def close(self) -> None:
        xlib.XFreeGC(self._surface.display, self._gc)
        xlib.XFree(self._image)


def _pixels(address: int, surface: Surface) -> NDArray[np.uint8]:
    shape = (surface.height_px, surface.width_px, BGRA_BYTES)
    memory = (ctypes.c_uint8 * (shape[0] * shape[1] * shape[2])).from_address(address)
    return np.frombuffer(memoryview(memory), np.uint8).reshape(shape)
