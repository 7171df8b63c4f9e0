"""Which screens a wall gets that has no site file, and whether the display has them."""

import os
import re
from collections.abc import Iterable

import click
from msgspec.structs import replace

from wallctl.model.geometry import Rect, Size
from wallctl.model.site import MOST_SCREENS, Screen, Site
from wallctl.present.display_error import DisplayError
from wallctl.present.outputs import Output, find_output

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
        if len(whole) > MOST_SCREENS:
            self.fail(f"{len(whole)} screens; a wall has at most {MOST_SCREENS}", param, ctx)
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


def chosen_outputs(given: tuple[Size, ...] | None, headless: bool) -> tuple[Output, ...]:
    """The display's outputs that are to be the screens; none if sizes are asked for, or no window.

    Raises ``DisplayError`` if a display is named and does not answer.
    """
    return () if given or headless or not has_display() else separate(outputs_here())


def chosen_sizes(given: tuple[Size, ...] | None, outputs: tuple[Output, ...]) -> tuple[Size, ...]:
    """The sizes asked for, else those of the outputs, else one 1920x1080."""
    return given or tuple(_rect(output).size for output in outputs) or (HEADLESS,)


def separate(outputs: Iterable[Output]) -> tuple[Output, ...]:
    """Those that show pixels of their own, from left to right; of mirrored ones the largest."""
    kept: list[Output] = []
    for output in sorted(outputs, key=lambda one: -one.width_px * one.height_px):
        if not any(_rect(output).intersects(_rect(other)) for other in kept):
            kept.append(output)
    return tuple(sorted(kept, key=lambda one: (one.x_px, one.y_px)))


def hung(site: Site, outputs: tuple[Output, ...]) -> Site:
    """The site with each screen on its output and where that lies; as it is without outputs.

    Outputs that share a name, as on a display without XRandR, are told apart by position alone.
    """
    if not outputs:
        return site
    names = [output.name for output in outputs]
    screens = tuple(
        replace(
            screen,
            rect=_rect(output),
            output=output.name if names.count(output.name) == 1 else None,
        )
        for screen, output in zip(site.screens, outputs, strict=True)
    )
    return replace(site, screens=screens)


def _rect(output: "Output") -> Rect:
    """Its pixels, even as a canvas has to be."""
    x, y, w, h = output.x_px, output.y_px, output.width_px, output.height_px
    return Rect(x // 2 * 2, y // 2 * 2, w // 2 * 2, h // 2 * 2)


def check_display(screens: Iterable[Screen]) -> None:
    """Have a wall fail before it starts, not window by window afterwards.

    Raises ``DisplayError`` if the display does not answer, or lacks an output or a monitor that a
    screen names, or if two screens name the same.
    """
    outputs = outputs_here()
    taken: dict[str, str] = {}
    for screen in screens:
        output = find_output(outputs, screen.output, screen.edid)
        if output is None:
            continue
        other = taken.setdefault(output.name, screen.name)
        if other != screen.name:
            raise DisplayError(
                f"The screens {other!r} and {screen.name!r} both hang on {output}: give each an"
                " output or edid of its own in the site file."
            )


def outputs_here() -> tuple[Output, ...]:
    """The outputs in use on the display. Raises ``DisplayError`` if it does not answer."""
    from wallctl.present.window import displays  # noqa: PLC0415 - headless walls do without it

    return tuple(displays())
