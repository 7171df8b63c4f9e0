"""Which outputs an X display has, and where each lies."""

from typing import Any

from wallctl.model.edid import Edid, parse_edid
from wallctl.present.display_error import DisplayError
from wallctl.present.outputs import Output
from wallctl.present.x11_edid import read_edid
from wallctl.present.x11_pyglet import NoSuchDisplayException, XlibDisplay, xlib

USUAL_HZ = 50.0
_SANE_HZ = (24.0, 240.0)


def open_display() -> Any:
    """A connection of its own to the display that ``DISPLAY`` names, as pyglet holds it.

    Raises ``DisplayError`` if there is none. ``close_display`` ends it.
    """
    try:
        return XlibDisplay()
    except NoSuchDisplayException as refused:
        raise DisplayError(
            "No X display answers: start an X server and set DISPLAY to it (and XAUTHORITY, if it"
            " wants one), or run the wall headless."
        ) from refused


def close_display(connection: Any) -> None:
    """End a connection; nothing made with it may be used any more."""
    xlib.XCloseDisplay(connection._display)


def outputs_of(connection: Any) -> tuple[Output, ...]:
    """The outputs in use on an open display."""
    return tuple(_output(screen) for screen in connection.get_screens())


def displays() -> list[Output]:
    """The outputs in use on the display of ``DISPLAY``; ``DisplayError`` if none answers."""
    connection = open_display()
    try:
        return list(outputs_of(connection))
    finally:
        close_display(connection)


def sane_hz(refresh_hz: float) -> float:
    """A refresh rate to tick at: what the output says, or 50 Hz if that can't be."""
    lowest, highest = _SANE_HZ
    return refresh_hz if lowest <= refresh_hz <= highest else USUAL_HZ


def _output(screen: Any) -> Output:
    mode = screen.get_mode()
    return Output(
        screen.get_monitor_name(),
        screen.x,
        screen.y,
        screen.width,
        screen.height,
        sane_hz(mode.rate if mode else 0.0),
        _edid(screen),
    )


def _edid(screen: Any) -> Edid | None:
    output = getattr(screen, "output_id", None)  # a server without XRandR knows of no outputs
    return None if output is None else parse_edid(read_edid(screen.display._display, output))
