"""Which screens a wall gets that has no site file, and whether the display has them."""

import os
import re
import typing
from collections.abc import Iterable

import click

from wallctl.model.geometry import Size
from wallctl.model.site import Screen

if typing.TYPE_CHECKING:
    from wallctl.present.window import Output

HEADLESS = Size(1920, 1080)


class Sizes(click.ParamType[tuple[Size, ...]]):
    """``1920x1080,1280x720``: one size for each screen."""

    name = "sizes"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[Size, ...]:
        """A tuple of Size; a sentence if it is none."""
        sizes = tuple(_size(part) for part in str(value).split(","))
        whole = tuple(size for size in sizes if size is not None)
        if len(whole) < len(sizes):
            self.fail(f"{value!r} is no list of even sizes like 1920x1080,1280x720", param, ctx)
        return whole


def _size(text: str) -> Size | None:
    match = re.fullmatch(r"\s*([1-9]\d{1,4})\s*[xX]\s*([1-9]\d{1,4})\s*", text)
    if match is None:
        return None
    size = Size(int(match[1]), int(match[2]))
    return size if size.w % 2 == 0 and size.h % 2 == 0 else None


SCREENS = click.option(
    "--screens",
    type=Sizes(),
    metavar="WxH[,WxH...]",
    help="Screens side by side, even sizes; sources fill them in order. "
    "Default: those of the display, headless 1920x1080.",
)


def has_display() -> bool:
    """Whether an X server is named."""
    return bool(os.environ.get("DISPLAY"))


def chosen_screens(given: tuple[Size, ...] | None, headless: bool) -> tuple[Size, ...]:
    """The sizes asked for, else those of the display's outputs, else one 1920x1080."""
    if given is not None or headless or not has_display():
        return given or (HEADLESS,)
    found = sorted(_outputs(), key=lambda output: (output.x_px, output.y_px))
    sizes = tuple(Size(o.width_px // 2 * 2, o.height_px // 2 * 2) for o in found)
    return sizes or (HEADLESS,)


def check_display(screens: Iterable[Screen]) -> None:
    """Have a wall fail before it starts, not window by window afterwards.

    Raises ``DisplayError`` if the display does not answer or lacks an output that a screen names.
    """
    from wallctl.present.window import find_output  # noqa: PLC0415 - as below

    outputs = _outputs()
    for screen in screens:
        if screen.output is not None:
            find_output(outputs, screen.output)


def _outputs() -> "tuple[Output, ...]":
    from wallctl.present.window import displays  # noqa: PLC0415 - headless walls do without it

    return tuple(displays())
