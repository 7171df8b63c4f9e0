"""Which outputs an X display has, and where each lies."""

from collections.abc import Iterator
from ctypes import string_at
from typing import Any

from wallctl.display.display_error import DisplayError
from wallctl.display.output_choice import Output
from wallctl.display.window_placement import USUAL_HZ
from wallctl.display.x11.monitor_edid import read_edid
from wallctl.display.x11.pyglet_x11 import NoSuchDisplayException, XlibDisplay, xlib, xrandr
from wallctl.display.x11.randr import has_randr
from wallctl.model.base.unicode_rules import on_one_line
from wallctl.model.site.edid import parse_edid

_UNPLUGGED = 1
"""``RR_Disconnected``; ``RR_UnknownConnection``, as of some projectors, may well be one."""
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
    """The outputs in use on an open display, as its server knows them.

    Nothing is probed: that can take a moment, and stops the whole display. A server without XRandR
    has one output, of all its pixels.
    """
    return _in_use(connection, _resources(connection, probe=False))


def displays() -> list[Output]:
    """The outputs in use on the display of ``DISPLAY``; ``DisplayError`` if none answers."""
    return list(look_at_display()[0])


def look_at_display() -> tuple[tuple[Output, ...], tuple[str, ...]]:
    """The outputs in use on the display of ``DISPLAY``, and the names of all that it knows.

    ``DisplayError`` if none answers.
    """
    connection = open_display()
    try:
        resources = _resources(connection, probe=True)
        names = tuple(name for name, _ in resources or ())
        return _in_use(connection, resources), names
    finally:
        close_display(connection)


_Resources = list[tuple[str, Output | None]]
"""Every output by name; ``None`` beside those that are off."""


def _in_use(connection: Any, resources: _Resources | None) -> tuple[Output, ...]:
    if resources is None:
        return (_whole_display(connection),)
    return tuple(output for _, output in resources if output is not None)


def sane_hz(refresh_hz: float) -> float:
    """A refresh rate to tick at: what the output says, or 50 Hz if that can't be."""
    lowest, highest = _SANE_HZ
    return refresh_hz if lowest <= refresh_hz <= highest else USUAL_HZ


def _resources(connection: Any, *, probe: bool) -> _Resources | None:
    """What the server knows, or finds out; ``None`` without XRandR."""
    display = connection._display
    if xrandr is None or not has_randr(display):
        return None
    ask = xrandr.XRRGetScreenResources if probe else xrandr.XRRGetScreenResourcesCurrent
    found = ask(display, xlib.XDefaultRootWindow(display))
    if not found:
        return None
    try:
        return list(_outputs(display, found))
    finally:
        xrandr.XRRFreeScreenResources(found)


def _outputs(display: Any, found: Any) -> Iterator[tuple[str, Output | None]]:
    rates = {mode.id: _rate_hz(mode) for mode in found.contents.modes[: found.contents.nmode]}
    for number in found.contents.outputs[: found.contents.noutput]:
        told = xrandr.XRRGetOutputInfo(display, found, number)
        if not told:
            continue  # it went meanwhile
        raw = string_at(told.contents.name, told.contents.nameLen)
        name = on_one_line(raw.decode(errors="replace"))
        crtc, unplugged = told.contents.crtc, told.contents.connection == _UNPLUGGED
        xrandr.XRRFreeOutputInfo(told)
        driven = xrandr.XRRGetCrtcInfo(display, found, crtc) if crtc else None
        if not driven:
            yield name, None
            continue
        at = driven.contents
        hz = sane_hz(rates.get(at.mode, 0.0))
        edid = parse_edid(read_edid(display, number))
        yield name, Output(name, at.x, at.y, at.width, at.height, hz, edid, not unplugged)
        xrandr.XRRFreeCrtcInfo(driven)


def _rate_hz(mode: Any) -> float:
    pixels: int = mode.hTotal * mode.vTotal
    return float(mode.dotClock) / pixels if pixels else 0.0


def _whole_display(connection: Any) -> Output:
    screen = xlib.XDefaultScreenOfDisplay(connection._display).contents
    return Output("screen", 0, 0, screen.width, screen.height, USUAL_HZ)
