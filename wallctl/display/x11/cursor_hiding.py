"""The mouse pointer over a wall window: there while it moves, out of the picture when it rests."""

from wallctl.display.x11.plain_window import XWindow

REST_NS = 2_000_000_000
"""How long the pointer stays after it last moved."""


class Pointer:
    """Shows and hides the pointer of one window. It is hidden at first."""

    def __init__(self, window: XWindow) -> None:
        self._window = window
        self._moved_ns: int | None = None
        window.show_pointer(False)

    def moved(self, now_ns: int) -> None:
        """Show it."""
        if self._moved_ns is None:
            self._window.show_pointer(True)
        self._moved_ns = now_ns

    def rest(self, now_ns: int) -> None:
        """Hide it if it has not moved for a while."""
        if self._moved_ns is not None and now_ns - self._moved_ns >= REST_NS:
            self._window.show_pointer(False)
            self._moved_ns = None
