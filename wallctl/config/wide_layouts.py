"""Wide layouts on a site's own screens: whether they reach those that they are meant for."""

import msgspec

from wallctl.config.preset_files import PresetFile
from wallctl.config.schema.layout_schema import RawPresetScreen
from wallctl.config.schema.site_schema import RawHome, RawSite
from wallctl.config.sections.screens import screens_of
from wallctl.model.site.layout import Layout, Unit
from wallctl.model.site.layout_placement import place_on_wall
from wallctl.model.site.site import PresetScreen, Screen
from wallctl.storage.file_findings import Key, Report, quoted

Layouts = dict[str, Layout]
COVERED = "1x1"
"""The layout of a screen of which nothing is seen."""


class Reach(msgspec.Struct, frozen=True):
    """The screens of a site, and the wide layouts that can be named there."""

    screens: tuple[Screen, ...]
    layouts: Layouts

    def reached(self, layout: str) -> tuple[str, ...] | None:
        """The screens that a layout reaches; ``None`` for one that is no wide layout."""
        one = self.layouts.get(layout)
        return None if one is None else tuple(place_on_wall(one, self.screens))

    def with_covered(self, screens: tuple[PresetScreen, ...]) -> tuple[PresetScreen, ...]:
        """Screens of a preset, and those that their wide layouts cover besides."""
        over = {name: one.screen for one in screens for name in self.reached(one.layout) or ()}
        for one in screens:
            over.pop(one.screen, None)
        covered = (PresetScreen(name, COVERED, (), under=under) for name, under in over.items())
        return (*screens, *covered)


NOWHERE = Reach((), {})
"""Of screens that have faults themselves nothing is said."""


def reach_of(raw: RawSite, layouts: Layouts) -> Reach:
    """The wide layouts on screens that were found sound."""
    wide = {name: one for name, one in layouts.items() if one.is_wide}
    return Reach(screens_of(raw.screens), wide)


def check_reach(reach: Reach, homes: tuple[RawHome, ...], report: Report) -> None:
    """Each wide layout for itself, and those of ``[[home]]``."""
    hung = any(one.on_wall_mm for one in reach.screens)
    for name, layout in reach.layouts.items():
        if layout.unit is Unit.MM and not hung:
            found = f"no place in mm, while the layout {quoted(name)} is in mm"
            report.error(("screens",), found, "x_mm, y_mm, width_mm and height_mm of every screen")
        elif not reach.reached(name):
            found = f"no screen where the layout {quoted(name)} has its tiles"
            report.error(("screens",), found, "tiles that lie on some screen")
    for i, one in enumerate(homes):
        _check_screen(reach, ("home", i), one, report)


def check_preset_reach(reach: Reach, file: PresetFile) -> None:
    """The wide layouts of a preset."""
    for i, one in enumerate(file.raw.screens if file.raw is not None else ()):
        _check_screen(reach, ("screens", i), one, file.report)


def _check_screen(reach: Reach, key: Key, one: RawHome | RawPresetScreen, report: Report) -> None:
    reached = reach.reached(one.layout)
    if reached and one.screen not in reached and report.sound(*key):
        found = f"the layout {quoted(one.layout)}, which does not reach {quoted(one.screen)}"
        expected = f"a screen that it reaches: {', '.join(reached)}"
        report.error((*key, "screen"), found, expected)
