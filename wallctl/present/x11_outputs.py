"""Which outputs an X display has, and where each lies."""

from typing import Any

import msgspec

from wallctl.model.near import near
from wallctl.present.display_error import DisplayError
from wallctl.present.x11_pyglet import NoSuchDisplayException, XlibDisplay, xlib

USUAL_HZ = 50.0
_SANE_HZ = (24.0, 240.0)


class Output(msgspec.Struct, frozen=True):
    """An output in use: its XRandR name, its pixels on the display, its refresh rate."""

    name: str
    x_px: int
    y_px: int
    width_px: int
    height_px: int
    refresh_hz: float

    def holds(self, x_px: int, y_px: int) -> bool:
        """Whether it shows that pixel of the display."""
        return (
            self.x_px <= x_px < self.x_px + self.width_px
            and self.y_px <= y_px < self.y_px + self.height_px
        )


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


def find_output(outputs: tuple[Output, ...], name: str) -> Output:
    """The output of that name; ``DisplayError`` tells which there are."""
    for output in outputs:
        if output.name == name:
            return output
    names = [output.name for output in outputs]
    meant = near(name, names)
    hint = f"did you mean {' or '.join(meant)}?" if meant else f"there are: {', '.join(names)}."
    raise DisplayError(f"The display has no output {name!r} that is switched on: {hint}")


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
    )
