"""Which screens a wall gets that has no site file, and whether the display has them."""

import os
import re
from collections.abc import Iterable, Sequence

import click
from msgspec.structs import replace

from wallctl.display.display_error import DisplayError
from wallctl.display.output_choice import Output, Wanted, hang, why_absent
from wallctl.model.base.geometry import Size
from wallctl.model.site.site import MAX_SCREENS, Screen, Site

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
        if len(whole) > MAX_SCREENS:
            self.fail(f"{len(whole)} screens; a wall has at most {MAX_SCREENS}", param, ctx)
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
    return given or tuple(output.rect.size for output in outputs) or (HEADLESS,)


def separate(outputs: Iterable[Output]) -> tuple[Output, ...]:
    """Those that show pixels of their own, from left to right; of mirrored ones the largest."""
    kept: list[Output] = []
    for output in sorted(outputs, key=lambda one: -one.width_px * one.height_px):
        if not any(output.rect.intersects(other.rect) for other in kept):
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
            rect=output.rect,
            output=output.name if names.count(output.name) == 1 else None,
        )
        for screen, output in zip(site.screens, outputs, strict=True)
    )
    return replace(site, screens=screens)


def check_display(screens: Sequence[Screen]) -> list[str]:
    """Have a wall fail before it starts, not window by window afterwards.

    Raises ``DisplayError`` if the display does not answer, or if a screen can't be told from its
    site file however long one waits: the display knows no output of that name, several monitors
    answer to that text, or another screen names the same. Comes back with a sentence for each
    screen that waits for its monitor.
    """
    outputs, known = look_here()
    wall = [Wanted.of(screen) for screen in screens]
    _check_shared(wall, outputs)
    found = hang(wall, outputs, {})
    waiting = []
    for one in wall:
        if one.screen in found or not one.is_named:
            continue
        why = why_absent(one, outputs, guess=True)
        if not _may_come(one, outputs, known):
            raise DisplayError(why)
        waiting.append(f"screen {one.screen}: {why}")
    return waiting


def _check_shared(wall: Sequence[Wanted], outputs: tuple[Output, ...]) -> None:
    taken: dict[str, str] = {}
    for one in wall:
        output = hang([one], outputs, {}).get(one.screen)
        if output is None:
            continue
        other = taken.setdefault(output.name, one.screen)
        if other != one.screen:
            raise DisplayError(
                f"The screens {other!r} and {one.screen!r} both hang on {output}: give each an"
                " output or edid of its own in the site file, or, if they share that output, no"
                " output but their x and y on the display."
            )


def _may_come(one: Wanted, outputs: tuple[Output, ...], known: tuple[str, ...]) -> bool:
    """Whether a screen waits for a monitor, rather than that its site file names it wrongly."""
    if one.output is not None:
        return one.output in known
    return not any(output.edid and output.edid.answers_to(one.edid or "") for output in outputs)


def look_here() -> tuple[tuple[Output, ...], tuple[str, ...]]:
    """The outputs in use on the display, and the names of all; ``DisplayError`` without one."""
    from wallctl.display.x11.outputs import look_at_display  # noqa: PLC0415 - as below

    return look_at_display()


def outputs_here() -> tuple[Output, ...]:
    """The outputs in use on the display. Raises ``DisplayError`` if it does not answer."""
    from wallctl.display.x11.window import displays  # noqa: PLC0415 - headless walls do without it

    return tuple(displays())
