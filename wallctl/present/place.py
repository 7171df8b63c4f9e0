"""Where a screen's window belongs: a value, so that its sender loads no windowing library."""

import msgspec


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
    fullscreen: bool = True
    """No frame, nothing above; ``False`` for a wall tried out in a window of a desktop."""
