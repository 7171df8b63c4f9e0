"""The outputs of a display as values, and which one each screen hangs on. Knows nothing of X."""

from collections.abc import Mapping, Sequence
from typing import Self

import msgspec

from wallctl.model.base.geometry import Rect
from wallctl.model.base.suggestions import near
from wallctl.model.site.edid import Edid
from wallctl.model.site.site import Screen


class Output(msgspec.Struct, frozen=True):
    """An output in use: its XRandR name, its pixels on the display, its refresh rate, its monitor.

    ``str`` gives its name and, if the monitor tells it, the monitor's text.
    """

    name: str
    x_px: int
    y_px: int
    width_px: int
    height_px: int
    refresh_hz: float
    edid: Edid | None = None
    plugged: bool = True
    """``False`` if it is driven although the server sees no monitor there."""

    def __str__(self) -> str:
        return self.name if self.edid is None else f"{self.name} ({self.edid})"

    @property
    def rect(self) -> Rect:
        """Its pixels on the display, even as a canvas has to be."""
        return Rect(*(px // 2 * 2 for px in (self.x_px, self.y_px, self.width_px, self.height_px)))

    def holds(self, x_px: int, y_px: int) -> bool:
        """Whether it shows that pixel of the display."""
        return (
            self.x_px <= x_px < self.x_px + self.width_px
            and self.y_px <= y_px < self.y_px + self.height_px
        )


class Wanted(msgspec.Struct, frozen=True):
    """What a screen is to hang on: its monitor comes before the output of a name.

    With neither it hangs on nothing but its place on the display.
    """

    screen: str
    output: str | None = None
    edid: str | None = None

    @classmethod
    def of(cls, screen: Screen) -> Self:
        """What the site file says of a screen."""
        return cls(screen.name, screen.output, screen.edid)

    @property
    def is_named(self) -> bool:
        """Whether it hangs on something at all."""
        return (self.output, self.edid) != (None, None)


def hang(
    wall: Sequence[Wanted], outputs: Sequence[Output], held: Mapping[str, str]
) -> dict[str, Output]:
    """The output of each screen that has one now, and no two screens on the same.

    All monitors are found before any name counts, so that a monitor at another's output is not
    covered. Of several that answer to the same text a name decides: the output wanted, or the one
    that the screen hangs on already (``held``).
    """
    free, hung = list(outputs), dict[str, Output]()
    for one in wall:
        _give(one.screen, _by_monitor(one, free, held.get(one.screen)), free, hung)
    for one in wall:
        if one.screen not in hung:
            _give(one.screen, _named(free, one.output), free, hung)
    return hung


def _give(screen: str, found: Output | None, free: list[Output], hung: dict[str, Output]) -> None:
    if found is not None:
        free.remove(found)
        hung[screen] = found


def _by_monitor(one: Wanted, free: Sequence[Output], held: str | None) -> Output | None:
    fitting = _fitting(one.edid, free)
    if len(fitting) == 1:
        return fitting[0]
    return _named(fitting, one.output) or _named(fitting, held)


def _named(outputs: Sequence[Output], name: str | None) -> Output | None:
    return next((output for output in outputs if output.name == name), None)


def _fitting(edid: str | None, outputs: Sequence[Output]) -> list[Output]:
    if edid is None:
        return []
    return [one for one in outputs if one.edid is not None and one.edid.answers_to(edid)]


def why_absent(one: Wanted, outputs: Sequence[Output], *, guess: bool = False) -> str:
    """A sentence on what a screen misses that ``hang`` found no output for.

    With ``guess`` it also tells which names are near, for somebody who has just written them.
    """
    fitting = _fitting(one.edid, outputs)
    if one.edid is not None and len(fitting) > 1:
        return (
            f"Several monitors answer to {one.edid!r}, {_listed(fitting)}: put the whole text of"
            " one into the site file, or add its output."
        )
    taken = fitting[0] if fitting else _named(outputs, one.output)
    if taken is not None:
        return f"Another screen hangs on {taken} already."
    if one.edid is not None:
        words = [word for output in outputs if output.edid for word in output.edid.words]
        what, meant = f"No output of the display has a monitor {one.edid!r}", near(one.edid, words)
    else:
        names = [output.name for output in outputs]
        what = f"The display has no output {one.output!r} that is switched on"
        meant = near(one.output or "", names)
    likely = f"did you mean {' or '.join(meant)}? " if guess and meant else ""
    return f"{what}: {likely}there are: {_listed(outputs)}."


def _listed(outputs: Sequence[Output]) -> str:
    return ", ".join(map(str, outputs)) or "none"
