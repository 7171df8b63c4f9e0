"""Where a screen's window belongs, and how it is drawn: values, so that their sender loads no
windowing library."""

import enum
from collections.abc import Mapping, Sequence
from typing import Self

import msgspec

from wallctl.display.output_choice import Output, Wanted, hang, why_absent
from wallctl.model.base.geometry import Rect, Size
from wallctl.model.operator.monitor_state import Monitor, MonitorState
from wallctl.model.site.framing import UPRIGHT, Turn
from wallctl.model.site.site import Screen, Site

USUAL_HZ = 50.0


class Blitter(enum.Enum):
    """How canvases come onto a window."""

    AUTO = "auto"
    """The shader on a real GPU; else shared memory, where the server can share."""
    SHADER = "shader"
    SHARED = "shared"
    SENT = "sent"
    """Through the X connection."""


class Hold(enum.Enum):
    """How a window is held at its place."""

    FULLSCREEN = "fullscreen"
    """By the window manager, if there is one: all of an output."""
    ABOVE = "above"
    """By the window manager: without a frame, above other windows, at the place asked for."""
    FREE = "free"
    """By nobody but the wall; no window manager touches it, and none gives it the keyboard."""
    BORDERED = "bordered"
    """As a desktop holds any window."""


class WindowPlace(msgspec.Struct, frozen=True):
    """Where a screen's window goes: onto its output, or else to ``x_px, y_px``."""

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
    keep_awake: bool = True
    """No screen saver and no power saving while the window is there."""
    turn: Turn = UPRIGHT
    """How its panel hangs."""
    others: tuple[Wanted, ...] = ()
    """What the wall's other screens hang on: their outputs are never covered."""

    @classmethod
    def of(cls, screen: Screen, site: Site, blitter: Blitter = Blitter.AUTO) -> Self:
        """Where the site has a screen's window."""
        return cls(
            screen=screen.name,
            width_px=screen.rect.w,
            height_px=screen.rect.h,
            output=screen.output,
            edid=screen.edid,
            x_px=screen.rect.x,
            y_px=screen.rect.y,
            blitter=blitter,
            keep_awake=site.keep_awake,
            turn=screen.turn,
            others=tuple(Wanted.of(other) for other in site.screens if other is not screen),
        )

    @property
    def size(self) -> Size:
        """The canvas, in pixels."""
        return Size(self.width_px, self.height_px)

    @property
    def panel(self) -> Size:
        """Its panel's own pixels, as the display has them."""
        return self.turn.size(self.size)

    @property
    def wanted(self) -> Wanted:
        """What the screen hangs on."""
        return Wanted(self.screen, self.output, self.edid)


class Seat(msgspec.Struct, frozen=True):
    """Where a window goes now: its pixels on the display, ``None`` for nowhere."""

    rect: Rect | None
    refresh_hz: float
    monitor: Monitor
    hold: Hold = Hold.FULLSCREEN


def seat_of(place: WindowPlace, outputs: Sequence[Output], held: Mapping[str, str]) -> Seat:
    """The seat of a screen among the outputs that are in use.

    ``held`` are outputs by the screens that hang on them already.
    """
    if not place.wanted.is_named:
        return _by_place(place, outputs)
    # in one order for all screens, so that each of them finds the same
    wall = sorted((place.wanted, *place.others), key=lambda one: one.screen)
    output = hang(wall, outputs, held).get(place.screen)
    if output is None:
        why = why_absent(place.wanted, outputs)
        return Seat(None, USUAL_HZ, Monitor(MonitorState.ABSENT, why=why))
    hold = Hold.FULLSCREEN if place.fullscreen else Hold.BORDERED
    return Seat(output.rect, output.refresh_hz, _monitor(place, output), hold)


def _by_place(place: WindowPlace, outputs: Sequence[Output]) -> Seat:
    rect = Rect(place.x_px, place.y_px, place.panel.w, place.panel.h)
    under = [one for one in outputs if one.rect.intersects(rect)]
    if not under:
        why = f"No output that is switched on shows the pixel {place.x_px},{place.y_px}."
        return Seat(None, USUAL_HZ, Monitor(MonitorState.ABSENT, why=why))
    first = next((one for one in under if one.holds(rect.x, rect.y)), under[0])
    return Seat(rect, first.refresh_hz, _spread(rect, first, under), _hold(place, rect, outputs))


def _hold(place: WindowPlace, rect: Rect, outputs: Sequence[Output]) -> Hold:
    """A window manager that is asked for fullscreen gives all of one output, and nothing else."""
    if not place.fullscreen:
        return Hold.BORDERED
    return Hold.FULLSCREEN if any(one.rect == rect for one in outputs) else Hold.ABOVE


def _spread(rect: Rect, first: Output, under: Sequence[Output]) -> Monitor:
    """The monitor of a screen that has a place alone, on one output or on several."""
    names = "+".join(dict.fromkeys((first.name, *(one.name for one in under))))
    mode = first.rect.size
    if not _is_within(rect, [one.rect for one in under]):
        shown = ", ".join(f"{one.name} ({told(one.rect)})" for one in under)
        why = f"Its place is {told(rect)}; part of that is on no output: there are {shown}."
        return Monitor(MonitorState.CUT, names, mode, why)
    return Monitor(MonitorState.THERE, names, mode)


def told(rect: Rect) -> str:
    """A rectangle of the display in words."""
    return f"{rect.w}x{rect.h} at {rect.x},{rect.y}"


def _is_within(rect: Rect, others: Sequence[Rect]) -> bool:
    """Whether each pixel of a rectangle lies in one of the others."""
    columns = sorted({rect.x, *(x for one in others for x in (one.x, one.right))})
    rows = sorted({rect.y, *(y for one in others for y in (one.y, one.bottom))})
    corners = (
        Rect(x, y, 1, 1)
        for x in columns
        for y in rows
        if rect.x <= x < rect.right and rect.y <= y < rect.bottom
    )
    return all(any(corner.intersects(one) for one in others) for corner in corners)


def _monitor(place: WindowPlace, output: Output) -> Monitor:
    mode = output.rect.size
    if not output.plugged:
        why = f"{output.name} says that no monitor is plugged in."
        return Monitor(MonitorState.ABSENT, output.name, mode, why)
    if mode != place.panel:
        turned = ", turned" if place.turn.swaps else ""
        size = f"{place.panel.w}x{place.panel.h}{turned}"
        why = f"{output} shows {mode.w}x{mode.h}; its screen is {size}."
        return Monitor(MonitorState.WRONG_SIZE, output.name, mode, why)
    return Monitor(MonitorState.THERE, output.name, mode)
