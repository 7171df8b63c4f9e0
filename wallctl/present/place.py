"""Where a screen's window belongs, and how it is drawn: values, so that their sender loads no
windowing library."""

import enum

import msgspec


class Blitter(enum.Enum):
    """How canvases come onto a window."""

    AUTO = "auto"
    """The shader on a real GPU; else shared memory, where the server can share."""
    SHADER = "shader"
    SHARED = "shared"
    SENT = "sent"
    """Through the X connection."""


class WindowPlace(msgspec.Struct, frozen=True):
    """Where a screen's window goes: the top left of its output, or else ``x_px, y_px``."""

    screen: str
    """The screen's name, for its key events."""
    width_px: int
    height_px: int
    output: str | None = None
    """An XRandR name."""
    edid: str | None = None
    """The monitor that it hangs on, whatever output that is at; goes before the output's name."""
    x_px: int = 0
    y_px: int = 0
    blitter: Blitter = Blitter.AUTO
    fullscreen: bool = True
    """No frame, nothing above; ``False`` for a wall tried out in a window of a desktop."""
