"""All that is written on the wall can be read: its contrast, as WCAG 2.2 has it."""

import pytest

from wallctl.display.drawing import (
    alarm_banner,
    help_sheet,
    icons,
    info_panel,
    layout_thumbnails,
    screen_foot,
    selection_frame,
    tile_graphics,
)
from wallctl.model.base.colours import GROUND, Colour
from wallctl.model.site.alarm import AlarmColour


def luminance(colour: Colour) -> float:
    """The relative luminance of an sRGB colour, as WCAG 2.2 defines it."""
    linear = [
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4
        for c in (channel / 255 for channel in colour)
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(a: Colour, b: Colour) -> float:
    dark, light = sorted((luminance(a), luminance(b)))
    return (light + 0.05) / (dark + 0.05)


def over_white(colour: Colour, opacity: float) -> Colour:
    """A translucent ground where it is hardest to write on."""
    return icons.mixed(icons.WHITE, colour, opacity)


PILL = over_white(icons.NIGHT, tile_graphics.PILL_OPACITY)
PANEL = over_white(icons.NIGHT, info_panel.OPACITY)
TEXTS = {
    "a label's name": (icons.WHITE, PILL),
    "a label's number": (icons.WHITE, icons.SLATE_BLUE),
    "small print": (icons.SOFT, PILL),
    "an info panel": (icons.WHITE, PANEL),
    "its headings": (icons.SOFT, PANEL),
    "what is remarkable": (icons.AMBER, PANEL),
    "the clock": (icons.WHITE, over_white(icons.NIGHT, screen_foot.OPACITY)),
    "the help": (icons.WHITE, help_sheet.SHEET),
    "its headings, too": (icons.BLUE, help_sheet.SHEET),
    "its site": (icons.SOFT, help_sheet.SHEET),
    "a source's number": (help_sheet.NUMBER, help_sheet.SHEET),
    "a key": (icons.WHITE, help_sheet.CAP),
    "a sketch": (icons.WHITE, layout_thumbnails.TILE),
    "its names": (icons.SOFT, layout_thumbnails.TILE),
    **{f"badge {state.value}": (look.ink, over_white(look.back, look.opacity))
       for state, look in tile_graphics.BADGES.items()},
    **{f"slate {state.value}": (icons.SOFT, icons.mixed(GROUND, look.accent, 0.07))
       for state, look in tile_graphics.LOOKS.items()},
}  # fmt: skip
LARGE = {
    "an empty tile": (
        icons.mixed(GROUND, icons.FAINT, tile_graphics.EMPTY_SHARE), GROUND
    ),
    "the frame's dark edge": (selection_frame.FRAME, icons.NIGHT),
    **{f"icon {state.value}": (look.accent, icons.mixed(GROUND, look.accent, 0.07))
       for state, look in tile_graphics.LOOKS.items()},
}  # fmt: skip


@pytest.mark.parametrize(
    ("what", "least"), [*((one, 4.5) for one in TEXTS), *((one, 3.0) for one in LARGE)]
)
def test_all_can_be_read(what: str, least: float) -> None:
    """WCAG 2.2: 4.5 to 1 for writing (1.4.3, AA), 3 to 1 for what is large, and icons (1.4.11)."""
    assert contrast(*(TEXTS | LARGE)[what]) >= least


@pytest.mark.parametrize("colour", AlarmColour)
def test_what_an_alarm_tells_can_be_read(colour: AlarmColour) -> None:
    look = alarm_banner.LOOKS[colour]
    assert contrast(look.back, look.ink) >= 4.5


def test_contrast_is_that_of_wcag() -> None:
    assert contrast((0, 0, 0), (255, 255, 255)) == pytest.approx(21)
    assert contrast((119, 119, 119), (255, 255, 255)) == pytest.approx(4.48, abs=0.01)
