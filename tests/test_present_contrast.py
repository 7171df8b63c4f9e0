"""All that is written on the wall can be read: its contrast, as WCAG 2.2 has it."""

import pytest

from wallctl.model.base.colours import GROUND, Colour
from wallctl.model.site.alarm import AlarmColour
from wallctl.present import alarm_signs, help_sheet, info_panel, overlays, shapes, sketches, slates


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
    return shapes.mixed(shapes.WHITE, colour, opacity)


PILL = over_white(shapes.NIGHT, slates.PILL_OPACITY)
PANEL = over_white(shapes.NIGHT, info_panel.OPACITY)
TEXTS = {
    "a label's name": (shapes.WHITE, PILL),
    "a label's number": (shapes.WHITE, shapes.SLATE_BLUE),
    "small print": (shapes.SOFT, PILL),
    "an info panel": (shapes.WHITE, PANEL),
    "its headings": (shapes.SOFT, PANEL),
    "what is remarkable": (shapes.AMBER, PANEL),
    "the clock": (shapes.WHITE, over_white(shapes.NIGHT, overlays.OPACITY)),
    "the help": (shapes.WHITE, help_sheet.SHEET),
    "its headings, too": (shapes.BLUE, help_sheet.SHEET),
    "its site": (shapes.SOFT, help_sheet.SHEET),
    "a source's number": (help_sheet.NUMBER, help_sheet.SHEET),
    "a key": (shapes.WHITE, help_sheet.CAP),
    "a sketch": (shapes.WHITE, sketches.TILE),
    "its names": (shapes.SOFT, sketches.TILE),
    **{f"badge {state.value}": (look.ink, over_white(look.back, look.opacity))
       for state, look in slates.BADGES.items()},
    **{f"slate {state.value}": (shapes.SOFT, shapes.mixed(GROUND, look.accent, 0.07))
       for state, look in slates.LOOKS.items()},
}  # fmt: skip
LARGE = {
    "an empty tile": (
        shapes.mixed(GROUND, shapes.FAINT, slates.EMPTY_SHARE), GROUND
    ),
    "the frame's dark edge": (overlays.FRAME, shapes.NIGHT),
    **{f"icon {state.value}": (look.accent, shapes.mixed(GROUND, look.accent, 0.07))
       for state, look in slates.LOOKS.items()},
}  # fmt: skip


@pytest.mark.parametrize(
    ("what", "least"), [*((one, 4.5) for one in TEXTS), *((one, 3.0) for one in LARGE)]
)
def test_all_can_be_read(what: str, least: float) -> None:
    """WCAG 2.2: 4.5 to 1 for writing (1.4.3, AA), 3 to 1 for what is large, and icons (1.4.11)."""
    assert contrast(*(TEXTS | LARGE)[what]) >= least


@pytest.mark.parametrize("colour", AlarmColour)
def test_what_an_alarm_tells_can_be_read(colour: AlarmColour) -> None:
    look = alarm_signs.LOOKS[colour]
    assert contrast(look.back, look.ink) >= 4.5


def test_contrast_is_that_of_wcag() -> None:
    assert contrast((0, 0, 0), (255, 255, 255)) == pytest.approx(21)
    assert contrast((119, 119, 119), (255, 255, 255)) == pytest.approx(4.48, abs=0.01)
