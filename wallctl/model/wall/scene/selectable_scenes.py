"""The pictures that a site can show: home, its layouts, presets, groups and pages of tours."""

import enum
from collections.abc import Iterator

import msgspec

from wallctl.model.base.suggestions import offered
from wallctl.model.site.site import Site
from wallctl.model.wall.commands.command import (
    CommandError,
    SetLayout,
    ShowGroup,
    ShowPreset,
    SteerTour,
    TourTo,
)
from wallctl.model.wall.state.reducer import foreseen
from wallctl.model.wall.state.state import WallState, initial

HOME = "home"


class PictureKind(enum.Enum):
    """What brings a picture."""

    HOME = "home"
    LAYOUT = "layout"
    PRESET = "preset"


class Picture(msgspec.Struct, frozen=True):
    """One of a site's pictures."""

    kind: PictureKind
    name: str = ""

    def __str__(self) -> str:
        return f"{self.kind.value} {self.name}".rstrip()

    def state(self, site: Site) -> WallState:
        """The wall that shows it. Raises ``CommandError`` if the site has no such picture."""
        match self.kind:
            case PictureKind.HOME:
                return initial(site)
            case PictureKind.LAYOUT:
                return with_layout(site, self.name)
            case PictureKind.PRESET:
                return foreseen(initial(site), ShowPreset(self.name), site)


def pictures_of(site: Site) -> Iterator[Picture]:
    """Home, then the layouts of keys, then presets."""
    yield Picture(PictureKind.HOME)
    for name in dict.fromkeys(site.layout_keys):
        if name in site.layouts:
            yield Picture(PictureKind.LAYOUT, name)
    for preset in site.presets:
        yield Picture(PictureKind.PRESET, preset.name)


def pictures(site: Site) -> Iterator[tuple[str, WallState]]:
    """The same, each by its words and with the state that it stands for; then the groups, and the
    pages of tours."""
    for one in pictures_of(site):
        yield str(one), one.state(site)
    for group in site.groups:
        yield f"group {group.name}", foreseen(initial(site), ShowGroup(group.name), site)
    for tour in site.tours:
        state = foreseen(initial(site), SteerTour(TourTo.ON, tour.name), site)
        for number in range(1, len(tour.pages) + 1):
            yield f"tour {tour.name} page {number}", state
            state = foreseen(state, SteerTour(TourTo.NEXT, tour.name), site)


def picture_named(site: Site, name: str) -> Picture:
    """The layout, the preset or home that a name means. Raises ``CommandError`` if none does."""
    if name in site.layouts:
        return Picture(PictureKind.LAYOUT, name)
    if site.preset(name) is not None:
        return Picture(PictureKind.PRESET, name)
    if name == HOME:
        return Picture(PictureKind.HOME)
    known = (*site.layouts, *(one.name for one in site.presets), HOME)
    end, names = offered(name, known)
    raise CommandError("unknown_layout", f"no layout or preset is called {name!r}{end}", names)


def with_layout(site: Site, name: str) -> WallState:
    """Home with a layout on every screen. Raises ``CommandError`` if there is none of that name."""
    state = initial(site)
    if name in site.layouts and site.layouts[name].is_wide:
        return foreseen(state, SetLayout(name), site)
    for screen in site.screens:
        state = foreseen(state, SetLayout(name, screen.name), site)
    return state
